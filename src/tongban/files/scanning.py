"""Looking for malware before a file is kept; a scanner that is configured and does not answer lets nothing through."""

from __future__ import annotations

import hashlib
import logging

from django.conf import settings

from tongban.files import problems
from tongban.files.registries import Scanner, ScannerUnavailableError, scanners

logger = logging.getLogger(__name__)


def configured() -> Scanner | None:
    """Return the scanner of this installation, or None where none is wanted.

    Raises:
        ScannerUnavailableError: the settings name one that nobody registered.
    """
    key = str(getattr(settings, "FILE_SCANNER", "")) or ("clamav" if settings.CLAMAV else "")
    if not key:
        return None
    scanner = scanners.get(key)
    if scanner is None:
        raise ScannerUnavailableError(f"no scanner {key}")
    return scanner


def look(data: bytes) -> None:
    """Look through a file.

    Raises:
        FileRefusal: `file_infected`; `file_scan_unavailable` (503) when the scanner does not answer.
    """
    try:
        scanner = configured()
        found = scanner.find(data) if scanner else None
    except ScannerUnavailableError as error:
        logger.exception("the malware scanner does not answer")
        raise problems.scan_unavailable() from error
    if found is not None:
        logger.warning("refused a file with %s, sha256 %s", found, hashlib.sha256(data).hexdigest())
        raise problems.infected()
