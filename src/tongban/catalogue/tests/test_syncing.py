"""The province's records are taken over in any order, however often, each for itself, and no further than its reach."""

import itertools
import json
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongban.base.models import Event
from tongban.base.tests.racing import race
from tongban.catalogue import commands
from tongban.catalogue.commands import SyncRecord
from tongban.catalogue.models import BaseItem, Implementation, SyncMark
from tongban.catalogue.tests.factories import BASE_CODE, BODY, TASK_CODE, body, definition, raw
from tongban.directory.models import Organisation
from tongban.identity import commands as identity
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.codes import task_code
from tongban.kernel.problems import Invalid, NotFound

COUNTY, COUNTY_BODY = "430202000000", "11430202YL4MEQEC6F"
FOREVER = date(2099, 12, 31)


def elements(**changes: Any) -> dict[str, Any]:
    it = definition().model_dump(mode="json")
    return (
        {name: it[name] for name in ("name", "catalog_code", "kind", "legal_basis")} | {"levels": ["3", "4"]} | changes
    )


def base(dataver: int | str = 1, operation: Any = "I", **more: Any) -> SyncRecord:
    told = {} if operation == "D" else {"elements": elements()}
    return SyncRecord(operation=operation, dataver=dataver, catalog_code=BASE_CODE, **told | more)


def item(dataver: int | str = 1, operation: Any = "I", days: int = 10, **more: Any) -> SyncRecord:
    it = definition(promised={"amount": days, "unit": "working_days"}).model_dump(mode="json")
    told = {} if operation == "D" else {"definition": it}
    return SyncRecord(operation=operation, dataver=dataver, task_code=TASK_CODE, **told | more)


def system(**reach: Any) -> Actor:
    """A system of the province that may write the city's items, or what `reach` says."""
    client, _token = identity.issue_api_client(
        SYSTEM, name="省政务服务平台", organisation=Organisation.objects.get(code=BODY), scopes=["items:write"],
        valid_to=FOREVER,
    )  # fmt: skip
    commands.bind_source(
        actor=SYSTEM, client_id=client.pk, **(reach or {"divisions": ["430200000000"], "directory": True})
    )
    return Actor(kind="client", client_id=client.pk, scopes=frozenset({"items:write"}))


@pytest.fixture
def province(db):
    body()
    return system()


def told(actor: Actor, *records: SyncRecord) -> list[str]:
    """The outcomes; a refusal by its code."""
    found = commands.sync_items(actor=actor, records=records)
    return [one.refusal.code if one.refusal else one.outcome for one in found]


def kinds(subject: str) -> list[str]:
    return list(Event.objects.filter(subject=subject).order_by("seq").values_list("kind", flat=True))


def test_an_item_comes_with_its_entry_is_changed_and_cancelled(province):
    assert told(province, item(), base()) == ["inserted", "inserted"]
    row = Implementation.objects.select_related("current").get(task_code=TASK_CODE)
    assert (row.state, row.level, row.current.number, row.current.published_by) == ("active", "3", 1, province.ref)
    assert told(province, item(2, "U", days=5)) == ["updated"]
    assert told(province, item(3, "U", days=5)) == ["unchanged"]
    assert told(province, item(4, "D", reason="依据废止")) == ["updated"]
    row.refresh_from_db()
    assert (row.state, row.state_reason, row.current.number) == ("cancelled", "依据废止", 2)
    assert kinds(f"item:{TASK_CODE}") == [
        "ItemVersionPublished", "ItemResumed", "ItemVersionPublished", "ItemCancelled",
    ]  # fmt: skip


def test_a_batch_that_is_sent_again_changes_nothing(province):
    batch = [base(), item(2, "U", days=7), item(1)]
    assert told(province, *batch) == ["inserted", "inserted", "stale"]
    before = Event.objects.count()
    assert told(province, *batch) == ["unchanged", "unchanged", "stale"]
    assert Event.objects.count() == before


def test_a_message_that_comes_late_changes_nothing(province):
    told(province, base(), item(5, days=5))
    assert told(province, item(3, "U", days=9)) == ["stale"]
    assert told(province, item(4, "D")) == ["stale"]
    row = Implementation.objects.select_related("current").get()
    assert (row.state, row.current.definition["promised"]["amount"]) == ("active", 5)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(order=st.permutations([1, 2, 3, 4]), cut=st.integers(0, 4))
