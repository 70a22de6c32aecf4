"""`tongban city check|load [PACK]`: the data folder of a city."""

import argparse
from pathlib import Path

from tongban.cli import environment
from tongban.cli.answers import add_json, print_json
from tongban.cli.trouble import EXIT_CONFIGURATION, Trouble


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
        folder = _folder(options.pack)
        code = _check(folder, as_json=options.json)
        return code or _load(folder, as_json=options.json)


def _folder(named: str | None) -> Path:
    from tongban.cli import schema

    folder = Path(named) if named else schema.city_folder()
    if not folder.is_dir():
        raise Trouble(f"没有找到城市包文件夹 {folder}。", f"No city pack at {folder}.", code=EXIT_CONFIGURATION)
    return folder


def _check(folder: Path, *, as_json: bool) -> int:
    from tongban.config import citypack

    findings = citypack.check(folder)
    for finding in findings:
        if as_json:
            print_json(finding)
        else:
            print(f"✗ {finding}")
    if not findings and not as_json:
        print(f"✓ 城市包 {folder.name} 没有错误。")
    return 1 if findings else 0


def _load(folder: Path, *, as_json: bool) -> int:
    from tongban.cli import schema
    from tongban.config import citypack
    from tongban.kernel.actor import SYSTEM

    report = citypack.load(folder, SYSTEM)
    schema.put_stamp("city", schema.city_digest(folder))
    if as_json:
        print_json(report)
    else:
        print(report)
    return 0
