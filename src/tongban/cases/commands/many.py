"""One act on many cases: each by its own command, in its own transaction, with its own answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext as _

from tongban.cases import policy
from tongban.cases.commands.archiving import archive
from tongban.cases.commands.claiming import claim_reception, release_reception, release_step
from tongban.cases.commands.reception import accept, receive
from tongban.cases.commands.steps import claim_step
from tongban.cases.models import Case, CaseStep
from tongban.cases.queries.access import access_case
from tongban.cases.queries.claims import reception_taker
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import Act, State, allows
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound, Refusal

#: Cases of one page of a list.
MANY_MAX: Final = 100
Outcome = Literal["done", "unchanged", "refused"]


@dataclass(frozen=True, kw_only=True)
class Done:
    """What became of one case: `words` say it; `code` of a refusal, else empty. Of a case unseen nothing is told."""

    case_no: str
    outcome: Outcome
    words: str
    code: str = ""
    item_name: str = ""
    applicant: str = ""


def do_many(*, actor: Actor, act: str, case_nos: Sequence[str]) -> tuple[Done, ...]:
    """Receive, accept, claim, release or archive each of these cases; the first 100 different ones, in their order.

    `act`: a key of `MANY`. What stands already as it should is `unchanged`, so that a repetition does nothing twice.

    Raises:
        NotFound: the act is not one for many cases.
    """
    do = MANY.get(act)
    if do is None:
        raise NotFound(_("这个操作"))
    return tuple(_one(actor, do, case_no) for case_no in list(dict.fromkeys(case_nos))[:MANY_MAX])


def _one(actor: Actor, do: "_Do", case_no: str) -> Done:
    try:
        case = access_case(actor, case_no)
    except NotFound as missing:
        return Done(case_no=case_no, outcome="refused", words=missing.message, code=missing.code)
    shown = {"item_name": case.item_name, "applicant": case.applicant_name_masked}
    try:
        outcome, words = do(actor, case)
    except Refusal as refusal:
        return Done(case_no=case_no, outcome="refused", words=refusal.message, code=refusal.code, **shown)
    return Done(case_no=case_no, outcome=outcome, words=words, **shown)


_Do = Callable[[Actor, Case], tuple[Outcome, str]]


def _receive(actor: Actor, case: Case) -> tuple[Outcome, str]:
    if case.received_at is not None:
        return "unchanged", _("已经收件，不用再收。")
    receive(actor=actor, case_no=case.case_no)
    return "done", _("已收件。")


def _accept(actor: Actor, case: Case) -> tuple[Outcome, str]:
    if case.accepted_at is not None:
        return "unchanged", _("已经受理，不用再办。")
    accept(actor=actor, case_no=case.case_no)
    return "done", _("已受理。")


def _claim(actor: Actor, case: Case) -> tuple[Outcome, str]:
    if allows(Act.CLAIM_RECEPTION, State(case.state)):
        taker = reception_taker(case)
        claim_reception(actor=actor, case_no=case.case_no)
        return ("unchanged", _("已经由您领办。")) if taker is not None else ("done", _("已领办收件受理。"))
    steps = _open_steps(actor, case)
    free = [one for one in steps if one.claimed_by_id != actor.account_id]
    for step in free:
        claim_step(actor=actor, case_no=case.case_no, step_key=step.key)
    if free:
        return "done", _("已领办：%s。") % "、".join(one.name for one in free)
    if steps:
        return "unchanged", _("已经由您领办。")
    raise _nothing(_("领办"))


def _release(actor: Actor, case: Case) -> tuple[Outcome, str]:
    if allows(Act.CLAIM_RECEPTION, State(case.state)):
        taken = reception_taker(case) is not None
        release_reception(actor=actor, case_no=case.case_no)
        return ("done", _("已退回待领。")) if taken else ("unchanged", _("没有人领办，不用退回。"))
    steps = _open_steps(actor, case)
    taken_steps = [one for one in steps if one.claimed_by_id is not None]
    for step in taken_steps:
        release_step(actor=actor, case_no=case.case_no, step_key=step.key)
    if taken_steps:
        return "done", _("已退回待领：%s。") % "、".join(one.name for one in taken_steps)
    if steps:
        return "unchanged", _("没有人领办，不用退回。")
    raise _nothing(_("退回"))


def _archive(actor: Actor, case: Case) -> tuple[Outcome, str]:
    if State(case.state) == State.ARCHIVED:
        return "unchanged", _("已经归档。")
    kept = archive(actor=actor, case_no=case.case_no)
    return "done", _("已归档，档号 %s。") % kept.archive_no


def _open_steps(actor: Actor, case: Case) -> list[CaseStep]:
    """Open steps that are for a post of the actor's or, as their unit's head, in the actor's charge."""
    found = case.steps.filter(state="open").select_related("organisation")
    return [
        one for one in found if policy.step_post(actor, one) is not None or policy.heads(actor, one.organisation_id)
    ]


def _nothing(label: str) -> CaseRefusal:
    return CaseRefusal("nothing_for_you", _("本件现在没有您可以%s的环节。请刷新列表。") % label)


#: The acts that may be done to many cases at once: none of them needs words about the single case.
MANY: Final[Mapping[str, _Do]] = {
    "receive": _receive,
    "accept": _accept,
    "claim": _claim,
    "release": _release,
    "archive": _archive,
}
