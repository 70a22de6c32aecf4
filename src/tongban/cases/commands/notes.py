"""Internal notes on a case: kept in its file, never shown to the applicant, calling colleagues."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases import events
from tongban.cases.commands import opening
from tongban.cases.models import Case, CaseNote, NoteMention
from tongban.cases.queries.access import access_case
from tongban.cases.queries.colleagues import Colleague, callable_on
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import State
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound

NOTE_MAX: Final = 2000
NOTES_MAX: Final = 500
#: The same words of the same person within this are one note, sent twice.
_TWICE: Final = timedelta(minutes=2)


@transaction.atomic
def write_note(*, actor: Actor, case_no: str, text: str, call: Sequence[int] = ()) -> CaseNote:
    """Add a note to the case's file and call colleagues to it.

    `call`: keys of accounts; besides, whoever the text names as "@name", where the name is one colleague's alone.

    Raises:
        NotFound: absent, or not for staff who may see it.
        Invalid: field `text` (1 to 2000 characters) or `call` (somebody who may not see the case, or two of one name).
        CaseRefusal: `notes_full`; `case_archived`.
    """
    case = access_case(actor, case_no, lock=True)
    if actor.kind != "staff" or actor.account_id is None:
        raise NotFound(_("这个办件"), code="case_not_found")
    if case.state == State.ARCHIVED:
        raise CaseRefusal("case_archived", _("本件已归档，案卷不能再加内容。需要说明的，请直接联系同事。"))
    words = text.strip()
    if not words or len(words) > NOTE_MAX:
        raise Invalid(fields={"text": _("请写 1 到 %d 字。") % NOTE_MAX}, code="note_text")
    called = _called(callable_on(actor, case), words, call)
    now = moment.now()
    latest = CaseNote.objects.filter(case=case, author_id=actor.account_id).order_by("-pk").first()
    if latest is not None and latest.text == words and now - latest.written_at < _TWICE:
        return latest
    if CaseNote.objects.filter(case=case).count() >= NOTES_MAX:
        raise CaseRefusal("notes_full", _("本件已有 %d 条留言，不能再加。") % NOTES_MAX)
    note = CaseNote.objects.create(
        case=case, author_id=actor.account_id, author_title=_title(actor, case), text=words, written_at=now
    )
    NoteMention.objects.bulk_create(NoteMention(note=note, account_id=one) for one in called)
    event = events.NoteAdded(text_sha256=hashlib.sha256(words.encode()).hexdigest(), called=called)
    opening.tell(case, event, actor=actor, at=now)
    return note


def read_mentions(*, actor: Actor, case_no: str) -> int:
    """Keep that the actor has read the notes of this case that call them; how many were new."""
    mine = NoteMention.objects.filter(account_id=actor.account_id or 0, read_at__isnull=True)
    return mine.filter(note__case__case_no=case_no).update(read_at=moment.now())


def _called(people: Sequence[Colleague], words: str, call: Sequence[int]) -> list[int]:
    known = {one.account_id: one for one in people}
    if not set(call) <= set(known):
        raise Invalid(fields={"call": _("只能提醒能看到本件的同事，请从名单中选择。")}, code="note_call")
    chosen = set(call)
    # The longest name first: "@王小明" is not "@王小".
    for name in sorted({one.name for one in people}, key=lambda one: (-len(one), one)):
        if f"@{name}" not in words:
            continue
        words = words.replace(f"@{name}", "")
        same = {one.account_id for one in people if one.name == name}
        if not same & chosen and len(same) > 1:
            raise Invalid(fields={"call": _("有几位同事都叫%s，请在名单中勾选。") % name}, code="note_call")
        chosen |= same if len(same) == 1 else set()
    return sorted(chosen)


def _title(actor: Actor, case: Case) -> str:
    posts = [one for one in actor.appointments if one.organisation_id == case.organisation_id] or actor.appointments
    title = posts[0].post_title if posts else ""
    return f"{title} {actor.name}".strip()[:200]
