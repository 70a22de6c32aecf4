"""The city pack: find it, check it, load it.

`check` explains every error with file and line and needs no database; `load` is idempotent, runs in one transaction and
says what changed. What the pack holds is known to the rooms: each registers a `tongban.base.pack.PackSection`.
"""

from tongban.config.citypack.checking import check, check_pack, remarks
from tongban.config.citypack.loading import LoadReport, PackRefused, SectionReport, load
from tongban.config.citypack.place import city_root, locate

__all__ = [
    "LoadReport",
    "PackRefused",
    "SectionReport",
    "check",
    "check_pack",
    "city_root",
    "load",
    "locate",
    "remarks",
]
