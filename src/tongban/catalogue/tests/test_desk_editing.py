"""The editor of a draft on the desk, as the browser sees it."""

import re

import pytest
from django.test import Client

from tongban.catalogue import commands
from tongban.catalogue.editing import SECTIONS
from tongban.catalogue.models import BaseItem, Implementation, ItemChange
from tongban.directory.models import Organisation
from tongban.identity.tests.cast import log_in
from tongban.kernel.problems import Invalid

pytestmark = pytest.mark.usefixtures("city")
FOOD = "food-business-licence"


@pytest.fixture
def change(cast):
    item = Implementation.objects.filter(base__slug=FOOD, division_id="430212000000").get()
    return commands.change_implementation(actor=cast.editor, task_code=item.task_code, kind="change", reason="示例")


@pytest.fixture
def browser(cast):
    return log_in(Client(), cast.account("editor"))


def at(change, key, more=""):
    return f"/desk/items/changes/{change.number}/{key}/{more}"


def stamp_of(page):
    return re.search(r'name="stamp" value="([0-9a-f]+)"', page)[1]


def test_every_section_opens_with_what_the_draft_says(change, browser, django_assert_max_num_queries):
    for section in SECTIONS:
        with django_assert_max_num_queries(40):
            answer = browser.get(at(change, section.key))
        assert answer.status_code == 200, section.key
        assert section.title in answer.content.decode()


def test_a_section_is_saved_and_the_rest_stays(change, browser):
    page = browser.get(at(change, "limits")).content.decode()
    sent = {"stamp": stamp_of(page), "promised.amount": "4", "promised.unit": "working_days", "act": "save"}
    answer = browser.post(at(change, "limits"), sent)
    assert answer.status_code == 302
    before = change.content
    change.refresh_from_db()
    assert change.content["promised"] == {"amount": 4, "unit": "working_days"}
    assert {**change.content, "promised": before["promised"]} == before
    page = browser.get(at(change, "steps")).content.decode()
    assert "环节时限加起来超过承诺办结时限" in page
    assert "flow__box" in page


def test_a_row_is_added_and_the_page_leads_to_it(change, browser):
    page = browser.get(at(change, "materials")).content.decode()
    answer = browser.post(at(change, "materials"), {"stamp": stamp_of(page), "act": "add:materials"})
    change.refresh_from_db()
    assert answer["Location"].endswith(f"#e-materials-{len(change.content['materials']) - 1}")


