"""From an account, a request or a token to the actor that commands take."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.http import HttpRequest

from tongban.base import moment
from tongban.base.reading import Asked, Prepared
from tongban.directory import queries as directory
from tongban.directory.models import Organisation
from tongban.identity.models import (
    Account,
    ApiClient,
    ApiClientPost,
    Appointment,
    Delegation,
    Mandate,
    Operator,
    Post,
)
from tongban.identity.policy import POST_SCOPES, covers
from tongban.kernel.actor import Actor, AppointmentRef, PrincipalRef


def _in_dates(day: Any) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def live_appointments(day: Any) -> QuerySet[Appointment]:
    """Return the appointments in force on `day` (Shanghai), with account, post and organisation."""
    return Appointment.objects.filter(_in_dates(day), ended_at__isnull=True, account__is_active=True).select_related(
        "account", "post__organisation"
    )


def live_delegations(day: Any) -> QuerySet[Delegation]:
    """Return the delegations in force on `day` whose appointments are in force too."""
    return Delegation.objects.filter(
        _in_dates(day), revoked_at__isnull=True, appointment__in=live_appointments(day)
    ).select_related("appointment__post__organisation")


def live_operators(day: Any) -> QuerySet[Operator]:
    """Return the authorities to act for companies in force on `day`."""
    return Operator.objects.filter(_in_dates(day), revoked_at__isnull=True).select_related("company")


def live_mandates(day: Any) -> QuerySet[Mandate]:
    """Return the authorities between natural persons in force on `day`: confirmed, within their term, not ended."""
    return Mandate.objects.filter(
        confirmed_at__isnull=False, ended_at__isnull=True, valid_from__lte=day, valid_to__gte=day
    )


def actor_for(account: Account, now: datetime) -> Actor:
    """Return the actor that an account is at `now`: its posts, delegations, or the companies it acts for."""
    day = moment.local_date(now)
    if account.kind == Account.Kind.STAFF:
        return Actor(
            kind="staff", account_id=account.pk, name=account.name, appointments=tuple(_posts_of(account, day))
        )
    granted = list(_AUTHORITIES.rows(day=day, account=account.pk, person=account.person_id or 0))
    return Actor(
        kind="citizen",
        account_id=account.pk,
        name=account.name,
        person_id=account.person_id,
        company_ids=tuple(company for company, mandate, *_rest in granted if mandate == 0),
        principals=tuple(
            PrincipalRef(person_id=person, mandate_id=mandate, may_withdraw=may_withdraw)
            for person, mandate, may_withdraw in granted
            if mandate
        ),
    )


def ask_actor(account_id: int) -> tuple[Asked, ...]:
    """What `actor_for` reads of staff today, to be read ahead with the account itself; nothing to a citizen."""
    of_account = {"day": moment.today(), "account": account_id}
    return _OWN.asked(**of_account), _LENT.asked(**of_account)


def _authorities(day: Any, account: Any, person: Any) -> QuerySet[Any, tuple[int, int, bool]]:
    """Whom somebody acts for, in one statement: companies (no mandate), then persons, each with its mandate."""
    companies = live_operators(day).filter(account_id=account).order_by()
    persons = live_mandates(day).filter(agent_id=person).order_by()
    return (
        companies.values_list("company_id", Value(0), Value(value=False))
        .union(persons.values_list("principal_id", "pk", "may_withdraw"))
        .order_by("company_id")
    )


_AUTHORITIES = Prepared(_authorities)


def _posts_of(account: Account, day: date) -> Iterable[AppointmentRef]:
    for appointment in _OWN.rows(day=day, account=account.pk):
        yield _ref(appointment.pk, appointment.post, day, None)
    for delegation in _LENT.rows(day=day, account=account.pk):
        held = delegation.appointment
        yield _ref(held.pk, held.post, day, held.account_id)


_OWN = Prepared(lambda day, account: live_appointments(day).filter(account_id=account).order_by("pk"))
_LENT = Prepared(lambda day, account: live_delegations(day).filter(to_account_id=account).order_by("pk"))


def _ref(appointment_id: int, post: Post, day: date, delegated_from: int | None) -> AppointmentRef:
    organisation = _standing(post.organisation, day)
    return AppointmentRef(
        id=appointment_id,
        role=post.role,
        post_title=post.title,
        organisation_id=organisation.pk,
        organisation_name=organisation.name,
        division_code=post.division_id or organisation.division_id,
        delegated_from=delegated_from,
    )


def _standing(organisation: Organisation, day: date) -> Organisation:
    """Return who stands in the organisation's place on `day`: a post goes on in the body that took over."""
    if organisation.holds(day):
        return organisation
    return directory.successor(organisation, day)


