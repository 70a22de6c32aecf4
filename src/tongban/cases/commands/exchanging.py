"""Reporting cases to the exchange (数据汇聚): batches are ordered, made page by page, and given out with a trace."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from tongban.base import chain, jobs, moment, numbering
from tongban.base.records import EventRecord
from tongban.cases import events
from tongban.cases.exchange import envelope, marks, sources
from tongban.cases.exchange.columns import Row
from tongban.cases.exchange.export import FORMS
from tongban.cases.exchange.picture import Picture, pictures
from tongban.cases.exchange.reach import access_batch, require_reach, within
from tongban.cases.exchange.rows import rows
from tongban.cases.exchange.tables import TABLES
from tongban.cases.models import Case, ExchangeBatch, ExchangeFault, ExchangeMark, ExchangeRow
from tongban.cases.queries.exchange import RowPage, reported_rows
from tongban.cases.refusals import CaseRefusal
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.problems import Invalid, NotFound

#: A batch on which nothing was done for so long has lost its worker.
STILL_MINUTES = 5
#: Cases that may be asked for by number in one batch.
RESEND_MAX = 200


def order_batch(
    *,
    actor: Actor,
    reach: str | None = None,
    mode: str = "changes",
    case_numbers: Sequence[str] = (),
    now: bool = False,
) -> ExchangeBatch:
    """Order a batch: what changed since the last one, everything again, or these cases again with the next version.

    The first batch of a reach looks at every case, whatever was asked. A job makes it; with `now` the caller does
    (`make_batch`).

    Raises:
        NotFound: the reach is not the actor's, or a case is not within it.
        Invalid: no such mode, no case to send again, or too many.
        CaseRefusal: a batch of this reach is being made.
    """
    reach = require_reach(actor, reach)
    if mode not in ExchangeBatch.Kind.values:
        raise Invalid(fields={"mode": _("请选择增量、全量或者重报。")}, code="mode_unknown")
    ids = _named(reach, case_numbers) if mode == ExchangeBatch.Kind.RESEND else []
    try:
        with transaction.atomic():
            batch = _ordered(actor, reach, mode, ids)
            if not now:
                _queue(batch.number)
    except IntegrityError as error:
        if "exchange_one_at_work" not in str(error):
            raise
        raise CaseRefusal("batch_at_work", _("上一个批次还在汇聚，完成后再开始新的批次。")) from None
    return batch


def _ordered(actor: Actor, reach: str, mode: str, ids: list[int]) -> ExchangeBatch:
    at = moment.now()
    reached = _reached(reach)
    if mode == ExchangeBatch.Kind.CHANGES and reached is None:
        mode = ExchangeBatch.Kind.FULL
    day = moment.local_date(at)
    serial = numbering.take(f"exchange:{reach}", f"{day:%Y%m%d}")
    batch = ExchangeBatch.objects.create(
        number=f"{reach}-{day:%Y%m%d}-{serial:04}",
        reach=reach,
        kind=mode,
        data_source=settings.EXCHANGE_SOURCE,
        begun_at=at,
        begun_by=actor.ref,
        marks_after=reached or 0,
        marks_upto=marks.last(),
        position=sources.begin(mode),
        case_ids=ids,
    )
    _tell(batch, events.ExchangeBatchOrdered(reach=reach, mode=mode), actor, at)
    return batch


def _reached(reach: str) -> int | None:
    """The last mark that a batch of this reach covers; None before the first."""
    before = ExchangeBatch.objects.filter(reach=reach).exclude(kind=ExchangeBatch.Kind.RESEND)
    found: int | None = before.aggregate(upto=Max("marks_upto"))["upto"]
    return found


def _named(reach: str, numbers: Sequence[str]) -> list[int]:
    wanted = {one.strip() for one in numbers if one.strip()}
    if not 1 <= len(wanted) <= RESEND_MAX:
        words = _("请填写 1 至 %(most)s 个办件编号，每行一个。") % {"most": RESEND_MAX}
        raise Invalid(fields={"case_numbers": words}, code="cases_not_named")
    found = Case.objects.filter(within(reach), case_no__in=[one[:50] for one in wanted])
    ids = sorted(found.values_list("pk", flat=True))
    if len(ids) != len(wanted):
        words = _("有 %(n)s 个办件编号不存在，或者不在您的汇聚范围内。") % {"n": len(wanted) - len(ids)}
        raise Invalid(fields={"case_numbers": words}, code="case_not_in_reach")
    return ids


def make_batch(*, number: str) -> ExchangeBatch:
    """Make a batch to its end, a page in each transaction; called again, it goes on where it stopped.

    Memory holds one page of cases whatever their number.

    Raises:
        NotFound: no such batch.
    """
    while _page(number):
        pass
    return ExchangeBatch.objects.get(number=number)


@transaction.atomic
def _page(number: str) -> bool:
    batch = ExchangeBatch.objects.select_for_update().filter(number=number[:40]).first()
    if batch is None:
        raise NotFound(_("这个批次"), code="batch_not_found")
    if batch.state == ExchangeBatch.State.MADE:
        return False
    page = sources.next_page(batch)
    at = moment.now()
    if page.case_ids:
        _collect(batch, page.case_ids, at)
    batch.position, batch.moved_at = page.position, at
    if not page.more:
        batch.state, batch.made_at = ExchangeBatch.State.MADE, at
        _tell(batch, events.ExchangeBatchMade(cases=batch.cases, rows=batch.rows, held=batch.held), SYSTEM, at)
    batch.save(update_fields=["position", "moved_at", "state", "made_at", "cases", "rows", "held"])
    return page.more


def _collect(batch: ExchangeBatch, case_ids: Sequence[int], at: datetime) -> None:
    """Look at these cases: what is new or changed becomes rows; a case with a value that does not fit sends nothing."""
    open_faults = ExchangeFault.objects.filter(case_id__in=case_ids, batch__reach=batch.reach, settled_in__isnull=True)
    seen = set(open_faults.filter(batch=batch).values_list("case_id", flat=True))
    newest = _newest(batch.reach, case_ids)
    # A case that was held back before comes by itself, and once more where something happened to it.
    seen |= {key for key, rows_of in newest.items() if any(one.batch_id == batch.pk for one in rows_of.values())}
    fresh: list[ExchangeRow] = []
    gone: list[ExchangeRow] = []
    faults: list[ExchangeFault] = []
    for picture in pictures(one for one in case_ids if one not in seen):
        batch.cases += 1
        made = rows(picture)
        wrong = _faults(batch, picture, made)
        faults += wrong
        batch.held += bool(wrong)
        if not wrong:
            current = {envelope.guid(picture.case.case_no, row): row for row in made}
            before = newest.get(picture.case.pk, {})
            fresh += _changed(batch, picture, current, before, at)
            gone += [one for key, one in before.items() if key not in current and one.operation != "D"]
    fresh += _deleted(batch, gone, at)
    open_faults.exclude(batch=batch).update(settled_in=batch)
    ExchangeRow.objects.bulk_create(fresh)
    ExchangeFault.objects.bulk_create(faults)
    batch.rows += len(fresh)


def _newest(reach: str, case_ids: Sequence[int]) -> dict[int, dict[uuid.UUID, ExchangeRow]]:
    """The newest version of every row that was reported of these cases."""
    rows_before = ExchangeRow.objects.filter(reach=reach, case_id__in=case_ids).order_by("row_guid", "-dataver")
    found: dict[int, dict[uuid.UUID, ExchangeRow]] = {}
    for one in rows_before.distinct("row_guid").defer("content"):
        found.setdefault(one.case_id, {})[one.row_guid] = one
    return found


def _faults(batch: ExchangeBatch, picture: Picture, made: Sequence[Row]) -> list[ExchangeFault]:
    found = [(row.table, fault) for row in made for fault in TABLES[row.table].faults(row.values)]
    distinct = dict.fromkeys((table, fault.column, fault.reason) for table, fault in found)
    return [
        ExchangeFault(batch=batch, case=picture.case, table=table, column=column, reason=reason)
        for table, column, reason in distinct
    ]


def _changed(
    batch: ExchangeBatch,
    picture: Picture,
    current: Mapping[uuid.UUID, Row],
    newest: Mapping[uuid.UUID, ExchangeRow],
    at: datetime,
) -> list[ExchangeRow]:
    again = batch.kind == ExchangeBatch.Kind.RESEND
    found: list[ExchangeRow] = []
    for key, row in current.items():
        values = envelope.whole(row)
        digest = envelope.digest(row.table, values)
        before = newest.get(key)
        if before is None or again or before.operation == "D" or before.sha256 != digest:
            found.append(
                ExchangeRow(
                    batch=batch,
                    reach=batch.reach,
                    case=picture.case,
                    table=row.table,
                    row_guid=key,
                    dataver=before.dataver + 1 if before else 1,
                    operation="U" if before else "I",
                    sha256=digest,
                    content=values,
                    at=at,
                )
            )
    return found


def _deleted(batch: ExchangeBatch, gone: Sequence[ExchangeRow], at: datetime) -> list[ExchangeRow]:
    """The rows that say that rows are no more; they repeat what was reported last: at most one statement."""
    last = ExchangeRow.objects.in_bulk([one.pk for one in gone])
    return [
        ExchangeRow(
            batch=batch,
            reach=batch.reach,
            case_id=one.case_id,
            table=one.table,
            row_guid=one.row_guid,
            dataver=one.dataver + 1,
            operation="D",
            sha256=one.sha256,
            content=last[one.pk].content,
            at=at,
        )
        for one in gone
    ]


@transaction.atomic
def give_out(*, actor: Actor, number: str, form: str) -> ExchangeBatch:
    """Write down that the actor is given the whole batch in clear, and give it to be written out.

    Raises:
        NotFound: there is no such batch, or it is not of the actor's reach.
        Invalid: no such form.
        CaseRefusal: it is still being made.
    """
    batch = access_batch(actor, number)
    if form not in FORMS:
        raise Invalid(fields={"form": _("请选择 CSV、JSON 或者 XML。")}, code="form_unknown")
    if batch.state != ExchangeBatch.State.MADE:
        raise CaseRefusal("batch_at_work", _("这个批次还在汇聚，完成后再下载。"))
    _tell(batch, events.ExchangeBatchExported(form=form, rows=batch.rows), actor, moment.now())
    return batch


@transaction.atomic
def read_rows(*, actor: Actor, after: str | None = None, size: int | None = None) -> RowPage:
    """Rows of made batches of the actor's reach, in order, from a cursor on; what was read is written down.

    Nothing is skipped and nothing comes twice to whoever goes on from `next`: batches of a reach are made one after
    the other, and only whole ones are read.

    Raises:
        NotFound: the actor has nothing to report.
        Invalid: the cursor is not one of ours.
    """
    page = reported_rows(actor, after=after, size=size)
    by_batch = Counter(one.batch_id for one in page.rows)
    batches = {one.batch_id: one.batch for one in page.rows}
    for key, count in sorted(by_batch.items()):
        event = events.ExchangeBatchExported(form="api", rows=count, after=page.after)
        _tell(batches[key], event, actor, moment.now())
    return page


def order_due_batches() -> list[ExchangeBatch]:
    """Order what is due for every reach that was begun once: where anything happened, or was held back, since."""
    found = []
    for reach in ExchangeBatch.objects.order_by("reach").values_list("reach", flat=True).distinct():
        happened = ExchangeMark.objects.filter(within(reach, "case__"), seq__gt=_reached(reach) or 0)
        held = ExchangeFault.objects.filter(batch__reach=reach, settled_in__isnull=True)
        busy = ExchangeBatch.objects.filter(reach=reach, state=ExchangeBatch.State.MAKING)
        if not busy.exists() and (happened.exists() or held.exists()):
            found.append(order_batch(actor=SYSTEM, reach=reach))
    return found


@transaction.atomic
def resume_batches() -> int:
    """Queue batches again whose worker died or failed; how many. Two workers at one batch do no harm."""
    before = moment.now() - timedelta(minutes=STILL_MINUTES)
    still = ExchangeBatch.objects.filter(state=ExchangeBatch.State.MAKING, begun_at__lt=before)
    numbers = list(still.filter(Q(moved_at__isnull=True) | Q(moved_at__lt=before)).values_list("number", flat=True))
    for number in numbers:
        _queue(number)
    return len(numbers)


def _queue(number: str) -> None:
    from tongban.cases.jobs import make_exchange_batch

    jobs.defer(make_exchange_batch, number=number)


def _tell(batch: ExchangeBatch, event: EventRecord, actor: Actor, at: datetime) -> None:
    chain.append(subject=batch.subject, kind=event.kind, payload=event.payload(), actor=actor, at=at)
