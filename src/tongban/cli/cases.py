"""`tongban cases verify-chain|rebuild-clocks`: prove that the events are whole, make the due dates follow from them."""

import argparse
import dataclasses
from typing import TYPE_CHECKING

from tongban.cli import environment
from tongban.cli.answers import add_json, print_json

if TYPE_CHECKING:
    from tongban.base.verification import Finding

#: Subjects of the chains of cases begin with it.
_PREFIX = "case:"
_CHUNK = 2000


def configure(parser: argparse.ArgumentParser) -> None:
    """Take the act."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="verify-chain|rebuild-clocks")
    add_json(acts.add_parser("verify-chain", help="核验全部事件链与每日封存"))
    add_json(acts.add_parser("rebuild-clocks", help="由事件重算全部办件的期限"))


def run(options: argparse.Namespace) -> int:
    """Do the act; 1 when the chain has been tampered with."""
    with environment.platform():
        return _verify(as_json=options.json) if options.act == "verify-chain" else _rebuild(as_json=options.json)


def _verify(*, as_json: bool) -> int:
    from tongban.base import verification

    findings = [*verification.verify(), *_vanished_cases()]
    if as_json:
        print_json({"whole": not findings, "findings": [dataclasses.asdict(finding) for finding in findings]})
    elif findings:
        print(f"事件链有 {len(findings)} 处问题：")
        for finding in findings:
            print(f"✗ {finding.message}")
    else:
        print("✓ 事件链完整：没有被改动、截断、缺失或调换的事件，也没有消失的办件。")
    return 1 if findings else 0


def _vanished_cases() -> "list[Finding]":
    """Find cases without their chain, and chains without their case."""
    from tongban.base import verification
    from tongban.cases.models import Case

    numbers = Case.objects.order_by("case_no").values_list("case_no", flat=True)

    def exist(subjects: list[str]) -> set[str]:
        wanted = [subject.removeprefix(_PREFIX) for subject in subjects]
        return {_PREFIX + number for number in numbers.filter(case_no__in=wanted)}

    known = (_PREFIX + number for number in numbers.iterator(chunk_size=_CHUNK))
    return verification.verify_subjects(prefix=_PREFIX, known=known, exist=exist)


def _rebuild(*, as_json: bool) -> int:
    from tongban.cases.commands import rebuild_clocks
    from tongban.kernel.actor import SYSTEM

    changed = rebuild_clocks(actor=SYSTEM)
    if as_json:
        print_json({"changed": changed})
    else:
        print(f"已由事件重算全部期限，更正 {changed} 件。")
    return 0
