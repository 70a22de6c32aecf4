"""`items`: importing and exporting from the command line."""

import contextlib
import zipfile

import pytest

from tongban.catalogue.models import Implementation
from tongban.catalogue.tests import factories
from tongban.catalogue.tests.exchanging import item, written
from tongban.cli import __main__, environment

pytestmark = pytest.mark.django_db


def test_the_command_line_imports_exports_and_reports(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(environment, "platform", contextlib.nullcontext)
    factories.body()

    def run(*words):
        return __main__.main(["items", *map(str, words)])

    good, bad, report = tmp_path / "good.xlsx", tmp_path / "bad.yaml", tmp_path / "report.csv"
    good.write_bytes(written([item(factories.definition())], "xlsx"))
    bad.write_bytes(written([item(factories.definition(faq=[]))], "yaml"))
    assert run("import", good, "--dry-run") == 0
    assert "可以导入：新增 1" in capsys.readouterr().out
    assert run("import", bad, "--report", report) == 1
    out = capsys.readouterr().out
    assert "什么都没有改" in out
    assert "常见问题" in out
    assert report.read_bytes().startswith(b"\xef\xbb\xbf")
    assert Implementation.objects.count() == 0
    assert run("import", good) == 0
    assert "已导入：新增 1" in capsys.readouterr().out
    for name in ("a.xlsx", "a.zip", "a.yaml"):
        assert run("export", tmp_path / name) == 0
    assert zipfile.is_zipfile(tmp_path / "a.zip")
    assert run("import", tmp_path / "a.zip") == 0
    assert "没有变化 1" in capsys.readouterr().out
    assert run("export", tmp_path / "a.xlsx") != 0
