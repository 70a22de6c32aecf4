"""The launcher on machines that lack something, and the list of commands."""

import importlib
import os
import sys

import pytest

from tongban.cli import __main__, registry
from tongban.cli.tests.conftest import LAUNCHER
from tongban.cli.trouble import Trouble

OLD = 'case "$2" in *print*) echo 3.9 ;; *) exit 1 ;; esac'


def test_a_machine_without_python_gets_one_clear_sentence(launch):
    done = launch("demo")
    assert done.returncode == 69
    assert "没有找到 Python" in done.stderr
    assert "apt-get install -y python3 python3-venv" in done.stderr
    assert len(done.stderr.splitlines()) == 2
    assert done.stdout == ""


def test_a_python_that_is_too_old_is_named(launch, machine):
    machine.add("python3", OLD)
    done = launch("demo")
    assert done.returncode == 69
    assert "3.11 或更高版本" in done.stderr
    assert "只有 3.9" in done.stderr


def test_a_newer_python_is_found_beside_an_old_one(launch, machine):
    machine.add("python3", OLD)
    (machine.path / "python3.11").symlink_to(sys.executable)
    done = launch()
    assert done.returncode == 0, done.stderr
    assert "tongban demo" in done.stdout


def test_the_python_that_is_named_is_taken(launch):
    done = launch(TONGBAN_PYTHON=sys.executable)
    assert done.returncode == 0
    assert done.stderr == ""


def test_alone_it_lists_every_command_a_line_each(launch):
    done = launch(TONGBAN_PYTHON=sys.executable)
    for command in registry.COMMANDS:
        assert sum(line.strip().startswith(f"./tongban {command.name}") for line in done.stdout.splitlines()) == 1


def test_an_unknown_command_is_refused_before_anything_is_installed(launch):
    done = launch("demolish", TONGBAN_PYTHON=sys.executable)
    assert done.returncode == 64
    assert "没有“demolish”这个命令" in done.stderr


def test_the_launcher_may_be_executed_and_linked_to(tmp_path):
    assert os.access(LAUNCHER, os.X_OK)


@pytest.mark.parametrize("command", registry.COMMANDS, ids=lambda command: command.name)
def test_every_command_has_its_module_and_explains_itself(command, capsys):
    module = importlib.import_module(f"tongban.cli.{command.module}")
    parser = registry.Parser(prog=f"tongban {command.name}")
    module.configure(parser)
    assert callable(module.run)
    assert command.help


@pytest.mark.parametrize(
    "arguments",
    [["codes"], ["codes", "check"], ["codes", "check", "nothing", "1"], ["workdays", "add", "yesterday", "3"],
     ["serve", "--port", "0"], ["serve", "--port", "x"], ["cases", "forget"], ["city", "burn"]],
    ids=" ".join,
)  # fmt: skip
def test_a_wrongly_written_command_gets_its_usage_and_no_traceback(arguments, capsys):
    assert __main__.main(arguments) == 64
    error = capsys.readouterr().err
    assert "命令写法不对" in error
    assert "Traceback" not in error


def test_trouble_inside_a_command_is_one_sentence(monkeypatch, capsys):
    def meet_trouble(_arguments):
        raise Trouble("磁盘满了。", "The disk is full.", code=73)

    monkeypatch.setattr(registry, "dispatch", meet_trouble)
    assert __main__.main(["demo"]) == 73
    assert capsys.readouterr().err == "磁盘满了。\nThe disk is full.\n"


def test_an_interrupted_command_says_so(monkeypatch, capsys):
    def interrupt(_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(registry, "dispatch", interrupt)
    assert __main__.main(["demo"]) == 130
    assert "已中断" in capsys.readouterr().err
