"""The JSON API of cases: the same commands as every other channel."""

from ninja import Router

from tongban.cases.api import (
    absences,
    archiving,
    colleagues,
    copies,
    desk,
    dossier,
    following,
    handling,
    mandates,
    materials,
    messages,
    opinions,
    paying,
    reusing,
    sending,
    serving,
    succession,
    todo,
    window,
)
from tongban.cases.api.acting import router as acting
from tongban.cases.api.drafts import router as drafts
from tongban.cases.api.events import router as events
from tongban.cases.api.exchange import router as exchange
from tongban.cases.api.filing import router as filing

router = Router()
router.add_router("", filing)
router.add_router("", drafts)
router.add_router("", acting)
router.add_router("", events)
router.add_router("", exchange)

__all__ = [
    "absences",
    "archiving",
    "colleagues",
    "copies",
    "desk",
    "dossier",
    "following",
    "handling",
    "mandates",
    "materials",
    "messages",
    "opinions",
    "paying",
    "reusing",
    "router",
    "sending",
    "serving",
    "succession",
    "todo",
    "window",
]
