"""What was reported to the exchange: batches of a reach, what was held back in one, and rows from a cursor on."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _

from tongban.base.paging import page
from tongban.cases.exchange.columns import REASONS
from tongban.cases.exchange.reach import access_batch, reaches
from tongban.cases.exchange.tables import TABLES
from tongban.cases.models import ExchangeBatch, ExchangeFault, ExchangeRow
from tongban.identity.queries import names_of
from tongban.kernel.actor import Actor
from tongban.kernel.paging import Cursor, Page, page_size
from tongban.kernel.problems import Invalid, NotFound


@dataclass(frozen=True, kw_only=True)
class RowPage:
    """Rows in order, each with its batch; `next` is always given. `after`: the key of the row before the first."""

    rows: list[ExchangeRow]
    next: str
    more: bool
    after: int


@dataclass(frozen=True, kw_only=True)
class BatchPage:
    """One batch as the desk shows it: rows by table, and a page of what was held back."""

    batch: ExchangeBatch
    tables: dict[str, int]
    faults: Page[ExchangeFault]


@dataclass(frozen=True, kw_only=True)
class FaultLine:
    """One value that was held back, in words."""

    case_no: str
    table: str
    column: str
    words: str
    reason: str
    settled: bool


#: Tables in the order of the reference.
EXCHANGE_TABLES = tuple(TABLES.values())


def fault_in_words(fault: ExchangeFault) -> FaultLine:
    """What does not fit, by the names of the tables."""
    table = TABLES[fault.table]
    words = next((one.words for one in table.columns if one.name == fault.column), fault.column)
    return FaultLine(
        case_no=fault.case.case_no,
        table=table.title,
        column=fault.column,
        words=words,
        reason=REASONS[fault.reason],
        settled=fault.settled_in_id is not None,
    )


def orderer_of(batch: ExchangeBatch) -> str:
    """Who ordered a batch: an official by name, else the system."""
    kind, _sep, key = batch.begun_by.partition(":")
    if kind == "staff":
        return names_of([int(key)]).get(int(key), "")
    return _("对接系统") if kind == "client" else _("系统")


def require_reporter(actor: Actor) -> tuple[str, ...]:
    """The reaches of somebody who reports.

    Raises:
        NotFound: the actor reports nothing.
    """
    mine = reaches(actor)
    if not mine:
        raise NotFound(_("数据汇聚"), code="exchange_not_found")
    return mine


def batches(actor: Actor, *, cursor: str | None = None) -> Page[ExchangeBatch]:
    """The batches of the actor's reaches, newest first.

    Raises:
        NotFound: the actor reports nothing.
        Invalid: the cursor is not one of ours.
    """
    mine = require_reporter(actor)
    return page(ExchangeBatch.objects.filter(reach__in=mine), order=("-id",), cursor=cursor)


def batch_page(actor: Actor, number: str, *, cursor: str | None = None) -> BatchPage:
    """One batch: three statements whatever it holds.

    Raises:
        NotFound: there is none, or it is not of the actor's reach.
        Invalid: the cursor is not one of ours.
    """
    batch = access_batch(actor, number)
    counted = ExchangeRow.objects.filter(batch=batch).values("table").annotate(n=Count("pk")).order_by("table")
    faults = ExchangeFault.objects.filter(batch=batch).select_related("case").defer("case__form")
    return BatchPage(
        batch=batch,
        tables={row["table"]: row["n"] for row in counted},
        faults=page(faults, order=("id",), cursor=cursor),
    )


def reported_rows(actor: Actor, *, after: str | None = None, size: int | None = None) -> RowPage:
    """Rows of made batches of the actor's reach, oldest batch first; a page ends with its batch. Five statements.

    For `commands.read_rows`, which writes down that they were read.

    Raises:
        NotFound: the actor reports nothing.
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    whole = ExchangeBatch.objects.filter(reach__in=require_reporter(actor), state=ExchangeBatch.State.MADE, rows__gt=0)
    secret, count = settings.SECRET_KEY.encode(), page_size(size)
    key, row = _place(after, secret) if after else (0, 0)
    batch = whole.filter(pk=key).first()
    found = _beyond(batch, row, count)
    if not found:
        batch = whole.filter(pk__gt=key).order_by("pk").first()
        found = _beyond(batch, 0, count)
    rows = found[:count]
    here, last = (rows[-1].batch_id, rows[-1].pk) if rows else (key, row)
    more = len(found) > count or whole.filter(pk__gt=here).exists()
    return RowPage(rows=rows, next=Cursor(("exchange", here, last)).encode(secret), more=more, after=row)


def _beyond(batch: ExchangeBatch | None, row: int, count: int) -> list[ExchangeRow]:
    if batch is None:
        return []
    found = list(ExchangeRow.objects.filter(batch=batch, pk__gt=row).order_by("pk")[: count + 1])
    for one in found:
        one.batch = batch
    return found


def _place(after: str, secret: bytes) -> tuple[int, int]:
    match Cursor.decode(after, secret).values:
        case ("exchange", int(batch), int(row)):
            return batch, row
        case _:
            raise Invalid(_("翻页位置无效，请从第一页重新查看。"), code="bad_cursor")
