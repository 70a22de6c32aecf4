"""The definition of a service item: everything that guide, form, check-list, clock, documents and API are made from.

One frozen value per published version (design.md, rule 1). Fields follow GB/T 39554.1-2020 and the national exchange
tables; codes are those of its dictionaries. Rules across fields stand in `tongban.catalogue.rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tongban.catalogue.conditions import checked
from tongban.catalogue.form_order import in_order

#: Keys of questions, materials, steps, fees and form fields: safe in addresses, HTML and JSON.
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
#: A short line of text.
Line = Annotated[str, Field(min_length=1, max_length=200)]
#: A paragraph of text.
Text = Annotated[str, Field(min_length=1, max_length=4000)]
#: A column of an exchange file, and what stood in it.
ColumnName = Annotated[str, Field(min_length=1, max_length=100)]
ColumnText = Annotated[str, Field(max_length=2000)]
#: A condition over answers and form, see `tongban.catalogue.conditions`.
Condition = Annotated[Mapping[str, Any], AfterValidator(checked)]
#: A JSON Schema 2020-12 of type object, with `x-` words, see `tongban.catalogue.forms`.
Schema = Annotated[Mapping[str, Any], AfterValidator(in_order)]

#: 事项类型 on application (GB/T 39046 dictionary): permit, payment, confirmation, reward, ruling, other, service.
ItemKind = Literal["01", "05", "07", "08", "09", "10", "20"]
#: 服务对象; domain.md 3.2 numbers are made at the border.
ServiceTarget = Literal["person", "company", "institution", "social_organisation", "agency", "other"]
#: Roles that a step may ask for, as `kernel.actor.Role` writes them.
StepRole = Literal["window_clerk", "case_officer", "section_head", "leader"]


class Frozen(BaseModel):
    """A value that cannot be changed and has no field that is not written here."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Limit(Frozen):
    """A limit of time: an amount in a unit; `at_once` has the amount 0 (即办)."""

    amount: int = Field(ge=0, le=3650)
    unit: Literal["working_days", "calendar_days", "hours", "months", "at_once"]


class Law(Frozen):
    """One provision on which the item stands: title, article and its words."""

    title: Line
    article: Annotated[str, Field(max_length=100)] = ""
    text: Annotated[str, Field(max_length=4000)] = ""
    kind: Literal["law", "regulation", "rule", "local", "normative"]
    #: Number of the document, for example 国务院令第700号.
    number: Annotated[str, Field(max_length=100)] = ""


class Stop(Frozen):
    """An end of the questions at which no application follows: what the person is told instead."""

    kind: Literal["no_permit_needed", "other_item", "other_body", "not_eligible"]
    message: Text


class Option(Frozen):
    """One answer that a question offers, and where it leads: `next`, `end`, `stop`, else the following question."""

    value: Key
    label: Line
    help: Annotated[str, Field(max_length=400)] = ""
    next: Key | None = None
    end: bool = False
    stop: Stop | None = None


class Question(Frozen):
    """A question that chooses the situation (情形), hence materials, fields and fees."""

    key: Key
    text: Line
    help: Annotated[str, Field(max_length=400)] = ""
    options: tuple[Option, ...] = Field(min_length=2, max_length=30)
    #: Asked only where this holds of the answers so far.
    when: Condition | None = None
    #: Several answers may be chosen; its options lead to the following question.
    multiple: bool = False


class Material(Frozen):
    """One application material (申请材料) and the terms on which it is asked for."""

    key: Key
    name: Line
    when: Condition | None = None
    #: required 必要, optional 非必要, later 容缺后补.
    need: Literal["required", "optional", "later"] = "required"
    original_count: int = Field(default=0, ge=0, le=20)
    copy_count: int = Field(default=0, ge=0, le=20)
    format: Literal["paper", "electronic", "both"] = "electronic"
    #: own 申请人自备, government 政府部门核发, other.
    source: Literal["own", "government", "other"] = "own"
    issuer: Annotated[str, Field(max_length=200)] = ""
    #: Licence type (21 characters) whose licence in the library makes it needless to hand in (免交).
    licence_type: Annotated[str, Field(pattern=r"^[0-9A-Z]{21}$")] | None = None
    #: Path of the blank form, and of a filled sample, inside the pack; or their description.
    form_file: Annotated[str, Field(max_length=400)] = ""
    sample: Annotated[str, Field(max_length=400)] = ""
    basis: Annotated[str, Field(max_length=400)] = ""
    accept_standard: Annotated[str, Field(max_length=1000)] = ""
    fill_note: Annotated[str, Field(max_length=1000)] = ""
    #: Made by the system from the form and signed with it, so nothing is uploaded.
    generated_from_form: bool = False


