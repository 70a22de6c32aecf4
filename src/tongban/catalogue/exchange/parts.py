"""Elements whose values stand in columns of another cut: counts of copies, a fee's standard, themes, phones. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from tongban.catalogue.exchange import cells
from tongban.catalogue.exchange.dictionaries import SEPARATOR, CodeUnknownError, Dictionary
from tongban.catalogue.exchange.elements import CellError, Cells, Column, Element, Values, at, single
from tongban.kernel.codes.reading import normalise

_STANDARD: Final = re.compile(r"(?P<amount>\d{1,8}(\.\d+)?)\s*元\s*(?:[/每]|／)?\s*(?P<unit>[^\d]*)")
_COUNTS: Final[Mapping[str, tuple[bool, bool]]] = {
    "original": (True, False),
    "copy": (False, True),
    "original_and_copy": (True, True),
}


def counts(kind: Column, pages: Column, originals: Column, copies: Column) -> Element:
    """How many originals and copies: by their own columns where given, else by kind and number of a material."""

    def read(row: Cells, dictionary: Dictionary) -> Values:
        if row.get(originals.name) or row.get(copies.name):
            return {
                "original_count": _number(row, originals),
                "copy_count": _number(row, copies),
            }
        has_original, has_copy = _COUNTS[_kind(row, kind, dictionary)] if row.get(kind.name) else (True, False)
        number = _number(row, pages)
        return {"original_count": number * has_original, "copy_count": number * has_copy}

    def write(values: Mapping[str, Any], dictionary: Dictionary) -> dict[str, str]:
        original, copy = values.get("original_count") or 0, values.get("copy_count") or 0
        value = next((one for one, has in _COUNTS.items() if has == (original > 0, copy > 0)), None)
        return {
            kind.name: (dictionary[kind.name].write(value) or "") if value else "",
            pages.name: str(max(original, copy)),
            originals.name: str(original),
            copies.name: str(copy),
        }

    empty = {"original_count": 0, "copy_count": 0}
    columns = (kind, pages, originals, copies)
    return Element(paths=tuple(empty), columns=columns, read=read, write=write, empty=empty)


def _kind(row: Cells, column: Column, dictionary: Dictionary) -> str:
    try:
        return dictionary[column.name].read(row[column.name])
    except CodeUnknownError as error:
        raise CellError(column.name, str(error), error.hint) from error


def _number(row: Cells, column: Column) -> int:
    stated = row.get(column.name) or "0"
    try:
        return cells.whole(stated.removesuffix("份"))
    except ValueError:
        raise CellError(column.name, f"“{stated}”不是份数", "填一个整数") from None


def fee_standard(column: Column) -> Element:
    """The amount of a fee and its unit in one text: "10元/本"."""

    def read(row: Cells, _: Dictionary) -> Values:
        stated = row[column.name]
        match = _STANDARD.fullmatch(normalise(stated).replace(",", ""))
        if match is None:
            raise CellError(column.name, f"收费标准“{stated}”读不出金额和单位", "写成“10元/本”；分档收费的，每档写一行")
        fen = Decimal(match["amount"]) * 100
        if fen != fen.to_integral_value():
            raise CellError(column.name, f"收费标准“{stated}”不是整分", "金额最多两位小数")
        # Letters of the unit as they were written.
        unit = cells.text(stated[-len(match["unit"]) :]) if match["unit"] else "次"
        return {"amount_fen": int(fen), "unit": unit}

    def write(values: Mapping[str, Any], _: Dictionary) -> dict[str, str]:
        fen, unit = values.get("amount_fen"), values.get("unit")
        if fen is None:
            return {column.name: ""}
        number = f"{fen // 100}.{fen % 100:02}".removesuffix(".00")
        return {column.name: cells.written(f"{number}元/{unit}")}

    return Element(paths=("amount_fen", "unit"), columns=(column,), read=read, write=write)


def topics(person: Column, company: Column, path: str) -> Element:
    """Themes: one list for natural persons, one for legal persons; the same number means different things in them."""
    prefixes = ((person, "p:"), (company, "c:"))

    def read(row: Cells, dictionary: Dictionary) -> Values:
        found: list[str] = []
        for column, prefix in prefixes:
            for one in re.split(r"[\^、，,；;|\n]", row.get(column.name, "")):
                if not cells.text(one):
                    continue
                try:
                    found.append(prefix + dictionary[column.name].read(one))
                except CodeUnknownError as error:
                    raise CellError(column.name, str(error), error.hint) from error
        return {path: list(dict.fromkeys(found))}

    def write(values: Mapping[str, Any], dictionary: Dictionary) -> dict[str, str]:
        stated = at(values, path) or ()
        return {
            column.name: SEPARATOR.join(
                code
                for one in stated
                if one.startswith(prefix) and (code := dictionary[column.name].write(one.removeprefix(prefix)))
            )
            for column, prefix in prefixes
        }

    return Element(paths=(path,), columns=(person, company), read=read, write=write)


def phone(column: Column, path: str) -> Element:
    """A telephone number, out of a text such as "电话：０７３１－２８６８００６０"."""

    def read(stated: str, _: Dictionary) -> str:
        plain = normalise(stated).replace("—", "-").replace("–", "-")
        plain = re.sub(r"^[^\d]*(?=\d)", "", plain)
        match = re.fullmatch(r"\(?(0\d{2,3})\)?[-\s]?(\d{5,8})", plain)
        return f"{match[1]}-{match[2]}" if match else stated

    return single(column, path, read, lambda it, _: str(it))
