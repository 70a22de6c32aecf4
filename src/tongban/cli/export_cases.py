"""`tongban export-cases`: report cases to the exchange and write a batch as a ZIP."""

import argparse
from pathlib import Path

from tongban.cli import environment
from tongban.cli.trouble import EXIT_USAGE, Trouble

_FORMS = ("csv", "json", "xml")


def configure(parser: argparse.ArgumentParser) -> None:
    """Take whose cases, which kind of batch, and where to write it."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--reach", metavar="CODE", help="行政区划代码(12位)或机关统一社会信用代码：汇聚其新的批次")
    what.add_argument("--batch", metavar="NUMBER", help="重新写出已有的批次")
    parser.add_argument("--full", action="store_true", help="核对全部办件，而不只是上一批次之后有变动的")
    parser.add_argument("--form", choices=_FORMS, default="csv", help="文件格式，缺省 csv")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="写到哪个 ZIP 文件")


def run(options: argparse.Namespace) -> int:
    """Make the batch and write it; 1 where cases were held back because something in them does not fit."""
    if options.batch and options.full:
        raise Trouble("--full 只能与 --reach 一起使用。", "--batch names a batch that is made.", code=EXIT_USAGE)
    with environment.platform():
        return _export(options)


def _export(options: argparse.Namespace) -> int:
    from tongban.cases import commands, queries
    from tongban.kernel.actor import SYSTEM
    from tongban.kernel.problems import Refusal

    try:
        number = options.batch
        if number is None:
            mode = "full" if options.full else "changes"
            number = commands.order_batch(actor=SYSTEM, reach=options.reach, mode=mode, now=True).number
        commands.make_batch(number=number)
        batch = commands.give_out(actor=SYSTEM, number=number, form=options.form)
    except Refusal as refusal:
        raise Trouble(refusal.message, refusal.code, code=EXIT_USAGE) from refusal
    try:
        with options.out.open("xb") as file:
            queries.write_batch(batch, options.form, file)
    except FileExistsError:
        raise Trouble(f"{options.out} 已经存在。请换一个文件名。", "--out exists.", code=EXIT_USAGE) from None
    print(f"✓ 批次 {batch.number}：核对办件 {batch.cases} 件，写出 {batch.rows} 行，到 {options.out}。")
    if batch.held:
        print(f"! {batch.held} 件因字段不符合规定没有写出，请在工作台“数据汇聚”查看原因。")
    return 1 if batch.held else 0
