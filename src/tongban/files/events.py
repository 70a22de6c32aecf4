"""Kinds of events that the files room emits; no names of files in them."""

from __future__ import annotations

FILE_STORED = "FileStored"
FILE_ADOPTED = "FileAdopted"
FILE_TRUST_RAISED = "FileTrustRaised"
FILE_DISCARDED = "FileDiscarded"
