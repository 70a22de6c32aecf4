"""How a case comes about in tests: by the commands, with the pack's samples; every part can be stopped early."""

import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql

from tongban.base import chain, moment
from tongban.base.models import Counter, Event
from tongban.base.models import Delivery as OutboxRow
from tongban.cases import commands, events, queries, signing
from tongban.cases.models import (
    Archive,
    Case,
    CaseMaterial,
    CaseNote,
    CaseStep,
    Correction,
    Decision,
    Delivery,
    Draft,
    DraftMaterial,
    ExchangeBatch,
    ExchangeFault,
    ExchangeRow,
    HandOver,
    InboxEntry,
    MaterialCopy,
    MaterialMark,
    NoteMention,
    OpinionDraft,
    Parcel,
    ParcelScan,
    Phrase,
    PublicNotice,
    Signature,
    StepFile,
)
from tongban.catalogue.models import ItemVersion
from tongban.catalogue.queries import definition_of
from tongban.config.rehearsal.samples import Sample, implementation_for, sample_pdf, samples_of
from tongban.directory.models import Organisation
from tongban.documents.models import Document
from tongban.files import commands as files
from tongban.files.models import StoredFile
from tongban.identity import queries as identity
from tongban.identity.models import Account, Company
from tongban.kernel.actor import SYSTEM, Actor
from tongban.licences.models import Licence
from tongban.notices.models import Message
from tongban.payments import commands as payments
from tongban.payments.models import Bill, Payment
from tongban.payments.queries import bills_of

ZHUZHOU: Path = settings.ROOT / "cities" / "zhuzhou"
PASSWORD = "zhuzhou-demo-2026"
FOOD = "food-business-licence"
#: The item that is run in a ministry's system.
ELSEWHERE = "tour-guide-licence"


def sample(slug: str = FOOD) -> Sample:
    return next(one for one in samples_of(ZHUZHOU) if one.slug == slug)


def upload(actor: Actor, title: str = "布局图") -> StoredFile:
    return files.store(
        actor=actor,
        stream=io.BytesIO(sample_pdf(title, "示例")),
        filename=f"{title}.pdf",
        owner_kind=commands.UPLOAD,
        owner_ref=actor.ref,
    )


def draft(actor: Actor, slug: str = FOOD, **form: Any) -> Draft:
    """A complete draft, ready to sign."""
    found = sample(slug)
    implementation = implementation_for(found)
    company = Company.objects.filter(uscc=found.company_code).first()
    version_id = implementation.current_id
    assert version_id is not None
    begun = commands.start_draft(actor=actor, version_id=version_id, company_id=company.pk if company else None)
    key = begun.public_id
    commands.save_answers(actor=actor, draft_id=key, answers=found.answers)
    commands.save_form(actor=actor, draft_id=key, data={**found.form, **form}, partial=False)
    for one in commands.look_over(queries.access_draft(actor, key)).states:
        if one.how == "missing":
            commands.attach(
                actor=actor, draft_id=key, material_key=one.material.key, file=upload(actor, one.material.name[:20])
            )
    definition = definition_of(begun.item_version)
    commands.save_service(
        actor=actor,
        draft_id=key,
        service=commands.Service(
            address="株洲市渌口区津口路128号",
            electronic_consent=True,
            delivery=definition.delivery[0],
            phone="19900000001",
        ),
    )
    return queries.access_draft(actor, key)


def empty_draft(actor: Actor, slug: str = FOOD) -> Draft:
    """The same with nothing handed in."""
    ready = draft(actor, slug)
    for one in list(ready.materials.select_related("file")):
        commands.detach(actor=actor, draft_id=ready.public_id, file_id=one.file.public_id)
    return ready


def receptionist_for(version: ItemVersion) -> Actor:
    """Somebody who may take the item in at the body itself or at a window authorised by it; window clerks first."""
    bodies = [version.implementation.organisation]
    bodies += Organisation.objects.filter(code__in=definition_of(version).window_organisations).order_by("pk")
    for role in ("window_clerk", "case_officer"):
        for body in bodies:
            found = identity.accounts_with(role, body.pk)
            if found:
                return identity.actor_for(found[0], moment.now())
    raise AssertionError("nobody may receive this item")


