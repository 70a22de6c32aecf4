"""Reads of documents."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.base.reading import Asked, Prepared
from tongban.documents import commands, policy, registries, settings, verify_code
from tongban.documents.contents import Addressed, LicencePaper
from tongban.documents.kinds import KINDS
from tongban.documents.leaflets import leaflet
from tongban.documents.models import OWN_PAPERS, Document, DocumentFile, FirstReading
from tongban.documents.registries import Standing
from tongban.documents.sealing.signer import SealingError
from tongban.documents.typesetting import TypesettingError
from tongban.kernel.actor import Actor
from tongban.kernel.chinese import mask_name
from tongban.kernel.problems import NotFound

if TYPE_CHECKING:
    from tongban.documents.sealing.inspection import Inspection
    from tongban.documents.sealing.signer import Signer


@dataclass(frozen=True, slots=True)
class VerifiedThing:
    """What a verifier is told of a document: nothing more than is needed."""

    code: str
    kind: str
    title: str
    number: str
    organisation: str
    issued_on: dt.date
    #: Masked for natural persons, in full for organisations; empty where the document is for nobody.
    holder: str
    standing: Standing
    demonstration: bool
    #: Hex digest of the file; empty while it is being made.
    file_sha256: str
    #: The signature of the file we keep; None where the kind is not sealed or the file is not made yet.
    signature: Inspection | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A file that a verifier brought, against the one we keep."""

    identical: bool
    inspection: Inspection
    sha256: str


__all__ = [
    "NOT_MADE",
    "Comparison",
    "VerifiedThing",
    "access_document",
    "ask_documents",
    "by_verify_code",
    "compare",
    "documents_of",
    "documents_readable",
    "latest",
    "leaflet",
    "pdf",
    "problems",
    "register",
    "standing",
    "unread",
]

#: Why the file of a document cannot be made now.
NOT_MADE: Final = (SealingError, TypesettingError)


def pdf(document: Document) -> bytes:
    """Return the file of a document, made now if no worker has made it yet; the caller has checked who asks.

    Raises:
        SealingError: it cannot be made now.
    """
    return bytes(commands.render(document.pk).pdf)


def documents_of(subject: str) -> list[Document]:
    """Return the documents of a subject in the order of issue, void ones too, each with its first reading."""
    return _OF_SUBJECT.rows(subject=subject)


_VALID = Document.State.ISSUED


def ask_documents(subject: str) -> Asked:
    """What `documents_of` reads, to be read ahead with other things of a page."""
    return _OF_SUBJECT.asked(subject=subject)


_OF_SUBJECT = Prepared(
    lambda subject: (
        Document.objects.filter(subject=subject)
        .select_related("organisation", "first_reading")
        .order_by("issued_at", "id")
    )
)


def documents_readable(actor: Actor, subject: str) -> list[Document]:
    """Return those documents of a subject whose file the actor may be given."""
    return [document for document in documents_of(subject) if policy.may_read(actor, document)]


def unread() -> QuerySet[Document]:
    """Return valid documents that wait for their addressee's reading, the oldest first: a condition for lists; the
    caller narrows it to subjects whose right to see it has checked.
    """
    read = FirstReading.objects.filter(document=OuterRef("pk"))
    waiting = Document.objects.filter(~Exists(read), state=Document.State.ISSUED)
    return waiting.exclude(kind__in=OWN_PAPERS).order_by("issued_at", "pk")


def latest(subject: str, kind: str) -> Document | None:
    """Return the newest valid document of a kind of a subject; None if there is none."""
    return next((one for one in reversed(documents_of(subject)) if (one.kind, one.state) == (kind, _VALID)), None)


def access_document(actor: Actor, public_id: str) -> Document:
    """Return a document that the actor may read.

    Raises:
        NotFound: absent, or not for this actor.
    """
    document = Document.objects.select_related("organisation").filter(public_id=public_id).first()
    if document is None or not policy.may_read(actor, document):
        raise NotFound(_("这份文书"))
    return document


def register(book: str, year: int) -> QuerySet[Document]:
    """Return the number register of a book (株人社许受) and year by serial, void numbers included."""
    return Document.objects.filter(book=book, number_year=year).order_by("number_serial")


def by_verify_code(text: str) -> VerifiedThing | None:
    """Return what a verifier may know of the document with this code; None where there is none (internal papers:
    none).
    """
    document = _document(text)
    if document is None:
        return None
    kind = KINDS[document.kind]
    made = DocumentFile.objects.filter(document=document).first()
    signer = settings.signer(made.signer if made else "")
    signature = _inspect(bytes(made.pdf), signer) if made is not None and kind.sealed else None
    return VerifiedThing(
        code=verify_code.grouped(document.verify_code),
        kind=document.kind,
        title=document.title,
        number=document.number,
        organisation=document.envelope["organisation"],
        issued_on=moment.local_date(document.issued_at),
        holder=_holder(document),
        standing=standing(document, moment.today()),
        demonstration=signer.demonstration,
        file_sha256=made.sha256 if made else "",
        signature=signature,
    )


def compare(text: str, brought: bytes) -> Comparison | None:
    """Return how a file that somebody brought stands to the one we keep; None where the code leads nowhere."""
    document = _document(text)
    if document is None:
        return None
    digest = hashlib.sha256(brought).hexdigest()
    kept = commands.render(document.pk)
    inspection = _inspect(brought, settings.signer(kept.signer))
    return Comparison(digest == kept.sha256, inspection, digest)


def _inspect(pdf: bytes, signer: Signer) -> Inspection:
    # What reads signatures takes 34 MiB of a web worker: it comes when somebody verifies a file.
    from tongban.documents.sealing.inspection import inspect

    return inspect(pdf, signer.trusted_roots())


def standing(document: Document, on: dt.date) -> Standing:
    """Return how a document stands on a day: its own state first, then what its kind's verifier says."""
    if document.state == Document.State.VOID:
        return Standing("void", _("已作废"), valid=False, note=_("出具机关已将其作废，不得再使用。"))
    if document.state == Document.State.SUPERSEDED:
        return Standing("superseded", _("已被新文书替代"), valid=False, note=_("出具机关已经换发，请核验新的文书。"))
    verifier = registries.verifiers.get(document.kind)
    told = verifier.standing(document, on) if verifier is not None else None
    return told or Standing("valid", _("有效"), valid=True)


def problems() -> list[str]:
    """Return in words what is wrong with seals and fonts (for the doctor); empty if all is well."""
    try:
        return settings.signer().findings()
    except (SealingError, OSError) as error:
        return [f"电子签章不能使用：{error}"]


def _document(text: str) -> Document | None:
    code = verify_code.read(text)
    if code is None:
        return None
    document = Document.objects.select_related("organisation").filter(verify_code=code).first()
    return document if document is not None and KINDS[document.kind].verifiable else None


def _holder(document: Document) -> str:
    """Give the name of an organisation in full, that of a person masked."""
    content = KINDS[document.kind].content.model_validate(document.envelope["content"])
    name, _ = content.holder()
    match content:
        case Addressed(applicant_kind="organisation") | LicencePaper(holder_code_type="001"):
            return name
        case _:
            return mask_name(name) if name else ""
