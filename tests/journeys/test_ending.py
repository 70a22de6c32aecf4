"""Ends: passed on or void by who leads the body, taken back by who typed it in or applied, and the archive at last."""

import pytest

from tests.journeys import desk
from tongban.cases.commands import Applicant
from tongban.cases.tests import story
from tongban.cases.tests.unpacked import faults

OWNER, CLERK, OFFICER, LEADER = "19900000001", "lukou.zonghe", "lukou.shijian", "lukou.shenpi"


@pytest.fixture
def accepted(backstage, cast):
    """A case in hand."""
    return story.Walk(story.submitted(cast.citizen)).receive().accept().no


@pytest.fixture
def typed_in(backstage, cast):
    """A case that the clerk has just taken down."""
    applicant = Applicant.from_json(story.draft(cast.citizen).applicant)
    return story.filed_at_window(cast.clerk, story.window_draft(cast.clerk, story.FOOD, applicant)).case_no


def test_a_leader_passes_a_case_on_and_the_applicant_reads_where_to(window, screen, accepted):
    leader = window(screen, who=LEADER)
    leader.go(f"/desk/cases/{accepted}/")
    desk.do(leader, "转报办结", 转报的机关="株洲市市场监督管理局", 理由="依法由上级机关办理。")
    desk.is_in_state(leader, "转报办结")
    leader.sees("办结代码 4")
    owner = window("phone", who=OWNER)
    owner.go(f"/my/cases/{accepted}/")
    owner.sees("已转报株洲市市场监督管理局办理")


def test_a_clerk_takes_back_what_was_typed_in_twice(window, typed_in):
    clerk = window("desktop", who=CLERK)
    clerk.go(f"/desk/cases/{typed_in}/")
    desk.do(clerk, "删除办结", 理由="同一份材料录入了两次。")
    desk.is_in_state(clerk, "已删除")
    clerk.go("/desk/")
    assert not clerk.page.locator(f'table.grid a[href*="{typed_in}"]').count(), "it has left the inbox"
    owner = window("phone", who=OWNER)
    owner.go("/my/")
    assert not owner.page.locator(f'a[href*="{typed_in}"]').count(), "it is not listed"


def test_a_leader_ends_what_cannot_go_on_and_the_applicant_has_it_in_writing(window, accepted):
    leader = window("desktop", who=LEADER)
    leader.go(f"/desk/cases/{accepted}/")
    desk.do(leader, "作废办结", 理由="申请的门面已被征收，无从许可。")
    desk.is_in_state(leader, "作废办结")
    owner = window("phone", who=OWNER)
    owner.go(f"/my/cases/{accepted}/")
    owner.sees("办件作废")
    owner.sees("终止告知书")


def test_somebody_without_an_account_withdraws_at_the_window(window, typed_in):
    clerk = window("desktop", who=CLERK)
    clerk.go(f"/desk/cases/{typed_in}/")
    desk.do(clerk, "窗口代办撤回", "已在纸上签名，纸张留存", 撤回原因="店面不租了。")
    desk.is_in_state(clerk, "已撤回")


def test_what_needs_no_permit_is_taken_on_put_back_and_told_so(window, typed_in):
    clerk = window("desktop", who=CLERK)
    clerk.go(f"/desk/cases/{typed_in}/")
    desk.do(clerk, "领办")
    desk.do(clerk, "退回待领")
    desk.do(clerk, "告知不需要许可", 理由="自制自用，不对外经营。", 法律依据="《食品安全法》第三十五条")
    desk.is_in_state(clerk, "不需要许可")
    owner = window("phone", who=OWNER)
    owner.go(f"/my/cases/{typed_in}/")
    owner.sees("不需要许可")


@pytest.fixture
def served(backstage, cast):
    """A case that is over, its result handed out."""
    return story.Walk(story.submitted(cast.citizen)).receive().accept().to_decision().decide().issue().hand_out().no


def test_what_is_over_is_archived_and_its_package_verifies(window, screen, served, tmp_path):
    officer = window(screen, who=OFFICER)
    officer.go("/desk/archive/")
    officer.page.locator(f'input[name="key"][value="{served}"]').check()
    officer.press("归档选中的件")
    officer.sees("已归档 1 件。")
    officer.go("/desk/archive/?done=1")
    row = officer.page.locator("tr", has=officer.page.locator(f'a[href*="{served}"]'))
    package = officer.download(row.get_by_role("link", name="下载归档信息包"), tmp_path / "package.zip")
    assert faults(package.read_bytes()) == []
    officer.go(f"/desk/cases/{served}/")
    desk.is_in_state(officer, "已归档")
    owner = window("phone", who=OWNER)
    owner.go("/my/")
    owner.sees("本件已归档（已办结），文书和材料仍可查看、下载。")
