"""What the simulators keep: one SQLite file, so that a restart loses nothing.

The simulators stand for systems of others; that is why they do not use the platform's own database.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
  id INTEGER PRIMARY KEY, channel TEXT NOT NULL, request_id TEXT NOT NULL, address TEXT NOT NULL,
  subject TEXT NOT NULL, text TEXT NOT NULL, at_s REAL NOT NULL, UNIQUE (channel, request_id));
CREATE TABLE IF NOT EXISTS payment_order (
  order_no TEXT PRIMARY KEY, request_id TEXT NOT NULL UNIQUE, bill_no TEXT NOT NULL, body TEXT NOT NULL,
  state TEXT NOT NULL, transaction_no TEXT NOT NULL, paid_at TEXT NOT NULL, at_s REAL NOT NULL);
CREATE TABLE IF NOT EXISTS realname (document_number TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS parcel_scan (
  id INTEGER PRIMARY KEY, tracking_no TEXT NOT NULL, carrier TEXT NOT NULL, code TEXT NOT NULL, place TEXT NOT NULL,
  signed_by TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS parcel_scan_of ON parcel_scan (tracking_no);
CREATE TABLE IF NOT EXISTS nonce (client_id TEXT NOT NULL, nonce TEXT NOT NULL, at_s REAL NOT NULL,
  PRIMARY KEY (client_id, nonce));
"""

#: Messages shown on one page.
LIST_MAX = 100


class Store:
    """The simulators' file under `folder`; safe to use from many threads."""

    def __init__(self, folder: Path) -> None:
        """Open or create the file."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(folder / "simulators.sqlite3", check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._connection:
            yield self._connection

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def is_fresh(self, client_id: str, nonce: str) -> bool:
        """Remember a nonce; whether it was new."""
        with self.transaction() as connection:
            connection.execute("DELETE FROM nonce WHERE at_s < ?", [time.time() - 3600])
            done = connection.execute("INSERT OR IGNORE INTO nonce VALUES (?, ?, ?)", [client_id, nonce, time.time()])
            return done.rowcount == 1

    def add_message(self, channel: str, *, request_id: str, address: str, subject: str, text: str) -> int:
        """Keep a message once per `request_id`; returns its number."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO message (channel, request_id, address, subject, text, at_s)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [channel, request_id, address, subject, text, time.time()],
            )
            row = connection.execute(
                "SELECT id FROM message WHERE channel = ? AND request_id = ?", [channel, request_id]
            ).fetchone()
            return int(row["id"])

    def addresses(self, channel: str) -> list[tuple[str, int]]:
        """Every address with the number of its messages, the latest first."""
        with self.transaction() as connection:
            rows = connection.execute(
                "SELECT address, count(*) AS n FROM message WHERE channel = ? GROUP BY address ORDER BY max(id) DESC"
                " LIMIT ?",
                [channel, LIST_MAX],
            ).fetchall()
        return [(row["address"], row["n"]) for row in rows]

    def messages(self, channel: str, address: str) -> list[dict[str, Any]]:
        """An address's messages, the latest first."""
        with self.transaction() as connection:
            rows = connection.execute(
                "SELECT id, subject, text, at_s FROM message WHERE channel = ? AND address = ?"
                " ORDER BY id DESC LIMIT ?",
                [channel, address, LIST_MAX],
            ).fetchall()
        return [dict(row) for row in rows]

    def add_order(self, order_no: str, *, request_id: str, bill_no: str, body: dict[str, Any]) -> str:
        """Open an order once per `request_id`; returns the number of the order that stands."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO payment_order VALUES (?, ?, ?, ?, 'open', '', '', ?)",
                [order_no, request_id, bill_no, json.dumps(body, ensure_ascii=False), time.time()],
            )
            row = connection.execute("SELECT order_no FROM payment_order WHERE request_id = ?", [request_id]).fetchone()
            return str(row["order_no"])

    def order(self, order_no: str) -> dict[str, Any] | None:
        """An order, or None."""
        with self.transaction() as connection:
            row = connection.execute("SELECT * FROM payment_order WHERE order_no = ?", [order_no]).fetchone()
        return _order(row) if row else None

    def orders(self) -> list[dict[str, Any]]:
        """The latest orders."""
        with self.transaction() as connection:
            rows = connection.execute("SELECT * FROM payment_order ORDER BY at_s DESC LIMIT ?", [LIST_MAX]).fetchall()
        return [_order(row) for row in rows]

    def settle(self, order_no: str, *, state: str, transaction_no: str, paid_at: str) -> None:
        """Mark an open order paid or failed; a paid order stays paid."""
        with self.transaction() as connection:
            connection.execute(
                "UPDATE payment_order SET state = ?, transaction_no = ?, paid_at = ?"
                " WHERE order_no = ? AND state <> 'paid'",
                [state, transaction_no, paid_at, order_no],
            )

    def scan(self, tracking_no: str, *, carrier: str, code: str, place: str, at: str, signed_by: str = "") -> None:
        """Add what happened to a parcel."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO parcel_scan (tracking_no, carrier, code, place, signed_by, at) VALUES (?, ?, ?, ?, ?, ?)",
                [tracking_no, carrier, code, place, signed_by, at],
            )

    def scans(self, tracking_no: str) -> list[dict[str, Any]]:
        """What happened to a parcel, oldest first."""
        with self.transaction() as connection:
            rows = connection.execute(
                "SELECT carrier, code, place, signed_by, at FROM parcel_scan WHERE tracking_no = ? ORDER BY id LIMIT ?",
                [tracking_no, LIST_MAX],
            ).fetchall()
        return [dict(row) for row in rows]

    def parcels(self) -> list[str]:
        """The numbers of the latest parcels."""
        with self.transaction() as connection:
            rows = connection.execute(
                "SELECT tracking_no FROM parcel_scan GROUP BY tracking_no ORDER BY max(id) DESC LIMIT ?", [LIST_MAX]
            ).fetchall()
        return [row["tracking_no"] for row in rows]

    def registered_name(self, document_number: str, *, first_claim: str) -> str:
        """The name a number belongs to; a number never seen before belongs to whoever claims it first."""
        with self.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO realname VALUES (?, ?)", [document_number, first_claim])
            row = connection.execute(
                "SELECT name FROM realname WHERE document_number = ?", [document_number]
            ).fetchone()
            return str(row["name"])


def _order(row: sqlite3.Row) -> dict[str, Any]:
    return dict(row) | {"body": json.loads(row["body"])}
