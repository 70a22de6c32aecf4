"""From a frozen document to its sealed file: typeset by the kind's template, sealed by the signer in force."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tongban.documents import typesetting
from tongban.documents.contents import Content, DeliveryReceipt
from tongban.documents.kinds import KINDS
from tongban.documents.models import Document
from tongban.documents.sealing.signer import SealingError, SealOwner, Signer
from tongban.documents.typesetting import Typeface


@dataclass(frozen=True, slots=True)
class Outcome:
    """The finished file."""

    pdf: bytes
    signer: str
    missing: tuple[str, ...]


def render(document: Document, signer: Signer, typeface: Typeface) -> Outcome:
    """Typeset and seal `document`; the mark 示例·无法律效力 follows the signer and cannot be switched off.

    Raises:
        TypesettingError: template and content do not fit. SealingError: the seal could not be put on.
    """
    kind = KINDS[document.kind]
    envelope = document.envelope
    content = kind.content.model_validate(envelope["content"])
    sheet = typesetting.typeset(
        kind.template,
        {**envelope, "demonstration": signer.demonstration},
        at=document.issued_at,
        typeface=typeface,
        qr_target=envelope["verify_url"],
        drawings=_drawings(content),
    )
    if not kind.sealed:
        return Outcome(sheet.pdf, "", sheet.missing)
    if sheet.seat is None:
        raise SealingError(f"the template {kind.template} has no place for the seal")
    pdf = signer.seal(
        sheet.pdf,
        owner=SealOwner(document.organisation.code, envelope["organisation"]),
        seat=sheet.seat,
        reason=envelope["title"],
        at=document.issued_at.astimezone(dt.UTC),
    )
    return Outcome(pdf, signer.name, sheet.missing)


def _drawings(content: Content) -> dict[str, str]:
    if isinstance(content, DeliveryReceipt) and content.strokes:
        return {"signature": typesetting.strokes_svg(content.strokes)}
    return {}
