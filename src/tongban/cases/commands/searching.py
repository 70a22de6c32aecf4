"""Looking somebody up by the number of a document or phone leaves a trace, without that number."""

from django.db import transaction

from tongban.base import chain, moment
from tongban.cases.events import ApplicantSearched
from tongban.kernel.actor import Actor


@transaction.atomic
def log_search(*, actor: Actor, by: tuple[str, ...], found: int) -> None:
    """Append to the searcher's own chain that cases were looked for by a person's number, and how many were shown.

    Source: 个人信息保护法 art. 51, 54 (records of processing).
    """
    event = ApplicantSearched(by=list(by), found=found)
    chain.append(subject=f"search:{actor.ref}", kind=event.kind, payload=event.payload(), actor=actor, at=moment.now())
