"""Putting approved changes in force: at once, or at the second that they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from tongban.base import moment
from tongban.base.jobs import defer
from tongban.catalogue.base_elements import with_elements
from tongban.catalogue.commands import bases, contents, held, standing
from tongban.catalogue.commands.drafting import OPEN, start_new
from tongban.catalogue.commands.held import CatalogueRefusal
from tongban.catalogue.commands.publishing import new_place, put_in_force
from tongban.catalogue.events import ItemChangePublished, ItemChangeReviewed
from tongban.catalogue.models import BaseItem, ChangeReview, Implementation, ItemChange, ItemVersion
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.problems import Refusal

_Kind, _About, _State = ItemChange.Kind, ItemChange.About, ItemChange.State
#: How far ahead the clock looks; it comes once a minute.
AHEAD: Final = timedelta(seconds=75)


def issue_or_wait(actor: Actor, change: ItemChange) -> None:
    """Put an approved change that is held in force, unless its time is still to come."""
    now = moment.now()
    if change.effective_at is None or change.effective_at <= now:
        issue(actor, change)
    elif change.effective_at <= now + AHEAD:
        from tongban.catalogue.jobs import issue_soon  # the job calls this module

        defer(issue_soon)


def due_changes() -> list[tuple[str, datetime]]:
    """Numbers and times of the approved changes that fall due before the clock comes again, the earliest first."""
    rows = ItemChange.objects.filter(state=_State.APPROVED, effective_at__lte=moment.now() + AHEAD)
    found = rows.order_by("effective_at", "id").values_list("number", "effective_at")[:500]
    return [(number, at) for number, at in found if at is not None]


def issue_due(number: str) -> ItemChange:
    """Put an approved change in force whose time has come; what the catalogue no longer allows goes back to its body.

    Raises:
        NotFound: unknown change.
    """
    with transaction.atomic():
        change = held.change(number)
        if change.state != _State.APPROVED or (change.effective_at or moment.now()) > moment.now():
            return change
        try:
            with transaction.atomic():
                issue(SYSTEM, change)
        except Refusal as refusal:
            change = held.change(number)
            _give_back(change, refusal.message)
        return change


def issue(actor: Actor, change: ItemChange) -> None:
    """Put a change that is held and approved in force.

    Raises:
        CatalogueRefusal: `change_outdated`, the item has another version since; and what the parts refuse.
        Invalid: `item_faults`.
    """
    change.version = _ISSUES[(change.about, change.kind)](actor, change)
    change.state, change.stage, change.ended_at = _State.PUBLISHED, "", moment.now()
    change.save(update_fields=["version", "state", "stage", "ended_at", "implementation", "base"])
    held.append(actor, f"item-change:{change.number}", ItemChangePublished(change.number))


def _new_implementation(actor: Actor, change: ItemChange) -> ItemVersion:
    assert change.base is not None
    definition = contents.parsed(change)
    item = new_place(change.base, change.organisation, definition.task_code)
    version = put_in_force(actor, item, definition)
    standing.set_active(actor, item)
    change.implementation = item
    _retire_predecessors(actor, change.base, item)
    return version


def _changed_implementation(actor: Actor, change: ItemChange) -> ItemVersion:
    item = _item(change)
    if item.current_id != change.before_id and not _only_elements_since(item, change.before):
        raise CatalogueRefusal(
            "change_outdated", "这个事项在审核期间有了别的新版本。请退回变更单，由编制人核对新版本后重新提交。"
        )
    return put_in_force(actor, item, contents.parsed(change))


def _suspended(actor: Actor, change: ItemChange) -> None:
    standing.set_suspended(actor, _item(change), _why(change))


def _resumed(actor: Actor, change: ItemChange) -> None:
    standing.set_active(actor, _item(change))


def _cancelled(actor: Actor, change: ItemChange) -> None:
    standing.set_cancelled(actor, _item(change), _why(change))


def _new_base(actor: Actor, change: ItemChange) -> None:
    (elements,) = contents.parts(change)
    change.base = bases.make_base(actor, elements)


def _changed_base(actor: Actor, change: ItemChange) -> None:
    (elements,) = contents.parts(change)
    bases.put_base_in_force(actor, _base(change), elements)


def _replaced(actor: Actor, change: ItemChange) -> None:
    """Split and merge: the new entries come, the old ones end; each body is given drafts of what it takes over.

    What bodies run goes on until they have published what replaces it, so that nobody stands before a closed door.
    """
    made = [bases.make_base(actor, one) for one in contents.parts(change)]
    for old in [_base(change), *(held.base(one.catalog_code) for one in change.merged.order_by("pk"))]:
        old.successors = [one.catalog_code for one in made]
        bases.set_base_state(actor, old, BaseItem.State.CANCELLED, _why(change))
        _draft_successors(old, made, change)


def _suspended_base(actor: Actor, change: ItemChange) -> None:
    bases.stand(actor, _base(change), BaseItem.State.SUSPENDED, _why(change))


def _resumed_base(actor: Actor, change: ItemChange) -> None:
    bases.stand(actor, _base(change), BaseItem.State.ACTIVE)


def _cancelled_base(actor: Actor, change: ItemChange) -> None:
    bases.stand(actor, _base(change), BaseItem.State.CANCELLED, _why(change))


_ISSUES: Final[Mapping[tuple[str, str], Callable[[Actor, ItemChange], ItemVersion | None]]] = {
    (_About.IMPLEMENTATION, _Kind.NEW): _new_implementation,
    (_About.IMPLEMENTATION, _Kind.CHANGE): _changed_implementation,
    (_About.IMPLEMENTATION, _Kind.SUSPEND): _suspended,
    (_About.IMPLEMENTATION, _Kind.RESUME): _resumed,
    (_About.IMPLEMENTATION, _Kind.CANCEL): _cancelled,
    (_About.BASE, _Kind.NEW): _new_base,
    (_About.BASE, _Kind.CHANGE): _changed_base,
    (_About.BASE, _Kind.SPLIT): _replaced,
    (_About.BASE, _Kind.MERGE): _replaced,
    (_About.BASE, _Kind.SUSPEND): _suspended_base,
    (_About.BASE, _Kind.RESUME): _resumed_base,
    (_About.BASE, _Kind.CANCEL): _cancelled_base,
}


def _item(change: ItemChange) -> Implementation:
    assert change.implementation is not None
    return held.implementation(change.implementation.task_code)


def _base(change: ItemChange) -> BaseItem:
    assert change.base is not None
    return held.base(change.base.catalog_code)


def _why(change: ItemChange) -> str:
    return change.reason[: bases.WHY_MAX]


def _items(base: BaseItem, *states: str) -> list[Implementation]:
    codes = base.implementations.filter(state__in=states).order_by("task_code").values_list("task_code", flat=True)
    return [held.implementation(code) for code in codes]


def _only_elements_since(item: Implementation, before: ItemVersion | None) -> bool:
    """Whether all that came after the draft began are new base elements, which the draft takes over anyway."""
    if before is None or item.current is None:
        return False
    return bool(with_elements(before.definition, item.base.elements) == item.current.definition)


def _draft_successors(old: BaseItem, made: list[BaseItem], change: ItemChange) -> None:
    reason = f"“{old.name}”{change.get_kind_display()}（{change.number}）"
    for item in _items(old, Implementation.State.ACTIVE, Implementation.State.SUSPENDED):
        level = contents.level_of(item.organisation.division)
        for base in made:
            taken = ItemChange.objects.filter(base=base, organisation=item.organisation, state__in=OPEN).exists()
            if level in base.elements["levels"] and item.current is not None and not taken:
                like: dict[str, Any] = item.current.definition
                start_new(SYSTEM, base, item.organisation, reason=reason, like=like)


def _retire_predecessors(actor: Actor, base: BaseItem, item: Implementation) -> None:
    """End what this body ran under the entries that this one replaces, once it runs everything that replaces them."""
    for old in BaseItem.objects.filter(successors__contains=[base.catalog_code]):
        runs = Implementation.objects.filter(organisation_id=item.organisation_id, current__isnull=False)
        now = set(runs.filter(base__catalog_code__in=old.successors).values_list("base__catalog_code", flat=True))
        if now >= set(old.successors):
            codes = old.implementations.filter(organisation_id=item.organisation_id)
            for code in codes.values_list("task_code", flat=True):
                standing.set_cancelled(actor, held.implementation(code), f"已由“{base.name}”等事项替代")


def _give_back(change: ItemChange, why: str) -> None:
    digest = contents.digest(change)
    ChangeReview.objects.create(
        change=change, stage=ItemChange.Stage.LEGAL, verdict=ChangeReview.Verdict.RETURNED,
        opinion=f"到生效时间没能发布：{why}"[:1000], digest=digest, reviewer=SYSTEM.ref, reviewer_name="系统",
        at=moment.now(),
    )  # fmt: skip
    change.state, change.stage, change.reviewer = _State.RETURNED, "", None
    change.save(update_fields=["state", "stage", "reviewer"])
    event = ItemChangeReviewed(change.number, ItemChange.Stage.LEGAL.value, ChangeReview.Verdict.RETURNED.value, digest)
    held.append(SYSTEM, f"item-change:{change.number}", event)