class Step(Frozen):
    """One step between acceptance and decision; steps whose `after` are done open together (parallel units)."""

    key: Key
    name: Line
    kind: Literal["handling", "review", "approval"]
    role: StepRole
    #: Organisation code (credit code) of another unit; None is the implementing body.
    unit: Annotated[str, Field(pattern=r"^[0-9A-Z]{18}$")] | None = None
    after: tuple[Key, ...] = ()
    limit: Limit | None = None
    checklist: tuple[Line, ...] = Field(default=(), max_length=30)


class SpecialProcedure(Frozen):
    """A special procedure that may occur (行政许可法 art. 45), told to the applicant beforehand in the guide."""

    key: Key
    name: Line
    #: Step during which it happens.
    during: Key
    limit: Limit
    basis: Line
    counts_in_limit: bool
    fee: Annotated[str, Field(max_length=200)] = "不收费"


class Fee(Frozen):
    """A charge: amount in fen, per unit of measure, with the document that allows it."""

    key: Key
    name: Line
    amount_fen: int = Field(ge=0, le=10_000_000_00)
    unit: Line
    basis: Line
    when: Condition | None = None
    reducible: bool = False
    reduce_note: Annotated[str, Field(max_length=1000)] = ""
    #: Form field (whole or decimal number) by which the amount is multiplied; None charges it once.
    quantity_field: Key | None = None


class NumberChoice(Frozen):
    """Digits of a licence number that depend on an answer (for example the kind of food business)."""

    question: Key
    codes: Mapping[str, Annotated[str, Field(pattern=r"^[0-9A-Z]{1,4}$")]]


class Result(Frozen):
    """What the applicant gets (办理结果)."""

    kind: Literal["licence", "approval", "other", "none"]
    name: Annotated[str, Field(max_length=200)] = ""
    licence_type: Annotated[str, Field(pattern=r"^[0-9A-Z]{21}$")] | None = None
    #: Months of validity; None: without end, or as the decision says.
    validity_months: int | None = Field(default=None, ge=1, le=1200)
    #: Form field (a date) that ends the validity, for example the day on which the works are finished.
    valid_to_field: Key | None = None
    #: See `tongban.catalogue.numbers`.
    number_format: Annotated[str, Field(max_length=200)] = ""
    number_choice: NumberChoice | None = None
    sample: Annotated[str, Field(max_length=400)] = ""


class RunningSystem(Frozen):
    """The system of a ministry or the province in which the item is run (业务办理系统), and what it is given.

    What is not listed here is not handed over: the agreement on the connection (对接协议) names it.
    """

    #: Which of `settings.PARTNERS`.
    key: Key
    name: Line
    #: 国家级 or 省级.
    level: Literal["country", "province"]
    phone: Line
    #: The agreement by which data is handed over.
    agreement: Line
    applicant: tuple[Literal["name", "document_kind", "document_number", "phone", "address"], ...] = Field(min_length=1)
    #: Fields of the form and materials.
    form: tuple[Key, ...] = Field(default=(), max_length=200)
    materials: tuple[Key, ...] = Field(default=(), max_length=60)


class HandlingItem(Frozen):
    """A handling item (业务办理项): one situation of the implementation with a number of its own.

    Its code is the implementation's 31 characters and these two digits.
    """

    number: Annotated[str, Field(pattern=r"^\d{2}$")]
    name: Line
    #: Over the answers to the questions; None fits every situation.
    when: Condition | None = None


