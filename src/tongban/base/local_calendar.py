"""The calendar's section of the city pack: `calendar.yaml`, the city's own closures and openings with their basis."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import Field

from tongban.base.calendar import CalendarDay, override_day, remove_override
from tongban.base.pack import CITY_FILE, Changes, City, Finding, Pack, PackSection, Shape, parse
from tongban.kernel.actor import Actor

TABLE = "calendar.yaml"


class _Override(Shape):
    """A day that is worked, or not, in a division by local notice."""

    date: date
    workday: bool
    basis: Annotated[str, Field(min_length=4, max_length=200)]
    division: Annotated[str, Field(pattern=r"^[0-9]{12}$")] | None = None
    cancelled: bool = False


class _Calendar(Shape):
    overrides: tuple[_Override, ...] = ()


class CalendarSection(PackSection):
    """Local changes of the working-day calendar.

    A day is never taken back by leaving it out, since a closure may also be entered at the desk: it says `cancelled`.
    """

    name = "calendar"
    title = "本市工作日调整"
    # After the directory: days may name a division.
    order = 25
    files = (TABLE,)

    def check(self, pack: Pack) -> Iterable[Finding]:
        """Shape, basis, known divisions, no day twice."""
        document = pack.yaml(TABLE)
        if document is None:
            return
        calendar, found = parse(document, _Calendar)
        yield from found
        seen = set()
        for number, item in enumerate(calendar.overrides if calendar else ()):
            if item.division is not None and pack.resolve("division", item.division) is None:
                yield pack.unknown("division", item.division, document, ("overrides", number, "division"), "区划")
            if (item.date, item.division) in seen:
                yield document.finding(("overrides", number, "date"), f"{item.date} 写了两次", "同一天同一区划只写一项")
            seen.add((item.date, item.division))

    def load(self, pack: Pack, actor: Actor) -> Changes:
        """Enter the days that differ from what is known."""
        del actor  # The load as a whole is one event of config.citypack.
        changes = Changes()
        for item in _overrides(pack):
            division = item.division or _city_division(pack)
            known = CalendarDay.objects.filter(date=item.date, division_code=division).first()
            label = f"{item.date} {'取消调整' if item.cancelled else '上班' if item.workday else '放假'}"
            if item.cancelled:
                if known is None:
                    changes.unchanged += 1
                    continue
                remove_override(day=item.date, division_code=division)
                changes.retired.append(label)
            elif known is not None and (known.is_workday, known.basis) == (item.workday, item.basis):
                changes.unchanged += 1
            else:
                override_day(day=item.date, is_workday=item.workday, division_code=division, basis=item.basis)
                (changes.added if known is None else changes.changed).append(label)
        return changes


def _overrides(pack: Pack) -> tuple[_Override, ...]:
    document = pack.yaml(TABLE)
    calendar = parse(document, _Calendar)[0] if document else None
    return calendar.overrides if calendar else ()


def _city_division(pack: Pack) -> str:
    document = pack.yaml(CITY_FILE, required=True)
    city = parse(document, City)[0] if document else None
    assert city is not None, "checked before it is loaded"
    return city.division
