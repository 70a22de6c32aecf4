"""One person's authority to another: only between real-named people, for a term, agreed to, ended at once."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from tongban.base import chain, moment
from tongban.base.tests.racing import race
from tongban.identity import commands, queries
from tongban.identity.models import Mandate, Operator
from tongban.identity.problems import IdentityRefusal
from tongban.identity.tests import cast
from tongban.kernel.actor import SYSTEM, Role
from tongban.kernel.problems import Invalid, NotFound, TooMany


@pytest.fixture
def pair(db):
    """Two real-named citizens; the first has a password."""
    first, second = cast.citizen("19900000011", serial=1), cast.citizen("19900000012", name="周小明", serial=3)
    first.set_password(cast.PASSWORD)
    first.save(update_fields=["password"])
    return first, second


def named(account, **changes):
    facts = {"document_kind": "111", "document_number": account.person.document_number, "name": account.person.name}
    return commands.Named(**(facts | changes))


def grant(first, second, **changes):
    given = {
        "agent": named(second), "valid_to": moment.today() + timedelta(days=30), "may_withdraw": False,
        "method": "password", "secret": cast.PASSWORD,
    }  # fmt: skip
    return commands.grant_mandate(cast.as_actor(first), **(given | changes))


def principals(account):
    return cast.as_actor(account).principals


def kinds(mandate):
    return [one.kind for one in chain.events(mandate.subject)]


def test_it_counts_from_the_agents_consent_and_ends_when_revoked(pair):
    first, second = pair
    mandate = grant(first, second)
    assert principals(second) == ()
    for _ in range(2):
        commands.confirm_mandate(cast.as_actor(second), mandate_id=mandate.pk)
    (held,) = principals(second)
    assert (held.person_id, held.may_withdraw) == (first.person_id, False)
    assert cast.as_actor(second).person_ids == (second.person_id, first.person_id)
    for _ in range(2):
        commands.end_mandate(cast.as_actor(first), mandate_id=mandate.pk)
    assert principals(second) == ()
    assert kinds(mandate) == ["MandateGranted", "MandateConfirmed", "MandateEnded"]
    with pytest.raises(NotFound):
        commands.confirm_mandate(cast.as_actor(second), mandate_id=mandate.pk)


def test_its_last_day_is_included_and_the_next_is_not(pair, freeze):
    first, second = pair
    mandate = grant(first, second, valid_to=moment.today())
    commands.confirm_mandate(cast.as_actor(second), mandate_id=mandate.pk)
    assert principals(second)
    with freeze(moment.end_of(moment.today()) + timedelta(minutes=1)):
        assert principals(second) == ()
        assert queries.mandates_given(cast.as_actor(first)) == []
        assert grant(first, second).pk != mandate.pk  # the old one no longer stands in the way


def test_only_the_two_of_them_touch_it(pair):
    first, second = pair
    mandate = grant(first, second)
    stranger = cast.as_actor(cast.citizen("19900000013", name="吴示例", serial=5))
    unnamed = cast.as_actor(cast.citizen("19900000014"))
    clerk = cast.as_actor(cast.staff("clerk", Role.WINDOW_CLERK, at=cast.organisation()))
    for actor in (stranger, unnamed, clerk):
        with pytest.raises(NotFound):
            commands.end_mandate(actor, mandate_id=mandate.pk)
    for actor in (stranger, unnamed, clerk, cast.as_actor(first)):
        with pytest.raises(NotFound):
            commands.confirm_mandate(actor, mandate_id=mandate.pk)
    mandate.refresh_from_db()
    assert (mandate.confirmed_at, mandate.ended_at) == (None, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_to": timedelta(days=-1)}, "valid_to"),
        ({"valid_to": timedelta(days=400)}, "valid_to"),
        ({"secret": "wrong"}, "secret"),
        ({"method": "phone_code", "secret": "000000"}, "secret"),
        ({"name": "别的名字"}, "agent_number"),
        ({"number": "110105194912310020"}, "agent_number"),
        ({"number": "1"}, "agent_number"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_kept(pair, changes, field):
    first, second = pair
    if isinstance(changes.get("valid_to"), timedelta):
        changes = {"valid_to": moment.today() + changes["valid_to"]}
    if "name" in changes:
        changes = {"agent": named(second, name=changes["name"])}
    if "number" in changes:
        changes = {"agent": named(second, document_number=changes["number"])}
    with pytest.raises(Invalid) as caught:
        grant(first, second, **changes)
    assert set(caught.value.fields) == {field}
    assert not Mandate.objects.exists()


def test_nobody_authorises_oneself_twice_the_same_or_without_a_name(pair):
    first, second = pair
    with pytest.raises(Invalid):
        grant(first, second, agent=named(first))
    grant(first, second)
    with pytest.raises(IdentityRefusal, match="mandate_exists"):
        grant(first, second)
    with pytest.raises(IdentityRefusal, match="not_verified"):
        grant(cast.citizen("19900000015"), second)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.create(
            principal=first.person, agent=first.person, way="online", valid_from=moment.today(),
            valid_to=moment.today(), granted_at=moment.now(), evidence="",
        )  # fmt: skip


def test_names_and_numbers_cannot_be_tried_out(pair):
    first, second = pair
    for _ in range(10):
        with pytest.raises(Invalid):
            grant(first, second, agent=named(second, name="别的名字"))
    with pytest.raises(TooMany):
        grant(first, second)


def test_a_window_records_what_it_saw_at_once_and_ends_it_for_who_comes(pair):
    _first, second = pair
    body = cast.organisation()
    clerk = cast.as_actor(cast.staff("clerk", Role.WINDOW_CLERK, at=body))
    officer = cast.as_actor(cast.staff("officer", Role.CASE_OFFICER, at=body))
    old = commands.Named(document_kind="111", document_number="11010519491231002X", name="李老太")
    given = {
        "organisation_id": body.pk, "principal": old, "agent": named(second), "may_withdraw": True,
        "valid_to": moment.today(), "authority": "2026年11月20日委托办理各项政务服务",
    }  # fmt: skip
    with pytest.raises(NotFound):
        commands.record_mandate(officer, **given)
    with pytest.raises(Invalid):
        commands.record_mandate(clerk, **(given | {"authority": "委托"}))
    with pytest.raises(Invalid):
        commands.record_mandate(clerk, **(given | {"agent": old}))
    assert not Mandate.objects.exists()
    mandate = commands.record_mandate(clerk, **given)
    (held,) = principals(second)
    assert held.may_withdraw
    assert queries.mandates_at_window(clerk, "111", "11010519491231002x") == [mandate]
    assert queries.mandates_at_window(officer, "111", "11010519491231002X") == []
    with pytest.raises(NotFound):
        commands.end_mandate(officer, mandate_id=mandate.pk)
    commands.end_mandate(clerk, mandate_id=mandate.pk)
    assert principals(second) == ()
    assert chain.events(mandate.subject)[-1].payload == {"by": "window"}


@pytest.fixture
def company(pair):
    """A company that the first of the pair heads."""
    found = commands.ensure_company(SYSTEM, code="92430212YL00090174", name="渌口区陈记面馆")
    commands.bind_operator(
        SYSTEM, company_id=found.pk, account_id=pair[0].pk, role="owner", valid_from=moment.today() - timedelta(9)
    )
    return found


def let(first, second, company, **changes):
    given = {
        "company_id": company.pk, "agent": named(second), "valid_to": moment.today() + timedelta(days=30),
        "method": "password", "secret": cast.PASSWORD,
    }  # fmt: skip
    return commands.authorise_agent(cast.as_actor(first), **(given | changes))


def test_the_head_of_a_company_lets_an_agent_act_and_takes_it_back(pair, company):
    first, second = pair
    operator = let(first, second, company)
    assert cast.as_actor(second).company_ids == (company.pk,)
    with pytest.raises(IdentityRefusal, match="operator_exists"):
        let(first, second, company)
    _company, agents = queries.agents_of_company(cast.as_actor(first), company.pk)
    assert agents == [operator]
    commands.revoke_operator(cast.as_actor(first), operator_id=operator.pk)
    assert cast.as_actor(second).company_ids == ()
    assert queries.agents_of_company(cast.as_actor(first), company.pk)[1] == []


def test_an_agent_lets_nobody_act_nor_does_a_head_whose_time_is_over(pair, company):
    first, second = pair
    let(first, second, company)
    third = cast.citizen("19900000016", name="吴示例", serial=7)
    for actor in (second, third):
        with pytest.raises(NotFound):
            let(actor, third, company)
        with pytest.raises(NotFound):
            queries.agents_of_company(cast.as_actor(actor), company.pk)
    Operator.objects.filter(account=first).update(valid_to=moment.today() - timedelta(days=1))
    with pytest.raises(NotFound):
        let(first, third, company)
    assert Operator.objects.count() == 2


@pytest.mark.parametrize("changes", [{"secret": "wrong"}, {"valid_to": timedelta(days=-1)}, {"name": "别的名字"}])
def test_a_company_lets_nobody_act_by_mistake(pair, company, changes):
    first, second = pair
    if "name" in changes:
        changes = {"agent": named(second, name=changes["name"])}
    if "valid_to" in changes:
        changes = {"valid_to": moment.today() + changes["valid_to"]}
    with pytest.raises(Invalid):
        let(first, second, company, **changes)
    assert Operator.objects.count() == 1


def test_two_grants_at_once_are_one(live_database):
    first, second = cast.citizen("19900000017", serial=8), cast.citizen("19900000018", name="周小明", serial=9)
    first.set_password(cast.PASSWORD)
    first.save(update_fields=["password"])
    found = race([partial(grant, first, second)] * 4)
    assert [one.code for one in found if isinstance(one, IdentityRefusal)] == ["mandate_exists"] * 3
    assert Mandate.objects.count() == 1
