"""By what items are narrowed: the tokens that stand for it in an entry, and what of it a list asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

#: Field to the letter of its tokens, in the order in which facets are shown.
LETTERS: Final = {
    "target": "t",
    "topic": "s",
    "event": "e",
    "department": "o",
    "level": "l",
    "hall": "h",
    "initial": "i",
    "kind": "k",
    "online": "w",
    "visits": "v",
}
_VALUE_MAX: Final = 60
#: What belongs to the body and not to the item: two of these must be true of the same body.
BODY_FIELDS: Final = frozenset({"department", "level", "hall", "online", "visits"})


@dataclass(frozen=True, kw_only=True)
class Narrow:
    """What a list is narrowed by; empty is everything, an unknown value finds nothing.

    `division`: where the person is; bodies there, above and inside count. `department`: the key of a body's reference
    (scjgj), whoever's it is. `hall`: code of a place. `initial`: A to Z, #. `online`: "1". `visits`: "0" to "5".
    """

    division: str = ""
    target: str = ""
    topic: str = ""
    event: str = ""
    department: str = ""
    level: str = ""
    hall: str = ""
    initial: str = ""
    kind: str = ""
    online: str = ""
    visits: str = ""

    def tokens(self) -> dict[str, str]:
        """Field to token of what is chosen, the division aside."""
        chosen = ((field, str(getattr(self, field))) for field in LETTERS)
        return {field: token(field, value) for field, value in chosen if value}

    @property
    def of_bodies(self) -> bool:
        """Whether anything is asked of the body, so that its own values are shown."""
        return bool(self.division) or any(getattr(self, field) for field in BODY_FIELDS)

    @property
    def of_one_body(self) -> bool:
        """Whether several things are asked that must be true of one and the same body."""
        return bool(self.division) + sum(bool(getattr(self, field)) for field in BODY_FIELDS) > 1


def token(field: str, value: str) -> str:
    """The token of a value."""
    return f"{LETTERS[field]}:{value[:_VALUE_MAX]}"


def split(found: str) -> tuple[str, str]:
    """Field and value of a token."""
    letter, _colon, value = found.partition(":")
    return _FIELDS[letter], value


def places_in_reach(above: list[str], division: str) -> list[str]:
    """Tokens of which an entry in reach has one: a body inside the division, or at one of those above it."""
    return [f"in:{division}", *(f"at:{code}" for code in above)]


def place_tokens(at: set[str], parents: dict[str, str | None]) -> Iterator[str]:
    """Tokens of an entry whose bodies are at these divisions."""
    inside: set[str] = set()
    for code in at:
        here: str | None = code
        while here and here not in inside:
            inside.add(here)
            here = parents.get(here)
    yield from (f"at:{code}" for code in sorted(at))
    yield from (f"in:{code}" for code in sorted(inside))


_FIELDS = {letter: field for field, letter in LETTERS.items()}