def test_whatever_the_order_and_the_batches_the_newest_state_stands(province, order, cut):
    SyncMark.objects.filter(code=TASK_CODE).delete()
    told(province, base())
    states = {1: item(1, "I", days=8), 2: item(2, "U", days=7), 3: item(3, "D"), 4: item(4, "U", days=6)}
    for batch in (order[:cut], order[cut:]):
        if batch:
            told(province, *(states[one] for one in batch))
    row = Implementation.objects.select_related("current").get()
    assert (row.state, row.current.definition["promised"]["amount"]) == ("active", 6)


def test_an_update_of_something_unknown_inserts_it_and_a_deletion_of_it_is_remembered(province):
    assert told(province, base(1, "U")) == ["inserted"]
    assert told(province, item(2, "D")) == ["unchanged"]
    assert told(province, item(1)) == ["stale"]
    assert not Implementation.objects.exists()
    assert told(province, item(3, "U")) == ["inserted"]


def test_one_record_that_is_refused_stops_no_other_and_leaves_nothing_behind(province):
    wrong = definition(faq=[]).model_dump(mode="json")
    outcomes = commands.sync_items(
        actor=province,
        records=[
            base(),
            item(definition=wrong),
            item(2, definition={"name": "x"}),
            SyncRecord(operation="I", dataver=1),
        ],
    )
    assert [one.outcome for one in outcomes] == ["inserted", "refused", "refused", "refused"]
    first, second, third = (one.refusal for one in outcomes[1:])
    assert all((first, second, third))
    assert (first.code, list(first.fields)) == ("item_faults", ["definition.faq"])
    assert "definition.catalog_code" in second.fields
    assert third.code == "sync_code"
    assert not Implementation.objects.exists()
    assert list(SyncMark.objects.values_list("code", flat=True)) == [BASE_CODE]
    assert told(province, item()) == ["inserted"]


@pytest.mark.parametrize(("record", "code"), [
    (item(), "base_unknown"),
    (item(catalog_code=BASE_CODE, definition=None), "sync_content"),
    (item(dataver="gestern"), "dataver_invalid"),
    (item(organisation_code="11430202YL4MEQEC6F"), "body_not_found"),
    (base(elements={"name": ""}), "item_faults"),
    (base(elements=elements(catalog_code="000131016001")), "base_code"),
    (base(elements=None), "sync_content"),
])  # fmt: skip
def test_what_cannot_be_taken_over_is_refused_with_its_reason(province, record, code):
    assert told(province, record) == [code]
    assert not Implementation.objects.exists()
    assert not SyncMark.objects.exists()


def test_base_elements_are_locked_and_a_level_that_the_directory_does_not_name_is_refused(province):
    other = definition(name="别的名称").model_dump(mode="json")
    assert told(province, base(), item(definition=other)) == ["inserted", "item_faults"]
    assert told(province, base(2, "U", elements=elements(levels=["4"])), item()) == ["updated", "level_not_allowed"]


def test_elements_may_come_with_the_item_and_never_go_back_behind_what_is_known(province):
    assert told(province, item(1, elements=elements())) == ["inserted"]
    told(province, base(5, "U", elements=elements(levels=["3", "4", "5"])))
    assert told(province, item(4, "U", days=6, elements=elements(levels=["3"]))) == ["updated"]
    assert BaseItem.objects.get().elements["levels"] == ["3", "4", "5"]


def test_new_elements_reach_every_body(province):
    told(province, base(), item())
    renamed = elements(name="示例许可（新名称）")
    assert told(province, base(2, "U", elements=renamed)) == ["updated"]
    row = Implementation.objects.select_related("current").get()
    assert (row.current.number, row.current.definition["name"]) == (2, "示例许可（新名称）")


def test_an_entry_that_is_suspended_or_cancelled_takes_what_bodies_run_with_it(province):
    told(province, base(), item())
    assert told(province, base(2, "U", task_state="2", reason="法律修改")) == ["updated"]
    assert Implementation.objects.get().state == "suspended"
    assert told(province, base(3, "U", task_state="1")) == ["updated"]
    assert Implementation.objects.get().state == "active"
    assert told(province, base(4, "D")) == ["updated"]
    assert (BaseItem.objects.get().state, Implementation.objects.get().state) == ("cancelled", "cancelled")
    assert told(province, item(9, "U")) == ["base_not_active"]


