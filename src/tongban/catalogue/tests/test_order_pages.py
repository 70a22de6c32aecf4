"""Change orders and versions on the desk, as the browser sees them."""

import pytest
from django.test import Client

from tongban.catalogue import commands
from tongban.catalogue.models import BaseItem, Implementation, ItemChange
from tongban.catalogue.queries import current_version
from tongban.directory.models import Organisation
from tongban.identity.tests.cast import log_in
from tongban.kernel.actor import SYSTEM

pytestmark = pytest.mark.usefixtures("city")
ROAD = "road-excavation"


@pytest.fixture
def item(city):
    return Implementation.objects.select_related("base").get(base__slug=ROAD)


@pytest.fixture
def editor(cast):
    return log_in(Client(), cast.account("editor"))


@pytest.fixture
def reviewer(cast):
    return log_in(Client(), cast.account("reviewer"))


def page(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_any_two_versions_are_read_side_by_side(item, editor, django_assert_max_num_queries):
    first = current_version(item.task_code).parsed
    for phone in ("0731-28680861", "0731-28680862"):
        changed = first.model_copy(update={"consult_phone": phone})
        commands.publish_version(actor=SYSTEM, task_code=item.task_code, definition=changed)
    with django_assert_max_num_queries(24):
        text = page(editor, f"/desk/items/{item.task_code}/?old=1&new=3")
    assert "第 3 版与第 1 版对照" in text
    assert "咨询电话" in text
    assert "<ins>2</ins>" in text
    page(editor, f"/desk/items/{item.task_code}/?old=1&new=9", 404)
    page(editor, "/desk/items/1143/", 404)


def test_a_suspension_is_begun_on_the_item_s_page_reviewed_and_in_force(item, editor, reviewer):
    assert "开始变更" in page(editor, f"/desk/items/{item.task_code}/")
    assert "开始变更" not in page(reviewer, f"/desk/items/{item.task_code}/")
    answer = editor.post("/desk/items/orders/start/", {"task_code": item.task_code, "kind": "suspend"})
    order = ItemChange.objects.get()
    there = f"/desk/items/orders/{order.number}/"
    assert answer["Location"] == there
    assert "写明不再受理和原因" in page(editor, there)
    refused = editor.post(f"{there}submit/", {"revision": "1", "reason": " "})
    assert refused.status_code == 422
    assert "请填写变更理由" in refused.content.decode()
    order.refresh_from_db()
    assert order.state == "draft"
    editor.post(f"{there}submit/", {"revision": str(order.revision), "reason": "道路普查"})
    assert order.number in page(reviewer, "/desk/items/orders/")
    order.refresh_from_db()
    reviewer.post(f"{there}approve/", {"revision": str(order.revision)})
    assert Implementation.objects.get(pk=item.pk).state == "suspended"
    assert "已发布" in page(editor, there)
    assert order.number not in page(reviewer, "/desk/items/orders/")
    assert order.number in page(reviewer, "/desk/items/orders/?view=done")


def test_an_effective_time_that_is_none_is_refused_where_it_stands(item, editor):
    order = commands.change_implementation(actor=SYSTEM, task_code=item.task_code, kind="cancel")
    sent = {"revision": "1", "reason": "法律废止", "effective_at": "明天"}
    answer = editor.post(f"/desk/items/orders/{order.number}/submit/", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "写成 2026-12-01 00:00" in text
    assert "明天" in text
    assert "法律废止" in text
    order.refresh_from_db()
    assert (order.state, order.reason) == ("draft", "")


def test_an_entry_is_changed_split_taken_up_and_made_where_the_directory_is_kept(item, editor, reviewer):
    there = f"/desk/items/base/{item.base.catalog_code}/"
    text = page(editor, there)
    for words in ("拆分", "合并", "暂停", "机构认领"):
        assert words in text
    assert "机构认领" not in page(reviewer, there)
    own = Organisation.objects.get(ref="430200:sjj").code
    code = item.base.catalog_code
    editor.post("/desk/items/orders/start/", {"catalog_code": [code, ""], "organisation": own, "kind": "split"})
    split = ItemChange.objects.get(kind="split")
    assert [one["name"] for one in split.content["into"]] == [item.base.name] * 2
    editor.post("/desk/items/orders/start/", {"organisation": own, "kind": "new"})
    assert ItemChange.objects.get(kind="new", about="base").title == "新增目录事项"
    commands.withdraw_change(actor=SYSTEM, number=split.number)
    other = BaseItem.objects.exclude(pk=item.base_id).order_by("pk")[0]
    codes = [code, other.catalog_code]
    editor.post("/desk/items/orders/start/", {"catalog_code": codes, "organisation": own, "kind": "merge"})
    merge = ItemChange.objects.get(kind="merge")
    assert {merge.base_id, *merge.merged.values_list("pk", flat=True)} == {item.base_id, other.pk}
    water = Organisation.objects.get(ref="430200:slj")
    sent = {"catalog_code": code, "about": "implementation", "kind": "new", "organisation": water.code}
    editor.post("/desk/items/orders/start/", sent)
    taken = ItemChange.objects.get(about="implementation")
    assert (taken.organisation, taken.content["name"]) == (water, item.base.name)
    assert taken.content["task_code"].startswith(water.code)


def test_what_nobody_offers_is_refused_and_begins_nothing(item, editor, reviewer):
    for client, sent, status in (
        (editor, {"task_code": item.task_code, "kind": "burn"}, 422),
        (editor, {"task_code": "1143", "kind": "change"}, 404),
        (reviewer, {"task_code": item.task_code, "kind": "change"}, 404),
        (editor, {"kind": "merge", "organisation": "x"}, 404),
    ):
        assert client.post("/desk/items/orders/start/", sent).status_code == status
    assert not ItemChange.objects.exists()


def test_a_remark_on_a_paragraph_stands_beside_it(item, editor, reviewer):
    order = commands.change_implementation(actor=SYSTEM, task_code=item.task_code, kind="change", reason="电话")
    content = dict(order.content) | {"consult_phone": "0731-28680861"}
    commands.save_change(actor=SYSTEM, number=order.number, revision=1, content=content)
    commands.submit_change(actor=SYSTEM, number=order.number, revision=2)
    there = f"/desk/items/orders/{order.number}/"
    reviewer.post(f"{there}comment/", {"path": "consult_phone", "text": "<b>请核对</b>"})
    text = page(editor, there)
    assert text.count("&lt;b&gt;请核对&lt;/b&gt;") == 2  # beside its paragraph, and in the list of all
    answer = reviewer.post(f"{there}approve/", {"revision": "2"})
    assert answer.status_code == 409
    reviewer.post(f"{there}settle/", {"comment": str(order.comments.get().pk)})
    reviewer.post(f"{there}approve/", {"revision": "2"})
    assert current_version(item.task_code).parsed.consult_phone == "0731-28680861"


def test_the_time_that_was_set_stands_in_the_form_and_is_not_lost_by_saving_again(item, editor):
    order = commands.change_implementation(actor=SYSTEM, task_code=item.task_code, kind="change", reason="电话")
    there = f"/desk/items/changes/{order.number}/"
    sent = {"act": "save", "revision": "1", "reason": "改电话", "effective_at": "2026-12-31T08:30"}
    assert editor.post(there, sent).status_code == 302
    assert 'value="2026-12-31T08:30"' in page(editor, there)
    order.refresh_from_db()
    assert order.effective_at.isoformat() == "2026-12-31T00:30:00+00:00"
