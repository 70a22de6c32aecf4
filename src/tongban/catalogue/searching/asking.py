"""From what a person typed to what the database is asked: words, their equals, what each kind of hit is worth."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tongban.base import reference
from tongban.catalogue.models import SearchWordGroup
from tongban.catalogue.searching import words
from tongban.catalogue.searching.words import BODY, NAME, RESULT, SAID, WHOLE

#: Terms and equal words that are read of one text.
_TERMS_MAX = 8
_EQUALS_MAX = 8
#: Which spaces count at each step, the best hits first; the step before all of them is the whole phrase.
STEPS = (NAME, NAME + SAID, NAME + SAID + RESULT, NAME + SAID + RESULT + BODY)

#: One thing that was said: the ways of saying it, each a row of words that all must be there.
Term = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Asked:
    """What was typed, read: as it stands, what is meant, and the terms of that."""

    typed: str
    core: str
    terms: tuple[Term, ...]
    #: Whether equal words were looked for.
    equals: bool

    @property
    def empty(self) -> bool:
        """Whether nothing can be searched for: only signs were typed."""
        return not self.terms

    @property
    def marked(self) -> tuple[str, ...]:
        """The words to be marked where they stand, longer ones first."""
        said = {word for term in self.terms for way in term for word in way}
        return tuple(sorted({self.core, *said}, key=len, reverse=True))

    def whole(self) -> str:
        """The query for what is called exactly so."""
        forms = {words.called(self.typed), words.called(self.core)} - {WHOLE}
        return " | ".join(f"'{form}'" for form in sorted(forms))

    def step(self, spaces: str) -> str:
        """The query for what has all terms in these spaces."""
        parts = [_any(_all(_any(_key(space, word) for space in spaces) for word in way) for way in term)
                 for term in self.terms]  # fmt: skip
        together = _all(parts)
        piece = words.run(self.core)
        begins = _any(_key(space, piece) for space in spaces if space in NAME + SAID)
        return _any((together, begins)) if len(piece) > 1 else together

    def term(self, number: int) -> str:
        """The query for one of the terms, wherever it stands."""
        return _any(_all(_any(_key(space, word) for space in STEPS[-1]) for word in way) for way in self.terms[number])


def read(text: str, *, equals: bool = True) -> Asked:
    """Read what was typed; `equals`: other words for the same (the city's list) are searched for as well."""
    core = words.core(text)
    terms: list[Term] = []
    groups = _groups() if equals else None
    for piece, ways in _pieces(core, groups):
        terms += ways or [((word,),) for word in words.cut(piece)]
    whole = tuple(dict.fromkeys(terms))[:_TERMS_MAX]
    return Asked(typed=text[: words.TEXT_MAX].strip(), core=core, terms=whole, equals=equals)


@dataclass(frozen=True)
class _Groups:
    pattern: re.Pattern[str]
    terms: dict[str, Term]


def _groups() -> _Groups | None:
    """The city's groups of equal words, read once."""
    found: _Groups | None = reference.cached("catalogue", "search word groups", _load_groups)
    return found


def _load_groups() -> _Groups | None:
    terms: dict[str, Term] = {}
    for group in SearchWordGroup.objects.order_by("id"):
        ways = [way for one in group.words if (way := words.cut(words.run(one)))]
        for one, own in zip(group.words, ways, strict=False):
            # What was typed comes first, and is never among those that are left out.
            terms[words.run(one)] = (own, *(way for way in ways if way != own))[:_EQUALS_MAX]
    if not terms:
        return None
    longest_first = sorted(terms, key=len, reverse=True)
    return _Groups(re.compile("|".join(map(re.escape, longest_first))), terms)


def _pieces(text: str, groups: _Groups | None) -> list[tuple[str, list[Term]]]:
    """The text in pieces: those that the groups know, with their ways, and what is between them."""
    if groups is None:
        return [(text, [])]
    found: list[tuple[str, list[Term]]] = []
    at = 0
    for match in groups.pattern.finditer(text):
        found.append((text[at : match.start()], []))
        found.append((match[0], [groups.terms[match[0]]]))
        at = match.end()
    found.append((text[at:], []))
    return [(piece, ways) for piece, ways in found if words.run(piece)]


def _key(space: str, word: str) -> str:
    return f"'{space}{word}':*"


def _all(parts: Iterable[str]) -> str:
    return _joined(parts, " & ")


def _any(parts: Iterable[str]) -> str:
    return _joined(parts, " | ")


def _joined(parts: Iterable[str], sign: str) -> str:
    listed = list(dict.fromkeys(one for one in parts if one))
    return f"({sign.join(listed)})" if len(listed) > 1 else "".join(listed)
