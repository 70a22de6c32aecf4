"""The real calendar of China, straight from the package: the kernel knows no database."""

from chinese_calendar import constants

from tongban.kernel.workdays import WorkCalendar

CALENDAR = WorkCalendar(
    {**dict.fromkeys(constants.holidays, False), **dict.fromkeys(constants.workdays, True)},
    {day.year for day in constants.holidays if day.month == 10},
)
