"""Putting a definition in force."""

from __future__ import annotations

import hashlib
import json

from django.db import transaction

from tongban.base import moment
from tongban.catalogue.base_elements import locked_faults
from tongban.catalogue.commands import held
from tongban.catalogue.commands.held import CatalogueRefusal
from tongban.catalogue.definition import Definition
from tongban.catalogue.events import ItemVersionPublished
from tongban.catalogue.models import BaseItem, Implementation, ItemVersion
from tongban.catalogue.policy import may_edit
from tongban.catalogue.rules import faults
from tongban.catalogue.search_words import search_words
from tongban.catalogue.summary import summary_of
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound


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
        item = held.implementation(task_code)
        if not may_edit(actor, item):
            raise NotFound("这个事项")
        return put_in_force(actor, item, definition)


def put_in_force(actor: Actor, item: Implementation, definition: Definition) -> ItemVersion:
    """Publish for an implementation that is held; who may do so was decided before.

    Raises:
        CatalogueRefusal: `item_cancelled`.
        Invalid: `item_faults`, `item_code`.
    """
    if item.state == Implementation.State.CANCELLED:
        raise CatalogueRefusal("item_cancelled", "这个事项已经取消，不能发布新版本。需要恢复的，先恢复再发布。")
    if definition.task_code != item.task_code:
        raise Invalid("指南里的实施编码与事项不一致，请核对。", code="item_code")
    found = [*faults(definition), *locked_faults(definition, item.base.elements)]
    if found:
        fields = {fault.path: fault.message for fault in reversed(found)}
        raise Invalid("事项还不能发布，请按提示修改。", fields=fields, code="item_faults")
    digest = digest_of(definition)
    current = item.current
    if current is not None and current.digest == digest:
        return current
    latest = item.versions.order_by("-number").values_list("number", flat=True).first()
    version = ItemVersion.objects.create(
        implementation=item,
        number=(latest or 0) + 1,
        definition=definition.digestible(),
        digest=digest,
        published_at=moment.now(),
        published_by=actor.ref,
    )
    item.current, item.summary, item.windows = version, summary_of(definition), list(definition.windows)
    item.save(update_fields=["current", "summary", "windows"])
    _follow(item.base, definition)
    held.append(actor, f"item:{item.task_code}", ItemVersionPublished(item.task_code, version.number, digest))
    return version


def _follow(base: BaseItem, definition: Definition) -> None:
    """Let the entry be found by whom and for what its bodies run it."""
    targets = [*base.service_targets, *(one for one in definition.service_targets if one not in base.service_targets)]
    topics = [*base.topics, *(one for one in definition.topics if one not in base.topics)]
    text = " ".join(dict.fromkeys([*base.search_text.split(), *search_words(definition).split()]))
    if (targets, topics, text) != (base.service_targets, base.topics, base.search_text):
        base.service_targets, base.topics, base.search_text = targets, topics, text
        base.save(update_fields=["service_targets", "topics", "search_text"])
