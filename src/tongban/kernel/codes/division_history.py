"""Division codes that came and went, and which code stands for an old one on a date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tongban.kernel.codes.division import Division, parse


@dataclass(frozen=True, slots=True)
class DivisionRecord:
    """One division code with the time it held; times are half-open: `valid_from` ≤ day < `valid_to`."""

    #: 6, 9 or 12 characters.
    code: str
    #: Chinese name.
    name: str
    #: Code of the division above, of any length.
    parent: str
    #: First day, Asia/Shanghai; `None` if it lies before anything the table knows.
    valid_from: date | None = None
    #: First day on which the code no longer holds; `None` while it holds.
    valid_to: date | None = None
    #: The code that took its place on `valid_to`, of the same length.
    successor: str | None = None
    #: Where the dates come from, or how sure they are.
    basis: str = ""

    def __post_init__(self) -> None:
        """Refuse a record that could not be followed.

        Raises:
            ValueError: a malformed code, dates in the wrong order, or a successor of another length or without a date.
        """
        parse(self.code)
        parse(self.parent)
        if self.valid_from and self.valid_to and self.valid_from >= self.valid_to:
            message = f"{self.code}: valid_from must lie before valid_to"
            raise ValueError(message)
        if self.successor is not None and (self.valid_to is None or len(parse(self.successor).code) != len(self.code)):
            message = f"{self.code}: a successor needs valid_to and a code of the same length"
            raise ValueError(message)

    def holds(self, on: date) -> bool:
        """Whether the code holds on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)


# The State Council's reply on Zhuzhou is of June 2018; the day is not certain. Statistics followed only in 2019.
_LUKOU_SINCE = date(2018, 6, 19)
# In the statistical editions from 2018-07 to 2022-01, gone in that of 2023.
_YUNLONG_UNTIL = date(2023, 1, 1)

#: What the kernel knows without a city pack: the changed codes of Zhuzhou. A pack passes its own table instead.
DEFAULT_HISTORY: tuple[DivisionRecord, ...] = (
    DivisionRecord(
        "430221", "株洲县", "430200", None, _LUKOU_SINCE, "430212", "国务院 2018 年 6 月批复撤县设区；具体日期待核"
    ),
    DivisionRecord("430212", "渌口区", "430200", _LUKOU_SINCE, basis="国务院 2018 年 6 月批复撤县设区；具体日期待核"),
    DivisionRecord("430271", "云龙示范区", "430200", None, _YUNLONG_UNTIL, "4302Z1", "统计用代码，2023 年版起不再列出"),
    DivisionRecord("4302Z1", "株洲经开区", "430200", basis="平台内部代码，国家标准未编码"),
)


def record(code: str, history: Sequence[DivisionRecord] = DEFAULT_HISTORY) -> DivisionRecord | None:
    """Return the record of exactly this division (its length does not matter), `None` if the table has none.

    Raises:
        CodeError: if the code is malformed.
    """
    wanted = parse(code).code12
    return next((known for known in history if Division(known.code).code12 == wanted), None)


def successor(code: str, on: date, history: Sequence[DivisionRecord] = DEFAULT_HISTORY) -> str:
    """Return the code that stands for `code` on a day, in the same length; the code itself if nothing replaced it.

    Successors are followed through several changes. The code of a town or village whose county changed keeps its own
    last digits, unless the table knows that very town or village. Nothing is followed backwards: a code asked for
    before its first day comes back as it is.

    Raises:
        CodeError: if the code is malformed.
        ValueError: if the table leads in a circle.
    """
    current = parse(code).code
    seen = {current}
    while (following := _next(current, on, history)) is not None:
        if following in seen:
            message = f"division history leads in a circle at {following}"
            raise ValueError(message)
        seen.add(following)
        current = following
    return current


def _next(code: str, on: date, history: Sequence[DivisionRecord]) -> str | None:
    gone = {Division(old.code).short: old for old in history if old.valid_to is not None and old.valid_to <= on}
    # The longest stretch that the table knows decides: the village before its town before its county.
    for length in (12, 9, 6):
        old = gone.get(Division(code).code12[:length])
        if old is not None and old.successor is not None:
            return (Division(old.successor).code12[:length] + Division(code).code12[length:])[: len(code)]
    return None
