"""Every change of the catalogue: publishing, suspending, resuming and cancelling what a body offers."""

from __future__ import annotations

import hashlib
import json

from django.db import transaction

from tongban.base import chain, moment
from tongban.base.records import EventRecord
from tongban.catalogue.definition import Definition
from tongban.catalogue.events import ItemCancelled, ItemResumed, ItemSuspended, ItemVersionPublished
from tongban.catalogue.models import Implementation, ItemVersion
from tongban.catalogue.policy import may_edit
from tongban.catalogue.rules import faults
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound, Refusal

_State = Implementation.State


class CatalogueRefusal(Refusal):
    """A change of the catalogue that the item's state does not allow."""


def digest_of(definition: Definition) -> str:
    """SHA-256, hex, over the definition's canonical JSON: equal definitions have equal digests."""
    text = json.dumps(definition.digestible(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def publish_version(*, actor: Actor, task_code: str, definition: Definition) -> ItemVersion:
    """Put a definition in force for new cases; the same definition as the current one changes nothing.

    Running cases keep the version under which they were filed.

    Raises:
        NotFound: unknown implementation, or the actor may not edit it.
        CatalogueRefusal: `item_cancelled`.
        Invalid: `item_faults`, with every fault of the definition by path; `item_code`, the codes differ.
    """
    with transaction.atomic():
        item = _locked(actor, task_code)
        if item.state == _State.CANCELLED:
            raise CatalogueRefusal("item_cancelled", "这个事项已经取消，不能发布新版本。需要恢复的，先恢复再发布。")
        if definition.task_code != item.task_code:
            raise Invalid("指南里的实施编码与事项不一致，请核对。", code="item_code")
        found = faults(definition)
        if found:
            fields = {fault.path: fault.message for fault in reversed(found)}
            raise Invalid("事项还不能发布，请按提示修改。", fields=fields, code="item_faults")
        digest = digest_of(definition)
        current = item.current
        if current is not None and current.digest == digest:
            return current
        latest = item.versions.order_by("-number").first()
        version = ItemVersion.objects.create(
            implementation=item,
            number=latest.number + 1 if latest else 1,
            definition=definition.digestible(),
            digest=digest,
            published_at=moment.now(),
            published_by=actor.ref,
        )
        item.current = version
        item.save(update_fields=["current"])
        _append(actor, item, ItemVersionPublished(item.task_code, version.number, digest))
        return version


def suspend(*, actor: Actor, task_code: str, reason: str) -> Implementation:
    """Stop taking new cases (暂停); running cases go on.

    Raises:
        NotFound: unknown implementation, or the actor may not edit it.
        Invalid: no reason.
        CatalogueRefusal: `item_not_active`.
    """
    _require_reason(reason)
    with transaction.atomic():
        item = _locked(actor, task_code)
        if item.state != _State.ACTIVE:
            raise CatalogueRefusal("item_not_active", "只有在用的事项可以暂停。请刷新后查看事项现在的状态。")
        item.state, item.state_reason = _State.SUSPENDED, reason.strip()
        item.save(update_fields=["state", "state_reason"])
        _append(actor, item, ItemSuspended(item.task_code, item.state_reason))
        return item


def resume(*, actor: Actor, task_code: str) -> Implementation:
    """Take new cases again after a suspension or cancellation.

    Raises:
        NotFound: unknown implementation, or the actor may not edit it.
        CatalogueRefusal: `item_active`, or `item_unpublished` if no version was ever published.
    """
    with transaction.atomic():
        item = _locked(actor, task_code)
        if item.state == _State.ACTIVE:
            raise CatalogueRefusal("item_active", "这个事项正在使用，不用恢复。")
        if item.current_id is None:
            raise CatalogueRefusal("item_unpublished", "这个事项还没有发布过，先发布再恢复。")
        item.state, item.state_reason = _State.ACTIVE, ""
        item.save(update_fields=["state", "state_reason"])
        _append(actor, item, ItemResumed(item.task_code))
        return item


def cancel(*, actor: Actor, task_code: str, reason: str) -> Implementation:
    """End an implementation (取消): no new cases, running ones are finished; cancelling again changes nothing.

    Raises:
        NotFound: unknown implementation, or the actor may not edit it.
        Invalid: no reason.
    """
    _require_reason(reason)
    with transaction.atomic():
        item = _locked(actor, task_code)
        if item.state != _State.CANCELLED:
            item.state, item.state_reason = _State.CANCELLED, reason.strip()
            item.save(update_fields=["state", "state_reason"])
            _append(actor, item, ItemCancelled(item.task_code, item.state_reason))
        return item


def _locked(actor: Actor, task_code: str) -> Implementation:
    # Locked first, read afterwards: a row that was waited for would come with what it was joined to before.
    Implementation.objects.select_for_update().filter(task_code=task_code).values_list("pk", flat=True).first()
    item = Implementation.objects.select_related("current").filter(task_code=task_code).first()
    if item is None or not may_edit(actor, item):
        raise NotFound("这个事项")
    return item


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("请填写原因。", fields={"reason": "请填写原因"}, code="reason_missing")
    if len(reason.strip()) > 500:
        raise Invalid("原因太长，请缩短。", fields={"reason": "最多 500 个字"}, code="reason_too_long")


def _append(actor: Actor, item: Implementation, event: EventRecord) -> None:
    chain.append(
        subject=f"item:{item.task_code}", kind=event.kind, payload=event.payload(), actor=actor, at=moment.now()
    )
