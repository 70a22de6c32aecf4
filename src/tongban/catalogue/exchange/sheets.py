"""Items written as sheets: every element in its columns, and what no column holds exactly as JSON beside them. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tongban.catalogue.exchange import cells, fields
from tongban.catalogue.exchange.dictionaries import Dictionary
from tongban.catalogue.exchange.elements import CellError, Column, at
from tongban.catalogue.exchange.fields import BASIC, ORDER, OTHER_TITLE, SHEETS, TASK_CODE, Sheet
from tongban.catalogue.exchange.grids import IGNORED, plain
from tongban.catalogue.exchange.record import EXTRAS
from tongban.catalogue.exchange.records import REST, nest

#: Elements that bear a row of their own among the others: people read them.
_OWN_ROW: Final = ("form", "questions", "steps", "special_procedures", "runs_in")
_LISTS: Final = {sheet.path.removeprefix("definition."): sheet for sheet in SHEETS if sheet.path}
#: Nested objects of which some values stand in columns.
_NESTED: Final = ("result", "remedies")
#: What a file cannot hold, what readers take for line ends, and what looks like an escape of the file format.
_UNSAFE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufffe\uffff\ufeff]")
_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, kw_only=True)
class Item:
    """An item as it is written: the definition as JSON values, whose it is, and its place in the directory."""

    task_code: str
    organisation: str
    organisation_name: str
    level: str
    state: str
    base: Mapping[str, Any]
    definition: Mapping[str, Any]

    def values(self) -> dict[str, Any]:
        """Everything by the paths of `fields`."""
        return {
            "task_code": self.task_code,
            "organisation": self.organisation,
            "organisation_name": self.organisation_name,
            "level": self.level,
            "state": self.state,
            "base": self.base,
            "definition": self.definition,
        }


#: A row of a sheet: its texts by the name of their column, unknown columns by their head.
Row = Mapping[str, str]


def rows(item: Item, dictionary: Dictionary) -> Iterator[tuple[str, Row]]:
    """Every row of an item, with the title of its sheet."""
    left: dict[str, Any] = {}
    own = _written(BASIC, item.values(), dictionary, "", left)
    kept, extras = _extras(item.definition.get("extras") or {})
    if extras:
        left[EXTRAS] = extras
    yield BASIC.title, {**own, **kept.get((BASIC.title, 0), {})}
    for name, sheet in _LISTS.items():
        for number, entry in enumerate(item.definition.get(name) or (), 1):
            written = _written(sheet, entry, dictionary, f"{sheet.path}.{number - 1}.", left)
            more = kept.pop((sheet.title, number), {})
            yield sheet.title, {TASK_CODE.name: item.task_code, ORDER.name: str(number), **written, **more}
    kept.pop((BASIC.title, 0), None)
    for (title, number), columns in kept.items():
        left.setdefault(EXTRAS, {}).update({f"{title}.{name}.{number}": text for name, text in columns.items()})
    yield from _others(item, left)


def _written(
    sheet: Sheet, values: Mapping[str, Any], dictionary: Dictionary, prefix: str, left: dict[str, Any]
) -> dict[str, str]:
    """The texts of a row; what reading them back would not give goes into `left`."""
    made: dict[str, str] = {}
    for element in sheet.elements:
        texts = element.write(values, dictionary)
        made.update(texts)
        back: dict[str, Any] = {}
        try:
            stated = element.stated({name: cells.text(text) for name, text in texts.items()}, dictionary)
        except CellError:
            stated = {}
        for path, value in stated.items():
            nest(back, path, value)
        if any(at(back, path) != at(values, path) for path in element.paths):
            left.update({prefix + path: at(values, path) for path in element.paths})
    return made


def _extras(extras: Mapping[str, str]) -> tuple[dict[tuple[str, int], dict[str, str]], dict[str, str]]:
    """What came from columns, by sheet and row, to go back there; and what cannot."""
    kept: dict[tuple[str, int], dict[str, str]] = {}
    rest: dict[str, str] = {}
    for column, text in extras.items():
        title, _, name = column.partition(".")
        number = 0
        if title in {sheet.title for sheet in _LISTS.values()}:
            name, _, last = name.rpartition(".")
            number = int(last) if last.isascii() and last.isdigit() and last == str(int(last)) else -1
        sheet = next((one for one in SHEETS if one.title == title), None)
        if sheet and number >= 0 and _is_column(sheet, name, text):
            kept.setdefault((title, number), {})[name] = text
        else:
            rest[column] = text
    return kept, rest


def _is_column(sheet: Sheet, name: str, text: str) -> bool:
    """Whether a column of this head, with this text, is read back as it was."""
    heads = {plain(word) for one in sheet.columns for word in (one.name, one.words, *one.also)}
    safe = all(one and cells.written(cells.text(one)) == one for one in (name, text))
    return safe and "." not in name and plain(name) not in heads | IGNORED and plain(name) != ""


def _others(item: Item, left: dict[str, Any]) -> Iterator[tuple[str, Row]]:
    definition = item.definition
    rest = dict(left)
    for name, value in definition.items():
        path = f"definition.{name}"
        if name in _NESTED:
            rest.update(
                {f"{path}.{inner}": it for inner, it in value.items() if f"{path}.{inner}" not in BASIC.by_path}
            )
        elif name in _OWN_ROW:
            yield from _pieces(item, path, value)
        elif path not in BASIC.by_path and name not in _LISTS and name not in ("task_code", "extras"):
            rest[path] = value
    if rest:
        yield from _pieces(item, REST, rest)


def _pieces(item: Item, path: str, value: Any) -> Iterator[tuple[str, Row]]:
    for number, piece in enumerate(cells.pieces(safe_json(value)), 1):
        yield (
            OTHER_TITLE,
            {TASK_CODE.name: item.task_code, "element": path, "piece": str(number), "content": piece},
        )


def safe_json(value: Any) -> str:
    """A JSON value in one line that every file format gives back letter by letter."""
    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    text = _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return _ESCAPED.sub("\\\\u005f", text)


def heads(extras: Iterable[Mapping[str, str]]) -> dict[str, list[Column]]:
    """The columns of each sheet: those of the table and, behind them, those that an exchange file brought."""
    found: dict[str, list[Column]] = {sheet.title: list(sheet.columns) for sheet in SHEETS}
    found[OTHER_TITLE] = list(fields.OTHER)
    seen: set[tuple[str, str]] = set()
    for brought in extras:
        for (title, _), columns in _extras(brought)[0].items():
            for name in columns:
                if (title, name) not in seen:
                    seen.add((title, name))
                    found[title].append(Column(name=name, words=name))
    return found
