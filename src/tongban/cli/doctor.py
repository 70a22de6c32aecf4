"""`tongban doctor`: looks at the installation and says in words what is wrong and what to do."""

import argparse
import traceback

from tongban.cli import environment, examination
from tongban.cli.answers import add_json, print_json
from tongban.cli.examination import Finding
from tongban.cli.places import log_file
from tongban.cli.trouble import Trouble

_MARKS = {"ok": "✓", "warning": "!", "wrong": "✗"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Take the form of the answer."""
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Examine everything, whatever was found before; 1 when something is wrong."""
    findings = [*_outside(), *_inside()]
    for finding in findings:
        if options.json:
            print_json(finding)
        else:
            print(f"{_MARKS[finding.level]} {finding.name}：{finding.words}")
    wrong = sum(finding.level == "wrong" for finding in findings)
    if not options.json:
        print(f"\n发现 {wrong} 处问题。" if wrong else "\n没有发现问题。")
    return 1 if wrong else 0


def _outside() -> list[Finding]:
    return [_safely(name, look) for name, look in examination.WITHOUT_DATABASE]


def _inside() -> list[Finding]:
    """Examine what needs the database; when it cannot be had, that is the finding."""
    try:
        with environment.platform(owner=environment.owner_known(), migrated=False):
            from tongban.cli import database_examination

            return [_safely(name, look) for name, look in database_examination.WITH_DATABASE]
    except Trouble as trouble:
        return [Finding("wrong", "数据库", trouble.sentence)]
    except Exception as error:  # noqa: BLE001 - a program that cannot be loaded is itself a finding
        return [_broken("程序", error)]


def _safely(name: str, look: examination.Look) -> Finding:
    """Let one look fail without hiding the others."""
    try:
        level, words = look()
    except Trouble as trouble:
        return Finding("wrong", name, trouble.sentence)
    except Exception as error:  # noqa: BLE001 - an examination that breaks is itself a finding
        return _broken(name, error)
    return Finding(level, name, words)


def _broken(name: str, error: Exception) -> Finding:
    with log_file("doctor").open("a", encoding="utf-8") as log:
        traceback.print_exception(error, file=log)
    return Finding("wrong", name, f"无法检查：{type(error).__name__}： {error}（详情见 {log_file('doctor')}）")
