"""Reads of the directory, on the pack of Zhuzhou."""

from datetime import date

import pytest
from django.conf import settings
from django.db import transaction

from tongban.base.pack import Pack
from tongban.directory import queries
from tongban.directory.models import Place
from tongban.directory.pack.section import DirectorySection
from tongban.kernel.actor import SYSTEM
from tongban.kernel.problems import NotFound


@pytest.fixture(scope="module")
def zhuzhou(django_db_setup, django_db_blocker):
    """Loaded once for the whole module: nothing here writes."""
    with django_db_blocker.unblock(), transaction.atomic():
        DirectorySection().load(Pack(settings.ROOT / "cities" / "zhuzhou"), SYSTEM)
        yield
        transaction.set_rollback(True)


def test_the_way_down_to_a_village_is_named_step_by_step(zhuzhou):
    names = [division.name for division in queries.breadcrumb("430202001002")]
    assert names == ["湖南省", "株洲市", "荷塘区", "月塘街道", "东湖社区居委会"]
    assert [division.name for division in queries.breadcrumb("4302Z1")] == ["湖南省", "株洲市", "株洲经开区"]


def test_a_dead_code_is_known_and_followed(zhuzhou):
    assert queries.division("430221").name == "株洲县"
    assert "株洲县" not in [division.name for division in queries.divisions_under("430200")]
    assert "株洲县" in [division.name for division in queries.divisions_under("430200", on=date(2017, 1, 1))]
    assert "渌口区" not in [division.name for division in queries.divisions_under("430200", on=date(2017, 1, 1))]
    assert queries.division_successor("430221", date(2018, 6, 18)) == "430221"
    assert queries.division_successor("430221", date(2018, 6, 19)) == "430212"
    assert queries.division_successor("430221100000", date(2020, 1, 1)) == "430212100000"
    assert queries.division_successor("430271", date(2024, 1, 1)) == "4302Z1"


def test_divisions_under_a_county_and_a_town(zhuzhou):
    assert queries.divisions_under("430202").count() == 7
    assert queries.divisions_under("430202", level="village").count() == 62
    assert all(division.parent_id == "430202001000" for division in queries.divisions_under("430202001"))


@pytest.mark.parametrize("code", ["", "43020", "999999", "430299", "4302O2"])
def test_an_unknown_division_is_not_found(zhuzhou, code):
    with pytest.raises(NotFound):
        queries.division(code)


@pytest.mark.parametrize(
    ("typed", "first"),
    [("月塘", "月塘街道"), ("ytjd", "月塘街道"), ("攸县", "攸县"), ("yanling", None), ("'; drop", None), ("", None)],
)
def test_divisions_are_found_by_name_and_initials(zhuzhou, typed, first):
    found = queries.search_divisions(typed)
    assert (found[0].name if found else None) == first


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("市场监管", "株洲市市场监督管理局"),
        ("scjgj", "株洲市市场监督管理局"),
        ("医保局", "株洲市医疗保障局"),
        ("荷塘区 卫生健康", "荷塘区卫生健康局"),
        ("税务局", "国家税务总局株洲市税务局"),
    ],
)
def test_organisations_are_found_as_people_name_them(zhuzhou, typed, name):
    assert name in [body.name for body in queries.search_organisations(typed)]


def test_search_stays_within_a_division_and_its_limit(zhuzhou):
    found = queries.search_organisations("便民服务站", under="430202000000", limit=500)
    assert len(found) == 50
    assert {body.division_id[:6] for body in found} == {"430202"}


def test_the_bodies_of_one_line_of_work_stand_on_every_level(zhuzhou):
    found = list(queries.counterparts("wjw"))
    assert len(found) == 10
    assert found[0].name == "株洲市卫生健康委员会"
    assert queries.counterparts("wjw", level="county").count() == 9


def test_the_tree_of_a_county_is_read_in_one_query(zhuzhou, django_assert_num_queries):
    with django_assert_num_queries(1):
        roots = queries.tree("430202000000")
    names = {node.organisation.name: node for node in roots}
    assert "荷塘区卫生健康局" in {child.organisation.name for child in names["荷塘区人民政府"].children}
    assert "株洲市公安局荷塘分局" in names, "a vertical body hangs on the city's"


def test_real_reforms_are_followed(zhuzhou):
    old = queries.organisation_by_ref("430200:gsj")
    assert queries.acting(old, date(2018, 1, 1)) == old
    assert queries.acting(old, date(2020, 1, 1)) == queries.organisation_by_ref("430200:scjgj")
    assert len(queries.acts_for(queries.organisation_by_ref("430200:scjgj"))) == 4
    county = queries.organisation_by_ref("430221:gov")
    assert queries.acting(county, date(2020, 1, 1)) == queries.organisation_by_ref("430212:gov")


def test_places_of_a_city_and_of_a_county(zhuzhou):
    assert queries.places_in("430200000000", kind="hall").count() == 10
    assert [place.name for place in queries.places_in("430281000000")] == ["醴陵市政务服务中心"]
    assert Place.objects.filter(sample=False).get().name == "株洲市民中心"


@pytest.mark.parametrize("read", [queries.organisation, queries.organisation_by_ref, queries.place, queries.outline])
def test_what_is_not_there_is_not_found(zhuzhou, read):
    with pytest.raises(NotFound):
        read("nothing")


def test_outlines_are_drawn_in_one_query(zhuzhou, django_assert_num_queries):
    with django_assert_num_queries(1):
        drawn = queries.outline_map("430200000000")
    assert [each.name for each in drawn.outlines][:2] == ["荷塘区", "芦淞区"]
    assert sum(len(each.path) for each in drawn.outlines) < 8_000
    assert queries.outline("430202000000").startswith("M")
    assert queries.outline_map("430202000000").outlines == ()
