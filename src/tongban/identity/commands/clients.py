"""Systems that call the JSON API."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date

from django.db import transaction

from tongban.base import chain, moment
from tongban.directory.models import Organisation
from tongban.identity import events, policy
from tongban.identity.models import ApiClient
from tongban.identity.queries import token_hash
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound


def issue_api_client(
    actor: Actor, *, name: str, organisation: Organisation, scopes: Iterable[str], valid_to: date
) -> tuple[ApiClient, str]:
    """Register a system and return it with its bearer token, which is shown this once and never kept.

    Raises:
        NotFound: the actor may not manage that organisation.
        Invalid: fields `name`, `scopes` or `valid_to`.
    """
    if not policy.may_manage_posts(actor, organisation.division_id):
        raise NotFound("这个机构")
    wanted = sorted(set(scopes))
    wrong: dict[str, str] = {}
    if not name.strip():
        wrong["name"] = "请填写系统名称。"
    if not wanted or not set(wanted) <= policy.SCOPES:
        wrong["scopes"] = f"权限范围只能从这些里选：{'、'.join(sorted(policy.SCOPES))}。"
    if valid_to < moment.today():
        wrong["valid_to"] = "截止日期不能早于今天。"
    if wrong:
        raise Invalid(fields=wrong)
    token = f"tb_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        client = ApiClient.objects.create(
            name=name.strip(),
            organisation=organisation,
            token_hash=token_hash(token),
            scopes=wanted,
            valid_to=valid_to,
            created_at=moment.now(),
        )
        payload = {"organisation": organisation.pk, "scopes": wanted, "valid_to": valid_to.isoformat()}
        chain.append(
            subject=f"client:{client.pk}", kind=events.API_CLIENT_ISSUED, payload=payload, actor=actor, at=moment.now()
        )
    return client, token


def revoke_api_client(actor: Actor, *, client_id: int) -> ApiClient:
    """Make a system's token useless at once.

    Raises:
        NotFound: absent, or not the actor's to revoke.
    """
    with transaction.atomic():
        client = (
            ApiClient.objects.select_for_update(of=("self",))
            .select_related("organisation")
            .filter(pk=client_id)
            .first()
        )
        if client is None or not policy.may_manage_posts(actor, client.organisation.division_id):
            raise NotFound("这个系统")
        if client.revoked_at is None:
            client.revoked_at = moment.now()
            client.save(update_fields=["revoked_at"])
            chain.append(
                subject=f"client:{client.pk}", kind=events.API_CLIENT_REVOKED, payload={}, actor=actor, at=moment.now()
            )
    return client
