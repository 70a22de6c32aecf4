"""The shells link only to what is built and to what the reader may see."""

import pytest
from django.test import RequestFactory

from tongban.base.web import navigation
from tongban.base.web.navigation import Entry, Navigation, add, links


@pytest.fixture(autouse=True)
def own_registry(monkeypatch):
    monkeypatch.setattr(navigation, "registry", navigation.Registry())


@pytest.fixture
def request_there():
    return RequestFactory().get("/refuse/")


def test_a_page_that_is_not_built_is_not_linked(request_there):
    add("main", Entry(key="a", label="有", url_name="refuse"))
    add("main", Entry(key="b", label="没有", url_name="not:built"))
    assert [link.label for link in links("main", request_there)] == ["有"]


def test_order_then_key_decides_and_the_same_key_replaces(request_there):
    add("desk", Entry(key="b", label="乙", url_name="refuse", order=2))
    add("desk", Entry(key="a", label="甲", url_name="absent", order=3))
    add("desk", Entry(key="b", label="丙", url_name="refuse", order=9))
    assert [link.label for link in links("desk", request_there)] == ["甲", "丙"]


def test_an_entry_shows_only_to_whom_it_concerns_with_its_count(request_there):
    add("desk", Entry(key="a", label="督办", url_name="refuse", visible=lambda _: False))
    add("desk", Entry(key="b", label="收件箱", url_name="refuse", count=lambda _: 12))
    (link,) = links("desk", request_there)
    assert (link.label, link.count, link.current) == ("收件箱", 12, True)


def test_without_a_request_nothing_that_depends_on_a_person_shows():
    add("main", Entry(key="a", label="一", url_name="refuse", visible=lambda _: True))
    add("main", Entry(key="b", label="二", url_name="absent"))
    assert [link.label for link in links("main", None)] == ["二"]


def test_an_unknown_section_is_refused():
    with pytest.raises(ValueError, match="no such section"):
        add("mian", Entry(key="a", label="一", url_name="refuse"))
    assert navigation.registry.entries == {}


def test_a_visitor_has_no_name_and_single_addresses_fall_back(request_there):
    nav = Navigation(request_there)
    assert (nav.person, nav.staff, nav.home, nav.desk_home, nav.search) == ("", "", "/", "/", "")


def test_the_name_comes_from_the_room_that_knows_it(request_there):
    class User:
        is_authenticated = True

    request_there.user = User()
    navigation.name_readers(person=lambda _: "陈桂兰", staff=lambda _: "渌口区市监局 张敏")
    nav = Navigation(request_there)
    assert (nav.person, nav.staff) == ("陈桂兰", "渌口区市监局 张敏")


def test_foot_columns_without_an_entry_are_left_out(request_there):
    add("foot_about", Entry(key="a", label="网站地图", url_name="base:site_map"))
    assert [str(column.title) for column in Navigation(request_there).foot] == ["关于本站"]
