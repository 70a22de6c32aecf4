"""What a signer must do, and the registry in which a city's signer is entered."""

from __future__ import annotations

import abc
import datetime as dt
from dataclasses import dataclass

from cryptography import x509

from tongban.documents.typesetting import Seat


class SealingError(Exception):
    """The seal could not be put on; the document stays unsealed and the job is tried again."""


@dataclass(frozen=True, slots=True)
class SealOwner:
    """The body whose seal is used, by its credit code and its name on the day."""

    code: str
    name: str


class Signer(abc.ABC):
    """A source of seals: the demonstration authority, a licensed CA, the national seal system.

    A signer is called outside of any request, may be slow, and must give a PDF whose signature covers the whole file.
    """

    #: How settings name it.
    name: str
    #: True: everything it signs is marked 示例·无法律效力, and nothing can switch that off.
    demonstration: bool

    @abc.abstractmethod
    def seal(self, pdf: bytes, *, owner: SealOwner, seat: Seat, reason: str, at: dt.datetime) -> bytes:
        """Return `pdf` with the owner's seal, its middle at `seat`, signed at `at` (aware).

        Raises:
            SealingError: there is no seal for this owner, or the service did not answer.
        """

    @abc.abstractmethod
    def trusted_roots(self) -> tuple[x509.Certificate, ...]:
        """Return the certificates that its signatures lead up to."""

    @abc.abstractmethod
    def findings(self) -> list[str]:
        """Return in words what is wrong with the signer's keys and certificates; empty when all is well."""


class Registry:
    """The signers that this installation knows, by name."""

    def __init__(self) -> None:
        self._signers: dict[str, Signer] = {}

    def enter(self, signer: Signer) -> None:
        """Enter a signer under its name; a later one of the same name replaces it.

        Raises:
            TypeError: not a `Signer`.
        """
        if not isinstance(signer, Signer):
            raise TypeError(f"{signer!r} is not a Signer")
        self._signers[signer.name] = signer

    def get(self, name: str) -> Signer:
        """Return the signer of that name.

        Raises:
            SealingError: there is none.
        """
        try:
            return self._signers[name]
        except KeyError:
            known = ", ".join(sorted(self._signers)) or "none"
            raise SealingError(f"no signer {name!r} is entered (known: {known})") from None


signers = Registry()
