"""Items of a file put in force: all of it, or nothing where anything is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from tongban.catalogue.base_elements import BaseElements
from tongban.catalogue.commands.bases import put_base_in_force
from tongban.catalogue.commands.held import CatalogueRefusal
from tongban.catalogue.commands.publishing import publish_many
from tongban.catalogue.commands.standing import cancel, resume, suspend
from tongban.catalogue.exchange import source
from tongban.catalogue.exchange.dictionaries import DEFAULT, DICTIONARIES
from tongban.catalogue.exchange.record import Record
from tongban.catalogue.exchange.workbook import UnreadableError
from tongban.catalogue.importing.planning import Planned, Planner
from tongban.catalogue.importing.report import Report
from tongban.catalogue.models import BaseItem, Implementation
from tongban.files.queries import screen_workbook
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid

#: Items that are looked at together.
_BLOCK: Final = 500
_BY_FILE: Final = "导入的文件写明"


class _Undone(Exception):  # noqa: N818 - not an error: it takes back what a file with errors had begun
    """Ends the transaction of an import that found something wrong."""


def import_items(
    *,
    actor: Actor,
    name: str,
    data: bytes,
    form: str = "",
    dictionary: str = DEFAULT,
    division: str = "",
    dry_run: bool = False,
) -> Report:
    """Put the items of a file in force without review: for first loads, by whoever runs the installation.

    Nothing is written where the report has an error, or in a dry run. The same file again changes nothing.

    Raises:
        Invalid: `import_unreadable`, the file cannot be read; `import_dictionary`, there is no such dictionary.
        FileRefusal: a workbook that is damaged, locked, too large, or holds macros.
        CatalogueRefusal: `import_not_allowed`, the actor is a person: people's changes are reviewed.
    """
    if not dry_run and not actor.is_system:
        raise CatalogueRefusal(
            "import_not_allowed", "导入直接生效只能由系统管理员在命令行进行。请生成变更单，送审后生效。"
        )
    report = Report()
    records = read_records(report, name=name, data=data, form=form, dictionary=dictionary)
    planner = Planner(actor, division)
    report.add(planner.prepare(records))
    try:
        with transaction.atomic():
            for start in range(0, len(records), _BLOCK):
                planned, found = planner.plan(records[start : start + _BLOCK], lock=not dry_run)
                report.add(found)
                report.outcomes.extend(one.outcome for one in planned)
                if report.is_good and not dry_run:
                    _carry_out(actor, planned)
                # What was looked at is let go: a large file would fill the memory.
                records[start : start + _BLOCK] = [Record(one.place) for one in records[start : start + _BLOCK]]
            if dry_run or not report.is_good:
                raise _Undone
    except _Undone:
        return report
    report.done = True
    return report


def read_records(report: Report, *, name: str, data: bytes, form: str, dictionary: str) -> list[Record]:
    """The records of a file, with what is wrong in its cells put into the report; see `import_items`."""
    if dictionary not in DICTIONARIES:
        words = "、".join(DICTIONARIES)
        raise Invalid(f"没有“{dictionary}”这个代码表。可以用：{words}。", code="import_dictionary")
    try:
        shown = source.format_of(name, data)
        wanted = next((one for one in source.FORMATS if one == form), shown)
        if wanted != shown and "xlsx" in (wanted, shown):
            raise UnreadableError(f"文件的内容不是 {wanted}。请核对文件，或者不指定格式。")
        if wanted == "xlsx":
            screen_workbook(data)
        reading = source.read(name, data, wanted, DICTIONARIES[dictionary])
    except UnreadableError as error:
        raise Invalid(str(error), code="import_unreadable") from error
    report.add(reading.findings)
    return reading.records


def _carry_out(actor: Actor, planned: Sequence[Planned]) -> None:
    """Write what a block of the file changes."""
    revived = [one for one in planned if one.item and one.item.state == "cancelled" and one.state == "active"]
    for one in revived:
        resume(actor=actor, task_code=one.record.task_code)
    bases = {one.base.catalog_code: one.base for one in planned if one.base}
    new = [one for one in planned if one.act == "new"]
    for one in new:
        code = str(one.record.values["definition.catalog_code"])
        if code not in bases:
            bases[code] = BaseItem.objects.filter(catalog_code=code).first() or _entry(actor, one, code)
    Implementation.objects.bulk_create(
        Implementation(
            base=bases[str(one.record.values["definition.catalog_code"])],
            organisation=one.body,
            division_id=one.body.division_id,
            level=one.record.level,
            task_code=one.record.task_code,
            # Suspended until its first version is published a moment later: an active one has a version.
            state=Implementation.State.SUSPENDED,
            state_reason="尚未发布" if one.state != "suspended" else f"{_BY_FILE}暂停",
        )
        for one in new
        if one.item is None
    )
    published = [one for one in planned if one.act in ("new", "changed") and one.definition is not None]
    publish_many(
        actor=actor,
        definitions=[one.definition for one in published if one.definition is not None],
        opened={one.record.task_code for one in new if one.state in (None, "active")},
        checked=True,
    )
    for one in planned:
        _set_state(actor, one)
        _set_entry(one, bases)


def _entry(actor: Actor, one: Planned, code: str) -> BaseItem:
    assert one.elements is not None
    stated = one.record.base
    elements = BaseElements.model_validate(one.elements)
    base = BaseItem.objects.create(
        slug=stated.get("slug") or f"item-{code.lower()}",
        catalog_code=code,
        name=elements.name,
        kind=elements.kind,
        service_targets=[],
        topics=[],
        search_text="",
    )
    put_base_in_force(actor, base, elements, reissue=False)
    return base


def _set_entry(one: Planned, bases: dict[str, BaseItem]) -> None:
    """What the file states of the entry beside its elements."""
    base = bases.get(str(one.record.values.get("definition.catalog_code")))
    stated = {name: value for name, value in one.record.base.items() if name != "slug"}
    changed = [name for name, value in stated.items() if base is not None and getattr(base, name) != value]
    if base is not None and changed:
        for name in changed:
            setattr(base, name, stated[name])
        base.save(update_fields=changed)


def _set_state(actor: Actor, one: Planned) -> None:
    item, state = one.item, one.state
    if item is None or one.act == "new" or state in (None, item.state):
        return
    if state == "active" and item.state == "suspended":
        resume(actor=actor, task_code=one.record.task_code)
    elif state == "suspended":
        suspend(actor=actor, task_code=one.record.task_code, reason=f"{_BY_FILE}暂停")
    elif state == "cancelled":
        cancel(actor=actor, task_code=one.record.task_code, reason=f"{_BY_FILE}取消")
