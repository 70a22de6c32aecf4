"""Webhooks and their messages, for the system that they belong to and for IT staff."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from tongban.base import moment, paging
from tongban.identity.models import ApiClient
from tongban.identity.queries import covers
from tongban.kernel.actor import Actor, Role
from tongban.kernel.paging import Page
from tongban.kernel.problems import NotFound
from tongban.partners import policy
from tongban.partners.models import WebhookEndpoint, WebhookMessage
from tongban.partners.registries import webhook_kinds

KINDS_MAX: Final = 60
_LIST_MAX = 200


@dataclass(frozen=True, kw_only=True)
class WebhookState:
    """An endpoint with what stands in its queue: how many wait, since when, and how many were given up."""

    endpoint: WebhookEndpoint
    waiting: int
    failed: int
    oldest: WebhookMessage | None


def live_client() -> Q:
    """The endpoints whose system may still read events, as a condition."""
    return Q(
        removed_at__isnull=True,
        client__revoked_at__isnull=True,
        client__valid_to__gte=moment.today(),
        client__scopes__contains=[policy.SCOPE],
    )


def kinds_offered() -> list[str]:
    """The kinds of events that may be asked for, by name."""
    return sorted(webhook_kinds)


def webhooks_for(actor: Actor) -> list[WebhookState]:
    """The endpoints that the actor may manage, paused ones first, with their queues; at most 200.

    Raises:
        NotFound: the actor manages none and never could.
    """
    rows = WebhookEndpoint.objects.filter(removed_at__isnull=True).select_related("client__organisation")
    if actor.kind == "client":
        if not actor.has_scope(policy.SCOPE):
            raise NotFound(_("这个接口"), code="scope_missing")
        rows = rows.filter(client_id=actor.client_id)
    else:
        rows = rows.filter(client__organisation_id__in=_managed(actor))
    found = list(rows.order_by("-pause", "client__name", "pk")[:_LIST_MAX])
    return _with_queues(found)


def access_webhook(actor: Actor, endpoint_id: int) -> WebhookEndpoint:
    """An endpoint that the actor may manage.

    Raises:
        NotFound: absent, removed, or not the actor's.
    """
    found = (
        WebhookEndpoint.objects.select_related("client__organisation")
        .filter(pk=endpoint_id, removed_at__isnull=True)
        .first()
    )
    if found is None or not policy.may_manage(actor, found.client):
        raise NotFound(_("这个推送地址"), code="webhook_not_found")
    return found


def state_of(actor: Actor, endpoint_id: int) -> WebhookState:
    """One endpoint with its queue.

    Raises:
        NotFound: as `access_webhook`.
    """
    return _with_queues([access_webhook(actor, endpoint_id)])[0]


def messages_of(
    actor: Actor, endpoint_id: int, *, state: str = "", cursor: str | None = None, size: int | None = None
) -> Page[WebhookMessage]:
    """The messages of an endpoint, the latest first, perhaps only those of one state.

    Raises:
        NotFound: as `access_webhook`.
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    rows = WebhookMessage.objects.filter(endpoint=access_webhook(actor, endpoint_id))
    if state in WebhookMessage.State.values:
        rows = rows.filter(state=state)
    return paging.page(rows, order=("-id",), cursor=cursor, size=size)


def _managed(actor: Actor) -> list[int]:
    reach = [ref.division_code for ref in actor.appointments if ref.role == Role.IT_ADMIN]
    if not reach:
        raise NotFound(_("这个页面"))
    clients = ApiClient.objects.values_list("organisation_id", "organisation__division_id").distinct()
    return [key for key, division in clients if any(covers(mine, division) for mine in reach)]


def _with_queues(endpoints: list[WebhookEndpoint]) -> list[WebhookState]:
    """One statement for all counts, one for the oldest waiting messages."""
    unsent = WebhookMessage.objects.filter(endpoint__in=endpoints).exclude(state=WebhookMessage.State.SENT)
    waiting, failed = Q(state=WebhookMessage.State.WAITING), Q(state=WebhookMessage.State.FAILED)
    counts = {
        row["endpoint_id"]: row
        for row in unsent.values("endpoint_id").annotate(
            waiting=Count("pk", filter=waiting), failed=Count("pk", filter=failed), oldest=Min("pk", filter=waiting)
        )
    }
    oldest = WebhookMessage.objects.in_bulk([row["oldest"] for row in counts.values() if row["oldest"]])
    none: dict[str, Any] = {"waiting": 0, "failed": 0, "oldest": None}
    return [
        WebhookState(
            endpoint=one,
            waiting=counts.get(one.pk, none)["waiting"],
            failed=counts.get(one.pk, none)["failed"],
            oldest=oldest.get(counts.get(one.pk, none)["oldest"]),
        )
        for one in endpoints
    ]
