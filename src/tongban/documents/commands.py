"""Acts on legal documents: issue, declare void, replace, make the file, hand out a copy."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from pydantic import ValidationError

from tongban.base import chain, jobs, moment, writing
from tongban.base.web.site import current
from tongban.directory.models import Organisation
from tongban.directory.queries import acting, name_on
from tongban.documents import events, kinds, numbers, policy, rendering, settings, verify_code
from tongban.documents.contents import Content
from tongban.documents.kinds import KINDS, Kind
from tongban.documents.models import Document, DocumentFile, DocumentReading, FirstReading
from tongban.documents.refusals import DocumentRefusal
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.hashchain import canonical
from tongban.kernel.problems import NotFound


@dataclass(frozen=True, slots=True)
class Copy:
    """The file of a document as handed to a reader."""

    document: Document
    pdf: bytes
    filename: str


def issue(
    *,
    actor: Actor,
    kind: str,
    organisation: Organisation,
    subject: str,
    content: Mapping[str, Any] | Content,
    at: dt.datetime,
) -> Document:
    """Issue a legal document: number, verify code, frozen words and event in one transaction; a job makes the file.

    The caller has checked that the actor may do the act which the document records. A body that was merged is
    replaced by the one that acts in its place on the day, with its name, number book and seal.

    `kind` is a key of `kinds.KINDS`; `subject` is "kind:number", whose chain tells of it; `content` is what the kind's
    class in `contents` asks for; `at` is the legal moment of the act (aware), its Shanghai date is printed.

    Raises:
        ValueError, TypeError: unknown kind, or content that does not fit it: a mistake of the programmer; the message
            names no value.
        DocumentRefusal: `no_acting_body`: nobody acts for the body on that day.
    """
    entry = _kind(kind)
    checked = _content(entry, content)
    day = moment.local_date(at)
    body = acting(organisation, day)
    if body is None:
        raise DocumentRefusal(
            "no_acting_body", f"{organisation.name}已经撤销，没有承继机构，不能出具文书。请联系机构编制部门。"
        )
    with transaction.atomic(savepoint=False), writing.together():
        number = numbers.take(body, entry, checked, day.year)
        code = verify_code.make()
        envelope = _envelope(entry, checked, name_on(body, day), str(number or ""), day, code)
        document = Document(
            kind=kind,
            organisation=body,
            division_code=body.division_id,
            subject=subject,
            title=envelope["title"],
            number=str(number or ""),
            book=number.book if number else "",
            number_year=number.year if number else None,
            number_serial=number.serial if number else None,
            verify_code=code,
            envelope=envelope,
            content_sha256=hashlib.sha256(canonical(envelope)).hexdigest(),
            issued_at=at,
            issued_by=actor.ref,
        )
        writing.create(document)
        told = events.DocumentIssued(str(document.public_id), kind, document.number, document.content_sha256)
        chain.append(subject=subject, kind=told.kind, payload=told.payload(), actor=actor, at=at)
        _defer_rendering(document)
    return document


def void(*, actor: Actor, document: Document, reason: str, at: dt.datetime | None = None) -> Document:
    """Declare a document void; its number stays in the register and its page says so. Void already: nothing happens.

    Raises:
        DocumentRefusal: `reason_missing`, `document_superseded`.
    """
    if not reason.strip():
        raise DocumentRefusal("reason_missing", "请填写作废的原因。", status=422, fields={"reason": "请填写作废的原因"})
    when = at or moment.now()
    with transaction.atomic():
        row = Document.objects.select_for_update(no_key=True).get(pk=document.pk)
        if row.state == Document.State.VOID:
            return row
        if row.state == Document.State.SUPERSEDED:
            raise DocumentRefusal("document_superseded", "该文书已被新文书替代，不需要再作废。")
        row.state, row.state_at, row.state_reason = Document.State.VOID, when, reason.strip()[:300]
        row.save(update_fields=["state", "state_at", "state_reason"])
        told = events.DocumentVoided(str(row.public_id), row.number, row.state_reason)
        chain.append(subject=row.subject, kind=told.kind, payload=told.payload(), actor=actor, at=when)
    return row


def supersede(*, actor: Actor, document: Document, by: Document, at: dt.datetime | None = None) -> Document:
    """Mark a document as replaced by a later one of the same kind and subject; repeating it changes nothing.

    Raises:
        DocumentRefusal: `document_void`, `not_a_successor`.
    """
    if by.pk == document.pk or by.kind != document.kind or by.subject != document.subject:
        raise DocumentRefusal("not_a_successor", "只能由同一办件的同类新文书替代。")
    when = at or moment.now()
    with transaction.atomic():
        row = Document.objects.select_for_update(no_key=True).get(pk=document.pk)
        if row.state == Document.State.SUPERSEDED and row.superseded_by_id == by.pk:
            return row
        if row.state != Document.State.ISSUED:
            raise DocumentRefusal("document_void", "该文书已经作废或者已被替代。")
        row.state, row.state_at, row.superseded_by = Document.State.SUPERSEDED, when, by
        row.save(update_fields=["state", "state_at", "superseded_by"])
        told = events.DocumentSuperseded(str(row.public_id), row.number, str(by.public_id))
        chain.append(subject=row.subject, kind=told.kind, payload=told.payload(), actor=actor, at=when)
    return row


def render(document_id: int) -> DocumentFile:
    """Make and seal the file of a document, exactly once: whoever comes second waits and gets the first one's file.

    Raises:
        SealingError: the seal could not be put on; nothing is kept and it may be tried again.
        TypesettingError: template and content do not fit.
    """
    made = DocumentFile.objects.filter(document_id=document_id).first()
    if made is not None:
        return made
    with transaction.atomic():
        _one_at_a_time(document_id)
        document = Document.objects.select_related("organisation").get(pk=document_id)
        made = DocumentFile.objects.filter(document_id=document_id).first()
        if made is not None:
            return made
        outcome = rendering.render(document, settings.signer(), settings.typeface())
        made = DocumentFile.objects.create(
            document=document,
            pdf=outcome.pdf,
            sha256=hashlib.sha256(outcome.pdf).hexdigest(),
            size_bytes=len(outcome.pdf),
            signer=outcome.signer,
            missing_glyphs=" ".join(outcome.missing)[:500],
            rendered_at=moment.now(),
        )
        told = events.DocumentSealed(str(document.public_id), made.sha256, made.signer)
        chain.append(
            subject=document.subject, kind=told.kind, payload=told.payload(), actor=SYSTEM, at=made.rendered_at
        )
    return made


def open_copy(*, actor: Actor, public_id: UUID, channel: str = "web") -> Copy:
    """Hand the file of a document to a reader and note the reading; the addressee's first one is an event (已阅).

    Raises:
        NotFound: there is no such document, or the actor may not read it: both look the same.
        SealingError: the file is not made yet and cannot be made now.
    """
    document = Document.objects.select_related("organisation").filter(public_id=public_id).first()
    if document is None or not policy.may_read(actor, document):
        raise NotFound("这份文书")
    made = render(document.pk)
    with transaction.atomic():
        DocumentReading.objects.create(document=document, actor_ref=actor.ref, channel=channel[:20], at=moment.now())
        if policy.capacities(actor, document) & kinds.ADDRESSEES:
            _note_first(actor, document, channel[:20])
    name = f"{document.title}{document.number}".replace("/", "／")
    return Copy(document, bytes(made.pdf), f"{name}.pdf")


def _note_first(actor: Actor, document: Document, channel: str) -> None:
    """Once a document, however many windows open it at once: the key of the table decides."""
    now = moment.now()
    _row, is_first = FirstReading.objects.get_or_create(document=document, defaults={"actor_ref": actor.ref, "at": now})
    if is_first:
        told = events.DocumentOpened(str(document.public_id), document.kind, channel)
        chain.append(subject=document.subject, kind=told.kind, payload=told.payload(), actor=actor, at=now)


def _one_at_a_time(document_id: int) -> None:
    """Let one transaction make the file of a document. Not the row's own lock: a command that has appended to the chain
    may wait for the row while this one, holding it, would wait for the chain.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"document-file:{document_id}"])


def _kind(key: str) -> Kind:
    try:
        return KINDS[key]
    except KeyError:
        raise ValueError(f"unknown kind of document {key!r}") from None


def _content(kind: Kind, content: Mapping[str, Any] | Content) -> Content:
    if isinstance(content, Content):
        if not isinstance(content, kind.content):
            raise TypeError(f"{kind.key} wants {kind.content.__name__}, not {type(content).__name__}")
        return content
    try:
        return kind.content.model_validate(dict(content))
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_input=False)
        )
        raise ValueError(f"content of {kind.key}: {faults}") from None


def _envelope(kind: Kind, content: Content, name: str, number: str, day: dt.date, code: str) -> dict[str, Any]:
    return {
        "title": kind.title_for(content),
        "organisation": name,
        "number": number,
        "issued_on": day.isoformat(),
        "site_name": current().title,
        "verify_code": verify_code.grouped(code),
        "verify_url": f"{settings.base_url()}/verify/{code}",
        "content": content.model_dump(mode="json"),
    }


def _defer_rendering(document: Document) -> None:
    from tongban.documents.jobs import render_document

    jobs.defer(render_document, document_id=document.pk, lock=f"document:{document.pk}")
