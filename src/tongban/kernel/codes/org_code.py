"""Organisation code 组织机构代码 (GB 11714-1997): eight characters and a check, written 00612224-4."""

from dataclasses import dataclass

from tongban.kernel.codes.reading import (
    DIGITS,
    DIGITS_AND_LETTERS,
    Slot,
    Text,
    normalise,
    require_layout,
    require_length,
    sole_repair,
)

_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_MODULUS = 11
_CHECKS = "0X987654321"  # by the remainder: 11 - r, where 10 is written X and 11 is written 0
_BODY = Slot("本体代码", 8, DIGITS_AND_LETTERS, "数字或大写字母")
_LAYOUT = (_BODY, Slot("校验码", 1, DIGITS + "X", "数字或 X"))
_LENGTH = 9


@dataclass(frozen=True, slots=True)
class OrgCode:
    """An organisation code whose check character fits."""

    #: Nine characters without hyphen.
    code: str

    @property
    def body(self) -> str:
        """The eight characters before the check."""
        return self.code[:8]

    @property
    def check(self) -> str:
        """The check character."""
        return self.code[8]

    @property
    def written(self) -> str:
        """The code as it is printed, with the hyphen."""
        return f"{self.body}-{self.check}"


def check_char(body: str) -> str:
    """Return the check character of eight characters from 0-9 and A-Z (weights 3 7 9 10 5 8 4 2, modulo 11)."""
    total = sum(DIGITS_AND_LETTERS.index(char) * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return _CHECKS[total % _MODULUS]


def parse(value: str) -> OrgCode:
    """Read an organisation code, with or without the hyphen before the check; positions do not count the hyphen.

    The value is normalised first: outer space dropped, upper case, full-width to half-width.

    Raises:
        CodeError: `org-code.empty`, `.length`, `.character` or `.check-char`.
    """
    normal = normalise(value)
    bare = normal[:8] + normal[9:] if normal[8:9] == "-" else normal
    text = Text("org-code", bare)
    require_length(text, [_LENGTH], "9 位（不计连字符）")
    require_layout(text, _LAYOUT, _repair)
    expected = check_char(bare[:8])
    if bare[8] != expected:
        raise text.wrong_check(8, expected)
    return OrgCode(bare)


def make(body: str) -> str:
    """Return the nine-character code of an eight-character body, without hyphen.

    Raises:
        CodeError: if the body is not eight characters from 0-9 and A-Z.
    """
    text = Text("org-code", normalise(body))
    require_length(text, [_BODY.count], "8 位")
    require_layout(text, [_BODY])
    return text.value + check_char(text.value)


def _repair(value: str, index: int, alphabet: str) -> str | None:
    return sole_repair(value, index, alphabet, lambda code: code[8] == check_char(code[:8]))
