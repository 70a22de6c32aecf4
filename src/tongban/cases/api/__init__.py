"""The JSON API of cases: the same commands as every other channel."""

from ninja import Router

from tongban.cases.api import copies, following, serving, todo
from tongban.cases.api.drafts import router as drafts
from tongban.cases.api.events import router as events
from tongban.cases.api.exchange import router as exchange
from tongban.cases.api.filing import router as filing
from tongban.cases.api.handling import router as handling
from tongban.cases.api.materials import router as materials
from tongban.cases.api.reusing import router as reusing

router = Router()
router.add_router("", filing)
router.add_router("", drafts)
router.add_router("", handling)
router.add_router("", materials)
router.add_router("", reusing)
router.add_router("", events)
router.add_router("", exchange)

__all__ = ["copies", "following", "router", "serving", "todo"]
