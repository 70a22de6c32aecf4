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
    clocks = acts.add_parser("rebuild-clocks", help="由事件重算全部办件的期限，更正不一致的")
    clocks.add_argument("--check", action="store_true", help="只核对，不更正")
    add_json(clocks)


def run(options: argparse.Namespace) -> int:
    """Do the act; 1 when the chain has been tampered with, or a due date is found wrong and not corrected."""
    with environment.platform():
        if options.act == "verify-chain":
            return _verify(as_json=options.json)
        return _rebuild(repair=not options.check, as_json=options.json)


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


def _rebuild(*, repair: bool, as_json: bool) -> int:
    from tongban.cases.commands import rebuild_clocks

    different = 0
    for one in rebuild_clocks(repair=repair):
        different += 1
        if as_json:
            print_json(one)
        else:
            print(f"! {one.case_no} 的 {one.column}：记录为 {one.stored}，由事件推得 {one.rebuilt}")
    if not as_json:
        print(_verdict(different, repair=repair))
    return 1 if different and not repair else 0


def _verdict(different: int, *, repair: bool) -> str:
    if not different:
        return "✓ 全部期限与事件一致。"
    return f"已更正 {different} 处。" if repair else f"{different} 处期限与事件不一致。"
