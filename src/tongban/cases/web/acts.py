"""From a posted form of the desk to one command: parsing only, no rules."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from tongban.cases import commands, queries
from tongban.cases.refusals import wrong_state
from tongban.cases.states import TO_COMPLETE, Act, State
from tongban.cases.web import serving_forms
from tongban.cases.web.reading import (
    read_date,
    read_place,
    read_scans,
    read_strokes,
    read_uuid,
    stored_upload,
    yuan_in_fen,
)
from tongban.cases.web.writing import seen_of
from tongban.catalogue import forms
from tongban.kernel.actor import Actor
from tongban.kernel.money import yuan
from tongban.kernel.problems import Invalid, NotFound
from tongban.payments import commands as payments
from tongban.payments.queries import bill_about

#: Taking money is no act of the case but is done on its page.
PAY: Final = "pay"
#: Marks are drafts of the notice, no acts either.
MARK: Final = "mark_defect"
REMOVE_MARK: Final = "remove_mark"

Files = Mapping[str, "UploadedFile[Any]"]
Handler = Callable[[Actor, str, QueryDict, Files], str]


def perform(act: str, actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    """Do what the form asks and return the sentence that says so.

    Raises:
        NotFound: there is no such act.
        Refusal: what the command says.
    """
    handler = HANDLERS.get(act)
    if handler is None:
        raise NotFound(_("这个操作"))
    return handler(actor, case_no, body, uploads)


def _plainly(command: Callable[..., object], said: Promise, **fields: str) -> Handler:
    """Make a handler that gives the command fields of the form as they are (`parameter="field"`)."""

    def handle(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
        del uploads
        command(actor=actor, case_no=case_no, **{name: body.get(field, "") for name, field in fields.items()})
        return str(said)

    return handle


def _request_correction(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    del uploads
    commands.request_correction(actor=actor, case_no=case_no, defects=_defects(body))
    return _("已一次性告知申请人补正，受理时限停止计算，待申请人补齐后重新起算。")


def _return_in_pre_review(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    del uploads
    commands.return_in_pre_review(actor=actor, case_no=case_no, defects=_defects(body))
    return _("已退回申请人补齐，补正告知书已生成。受理时限继续计算，本件仍在收件箱里。")


def _defects(body: QueryDict) -> list[commands.Defect]:
    return [
        commands.Defect(kind="material" if kind == "material" else "field", key=key, what=str(value))
        for name, value in body.items()
        for prefix, _dot, rest in [name.partition(".")]
        for kind, _dot2, key in [rest.partition(".")]
        if prefix == "what" and kind in {"material", "field"} and str(value).strip()
    ]


def _complete_step(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    del uploads
    commands.complete_step(
        actor=actor,
        case_no=case_no,
        step_key=body.get("step", ""),
        agree=_yes_or_no(body, "agree", _("请选择同意或者不同意。")),
        opinion=body.get("opinion", ""),
        checklist=body.getlist("checklist"),
        seen=seen_of(body),
    )
    return _("意见已提交，办件已转到下一环节。")


def _return_step(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    del uploads
    again = commands.return_step(
        actor=actor,
        case_no=case_no,
        step_key=body.get("step", ""),
        to=body.get("to", ""),
        reason=body.get("reason", ""),
    )
    return _("已退回到“%s”环节，办理时限继续计算。") % again.name


def _decide(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    del uploads
    granted = _yes_or_no(body, "granted", _("请选择准予或者不予。"))
    commands.decide(
        actor=actor,
        case_no=case_no,
        granted=granted,
        reason=body.get("reason", ""),
        basis=body.get("basis", ""),
        seen=seen_of(body),
    )
    return _("已作出准予决定，决定书已生成。") if granted else _("已作出不予决定，决定书已生成。")


def _deliver(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    commands.deliver_at_window(
        actor=actor,
        case_no=case_no,
        collector=commands.Collector(
            name=body.get("name", ""),
            document_kind=body.get("document_kind", "111"),
            document_number=body.get("document_number", ""),
            relation="agent" if body.get("relation") == "agent" else "applicant",
            strokes=read_strokes(body.get("strokes", "")),
            paper=stored_upload(actor, uploads.get("paper")),
            place=body.get("place", "")[:200],
        ),
    )
    return _("结果已送达，送达回证已生成。")


def _correct_at_window(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    case = queries.access_case(actor, case_no)
    if State(case.state) not in TO_COMPLETE:
        raise wrong_state(Act.CORRECT_AT_WINDOW, State(case.state))
    materials = {}
    for one in queries.named_materials(case):
        stored = stored_upload(actor, uploads.get(f"file.{one['key']}"))
        if stored is not None:
            materials[one["key"]] = [stored]
    commands.correct_at_window(
        actor=actor,
        case_no=case_no,
        form=forms.clean(queries.named_schema(case), body),
        materials=materials,
        scans=read_scans(body, [one["key"] for one in queries.named_materials(case)]),
        paper=body.getlist("paper"),
        evidence=_by_hand(body),
    )
    if case.correction.in_pre_review:
        return _("补齐的材料已收，受理时限照常计算，请尽快收件。")
    return _("补正材料已收，受理时限从今天起重新计算。")


def _withdraw_at_window(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    del uploads
    commands.withdraw_at_window(actor=actor, case_no=case_no, reason=body.get("reason", ""), evidence=_by_hand(body))
    return _("已按申请人的要求撤回，终止告知书已生成。")


def _mark_defect(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    del uploads
    kind, _dot, key = body.get("place", "").partition(".")
    commands.mark_defect(
        actor=actor,
        case_no=case_no,
        kind="field" if kind == "field" else "material",
        key=key,
        what=body.get("mark_what", ""),
        place=read_place(body),
    )
    return _("已标注，同事打开本件也能看到；告知补正时会先填好。")


def _remove_mark(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    del uploads
    mark_id = read_uuid(body.get("mark", ""))
    if mark_id is None:
        raise NotFound(_("这条标注"), code="mark_not_found")
    commands.remove_mark(actor=actor, case_no=case_no, mark_id=mark_id)
    return _("标注已删去。")


def _check_original(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    del uploads
    file_id = read_uuid(body.get("file", ""))
    if file_id is None:
        raise NotFound(_("这份材料"), code="material_not_found")
    commands.check_original(
        actor=actor, case_no=case_no, file_id=file_id, valid_to=read_date(body.get("valid_to", ""), "valid_to")
    )
    return _("已记下核对过原件，可信等级升为 B，以后办事不用再带原件。")


def _by_hand(body: QueryDict) -> dict[str, Any]:
    return {"strokes": read_strokes(body.get("strokes", "")), "paper_kept": body.get("paper_kept") == "1"}


def _pay(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    del uploads
    bill = bill_about(f"case:{case_no}", body.get("bill_no", ""))
    received_fen = yuan_in_fen(body.get("received", ""), field="received_fen")
    payments.pay_at_window(actor=actor, bill_no=bill.bill_no, method=body.get("method", ""), received_fen=received_fen)
    return _("已收费 %s。") % yuan(received_fen)


def _archive(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    del body, uploads
    kept = commands.archive(actor=actor, case_no=case_no)
    return _("已归档，档号 %s。") % kept.archive_no


HANDLERS: Final[Mapping[str, Handler]] = {
    Act.RECEIVE: _plainly(commands.receive, _lazy("已收件，收件凭证已生成。")),
    Act.ACCEPT: _plainly(commands.accept, _lazy("已受理，受理通知书已生成，办理时限从下一个工作日起算。")),
    Act.REQUEST_CORRECTION: _request_correction,
    Act.RETURN_IN_PRE_REVIEW: _return_in_pre_review,
    Act.REFUSE_ACCEPTANCE: _plainly(
        commands.refuse_acceptance,
        _lazy("已决定不予受理，决定书已生成。"),
        reason="reason",
        basis="basis",
        right_body="right_body",
    ),
    Act.TELL_NO_PERMIT_NEEDED: _plainly(
        commands.tell_no_permit_needed, _lazy("已告知申请人不需要许可，告知书已生成。"), reason="reason", basis="basis"
    ),
    Act.CLAIM_RECEPTION: _plainly(commands.claim_reception, _lazy("已领办，收件受理由您办理，受理时限照常计算。")),
    Act.RELEASE_RECEPTION: _plainly(commands.release_reception, _lazy("已退回待领，同事可以接着办。")),
    Act.CLAIM_STEP: _plainly(commands.claim_step, _lazy("已领办，同事会看到由您办理。"), step_key="step"),
    Act.RELEASE_STEP: _plainly(commands.release_step, _lazy("已退回待领，同事可以接着办。"), step_key="step"),
    Act.COMPLETE_STEP: _complete_step,
    Act.RETURN_STEP: _return_step,
    Act.DECIDE: _decide,
    Act.ISSUE_RESULT: _plainly(commands.issue_result, _lazy("结果已制发，已通知申请人领取。")),
    Act.DELIVER: _deliver,
    Act.CORRECT_AT_WINDOW: _correct_at_window,
    Act.WITHDRAW_AT_WINDOW: _withdraw_at_window,
    Act.CHECK_ORIGINAL: _check_original,
    MARK: _mark_defect,
    REMOVE_MARK: _remove_mark,
    Act.VOID: _plainly(commands.void, _lazy("本件已作废办结，终止告知书已生成。"), reason="reason"),
    Act.TRANSFER: _plainly(
        commands.transfer, _lazy("本件已转报办结，已告知申请人向哪个机关查询。"), to_body="to_body", reason="reason"
    ),
    Act.RETURN_UNANSWERED: _plainly(
        commands.return_unanswered, _lazy("本件已退件，终止告知书已生成。申请人可以重新申请。"), reason="reason"
    ),
    Act.DELETE_ENTRY: _plainly(
        commands.delete_entry, _lazy("录入错误的件已删除，不再列出；案卷保留，按编号可以查到。"), reason="reason"
    ),
    PAY: _pay,
    Act.ARCHIVE: _archive,
    **serving_forms.HANDLERS,
}


def _yes_or_no(body: QueryDict, name: str, sentence: str) -> bool:
    value = body.get(name)
    if value not in {"yes", "no"}:
        raise Invalid(fields={name: sentence}, code="choice_missing")
    return value == "yes"
