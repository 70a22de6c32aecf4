"""How every code is read: one normalisation, fixed layouts, and errors that point at a character."""

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tongban.kernel.codes.errors import CodeError

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS_AND_LETTERS = DIGITS + LETTERS

_MONTHS = 12
_FULL_WIDTH_SHIFT = 0xFEE0
_FULL_WIDTH = {full: full - _FULL_WIDTH_SHIFT for full in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_UPPER = {ord(letter.lower()): letter for letter in LETTERS}
# Marks without width that phones and office programs add when a number is copied.
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"


def normalise(value: str) -> str:
    """Return the value as codes are compared: half-width, upper case, without space around it.

    Full-width digits, letters and punctuation become half-width, ASCII letters become upper case, spaces and marks
    without width at both ends go. Nothing inside is dropped: a space between two digits stays and is an error.
    """
    text = value.translate(_FULL_WIDTH)
    while (stripped := text.strip().strip(_INVISIBLE)) != text:
        text = stripped
    return text.translate(_UPPER)


@dataclass(frozen=True, slots=True)
class Slot:
    """A run of characters with one meaning inside a code."""

    #: Chinese name of the run, shown in errors.
    name: str
    #: How many characters it has.
    count: int
    #: Characters allowed in it.
    alphabet: str
    #: The alphabet in Chinese words, shown in errors.
    words: str


@dataclass(frozen=True, slots=True)
class Text:
    """A normalised value, or a stretch of one, that knows how to complain about its characters."""

    #: Prefix of error codes, such as `task-code`.
    kind: str
    #: The characters.
    value: str
    #: How many characters of the whole value stand before these.
    offset: int = 0

    def part(self, start: int, stop: int | None = None) -> "Text":
        """Return the stretch from index `start` to before `stop`; its errors still count from the whole value."""
        return Text(self.kind, self.value[start:stop], self.offset + start)

    def place(self, index: int) -> int:
        """Return the position, from 1 in the whole value, of the character at `index` of this stretch."""
        return self.offset + index + 1

    def error(
        self,
        reason: str,
        message: str,
        *,
        index: int | None = None,
        found: str | None = None,
        expected: str | None = None,
    ) -> CodeError:
        """Return an error whose stable code is this kind and the reason."""
        position = None if index is None else self.place(index)
        return CodeError(message, code=f"{self.kind}.{reason}", position=position, found=found, expected=expected)

    def wrong_check(self, index: int, expected: str, note: str = "", reason: str = "check-char") -> CodeError:
        """Return the error of a check character that does not fit the characters before it."""
        found = self.value[index]
        message = f"第 {self.place(index)} 位校验码是 {found}，应为 {expected}{note}"
        return self.error(reason, message, index=index, found=found, expected=expected)

    def wrong_run(self, reason: str, name: str, start: int, stop: int, expected: str) -> CodeError:
        """Return the error of a run of characters (index `start` to before `stop`) that has no meaning together."""
        found = self.value[start:stop]
        message = f"第 {self.place(start)} 至 {self.place(stop - 1)} 位{name}是 {found}，应为{expected}"
        return self.error(reason, message, index=start, found=found, expected=expected.strip())


def shown(character: str) -> str:
    """Return a character so that a person can see it in a sentence."""
    if character.isspace():
        return "空格"
    return character if character.isprintable() else f"U+{ord(character):04X}"


def require_length(text: Text, lengths: Sequence[int], words: str) -> None:
    """Refuse an empty value or one of another length.

    Raises:
        CodeError: `….empty` or `….length`; `words` say in Chinese which lengths are right.
    """
    length = len(text.value)
    if not length:
        raise text.error("empty", "没有填写", expected=words)
    if length not in lengths:
        raise text.error("length", f"应为 {words}，现有 {length} 位", found=str(length), expected=words)


def require_layout(
    text: Text, slots: Sequence[Slot], repair: Callable[[str, int, str], str | None] | None = None
) -> None:
    """Refuse the first character that is outside the alphabet of its slot; the length must already be right.

    Where it is the only bad one, `repair(value, index, alphabet)` may name the one character that would be right.

    Raises:
        CodeError: `….character`, with the position.
    """
    spread = [slot for slot in slots for _ in range(slot.count)]
    pairs = zip(text.value, spread, strict=True)
    bad = [index for index, (character, slot) in enumerate(pairs) if character not in slot.alphabet]
    if not bad:
        return
    index, slot = bad[0], spread[bad[0]]
    right = repair(text.value, index, slot.alphabet) if repair and len(bad) == 1 else None
    found = shown(text.value[index])
    tail = f" {right}" if right else slot.words
    message = f"第 {text.place(index)} 位（{slot.name}）是 {found}，应为{tail}"
    raise text.error("character", message, index=index, found=found, expected=right or slot.words.strip())


def sole_repair(value: str, index: int, alphabet: str, is_valid: Callable[[str], bool]) -> str | None:
    """Return the one character of the alphabet that makes the value valid at `index`, `None` if none or several do."""
    fitting = [char for char in alphabet if is_valid(value[:index] + char + value[index + 1 :])]
    return fitting[0] if len(fitting) == 1 else None


def read_date(text: Text, name: str, *, year_min: int, year_max: int) -> date:
    """Return the date of eight digits YYYYMMDD; the text must hold exactly eight ASCII digits.

    Raises:
        CodeError: `….date`, at the first digit of the year, month or day that is impossible.
    """
    year, month, day = int(text.value[:4]), int(text.value[4:6]), int(text.value[6:8])
    if not year_min <= year <= year_max:
        raise text.wrong_run("date", f"{name}的年", 0, 4, f" {year_min} 至 {year_max}")
    if not 1 <= month <= _MONTHS:
        raise text.wrong_run("date", f"{name}的月", 4, 6, " 01 至 12")
    _, last = calendar.monthrange(year, month)
    if not 1 <= day <= last:
        raise text.wrong_run("date", f"{name}的日", 6, 8, f" 01 至 {last:02}（{year} 年 {month} 月）")
    return date(year, month, day)
