"""What upper rooms tell this room: who may read the documents of a subject, and how a kind stands when it is
verified.
"""

from __future__ import annotations

import abc
import datetime as dt
from dataclasses import dataclass

from tongban.base.registry import Registry
from tongban.documents.kinds import Reader
from tongban.documents.models import Document
from tongban.kernel.actor import Actor


class DocumentAccess(abc.ABC):
    """Answers for the documents of one kind of subject ("case" for "case:1143…")."""

    @abc.abstractmethod
    def relations(self, actor: Actor, document: Document) -> frozenset[Reader]:
        """Return in which capacities the actor stands to the document; empty: it does not exist for them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a thing stands on a day: `code` is stable, `words` are for people."""

    code: str
    words: str
    valid: bool
    #: Further lines that a verifier needs, label and value, without personal data.
    facts: tuple[tuple[str, str], ...] = ()
    #: A sentence that explains it.
    note: str = ""


class DocumentVerifier(abc.ABC):
    """Answers for the standing of documents of one kind (a licence may be revoked while its paper is unchanged)."""

    @abc.abstractmethod
    def standing(self, document: Document, on: dt.date) -> Standing | None:
        """Return the standing on a day (Shanghai); None: that of the document itself."""


#: By prefix of the subject.
access: Registry[DocumentAccess] = Registry("documents.access", DocumentAccess)  # type: ignore[type-abstract]
#: By kind of document.
_VERIFIER: type[DocumentVerifier] = DocumentVerifier  # type: ignore[type-abstract]
verifiers: Registry[DocumentVerifier] = Registry("documents.verifiers", _VERIFIER)
