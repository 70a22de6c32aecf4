"""Case number 办件编号: the code of the item, the day YYYYMMDD, a serial of at least four digits; up to 50 characters.

GB/T 39046-2020 fixes only the length; the form is that of real numbers
(12441500196720244T3442199806003 20220623 0068, written without spaces).
"""

from dataclasses import dataclass
from datetime import date

from tongban.kernel.codes import task_code
from tongban.kernel.codes.errors import CodeError
from tongban.kernel.codes.reading import DIGITS, Slot, Text, normalise, read_date, require_layout, require_length
from tongban.kernel.codes.task_code import TaskCode

#: Longest case number (GB/T 39046-2020; exchange column varchar(50)).
LENGTH_MAX = 50
_DATE_LENGTH = 8
_SERIAL_MIN = 4
# The guide that made these numbers is of 2016. The floor also keeps the forms apart: the 31 and the 33 character code
# can never both be followed by a date, because two digits further the year would have to begin with a month.
_YEAR_MIN = 2016
_YEAR_MAX = 2099
_CENTURY = "20"
# Tried in this order; the first form that fits as a whole counts.
_HEADS = (31, 33, 24, 23, 22, 21)
_LENGTH_MIN = _HEADS[-1] + _DATE_LENGTH + _SERIAL_MIN


@dataclass(frozen=True, slots=True)
class CaseNo:
    """A case number taken apart."""

    #: The whole number.
    code: str
    #: The implementation or handling-item code at its head.
    task: TaskCode
    #: The day in it, Asia/Shanghai.
    day: date

    @property
    def serial(self) -> str:
        """The serial of that item and day, with its leading zeros."""
        return self.code[len(self.task.code) + _DATE_LENGTH :]


def parse(value: str) -> CaseNo:
    """Read a case number; the item code at its head may have any of its forms.

    The value is normalised first: outer space dropped, upper case, full-width to half-width. Where no form fits, the
    error is that of the form that the value most looks like.

    Raises:
        CodeError: `case-no.empty`, `.length`, `.character`, `.sub-item`, `.check-char`, `.pseudo`, `.date`.
    """
    text = Text("case-no", normalise(value))
    allowed = range(_LENGTH_MIN, LENGTH_MAX + 1)
    require_length(text, allowed, f"{_LENGTH_MIN} 至 {LENGTH_MAX} 位")
    for head in _HEADS:
        try:
            return _read(text, head)
        except CodeError:
            continue
    return _read(text, _likely_head(text.value))


def make(item_code: str, day: date, serial: int) -> str:
    """Return the case number of an item code, a day (Asia/Shanghai) and a serial from 1; the serial grows past 9999.

    Raises:
        CodeError: if the item code is not valid, the year not 2016 to 2099, the serial below 1 or too long.
    """
    if serial < 1:
        message = f"办件流水号是 {serial}，应从 1 起"
        raise CodeError(message, code="case-no.serial", found=str(serial), expected="1")
    task = task_code.parse(item_code)
    text = Text("case-no", f"{task.code}{day.year:04}{day:%m%d}{serial:0{_SERIAL_MIN}}")
    require_length(text, range(_LENGTH_MIN, LENGTH_MAX + 1), f"{_LENGTH_MIN} 至 {LENGTH_MAX} 位")
    return _read(text, len(task.code)).code


def _likely_head(value: str) -> int:
    heads = [head for head in _HEADS if head + _DATE_LENGTH + _SERIAL_MIN <= len(value)]
    # A number long enough for the 2018 form is almost certainly one.
    new = [head for head in heads if head >= _HEADS[0]]
    candidates = new or heads
    return next((head for head in candidates if value[head:].startswith(_CENTURY)), candidates[0])


def _read(text: Text, head: int) -> CaseNo:
    if len(text.value) < head + _DATE_LENGTH + _SERIAL_MIN:
        raise text.error("length", "位数不足", found=str(len(text.value)))
    task = task_code.read(text.part(0, head))
    tail = text.part(head)
    serial_length = len(tail.value) - _DATE_LENGTH
    require_layout(tail, [Slot("日期", _DATE_LENGTH, DIGITS, "数字"), Slot("流水号", serial_length, DIGITS, "数字")])
    day = read_date(tail.part(0, _DATE_LENGTH), "日期", year_min=_YEAR_MIN, year_max=_YEAR_MAX)
    return CaseNo(text.value, task, day)
