"""Putting definitions in force: one, or those of a whole file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from tongban.base import chain, moment, writing
from tongban.catalogue.base_elements import locked_faults
from tongban.catalogue.commands import held
from tongban.catalogue.commands.contents import level_of
from tongban.catalogue.commands.held import CatalogueRefusal
from tongban.catalogue.definition import Definition
from tongban.catalogue.events import ItemResumed, ItemVersionPublished
from tongban.catalogue.models import BaseItem, Implementation, ItemVersion
from tongban.catalogue.policy import may_edit
from tongban.catalogue.rules import faults
from tongban.catalogue.search_words import search_words
from tongban.catalogue.searching import indexing
from tongban.catalogue.summary import summary_of
from tongban.directory.models import Organisation
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound

#: Definitions that go into one statement.
_BLOCK = 200


def digest_of(definition: Definition) -> str:
    """SHA-256, hex, over the definition's canonical JSON: equal definitions have equal digests."""
    return _digest(definition.digestible())


def _digest(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
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


def publish_many(
    *, actor: Actor, definitions: Sequence[Definition], opened: Collection[str] = (), checked: bool = False
) -> list[ItemVersion]:
    """Put many definitions in force at once, each to the effect of `publish_version`; all of them or none.

    Implementations whose code is in `opened` take cases from now on, to the effect of `resume`. `checked` says that
    the caller has found no fault in any of them.

    Raises:
        NotFound, CatalogueRefusal, Invalid: as `publish_version`, for the first that is refused.
    """
    made: list[ItemVersion] = []
    with transaction.atomic(), indexing.gathering():
        for start in range(0, len(definitions), _BLOCK):
            block = definitions[start : start + _BLOCK]
            items = held.implementations([one.task_code for one in block])
            if not all(may_edit(actor, item) for item in items.values()):
                raise NotFound("这个事项")
            pairs = [(items[one.task_code], one) for one in block]
            made.extend(put_all_in_force(actor, pairs, opened=opened, checked=checked))
    return made


def new_place(base: BaseItem, body: Organisation, task_code: str) -> Implementation:
    """The row of a body that takes an entry up, held, waiting for its first version; also after it was given up."""
    waiting = {"state": Implementation.State.SUSPENDED, "state_reason": "尚未发布"}
    values = {"division_id": body.division_id, "level": level_of(body.division), "task_code": task_code}
    row, _made = Implementation.objects.get_or_create(base=base, organisation=body, defaults=values | waiting)
    item = held.implementation(row.task_code)
    if item.state == Implementation.State.CANCELLED:
        item.state, item.state_reason = waiting["state"], waiting["state_reason"]
    return item


def put_in_force(actor: Actor, item: Implementation, definition: Definition) -> ItemVersion:
    """Publish for an implementation that is held; who may do so was decided before.

    Raises:
        CatalogueRefusal: `item_cancelled`.
        Invalid: `item_faults`, `item_code`.
    """
    return put_all_in_force(actor, [(item, definition)])[0]


def put_all_in_force(
    actor: Actor,
    pairs: Sequence[tuple[Implementation, Definition]],
    *,
    opened: Collection[str] = (),
    checked: bool = False,
) -> list[ItemVersion]:
    """Publish for implementations that are held; see `publish_many`. What is in force already stays the version."""
    for item, definition in pairs:
        _require_publishable(item, definition, checked=checked)
    contents = {item.pk: definition.digestible() for item, definition in pairs}
    digests = {key: _digest(content) for key, content in contents.items()}
    found = {item.pk: item.current for item, _ in pairs if item.current and item.current.digest == digests[item.pk]}
    changed = [(item, definition) for item, definition in pairs if item.pk not in found]
    latest = ItemVersion.objects.filter(implementation__in=[item for item, _ in changed]).values_list("implementation")
    numbers = dict(latest.annotate(Max("number")).order_by())
    made: dict[int, ItemVersion] = {}
    to_open = [item for item, _ in pairs if item.task_code in opened and item.state != Implementation.State.ACTIVE]
    with writing.together():
        if len(pairs) > 1:
            chain.hold(f"item:{item.task_code}" for item in [*(item for item, _ in changed), *to_open])
        for item, definition in changed:
            made[item.pk] = version = writing.create(
                ItemVersion(
                    implementation=item,
                    number=numbers.get(item.pk, 0) + 1,
                    definition=contents[item.pk],
                    digest=digests[item.pk],
                    published_at=moment.now(),
                    published_by=actor.ref,
                )
            )
            item.current, item.summary, item.windows = version, summary_of(definition), list(definition.windows)
            event = ItemVersionPublished(item.task_code, version.number, version.digest)
            held.append(actor, f"item:{item.task_code}", event)
        for item in to_open:
            item.state, item.state_reason = Implementation.State.ACTIVE, ""
            held.append(actor, f"item:{item.task_code}", ItemResumed(item.task_code))
    Implementation.objects.bulk_update(
        {item.pk: item for item in [*(item for item, _ in changed), *to_open]}.values(),
        ["current", "summary", "windows", "state", "state_reason"],
    )
    _follow(changed)
    with indexing.gathering():
        for item, _ in pairs:
            indexing.touch(item.base_id)
    return [found.get(item.pk) or made[item.pk] for item, _ in pairs]


def _require_publishable(item: Implementation, definition: Definition, *, checked: bool) -> None:
    if item.state == Implementation.State.CANCELLED:
        raise CatalogueRefusal("item_cancelled", "这个事项已经取消，不能发布新版本。需要恢复的，先恢复再发布。")
    if definition.task_code != item.task_code:
        raise Invalid("指南里的实施编码与事项不一致，请核对。", code="item_code")
    found = list(locked_faults(definition, item.base.elements))
    if not checked:
        found = [*faults(definition), *found]
    if found:
        fields = {fault.path: fault.message for fault in reversed(found)}
        raise Invalid("事项还不能发布，请按提示修改。", fields=fields, code="item_faults")


def _follow(changed: Sequence[tuple[Implementation, Definition]]) -> None:
    """Let the entries be found by whom and for what their bodies run them."""
    bases = {item.base_id: item.base for item, _ in changed}
    moved: dict[int, BaseItem] = {}
    words: dict[tuple[object, ...], str] = {}
    for item, definition in changed:
        base = item.base = bases[item.base_id]
        targets = list(dict.fromkeys([*base.service_targets, *definition.service_targets]))
        topics = list(dict.fromkeys([*base.topics, *definition.topics]))
        said = (definition.name, definition.search_words, definition.result.name)
        own = words.get(said) or words.setdefault(said, search_words(definition))
        text = " ".join(dict.fromkeys([*base.search_text.split(), *own.split()]))
        if (targets, topics, text) != (base.service_targets, base.topics, base.search_text):
            base.service_targets, base.topics, base.search_text = targets, topics, text
            moved[base.pk] = base
    BaseItem.objects.bulk_update(moved.values(), ["service_targets", "topics", "search_text"])
