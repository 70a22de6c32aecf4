"""What a guide tells beside the five facts: the clock in words, handling items, where it is run, where to turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongban.catalogue.condition_words import when_words
from tongban.catalogue.definition import Contact, Definition, Limit, RunningSystem
from tongban.catalogue.words import limit_words
from tongban.kernel.codes import task_code

#: Working days within which acceptance is decided or everything missing is told (行政许可法 art. 32).
ACCEPTANCE_WORKING_DAYS = 5


@dataclass(frozen=True)
class Term:
    """One line of the clock: what runs, how long, and what is to know about it."""

    key: str
    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class HandlingRow:
    """One handling item (业务办理项): its code of 33 characters, its name and when it is the one."""

    code: str
    name: str
    when: str


@dataclass(frozen=True)
class Running:
    """What is done here and what in the system of a ministry or the province."""

    system: str
    level: str
    phone: str
    agreement: str
    here: str
    there: str
    #: Names of the form's fields and of the materials that are handed over.
    given: tuple[str, ...]


@dataclass(frozen=True)
class Remedy:
    """One way to contest a decision, with where it is done."""

    key: str
    label: str
    body: str
    within: str
    contact: Contact


def clock(it: Definition) -> tuple[Term, ...]:
    """The clock in words, in the order in which it runs."""
    return tuple(_clock(it))


def _clock(it: Definition) -> Iterator[Term]:
    if it.project_type == "instant":
        yield Term("promised", _("承诺"), _("当场办结"), _("材料齐全、符合法定形式的，当场受理并办结。"))
    else:
        days = limit_words(Limit(amount=ACCEPTANCE_WORKING_DAYS, unit="working_days"))
        note = _(
            "从收到材料的下一个工作日起算。材料不全的，在这个期限内一次说清要补的全部内容；到期不说的，自收到材料之日起即为受理。（《行政许可法》第三十二条）"
        )
        yield Term("acceptance", _("决定是否受理"), _("%(limit)s内") % {"limit": days}, note)
        promise = _("%(limit)s内") % {"limit": limit_words(it.promised)}
        yield Term("promised", _("承诺办结"), promise, _("从受理的下一个工作日起算。"))
    if it.statutory.unit != "at_once":
        yield Term("statutory", _("法定时限"), limit_words(it.statutory), it.statutory_basis)
    correcting = limit_words(Limit(amount=it.correction_days, unit="working_days"))
    yield Term("correction", _("补正"), _("%(limit)s内补齐") % {"limit": correcting},
               _("补材料的时间不算在办理时限里。"))  # fmt: skip
    for special in it.special_procedures:
        counted = _("算在办理时限里") if special.counts_in_limit else _("暂停计时，不算在办理时限里")
        note = _("需要时才进行，%(counted)s；费用：%(fee)s。依据：%(basis)s") % {
            "counted": counted,
            "fee": special.fee,
            "basis": special.basis,
        }
        yield Term(
            "paused" if not special.counts_in_limit else "special", special.name, limit_words(special.limit), note
        )


def handling_items(it: Definition) -> tuple[HandlingRow, ...]:
    """The handling items with their codes; none where the item is not divided."""
    return tuple(
        HandlingRow(_code(it.task_code, one.number), one.name, when_words(it, one.when)) for one in it.handling_items
    )


def _code(implementation: str, number: str) -> str:
    return task_code.make_handling_item(implementation, int(number))


def running(it: Definition) -> Running | None:
    """What is done here and what there; None where the item is run here."""
    there = it.runs_in
    if there is None:
        return None
    level = _("国家") if there.level == "country" else _("省")
    return Running(
        system=there.name,
        level=level,
        phone=there.phone,
        agreement=there.agreement,
        here=_("在这里申请、交材料、补正、查进度和收取结果，不用到另一个系统再填一遍。"),
        there=_("%(system)s（%(level)s级系统）里受理、审查和决定，结果由它传回来。")
        % {"system": there.name, "level": level},
        given=_given(it, there),
    )


def _given(it: Definition, there: RunningSystem) -> tuple[str, ...]:
    properties = it.form.get("properties", {})
    fields = [str(properties.get(key, {}).get("title", key)) for key in there.form]
    names = {one.key: one.name for one in it.materials}
    return (*fields, *(names.get(key, key) for key in there.materials))


def remedies(it: Definition) -> tuple[Remedy, ...]:
    """Both ways to contest a decision (行政复议法 art. 20, 行政诉讼法 art. 46), as this version names them."""
    contest = it.contest
    days = ngettext("自知道决定之日起 %(n)s 日内", "自知道决定之日起 %(n)s 日内", it.remedies.review_days)
    months = ngettext("自知道决定之日起 %(n)s 个月内", "自知道决定之日起 %(n)s 个月内", it.remedies.suit_months)
    return (
        Remedy("review", _("行政复议"), it.remedies.review_body, days % {"n": it.remedies.review_days},
               contest.review if contest else Contact()),
        Remedy("court", _("行政诉讼"), it.remedies.court, months % {"n": it.remedies.suit_months},
               contest.court if contest else Contact()),
    )  # fmt: skip
