"""A fault in a definition: a stable code, where it is, and a Chinese sentence that says what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong: `path` is dotted (``materials.2.basis``), so that a file checker can find the line."""

    code: str
    path: str
    message: str
