"""Identifier of an electronic licence 电子证照标识 (GB/T 36904-2018).

`1.2.156.3005.2.<licence type>.<issuer>.<serial>.<version>.<check>`, the check by ISO 7064 / GB/T 17710 MOD 37,36 over
type, issuer, serial and version without the dots and without the prefix.
"""

from dataclasses import dataclass

from tongban.kernel.codes import uscc
from tongban.kernel.codes.reading import (
    DIGITS,
    DIGITS_AND_LETTERS,
    Slot,
    Text,
    normalise,
    require_layout,
    require_length,
    shown,
)

#: The object identifier under which all licences stand.
PREFIX = "1.2.156.3005.2."
_ALPHABET = DIGITS_AND_LETTERS
_WORDS = "数字或大写字母"
_MODULUS = 36
_SEGMENTS = 5
_SERIAL_MAX = 50
_VERSION_MAX = 999
_DEFINER = Slot("证照类型代码中的定义机构代码", 18, uscc.ALPHABET, "数字或大写字母（不用 I、O、S、V、Z）")
_TYPE = (_DEFINER, Slot("证照类型代码的顺序号", 3, DIGITS, "数字"))
_ISSUER = {
    18: Slot("颁发机构代码", 18, uscc.ALPHABET, "数字或大写字母（不用 I、O、S、V、Z）"),
    6: Slot("颁发机构代码", 6, DIGITS, "数字"),
}
_VERSION = Slot("版本号", 3, DIGITS, "数字")
_CHECK = Slot("校验位", 1, _ALPHABET, _WORDS)


@dataclass(frozen=True, slots=True)
class LicenceId:
    """An identifier whose check character fits."""

    #: 21 characters: credit code of the body that defined the type, and three digits.
    type_code: str
    #: Credit code of the issuing body; in a few older identifiers six digits of a division.
    issuer: str
    #: Licence number or any other serial unique under type and issuer.
    serial: str
    #: Three digits, raised when the licence is re-issued.
    version: str

    @property
    def check(self) -> str:
        """The check character."""
        return check_char(self.type_code + self.issuer + self.serial + self.version)

    @property
    def code(self) -> str:
        """The whole identifier with prefix and dots."""
        return f"{PREFIX}{self.type_code}.{self.issuer}.{self.serial}.{self.version}.{self.check}"

    @property
    def definer(self) -> str:
        """Credit code of the body that defined the licence type."""
        return self.type_code[:18]

    @property
    def type_serial(self) -> str:
        """Three digits of the type under its definer."""
        return self.type_code[18:]


def check_char(body: str) -> str:
    """Return the check character of a body of 0-9 and A-Z without dots (ISO 7064 MOD 37,36)."""
    product = _MODULUS
    for char in body:
        product = (product + _ALPHABET.index(char)) % _MODULUS or _MODULUS
        product = product * 2 % (_MODULUS + 1)
    return _ALPHABET[(_MODULUS + 1 - product) % _MODULUS]


def parse(value: str) -> LicenceId:
    """Read an identifier, prefix included.

    The value is normalised first: outer space dropped, upper case, full-width to half-width. Credit codes inside are
    held to their shape but not to their own check: the check of the whole covers them, and real licences name bodies
    by made-up codes.

    Raises:
        CodeError: `licence-id.empty`, `.prefix`, `.segments`, `.length`, `.character` or `.check-char`.
    """
    text = Text("licence-id", normalise(value))
    segments = _segments(text)
    _require_type(segments[0])
    _require_issuer(segments[1])
    _require_serial(segments[2])
    for segment, slot in zip(segments[3:], (_VERSION, _CHECK), strict=True):
        _require_slots(segment, (slot,))
    licence = LicenceId(*(segment.value for segment in segments[:4]))
    if segments[4].value != licence.check:
        raise segments[4].wrong_check(0, licence.check)
    return licence


def make(type_code: str, issuer: str, serial: str, version: int = 1) -> str:
    """Return the identifier of a licence type (21 characters), an issuing body, a serial and a version 1 to 999.

    New identifiers name their bodies by valid credit codes only; `issuer` is one of 18 characters.

    Raises:
        CodeError: if a part is malformed or a credit code is not valid.
    """
    text = Text("licence-id", normalise(type_code))
    _require_type(text)
    uscc.read(text.part(0, _DEFINER.count))
    body = uscc.read(Text("licence-id", normalise(issuer)))
    number = Text("licence-id", normalise(serial))
    _require_serial(number)
    if not 1 <= version <= _VERSION_MAX:
        raise text.error("version", f"版本号是 {version}，应为 1 至 999", found=str(version), expected="1 至 999")
    return LicenceId(text.value, body.code, number.value, f"{version:03}").code


def _segments(text: Text) -> list[Text]:
    if not text.value:
        raise text.error("empty", "没有填写", expected=PREFIX)
    if not text.value.startswith(PREFIX):
        pairs = zip(text.value.ljust(len(PREFIX), "\0"), PREFIX, strict=False)
        index = next(place for place, (char, right) in enumerate(pairs) if char != right)
        found = shown(text.value[index]) if index < len(text.value) else "空"
        message = f"第 {index + 1} 位是 {found}，应为 {PREFIX[index]}（电子证照标识以 {PREFIX} 开头）"
        raise text.error("prefix", message, index=index, found=found, expected=PREFIX[index])
    segments: list[Text] = []
    start = len(PREFIX)
    for part in text.value[start:].split("."):
        segments.append(text.part(start, start + len(part)))
        start += len(part) + 1
    if len(segments) != _SEGMENTS:
        message = f"{PREFIX} 之后应有 5 段（类型、颁发机构、流水号、版本、校验位），现有 {len(segments)} 段"
        raise text.error("segments", message, found=str(len(segments)), expected=str(_SEGMENTS))
    return segments


def _require_type(segment: Text) -> None:
    _require_slots(segment, _TYPE)


def _require_issuer(segment: Text) -> None:
    if len(segment.value) not in _ISSUER:
        message = f"颁发机构代码应为 18 位（旧标识为 6 位区划代码），现有 {len(segment.value)} 位"
        raise segment.error("length", message, found=str(len(segment.value)), expected="18")
    require_layout(segment, [_ISSUER[len(segment.value)]])


def _require_serial(segment: Text) -> None:
    require_length(segment, range(1, _SERIAL_MAX + 1), f"1 至 {_SERIAL_MAX} 位（流水号）")
    require_layout(segment, [Slot("流水号", len(segment.value), _ALPHABET, _WORDS)])


def _require_slots(segment: Text, slots: tuple[Slot, ...]) -> None:
    count = sum(slot.count for slot in slots)
    if len(segment.value) != count:
        name = "证照类型代码" if slots is _TYPE else slots[0].name
        message = f"{name}应为 {count} 位，现有 {len(segment.value)} 位"
        raise segment.error("length", message, found=str(len(segment.value)), expected=str(count))
    require_layout(segment, slots)
