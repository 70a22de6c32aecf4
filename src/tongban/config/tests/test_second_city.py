"""Another city is another folder: a tiny pack boots and runs a whole case without a line of code changed."""

from pathlib import Path

import pytest
from django.test import Client, override_settings

from tongban.base import chain
from tongban.config import citypack, rehearsal
from tongban.directory.models import Division, Organisation
from tongban.kernel.actor import SYSTEM

PACK = Path(__file__).parents[1] / "citypack" / "tests" / "packs" / "xiaocheng"


@pytest.fixture
def xiaocheng(live_database):
    with override_settings(CITY=str(PACK)):
        rehearsal.prepare(PACK)
        yield


def test_the_pack_of_another_city_has_no_error():
    assert [one for one in citypack.check(PACK) if one.severity == "error"] == []


def test_another_city_runs_a_whole_case_from_its_own_item_to_its_own_verified_document(xiaocheng):
    said: list[str] = []

    case = rehearsal.run_demo(said.append, pack=PACK)

    case.refresh_from_db()
    assert case.state == "completed"
    assert case.delivered_at is not None
    assert case.organisation.name == "小城市教育局"
    assert any("/verify/" in line for line in said)
    assert chain.verify() == []


def test_pages_of_another_city_bear_its_name_and_never_zhuzhou(xiaocheng):
    for address in ("/", "/search/", "/accounts/login/", "/verify/", "/halls/"):
        response = Client().get(address)
        page = response.content.decode()
        assert response.status_code == 200, address
        assert "株洲" not in page, address
    assert "小城" in Client().get("/").content.decode()


def test_loading_another_city_twice_changes_nothing(xiaocheng):
    before = (Division.objects.count(), Organisation.objects.count())
    assert citypack.load(PACK, actor=SYSTEM).is_unchanged
    assert (Division.objects.count(), Organisation.objects.count()) == before
