"""What a change of an item does to applications: those that run keep their version, new ones follow the new one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from tongban.cases.models import Case
from tongban.cases.states import ENDED
from tongban.catalogue.models import Definition, Implementation
from tongban.catalogue.queries import limit_words
from tongban.catalogue.registries import Dependant, Effect

#: More than this is not counted.
_COUNTED_MAX = 1_000


class RunningCases(Dependant):
    """Running cases, unsent drafts, clock, licences and documents of later cases."""

    key = "cases.running"

    def effects(
        self, items: Iterable[Implementation], old: Definition | None, new: Definition | None
    ) -> Iterator[Effect]:
        """Counts as far as a page can wait for them, and what differs for those who apply later."""
        keys = [one.pk for one in items]
        running = Case.objects.filter(implementation__in=keys).exclude(state__in=ENDED)
        yield Effect(what=f"在办的办件 {_count(running)} 件", becomes="继续按原来的版本办理，时限、材料、收费都不变")
        then = "不能再提交，打开时会说明原因" if new is None else "打开时会提示指南有变化，已经填写的内容带过去"
        yield Effect(what="已经开始填写、还没提交的申请", becomes=then)
        if old is not None and new is not None:
            yield from _later(old, new)


def _later(old: Definition, new: Definition) -> Iterator[Effect]:
    if old.promised != new.promised:
        told = f"承诺办结时限由 {limit_words(old.promised)} 改为 {limit_words(new.promised)}"
        yield Effect(what="以后受理的办件的时钟", becomes=told)
    if old.steps != new.steps:
        yield Effect(what="以后受理的办件的办理环节", becomes="按新的环节和岗位流转")
    if old.materials != new.materials:
        gone = {one.key for one in old.materials} - {one.key for one in new.materials}
        told = f"按新的材料清单核对，不再收 {len(gone)} 种材料" if gone else "按新的材料清单核对"
        yield Effect(what="窗口的收件清单、一次性补正告知书", becomes=told)
    if old.fee != new.fee:
        yield Effect(what="以后开出的缴款单", becomes="按新的收费项目和标准计算")
    if old.result != new.result:
        yield Effect(
            what="以后作出的决定和发放的证照", becomes="按新的结果名称、证照类型和编号规则；已经发放的证照不变"
        )
    if old.remedies != new.remedies:
        yield Effect(what="以后的决定书", becomes="写明新的复议机关和法院")


def _count(rows: QuerySet[Any]) -> str:
    found = rows.order_by()[: _COUNTED_MAX + 1].count()
    return f"{_COUNTED_MAX} 以上" if found > _COUNTED_MAX else str(found)
