"""Numbers of licences as an item's definition writes their form.

A form is text with words in braces: ``{year}``, ``{division}`` (6 digits), ``{city}`` (4 digits), ``{serial:N}``
(N digits), ``{choice}`` (digits that an answer decides) and ``{check}`` (ISO 7064 MOD 11,10 over all digits before it).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from tongban.catalogue.definition import Result

_WORD: Final = re.compile(r"\{(year|division|city|choice|check|serial:([1-9]))\}")


class NumberFormatError(ValueError):
    """The form of the number cannot be used: unknown word, no serial, serial too large, or no digits for the answer."""


def result_number(
    result: Result, *, year: int, division: str, serial: int, answers: Mapping[str, object] | None = None
) -> str:
    """The number of the `serial`-th licence of a year in a division (6 or 12 digits).

    Raises:
        NumberFormatError: see the class.
    """
    check_number_format(result)
    out = ""
    position = 0
    for match in _WORD.finditer(result.number_format):
        out += result.number_format[position : match.start()]
        out += _word(match, out, result, year, division, serial, answers or {})
        position = match.end()
    return out + result.number_format[position:]


def check_number_format(result: Result) -> None:
    """Refuse a form that could give the same number twice or holds an unknown word.

    Raises:
        NumberFormatError: see the class.
    """
    rest = _WORD.sub("", result.number_format)
    if "{" in rest or "}" in rest:
        raise NumberFormatError(f"unknown word in braces: {result.number_format}")
    words = [match.group(1) for match in _WORD.finditer(result.number_format)]
    if sum(word.startswith("serial") for word in words) != 1:
        raise NumberFormatError("exactly one {serial:N} is needed")
    if ("choice" in words) is not (result.number_choice is not None):
        raise NumberFormatError("{choice} and number_choice belong together")


def mod_11_10(digits: str) -> str:
    """Check digit of ISO 7064 MOD 11,10 (GB/T 17710), for digits only."""
    rest = 10
    for digit in digits:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return str((11 - rest) % 10)


def _word(
    match: re.Match[str],
    before: str,
    result: Result,
    year: int,
    division: str,
    serial: int,
    answers: Mapping[str, object],
) -> str:
    word, width = match.group(1), match.group(2)
    if width is not None:
        text = f"{serial:0{int(width)}d}"
        if serial < 1 or len(text) > int(width):
            raise NumberFormatError(f"serial {serial} does not fit into {width} digits")
        return text
    if word == "check":
        return mod_11_10(re.sub(r"\D", "", before))
    if word == "choice":
        return _choice(result, answers)
    return {"year": str(year), "division": division[:6], "city": division[:4]}[word]


def _choice(result: Result, answers: Mapping[str, object]) -> str:
    choice = result.number_choice
    answer = answers.get(choice.question) if choice else None
    code = choice.codes.get(str(answer)) if choice else None
    if code is None:
        raise NumberFormatError(f"no digits for the answer {answer!r}")
    return code
