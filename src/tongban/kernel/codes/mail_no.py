"""Numbers of posted mail: UPU S10 with its check digit, and the domestic numbers of China Post.

Official documents may be posted by China Post alone: 邮政法 art. 55 forbids courier firms to carry 国家机关公文. So the
list of carriers has its two tracked services and no other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tongban.kernel.codes.errors import CodeError

_S10_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)


@dataclass(frozen=True)
class Carrier:
    """A tracked service: its name, the first letters of its S10 numbers, the shape of its domestic ones."""

    name: str
    s10: str
    domestic: re.Pattern[str]
    example: str


CARRIERS: Final[Mapping[str, Carrier]] = MappingProxyType(
    {
        "ems": Carrier("邮政特快专递（EMS）", "E", re.compile(r"1\d{12}"), "1012345678901"),
        "registered": Carrier("邮政挂号信", "R", re.compile(r"X[A-Z]\d{11}"), "XA12345678944"),
    }
)


def parse(carrier: str, text: str) -> str:
    """The number in its normal form: capitals, no spaces.

    Raises:
        CodeError: no such carrier, not a number of this service, or the S10 check digit is wrong.
    """
    known = CARRIERS.get(carrier)
    if known is None:
        raise CodeError("请选择邮件种类", code="mail_no.carrier")
    number = re.sub(r"[\s-]", "", text).upper()
    if known.domestic.fullmatch(number):
        return number
    if re.fullmatch(rf"{known.s10}[A-Z]\d{{9}}CN", number):
        right = check_digit(number[2:10])
        if number[10] != right:
            raise CodeError(
                f"邮件号第 11 位应为 {right}，请对照面单重新填写",
                code="mail_no.check_digit",
                position=11,
                found=number[10],
                expected=right,
            )
        return number
    raise CodeError(f"不是{known.name}的邮件号，应为 13 位，例如 {known.example}", code="mail_no.shape")


def check_digit(serial: str) -> str:
    """The S10 check digit of eight digits (UPU S10-12)."""
    rest = 11 - sum(int(one) * weight for one, weight in zip(serial, _S10_WEIGHTS, strict=True)) % 11
    return {10: "0", 11: "5"}.get(rest, str(rest))
