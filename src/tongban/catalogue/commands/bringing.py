"""Files of items that editors hand in on the desk: checked at once, carried out as change orders that are reviewed."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import transaction

from tongban.base import moment
from tongban.catalogue.commands import drafting, held
from tongban.catalogue.commands.held import CatalogueRefusal
from tongban.catalogue.commands.importing import import_items, read_records
from tongban.catalogue.exchange.findings import Finding
from tongban.catalogue.importing.planning import Planned, Planner
from tongban.catalogue.importing.report import Outcome, Report
from tongban.catalogue.models import BaseItem, ItemChange, ItemImport
from tongban.catalogue.policy import may_import
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound, Refusal

#: Bytes of a file on the desk, and change orders that one file may become; more goes in by the command line.
BYTES_MAX: Final = 10 * 1024 * 1024
ORDERS_MAX: Final = 300
#: Lines of the report that are kept.
_LINES_MAX: Final = 2_000
_Kind = ItemChange.Kind
#: Change orders that only set the state, by the state wanted.
_KINDS: Final = {"active": _Kind.RESUME, "suspended": _Kind.SUSPEND, "cancelled": _Kind.CANCEL}


def check_import(*, actor: Actor, name: str, data: bytes, dictionary: str) -> ItemImport:
    """Look at a file and keep it with its report; the editor's file before it is let go. Changes no item.

    Raises:
        NotFound: the actor edits no items.
        Invalid: `import_unreadable`, `import_dictionary`, `import_too_large`. FileRefusal: see `import_items`.
    """
    if actor.account_id is None or not may_import(actor):
        raise NotFound("事项导入")
    if len(data) > BYTES_MAX:
        megabytes = BYTES_MAX // 1024 // 1024
        raise Invalid(
            f"文件超过 {megabytes} MB。请分成几个文件，或者请系统管理员用命令行导入。", code="import_too_large"
        )
    report = import_items(actor=actor, name=name, data=data, dictionary=dictionary, dry_run=True)
    _bound(report)
    with transaction.atomic():
        ItemImport.objects.select_for_update().filter(account=actor.account_id, state=ItemImport.State.CHECKED).delete()
        return ItemImport.objects.create(
            account=actor.account_id,
            name=name[-200:],
            dictionary=dictionary,
            data=data,
            created_at=moment.now(),
            is_good=report.is_good,
            findings=[list(one.cells) for one in report.findings[:_LINES_MAX]],
            outcomes=[_kept(one) for one in report.outcomes if one.act != "unchanged"][:_LINES_MAX],
            counts=report.counts,
        )


def confirm_import(*, actor: Actor, public_id: UUID, reason: str) -> ItemImport:
    """Make a change order of each item that the file changes and hand it in for review; again changes nothing.

    Raises:
        NotFound: unknown file, or another editor's.
        Invalid: `reason_missing`, `reason_too_long`; `import_faults`, something stands in the way by now.
        CatalogueRefusal: of a change order, with the item named.
    """
    why = held.required(reason, "reason", "变更理由", 1000)
    with transaction.atomic():
        kept = ItemImport.objects.select_for_update().filter(public_id=public_id).first()
        if kept is None or kept.account != actor.account_id or not may_import(actor):
            raise NotFound("这次导入")
        if kept.state == ItemImport.State.DONE:
            return kept
        report = Report()
        records = read_records(report, name=kept.name, data=bytes(kept.data), form="", dictionary=kept.dictionary)
        planner = Planner(actor)
        report.add(planner.prepare(records))
        planned, found = planner.plan(records, lock=True)
        report.add(found)
        report.outcomes.extend(one.outcome for one in planned)
        _bound(report)
        if not report.is_good:
            raise Invalid("文件检查以后，目录或者事项有了变化，现在有错误。请重新上传检查。", code="import_faults")
        kept.orders = [number for one in planned for number in _order(actor, one, why)]
        kept.state, kept.data = ItemImport.State.DONE, b""
        kept.save(update_fields=["orders", "state", "data"])
        return kept


def _bound(report: Report) -> None:
    """Refuse what review cannot be asked for in one go, and entries of the directory that do not exist yet."""
    wanted = [one for one in report.outcomes if one.act in ("new", "changed", "state")]
    if len(wanted) > ORDERS_MAX:
        message = f"文件要改 {len(wanted)} 个事项，一次最多 {ORDERS_MAX} 个"
        report.add([Finding(message=message, hint="分成几个文件，或者请系统管理员用命令行导入")])
    known = set(
        BaseItem.objects.filter(catalog_code__in={one.task_code[19:31] for one in wanted if one.act == "new"})
        .values_list("catalog_code", flat=True)
        .order_by()
    )
    report.add(
        [
            Finding(
                sheet="事项",
                row=one.row,
                value=one.task_code[19:31],
                message="基本目录里没有这个事项",
                hint="先用变更单新增目录事项，通过以后再导入实施清单",
            )
            for one in wanted
            if one.act == "new" and one.task_code[19:31] not in known
        ]
    )


def _order(actor: Actor, one: Planned, reason: str) -> list[str]:
    """The change orders of one item: its content, and its state where that changes."""
    kinds = []
    if one.act in ("new", "changed"):
        kinds.append(_Kind.NEW if one.act == "new" else _Kind.CHANGE)
    elif one.act == "state" and one.state:
        kinds.append(_KINDS[one.state])
    try:
        return [_handed_in(actor, one, kind, reason) for kind in kinds]
    except Refusal as refusal:
        name = one.definition.name if one.definition else one.record.task_code
        raise CatalogueRefusal(refusal.code, f"{one.body.name}“{name}”：{refusal.message}") from refusal


def _handed_in(actor: Actor, one: Planned, kind: ItemChange.Kind, reason: str) -> str:
    if kind == _Kind.NEW:
        code = str(one.record.values["definition.catalog_code"])
        change = drafting.take_up(actor=actor, catalog_code=code, organisation_code=one.body.code)
    else:
        change = drafting.change_implementation(actor=actor, task_code=one.record.task_code, kind=kind)
    content: dict[str, Any] | None = None
    if kind in (_Kind.NEW, _Kind.CHANGE) and one.definition is not None:
        content = one.definition.digestible()
    change = drafting.save_change(
        actor=actor, number=change.number, revision=change.revision, content=content, reason=reason
    )
    drafting.submit_change(actor=actor, number=change.number, revision=change.revision)
    return change.number


def _kept(one: Outcome) -> dict[str, Any]:
    return {
        "row": one.row,
        "task_code": one.task_code,
        "name": one.name,
        "organisation": one.organisation,
        "act": one.act,
        "changes": [[change.words, change.before, change.after] for change in one.changes],
    }
