"""Events of documents, in the chain of the subject that the document belongs to. No personal data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tongban.base.records import EventRecord


@dataclass(frozen=True, slots=True)
class DocumentIssued(EventRecord):
    """A legal document was issued; the digest fixes every word of it."""

    kind: ClassVar[str] = "DocumentIssued"
    document: str
    document_kind: str
    number: str
    content_sha256: str


@dataclass(frozen=True, slots=True)
class DocumentVoided(EventRecord):
    """A document was declared void; its number is kept."""

    kind: ClassVar[str] = "DocumentVoided"
    document: str
    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentSuperseded(EventRecord):
    """A document was replaced by a later one."""

    kind: ClassVar[str] = "DocumentSuperseded"
    document: str
    number: str
    by: str


@dataclass(frozen=True, slots=True)
class DocumentSealed(EventRecord):
    """The file of a document was made and sealed; the digest is that of the file."""

    kind: ClassVar[str] = "DocumentSealed"
    document: str
    file_sha256: str
    signer: str


@dataclass(frozen=True, slots=True)
class DocumentOpened(EventRecord):
    """已阅: the addressee, or who acts for it, opened the document for the first time; `channel`: web or api."""

    kind: ClassVar[str] = "DocumentOpened"
    document: str
    document_kind: str
    channel: str
