"""Rows of the province's supervision tables from a case (`tables_province`)."""

from collections.abc import Iterable, Iterator

from tongban.base.moment import local_date
from tongban.cases import events
from tongban.cases.exchange import dictionaries as codes
from tongban.cases.exchange.columns import Row, Value, fitting
from tongban.cases.exchange.ending import certificate_values, decision_paper, ending_event, issuer, result_type, why
from tongban.cases.exchange.picture import Picture, ended_at
from tongban.cases.exchange.values import day, division, moment, yuan
from tongban.cases.models import CaseStep
from tongban.cases.states import LABELS, ResultCode, State
from tongban.catalogue.models import Limit
from tongban.kernel.codes import code_lists

#: Completion codes after which the data itself counts for nothing (void, deleted entry).
_VOID = frozenset({"2", "3"})
_CORRECTION_BASIS = "《中华人民共和国行政许可法》第三十二条第一款第（四）项"
#: What came of the acceptance, by the event.
_ACCEPTANCE = {
    events.CaseAccepted.kind: "4",
    events.AcceptanceRefused.kind: "3",
    events.NoPermitNeededTold.kind: "2",
    events.CorrectionRequested.kind: "5",
    events.PreReviewReturned.kind: "7",
}
#: Of those, the ones that decide on acceptance.
_DECIDING = frozenset({events.CaseAccepted.kind, events.AcceptanceRefused.kind, events.NoPermitNeededTold.kind})


def rows(picture: Picture) -> Iterator[Row]:
    """Registration, acceptance, process, special steps and completion, as far as the case has come."""
    yield _registration(picture)
    yield from _basic(picture)
    yield from _process(picture)
    yield from _special(picture)
    yield from _done(picture)


def _registration(picture: Picture) -> Row:
    case, applicant, body = picture.case, picture.applicant, picture.case.received_by
    return Row(
        table="pre_apasinfo",
        key="registration",
        values={
            "projid": case.case_no,
            "projpwd": case.query_password,
            "projstate": str(LABELS[State(case.state)]),
            "infotype": codes.PROJECT_TYPE_OF[picture.definition.project_type],
            "task_code": case.implementation.task_code,
            "task_name": case.item_name,
            "apply_name": applicant.name,
            "apply_document_type": applicant.document_kind,
            "apply_document_no": applicant.document_number,
            "apply_mobile": applicant.phone or picture.service.phone,
            "investment_project_code": picture.service.investment_project_code,
            "receive_org_code": body.code if body else None,
            "receive_org_name": body.name if body else None,
            "receive_user": picture.official(picture.first(events.CaseReceived.kind)),
            "receive_time": moment(case.received_at),
            "apply_time": moment(case.submitted_at),
            "datastate": "0" if case.result_code in _VOID else "1",
        },
    )


def _basic(picture: Picture) -> Iterator[Row]:
    case, definition = picture.case, picture.definition
    if case.accepted_at is None:
        return
    paper = picture.document("acceptance")
    days, unit = code_lists.statutory_days(definition.statutory.amount, definition.statutory.unit)
    yield Row(
        table="ea_jc_step_basicinfo",
        key="basic",
        values={
            "projid": case.case_no,
            "submit_channel": codes.SUBMIT_CHANNEL_OF[case.channel],
            "approvaltype": codes.PROJECT_TYPE_OF[definition.project_type],
            "accept_org_code": case.organisation.code,
            "accept_org_name": case.organisation.name,
            "accept_division": division(case.division_id),
            "accept_user": picture.official(picture.last(events.CaseAccepted.kind)),
            "accept_time": moment(case.accepted_at),
            "accept_doc_no": paper.number if paper else None,
            "promise_limit": definition.promised.amount,
            "promise_unit": codes.LIMIT_UNIT_OF[definition.promised.unit],
            "statutory_limit": days,
            "statutory_unit": unit,
            "promise_date": day(case.promised_due_on),
            "statutory_date": day(case.statutory_due_on),
        },
    )


def _process(picture: Picture) -> Iterator[Row]:
    """The acceptance and every step that was opened: the first, the middle ones, the last; or the only one."""
    case, begun = picture.case, picture.first(events.CaseReceived.kind)
    told = picture.last(*_ACCEPTANCE)
    decided = told is not None and told.kind in _DECIDING
    answered = picture.correction is not None and picture.correction.answered_at is not None
    rejected = decided and told is not None and told.kind != events.CaseAccepted.kind
    if begun is not None or told is not None:
        body = case.received_by or case.organisation
        yield Row(
            table="ea_jc_step_proc",
            key="acceptance",
            values={
                **_node(
                    picture, 1, "受理", "4" if case.result_code and not picture.steps else "1", body.code, body.name
                ),
                "nodestate": "2" if decided or case.result_code else "1",
                "node_user": picture.official(told or begun),
                "node_start_time": moment(case.submitted_at),
                "node_end_time": moment(told.at) if decided and told else None,
                "noderesult": _ACCEPTANCE[told.kind] if told and (decided or not answered) else None,
                "node_opinion": picture.decision.reason if rejected and picture.decision else None,
            },
        )
    for number, step in enumerate(picture.steps, 2):
        if step.opened_at is not None:
            yield _step(picture, number, step, last=step is picture.steps[-1])


