"""What a change order says: where its content begins, whether it is ready, what it is called."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tongban.catalogue.base_elements import APPLIED, BaseElements, locked_faults
from tongban.catalogue.checking import check, check_elements, check_entries
from tongban.catalogue.checking import parsed as parsed_or_none
from tongban.catalogue.commands.held import CatalogueRefusal
from tongban.catalogue.definition import Definition
from tongban.catalogue.faults import Fault
from tongban.catalogue.known import unknown
from tongban.catalogue.models import BaseItem, Implementation, ItemChange
from tongban.directory.models import Division
from tongban.kernel.problems import Invalid

_Kind, _About = ItemChange.Kind, ItemChange.About
#: 行使层级 by level of the division.
LEVELS: Final = {"province": "2", "city": "3", "county": "4", "zone": "4", "town": "5", "village": "6"}
#: What of another body's definition is its own and not taken over.
_OWN: Final = ("windows", "window_organisations", "consult_phone", "complaint_phone", "remedies", "contest", "extras")
#: Most entries into which one is split.
_PARTS_MAX: Final = 10


def level_of(division: Division) -> str:
    """行使层级 of a body in this division."""
    return LEVELS[division.level]


def template(base: BaseItem, level: str) -> dict[str, Any]:
    """What another body says of the item, one of the same level first, without what is that body's own."""
    rows = base.implementations.filter(current__isnull=False).exclude(state=Implementation.State.CANCELLED)
    found = sorted(rows.select_related("current"), key=lambda row: (row.level != level, row.pk))[:1]
    if not found or found[0].current is None:
        return {}
    return {name: value for name, value in found[0].current.definition.items() if name not in _OWN}


def directory_draft(kind: str, bases: Sequence[BaseItem]) -> dict[str, Any]:
    """Where a change of the directory begins."""
    if kind == _Kind.CHANGE:
        return dict(bases[0].elements)
    if kind in (_Kind.SPLIT, _Kind.MERGE):
        first = {**bases[0].elements, "catalog_code": ""}
        return {"into": [first, dict(first)] if kind == _Kind.SPLIT else [first]}
    return {}


def title_of(change: ItemChange) -> str:
    """What lists call the change."""
    name = change.content.get("name")
    if isinstance(name, str) and name.strip():
        return name.strip()[:200]
    return change.title


def digest(change: ItemChange) -> str:
    """SHA-256, hex, over what the change says, for reviewers and the chain."""
    text = json.dumps([change.kind, change.content, change.reason], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def parsed(change: ItemChange) -> Definition:
    """The definition that a change of an implementation says.

    Raises:
        Invalid: `item_faults`, with everything that is wrong by path.
    """
    assert change.base is not None
    found = [*check(change.content), *unknown(change.content)]
    definition = parsed_or_none(change.content)
    if definition is not None:
        found += locked_faults(definition, change.base.elements)
    if definition is None or found:
        raise _faulty(found)
    return definition


def parts(change: ItemChange) -> tuple[BaseElements, ...]:
    """The entries that a change of the directory says: one, or those into which it is split or merged.

    Raises:
        Invalid: `item_faults`.
    """
    if change.kind not in (_Kind.SPLIT, _Kind.MERGE):
        return (_elements(change.content),)
    into = change.content.get("into")
    least = 2 if change.kind == _Kind.SPLIT else 1
    most = _PARTS_MAX if change.kind == _Kind.SPLIT else 1
    if not isinstance(into, list) or not least <= len(into) <= most:
        raise Invalid("拆分要写两个以上的新事项，合并只写一个。", fields={"into": "个数不对"}, code="item_faults")
    wrong = check_entries(into)
    if wrong:
        raise _faulty(wrong)
    found = tuple(BaseElements.model_validate(one) for one in into)
    if len({one.catalog_code for one in found}) != len(found):
        raise Invalid("新事项的基本编码不能相同。", fields={"into": "基本编码重复"}, code="item_faults")
    return found


def require_ready(change: ItemChange) -> None:
    """Refuse what could not be put in force.

    Raises:
        Invalid: `item_faults`. CatalogueRefusal: `change_empty`, it changes nothing; `base_code_taken`.
    """
    if change.kind not in (_Kind.NEW, _Kind.CHANGE, _Kind.SPLIT, _Kind.MERGE):
        return
    if change.about == _About.IMPLEMENTATION:
        definition = parsed(change)
        if change.before is not None and definition.digestible() == change.before.parsed.digestible():
            raise CatalogueRefusal("change_empty", "内容与现在的没有不同，不用提交。请修改后再提交，或者撤回。")
        return
    entries = parts(change)
    if change.kind == _Kind.CHANGE:
        assert change.base is not None
        if entries[0].plain() == change.base.elements:
            raise CatalogueRefusal("change_empty", "内容与现在的没有不同，不用提交。请修改后再提交，或者撤回。")
        if entries[0].catalog_code != change.base.catalog_code:
            raise CatalogueRefusal("base_code", "基本编码不能改。编码要换的，新增一个目录事项，再取消原来的。")
        return
    taken = BaseItem.objects.filter(catalog_code__in=[one.catalog_code for one in entries]).first()
    if taken is not None:
        raise CatalogueRefusal("base_code_taken", f"基本编码 {taken.catalog_code} 已经是“{taken.name}”的，请换一个。")


def applied(elements: Mapping[str, Any]) -> bool:
    """Whether people apply for items of this kind."""
    return elements.get("kind") in APPLIED


def _elements(content: Any) -> BaseElements:
    wrong = check_elements(content)
    if wrong:
        raise _faulty(wrong)
    return BaseElements.model_validate(content)


def _faulty(found: Sequence[Fault]) -> Invalid:
    fields = {fault.path: fault.message for fault in reversed(found)}
    return Invalid("还有没填好或者不合规则的内容，请按提示修改。", fields=fields, code="item_faults")
