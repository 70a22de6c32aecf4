"""One notice with everything in it, answered on the phone, then accepted."""

import pytest

from tests.journeys import applying, desk
from tests.journeys.log_in import PASSWORD
from tongban.cases.tests import story

OWNER, CLERK = "19900000001", "lukou.zonghe"


@pytest.fixture
def received(backstage, cast):
    """A case that the window has received and not yet accepted."""
    return story.Walk(story.submitted(cast.citizen)).receive().no


def _ask(clerk, number):
    clerk.go(f"/desk/cases/{number}/")
    within = desk.acts(clerk).locator("details.act", has_text="一次性告知补正")
    within.locator("summary").first.click()
    send = within.get_by_role("button", name="一次性告知补正")
    clerk.press(send, status=422)
    within = desk.acts(clerk).locator("details.act", has_text="一次性告知补正")
    within.locator('[name="what.material.layout"]').fill("平面图没有标明出入口和食品流向，请补画。")
    within.locator("summary.linkline").click()
    within.locator('[name="what.field.area"]').fill("与营业执照所附房产证明不一致，请按实际填写。")
    clerk.press(within.get_by_role("button", name="一次性告知补正"))
    desk.is_in_state(clerk, "待补正")
    assert not desk.acts(clerk).locator("details.act", has_text="一次性告知补正").count(), (
        "a second notice is not offered"
    )


def _answer(owner, number):
    owner.go("/my/")
    owner.sees("去补正")
    owner.go(f"/my/cases/{number}/")
    owner.press("去补正")
    owner.sees("平面图没有标明出入口")
    applying.fill_in(owner.page.locator("form[data-autosave]"), {"area": "92"})
    owner.press("下一步：签名提交", status=422)
    applying.hand_in_materials(owner)
    applying.fill_in(owner.page.locator("form[data-autosave]"), {"area": "92"})
    owner.press("下一步：签名提交")
    owner.sees("92")
    owner.fill("登录密码", PASSWORD)
    owner.press("签名并提交补正")


def test_one_notice_answered_on_the_phone_and_accepted(window, screen, received):
    clerk = window(screen, who=CLERK)
    _ask(clerk, received)
    _answer(window("phone", who=OWNER), received)
    clerk.go(f"/desk/cases/{received}/")
    clerk.sees("已补")
    desk.do(clerk, "受理")
    desk.is_in_state(clerk, "办理中")


def test_not_accepting_says_which_body_it_is(window, received):
    clerk = window("desktop", who=CLERK)
    clerk.go(f"/desk/cases/{received}/")
    words = {
        "理由": "经营场所不在本区。",
        "法律依据": "《行政许可法》第三十二条",
        "应当向哪个机关申请": "株洲市天元区市场监督管理局",
    }
    desk.do(clerk, "不予受理", **words)
    desk.is_in_state(clerk, "不予受理")
    owner = window("phone", who=OWNER)
    owner.go(f"/my/cases/{received}/")
    owner.sees("不予受理")
