"""Files of items on the desk: checked, reported, and carried out as change orders."""

import io
import re
import zipfile
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tongban.catalogue import commands
from tongban.catalogue.exchange import source
from tongban.catalogue.exchange.dictionaries import GBT39046
from tongban.catalogue.models import Implementation, ItemChange, ItemImport, ItemVersion
from tongban.catalogue.queries.exporting import ExportedItems
from tongban.catalogue.tests.exchanging import written
from tongban.identity.tests.cast import log_in
from tongban.kernel.problems import Invalid, NotFound, Refusal

pytestmark = pytest.mark.usefixtures("city")
FOOD = "food-business-licence"


@pytest.fixture
def item():
    return Implementation.objects.filter(base__slug=FOOD, division_id="430212000000").get()


@pytest.fixture
def browser(cast):
    return log_in(Client(), cast.account("editor"))


def file_of(item, **changed):
    """The item as a workbook, changed."""
    [one] = [one for one in ExportedItems(organisation=item.organisation.code) if one.task_code == item.task_code]
    values = {**one.__dict__, "definition": {**one.definition, **changed}}
    return written([type(one)(**values)], "xlsx")


def upload(browser, data, name="items.xlsx"):
    sent = {"file": SimpleUploadedFile(name, data), "dictionary": "gbt39046"}
    return browser.post("/desk/items/import/", sent)


def state():
    return list(ItemVersion.objects.values_list("pk", flat=True)), list(
        ItemChange.objects.values_list("number", "state")
    )


def test_an_editor_has_a_file_checked_reads_the_report_and_hands_its_changes_in(item, browser):
    answer = upload(browser, file_of(item, search_words=["开店", "食品证"]))
    assert answer.status_code == 302
    page = browser.get(answer["Location"]).content.decode()
    assert "没有错误" in page
    assert "检索词" in page
    assert ItemChange.objects.count() == 0
    short = browser.post(answer["Location"], {"reason": " "})
    assert short.status_code == 422
    done = browser.post(answer["Location"], {"reason": "按居民的说法补充检索词"})
    assert done.status_code == 302
    change = ItemChange.objects.get()
    assert (change.state, change.reason, change.content["search_words"]) == (
        "submitted", "按居民的说法补充检索词", ["开店", "食品证"],
    )  # fmt: skip
    item.refresh_from_db()
    assert item.current.number == 1
    again = browser.post(answer["Location"], {"reason": "再来一次"})
    assert again.status_code == 302
    assert ItemChange.objects.count() == 1
    assert change.number in browser.get(answer["Location"]).content.decode()


def test_the_item_changes_when_the_review_has_passed(item, cast):
    kept = commands.check_import(
        actor=cast.editor, name="a.xlsx", data=file_of(item, search_words=["开店"]), dictionary="gbt39046"
    )
    [number] = commands.confirm_import(actor=cast.editor, public_id=kept.public_id, reason="示例").orders
    change = ItemChange.objects.get(number=number)
    commands.begin_review(actor=cast.reviewer, number=number)
    commands.approve_change(actor=cast.reviewer, number=number, revision=change.revision)
    item.refresh_from_db()
    assert item.current.parsed.search_words == ("开店",)


def test_a_file_with_errors_shows_each_at_its_row_and_cannot_be_confirmed(item, browser):
    before = state()
    answer = upload(browser, file_of(item, complaint_phone="12345", promised={"amount": 900, "unit": "months"}))
    page = browser.get(answer["Location"]).content.decode()
    assert "监督投诉方式" in page
    assert "电话要带区号" in page
    assert "生成变更单并送审" not in page
    assert browser.post(answer["Location"], {"reason": "示例"}).status_code == 422
    assert state() == before
    report = browser.get(f"{answer['Location']}report/")
    with zipfile.ZipFile(io.BytesIO(b"".join(report.streaming_content))) as archive:
        assert archive.testzip() is None


def test_a_file_that_cannot_be_read_is_refused_on_the_page(browser):
    answer = upload(browser, b"%PDF-1.7", "items.xlsx")
    assert answer.status_code == 422
    assert "PDF" in answer.content.decode()
    assert "请选择一个文件" in browser.post("/desk/items/import/", {}).content.decode()


