"""Writing an application: begun, saved as one goes, resumed on another device, given up."""

import uuid
from collections.abc import Mapping
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.base.web.formats import cn_date
from tongban.cases.applicants import Agent, Applicant, Service, checked
from tongban.cases.commands.filling import check_material, put_answers, put_form, put_service
from tongban.cases.models import Draft, DraftMaterial
from tongban.cases.queries.access import access_draft
from tongban.cases.refusals import CaseRefusal
from tongban.catalogue import forms
from tongban.catalogue.models import Definition, ItemVersion
from tongban.catalogue.queries import definition_of, relevant_answers
from tongban.files import commands as files
from tongban.files.models import StoredFile
from tongban.identity.commands import ensure_person
from tongban.identity.models import Account, Company, Mandate, Person
from tongban.identity.queries import account_of, authority_by
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound

#: Drafts that one account may have open at once: enough for an agency, too few to fill a disk.
DRAFTS_MAX = 100
#: Kind of owner of a file that was uploaded and not yet handed in; its reference is the uploader.
UPLOAD = "upload"


@transaction.atomic
def start_draft(
    *,
    actor: Actor,
    version_id: int,
    channel: Literal["web", "mobile", "api"] = "web",
    company_id: int | None = None,
    principal_id: int | None = None,
) -> Draft:
    """Begin an application online, for oneself, for a company one operates, or for a person who authorised one to.

    Raises:
        CaseRefusal: the item takes no new applications, the identity is not proven enough, or too many drafts are open.
        NotFound: no such item version, or the company or person is none that the actor acts for.
    """
    version = open_version(version_id)
    definition = definition_of(version)
    account = Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=account_of(actor).pk)
    company = _company(actor, company_id)
    _check_target(definition, company)
    _check_assurance(definition, account)
    if Draft.objects.filter(account=account, case__isnull=True).count() >= DRAFTS_MAX:
        raise CaseRefusal(
            "draft_too_many",
            _("您已有 %(drafts_max)s 份未提交的申请，请先提交或删除一些再新建。") % {"drafts_max": DRAFTS_MAX},
        )
    now = moment.now()
    mandate = authority_by(actor, principal_id) if principal_id is not None and company is None else None
    applicant = _applicant_of(account, company) if mandate is None else _principal(mandate.principal)
    return Draft.objects.create(
        item_version=version,
        channel=channel,
        account=account,
        person=account.person if mandate is None else mandate.principal,
        company=company,
        applicant=applicant.as_json(),
        agent={} if mandate is None else _agent(account, mandate).as_json(),
        service=Service(
            phone=account.phone, recipient=account.name if mandate is None else applicant.name, email=account.email
        ).as_json(),
        created_at=now,
        updated_at=now,
    )


@transaction.atomic
def start_client_draft(*, actor: Actor, version_id: int, applicant: Applicant) -> Draft:
    """Begin an application that another system files for its user; the system answers for who that is.

    Raises:
        NotFound: no such item version, or the system may not submit.
        Invalid: the applicant's name, number or telephone is missing or wrong.
        CaseRefusal: the item takes no new applications, or none from such an applicant.
    """
    draft = client_draft(actor, open_version(version_id), applicant)
    draft.save(force_insert=True)
    return draft


def client_draft(actor: Actor, version: ItemVersion, applicant: Applicant) -> Draft:
    """A system's draft in memory, not saved; raises as `start_client_draft`."""
    if not actor.has_scope("cases:submit"):
        raise NotFound(_("这个事项"), code="item_not_found")
    applicant, _agent = checked(applicant, None)
    check_kind(definition_of(version), applicant.kind)
    now = moment.now()
    return Draft(
        item_version=version,
        channel="api",
        client_id=actor.client_id,
        person=remembered(actor, applicant),
        company=known_company(applicant),
        applicant=applicant.as_json(),
        service=Service(address=applicant.address, recipient=applicant.name, phone=applicant.phone).as_json(),
        created_at=now,
        updated_at=now,
    )


@transaction.atomic
def save_answers(*, actor: Actor, draft_id: uuid.UUID | str, answers: Mapping[str, Any]) -> Draft:
    """Save the answers that choose the situation; answers off the path that they choose are dropped.

    Raises:
        Invalid: an answer is not one that the guide offers.
        CaseRefusal: the draft was submitted already.
    """
    draft = writable(actor, draft_id)
    definition = definition_of(draft.item_version)
    put_answers(draft, definition, answers)
    return saved(draft, "answers")


