"""A photograph over a network that breaks in the middle, and a page loaded anew: it goes on, one file is kept."""

import io
import os

import pytest
from PIL import Image
from playwright.sync_api import expect

from tongban.cases.models import DraftMaterial
from tongban.cases.tests import story

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