def test_an_editor_keeps_one_file_at_a_time_and_sees_nobody_elses(item, browser, cast):
    first = upload(browser, file_of(item))
    upload(browser, file_of(item))
    assert ItemImport.objects.count() == 1
    assert browser.get(first["Location"]).status_code == 404
    kept = ItemImport.objects.get()
    for other in (cast.reviewer, cast.officer):
        with pytest.raises(NotFound):
            commands.confirm_import(actor=other, public_id=kept.public_id, reason="示例")
    with pytest.raises(NotFound):
        commands.confirm_import(actor=cast.editor, public_id=UUID(int=7), reason="示例")
    with pytest.raises(NotFound):
        commands.check_import(actor=cast.officer, name="a", data=b"x", dictionary="gbt39046")


def test_what_changed_since_the_check_is_checked_again(item, cast):
    before = ItemChange.objects.count()
    kept = commands.check_import(
        actor=cast.editor, name="a.xlsx", data=file_of(item, search_words=["开店"]), dictionary="gbt39046"
    )
    commands.change_implementation(actor=cast.editor, task_code=item.task_code, kind="change", reason="另一张")
    with pytest.raises(Refusal) as refusal:
        commands.confirm_import(actor=cast.editor, public_id=kept.public_id, reason="示例")
    assert refusal.value.code == "change_open"
    assert item.base.name in refusal.value.message
    assert ItemChange.objects.count() == before + 1
    kept.refresh_from_db()
    assert kept.state == "checked"


def test_an_entry_that_the_directory_lacks_is_not_made_by_a_file(item, cast):
    [one] = [one for one in ExportedItems(organisation=item.organisation.code) if one.task_code == item.task_code]
    code = "009931016001"
    made = type(one)(**{
        **one.__dict__,
        "task_code": one.task_code[:19] + code,
        "base": {**one.base, "slug": "another"},
        "definition": {**one.definition, "catalog_code": code},
    })  # fmt: skip
    kept = commands.check_import(actor=cast.editor, name="a.xlsx", data=written([made], "xlsx"), dictionary="gbt39046")
    assert not kept.is_good
    assert any("基本目录里没有这个事项" in line[5] for line in kept.findings)
    with pytest.raises(Invalid):
        commands.confirm_import(actor=cast.editor, public_id=kept.public_id, reason="示例")


def test_a_file_asks_for_what_was_cancelled_to_be_resumed(item, cast):
    code = "430203000000"
    other = Implementation.objects.filter(base=item.base, division_id=code).get()
    commands.cancel(actor=cast.editor, task_code=other.task_code, reason="示例")
    [one] = [one for one in ExportedItems(organisation=other.organisation.code) if one.task_code == other.task_code]
    data = written([type(one)(**{**one.__dict__, "state": "active"})], "xlsx")
    kept = commands.check_import(actor=cast.editor, name="a.xlsx", data=data, dictionary="gbt39046")
    assert kept.counts == {"只改状态": 1}
    [number] = commands.confirm_import(actor=cast.editor, public_id=kept.public_id, reason="恢复办理").orders
    assert ItemChange.objects.get(number=number).kind == "resume"


@pytest.mark.parametrize("form", source.FORMATS)
def test_the_items_of_a_body_go_out_and_come_in_again_unchanged(item, browser, form):
    answer = browser.get(f"/desk/items/export/?organisation={item.organisation.code}&format={form}")
    data = b"".join(answer.streaming_content)
    made = source.read(f"a.{form}", data, source.format_of(f"a.{form}", data), GBT39046)
    wanted = Implementation.objects.filter(organisation=item.organisation, current__isnull=False)
    assert {one.task_code for one in made.records} == set(wanted.values_list("task_code", flat=True))
    found = upload(browser, data, f"a.{'zip' if form == 'csv' else form}")
    page = browser.get(found["Location"]).content.decode()
    assert re.search(r"没有变化\s*<b", page)
    assert "没有要变更的" in page


def test_the_pages_are_for_editors_only(cast):
    for who in ("officer", "reviewer", "supervisor", "citizen"):
        client = log_in(Client(), cast.account(who))
        assert client.get("/desk/items/import/").status_code in {403, 404}
        assert client.get("/desk/items/export/").status_code in {403, 404}
