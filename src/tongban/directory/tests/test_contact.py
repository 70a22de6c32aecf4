"""The hall at the foot of the pages: shown, labelled, remembered, and never the reason why a page does not open."""

import pytest
from django.db import OperationalError

from tongban.directory import contact
from tongban.directory.models import Division, Organisation, Place
from tongban.directory.sample_codes import sample_code


@pytest.fixture(autouse=True)
def _forget():
    contact.forget()
    yield
    contact.forget()


@pytest.fixture
def hall(db):
    province = Division.objects.create(code="430000000000", name="湖南省", level="province")
    city = Division.objects.create(code="430200000000", name="株洲市", level="city", parent=province)
    body = Organisation.objects.create(
        code=sample_code("430200:sjj", "11"), ref="430200:sjj", name="株洲市数据局", short_name="市数据局",
        kind="hall_authority", division=city,
    )  # fmt: skip
    return Place.objects.create(
        code="zz-hall", name="株洲市民中心", kind="hall", division=city, organisation=body,
        address="神农大道399号", phone="0731-28680860", hours="周一至周五",
    )  # fmt: skip


def test_the_hall_is_shown_and_remembered(hall, django_assert_num_queries):
    with django_assert_num_queries(1):
        shown = contact.hall_contact()
        assert contact.hall_contact() == shown
    assert shown.lines == ("株洲市民中心", "神农大道399号", "周一至周五")
    assert shown.phone == "0731-28680860"


def test_a_sample_address_says_so(hall):
    Place.objects.update(sample=True)
    assert "示例" in contact.hall_contact().lines[1]


@pytest.mark.django_db
def test_without_a_hall_there_is_nothing_to_show():
    assert contact.hall_contact().lines == ()


def test_a_silent_database_does_not_close_the_page(monkeypatch):
    def silent():
        raise OperationalError

    monkeypatch.setattr(contact, "city_hall", silent)
    assert contact.hall_contact().lines == ()
