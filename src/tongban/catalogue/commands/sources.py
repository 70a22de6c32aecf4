"""Naming the systems that may write the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from tongban.base import moment
from tongban.base.records import EventRecord
from tongban.catalogue.commands import held
from tongban.catalogue.events import ItemSourceBound, ItemSourceRevoked
from tongban.catalogue.models import SyncSource
from tongban.directory.models import Division, Organisation
from tongban.identity.models import ApiClient
from tongban.identity.queries import may_in_division
from tongban.kernel.actor import Actor, Role
from tongban.kernel.problems import Invalid, NotFound


def bind_source(
    *,
    actor: Actor,
    client_id: int,
    divisions: Iterable[str] = (),
    organisations: Iterable[str] = (),
    directory: bool = False,
) -> SyncSource:
    """Let a system with the scope `items:write` write items of these divisions (12 digits) and bodies.

    Bodies are named by credit code; binding it again replaces what it may.

    Raises:
        NotFound: no such system, or not the actor's to manage.
        Invalid: a division or body does not exist (fields `divisions`, `organisations`), or nothing is named.
    """
    with transaction.atomic():
        client = _managed(actor, client_id)
        named, bodies = sorted(set(divisions)), sorted(set(organisations))
        _require_known(actor, named, bodies, directory=directory)
        values = {"divisions": named, "organisations": bodies, "directory": directory}
        source, _made = SyncSource.objects.update_or_create(
            client=client, defaults=values | {"bound_at": moment.now(), "revoked_at": None}
        )
        _tell(actor, source, ItemSourceBound(directory, named, bodies))
        return source


def revoke_source(*, actor: Actor, client_id: int) -> None:
    """Let a system write nothing any more, at once; one that may write nothing is no error.

    Raises:
        NotFound: no such system, or not the actor's to manage.
    """
    with transaction.atomic():
        client = _managed(actor, client_id)
        source = SyncSource.objects.select_for_update().filter(client=client, revoked_at__isnull=True).first()
        if source is not None:
            source.revoked_at = moment.now()
            source.save(update_fields=["revoked_at"])
            _tell(actor, source, ItemSourceRevoked())


def _managed(actor: Actor, client_id: int) -> ApiClient:
    rows = ApiClient.objects.select_for_update(of=("self",)).select_related("organisation")
    client = rows.filter(pk=client_id, revoked_at__isnull=True).first()
    if client is None or not _manages(actor, client.organisation.division_id):
        raise NotFound("这个系统")
    return client


def _manages(actor: Actor, division: str) -> bool:
    return actor.is_system or may_in_division(actor, Role.IT_ADMIN, division) is not None


def _require_known(actor: Actor, divisions: list[str], organisations: list[str], *, directory: bool) -> None:
    if not divisions and not organisations and not directory:
        raise Invalid("请写明这个系统可以同步哪些区划或者机构的事项。", fields={"divisions": "请填写"})
    wrong: dict[str, str] = {}
    known = set(Division.objects.filter(pk__in=divisions).values_list("pk", flat=True))
    if missing := [one for one in divisions if one not in known or not _manages(actor, one)]:
        wrong["divisions"] = f"没有这些区划：{'、'.join(missing)}"
    bodies = dict(Organisation.objects.filter(code__in=organisations).values_list("code", "division_id"))
    if missing := [one for one in organisations if one not in bodies or not _manages(actor, bodies[one])]:
        wrong["organisations"] = f"没有这些机构：{'、'.join(missing)}"
    if wrong:
        raise Invalid(fields=wrong)


def _tell(actor: Actor, source: SyncSource, event: EventRecord) -> None:
    held.append(actor, f"item-source:{source.client_id}", event)
