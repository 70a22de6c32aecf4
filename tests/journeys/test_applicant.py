"""An applicant, from everyday words to the page that shows how the case stands; at both widths, with and without script."""

import re

from tests.journeys import applying
from tests.journeys.log_in import citizen_by_password
from tongban.cases.tests.story import sample

FOOD = sample("food-business-licence")
SHOP = "渌口区陈记面馆"
OWNER = "19900000001"


def _find_and_begin(visitor):
    applying.find_by_words(visitor, "开饭店", "食品经营许可", "渌口区")
    for part in ("条件", "材料", "流程", "收费", "依据"):
        visitor.sees(part)
    applying.begin(visitor)


def _form_with_a_mistake(visitor):
    applying.fill_form(visitor, {**FOOD.form, "area": "很大", "safety_manager_id_number": "430212197803120022"})
    visitor.press("保存并到下一步", status=422)
    summary = visitor.page.locator(".summary")
    assert summary.locator("a").count() == 2
    summary.locator("a").first.click()
    assert visitor.page.evaluate("document.activeElement.name") == "area"
    applying.fill_form(
        visitor, {"area": FOOD.form["area"], "safety_manager_id_number": FOOD.form["safety_manager_id_number"]}
    )
    visitor.press("保存并到下一步")


def _track(visitor, filed):
    visitor.go("/track/")
    visitor.fill("办件编号", filed.case_no)
    visitor.fill("查询密码", "00000000")
    visitor.press("查询", status=422)
    visitor.fill("查询密码", filed.password)
    visitor.press("查询")
    visitor.sees("食品经营许可")
    assert "430212" not in re.sub(r"\s", "", visitor.text()).replace(filed.case_no, "")


def _is_told_by_message(visitor, filed):
    """The worker sends it: number and password come by text message."""
    visitor.page.goto(f"{visitor.site.simulators}/sms/inbox?to={OWNER}")
    has_come = "async words => { const text = await (await fetch(location.href)).text(); return words.every(w => text.includes(w)); }"
    visitor.page.wait_for_function(has_come, arg=[filed.case_no, filed.password], polling=250)


def test_applying_on_a_screen_of_any_size(window, screen):
    visitor = window(screen, who=OWNER)
    _find_and_begin(visitor)
    applying.answer_questions(visitor, FOOD.answers)
    _form_with_a_mistake(visitor)
    visitor.press("保存并到下一步", status=422)
    visitor.sees("请上传")
    applying.hand_in_materials(visitor)
    visitor.press("保存并到下一步")
    applying.choose_service(visitor)
    visitor.sees(SHOP)
    applying.sign(visitor, "wrong-password-1", status=422)
    applying.sign(visitor)
    filed = applying.told(visitor)
    visitor.press("看进度")
    visitor.sees("食品经营许可")
    visitor.go("/my/")
    visitor.sees("食品经营许可")
    reader = window(screen)
    _track(reader, filed)
    _is_told_by_message(reader, filed)


def test_applying_without_javascript(window, screen):
    visitor = window(screen, java_script_enabled=False)
    citizen_by_password(visitor, OWNER)
    _find_and_begin(visitor)
    applying.answer_questions(visitor, FOOD.answers)
    _form_with_a_mistake(visitor)
    applying.hand_in_materials(visitor, script=False)
    visitor.press("保存并到下一步")
    applying.choose_service(visitor)
    applying.sign(visitor)
    filed = applying.told(visitor)
    _track(window(screen, java_script_enabled=False), filed)
