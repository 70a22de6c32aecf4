"""Figures of a measurement: rates, latencies, processor time, and their ratio to the machine's own limit."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Speeds:
    """What one round measured. Latencies in ms, processor time in ms a request."""

    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    web_cpu_ms: float
    database_cpu_ms: float


@dataclass(frozen=True, kw_only=True)
class Round:
    """One round: the platform between two runs of pgbench, statements a second before and after."""

    speeds: Speeds
    #: The same requests at an even pace.
    paced: Speeds | None = None
    limit_before: float
    limit_after: float

    @property
    def ratio(self) -> float:
        """How much of the machine's limit the platform reached, against the mean of before and after."""
        return self.speeds.per_second / ((self.limit_before + self.limit_after) / 2)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """All rounds of one subject."""

    subject: str
    users: int
    cases: int
    #: Requests a second of the even pace; 0: there was none.
    pace: int = 0
    #: Statements that one request sends.
    statements: int
    rounds: tuple[Round, ...]
    #: Memory of the biggest web worker after the last round, MiB.
    worker_mib: float

    def lines(self) -> list[str]:
        """The figures in words: median and range over the rounds."""
        speeds = [one.speeds for one in self.rounds]
        limits = [limit for one in self.rounds for limit in (one.limit_before, one.limit_after)]
        around = f"{self.users} 个并发用户，库中约 {self.cases:,} 件，{len(self.rounds)} 轮"
        paced = [one.paced for one in self.rounds if one.paced]
        p95, p99 = _spread([one.p95_ms for one in paced] or [0]), _spread([one.p99_ms for one in paced] or [0])
        even = [f"  每秒 {self.pace} 次时 p95 毫秒 {p95}，p99 毫秒 {p99}"] if paced else []
        return [
            f"{self.subject}：{around}，中位数（最小–最大）",
            f"  每秒请求      {_spread([one.per_second for one in speeds])}",
            f"  本机极限      {_spread(limits)}  （pgbench：写入合为一条语句，查询为请求自己的语句）",
            f"  与极限之比    {_spread([one.ratio for one in self.rounds], digits=3)}",
            f"  p50 毫秒      {_spread([one.p50_ms for one in speeds])}",
            f"  p95 毫秒      {_spread([one.p95_ms for one in speeds])}",
            f"  p99 毫秒      {_spread([one.p99_ms for one in speeds])}",
            *even,
            f"  程序 CPU 毫秒 {_spread([one.web_cpu_ms for one in speeds], digits=2)}  （每个请求）",
            f"  数据库 CPU 毫秒 {_spread([one.database_cpu_ms for one in speeds], digits=2)}  （每个请求）",
            f"  每个请求的语句 {self.statements} 条；最大的网站进程占内存 {self.worker_mib:.0f} MiB",
        ]

    def as_json(self) -> dict[str, Any]:
        """Everything, for keeping and comparing."""
        return asdict(self) | {"ratios": [one.ratio for one in self.rounds]}


def speeds(latencies_ms: Sequence[float], *, seconds: float, web_cpu_s: float, database_cpu_s: float) -> Speeds:
    """Figures of one round from its sorted latencies.

    Raises:
        ValueError: nothing was measured.
    """
    if not latencies_ms:
        raise ValueError("nothing was measured")
    count = len(latencies_ms)
    return Speeds(
        per_second=count / seconds,
        p50_ms=percentile(latencies_ms, 50),
        p95_ms=percentile(latencies_ms, 95),
        p99_ms=percentile(latencies_ms, 99),
        web_cpu_ms=web_cpu_s * 1_000 / count,
        database_cpu_ms=database_cpu_s * 1_000 / count,
    )


def percentile(ordered: Sequence[float], percent: int) -> float:
    """The value that `percent` of the sorted values do not exceed (nearest rank)."""
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(rank, 1) - 1]


def _spread(values: Sequence[float], *, digits: int = 1) -> str:
    return f"{median(values):.{digits}f} （{min(values):.{digits}f}–{max(values):.{digits}f}）"
