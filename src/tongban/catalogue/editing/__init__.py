"""Editing a draft: its sections, what each asks, and how what was typed becomes content. Pure.

A section is a table of entries (`sections`); `reading` takes a posted form into the content, `acts` adds, moves and
removes rows, `showing` makes what the page draws, with each fault beside its entry.
"""

from __future__ import annotations

from tongban.catalogue.editing.acts import Act, act, parse_act
from tongban.catalogue.editing.entries import Entry, Rows, Section
from tongban.catalogue.editing.reading import Posted, read
from tongban.catalogue.editing.sections import BASE_SECTIONS, INTO_SECTIONS, SECTIONS, section_of
from tongban.catalogue.editing.showing import SectionView, show

__all__ = [
    "BASE_SECTIONS",
    "INTO_SECTIONS",
    "SECTIONS",
    "Act",
    "Entry",
    "Posted",
    "Rows",
    "Section",
    "SectionView",
    "act",
    "parse_act",
    "read",
    "section_of",
    "show",
]
