"""Writes what the pack says about items into the tables; the same pack again changes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tongban.base.pack import Changes
from tongban.catalogue import commands
from tongban.catalogue.base_elements import elements_of
from tongban.catalogue.definition import Definition
from tongban.catalogue.models import BaseItem, Implementation, ItemVersion
from tongban.catalogue.search_words import search_words
from tongban.catalogue.searching import indexing
from tongban.catalogue.summary import summary_of
from tongban.directory.models import Organisation
from tongban.kernel.actor import Actor

if TYPE_CHECKING:
    from tongban.catalogue.pack.expansion import Body
    from tongban.catalogue.pack.section import PlannedItem

_GONE = "城市数据包里不再列出"


def load(planned: Iterable[PlannedItem], actor: Actor) -> Changes:
    """Bring base items, implementations and current versions to the plan, in the caller's transaction."""
    with indexing.gathering():
        return _load(planned, actor)


def _load(planned: Iterable[PlannedItem], actor: Actor) -> Changes:
    changes = Changes()
    kept: set[int] = set()
    codes = {body.row.code for item in planned for body, _ in item.bodies}
    bodies = {row.code: row for row in Organisation.objects.filter(code__in=codes)}
    for item in planned:
        if not item.bodies:
            continue
        base = _base(item, actor, changes)
        # Also where nothing has changed: the way in which rows are written may have.
        indexing.touch(base.pk)
        _publish(actor, base, item, bodies, changes, kept)
    # What editors or an exchange file brought is not the pack's to end.
    ours = Implementation.objects.exclude(pack_digest="")
    for row in ours.exclude(pk__in=kept).exclude(state=Implementation.State.CANCELLED):
        commands.cancel(actor=actor, task_code=row.task_code, reason=_GONE)
        changes.retired.append(row.task_code)
    return changes


def _base(item: PlannedItem, actor: Actor, changes: Changes) -> BaseItem:
    definition = item.bodies[0][1]
    elements = elements_of(definition, tuple(body.level for body, _ in item.bodies))
    values: dict[str, Any] = {
        "official_code": item.shape.official_code,
        "service_targets": list(definition.service_targets),
        "topics": list(definition.topics),
        "sample_fields": list(item.shape.sample_fields),
        "rank": item.shape.rank,
        "search_text": search_words(definition),
    }
    said = json.dumps([values, elements.plain()], ensure_ascii=False, sort_keys=True)
    values["pack_digest"] = hashlib.sha256(said.encode()).hexdigest()
    base = BaseItem.objects.filter(slug=item.shape.slug).first()
    if base is None:
        changes.added.append(f"事项 {definition.name}")
        names = {"catalog_code": elements.catalog_code, "name": elements.name, "kind": elements.kind}
        base = BaseItem.objects.create(slug=item.shape.slug, **names, **values)
        commands.put_base_in_force(actor, base, elements, reissue=False)
        return base
    if base.pack_digest == values["pack_digest"]:
        # What the city's editors changed since stands, until the pack says something new.
        changes.unchanged += 1
        return base
    changed = [name for name, value in values.items() if getattr(base, name) != value]
    for name in changed:
        setattr(base, name, values[name])
    base.save(update_fields=changed)
    if commands.put_base_in_force(actor, base, elements, reissue=False):
        changed.append("基本目录要素")
    told = [name for name in changed if name != "pack_digest"]
    if told:
        changes.changed.append(f"事项 {definition.name}：{'、'.join(told)}")
    else:
        changes.unchanged += 1
    return base


def _publish(
    actor: Actor,
    base: BaseItem,
    item: PlannedItem,
    bodies: Mapping[str, Organisation],
    changes: Changes,
    kept: set[int],
) -> None:
    """Bring the implementations of one entry to the plan, their versions in one go."""
    existing = {row.organisation_id: row for row in base.implementations.all()}
    _tell_figures([row for row in existing.values() if row.current_id and not row.summary])
    wanted: list[tuple[Implementation, Definition]] = []
    made: list[Implementation] = []
    opened: set[str] = set()
    for body, definition in item.bodies:
        row = existing.get(bodies[body.row.code].pk)
        digest = commands.digest_of(definition)
        revived = row is not None and row.state == Implementation.State.CANCELLED and row.state_reason == _GONE
        if row is not None and row.pack_digest == digest and not revived:
            kept.add(row.pk)
            changes.unchanged += 1
            continue
        if row is None:
            row = _new(base, bodies[body.row.code], body, definition)
            made.append(row)
        elif row.task_code != definition.task_code or row.level != body.level:
            row.task_code, row.level = definition.task_code, body.level
            row.save(update_fields=["task_code", "level"])
        if revived:
            commands.resume(actor=actor, task_code=row.task_code)
        is_new = row.current_id is None
        if is_new:
            opened.add(definition.task_code)
        row.pack_digest = digest
        wanted.append((row, definition))
        (changes.added if is_new else changes.changed).append(f"{body.row.name} · {definition.name}")
    Implementation.objects.bulk_create(made)
    commands.publish_many(actor=actor, definitions=[one for _, one in wanted], opened=opened)
    Implementation.objects.bulk_update([row for row, _ in wanted], ["pack_digest"], batch_size=500)
    kept.update(row.pk for row, _ in wanted)


def _tell_figures(rows: list[Implementation]) -> None:
    """Give figures to what was published before they were kept beside the definition."""
    versions = ItemVersion.objects.in_bulk([row.current_id for row in rows])
    for row in rows:
        definition = versions[row.current_id].parsed
        row.summary, row.windows = summary_of(definition), list(definition.windows)
    Implementation.objects.bulk_update(rows, ["summary", "windows"])


def _new(base: BaseItem, organisation: Organisation, body: Body, definition: Definition) -> Implementation:
    # Suspended until its first version is published a moment later: an active one has a version.
    return Implementation(
        base=base,
        organisation=organisation,
        division_id=organisation.division_id,
        level=body.level,
        task_code=definition.task_code,
        state=Implementation.State.SUSPENDED,
        state_reason="尚未发布",
    )
