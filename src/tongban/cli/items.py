"""`tongban items import|export`: service items out of files, and into files."""

import argparse
import io
from pathlib import Path
from typing import TYPE_CHECKING

from tongban.cli import environment
from tongban.cli.trouble import EXIT_USAGE, Trouble

if TYPE_CHECKING:
    from tongban.catalogue.importing.report import Report

_FORMATS = ("xlsx", "csv", "yaml")
#: Lines of a report that are shown; the file has all.
_LINES_MAX = 40
_CHANGES_MAX = 60


def configure(parser: argparse.ArgumentParser) -> None:
    """Take the act, the file, and how it is written."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="import|export")
    taken = acts.add_parser("import", help="导入事项；有一处错误就什么都不改，可重复运行")
    taken.add_argument("file", type=Path, metavar="FILE", help=".xlsx、.csv（或装着 .csv 的 .zip）、.yaml 文件")
    taken.add_argument("--dry-run", action="store_true", help="只检查，显示会有哪些变化")
    taken.add_argument("--division", default="", metavar="CODE", help="只许导入这个区划（12 位）里机构的事项")
    taken.add_argument("--report", type=Path, metavar="FILE", help="把检查报告写成 .xlsx 或者 .csv 文件")
    given = acts.add_parser("export", help="导出在用、暂停和取消的事项")
    given.add_argument("file", type=Path, nargs="?", metavar="FILE", help="写到哪个文件；不写则为 items.xlsx")
    given.add_argument("--organisation", default="", metavar="CODE", help="只导出一个机构的（统一社会信用代码）")
    given.add_argument("--division", default="", metavar="CODE", help="只导出一个区划（12 位）里的")
    for act in (taken, given):
        act.add_argument("--format", choices=_FORMATS, help="文件格式；不写则看文件内容或者扩展名")
        act.add_argument("--dictionary", default="gbt39046", metavar="NAME", help="代码表，缺省 gbt39046")


def run(options: argparse.Namespace) -> int:
    """Do the act; 1 where the file has errors."""
    with environment.platform():
        return _import(options) if options.act == "import" else _export(options)


def _import(options: argparse.Namespace) -> int:
    from tongban.catalogue import commands
    from tongban.kernel.actor import SYSTEM
    from tongban.kernel.problems import Refusal

    try:
        data = options.file.read_bytes()
        report = commands.import_items(
            actor=SYSTEM,
            name=options.file.name,
            data=data,
            form=options.format or "",
            dictionary=options.dictionary,
            division=options.division,
            dry_run=options.dry_run,
        )
    except OSError as error:
        raise Trouble(f"读不到文件 {options.file}。请核对路径。", str(error), code=EXIT_USAGE) from error
    except Refusal as refusal:
        raise Trouble(refusal.message, refusal.code, code=EXIT_USAGE) from refusal
    _print(report, dry_run=options.dry_run)
    if options.report:
        _write_report(report, options.report)
    return 0 if report.is_good else 1


def _print(report: "Report", *, dry_run: bool) -> None:
    for finding in report.findings[:_LINES_MAX]:
        print(f"{'✗' if finding.severity == 'error' else '!'} {finding}")
    if len(report.findings) > _LINES_MAX:
        print(f"… 还有 {len(report.findings) - _LINES_MAX} 条，用 --report FILE 写成文件查看。")
    lines = [
        f"  {one.organisation} · {one.name}：{change.words}：“{change.before}”→“{change.after}”"
        for one in report.outcomes
        for change in one.changes
    ]
    for line in lines[:_CHANGES_MAX]:
        print(line)
    if len(lines) > _CHANGES_MAX:
        print(f"  … 还有 {len(lines) - _CHANGES_MAX} 处变化。")
    counts = "、".join(f"{words} {count}" for words, count in report.counts.items()) or "没有事项"
    wrong = sum(1 for one in report.findings if one.severity == "error")
    if not report.is_good:
        print(f"文件有 {wrong} 处错误，什么都没有改。（{counts}）")
    elif dry_run:
        print(f"✓ 可以导入：{counts}。（只是检查，什么都没有改）")
    else:
        print(f"✓ 已导入：{counts}。")


def _write_report(report: "Report", path: Path) -> None:
    from tongban.catalogue.exchange import writing

    target = io.BytesIO()
    (writing.report_csv if path.suffix.lower() == ".csv" else writing.report_xlsx)(report.findings, target)
    path.write_bytes(target.getvalue())
    print(f"检查报告写到 {path}。")


def _export(options: argparse.Namespace) -> int:
    from tongban.catalogue.exchange import writing
    from tongban.catalogue.exchange.dictionaries import DICTIONARIES
    from tongban.catalogue.queries.exporting import ExportedItems

    if options.dictionary not in DICTIONARIES:
        words = "、".join(DICTIONARIES)
        raise Trouble(f"没有“{options.dictionary}”这个代码表。可以用：{words}。", "--dictionary", code=EXIT_USAGE)
    by_name = {"." + extension: form for form, extension in writing.EXTENSIONS.items()}
    path = options.file or Path(f"items.{writing.EXTENSIONS[options.format or 'xlsx']}")
    form = options.format or by_name.get(path.suffix.lower(), "xlsx")
    items = ExportedItems(organisation=options.organisation, division=options.division)
    try:
        with path.open("xb") as file:
            writing.WRITERS[form](items, DICTIONARIES[options.dictionary], file)
    except FileExistsError:
        raise Trouble(f"{path} 已经存在。请换一个文件名。", "FILE exists.", code=EXIT_USAGE) from None
    print(f"✓ 写出 {items.rows().count()} 个事项，到 {path}。")
    return 0
