"""Entries of the directory (基本目录): their elements put in force, for every body at once."""

from __future__ import annotations

from typing import Final

from tongban.base import moment
from tongban.base.records import EventRecord
from tongban.catalogue.base_elements import BaseElements, with_elements
from tongban.catalogue.commands import held, standing
from tongban.catalogue.commands.held import CatalogueRefusal
from tongban.catalogue.commands.publishing import put_in_force
from tongban.catalogue.definition import Definition
from tongban.catalogue.events import BaseItemCancelled, BaseItemPublished, BaseItemResumed, BaseItemSuspended
from tongban.catalogue.models import BaseItem, BaseVersion, Implementation
from tongban.catalogue.search_words import base_search_words
from tongban.catalogue.searching import indexing
from tongban.kernel.actor import Actor

_State = BaseItem.State
#: How the reason of an implementation begins that was suspended with its entry.
_BY_DIRECTORY: Final = "基本目录暂停："
#: Longest reason for which an entry is suspended or cancelled.
WHY_MAX: Final = held.REASON_MAX - len(_BY_DIRECTORY)


def make_base(actor: Actor, elements: BaseElements) -> BaseItem:
    """A new entry of the directory with these elements in force; its code must be free."""
    base = BaseItem.objects.create(
        slug=f"item-{elements.catalog_code.lower()}", catalog_code=elements.catalog_code, name=elements.name,
        kind=elements.kind, service_targets=[], topics=[], search_text="",
    )  # fmt: skip
    put_base_in_force(actor, base, elements)
    return base


def put_base_in_force(actor: Actor, base: BaseItem, elements: BaseElements, *, reissue: bool = True) -> bool:
    """Put the elements in force for an entry that is held, and (`reissue`) a version with them for each of its bodies.

    Returns whether anything changed.

    Raises:
        CatalogueRefusal: `base_cancelled`.
        Invalid: `item_faults`, a body's definition does not go with the new elements.
    """
    plain = elements.plain()
    if base.elements == plain:
        return False
    if base.state == _State.CANCELLED:
        raise CatalogueRefusal("base_cancelled", "这个目录事项已经取消，不能再变更。需要的，新增一个目录事项。")
    base.elements, base.number = plain, base.number + 1
    base.name, base.kind, base.catalog_code = elements.name, elements.kind, elements.catalog_code
    if reissue:
        base.search_text = base_search_words(elements.name, base.search_text)
    base.save(update_fields=["elements", "number", "name", "kind", "catalog_code", "search_text"])
    BaseVersion.objects.create(
        base=base, number=base.number, elements=plain, published_at=moment.now(), published_by=actor.ref
    )
    held.append(actor, f"base-item:{base.catalog_code}", BaseItemPublished(base.catalog_code, base.number))
    with indexing.gathering():
        indexing.touch(base.pk)
        if reissue:
            _reissue(actor, base)
    return True


def set_base_state(actor: Actor, base: BaseItem, state: str, reason: str = "") -> None:
    """Suspend, resume or cancel an entry that is held; its implementations keep their own state.

    Raises:
        CatalogueRefusal: `base_state`, it stands so already or was cancelled.
    """
    if base.state in (state, _State.CANCELLED):
        raise CatalogueRefusal("base_state", "这个目录事项已经是这个状态，或者已经取消。请刷新后查看。")
    events: dict[str, EventRecord] = {
        _State.SUSPENDED: BaseItemSuspended(base.catalog_code, reason),
        _State.CANCELLED: BaseItemCancelled(base.catalog_code, reason, list(base.successors)),
        _State.ACTIVE: BaseItemResumed(base.catalog_code),
    }
    base.state, base.state_reason = state, reason
    base.save(update_fields=["state", "state_reason", "successors"])
    held.append(actor, f"base-item:{base.catalog_code}", events[state])


def stand(actor: Actor, base: BaseItem, state: str, why: str = "") -> None:
    """Suspend, resume or cancel an entry that is held and what its bodies run.

    Resuming brings back what was suspended with the entry, and nothing else.

    Raises:
        CatalogueRefusal: `base_state`.
    """
    set_base_state(actor, base, state, why)
    for item in _items(base):
        if state == _State.CANCELLED:
            standing.set_cancelled(actor, item, why)
        elif state == _State.SUSPENDED and item.state == Implementation.State.ACTIVE:
            standing.set_suspended(actor, item, _BY_DIRECTORY + why)
        elif state == _State.ACTIVE and item.state_reason.startswith(_BY_DIRECTORY):
            standing.set_active(actor, item)


def _items(base: BaseItem) -> list[Implementation]:
    rows = base.implementations.exclude(state=Implementation.State.CANCELLED).order_by("task_code")
    return [held.implementation(code) for code in rows.values_list("task_code", flat=True)]


def _reissue(actor: Actor, base: BaseItem) -> None:
    """Give each body's implementation a version with the elements, in the order of their codes."""
    rows = base.implementations.exclude(state=Implementation.State.CANCELLED).filter(current__isnull=False)
    for code in rows.order_by("task_code").values_list("task_code", flat=True):
        item = held.implementation(code)
        assert item.current is not None
        put_in_force(actor, item, Definition.model_validate(with_elements(item.current.definition, base.elements)))
