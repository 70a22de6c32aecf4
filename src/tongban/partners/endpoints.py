"""Where partners' services stand, by settings."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from django.conf import settings

from tongban.partners.problems import PartnerRefusedError
from tongban.partners.transport import Endpoint


def configured(service: str) -> dict[str, Any]:
    """Return what `settings.PARTNERS` says about a service: vendor, url, client_id, secret; empty for nothing."""
    partners: dict[str, dict[str, Any]] = getattr(settings, "PARTNERS", {})
    return partners.get(service, {})


def endpoint(service: str) -> Endpoint:
    """Return where a service stands: `settings.PARTNERS[service]`, else the simulators.

    The simulators run on the same installation, so the secret shared with them is derived from the
    installation's own; a real partner's secret comes from settings.

    Raises:
        PartnerRefusedError: settings name no partner, and this is no demonstration: the simulators show every message
            and accept every payment and every name.
    """
    given = configured(service)
    if not settings.DEMO and "url" not in given:
        raise PartnerRefusedError(f"{service}: no partner is configured (settings.PARTNERS)")
    derived = hmac.new(str(settings.SECRET_KEY).encode(), f"partner:{service}".encode(), hashlib.sha256).digest()
    secret = str(given["secret"]).encode() if "secret" in given else derived
    return Endpoint(
        name=service,
        base_url=str(given.get("url") or settings.SIMULATORS_URL),
        client_id=str(given.get("client_id", "tongban")),
        secret=secret,
    )