@transaction.atomic
def save_form(*, actor: Actor, draft_id: uuid.UUID | str, data: Mapping[str, Any], partial: bool = True) -> Draft:
    """Save the form; with `partial` (autosave) incomplete data is kept as it is, otherwise it must be right.

    What the guide's form does not ask is dropped.

    Raises:
        Invalid: not partial, and something is missing or wrong; everything typed is saved all the same.
        CaseRefusal: the draft was submitted already.
    """
    draft = writable(actor, draft_id)
    definition = definition_of(draft.item_version)
    put_form(draft, definition, data, partial=partial)
    return saved(draft, "form")


@transaction.atomic
def attach(*, actor: Actor, draft_id: uuid.UUID | str, material_key: str, file: StoredFile) -> Draft:
    """Hand in a file for a material that the guide lists in this situation; a repeated call changes nothing.

    Raises:
        Invalid: the guide does not ask for such a material here, or too many files.
        CaseRefusal: the draft was submitted already.
    """
    draft = writable(actor, draft_id)
    definition = definition_of(draft.item_version)
    given = DraftMaterial.objects.filter(draft=draft, key=material_key).count()
    check_material(draft, definition, material_key, given=given)
    check_own_upload(actor, file, draft)
    DraftMaterial.objects.get_or_create(
        draft=draft, file=file, defaults={"key": material_key, "added_at": moment.now()}
    )
    files.adopt(file, "draft", str(draft.public_id), actor=actor)
    return saved(draft)


@transaction.atomic
def detach(*, actor: Actor, draft_id: uuid.UUID | str, file_id: uuid.UUID | str) -> Draft:
    """Take a file back out of a draft and discard it; one that is not in it is no error.

    Raises:
        CaseRefusal: the draft was submitted already.
    """
    draft = writable(actor, draft_id)
    for one in DraftMaterial.objects.filter(draft=draft, file__public_id=file_id).select_related("file"):
        one.delete()
        files.discard(one.file, actor=actor)
    return saved(draft)


@transaction.atomic
def save_service(*, actor: Actor, draft_id: uuid.UUID | str, service: Service, partial: bool = False) -> Draft:
    """Confirm the address for service, consent to electronic service and the way of delivery.

    With `partial` (autosave) it is kept as it is and checked when the application is looked over.

    Raises:
        Invalid: not partial, and the item does not deliver that way, or what that way needs is missing.
        CaseRefusal: the draft was submitted already.
    """
    draft = writable(actor, draft_id)
    put_service(draft, definition_of(draft.item_version), service, partial=partial)
    return saved(draft, "service")


@transaction.atomic
def adopt_current_guide(*, actor: Actor, draft_id: uuid.UUID | str) -> Draft:
    """Move a draft to the guide now in force; what was written stays where the new guide still asks for it."""
    draft = writable(actor, draft_id)
    current = draft.item_version.implementation.current
    if current is None or current.pk == draft.item_version_id:
        return draft
    definition = definition_of(current)
    draft.item_version = current
    draft.answers = relevant_answers(definition, draft.answers)
    draft.form = {key: value for key, value in draft.form.items() if key in definition.form.get("properties", {})}
    return saved(draft, "item_version", "answers", "form")


@transaction.atomic
def discard_draft(*, actor: Actor, draft_id: uuid.UUID | str) -> None:
    """Delete a draft that was not submitted, with its files.

    Raises:
        CaseRefusal: the draft was submitted already.
    """
    draft = writable(actor, draft_id)
    given = [one.file for one in draft.materials.select_related("file")]
    draft.delete()
    for file in given:
        files.discard(file, actor=actor)


def check_own_upload(actor: Actor, file: StoredFile, draft: Draft | None = None) -> None:
    """Refuse a file that is neither the actor's own fresh upload nor already in this draft.

    Raises:
        NotFound: somebody else's file; it looks absent.
    """
    own = (file.owner_kind, file.owner_ref) == (UPLOAD, actor.ref)
    here = draft is not None and (file.owner_kind, file.owner_ref) == ("draft", str(draft.public_id))
    if not own and not here:
        raise NotFound(_("这个文件"), code="file_not_found")


