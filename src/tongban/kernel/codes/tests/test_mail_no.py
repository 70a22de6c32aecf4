"""Numbers of posted mail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.codes import mail_no
from tongban.kernel.codes.errors import CodeError


@pytest.mark.parametrize(
    ("carrier", "typed", "number"),
    [
        ("ems", "10123 4567-8901", "1012345678901"),
        # The sample of the standard: serial 47312482, check digit 9.
        ("registered", "rr473124829cn", "RR473124829CN"),
        ("registered", "XA12345678944", "XA12345678944"),
        ("ems", "EA473124829CN", "EA473124829CN"),
    ],
)
def test_numbers_are_read_as_they_are_typed(carrier, typed, number):
    assert mail_no.parse(carrier, typed) == number


@pytest.mark.parametrize(
    ("carrier", "typed", "code"),
    [
        ("ems", "RR473124829CN", "mail_no.shape"),
        ("registered", "1012345678901", "mail_no.shape"),
        ("registered", "RR473124829GB", "mail_no.shape"),
        ("ems", "", "mail_no.shape"),
        ("sf", "SF1234567890123", "mail_no.carrier"),
        ("registered", "RR473124828CN", "mail_no.check_digit"),
    ],
)
def test_what_is_no_number_of_the_service_says_why(carrier, typed, code):
    with pytest.raises(CodeError) as caught:
        mail_no.parse(carrier, typed)
    assert caught.value.code == code
    assert caught.value.message


@given(st.from_regex(r"\A[0-9]{8}\Z"), st.integers(0, 9))
def test_only_the_right_check_digit_is_taken(serial, digit):
    right = mail_no.check_digit(serial)
    number = f"EA{serial}{digit}CN"
    if str(digit) == right:
        assert mail_no.parse("ems", number) == number
    else:
        with pytest.raises(CodeError, match=f"应为 {right}"):
            mail_no.parse("ems", number)
