"""Short ways to declare the columns of a table, by the origin of their names. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from tongban.cases.exchange.columns import Column, Origin


@dataclass(frozen=True)
class Declaring:
    """Declares columns whose names come from one origin; `due` says that a value must be there."""

    origin: Origin

    def text(self, name: str, words: str, length: int, source: str, *, due: bool = False) -> Column:
        """Text, so many characters at most."""
        return Column(
            name=name, words=words, kind="text", length=length, required=due, source=source, origin=self.origin
        )

    def number(self, name: str, words: str, length: int, source: str, *, due: bool = False) -> Column:
        """A whole number from 0, so many digits at most."""
        return Column(
            name=name, words=words, kind="number", length=length, required=due, source=source, origin=self.origin
        )

    def code(
        self, name: str, words: str, length: int, codes: Mapping[str, str], source: str, *, due: bool = False
    ) -> Column:
        """A code of a dictionary."""
        return Column(
            name=name,
            words=words,
            kind="code",
            length=length,
            required=due,
            source=source,
            origin=self.origin,
            codes=codes,
        )

    def moment(self, name: str, words: str, source: str, *, due: bool = False) -> Column:
        """A moment in Shanghai, YYYYMMDDhhmmss (GB/T 39046 knows it with and without T; receivers take both)."""
        return Column(name=name, words=words, kind="moment", length=14, required=due, source=source, origin=self.origin)

    def day(self, name: str, words: str, source: str, *, due: bool = False) -> Column:
        """A day, YYYYMMDD."""
        return Column(name=name, words=words, kind="day", length=8, required=due, source=source, origin=self.origin)

    def amount(self, name: str, words: str, source: str, *, due: bool = False) -> Column:
        """An amount in yuan with two decimals."""
        return Column(name=name, words=words, kind="amount", length=18, required=due, source=source, origin=self.origin)


NATIONAL = Declaring("national")
PROVINCE = Declaring("province")
#: Of things that a standard names in Chinese only.
OURS = Declaring("platform")
