"""Small counting tables: running numbers, repeated requests, rates."""

from typing import ClassVar

from django.db import models

from tongban.base.fields import EncryptedJSONField


class Counter(models.Model):
    """The last number taken of a series in a period, without gaps."""

    series = models.CharField(max_length=160)
    period = models.CharField(max_length=20, blank=True, default="")
    value = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["series", "period"], name="base_counter_series_period"),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.period} {self.value}"


class IdempotencyKey(models.Model):
    """A request that its sender may repeat: same owner and key, one effect, the same answer each time."""

    owner = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    request_hash = models.BinaryField(max_length=32)
    response = EncryptedJSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["owner", "key"], name="base_idempotencykey_owner_key"),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.key}"


class RateWindow(models.Model):
    """How often something was asked for in one fixed window; the key is kept as a blind index only."""

    bucket = models.CharField(max_length=60)
    key_index = models.BinaryField(max_length=32)
    window_start = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["bucket", "key_index", "window_start"], name="base_ratewindow_bucket_key_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bucket} {self.window_start} {self.count}"


class ReferenceToken(models.Model):
    """Changes whenever the reference data of an area do; written by triggers (`base.reference.watch`)."""

    area = models.CharField(max_length=40, primary_key=True)
    token = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.area} {self.token}"
