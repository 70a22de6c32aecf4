"""Citizen identity number 公民身份号码 (GB 11643-1999) and the numbers of the same form."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tongban.kernel.codes.reading import (
    DIGITS,
    Slot,
    Text,
    normalise,
    read_date,
    require_layout,
    require_length,
    sole_repair,
)

Holder = Literal["mainland", "hong-kong", "macao", "taiwan", "foreign"]
Gender = Literal["male", "female"]

_MODULUS = 11
_WEIGHTS = tuple(pow(2, 17 - place, _MODULUS) for place in range(17))
_CHECKS = "10X98765432"  # by the remainder modulo 11
_LENGTH = 18
_OLD_LENGTH = 15
_OLD_CENTURY = "19"
# Nobody born earlier lived when numbers were first given out (1984); there is no other limit of age.
_YEAR_MIN = 1800
_YEAR_MAX = 9999
_SERIAL_MAX = 999
_ADDRESS = Slot("地址码", 6, DIGITS, "数字")
_SERIAL = Slot("顺序码", 3, DIGITS, "数字")
_LAYOUT = (_ADDRESS, Slot("出生日期码", 8, DIGITS, "数字"), _SERIAL, Slot("校验码", 1, DIGITS + "X", "数字或 X"))
_OLD_LAYOUT = (_ADDRESS, Slot("出生日期码", 6, DIGITS, "数字"), _SERIAL)
_HOLDERS: dict[str, Holder] = {"81": "hong-kong", "82": "macao", "83": "taiwan"}
_MASK_HEAD = 3
_MASK_TAIL = 2

#: Chinese names of the groups of holders.
HOLDER_NAMES: dict[Holder, str] = {
    "mainland": "居民身份证",
    "hong-kong": "港澳台居民居住证（香港）",
    "macao": "港澳台居民居住证（澳门）",
    "taiwan": "港澳台居民居住证（台湾）",
    "foreign": "外国人永久居留身份证",
}


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A number of the form of GB 11643, always held with eighteen characters."""

    #: Eighteen characters; a number of fifteen digits has been converted.
    number: str
    #: The value as it was given, normalised: fifteen or eighteen characters.
    written: str
    #: Date of birth; may lie more than 120 years back.
    birth_date: date

    @property
    def holder(self) -> Holder:
        """Whose number it is: 81/82/83 Hong Kong, Macao, Taiwan residents; 9 foreign permanent resident."""
        if self.number[0] == "9":
            return "foreign"
        return _HOLDERS.get(self.number[:2], "mainland")

    @property
    def address(self) -> str:
        """Six digits of the place of first registration; it may be abolished, so it is not looked up anywhere.

        For a foreigner these are 9, the province (2) and the country (3) of ISO 3166-1 numeric.
        """
        return self.number[:6]

    @property
    def serial(self) -> str:
        """Three digits; odd for men, even for women."""
        return self.number[14:17]

    @property
    def gender(self) -> Gender:
        """Gender by the serial."""
        return "male" if int(self.number[16]) % 2 else "female"

    @property
    def check(self) -> str:
        """The check character."""
        return self.number[17]


def check_char(body: str) -> str:
    """Return the check character of seventeen digits (weights 2^(18-i) mod 11)."""
    total = sum(int(char) * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return _CHECKS[total % _MODULUS]


def parse(value: str, *, today: date | None = None) -> ResidentId:
    """Read a number of eighteen characters or an old one of fifteen digits.

    The value is normalised first: outer space dropped, upper case (the X too), full-width to half-width. The address is
    never compared with a list of divisions, age has no upper limit, and no clock is read: give `today` (a date in
    Asia/Shanghai) to have a birth in the future refused. A number of fifteen digits has no check character.

    Raises:
        CodeError: `resident-id.empty`, `.length`, `.character`, `.address`, `.date`, `.future` or `.check-char`.
    """
    text = Text("resident-id", normalise(value))
    require_length(text, [_LENGTH, _OLD_LENGTH], "18 位（旧号码 15 位）")
    return _read_old(text, today) if len(text.value) == _OLD_LENGTH else _read(text, today)


def upgrade(value: str) -> str:
    """Return the eighteen-character number of an old one of fifteen digits (century 19 put in, check added).

    A number of eighteen characters comes back normalised.

    Raises:
        CodeError: as `parse`.
    """
    return parse(value).number


def make(address: str, birth_date: date, serial: int) -> str:
    """Return the number of an address (6 digits), a date of birth and a serial 0 to 999 (odd for men).

    Raises:
        CodeError: if the address is malformed, the birth before 1800, or the serial out of range.
    """
    text = Text("resident-id", normalise(address))
    require_length(text, [_ADDRESS.count], "6 位")
    require_layout(text, [_ADDRESS])
    if not 0 <= serial <= _SERIAL_MAX:
        raise text.error("serial", f"顺序码是 {serial}，应为 0 至 999", found=str(serial), expected="0 至 999")
    body = f"{text.value}{birth_date.year:04}{birth_date:%m%d}{serial:03}"
    return parse(body + check_char(body)).number


def mask(value: str) -> str:
    """Return the value with all but the first three and last two characters starred; never raises.

    A value too short to hide at least half of it is starred whole.
    """
    normal = normalise(value)
    hidden = len(normal) - _MASK_HEAD - _MASK_TAIL
    if hidden < _MASK_HEAD + _MASK_TAIL:
        return "*" * len(normal)
    return normal[:_MASK_HEAD] + "*" * hidden + normal[-_MASK_TAIL:]


def _read(text: Text, today: date | None) -> ResidentId:
    require_layout(text, _LAYOUT, _repair)
    _require_address(text)
    birth = read_date(text.part(6, 14), "出生日期", year_min=_YEAR_MIN, year_max=_YEAR_MAX)
    _require_born(text, birth, today)
    expected = check_char(text.value[:17])
    if text.value[17] != expected:
        raise text.wrong_check(17, expected)
    return ResidentId(text.value, text.value, birth)


def _read_old(text: Text, today: date | None) -> ResidentId:
    require_layout(text, _OLD_LAYOUT)
    _require_address(text)
    body = text.value[:6] + _OLD_CENTURY + text.value[6:]
    # Two digits of the century are put in before the year, so places inside the date lie two further left.
    birth_text = Text(text.kind, body[6:14], 6 - len(_OLD_CENTURY))
    birth = read_date(birth_text, "出生日期", year_min=_YEAR_MIN, year_max=_YEAR_MAX)
    _require_born(text, birth, today)
    return ResidentId(body + check_char(body), text.value, birth)


def _require_address(text: Text) -> None:
    if text.value[0] == "0":
        raise text.error("address", "第 1 位是 0，地址码应以 1 至 9 开头", index=0, found="0", expected="1 至 9")


def _require_born(text: Text, birth: date, today: date | None) -> None:
    if today is not None and birth > today:
        message = f"第 7 位起的出生日期 {birth:%Y-%m-%d} 晚于今天，应不晚于 {today:%Y-%m-%d}"
        raise text.error("future", message, index=6, found=f"{birth:%Y%m%d}", expected=f"不晚于 {today:%Y%m%d}")


def _repair(value: str, index: int, alphabet: str) -> str | None:
    return sole_repair(value, index, alphabet, lambda code: code[17] == check_char(code[:17]))
