"""Brings the directory's tables to what a pack says, with few statements. Runs inside the caller's transaction.

A pack never undoes an act: what a command renamed, merged or founded stays as the command left it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Manager, Model

from tongban.base import moment
from tongban.base.pack import Changes
from tongban.directory.models import (
    Division,
    DivisionBoundary,
    DivisionSuccession,
    Organisation,
    OrganisationName,
    OrganisationSuccession,
    Place,
)
from tongban.directory.pack.rows import OrganisationRow, Plan, SuccessionRow
from tongban.directory.search_words import search_words
from tongban.kernel import chinese

M = TypeVar("M", bound=Model)

_BATCH_ROWS = 500


def load(plan: Plan) -> Changes:
    """Load everything in the plan."""
    changes = Changes()
    _load_divisions(plan, changes)
    _load_boundaries(plan, changes)
    bodies = _load_organisations(plan, changes)
    _load_successions(plan, bodies, changes)
    _load_places(plan, bodies, changes)
    return changes


def _sync(
    manager: Manager[M],
    rows: Mapping[str, dict[str, Any]],
    existing: Mapping[str, M],
    make: Callable[[str, dict[str, Any]], M],
    changes: Changes,
    label: Callable[[M], str],
) -> list[M]:
    """Create what is new and update what differs; returns the created objects. Nothing is taken away here."""
    new: list[M] = []
    different: list[M] = []
    fields: set[str] = set()
    for key, values in rows.items():
        thing = existing.get(key)
        if thing is None:
            new.append(make(key, values))
            continue
        changed = {name for name, value in values.items() if getattr(thing, name) != value}
        if not changed:
            changes.unchanged += 1
            continue
        for name in changed:
            setattr(thing, name, values[name])
        fields |= changed
        different.append(thing)
    if new:
        manager.bulk_create(new, batch_size=_BATCH_ROWS)
        changes.added.extend(label(thing) for thing in new)
    if different:
        manager.bulk_update(different, sorted(fields), batch_size=_BATCH_ROWS)
        changes.changed.extend(label(thing) for thing in different)
    return new


def _retire(existing: Iterable[Division | Organisation | Place], changes: Changes) -> None:
    """End today what the pack no longer holds."""
    today = moment.today()
    for thing in existing:
        if thing.valid_to is None:
            thing.valid_to = today
            thing.save(update_fields=["valid_to"])
            changes.retired.append(str(thing))


def _load_divisions(plan: Plan, changes: Changes) -> None:
    existing = Division.objects.in_bulk()
    rows = {
        code: {
            "name": row.name,
            "level": row.level,
            "parent_id": row.parent or None,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "internal": row.internal,
            "note": row.note,
            **_division_words(existing.get(code), row.name),
        }
        for code, row in plan.divisions.items()
    }
    _sync(Division.objects, rows, existing, lambda code, values: Division(code=code, **values), changes, str)
    _retire((row for code, row in existing.items() if code not in rows), changes)
    successions = {row.old: row for row in plan.division_successions}
    known = {row.old_id: row for row in DivisionSuccession.objects.all()}
    _sync(
        DivisionSuccession.objects,
        {old: {"new_id": row.new, "on": row.on, "basis": row.basis} for old, row in successions.items()},
        known,
        lambda old, values: DivisionSuccession(old_id=old, **values),
        changes,
        lambda row: f"{row.old_id} → {row.new_id}",
    )


def _division_words(known: Division | None, name: str) -> dict[str, str]:
    """Search text and sort key, made anew only with the name: cutting words is the dear part of a load."""
    if known is not None and known.name == name:
        return {}
    return {"search_text": chinese.search_text(name), "sort_key": chinese.sort_key(name)}


def _load_boundaries(plan: Plan, changes: Changes) -> None:
    existing = {row.division_id: row for row in DivisionBoundary.objects.all()}
    rows = {code: {"polygons": polygons} for code, polygons in plan.boundaries.items()}
    _sync(
        DivisionBoundary.objects,
        rows,
        existing,
        lambda code, values: DivisionBoundary(division_id=code, **values),
        changes,
        lambda row: f"边界 {row.division_id}",
    )


def _load_organisations(plan: Plan, changes: Changes) -> dict[str, Organisation]:
    bodies = {body.ref: body for body in Organisation.objects.all()}
    followed = set(OrganisationSuccession.objects.filter(from_pack=False).values_list("old__ref", flat=True))
    worn = _names_worn()
    waiting = dict(plan.organisations)
    while waiting:
        # Parents first: a body can only point at one that has a key.
        wave = {ref: row for ref, row in waiting.items() if not row.parent or row.parent not in waiting}
        if not wave:
            raise ValueError(f"organisations are their own parents: {sorted(waiting)[:5]}")
        rows = {ref: _organisation_values(row, bodies, followed, worn) for ref, row in wave.items()}
        renamed = {ref for ref in rows if ref in bodies and bodies[ref].name != rows[ref]["name"]}
        new = _sync(
            Organisation.objects, rows, bodies, lambda ref, values: Organisation(ref=ref, **values), changes, str
        )
        _write_names(new, [bodies[ref] for ref in renamed])
        bodies |= {body.ref: body for body in new}
        waiting = {ref: row for ref, row in waiting.items() if ref not in wave}
    _retire((body for ref, body in bodies.items() if body.from_pack and ref not in plan.organisations), changes)
    return bodies


def _new_organisation(ref: str, values: dict[str, Any]) -> Organisation:
    return Organisation(ref=ref, **values)


def _names_worn() -> dict[int, set[str]]:
    worn: dict[int, set[str]] = {}
    for body, name in OrganisationName.objects.values_list("organisation_id", "name"):
        worn.setdefault(body, set()).add(name)
    return worn


def _organisation_values(
    row: OrganisationRow,
    bodies: Mapping[str, Organisation],
    followed: set[str],
    worn: Mapping[int, set[str]],
) -> dict[str, Any]:
    known = bodies.get(row.ref)
    name, short_name, valid_to = row.name, row.short_name, row.valid_to
    if known is not None and row.name != known.name and row.name in worn.get(known.pk, ()):
        name, short_name = known.name, known.short_name  # A command renamed it after the pack was written.
    if known is not None and row.ref in followed:
        valid_to = known.valid_to
    return {
        "code": row.code,
        "sample_code": row.sample_code,
        "name": name,
        "short_name": short_name,
        "kind": row.kind,
        "division_id": row.division,
        "parent_id": bodies[row.parent].pk if row.parent else None,
        "valid_from": row.valid_from,
        "valid_to": valid_to,
        "from_pack": True,
        **_organisation_words(known, name, short_name),
    }


def _organisation_words(known: Organisation | None, name: str, short_name: str) -> dict[str, str]:
    if known is not None and (known.name, known.short_name) == (name, short_name):
        return {}
    return {"search_text": search_words(name, short_name), "sort_key": chinese.sort_key(name)}


def _write_names(new: Iterable[Organisation], corrected: Iterable[Organisation]) -> None:
    """Begin the list of names of new bodies; put right the last name of those that the pack corrects."""
    OrganisationName.objects.bulk_create(
        [OrganisationName(organisation=body, name=body.name, short_name=body.short_name) for body in new],
        batch_size=_BATCH_ROWS,
    )
    for body in corrected:
        names = OrganisationName.objects.filter(organisation=body, valid_to__isnull=True)
        names.update(name=body.name, short_name=body.short_name)


def _load_successions(plan: Plan, bodies: Mapping[str, Organisation], changes: Changes) -> None:
    existing = {row.old.ref: row for row in OrganisationSuccession.objects.select_related("old")}
    entered = {ref for ref, row in existing.items() if not row.from_pack}
    wanted = [row for row in plan.organisation_successions if row.old not in entered]

    def values(row: SuccessionRow) -> dict[str, Any]:
        return {"new_id": bodies[row.new].pk, "on": row.on, "basis": row.basis, "from_pack": True}

    _sync(
        OrganisationSuccession.objects,
        {row.old: values(row) for row in wanted},
        existing,
        lambda old, rest: OrganisationSuccession(old=bodies[old], **rest),
        changes,
        lambda row: f"承继 {row.old.name}",
    )


def _load_places(plan: Plan, bodies: Mapping[str, Organisation], changes: Changes) -> None:
    existing = {row.code: row for row in Place.objects.all()}
    rows = {
        code: {
            "name": row.name,
            "kind": row.kind,
            "division_id": row.division,
            "organisation_id": bodies[row.organisation].pk,
            "address": row.address,
            "phone": row.phone,
            "hours": row.hours,
            "lon": row.lon,
            "lat": row.lat,
            "sample": row.sample,
            "valid_to": None,
        }
        for code, row in plan.places.items()
    }
    _sync(Place.objects, rows, existing, lambda code, values: Place(code=code, **values), changes, str)
    _retire((place for code, place in existing.items() if code not in rows), changes)
