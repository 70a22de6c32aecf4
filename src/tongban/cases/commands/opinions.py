"""Opinions while they are written: kept for their author, never overwritten unseen, gone once the step is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases import policy, refusals
from tongban.cases.models import Case, CaseStep, OpinionDraft
from tongban.cases.queries.access import access_case
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import Act
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound

#: What of the forms is kept; longest text of each.
KEPT: Final[Mapping[str, int]] = {"agree": 3, "granted": 3, "opinion": 2000, "reason": 2000, "basis": 1000}
POINTS_MAX: Final = 100
TAB_MAX: Final = 40


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a page knows of the draft: the version that it was shown with (0: none), and its own name."""

    version: int
    tab: str


@transaction.atomic
def save_opinion(*, actor: Actor, case_no: str, step_key: str, content: Mapping[str, Any], seen: Seen) -> OpinionDraft:
    """Keep what somebody is writing about an open step; the same content again changes nothing.

    `content`: fields of `KEPT` as texts and `checklist` as a list of points; anything else is left out, and what is
    longer than the form takes is cut.

    Raises:
        NotFound: no such case or step.
        CaseRefusal: no post for the step, not open, or another page of the same person has written since
            (`opinion_changed_elsewhere`, 409).
    """
    case = access_case(actor, case_no)
    step = CaseStep.objects.select_for_update(of=("self",)).filter(case=case, key=step_key).order_by("-round").first()
    if step is None:
        raise NotFound(_("这个环节"), code="step_not_found")
    if policy.step_post(actor, step) is None or actor.account_id is None:
        raise refusals.not_yours(Act.COMPLETE_STEP)
    if step.state != "open":
        raise CaseRefusal("step_not_open", _("这个环节不在办理中，可能已经办完。请刷新页面。"))
    kept = _kept(content)
    draft = OpinionDraft.objects.filter(step=step, author_id=actor.account_id).first()
    _check(draft, seen)
    if draft is None:
        return OpinionDraft.objects.create(
            step=step, author_id=actor.account_id, content=kept, tab=seen.tab[:TAB_MAX], saved_at=moment.now()
        )
    if draft.content != kept:
        draft.content, draft.version, draft.saved_at = kept, draft.version + 1, moment.now()
        draft.tab = seen.tab[:TAB_MAX]
        draft.save(update_fields=["content", "version", "saved_at", "tab"])
    return draft


def check_seen(actor: Actor, step: CaseStep, seen: Seen | None) -> None:
    """Refuse an opinion given from a page that does not know what its author has written since in another.

    Raises:
        CaseRefusal: `opinion_changed_elsewhere`.
    """
    if seen is not None:
        _check(OpinionDraft.objects.filter(step=step, author_id=actor.account_id).first(), seen)


def forget_opinions(case: Case, step: CaseStep | None = None) -> None:
    """Throw away what was being written about this step, or about any step of the case; part of closing them."""
    drafts = OpinionDraft.objects.filter(step__case=case)
    (drafts if step is None else drafts.filter(step=step)).delete()


def _check(draft: OpinionDraft | None, seen: Seen) -> None:
    if draft is None or draft.tab == seen.tab[:TAB_MAX] or draft.version == seen.version:
        return
    raise CaseRefusal(
        "opinion_changed_elsewhere",
        _("您在另一个页面写过这个环节的意见，两份都没有丢：这里是刚才写的，另一份在下面。请合并后再保存或提交。"),
        data={"version": draft.version},
    )


def _kept(content: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {name: str(content.get(name) or "")[:longest] for name, longest in KEPT.items()}
    kept["checklist"] = [str(one)[:500] for one in list(content.get("checklist") or [])[:POINTS_MAX]]
    return kept