def test_a_state_is_left_as_it_is_unless_the_record_names_one(province):
    told(province, base(), item())
    commands.suspend(actor=SYSTEM, task_code=TASK_CODE, reason="本地停电")
    assert told(province, item(2, "U", days=6)) == ["updated"]
    assert Implementation.objects.get().state == "suspended"
    assert told(province, item(3, "U", days=6, task_state="1")) == ["updated"]
    assert Implementation.objects.get().state == "active"


def test_a_system_writes_no_further_than_it_is_bound(province):
    county = body(COUNTY_BODY, COUNTY, "county", "芦淞局")
    told(province, base())
    there = system(divisions=[COUNTY])
    assert told(there, base(2, "U")) == ["sync_reach"]
    assert told(there, item()) == ["body_not_found"]
    code = task_code.make(COUNTY_BODY, "4", BASE_CODE)
    theirs = SyncRecord(operation="I", dataver=1, task_code=code, definition=raw(task_code=code))
    assert told(there, theirs) == ["inserted"]
    named = system(organisations=[BODY])
    assert told(named, item()) == ["inserted"]
    assert Implementation.objects.filter(organisation=county).count() == 1


def test_only_a_bound_system_with_the_scope_writes_at_all(province):
    told(province, base())
    bare = Actor(kind="client", client_id=province.client_id, scopes=frozenset({"items:read"}))
    for nobody in (bare, SYSTEM, Actor(kind="client", client_id=99, scopes=frozenset({"items:write"}))):
        with pytest.raises(NotFound):
            commands.sync_items(actor=nobody, records=[item()])
    commands.revoke_source(actor=SYSTEM, client_id=province.client_id)
    with pytest.raises(NotFound):
        commands.sync_items(actor=province, records=[item()])
    assert not Implementation.objects.exists()
    assert kinds(f"item-source:{province.client_id}") == ["ItemSourceBound", "ItemSourceRevoked"]


def test_a_source_is_bound_to_what_exists(province):
    nowhere: tuple[dict[str, Any], ...] = ({}, {"divisions": ["439900000000"]}, {"organisations": ["X"]})
    for reach in nowhere:
        with pytest.raises(Invalid):
            commands.bind_source(actor=SYSTEM, client_id=province.client_id, **reach)
    with pytest.raises(NotFound):
        commands.bind_source(actor=province, client_id=province.client_id, directory=True)


def test_numbers_and_times_of_one_record_are_not_compared(province):
    told(province, base(), item(1))
    assert told(province, item("2026-11-24T09:30:00+08:00", "U", days=6)) == ["dataver_form"]


def test_a_batch_has_bounds(province):
    for records in ([], [item()] * (commands.SYNC_RECORDS_MAX + 1)):
        with pytest.raises(Invalid):
            commands.sync_items(actor=province, records=records)


def test_the_api_takes_a_batch_once_and_tells_what_became_of_each_record(db):
    body()
    client, token = identity.issue_api_client(
        SYSTEM,
        name="省平台",
        organisation=Organisation.objects.get(code=BODY),
        scopes=["items:write"],
        valid_to=FOREVER,
    )
    commands.bind_source(actor=SYSTEM, client_id=client.pk, divisions=["430200000000"], directory=True)
    sent = {
        "records": [
            {"cd_operation": "I", "dataver": 1, "catalog_code": BASE_CODE, "elements": elements()},
            {"cd_operation": "U", "dataver": "1", "task_code": TASK_CODE, "definition": raw()},
            {"cd_operation": "I", "dataver": 1, "task_code": TASK_CODE[:-1] + "9", "definition": raw(faq=[])},
        ]
    }
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "batch-1"}
    answers = [
        Client().post("/api/v1/items/sync", json.dumps(sent), content_type="application/json", headers=headers)
        for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    results = answers[0].json()["results"]
    assert [(one["outcome"], one["number"]) for one in results] == [("inserted", 1), ("inserted", 1), ("refused", None)]
    assert results[2]["refusal"] == "item_faults"
    assert results[2]["errors"][0] == {"field": "definition.faq", "message": "行政许可事项至少要有一条常见问题"}


def test_batches_at_once_in_any_order_end_in_the_newest_state(live_database):
    body()
    actor = system()
    told(actor, base())
    batches = [[item(number, "U", days=number) for number in order] for order in itertools.permutations((1, 2, 3))]
    results = race([partial(told, actor, *batch) for batch in batches])
    assert all(isinstance(one, list) for one in results), results
    row = Implementation.objects.select_related("current").get()
    assert row.current.definition["promised"]["amount"] == 3
    assert SyncMark.objects.get(code=TASK_CODE).value == 3
