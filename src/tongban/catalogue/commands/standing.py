"""Whether an implementation takes cases: suspending, resuming and cancelling it."""

from __future__ import annotations

from django.db import transaction

from tongban.base.records import EventRecord
from tongban.catalogue.commands import held
from tongban.catalogue.commands.held import CatalogueRefusal
from tongban.catalogue.events import ItemCancelled, ItemResumed, ItemSuspended
from tongban.catalogue.models import Implementation
from tongban.catalogue.policy import may_edit
from tongban.catalogue.searching import indexing
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound

_State = Implementation.State


def suspend(*, actor: Actor, task_code: str, reason: str) -> Implementation:
    """Stop taking new cases (暂停); running cases go on.

    Raises:
        NotFound: unknown implementation, or the actor may not edit it.
        Invalid: no reason.
        CatalogueRefusal: `item_not_active`.
    """
    why = held.required(reason, "reason", "原因")
    with transaction.atomic():
        item = _editable(actor, task_code)
        set_suspended(actor, item, why)
        return item


def resume(*, actor: Actor, task_code: str) -> Implementation:
    """Take new cases again after a suspension or cancellation.

    Raises:
        NotFound: unknown implementation, or the actor may not edit it.
        CatalogueRefusal: `item_active`, or `item_unpublished` if no version was ever published.
    """
    with transaction.atomic():
        item = _editable(actor, task_code)
        set_active(actor, item)
        return item


def cancel(*, actor: Actor, task_code: str, reason: str) -> Implementation:
    """End an implementation (取消): no new cases, running ones are finished; cancelling again changes nothing.

    Raises:
        NotFound: unknown implementation, or the actor may not edit it.
        Invalid: no reason.
    """
    why = held.required(reason, "reason", "原因")
    with transaction.atomic():
        item = _editable(actor, task_code)
        set_cancelled(actor, item, why)
        return item


def set_suspended(actor: Actor, item: Implementation, reason: str) -> None:
    """Suspend an implementation that is held.

    Raises:
        CatalogueRefusal: `item_not_active`.
    """
    if item.state != _State.ACTIVE:
        raise CatalogueRefusal("item_not_active", "只有在用的事项可以暂停。请刷新后查看事项现在的状态。")
    _set(actor, item, _State.SUSPENDED, reason, ItemSuspended(item.task_code, reason))


def set_active(actor: Actor, item: Implementation) -> None:
    """Resume an implementation that is held.

    Raises:
        CatalogueRefusal: `item_active`, `item_unpublished`.
    """
    if item.state == _State.ACTIVE:
        raise CatalogueRefusal("item_active", "这个事项正在使用，不用恢复。")
    if item.current_id is None:
        raise CatalogueRefusal("item_unpublished", "这个事项还没有发布过，先发布再恢复。")
    _set(actor, item, _State.ACTIVE, "", ItemResumed(item.task_code))


def set_cancelled(actor: Actor, item: Implementation, reason: str) -> None:
    """Cancel an implementation that is held; again changes nothing."""
    if item.state != _State.CANCELLED:
        _set(actor, item, _State.CANCELLED, reason, ItemCancelled(item.task_code, reason))


def _set(actor: Actor, item: Implementation, state: Implementation.State, reason: str, event: EventRecord) -> None:
    item.state, item.state_reason = state, reason
    item.save(update_fields=["state", "state_reason"])
    held.append(actor, f"item:{item.task_code}", event)
    indexing.touch(item.base_id)


def _editable(actor: Actor, task_code: str) -> Implementation:
    item = held.implementation(task_code)
    if not may_edit(actor, item):
        raise NotFound("这个事项")
    return item
