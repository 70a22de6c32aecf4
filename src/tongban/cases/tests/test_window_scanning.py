"""Scanning at the window: pages from the scanner in the order that the clerk gives them, one PDF, nothing lost."""

from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pytest

from tongban.cases import commands
from tongban.cases.models import Draft
from tongban.cases.tests import desk_visit
from tongban.cases.tests.test_window_filing import PASSPORT, begin, filled
from tongban.files.commands import put_upload, store
from tongban.files.models import PendingUpload
from tongban.files.queries import content
from tongban.files.tests.test_files import pdf, picture
from tongban.partners.tests.simulated import running

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def simulators(tmp_path, settings):
    settings.VAR = tmp_path
    with running(tmp_path / "simulators") as address:
        settings.SCANNERS = (("*", "一号扫描仪", f"{address}/escl/feeder"), ("*", "二号", f"{address}/escl/jam"))
        yield address


@pytest.fixture
def window():
    return desk_visit.officer("lukouzhen.zonghe")


class Table:
    """The page of one material on which pages lie."""

    def __init__(self, window):
        self.window = window
        self.draft = begin(window, PASSPORT)
        window.post(f"/window/drafts/{self.draft.public_id}/", filled(self.draft, go="save", paper=[]))
        states = commands.look_over(Draft.objects.get(pk=self.draft.pk)).states
        self.material = next(one.material for one in states if one.how != "form")
        self.address = f"/window/drafts/{self.draft.public_id}/scan/"
        self.form = {"material": self.material.key, "scanner": self.page().context["scanners"][0][0]}

    def page(self):
        return self.window.get(self.address, {"material": self.material.key})

    def post(self, go, pages=(), **more):
        return self.window.post(self.address, self.form | {"go": go, "upload": [str(one) for one in pages]} | more)

    def scan(self, pages=(), **more):
        """Scan; give the identifiers of the pages that then lie there, and the page."""
        there = self.post("scan", pages, **more)["Location"]
        named = parse_qs(urlsplit(there).query).get("page", [])
        return [one.partition(".")[0] for one in named], self.window.get(there)


@pytest.fixture
def table(window, simulators):
    return Table(window)


def turns(file):
    return [one.get_rotation() for one in pypdfium2.PdfDocument(content(file))]


def test_the_window_leads_to_the_scanner_and_two_scans_become_one_paper(table):
    draft_page = table.window.get(f"/window/drafts/{table.draft.public_id}/").content.decode()
    assert f"/scan/?material={table.material.key}" in draft_page
    first, _page = table.scan()
    both, page = table.scan(first)
    assert (len(first), len(both), both[:3]) == (3, 6, first)
    assert [str(one.upload) for one in page.context["leaves"]] == both
    small = table.window.get(f"/uploads/{both[0]}/picture")
    assert (small.status_code, small["Content-Type"]) == (200, "image/jpeg")
    order = {f"order-{one}": str(6 - place) for place, one in enumerate(both)}
    sent = {"off": [both[1]], f"turn-{both[5]}": "90"}
    assert table.post("keep", both, **order, **sent)["Location"].endswith("#materials")
    file = table.draft.materials.get().file
    assert (file.name, file.pages) == (f"{table.material.name}.pdf", 5)
    assert turns(file) == [90, 0, 0, 0, 0]


def test_the_same_form_again_hands_nothing_in_twice(table):
    pages, _page = table.scan()
    assert table.post("keep", pages).status_code == 302
    assert table.post("keep", pages).status_code == 302
    assert table.draft.materials.count() == 1


def test_a_jam_is_told_and_the_page_before_it_stays(table):
    table.form["scanner"] = table.page().context["scanners"][1][0]
    pages, page = table.scan()
    assert len(pages) == 1
    assert "可能卡纸" in page.content.decode()
    assert page.context["chosen"]["scanner"] == table.form["scanner"]


def test_pages_that_are_not_wanted_are_gone_at_once(table):
    pages, _page = table.scan()
    table.post("drop", pages)
    assert not PendingUpload.objects.exists()
    assert table.window.get(f"/uploads/{pages[0]}/picture").status_code == 404


def test_a_refused_paper_leaves_the_pages_on_the_table(table, monkeypatch):
    pages, _page = table.scan()
    monkeypatch.setitem(store.__kwdefaults__, "max_bytes", 1000)
    refused = table.post("keep", pages)
    assert refused.status_code == 413
    assert [str(one.upload) for one in refused.context["leaves"]] == pages
    assert not table.draft.materials.exists()


def test_somebody_elses_draft_and_pages_look_absent(table, cast):
    pages, _page = table.scan()
    theirs = put_upload(actor=cast.citizen, name="x.png", data=picture("PNG"))
    named = f"{table.address}?material={table.material.key}&page={theirs.public_id}.0&page=nonsense.17"
    assert table.window.get(named).context["leaves"] == []
    other = desk_visit.officer("lukou.shenpi")
    assert other.get(table.address, {"material": table.material.key}).status_code == 404
    assert other.post(table.address, table.form | {"go": "scan"}).status_code == 404
    assert other.get(f"/uploads/{pages[0]}/picture").status_code == 404
    assert table.window.get(table.address, {"material": "no-such"}).status_code == 404


def test_without_scanners_there_is_no_button_and_no_page(table, settings):
    settings.SCANNERS = (("another-body", "别处", "http://127.0.0.1:9/eSCL"),)
    assert "/scan/?material=" not in table.window.get(f"/window/drafts/{table.draft.public_id}/").content.decode()
    assert table.page().status_code == 404


@pytest.mark.parametrize("data", [pdf(), b"not a picture"])
def test_only_pictures_are_shown_small(data, cast, settings, tmp_path):
    settings.VAR = tmp_path
    upload = put_upload(actor=cast.citizen, name="x", data=data)
    browser = desk_visit.visitor_as(cast.citizen)
    assert browser.get(f"/uploads/{upload.public_id}/picture").status_code == 404
