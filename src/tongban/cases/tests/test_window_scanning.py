"""Scanning at the window: pages from the scanner in the order that the clerk gives them, one PDF, nothing lost."""

from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pytest

from tongban.cases import commands, queries
from tongban.cases.models import CaseMaterial, Draft
from tongban.cases.tests import desk_visit, story
from tongban.cases.tests.test_window_filing import PASSPORT, begin, filled
from tongban.files.commands import put_upload, store
from tongban.files.models import PendingUpload
from tongban.files.queries import content, waiting_uploads
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


class Answer:
    """A correction that is answered at the window, in the browser of the clerk."""

    def __init__(self, cast):
        self.walk = story.walk().receive()
        self.keys = [one.material.key for one in queries.case_page(cast.clerk, self.walk.no).materials][-2:]
        self.walk.notify(*self.keys)
        self.browser = desk_visit.visitor_as(cast.clerk)
        self.address = f"/desk/cases/{self.walk.no}/scan/"

    def scan(self, key, scanned=()):
        """Scan a material and keep it; give what then stands in the address of the case's page."""
        form = {"material": key, "scanned": list(scanned)}
        lying = self.browser.post(self.address, form | {"go": "scan"})["Location"]
        pages = [one.partition(".")[0] for one in parse_qs(urlsplit(lying).query)["page"]]
        there = self.browser.post(self.address, form | {"go": "keep", "upload": pages})["Location"]
        return parse_qs(urlsplit(there).query)["scanned"]

    def page(self, scanned):
        return self.browser.get(f"/desk/cases/{self.walk.no}/", {"scanned": scanned}).content.decode()

    def hand_in(self, scanned, **more):
        scans = {f"scan.{key}": upload for key, _dot, upload in (one.rpartition(".") for one in scanned)}
        return self.browser.post(f"/desk/cases/{self.walk.no}/correct_at_window/", scans | more)


@pytest.fixture
def answer(cast, simulators):
    return Answer(cast)


def test_what_a_notice_names_is_scanned_at_the_window_and_handed_in_with_the_signature(answer, cast):
    first, second = answer.keys
    scanned = answer.scan(second, answer.scan(first))
    page = answer.page(scanned)
    assert page.count("已扫描：") == 2
    assert page.count("重新扫描") == 2
    unsigned = answer.hand_in(scanned)
    assert unsigned.status_code == 422
    assert unsigned.content.decode().count("已扫描：") == 2
    assert answer.hand_in(scanned, paper_kept="1").status_code == 302
    case = queries.access_case(cast.clerk, answer.walk.no)
    assert case.state == "received"
    kept = {
        row.key: row.file
        for row in CaseMaterial.objects.filter(case=case, key__in=answer.keys).select_related("file")
        if row.file and row.file.pages == 3
    }
    assert set(kept) == {first, second}
    assert not waiting_uploads(actor=cast.clerk, upload_ids=[one.rpartition(".")[2] for one in scanned])


def test_only_who_takes_the_answer_scans_for_it_and_only_what_the_notice_names(answer, cast):
    scanned = answer.scan(answer.keys[0])
    assert answer.browser.get(answer.address, {"material": "no-such"}).status_code == 404
    other = desk_visit.visitor_as(cast.leader)
    assert other.get(answer.address, {"material": answer.keys[0]}).status_code == 404
    assert "已扫描：" not in other.get(f"/desk/cases/{answer.walk.no}/", {"scanned": scanned}).content.decode()
    assert "已扫描：" not in answer.page([f"{answer.keys[0]}.nonsense", "x", "."])
    answer.hand_in(scanned, paper_kept="1", paper=answer.keys[1:])
    assert answer.browser.get(answer.address, {"material": answer.keys[0]}).status_code == 404
