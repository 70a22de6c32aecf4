"""Every read of the room: scanners at windows; webhooks of registered systems, and what was sent to them."""

from tongban.partners.queries.scanners import scanners_of, scanners_state
from tongban.partners.queries.webhooks import (
    KINDS_MAX,
    WebhookState,
    access_webhook,
    kinds_offered,
    live_client,
    messages_of,
    state_of,
    webhooks_for,
)

__all__ = [
    "KINDS_MAX",
    "WebhookState",
    "access_webhook",
    "kinds_offered",
    "live_client",
    "messages_of",
    "scanners_of",
    "scanners_state",
    "state_of",
    "webhooks_for",
]
