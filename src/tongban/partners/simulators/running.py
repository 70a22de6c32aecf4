"""A simulated system of a ministry in which items are run: it takes cases, advances them by clicks, and reports back.

It can be down, slow, or lose, double and disorder its reports: what the platform must live with.
"""

import base64
import binascii
import json
import sqlite3
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from tongban.partners import signing
from tongban.partners.simulators.store import LIST_MAX, Store

_SCHEMA = """
CREATE TABLE IF NOT EXISTS running_file (
  request_id TEXT PRIMARY KEY, case_no TEXT NOT NULL, material TEXT NOT NULL, name TEXT NOT NULL,
  bytes INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS running_case (
  case_no TEXT PRIMARY KEY, request_id TEXT NOT NULL UNIQUE, number TEXT NOT NULL, system TEXT NOT NULL,
  body TEXT NOT NULL, times INTEGER NOT NULL, at_s REAL NOT NULL);
CREATE TABLE IF NOT EXISTS running_report (
  case_no TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (case_no, seq));
CREATE TABLE IF NOT EXISTS running_mode (name TEXT PRIMARY KEY);
"""
#: How it behaves when called: as it should, broken, later than anybody waits, or it takes nothing.
MODES: Final = {"ok": "正常", "down": "故障（503）", "slow": "很慢", "refusing": "拒收"}
SLOW_S: Final = 12.0
_UNIT: Final = "株洲市文化旅游广电体育局"
#: Acts of its officials: what each reports, and what may follow it.
ACTS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "received": ("收件", {}),
    "accepted": ("受理", {}),
    "correction": ("要求补正", {"words": "请补充与旅行社订立劳动合同的确认信息。"}),
    "not_accepted": ("不予受理", {"reason": "未取得导游人员资格证。", "basis": "《导游人员管理条例》第四条"}),
    "step": ("审查完成", {"words": "审查：申请信息与资格信息一致"}),
    "granted": ("准予", {}),
    "refused": ("不予", {"reason": "存在不予核发导游证的情形。", "basis": "《导游人员管理条例》第五条"}),
    "result": ("发证", {"name": "导游证（电子）"}),
    "delivered": ("送达", {"words": "电子导游证已发到申请人手机端"}),
    "withdrawn": ("申请人撤回", {"words": "申请人书面撤回"}),
}
_AFTER: Final[dict[str, tuple[str, ...]]] = {
    "": ("received", "accepted", "not_accepted"),
    "received": ("correction", "accepted", "not_accepted", "withdrawn"),
    "correction": ("accepted", "not_accepted", "withdrawn"),
    "accepted": ("step", "granted", "refused", "withdrawn"),
    "step": ("step", "granted", "refused", "withdrawn"),
    "granted": ("result",),
    "result": ("delivered",),
}
#: How a report is sent.
WAYS: Final = {"once": "正常发送", "twice": "发两次", "lost": "不发（等平台来问）", "swapped": "先发后一条再发前一条"}


def _now() -> datetime:
    """The true time: another system's clock is not ours to stop."""
    return datetime.fromtimestamp(time.time(), UTC)


