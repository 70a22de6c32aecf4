"""Running numbers without gaps: a number is taken for good only if the caller's transaction commits."""

from django.db import connection

from tongban.base.sql import TAKE_NUMBER


def take(series: str, period: str = "") -> int:
    """Take the next number of a series (from 1) in a period, such as a year or a day.

    The series' row stays locked until the caller's transaction ends, so take it late.

    Raises:
        RuntimeError: no transaction is open; a rollback could then not give the number back.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("numbering.take needs the caller's transaction")
    with connection.cursor() as cursor:
        cursor.execute(TAKE_NUMBER, [series, period])
        (value,) = cursor.fetchone()
    return int(value)
