"""Rows of the national tables from a case (`tables`)."""

from collections.abc import Iterator, Mapping
from typing import Final

from tongban.base.models import Event
from tongban.cases import events
from tongban.cases.event_words import EVENT_LABELS
from tongban.cases.exchange import dictionaries as codes
from tongban.cases.exchange import rows_province
from tongban.cases.exchange.columns import Row, Value, fitting
from tongban.cases.exchange.ending import certificate_values, decision_paper, ending_event, issuer, result_type, why
from tongban.cases.exchange.picture import Picture, ended_at
from tongban.cases.exchange.values import day as written_day
from tongban.cases.exchange.values import division, moment
from tongban.cases.feed import PUBLIC
from tongban.cases.models import CaseStep
from tongban.cases.signing import sha256
from tongban.cases.states import ResultCode
from tongban.catalogue.queries import handling_item_for
from tongban.directory.models import Organisation
from tongban.kernel.codes import document_kinds
from tongban.kernel.codes.errors import CodeError

#: The application and its originals are said by other tables; another body in charge is no act upon the case. Of what
#: the body does inside only the end of a step is a process: never its notes.
_PROCESS: Final = PUBLIC - {events.CaseSubmitted.kind, events.OriginalChecked.kind, events.BodySucceeded.kind} | {
    events.StepCompleted.kind,
    events.StepReturned.kind,
}
#: Business actions by the kind of event; those of opinions and decisions hang on what they say, all else is 其他.
_EVENT_NAMES: Final[Mapping[str, str]] = {
    events.CaseAccepted.kind: "1",
    events.AcceptanceRefused.kind: "2",
    events.NoPermitNeededTold.kind: "2",
    events.StepReturned.kind: "2",
    events.PreReviewReturned.kind: "2",
}
#: Events whose reasons stand in the decision.
_WITH_REASONS: Final = frozenset(
    {
        events.CaseDecided.kind,
        events.AcceptanceRefused.kind,
        events.NoPermitNeededTold.kind,
        events.CaseVoided.kind,
        events.CaseTransferred.kind,
    }
)
_ACTORS: Final[Mapping[str, str]] = {"citizen": "申请人", "client": "对接系统", "system": "系统"}
_WAYS: Final[Mapping[str, str]] = {
    "download": "网上下载",
    "window": "窗口领取",
    "visit": "上门送达",
    "mail": "邮寄送达",
    "left": "留置送达",
    "notice": "公告送达",
}


def rows(picture: Picture) -> list[Row]:
    """Every row that this case owes to the exchange as it stands, national tables first."""
    return [
        *_accept(picture),
        *_process(picture),
        *_special(picture),
        *_result(picture),
        *_materials(picture),
        *rows_province.rows(picture),
    ]


def _handling_code(picture: Picture) -> str | None:
    """The code of the handling item that the applicant's answers chose."""
    chosen = handling_item_for(picture.definition, picture.case.answers)
    return picture.case.implementation.task_code + chosen.number if chosen else None


def _accept(picture: Picture) -> Iterator[Row]:
    case, applicant, body = picture.case, picture.applicant, picture.case.organisation
    if case.accepted_at is None:
        return
    paper = picture.document("acceptance")
    yield Row(
        table="up_pro_accept",
        key="accept",
        values={
            "project_no": case.case_no,
            "task_code": case.implementation.task_code,
            "task_handle_item": _handling_code(picture),
            "catalog_code": picture.definition.catalog_code,
            "task_name": case.item_name,
            "task_version": case.item_version.number,
            "project_name": f"{applicant.name}申请{case.item_name}",
            "project_type": codes.PROJECT_TYPE_OF[picture.definition.project_type],
            "apply_type": codes.APPLY_TYPE_OF[case.channel],
            "applyer_type": codes.applyer_type(applicant.kind, applicant.document_number),
            "applyer_name": applicant.name,
            "applyer_page_type": applicant.document_kind,
            "applyer_page_code": applicant.document_number,
            **_contact(picture),
            "legal": applicant.legal_representative,
            "zip_code": picture.service.zip_code,
            "address": picture.service.address or applicant.address,
            "apply_date": moment(case.submitted_at),
            "org_code": body.code,
            "org_name": body.name,
            "handle_user_name": picture.official(picture.last(events.CaseAccepted.kind)),
            "accept_date": moment(case.accepted_at),
            "accept_doc_no": paper.number if paper else None,
            "promise_date": written_day(case.promised_due_on),
            "investment_project_code": picture.service.investment_project_code,
            "apply_division": picture.service.division,
            "accept_division": division(case.division_id),
        },
    )


def _contact(picture: Picture) -> dict[str, Value]:
    """Who is to be asked: the agent, else the recipient of documents, with a number where it is the applicant."""
    agent, service, applicant = picture.case.agent, picture.service, picture.applicant
    if agent:
        return {
            "contact_name": agent["name"],
            "contact_type": agent["document_kind"],
            "contact_code": agent["document_number"],
            "contact_mobile": _mobile(agent.get("phone", "")),
        }
    name = service.recipient or (applicant.name if applicant.kind == "person" else "")
    same = applicant.kind == "person" and name == applicant.name
    return {
        "contact_name": name,
        "contact_type": applicant.document_kind if same else None,
        "contact_code": applicant.document_number if same else None,
        "contact_mobile": _mobile(service.phone) or _mobile(applicant.phone),
    }


def _mobile(phone: str) -> str | None:
    """The number where it is a mobile's: the column takes no other telephone."""
    try:
        return document_kinds.parse_mobile(phone)
    except CodeError:
        return None


