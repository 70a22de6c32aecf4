"""`tongban test`: all checks run, none is skipped, the table tells the truth."""

import argparse
import contextlib
import os
import sys

import pytest

from tongban.cli import environment, packages, testing
from tongban.cli.checklist import Check, checks
from tongban.cli.places import ROOT
from tongban.cli.trouble import Trouble

GOOD = Check("good", "好的检查", [sys.executable, "-c", "print('fine')"])
BAD = Check("bad", "坏的检查", [sys.executable, "-c", "raise SystemExit(3)"])


@pytest.fixture
def set_up(monkeypatch):
    """The set-up done: parts there, database running."""
    monkeypatch.setattr(packages, "require", lambda _parts: None)
    monkeypatch.setattr(environment, "database", lambda *_, **__: contextlib.nullcontext())


def run(*names, long=False):
    return testing.run(argparse.Namespace(only=list(names), list=False, long=long))


def test_a_failed_check_does_not_keep_the_others_from_running(set_up, monkeypatch, capfd):
    monkeypatch.setattr(testing, "checks", lambda: [BAD, GOOD])
    assert run() == 1
    said = capfd.readouterr().out
    assert "fine" in said
    assert "失败（代码 3）" in said
    assert "失败：bad，共 2 项" in said


def test_all_well_is_zero(set_up, monkeypatch, capfd):
    monkeypatch.setattr(testing, "checks", lambda: [GOOD])
    assert run() == 0
    assert "全部通过，共 1 项" in capfd.readouterr().out


def test_an_unknown_check_is_refused_before_anything_runs(monkeypatch):
    monkeypatch.setattr(environment, "database", None)
    with pytest.raises(Trouble, match="没有名为“nothing”的检查"):
        run("nothing")


def test_a_missing_part_fails_and_nothing_is_skipped(monkeypatch):
    absent = packages.Part("Chromium", ("chromium",), lambda: False)
    monkeypatch.setattr(packages, "FOR_TESTING", (absent,))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Trouble, match="缺少Chromium"):
        run()


def test_what_a_person_set_for_the_program_does_not_reach_the_checks(set_up, monkeypatch, capfd):
    monkeypatch.setenv("TONGBAN_VAR", "/elsewhere")
    look = [
        sys.executable,
        "-c",
        "import os; print(os.environ.get('TONGBAN_VAR'), os.environ['DJANGO_SETTINGS_MODULE'])",
    ]
    monkeypatch.setattr(testing, "checks", lambda: [Check("look", "看环境", look)])
    assert run() == 0
    assert "None tongban.config.settings.test" in capfd.readouterr().out


def test_a_long_run_is_told_to_the_checks(set_up, monkeypatch, capfd):
    look = [sys.executable, "-c", "import os; print('long', os.environ.get('TONGBAN_LONG'))"]
    monkeypatch.delenv("TONGBAN_LONG", raising=False)
    monkeypatch.setattr(testing, "checks", lambda: [Check("look", "看环境", look)])
    assert (run(), run(long=True)) == (0, 0)
    assert capfd.readouterr().out.count("long 1") == 1


def test_every_kind_of_check_is_on_the_list():
    known = {check.name for check in checks()}
    assert known >= {
        "lint",
        "format",
        "house",
        "imports",
        "types",
        "templates",
        "migrations",
        "deploy",
        "tests",
        "browser",
    }


def test_ci_calls_the_test_command_and_nothing_else():
    commands = [line for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines() if "tongban" in line]
    assert commands == ["exec ./tongban test"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