class RunningSystem:
    """The simulated system; `secret_of(system)` gives the secret shared with the platform."""

    def __init__(self, store: Store, secret_of: Callable[[str], bytes]) -> None:
        """Keep its own tables in the simulators' file."""
        self._store, self._secret_of = store, secret_of
        with store.transaction() as connection:
            connection.executescript(_SCHEMA)

    @property
    def mode(self) -> str:
        """How it behaves now."""
        with self._store.transaction() as connection:
            row = connection.execute("SELECT name FROM running_mode").fetchone()
        return str(row["name"]) if row else "ok"

    def behave(self, mode: str) -> None:
        """Change how it behaves."""
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM running_mode")
            connection.execute("INSERT INTO running_mode VALUES (?)", [mode])

    def take_file(self, body: Mapping[str, Any]) -> dict[str, str]:
        """Keep a file once per `request_id`.

        Raises:
            ValueError: its content is not base64.
        """
        try:
            size = len(base64.b64decode(body["content"], validate=True))
        except binascii.Error as error:
            raise ValueError("not base64") from error
        with self._store.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO running_file VALUES (?, ?, ?, ?, ?)",
                [body["request_id"], body["case_no"], body["material"], body["name"], size],
            )
        return {"file_id": f"F-{body['request_id']}"}

    def take_case(self, body: Mapping[str, Any]) -> dict[str, str]:
        """Keep a case once per `request_id`, however often it is sent; counts how often."""
        case_no, request_id = str(body["case_no"]), str(body["request_id"])
        with self._store.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO running_case VALUES (?, ?, ?, ?, ?, 0, ?)",
                [
                    case_no, request_id, f"LY{_now():%Y%m%d}{case_no[-6:]}", str(body["system"]),
                    json.dumps(body, ensure_ascii=False), time.time(),
                ],
            )  # fmt: skip
            connection.execute("UPDATE running_case SET times = times + 1 WHERE request_id = ?", [request_id])
            row = connection.execute("SELECT number FROM running_case WHERE request_id = ?", [request_id]).fetchone()
        if row is None:
            raise ValueError("the case was handed over under another request")
        return {"number": str(row["number"])}

    def reports_after(self, case_no: str, after: int) -> list[dict[str, Any]]:
        """What was reported after a number, in order."""
        with self._store.transaction() as connection:
            rows = connection.execute(
                "SELECT body FROM running_report WHERE case_no = ? AND seq > ? ORDER BY seq LIMIT 100", [case_no, after]
            ).fetchall()
        return [json.loads(row["body"]) for row in rows]

    def cases(self) -> list[dict[str, Any]]:
        """The latest cases, each with its reports."""
        with self._store.transaction() as connection:
            rows = connection.execute("SELECT * FROM running_case ORDER BY at_s DESC LIMIT ?", [LIST_MAX]).fetchall()
        return [self._with_reports(row) for row in rows]

    def case(self, case_no: str) -> dict[str, Any] | None:
        """A case with its reports and files, or None."""
        with self._store.transaction() as connection:
            row = connection.execute("SELECT * FROM running_case WHERE case_no = ?", [case_no]).fetchone()
        return self._with_reports(row) if row else None

    def files_of(self, case_no: str) -> list[dict[str, Any]]:
        """The files that came with a case."""
        with self._store.transaction() as connection:
            rows = connection.execute(
                "SELECT material, name, bytes FROM running_file WHERE case_no = ? ORDER BY rowid", [case_no]
            ).fetchall()
        return [dict(row) for row in rows]

    def act(self, case_no: str, kind: str, way: str) -> list[int]:
        """Let an official act and report it; gives the HTTP status of each report sent (0: no answer).

        Raises:
            ValueError: the act does not follow, or there is no such case.
        """
        found = self.case(case_no)
        if found is None or kind not in found["next"] or way not in WAYS:
            raise ValueError(kind)
        seq = len(found["reports"]) + 1
        _label, words = ACTS[kind]
        body = {
            "case_no": case_no,
            "seq": seq,
            "kind": kind,
            "at": _now().isoformat(),
            "unit": _UNIT,
            **words,
        }
        if kind == "result":
            ends = _now() + timedelta(days=3 * 365)
            body |= {"number": f"D-4302-{int(time.time()) % 1_000_000:06d}", "valid_to": ends.date().isoformat()}
        with self._store.transaction() as connection:
            connection.execute(
                "INSERT INTO running_report VALUES (?, ?, ?)", [case_no, seq, json.dumps(body, ensure_ascii=False)]
            )
        before = found["reports"][-1:]
        sent = {"once": [body], "twice": [body, body], "lost": [], "swapped": [body, *before]}[way]
        return [self._tell(found, one) for one in sent]

    def _with_reports(self, row: sqlite3.Row) -> dict[str, Any]:
        reports = self.reports_after(row["case_no"], 0)
        last = reports[-1]["kind"] if reports else ""
        return dict(row) | {
            "body": json.loads(row["body"]), "reports": reports, "next": _AFTER.get(last, ()),
        }  # fmt: skip

    def _tell(self, found: Mapping[str, Any], report: Mapping[str, Any]) -> int:
        url = str(found["body"]["report_url"])
        content = json.dumps(report, ensure_ascii=False).encode()
        headers = signing.signed_headers(
            self._secret_of(found["system"]),
            client_id=found["system"],
            method="POST",
            path=urlsplit(url).path,
            body=content,
            now_s=time.time(),
        )
        try:
            with httpx.Client(timeout=5, trust_env=False) as client:
                return client.post(
                    url, content=content, headers=headers | {"Content-Type": "application/json"}
                ).status_code
        except httpx.HTTPError:
            return 0