def _process(picture: Picture) -> Iterator[Row]:
    for event in picture.events:
        if event.kind in _PROCESS:
            yield _event(picture, event)
    for step in picture.steps:
        if step.state == "open" and step.opened_at is not None:
            opened = moment(step.opened_at)
            values = _at(picture, "3", step.name, "待办", step.organisation)
            yield Row(
                table="up_pro_process",
                key=f"open:{step.key}:{step.round}",
                values=values | {"event_start_time": opened, "event_end_time": opened, "node_state": "1"},
            )


def _event(picture: Picture, event: Event) -> Row:
    step = _step_of(picture, event)
    at, label = moment(event.at), EVENT_LABELS.get(event.kind, event.kind)
    unit = step.organisation if step else picture.case.organisation
    values = _at(picture, _event_name(event), step.name if step else label, _explained(picture, event, step), unit)
    return Row(
        table="up_pro_process",
        key=f"event:{event.seq}",
        values=values
        | {
            "handle_user_name": picture.official(event),
            "event_start_time": moment(step.opened_at) if step and step.opened_at else at,
            "event_end_time": at,
            "remark": _ACTORS.get(event.actor_ref.partition(":")[0]),
            "node_state": "2",
        },
    )


def _at(picture: Picture, name: str, step: str, words: str, unit: Organisation) -> dict[str, Value]:
    return {
        "project_no": picture.case.case_no,
        "event_name": name,
        "process_name": step,
        "handle_user_name": None,
        "handle_explain": words,
        "remark": None,
        "handle_org_name": unit.name,
        "handle_org_code": unit.code,
    }


def _event_name(event: Event) -> str:
    said = event.payload.get("agree", event.payload.get("granted"))
    if isinstance(said, bool):
        return "1" if said else "2"
    return _EVENT_NAMES.get(event.kind, "3")


def _step_of(picture: Picture, event: Event) -> CaseStep | None:
    """The step, in the round, that this event ended."""
    if event.kind == events.CaseDecided.kind:
        found = [one for one in picture.steps if one.kind == "approval"]
    else:
        key = event.payload.get("step")
        found = [one for one in picture.steps if key and one.key == key]
    ended = [one for one in found if one.done_at == event.at]
    return next(iter(ended or reversed(found)), None)


def _explained(picture: Picture, event: Event, step: CaseStep | None) -> str:
    """The opinion that this event tells of, else the reasons of the decision, else the document or the act in words."""
    kept = event.payload.get("opinion_sha256") or event.payload.get("reason_sha256")
    if step is not None and kept and sha256(step.opinion) == kept:
        return step.opinion
    if kept is not None:
        return "同意" if event.payload.get("agree") else "不同意"
    decision = picture.decision
    if event.kind in _WITH_REASONS:
        return decision.reason if decision and decision.reason else ("准予" if event.payload.get("granted") else "不予")
    paper = picture.document_of(event)
    if paper is not None:
        return f"{paper.title}（{paper.number}）" if paper.number else paper.title
    return EVENT_LABELS.get(event.kind, event.kind)


def _special(picture: Picture) -> Iterator[Row]:
    notice = picture.correction
    # A return in pre-review is no special procedure: by it the days run on.
    if notice is None or notice.answered_at is None or notice.in_pre_review:
        return
    asked = picture.official(picture.first(events.CorrectionRequested.kind))
    paper = picture.document("correction")
    number = f"补正告知书（{paper.number}），" if paper and paper.number else ""
    yield Row(
        table="up_pro_special_procedure",
        key="correction",
        values={
            "project_no": picture.case.case_no,
            "special_type": "2",
            "special_name": "补齐补正",
            "special_time": moment(notice.requested_at),
            "special_reason": fitting([f"{one['name']}：{one['what']}" for one in notice.defects], 2000),
            "applyer_user_name": asked,
            "end_time": moment(notice.answered_at),
            "result": "申请人已补齐",
            "special_explain": f"{number}补正期限 {notice.due_on:%Y-%m-%d}",
            "handle_user": asked,
        },
    )


def _result(picture: Picture) -> Iterator[Row]:
    case, done = picture.case, ended_at(picture)
    if done is None:
        return
    delivery, issued, paper = picture.delivery, certificate_values(picture), decision_paper(picture)
    yield Row(
        table="up_pro_result",
        key="result",
        values={
            "project_no": case.case_no,
            "handle_user_name": picture.official(ending_event(picture)),
            "result_date": moment(done),
            "result_type": result_type(picture),
            "result_cetr_name": issued.name or (paper.title if paper else None),
            "result_cetr_no": issued.numbers or (paper.number if paper else None),
            "result_explain": "：".join(one for one in (codes.DONE_RESULTS[case.result_code], _said(picture)) if one),
            "is_delivery_results": "1" if case.delivered_at else "0",
            "satisfaction": None,
            "cert_valid_from": issued.valid_from,
            "cert_valid_to": issued.valid_to,
            "remark": _WAYS[delivery.method] if delivery else None,
            "cert_issuer_name": issuer(picture)[1],
            "result_division": division(case.division_id),
            "is_fee": "1" if picture.bills else "0",
        },
    )


def _said(picture: Picture) -> str:
    return "" if picture.case.result_code == ResultCode.LICENCE else why(picture)


def _materials(picture: Picture) -> Iterator[Row]:
    for one in picture.materials:
        remark = f"电子证照标识 {one.licence_id}" if one.licence_id else None
        yield Row(
            table="up_pro_material",
            key=f"material:{one.pk}",
            values={
                "project_no": picture.case.case_no,
                "material_name": one.name,
                "get_type": codes.GET_TYPE_OF[one.source],
                "get_num": one.copies,
                "material_attach_name": one.file.name if one.file else None,
                "remark": remark if one.current else "已由补正的材料替换",
            },
        )
