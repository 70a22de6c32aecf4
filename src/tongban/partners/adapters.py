"""What the platform asks of partners, as small base classes; a vendor is one subclass of each.

The identity checker's base class stands in `tongban.identity.registries`, because that lower room asks it.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

from tongban.partners.endpoints import endpoint
from tongban.partners.transport import Endpoint


class Adapter(ABC):
    """A client of one partner's service."""

    #: Name under which settings choose it.
    vendor: str
    #: Which of `settings.PARTNERS` it speaks to.
    service: str

    @property
    def endpoint(self) -> Endpoint:
        """Where the service stands now."""
        return endpoint(self.service)


class SmsAdapter(Adapter):
    """Sends text messages (短信网关)."""

    service = "sms"

    @abstractmethod
    def send(self, *, phone: str, text: str, request_id: str) -> str:
        """Send one message and return the gateway's number for it; the same `request_id` sends once only.

        Raises:
            PartnerUnreachableError: may be tried again with the same `request_id`.
            PartnerRefusedError: final.
        """


class EmailAdapter(Adapter):
    """Sends e-mail (邮件网关)."""

    service = "email"

    @abstractmethod
    def send(self, *, address: str, subject: str, text: str, request_id: str) -> str:
        """Send one mail and return the gateway's number for it; the same `request_id` sends once only.

        Raises:
            PartnerUnreachableError: may be tried again with the same `request_id`.
            PartnerRefusedError: final.
        """


@dataclass(frozen=True)
class PaymentOrder:
    """An order at the cashier: its number there and the page where the payer pays."""

    order_no: str
    cashier_url: str


@dataclass(frozen=True)
class PaymentNotification:
    """A cashier's word that an order was paid; `transaction_no` names the money movement once and for all."""

    bill_no: str
    order_no: str
    transaction_no: str
    amount_fen: int
    paid_at: str


class PaymentAdapter(Adapter):
    """Takes payments through a cashier page (非税缴费收银台)."""

    service = "payment"

    @abstractmethod
    def create_order(
        self, *, bill_no: str, amount_fen: int, subject: str, return_url: str, notify_url: str, request_id: str
    ) -> PaymentOrder:
        """Open an order for a bill; the same `request_id` gives the same order.

        Raises:
            PartnerUnreachableError: may be tried again with the same `request_id`.
            PartnerRefusedError: final.
        """

    @abstractmethod
    def paid(self, *, order_no: str) -> PaymentNotification | None:
        """Ask whether an order was paid; None while it was not. Heals lost notifications.

        Raises:
            PartnerUnreachableError: may be asked again.
            PartnerRefusedError: final.
        """

    @abstractmethod
    def notification(self, *, headers: Mapping[str, str], path: str, body: bytes) -> PaymentNotification:
        """Check and read a notification that arrived.

        Raises:
            SignatureError: it is not the cashier's, or was received before.
            PartnerRefusedError: it is signed but cannot be read.
        """


@dataclass(frozen=True)
class Scanner:
    """A scanner at a window: what people call it, and its address, whose scheme says which adapter speaks to it."""

    name: str
    address: str

    @property
    def key(self) -> str:
        """What stands for it in forms: nobody outside learns or chooses an address."""
        return hashlib.sha256(self.address.encode()).hexdigest()[:16]


class ScannerAdapter(ABC):
    """Speaks to scanners of one kind."""

    @abstractmethod
    def scan(self, address: str, *, in_colour: bool, both_sides: bool, pages_max: int) -> Iterator[bytes]:
        """Scan what lies in the feeder, else on the glass; give each page as a JPEG as it comes.

        Raises:
            ScanRefusal: `scanner_unreachable`, `scanner_busy` or `scanner_failed`; pages given before it are good.
        """

    @abstractmethod
    def look(self, address: str) -> None:
        """Ask whether the scanner is there.

        Raises:
            ScanRefusal: it is not, or is busy.
        """


#: What a system in which an item is run may report of a case, in the order of a plain course.
ReportKind = Literal[
    "received", "correction", "accepted", "not_accepted", "step", "granted", "refused", "result", "delivered",
    "withdrawn",
]  # fmt: skip
REPORT_KINDS: Final[tuple[str, ...]] = get_args(ReportKind)


@dataclass(frozen=True, kw_only=True)
class HandedFile:
    """A file of a handed-over case: which material, its name, media type and bytes."""

    material: str
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class RunningReport:
    """One thing that happened to a case over there; `seq` counts from 1 without gaps, per case.

    `words` says it for people. Decisions have `reason` and `basis` where they refuse; a result has its `number`, `name`
    and, where it ends, `valid_to` (YYYY-MM-DD). A correction names the `materials` that it asks for, as the guide does.
    """

    case_no: str
    seq: int
    kind: ReportKind
    at: datetime
    unit: str
    words: str = ""
    reason: str = ""
    basis: str = ""
    number: str = ""
    name: str = ""
    valid_to: str = ""
    materials: tuple[str, ...] = ()


class RunningSystemAdapter(ABC):
    """Speaks to systems of ministries and the province in which items are run; `system` says which."""

    #: Name under which settings choose it.
    vendor: str

    @abstractmethod
    def hand_over_file(self, *, system: str, case_no: str, request_id: str, file: HandedFile) -> str:
        """Hand one file over and return the system's name for it; the same `request_id` gives the same.

        Raises:
            PartnerUnreachableError: may be tried again with the same `request_id`.
            PartnerRefusedError: final.
        """

    @abstractmethod
    def hand_over(self, *, system: str, request_id: str, case: Mapping[str, Any]) -> str:
        """Hand a case over and return its number there; the same `request_id` gives the same number.

        Raises:
            PartnerUnreachableError: may be tried again with the same `request_id`.
            PartnerRefusedError: final: it does not take the case.
        """

    @abstractmethod
    def reports(self, *, system: str, case_no: str, after: int) -> Sequence[RunningReport]:
        """Ask for what was reported after a number, in order, at most 100. Heals lost reports.

        Raises:
            PartnerUnreachableError: may be asked again.
            PartnerRefusedError: final.
        """

    @abstractmethod
    def report(self, *, system: str, headers: Mapping[str, str], path: str, body: bytes) -> RunningReport:
        """Check and read a report that arrived.

        Raises:
            SignatureError: it is not that system's, or was received before.
            PartnerRefusedError: it is signed but cannot be read.
        """


ScanCode = Literal["accepted", "in_transit", "delivering", "attempted", "signed", "refused", "returned", "lost"]


@dataclass(frozen=True)
class Scan:
    """What a carrier says happened to a parcel: when (aware), where, and who signed for it.

    `signed_by`: recipient, family (an adult living with the recipient) or office (the recipient's post room); empty
    for everything but `signed`.
    """

    code: ScanCode
    at: datetime
    place: str = ""
    signed_by: str = ""


class PostalAdapter(Adapter):
    """Tells where posted mail is (邮政邮件查询)."""

    service = "postal"

    @abstractmethod
    def trace(self, *, carrier: str, tracking_no: str) -> tuple[Scan, ...]:
        """Everything known of a parcel, oldest first; asking changes nothing.

        Raises:
            PartnerUnreachableError: may be asked again.
            PartnerRefusedError: the carrier does not know the number, or answers nonsense.
        """
