"""How moments, days, amounts and divisions are written in an exchange. Pure."""

from datetime import date, datetime
from typing import Final

from tongban.base.moment import SHANGHAI

#: The end of a validity without end (GB/T 36903).
ENDLESS: Final = "99991231"
#: Figures of a division in GB/T 39046.
_DIVISION_FIGURES: Final = 9


def moment(at: datetime | None) -> str | None:
    """A moment as YYYYMMDDhhmmss in Shanghai."""
    return at.astimezone(SHANGHAI).strftime("%Y%m%d%H%M%S") if at else None


def day(on: date | None) -> str | None:
    """A day as YYYYMMDD."""
    return on.strftime("%Y%m%d") if on else None


def yuan(fen: int) -> str:
    """An amount of fen in yuan with two decimals."""
    return f"{fen // 100}.{fen % 100:02}"


def division(code: str) -> str:
    """A 12-character division in the figures that GB/T 39046 has: nine of a town or village, else six."""
    return code[:6] if not code[6:_DIVISION_FIGURES].strip("0") else code[:_DIVISION_FIGURES]
