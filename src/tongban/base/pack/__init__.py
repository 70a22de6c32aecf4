"""City packs: how a room's part of `cities/<name>/` is read, checked and loaded.

A room subclasses `PackSection` and registers it in `AppConfig.ready`; `tongban.config.citypack` runs all sections.
"""

from tongban.base.pack.city import CITY_FILE, City, read_city
from tongban.base.pack.located import Document, Finding, PackFileError
from tongban.base.pack.pack import Pack
from tongban.base.pack.section import Changes, PackSection, register, sections
from tongban.base.pack.shapes import Shape, findings, parse

__all__ = [
    "CITY_FILE",
    "Changes",
    "City",
    "Document",
    "Finding",
    "Pack",
    "PackFileError",
    "PackSection",
    "Shape",
    "findings",
    "parse",
    "read_city",
    "register",
    "sections",
]
