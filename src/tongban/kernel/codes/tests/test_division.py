"""Levels and classes of divisions, and codes that came and went."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.codes import CodeError, division
from tongban.kernel.codes.division_history import DEFAULT_HISTORY, DivisionRecord, record, successor
from tongban.kernel.codes.tests import strategies


@pytest.mark.parametrize(
    ("code", "level", "urban_class", "parent"),
    [
        ("430000", "province", None, None),
        ("430200000000", "city", None, "430000000000"),
        ("430211", "county", None, "430200000000"),
        ("430281000", "county", None, "430200000000"),
        ("4302Z1", "zone", None, "430200000000"),
        ("430202001", "town", "subdistrict", "430202000000"),
        ("430202100000", "town", "town", "430202000000"),
        ("430225209", "town", "township", "430225000000"),
        ("430223400", "town", "similar_township", "430223000000"),
        ("430202001001", "village", "residents_committee", "430202001000"),
        ("430202100200", "village", "villagers_committee", "430202100000"),
        ("430202100450", "village", "similar_residents", "430202100000"),
        ("430224500598", "village", "similar_villagers", "430224500000"),
        ("441900003000", "town", "subdistrict", "441900000000"),
    ],
)
def test_the_zeros_tell_the_level_and_the_ranges_the_class(code, level, urban_class, parent):
    read = division.parse(code)
    assert (read.level, read.urban_class, read.parent12) == (level, urban_class, parent)


@pytest.mark.parametrize(
    ("code", "reason", "position"),
    [
        ("990000", "division.province", 1),
        ("430001", "division.gap", 3),
        ("430000001", "division.gap", 3),
        ("430212000001", "division.gap", 7),
        ("430212600", "division.town-range", 7),
        ("430212100600", "division.village-range", 10),
        ("43O212", "division.character", 3),
        ("4302X1", "division.character", 5),
        ("4302121", "division.length", None),
    ],
)
def test_an_impossible_division_code_is_refused_with_its_place(code, reason, position):
    with pytest.raises(CodeError) as caught:
        division.parse(code)
    assert (caught.value.code, caught.value.position) == (reason, position)


def test_the_county_of_2018_is_followed_by_the_district():
    assert successor("430221", date(2018, 4, 25)) == "430221"
    assert successor("430221", date(2019, 5, 1)) == "430212"
    assert successor("430221000000", date(2019, 5, 1)) == "430212000000"
    assert successor("430212", date(2017, 1, 1)) == "430212"


def test_towns_and_villages_keep_their_digits_when_the_county_changes():
    assert successor("430221100", date(2019, 5, 1)) == "430212100"
    assert successor("430221100201", date(2019, 5, 1)) == "430212100201"


def test_the_pseudo_code_of_yunlong_leads_to_the_internal_code_of_the_zone():
    assert successor("430271", date(2022, 1, 31)) == "430271"
    assert successor("430271", date(2023, 6, 1)) == "4302Z1"
    zone = record("4302Z1000000")
    assert zone is not None
    assert (zone.name, zone.parent, zone.valid_to) == ("株洲经开区", "430200", None)


def test_history_tells_on_which_days_a_code_holds():
    county, district = record("430221"), record("430212")
    assert county is not None
    assert district is not None
    change = county.valid_to
    assert change is not None
    assert change == district.valid_from
    assert district.holds(change)
    assert not county.holds(change)
    assert record("430202") is None


def test_a_pack_passes_its_own_history_and_the_most_exact_entry_wins():
    history = [
        DivisionRecord("430221", "甲", "430200", None, date(2018, 1, 1), "430212"),
        DivisionRecord("430221101", "乙", "430221", None, date(2018, 1, 1), "430211103"),
        DivisionRecord("430212", "丙", "430200", date(2018, 1, 1), date(2030, 1, 1), "430213"),
    ]
    assert successor("430221101002", date(2020, 1, 1), history) == "430211103002"
    assert successor("430221102002", date(2020, 1, 1), history) == "430212102002"
    assert successor("430221102002", date(2031, 1, 1), history) == "430213102002"


def test_a_circle_in_a_history_is_an_error_not_an_endless_loop():
    day = date(2018, 1, 1)
    history = [
        DivisionRecord("430221", "甲", "430200", None, day, "430212"),
        DivisionRecord("430212", "乙", "430200", None, day, "430221"),
    ]
    with pytest.raises(ValueError, match="circle"):
        successor("430221", day, history)


@pytest.mark.parametrize(
    "broken",
    [
        {"code": "43022"},
        {"code": "430221", "successor": "430212"},
        {"code": "430221", "valid_to": date(2018, 1, 1), "successor": "430212100"},
        {"code": "430221", "valid_from": date(2018, 1, 1), "valid_to": date(2018, 1, 1)},
    ],
)
def test_a_record_that_cannot_be_followed_is_refused(broken):
    with pytest.raises(ValueError, match=r"."):
        DivisionRecord(name="甲", parent="430200", **broken)


@given(strategies.divisions(), st.dates())
def test_every_division_has_one_lasting_successor_of_the_same_length(code, on):
    after = successor(code, on)
    assert len(after) == len(code)
    assert successor(after, on) == after


def test_the_default_history_leads_only_to_codes_it_knows():
    for old in DEFAULT_HISTORY:
        assert old.successor is None or record(old.successor) is not None
