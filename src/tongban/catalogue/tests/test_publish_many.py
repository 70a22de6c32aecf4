"""Many definitions put in force at once come to the same as one after the other."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tongban.base import chain
from tongban.base.models import Delivery
from tongban.catalogue import commands
from tongban.catalogue.models import BaseItem, Implementation, ItemVersion
from tongban.catalogue.tests import factories
from tongban.catalogue.tests.test_commands import staff
from tongban.kernel.actor import SYSTEM, Role
from tongban.kernel.problems import Invalid, NotFound, Refusal

pytestmark = pytest.mark.django_db
BODIES = ("11430200YL3X50R68C", "11430200006282000X", "1143020000628201XF", "11430200MB1234567C")


def wanted(words="有固定场所", count=3):
    """Definitions of one item for several bodies."""
    return [
        factories.definition(
            task_code=f"{code}3{factories.BASE_CODE}", conditions=[words], search_words=[f"词{number}"],
            topics=["c:010"] if number else ["c:010", "c:005"],
        )
        for number, code in enumerate(BODIES[:count])
    ]  # fmt: skip


def bodies(definitions):
    for one in definitions:
        factories.unpublished(one, factories.body(one.task_code[:18], name=f"机构{one.task_code[10:18]}"))


def seen():
    """Everything that publishing writes, without keys and moments."""
    events = [
        (event.subject, event.seq, event.kind, event.payload)
        for code in Implementation.objects.order_by("task_code").values_list("task_code", flat=True)
        for event in chain.events(f"item:{code}")
    ]
    rows = Implementation.objects.order_by("task_code")
    versions = ItemVersion.objects.order_by("implementation__task_code", "number")
    base = BaseItem.objects.get()
    return (
        events,
        list(rows.values_list("task_code", "state", "state_reason", "summary", "windows", "current__digest")),
        list(versions.values_list("implementation__task_code", "number", "definition", "digest", "published_by")),
        (base.topics, base.service_targets, base.search_text),
        sorted(Delivery.objects.values_list("consumer", "subject", "seq", "state")),
    )


def undone(act):
    with transaction.atomic():
        act()
        found = seen()
        transaction.set_rollback(True)
    return found


def test_publishing_many_is_publishing_each():
    first, second = wanted(), wanted("有固定、合法的场所")
    bodies(first)

    def each():
        for one in first:
            commands.publish_version(actor=SYSTEM, task_code=one.task_code, definition=one)
            commands.resume(actor=SYSTEM, task_code=one.task_code)
        for one in second:
            commands.publish_version(actor=SYSTEM, task_code=one.task_code, definition=one)

    def many():
        commands.publish_many(actor=SYSTEM, definitions=first, opened={one.task_code for one in first})
        commands.publish_many(actor=SYSTEM, definitions=second)

    assert undone(each) == undone(many)


def test_chains_of_many_can_be_verified():
    definitions = wanted(count=4)
    bodies(definitions)
    commands.publish_many(actor=SYSTEM, definitions=definitions, opened={one.task_code for one in definitions})
    commands.publish_many(actor=SYSTEM, definitions=wanted("另一个条件", 4))
    assert list(chain.verify()) == []


def test_more_chains_than_are_written_each_for_itself_still_hold(monkeypatch):
    monkeypatch.setattr("tongban.base.writing._CHAINS_EACH_MAX", 1)
    definitions = wanted(count=4)
    bodies(definitions)
    commands.publish_many(actor=SYSTEM, definitions=definitions)
    commands.publish_many(actor=SYSTEM, definitions=wanted("另一个条件", 4))
    assert list(chain.verify()) == []
    assert [len(chain.events(f"item:{one.task_code}")) for one in definitions] == [2] * 4


def test_the_same_again_changes_nothing():
    definitions = wanted()
    bodies(definitions)
    first = commands.publish_many(actor=SYSTEM, definitions=definitions)
    before = seen()
    assert commands.publish_many(actor=SYSTEM, definitions=definitions) == first
    assert seen() == before


def test_one_fault_keeps_all_from_being_published():
    definitions = wanted()
    bodies(definitions)
    before = seen()
    with pytest.raises(Invalid):
        commands.publish_many(
            actor=SYSTEM,
            definitions=[*definitions[:2], factories.definition(task_code=definitions[2].task_code, faq=[])],
        )
    assert seen() == before


def test_what_differs_from_the_directory_is_refused_even_if_it_was_checked():
    definitions = wanted()
    bodies(definitions)
    other = factories.definition(task_code=definitions[0].task_code, name="另一个名称")
    with pytest.raises(Invalid) as refusal:
        commands.publish_many(actor=SYSTEM, definitions=[other], checked=True)
    assert set(refusal.value.fields) == {"name"}


@pytest.mark.parametrize("lost", ["cancelled", "unknown", "out of reach"])
def test_what_cannot_be_published_one_by_one_cannot_be_with_others(lost):
    definitions = wanted()
    bodies(definitions)
    actor = SYSTEM
    if lost == "cancelled":
        commands.cancel(actor=SYSTEM, task_code=definitions[1].task_code, reason="不再办理")
    elif lost == "unknown":
        Implementation.objects.filter(task_code=definitions[1].task_code).delete()
    else:
        own = Implementation.objects.get(task_code=definitions[0].task_code)
        actor = staff(Role.CATALOGUE_EDITOR, own.organisation_id, division="430203000000")
    before = seen()
    with pytest.raises(Refusal if lost == "cancelled" else NotFound):
        commands.publish_many(actor=actor, definitions=definitions)
    assert seen() == before


def test_statements_do_not_grow_with_the_number_of_items():
    definitions = wanted(count=4)
    bodies(definitions)
    counts = []
    for some in (definitions[:2], definitions[2:]):
        with CaptureQueriesContext(
            connection,
        ) as few:
            commands.publish_many(actor=SYSTEM, definitions=some)
        counts.append(len(few))
    with CaptureQueriesContext(connection) as all_of_them:
        commands.publish_many(actor=SYSTEM, definitions=wanted("另一个条件", 4))
    assert len(all_of_them) <= max(counts)
