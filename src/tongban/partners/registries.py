"""Which vendors' adapters exist; settings choose one for each service."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tongban.base.registry import Registry
from tongban.partners.adapters import Adapter, EmailAdapter, PaymentAdapter, SmsAdapter
from tongban.partners.transport import Endpoint

AdapterT = TypeVar("AdapterT", bound=Adapter)

#: By vendor; holds classes, because an adapter is made for the endpoint that settings name.
sms: Registry[type[SmsAdapter]] = Registry("partners.sms", SmsAdapter, required=True)
email: Registry[type[EmailAdapter]] = Registry("partners.email", EmailAdapter, required=True)
payment: Registry[type[PaymentAdapter]] = Registry("partners.payment", PaymentAdapter, required=True)


def endpoint(service: str) -> Endpoint:
    """Return where a service stands: `settings.PARTNERS[service]`, else the simulators.

    The simulators run on the same installation, so the secret shared with them is derived from the
    installation's own; a real partner's secret comes from settings.
    """
    configured: dict[str, Any] = getattr(settings, "PARTNERS", {}).get(service, {})
    derived = hmac.new(str(settings.SECRET_KEY).encode(), f"partner:{service}".encode(), hashlib.sha256).digest()
    secret = str(configured["secret"]).encode() if "secret" in configured else derived
    return Endpoint(
        name=service,
        base_url=str(configured.get("url") or settings.SIMULATORS_URL),
        client_id=str(configured.get("client_id", "tongban")),
        secret=secret,
    )


def sms_gateway() -> SmsAdapter:
    """Return the SMS gateway that settings choose."""
    return _chosen("sms", sms)


def mail_gateway() -> EmailAdapter:
    """Return the mail gateway that settings choose."""
    return _chosen("email", email)


def cashier() -> PaymentAdapter:
    """Return the payment cashier that settings choose."""
    return _chosen("payment", payment)


def _chosen(service: str, vendors: Registry[type[AdapterT]]) -> AdapterT:
    configured: dict[str, Any] = getattr(settings, "PARTNERS", {}).get(service, {})
    vendor = str(configured.get("vendor", "simulator"))
    try:
        return vendors[vendor](endpoint(service))
    except KeyError as error:
        raise ImproperlyConfigured(f"PARTNERS[{service!r}]: no adapter named {vendor!r}") from error
