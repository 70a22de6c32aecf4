"""Tells IT staff that nothing gets through to a registered system any more."""

from django.utils.translation import gettext as _

from tongban.base.outbox import OutboxEvent
from tongban.identity.models import Account
from tongban.identity.queries import accounts_covering
from tongban.kernel.actor import Role
from tongban.notices.commands import send
from tongban.partners.models import WebhookEndpoint


def webhook_paused(event: OutboxEvent) -> None:
    """A message to each administrator around the system's body, in the relay's transaction."""
    joined = WebhookEndpoint.objects.select_related("client__organisation")
    endpoint = joined.get(pk=int(event.subject.partition(":")[2]))
    for account in _administrators(endpoint):
        send(
            account=account,
            email="",
            phone="",
            kind="partners.webhook_paused",
            subject_ref=event.subject,
            title=_("事件推送已暂停：%(system)s") % {"system": endpoint.client.name},
            body=_("%(system)s登记的推送地址连续没有送达，平台已暂停向它发送。请联系对方修复后恢复推送。")
            % {"system": endpoint.client.name},
            link=f"/desk/webhooks/{endpoint.pk}/",
        )


def _administrators(endpoint: WebhookEndpoint) -> list[Account]:
    return accounts_covering(Role.IT_ADMIN, endpoint.client.organisation.division_id)
