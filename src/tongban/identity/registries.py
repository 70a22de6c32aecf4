"""What lower identity asks of rooms above it: sending codes, checking names, moving work, revealing data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime

from tongban.base.registry import Registry
from tongban.base.web.navigation import Words
from tongban.kernel.actor import Actor


class SenderUnavailableError(Exception):
    """A code could not be sent now."""


class CodeSender(ABC):
    """Sends a one-time code to a phone."""

    name: str

    @abstractmethod
    def send(self, *, phone: str, text: str, request_id: str) -> None:
        """Send `text` to `phone`, once per `request_id`.

        Raises:
            SenderUnavailableError: it did not go out.
        """


class VerifierUnavailableError(Exception):
    """The checker gave no answer; ask again later."""


@dataclass(frozen=True)
class IdentityClaim:
    """What somebody says to be: to be compared with the authority's records."""

    name: str
    document_kind: str
    document_number: str
    phone: str
    request_id: str


@dataclass(frozen=True)
class Verdict:
    """The checker's answer and its own number for it."""

    is_match: bool
    reference: str


class IdentityVerifier(ABC):
    """Checks name, document number and phone against the authority's records (实名核验)."""

    name: str

    @abstractmethod
    def check(self, claim: IdentityClaim) -> Verdict:
        """Compare a claim with the records.

        Raises:
            VerifierUnavailableError: no answer.
        """


@dataclass(frozen=True)
class HandoverOrder:
    """Open work of one account, in posts of one organisation, goes to another account."""

    actor: Actor
    from_account_id: int
    to_account_id: int
    organisation_id: int
    at: datetime


class Handover(ABC):
    """Moves one kind of open work when somebody leaves; runs inside the handover's transaction."""

    name: str
    #: What is moved, in words, for the page that shows it beforehand.
    label: Words

    @abstractmethod
    def count(self, order: HandoverOrder) -> int:
        """How many things would move."""

    @abstractmethod
    def hand_over(self, order: HandoverOrder) -> int:
        """Move the work and return how many things moved."""


@dataclass(frozen=True)
class Revealed:
    """A value in clear and the person whose it is, where that is known."""

    value: str
    person_id: int | None


class Unmaskable(ABC):
    """Personal data of one kind of subject, that staff may see in clear for a stated purpose."""

    kind: str

    @abstractmethod
    def reveal(self, actor: Actor, subject_id: str, field: str) -> Revealed:
        """Return the value in clear.

        Raises:
            NotFound: absent, or the actor may not see it.
        """


#: By name; `settings.CODE_SENDER` and `settings.IDENTITY_VERIFIER` choose.
code_senders: Registry[CodeSender] = Registry("identity.code_senders", CodeSender, required=True)  # type: ignore[type-abstract]
verifiers: Registry[IdentityVerifier] = Registry("identity.verifiers", IdentityVerifier, required=True)  # type: ignore[type-abstract]
#: By name; all are asked.
handover: Registry[Handover] = Registry("identity.handover", Handover)  # type: ignore[type-abstract]
#: By kind of subject.
unmaskables: Registry[Unmaskable] = Registry("identity.unmaskables", Unmaskable)  # type: ignore[type-abstract]
