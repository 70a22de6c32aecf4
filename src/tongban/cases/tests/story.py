"""How a case comes about in tests: by the commands, with the pack's samples; every part can be stopped early."""

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from tongban.base import moment
from tongban.cases import commands, queries
from tongban.cases.models import Case, CaseStep, Draft
from tongban.catalogue.queries import definition_of
from tongban.config.rehearsal.samples import Sample, implementation_for, sample_pdf, samples_of
from tongban.files import commands as files
from tongban.files.models import StoredFile
from tongban.identity import queries as identity
from tongban.identity.models import Account, Company
from tongban.kernel.actor import Actor

ZHUZHOU: Path = settings.ROOT / "cities" / "zhuzhou"
PASSWORD = "zhuzhou-demo-2026"
FOOD = "food-business-licence"


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
            address="株洲市渌口区津口路128号", electronic_consent=True, delivery=definition.delivery[0], phone="19900000001"
        ),
    )
    return queries.access_draft(actor, key)


def proof(ready: Draft, secret: str = PASSWORD) -> commands.SignatureProof:
    return commands.SignatureProof(method="password", sha256=commands.look_over(ready).sha256, secret=secret)


def submitted(actor: Actor, slug: str = FOOD) -> Case:
    ready = draft(actor, slug)
    return commands.submit(actor=actor, draft_id=ready.public_id, proof=proof(ready)).case


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

    def decide(self, *, granted: bool = True) -> "Walk":
        words = {"reason": "同意。"} if granted else {"reason": "场所不符合条件。", "basis": "《行政许可法》第三十八条"}
        self.case = commands.decide(actor=self.decider(), case_no=self.no, granted=granted, **words)
        return self

    def issue(self) -> "Walk":
        self.case = commands.issue_result(actor=self.receptionist(), case_no=self.no)
        return self
