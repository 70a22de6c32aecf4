"""The result finds its way: by mail to the door, left before witnesses, by public notice to whoever cannot be found."""

import pytest

from tests.journeys import desk
from tongban.cases.tests import story

OWNER, CLERK = "19900000001", "lukou.zonghe"
NUMBER, HOME = "1012345678901", "株洲市天元区神农大道399号5栋601"


@pytest.fixture
def issued(backstage, cast):
    """A case whose licence lies ready."""
    walk = story.Walk(story.submitted(cast.citizen))
    return walk.receive().accept().to_decision().decide().issue().no


def test_who_would_rather_have_it_by_mail_is_sent_it_and_both_follow_it(window, issued):
    owner = window("phone", who=OWNER)
    owner.go(f"/my/cases/{issued}/delivery/")
    owner.page.get_by_label("邮寄", exact=False).first.check()
    owner.fill("送达地址", HOME)
    owner.press("保存")

    clerk = window("desktop", who=CLERK)
    clerk.go(f"/desk/cases/{issued}/")
    desk.do(clerk, "邮寄送达", 邮件号=NUMBER)
    clerk.sees(NUMBER)
    assert HOME not in clerk.text(), "the address is masked"

    owner.go(f"/my/cases/{issued}/")
    owner.sees(NUMBER)
    desk.do(clerk, "登记邮件结果", "已签收", "本人")
    clerk.sees("送达回证")
    owner.go(f"/my/cases/{issued}/")
    owner.sees("送达回证")


def test_nobody_is_at_home_then_nobody_can_be_found(window, issued):
    clerk = window("desktop", who=CLERK)
    clerk.go(f"/desk/cases/{issued}/")
    desk.do(clerk, "登记送达未成", "无人签收", 地点="津口路128号", 经过="敲门无人应答。")
    clerk.sees("敲门无人应答")
    desk.do(clerk, "公告送达", "用其他方式无法送达", 原因和经过="上门无人，电话停机，社区称已搬走。")
    clerk.sees("公告")

    anybody = window("phone")
    anybody.go("/public-notices/")
    anybody.press(anybody.page.locator("main td a").first)
    anybody.sees("即视为送达")
    assert "津口路" not in anybody.text(), "where somebody lives is not told"

    clerk.go(f"/desk/cases/{issued}/")
    within = {
        "留置地点": "津口路128号",
        "拒收事由": "本人在场，拒绝签收。",
        "拍照、录像记录存放在哪里": "执法记录仪 3 号",
    }
    desk.do(clerk, "留置送达", **within)
    clerk.sees("留置")
    assert not desk.acts(clerk).get_by_role("button", name="留置送达").count(), "it is served once"
