"""Prepared querysets: the same rows as the queryset gives, whatever the values, by a text that is written once."""

from datetime import date
from threading import Thread

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from tongban.base import reading, writing
from tongban.base.models import CalendarDay
from tongban.base.reading import Prepared


def _days(works, since):
    return CalendarDay.objects.filter(is_workday=works, date__gte=since).order_by("date")


@pytest.mark.django_db
def test_a_prepared_queryset_gives_what_the_queryset_gives():
    prepared = Prepared(_days)
    for works, since in ((True, date(2024, 1, 1)), (False, date(2025, 6, 1)), (True, date(2099, 1, 1))):
        assert prepared.rows(works=works, since=since) == list(_days(works, since))


@pytest.mark.django_db
def test_the_statement_is_written_once_for_each_shape():
    built = []

    def build(order, since):
        built.append(order)
        return CalendarDay.objects.filter(date__gte=since).order_by(order)[:3]

    prepared = Prepared(build)
    first = [prepared.first("date", since=date(2024, month, 1)) for month in (1, 5)]
    last = [prepared.rows("-date", since=date(2024, month, 1)) for month in (1, 5)]
    assert built == ["date", "-date"]
    assert first == [CalendarDay.objects.filter(date__gte=date(2024, month, 1)).order_by("date")[0] for month in (1, 5)]
    assert [len(rows) for rows in last] == [3, 3]


@pytest.mark.django_db
def test_a_list_of_any_length_is_one_parameter():
    prepared = Prepared(lambda days: CalendarDay.objects.filter(date__any=days).values_list("date", flat=True))
    known = list(CalendarDay.objects.filter(division_code=None).values_list("date", flat=True)[:5])
    for count in (0, 1, 5):
        assert sorted(prepared.rows(days=known[:count])) == sorted(known[:count])


@pytest.mark.django_db
def test_patterns_are_compared_one_by_one():
    prepared = Prepared(lambda texts: CalendarDay.objects.filter(basis__like_any=texts))
    assert not prepared.rows(texts=[])
    assert len(prepared.rows(texts=["国务院%", "x%"])) == CalendarDay.objects.filter(basis__startswith="国务院").count()


@pytest.mark.django_db
def test_what_cannot_be_met_finds_nothing_and_asks_nothing():
    prepared = Prepared(lambda since: CalendarDay.objects.filter(Q(pk__in=[]), date__gte=since))
    with CaptureQueriesContext(connection) as asked:
        assert prepared.rows(since=date(2024, 1, 1)) == []
    assert not asked.captured_queries


@pytest.mark.django_db
def test_a_value_that_is_missing_or_none_is_refused_because_nothing_equals_null():
    prepared = Prepared(_days)
    prepared.rows(works=True, since=date(2024, 1, 1))
    with pytest.raises(TypeError):
        prepared.rows(works=True)
    with pytest.raises(TypeError):
        prepared.rows(works=True, since=None)


@pytest.mark.django_db
def test_rows_can_be_locked():
    locked = Prepared(lambda day: CalendarDay.objects.filter(date=day).select_for_update())
    day = CalendarDay.objects.order_by("date")[0].date
    with transaction.atomic():
        assert [one.date for one in locked.rows(day=day)] == [day]


def test_threads_share_the_text_and_each_its_own_connection(live_city):
    del live_city
    prepared = Prepared(_days)
    found = {}

    def read(year):
        try:
            found[year] = prepared.rows(works=True, since=date(year, 1, 1))
        finally:
            connection.close()

    threads = [Thread(target=read, args=(year,)) for year in range(2020, 2026)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {year: len(rows) for year, rows in found.items()} == {
        year: _days(True, date(year, 1, 1)).count() for year in range(2020, 2026)
    }


@pytest.mark.django_db
def test_in_one_block_a_question_is_asked_once():
    prepared = Prepared(_days)
    with reading.once(), CaptureQueriesContext(connection) as asked:
        first, second = (prepared.rows(works=True, since=date(2024, 1, 1)) for _time in range(2))
        other = prepared.rows(works=False, since=date(2024, 1, 1))
    assert first == second != other
    assert len(asked.captured_queries) == 2
    with CaptureQueriesContext(connection) as asked:
        prepared.rows(works=True, since=date(2024, 1, 1))
    assert len(asked.captured_queries) == 1


@pytest.mark.django_db
def test_what_one_caller_does_to_its_list_another_does_not_see():
    prepared = Prepared(_days)
    with reading.once():
        prepared.rows(works=True, since=date(2024, 1, 1)).clear()
        assert prepared.rows(works=True, since=date(2024, 1, 1))


@pytest.mark.django_db
def test_rows_that_are_locked_are_always_read_and_everything_after_them():
    days = Prepared(lambda day: CalendarDay.objects.filter(date=day))
    locked = Prepared(lambda day: CalendarDay.objects.filter(date=day).select_for_update())
    day = CalendarDay.objects.order_by("date")[0].date
    with reading.once(), transaction.atomic():
        days.rows(day=day)
        with CaptureQueriesContext(connection) as asked:
            for _time in range(2):
                locked.rows(day=day)
            days.rows(day=day)
        assert len(asked.captured_queries) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("write", [
    lambda day: CalendarDay.objects.filter(date=day).update(basis="改过的依据"),
    lambda day: writing_together(CalendarDay.objects.get(date=day)),
    lambda day: locked_and_changed(CalendarDay.objects.get(date=day)),
])  # fmt: skip
def test_whatever_is_written_in_a_block_is_seen_by_what_is_read_after_it(write):
    days = Prepared(lambda day: CalendarDay.objects.filter(date=day))
    day = CalendarDay.objects.order_by("date")[0].date
    with reading.once(), transaction.atomic():
        assert [one.basis for one in days.rows(day=day)] != ["改过的依据"]
        write(day)
        assert [one.basis for one in days.rows(day=day)] == ["改过的依据"]


def writing_together(row):
    with writing.together():
        row.basis = "改过的依据"
        writing.change(row, "basis")


def locked_and_changed(row):
    list(CalendarDay.objects.select_for_update().filter(pk=row.pk))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE base_calendarday SET basis = '改过的依据' WHERE id = %s", [row.pk])


@pytest.mark.django_db
def test_several_questions_are_one_statement_with_the_rows_of_each():
    days, count = Prepared(_days), Prepared(lambda day: CalendarDay.objects.filter(date=day).values_list("date"))
    nothing = Prepared(lambda day: CalendarDay.objects.filter(pk__in=[], date=day))
    day = CalendarDay.objects.order_by("date")[0].date
    since = {"works": True, "since": date(2024, 1, 1)}
    expected: tuple[list[object], ...] = list(_days(**since)), [(day,)], []

    def asked():
        return days.asked(**since), count.asked(day=day), nothing.asked(day=day)

    def found():
        return days.rows(**since), count.rows(day=day), nothing.rows(day=day)

    with reading.once():
        # The types of the columns are learnt here.
        reading.ahead(*asked())
        assert found() == expected
    with reading.once():
        with CaptureQueriesContext(connection) as sent:
            reading.ahead(*asked())
        assert len(sent.captured_queries) == 1
        with CaptureQueriesContext(connection) as sent:
            assert found() == expected
        assert not sent.captured_queries


def test_reading_ahead_needs_a_block_that_keeps_what_was_read():
    with pytest.raises(RuntimeError):
        reading.ahead(Prepared(_days).asked(works=True, since=date(2024, 1, 1)))