class Contact(Frozen):
    """Where a body that reviews, or a court, is reached."""

    address: Annotated[str, Field(max_length=400)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    url: Annotated[str, Field(max_length=400, pattern=r"^(https?://\S+)?$")] = ""


class Contest(Frozen):
    """Addresses for contesting a decision: of the body that reviews and of the court."""

    review: Contact = Contact()
    court: Contact = Contact()


class Faq(Frozen):
    """A question people ask, with the answer."""

    question: Line
    answer: Text


class Remedies(Frozen):
    """Where a decision can be contested: the body that reviews and the court, named as of this version."""

    review_body: Line
    court: Line
    review_days: int = Field(default=60, ge=1, le=365)
    suit_months: int = Field(default=6, ge=1, le=24)


class Definition(Frozen):
    """A service item as one body runs it (实施清单), complete; what is not in it cannot be asked of anybody."""

    name: Line
    catalog_code: Annotated[str, Field(pattern=r"^\d{9}(\d{3}|00Y)$")]
    #: 31 characters; empty only in a pack file before a body is chosen.
    task_code: Annotated[str, Field(max_length=50)] = ""
    kind: ItemKind
    project_type: Literal["instant", "promised"]
    service_targets: tuple[ServiceTarget, ...] = Field(min_length=1)
    #: 实名等级 that an online applicant needs, 0 to 3 (domain.md 2.3).
    assurance_level: int = Field(default=2, ge=0, le=3)
    #: 权力来源: 1 own, 2 passed down, 3 and 4 authorised, 5 and 6 entrusted.
    power_source: Literal["1", "2", "3", "4", "5", "6"] = "1"
    #: 委托部门, given exactly where the power is entrusted.
    entrusting_body: Annotated[str, Field(max_length=200)] = ""
    legal_basis: tuple[Law, ...] = Field(min_length=1, max_length=30)
    conditions: tuple[Text, ...] = Field(min_length=1, max_length=40)
    questions: tuple[Question, ...] = Field(default=(), max_length=30)
    form: Schema
    materials: tuple[Material, ...] = Field(default=(), max_length=60)
    steps: tuple[Step, ...] = Field(min_length=1, max_length=30)
    #: Given where the item is run in a system of others: the case is filed here, handed over, and followed.
    runs_in: RunningSystem | None = None
    special_procedures: tuple[SpecialProcedure, ...] = ()
    statutory: Limit
    statutory_basis: Line
    promised: Limit
    #: Working days that the applicant has to complete the materials.
    correction_days: int = Field(default=15, ge=1, le=60)
    fee: tuple[Fee, ...] = Field(default=(), max_length=20)
    pay_before: Literal["decision", "delivery"] = "delivery"
    result: Result
    #: 到办事现场次数.
    onsite_visits: int = Field(default=0, ge=0, le=5)
    onsite_reason: Annotated[str, Field(max_length=1000)] = ""
    handle_forms: tuple[Literal["window", "web", "mobile", "express"], ...] = Field(min_length=1)
    #: Place codes of the directory where paper is taken.
    windows: tuple[Line, ...] = Field(min_length=1, max_length=200)
    #: Organisations (credit codes) that may receive, and accept on the body's behalf, besides the body itself.
    window_organisations: tuple[Annotated[str, Field(pattern=r"^[0-9A-Z]{18}$")], ...] = ()
    consult_phone: Line
    complaint_phone: Line
    faq: tuple[Faq, ...] = Field(default=(), max_length=40)
    remedies: Remedies
    delivery: tuple[Literal["electronic", "window", "mail"], ...] = Field(min_length=1)
    #: 通办范围: 1 country, 2 province, 3 city, 4 county, 5 town, 6 village.
    cross_region_scope: Literal["1", "2", "3", "4", "5", "6"] | None = None
    flow: Text
    #: Theme codes: "p:005" natural persons' table, "c:010" legal persons' table (domain.md 3.2).
    topics: tuple[Annotated[str, Field(pattern=r"^[pc]:\d{3}$")], ...] = Field(min_length=1)
    #: Everyday words under which people look for it.
    search_words: tuple[Line, ...] = ()
    #: Empty: the item is one, and its handling code is the implementation's with 00.
    handling_items: tuple[HandlingItem, ...] = Field(default=(), max_length=40)
    #: 实施主体性质: 1 by law, 2 authorised, 3 entrusted, 9 other.
    body_kind: Literal["1", "2", "3", "9"] = "1"
    #: 网办深度, domain.md 3.2: 1 advice … 4 acceptance, 5 handling, 6 result, 7 electronic licence, 8 other.
    online_depth: Literal["1", "2", "3", "4", "5", "6", "7", "8"] | None = None
    #: 数量限制; empty where there is none.
    quantity_limit: Annotated[str, Field(max_length=1000)] = ""
    #: 中介服务 that the item cannot do without, by name.
    agency_services: tuple[Line, ...] = Field(default=(), max_length=20)
    contest: Contest | None = None
    #: What an exchange file told beside the fields above, by the name of its column: kept, shown to editors, exported.
    extras: Mapping[ColumnName, ColumnText] = Field(default_factory=dict, max_length=100)

    def digestible(self) -> dict[str, Any]:
        """The definition as plain JSON values, keys in the order of the fields.

        What came to definitions later is left out where it says nothing: versions from before it keep their digest.
        """
        values = self.model_dump(mode="json")
        return {key: value for key, value in values.items() if key not in _LATER or value != _LATER[key]}


#: Fields that definitions did not have at first, with what says nothing.
_LATER: Final[Mapping[str, object]] = {
    "runs_in": None,
    "handling_items": [],
    "body_kind": "1",
    "online_depth": None,
    "quantity_limit": "",
    "agency_services": [],
    "contest": None,
    "extras": {},
}
