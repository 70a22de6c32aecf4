"""`export-cases`: batches for the exchange from the command line."""

import contextlib
import zipfile

import pytest

from tongban.cases.models import ExchangeBatch
from tongban.cases.tests import story
from tongban.cli import __main__, environment

pytestmark = pytest.mark.usefixtures("city")
CITY = "430200000000"


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """The test's own database in place of the installation's."""
    monkeypatch.setattr(environment, "platform", contextlib.nullcontext)


def test_the_command_line_writes_a_batch_and_says_what_was_held_back(tmp_path, capsys):
    walk = story.walk().receive()
    target = tmp_path / "batch.zip"
    assert run("export-cases", "--reach", CITY, "--out", str(target)) == 0
    assert zipfile.ZipFile(target).testzip() is None
    number = ExchangeBatch.objects.get().number
    assert f"批次 {number}：核对办件 1 件" in capsys.readouterr().out
    again = tmp_path / "again.zip"
    assert run("export-cases", "--batch", number, "--out", str(again)) == 0
    assert again.read_bytes() == target.read_bytes()
    walk.case.service = walk.case.service | {"zip_code": "41210000"}
    walk.case.applicant = walk.case.applicant | {"name": "陈" * 101}
    walk.case.save(update_fields=["service", "applicant"])
    assert run("export-cases", "--reach", CITY, "--full", "--form", "json", "--out", str(tmp_path / "held.zip")) == 1
    assert "1 件因字段不符合规定没有写出" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [("--reach", "999999999999"), ("--batch", "none"), ("--batch", "none", "--full")],
    ids=["a reach that is none", "a batch that is none", "full of a batch that is made"],
)
def test_the_command_line_refuses_what_is_not_there(tmp_path, words):
    assert run("export-cases", *words, "--out", str(tmp_path / "x.zip")) == 64
    assert not list(tmp_path.iterdir())
    assert not ExchangeBatch.objects.exists()


def run(*words: str) -> int:
    return __main__.main(list(words))
