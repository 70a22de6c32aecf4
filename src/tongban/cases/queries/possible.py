"""What somebody may do to a case now: the same predicates that the commands ask."""

from collections.abc import Mapping
from dataclasses import dataclass

from tongban.base import moment
from tongban.cases import policy, rounds
from tongban.cases.models import Case, CaseStep, OpinionDraft
from tongban.cases.queries import claims
from tongban.cases.queries.access import window_ids
from tongban.cases.queries.dossier import correction_of, steps_of
from tongban.cases.queries.serving import SERVICE_LAW, Serving, serving, withheld
from tongban.cases.states import ACT_LABELS, TO_DELIVER, Act, State, allows
from tongban.catalogue.models import Definition
from tongban.catalogue.queries import definition_of
from tongban.kernel.actor import Actor

#: Law that stands beside an act on the page.
_LAW = {
    Act.REQUEST_CORRECTION: "申请材料不齐全或者不符合法定形式的，应当当场或者在五日内一次告知申请人需要补正的全部内容，"
    "逾期不告知的，自收到申请材料之日起即为受理。（《行政许可法》第三十二条）",
    Act.RETURN_IN_PRE_REVIEW: "列出的内容就是一次性告知，以后不能再次告知。受理期限自收到申请之日起五日，"
    "不因退回停止，也不重新计算。（《行政许可法》第三十二条）",
    Act.REFUSE_ACCEPTANCE: "不予受理应当出具加盖专用印章和注明日期的书面凭证，说明理由；不属于本机关职权的，"
    "告知向有关机关申请。（《行政许可法》第三十二条）",
    Act.TELL_NO_PERMIT_NEEDED: "申请事项依法不需要取得行政许可的，应当即时告知申请人不受理。"
    "（《行政许可法》第三十二条）",
    Act.DECIDE: "不予行政许可的，应当说明理由，并告知申请人依法申请行政复议或者提起行政诉讼的权利。"
    "（《行政许可法》第三十八条）",
    **SERVICE_LAW,
    Act.ARCHIVE: "办结并送达的，电子文件及时归档，一件一档；归档后不能再办理。（DA/T 85—2019）",
    Act.ISSUE_RESULT: "应当自作出决定之日起十日内颁发、送达行政许可证件。（《行政许可法》第四十四条）",
}
_NOTICES = {Act.REQUEST_CORRECTION, Act.RETURN_IN_PRE_REVIEW}
_DANGEROUS = {
    Act.REFUSE_ACCEPTANCE,
    Act.TELL_NO_PERMIT_NEEDED,
    Act.WITHDRAW,
    Act.WITHDRAW_AT_WINDOW,
    Act.TRANSFER,
    Act.VOID,
    Act.RETURN_UNANSWERED,
    Act.DELETE_ENTRY,
}
#: Never what the page is for.
_QUIET = {Act.RELEASE_RECEPTION, Act.RELEASE_STEP}
#: In which order acts are offered; the first that is not dangerous is the primary one.
_ORDER = (
    Act.RECEIVE,
    Act.ACCEPT,
    Act.COMPLETE_STEP,
    Act.DECIDE,
    Act.ISSUE_RESULT,
    Act.END_PARCEL,
    Act.ASK_CARRIER,
    Act.DELIVER,
    Act.SEND_PARCEL,
    Act.NOTE_FAILED_SERVICE,
    Act.LEAVE_DOCUMENTS,
    Act.PUBLISH_NOTICE,
    Act.SUBMIT_CORRECTION,
    Act.CLAIM_STEP,
    Act.RETURN_STEP,
    Act.RETURN_IN_PRE_REVIEW,
    Act.CLAIM_RECEPTION,
    Act.REQUEST_CORRECTION,
    Act.REFUSE_ACCEPTANCE,
    Act.TELL_NO_PERMIT_NEEDED,
    Act.CORRECT_AT_WINDOW,
    Act.WITHDRAW,
    Act.WITHDRAW_AT_WINDOW,
    Act.TRANSFER,
    Act.VOID,
    Act.RETURN_UNANSWERED,
    Act.DELETE_ENTRY,
    Act.ARCHIVE,
    Act.RELEASE_RECEPTION,
    Act.RELEASE_STEP,
)


