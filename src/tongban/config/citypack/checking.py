"""Checks a pack: the card of the city, every section, and files that nobody reads."""

from pathlib import Path, PurePosixPath

from tongban.base.pack import CITY_FILE, City, Finding, Pack, PackSection, parse, sections

#: Files that people read and programs do not.
_FOR_PEOPLE = ("README.md", "LICENSE")


def check(path: Path) -> list[Finding]:
    """Everything wrong with the pack in folder `path`, by file and line; empty when it can be loaded as it is.

    Warnings are among them (`severity`); they do not stop a load.
    """
    return check_pack(Pack(path))


def check_pack(pack: Pack) -> list[Finding]:
    """Like `check`, on an opened pack, whose names are then known to `PackSection.load`."""
    if not pack.root.is_dir():
        return [Finding(str(pack.root), 1, "", "没有这个文件夹", "城市包是一个带 city.yaml 的文件夹")]
    found: list[Finding] = []
    card = pack.yaml(CITY_FILE, required=True)
    if card is not None:
        found.extend(parse(card, City)[1])
    known = sections()
    for section in known:
        found.extend(section.check(pack))
    found.extend(pack.faults)
    found.extend(_unread(pack, known))
    return sorted(dict.fromkeys(found), key=lambda finding: (finding.file, finding.line, finding.path))


def remarks(pack: Pack) -> list[str]:
    """What the sections say of a pack that was checked and is not wrong, such as how complete its guides are."""
    return [line for section in sections() for line in section.remarks(pack)]


def errors(found: list[Finding]) -> list[Finding]:
    """The findings that stop a load."""
    return [finding for finding in found if finding.severity == "error"]


def _unread(pack: Pack, known: list[PackSection]) -> list[Finding]:
    """A file that no section reads is most likely misnamed: its contents would be missing without a word."""
    patterns = [CITY_FILE, *_FOR_PEOPLE, *(pattern for section in known for pattern in section.files)]
    return [
        Finding(file, 1, "", "没有程序读取这个文件", "检查文件名和所在文件夹", "warning")
        for file in pack.files()
        if not any(PurePosixPath(file).match(pattern) for pattern in patterns)
    ]
