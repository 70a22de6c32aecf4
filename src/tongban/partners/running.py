"""The wire of systems in which items are run: the simulator speaks it, and any system that adopts it."""

import base64
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, cast

from tongban.partners import signing
from tongban.partners.adapters import REPORT_KINDS, HandedFile, ReportKind, RunningReport, RunningSystemAdapter
from tongban.partners.commands import remember_nonce
from tongban.partners.endpoints import endpoint
from tongban.partners.problems import PartnerRefusedError
from tongban.partners.transport import Budget, Endpoint, call

#: Seconds for one call: the application, and a file of up to 20 MB.
_CASE_S: Final = 10.0
_FILE_S: Final = 40.0
_TEXTS: Final = {"unit": 200, "words": 1000, "reason": 2000, "basis": 1000, "number": 100, "name": 200, "valid_to": 10}
_SEQ_MAX: Final = 1_000_000
#: Materials that one report names, and characters of each.
_MATERIALS_MAX: Final = 60
_NAME_MAX: Final = 200
_REPORTS_MAX: Final = 100


@dataclass(frozen=True)
class _At:
    """One system's endpoint."""

    endpoint: Endpoint


class JsonRunningSystem(RunningSystemAdapter):
    """JSON over the signed wire: `/running-api/<system>/files`, `…/cases`, `…/reports`."""

    vendor = "simulator"

    def hand_over_file(self, *, system: str, case_no: str, request_id: str, file: HandedFile) -> str:
        """Send one file, base64 inside JSON."""
        body = {
            "request_id": request_id,
            "case_no": case_no,
            "material": file.material,
            "name": file.name,
            "media_type": file.media_type,
            "content": base64.b64encode(file.content).decode(),
        }
        return _named(_call(system, "files", body, _FILE_S), "file_id")

    def hand_over(self, *, system: str, request_id: str, case: Mapping[str, Any]) -> str:
        """Send the application."""
        return _named(_call(system, "cases", {"request_id": request_id, **case}, _CASE_S), "number")

    def reports(self, *, system: str, case_no: str, after: int) -> Sequence[RunningReport]:
        """Ask for what came after a report."""
        answer = _call(system, "reports", {"case_no": case_no, "after": after}, _CASE_S)
        found = answer.get("items")
        if not isinstance(found, list) or len(found) > _REPORTS_MAX:
            raise PartnerRefusedError("the answer holds no list of reports")
        return [read_report(one) for one in found]

    def report(self, *, system: str, headers: Mapping[str, str], path: str, body: bytes) -> RunningReport:
        """Check signature, time and nonce, and read."""
        there = endpoint(system)
        signing.verify(
            headers,
            there.secret,
            method="POST",
            path=path,
            body=body,
            now_s=time.time(),
            is_fresh=lambda _client_id, nonce: remember_nonce(client_id=f"running:{system}", nonce=nonce),
        )
        try:
            return read_report(json.loads(body))
        except ValueError as error:
            raise PartnerRefusedError("the report is not JSON") from error


def read_report(body: object) -> RunningReport:
    """Read a report: every field of the right type and bounded.

    Raises:
        PartnerRefusedError: it is none.
    """
    if not isinstance(body, Mapping):
        raise PartnerRefusedError("the report is not an object")
    texts = {name: body.get(name, "") for name in _TEXTS}
    seq, kind, number = body.get("seq"), body.get("kind"), body.get("case_no")
    if type(seq) is not int or not 1 <= seq <= _SEQ_MAX or kind not in REPORT_KINDS:
        raise PartnerRefusedError("the report lacks its number or kind")
    if not isinstance(number, str) or not 0 < len(number) <= 60 or not texts["unit"]:
        raise PartnerRefusedError("the report lacks its case or unit")
    wrong = [name for name, most in _TEXTS.items() if not isinstance(texts[name], str) or len(texts[name]) > most]
    if wrong or any("\x00" in text for text in texts.values()):
        raise PartnerRefusedError(f"the report's {', '.join(wrong) or 'text'} cannot be read")
    try:
        at = datetime.fromisoformat(str(body.get("at")))
        if texts["valid_to"]:
            date.fromisoformat(texts["valid_to"])
    except ValueError as error:
        raise PartnerRefusedError("the report lacks its moment") from error
    if at.tzinfo is None:
        raise PartnerRefusedError("the report's moment has no zone")
    return RunningReport(
        case_no=number, seq=seq, kind=cast(ReportKind, kind), at=at, materials=_materials(body), **texts
    )


def _materials(body: Mapping[str, Any]) -> tuple[str, ...]:
    found = body.get("materials", [])
    if not isinstance(found, list) or len(found) > _MATERIALS_MAX:
        raise PartnerRefusedError("the report's materials are no list, or too many")
    if not all(isinstance(one, str) and 0 < len(one) <= _NAME_MAX and "\x00" not in one for one in found):
        raise PartnerRefusedError("the report's materials cannot be read")
    return tuple(found)


def _call(system: str, what: str, body: Mapping[str, Any], timeout_s: float) -> Mapping[str, Any]:
    path = f"/running-api/{system}/{what}"
    return call(_At(endpoint(system)), path, body, timeout_s=timeout_s, budget=Budget(1, timeout_s)).body


def _named(answer: Mapping[str, Any], field: str) -> str:
    value = answer.get(field)
    if not isinstance(value, str) or not 0 < len(value) <= 80:
        raise PartnerRefusedError(f"the answer holds no {field}")
    return value
