"""Which cases a batch looks at next: cases held back before, then those to which something happened; or all of them."""

from dataclasses import dataclass
from typing import Final

from tongban.cases.exchange.reach import within
from tongban.cases.models import Case, ExchangeBatch, ExchangeFault, ExchangeMark

#: Cases looked at in one transaction.
PAGE: Final = 100


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """Keys of cases, where to go on, and whether there is more."""

    case_ids: tuple[int, ...]
    position: str
    more: bool


def begin(mode: str) -> str:
    """Where a batch of this kind begins: "source:key"."""
    return {"changes": "held:0", "full": "cases:0", "resend": "named:0"}[mode]


def next_page(batch: ExchangeBatch) -> CasePage:
    """The next cases of a batch that its caller has locked; one statement."""
    source, _, key = batch.position.partition(":")
    return {"held": _held, "marked": _marked, "cases": _cases, "named": _named}[source](batch, int(key))


def _held(batch: ExchangeBatch, after: int) -> CasePage:
    """What could not be reported in an earlier batch: it may fit by now."""
    found = ExchangeFault.objects.filter(batch__reach=batch.reach, settled_in__isnull=True, case_id__gt=after)
    keys = found.exclude(batch=batch).order_by("case_id").values_list("case_id", flat=True).distinct()[:PAGE]
    ids = tuple(keys)
    position = f"held:{ids[-1]}" if len(ids) == PAGE else f"marked:{batch.marks_after}"
    return CasePage(case_ids=ids, position=position, more=True)


def _marked(batch: ExchangeBatch, after: int) -> CasePage:
    """Cases to which something happened since the last batch, in the order of their last event."""
    marks = ExchangeMark.objects.filter(within(batch.reach, "case__"), seq__gt=after, seq__lte=batch.marks_upto)
    found = list(marks.order_by("seq").values_list("seq", "case_id")[:PAGE])
    last = found[-1][0] if found else after
    ids = tuple(case_id for _, case_id in found)
    return CasePage(case_ids=ids, position=f"marked:{last}", more=len(found) == PAGE)


def _cases(batch: ExchangeBatch, after: int) -> CasePage:
    ids = tuple(
        Case.objects.filter(within(batch.reach), pk__gt=after).order_by("pk").values_list("pk", flat=True)[:PAGE]
    )
    return CasePage(case_ids=ids, position=f"cases:{ids[-1] if ids else after}", more=len(ids) == PAGE)


def _named(batch: ExchangeBatch, after: int) -> CasePage:
    ids = tuple(sorted(one for one in batch.case_ids if one > after)[:PAGE])
    return CasePage(case_ids=ids, position=f"named:{ids[-1] if ids else after}", more=len(ids) == PAGE)
