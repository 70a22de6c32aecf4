"""Places of one's own for the command's tests: a `var/` that is thrown away, a launcher that sees another machine."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tongban.cli import postgres_home
from tongban.cli.places import ROOT

LAUNCHER = ROOT / "tongban"


@pytest.fixture
def var(tmp_path, monkeypatch):
    """A `var/` of one's own; pytest's folders are closed to other users, as a checkout under /root is."""
    folder = tmp_path / "var"
    folder.mkdir()
    monkeypatch.setenv("TONGBAN_VAR", str(folder))
    return folder


@pytest.fixture
def reachable(monkeypatch):
    """A stand-in for /var/lib: everybody may enter it."""
    folder = Path(tempfile.mkdtemp(prefix="tongban-reachable-"))
    folder.chmod(0o755)
    monkeypatch.setattr(postgres_home, "_REACHABLE_PARENT", folder)
    yield folder
    shutil.rmtree(folder)


class Machine:
    """A PATH with only what the launcher itself needs, and whatever pretended programs are put on it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        for name in ("readlink", "dirname"):
            (path / name).symlink_to(str(shutil.which(name)))

    def add(self, name: str, script: str) -> None:
        """Put a shell script on the PATH."""
        program = self.path / name
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)


@pytest.fixture
def machine(tmp_path):
    """Another machine, as the launcher sees it."""
    return Machine(tmp_path / "bin")


@pytest.fixture
def launch(machine):
    """Run the launcher on the pretended machine."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        variables = {"PATH": str(machine.path), "HOME": os.environ.get("HOME", "/"), **environment}
        return subprocess.run(
            ["/bin/sh", str(LAUNCHER), *arguments],
            env=variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run
