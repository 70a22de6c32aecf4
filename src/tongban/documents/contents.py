"""What each legal document must say: the frozen content that `commands.issue` accepts for each kind.

Dates are calendar dates in Asia/Shanghai; fields named `…_at` are sentences with date and time, as they are to be read.
Every text is plain text: whatever a person typed is set as typed and never read as markup.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(max_length=8000)]
Line = Annotated[str, Field(max_length=500)]
Required = Annotated[str, Field(min_length=1, max_length=8000)]
Coordinate = Annotated[float, Field(ge=0, le=1)]


class Content(BaseModel):
    """Base of every content: immutable, and nothing in it that the document does not say."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    #: False where the item is not an administrative licence (confirmation, payment, service): title and words change.
    permit: bool = True

    def holder(self) -> tuple[str, str]:
        """Return name and code of the person the document is for, for the masked line of the verify page."""
        return "", ""


class Addressed(Content):
    """A document addressed to an applicant."""

    applicant: Required
    #: As printed after the name, label included ("统一社会信用代码 9143…"); empty where it is not to be printed.
    applicant_code: Line = ""
    applicant_kind: Literal["person", "organisation"] = "person"
    case_no: Line
    item_name: Line
    #: Names of laws with article, without 依照…的规定; empty: the article of 行政许可法, or 有关规定 for other powers.
    basis: Text = ""
    handler: Line = ""
    contact_place: Line = ""
    consult_phone: Line = ""
    complaint_phone: Line = ""

    def holder(self) -> tuple[str, str]:
        return self.applicant, self.applicant_code


class MaterialLine(Content):
    """A material handed in: name, form (原件, 复印件, 电子), copies, note."""

    name: Line
    form: Line = "电子"
    copies: int = Field(default=1, ge=0, le=999)
    note: Line = ""


class DefectLine(Content):
    """One thing to be put right: what it is about and what is to be done."""

    subject: Line
    what: Required


class Particular(Content):
    """A labelled line of a decision."""

    label: Line
    value: Text


class Receipt(Addressed):
    """收件凭证 (domain: list of materials, copies, query password)."""

    received_at: Line
    materials: tuple[MaterialLine, ...]
    query_password: Line = ""
    channel: Line
    hall: Line = ""
    agent: Line = ""


class Acceptance(Addressed):
    """受理通知书 (行政许可法第三十二条第一款第五项)."""

    applied_on: dt.date
    completed_on: dt.date | None = None
    accepted_on: dt.date
    materials: tuple[Line, ...]
    #: Sentences such as "5 个工作日，至2026年11月24日".
    promised: Line
    statutory: Line
    fee: Line


class Correction(Addressed):
    """补正告知书: one notice of everything (行政许可法第三十二条第一款第四项).

    `acceptance_due_on`: by when acceptance is decided, where the notice is a pre-review return and this limit runs on.
    """

    received_on: dt.date
    defects: tuple[DefectLine, ...] = Field(min_length=1)
    due_days: int = Field(ge=1, le=365)
    due_on: dt.date
    acceptance_due_on: dt.date | None = None


class Reviewed(Addressed):
    """A decision that can be taken to reconsideration (60 days) and to court (6 months)."""

    review_body: Required
    court: Required


class AcceptanceRefusal(Reviewed):
    """不予受理决定书: reason, basis, the right body."""

    received_on: dt.date
    reason: Required
    right_body: Line = ""


class NoPermitNeeded(Addressed):
    """不需要行政许可告知书 (行政许可法第三十二条第一款第一项)."""

    received_on: dt.date
    reason: Required


class Granted(Reviewed):
    """准予行政许可决定书 (行政许可法第三十八条第一款)."""

    applied_on: dt.date
    accepted_on: dt.date
    reason: Text = ""
    particulars: tuple[Particular, ...] = ()
    validity: Line = ""
    licence_name: Line = ""
    conditions: Text = ""


class Refused(Reviewed):
    """不予行政许可决定书 (行政许可法第三十八条第二款: with reasons and remedies)."""

    applied_on: dt.date
    accepted_on: dt.date
    reason: Required


