"""From a draft over its reviews to force: who may, in which order, and what comes of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tongban.base import chain, moment
from tongban.catalogue import commands, jobs, queries
from tongban.catalogue.base_elements import elements_of
from tongban.catalogue.models import BaseItem, ChangeReview, Implementation, ItemChange, ItemVersion
from tongban.catalogue.tests.factories import BODY, TASK_CODE, base_item, body, definition, published
from tongban.kernel.actor import SYSTEM, Actor, AppointmentRef, Role
from tongban.kernel.problems import Invalid, Refusal

pytestmark = pytest.mark.django_db
CITY, COUNTY = "430200000000", "430212000000"


def staff(role: Role, account: int, division: str = CITY, organisation: int = 0) -> Actor:
    post = AppointmentRef(account, role, "岗位", organisation, "机构", division)
    return Actor(kind="staff", account_id=account, name=f"人员{account}", appointments=(post,))


EDITOR, LEGAL = staff(Role.CATALOGUE_EDITOR, 1), staff(Role.LEGAL_REVIEWER, 2)
DIRECTORY = staff(Role.DIRECTORY_REVIEWER, 3)


def state():
    tables = (BaseItem, Implementation, ItemVersion, ItemChange, ChangeReview)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def refused(code, act, **values):
    before = state()
    with pytest.raises(Refusal) as refusal:
        act(**values)
    assert refusal.value.code == code
    assert state() == before
    return refusal.value


def drafted(**changed) -> ItemChange:
    """A change of the sample permit with a shorter promise, ready to be handed in."""
    change = commands.change_implementation(actor=EDITOR, task_code=TASK_CODE, kind="change", reason="压缩时限")
    content = definition(**({"promised": {"amount": 7, "unit": "working_days"}} | changed)).model_dump(mode="json")
    return commands.save_change(actor=EDITOR, number=change.number, revision=1, content=content)


def handed_in(**changed) -> ItemChange:
    change = drafted(**changed)
    return commands.submit_change(actor=EDITOR, number=change.number, revision=change.revision)


def approved(change: ItemChange, by: Actor = LEGAL) -> ItemChange:
    return commands.approve_change(actor=by, number=change.number, revision=change.revision)


def directory(kind: str, content=None, codes=(), reason="机构改革") -> ItemChange:
    change = commands.change_directory(
        actor=EDITOR, kind=kind, catalog_codes=tuple(codes), organisation_code=body().code, reason=reason
    )
    if content is not None:
        change = commands.save_change(actor=EDITOR, number=change.number, revision=1, content=content)
    change = commands.submit_change(actor=EDITOR, number=change.number, revision=change.revision)
    change = approved(change, DIRECTORY)
    assert (change.state, change.stage) == ("submitted", "legal")
    return approved(change)


def test_a_change_goes_from_draft_over_legal_review_into_force():
    first = published()
    change = handed_in()
    assert (change.state, change.stage) == ("submitted", "legal")
    assert commands.begin_review(actor=LEGAL, number=change.number).state == "legal_review"
    assert queries.current_version(TASK_CODE) == first
    done = approved(change)
    assert done.state == "published"
    current = queries.current_version(TASK_CODE)
    assert (current, current.number, current.parsed.promised.amount) == (done.version, 2, 7)
    assert current.implementation.summary["promised"] == {"amount": 7, "unit": "working_days"}
    kinds = [event.kind for event in chain.events(f"item-change:{change.number}")]
    assert kinds == ["ItemChangeStarted", "ItemChangeSubmitted", "ItemChangeReviewed", "ItemChangePublished"]
    review = change.reviews.get()
    assert (review.verdict, review.reviewer_name) == ("approved", "人员2")


def test_the_elements_of_the_directory_are_locked_for_the_body():
    published()
    change = drafted(name="自己改的名称", legal_basis=[{"title": "自己的依据", "kind": "normative"}], kind="20")
    assert change.content["name"] == "示例许可"
    assert change.content["legal_basis"][0]["title"] == "示例条例"
    assert change.content["kind"] == "01"
    found = refused(
        "item_faults", commands.publish_version, actor=SYSTEM, task_code=TASK_CODE, definition=definition(name="另一个")
    )
    assert "基本目录" in found.fields["name"]


def test_the_database_itself_refuses_a_version_with_other_elements():
    version = published()
    for name, value in (("name", "另一个"), ("kind", "20"), ("catalog_code", "000131016001"), ("legal_basis", [])):
        with pytest.raises(IntegrityError, match="base elements"), transaction.atomic():
            ItemVersion.objects.create(
                implementation=version.implementation, number=2, digest="0" * 64, published_at=moment.now(),
                published_by="x", definition={**version.definition, name: value},
            )  # fmt: skip
    assert ItemVersion.objects.count() == 1


def test_who_drafted_a_change_does_not_review_it_and_nobody_reviews_twice():
    published()
    both = Actor(
        kind="staff", account_id=1, name="两岗",
        appointments=EDITOR.appointments + LEGAL.appointments + DIRECTORY.appointments,
    )  # fmt: skip
    change = handed_in()
    for act in (commands.begin_review, commands.approve_change, commands.return_change):
        extra: dict[str, object] = {"revision": change.revision} if act is commands.approve_change else {}
        extra |= {"opinion": "退"} if act is commands.return_change else {}
        refused("not_found", act, actor=both, number=change.number, **extra)
    twice = Actor(
        kind="staff", account_id=9, name="两审", appointments=LEGAL.appointments + DIRECTORY.appointments
    )  # fmt: skip
    entry = commands.change_directory(
        actor=EDITOR, kind="suspend", catalog_codes=(definition().catalog_code,), organisation_code=BODY, reason="暂停"
    )
    entry = commands.submit_change(actor=EDITOR, number=entry.number, revision=1)
    approved(entry, twice)
    refused("change_reviewed", commands.approve_change, actor=twice, number=entry.number, revision=1)


@pytest.mark.parametrize("who", [
    staff(Role.LEGAL_REVIEWER, 8, COUNTY), staff(Role.SUPERVISOR, 8), staff(Role.DIRECTORY_REVIEWER, 8), EDITOR,
    Actor(kind="citizen", account_id=8),
])  # fmt: skip
def test_only_the_stage_s_reviewer_of_the_division_reviews(who):
    published()
    change = handed_in()
    refused("not_found", commands.approve_change, actor=who, number=change.number, revision=change.revision)
    refused("not_found", commands.return_change, actor=who, number=change.number, opinion="不行")


@pytest.mark.parametrize("who", [
    staff(Role.CATALOGUE_EDITOR, 8, COUNTY), LEGAL, staff(Role.LEADER, 8), Actor(kind="citizen", account_id=8),
])  # fmt: skip
def test_only_editors_of_the_body_or_above_write_a_change(who):
    published()
    refused("not_found", commands.change_implementation, actor=who, task_code=TASK_CODE, kind="change")
    change = drafted()
    here = {"actor": who, "number": change.number}
    refused("not_found", commands.save_change, **here, revision=2, content={})
    refused("not_found", commands.submit_change, **here, revision=2)
    refused("not_found", commands.withdraw_change, **here)
    refused("not_found", commands.change_directory, actor=who, kind="new", organisation_code=BODY, catalog_codes=())


def test_a_second_tab_overwrites_nothing():
    published()
    change = drafted()
    refused("change_edited_elsewhere", commands.save_change, actor=EDITOR, number=change.number, revision=1, content={})
    refused("change_edited_elsewhere", commands.submit_change, actor=EDITOR, number=change.number, revision=1)


def test_a_draft_keeps_what_is_not_right_yet_and_cannot_be_handed_in_with_it():
    published()
    change = drafted(complaint_phone="12345", faq=[])
    found = refused("item_faults", commands.submit_change, actor=EDITOR, number=change.number, revision=2)
    assert {"complaint_phone", "faq"} <= set(found.fields)
    broken = commands.save_change(
        actor=EDITOR, number=change.number, revision=2, content=change.content | {"statutory": {"amount": "x"}}
    )
    found = refused("item_faults", commands.submit_change, actor=EDITOR, number=change.number, revision=3)
    assert any(path.startswith("statutory") for path in found.fields)
    assert broken.content["statutory"] == {"amount": "x"}


def test_a_change_that_changes_nothing_or_says_no_reason_is_not_handed_in():
    published()
    change = commands.change_implementation(actor=EDITOR, task_code=TASK_CODE, kind="change")
    refused("reason_missing", commands.submit_change, actor=EDITOR, number=change.number, revision=1)
    change = commands.save_change(actor=EDITOR, number=change.number, revision=1, reason="没有变化")
    refused("change_empty", commands.submit_change, actor=EDITOR, number=change.number, revision=2)


def test_an_item_has_one_open_change_at_a_time():
    published()
    first = drafted()
    found = refused("change_open", commands.change_implementation, actor=EDITOR, task_code=TASK_CODE, kind="suspend")
    assert first.number in found.message
    commands.withdraw_change(actor=EDITOR, number=first.number)
    commands.change_implementation(actor=EDITOR, task_code=TASK_CODE, kind="suspend")


def test_a_returned_change_is_mended_and_handed_in_again():
    published()
    change = handed_in()
    refused("reason_missing", commands.return_change, actor=LEGAL, number=change.number, opinion=" ")
    returned = commands.return_change(actor=LEGAL, number=change.number, opinion="承诺时限的依据没有写")
    assert (returned.state, returned.reviewer) == ("returned", None)
    mended = commands.save_change(actor=EDITOR, number=change.number, revision=2, reason="按意见补充依据")
    again = commands.submit_change(actor=EDITOR, number=change.number, revision=mended.revision)
    assert approved(again).state == "published"
    assert [one.verdict for one in change.reviews.order_by("pk")] == ["returned", "approved"]


def test_remarks_are_settled_before_a_change_passes():
    published()
    change = handed_in()
    said = commands.comment(actor=LEGAL, number=change.number, path="promised", text="七天够吗？")
    refused("comments_open", commands.approve_change, actor=LEGAL, number=change.number, revision=change.revision)
    commands.settle_comment(actor=EDITOR, number=change.number, comment_id=said.pk)
    stranger = staff(Role.LEGAL_REVIEWER, 8, COUNTY)
    refused("not_found", commands.comment, actor=stranger, number=change.number, path="", text="看不到")
    assert approved(change).state == "published"


def test_a_change_under_review_cannot_be_written_and_can_be_withdrawn():
    published()
    change = handed_in()
    refused("change_not_writable", commands.save_change, actor=EDITOR, number=change.number, revision=2, content={})
    assert commands.withdraw_change(actor=EDITOR, number=change.number).state == "withdrawn"
    assert commands.withdraw_change(actor=EDITOR, number=change.number).state == "withdrawn"
    refused("not_found", commands.approve_change, actor=LEGAL, number=change.number, revision=2)
    assert queries.current_version(TASK_CODE).number == 1


def test_a_change_with_a_time_comes_into_force_at_its_second(freeze):
    published()
    change = drafted()
    at = moment.now() + timedelta(hours=2)
    change = commands.save_change(actor=EDITOR, number=change.number, revision=2, effective_at=at)
    change = commands.submit_change(actor=EDITOR, number=change.number, revision=3)
    assert approved(change).state == "approved"
    assert commands.due_changes() == []
    assert commands.issue_due(change.number).state == "approved"
    with freeze(at - timedelta(seconds=60)):
        assert commands.due_changes() == [(change.number, at)]
        assert commands.issue_due(change.number).state == "approved"
        assert queries.current_version(TASK_CODE).number == 1
    with freeze(at):
        jobs.issue()
        assert queries.current_version(TASK_CODE).number == 2
        assert queries.current_version(TASK_CODE).published_at == at
        jobs.issue()
    assert ItemVersion.objects.count() == 2


def test_a_time_that_has_passed_is_not_accepted(freeze):
    published()
    change = drafted()
    at = moment.now() + timedelta(minutes=1)
    commands.save_change(actor=EDITOR, number=change.number, revision=2, effective_at=at)
    with freeze(at):
        refused("effective_past", commands.submit_change, actor=EDITOR, number=change.number, revision=3)


def test_what_the_catalogue_no_longer_allows_at_its_time_goes_back_with_the_reason(freeze):
    published()
    change = drafted()
    at = moment.now() + timedelta(hours=2)
    commands.save_change(actor=EDITOR, number=change.number, revision=2, effective_at=at)
    approved(commands.submit_change(actor=EDITOR, number=change.number, revision=3))
    commands.publish_version(actor=SYSTEM, task_code=TASK_CODE, definition=definition(conditions=["别的条件"]))
    with freeze(at):
        back = commands.issue_due(change.number)
    assert back.state == "returned"
    assert "别的新版本" in change.reviews.order_by("pk").last().opinion
    assert queries.current_version(TASK_CODE).parsed.conditions == ("别的条件",)


@pytest.mark.parametrize(("kind", "then"), [("suspend", "suspended"), ("cancel", "cancelled")])
def test_suspending_and_cancelling_are_reviewed_too_and_can_be_undone(kind, then):
    published()
    change = commands.change_implementation(actor=EDITOR, task_code=TASK_CODE, kind=kind, reason="系统升级")
    change = commands.submit_change(actor=EDITOR, number=change.number, revision=1)
    assert queries.implementation(TASK_CODE).state == "active"
    approved(change)
    item = queries.implementation(TASK_CODE)
    assert (item.state, item.state_reason) == (then, "系统升级")
    refused("change_kind", commands.change_implementation, actor=EDITOR, task_code=TASK_CODE, kind="suspend")
    back = commands.change_implementation(actor=EDITOR, task_code=TASK_CODE, kind="resume", reason="升级完成")
    approved(commands.submit_change(actor=EDITOR, number=back.number, revision=1))
    assert queries.implementation(TASK_CODE).state == "active"


def test_a_new_entry_of_the_directory_is_taken_up_by_a_body_of_its_level():
    published()
    new = elements_of(definition(name="新的服务", catalog_code="002099001000", kind="20"), ("4",)).plain()
    change = directory("new", new)
    assert (change.base.name, change.base.number) == ("新的服务", 1)
    town = {"actor": EDITOR, "catalog_code": "002099001000", "organisation_code": BODY}
    refused("level_not_allowed", commands.take_up, **town)
    county = body(code="11430212YL6P0N8P3M", division=COUNTY, level="county", name="渌口区示例局")
    taken = commands.take_up(actor=EDITOR, catalog_code="002099001000", organisation_code=county.code)
    assert taken.content["name"] == "新的服务"
    refused("change_open", commands.take_up, **(town | {"organisation_code": county.code}))
    content = definition(kind="20", faq=[], materials=[], name="新的服务", catalog_code="002099001000").model_dump(
        mode="json"
    )
    taken = commands.save_change(actor=EDITOR, number=taken.number, revision=1, content=content, reason="认领")
    done = approved(commands.submit_change(actor=EDITOR, number=taken.number, revision=2))
    assert done.implementation.organisation == county
    assert queries.current_version(done.implementation.task_code).parsed.name == "新的服务"
    assert queries.implementation(done.implementation.task_code).takes_cases


def test_an_entry_s_new_name_reaches_every_body_at_once():
    published()
    county = body(code="11430212YL6P0N8P3M", division=COUNTY, level="county", name="渌口区示例局")
    other = definition(task_code="11430212YL6P0N8P3M4" + definition().catalog_code)
    published(other, county)
    elements = BaseItem.objects.get().elements | {"name": "示例许可证核发"}
    directory("change", elements, [definition().catalog_code])
    for code in (TASK_CODE, other.task_code):
        version = queries.current_version(code)
        assert (version.number, version.parsed.name) == (2, "示例许可证核发")
    assert BaseItem.objects.get().versions.count() == 1  # the first came from the factory
    again = commands.change_directory(
        actor=EDITOR, kind="change", catalog_codes=(definition().catalog_code,), organisation_code=BODY, reason="换编码"
    )
    moved = elements | {"catalog_code": "000131016009"}
    commands.save_change(actor=EDITOR, number=again.number, revision=1, content=moved)
    refused("base_code", commands.submit_change, actor=EDITOR, number=again.number, revision=2)


def test_a_change_drafted_before_the_entry_was_renamed_goes_on_with_the_new_name():
    published()
    change = handed_in()
    elements = BaseItem.objects.get().elements | {"name": "示例许可证核发"}
    directory("change", elements, [definition().catalog_code])
    back = commands.return_change(actor=LEGAL, number=change.number, opinion="基本目录变了，请核对")
    saved = commands.save_change(actor=EDITOR, number=back.number, revision=2, content=back.content)
    approved(commands.submit_change(actor=EDITOR, number=saved.number, revision=saved.revision))
    current = queries.current_version(TASK_CODE).parsed
    assert (current.name, current.promised.amount) == ("示例许可证核发", 7)


def test_an_entry_that_is_split_ends_only_when_its_bodies_run_what_replaces_it():
    published()
    old = BaseItem.objects.get()
    parts = [old.elements | {"name": f"示例许可（{n}）", "catalog_code": f"00013101700{n}"} for n in (1, 2)]
    directory("split", {"into": parts}, [old.catalog_code])
    old.refresh_from_db()
    assert (old.state, old.successors) == ("cancelled", ["000131017001", "000131017002"])
    assert queries.implementation(TASK_CODE).state == "active"
    drafts = list(ItemChange.objects.filter(kind="new", about="implementation").order_by("pk"))
    assert [one.title for one in drafts] == ["示例许可（1）", "示例许可（2）"]
    for number, draft in enumerate(drafts):
        saved = commands.save_change(actor=EDITOR, number=draft.number, revision=1, reason="按拆分认领")
        approved(commands.submit_change(actor=EDITOR, number=draft.number, revision=saved.revision))
        assert queries.implementation(TASK_CODE).state == ("active" if number == 0 else "cancelled")


def test_entries_that_are_merged_are_replaced_by_one():
    published()
    first = BaseItem.objects.get()
    second = base_item(definition(catalog_code="000131016005", name="第二个许可"), slug="second")
    one = first.elements | {"name": "合并后的许可", "catalog_code": "000131018000"}
    refused("change_kind", commands.change_directory, actor=EDITOR, kind="merge", organisation_code=BODY,
            catalog_codes=(first.catalog_code,))  # fmt: skip
    directory("merge", {"into": [one]}, [first.catalog_code, second.catalog_code])
    for entry in (first, second):
        entry.refresh_from_db()
        assert (entry.state, entry.successors) == ("cancelled", ["000131018000"])
    assert ItemChange.objects.get(kind="new", about="implementation").title == "合并后的许可"


def test_an_entry_suspended_by_the_directory_takes_its_bodies_along_and_back():
    published()
    code = definition().catalog_code
    directory("suspend", codes=[code], reason="法规清理")
    assert queries.implementation(TASK_CODE).state_reason == "基本目录暂停：法规清理"
    directory("resume", codes=[code])
    assert queries.implementation(TASK_CODE).state == "active"
    directory("cancel", codes=[code], reason="法律废止")
    assert queries.implementation(TASK_CODE).state == "cancelled"


def test_reviews_and_versions_of_entries_are_never_changed():
    published()
    approved(handed_in())
    for statement in (
        "UPDATE catalogue_changereview SET opinion = 'x'", "DELETE FROM catalogue_changereview",
        "UPDATE catalogue_baseversion SET number = 9", "DELETE FROM catalogue_baseversion",
    ):  # fmt: skip
        with pytest.raises(Exception, match=r"append-only|permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_refusals_of_the_content_name_its_paths():
    published()
    with pytest.raises(Invalid) as refusal:
        directory("new", {"name": ""})
    assert set(refusal.value.fields) >= {"name", "catalog_code", "kind", "legal_basis", "levels"}
