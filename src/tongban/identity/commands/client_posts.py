"""Posts in whose name a body's own system acts: bound by City IT, every act kept in the system's chain."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import chain, moment
from tongban.identity import events, policy
from tongban.identity.models import ApiClient, ApiClientPost
from tongban.identity.queries import live_appointments
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound


@transaction.atomic
def bind_client_post(actor: Actor, *, client_id: int, appointment_id: int) -> ApiClientPost:
    """Let a system act by a live appointment of its own organisation; bound before changes nothing.

    Raises:
        NotFound: no such system or appointment there, or not the actor's to manage.
    """
    client = _managed(actor, client_id)
    appointment = (
        live_appointments(moment.today())
        .filter(pk=appointment_id, post__organisation_id=client.organisation_id, post__role__in=policy.POST_SCOPES)
        .first()
    )
    if appointment is None:
        raise NotFound(_("这个任职"))
    found = ApiClientPost.objects.filter(client=client, appointment=appointment, revoked_at__isnull=True).first()
    if found is not None:
        return found
    bound = ApiClientPost.objects.create(client=client, appointment=appointment, bound_at=moment.now())
    _tell(client, events.API_CLIENT_POST_BOUND, {"appointment": appointment.pk}, actor)
    return bound


@transaction.atomic
def revoke_client_post(actor: Actor, *, client_id: int, appointment_id: int) -> None:
    """Take the post from the system at once; one that it does not have is no error.

    Raises:
        NotFound: no such system, or not the actor's to manage.
    """
    client = _managed(actor, client_id)
    held = ApiClientPost.objects.filter(client=client, appointment_id=appointment_id, revoked_at__isnull=True)
    if held.update(revoked_at=moment.now()):
        _tell(client, events.API_CLIENT_POST_REVOKED, {"appointment": appointment_id}, actor)


def record_client_act(actor: Actor, *, act: str, subject: str, appointment_id: int) -> None:
    """Keep in the system's chain that it did something in the name of a post, in the caller's transaction.

    `actor` is the system, `subject` what was acted on ("case:1143…"): there the act stands as the post-holder's.
    """
    payload = {"act": act, "on": subject, "appointment": appointment_id}
    chain.append(subject=actor.ref, kind=events.API_CLIENT_ACTED, payload=payload, actor=actor, at=moment.now())


def _managed(actor: Actor, client_id: int) -> ApiClient:
    client = (
        ApiClient.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk=client_id, revoked_at__isnull=True)
        .first()
    )
    if client is None or not policy.may_manage_posts(actor, client.organisation.division_id):
        raise NotFound(_("这个系统"))
    return client


def _tell(client: ApiClient, kind: str, payload: dict[str, int], actor: Actor) -> None:
    chain.append(subject=f"client:{client.pk}", kind=kind, payload=payload, actor=actor, at=moment.now())