@dataclass(frozen=True, kw_only=True)
class Possible:
    """An act that this person may do now; `step` where it is about a step."""

    act: Act
    label: str
    primary: bool
    dangerous: bool
    law: str
    step: CaseStep | None = None
    #: Of a step: the points that the guide wants looked at.
    checklist: tuple[str, ...] = ()
    #: Of a step that may be sent back: key and name of each earlier step.
    targets: tuple[tuple[str, str], ...] = ()
    #: Of a step: what this person has written about it and not yet given.
    saved: OpinionDraft | None = None

    @property
    def key(self) -> str:
        """The act, with its step where several steps may be open: unique on the page."""
        return f"{self.act}-{self.step.key}" if self.step else str(self.act)

    @property
    def id(self) -> str:
        """What the ids of its form's fields begin with."""
        return f"id_{self.key}"


def possible_acts(
    actor: Actor,
    case: Case,
    *,
    steps: tuple[CaseStep, ...] | None = None,
    saved: Mapping[int, OpinionDraft] | None = None,
    service: Serving | None = None,
) -> tuple[Possible, ...]:
    """What the actor may do to the case now, the next act first. The same predicates that the commands ask."""
    definition = definition_of(case.item_version)
    if definition.runs_in is not None:
        return ()
    windows = window_ids(case)
    left_out = claims.left_out(actor, case) | withheld(service or serving(case))
    found: list[tuple[Act, CaseStep | None]] = []
    for act in dict.fromkeys(_in_order(case)):
        if not allows(act, State(case.state)) or act in left_out:
            continue
        if act in policy.STEP_ACTS:
            found.extend(_step_acts(actor, case, act, steps))
        elif policy.permission(actor, case, act, windows)[0] and not _spent(case, act):
            found.append((act, None))
    first = next((index for index, (act, _step) in enumerate(found) if act not in _DANGEROUS | _QUIET), None)
    return tuple(
        Possible(
            act=act,
            label=ACT_LABELS[act],
            primary=index == first,
            dangerous=act in _DANGEROUS,
            law=_LAW.get(act, ""),
            step=step,
            checklist=_checklist(definition, step),
            targets=_targets(definition, step) if act == Act.RETURN_STEP else (),
            saved=saved.get(step.pk) if saved and step else None,
        )
        for index, (act, step) in enumerate(found)
    )


def may(actor: Actor, case: Case, act: Act, windows: frozenset[int]) -> bool:
    """Whether the case's state and the actor's posts allow the act; nothing is done here to what is run elsewhere."""
    if definition_of(case.item_version).runs_in is not None:
        return False
    return allows(act, State(case.state)) and policy.permission(actor, case, act, windows)[0]


def _in_order(case: Case) -> tuple[Act, ...]:
    """Who chose the post is served by post: that act comes first then."""
    return (Act.SEND_PARCEL, *_ORDER) if case.service.get("delivery") == "mail" else _ORDER


def _checklist(definition: Definition, step: CaseStep | None) -> tuple[str, ...]:
    if step is None:
        return ()
    return next((tuple(one.checklist) for one in definition.steps if one.key == step.key), ())


def _targets(definition: Definition, step: CaseStep | None) -> tuple[tuple[str, str], ...]:
    """Where the step may send the case back to, the nearest first."""
    if step is None:
        return ()
    names = {one.key: one.name for one in definition.steps}
    return tuple((key, names[key]) for key in reversed(rounds.targets(definition, step.key, step.kind)))


def _spent(case: Case, act: Act) -> bool:
    """Whether an act has had its time (the one notice, or in pre-review) or not yet come to it (退件, the archive)."""
    if act == Act.RETURN_IN_PRE_REVIEW and case.channel == "window":
        return True
    if act == Act.RETURN_UNANSWERED:
        return case.correction.due_on >= moment.today()
    if act == Act.ARCHIVE:
        return State(case.state) in TO_DELIVER and case.delivered_at is None
    return act in _NOTICES and correction_of(case) is not None


def _step_acts(
    actor: Actor, case: Case, act: Act, steps: tuple[CaseStep, ...] | None
) -> list[tuple[Act, CaseStep | None]]:
    found: list[tuple[Act, CaseStep | None]] = []
    for step in steps if steps is not None else steps_of(case):
        if act == Act.RELEASE_STEP and claims.may_release(actor, step):
            found.append((act, step))
        if step.state != "open" or policy.step_post(actor, step) is None:
            continue
        if not policy.is_free(actor, step):
            continue
        wanted = {Act.DECIDE} if step.kind == "approval" else {Act.COMPLETE_STEP}
        if step.claimed_by_id is None:
            wanted.add(Act.CLAIM_STEP)
        if rounds.targets(definition_of(case.item_version), step.key, step.kind):
            wanted.add(Act.RETURN_STEP)
        if act in wanted:
            found.append((act, step))
    return found
