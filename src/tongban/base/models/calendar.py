"""Which days are worked, and by whose word."""

from typing import ClassVar

from django.db import models


class CalendarYear(models.Model):
    """A year whose holidays a notice of the State Council has fixed; other years are only provisional."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    notice = models.CharField(max_length=200)
    url = models.URLField(max_length=300, blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["year"]

    def __str__(self) -> str:
        return f"{self.year} {self.notice}"


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday, a worked weekend, a closure by local notice.

    `division_code` is None for the whole country; a local day needs its legal `basis` and beats the national one.
    """

    class Source(models.TextChoices):
        """Who says so."""

        NATIONAL = "national", "国务院办公厅通知"
        LOCAL = "local", "地方通告"

    date = models.DateField()
    is_workday = models.BooleanField()
    source = models.CharField(max_length=8, choices=Source.choices)
    basis = models.CharField(max_length=200)
    division_code = models.CharField(max_length=12, null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["date", "division_code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["date", "division_code"], nulls_distinct=False, name="base_calendarday_date_division"
            ),
            models.CheckConstraint(condition=~models.Q(basis=""), name="base_calendarday_has_basis"),
            models.CheckConstraint(
                condition=models.Q(source="national", division_code=None)
                | models.Q(source="local", division_code__isnull=False),
                name="base_calendarday_source_division",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {'班' if self.is_workday else '休'}"
