"""Commands that answer questions: JSON for programs, words for people, the exit code for scripts."""

import json

import pytest

from tongban.base import calendar
from tongban.cli import __main__, database_at_hand

GOOD = "91430200MA4L16JQ9J"


def test_codes_check_prints_one_object_per_value_and_fails_on_any_invalid(capsys):
    assert __main__.main(["codes", "check", "division", "430212", "430299x", "--json"]) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["valid"], first["name"], first["error"]) == (True, "渌口区", None)
    assert first["parts"]["name"] == "渌口区"
    assert second["valid"] is False
    assert second["error"]


def test_codes_check_of_valid_codes_is_zero_and_in_words(capsys):
    assert __main__.main(["codes", "check", "division", "430212"]) == 0
    assert "行政区划代码有效" in capsys.readouterr().out


@pytest.fixture
def no_database(monkeypatch):
    monkeypatch.setattr(database_at_hand, "connect", lambda: False)


@pytest.mark.usefixtures("no_database")
def test_workdays_add_answers_without_a_database(capsys):
    assert __main__.main(["workdays", "add", "2026-11-23", "5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"date": "2026-11-30", "provisional": False}


@pytest.mark.usefixtures("no_database")
def test_a_year_without_a_notice_is_marked_provisional(capsys):
    beyond = max(calendar.package_calendar().covered_years) + 1
    assert __main__.main(["workdays", "add", f"{beyond}-03-01", "5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["provisional"] is True
    assert __main__.main(["workdays", "add", f"{beyond}-03-01", "5"]) == 0
    assert "暂定" in capsys.readouterr().out
