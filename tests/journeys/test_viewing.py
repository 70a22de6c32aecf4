"""Materials beside the form: page by page, enlarged, turned, by keyboard."""

import io

import pytest
from pypdf import PdfWriter

from tests.journeys import desk
from tongban.cases.models import CaseMaterial
from tongban.cases.tests import story
from tongban.files import commands as files
from tongban.kernel.actor import SYSTEM

CLERK = "lukou.zonghe"


def _three_pages():
    writer = PdfWriter()
    for _ in range(3):
        writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    out.seek(0)
    return out


@pytest.fixture
def received(backstage, cast):
    """A received case whose layout plan has three pages."""
    case = story.Walk(story.submitted(cast.citizen)).receive().case
    plan = CaseMaterial.objects.get(case=case, key="layout")
    plan.file = files.store(
        actor=SYSTEM, stream=_three_pages(), filename="经营布局图.pdf", owner_kind="case", owner_ref=case.case_no
    )
    plan.save()
    return case.case_no


def test_a_clerk_looks_through_a_material_without_leaving_the_case(window, screen, received):
    clerk = window(screen, who=CLERK)
    clerk.go(f"/desk/cases/{received}/?show=layout")
    page, tools = clerk.page, clerk.page.get_by_role("toolbar", name="看材料")
    first = page.locator("[data-leaf] img").first
    first.scroll_into_view_if_needed()
    page.wait_for_function("picture => picture.naturalWidth === 1000", arg=first.element_handle())
    before = first.bounding_box()["width"]
    tools.get_by_role("button", name="放大", exact=True).click()
    tools.get_by_role("button", name="放大", exact=True).click()
    page.wait_for_function("picture => picture.naturalWidth === 2000", arg=first.element_handle())
    assert first.bounding_box()["width"] > 1.4 * before
    tools.locator("[data-zoom]").click()
    tools.get_by_role("button", name="下一页").click()
    page.wait_for_function("() => document.querySelector('[data-at]').textContent === '2 / 3'")
    tools.get_by_role("button", name="顺时针旋转").click()
    second = page.locator("[data-leaf] img").nth(1)
    page.wait_for_function("picture => picture.naturalWidth > 0", arg=second.element_handle())
    box = second.bounding_box()
    assert box["width"] > box["height"]
    clerk.look()


def test_a_marked_place_begins_the_notice_and_reaches_the_applicant(window, screen, received):
    clerk = window(screen, who=CLERK)
    clerk.go(f"/desk/cases/{received}/?show=layout")
    page = clerk.page
    page.get_by_role("toolbar", name="看材料").get_by_role("button", name="标注").click()
    picture = page.locator("[data-leaf] img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("picture => picture.naturalWidth === 1000", arg=picture.element_handle())
    box = picture.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 110, steps=4)
    page.mouse.up()
    page.locator("details.markform[open] textarea").fill("后厨的门没有画出来，请补画。")
    clerk.press(page.locator("details.markform[open]").get_by_role("button", name="记下标注"))
    assert page.locator(".leaf__marks rect").count() == 1
    acts = desk.acts(clerk).locator("details.act", has_text="一次性告知补正")
    acts.locator("summary").first.click()
    assert "后厨的门没有画出来" in acts.locator('[name="what.material.layout"]').input_value()
    clerk.press(acts.get_by_role("button", name="一次性告知补正"))
    desk.is_in_state(clerk, "待补正")
    owner = window(screen, who="19900000001")
    owner.go(f"/my/cases/{received}/correction/")
    owner.sees("后厨的门没有画出来")
    assert owner.page.locator(".leaf__marks rect").count() == 1
    owner.page.locator(".marked img").scroll_into_view_if_needed()
    owner.look()
