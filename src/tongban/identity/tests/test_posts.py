"""Posts, delegations, handover, unmasking, tokens: who may, until when, and what is written down."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from tongban.base import chain, moment
from tongban.identity import commands, queries
from tongban.identity.models import Account, Appointment, Delegation, UnmaskLog
from tongban.identity.problems import IdentityRefusal
from tongban.identity.queries import actor_for
from tongban.identity.registries import Handover, handover
from tongban.identity.tests import cast
from tongban.kernel.actor import SYSTEM, Role
from tongban.kernel.problems import Invalid, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return cast.organisation()


def days(count):
    return moment.today() + timedelta(days=count)


def test_several_posts_are_one_actor(bureau):
    account = cast.staff("zhou", Role.CASE_OFFICER, Role.SECTION_HEAD, at=bureau)
    actor = cast.as_actor(account)
    assert actor.roles() == {Role.CASE_OFFICER, Role.SECTION_HEAD}
    held = queries.holds(actor, Role.SECTION_HEAD, bureau.pk)
    assert held is not None
    assert held.organisation_name == bureau.name
    assert queries.holds(actor, Role.LEADER, bureau.pk) is None
    assert queries.accounts_with(Role.SECTION_HEAD, bureau.pk) == [account]


def test_an_appointment_counts_on_its_last_day_and_not_after(bureau):
    account = commands.create_staff(SYSTEM, login="li.example", name="李")
    post, _ = commands.set_post(SYSTEM, code="x/y", organisation=bureau, role=Role.LEADER, title="局长")
    commands.appoint(SYSTEM, account_id=account.pk, post_id=post.pk, valid_from=days(-5), valid_to=days(0))
    assert cast.as_actor(account).appointments
    assert not actor_for(account, moment.now() + timedelta(days=1)).appointments


def test_a_post_reaches_its_division_and_what_lies_in_it(bureau):
    _city, county = cast.divisions()
    clerk = cast.staff(
        "huang", Role.WINDOW_CLERK, at=cast.organisation("sjj", division=county, name="渌口区行政审批局")
    )
    actor = cast.as_actor(clerk)
    assert queries.may_in_division(actor, Role.WINDOW_CLERK, "430212100000")
    assert queries.may_in_division(actor, Role.WINDOW_CLERK, "430211000000") is None


def test_a_delegation_lends_the_post_until_its_last_day(bureau):
    head = cast.staff("head", Role.SECTION_HEAD, at=bureau)
    officer = cast.staff("officer", Role.CASE_OFFICER, at=bureau)
    held = Appointment.objects.get(account=head)
    commands.delegate(
        cast.as_actor(head), appointment_id=held.pk, to_account_id=officer.pk, valid_from=days(0), valid_to=days(3),
        reason="出差",
    )  # fmt: skip
    lent = queries.holds(cast.as_actor(officer), Role.SECTION_HEAD, bureau.pk)
    assert lent is not None
    assert (lent.delegated_from, lent.id) == (head.pk, held.pk)
    assert len(actor_for(officer, moment.now() + timedelta(days=4)).appointments) == 1


def test_what_was_lent_is_not_lent_on_nor_to_strangers(bureau):
    head = cast.staff("head", Role.SECTION_HEAD, at=bureau)
    officer = cast.staff("officer", Role.CASE_OFFICER, at=bureau)
    stranger = cast.staff("stranger", Role.CASE_OFFICER, at=cast.organisation("cgj", name="株洲市城市管理局"))
    held = Appointment.objects.get(account=head)
    given = {"appointment_id": held.pk, "valid_from": days(0), "valid_to": days(3), "reason": "出差"}
    commands.delegate(cast.as_actor(head), to_account_id=officer.pk, **given)
    with pytest.raises(NotFound):
        commands.delegate(cast.as_actor(officer), to_account_id=head.pk, **given)
    for wrong in (stranger.pk, head.pk):
        with pytest.raises(Invalid):
            commands.delegate(cast.as_actor(head), to_account_id=wrong, **given)
    assert Delegation.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [{"valid_to": 400}, {"valid_to": -1}, {"valid_from": -2}, {"reason": " "}],
    ids=["too long", "ends before it begins", "in the past", "without a reason"],
)
def test_a_delegation_without_sense_is_refused(bureau, change):
    head, officer = cast.staff("head", Role.LEADER, at=bureau), cast.staff("officer", Role.CASE_OFFICER, at=bureau)
    given = {"valid_from": 0, "valid_to": 3, "reason": "出差"} | change
    with pytest.raises(Invalid):
        commands.delegate(
            cast.as_actor(head), appointment_id=Appointment.objects.get(account=head).pk, to_account_id=officer.pk,
            valid_from=days(given["valid_from"]), valid_to=days(given["valid_to"]), reason=given["reason"],
        )  # fmt: skip
    assert not Delegation.objects.exists()


class Desk(Handover):
    name = "desk"
    label = "桌上的件"

    def __init__(self):
        self.orders = []

    def count(self, order):
        return 3 if order.from_account_id != order.to_account_id else 0

    def hand_over(self, order):
        self.orders.append(order)
        return 3


def test_a_leaver_hands_posts_and_work_over_and_is_closed(bureau, monkeypatch):
    desk = Desk()
    monkeypatch.setattr(handover, "_things", {"desk": desk})
    leaver = cast.staff("leaver", Role.CASE_OFFICER, Role.SECTION_HEAD, at=bureau)
    heir = cast.staff("heir", Role.CASE_OFFICER, at=bureau)
    done = commands.hand_over(cast.admin(bureau), from_account_id=leaver.pk, to_account_id=heir.pk)
    leaver.refresh_from_db()
    assert not leaver.is_active
    assert done.work == {"desk": 3}
    assert [(o.from_account_id, o.to_account_id, o.organisation_id) for o in desk.orders] == [
        (leaver.pk, heir.pk, bureau.pk)
    ]
    assert cast.as_actor(heir).roles() == {Role.CASE_OFFICER, Role.SECTION_HEAD}
    assert not cast.as_actor(leaver).appointments
    assert chain.events(f"account:{leaver.pk}")[-1].payload["work"] == {"desk": 3}


def test_a_plan_says_what_would_move_and_moves_nothing(bureau, monkeypatch):
    desk = Desk()
    monkeypatch.setattr(handover, "_things", {"desk": desk})
    cast.staff("leaver", Role.CASE_OFFICER, Role.SECTION_HEAD, at=bureau)
    cast.staff("heir", Role.CASE_OFFICER, at=bureau)
    plan = queries.handover_plan(cast.admin(bureau), from_login="leaver", to_login="HEIR ")
    assert sorted((one.post.role, held) for one, held in plan.posts) == [
        (Role.CASE_OFFICER, True), (Role.SECTION_HEAD, False),
    ]  # fmt: skip
    assert plan.work == (("桌上的件", 3),)
    assert not desk.orders
    with pytest.raises(NotFound):
        queries.handover_plan(cast.as_actor(plan.leaver), from_login="leaver", to_login="heir")
    with pytest.raises(IdentityRefusal):
        queries.handover_plan(cast.admin(bureau), from_login="leaver", to_login="leaver")


def test_whoever_has_no_post_is_nobodys_to_hand_over(bureau):
    leaver = commands.create_staff(SYSTEM, login="nobody", name="无岗")
    heir = cast.staff("heir", Role.CASE_OFFICER, at=bureau)
    for actor in (cast.admin(bureau), cast.as_actor(heir)):
        with pytest.raises(NotFound):
            commands.hand_over(actor, from_account_id=leaver.pk, to_account_id=heir.pk)
    leaver.refresh_from_db()
    assert leaver.is_active


def test_the_page_shows_first_and_moves_when_confirmed(bureau, client):
    leaver = cast.staff("leaver", Role.CASE_OFFICER, at=bureau, name="王移交")
    heir = cast.staff("heir", Role.SECTION_HEAD, at=bureau, name="李接收")
    admin = Account.objects.get(pk=cast.admin(bureau).account_id)
    page = cast.log_in(client, admin)
    shown = page.get("/account/handover/", {"leaver": "leaver", "successor": "heir"}).content.decode()
    assert "王移交 移交给 李接收" in shown
    assert "今天起由接收人任职" in shown
    assert page.get("/account/handover/", {"leaver": "leaver", "successor": "none"}).status_code == 422
    leaver.refresh_from_db()
    assert leaver.is_active
    assert page.post("/account/handover/", {"leaver": "leaver", "successor": "heir"}).status_code == 302
    leaver.refresh_from_db()
    assert leaver.is_active, "the account stays open where closing it was not ticked"
    assert not cast.as_actor(leaver).appointments
    assert Role.CASE_OFFICER in cast.as_actor(heir).roles()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.IT_ADMIN])
def test_only_it_staff_appoint_and_hand_over(bureau, role):
    actor = cast.as_actor(cast.staff("actor", role, at=bureau))
    target = cast.staff("target", Role.CASE_OFFICER, at=bureau)
    heir = cast.staff("heir", Role.CASE_OFFICER, at=bureau)
    held = Appointment.objects.get(account=target)
    acts = [
        lambda: commands.set_post(actor, code="n", organisation=bureau, role=Role.LEADER, title="t"),
        lambda: commands.appoint(actor, account_id=heir.pk, post_id=held.post_id, valid_from=days(0)),
        lambda: commands.end_appointment(actor, appointment_id=held.pk),
        lambda: commands.hand_over(actor, from_account_id=target.pk, to_account_id=heir.pk),
        lambda: commands.create_staff(actor, login="new.one", name="新"),
        lambda: commands.reset_second_factor(actor, account_id=target.pk),
        lambda: commands.issue_api_client(
            actor, name="s", organisation=bureau, scopes=["items:read"], valid_to=days(9)
        ),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            act()
    held.refresh_from_db()
    assert held.ended_at is None


def test_it_staff_of_a_county_do_not_reach_the_city(bureau):
    _city, county = cast.divisions()
    local = cast.admin(cast.organisation("sjj", division=county, name="渌口区行政审批局"))
    target = Appointment.objects.get(account=cast.staff("target", Role.CASE_OFFICER, at=bureau))
    with pytest.raises(NotFound):
        commands.end_appointment(local, appointment_id=target.pk)


def test_each_look_is_written_down_and_shown_to_the_person(bureau):
    person = cast.citizen(serial=5)
    officer = cast.as_actor(cast.staff("officer", Role.CASE_OFFICER, at=bureau))
    value = commands.unmask(
        officer, subject_kind="person", subject_id=str(person.person_id), field="phone", purpose="电话核实材料"
    )
    assert value == person.phone
    (log,) = queries.seen_by(cast.as_actor(person)).items
    assert (log.organisation_name, log.field, log.purpose) == (bureau.name, "phone", "电话核实材料")
    event = chain.events(f"account:{officer.account_id}")[-1]
    assert person.phone not in str(event.payload)


@pytest.mark.parametrize(
    ("role", "field", "purpose", "refusal"),
    [
        (Role.CATALOGUE_EDITOR, "phone", "核实材料", NotFound),
        (Role.CASE_OFFICER, "password", "核实材料", NotFound),
        (Role.CASE_OFFICER, "phone", " ", Invalid),
        (Role.CASE_OFFICER, "phone", "查 430212197803120021 的电话", Invalid),
    ],
)
def test_a_refused_look_shows_nothing_and_leaves_no_trace(bureau, role, field, purpose, refusal):
    person = cast.citizen(serial=5)
    actor = cast.as_actor(cast.staff("actor", role, at=bureau))
    with pytest.raises(refusal):
        commands.unmask(actor, subject_kind="person", subject_id=str(person.person_id), field=field, purpose=purpose)
    assert not UnmaskLog.objects.exists()


def test_the_log_of_looks_cannot_be_changed(bureau):
    person = cast.citizen(serial=5)
    officer = cast.as_actor(cast.staff("officer", Role.LEADER, at=bureau))
    commands.unmask(officer, subject_kind="person", subject_id=str(person.person_id), field="name", purpose="核对")
    for act in (lambda: UnmaskLog.objects.update(purpose="别的"), lambda: UnmaskLog.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_token_opens_its_scopes_until_its_last_day_or_revocation(bureau):
    admin = cast.admin(bureau)
    client, token = commands.issue_api_client(
        admin, name="省平台", organisation=bureau, scopes=["items:read"], valid_to=days(1)
    )
    actor = queries.actor_of_token(token)
    assert actor is not None
    assert (actor.client_id, actor.scopes) == (client.pk, frozenset({"items:read"}))
    assert actor.ref == f"client:{client.pk}"
    assert token.encode() not in bytes(client.token_hash)
    assert queries.actor_of_token(token + "x") is None
    commands.revoke_api_client(admin, client_id=client.pk)
    assert queries.actor_of_token(token) is None
    with pytest.raises(Invalid):
        commands.issue_api_client(admin, name="x", organisation=bureau, scopes=["all"], valid_to=days(1))
