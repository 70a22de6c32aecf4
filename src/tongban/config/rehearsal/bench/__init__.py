"""Measuring: how fast the platform is beside what this machine can do at all (`./tongban bench`)."""

from tongban.config.rehearsal.bench.figures import Figures, Round, Speeds
from tongban.config.rehearsal.bench.items import already_there, load_items
from tongban.config.rehearsal.bench.limit import PgbenchMissingError
from tongban.config.rehearsal.bench.loading import Loaded, already_loaded, load
from tongban.config.rehearsal.bench.measuring import SUBJECTS, Running, measure
from tongban.config.rehearsal.bench.scale import Comparison, Look, look
from tongban.config.rehearsal.bench.searching import ITEM_SUBJECTS, measure_items
from tongban.config.rehearsal.bench.stage import Stage, prepare

__all__ = [
    "ITEM_SUBJECTS",
    "SUBJECTS",
    "Comparison",
    "Figures",
    "Loaded",
    "Look",
    "PgbenchMissingError",
    "Round",
    "Running",
    "Speeds",
    "Stage",
    "already_loaded",
    "already_there",
    "load",
    "load_items",
    "look",
    "measure",
    "measure_items",
    "prepare",
]