def form_errors(definition: Definition, draft: Draft) -> dict[str, str]:
    """What is missing or wrong in the form: field to sentence; empty when it is right."""
    return forms.validate(definition.form, draft.form, answers=draft.answers)


def writable(actor: Actor, draft_id: uuid.UUID | str) -> Draft:
    draft = access_draft(actor, draft_id, lock=True)
    if draft.case_id is not None:
        raise CaseRefusal("draft_submitted", _("这份申请已经提交，不能再改。请到“我的办件”查看进度。"))
    return draft


def saved(draft: Draft, *fields: str) -> Draft:
    draft.updated_at = moment.now()
    draft.save(update_fields=[*fields, "updated_at"])
    return draft


def open_version(version_id: int) -> ItemVersion:
    version = (
        ItemVersion.objects.select_related("implementation__organisation", "implementation__current")
        .filter(pk=version_id)
        .first()
    )
    if version is None:
        raise NotFound(_("这个事项"), code="item_not_found")
    if version.implementation.state != "active" or version.implementation.current_id != version.pk:
        raise CaseRefusal("item_not_open", _("这个事项的办事指南已更新或暂停办理，请重新打开办事指南查看。"))
    return version


def _company(actor: Actor, company_id: int | None) -> Company | None:
    if company_id is None:
        return None
    if company_id not in actor.company_ids:
        raise NotFound(_("这家企业"), code="company_not_found")
    return Company.objects.get(pk=company_id)


def check_kind(definition: Definition, kind: Literal["person", "company"]) -> None:
    targets = set(definition.service_targets)
    if kind == "person" and "person" not in targets:
        raise CaseRefusal("applicant_kind", _("这个事项由单位申请，请改填单位的名称和统一社会信用代码。"))
    if kind == "company" and targets == {"person"}:
        raise CaseRefusal("applicant_kind", _("这个事项由个人申请，请改填申请人本人的证件。"))


def _check_target(definition: Definition, company: Company | None) -> None:
    targets = set(definition.service_targets)
    if company is None and "person" not in targets:
        raise CaseRefusal("applicant_kind", _("这个事项由单位申请，请先切换到您经办的单位再办理。"))
    if company is not None and targets == {"person"}:
        raise CaseRefusal("applicant_kind", _("这个事项由个人申请，请用本人身份办理。"))


def _check_assurance(definition: Definition, account: Account) -> None:
    level = account.person.assurance_level if account.person else 0
    if level < definition.assurance_level:
        raise CaseRefusal(
            "assurance_too_low",
            _("办理这个事项需要先完成实名核验。请到“我的账号”完成核验后再来，已填内容不受影响。"),
            status=403,
            data={"needed": definition.assurance_level, "level": level},
        )


def _applicant_of(account: Account, company: Company | None) -> Applicant:
    if company is not None:
        return Applicant(
            kind="company",
            name=company.name,
            document_kind="001",
            document_number=company.uscc,
            phone=account.phone,
            address=company.address,
            legal_representative=company.legal_representative,
        )
    person = account.person
    return Applicant(
        kind="person",
        name=person.name if person else account.name,
        document_kind=person.document_kind if person else "",
        document_number=person.document_number if person else "",
        phone=account.phone,
    )


def _principal(person: Person) -> Applicant:
    return Applicant(
        kind="person",
        name=person.name,
        document_kind=person.document_kind,
        document_number=person.document_number,
        phone=person.phone,
    )


def _agent(account: Account, mandate: Mandate) -> Agent:
    person = mandate.agent
    authority = _("%(way)s：第 %(number)s 号，%(start)s至%(end)s") % {
        "way": mandate.get_way_display(),
        "number": mandate.pk,
        "start": cn_date(mandate.valid_from),
        "end": cn_date(mandate.valid_to),
    }
    return Agent(
        name=person.name,
        document_kind=person.document_kind,
        document_number=person.document_number,
        phone=account.phone,
        authority=authority,
    )


def remembered(actor: Actor, applicant: Applicant) -> Person | None:
    """The person by the document, so that an account registered later finds the case."""
    if applicant.kind != "person":
        return None
    return ensure_person(
        actor,
        document_kind=applicant.document_kind,
        number=applicant.document_number,
        name=applicant.name,
        phone=applicant.phone,
    )


def known_company(applicant: Applicant) -> Company | None:
    if applicant.kind != "company":
        return None
    return Company.objects.filter(uscc=applicant.document_number).first()
