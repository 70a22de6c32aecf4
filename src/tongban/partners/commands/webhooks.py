"""Where registered systems want to be told: added, changed, removed by themselves or by IT staff."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import chain, moment
from tongban.base.records import EventRecord
from tongban.identity.models import ApiClient
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound, Refusal
from tongban.partners import events, outbound, policy, standard_webhooks
from tongban.partners.models import WebhookEndpoint, WebhookMessage
from tongban.partners.queries import KINDS_MAX, access_webhook, kinds_offered

#: Addresses of one system.
WEBHOOKS_MAX: Final = 10
#: How long the secret before signs beside the new one.
OVERLAP: Final = timedelta(hours=24)
#: Failed messages that one press of the button sends again.
RETRIES_MAX: Final = 5_000


def add_webhook(*, actor: Actor, url: str, kinds: Iterable[str] = ()) -> tuple[WebhookEndpoint, str]:
    """Have the calling system told of events at an address; gives its secret, which is shown this once.

    No kind means all that the system may read, also those that come later.

    Raises:
        NotFound: the actor is no system with scope `events:read`.
        Invalid: field `url` (`webhook_url_refused`) or `kinds` (`webhook_kind_unknown`).
        Refusal: the system has ten addresses (`webhook_limit`), or has this one already (`webhook_exists`).
    """
    if not actor.has_scope(policy.SCOPE):
        raise NotFound(_("这个接口"), code="scope_missing")
    outbound.checked_address(outbound.check_url(url))
    wanted = _known(kinds)
    with transaction.atomic():
        client = ApiClient.objects.select_for_update().get(pk=actor.client_id or 0)
        own = WebhookEndpoint.objects.filter(client=client, removed_at__isnull=True)
        if own.filter(url=url).exists():
            raise Refusal("webhook_exists", _("这个网址已经登记过，请直接使用，或者先删除再登记。"))
        if own.count() >= WEBHOOKS_MAX:
            raise Refusal("webhook_limit", _("一个系统最多登记 10 个推送地址，请先删除不用的。"))
        secret = standard_webhooks.new_secret()
        endpoint = WebhookEndpoint.objects.create(
            client=client, url=url, kinds=wanted, secret=secret, created_at=moment.now()
        )
        host = outbound.check_url(url).hostname or ""
        _tell(endpoint, events.WebhookAdded(client=client.pk, host=host, kinds=wanted), actor)
    return endpoint, secret


def remove_webhook(*, actor: Actor, endpoint_id: int) -> WebhookEndpoint:
    """Send nothing there any more; what waits is dropped.

    Raises:
        NotFound: absent, removed already, or not the actor's.
    """
    with transaction.atomic():
        endpoint = _locked(actor, endpoint_id)
        endpoint.removed_at = moment.now()
        endpoint.save(update_fields=["removed_at"])
        _tell(endpoint, events.WebhookRemoved(), actor)
    return endpoint


def rotate_secret(*, actor: Actor, endpoint_id: int) -> tuple[WebhookEndpoint, str]:
    """Make a new secret, shown this once; for 24 hours messages carry a signature by each of both.

    Only the system itself: IT staff need not know what it signs with.

    Raises:
        NotFound: absent, or not the actor's.
    """
    if actor.kind != "client":
        raise NotFound(_("这个推送地址"), code="webhook_not_found")
    secret = standard_webhooks.new_secret()
    with transaction.atomic():
        endpoint = _locked(actor, endpoint_id)
        endpoint.previous_secret, endpoint.previous_valid_to = endpoint.secret, moment.now() + OVERLAP
        endpoint.secret = secret
        endpoint.save(update_fields=["secret", "previous_secret", "previous_valid_to"])
        _tell(endpoint, events.WebhookSecretChanged(), actor)
    return endpoint, secret


def resume_webhook(*, actor: Actor, endpoint_id: int) -> WebhookEndpoint:
    """Go on sending to a paused address, at once; one that is not paused stays as it is.

    Raises:
        NotFound: absent, or not the actor's.
    """
    with transaction.atomic():
        endpoint = _locked(actor, endpoint_id)
        if endpoint.pause:
            _resume(endpoint, actor)
    return endpoint


def retry_failed(*, actor: Actor, endpoint_id: int, message_ids: Iterable[int] | None = None) -> int:
    """Send messages again that were given up: those named, or all (None); at most 5,000, with fresh tries.

    They take their old places, before what came later, and a paused address goes on. Gives how many.

    Raises:
        NotFound: absent, or not the actor's.
        Refusal: none of them was given up (`webhook_nothing_failed`).
    """
    with transaction.atomic():
        endpoint = _locked(actor, endpoint_id)
        failed = WebhookMessage.objects.filter(endpoint=endpoint, state=WebhookMessage.State.FAILED)
        if message_ids is not None:
            failed = failed.filter(pk__in=list(message_ids)[:RETRIES_MAX])
        keys = list(failed.order_by("pk").values_list("pk", flat=True)[:RETRIES_MAX])
        if not keys:
            raise Refusal("webhook_nothing_failed", _("没有可以重发的消息：它们可能已经送达或者正在等待发送。"))
        WebhookMessage.objects.filter(pk__in=keys).update(
            state=WebhookMessage.State.WAITING, attempts=0, next_at=moment.now(), settled_at=None
        )
        if endpoint.pause:
            _resume(endpoint, actor)
        _tell(endpoint, events.WebhookMessageRetried(messages=len(keys)), actor)
    return len(keys)


def _resume(endpoint: WebhookEndpoint, actor: Actor) -> None:
    endpoint.pause, endpoint.paused_at, endpoint.failures = WebhookEndpoint.Pause.NONE, None, 0
    endpoint.save(update_fields=["pause", "paused_at", "failures"])
    first = WebhookMessage.objects.filter(endpoint=endpoint, state=WebhookMessage.State.WAITING).order_by("pk").first()
    if first is not None:
        first.attempts, first.next_at = 0, moment.now()
        first.save(update_fields=["attempts", "next_at"])
    _tell(endpoint, events.WebhookResumed(), actor)


def _locked(actor: Actor, endpoint_id: int) -> WebhookEndpoint:
    WebhookEndpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    return access_webhook(actor, endpoint_id)


def _known(kinds: Iterable[str]) -> list[str]:
    wanted = sorted(set(kinds))
    unknown = [kind for kind in wanted if kind not in kinds_offered()]
    if unknown or len(wanted) > KINDS_MAX:
        sentence = _("没有这些事件名称：%(names)s。可用的名称见接口文档。") % {"names": "、".join(unknown)[:300]}
        raise Invalid(fields={"kinds": sentence}, code="webhook_kind_unknown")
    return wanted


def _tell(endpoint: WebhookEndpoint, told: EventRecord, actor: Actor) -> None:
    chain.append(subject=str(endpoint), kind=told.kind, payload=told.payload(), actor=actor, at=moment.now())
