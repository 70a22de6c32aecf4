"""From the desk's inbox to a sealed licence that anybody can verify; the leader decides on the phone."""

import re
import subprocess

import pytest

from tests.journeys import desk
from tongban.cases.tests import story

OWNER, CLERK, OFFICER, HEAD, LEADER = "19900000001", "lukou.zonghe", "lukou.shijian", "lukou.shenhe", "lukou.shenpi"


@pytest.fixture
def submitted(backstage, cast):
    """A case that a citizen has just submitted."""
    return story.submitted(cast.citizen).case_no


@pytest.fixture
def at_decision(backstage, cast):
    """A case that waits for the leader."""
    return story.Walk(story.submitted(cast.citizen)).receive().accept().to_decision().no


def _is_validly_signed(path):
    said = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said, said
    assert "Total document signed" in said, said


def _verify(visitor, path, code):
    visitor.go("/verify/")
    visitor.fill("核验码", "ABCD-0000")
    visitor.press("核验", status=422)
    visitor.fill("核验码", code)
    visitor.press("核验")
    visitor.sees("有效")
    visitor.sees("示例·无法律效力")
    visitor.page.locator("#compare input[type=file]").set_input_files(path)
    visitor.press("核对文件")
    visitor.sees("一致")
    changed = path.with_name("changed.pdf")
    changed.write_bytes(path.read_bytes().replace(b"%%EOF", b"%%EOG"))
    visitor.page.locator("#compare input[type=file]").set_input_files(changed)
    visitor.press("核对文件")
    visitor.sees("不是同一份文件")


def test_from_the_inbox_to_a_licence_that_anybody_can_verify(window, screen, submitted, tmp_path):
    clerk = window(screen, who=CLERK)
    desk.open_from_inbox(clerk, submitted)
    desk.do(clerk, "收件")
    desk.do(clerk, "受理")
    desk.is_in_state(clerk, "办理中")

    officer = window(screen, who=OFFICER)
    desk.open_from_inbox(officer, submitted)
    desk.do(officer, "领办")
    desk.give_opinion(officer, "经审查，材料齐全，布局合理，符合法定条件。")

    head = window(screen, who=HEAD)
    desk.open_from_inbox(head, submitted)
    desk.give_opinion(head, "同意承办意见。")

    leader = window("phone", who=LEADER)
    desk.open_from_inbox(leader, submitted)
    leader.sees("同意承办意见。")
    desk.decide(leader, granted=True, reason="同意。")
    desk.is_in_state(leader, "准予")

    clerk.go(f"/desk/cases/{submitted}/")
    desk.do(clerk, "制发结果")
    desk.is_in_state(clerk, "已办结")

    owner = window(screen, who=OWNER)
    owner.go(f"/my/cases/{submitted}/")
    owner.press(owner.page.locator("section.next button"))
    owner.sees("电子证照")
    path = owner.download(owner.act("下载证照"), tmp_path / "licence.pdf")
    _is_validly_signed(path)
    code = owner.page.get_by_role("link", name="验真伪").last.get_attribute("href")
    _verify(window(screen), path, code.rstrip("/").rpartition("/")[2])


def test_a_refusal_says_why_and_what_one_can_do_against_it(window, screen, at_decision, tmp_path):
    leader = window("phone", who=LEADER)
    leader.go(f"/desk/cases/{at_decision}/")
    desk.decide(leader, granted=False, reason="", status=422)
    leader.sees("理由")
    desk.decide(leader, granted=False, reason="加工场所与厕所相邻，不符合条件。", basis="《食品安全法》第三十三条")
    desk.is_in_state(leader, "不予许可")

    owner = window(screen, who=OWNER)
    owner.go(f"/my/cases/{at_decision}/")
    owner.press(owner.page.locator("section.next button"))
    path = owner.download(owner.page.locator("#result").get_by_role("link", name="下载"), tmp_path / "refusal.pdf")
    _is_validly_signed(path)
    text = re.sub(
        r"\s", "", subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    )
    for words in ("加工场所与厕所相邻", "行政复议", "行政诉讼"):
        assert words in text


def test_an_applicant_withdraws(window, screen, submitted):
    owner = window(screen, who=OWNER)
    owner.go(f"/my/cases/{submitted}/")
    owner.press("撤回申请")
    owner.fill("为什么撤回", "店面不租了。")
    owner.press("确定撤回")
    owner.sees("已撤回")
    owner.go(f"/my/cases/{submitted}/withdraw/")
    assert owner.page.url.endswith(f"/my/cases/{submitted}/")
    clerk = window(screen, who=CLERK)
    clerk.go(f"/desk/cases/{submitted}/")
    desk.is_in_state(clerk, "已撤回")
    assert not desk.acts(clerk).locator("button").count()
