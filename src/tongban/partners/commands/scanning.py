"""Scanning at a window."""

from __future__ import annotations

from collections.abc import Generator
from urllib.parse import urlsplit

from tongban.base import rate
from tongban.kernel.actor import Actor
from tongban.partners import problems
from tongban.partners.adapters import Scanner
from tongban.partners.registries import scanners

_PER_HOUR = 300


def scan(
    *, actor: Actor, scanner: Scanner, in_colour: bool, both_sides: bool, pages_max: int
) -> Generator[bytes, None, None]:
    """Scan, and give each page as a JPEG as it comes; the caller has found the scanner among the actor's.

    Raises:
        ScanRefusal: the scanner gives no page, or no further one; pages given before it are good.
        TooMany: scans within an hour.
    """
    rate.hit(bucket="partners.scan", key=actor.ref, limit=_PER_HOUR, per_s=3600)
    adapter = scanners.get(urlsplit(scanner.address).scheme)
    if adapter is None:
        raise problems.scanner_unreachable()
    yield from adapter.scan(scanner.address, in_colour=in_colour, both_sides=both_sides, pages_max=pages_max)
