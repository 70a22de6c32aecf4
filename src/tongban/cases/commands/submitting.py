"""Submitting an application: signed content, number, case, event, receipt of the system; exactly once."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongban.base import chain, keys, moment, numbering, writing
from tongban.base.calendar import work_calendar
from tongban.cases import clock, events, materials, papers, proofs, signing, telling
from tongban.cases.applicants import Applicant, Service, ways_of_delivery
from tongban.cases.inbox import open_reception
from tongban.cases.models import Case, CaseMaterial, Draft, Signature
from tongban.cases.queries.access import access_draft
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import State
from tongban.cases.window_forms import form_schema
from tongban.catalogue import forms
from tongban.catalogue.models import Definition
from tongban.catalogue.queries import definition_of, walk
from tongban.files import commands as files
from tongban.files.models import StoredFile
from tongban.kernel.actor import Actor
from tongban.kernel.codes import case_no as case_numbers
from tongban.kernel.problems import Invalid, Refusal
from tongban.licences.queries import holder_code_of

#: Figures of a query password: 10^8 guesses against a limit of tries (domain: projpwd).
PASSWORD_FIGURES = 8


@dataclass(frozen=True, kw_only=True)
class Application:
    """A draft looked at as a whole: what would be signed, and what is still missing."""

    draft: Draft
    definition: Definition
    states: tuple[materials.MaterialState, ...]
    content: str
    sha256: str
    #: Part of the application ("questions", "form", "materials", "service") to what is wrong there.
    problems: dict[str, str]

    @property
    def complete(self) -> bool:
        """Whether it may be signed and submitted."""
        return not self.problems


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """The case that a submission made, or found made before."""

    case: Case
    query_password: str
    repeated: bool


def look_over(draft: Draft) -> Application:
    """Look a draft over: materials, what is missing, and the exact content that would be signed. Changes nothing."""
    handed_in = [(one.key, one.file) for one in draft.materials.select_related("file").order_by("pk")]
    return look_over_with(draft, handed_in)


def look_over_with(draft: Draft, handed_in: Sequence[tuple[str, StoredFile]]) -> Application:
    """The same for a draft whose files are at hand: pairs of material key and file."""
    definition = definition_of(draft.item_version)
    paper = draft.service.get("paper", []) if draft.channel == "window" else []
    applicant = Applicant.from_json(draft.applicant)
    states = tuple(
        materials.check_list(
            definition=definition,
            answers=draft.answers,
            form=draft.form,
            files=handed_in,
            holder_code=holder_code_of(applicant.document_kind, applicant.document_number),
            paper=paper,
        )
    )
    content = signing.application_content(
        task_code=draft.item_version.implementation.task_code,
        item_name=definition.name,
        version_digest=draft.item_version.digest,
        applicant=draft.applicant,
        agent=draft.agent,
        answers=draft.answers,
        form=draft.form,
        materials=materials.signed_materials(states),
        service=draft.service,
    )
    return Application(
        draft=draft,
        definition=definition,
        states=states,
        content=content,
        sha256=signing.sha256(content),
        problems=_problems(draft, definition, states),
    )


def submit(*, actor: Actor, draft_id: uuid.UUID | str, proof: signing.SignatureProof) -> Submitted:
    """Sign and submit a draft: one case, whatever is doubled, replayed or cut off.

    Online the application counts as received by the system at this moment (电子签名法 art. 11); the five working days
    for the decision on acceptance start here. The proof is checked before the transaction opens, so that a wrong code
    counts against its limit of tries although nothing else is written.

    Raises:
        CaseRefusal: the content is no longer what was signed, the guide changed, or the proof fails.
        Invalid: something is missing; `fields` names the parts.
        NotFound: not the actor's draft.
    """
    draft = access_draft(actor, draft_id)
    if draft.case is not None:
        return _repeated(draft.case)
    _check_signable(draft, proof)
    try:
        evidence = proofs.prove(actor=actor, channel=draft.channel, proof=proof)
    except Refusal:
        # The same code, sent twice at once: the first one made the case.
        case = access_draft(actor, draft_id).case
        if case is None:
            raise
        return _repeated(case)
    return _submit_once(actor, draft_id, proof, evidence)


@transaction.atomic
def _submit_once(
    actor: Actor, draft_id: uuid.UUID | str, proof: signing.SignatureProof, evidence: dict[str, Any]
) -> Submitted:
    draft = access_draft(actor, draft_id, lock=True)
    if draft.case is not None:
        return _repeated(draft.case)
    application = _check_signable(draft, proof)
    with writing.together():
        case = write_case(actor, application, proof, evidence)
        draft.case = case
        writing.change(draft, "case")
    return Submitted(case=case, query_password=case.query_password, repeated=False)


def write_case(actor: Actor, application: Application, proof: signing.SignatureProof, evidence: dict[str, Any]) -> Case:
    """Write the case of an application that was looked over and signed, inside `writing.together`.

    One statement for all of it: submitting is what a city does most (docs/performance.md).
    """
    now = moment.now()
    case = _make_case(application, now)
    chain.begin(case.subject)
    signature = _keep_signature(actor, case, application, proof, evidence, now)
    names = _keep_materials(actor, case, application, now)
    if application.definition.runs_in is None:
        # What is run in a system of others is received there: here nobody has anything to do.
        open_reception(case, now, taken_at=application.draft.clerk_organisation_id)
    words = papers.application(case, signature, material_names=names)
    papers.issue(actor=actor, case=case, kind="application", content=words, at=now)
    _tell_chain(actor, case, application, now)
    telling.submitted(case)
    return case


def _repeated(case: Case) -> Submitted:
    return Submitted(case=case, query_password=case.query_password, repeated=True)


def _check_signable(draft: Draft, proof: signing.SignatureProof) -> Application:
    check_open(draft)
    application = look_over(draft)
    check_complete(application)
    if proof.sha256 != application.sha256:
        raise CaseRefusal("content_changed", _("申请内容在您确认之后有变动，请重新核对一遍再签名提交。"))
    return application


def check_open(draft: Draft) -> None:
    """Refuse where the item is closed or its guide has changed."""
    implementation = draft.item_version.implementation
    if implementation.state != "active":
        raise CaseRefusal(
            "item_not_open",
            _("这个事项已暂停办理，现在不能提交。已填内容都已保留，恢复办理后可以继续；何时恢复请看办事指南。"),
        )
    if implementation.current_id != draft.item_version_id:
        raise CaseRefusal("guide_changed", _("办事指南刚刚更新，请按新指南核对后再提交。已填内容都已保留。"))


def check_complete(application: Application) -> None:
    """Refuse an application in which something is missing or wrong."""
    if not application.complete:
        raise Invalid(
            _("申请还不完整，请按提示补齐后再提交。"), fields=application.problems, code="application_incomplete"
        )


def form_problems(draft: Draft, definition: Definition) -> dict[str, str]:
    """What is missing or wrong in the form, for this applicant on this channel: field to sentence."""
    applicant = Applicant.from_json(draft.applicant)
    schema = form_schema(definition.form, applicant=applicant, channel=draft.channel)
    return forms.validate(schema, draft.form, answers=draft.answers)


def _problems(draft: Draft, definition: Definition, states: tuple[materials.MaterialState, ...]) -> dict[str, str]:
    problems: dict[str, str] = {}
    way = walk(definition, draft.answers)
    if way.stop is not None:
        problems["questions"] = way.stop.message
    elif not way.finished:
        problems["questions"] = _("还有情形没有选完。")
    wrong = form_problems(draft, definition)
    if wrong:
        problems["form"] = ngettext(
            "表单还有 %(n)s 处要填写或修改。", "表单还有 %(n)s 处要填写或修改。", len(wrong)
        ) % {"n": len(wrong)}
    missing = [one.material.name for one in states if not one.satisfied]
    if missing:
        problems["materials"] = ngettext(
            "还缺 %(n)s 份材料：%(names)s。", "还缺 %(n)s 份材料：%(names)s。", len(missing)
        ) % {
            "n": len(missing),
            "names": "、".join(missing[:5]),
        }
    service = Service.from_json({k: v for k, v in draft.service.items() if k != "paper"})
    unserved = service.problems(ways_of_delivery(definition.delivery, draft.channel))
    if unserved:
        problems["service"] = next(iter(unserved.values()))
    return problems


def _make_case(application: Application, now: datetime) -> Case:
    draft, implementation = application.draft, application.draft.item_version.implementation
    day = moment.local_date(now)
    serial = numbering.take(f"case:{implementation.task_code}", f"{day:%Y%m%d}")
    applicant = Applicant.from_json(draft.applicant)
    due = clock.acceptance_due(now, work_calendar(implementation.division_id))
    return writing.create(
        Case(
            case_no=case_numbers.make(implementation.task_code, day, serial),
            item_version=draft.item_version,
            implementation=implementation,
            item_name=application.definition.name,
            organisation=implementation.organisation,
            division=implementation.division,
            state=State.SUBMITTED,
            channel=draft.channel,
            account=draft.account,
            client_id=draft.client_id,
            person_id=draft.person_id,
            company_id=draft.company_id,
            applicant_kind=applicant.kind,
            applicant=draft.applicant,
            applicant_index=keys.blind(f"document:{applicant.document_kind}", applicant.document_number),
            applicant_name_index=keys.blind("name", applicant.name),
            applicant_phone_index=keys.blind("phone", applicant.phone) if applicant.phone else None,
            applicant_name_masked=applicant.masked_name,
            agent=draft.agent,
            answers=draft.answers,
            form=draft.form,
            service={key: value for key, value in draft.service.items() if key != "paper"},
            query_password="".join(secrets.choice("0123456789") for _ in range(PASSWORD_FIGURES)),
            submitted_at=now,
            due_acceptance_on=due.date,
            due_provisional=due.provisional,
        )
    )


def _keep_signature(
    actor: Actor,
    case: Case,
    application: Application,
    proof: signing.SignatureProof,
    evidence: dict[str, Any],
    now: datetime,
) -> Signature:
    return writing.create(
        Signature(
            case=case,
            purpose="application",
            content=application.content,
            sha256=application.sha256,
            signer_ref=actor.ref,
            method=proof.method,
            evidence=evidence,
            signed_at=now,
        )
    )


def _keep_materials(actor: Actor, case: Case, application: Application, now: datetime) -> list[str]:
    rows: list[CaseMaterial] = []
    for one in application.states:
        common = {"case": case, "key": one.material.key, "name": one.material.name, "added_at": now}
        if one.how == "files":
            for file in one.files:
                files.adopt(file, "case", case.case_no, actor=actor)
                if one.compared:
                    files.set_trust_level(file, "B", actor=actor)
                level = "B" if one.compared else materials.level_of(file)
                rows.append(CaseMaterial(source="file", file=file, trust_level=level, **common))
        elif one.how == "licence" and one.licence is not None:
            rows.append(CaseMaterial(source="licence", licence_id=one.licence.licence_id, trust_level="A", **common))
        elif one.how in {"form", "paper"}:
            count = max(one.material.original_count + one.material.copy_count, 1)
            rows.append(CaseMaterial(source=one.how, trust_level=one.trust_level, copies=count, **common))
    writing.create_all(rows)
    return list(dict.fromkeys(one.name for one in rows))


def _tell_chain(actor: Actor, case: Case, application: Application, now: datetime) -> None:
    event = events.CaseSubmitted(
        task_code=case.implementation.task_code,
        item_version=case.item_version.number,
        division=case.division_id,
        channel=case.channel,
        applicant_kind=case.applicant_kind,
        materials=len(application.states),
        materials_saved=sum(one.how == "licence" for one in application.states),
        signed_sha256=application.sha256,
        signed_by=actor.ref,
        due_acceptance_on=case.due_acceptance_on,
    )
    chain.append(subject=case.subject, kind=event.kind, payload=event.payload(), actor=actor, at=now)
