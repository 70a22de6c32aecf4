"""A photograph over a network that breaks in the middle, and a page loaded anew: it goes on, one file is kept."""

import io
import os

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import expect

from tongban.cases.models import DraftMaterial
from tongban.cases.tests import story
from tongban.files.queries import content

OWNER = "19900000001"


@pytest.fixture
def photograph(tmp_path):
    """About two megabytes that do not pack."""
    out = io.BytesIO()
    Image.frombytes("RGB", (850, 850), os.urandom(850 * 850 * 3)).save(out, "PNG")
    path = tmp_path / "布局图.png"
    path.write_bytes(out.getvalue())
    return path


class Road:
    """The network between the page and the place of uploads."""

    def __init__(self, page):
        self.page = page
        self.offsets = []
        self.passes = 0
        page.route("**/uploads/*", self._goes)

    def _goes(self, route):
        if route.request.method == "PATCH":
            if not self.passes:
                route.abort("internetdisconnected")
                return
            self.passes -= 1
            self.offsets.append(int(route.request.headers["upload-offset"]))
        route.continue_()


def test_a_photograph_goes_on_where_the_network_broke_off(window, screen, backstage, cast, photograph):
    draft = story.draft(cast.citizen)
    before = DraftMaterial.objects.filter(draft=draft).count()
    owner = window(screen, who=OWNER)
    owner.go(f"/apply/drafts/{draft.public_id}/materials/")
    box = owner.page.locator("section.mat > form.upload input[type=file]").first
    road = Road(owner.page)
    road.passes = 2
    box.set_input_files(photograph)
    expect(owner.page.get_by_text("网断了，连上后自动接着传")).to_be_visible()
    assert road.offsets[:2] == [0, 512 * 1024]
    assert DraftMaterial.objects.filter(draft=draft).count() == before

    owner.page.reload()
    road.passes = 99
    with owner.page.expect_navigation(wait_until="load"):
        owner.page.locator("section.mat > form.upload input[type=file]").first.set_input_files(photograph)
    owner.sees("布局图.png")
    assert road.offsets[2] == 2 * 512 * 1024, "nothing is sent twice"
    assert DraftMaterial.objects.filter(draft=draft).count() == before + 1
    owner.complaints[:] = [one for one in owner.complaints if "/uploads/" not in one]


def test_a_cut_that_ends_is_survived_without_a_hand(window, backstage, cast, photograph):
    draft = story.draft(cast.citizen)
    before = DraftMaterial.objects.filter(draft=draft).count()
    owner = window("phone", who=OWNER)
    owner.go(f"/apply/drafts/{draft.public_id}/materials/")
    road = Road(owner.page)
    road.passes = 1
    owner.page.locator("section.mat > form.upload input[type=file]").first.set_input_files(photograph)
    expect(owner.page.get_by_text("网断了，连上后自动接着传")).to_be_visible()
    with owner.page.expect_navigation(wait_until="load"):
        road.passes = 99
    owner.sees("布局图.png")
    assert DraftMaterial.objects.filter(draft=draft).count() == before + 1
    owner.complaints[:] = [one for one in owner.complaints if "/uploads/" not in one]


@pytest.fixture
def pages(tmp_path):
    """Three photographs of pages, each of its own grey."""
    made = []
    for number, grey in enumerate((40, 120, 200), start=1):
        path = tmp_path / f"IMG_{number}.jpg"
        Image.new("L", (600, 800), grey).save(path, "JPEG")
        made.append(path)
    return made


def _greys(file):
    """The grey of each page of a kept PDF, and how it is turned."""
    document = pypdfium2.PdfDocument(content(file))
    middle = [one.render(scale=0.1).to_pil().convert("L").resize((1, 1)).getpixel((0, 0)) for one in document]
    return [round(grey, -1) for grey in middle], [one.get_rotation() for one in document]


def test_photographs_of_pages_become_one_pdf(window, screen, backstage, cast, pages):
    draft = story.draft(cast.citizen)
    owner = window(screen, who=OWNER)
    owner.go(f"/apply/drafts/{draft.public_id}/materials/")
    form = owner.page.locator("section.mat > form.upload").first
    files = form.locator("input[type=file]")
    assert files.nth(1).is_visible() == (screen == "phone")
    files.nth(1).set_input_files(pages[0])
    tray = form.get_by_role("group", name="要合成的照片")
    expect(tray.get_by_role("listitem")).to_have_count(1)
    files.nth(0).set_input_files(pages[1:])
    expect(tray.get_by_role("listitem")).to_have_count(3)
    tray.get_by_role("button", name="第 3 页 往前移").click()
    tray.get_by_role("button", name="第 1 页 顺时针旋转").click()
    expect(tray.get_by_role("button", name="分开上传")).to_be_hidden()
    tray.get_by_role("button", name="第 3 页 去掉这一页").press("Enter")
    owner.look()
    key = form.locator("input[name=key]").input_value()
    with owner.page.expect_navigation(wait_until="load"):
        tray.get_by_role("button", name="合成一份上传").click()
    kept = DraftMaterial.objects.filter(draft=draft, key=key).latest("pk")
    assert kept.file.name.endswith(".pdf")
    assert _greys(kept.file) == ([40, 200], [90, 0])
