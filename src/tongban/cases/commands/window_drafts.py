"""Writing an application at a window, for whoever stands there."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases.applicants import Agent, Applicant, Service, checked
from tongban.cases.commands.drafts import check_kind, known_company, open_version, remembered, saved, writable
from tongban.cases.models import Draft
from tongban.cases.refusals import CaseRefusal
from tongban.catalogue.queries import definition_of, materials_for
from tongban.directory.models import Organisation
from tongban.kernel.actor import Actor, Role
from tongban.kernel.problems import NotFound


@transaction.atomic
def start_window_draft(
    *, actor: Actor, version_id: int, organisation_id: int, applicant: Applicant, agent: Agent | None = None
) -> Draft:
    """Begin an application at a window for a person who need not have an account, a phone or a mainland ID.

    `organisation_id`: the body at whose window the clerk sits. The applicant's person is remembered by the document, so
    that an account registered later finds the case.

    Raises:
        NotFound: no such item version, or the clerk has no window post at that body.
        Invalid: a name, number or telephone of the applicant or the agent is missing or wrong.
        CaseRefusal: the item takes no new applications, none from such an applicant, or this window is not authorised.
    """
    version = open_version(version_id)
    definition = definition_of(version)
    if not any(
        one.organisation_id == organisation_id and one.role in {Role.WINDOW_CLERK, Role.CASE_OFFICER}
        for one in actor.appointments
    ):
        raise NotFound(_("这个窗口岗位"), code="window_not_found")
    organisation = Organisation.objects.get(pk=organisation_id)
    implementing = version.implementation.organisation_id
    if organisation_id != implementing and organisation.code not in definition.window_organisations:
        raise CaseRefusal(
            "window_not_authorised", _("本窗口未获授权收取这个事项。请告诉申请人到办事指南所列的窗口办理。"), status=403
        )
    applicant, agent = checked(applicant, agent)
    check_kind(definition, applicant.kind)
    now = moment.now()
    return Draft.objects.create(
        item_version=version,
        channel="window",
        clerk_id=actor.account_id,
        clerk_organisation=organisation,
        person=remembered(actor, applicant),
        company=known_company(applicant),
        applicant=applicant.as_json(),
        agent=agent.as_json() if agent else {},
        service=Service(
            address=applicant.address, recipient=applicant.name, phone=applicant.phone, delivery="window"
        ).as_json(),
        created_at=now,
        updated_at=now,
    )


@transaction.atomic
def note_paper(*, actor: Actor, draft_id: uuid.UUID | str, keys: Iterable[str]) -> Draft:
    """Keep which materials the clerk saw on paper and compared with their originals (窗口核验原件): level B.

    What the guide does not ask for in this situation is dropped; what is not named is no longer noted.

    Raises:
        CaseRefusal: the draft was submitted already, or it was not begun at a window.
    """
    draft = writable(actor, draft_id)
    if draft.channel != "window":
        raise CaseRefusal("paper_at_window_only", _("纸质材料只能在窗口核验。请上传电子材料，或到窗口办理。"))
    definition = definition_of(draft.item_version)
    wanted = {one.key for one in materials_for(definition, draft.answers, draft.form) if not one.generated_from_form}
    draft.service = {**draft.service, "paper": sorted(wanted & set(keys))}
    return saved(draft, "service")
