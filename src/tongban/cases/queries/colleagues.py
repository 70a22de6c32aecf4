"""What colleagues share about a case: who has it open, notes, whom they may call."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.base import moment
from tongban.base.paging import page
from tongban.base.reading import Asked, Prepared
from tongban.cases.models import Case, CaseNote, CaseStep, InboxEntry, NoteMention, OpinionDraft, Presence
from tongban.cases.queries.access import cases_of, sight_of
from tongban.identity.models import Appointment
from tongban.identity.queries import live_appointments
from tongban.kernel.actor import Actor, Role
from tongban.kernel.paging import Page

#: A page asks every twenty seconds; whoever has not asked for this long has gone.
HERE_S = 60
#: What was written this long ago is no longer being written.
AT_WORK_MIN = 10
BESIDE_MAX = 8
NOTES_SHOWN_MAX = 200
CALLABLE_MAX = 200
_WORKING = (Role.WINDOW_CLERK, Role.CASE_OFFICER, Role.SECTION_HEAD, Role.LEADER)


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A colleague who has the case open; `at_work`: has taken some of it, or is writing an opinion on it."""

    name: str
    at_work: bool


@dataclass(frozen=True, kw_only=True)
class NoteView:
    """A note as officials read it; `calls_me`: the reader is called and had not read it."""

    author: str
    mine: bool
    text: str
    written_at: datetime
    called: tuple[str, ...]
    calls_me: bool


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who may be called: key of the account, name, unit."""

    account_id: int
    name: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class Call:
    """A note that calls the reader, with its case; names masked as in lists."""

    case_no: str
    item_name: str
    applicant: str
    author: str
    text: str
    written_at: datetime
    read: bool


def beside(actor: Actor, case: Case) -> tuple[Beside, ...]:
    """Who else of the staff has the case open now; one statement, at most eight."""
    now = moment.now()
    found = _BESIDE.rows(
        case=case.pk,
        but=actor.account_id or 0,
        seen=now - timedelta(seconds=HERE_S),
        saved=now - timedelta(minutes=AT_WORK_MIN),
    )
    return tuple(Beside(name=name, at_work=taken or written) for name, taken, written in found)


def notes_of(actor: Actor, case: Case) -> tuple[NoteView, ...]:
    """The latest 200 notes of a case that the actor may see, the earliest first; nothing for applicants."""
    if actor.kind != "staff":
        return ()
    called = defaultdict(list)
    for mention in _CALLED.rows(case=case.pk):
        called[mention.note_id].append(mention)
    return tuple(_note(actor, one, called[one.pk]) for one in reversed(_NOTES.rows(case=case.pk)))


def ask_colleagues(actor: Actor, case: Case) -> tuple[Asked, ...]:
    """What `notes_of` and `callable_on` read, to be read ahead with other things of a page; nothing for applicants."""
    if actor.kind != "staff":
        return ()
    return _NOTES.asked(case=case.pk), _CALLED.asked(case=case.pk), _CALLABLE.asked(**_callable_values(actor, case))


def callable_on(actor: Actor, case: Case) -> tuple[Colleague, ...]:
    """Whom a note on this case may call: staff of the bodies that work on it, each of whom may see it."""
    people = {
        one.account_id: Colleague(
            account_id=one.account_id,
            name=one.account.name,
            unit=one.post.organisation.short_name or one.post.organisation.name,
        )
        for one in _CALLABLE.rows(**_callable_values(actor, case))
    }
    return tuple(people.values())[:CALLABLE_MAX]


def unread_mentions(actor: Actor) -> int:
    """How many notes call the actor that they have not read; at most 100."""
    sight = sight_of(actor)
    return len(_UNREAD.rows(sight.rule, reader=actor.account_id or 0, **sight.values))


def ask_unread_mentions(actor: Actor) -> Asked:
    """What `unread_mentions` reads, to be read ahead with other things of a page."""
    sight = sight_of(actor)
    return _UNREAD.asked(sight.rule, reader=actor.account_id or 0, **sight.values)


def mentions_of(actor: Actor, *, cursor: str = "") -> Page[Call]:
    """The notes that call the actor, of cases that they may still see, the latest first.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    joined = _mentions(actor).select_related("note__case")
    return page(joined, order=("-id",), cursor=cursor or None).map(_call)


def _mentions(actor: Actor) -> QuerySet[NoteMention]:
    seen = cases_of(actor).filter(pk=OuterRef("note__case_id"))
    return NoteMention.objects.filter(Exists(seen), account_id=actor.account_id or 0)


def _callable(case: Any, bodies: Any, reader: Any, day: Any) -> QuerySet[Appointment]:
    step = CaseStep.objects.filter(case_id=case, organisation=OuterRef("post__organisation"))
    entry = InboxEntry.objects.filter(case_id=case, organisation=OuterRef("post__organisation"))
    works = Q(post__organisation_id__any=bodies) | Q(Exists(step)) | Q(Exists(entry))
    held = live_appointments(day).filter(works, post__role__in=_WORKING).exclude(account_id=reader)
    return held.order_by("post__organisation_id", "account__name")[: CALLABLE_MAX * 2]


def _callable_values(actor: Actor, case: Case) -> dict[str, Any]:
    bodies = sorted({case.organisation_id, case.received_by_id or case.organisation_id})
    return {"case": case.pk, "bodies": bodies, "reader": actor.account_id or 0, "day": moment.today()}


def _beside(case: Any, but: Any, seen: Any, saved: Any) -> QuerySet[Presence, tuple[str, bool, bool]]:
    taken = InboxEntry.objects.filter(case_id=case, closed_at__isnull=True, claimed_by=OuterRef("account"))
    written = OpinionDraft.objects.filter(step__case_id=case, author=OuterRef("account"), saved_at__gte=saved)
    here = Presence.objects.filter(case_id=case, seen_at__gte=seen).exclude(account_id=but)
    found = here.order_by("account__name", "account_id")[:BESIDE_MAX]
    return found.values_list("account__name", Exists(taken), Exists(written))


def _latest_notes(case: Any) -> QuerySet[CaseNote]:
    return CaseNote.objects.filter(case_id=case).order_by("-pk")[:NOTES_SHOWN_MAX]


def _unread(rule: Callable[..., Q], reader: Any, **values: Any) -> QuerySet[NoteMention, tuple[int]]:
    seen = Case.objects.filter(rule(**values), pk=OuterRef("note__case_id"))
    found = NoteMention.objects.filter(Exists(seen), account_id=reader, read_at__isnull=True)
    return found.values_list("pk")[:100]


_BESIDE = Prepared(_beside)
_NOTES = Prepared(_latest_notes)
_CALLED = Prepared(
    lambda case: (
        NoteMention.objects.filter(note__in=_latest_notes(case).values("pk")).select_related("account").order_by("pk")
    )
)
_CALLABLE = Prepared(_callable)
_UNREAD = Prepared(_unread)


def _call(mention: NoteMention) -> Call:
    note = mention.note
    return Call(
        case_no=note.case.case_no,
        item_name=note.case.item_name,
        applicant=note.case.applicant_name_masked,
        author=note.author_title,
        text=note.text,
        written_at=note.written_at,
        read=mention.read_at is not None,
    )


def _note(actor: Actor, note: CaseNote, mentions: Sequence[NoteMention]) -> NoteView:
    return NoteView(
        author=note.author_title,
        mine=note.author_id == actor.account_id,
        text=note.text,
        written_at=note.written_at,
        called=tuple(one.account.name for one in mentions),
        calls_me=any(one.account_id == actor.account_id and one.read_at is None for one in mentions),
    )
