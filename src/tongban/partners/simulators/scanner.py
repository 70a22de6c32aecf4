"""A scanner that speaks eSCL; how it behaves stands in its address.

`/escl/feeder` has three sheets in its feeder, `/escl/platen` one on its glass, `/escl/busy` works for somebody else,
`/escl/jam` jams after the first sheet, `/escl/slow` is asked twice for each sheet.
"""

from __future__ import annotations

import io
import secrets
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

_STATUS: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><scan:ScannerStatus '
    'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">'
    "<pwg:Version>2.0</pwg:Version><pwg:State>{state}</pwg:State><scan:AdfState>{feeder}</scan:AdfState>"
    "</scan:ScannerStatus>"
)
_SHEETS: Final = {"feeder": 3, "platen": 1, "jam": 3, "slow": 2}
BEHAVIOURS: Final = (*_SHEETS, "busy")
_JOBS_MAX: Final = 100
_A4_PX: Final = (1654, 2339)


@dataclass(slots=True)
class Job:
    """A scan under way: how the scanner behaves, sheets given so far, whether it was asked for the next one before."""

    behaviour: str
    given: int = 0
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What the scanner answers: status, media type, body, place of a new job."""

    status: str
    media_type: str = "text/plain"
    body: bytes = b""
    location: str = ""


_ABSENT: Final = Said("404 Not Found")


class SimulatedScanner:
    """All of them in one."""

    def __init__(self) -> None:
        """Have no jobs."""
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def answer(self, method: str, path: str, base_url: str) -> Said:
        """Answer a request below `/escl/`."""
        behaviour, *rest = path.removeprefix("/escl/").split("/")
        if behaviour not in BEHAVIOURS:
            return _ABSENT
        match method, rest:
            case "GET", ["ScannerStatus"]:
                feeder = "ScannerAdfEmpty" if behaviour == "platen" else "ScannerAdfLoaded"
                state = "Processing" if behaviour == "busy" else "Idle"
                return Said("200 OK", "text/xml", _STATUS.format(state=state, feeder=feeder).encode())
            case "POST", ["ScanJobs"]:
                return self._begin(behaviour, base_url)
            case "GET", ["ScanJobs", number, "NextDocument"]:
                return self._next(number)
            case "DELETE", ["ScanJobs", number]:
                return Said("200 OK") if self._jobs.pop(number, None) else _ABSENT
        return _ABSENT

    def _begin(self, behaviour: str, base_url: str) -> Said:
        if behaviour == "busy":
            return Said("503 Service Unavailable")
        number = secrets.token_hex(8)
        with self._lock:
            while len(self._jobs) >= _JOBS_MAX:
                self._jobs.pop(next(iter(self._jobs)))
            self._jobs[number] = Job(behaviour)
        return Said("201 Created", location=f"{base_url}/escl/{behaviour}/ScanJobs/{number}")

    def _next(self, number: str) -> Said:
        job = self._jobs.get(number)
        if job is None:
            return _ABSENT
        if job.given >= _SHEETS[job.behaviour]:
            self._jobs.pop(number, None)
            return _ABSENT
        if job.behaviour == "jam" and job.given:
            return Said("500 Internal Server Error")
        if job.behaviour == "slow" and not job.asked:
            job.asked = True
            return Said("503 Service Unavailable")
        job.given, job.asked = job.given + 1, False
        return Said("200 OK", "image/jpeg", sheet(job.given))


@lru_cache(maxsize=8)
def sheet(number: int) -> bytes:
    """A sheet of A4 at 200 dpi, marked as a sample, with its number large on it."""
    page = Image.new("L", _A4_PX, 252)
    pen = ImageDraw.Draw(page)
    font = str(pylopdf_fonts_zh_cn.sans_path())
    pen.text((160, 200), f"演示扫描件 第 {number} 页", fill=40, font=ImageFont.truetype(font, 96))
    pen.text((160, 340), "示例·无法律效力", fill=110, font=ImageFont.truetype(font, 48))
    for line in range(28):
        pen.line((160, 520 + 60 * line, 1494 - 180 * (line % 4 == 3), 520 + 60 * line), fill=190, width=3)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=80)
    return out.getvalue()
