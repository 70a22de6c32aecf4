"""`tongban cases verify-chain|rebuild-clocks`: prove that the events are whole, make the due dates follow from them."""

import argparse
from typing import Any

from tongban.cli import environment
from tongban.cli.answers import add_json, print_json


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
    from tongban.base import chain

    findings = chain.verify()
    if as_json:
        print_json({"whole": not findings, "findings": [_plain(finding) for finding in findings]})
    elif findings:
        print(f"事件链有 {len(findings)} 处问题：")
        for finding in findings:
            print(f"✗ {finding}")
    else:
        print("✓ 事件链完整：没有被改动、截断、缺失或调换的事件，也没有消失的办件。")
    return 1 if findings else 0


def _rebuild(*, as_json: bool) -> int:
    from tongban.cases.commands import rebuild_clocks
    from tongban.kernel.actor import SYSTEM

    changed = rebuild_clocks(actor=SYSTEM)
    if as_json:
        print_json({"changed": changed})
    else:
        print(f"已由事件重算全部期限，更正 {changed} 件。")
    return 0


def _plain(finding: Any) -> Any:
    return finding if isinstance(finding, str) else vars(finding) if hasattr(finding, "__dict__") else str(finding)
