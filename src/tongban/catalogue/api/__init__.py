"""The JSON API of the catalogue. What has an address of its own stands before what is found by code."""

from ninja import Router

from tongban.catalogue.api.bases import router as bases
from tongban.catalogue.api.changes import router as changes
from tongban.catalogue.api.guide import router as guide
from tongban.catalogue.api.items import router as items
from tongban.catalogue.api.syncing import router as syncing
from tongban.catalogue.api.versions import router as versions

router = Router()
for _part in (bases, changes, syncing, items, versions, guide):
    router.add_router("", _part)

__all__ = ["router"]
