"""A case that is run in a system of others, as desk and applicant see it: where it stands, what was reported."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tongban.cases import policy
from tongban.cases.models import Case, ForeignReport, HandOver
from tongban.cases.queries.access import window_ids
from tongban.catalogue.models import RunningSystem
from tongban.catalogue.queries import definition_of
from tongban.kernel.actor import Actor

REPORT_LABELS: Final[Mapping[str, str]] = {
    "received": gettext_noop("收件"),
    "correction": gettext_noop("要求补正"),
    "accepted": gettext_noop("受理"),
    "not_accepted": gettext_noop("不予受理"),
    "step": gettext_noop("办理进展"),
    "granted": gettext_noop("决定准予"),
    "refused": gettext_noop("决定不予"),
    "result": gettext_noop("结果已制发"),
    "delivered": gettext_noop("送达"),
    "withdrawn": gettext_noop("申请人撤回"),
}


@dataclass(frozen=True, kw_only=True)
class Reported:
    """One report in words; `waits` for those before it, which have not come yet."""

    seq: int
    kind: str
    label: str
    at: datetime
    unit: str
    words: str
    waits: bool


@dataclass(frozen=True, kw_only=True)
class ForeignResult:
    """The licence or approval that the other system issued."""

    name: str
    number: str
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """Where the case is run, and how it stands there."""

    system: RunningSystem
    #: `waiting`, `taken`, `refused`, or empty until it was ordered.
    state: str
    foreign_no: str
    refusal: str
    #: Whether the actor may have it handed over again.
    may_retry: bool
    reports: tuple[Reported, ...]
    result: ForeignResult | None


def elsewhere(case: Case, actor: Actor | None = None) -> Elsewhere | None:
    """How a case stands in the system in which it is run; None for one that is run here.

    Who asks has been let to the case; `actor`, where given, is one who may act on it.
    """
    there = definition_of(case.item_version).runs_in
    if there is None:
        return None
    order = HandOver.objects.filter(case=case).first()
    rows = list(order.reports.order_by("seq")) if order else []
    applied = order.applied if order else 0
    refused = order is not None and order.state == HandOver.State.REFUSED
    bodies = window_ids(case) | {case.organisation_id}
    return Elsewhere(
        system=there,
        state=str(order.state) if order else "",
        foreign_no=order.foreign_no if order else "",
        refusal=order.refusal if order else "",
        may_retry=refused and actor is not None and policy.post(actor, policy.RECEPTION_ROLES, bodies) is not None,
        reports=tuple(_reported(row, applied) for row in rows),
        result=next((_result(row) for row in rows if row.kind == "result" and row.seq <= applied), None),
    )


def _reported(row: ForeignReport, applied: int) -> Reported:
    content = row.content
    said = (content.get("words"), content.get("reason"), content.get("basis"))
    return Reported(
        seq=row.seq,
        kind=row.kind,
        label=_(REPORT_LABELS[row.kind]),
        at=row.at,
        unit=str(content["unit"]),
        words=" ".join(str(one) for one in said if one),
        waits=row.seq > applied,
    )


def _result(row: ForeignReport) -> ForeignResult:
    content = row.content
    ends = content.get("valid_to")
    return ForeignResult(
        name=str(content.get("name", "")),
        number=str(content.get("number", "")),
        valid_to=date.fromisoformat(str(ends)) if ends else None,
    )
