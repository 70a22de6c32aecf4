"""Measuring: how fast the platform is beside what this machine can do at all (`./tongban bench`)."""

from tongban.config.rehearsal.bench.figures import Figures, Round, Speeds
from tongban.config.rehearsal.bench.limit import PgbenchMissingError
from tongban.config.rehearsal.bench.loading import Loaded, already_loaded, load
from tongban.config.rehearsal.bench.measuring import SUBJECTS, Running, measure
from tongban.config.rehearsal.bench.stage import Stage, prepare

__all__ = [
    "SUBJECTS",
    "Figures",
    "Loaded",
    "PgbenchMissingError",
    "Round",
    "Running",
    "Speeds",
    "Stage",
    "already_loaded",
    "load",
    "measure",
    "prepare",
]
