"""What a report says of one value in a file: where it stands, what is wrong, what to do. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

#: Columns of a report.
HEAD: Final = ("级别", "工作表", "行", "字段", "值", "问题", "怎么办")
LEVELS: Final = {"error": "错误", "warning": "提示"}
#: Findings that are kept: who has more mends those first.
FINDINGS_MAX: Final = 5_000
_SHOWN_MAX: Final = 60


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing wrong, or worth a look (`warning`), at a row and field of a sheet; row 0 is the file as a whole."""

    sheet: str = ""
    row: int = 0
    field: str = ""
    value: str = ""
    message: str
    hint: str = ""
    severity: Literal["error", "warning"] = "error"

    @property
    def cells(self) -> tuple[str, ...]:
        """The finding as a line of a report."""
        row = str(self.row) if self.row else ""
        return (LEVELS[self.severity], self.sheet, row, self.field, shown(self.value), self.message, self.hint)

    def __str__(self) -> str:
        where = " ".join(part for part in (self.sheet, f"第 {self.row} 行" if self.row else "", self.field) if part)
        value = f"（{shown(self.value)}）" if self.value else ""
        return f"{where}{value}：{self.message}" + (f"。{self.hint}" if self.hint else "")


def errors(findings: Sequence[Finding]) -> list[Finding]:
    """Those for which nothing can be imported."""
    return [one for one in findings if one.severity == "error"]


def shown(value: str) -> str:
    """The beginning of a long value."""
    return value if len(value) <= _SHOWN_MAX else f"{value[:_SHOWN_MAX]}…"
