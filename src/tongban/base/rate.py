"""Rate limits, counted in the database so that all processes agree: fixed windows per key."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongban.base import keys, moment
from tongban.base.models import RateWindow
from tongban.base.sql import HIT_RATE
from tongban.kernel.problems import TooMany


def hit(*, bucket: str, key: str, limit: int, per_s: int, message: str | None = None) -> int:
    """Count one more use and refuse what is over the limit; say how many are left in this window.

    Call it before the command's transaction opens: a rollback would take the count back. `key` (a phone number, an
    address) is stored as a blind index only. Fixed windows let at most twice the limit through around a border.

    Raises:
        TooMany: more than `limit` uses in the window of `per_s` seconds; `retry_after_s` says when it ends.
    """
    now = moment.now()
    start = _window_start(now, per_s)
    end = start + timedelta(seconds=per_s)
    with connection.cursor() as cursor:
        cursor.execute(HIT_RATE, [bucket, keys.blind(f"rate.{bucket}", key), start, end])
        (count,) = cursor.fetchone()
    if count > limit:
        wait_s = max(1, int((end - now).total_seconds()))
        told = message or _("操作过于频繁，请在%(wait)s后再试。") % {"wait": _words(wait_s)}
        raise TooMany(told, retry_after_s=wait_s)
    return int(limit - count)


def used(*, bucket: str, key: str, per_s: int) -> int:
    """Give how often a key was used in the present window, without counting."""
    start = _window_start(moment.now(), per_s)
    row = RateWindow.objects.filter(
        bucket=bucket, key_index=keys.blind(f"rate.{bucket}", key), window_start=start
    ).first()
    return row.count if row else 0


def ends_in_s(per_s: int) -> int:
    """Give the seconds until the present window ends, at least one."""
    now = moment.now()
    return max(1, int((_window_start(now, per_s) + timedelta(seconds=per_s) - now).total_seconds()))


def reset(*, bucket: str, key: str) -> None:
    """Forget the uses of a key, for example after the right code was given."""
    RateWindow.objects.filter(bucket=bucket, key_index=keys.blind(f"rate.{bucket}", key)).delete()


def _window_start(now: datetime, per_s: int) -> datetime:
    stamp = int(now.timestamp())
    return datetime.fromtimestamp(stamp - stamp % per_s, UTC)


def _words(wait_s: int) -> str:
    if wait_s < 120:
        return ngettext(" %(n)s 秒", " %(n)s 秒", wait_s) % {"n": wait_s}
    if wait_s < 7_200:
        minutes = -(-wait_s // 60)
        return ngettext(" %(n)s 分钟", " %(n)s 分钟", minutes) % {"n": minutes}
    hours = -(-wait_s // 3_600)
    return ngettext(" %(n)s 小时", " %(n)s 小时", hours) % {"n": hours}
