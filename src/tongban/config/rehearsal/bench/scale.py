"""Whether it stays as fast with a hundred times the cases: two loaded platforms, asked in turn in one run."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from django.db import connection

from tongban.config.rehearsal.bench.figures import Speeds
from tongban.config.rehearsal.bench.measuring import Running, Subject, drive_requests
from tongban.config.rehearsal.bench.stage import Stage

#: PostgreSQL's processes tell what they have read about once a second.
_TOLD_S = 1.5


@dataclass(frozen=True, kw_only=True)
class Look:
    """One round at one platform: its speeds, and pages of 8 KiB that the database looked at for each request."""

    speeds: Speeds
    buffers: float


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Rounds at a small and at a large platform, one after the other."""

    subject: str
    small_cases: int
    large_cases: int
    small: Sequence[Look]
    large: Sequence[Look]

    @property
    def p95_ratio(self) -> float:
        """How much slower the large one is: medians of p95."""
        return median(one.speeds.p95_ms for one in self.large) / median(one.speeds.p95_ms for one in self.small)

    @property
    def buffers_ratio(self) -> float:
        """How much more the large one's database looks at: medians."""
        return median(one.buffers for one in self.large) / median(one.buffers for one in self.small)

    def lines(self) -> list[str]:
        """The figures in words."""
        speed = _both(self.small, self.large, lambda one: one.speeds.per_second)
        p95 = _both(self.small, self.large, lambda one: one.speeds.p95_ms)
        buffers = _both(self.small, self.large, lambda one: one.buffers)
        around = f"{self.small_cases:,} 件与 {self.large_cases:,} 件交替测量，各 {len(self.small)} 轮，中位数"
        return [
            f"{self.subject}：{around}",
            f"  每秒请求          {speed}",
            f"  p95 毫秒          {p95}，{self.p95_ratio:.2f} 倍",
            f"  每个请求的数据页  {buffers}，{self.buffers_ratio:.2f} 倍",
        ]


def _both(small: Sequence[Look], large: Sequence[Look], figure: Callable[[Look], float]) -> str:
    few, many = median(figure(one) for one in small), median(figure(one) for one in large)
    return f"{few:.1f} → {many:.1f}"


def look(subject: Subject, stage: Stage, running: Running, count: int) -> Look:
    """Send so many requests and see what they cost.

    Raises:
        RuntimeError: an answer was not what it must be.
    """
    before = _buffers()
    speeds = drive_requests(subject, stage, running, count)
    time.sleep(_TOLD_S)
    return Look(speeds=speeds, buffers=(_buffers() - before) / count)


def _buffers() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
