"""Back to where something is missing: to the applicant before receipt, and to an earlier step by the keyboard alone."""

import pytest

from tests.journeys import applying, desk
from tests.journeys.log_in import PASSWORD
from tests.journeys.test_keyboard import enter, tab_to
from tongban.cases.tests import story

OWNER, CLERK, REVIEWER, OFFICER = "19900000001", "lukou.zonghe", "lukou.shenhe", "lukou.shijian"


@pytest.fixture
def applied(backstage, cast):
    """A case that came in online and that nobody has looked at."""
    return story.submitted(cast.citizen).case_no


@pytest.fixture
def examined_case(backstage, cast):
    """A case before its reviewer."""
    walk = story.Walk(story.submitted(cast.citizen)).receive().accept()
    walk.complete(walk.open_steps()[0])
    return walk.no


def test_sent_back_in_pre_review_and_completed_under_the_same_number(window, screen, applied):
    clerk = window(screen, who=CLERK)
    clerk.go(f"/desk/cases/{applied}/")
    within = desk.acts(clerk).locator("details.act", has_text="预审退回")
    within.locator("summary").first.click()
    clerk.sees("不因退回停止")
    within.locator('[name="what.material.layout"]').fill("平面图没有标明出入口，请补画。")
    clerk.press(within.get_by_role("button", name="预审退回"))
    desk.is_in_state(clerk, "预审退回")
    assert not desk.acts(clerk).locator("details.act", has_text="预审退回").count(), "a second notice is not offered"
    owner = window("phone", who=OWNER)
    owner.go(f"/my/cases/{applied}/")
    owner.press("去补正")
    owner.sees("受理期限照常计算")
    applying.hand_in_materials(owner)
    owner.press("下一步：签名提交")
    owner.fill("登录密码", PASSWORD)
    owner.press("签名并提交补正")
    owner.sees("还是原来的办件编号")
    clerk.go(f"/desk/cases/{applied}/")
    desk.do(clerk, "收件")
    desk.is_in_state(clerk, "已收件")


def test_a_reviewer_sends_a_case_back_by_the_keyboard_alone(window, examined_case):
    reviewer = window("desktop", who=REVIEWER)
    reviewer.go(f"/desk/cases/{examined_case}/")
    tab_to(reviewer, lambda here: here["tag"] == "SUMMARY" and here["words"].startswith("退回"))
    reviewer.page.keyboard.press("Enter")
    tab_to(reviewer, lambda here: here["name"] == "to")
    tab_to(reviewer, lambda here: here["name"] == "reason")
    reviewer.page.keyboard.type("现场核查记录缺少后厨照片，请补拍后重新提交。")
    enter(reviewer, "退回以前的环节")
    reviewer.sees("第 2 次")
    desk.is_in_state(reviewer, "承办")
    officer = window("desktop", who=OFFICER)
    desk.open_from_inbox(officer, examined_case)
    officer.sees("请补拍后重新提交")
    desk.give_opinion(officer, "照片已补，符合条件。")
    desk.is_in_state(officer, "审核")
