"""Adapters for the simulators: the same wire format that a real gateway would be spoken to in."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Final, get_args

from tongban.identity.registries import IdentityClaim, IdentityVerifier, Verdict, VerifierUnavailableError
from tongban.partners import signing
from tongban.partners.adapters import (
    EmailAdapter,
    PaymentAdapter,
    PaymentNotification,
    PaymentOrder,
    PostalAdapter,
    Scan,
    ScanCode,
    SmsAdapter,
)
from tongban.partners.commands import remember_nonce
from tongban.partners.endpoints import endpoint
from tongban.partners.problems import PartnerError, PartnerRefusedError
from tongban.partners.transport import Budget, Endpoint, call


class SimulatorSms(SmsAdapter):
    """Text messages into the simulator's inbox page."""

    vendor = "simulator"

    def send(self, *, phone: str, text: str, request_id: str) -> str:
        """Put one message into the phone's inbox."""
        body = {"request_id": request_id, "phone": phone, "text": text}
        return str(call(self, "/sms/messages", body).body["id"])


class SimulatorEmail(EmailAdapter):
    """Mail into the simulator's inbox page."""

    vendor = "simulator"

    def send(self, *, address: str, subject: str, text: str, request_id: str) -> str:
        """Put one mail into the address's inbox."""
        body = {"request_id": request_id, "address": address, "subject": subject, "text": text}
        return str(call(self, "/mail/messages", body).body["id"])


class SimulatorPayment(PaymentAdapter):
    """The simulator's cashier page."""

    vendor = "simulator"

    def create_order(
        self, *, bill_no: str, amount_fen: int, subject: str, return_url: str, notify_url: str, request_id: str
    ) -> PaymentOrder:
        """Open an order for a bill."""
        body = {
            "request_id": request_id,
            "bill_no": bill_no,
            "amount_fen": amount_fen,
            "subject": subject,
            "return_url": return_url,
            "notify_url": notify_url,
        }
        answer = call(self, "/cashier/orders", body).body
        return PaymentOrder(order_no=str(answer["order_no"]), cashier_url=str(answer["cashier_url"]))

    def paid(self, *, order_no: str) -> PaymentNotification | None:
        """Ask whether an order was paid."""
        answer = call(self, "/cashier/query", {"order_no": order_no}).body
        return _read_notification(answer) if answer.get("state") == "paid" else None

    def notification(self, *, headers: Mapping[str, str], path: str, body: bytes) -> PaymentNotification:
        """Check and read a notification that arrived."""
        signing.verify(
            headers,
            self.endpoint.secret,
            method="POST",
            path=path,
            body=body,
            now_s=time.time(),
            # The signature does not cover the sender's name: a copy under another name is the same message.
            is_fresh=lambda _client_id, nonce: remember_nonce(client_id=self.endpoint.client_id, nonce=nonce),
        )
        try:
            return _read_notification(json.loads(body))
        except ValueError as error:
            raise PartnerRefusedError("the notification is not JSON") from error


def _read_notification(body: object) -> PaymentNotification:
    if not isinstance(body, Mapping):
        raise PartnerRefusedError("the notification is not an object")
    try:
        return PaymentNotification(
            bill_no=str(body["bill_no"]),
            order_no=str(body["order_no"]),
            transaction_no=str(body["transaction_no"]),
            amount_fen=int(body["amount_fen"]),
            paid_at=str(body["paid_at"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise PartnerRefusedError("the notification lacks a field") from error


class SimulatorVerifier(IdentityVerifier):
    """The simulator's real-name checker (name, number and, where given, phone)."""

    name = "simulator"

    @property
    def endpoint(self) -> Endpoint:
        """Where the checker stands."""
        return endpoint("realname")

    def check(self, claim: IdentityClaim) -> Verdict:
        """Ask whether name, number and phone belong together."""
        body = {
            "request_id": claim.request_id,
            "name": claim.name,
            "document_kind": claim.document_kind,
            "document_number": claim.document_number,
            "phone": claim.phone,
        }
        try:
            answer = call(self, "/realname/check", body, budget=Budget(attempts_max=2, total_s=6)).body
        except PartnerError as error:
            raise VerifierUnavailableError(str(error)) from error
        return Verdict(is_match=answer.get("match") is True, reference=str(answer.get("reference", "")))


class SimulatorPostal(PostalAdapter):
    """The simulator's post office."""

    vendor = "simulator"

    def trace(self, *, carrier: str, tracking_no: str) -> tuple[Scan, ...]:
        """Ask for everything known of a parcel."""
        answer = call(self, "/postal/trace", {"carrier": carrier, "tracking_no": tracking_no}).body
        scans = answer.get("scans")
        if not isinstance(scans, list):
            raise PartnerRefusedError("the answer has no scans")
        return tuple(sorted(map(_read_scan, scans), key=lambda one: one.at))


_SCAN_CODES: Final = frozenset(get_args(ScanCode))


def _read_scan(body: object) -> Scan:
    if not isinstance(body, Mapping) or body.get("code") not in _SCAN_CODES:
        raise PartnerRefusedError("a scan cannot be read")
    try:
        at = datetime.fromisoformat(str(body["at"]))
    except (KeyError, ValueError) as error:
        raise PartnerRefusedError("a scan has no time") from error
    if at.tzinfo is None:
        raise PartnerRefusedError("a scan's time has no zone")
    return Scan(
        code=body["code"], at=at, place=str(body.get("place", ""))[:100], signed_by=str(body.get("signed_by", ""))[:20]
    )
