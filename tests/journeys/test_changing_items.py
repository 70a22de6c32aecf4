"""An item's change: the editor hands it in, the legal reviewer reads it side by side, remarks, returns, publishes."""

import os

from tongban.catalogue import commands
from tongban.catalogue.models import Implementation, ItemChange
from tongban.catalogue.queries import current_version


def test_a_change_is_reviewed_side_by_side_and_published(window, screen, backstage, cast):
    code = Implementation.objects.filter(base__slug="food-business-licence", level="4").order_by("pk")[0].task_code
    ItemChange.objects.filter(implementation__task_code=code).exclude(state="published").update(
        state="withdrawn", stage=""
    )
    change = commands.change_implementation(actor=cast.editor, task_code=code, kind="change")
    content = dict(change.content)
    # Each width finds what the other left: the term goes down a day each time.
    days = content["correction_days"] - 1
    content["correction_days"] = days
    content["faq"] = [*content["faq"], {"question": f"{days} 天从哪天算起？", "answer": "从受理的第二个工作日算起。"}]
    commands.save_change(actor=cast.editor, number=change.number, revision=1, content=content)

    editor = window(screen, who="shixiang")
    editor.go("/desk/items/orders/")
    editor.press(editor.page.get_by_role("link", name="食品经营许可（新办）").first)
    editor.sees("生效后会怎样")
    editor.sees("继续按原来的版本办理")
    editor.press(editor.page.get_by_role("link", name="编辑和提交"))
    editor.page.get_by_label("变更理由").fill("按优化营商环境的要求压缩补正期限")
    editor.press("提交审核")
    editor.sees("已提交审核")

    reviewer = window(screen, who="fazhi")
    reviewer.go("/desk/")
    reviewer.go("/desk/items/orders/")
    reviewer.press(reviewer.page.get_by_role("link", name="食品经营许可（新办）").first)
    reviewer.sees("补正期限（工作日）")
    reviewer.sees("从受理的第二个工作日算起")
    if shots := os.environ.get("TONGBAN_SHOTS"):
        reviewer.page.screenshot(path=f"{shots}/order-{screen}.png", full_page=True)
    row = reviewer.page.get_by_role("article", name="补正期限（工作日）")
    row.get_by_text("写意见").click()
    row.get_by_label("意见").fill("法定时限的依据要一并核对")
    reviewer.press(row.get_by_role("button", name="记下"))
    reviewer.press(reviewer.page.get_by_role("button", name="通过并发布"), status=409)
    reviewer.sees("还有没有处理的意见")
    reviewer.press(reviewer.page.get_by_role("button", name="标为已处理").first)
    reviewer.press(reviewer.page.get_by_role("button", name="通过并发布"))
    reviewer.sees("已发布")
    assert current_version(code).parsed.correction_days == days
    reader = window(screen)
    reader.go(f"/items/{code}/")
    reader.sees(f"{days} 天从哪天算起？")
