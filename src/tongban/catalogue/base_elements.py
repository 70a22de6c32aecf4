"""Base elements (基本目录要素): what every body that runs an item has in common, and may not change. Pure.

同一事项、同一标准、同一编码: name, kind, legal basis and base code come down from the directory locked
(国办函〔2016〕108号, GB/T 39554.1-2020); the body fills in the rest. The database refuses a version that
differs from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from tongban.catalogue.definition import Definition, Frozen, Law, Line
from tongban.catalogue.faults import Fault

#: 事项类型 of the directory: all powers and public services, also those that nobody applies for (处罚、检查 …).
BaseKind = Literal["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "20"]
#: Elements that a definition repeats, with their names in Chinese.
LOCKED: Final[Mapping[str, str]] = {
    "name": "事项名称",
    "catalog_code": "基本编码",
    "kind": "事项类型",
    "legal_basis": "设定依据",
}
#: Kinds that people apply for; the others are exercised by the body of its own accord.
APPLIED: Final = frozenset({"01", "05", "07", "08", "09", "10", "20"})


class BaseElements(Frozen):
    """The base elements of one item of the directory."""

    name: Line
    catalog_code: Annotated[str, Field(pattern=r"^\d{9}(\d{3}|00Y)$")]
    kind: BaseKind
    legal_basis: tuple[Law, ...] = Field(min_length=1, max_length=30)
    #: 行使层级 at which bodies may take the item up: 3 city, 4 county, 5 town, 6 village.
    levels: tuple[Literal["1", "2", "3", "4", "5", "6"], ...] = Field(min_length=1)

    def plain(self) -> dict[str, Any]:
        """The elements as plain JSON values."""
        return self.model_dump(mode="json")


def elements_of(definition: Definition, levels: tuple[str, ...]) -> BaseElements:
    """The base elements that a definition carries, for bodies of these levels."""
    values = {name: getattr(definition, name) for name in LOCKED}
    return BaseElements.model_validate(values | {"levels": sorted(set(levels))})


def locked_faults(definition: Definition, elements: Mapping[str, Any]) -> Iterator[Fault]:
    """Where a definition differs from the base elements (their plain values)."""
    values = definition.model_dump(mode="json", include=set(LOCKED))
    for name, words in LOCKED.items():
        if values[name] != elements.get(name):
            yield Fault("base.locked", name, f"{words}由基本目录统一确定，各实施机构不能改；要改的，申请变更基本目录")


def with_elements(content: Mapping[str, Any], elements: Mapping[str, Any]) -> dict[str, Any]:
    """A draft definition (plain values) with the base elements put in."""
    return {**content, **{name: elements[name] for name in LOCKED}}
