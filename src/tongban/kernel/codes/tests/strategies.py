"""Hypothesis strategies of valid codes, shared by every room that needs numbers with the right form."""

from datetime import date

from hypothesis import strategies as st

from tongban.kernel.codes import case_no, catalog_code, division, licence_id, org_code, resident_id, task_code, uscc
from tongban.kernel.codes.reading import DIGITS_AND_LETTERS


def digits(count: int) -> st.SearchStrategy[str]:
    """Strings of ASCII digits of one length."""
    return st.text("0123456789", min_size=count, max_size=count)


def addresses() -> st.SearchStrategy[str]:
    """Six digits as an identity number may begin with, abolished or never given ones included."""
    return st.one_of(
        st.sampled_from(["430221", "430202", "810000", "820000", "830000"]),
        st.builds(lambda head, tail: head + tail, st.sampled_from("12345678"), digits(5)),
    )


def resident_ids() -> st.SearchStrategy[str]:
    """Citizen identity numbers of eighteen characters."""
    births = st.dates(date(1800, 1, 1), date(2099, 12, 31))
    return st.builds(resident_id.make, addresses(), births, st.integers(0, 999))


def org_codes(alphabet: str = DIGITS_AND_LETTERS) -> st.SearchStrategy[str]:
    """Organisation codes of nine characters."""
    return st.text(alphabet, min_size=8, max_size=8).map(org_code.make)


def usccs() -> st.SearchStrategy[str]:
    """Unified social credit codes."""
    heads = st.sampled_from([*uscc.ORGANISATION_KINDS, "A1", "G1"])
    return st.builds(uscc.make, heads, digits(6), org_codes(uscc.ALPHABET))


def divisions() -> st.SearchStrategy[str]:
    """Division codes of twelve characters on every level, zones included."""
    cities = st.builds(lambda province, city: f"{province}{city:02}", _PROVINCES, st.integers(1, 99))
    counties = st.builds(
        lambda city, rest: city + rest, cities, st.one_of(digits(2), st.sampled_from("0123456789").map("Z{}".format))
    )
    towns = st.builds(division.make, counties, st.integers(1, 599))
    villages = st.builds(division.make, counties, st.integers(1, 599), st.integers(1, 599))
    provinces = _PROVINCES.map("{}0000".format)
    return st.one_of(provinces.map(division.make), counties.map(division.make), towns, villages)


_PROVINCES = st.sampled_from(list(division.PROVINCES))


def catalog_codes() -> st.SearchStrategy[str]:
    """Base codes of the 2018 form."""
    sub_items = st.one_of(st.integers(0, 999), st.just("00Y"))
    return st.builds(catalog_code.make, digits(2), digits(2), digits(2), st.integers(0, 999), sub_items)


def old_catalog_codes() -> st.SearchStrategy[str]:
    """Base codes of the 2016 form with ten characters."""
    kinds = st.one_of(digits(2), st.sampled_from(["XK", "CF", "GG"]))
    return st.builds(
        catalog_code.make_2016, kinds, st.integers(0, 99999), st.one_of(st.integers(0, 999), st.just("00Y"))
    )


def task_codes() -> st.SearchStrategy[str]:
    """Implementation codes of 31 characters."""
    return st.builds(task_code.make, usccs(), st.sampled_from("1234567"), catalog_codes())


def any_task_codes() -> st.SearchStrategy[str]:
    """Implementation and handling-item codes of every form."""
    handling = st.builds(task_code.make_handling_item, task_codes(), st.integers(0, 99))
    old = st.builds(task_code.make_2016, digits(6), org_codes(), old_catalog_codes())
    return st.one_of(task_codes(), handling, old)


def case_days() -> st.SearchStrategy[date]:
    """Days that a case number can bear."""
    return st.dates(date(2016, 1, 1), date(2099, 12, 31))


def case_numbers() -> st.SearchStrategy[str]:
    """Case numbers of every form of item code."""
    return st.builds(case_no.make, any_task_codes(), case_days(), st.integers(1, 99_999))


def licence_ids() -> st.SearchStrategy[str]:
    """Identifiers of electronic licences."""
    types = st.builds(lambda definer, number: definer + number, usccs(), digits(3))
    serials = st.text(DIGITS_AND_LETTERS, min_size=1, max_size=32)
    return st.builds(licence_id.make, types, usccs(), serials, st.integers(1, 999))
