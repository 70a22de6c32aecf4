"""The editor of the catalogue changes an item: limit, material, question, step, form; is told what is wrong; hands it in."""

from playwright.sync_api import expect

from tests.journeys.visitor import PATIENCE_MS
from tongban.catalogue.models import Implementation, ItemChange

#: One item for each screen: an item has one change under way.
PLACES = {"desktop": "430202000000", "phone": "430203000000"}


def test_an_editor_changes_an_item_and_hands_it_in(window, screen, backstage):
    item = Implementation.objects.select_related("base", "organisation").get(
        base__slug="food-business-licence", division_id=PLACES[screen]
    )
    editor = window(screen, who="shixiang")
    editor.go(f"/desk/items/?q={item.base.name}")
    row = editor.page.get_by_role("row").filter(has_text=item.organisation.name)
    editor.press(row.get_by_role("button", name="变更"))
    change = ItemChange.objects.get(implementation=item)
    editor.sees("没有发现问题")

    def opens(section):
        editor.press(editor.page.get_by_role("navigation", name="各节").get_by_role("link", name=section))

    opens("时限")
    editor.page.locator('[name="promised.amount"]').fill("30")
    told = editor.page.locator("#e-promised-fault")
    expect(told).to_contain_text("承诺办结时限不能长于法定办结时限", timeout=PATIENCE_MS)
    editor.page.locator('[name="promised.amount"]').fill("4")
    expect(told).to_be_empty(timeout=PATIENCE_MS)
    save = editor.page.get_by_role("button", name="保存这一节")
    editor.press(save)

    opens("环节")
    editor.sees("环节时限加起来超过承诺办结时限")
    editor.page.locator('[name="steps.0.limit.amount"]').fill("1")
    editor.sees("计入办理时限，它的时限不能超过承诺办结时限")
    editor.page.locator('[name="special_procedures.0.limit.amount"]').fill("4")
    editor.press("加一个环节")
    editor.page.locator('[name="steps.2.name"]').fill("会审")
    editor.press(save)
    expect(editor.page.locator("svg.flow")).to_contain_text("会审", timeout=PATIENCE_MS)

    opens("材料")
    editor.page.locator("#e-materials-2 summary").first.click()
    editor.page.locator('[name="materials.2.copy_count"]').fill("2")
    editor.press(save)

    opens("情形")
    editor.page.locator("#e-questions-4 summary").first.click()
    editor.press("加一个答案")
    editor.sees("请填写")
    editor.page.locator('[name="questions.4.options.2.label"]').fill("中介机构代办")
    editor.press(save)
    editor.page.locator("#beside").get_by_text("散装食品、现做现卖").click()
    editor.sees("中介机构代办")

    opens("表单")
    editor.page.locator("#new-title").fill("门头照片说明")
    editor.press("加表单项")
    editor.sees("门头照片说明")
    editor.press("试填")
    expect(editor.page.get_by_label("经营者名称")).to_have_value("株洲示例有限公司")
    editor.press("检查试填的内容", status=422)
    editor.press("变更单")

    editor.sees("没有发现问题")
    editor.press("提交审核", status=422)
    editor.sees("请填写变更理由")
    editor.fill("变更理由", "缩短承诺时限")
    editor.press("提交审核")
    editor.sees("已提交审核")
    kept = ItemChange.objects.get(pk=change.pk)
    assert (kept.state, kept.content["promised"]["amount"], kept.content["steps"][2]["name"]) == (
        "submitted",
        4,
        "会审",
    )
    assert kept.content["materials"][2]["copy_count"] == 2
