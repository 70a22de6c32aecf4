"""Kinds of identity documents (GA/T 2000.156 family) with the form of their numbers; mobile telephone numbers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tongban.kernel.codes import resident_id, uscc
from tongban.kernel.codes.errors import CodeError
from tongban.kernel.codes.reading import (
    DIGITS,
    DIGITS_AND_LETTERS,
    LETTERS,
    Slot,
    Text,
    normalise,
    require_layout,
    require_length,
    shown,
)

#: Kind of document of a citizen identity number.
RESIDENT_ID = "111"
#: Kind of document of a unified social credit code.
USCC = "001"
#: Kind of document of a foreign permanent resident.
FOREIGN_PERMANENT_RESIDENT = "553"
_NUMBER_MAX = 50
_MOBILE_LENGTH = 11
_MOBILE_LAYOUT = (
    Slot("手机号码", 1, "1", " 1"),
    Slot("手机号码", 1, "3456789", " 3 至 9"),
    Slot("手机号码", 9, DIGITS, "数字"),
)
_CHINESE_PASSPORT = re.compile(r"[EG][0-9]{8}|E[A-Z][0-9]{7}")
_FOREIGNER_LENGTH = 18
_MASK_TAIL = 2


Layout = tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document that proves who somebody is."""

    #: Code of the kind, as exchanged.
    code: str
    #: Chinese name.
    name: str
    #: The forms of the number, each of another length; empty where it is free text or has a check of its own.
    layouts: tuple[Layout, ...] = ()
    #: The forms in Chinese words.
    words: str = ""

    @property
    def pattern(self) -> str | None:
        """Regular expression of the whole number, for forms on a page; `None` where there is no fixed form."""
        forms = ("".join(f"[{slot.alphabet}]{{{slot.count}}}" for slot in layout) for layout in self.layouts)
        return "|".join(forms) or None


@dataclass(frozen=True, slots=True)
class Document:
    """A document number that has the form of its kind."""

    #: The kind.
    kind: DocumentKind
    #: The normalised number; a citizen identity number always with eighteen characters.
    number: str


def _digits(count: int) -> Slot:
    return Slot("号码", count, DIGITS, "数字")


def _letters(count: int, alphabet: str = LETTERS, words: str = "大写字母") -> Slot:
    return Slot("号码", count, alphabet, words)


_EITHER_WORDS = "数字或大写字母"
_PASSPORT: tuple[Layout, ...] = tuple((_letters(count, DIGITS_AND_LETTERS, _EITHER_WORDS),) for count in range(5, 18))
_PASSPORT_WORDS = "5 至 17 位数字或大写字母"
_TO_MAINLAND = (_letters(1, "HM", " H 或 M"), _digits(8))

#: Every kind by its code.
DOCUMENT_KINDS: dict[str, DocumentKind] = {
    kind.code: kind
    for kind in (
        DocumentKind(USCC, "统一社会信用代码"),
        DocumentKind(RESIDENT_ID, "居民身份证"),
        DocumentKind("112", "临时居民身份证"),
        DocumentKind("113", "户口簿"),
        DocumentKind("114", "军官证"),
        DocumentKind("411", "外交护照", _PASSPORT, _PASSPORT_WORDS),
        DocumentKind("412", "公务护照", _PASSPORT, _PASSPORT_WORDS),
        DocumentKind("414", "普通护照", _PASSPORT, _PASSPORT_WORDS),
        DocumentKind("511", "台湾居民来往大陆通行证", ((_digits(8),), (_digits(10),)), "8 位数字（旧证 10 位）"),
        DocumentKind(
            "513",
            "往来港澳通行证",
            ((_letters(1, "C", " C"), _letters(1, DIGITS_AND_LETTERS, _EITHER_WORDS), _digits(7)),),
            "9 位：C、1 位数字或大写字母、7 位数字",
        ),
        DocumentKind(
            "516",
            "港澳居民来往内地通行证",
            (_TO_MAINLAND, (*_TO_MAINLAND, _digits(2))),
            "9 位：H 或 M 加 8 位数字（可再加 2 位换证次数）",
        ),
        DocumentKind(
            FOREIGN_PERMANENT_RESIDENT,
            "外国人永久居留身份证",
            ((_letters(3), _digits(12)),),
            "以 9 开头的 18 位（旧证为 3 位字母加 12 位数字）",
        ),
    )
}


