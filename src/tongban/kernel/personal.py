"""Finds personal data in clear text, where none may be (events, logs)."""

import re
from datetime import date

_RESIDENT_ID = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}((?:18|19|20)\d{2})(\d{2})(\d{2})\d{3}[\dXx](?![0-9A-Za-z])", re.ASCII
)
_MOBILE = re.compile(r"(?<![0-9A-Za-z.\-])(?:\+?86[- ]?)?1[3-9]\d{9}(?![0-9A-Za-z\-])", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def personal_kind(text: str) -> str | None:
    """Say what personal number stands in the text in clear: `resident-id`, `mobile`, or None.

    Only 18-digit numbers with a real birth date and the right check character count (GB 11643), because government
    unified codes have the same length.
    """
    if any(_is_resident_id(match) for match in _RESIDENT_ID.finditer(text)):
        return "resident-id"
    return "mobile" if _MOBILE.search(text) else None


def _is_resident_id(match: "re.Match[str]") -> bool:
    number = match.group(0).upper()
    try:
        date(int(match.group(1)), int(match.group(2)), int(match.group(3)))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return _CHECKS[total % 11] == number[17]
