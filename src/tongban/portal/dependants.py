"""What a change of an item does to the pages of the portal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse

from tongban.catalogue.models import Definition, Implementation
from tongban.catalogue.registries import Dependant, Effect

#: Guides that are named one by one.
_NAMED_MAX = 3


class Guides(Dependant):
    """Guides, forms and lists on the portal, as every channel shows them."""

    key = "portal.guides"

    def effects(
        self, items: Iterable[Implementation], old: Definition | None, new: Definition | None
    ) -> Iterator[Effect]:
        """Which guides change at once, and which parts of them."""
        listed = list(items)
        if new is None:
            then = "写明不再受理和原因，搜索里不再列出"
        elif old is None:
            then = "新发布，各渠道都能查到"
        else:
            then = "马上改为新的内容：" + ("、".join(_parts(old, new)) or "文字没有变化")
        for one in listed[:_NAMED_MAX]:
            yield Effect(
                what=f"{one.base.name}的办事指南", becomes=then, href=reverse("portal:guide", args=[one.task_code])
            )
        if len(listed) > _NAMED_MAX:
            yield Effect(what=f"另外 {len(listed) - _NAMED_MAX} 个机构的办事指南", becomes=then)


def _parts(old: Definition, new: Definition) -> Iterator[str]:
    for words, names in (
        ("名称", ("name",)),
        ("情形", ("questions", "handling_items")),
        ("受理条件", ("conditions", "quantity_limit")),
        ("网上表单", ("form",)),
        ("材料清单", ("materials",)),
        ("流程图", ("steps", "special_procedures", "flow")),
        ("时限", ("promised", "statutory", "statutory_basis")),
        ("收费", ("fee", "pay_before")),
        ("办理结果", ("result", "delivery")),
        ("办理地点和方式", ("windows", "window_organisations", "handle_forms", "onsite_visits", "onsite_reason")),
        ("咨询、投诉和救济", ("consult_phone", "complaint_phone", "remedies", "contest")),
        ("设定依据", ("legal_basis",)),
        ("常见问题", ("faq",)),
    ):
        if any(getattr(old, name) != getattr(new, name) for name in names):
            yield words
