"""From one item file to the definition of every body that implements it.

Texts of the definition may hold ``${organisation}`` and ``${short}`` (names of the body), ``${area}`` (its division),
``${county}`` (reference prefix of its county or city: 430212), ``${government}`` (the people's government that reviews
its decisions), ``${court}`` and ``${hall}`` (code of the hall). Units and windows are written as references of the pack
(``430200:sjj``); ``under:KEY`` stands for all bodies of that key in the divisions below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tongban.base.pack import Document, Finding, Pack
from tongban.catalogue.pack.shapes import EachShape, ImplementationShape, ItemShape
from tongban.kernel.codes import task_code

#: 行使层级 by level of the division.
LEVELS: Final = {"city": "3", "county": "4", "zone": "4", "town": "5", "village": "6"}
_WORD: Final = re.compile(r"\$\{([a-z_]+)\}")
#: The law names the court by jurisdiction; a city that wants to name it overrides `remedies`.
_COURT: Final = "有管辖权的人民法院"
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Body:
    """A body that implements an item: its row in the directory's plan, and the overrides that apply to it."""

    row: Any
    division: Any
    overrides: Mapping[str, Any]

    @property
    def level(self) -> str:
        """Digit of 行使层级."""
        return LEVELS[self.division.level]


class Expansion:
    """Turns one item file into definitions; what is wrong is gathered in `findings`, each once."""

    def __init__(self, pack: Pack, document: Document, shape: ItemShape) -> None:
        self.pack = pack
        self.document = document
        self.shape = shape
        self.findings: list[Finding] = []
        self._organisations = {ref: row for ref, row in pack.names("organisation").items() if ref == row.ref}
        self._divisions = pack.names("division")
        self._places = pack.names("place")

    def bodies(self) -> Iterator[Body]:
        """Every implementing body once, in the order of the file."""
        seen: set[str] = set()
        for number, part in enumerate(self.shape.implementations):
            path: Path = ("implementations", number)
            refs = list(self._refs(path, part))
            if not refs:
                self._find(path, "没有任何机构实施", "写 organisations 或者 each")
            for ref in refs:
                if ref in seen:
                    self._find(path, f"机构 {ref} 写了两次", "一个机构一个事项只写一次")
                    continue
                seen.add(ref)
                row = self._organisations[ref]
                yield Body(row, self._divisions[row.division], part.overrides)

    def definition(self, body: Body) -> dict[str, Any]:
        """The definition as this body runs it: overrides, words and references put in, and its code."""
        raw = {**self.shape.definition, **body.overrides}
        words = self._words(body)
        filled: dict[str, Any] = self._fill(raw, words, ("definition",))
        filled["window_organisations"] = self._receivers(body, filled.get("window_organisations", ()))
        for number, place in enumerate(filled.get("windows", ())):
            if place not in self._places:
                self.findings.append(
                    self.pack.unknown("place", str(place), self.document, ("definition", "windows", number), "场所")
                )
        for number, step in enumerate(filled.get("steps", ())):
            if isinstance(step, dict) and step.get("unit"):
                step["unit"] = self._code(str(step["unit"]), ("definition", "steps", number, "unit"))
        base = str(filled.get("catalog_code", ""))
        try:
            filled["task_code"] = task_code.make(body.row.code, body.level, base)
        except ValueError as error:
            self._find(("definition", "catalog_code"), f"不能组成实施编码：{error}")
        return filled

    def _refs(self, path: Path, part: ImplementationShape) -> Iterator[str]:
        for number, ref in enumerate(part.organisations):
            if ref in self._organisations:
                yield ref
            else:
                at = (*path, "organisations", number)
                self.findings.append(self.pack.unknown("organisation", ref, self.document, at, "机构"))
        if part.each is not None:
            yield from self._each((*path, "each"), part.each)

    def _each(self, path: Path, each: EachShape) -> Iterator[str]:
        for number, code in enumerate(each.within):
            if code not in self._divisions:
                at = (*path, "within", number)
                self.findings.append(self.pack.unknown("division", code, self.document, at, "区划"))
        for ref, row in self._organisations.items():
            division = self._divisions[row.division]
            current = row.valid_to is None and division.valid_to is None
            if not current or division.level != each.level or not ref.endswith(f":{each.key}"):
                continue
            if not each.within or set(each.within) & set(self._above(division)):
                yield ref

    def _above(self, division: Any) -> Iterator[str]:
        """The division's code and those of the divisions it lies in."""
        while division is not None:
            yield str(division.code)
            division = self._divisions.get(division.parent)

    def _words(self, body: Body) -> dict[str, str]:
        county = self._county(body.division)
        government = self._organisations.get(f"{county.code[:6]}:gov")
        return {
            "organisation": body.row.name,
            "short": body.row.short_name,
            "area": body.division.name,
            "county": county.code[:6],
            "government": government.name if government else f"{county.name}人民政府",
            "court": _COURT,
            "hall": self._hall(body.division, county),
        }

    def _county(self, division: Any) -> Any:
        """The county above a town or village; a county, zone or city itself."""
        while division.level in ("town", "village"):
            division = self._divisions[division.parent]
        return division

    def _hall(self, division: Any, county: Any) -> str:
        for code in (division.code, county.code, f"{county.code[:4]}00000000"):
            for place in self._places.values():
                if place.kind == "hall" and place.division == code:
                    return str(place.code)
        return ""

    def _fill(self, value: Any, words: Mapping[str, str], path: Path) -> Any:
        if isinstance(value, dict):
            return {key: self._fill(inner, words, (*path, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._fill(inner, words, (*path, number)) for number, inner in enumerate(value)]
        if not isinstance(value, str) or "${" not in value:
            return value
        for name in _WORD.findall(value):
            if name not in words:
                self._find(path, f"不认识的占位符 ${{{name}}}", "可以写 " + " ".join(f"${{{word}}}" for word in words))
        return _WORD.sub(lambda match: words.get(match.group(1), match.group(0)), value)

    def _receivers(self, body: Body, refs: Any) -> list[str]:
        codes: list[str] = []
        for number, ref in enumerate(refs if isinstance(refs, list) else ()):
            path: Path = ("definition", "window_organisations", number)
            if str(ref).startswith("under:"):
                codes.extend(self._under(body, str(ref).partition(":")[2]))
            else:
                codes.append(self._code(str(ref), path))
        return list(dict.fromkeys(code for code in codes if code != body.row.code))

    def _under(self, body: Body, key: str) -> Iterator[str]:
        reach = body.row.ref.partition(":")[0]
        for ref, row in self._organisations.items():
            if ref.endswith(f":{key}") and ref.startswith(reach) and row.valid_to is None:
                yield str(row.code)

    def _code(self, ref: str, path: Path) -> str:
        row = self._organisations.get(ref)
        if row is None:
            self.findings.append(self.pack.unknown("organisation", ref, self.document, path, "机构"))
            return ref
        return str(row.code)

    def _find(self, path: Path, message: str, hint: str = "") -> None:
        found = self.document.finding(path, message, hint)
        if found not in self.findings:
            self.findings.append(found)
