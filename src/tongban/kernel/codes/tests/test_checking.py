"""The check of any code by kind, and that no text whatever raises anything but the one error."""

import contextlib
import json
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.codes import (
    KINDS,
    CodeCheck,
    CodeError,
    case_no,
    catalog_code,
    check,
    division,
    division_history,
    document_kinds,
    licence_id,
    org_code,
    resident_id,
    task_code,
    uscc,
)
from tongban.kernel.codes.tests import strategies

VALID = {
    "uscc": strategies.usccs(),
    "resident-id": strategies.resident_ids(),
    "org-code": strategies.org_codes(),
    "division": strategies.divisions(),
    "task-code": strategies.any_task_codes(),
    "catalog-code": st.one_of(strategies.catalog_codes(), strategies.old_catalog_codes()),
    "case-no": strategies.case_numbers(),
    "licence-id": strategies.licence_ids(),
}
PARSERS: dict[str, Callable[[str], object]] = {
    "uscc": uscc.parse,
    "resident-id": resident_id.parse,
    "org-code": org_code.parse,
    "division": division.parse,
    "task-code": task_code.parse,
    "catalog-code": catalog_code.parse,
    "case-no": case_no.parse,
    "licence-id": licence_id.parse,
    "mobile": document_kinds.parse_mobile,
    "division-history": division_history.record,
    **{f"document-{kind}": partial(document_kinds.parse, kind) for kind in ("113", "414", "553", "?")},
}
#: Text of the characters codes are made of, of every length that any code has, so that fuzz gets past the first gate.
NEARLY = st.one_of(
    st.text("0123456789XYZIO.-\u00b2\u0661\uff11 \u200b", max_size=80),
    *(st.text("0123456789", min_size=length, max_size=length) for length in (6, 9, 11, 12, 15, 18, 24, 31, 33, 43)),
    st.text("0123456789.XY", max_size=60).map("1.2.156.3005.2.".__add__),
)


def test_every_kind_that_can_be_checked_is_tried_here():
    assert list(KINDS) == list(VALID)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_a_valid_code_gives_its_parts_as_text(kind, data):
    value = data.draw(VALID[kind])
    found = check(kind, value)
    assert found.valid, found
    assert (found.kind, found.value, found.error, found.error_code, found.position) == (kind, value, None, None, None)
    assert found.parts["code"] == value
    assert all(isinstance(part, str) for part in found.parts.values())
    assert json.loads(json.dumps(found.as_dict()))["valid"] is True


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data(), wrong=st.characters(), place=st.integers(0, 90))
def test_a_changed_code_is_valid_or_explained(kind, data, wrong, place):
    value = data.draw(VALID[kind])
    index = place % len(value)
    _must_explain(check(kind, value[:index] + wrong + value[index + 1 :]))


@pytest.mark.parametrize("kind", KINDS)
@given(value=st.one_of(st.text(), NEARLY))
def test_any_text_is_valid_or_explained(kind, value):
    _must_explain(check(kind, value))


@pytest.mark.parametrize("kind", PARSERS)
@given(value=st.one_of(st.text(), NEARLY))
def test_any_text_raises_nothing_but_the_one_error(kind, value):
    with contextlib.suppress(CodeError):
        PARSERS[kind](value)


def test_full_width_and_lower_case_are_read_as_typed_by_people():
    wide = "".join(chr(ord(char) + 0xFEE0) for char in "11010519491231002x")
    found = check("resident-id", f"\u3000{wide}\n")
    assert found.valid
    assert found.parts["code"] == "11010519491231002X"


def test_an_abolished_county_tells_its_successor_without_reading_a_clock():
    parts = check("division", "430221").parts
    assert (parts["name"], parts["successor"], parts["level"]) == ("株洲县", "430212", "county")


def test_an_identity_number_of_an_abolished_county_stays_valid():
    number = "430221199001011233"
    assert check("resident-id", number[:17] + resident_id.check_char(number[:17])).valid


@pytest.mark.parametrize(
    ("kind", "value", "form"),
    [
        ("task-code", "430200006122240100001000", "implementation-2016"),
        ("task-code", "11370800MB285591843370117002011", "implementation"),
        ("task-code", "11370800MB28559184337011700201101", "handling-item"),
        ("case-no", "430200006122240100001000202206230068", "implementation-2016"),
        ("case-no", "12441500196720244T3442199806003202206230068", "implementation"),
        ("case-no", "12441500196720244T344219980600301202206230068", "handling-item"),
    ],
)
def test_all_forms_of_item_codes_are_told_apart_alone_and_in_case_numbers(kind, value, form):
    found = check(kind, value)
    assert found.valid, found
    assert found.parts["form"] == form


def test_an_unknown_kind_is_refused_with_the_list_of_kinds():
    with pytest.raises(CodeError, match="resident-id") as caught:
        check("passport", "E12345678")
    assert caught.value.code == "codes.unknown-kind"


def _must_explain(found: CodeCheck) -> None:
    if found.valid:
        assert found.error is None
        return
    assert found.error
    assert found.error_code is not None
    assert found.error_code.startswith(f"{found.kind}.")
    assert "code" not in found.parts
    # Shown to people in the middle of a sentence: no control characters, no line breaks, full-width punctuation.
    assert found.error.isprintable()
