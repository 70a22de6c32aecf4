"""What to mark in a text that was found, as data: pieces with a yes or no, never mark-up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tongban.kernel import chinese

#: A text in pieces, each with whether it is one of the words that were searched for.
Parts = tuple[tuple[str, bool], ...]


def parts(text: str, marked: Sequence[str]) -> Parts:
    """Cut a text into pieces, those that stand in `marked` (folded, longer ones first) with True."""
    folded = chinese.fold(text)
    wanted = [one for one in marked if one]
    if not wanted or len(folded) != len(text):
        return ((text, False),)
    one_or_more = re.compile(f"(?:{'|'.join(map(re.escape, wanted))})+")
    found: list[tuple[str, bool]] = []
    at = 0
    for match in one_or_more.finditer(folded):
        if match.start() > at:
            found.append((text[at : match.start()], False))
        found.append((text[match.start() : match.end()], True))
        at = match.end()
    if at < len(text):
        found.append((text[at:], False))
    return tuple(found)


def also(kept: Mapping[str, Any], marked: Sequence[str]) -> str:
    """The everyday word under which an entry was found: the one that most of the marked words stand in, or none."""
    best, most = "", 0
    for phrase, letters in zip(kept["said"], kept["letters"], strict=True):
        folded = chinese.fold(phrase)
        hits = sum(len(one) for one in marked if one in folded)
        typed = (one for one in marked if one.isascii() and len(one) > 1)
        hits += sum(len(one) for one in typed if any(sound.startswith(one) for sound in letters))
        if hits > most:
            best, most = phrase, hits
    return best
