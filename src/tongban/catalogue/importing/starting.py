"""With what an item begins of which a file tells only part: another body's definition, else the plainest that holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tongban.catalogue.base_elements import BaseElements
from tongban.directory.models import Division, Organisation, Place
from tongban.directory.queries import city_hall

#: The law names the court by jurisdiction (行政诉讼法 arts. 14 to 21).
_COURT: Final = "有管辖权的人民法院"
_FORM: Final[Mapping[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["matter"],
    "properties": {"matter": {"type": "string", "title": "申请事项", "minLength": 2, "maxLength": 500}},
}
_PROMISED: Final = (
    {"key": "examine", "name": "审查", "kind": "handling", "role": "case_officer"},
    {"key": "decide", "name": "决定", "kind": "approval", "role": "leader", "after": ["examine"]},
)
_INSTANT: Final = ({"key": "decide", "name": "当场审查决定", "kind": "approval", "role": "window_clerk"},)
#: Elements that no column of the national tables holds, in words.
WORDS: Final[Mapping[str, str]] = {
    "form": "表单",
    "steps": "环节",
    "windows": "办理地点",
    "remedies": "救济途径",
    "delivery": "送达方式",
}


class Starts:
    """Gives the values that a body's new item gets where a file does not state them; what it read it keeps."""

    def __init__(self) -> None:
        self._halls: dict[str, str] = {}
        self._governments: dict[str, str] = {}

    def fill(self, content: Mapping[str, Any], body: Organisation) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The content with what it lacks, and the names of what was put in."""
        instant = content.get("project_type") == "instant"
        stated = content.get("remedies") or {}
        remedies = {"review_body": self._government(body.division), "court": _COURT}
        given: dict[str, Any] = {
            "form": dict(_FORM),
            "steps": [dict(one) for one in (_INSTANT if instant else _PROMISED)],
            "windows": [hall] if (hall := self._hall(body.division)) else [],
            "delivery": ["window", "mail"],
        }
        lacking = {name: value for name, value in given.items() if value and not content.get(name)}
        made = {**content, **lacking, "remedies": {**remedies, **stated}}
        told = [WORDS[name] for name in lacking]
        if not {"review_body", "court"} <= set(stated):
            told.append(WORDS["remedies"])
        return made, tuple(told)

    def _hall(self, division: Division) -> str:
        if division.code not in self._halls:
            halls = Place.objects.filter(kind=Place.Kind.HALL, valid_to=None, division_id__in=_above(division.code))
            own = {row.division_id: row.code for row in halls}
            city = city_hall()
            nearest = next((own[code] for code in _above(division.code) if code in own), None)
            self._halls[division.code] = nearest or (city.code if city else "")
        return self._halls[division.code]

    def _government(self, division: Division) -> str:
        """The people's government that reviews what bodies of the division decide (行政复议法 art. 24)."""
        county = division.code[:6].ljust(12, "0")
        if county not in self._governments:
            found = Organisation.objects.filter(
                kind=Organisation.Kind.GOVERNMENT, division_id=county, valid_to=None
            ).first()
            self._governments[county] = found.name if found else f"{division.name}人民政府"
        return self._governments[county]


def _above(code: str) -> list[str]:
    """A division's code and those of the divisions above it, by its digits."""
    return list(dict.fromkeys(code[:width].ljust(12, "0") for width in (12, 9, 6, 4)))


def new_elements(content: Mapping[str, Any], levels: tuple[str, ...]) -> dict[str, Any]:
    """The base elements of an entry that a file brings, as plain values; ValidationError where they cannot be read."""
    values = {name: content.get(name) for name in ("name", "catalog_code", "kind", "legal_basis")}
    return BaseElements.model_validate({**values, "levels": sorted(set(levels))}).plain()
