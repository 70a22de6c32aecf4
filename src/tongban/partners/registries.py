"""Which vendors' adapters exist; settings choose one for each service."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured

from tongban.base.registry import Registry
from tongban.partners.adapters import (
    Adapter,
    EmailAdapter,
    PaymentAdapter,
    PostalAdapter,
    RunningSystemAdapter,
    ScannerAdapter,
    SmsAdapter,
)
from tongban.partners.endpoints import configured

AdapterT = TypeVar("AdapterT", bound=Adapter | RunningSystemAdapter)

#: By vendor.
sms: Registry[SmsAdapter] = Registry("partners.sms", SmsAdapter, required=True)  # type: ignore[type-abstract]
email: Registry[EmailAdapter] = Registry("partners.email", EmailAdapter, required=True)  # type: ignore[type-abstract]
payment: Registry[PaymentAdapter] = Registry("partners.payment", PaymentAdapter, required=True)  # type: ignore[type-abstract]
#: By the scheme of a scanner's address: http and https are eSCL.
scanners: Registry[ScannerAdapter] = Registry("partners.scanners", ScannerAdapter)  # type: ignore[type-abstract]
postal: Registry[PostalAdapter] = Registry("partners.postal", PostalAdapter, required=True)  # type: ignore[type-abstract]

running: Registry[RunningSystemAdapter] = Registry("partners.running", RunningSystemAdapter)  # type: ignore[type-abstract]
#: Kinds of events that rooms above send to webhooks; filled at start.
webhook_kinds: set[str] = set()


def sms_gateway() -> SmsAdapter:
    """Return the SMS gateway that settings choose."""
    return _chosen("sms", sms)


def mail_gateway() -> EmailAdapter:
    """Return the mail gateway that settings choose."""
    return _chosen("email", email)


def cashier() -> PaymentAdapter:
    """Return the payment cashier that settings choose."""
    return _chosen("payment", payment)


def running_system(system: str) -> RunningSystemAdapter:
    """Return what speaks to the system in which an item is run, as settings choose it."""
    return _chosen(system, running)


def post_office() -> PostalAdapter:
    """Return the postal service that settings choose."""
    return _chosen("postal", postal)


def unconnected() -> list[str]:
    """Return the services for which settings name no partner of one's own."""
    return [service for service in ("sms", "email", "payment", "postal") if "url" not in configured(service)]


def _chosen(service: str, vendors: Registry[AdapterT]) -> AdapterT:
    vendor = str(configured(service).get("vendor", "simulator"))
    try:
        return vendors[vendor]
    except KeyError as error:
        raise ImproperlyConfigured(f"PARTNERS[{service!r}]: no adapter named {vendor!r}") from error
