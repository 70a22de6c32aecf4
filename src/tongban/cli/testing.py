"""`tongban test`: every check, one after another, whatever the one before found; the same as CI."""

import argparse
import os
import subprocess
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tongban.cli import environment, packages
from tongban.cli.checklist import ENVIRONMENT, Check, checks
from tongban.cli.places import ROOT
from tongban.cli.supervisor import die_with_parent
from tongban.cli.trouble import EXIT_USAGE, Trouble

#: What a person may have set for the program and must not reach the tests.
_NOT_FOR_TESTS = ("TONGBAN_VAR", "TONGBAN_CITY", "TONGBAN_BASE_URL", "TONGBAN_SIMULATORS_URL", "TONGBAN_HOSTS")
_TITLE_COLUMNS = 36


@dataclass(frozen=True)
class Result:
    """How one check ended: its exit code and its time in seconds."""

    check: Check
    code: int
    seconds: float


def configure(parser: argparse.ArgumentParser) -> None:
    """Take which checks to run."""
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="只运行这一项；可写多次")
    parser.add_argument("--long", action="store_true", help="长时间运行：随机测试每项做上百次，约需一小时")
    parser.add_argument("--list", action="store_true", help="列出全部检查的名称")


def run(options: argparse.Namespace) -> int:
    """Set up, run the checks, sum up; 1 when any failed.

    Raises:
        Trouble: a check is unknown, or something that the checks need is missing.
    """
    chosen = choose(checks(), options.only)
    if options.list:
        for check in chosen:
            print(f"{check.name:<18}{check.title}")
        return 0
    began = time.monotonic()
    packages.require(packages.FOR_TESTING)
    with environment.database("postgres-test", throwaway=True, own=True, owner=True):
        results = [run_check(check, long=options.long) for check in chosen]
    print(summary(results, time.monotonic() - began), flush=True)
    return 1 if any(result.code for result in results) else 0


def choose(known: Sequence[Check], names: Sequence[str]) -> list[Check]:
    """Return the checks with these names, all of them for none.

    Raises:
        Trouble: there is no check of a name.
    """
    unknown = set(names) - {check.name for check in known}
    if unknown:
        raise Trouble(
            f"没有名为“{'、'.join(sorted(unknown))}”的检查，可用的有：{'、'.join(check.name for check in known)}。",
            "There is no such check.",
            code=EXIT_USAGE,
        )
    return [check for check in known if not names or check.name in names]


def run_check(check: Check, *, long: bool = False) -> Result:
    """Run one check with its output shown as it comes; `long`: tests that try at random try a hundred times more."""
    print(f"\n── {check.title} [{check.name}]", flush=True)
    began = time.monotonic()
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_TESTS}
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env={**kept, **ENVIRONMENT, **check.environment, **({"TONGBAN_LONG": "1"} if long else {})},
        check=False,
        preexec_fn=die_with_parent,
    )
    return Result(check, done.returncode, time.monotonic() - began)


def summary(results: Sequence[Result], seconds: float) -> str:
    """Return the table of all checks and the verdict."""
    lines = ["", "══ 检查结果"]
    for result in results:
        mark = "通过" if result.code == 0 else f"失败（代码 {result.code}）"
        lines.append(f"  {_padded(result.check.title)}{result.seconds:8.1f} 秒  {mark}")
    failed = [result.check.name for result in results if result.code]
    verdict = f"失败：{'、'.join(failed)}" if failed else "全部通过"
    return "\n".join([*lines, f"══ {verdict}，共 {len(results)} 项，用时 {seconds:.0f} 秒"])


def _padded(text: str) -> str:
    """Fill with blanks to the width of the column; a Chinese character takes two."""
    wide = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(0, _TITLE_COLUMNS - wide)
