"""ClamAV's own daemon, with a signature of ours: what it finds is refused, the rest is kept."""

import contextlib
import shutil
import socket
import subprocess
import time

import pytest

from tongban.files import queries
from tongban.files.models import StoredFile
from tongban.files.problems import FileRefusal
from tongban.files.tests import office_files as made
from tongban.files.tests.test_files import picture, store

#: `tongban test` sees to it that it is installed; Debian keeps it where only root looks.
CLAMD = shutil.which("clamd") or "/usr/sbin/clamd"
#: What our signature looks for; put together at run time so that no scanner takes this file for it.
MARK = b"tongban-" + b"test-" + b"malware"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def clamd(tmp_path_factory):
    """The daemon with one signature of ours; gives the path of its socket."""
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "tongban.ndb").write_text(f"Tongban.Test:0:*:{MARK.hex()}\n")
    door = folder / "clamd.sock"
    settings = folder / "clamd.conf"
    settings.write_text(f"DatabaseDirectory {folder}\nLocalSocket {door}\nForeground yes\nLogFile {folder}/log\n")
    daemon = subprocess.Popen(
        [CLAMD, "--config-file", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(daemon, door)
        yield str(door)
    finally:
        daemon.terminate()
        daemon.wait(20)


def _wait(daemon, door, seconds=30.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until and daemon.poll() is None:
        with socket.socket(socket.AF_UNIX) as knock:
            try:
                knock.connect(str(door))
            except OSError:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    daemon.wait(0.1)
            else:
                return
    pytest.fail("clamd did not start")


@pytest.fixture(autouse=True)
def configured(settings, tmp_path, clamd):
    settings.VAR, settings.CLAMAV = tmp_path, clamd


def test_the_daemon_is_there_and_clean_files_are_kept():
    assert queries.scanner_state() == (True, "")
    assert queries.content(store(picture(), "a.jpg"))


@pytest.mark.parametrize("where", ["plain part", "packed part"])
def test_what_the_daemon_finds_is_refused_and_not_written(where, tmp_path):
    parts = made.parts("docx") | {"word/media/a.bin": MARK * (1 if where == "plain part" else 200)}
    with pytest.raises(FileRefusal) as refused:
        store(made.archive(parts), "a.docx")
    assert refused.value.code == "file_infected"
    assert not StoredFile.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
