"""What a window may take: the items of the clerk's own bodies, and those that authorise them in writing."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.cases.models import Draft
from tongban.cases.policy import RECEPTION_ROLES
from tongban.catalogue.models import Implementation, ItemVersion
from tongban.catalogue.queries import bases_found, definition_of
from tongban.directory.models import Organisation
from tongban.kernel.actor import Actor, AppointmentRef
from tongban.kernel.problems import NotFound

ITEMS_MAX = 60
#: Longest text that is searched for.
TEXT_MAX = 60
DRAFTS_SHOWN_MAX = 100


@dataclass(frozen=True, kw_only=True)
class WindowItem:
    """One item that the clerk may take in: whose it is, and at which of the clerk's posts."""

    task_code: str
    name: str
    organisation: str
    post: AppointmentRef
    #: Whether the window acts for another body (授权收件).
    authorised: bool
    instant: bool


def window_posts(actor: Actor) -> tuple[AppointmentRef, ...]:
    """The actor's posts from which applications are taken in; own ones before delegated ones."""
    found = (one for one in actor.appointments if one.role in RECEPTION_ROLES)
    return tuple(sorted(found, key=lambda one: (one.delegated_from is not None, one.id)))


def window_items(actor: Actor, *, text: str = "") -> list[WindowItem]:
    """The items that the actor may take in, often used first, at most `ITEMS_MAX`.

    `text`: as people search for an item anywhere, or the beginning of its code.
    """
    codes = _codes_of(actor)
    found = _open_to(codes).select_related("base", "organisation", "current")
    wanted = text.strip()[:TEXT_MAX]
    if wanted:
        found = found.filter(Q(base__in=bases_found(wanted)) | Q(task_code__startswith=wanted.upper()))
    rows = found.order_by("base__rank", "base_id", "division_id")[:ITEMS_MAX]
    return [item for row in rows if (item := _item(actor, row, codes)) is not None]


def window_item(actor: Actor, task_code: str) -> tuple[ItemVersion, AppointmentRef]:
    """The version in force of an item that the actor may take in, and the post for it.

    Raises:
        NotFound: no such item, or no window of the actor's takes it.
    """
    codes = _codes_of(actor)
    rows = _open_to(codes).select_related("base", "organisation", "current")
    found = rows.filter(task_code=task_code).first()
    item = _item(actor, found, codes) if found else None
    if found is None or item is None or found.current is None:
        raise NotFound("这个事项", code="item_not_found")
    found.current.implementation = found
    return found.current, item.post


def window_drafts(actor: Actor) -> list[Draft]:
    """The clerk's drafts that were not submitted, last written first, at most `DRAFTS_SHOWN_MAX`."""
    mine = Draft.objects.filter(clerk_id=actor.account_id, channel="window", case__isnull=True)
    return list(mine.select_related("item_version__implementation__base").order_by("-updated_at")[:DRAFTS_SHOWN_MAX])


def _codes_of(actor: Actor) -> dict[int, str]:
    ids = {one.organisation_id for one in window_posts(actor)}
    return dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "code"))


def _open_to(codes: dict[int, str]) -> QuerySet[Implementation]:
    rows = Implementation.objects.filter(state=Implementation.State.ACTIVE, current__isnull=False)
    mine = Q(organisation_id__in=codes)
    for code in codes.values():
        authorised = ItemVersion.objects.filter(
            pk=OuterRef("current_id"), definition__window_organisations__contains=[code]
        )
        mine |= Q(Exists(authorised))
    return rows.filter(mine)


def _item(actor: Actor, row: Implementation, codes: dict[int, str]) -> WindowItem | None:
    if row.current is None:
        return None
    definition = definition_of(row.current)
    own = next((one for one in window_posts(actor) if one.organisation_id == row.organisation_id), None)
    lent = (one for one in window_posts(actor) if codes.get(one.organisation_id) in definition.window_organisations)
    post = own or next(lent, None)
    if post is None:
        return None
    return WindowItem(
        task_code=row.task_code,
        name=definition.name,
        organisation=row.organisation.short_name or row.organisation.name,
        post=post,
        authorised=own is None,
        instant=definition.project_type == "instant",
    )
