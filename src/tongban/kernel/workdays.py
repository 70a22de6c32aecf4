"""Working days of China: weekdays, less the holidays and plus the worked weekends that the yearly notice names."""

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

#: The largest number of working days that can be added (about ten years).
WORKDAYS_MAX = 2_600
#: The longest span that can be counted, in calendar days (about a hundred years).
SPAN_DAYS_MAX = 36_600
#: From this day of December on, the notice of the next year may still change the year (29 and 31 December 2018).
LATE_DECEMBER = 26

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a limit; provisional if a year on the way is not covered by a notice yet."""

    date: date
    provisional: bool


class WorkCalendar:
    """Which days are worked.

    `off_or_work` holds only the days that differ from their weekday (True: worked); `covered_years` are the years
    whose notice is known. A year that is not covered goes by weekdays alone, and every answer that touches it is
    provisional. Source: State Council's yearly holiday notices; 行政许可法 art. 82.
    """

    def __init__(self, off_or_work: Mapping[date, bool], covered_years: Collection[int]) -> None:
        self._days = dict(off_or_work)
        self.covered_years = frozenset(covered_years)
        # Days that differ from their weekday, as ordinals, with the sum of the differences up to each: counting
        # working days is done for every row of every list.
        differing = sorted(day for day, works in self._days.items() if works != (day.weekday() < 5))
        self._differing = [day.toordinal() for day in differing]
        self._gained = [0, *accumulate(1 if self._days[day] else -1 for day in differing)]

    def is_workday(self, day: date) -> bool:
        """Whether a day is worked."""
        listed = self._days.get(day)
        return day.weekday() < 5 if listed is None else listed

    def is_settled(self, day: date) -> bool:
        """Whether no notice can change the day any more: its year is covered and, late in December, the next too."""
        if day.year not in self.covered_years:
            return False
        late = day.month == 12 and day.day >= LATE_DECEMBER
        return not late or day.year + 1 in self.covered_years

    def is_settled_span(self, first: date, last: date) -> bool:
        """Whether every day from first to last is settled."""
        years = range(first.year, last.year + 1)
        return all(year in self.covered_years for year in years) and self.is_settled(last)

    def next_workday(self, day: date) -> date:
        """Give the day itself if it is worked, else the next one that is (民法典 art. 203)."""
        for _ in range(SPAN_DAYS_MAX):
            if self.is_workday(day):
                return day
            day += _ONE
        raise ValueError("the calendar has no working day")

    def add(self, start: date, n: int) -> Due:
        """Count n working days from the day after `start`; the last of them is the due date. n = 0 gives start.

        Raises:
            ValueError: n is negative or larger than `WORKDAYS_MAX`.
        """
        if not 0 <= n <= WORKDAYS_MAX:
            raise ValueError(f"工作日数应在 0 至 {WORKDAYS_MAX} 之间")
        day = start
        for _ in range(n):
            day = self.next_workday(day + _ONE)
        return Due(day, provisional=not self.is_settled_span(start, day))

    def count(self, after: date, upto: date) -> int:
        """Count the working days after `after`, up to and with `upto`; 0 if `upto` is not later.

        Raises:
            ValueError: the span is longer than a hundred years.
        """
        days = (upto - after).days
        if days > SPAN_DAYS_MAX:
            raise ValueError("时间跨度过长")
        return self._worked_until(upto.toordinal()) - self._worked_until(after.toordinal()) if days > 0 else 0

    def _worked_until(self, ordinal: int) -> int:
        """Working days from the first Monday of the era (ordinal 1) to a day."""
        weeks, rest = divmod(ordinal, 7)
        return weeks * 5 + min(rest, 5) + self._gained[bisect_right(self._differing, ordinal)]
