"""Which scanners stand at the windows of a body."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.partners.adapters import Scanner
from tongban.partners.problems import ScanRefusal
from tongban.partners.registries import scanners

_AT_ONCE = 16


def scanners_of(*organisation_refs: str) -> list[Scanner]:
    """Return the scanners of bodies in the order of the settings; in a demonstration without any, the simulated one."""
    rows = settings.SCANNERS
    if not rows and settings.DEMO:
        rows = (("*", _("演示扫描仪"), f"{settings.SIMULATORS_URL}/escl/feeder"),)
    return [Scanner(name, address) for ref, name, address in rows if ref in {"*", *organisation_refs}]


def scanners_state() -> tuple[int, list[str]]:
    """Return how many scanners the settings name, and the names of those that do not answer; a busy one answers."""
    rows = [Scanner(name, address) for _ref, name, address in settings.SCANNERS]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(_answers, rows))
    return len(rows), [one.name for one, is_there in zip(rows, answers, strict=True) if not is_there]


def _answers(scanner: Scanner) -> bool:
    adapter = scanners.get(urlsplit(scanner.address).scheme)
    try:
        if adapter is not None:
            adapter.look(scanner.address)
    except ScanRefusal as refusal:
        return refusal.code == "scanner_busy"
    return adapter is not None
