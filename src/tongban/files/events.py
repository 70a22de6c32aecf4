"""Kinds of events that the files room emits; no names of files in them."""

from __future__ import annotations

STORED = "files.stored"
ADOPTED = "files.adopted"
TRUST_RAISED = "files.trust_raised"
DISCARDED = "files.discarded"
