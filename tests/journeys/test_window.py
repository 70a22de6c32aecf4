"""The window: a clerk files for a person without account, telephone or mainland identity card."""

import re
import subprocess

import pytest
from playwright.sync_api import expect

from tests.journeys import applying, desk
from tests.journeys.visitor import PATIENCE_MS
from tongban.cases.tests.story import sample

CLERK = "lukouzhen.zonghe"
BIRTH = sample("birth-registration")


def _who(clerk):
    clerk.go("/window/")
    clerk.fill("搜事项", "准生证")
    clerk.press("搜索")
    clerk.press(clerk.page.locator("a.win__item", has_text="生育登记").first)
    clerk.fill("姓名", "MARIA SANTOS", exact=True)
    clerk.page.get_by_label("证件种类").first.select_option("414")
    clerk.page.locator('[name="document_number"]').fill("护照")
    clerk.press("下一步：填表收材料", status=422)
    clerk.page.locator('[name="document_number"]').fill("P1234567A")
    clerk.press("下一步：填表收材料")


def _application(clerk):
    for key, value in BIRTH.answers.items():
        # A tapped answer brings the form and the materials of the situation at once.
        clerk.press(clerk.page.locator(f'#app input[name="q.{key}"][value="{value}"]'))
    own = {key: value for key, value in BIRTH.form.items() if key not in ("name", "id_number", "phone")}
    applying.fill_in(clerk.page.locator("#app"), {**own, "delivery": "window"})
    for box in clerk.page.locator('.win__mats input[name="paper"]').all():
        box.check()
    clerk.page.locator('#app [name="service_address"]').fill("株洲市渌口区渌口镇津口社区（示例地址）")
    clerk.press("核对并签名")


def _sign(clerk):
    clerk.sees("MARIA SANTOS")
    clerk.press("提交并收件", status=422)
    desk.draw_on(clerk, clerk.page.locator("[data-sign] canvas"))
    clerk.press("提交并收件")


def test_a_person_with_a_passport_and_no_telephone_is_served(window, screen, tmp_path):
    clerk = window(screen, who=CLERK)
    _who(clerk)
    _application(clerk)
    _sign(clerk)
    number = re.search(r"/window/done/(\w+)/", clerk.page.url).group(1)
    password = clerk.text(".win__pin").strip()
    receipt = clerk.page.locator("a.btn", has_text="收件凭证").get_attribute("href")
    path = tmp_path / "receipt.pdf"
    answer = clerk.context.request.get(receipt, timeout=PATIENCE_MS)
    assert answer.headers["content-type"] == "application/pdf"
    path.write_bytes(answer.body())
    text = re.sub(
        r"\s", "", subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    )
    assert number in text
    assert password in text

    visitor = window(screen)
    visitor.go(f"/track/?no={number}")
    visitor.fill("查询密码", password)
    visitor.press("查询")
    visitor.sees("生育登记")
    clerk.press("打开办件")
    desk.is_in_state(clerk, "已收件")


@pytest.mark.parametrize(("screen", "scripts"), [("desktop", True), ("phone", True), ("desktop", False)])
def test_paper_is_scanned_into_a_material(window, screen, scripts):
    clerk = window(screen, who=CLERK, java_script_enabled=scripts)
    _who(clerk)
    for key, value in BIRTH.answers.items():
        answer = clerk.page.locator(f'#app input[name="q.{key}"][value="{value}"]')
        if scripts:
            clerk.press(answer)
        else:
            answer.check()
            clerk.press("按情形更新")
    material = clerk.page.locator(".win__mat", has=clerk.page.get_by_role("link", name="扫描")).first
    clerk.press(material.get_by_role("link", name="扫描"))
    clerk.press("开始扫描")
    pages = clerk.page.locator(".leaf")
    expect(pages).to_have_count(3)
    if scripts:
        pages.nth(2).get_by_role("button", name="第 3 页 往前移").click()
        pages.nth(0).get_by_role("button", name="第 1 页 去掉这一页").click()
    else:
        pages.nth(0).get_by_label("不要这一页").check()
        pages.nth(1).get_by_label("第几页").fill("9")
    clerk.look()
    clerk.press("合成一份放进材料")
    expect(clerk.page.locator(".win__file").first).to_contain_text(".pdf")
