import pytest
from django.db import DatabaseError, connection, transaction

from tongban.base import chain
from tongban.catalogue import commands, queries
from tongban.catalogue.models import Implementation, ItemVersion
from tongban.catalogue.tests.factories import BODY, TASK_CODE, body, definition, published, unpublished
from tongban.kernel.actor import SYSTEM, VISITOR, Actor, AppointmentRef, Role
from tongban.kernel.problems import Invalid, NotFound, Refusal

pytestmark = pytest.mark.django_db


def staff(role, organisation_id, division="430200000000"):
    post = AppointmentRef(1, role, "岗位", organisation_id, "机构", division)
    return Actor(kind="staff", account_id=7, name="示例", appointments=(post,))


def state():
    return (
        list(Implementation.objects.values()),
        list(ItemVersion.objects.values()),
        len(chain.events(f"item:{TASK_CODE}")),
    )


def test_publishing_gives_the_first_version_and_an_event():
    unpublished()
    version = commands.publish_version(actor=SYSTEM, task_code=TASK_CODE, definition=definition())
    assert (version.number, version.published_by) == (1, "system:clock")
    assert version.parsed == definition()
    event = chain.events(f"item:{TASK_CODE}")[-1]
    assert (event.kind, event.payload) == (
        "ItemVersionPublished",
        {"task_code": TASK_CODE, "number": 1, "digest": version.digest},
    )


def test_the_same_definition_again_changes_nothing():
    version = published()
    before = state()
    assert commands.publish_version(actor=SYSTEM, task_code=TASK_CODE, definition=definition()) == version
    assert state() == before


def test_a_change_makes_a_new_version_and_running_cases_keep_theirs():
    first = published()
    second = commands.publish_version(
        actor=SYSTEM, task_code=TASK_CODE, definition=definition(conditions=["有自己的场所"])
    )
    assert second.number == 2
    assert queries.current_version(TASK_CODE) == second
    assert queries.version(first.pk).parsed.conditions == ("有固定场所",)
    third = commands.publish_version(actor=SYSTEM, task_code=TASK_CODE, definition=definition())
    assert (third.number, third.digest) == (3, first.digest)


def test_a_faulty_definition_is_refused_with_every_fault():
    published()
    before = state()
    with pytest.raises(Invalid) as refusal:
        commands.publish_version(
            actor=SYSTEM, task_code=TASK_CODE, definition=definition(faq=[], complaint_phone="0731-28680860")
        )
    assert refusal.value.code == "item_faults"
    assert set(refusal.value.fields) == {"faq", "complaint_phone"}
    assert state() == before


def test_a_definition_with_another_code_is_refused():
    published()
    with pytest.raises(Invalid) as refusal:
        commands.publish_version(actor=SYSTEM, task_code=TASK_CODE, definition=definition(task_code="x"))
    assert refusal.value.code == "item_code"


@pytest.mark.parametrize("statement", [
    "UPDATE catalogue_itemversion SET number = 9",
    "DELETE FROM catalogue_itemversion",
    "TRUNCATE catalogue_itemversion CASCADE",
])  # fmt: skip
def test_the_database_refuses_to_change_a_published_version(statement):
    version = published()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ItemVersion.objects.get().number == version.number


def test_a_suspended_item_takes_no_cases_until_it_resumes():
    published()
    item = commands.suspend(actor=SYSTEM, task_code=TASK_CODE, reason=" 系统升级 ")
    assert (item.takes_cases, item.state_reason) == (False, "系统升级")
    assert queries.implementation(TASK_CODE).state == "suspended"
    assert queries.search_items().items == []
    assert commands.resume(actor=SYSTEM, task_code=TASK_CODE).takes_cases
    kinds = [event.kind for event in chain.events(f"item:{TASK_CODE}")]
    assert kinds[-2:] == ["ItemSuspended", "ItemResumed"]


@pytest.mark.parametrize(("before", "act", "code"), [
    ("active", lambda: commands.suspend(actor=SYSTEM, task_code=TASK_CODE, reason=" "), "reason_missing"),
    ("active", lambda: commands.suspend(actor=SYSTEM, task_code=TASK_CODE, reason="长" * 501), "reason_too_long"),
    ("active", lambda: commands.resume(actor=SYSTEM, task_code=TASK_CODE), "item_active"),
    ("suspended", lambda: commands.suspend(actor=SYSTEM, task_code=TASK_CODE, reason="再停"), "item_not_active"),
    ("cancelled", lambda: commands.suspend(actor=SYSTEM, task_code=TASK_CODE, reason="再停"), "item_not_active"),
    ("cancelled", lambda: commands.publish_version(actor=SYSTEM, task_code=TASK_CODE, definition=definition(conditions=["新"])), "item_cancelled"),
])  # fmt: skip
def test_acts_that_the_state_forbids_change_nothing(before, act, code):
    published()
    if before != "active":
        {"suspended": commands.suspend, "cancelled": commands.cancel}[before](
            actor=SYSTEM, task_code=TASK_CODE, reason="因故"
        )
    known = state()
    with pytest.raises(Refusal) as refusal:
        act()
    assert refusal.value.code == code
    assert state() == known


def test_an_item_without_a_version_cannot_be_put_in_use():
    unpublished()
    with pytest.raises(commands.CatalogueRefusal) as refusal:
        commands.resume(actor=SYSTEM, task_code=TASK_CODE)
    assert refusal.value.code == "item_unpublished"
    with pytest.raises(NotFound):
        queries.current_version(TASK_CODE)


ACTS = {
    "publish": lambda actor: commands.publish_version(
        actor=actor, task_code=TASK_CODE, definition=definition(conditions=["有自己的场所"])
    ),
    "suspend": lambda actor: commands.suspend(actor=actor, task_code=TASK_CODE, reason="因故"),
    "resume": lambda actor: commands.resume(actor=actor, task_code=TASK_CODE),
    "cancel": lambda actor: commands.cancel(actor=actor, task_code=TASK_CODE, reason="因故"),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(("who", "may"), [
    ("system", True), ("editor", True), ("city_editor", True), ("other_editor", False), ("leader", False),
    ("visitor", False), ("citizen", False),
])  # fmt: skip
def test_only_editors_of_the_body_or_above_may_change_an_item(act, who, may):
    published()
    if act == "resume":
        commands.suspend(actor=SYSTEM, task_code=TASK_CODE, reason="因故")
    here = body().pk
    actor = {
        "system": SYSTEM,
        "editor": staff(Role.CATALOGUE_EDITOR, here),
        "city_editor": staff(Role.CATALOGUE_EDITOR, here + 1000),
        "other_editor": staff(Role.CATALOGUE_EDITOR, here + 1000, "430212000000"),
        "leader": staff(Role.LEADER, here),
        "visitor": VISITOR,
        "citizen": Actor(kind="citizen", account_id=1),
    }[who]
    before = state()
    if may:
        ACTS[act](actor)
        assert state() != before
    else:
        with pytest.raises(NotFound):
            ACTS[act](actor)
        assert state() == before


def test_the_body_s_code_is_the_one_in_the_item_s_code():
    assert published().implementation.organisation.code == BODY
