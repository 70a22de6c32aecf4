"""The virtual environment: whole, half made, and what stands in its way."""

import json
import os
import shutil
import subprocess

import pytest

from tongban.cli import packages, virtualenv
from tongban.cli.trouble import Trouble


@pytest.fixture
def venv(tmp_path, monkeypatch):
    """An environment that looks whole, in a place of its own."""
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").write_text("#!/bin/sh\n", encoding="ascii")
    (folder / "bin" / "python").chmod(0o755)
    monkeypatch.setattr(virtualenv, "VENV", folder)
    monkeypatch.setattr(virtualenv, "VENV_PYTHON", folder / "bin" / "python")
    monkeypatch.setattr(virtualenv, "_STAMP", folder / "stamp.json")
    (folder / "stamp.json").write_text(json.dumps(virtualenv.stamp_wanted()), encoding="utf-8")
    return folder


def forbidden(*_arguments, **_options):
    raise AssertionError("nothing should be run")


def test_a_whole_environment_is_left_alone(venv, var, monkeypatch):
    monkeypatch.setattr(subprocess, "run", forbidden)
    monkeypatch.setattr(subprocess, "Popen", forbidden)
    virtualenv.ensure()
    assert list(var.iterdir()) == []


@pytest.mark.parametrize("harm", ["stamp gone", "stamp broken", "python gone"])
def test_a_half_made_environment_is_made_again(venv, var, monkeypatch, harm):
    if harm == "python gone":
        (venv / "bin" / "python").unlink()
    elif harm == "stamp broken":
        (venv / "stamp.json").write_text('{"requi', encoding="ascii")
    else:
        (venv / "stamp.json").unlink()
    made = []
    monkeypatch.setattr(virtualenv, "_make", lambda _uv: made.append("made"))
    monkeypatch.setattr(virtualenv, "_install", lambda _uv: made.append("installed"))
    monkeypatch.setattr(virtualenv, "_seal", lambda: made.append("sealed"))
    virtualenv.ensure()
    assert made == ["made", "installed", "sealed"]


def test_a_changed_lock_only_updates(venv, var, monkeypatch):
    stamp = virtualenv.stamp_wanted() | {"requirements": "another"}
    (venv / "stamp.json").write_text(json.dumps(stamp), encoding="utf-8")
    made = []
    monkeypatch.setattr(virtualenv, "_make", forbidden)
    monkeypatch.setattr(virtualenv, "_install", lambda _uv: made.append("installed"))
    monkeypatch.setattr(virtualenv, "_seal", lambda: made.append("sealed"))
    virtualenv.ensure()
    assert made == ["installed", "sealed"]


def test_a_checkout_that_was_moved_gets_a_new_environment(venv, var, monkeypatch):
    (venv / "stamp.json").write_text(json.dumps(virtualenv.stamp_wanted() | {"root": "/elsewhere"}), encoding="utf-8")
    made = []
    monkeypatch.setattr(virtualenv, "_make", lambda _uv: made.append("made"))
    monkeypatch.setattr(virtualenv, "_install", lambda _uv: None)
    monkeypatch.setattr(virtualenv, "_seal", lambda: None)
    virtualenv.ensure()
    assert made == ["made"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "磁盘空间已用完"),
        ("NewConnectionError: Failed to establish a new connection: [Errno 101] Network is unreachable", "网络不通"),
        ("ERROR: No matching distribution found (from versions: none)", "网络不通"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "校验值不符"),
        ("error: something nobody thought of", "详情见"),
    ],
)
def test_the_installer_s_failure_is_one_sentence(var, said, words):
    with pytest.raises(Trouble, match=words) as met:
        virtualenv._explain(said)
    assert "\n" not in met.value.sentence
    assert met.value.code != 0


def test_without_ensurepip_an_ordinary_user_is_told_the_one_line(var, tmp_path, monkeypatch):
    monkeypatch.setattr(virtualenv, "VENV", tmp_path / "none")
    monkeypatch.setattr(virtualenv, "_has_ensurepip", lambda: False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Trouble, match=r"apt-get install -y --no-install-recommends python3\.\d+-venv"):
        virtualenv._make(None)
    assert not (tmp_path / "none").exists()


def test_an_installer_that_fails_leaves_no_stamp(venv, var, monkeypatch):
    monkeypatch.setattr(virtualenv, "_follow", lambda _command: (1, "Connection refused"))
    with pytest.raises(Trouble, match="网络不通"):
        virtualenv._install(None)
    assert virtualenv.stamp_found() is None


def test_a_missing_part_fails_and_names_its_package(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    part = packages.Part("某部件", ("some-package",), lambda: False)
    with pytest.raises(Trouble, match=r"缺少某部件，请让管理员执行：apt-get install .*some-package"):
        packages.require([part])


def test_root_installs_a_missing_part_and_looks_again(var, monkeypatch):
    ran = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/apt-get")

    def pretend(command, **_options):
        ran.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", pretend)
    packages.require([packages.Part("某部件", ("some-package",), lambda: len(ran) == 2)])
    assert ran[0] == ["apt-get", "update"]
    assert ran[1][-1] == "some-package"


def test_a_part_that_apt_cannot_bring_is_a_failure(var, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/apt-get")
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 100))
    with pytest.raises(Trouble, match="系统部件安装失败"):
        packages.require([packages.Part("某部件", ("some-package",), lambda: False)])
