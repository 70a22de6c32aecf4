"""Files of items that an editor handed in."""

from __future__ import annotations

from uuid import UUID

from tongban.catalogue.models import Implementation, ItemImport
from tongban.catalogue.policy import may_import
from tongban.directory.models import Organisation
from tongban.kernel.actor import Actor, Role
from tongban.kernel.problems import NotFound

#: Files that the page lists.
_SHOWN = 20


def require_importer(actor: Actor) -> int:
    """The account of somebody who edits items.

    Raises:
        NotFound: the page is not theirs.
    """
    if actor.account_id is None or not may_import(actor):
        raise NotFound("事项导入")
    return actor.account_id


def imports_of(actor: Actor) -> list[ItemImport]:
    """The actor's last files, the newest first, without their content."""
    if actor.account_id is None:
        return []
    return list(ItemImport.objects.filter(account=actor.account_id).defer("data").order_by("-pk")[:_SHOWN])


def import_of(actor: Actor, public_id: UUID) -> ItemImport:
    """One of the actor's files.

    Raises:
        NotFound: unknown, or another editor's.
    """
    account = require_importer(actor)
    found = ItemImport.objects.filter(account=account, public_id=public_id).defer("data").first()
    if found is None:
        raise NotFound("这次导入")
    return found


def exportable_bodies(actor: Actor) -> list[Organisation]:
    """Bodies whose items the actor edits and that have some, those of the actor's own posts first."""
    posts = [post for post in actor.appointments if post.role == Role.CATALOGUE_EDITOR]
    running = Implementation.objects.filter(current__isnull=False)
    found: dict[int, Organisation] = {}
    for post in posts:
        own = running.filter(division__code__startswith=post.division_code.rstrip("0"))
        bodies = Organisation.objects.filter(pk__in=own.values("organisation_id")).order_by("division_id", "sort_key")
        found |= {body.pk: body for body in bodies}
    first = {post.organisation_id for post in posts}
    return sorted(found.values(), key=lambda body: body.pk not in first)
