"""A system lends the post in whose name it acts, and hands a whole desk over: by its own post and scope only."""

from datetime import timedelta

import pytest

from tongban.base import moment
from tongban.cases import commands
from tongban.cases.models import CaseStep
from tongban.cases.tests import story
from tongban.cases.tests.test_api import problem
from tongban.cases.tests.test_api_desk import STEP, acts_of
from tongban.cases.tests.test_api_handling import BodysSystem, bound, post_of
from tongban.identity import commands as identity
from tongban.identity.models import Account, ApiClient, Appointment, Delegation
from tongban.kernel.actor import Actor, Role

pytestmark = pytest.mark.usefixtures("city")
DESK = "desk-handover"


def lent_to(actor: Actor) -> dict[str, object]:
    today = moment.today()
    until = today + timedelta(days=3)
    return {
        "to_account_id": actor.account_id, "valid_from": today.isoformat(), "valid_to": until.isoformat(),
        "reason": "外出学习。",
    }  # fmt: skip


def managers(admin: Actor) -> tuple[BodysSystem, int]:
    """The system of City IT, with a post of IT staff bound to it and the scope for it."""
    system, post = bound(admin, Role.IT_ADMIN)
    ApiClient.objects.filter(pk=system.row.pk).update(scopes=["posts:manage"])
    return system, post


def test_a_post_is_lent_once_and_taken_back(cast):
    system, post = bound(cast.officer)
    before = system.read(post, "absences").json()
    assert cast.head.account_id in {one["account_id"] for one in before["colleagues"]}
    made = system.do(post, "absences", lent_to(cast.head))
    assert made.status_code == 200, made.content
    assert system.do(post, "absences", lent_to(cast.head)).json() == made.json()
    row = Delegation.objects.get(appointment_id=post, revoked_at=None)
    assert system.read(post, "absences").json()["items"] == [made.json()]
    assert (made.json()["id"], made.json()["name"]) == (row.pk, cast.head.name)
    assert system.do(post, f"absences/{row.pk}/end").status_code == 200
    row.refresh_from_db()
    assert row.revoked_at is not None
    assert system.read(post, "absences").json()["items"] == []
    assert acts_of(system) == ["delegate", "revoke_delegation"]


def test_what_another_post_lent_is_absent_though_it_is_of_the_same_person(cast):
    system, post = bound(cast.officer)
    own = post_of(cast.head, Role.SECTION_HEAD).id
    today = moment.today()
    others = identity.delegate(
        cast.head, appointment_id=own, to_account_id=cast.officer.account_id, valid_from=today, valid_to=today,
        reason="外出。",
    )  # fmt: skip
    for asked in (others.pk, 10**12):
        problem(system.do(post, f"absences/{asked}/end"), 404, "delegation_not_found")
    Appointment.objects.filter(pk=own).update(account_id=cast.officer.account_id)
    problem(system.do(post, f"absences/{others.pk}/end", key="mine"), 404, "delegation_not_found")
    assert system.read(post, "absences").json()["items"] == []
    strangers = system.do(post, "absences", lent_to(cast.other_officer))
    assert strangers.status_code == 422
    others.refresh_from_db()
    assert others.revoked_at is None
    assert Delegation.objects.filter(appointment_id=post).count() == 0
    assert acts_of(system) == []


def test_a_whole_desk_goes_over_by_the_system_of_it_staff_and_by_no_other(cast):
    walk = story.walk().receive().accept()
    commands.claim_step(actor=cast.officer, case_no=walk.no, step_key=STEP)
    leaver, successor = (Account.objects.get(pk=one.account_id) for one in (cast.officer, cast.head))
    pair = {"leaver": leaver.login, "successor": successor.login}
    asked = f"{DESK}?leaver={leaver.login}&successor={successor.login}"
    system, post = managers(cast.admin)
    officers, held = bound(cast.officer)
    before = story.world()
    problem(officers.read(held, asked), 403, "scope_missing")
    problem(officers.do(held, DESK, pair), 403, "scope_missing")
    ApiClient.objects.filter(pk=officers.row.pk).update(scopes=["cases:handle", "posts:manage"])
    for answer in (officers.read(held, asked), officers.do(held, DESK, pair), system.read(held, asked)):
        assert answer.status_code == 404
    problem(system.do(post, DESK, pair | {"leaver": "nobody"}), 404, "not_found")
    plan = system.read(post, asked).json()
    assert plan["posts"]
    assert sum(one["count"] for one in plan["work"]) >= 1
    assert story.world() == before
    for _twice in range(2):
        done = system.do(post, DESK, pair, key="go")
        assert done.status_code == 200, done.content
        assert done.json()["posts"] == len(plan["posts"])
    assert {one["label"]: one["count"] for one in done.json()["work"]} == {
        one["label"]: one["count"] for one in plan["work"]
    }
    leaver.refresh_from_db()
    assert not leaver.is_active
    assert CaseStep.objects.get(case=walk.case, key=STEP).claimed_by_id == successor.pk
    assert acts_of(system) == ["hand_over_desk"]
    problem(officers.read(held, "inbox"), 404, "post_not_bound")


def test_a_post_of_it_staff_works_on_no_case(cast):
    walk = story.walk()
    system, post = managers(cast.admin)
    before = story.world()
    ApiClient.objects.filter(pk=system.row.pk).update(scopes=["cases:handle"])
    problem(system.read(post, f"cases/{walk.no}"), 404, "post_not_bound")
    ApiClient.objects.filter(pk=system.row.pk).update(scopes=["cases:handle", "posts:manage"])
    problem(system.read(post, f"cases/{walk.no}"), 404, "case_not_found")
    problem(system.act(post, walk.no, "receive"), 404, "case_not_found")
    assert story.world() == before