def window_draft(clerk: Actor, slug: str, applicant: commands.Applicant, agent: commands.Agent | None = None) -> Draft:
    """A complete draft at the clerk's window, all materials seen on paper, ready to be signed by hand."""
    found = sample(slug)
    version = implementation_for(found).current
    assert version is not None
    version, post = queries.window_item(clerk, version.implementation.task_code)
    begun = commands.start_window_draft(
        actor=clerk, version_id=version.pk, organisation_id=post.organisation_id, applicant=applicant, agent=agent
    )
    key = begun.public_id
    commands.save_answers(actor=clerk, draft_id=key, answers=found.answers)
    commands.save_form(actor=clerk, draft_id=key, data=found.form, partial=False)
    states = commands.look_over(queries.access_draft(clerk, key)).states
    commands.note_paper(
        actor=clerk, draft_id=key, keys=[one.material.key for one in states if not one.material.generated_from_form]
    )
    delivery = definition_of(version).delivery
    way = "window" if "window" in delivery else delivery[0]
    commands.save_service(
        actor=clerk, draft_id=key,
        service=commands.Service(address="株洲市渌口区津口路128号", electronic_consent=False, delivery=way),
    )  # fmt: skip
    return queries.access_draft(clerk, key)


def by_hand(ready: Draft) -> commands.SignatureProof:
    """A signature on the pad of a window."""
    strokes = [[[0.1, 0.2], [0.3, 0.4]]]
    return commands.SignatureProof(
        method="handwritten", sha256=commands.look_over(ready).sha256, evidence={"strokes": strokes}
    )


def filed_at_window(clerk: Actor, ready: Draft) -> Case:
    """What a clerk takes down, submits and receives."""
    return commands.file_at_window(actor=clerk, draft_id=ready.public_id, proof=by_hand(ready)).case


def proof(ready: Draft, secret: str = PASSWORD) -> commands.SignatureProof:
    return commands.SignatureProof(method="password", sha256=commands.look_over(ready).sha256, secret=secret)


def submitted(actor: Actor, slug: str = FOOD) -> Case:
    ready = draft(actor, slug)
    return commands.submit(actor=actor, draft_id=ready.public_id, proof=proof(ready)).case


def refused_elsewhere(actor: Actor) -> Case:
    """A case that the system in which its item is run did not take."""
    case = submitted(actor, ELSEWHERE)
    HandOver.objects.create(
        case=case, system="national_tourism", request_id=uuid.uuid4(), state="refused", queued_at=case.submitted_at
    )
    return case


