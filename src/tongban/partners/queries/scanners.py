"""Which scanners stand at the windows of a body."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.partners.adapters import Scanner


def scanners_of(*organisation_refs: str) -> list[Scanner]:
    """Return the scanners of bodies in the order of the settings; in a demonstration without any, the simulated one."""
    rows = settings.SCANNERS
    if not rows and settings.DEMO:
        rows = (("*", _("演示扫描仪"), f"{settings.SIMULATORS_URL}/escl/feeder"),)
    return [Scanner(name, address) for ref, name, address in rows if ref in {"*", *organisation_refs}]