def _node(picture: Picture, number: int, name: str, kind: str, code: str, body: str) -> dict[str, Value]:
    return {
        "projid": picture.case.case_no,
        "sn": number,
        "node_name": name,
        "nodetype": kind,
        "node_org_code": code,
        "node_org_name": body,
        "node_limit": None,
        "node_limit_unit": None,
    }


def _step(picture: Picture, number: int, step: CaseStep, *, last: bool) -> Row:
    """One round of a step: open, done, sent back by its holder, or stopped because another one was."""
    ended = step.state != "open"
    limit = next((one.limit for one in picture.definition.steps if one.key == step.key), None)
    return Row(
        table="ea_jc_step_proc",
        key=f"step:{step.key}:{step.round}",
        values={
            **_node(picture, number, step.name, "3" if last else "2", step.organisation.code, step.organisation.name),
            **_limit(limit),
            "nodestate": "2" if ended else "1",
            "node_user": step.done_by_title if ended else None,
            "node_start_time": moment(step.opened_at),
            "node_end_time": moment(step.done_at),
            "noderesult": _step_result(step),
            "node_opinion": step.opinion if ended else None,
        },
    )


def _step_result(step: CaseStep) -> str | None:
    if step.state == "returned":
        return "7"
    if step.state != "done" or step.agree is None:
        return None
    return "1" if step.agree else "0"


def _limit(limit: Limit | None) -> dict[str, Value]:
    if limit is None:
        return {}
    return {"node_limit": limit.amount, "node_limit_unit": codes.LIMIT_UNIT_OF[limit.unit]}


def _special(picture: Picture) -> Iterator[Row]:
    notice = picture.correction
    if notice is None:
        return
    yield Row(
        table="ea_jc_step_specialnode",
        key="special:1",
        values={
            "projid": picture.case.case_no,
            "sn": 1,
            "noderesult": "6" if notice.in_pre_review else "1",
            "told_time": moment(notice.requested_at),
            "told_place": (picture.case.received_by or picture.case.organisation).name,
            "basis": _CORRECTION_BASIS,
            "material_list": fitting([f"{one['name']}：{one['what']}" for one in notice.defects], 2000),
            "told_user": picture.official(
                picture.first(events.CorrectionRequested.kind, events.PreReviewReturned.kind)
            ),
            "due_date": day(notice.due_on),
            "end_time": moment(notice.answered_at),
        },
    )


def _done(picture: Picture) -> Iterator[Row]:
    case, done = picture.case, ended_at(picture)
    if done is None:
        return
    issued, paper, (code, name) = certificate_values(picture), decision_paper(picture), issuer(picture)
    granted = case.result_code == ResultCode.LICENCE
    yield Row(
        table="ea_jc_step_done",
        key="done",
        values={
            "projid": case.case_no,
            "doneresult": case.result_code,
            "done_time": moment(done),
            "done_user": picture.official(ending_event(picture)),
            "reason": None if granted else why(picture),
            "approval_no": paper.number if paper else None,
            "approval_date": day(local_date(case.decided_at)) if case.decided_at else None,
            "result_type": result_type(picture),
            "cert_name": issued.name,
            "cert_no": issued.numbers,
            "cert_valid_from": issued.valid_from,
            "cert_valid_to": issued.valid_to,
            "publisher": name,
            "publisher_code": code,
            **_fee(picture),
            "is_courier": "1" if picture.delivery and picture.delivery.method == "mail" else "0",
            "satisfaction": None,
        },
    )


def _fee(picture: Picture) -> dict[str, Value]:
    bills = picture.bills
    lines = [line for one in bills for line in one.lines]
    return {
        "is_fee": "1" if bills else "0",
        "fee": yuan(sum(one.amount_fen for one in bills)) if bills else None,
        "fee_standard": _joined(f"{one['name']} {yuan(one['amount_fen'])} 元" for one in lines),
        "fee_basis": _joined(str(one["basis"]) for one in lines),
        "fee_payer": _joined(one.payer_name for one in bills),
    }


def _joined(parts: Iterable[str]) -> str | None:
    distinct = list(dict.fromkeys(parts))
    return fitting(distinct, 2000) if distinct else None
