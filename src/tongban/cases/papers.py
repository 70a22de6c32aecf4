"""What the legal documents of a case say: one function a kind, from the case as it stands."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from tongban.base import moment
from tongban.cases.applicants import Applicant, Service
from tongban.cases.models import Case, CaseStep, Correction, Draft, Signature
from tongban.cases.signing import STATEMENT
from tongban.catalogue import forms
from tongban.catalogue.models import Definition, Limit
from tongban.catalogue.queries import FeeLine, definition_of, division_name, fees_for, situation_words
from tongban.directory.models import Organisation
from tongban.directory.queries import place
from tongban.documents import commands as documents
from tongban.documents.models import Document
from tongban.kernel import money
from tongban.kernel.actor import Actor
from tongban.kernel.codes import document_kinds
from tongban.kernel.problems import NotFound

T = TypeVar("T")
#: 行政许可: the documents of other powers say 办理 instead of 许可.
PERMIT = "01"
_UNITS = {"working_days": "个工作日", "calendar_days": "日", "hours": "小时", "months": "个月"}
_PROOFS = {
    "password": "登录账号后输入密码确认",
    "phone_code": "登录账号后输入手机验证码确认",
    "handwritten": "本人在窗口手写签名",
    "client": "申请单位的系统以其密钥提交",
}
_CHANNELS = {"web": "网上申报", "mobile": "手机申报", "window": "窗口申请", "api": "系统对接"}
_SOURCES = {"file": "电子", "licence": "电子证照", "paper": "纸质", "form": "系统生成"}


def issue(*, actor: Actor, case: Case, kind: str, content: Mapping[str, Any], at: datetime) -> Document:
    """Number, freeze and (later) typeset a legal document of the case, by its implementing body."""
    return documents.issue(
        actor=actor, kind=kind, organisation=case.organisation, subject=case.subject, content=content, at=at
    )


def limit_words(limit: Limit) -> str:
    """A limit as people read it: "5 个工作日", "即办"."""
    return "当场办结" if limit.unit == "at_once" else f"{limit.amount} {_UNITS[limit.unit]}"


def receipt(case: Case, *, received_at: datetime) -> dict[str, Any]:
    """收件凭证: list of materials with copies, and the query password."""
    definition = definition_of(case.item_version)
    return _addressed(case, definition) | {
        "received_at": moment_words(received_at),
        "materials": [
            {"name": one.name, "form": _SOURCES[one.source], "copies": one.copies, "note": ""}
            for one in case.materials.filter(current=True).order_by("pk")
        ],
        "query_password": case.query_password,
        "channel": _CHANNELS[case.channel],
        "hall": case.received_by.name if case.received_by else "",
        "agent": case.agent.get("name", ""),
    }


def acceptance(case: Case) -> dict[str, Any]:
    """受理通知书: both due dates, and what is charged."""
    definition = definition_of(case.item_version)
    return _addressed(case, definition) | {
        "applied_on": moment.local_date(case.submitted_at),
        "accepted_on": moment.local_date(_given(case.accepted_at)),
        "materials": _material_names(case),
        "promised": _until(definition.promised, case.promised_due_on),
        "statutory": _until(definition.statutory, case.statutory_due_on),
        "fee": _fee_words(definition, case),
    }


def correction(case: Case, notice: Correction, *, due_days: int) -> dict[str, Any]:
    """补正告知书: everything that is missing, and until when."""
    definition = definition_of(case.item_version)
    return _addressed(case, definition) | {
        "received_on": moment.local_date(case.received_at or case.submitted_at),
        "defects": [{"subject": one["name"], "what": one["what"]} for one in notice.defects],
        "due_days": due_days,
        "due_on": notice.due_on,
        "acceptance_due_on": case.due_acceptance_on if notice.in_pre_review else None,
    }


def acceptance_refusal(case: Case, *, reason: str, basis: str, right_body: str) -> dict[str, Any]:
    """不予受理决定书: reason, basis, the right body, remedies."""
    definition = definition_of(case.item_version)
    return (
        _addressed(case, definition)
        | _remedies(definition)
        | {
            "received_on": moment.local_date(case.received_at or case.submitted_at),
            "reason": reason,
            "basis": basis,
            "right_body": right_body,
        }
    )


def no_permit_needed(case: Case, *, reason: str, basis: str) -> dict[str, Any]:
    """不需要行政许可告知书."""
    definition = definition_of(case.item_version)
    return _addressed(case, definition) | {
        "received_on": moment.local_date(case.received_at or case.submitted_at),
        "reason": reason,
        "basis": basis,
    }


def decision(case: Case, *, granted: bool, reason: str, basis: str) -> dict[str, Any]:
    """准予 or 不予行政许可决定书, with reasons where refused, and remedies."""
    definition = definition_of(case.item_version)
    content = (
        _addressed(case, definition)
        | _remedies(definition)
        | {
            "applied_on": moment.local_date(case.submitted_at),
            "accepted_on": moment.local_date(_given(case.accepted_at)),
            "reason": reason,
            "basis": basis,
        }
    )
    if granted:
        situation = [{"label": one, "value": answer} for one, answer in situation_words(definition, case.answers)]
        content["particulars"] = [*situation, *form_lines(definition, case, essential=True)][:12]
        content["licence_name"] = definition.result.name if definition.result.kind == "licence" else ""
    return content


def termination(case: Case, *, ended_on: date, reason: str, cause: str = "withdrawn") -> dict[str, Any]:
    """终止告知书: withdrawn; or passed on ("transferred") or ended otherwise ("other"), as `reason` tells."""
    definition = definition_of(case.item_version)
    return _addressed(case, definition) | {
        "applied_on": moment.local_date(case.submitted_at),
        "ended_on": ended_on,
        "cause": cause,
        "reason": reason,
    }


def approval_form(case: Case, *, steps: Iterable[CaseStep], conclusion: str) -> dict[str, Any]:
    """行政审批呈批表: what each unit said, gathered on one sheet."""
    definition = definition_of(case.item_version)
    applicant = Applicant.from_json(case.applicant)
    return {
        "permit": definition.kind == PERMIT,
        "applicant": applicant.name,
        "applicant_code": _code_words(applicant),
        "agent": case.agent.get("name", ""),
        "case_no": case.case_no,
        "item_name": case.item_name,
        "accepted_on": moment.local_date(_given(case.accepted_at)),
        "promised": _until(definition.promised, case.promised_due_on),
        "statutory": _until(definition.statutory, case.statutory_due_on),
        "particulars": form_lines(definition, case, essential=True)[:20],
        "materials": _material_names(case),
        "opinions": [
            {
                "name": one.name,
                "unit": one.organisation.name,
                "person": one.done_by_title,
                "result": "退回" if one.state == "returned" else "同意" if one.agree else "不同意",
                "opinion": one.opinion,
                "at": moment_words(_given(one.done_at)),
            }
            for one in steps
            if one.state in {"done", "returned"}
        ],
        "conclusion": conclusion,
    }


def application(case: Case, signature: Signature, *, material_names: Iterable[str]) -> dict[str, Any]:
    """申请书, made from the form, with who signed which bytes and how, and the materials handed in."""
    definition = definition_of(case.item_version)
    applicant = Applicant.from_json(case.applicant)
    lines = form_lines(definition, case)
    return {
        "permit": definition.kind == PERMIT,
        "applicant": applicant.name,
        "applicant_code": _code_words(applicant),
        "case_no": case.case_no,
        "item_name": case.item_name,
        "groups": [{"title": "申请内容", "fields": lines}] if lines else [],
        "materials": list(material_names),
        "statement": STATEMENT,
        "signer": case.agent.get("name") or applicant.legal_representative or applicant.name,
        "signed_at": moment_words(signature.signed_at),
        "proof": _PROOFS[signature.method],
        "signed_digest": signature.sha256,
    }


def fee_notice(case: Case, *, bill_no: str, fees: Iterable[FeeLine], due_on: date) -> dict[str, Any]:
    """缴费通知: every charge with its basis, the total, and how to pay."""
    definition = definition_of(case.item_version)
    lines = [one for one in fees if one.amount_fen]
    total_fen = sum(one.amount_fen for one in lines)
    return _addressed(case, definition) | {
        "bill_no": bill_no,
        "charges": [
            {
                "name": one.fee.name,
                "basis": one.fee.basis,
                "unit_price": f"{one.fee.amount_fen / 100:.2f} 元/{one.fee.unit}",
                "quantity": f"{one.quantity.normalize():f}",
                "amount": f"{one.amount_fen / 100:.2f}",
            }
            for one in lines
        ],
        "total": f"{total_fen / 100:.2f}",
        "total_words": money.capital_yuan(total_fen),
        "due_on": due_on,
        "how_to_pay": "登录后在“我的办件”网上缴费，或到受理窗口以现金、刷卡、扫码缴费。",
    }


def proof_words(method: str) -> str:
    """How somebody signed, in words."""
    return _PROOFS.get(method, method)


def form_lines(
    definition: Definition, case: Case | Draft, *, essential: bool = False, form: Mapping[str, Any] | None = None
) -> list[dict[str, str]]:
    """The form as labelled lines, in the guide's order, empty ones left out; a table becomes one line a row.

    `essential` leaves out what says who applies and how to reach them, and mere declarations: decisions name the
    applicant elsewhere and should say what was applied for. `form`: another version of the data, as with its numbers
    masked.
    """
    fields = definition.form.get("properties", {})
    data = case.form if form is None else form
    found: list[dict[str, str]] = []
    for line in forms.in_words(definition.form, data, answers=case.answers, division_name=division_name):
        if essential and _is_personal(fields.get(line.name, {})):
            continue
        if line.rows:
            for number, row in enumerate(line.rows, 1):
                cells = "；".join(f"{name}：{cell}" for name, cell in zip(line.columns, row, strict=True) if cell)
                found.append({"label": f"{line.title}（{number}）", "value": cells})
        else:
            found.append({"label": line.title, "value": line.value})
    return found


def _is_personal(field: Mapping[str, Any]) -> bool:
    prefill = str(field.get("x-prefill", ""))
    declared = field.get("type") == "boolean" and field.get("const") is True
    kinds = {"phone", "mobile", "resident-id", "uscc"}
    return prefill.startswith(("person.", "company.")) or field.get("format") in kinds or declared or _is_table(field)


def _is_table(field: Mapping[str, Any]) -> bool:
    return field.get("x-widget") == "table"


def _addressed(case: Case, definition: Definition) -> dict[str, Any]:
    applicant = Applicant.from_json(case.applicant)
    return {
        "permit": definition.kind == PERMIT,
        "applicant": applicant.name,
        "applicant_code": _code_words(applicant),
        "applicant_kind": "person" if applicant.kind == "person" else "organisation",
        "case_no": case.case_no,
        "item_name": case.item_name,
        "contact_place": contact_place_of(definition, case.organisation),
        "consult_phone": definition.consult_phone,
        "complaint_phone": definition.complaint_phone,
    }


def contact_place_of(definition: Definition, organisation: Organisation) -> str:
    """Where people go about the item: its first window with the address, else the body itself."""
    try:
        found = place(definition.windows[0])
    except NotFound:
        return organisation.name
    return f"{found.name}（{found.address}）"


def _remedies(definition: Definition) -> dict[str, str]:
    return {"review_body": definition.remedies.review_body, "court": definition.remedies.court}


def _code_words(applicant: Applicant) -> str:
    if applicant.kind == "company":
        return f"统一社会信用代码 {applicant.document_number}"
    if not applicant.document_number:
        return ""
    kind, number = applicant.document_kind, applicant.document_number
    return f"{document_kinds.document_kind(kind).name} {document_kinds.mask(kind, number)}"


def _material_names(case: Case) -> list[str]:
    names = case.materials.filter(current=True).order_by("pk").values_list("name", flat=True)
    return list(dict.fromkeys(names))


def _until(limit: Limit, due: date | None) -> str:
    words = limit_words(limit)
    return f"{words}，至{_date_words(due)}" if due else words


def _fee_words(definition: Definition, case: Case) -> str:
    fees = fees_for(definition, case.answers, case.form)
    if not fees:
        return "不收费"
    return "；".join(f"{one.fee.name} {money.yuan(one.amount_fen)}" for one in fees)


def service_place(case: Case) -> str:
    """Where documents are served: the confirmed address, or the account."""
    service = Service.from_json(case.service)
    return service.address or "申请人的通办账号"


def _date_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def moment_words(at: datetime) -> str:
    """A moment as documents print it: 2026年11月24日 10:20, in Shanghai."""
    local = at.astimezone(moment.SHANGHAI)
    return f"{_date_words(local.date())} {local:%H:%M}"


def _given(value: T | None) -> T:
    if value is None:
        raise ValueError("The case has not come so far.")
    return value
