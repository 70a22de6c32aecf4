"""Trouble of the machine, told in words."""

import errno
import shutil

import pytest

from tongban.cli import __main__, registry
from tongban.cli.trouble import Trouble, from_os_error, require_disk


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "磁盘空间已用完"),
        (errno.EDQUOT, "磁盘空间已用完"),
        (errno.EROFS, "只读"),
        (errno.EACCES, "没有权限"),
    ],
)
def test_the_machine_s_refusals_become_sentences(number, words, monkeypatch, capsys):
    def fail(_arguments):
        raise OSError(number, "strerror", "/some/file")

    monkeypatch.setattr(registry, "dispatch", fail)
    assert __main__.main(["demo"]) == 73
    error = capsys.readouterr().err
    assert words in error
    assert "/some/file" in error
    assert "Traceback" not in error


def test_an_unknown_error_is_not_dressed_up():
    assert from_os_error(OSError(errno.EPIPE, "broken pipe")) is None


def test_a_nearly_full_disk_is_seen_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: shutil._ntuple_diskusage(10**9, 10**9 - 2**20, 2**20))
    with pytest.raises(Trouble, match="只剩 1 MB，至少需要 400 MB"):
        require_disk(tmp_path / "not" / "yet" / "there", 400)
    assert list(tmp_path.iterdir()) == []