def actor_of_request(request: HttpRequest) -> Actor | None:
    """Return who asks, or None where nobody has logged in; staff without a second factor hold no posts."""
    actor = getattr(request, "actor", None)
    return actor if isinstance(actor, Actor) and actor.kind != "visitor" else None


def token_hash(token: str) -> bytes:
    """Return what is kept of an API token; tokens are long and random, so one round is enough."""
    return hashlib.sha256(token.encode()).digest()


_BY_TOKEN = Prepared(
    lambda token, day: ApiClient.objects.filter(token_hash=token, revoked_at__isnull=True, valid_to__gte=day)
)


def actor_of_token(token: str) -> Actor | None:
    """Return the client that a bearer token belongs to; None if unknown, revoked or run out."""
    client = _BY_TOKEN.first(token=token_hash(token), day=moment.today())
    if client is None:
        return None
    return Actor(kind="client", client_id=client.pk, name=client.name, scopes=frozenset(client.scopes))


def organisation_of_client(actor: Actor) -> int | None:
    """Return the organisation that a system's token was issued to; None for whoever is no system."""
    if actor.kind != "client" or actor.client_id is None:
        return None
    return ApiClient.objects.filter(pk=actor.client_id).values_list("organisation_id", flat=True).first()


def actor_of_client_post(client: Actor, appointment_id: int) -> Actor | None:
    """Return the post-holder by that one post, for a system to which it is bound; None if it is not, or no more."""
    day = moment.today()
    roles = [role for role, scope in POST_SCOPES.items() if client.has_scope(scope)]
    bound = ApiClientPost.objects.filter(client_id=client.client_id or 0, revoked_at__isnull=True)
    held = live_appointments(day).filter(pk=appointment_id, post__role__in=roles)
    appointment = held.filter(pk__in=bound.values("appointment_id")).first()
    if appointment is None:
        return None
    post = _ref(appointment.pk, appointment.post, day, None)
    return Actor(kind="staff", account_id=appointment.account_id, name=appointment.account.name, appointments=(post,))


def accounts_covering(role: str, division_code: str) -> list[Account]:
    """Return the active accounts that hold a role over a division today (there or around it), not by delegation."""
    posts = live_appointments(moment.today()).filter(post__role=role)
    held = posts.values_list("account_id", "post__organisation__division_id")
    keys = {account for account, mine in held if covers(mine, division_code)}
    return list(Account.objects.filter(pk__in=keys, is_active=True).order_by("pk"))


def accounts_with(role: str, organisation_id: int) -> list[Account]:
    """Return the active accounts that hold a role in an organisation today, directly or by delegation."""
    day = moment.today()
    direct = Q(
        pk__in=live_appointments(day)
        .filter(post__role=role, post__organisation_id=organisation_id)
        .values("account_id")
    )
    lent = Q(
        pk__in=live_delegations(day)
        .filter(appointment__post__role=role, appointment__post__organisation_id=organisation_id)
        .values("to_account_id")
    )
    return list(Account.objects.filter(direct | lent, is_active=True).order_by("pk"))
