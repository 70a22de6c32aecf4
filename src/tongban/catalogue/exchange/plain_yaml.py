"""Items as YAML: the definition as it is, with whose it is. Pure.

A file is a mapping with `format` and a list of `items`; the same file read again gives the same items.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

import yaml

from tongban.base.pack import PackFileError
from tongban.base.pack.located import dotted, read_yaml
from tongban.catalogue.exchange.findings import Finding
from tongban.catalogue.exchange.record import DEFINITION, Place, Record
from tongban.catalogue.exchange.records import ITEMS_MAX, Reading
from tongban.catalogue.exchange.sheets import Item

FORMAT: Final = "tongban-items/1"
#: Keys of one item in the file.
_KEYS: Final = ("task_code", "organisation", "organisation_name", "level", "state", "base", "definition")
_BASE: Final = ("slug", "official_code", "rank", "sample_fields")
_FILE: Final = "YAML"


def read(name: str, text: str) -> Reading:
    """The records of a YAML file, each at its line."""
    made = Reading()
    try:
        document = read_yaml(name, text)
    except PackFileError as error:
        made.findings.extend(
            Finding(sheet=_FILE, row=one.line, field=one.path, message=one.message, hint=one.hint)
            for one in error.findings
        )
        return made
    data = document.data
    items = data.get("items") if isinstance(data, Mapping) else None
    if not isinstance(items, list) or data.get("format") != FORMAT:
        hint = f"开头要有 format: {FORMAT} 和 items；城市包里的事项文件用 ./tongban city load 装载"
        made.findings.append(Finding(sheet=_FILE, row=1, message="不是事项文件", hint=hint))
        return made
    if len(items) > ITEMS_MAX:
        made.findings.append(
            Finding(sheet=_FILE, row=1, message=f"一个文件最多 {ITEMS_MAX} 个事项", hint="分成几个文件")
        )
        return made
    lines: dict[int, dict[str, Place]] = defaultdict(dict)
    for path, line in document.lines.items():
        if len(path) > 2 and isinstance(path[1], int):
            lines[path[1]][_path(path)] = Place(_FILE, line, dotted(path[2:]))
    for number, raw in enumerate(items):
        record = Record(Place(_FILE, document.line(("items", number))), places=lines[number])
        if not isinstance(raw, Mapping) or not isinstance(raw.get("definition"), Mapping):
            made.findings.append(
                record.finding("", "要有 definition", "每个事项写 task_code、organisation、definition")
            )
            continue
        unknown = [key for key in raw if key not in _KEYS]
        unknown += [f"base.{key}" for key in raw.get("base") or {} if key not in _BASE]
        made.findings.extend(record.finding(key, f"不认识“{key}”", "可以写：" + "、".join(_KEYS)) for key in unknown)
        _take(record, raw)
        made.records.append(record)
    return made


def _take(record: Record, raw: Mapping[str, Any]) -> None:
    for key in ("task_code", "organisation", "organisation_name", "level", "state"):
        if raw.get(key) is not None:
            record.values[key] = str(raw[key])
    record.values.update({f"base.{key}": value for key, value in (raw.get("base") or {}).items()})
    record.values.update({f"{DEFINITION}{key}": value for key, value in raw["definition"].items()})


def _path(path: tuple[str | int, ...]) -> str:
    return ".".join(str(step) for step in path[2:]).removeprefix(DEFINITION)


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes what our reader of YAML 1.2 reads back; no anchors, which people cannot follow."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the name is the library's
        """Write everything out."""
        return True


def _number(dumper: Any, value: float) -> Any:
    text = format(Decimal(repr(value)), "f")
    return dumper.represent_scalar("tag:yaml.org,2002:float", text if "." in text else f"{text}.0")


_Dumper.add_representer(float, _number)


def write(items: Iterable[Item]) -> Iterator[bytes]:
    """The file, item by item."""
    yield f"format: {FORMAT}\nitems:\n".encode()
    empty = True
    for item in items:
        empty = False
        yield _text([_raw(item)])
    if empty:
        yield b"  []\n"


def _raw(item: Item) -> dict[str, Any]:
    return {
        "task_code": item.task_code,
        "organisation": item.organisation,
        "organisation_name": item.organisation_name,
        "level": item.level,
        "state": item.state,
        "base": dict(item.base),
        "definition": dict(item.definition),
    }


def _text(value: Any) -> bytes:
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    return text.encode()
