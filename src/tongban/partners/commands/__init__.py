"""What the room does: remembers nonces of partners, scans, and tells registered systems of events by webhooks."""

from tongban.partners.commands.delivering import deliver_next, expire_old_messages, queue_ping, queue_webhooks
from tongban.partners.commands.nonces import forget_old_nonces, remember_nonce
from tongban.partners.commands.scanning import scan
from tongban.partners.commands.webhooks import (
    add_webhook,
    remove_webhook,
    resume_webhook,
    retry_failed,
    rotate_secret,
)

__all__ = [
    "add_webhook",
    "deliver_next",
    "expire_old_messages",
    "forget_old_nonces",
    "queue_ping",
    "queue_webhooks",
    "remember_nonce",
    "remove_webhook",
    "resume_webhook",
    "retry_failed",
    "rotate_secret",
    "scan",
]
