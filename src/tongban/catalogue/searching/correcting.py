"""What somebody meant who made a slip: the words of the catalogue that are nearest to what was typed."""

from __future__ import annotations

from tongban.catalogue.searching import statements, words
from tongban.catalogue.searching.asking import Asked

#: Terms that are weighed against each other.
_WEIGHED_MAX = 50
#: Corrections that are tried.
TRIED_MAX = 3


def meant(asked: Asked) -> list[str]:
    """Texts that may have been meant, the likeliest first, at most `TRIED_MAX`: the whole, else one of its words."""
    piece = words.run(asked.core)
    found = [one for one in _near(piece) if one != piece]
    for word in words.cut(asked.core) if not found else ():
        found += [asked.core.replace(word, one, 1) for one in _near(word) if one != word]
    return list(dict.fromkeys(found))[:TRIED_MAX]


def _near(text: str) -> list[str]:
    """Terms one slip or nothing but another character of the same sound away, the nearest first."""
    if not words.may_be_meant(text):
        return []
    pinyin = text if text.isascii() else words.latin(text)[0]
    slips = list(words.slips(text)) if len(text) > words.MEANT_MIN else []
    rows = statements.terms(pinyin, slips, limit=_WEIGHED_MAX)
    weighed = []
    for term, sound in sorted(set(rows)):
        near = words.close(text, term) and len(text) > words.MEANT_MIN
        if sound == pinyin or near or (len(text) > words.MEANT_MIN and words.close(pinyin, sound)):
            weighed.append((sound != pinyin, not near, abs(len(term) - len(text)), term))
    return [term for *_weight, term in sorted(weighed)]
