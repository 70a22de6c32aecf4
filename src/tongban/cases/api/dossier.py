"""A body's own system reads a case as its page at the desk shows it, and one piece of it in clear for a purpose."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Schema

from tongban.cases import queries
from tongban.cases.api.acting import TongbanPost, keep_act, look_at_desk, post_holder, read_at_desk
from tongban.cases.api.examples import Body
from tongban.cases.models import CaseStep
from tongban.identity.commands import unmask


class LineOut(Schema):
    """A question or field in words, and what was answered."""

    label: str
    value: str


class ApplicantOut(Schema):
    """Who applies: name in full, numbers and addresses masked."""

    kind: str
    name: str
    document: str = Field(description="证件种类。")
    document_number: str
    phone: str
    agent: str = Field(description="代理人姓名；没有的为空。")
    service_address: str
    electronic_consent: bool
    delivery: str


class SignedOut(Schema):
    """How the application was signed, and the digest of what was."""

    words: str
    at: datetime
    sha256: str


class OpinionOut(Schema):
    """What was given on a step."""

    step_key: str
    name: str
    round: int
    state: str
    claimed_by: str
    agree: bool | None
    opinion: str
    done_by: str
    done_at: datetime | None


class DecisionOut(Schema):
    """The decision, with its reasons."""

    kind: str
    reason: str
    basis: str
    right_body: str
    decided_at: datetime


class GivenDocumentOut(Schema):
    """A legal document of the case."""

    id: UUID
    kind: str
    title: str
    number: str
    issued_at: datetime


class ActOut(Schema):
    """What the post may do now."""

    act: str
    label: str
    step_key: str
    law: str
    checklist: list[str] = Field(description="提交环节意见时要逐项核对的要点。")
    back_to: list[str] = Field(description="可以退回到的环节。")


class DossierOut(Schema):
    """A case as its body's officials read it."""

    case_no: str
    applicant: ApplicantOut
    situation: list[LineOut]
    form: list[LineOut]
    form_masked: bool = Field(description="form 里的证件号码、电话已遮住。")
    signature: SignedOut | None
    opinions: list[OpinionOut]
    decision: DecisionOut | None
    documents: list[GivenDocumentOut]
    acts: list[ActOut]


class UnmaskIn(Body):
    """What is needed in clear, and what for."""

    field: Literal["document_number", "phone", "address", "service_address", "form", "parcel"]
    purpose: str = Field(max_length=200, description="查看原因，2 至 200 字，不要写入证件号码或电话。")


class UnmaskOut(Schema):
    """It, in clear; the lines of the form where that was asked for."""

    field: str
    value: str
    form: list[LineOut]


@read_at_desk("cases/{case_no}/dossier", DossierOut, "查看办件全部内容")
def read_dossier(request: HttpRequest, case_no: str, post: TongbanPost) -> DossierOut:
    """What was applied for, what officials wrote, what may be done now; personal numbers masked."""
    page = queries.case_page(post_holder(request, post), case_no)
    return DossierOut(
        case_no=case_no,
        applicant=_applicant(page),
        situation=[LineOut(label=question, value=answer) for question, answer in page.situation],
        form=[LineOut(**one) for one in page.form],
        form_masked=page.form_masked,
        signature=SignedOut.model_validate(page.signature) if page.signature else None,
        opinions=[_opinion(one) for one in page.steps],
        decision=DecisionOut.model_validate(page.decision) if page.decision else None,
        documents=[
            GivenDocumentOut(
                id=one.public_id, kind=one.kind, title=one.title, number=one.number, issued_at=one.issued_at
            )
            for one in page.documents
        ],
        acts=[_act(one) for one in page.acts],
    )


@look_at_desk("cases/{case_no}/unmask", UnmaskOut, "查看未遮住的个人信息")
def unmask_field(request: HttpRequest, case_no: str, post: TongbanPost, body: UnmaskIn) -> UnmaskOut:
    """One piece of personal data in clear; who saw it, by which post and what for is kept, and shown to the person."""
    actor = post_holder(request, post)
    value = unmask(actor, subject_kind="case", subject_id=case_no, field=body.field, purpose=body.purpose)
    keep_act(request, post, "unmask", f"case:{case_no}")
    if body.field != "form":
        return UnmaskOut(field=body.field, value=value, form=[])
    page = queries.case_page(actor, case_no, form_in_clear=True)
    return UnmaskOut(field=body.field, value="", form=[LineOut(**one) for one in page.form])


def _applicant(page: queries.CasePage) -> ApplicantOut:
    return ApplicantOut(
        kind=page.applicant.kind,
        name=page.applicant.name,
        document=page.document_label,
        document_number=page.masked_number,
        phone=page.masked_phone,
        agent=page.agent_name,
        service_address=page.masked_address,
        electronic_consent=page.service.electronic_consent,
        delivery=page.service.delivery,
    )


def _opinion(step: CaseStep) -> OpinionOut:
    return OpinionOut(
        step_key=step.key,
        name=step.name,
        round=step.round,
        state=step.state,
        claimed_by=step.claimed_by.name if step.claimed_by else "",
        agree=step.agree,
        opinion=step.opinion,
        done_by=step.done_by_title,
        done_at=step.done_at,
    )


def _act(one: queries.Possible) -> ActOut:
    return ActOut(
        act=str(one.act),
        label=one.label,
        step_key=one.step.key if one.step else "",
        law=one.law,
        checklist=list(one.checklist),
        back_to=[key for key, _name in one.targets],
    )
