"""Numbers of identity documents and telephones."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.codes import CodeError, resident_id
from tongban.kernel.codes.document_kinds import (
    DOCUMENT_KINDS,
    document_kind,
    is_chinese_passport,
    mask,
    mask_mobile,
    parse,
    parse_mobile,
)

FOREIGNER = resident_id.make("911840", date(1981, 3, 4), 2)
ACCEPTED = [
    ("001", "11430000006122244L"),
    ("111", "11010519491231002X"),
    ("111", resident_id.make("810000", date(1990, 1, 1), 1)),
    ("112", "440524188001010014"),
    ("113", "户字第 1 号"),
    ("114", "南字第01234567号"),
    ("411", "DE1234567"),
    ("412", "SE1234567"),
    ("414", "E12345678"),
    ("414", "EA1234567"),
    ("414", "L01X00T47"),
    ("511", "12345678"),
    ("511", "1234567890"),
    ("513", "C12345678"),
    ("513", "CA1234567"),
    ("516", "H12345678"),
    ("516", "M1234567802"),
    ("553", "USA110082123456"),
    ("553", FOREIGNER),
]
REFUSED = [
    ("001", "11430000006122244M", "uscc.check-char", 18),
    ("111", "110105194912310021", "resident-id.check-char", 18),
    ("111", FOREIGNER, "document.holder", 1),
    ("112", FOREIGNER, "document.holder", 1),
    ("113", "", "document.empty", None),
    ("113", "户" * 51, "document.length", None),
    ("414", "E123*5678", "document.character", 5),
    ("414", "E123", "document.length", None),
    ("511", "1234567A", "document.character", 8),
    ("511", "123456789", "document.length", None),
    ("513", "W12345678", "document.character", 1),
    ("513", "C1234567A", "document.character", 9),
    ("516", "A12345678", "document.character", 1),
    ("516", "H1234567801A", "document.length", None),
    ("553", "USA11008212345X", "document.character", 15),
    ("553", "11010519491231002X", "document.holder", 1),
    ("999", "1", "document.kind", None),
]


@pytest.mark.parametrize(("kind", "number"), ACCEPTED)
def test_a_number_of_the_form_of_its_kind_is_accepted(kind, number):
    read = parse(kind, f" {number.lower()} ")
    assert (read.kind.code, read.number) == (kind, number)


@pytest.mark.parametrize(("kind", "number", "code", "position"), REFUSED)
def test_a_number_of_another_form_is_refused_with_its_place(kind, number, code, position):
    with pytest.raises(CodeError) as caught:
        parse(kind, number)
    assert (caught.value.code, caught.value.position) == (code, position)


def test_every_kind_has_an_accepted_example():
    assert {kind for kind, _ in ACCEPTED} == set(DOCUMENT_KINDS)


def test_an_old_identity_number_is_kept_with_eighteen_characters():
    assert parse("111", "440524880101001").number == "440524198801010011"


def test_a_birth_in_the_future_is_refused_for_a_document_too():
    with pytest.raises(CodeError, match="晚于今天"):
        parse("553", FOREIGNER, today=date(1981, 3, 3))


@pytest.mark.parametrize(("kind", "number"), [pair for pair in ACCEPTED if DOCUMENT_KINDS[pair[0]].layouts])
def test_the_pattern_for_forms_agrees_with_the_check(kind, number):
    pattern = document_kind(kind).pattern
    assert pattern is not None
    assert re.fullmatch(pattern, number) or number == FOREIGNER


def test_chinese_ordinary_passports_are_told_from_foreign_ones():
    assert is_chinese_passport("e12345678")
    assert is_chinese_passport("EA1234567")
    assert not is_chinese_passport("L01X00T47")


@pytest.mark.parametrize(
    ("value", "position"),
    [("12345678901", 2), ("23800138000", 1), ("1380013800O", 11), ("1380013800", None), ("0731-28681234", None)],
)
def test_a_wrong_mobile_number_is_refused_with_its_place(value, position):
    with pytest.raises(CodeError) as caught:
        parse_mobile(value)
    assert caught.value.position == position
    assert caught.value.code.startswith("mobile.")


def test_a_mobile_number_is_read_as_a_phone_copies_it():
    assert parse_mobile("\u202d13800138000\u202c") == "13800138000"
    assert mask_mobile("13800138000") == "138****8000"


@given(st.sampled_from([*DOCUMENT_KINDS, "?"]), st.text(max_size=30))
def test_masking_a_document_never_raises_and_hides_half_of_what_is_personal(kind, value):
    masked = mask(kind, value)
    if kind != "001":
        assert masked.count("*") * 2 >= len(masked)


@pytest.mark.parametrize(("kind", "number"), [("414", "E12345678"), ("553", FOREIGNER), ("516", "H12345678")])
def test_a_masked_document_still_lets_a_clerk_recognise_it(kind, number):
    masked = mask(kind, number)
    assert masked != number
    assert masked[0] == number[0]
    assert masked[-2:] == number[-2:]
