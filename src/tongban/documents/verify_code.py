"""The code by which anybody verifies a document: random, readable aloud, impossible to guess."""

import secrets
import unicodedata

#: No 0 O, 1 I L, U: thirty signs that are not taken for one another in print or on the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
#: 16 signs of 30 are 78 bits.
LENGTH = 16
_GROUP = 4


def make() -> str:
    """Return a new code without separators."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """Return the code as it is printed: 7K2P-9M4D-3368-XQ3A."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def read(text: str) -> str | None:
    """Return the code in what a person typed or scanned, without separators; None if it cannot be one."""
    folded = unicodedata.normalize("NFKC", text[:80]).upper()
    code = "".join(char for char in folded if char.isalnum())
    return code if len(code) == LENGTH and all(char in ALPHABET for char in code) else None
