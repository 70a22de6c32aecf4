"""Writes what the pack says about items into the tables; the same pack again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tongban.base.pack import Changes
from tongban.catalogue import commands
from tongban.catalogue.definition import Definition
from tongban.catalogue.models import BaseItem, Implementation
from tongban.catalogue.search_words import search_words
from tongban.directory.models import Organisation
from tongban.kernel.actor import Actor

if TYPE_CHECKING:
    from tongban.catalogue.pack.expansion import Body
    from tongban.catalogue.pack.section import PlannedItem

_GONE = "城市数据包里不再列出"


def load(planned: Iterable[PlannedItem], actor: Actor) -> Changes:
    """Bring base items, implementations and current versions to the plan, in the caller's transaction."""
    changes = Changes()
    kept: set[int] = set()
    codes = {body.row.code for item in planned for body, _ in item.bodies}
    bodies = {row.code: row for row in Organisation.objects.filter(code__in=codes)}
    for item in planned:
        if not item.bodies:
            continue
        base = _base(item, changes)
        existing = {row.organisation_id: row for row in base.implementations.select_related("current")}
        for body, definition in item.bodies:
            row = existing.get(bodies[body.row.code].pk) or _new(base, bodies[body.row.code], body, definition)
            kept.add(row.pk)
            _publish(actor, row, body, definition, changes)
    for row in Implementation.objects.exclude(pk__in=kept).exclude(state=Implementation.State.CANCELLED):
        commands.cancel(actor=actor, task_code=row.task_code, reason=_GONE)
        changes.retired.append(row.task_code)
    return changes


def _base(item: PlannedItem, changes: Changes) -> BaseItem:
    definition = item.bodies[0][1]
    values: dict[str, Any] = {
        "catalog_code": definition.catalog_code,
        "official_code": item.shape.official_code,
        "name": definition.name,
        "kind": definition.kind,
        "service_targets": list(definition.service_targets),
        "topics": list(definition.topics),
        "sample_fields": list(item.shape.sample_fields),
        "rank": item.shape.rank,
        "search_text": search_words(definition),
    }
    base = BaseItem.objects.filter(slug=item.shape.slug).first()
    if base is None:
        changes.added.append(f"事项 {definition.name}")
        return BaseItem.objects.create(slug=item.shape.slug, **values)
    changed = [name for name, value in values.items() if getattr(base, name) != value]
    if not changed:
        changes.unchanged += 1
        return base
    for name in changed:
        setattr(base, name, values[name])
    base.save(update_fields=changed)
    changes.changed.append(f"事项 {definition.name}：{'、'.join(changed)}")
    return base


def _new(base: BaseItem, organisation: Organisation, body: Body, definition: Definition) -> Implementation:
    # Suspended until its first version is published a moment later: an active one has a version.
    return Implementation.objects.create(
        base=base,
        organisation=organisation,
        division_id=organisation.division_id,
        level=body.level,
        task_code=definition.task_code,
        state=Implementation.State.SUSPENDED,
        state_reason="尚未发布",
    )


def _publish(actor: Actor, row: Implementation, body: Body, definition: Definition, changes: Changes) -> None:
    new = row.current_id is None
    if row.task_code != definition.task_code or row.level != body.level:
        row.task_code, row.level = definition.task_code, body.level
        row.save(update_fields=["task_code", "level"])
    revived = row.state == Implementation.State.CANCELLED
    if revived:
        commands.resume(actor=actor, task_code=row.task_code)
    if row.current is not None and row.current.digest == commands.digest_of(definition) and not revived:
        changes.unchanged += 1
        return
    commands.publish_version(actor=actor, task_code=row.task_code, definition=definition)
    if new:
        commands.resume(actor=actor, task_code=row.task_code)
    (changes.added if new else changes.changed).append(f"{body.row.name} · {definition.name}")
