"""A batch as files in a ZIP: one per table, and a manifest. The same batch gives the same bytes, in bounded memory."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any, Final
from xml.sax.saxutils import escape

from tongban.base.moment import SHANGHAI
from tongban.cases.exchange.columns import Value, Values
from tongban.cases.exchange.envelope import enveloped, header
from tongban.cases.exchange.tables import TABLES
from tongban.cases.models import ExchangeBatch, ExchangeRow

#: Rows that are in memory at a time.
_CHUNK: Final = 500
#: Bytes of the ZIP that are held before they are sent.
_PIECE_BYTES: Final = 64 * 1024
_MANIFEST: Final = "manifest.json"


def write(batch: ExchangeBatch, form: str, target: IO[bytes]) -> None:
    """Write a made batch as a ZIP into a file; see `pieces`."""
    for piece in pieces(batch, form):
        target.write(piece)


def pieces(batch: ExchangeBatch, form: str) -> Iterator[bytes]:
    """A made batch as a ZIP, piece by piece: `csv` (RFC 4180, UTF-8), `json` (one object a line) or `xml`.

    Tables without rows have a file too. `manifest.json` comes last and names rows and SHA-256 of each, to prove the
    transfer; a file that broke off has none.
    """
    lines_of, pipe = FORMS[form], _Pipe()
    tables: list[dict[str, str | int]] = []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in TABLES:
            counted = _Counted(_rows(batch, name))
            member, digest = f"{name}.{form}", hashlib.sha256()
            with packed.open(_info(batch, member), "w", force_zip64=True) as file:
                for line in lines_of(name, counted):
                    digest.update(line)
                    file.write(line)
                    if pipe.waiting >= _PIECE_BYTES:
                        yield pipe.take()
            tables.append({"table": name, "file": member, "rows": counted.count, "sha256": digest.hexdigest()})
        packed.writestr(_info(batch, _MANIFEST), json.dumps(_manifest(batch, tables), ensure_ascii=False, indent=1))
    yield pipe.take()


class _Pipe(io.RawIOBase):
    """What a ZIP is written into and taken out of as it grows; nothing lies on a disk."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        """It only takes in."""
        return True

    def write(self, data: Any) -> int:
        """Hold what is written until it is taken."""
        self._held += data
        return len(data)

    @property
    def waiting(self) -> int:
        """Bytes that are held."""
        return len(self._held)

    def take(self) -> bytes:
        """What was written since the last time."""
        held, self._held = bytes(self._held), bytearray()
        return held


class _Counted:
    """Rows that count themselves as they go by."""

    def __init__(self, rows: Iterable[Values]) -> None:
        self.count = 0
        self._rows = rows

    def __iter__(self) -> Iterator[Values]:
        for row in self._rows:
            self.count += 1
            yield row


def _rows(batch: ExchangeBatch, table: str) -> Iterator[Values]:
    found = ExchangeRow.objects.filter(batch=batch, table=table).order_by("pk")
    for row in found.iterator(chunk_size=_CHUNK):
        yield enveloped(row, batch)


def _info(batch: ExchangeBatch, member: str) -> zipfile.ZipInfo:
    at = (batch.made_at or batch.begun_at).astimezone(SHANGHAI)
    info = zipfile.ZipInfo(member, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _manifest(batch: ExchangeBatch, tables: list[dict[str, str | int]]) -> Mapping[str, object]:
    return {
        "batch": batch.number,
        "reach": batch.reach,
        "kind": batch.kind,
        "made_at": batch.made_at.astimezone(SHANGHAI).isoformat() if batch.made_at else None,
        "cases": batch.cases,
        "held": batch.held,
        "tables": tables,
    }


def _csv(table: str, rows: Iterable[Values]) -> Iterator[bytes]:
    names = header(table)
    yield _csv_line(names)
    for row in rows:
        yield _csv_line([_text(row[name]) for name in names])


def _csv_line(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def _json(_table: str, rows: Iterable[Values]) -> Iterator[bytes]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _xml(table: str, rows: Iterable[Values]) -> Iterator[bytes]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{table}>\n'.encode()
    for row in rows:
        cells = (f"<{name}>{_xml_text(value)}</{name}>" for name, value in row.items() if value is not None)
        yield f"<row>{''.join(cells)}</row>\n".encode()
    yield f"</{table}>\n".encode()


def _xml_text(value: Value) -> str:
    # A parser would read a bare carriage return as a line feed.
    return escape(_text(value), {"\r": "&#13;"})


def _text(value: Value) -> str:
    return "" if value is None else str(value)


FORMS: Final[Mapping[str, Callable[[str, Iterable[Values]], Iterator[bytes]]]] = {
    "csv": _csv,
    "json": _json,
    "xml": _xml,
}
