"""What each check guarantees, proved on every substitution and transposition of valid codes, and what it does not."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings

from tongban.kernel.codes import CodeError, licence_id, org_code, resident_id, task_code, uscc
from tongban.kernel.codes.reading import DIGITS, DIGITS_AND_LETTERS
from tongban.kernel.codes.tests import strategies

USCCS = ["11100000000013338W", "11370800MB28559184", "91350100M000100Y43", "115113010833722043"]
RESIDENT_IDS = ["11010519491231002X", "440524188001010014"]
ORG_CODES = ["006122244", "MB2855918", "M000100Y4", org_code.make("A1B2C3D4")]
LICENCE_IDS = [
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
]
_LICENCE_START = len(licence_id.PREFIX)


def substitutions(code: str, alphabet: str = DIGITS_AND_LETTERS) -> Iterator[tuple[int, str]]:
    """Every code that differs in one character, with the index."""
    for index, old in enumerate(code):
        for new in alphabet:
            if new != old:
                yield index, code[:index] + new + code[index + 1 :]


def transpositions(code: str) -> Iterator[tuple[int, str]]:
    """Every code with two different neighbours exchanged, with the index of the first."""
    for index in range(len(code) - 1):
        first, second = code[index], code[index + 1]
        if first != second:
            yield index, code[:index] + second + first + code[index + 2 :]


def is_valid(parse: Callable[[str], object], value: str) -> bool:
    try:
        parse(value)
    except CodeError:
        return False
    return True


@pytest.mark.parametrize("code", USCCS)
def test_credit_codes_notice_every_substitution_and_every_transposition(code):
    # 31 is prime, the weights are powers of 3 and no two neighbours are equal modulo 31: no exception exists.
    changed = [*substitutions(code), *transpositions(code)]
    assert [value for _, value in changed if is_valid(uscc.parse, value)] == []


@pytest.mark.parametrize("code", RESIDENT_IDS)
def test_identity_numbers_notice_every_substitution_and_every_transposition(code):
    # 11 is prime and larger than any difference of digits; X has its one place.
    changed = [*substitutions(code), *transpositions(code)]
    assert [value for _, value in changed if is_valid(resident_id.parse, value)] == []


@pytest.mark.parametrize("code", ORG_CODES)
def test_organisation_codes_notice_every_substitution_but_of_values_eleven_apart(code):
    # Letters count 10 to 35, so 0, B, M and X weigh the same modulo 11; the standard cannot tell them apart.
    for index, value in substitutions(code):
        same = index < 8 and (_value(value[index]) - _value(code[index])) % 11 == 0
        assert is_valid(org_code.parse, value) == same, value


@pytest.mark.parametrize("code", [*ORG_CODES, org_code.make("0B0B0B0B"), org_code.make("00000014")])
def test_organisation_codes_notice_every_transposition_but_of_values_eleven_apart(code):
    for index, value in transpositions(code):
        if index < 7:
            same = (_value(value[index]) - _value(code[index])) % 11 == 0
            assert is_valid(org_code.parse, value) == same, value


def test_an_x_that_changes_places_with_the_character_before_the_check_may_pass_in_an_organisation_code():
    # As check X means 10, as a letter it weighs 33: the only exchange with the check that the standard misses.
    made = [org_code.make(f"{number:07}{last}") for number in range(300) for last in DIGITS_AND_LETTERS if last != "X"]
    swapped = {code: code[:7] + code[8] + code[7] for code in made if code[7] != code[8]}
    passing = {(code[7], code[8]) for code, other in swapped.items() if is_valid(org_code.parse, other)}
    assert passing == {("1", "X")}


@pytest.mark.parametrize("code", LICENCE_IDS)
def test_licence_identifiers_notice_every_substitution(code):
    # ISO 7064 guarantees it for MOD 37,36; the prefix is fixed, dots keep their places.
    alphabet = DIGITS_AND_LETTERS + "."
    assert [value for _, value in substitutions(code, alphabet) if is_valid(licence_id.parse, value)] == []


def test_the_hybrid_check_misses_few_transpositions_and_only_those_the_standard_admits():
    # For each running product and pair of neighbours: ISO 7064 allows a hybrid system to miss some, never a substitution.
    missed, total = 0, 0
    for head in DIGITS_AND_LETTERS:
        for first in DIGITS_AND_LETTERS:
            for second in DIGITS_AND_LETTERS:
                if first != second:
                    total += 1
                    missed += licence_id.check_char(head + first + second) == licence_id.check_char(
                        head + second + first
                    )
    assert 0 < missed / total < 1 / 36


@settings(max_examples=40, deadline=None)
@given(strategies.usccs())
def test_any_credit_code_notices_every_change_of_one_character(code):
    assert not any(is_valid(uscc.parse, value) for _, value in substitutions(code, uscc.ALPHABET))
    assert not any(is_valid(uscc.parse, value) for _, value in transpositions(code))


@settings(max_examples=40, deadline=None)
@given(strategies.resident_ids())
def test_any_identity_number_notices_every_change_of_one_character(code):
    assert not any(is_valid(resident_id.parse, value) for _, value in substitutions(code, DIGITS + "X"))
    assert not any(is_valid(resident_id.parse, value) for _, value in transpositions(code))


@settings(max_examples=20, deadline=None)
@given(strategies.licence_ids())
def test_any_licence_identifier_notices_every_substitution(code):
    assert not any(is_valid(licence_id.parse, value) for _, value in substitutions(code))


@settings(max_examples=20, deadline=None)
@given(strategies.task_codes())
def test_an_implementation_code_is_protected_only_where_its_credit_code_stands(code):
    for index, value in substitutions(code):
        if index < 18:
            assert not is_valid(task_code.parse, value)
    other = "2" if code[18] == "1" else "1"
    assert is_valid(task_code.parse, code[:18] + other + code[19:])


def test_old_identity_numbers_have_no_check_and_notice_only_impossible_dates():
    old = "440524880101001"
    assert is_valid(resident_id.parse, old[:-1] + "2")
    assert not is_valid(resident_id.parse, "440524881301001")


def _value(character: str) -> int:
    return DIGITS_AND_LETTERS.index(character)
