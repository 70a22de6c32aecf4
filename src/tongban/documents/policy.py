"""Who may read which document."""

from tongban.documents import registries
from tongban.documents.kinds import KINDS, Reader
from tongban.documents.models import Document
from tongban.kernel.actor import Actor


def capacities(actor: Actor, document: Document) -> frozenset[Reader]:
    """In which capacities the actor may be given the file: those of the subject whom the kind is meant for."""
    entry = registries.access.get(document.subject.partition(":")[0])
    return entry.relations(actor, document) & KINDS[document.kind].readers if entry is not None else frozenset()


def may_read(actor: Actor, document: Document) -> bool:
    """Whether the actor may be given the file."""
    return actor.is_system or bool(capacities(actor, document))
