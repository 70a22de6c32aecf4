"""eSCL, the protocol that network scanners speak over HTTP (Mopria Alliance, eSCL Technical Specification).

Scanners at a workstation's cable speak it through a bridge such as AirSane. What a scanner answers is bounded, and
never leads to another host: of the place of a job only the path is used.
"""

from __future__ import annotations

import contextlib
import logging
import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tongban.partners import problems
from tongban.partners.adapters import ScannerAdapter

if TYPE_CHECKING:
    import httpx

logger = logging.getLogger(__name__)

#: A person stands there: seconds for a whole scan, and for a scanner to say anything.
ALL_S: Final = 50.0
_TIMEOUT_S: Final = 20.0
_LOOK_S: Final = 3.0
_WAIT_S: Final = 1.0
PAGE_BYTES_MAX: Final = 20 * 1024 * 1024
_TEXT_BYTES_MAX: Final = 64 * 1024
#: Dots per inch: what a seal and small print need; A4 in 300ths of an inch, as the protocol counts.
_DPI: Final = 200
_A4: Final = (2480, 3508)
_LOADED: Final = re.compile(rb"<\w+:AdfState>\s*ScannerAdfLoaded\s*<")
_ORDER: Final = """<?xml version="1.0" encoding="UTF-8"?>
<scan:ScanSettings xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" \
xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"><pwg:Version>2.0</pwg:Version><scan:Intent>Document</scan:Intent>\
<pwg:ScanRegions><pwg:ScanRegion><pwg:Height>{high}</pwg:Height>\
<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits><pwg:Width>{wide}</pwg:Width>\
<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset></pwg:ScanRegion></pwg:ScanRegions>\
<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat><pwg:InputSource>{source}</pwg:InputSource>\
<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt><scan:XResolution>{dpi}</scan:XResolution>\
<scan:YResolution>{dpi}</scan:YResolution><scan:ColorMode>{colour}</scan:ColorMode>{sides}</scan:ScanSettings>"""


class Escl(ScannerAdapter):
    """One job for each scan; a job that was not read to its end is taken back."""

    def scan(self, address: str, *, in_colour: bool, both_sides: bool, pages_max: int) -> Iterator[bytes]:
        """Scan from the feeder where paper lies in it, else one page from the glass."""
        until = time.monotonic() + ALL_S
        with _caller(_TIMEOUT_S) as client, _answering():
            fed = _LOADED.search(_status(client, address)) is not None
            job = _begin(client, address, fed=fed, in_colour=in_colour, both_sides=both_sides)
            done = False
            try:
                for _number in range(pages_max if fed else 1):
                    page = _next(client, job, until)
                    if page is None:
                        done = True
                        return
                    yield page
            finally:
                if not done:
                    _take_back(client, job)

    def look(self, address: str) -> None:
        """Ask for its status, as every scan does first."""
        with _caller(_LOOK_S) as client, _answering():
            _status(client, address)


ESCL: Final = Escl()


def _caller(timeout_s: float) -> httpx.Client:
    # 12 MiB: only a process that scans has them.
    import httpx

    timeout = httpx.Timeout(timeout_s, connect=_LOOK_S)
    return httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False)


def _take_back(client: httpx.Client, job: str) -> None:
    import httpx

    with contextlib.suppress(httpx.HTTPError):
        client.delete(job)


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    import httpx

    try:
        yield
    except httpx.HTTPError as error:
        logger.warning("a scanner does not answer: %s", type(error).__name__)
        raise problems.scanner_unreachable() from error


def _begin(client: httpx.Client, address: str, *, fed: bool, in_colour: bool, both_sides: bool) -> str:
    """Order a scan; give the address of the job, on the scanner's own host."""
    order = _ORDER.format(
        wide=_A4[0],
        high=_A4[1],
        dpi=_DPI,
        source="Feeder" if fed else "Platen",
        colour="RGB24" if in_colour else "Grayscale8",
        sides=f"<scan:Duplex>{'true' if both_sides else 'false'}</scan:Duplex>" if fed else "",
    )
    answer = client.post(f"{address}/ScanJobs", content=order.encode(), headers={"Content-Type": "text/xml"})
    if answer.status_code in {409, 503}:
        raise problems.scanner_busy()
    path = urlsplit(answer.headers.get("Location", "")).path
    if answer.status_code != 201 or not path.startswith("/"):
        logger.warning("a scanner answered %s to a job", answer.status_code)
        raise problems.scanner_failed()
    place = urlsplit(address)
    return f"{place.scheme}://{place.netloc}{path.rstrip('/')}"


def _next(client: httpx.Client, job: str, until: float) -> bytes | None:
    """Wait for the next page; None when there is none."""
    while time.monotonic() < until:
        with client.stream("GET", f"{job}/NextDocument") as answer:
            if answer.status_code == 200:
                return _bounded(answer, PAGE_BYTES_MAX)
            if answer.status_code in {404, 410}:
                return None
            if answer.status_code != 503:
                logger.warning("a scanner answered %s to the next page", answer.status_code)
                raise problems.scanner_failed()
        time.sleep(_WAIT_S)
    raise problems.scanner_failed()


def _status(client: httpx.Client, address: str) -> bytes:
    with client.stream("GET", f"{address}/ScannerStatus") as answer:
        if answer.status_code == 503:
            raise problems.scanner_busy()
        if answer.status_code != 200:
            raise problems.scanner_failed()
        return _bounded(answer, _TEXT_BYTES_MAX)


def _bounded(answer: httpx.Response, most: int) -> bytes:
    data = bytearray()
    for part in answer.iter_bytes():
        data += part
        if len(data) > most:
            raise problems.scanner_failed()
    return bytes(data)
