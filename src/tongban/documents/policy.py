"""Who may read which document."""

from tongban.documents import registries
from tongban.documents.kinds import KINDS
from tongban.documents.models import Document
from tongban.kernel.actor import Actor


def may_read(actor: Actor, document: Document) -> bool:
    """Whether the actor may be given the file: a party of the subject, and a kind that this party may read."""
    if actor.is_system:
        return True
    entry = registries.access.get(document.subject.partition(":")[0])
    return entry is not None and bool(entry.relations(actor, document) & KINDS[document.kind].readers)
