"""Change orders as the desk shows them: lists by what is to be done, one with its differences, remarks and effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet

from tongban.base import paging
from tongban.catalogue.base_elements import BaseElements
from tongban.catalogue.commands.drafting import OPEN
from tongban.catalogue.comparing import Compared, compare
from tongban.catalogue.definition import Definition
from tongban.catalogue.models import ChangeComment, ChangeReview, Implementation, ItemChange
from tongban.catalogue.policy import READERS, REVIEWERS, may_draft, may_read, may_review
from tongban.catalogue.queries.drafts import WRITTEN
from tongban.catalogue.registries import Effect, dependants
from tongban.kernel.actor import Actor, Role
from tongban.kernel.paging import Page
from tongban.kernel.problems import NotFound

_State, _About, _Kind = ItemChange.State, ItemChange.About, ItemChange.Kind
#: Views of the list, with their names.
VIEWS: Final = {"todo": "待我办", "open": "办理中", "done": "已办完"}
#: Items whose effects are counted; a base item may have a body in every village.
_ITEMS_MAX: Final = 2_000


@dataclass(frozen=True, kw_only=True)
class Order:
    """A change order for one reader: what it says, and what the reader may do with it."""

    change: ItemChange
    rows: tuple[Compared, ...]
    comments: tuple[ChangeComment, ...]
    reviews: tuple[ChangeReview, ...]
    effects: tuple[Effect, ...]
    may_write: bool
    may_review: bool
    may_withdraw: bool
    may_comment: bool

    @property
    def open_comments(self) -> int:
        """How many remarks are not settled."""
        return sum(one.settled_at is None for one in self.comments)

    @property
    def written(self) -> bool:
        """Whether it has a content that is written in sections."""
        return self.change.kind in WRITTEN


def orders(actor: Actor, view: str = "todo", *, cursor: str | None = None, size: int | None = 50) -> Page[ItemChange]:
    """Change orders within the actor's reach, the newest first.

    Raises:
        NotFound: the actor has no post that reads the catalogue. Invalid: `bad_cursor`.
    """
    rows = _readable(actor)
    if view == "todo":
        rows = rows.filter(_todo(actor))
    elif view == "open":
        rows = rows.filter(state__in=OPEN)
    else:
        rows = rows.exclude(state__in=OPEN)
    rows = rows.select_related("organisation", "base").defer("content")
    return paging.page(rows, order=("-id",), cursor=cursor, size=size)


def waiting(actor: Actor, limit: int = 100) -> int:
    """How many change orders wait for the actor, at most `limit`."""
    if not reads_orders(actor):
        return 0
    return _readable(actor).filter(_todo(actor)).order_by()[:limit].count()


def reads_orders(actor: Actor) -> bool:
    """Whether the actor has a post that reads change orders."""
    return actor.kind == "staff" and any(one.role in READERS for one in actor.appointments)


def access_order(actor: Actor, number: str) -> ItemChange:
    """The change order, for whoever may read it.

    Raises:
        NotFound: no such order, or it is not the actor's to see.
    """
    rows = ItemChange.objects.select_related("base", "implementation__current", "organisation", "division", "before")
    found = rows.filter(number=number).first()
    if found is None or not may_read(actor, found):
        raise NotFound("这张变更单")
    return found


def order(actor: Actor, number: str) -> Order:
    """A change order with everything that its page shows.

    Raises:
        NotFound: no such order, or it is not the actor's to see.
    """
    change = access_order(actor, number)
    is_open = change.state in OPEN
    return Order(
        change=change,
        rows=compare(*sides(change)),
        comments=tuple(change.comments.order_by("pk")[:500]),
        reviews=tuple(change.reviews.order_by("pk")),
        effects=effects(change) if is_open else (),
        may_write=change.state in (_State.DRAFT, _State.RETURNED) and may_draft(actor, change),
        may_review=may_review(actor, change) and change.reviewer in (None, actor.account_id),
        may_withdraw=is_open and may_draft(actor, change),
        may_comment=is_open,
    )


def sides(change: ItemChange) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What was before and what the change says, as plain values; the same twice where it says nothing."""
    if change.kind not in (_Kind.NEW, _Kind.CHANGE):
        into = change.content.get("into", []) if isinstance(change.content, dict) else []
        return {}, {f"新事项 {number}": one for number, one in enumerate(into, start=1)}
    if change.about == _About.BASE:
        if change.kind == _Kind.NEW or change.base is None:
            return {}, change.content
        before = change.base.versions.order_by("-number").filter(published_at__lte=change.created_at).first()
        return (before.elements if before else change.base.elements), change.content
    old = change.before.definition if change.before else {}
    return _whole(old), _whole(change.content)


def effects(change: ItemChange) -> tuple[Effect, ...]:
    """What the change would do once it is in force, as every room tells it that makes something from items."""
    items = list(_touched(change))
    old = items[0].current.parsed if items and items[0].current else None
    new = None if change.kind in (_Kind.SUSPEND, _Kind.CANCEL) else _parsed(change, old)
    found: list[Effect] = []
    for one in dependants.values():
        found.extend(one.effects(items, old, new))
    return tuple(found)


def _touched(change: ItemChange) -> QuerySet[Implementation]:
    rows = Implementation.objects.select_related("current", "base").filter(current__isnull=False)
    if change.about == _About.IMPLEMENTATION:
        return rows.filter(pk__in=[] if change.implementation_id is None else [change.implementation_id])
    bases = [change.base_id, *change.merged.values_list("pk", flat=True)]
    return rows.filter(base__in=[one for one in bases if one is not None]).order_by("pk")[:_ITEMS_MAX]


def _parsed(change: ItemChange, old: Definition | None) -> Definition | None:
    """The definition that would be in force; the old one where the draft is not whole yet."""
    try:
        if change.about == _About.IMPLEMENTATION and change.kind in (_Kind.NEW, _Kind.CHANGE):
            return Definition.model_validate(change.content)
        if change.about == _About.BASE and change.kind == _Kind.CHANGE and old is not None:
            elements = BaseElements.model_validate(change.content)
            return old.model_copy(
                update={"name": elements.name, "kind": elements.kind, "legal_basis": elements.legal_basis}
            )
    except ValueError:
        return old
    return old


def _whole(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The content with every field written out, so that a default does not look like a change."""
    try:
        return Definition.model_validate(content).model_dump(mode="json")
    except ValueError:
        return content


def _readable(actor: Actor) -> QuerySet[ItemChange]:
    divisions = {one.division_code for one in actor.appointments if one.role in READERS}
    if actor.kind != "staff" or not divisions:
        raise NotFound("这个页面")
    inside = Q(pk__in=[])
    for code in divisions:
        stem = next((code[:width] for width in (2, 4, 6, 9) if not code[width:].strip("0")), code)
        inside |= Q(division_id__gte=code, division_id__lte=stem.ljust(12, "9"))
    return ItemChange.objects.filter(inside)


def _todo(actor: Actor) -> Q:
    """What waits for the actor: to be written as an editor, to be reviewed as a reviewer."""
    found = Q(pk__in=[])
    roles = {one.role for one in actor.appointments}
    if Role.CATALOGUE_EDITOR in roles:
        found |= Q(state__in=[_State.DRAFT, _State.RETURNED])
    free = Q(reviewer=None) | Q(reviewer=actor.account_id)
    for stage, role in REVIEWERS.items():
        if role in roles:
            mine = Q(state__in=[_State.SUBMITTED, _State.LEGAL_REVIEW], stage=stage) & free
            found |= mine & ~Q(drafter=actor.account_id)
    return found