def test_another_page_of_the_same_section_is_not_overwritten_unseen(change, browser):
    page = browser.get(at(change, "limits")).content.decode()
    sent = {"stamp": stamp_of(page), "correction_days": "9", "act": "save"}
    assert browser.post(at(change, "limits"), sent).status_code == 302
    sent["correction_days"] = "7"
    answer = browser.post(at(change, "limits"), sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "刚才在另一个页面保存过" in page
    assert 'value="7"' in page
    change.refresh_from_db()
    assert change.content["correction_days"] == 9
    assert browser.post(at(change, "limits"), sent | {"stamp": stamp_of(page)}).status_code == 302
    change.refresh_from_db()
    assert change.content["correction_days"] == 7


def test_two_pages_of_different_sections_do_not_meet(change, browser):
    limits = stamp_of(browser.get(at(change, "limits")).content.decode())
    contact = stamp_of(browser.get(at(change, "contact")).content.decode())
    assert browser.post(at(change, "limits"), {"stamp": limits, "correction_days": "9"}).status_code == 302
    assert browser.post(at(change, "contact"), {"stamp": contact, "consult_phone": "0731-1"}).status_code == 302
    change.refresh_from_db()
    assert (change.content["correction_days"], change.content["consult_phone"]) == (9, "0731-1")


def test_what_is_typed_is_checked_and_nothing_is_kept(change, browser):
    sent = {"onsite_visits": "1", "onsite_reason": "", "windows.there": "", "windows.add": "gone"}
    page = browser.post(at(change, "places", "check/"), sent).content.decode()
    assert "请写明必须到现场的原因" in page
    assert 'id="e-onsite_reason-fault" hx-swap-oob="true"' in page
    assert "没有 gone 这个办理地点" in page
    change.refresh_from_db()
    assert change.revision == 1


def test_the_tree_of_the_questions_lists_every_way(change, browser):
    page = browser.get(at(change, "questions")).content.decode()
    assert "不需要取得食品经营许可" in page
    assert "食品经营许可申请书" in page


def test_an_open_remark_stands_over_its_section(change, browser, cast):
    said = commands.comment(actor=cast.reviewer, number=change.number, path="materials.layout.name", text="名称太长")
    assert "名称太长" in browser.get(at(change, "materials")).content.decode()
    assert "名称太长" not in browser.get(at(change, "limits")).content.decode()
    commands.settle_comment(actor=cast.editor, number=change.number, comment_id=said.pk)
    assert "名称太长" not in browser.get(at(change, "materials")).content.decode()


def test_what_the_directory_does_not_have_is_not_handed_in(change, cast):
    content = {**change.content, "windows": ["gone"], "window_organisations": ["11430200MB16045219"]}
    saved = commands.save_change(actor=cast.editor, number=change.number, revision=1, content=content)
    with pytest.raises(Invalid) as refused:
        commands.submit_change(actor=cast.editor, number=change.number, revision=saved.revision)
    assert set(refused.value.fields) == {"windows.0", "window_organisations.0"}
    saved.refresh_from_db()
    assert saved.state == "draft"


def test_an_entry_is_split_in_the_same_way(browser, cast):
    entry = BaseItem.objects.get(slug=FOOD)
    split = commands.change_directory(
        actor=cast.editor,
        kind="split",
        catalog_codes=(entry.catalog_code,),
        organisation_code=Organisation.objects.get(ref="430200:sjj").code,
    )
    page = browser.get(at(split, "into")).content.decode()
    assert "基本编码是 12 位" in page
    sent = {"stamp": stamp_of(page), "into.rows": "2", "into.0.catalog_code": "000131016001", "into.1.catalog_code": "000131016002", "act": "add:into.1.legal_basis"}  # fmt: skip
    answer = browser.post(at(split, "into"), sent)
    assert answer["Location"].endswith(f"#e-into-1-legal_basis-{len(entry.elements['legal_basis'])}")
    split.refresh_from_db()
    assert [one["catalog_code"] for one in split.content["into"]] == ["000131016001", "000131016002"]
    assert browser.get(f"/desk/items/changes/{split.number}/").status_code == 200


def test_a_submitted_change_can_be_read_and_not_written(change, browser):
    ItemChange.objects.filter(pk=change.pk).update(state="submitted", stage="legal")
    page = browser.get(at(change, "limits")).content.decode()
    assert "现在不能修改" in page
    assert "保存这一节" not in page
    sent = {"stamp": stamp_of(page), "correction_days": "9"}
    assert browser.post(at(change, "limits"), sent).status_code == 409
    change.refresh_from_db()
    assert change.revision == 1


def test_others_find_nothing(change, cast):
    for name in ("officer", "citizen"):
        other = log_in(Client(), cast.account(name))
        for section in ("limits", "form", "form/try"):
            assert other.get(at(change, section)).status_code in (403, 404)
        assert other.post(at(change, "limits"), {}).status_code in (403, 404)
    assert Client().get(at(change, "limits")).status_code == 302


def test_a_form_is_designed_and_tried(change, browser):
    def act(**sent):
        page = browser.get(at(change, "form")).content.decode()
        answer = browser.post(at(change, "form"), {"stamp": stamp_of(page)} | sent)
        change.refresh_from_db()
        return answer

    answer = act(act="add:", kind="select", title="店招颜色", group="premises")
    assert answer["Location"].endswith("#field-select_1")
    assert "每个选项都要在" not in browser.get(at(change, "form")).content.decode()
    path = "fields.select_1"
    typed = {f"{path}.title": "店招颜色", f"{path}.required.there": "", f"{path}.required": "1", f"{path}.options": "red 红\r\nblue 蓝", f"{path}.group": "premises", f"{path}.name": "colour"}  # fmt: skip
    assert act(act="save:select_1", **typed).status_code == 302
    field = change.content["form"]["properties"]["colour"]
    assert (field["enum"], field["x-labels"]) == (["red", "blue"], {"red": "红", "blue": "蓝"})
    assert "colour" in change.content["form"]["required"]
    assert (
        act(act="up:colour", **{name.replace("select_1", "colour"): value for name, value in typed.items()}).status_code
        == 302
    )
    page = browser.get(at(change, "form", "try/")).content.decode()
    assert "店招颜色" in page
    assert "株洲示例有限公司" in page
    answer = browser.post(at(change, "form", "try/"), {"way": "0", "colour": "green"})
    assert answer.status_code == 422
    assert "店招颜色" in answer.content.decode()
    assert act(act="add_group:", title="其他").status_code == 302
    assert act(act="group_remove:part_1").status_code == 302
    assert act(act="add:staff", kind="text", title="备注").status_code == 302
    assert "text_1" in change.content["form"]["properties"]["staff"]["items"]["properties"]
    assert act(act="remove:colour").status_code == 302
    assert "colour" not in change.content["form"]["properties"]
    assert act(act="remove:colour").status_code == 404
    assert act(act="add:", kind="map", title="图").status_code == 422
    old = browser.post(at(change, "form"), {"stamp": "0", "act": "add_group:", "title": "组"})
    assert old.status_code == 409