def document_kind(code: str) -> DocumentKind:
    """Return the kind of document of a code.

    Raises:
        CodeError: `document.kind` if there is no such kind.
    """
    try:
        return DOCUMENT_KINDS[normalise(code)]
    except KeyError:
        known = "、".join(DOCUMENT_KINDS)
        message = f"没有证件种类 {code}，可用的有：{known}"
        raise CodeError(message, code="document.kind", found=code, expected=known) from None


def parse(kind: str, value: str, *, today: date | None = None) -> Document:
    """Read the number of a document of a kind given by its code.

    The value is normalised first: outer space dropped, upper case, full-width to half-width. 111 takes the residence
    permits of Hong Kong, Macao and Taiwan residents too, whose numbers are citizen identity numbers in form, and
    fifteen-digit numbers of old records; 553 takes both generations. 113 and 114 are free text of up to 50 characters.

    Raises:
        CodeError: `document.kind`, `.empty`, `.length`, `.character`, `.holder`, or as the number's own module.
    """
    chosen = document_kind(kind)
    own_check = _OWN_CHECKS.get(chosen.code)
    if own_check is not None:
        number = own_check(value, today)
        if number is not None:
            return Document(chosen, number)
    text = Text("document", normalise(value))
    if chosen.layouts:
        by_length = {sum(slot.count for slot in layout): layout for layout in chosen.layouts}
        require_length(text, list(by_length), chosen.words)
        require_layout(text, by_length[len(text.value)])
    else:
        require_length(text, range(1, _NUMBER_MAX + 1), f"1 至 {_NUMBER_MAX} 位")
    return Document(chosen, text.value)


def is_chinese_passport(value: str) -> bool:
    """Return whether a passport number has the form of a Chinese ordinary passport (E or G and 8 digits, or EA…)."""
    return _CHINESE_PASSPORT.fullmatch(normalise(value)) is not None


def mask(kind: str, value: str) -> str:
    """Return the number with its middle starred; never raises, whatever the kind or value.

    Identity numbers keep three and two characters, credit codes are public and stay, others keep the first and the
    last two; what is too short to hide at least half of it is starred whole.
    """
    code, normal = normalise(kind), normalise(value)
    if code == USCC:
        return normal
    if code in {RESIDENT_ID, "112"} or len(normal) == _FOREIGNER_LENGTH:
        return resident_id.mask(normal)
    hidden = len(normal) - 1 - _MASK_TAIL
    if hidden < 1 + _MASK_TAIL:
        return "*" * len(normal)
    return normal[0] + "*" * hidden + normal[-_MASK_TAIL:]


def parse_mobile(value: str) -> str:
    """Return a mainland mobile number: 11 digits, 1 and 3 to 9 first; land lines are not accepted.

    The value is normalised first: outer space dropped, full-width to half-width.

    Raises:
        CodeError: `mobile.empty`, `.length` or `.character`.
    """
    text = Text("mobile", normalise(value))
    require_length(text, [_MOBILE_LENGTH], "11 位")
    require_layout(text, _MOBILE_LAYOUT)
    return text.value


def mask_mobile(value: str) -> str:
    """Return the number with its four middle digits starred, e.g. 138****5678; anything else is starred whole."""
    normal = normalise(value)
    if len(normal) != _MOBILE_LENGTH:
        return "*" * len(normal)
    return f"{normal[:3]}****{normal[7:]}"


def _read_resident(value: str, today: date | None) -> str:
    resident = resident_id.parse(value, today=today)
    if resident.holder == "foreign":
        message = "第 1 位是 9，这是外国人永久居留身份证号码，证件种类应选 553"
        raise CodeError(message, code="document.holder", position=1, found="9", expected="1 至 8")
    return resident.number


def _read_foreigner(value: str, today: date | None) -> str | None:
    normal = normalise(value)
    if len(normal) != _FOREIGNER_LENGTH:
        return None
    if normal[0] != "9":
        found = shown(normal[0])
        message = f"第 1 位是 {found}，外国人永久居留身份证号码应为 9"
        raise CodeError(message, code="document.holder", position=1, found=found, expected="9")
    return resident_id.parse(normal, today=today).number


def _read_uscc(value: str, _today: date | None) -> str:
    return uscc.parse(value).code


_OWN_CHECKS: dict[str, Callable[[str, date | None], str | None]] = {
    USCC: _read_uscc,
    RESIDENT_ID: _read_resident,
    "112": _read_resident,
    FOREIGN_PERMANENT_RESIDENT: _read_foreigner,
}