@dataclass
class Walk:
    """A case on its way, with whoever holds the posts that its item asks for."""

    case: Case
    said: list[str] = field(default_factory=list)

    @property
    def no(self) -> str:
        return self.case.case_no

    def who(self, role: str, organisation_id: int) -> Actor:
        account: Account = identity.accounts_with(role, organisation_id)[0]
        return identity.actor_for(account, moment.now())

    def receptionist(self) -> Actor:
        entries = self.case.inbox_entries.filter(kind="reception").order_by("pk")
        for entry in sorted(entries, key=lambda one: one.role != "window_clerk"):
            found = identity.accounts_with(entry.role, entry.organisation_id)
            if found:
                return identity.actor_for(found[0], moment.now())
        raise AssertionError("nobody may receive this case")

    def receive(self) -> "Walk":
        self.case = commands.receive(actor=self.receptionist(), case_no=self.no)
        return self

    def accept(self) -> "Walk":
        self.case = commands.accept(actor=self.receptionist(), case_no=self.no)
        return self

    def open_steps(self) -> list[CaseStep]:
        return list(CaseStep.objects.filter(case=self.case, state="open").order_by("order"))

    def complete(self, step: CaseStep, *, agree: bool = True) -> None:
        points = next(one.checklist for one in definition_of(self.case.item_version).steps if one.key == step.key)
        commands.complete_step(
            actor=self.who(step.role, step.organisation_id),
            case_no=self.no,
            step_key=step.key,
            agree=agree,
            opinion="经审查，符合条件。" if agree else "不符合条件，理由见核查记录。",
            checklist=points if agree else (),
        )

    def to_decision(self) -> "Walk":
        while True:
            before = [one for one in self.open_steps() if one.kind != "approval"]
            if not before:
                self.case.refresh_from_db()
                return self
            for step in before:
                self.complete(step)

    def decider(self) -> Actor:
        step = next(one for one in self.open_steps() if one.kind == "approval")
        return self.who(step.role, step.organisation_id)

    def leading(self) -> Actor:
        """Who leads the body: may end a case without a decision."""
        for role in ("leader", "section_head"):
            if identity.accounts_with(role, self.case.organisation_id):
                return self.who(role, self.case.organisation_id)
        raise AssertionError("nobody leads this body")

    def decide(self, *, granted: bool = True) -> "Walk":
        reason, basis = ("同意。", "") if granted else ("场所不符合条件。", "《行政许可法》第三十八条")
        self.case = commands.decide(actor=self.decider(), case_no=self.no, granted=granted, reason=reason, basis=basis)
        return self

    def issue(self) -> "Walk":
        self.case = commands.issue_result(actor=self.receptionist(), case_no=self.no)
        return self

    def pay(self) -> "Walk":
        for bill in bills_of(self.case.subject):
            if bill.state == "open":
                payments.pay_at_window(
                    actor=self.receptionist(), bill_no=bill.bill_no, method="cash", received_fen=bill.amount_fen
                )
        return self

    def correct(self, applicant: Actor, *keys: str, field: tuple[str, Any] | None = None) -> "Walk":
        """Notice of these materials (and this form field), and the applicant's answer to all of it."""
        self.notify(*keys, field=field[0] if field else "")
        form = {field[0]: field[1]} if field else {}
        return self.answer(applicant, {key: [upload(applicant, "补正")] for key in keys}, form)

    def notify(self, *keys: str, field: str = "", in_pre_review: bool = False) -> "Walk":
        defects = [commands.Defect(kind="material", key=key, what="请补盖公章后重新上传。") for key in keys]
        if field:
            defects.append(commands.Defect(kind="field", key=field, what="请按营业执照填写。"))
        command = commands.return_in_pre_review if in_pre_review else commands.request_correction
        self.case = command(actor=self.receptionist(), case_no=self.no, defects=defects)
        return self

    def answer(
        self, applicant: Actor, materials: dict[str, list[StoredFile]], form: dict[str, Any], sha256: str = ""
    ) -> "Walk":
        case = queries.access_case(applicant, self.no)
        signed = sha256 or signing.sha256(commands.correction_content(case, form, materials))
        self.case = commands.submit_correction(
            actor=applicant, case_no=self.no, form=form, materials=materials,
            proof=commands.SignatureProof(method="password", sha256=signed, secret=PASSWORD),
        )  # fmt: skip
        return self

    def download(self, actor: Actor) -> "Walk":
        self.case = commands.deliver_by_download(actor=actor, case_no=self.no)
        return self

    def to_the_end(self, applicant: Actor) -> "Walk":
        self.receive().accept().to_decision().pay().decide().issue().pay()
        if "electronic" in definition_of(self.case.item_version).delivery:
            return self.download(applicant)
        return self.hand_out()

    def archive(self) -> "Walk":
        commands.archive(actor=SYSTEM, case_no=self.no)
        self.case.refresh_from_db()
        return self

    def hand_out(self, **changes: Any) -> "Walk":
        self.case = commands.deliver_at_window(
            actor=self.receptionist(), case_no=self.no, collector=collector(**changes)
        )
        return self


def applicant_of(slug: str) -> Actor:
    """Whoever the sample says applies."""
    account = identity.citizen_by_phone(sample(slug).phone)
    assert account is not None
    return identity.actor_for(account, moment.now())


def walk(slug: str = FOOD) -> Walk:
    """A submitted case of the sample's applicant."""
    return Walk(submitted(applicant_of(slug), slug))


STROKES = (((0.1, 0.5), (0.4, 0.2), (0.8, 0.7)),)


def collector(**changes: Any) -> commands.Collector:
    """Somebody who collects at a window and signs on the pad."""
    values: dict[str, Any] = {
        "name": "陈桂兰", "document_kind": "111", "document_number": "430212197803120021", "strokes": STROKES,
    }  # fmt: skip
    return commands.Collector(**(values | changes))


#: What any act on a case may write; appended to, or changed in place.
ROWS: tuple[type[Model], ...] = (
    Case, CaseMaterial, CaseNote, CaseStep, Correction, Decision, Delivery, Draft, DraftMaterial, InboxEntry, Signature,
    ExchangeBatch, ExchangeFault, ExchangeRow, Archive,
    NoteMention, StepFile,
    OpinionDraft, Parcel, ParcelScan, Phrase, PublicNotice, MaterialMark, MaterialCopy, Event, OutboxRow, Document,
    Message, Bill, Payment, Licence, Counter, StoredFile,
)  # fmt: skip


def world() -> dict[str, tuple[int, str]]:
    """Everything that acts on cases may change, to be compared before and after: rows and a digest a table."""
    parts = [
        sql.SQL(
            "SELECT {name}, count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t.id)), '') FROM {table} t"
        ).format(name=sql.Literal(one._meta.label), table=sql.Identifier(one._meta.db_table))
        for one in ROWS
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts))
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}


def kinds(case: Case) -> list[str]:
    """The case's own events, in order."""
    return [one.kind for one in chain.events(case.subject) if one.kind in events.KINDS]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