class Termination(Addressed):
    """终止告知书: withdrawn by the applicant, materials overdue, passed to another body, or another cause.

    Of the last two `reason` tells everything, in whole sentences.
    """

    applied_on: dt.date
    ended_on: dt.date
    cause: Literal["withdrawn", "overdue", "transferred", "other"]
    reason: Text = ""


class DeliveredDocument(Content):
    """A document handed over: title, number, copies."""

    title: Line
    number: Line = ""
    copies: int = Field(default=1, ge=1, le=99)


class DeliveryReceipt(Content):
    """送达回证: which documents reached whom, when, where and how."""

    recipient: Required
    case_no: Line
    documents: tuple[DeliveredDocument, ...] = Field(min_length=1)
    method: Line
    place: Line
    delivered_at: Line
    collector: Line = ""
    collector_document: Line = ""
    relation: Line = ""
    #: How receipt was confirmed ("本人在窗口手写签名", "登录后下载，系统记录").
    confirmation: Line
    #: Pen strokes, each a list of (x, y) with 0..1 of a field three times as wide as high; empty without a pad.
    strokes: tuple[tuple[tuple[Coordinate, Coordinate], ...], ...] = Field(default=(), max_length=200)
    server: Line = ""
    note: Text = ""

    def holder(self) -> tuple[str, str]:
        return self.recipient, ""


class ServiceNotice(Content):
    """送达公告: what is served on whom by public notice, and when it counts as served (民事诉讼法第九十五条).

    It hangs in public, so a person's name stands in it masked, and nothing says what was applied for.
    """

    recipient: Required
    documents: tuple[DeliveredDocument, ...] = Field(min_length=1)
    reason: Line
    days: int = Field(ge=1, le=365)
    published_on: dt.date
    ends_on: dt.date
    contact_place: Line
    consult_phone: Line = ""


class OpinionLine(Content):
    """One signed opinion of the approval form."""

    name: Line
    unit: Line = ""
    person: Line
    result: Line
    opinion: Text
    at: Line


class ApprovalForm(Content):
    """行政审批呈批表: opinions of handling, review and approval gathered; internal to the body."""

    applicant: Required
    applicant_code: Line = ""
    agent: Line = ""
    case_no: Line
    item_name: Line
    accepted_on: dt.date
    promised: Line
    statutory: Line
    particulars: tuple[Particular, ...] = ()
    materials: tuple[Line, ...] = ()
    opinions: tuple[OpinionLine, ...]
    conclusion: Text = ""

    def holder(self) -> tuple[str, str]:
        return self.applicant, self.applicant_code


class FieldGroup(Content):
    """A titled group of form fields."""

    title: Line
    fields: tuple[Particular, ...]


class Application(Content):
    """申请书 made from the form, with who signed what, when and by which proof (电子签名法第十三条)."""

    applicant: Required
    applicant_code: Line = ""
    case_no: Line
    item_name: Line
    groups: tuple[FieldGroup, ...]
    materials: tuple[Line, ...] = ()
    statement: Text
    signer: Line
    signed_at: Line
    proof: Line
    #: Lower-case hex SHA-256 of the exact bytes that were signed.
    signed_digest: Line

    def holder(self) -> tuple[str, str]:
        return self.applicant, self.applicant_code


class ChargeLine(Content):
    """One charge; amounts in yuan as written ("120.00")."""

    name: Line
    basis: Line = ""
    unit_price: Line
    quantity: Line
    amount: Line


class FeeNotice(Addressed):
    """缴费通知."""

    bill_no: Line
    charges: tuple[ChargeLine, ...] = Field(min_length=1)
    total: Line
    #: The total in capital numerals ("人民币壹佰贰拾元整").
    total_words: Line
    due_on: dt.date
    how_to_pay: Text


class LicencePaper(Content):
    """The face of an electronic licence; metadata follow GB/T 36903."""

    layout: Literal["permit", "register"]
    licence_name: Required
    licence_id: Line
    number: Line
    holder_name: Required
    holder_code: Line
    holder_code_type: Line
    particulars: tuple[Particular, ...] = ()
    valid_from: dt.date
    #: None: valid without end.
    valid_to: dt.date | None
    defining_body: Line
    version: int = Field(ge=1, le=999)
    footnote: Text = ""

    def holder(self) -> tuple[str, str]:
        return self.holder_name, self.holder_code
