"""`tongban workdays add DATE N`: the last day of a limit of N working days that begins on the day after DATE."""

import argparse
from datetime import date

from tongban.cli import environment
from tongban.cli.answers import add_json, print_json
from tongban.kernel.workdays import WorkCalendar


def configure(parser: argparse.ArgumentParser) -> None:
    """Take the act, the day and the number of working days."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="add")
    act = acts.add_parser("add", help="推算工作日")
    act.add_argument("date", type=_day, metavar="DATE", help="起算日，如 2026-09-30；当日不计入")
    act.add_argument("count", type=_count, metavar="N", help="工作日个数")
    act.add_argument("--division", metavar="CODE", help="12 位行政区划代码，计入当地的调整")
    add_json(act)


def run(options: argparse.Namespace) -> int:
    """Count and print."""
    due = _calendar(options.division).add(options.date, options.count)
    if options.json:
        print_json({"date": due.date, "provisional": due.provisional})
    else:
        note = "（暂定：所涉年份的放假安排尚未公布）" if due.provisional else ""
        print(f"{due.date.isoformat()}{note}")
    return 0


def _calendar(division: str | None) -> WorkCalendar:
    """Return the calendar of a database that answers already; else the national one, which needs none."""
    from tongban.cli import database_at_hand

    at_hand = database_at_hand.connect()
    from tongban.base import calendar

    if not at_hand:
        return calendar.package_calendar()
    try:
        return calendar.work_calendar(division)
    finally:
        environment.close_connections()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-09-30") from error


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) > 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 0 to 10000")
    return int(text)
