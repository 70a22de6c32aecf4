"""Background work of documents."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tongban.documents import commands
from tongban.documents.sealing.signer import SealingError


@app.task(
    name="documents.render",
    retry=RetryStrategy(max_attempts=12, exponential_wait=3, retry_exceptions=[SealingError, OSError]),
)
def render_document(document_id: int) -> None:
    """Make the file of a document unless somebody has asked for it before."""
    commands.render(document_id)
