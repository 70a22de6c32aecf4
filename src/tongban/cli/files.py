"""`tongban files verify|copy`: prove that every uploaded file can be read; copy them into an object store."""

import argparse
import dataclasses

from tongban.cli import environment
from tongban.cli.answers import add_json, print_json
from tongban.cli.trouble import EXIT_CONFIGURATION, EXIT_UNAVAILABLE, Trouble


def configure(parser: argparse.ArgumentParser) -> None:
    """Take the act."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="verify|copy")
    add_json(acts.add_parser("verify", help="逐一读出全部材料文件，核对有没有丢失、损坏或被改动"))
    acts.add_parser("copy", help="把 TONGBAN_VAR 下的材料文件复制到 TONGBAN_FILES_STORE 指定的对象存储")


def run(options: argparse.Namespace) -> int:
    """Do the act; 1 when a file is missing or cannot be read."""
    with environment.platform():
        from tongban.kernel.problems import Refusal

        try:
            return _verify(as_json=options.json) if options.act == "verify" else _copy()
        except Refusal as refusal:
            raise Trouble(refusal.message, refusal.code, code=EXIT_UNAVAILABLE) from refusal


def _verify(*, as_json: bool) -> int:
    from tongban.files.queries import verify_all

    looked = wrong = 0
    for finding in verify_all():
        looked += 1
        if finding is None:
            continue
        wrong += 1
        if as_json:
            print_json(dataclasses.asdict(finding) | {"file": str(finding.file)})
        else:
            print(f"✗ {finding.file}（{finding.owner}）：{_WHY[finding.why]}")
    if as_json:
        print_json({"files": looked, "wrong": wrong})
    else:
        print(f"{wrong} 个文件有问题，共核对 {looked} 个。" if wrong else f"✓ 共核对 {looked} 个文件，都完好。")
    return 1 if wrong else 0


_WHY = {"missing": "文件不在存储里", "unreadable": "读不出来，内容损坏、被改动，或者缺少密钥"}


def _copy() -> int:
    from django.conf import settings

    from tongban.files.commands import copy_from_folder

    if not settings.FILES_STORE:
        raise Trouble(
            "没有指定对象存储。请先设置 TONGBAN_FILES_STORE 等变量。",
            "TONGBAN_FILES_STORE is empty.",
            code=EXIT_CONFIGURATION,
        )
    copied = absent = 0
    for was_there in copy_from_folder():
        copied, absent = copied + was_there, absent + (not was_there)
    print(f"✓ 复制了 {copied} 个文件。原处没有的 {absent} 个；请用 ./tongban files verify 核对。")
    return 0
