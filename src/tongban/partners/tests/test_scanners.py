"""Scanners that speak eSCL: pages as they come, what stands in the way in words, nothing left running."""

import io
import socket

import pytest
from PIL import Image

from tongban.kernel.actor import SYSTEM
from tongban.partners import commands, escl, queries
from tongban.partners.adapters import Scanner
from tongban.partners.problems import ScanRefusal
from tongban.partners.simulators import scanner as simulated
from tongban.partners.tests.simulated import running

pytestmark = pytest.mark.django_db


@pytest.fixture
def scanners(tmp_path, monkeypatch):
    monkeypatch.setattr(escl, "_WAIT_S", 0.0)
    with running(tmp_path) as address:
        yield lambda behaviour: Scanner("扫描仪", f"{address}/escl/{behaviour}")


def scan(scanner, into, **more):
    given = {"in_colour": False, "both_sides": False, "pages_max": 30} | more
    for page in commands.scan(actor=SYSTEM, scanner=scanner, **given):
        into.append(page)
    return into


@pytest.mark.parametrize(("behaviour", "pages"), [("feeder", 3), ("platen", 1), ("slow", 2)])
def test_every_sheet_comes_once_and_in_order(scanners, behaviour, pages):
    got = scan(scanners(behaviour), [])
    assert got == [simulated.sheet(number) for number in range(1, pages + 1)]
    assert Image.open(io.BytesIO(got[0])).size == (1654, 2339)


@pytest.mark.parametrize(
    ("behaviour", "pages", "code"),
    [("busy", 0, "scanner_busy"), ("jam", 1, "scanner_failed"), ("unknown", 0, "scanner_failed")],
)
def test_what_stands_in_the_way_is_told_and_pages_before_it_are_kept(scanners, behaviour, pages, code):
    got: list[bytes] = []
    with pytest.raises(ScanRefusal) as refused:
        scan(scanners(behaviour), got)
    assert (refused.value.code, len(got)) == (code, pages)


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}/eSCL", "gopher://127.0.0.1:{port}/"])
def test_a_scanner_that_is_switched_off_is_told(address):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        scanner = Scanner("扫描仪", address.format(port=nobody.getsockname()[1]))
        with pytest.raises(ScanRefusal) as refused:
            scan(scanner, [])
    assert refused.value.code == "scanner_unreachable"


def test_more_sheets_than_wanted_stay_in_the_feeder_and_the_job_is_taken_back(scanners, monkeypatch):
    ended = []
    answer = simulated.SimulatedScanner.answer

    def heard(self, method, path, base_url):
        if method == "DELETE":
            ended.append(path)
        return answer(self, method, path, base_url)

    monkeypatch.setattr(simulated.SimulatedScanner, "answer", heard)
    assert len(scan(scanners("feeder"), [], pages_max=2)) == 2
    assert len(ended) == 1


def test_a_job_elsewhere_is_asked_of_the_scanner_itself(scanners, monkeypatch):
    begin = simulated.SimulatedScanner._begin
    monkeypatch.setattr(
        simulated.SimulatedScanner,
        "_begin",
        lambda self, behaviour, _base: begin(self, behaviour, "http://203.0.113.9"),
    )
    assert len(scan(scanners("feeder"), [])) == 3


def test_a_page_without_end_is_let_go(scanners, monkeypatch):
    monkeypatch.setattr(escl, "PAGE_BYTES_MAX", 1000)
    with pytest.raises(ScanRefusal) as refused:
        scan(scanners("feeder"), [])
    assert refused.value.code == "scanner_failed"


def test_a_scanner_that_never_has_its_page_ready_is_given_up(scanners, monkeypatch):
    monkeypatch.setattr(escl, "ALL_S", 0.0)
    with pytest.raises(ScanRefusal) as refused:
        scan(scanners("slow"), [])
    assert refused.value.code == "scanner_failed"


def test_those_that_do_not_answer_are_named(scanners, settings):
    good, busy, absent = scanners("platen"), scanners("busy"), scanners("unknown")
    settings.SCANNERS = (
        ("*", "好的", good.address), ("*", "忙的", busy.address), ("a", "不在的", absent.address), ("*", "别种", "tape://1"),
    )  # fmt: skip
    assert queries.scanners_state() == (4, ["不在的", "别种"])
    settings.SCANNERS = ()
    assert queries.scanners_state() == (0, [])


def test_a_body_has_its_own_scanners_and_those_of_all(settings):
    settings.SCANNERS = (("a", "一号", "http://a/eSCL"), ("b", "二号", "http://b/eSCL"), ("*", "走廊", "http://c/eSCL"))
    assert [one.name for one in queries.scanners_of("b")] == ["二号", "走廊"]
    settings.SCANNERS = ()
    assert [one.address.rpartition("/")[2] for one in queries.scanners_of("b")] == ["feeder"]
    settings.DEMO = False
    assert queries.scanners_of("b") == []
