"""From a case's progress to the line that a page draws, and to the one act that waits for the person."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongban.base.web import formats, parts
from tongban.cases.models import Case
from tongban.cases.queries import TO_COMPLETE, Entry, Progress, Serving, State, Todo
from tongban.catalogue.queries import definition_of
from tongban.documents.models import Document
from tongban.payments.models import Bill

#: Kinds of documents that are served on the applicant (送达), not merely shown.
SERVED = frozenset({"granted", "refused"})
KINDS: dict[str, parts.EntryKind] = {"done": "done", "now": "run", "wait": "wait", "next": "next", "stop": "late"}


@dataclass(frozen=True, kw_only=True)
class NextAct:
    """The one thing the person can do now: the only big button of the page."""

    title: str
    sentence: str
    label: str
    href: str
    icon: str = "arrow-right"
    #: Whether it changes something, hence is posted.
    post: bool = False


def entries_of(progress: Progress, *, papers: bool) -> list[parts.Entry]:
    """The drawn line; `papers`: with links to the legal documents, for the applicant only."""
    return [_entry(progress.case, one, papers=papers) for one in progress.entries]


def readable(case: Case, document: Document) -> bool:
    """Whether the applicant reads a paper from here: decisions and results are read when they are served."""
    return document.kind != "licence" and (case.delivered_at is not None or document.kind not in SERVED)


def _entry(case: Case, one: Entry, *, papers: bool) -> parts.Entry:
    links = []
    if papers and one.document is not None and readable(case, one.document):
        address = reverse("documents:pdf", args=[one.document.public_id])
        links.append((_("看%(title)s") % {"title": one.document.title}, address))
    when = _("最晚 %(day)s") % {"day": formats.cn_day(one.due_on)} if one.due_on and one.at is None else ""
    badge = {"now": ("run", _("正在办")), "wait": ("wait", _("等您办"))}.get(one.phase)
    return parts.Entry(
        kind=KINDS[one.phase],
        title=one.title,
        who=one.who,
        at=one.at,
        when=when,
        text=one.note,
        links=tuple(links),
        state=badge,
    )


def next_act(case: Case, bills: list[Bill], service: Serving | None = None) -> NextAct | None:
    """What the applicant can do now; None when it is the body's turn, or the post's."""
    if case.state in TO_COMPLETE:
        return NextAct(
            title=_("请补正材料"),
            sentence=_("一共 %(count)s 处，请在%(day)s前一次补齐。只补告知书列出的，别的不用动。")
            % {"count": len(case.correction.defects), "day": formats.cn_day(case.correction.due_on)},
            label=_("去补正"),
            href=reverse("portal:correction", args=[case.case_no]),
            icon="pen",
        )
    unpaid = next((bill for bill in bills if bill.state == Bill.State.OPEN), None)
    if unpaid is not None:
        return NextAct(
            title=_("请缴费 %(amount)s") % {"amount": formats.yuan(unpaid.amount_fen)},
            sentence=_("缴清后才能继续办理或领取结果。收费依据写在缴款单上。"),
            label=_("看缴款单并缴费"),
            href=reverse("payments_bill", args=[unpaid.bill_no]),
            icon="yuan",
        )
    if service is not None and service.parcel is not None and service.parcel.under_way:
        return None
    return _collect(case)


def act_of(todo: Todo) -> NextAct:
    """The act that waits in a case, as lists show it."""
    if todo.document is not None:
        return NextAct(
            title=_("请看%(title)s") % {"title": todo.document.title},
            sentence=_("%(day)s送到，您还没有打开过。") % {"day": formats.cn_day(todo.document.issued_at)},
            label=_("去看"),
            href=reverse("documents:pdf", args=[todo.document.public_id]),
            icon="eye",
        )
    found = next_act(todo.case, [todo.bill] if todo.bill else [])
    assert found is not None  # the same conditions made the todo
    if found.post:
        found = replace(found, href=reverse("portal:case", args=[todo.case.case_no]), post=False)
    if todo.days_left is None:
        return found
    words = {"first": _left(todo.days_left), "second": found.sentence}
    return replace(found, sentence=_("%(first)s%(second)s") % words)


def _left(days: int) -> str:
    if days < 0:
        return _("已过期。")
    return _("今天到期。") if days == 0 else ngettext("还剩 %(n)s 天。", "还剩 %(n)s 天。", days) % {"n": days}


def _collect(case: Case) -> NextAct | None:
    if case.state not in {State.COMPLETED, State.DECIDED_REFUSED} or case.delivered_at is not None:
        return None
    if definition_of(case.item_version).runs_in is not None:
        return None
    refused = case.state == State.DECIDED_REFUSED
    physical = not refused and "electronic" not in definition_of(case.item_version).delivery
    if physical or not case.service.get("electronic_consent"):
        return NextAct(
            title=_("请领取决定书") if refused else _("请领取结果"),
            sentence=_("结果是实物，请带身份证件到窗口领取，或者等待邮寄。")
            if physical
            else _("您申请时没有选择电子送达。请带身份证件到窗口领取，或者等待邮寄。"),
            label=_("看大厅地址"),
            href=reverse("portal:halls"),
            icon="place",
        )
    return NextAct(
        title=_("决定书可以领取了") if refused else _("结果可以领取了"),
        sentence=_("点击后即为送达，系统会做送达回证。之后随时可以再下载。"),
        label=_("领取决定书") if refused else _("领取结果"),
        href=reverse("portal:take_result", args=[case.case_no]),
        icon="download",
        post=True,
    )
