"""What this installation says about documents, read from the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from tongban.documents.sealing.signer import Signer, signers
from tongban.documents.typesetting import Typeface


def signer(name: str = "") -> Signer:
    """Return the signer of that name; without one the signer in force (setting `DOCUMENT_SIGNER`, else
    `demonstration`).

    Raises:
        SealingError: no signer of that name is entered.
    """
    return signers.get(name or str(getattr(settings, "DOCUMENT_SIGNER", "demonstration")))


def typeface() -> Typeface:
    """Return the fonts (setting `DOCUMENT_TYPEFACE`: body, heading, folders)."""
    wanted: Mapping[str, Any] = getattr(settings, "DOCUMENT_TYPEFACE", {})
    ours = Typeface()
    return Typeface(
        body=str(wanted.get("body", ours.body)),
        heading=str(wanted.get("heading", ours.heading)),
        folders=tuple(str(folder) for folder in wanted.get("folders", ())),
    )


def base_url() -> str:
    """Return the address under which the public reaches this installation, without a slash at the end."""
    return str(settings.BASE_URL).rstrip("/")
