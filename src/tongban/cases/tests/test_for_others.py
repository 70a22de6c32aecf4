"""Who was authorised sees and does what the person could, as long as it lasts, and no longer."""

from datetime import timedelta
from typing import Any

import pytest

from tongban.base import moment
from tongban.cases import commands, queries
from tongban.cases.models import Case
from tongban.cases.tests import story
from tongban.documents.queries import access_document, documents_of
from tongban.identity import commands as identity
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound, Refusal
from tongban.notices.models import Message

pytestmark = pytest.mark.usefixtures("city")

PENSION = "resident-pension-enrolment"


def authorise(cast: Any, *, may_withdraw: bool = False) -> Any:
    """The citizen authorises the other citizen, who agrees."""
    person = cast.account("other_citizen").person
    mandate = identity.grant_mandate(
        cast.citizen,
        agent=identity.Named(document_kind="111", document_number=person.document_number, name=person.name),
        valid_to=moment.today() + timedelta(days=30), may_withdraw=may_withdraw, method="password", secret=story.PASSWORD,
    )  # fmt: skip
    return identity.confirm_mandate(cast.other_citizen, mandate_id=mandate.pk)


def of_citizen() -> story.Walk:
    """A case of a natural person."""
    return story.walk(PENSION)


def seen(actor: Actor, case: Case) -> set[str]:
    """Which doors of the case open to the actor."""
    paper = next(one for one in documents_of(case.subject) if one.kind == "application")
    doors = {
        "case": lambda: queries.access_case(actor, case.case_no),
        "paper": lambda: access_document(actor, str(paper.public_id)),
    }
    found = {"list"} if case in queries.my_cases(actor).items else set()
    for name, door in doors.items():
        try:
            door()
        except NotFound:
            continue
        found.add(name)
    return found


def principal_of(cast: Any, case: Case) -> str:
    return next(name for name in ("citizen", "other_citizen") if cast.account(name).person_id == case.person_id)


def test_everything_opens_with_the_authority_and_closes_with_its_end(cast):
    case = of_citizen().case
    assert principal_of(cast, case) == "citizen"
    assert seen(cast.other_citizen, case) == set()
    mandate = authorise(cast)
    assert seen(cast.other_citizen, case) == {"list", "case", "paper"}
    identity.end_mandate(cast.citizen, mandate_id=mandate.pk)
    assert seen(cast.other_citizen, case) == set()
    assert seen(cast.citizen, case) == {"list", "case", "paper"}


def test_a_persons_authority_says_nothing_of_a_company(cast):
    authorise(cast)
    company_case = story.walk(story.FOOD).case
    assert company_case.company_id is not None
    assert seen(cast.other_citizen, company_case) == set()


def test_the_agent_applies_corrects_and_takes_copies_in_the_applicants_name(cast):
    authorise(cast)
    agent = cast.other_citizen
    found = story.sample(PENSION)
    version_id = story.implementation_for(found).current_id
    assert version_id is not None
    begun = commands.start_draft(actor=agent, version_id=version_id, principal_id=cast.citizen.person_id)
    assert begun.applicant["name"] == cast.citizen.name
    assert begun.agent["name"] == agent.name
    assert "网上授权" in begun.agent["authority"]
    assert begun.person_id == cast.citizen.person_id


def test_withdrawing_takes_a_power_of_its_own(cast):
    no = of_citizen().receive().no
    mandate = authorise(cast)
    before = story.world()
    with pytest.raises(Refusal, match="mandate_too_narrow"):
        commands.withdraw(actor=cast.other_citizen, case_no=no)
    assert story.world() == before
    assert not queries.may_give_up(cast.other_citizen, Case.objects.get(case_no=no))
    identity.end_mandate(cast.other_citizen, mandate_id=mandate.pk)
    authorise(cast, may_withdraw=True)
    assert commands.withdraw(actor=cast.other_citizen, case_no=no).state == "withdrawn"


def test_nobody_begins_for_somebody_who_did_not_authorise_them(cast):
    version_id = story.implementation_for(story.sample(PENSION)).current_id
    assert version_id is not None
    before = story.world()
    with pytest.raises(NotFound):
        commands.start_draft(actor=cast.other_citizen, version_id=version_id, principal_id=cast.citizen.person_id)
    assert story.world() == before


def test_who_filed_for_another_loses_case_draft_and_messages_with_the_authority(cast):
    mandate = authorise(cast)
    agent = cast.other_citizen
    case = of_citizen().case
    Case.objects.filter(pk=case.pk).update(account_id=agent.account_id, agent={"name": agent.name})
    version_id = case.item_version_id
    draft = commands.start_draft(actor=agent, version_id=version_id, principal_id=cast.citizen.person_id)
    assert draft in queries.my_drafts(agent)

    walk = story.Walk(Case.objects.get(pk=case.pk))
    walk.receive()
    told = {one.account_id for one in Message.objects.filter(subject_ref=case.subject, kind="case.received")}
    assert told == {agent.account_id, cast.citizen.account_id}
    identity.end_mandate(cast.citizen, mandate_id=mandate.pk)
    assert seen(cast.other_citizen, case) == set()
    assert draft not in queries.my_drafts(cast.other_citizen)
    with pytest.raises(NotFound):
        queries.access_draft(cast.other_citizen, draft.public_id)
    Message.objects.all().delete()
    walk.accept()
    told = {one.account_id for one in Message.objects.filter(subject_ref=case.subject)}
    assert told == {cast.citizen.account_id}
