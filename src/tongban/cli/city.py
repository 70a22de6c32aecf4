"""`tongban city check|load [PACK]`: the data folder of a city."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from tongban.cli import environment
from tongban.cli.answers import add_json, print_json
from tongban.cli.trouble import EXIT_CONFIGURATION, Trouble

if TYPE_CHECKING:
    from tongban.config.citypack import LoadReport


def configure(parser: argparse.ArgumentParser) -> None:
    """Take the act and the pack."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="check|load")
    for name, words in (("check", "检查城市包，逐条指出文件与行号"), ("load", "装载城市包，显示变化；可重复运行")):
        act = acts.add_parser(name, help=words)
        act.add_argument("pack", nargs="?", metavar="PACK", help="城市包文件夹；不写则用 TONGBAN_CITY 所指的")
        add_json(act)


def run(options: argparse.Namespace) -> int:
    """Do the act; 1 when the pack has errors."""
    if options.act == "check":
        environment.use_secrets()
        environment.use_django()
        return _check(_folder(options.pack), as_json=options.json)
    with environment.platform():
        return _load(_folder(options.pack), as_json=options.json)


def _folder(named: str | None) -> Path:
    from django.conf import settings

    from tongban.config import citypack
    from tongban.kernel.problems import NotFound

    try:
        return citypack.locate(named or settings.CITY)
    except NotFound as refusal:
        raise Trouble(refusal.message, "There is no such city pack.", code=EXIT_CONFIGURATION) from refusal


def _check(folder: Path, *, as_json: bool) -> int:
    from tongban.base.pack import Pack
    from tongban.config import citypack

    pack = Pack(folder)
    findings = citypack.check_pack(pack)
    wrong = [finding for finding in findings if finding.severity == "error"]
    for finding in findings:
        if as_json:
            print_json(finding)
        else:
            print(f"{'✗' if finding.severity == 'error' else '!'} {finding}")
    for line in () if wrong else citypack.remarks(pack):
        if as_json:
            print_json({"remark": line})
        else:
            print(line)
    if not as_json:
        print(f"城市包 {folder.name} 有 {len(wrong)} 处错误。" if wrong else f"✓ 城市包 {folder.name} 没有错误。")
    return 1 if wrong else 0


def _load(folder: Path, *, as_json: bool) -> int:
    from tongban.config import citypack
    from tongban.kernel.actor import SYSTEM

    try:
        report = citypack.load(folder, actor=SYSTEM)
    except citypack.PackRefused:
        return _check(folder, as_json=as_json)
    if as_json:
        print_json(report)
    else:
        for line in report_lines(report):
            print(line)
    return 0


def report_lines(report: "LoadReport") -> list[str]:
    """Return what a load did, a line a section."""
    if report.skipped:
        return [f"城市包 {report.city} 没有变化，已跳过"]
    lines = [
        f"{section.title}：新增 {len(section.added)}、修改 {len(section.changed)}、"
        f"停用 {len(section.retired)}、未变 {section.unchanged}"
        for section in report.sections
    ]
    return lines + [f"! {finding}" for finding in report.warnings]
