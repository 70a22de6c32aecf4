"""Real names, documents, companies: what is refused, and that a refusal changes nothing."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tongban.base import chain, moment
from tongban.base.tests.racing import race
from tongban.identity import commands
from tongban.identity.models import Account, Operator, Person
from tongban.identity.problems import IdentityRefusal
from tongban.identity.queries import person_for_lookup
from tongban.identity.tests import cast
from tongban.kernel.actor import SYSTEM
from tongban.kernel.problems import Invalid, NotFound

ID = "430212197803120021"


@pytest.mark.django_db
def test_verification_ties_the_account_to_the_person_at_level_two(clerk):
    account = cast.citizen(name="")
    person = commands.verify_real_name(cast.as_actor(account), name="陈桂兰", document_number=ID.lower())
    account.refresh_from_db()
    assert (account.person, account.name, person.assurance_level) == (person, "陈桂兰", 2)
    assert clerk.claim.phone == account.phone
    assert [event.kind for event in chain.events(f"account:{account.pk}")][-1] == "RealNameVerified"


@pytest.mark.django_db
def test_a_mismatch_changes_nothing(clerk):
    clerk.is_match = False
    account = cast.citizen(name="")
    with pytest.raises(IdentityRefusal) as refused:
        commands.verify_real_name(cast.as_actor(account), name="陈桂兰", document_number=ID)
    account.refresh_from_db()
    assert refused.value.code == "real_name_mismatch"
    assert account.person is None
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_a_wrong_check_digit_is_said_before_anybody_is_asked(clerk):
    with pytest.raises(Invalid) as refused:
        commands.verify_real_name(cast.as_actor(cast.citizen()), name="陈桂兰", document_number=ID[:-1] + "9")
    assert "document_number" in refused.value.fields
    assert not hasattr(clerk, "claim")


@pytest.mark.django_db
def test_one_person_has_one_account(clerk):
    commands.verify_real_name(cast.as_actor(cast.citizen("19900000031")), name="陈桂兰", document_number=ID)
    other = cast.citizen("19900000032")
    with pytest.raises(IdentityRefusal) as refused:
        commands.verify_real_name(cast.as_actor(other), name="陈桂兰", document_number=ID)
    assert refused.value.code == "person_has_account"


@pytest.mark.django_db
def test_a_verified_name_is_not_overwritten_by_a_weaker_proof():
    commands.ensure_person(SYSTEM, document_kind="111", number=ID, name="陈桂兰", level=2)
    with pytest.raises(IdentityRefusal):
        commands.ensure_person(SYSTEM, document_kind="111", number=ID, name="陈桂花", level=2)
    raised = commands.ensure_person(SYSTEM, document_kind="111", number=ID, name="陈桂花", level=3)
    assert (raised.name, raised.assurance_level) == ("陈桂花", 3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "number", "is_good"),
    [
        ("414", "E12345678", True),
        ("516", "H12345678", True),
        ("516", "X12345678", False),
        ("511", "12345678", True),
        ("511", "1234", False),
        ("999", "1234567", False),
    ],
)
def test_other_documents_are_taken_by_their_pattern(kind, number, is_good):
    if is_good:
        person = commands.ensure_person(SYSTEM, document_kind=kind, number=number, name="Anna Example")
        assert person_for_lookup(kind, number.lower()) == person
    else:
        with pytest.raises(Invalid):
            commands.ensure_person(SYSTEM, document_kind=kind, number=number, name="Anna Example")


def test_the_same_document_recorded_twice_at_once_is_one_person(live_database):
    act = lambda: commands.ensure_person(SYSTEM, document_kind="111", number=ID, name="陈桂兰").pk  # noqa: E731
    assert len(set(race([act] * 4))) == 1


def test_two_accounts_that_verify_a_known_person_at_once_end_with_one(live_database, clerk):
    """A window has verified the person before, so that nothing of the person is left to change."""
    commands.ensure_person(SYSTEM, document_kind="111", number=ID, name="陈桂兰", level=2)
    actors = [cast.as_actor(cast.citizen(f"1990000005{number}")) for number in range(4)]
    found = race([partial(commands.verify_real_name, one, name="陈桂兰", document_number=ID) for one in actors])
    refused = [one for one in found if isinstance(one, IdentityRefusal)]
    assert [one.code for one in refused] == ["person_has_account"] * 3
    assert Account.objects.filter(person__isnull=False).count() == 1


@pytest.mark.django_db
def test_an_operator_acts_for_the_company_within_the_dates_only():
    company = commands.ensure_company(SYSTEM, code="92430212YL00090174", name="渌口区陈记面馆")
    account = cast.citizen(serial=1)
    today = moment.today()
    commands.bind_operator(
        SYSTEM, company_id=company.pk, account_id=account.pk, valid_from=today - timedelta(9), valid_to=today
    )
    assert cast.as_actor(account).company_ids == (company.pk,)
    from tongban.identity.queries import actor_for

    assert actor_for(account, moment.now() + timedelta(days=1)).company_ids == ()


@pytest.mark.django_db
def test_only_the_owner_binds_agents_and_only_verified_ones():
    company = commands.ensure_company(SYSTEM, code="92430212YL00090174", name="渌口区陈记面馆")
    owner, agent = cast.citizen("19900000041", serial=2), cast.citizen("19900000042", serial=3)
    unverified = cast.citizen("19900000043")
    today = moment.today()
    commands.bind_operator(SYSTEM, company_id=company.pk, account_id=owner.pk, role="owner", valid_from=today)
    given: dict[str, Any] = {"company_id": company.pk, "valid_from": today}
    with pytest.raises(NotFound):
        commands.bind_operator(cast.as_actor(agent), account_id=agent.pk, **given)
    with pytest.raises(IdentityRefusal):
        commands.bind_operator(cast.as_actor(owner), account_id=unverified.pk, **given)
    bound = commands.bind_operator(cast.as_actor(owner), account_id=agent.pk, **given)
    commands.revoke_operator(cast.as_actor(owner), operator_id=bound.pk)
    assert cast.as_actor(agent).company_ids == ()
    assert Operator.objects.count() == 2
