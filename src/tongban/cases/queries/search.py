"""Finding cases from the desk's search: by number, applicant, document, phone or item; only what the actor may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan
from django.db.models.functions import Reverse

from tongban.base import keys
from tongban.cases.applicants import PERSON_DOCUMENTS
from tongban.cases.models import Case
from tongban.cases.queries.access import cases_of
from tongban.cases.states import State
from tongban.catalogue.models import Implementation
from tongban.kernel.actor import Actor
from tongban.kernel.codes import document_kinds
from tongban.kernel.codes.errors import CodeError
from tongban.kernel.paging import Cursor, Page, page_size
from tongban.kernel.problems import Invalid

#: Figures of a number's end that are enough to look for: shorter ends are shared by too many cases.
ENDING_MIN: Final = 6
WORDS_MIN: Final = 2
#: No document's number is longer; a case's always is.
DOCUMENT_MAX: Final = 22
ITEMS_MAX: Final = 10
#: Entries made in error (删除办结) are found by their number only.
_LISTED: Final = ~Q(state=State.DELETED)
Way = Literal["number", "document", "phone", "name"]


@dataclass(frozen=True, kw_only=True)
class Meant:
    """What the words may stand for, as a condition on cases, and by which ways."""

    ways: frozenset[Way]
    condition: Q

    @property
    def personal(self) -> bool:
        """Whether the words are the number of somebody's document or phone."""
        return bool(self.ways & {"document", "phone"})


def meant(words: str) -> Meant:
    """What the words may stand for: a case's number or its end, a document, a phone, or a whole name."""
    text = keys.normalise("document", words)
    ways: set[Way] = set()
    found = Q(pk__in=[])
    if text.isascii() and text.isalnum() and len(text) >= ENDING_MIN and any(one.isdigit() for one in text):
        ways.add("number")
        found |= Q(case_no=text) | Q(reversed_no__startswith=text[::-1])
        documents = _documents(words)
        if documents:
            ways.add("document")
            found |= Q(applicant_index__in=documents) & _LISTED
        phone = _phone(words)
        if phone is not None:
            ways.add("phone")
            found |= Q(applicant_phone_index=phone) & _LISTED
    elif len(text) >= WORDS_MIN:
        ways.add("name")
        found |= Q(applicant_name_index=keys.blind("name", words)) & _LISTED
    return Meant(ways=frozenset(ways), condition=found)


def search_cases(actor: Actor, *, words: str, cursor: str = "", size: int | None = 20) -> Page[Case]:
    """Cases that the words name, that the actor may see, the last submitted first.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    found = cases_of(actor).annotate(reversed_no=Reverse("case_no")).filter(meant(words).condition)
    return _page([found], cursor, page_size(size))


def search_by_item(actor: Actor, *, words: str, cursor: str = "", size: int | None = 20) -> Page[Case]:
    """Cases of items whose name contains the words, run by the actor's own bodies: one range of an index each.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    text = words.strip()
    if len(text) < WORDS_MIN:
        return Page(items=[])
    own = {one.organisation_id for one in actor.appointments}
    items = Implementation.objects.filter(organisation_id__in=own, base__name__icontains=text)
    chosen = list(items.order_by("pk").values_list("pk", flat=True)[:ITEMS_MAX])
    return _page([cases_of(actor).filter(_LISTED, implementation_id=one) for one in chosen], cursor, page_size(size))


def _documents(words: str) -> list[bytes]:
    found: list[bytes] = []
    if len(words.strip()) > DOCUMENT_MAX:
        return found
    for kind in (*PERSON_DOCUMENTS, document_kinds.USCC):
        try:
            number = document_kinds.parse(kind, words).number
        except CodeError:
            continue
        found.append(keys.blind(f"document:{kind}", number))
    return found


def _phone(words: str) -> bytes | None:
    try:
        return keys.blind("phone", document_kinds.parse_mobile(words))
    except CodeError:
        return None


def _page(ranges: list[QuerySet[Case]], cursor: str, size: int) -> Page[Case]:
    secret = settings.SECRET_KEY.encode()
    if cursor:
        values = Cursor.decode(cursor, secret).values
        if len(values) != 2:
            raise Invalid("翻页位置无效，请从第一页重新查看。", code="bad_cursor")
        place = (datetime.fromisoformat(str(values[0])), int(values[1]))
        ranges = [one.filter(TupleLessThan(Tuple(F("submitted_at"), F("pk")), place)) for one in ranges]
    if not ranges:
        return Page(items=[])
    order = ("-submitted_at", "-pk")
    first, *others = [one.order_by(*order).values("pk")[: size + 1] for one in ranges]
    found = Case.objects.filter(pk__in=first.union(*others, all=True) if others else first)
    shown = found.select_related("organisation").defer("form", "answers", "applicant", "agent", "service")
    rows = list(shown.order_by(*order)[: size + 1])
    after = None
    if len(rows) > size:
        last = rows[size - 1]
        after = Cursor((last.submitted_at.isoformat(), last.pk)).encode(secret)
    return Page(items=rows[:size], next=after)
