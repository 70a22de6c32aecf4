"""A small, lawful item to vary, and the rows that it needs."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from django.conf import settings

from tongban.base.pack import Pack, sections
from tongban.catalogue import commands
from tongban.catalogue.base_elements import elements_of
from tongban.catalogue.definition import Definition
from tongban.catalogue.models import BaseItem, Implementation, ItemVersion
from tongban.catalogue.pack.section import PlannedItem
from tongban.catalogue.search_words import search_words
from tongban.directory.models import Division, Organisation, Place
from tongban.kernel.actor import SYSTEM
from tongban.kernel.codes import task_code

CITY = Path(settings.ROOT) / "cities" / "zhuzhou"
BODY = "11430200YL3X50R68C"
BASE_CODE = "000131016000"
TASK_CODE = task_code.make(BODY, "3", BASE_CODE)
_PLAIN: dict[str, Any] = {
    "name": "示例许可",
    "catalog_code": BASE_CODE,
    "task_code": TASK_CODE,
    "kind": "01",
    "project_type": "promised",
    "service_targets": ["company"],
    "legal_basis": [{"title": "示例条例", "article": "第一条", "kind": "regulation"}],
    "conditions": ["有固定场所"],
    "questions": [
        {
            "key": "place",
            "text": "场所是谁的？",
            "options": [{"value": "own", "label": "自有"}, {"value": "rented", "label": "租赁"}],
        }
    ],
    "form": {
        "type": "object",
        "additionalProperties": False,
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "title": "名称", "maxLength": 50},
            "area": {"type": "number", "title": "面积", "minimum": 1, "maximum": 1000, "x-unit": "平方米"},
        },
    },
    "materials": [
        {"key": "application", "name": "申请书", "generated_from_form": True, "basis": "示例条例第二条"},
        {
            "key": "contract",
            "name": "租赁合同",
            "copy_count": 1,
            "basis": "示例条例第二条",
            "when": {"answer": "place", "in": ["rented"]},
        },
    ],
    "steps": [
        {"key": "examine", "name": "审查", "kind": "handling", "role": "case_officer"},
        {"key": "decide", "name": "决定", "kind": "approval", "role": "leader", "after": ["examine"]},
    ],
    "statutory": {"amount": 20, "unit": "working_days"},
    "statutory_basis": "《中华人民共和国行政许可法》第四十二条",
    "promised": {"amount": 10, "unit": "working_days"},
    "result": {
        "kind": "licence",
        "name": "示例许可证",
        "licence_type": f"{BODY}901",
        "number_format": "示〔{year}〕{serial:4}号",
        "sample": "样本",
    },
    "handle_forms": ["window", "web"],
    "windows": ["zz-hall"],
    "consult_phone": "0731-28680860",
    "complaint_phone": "0731-12345",
    "faq": [{"question": "要多久？", "answer": "十个工作日。"}],
    "remedies": {"review_body": "株洲市人民政府", "court": "有管辖权的人民法院"},
    "delivery": ["electronic"],
    "flow": "申请、受理、审查、审批决定、办结、送达。",
    "topics": ["c:010"],
}


def raw(**changes: Any) -> dict[str, Any]:
    """The plain item's data with changes; a dotted name reaches inside (`result__name`)."""
    data = copy.deepcopy(_PLAIN)
    for name, value in changes.items():
        *outer, last = name.split("__")
        here: Any = data
        for part in outer:
            here = here[int(part)] if part.isdigit() else here[part]
        here[int(last) if last.isdigit() else last] = value
    return data


def definition(**changes: Any) -> Definition:
    """The plain item, changed."""
    return Definition.model_validate(raw(**changes))


def planned() -> dict[str, PlannedItem]:
    """The items of Zhuzhou as their pack gives them, by slug; fails where the pack has a fault."""
    pack = Pack(CITY)
    wanted = [section for section in sections() if section.name in ("directory", "licences", "catalogue")]
    found = [*(one for section in wanted for one in section.check(pack)), *pack.faults]
    assert not found, [str(one) for one in found]
    return pack.names("item")


def body(
    code: str = BODY, division: str = "430200000000", level: str = "city", name: str = "株洲市示例局"
) -> Organisation:
    """An organisation with its division, made once."""
    Division.objects.get_or_create(code="430000000000", defaults=_division("湖南省", "province", None))
    Division.objects.get_or_create(code="430200000000", defaults=_division("株洲市", "city", "430000000000"))
    Division.objects.get_or_create(code=division, defaults=_division(f"区划{division[:6]}", level, "430200000000"))
    row, _ = Organisation.objects.get_or_create(
        code=code,
        defaults={
            "ref": f"{division[:6]}:{code[-6:].lower()}",
            "name": name,
            "short_name": name,
            "kind": "department",
            "division_id": division,
        },
    )
    hall = {
        "name": "示例大厅",
        "kind": "hall",
        "division_id": division,
        "organisation": row,
        "address": "",
        "phone": "",
    }
    Place.objects.get_or_create(code="zz-hall", defaults=hall | {"hours": "", "sample": True})
    return row


def _division(name: str, level: str, parent: str | None) -> dict[str, Any]:
    return {"name": name, "level": level, "parent_id": parent, "search_text": name, "sort_key": name}


def base_item(it: Definition, slug: str = "sample-permit", rank: int = 1) -> BaseItem:
    """The base item of a definition, made once."""
    row, _ = BaseItem.objects.get_or_create(
        slug=slug,
        defaults={
            "elements": elements_of(it, ("3", "4", "5", "6")).plain(),
            "number": 1,
            "catalog_code": it.catalog_code,
            "name": it.name,
            "kind": it.kind,
            "service_targets": list(it.service_targets),
            "topics": list(it.topics),
            "rank": rank,
            "search_text": search_words(it),
        },
    )
    return row


def unpublished(it: Definition | None = None, organisation: Organisation | None = None, **base: Any) -> Implementation:
    """An implementation without a version."""
    it = it or definition()
    organisation = organisation or body()
    return Implementation.objects.create(
        base=base_item(it, **base),
        organisation=organisation,
        division_id=organisation.division_id,
        level=it.task_code[18],
        task_code=it.task_code,
        state="suspended",
        state_reason="尚未发布",
    )


def published(it: Definition | None = None, organisation: Organisation | None = None, **base: Any) -> ItemVersion:
    """An implementation in use, with its first version."""
    it = it or definition()
    item = unpublished(it, organisation, **base)
    version = commands.publish_version(actor=SYSTEM, task_code=item.task_code, definition=it)
    commands.resume(actor=SYSTEM, task_code=item.task_code)
    return version
