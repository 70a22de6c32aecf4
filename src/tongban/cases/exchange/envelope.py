"""The identity of rows, whether they changed, and the envelope around them."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Final

from tongban.cases.exchange.columns import Row, Value, Values
from tongban.cases.exchange.tables import ENVELOPE, TABLES
from tongban.cases.exchange.values import moment
from tongban.cases.models import ExchangeBatch, ExchangeRow

#: Namespace of the rows' UUIDs (version 5); changing it would make every row a new one.
_NAMESPACE: Final = uuid.UUID("6f0c7b1e-0f2e-5a53-9a0d-3c5b4f0a7d11")


def guid(case_no: str, row: Row) -> uuid.UUID:
    """The row's identity: the same for the same part of the same case, whenever it is made."""
    return uuid.uuid5(_NAMESPACE, f"{row.table}\x00{case_no}\x00{row.key}")


def whole(row: Row) -> dict[str, Value]:
    """The row's values in the order of its table; what is empty is None, so that "" and nothing are one."""
    values = {name: row.values.get(name) for name in TABLES[row.table].names}
    return {name: None if value == "" else value for name, value in values.items()}


def digest(table: str, values: Values) -> str:
    """SHA-256 over table and values, hex."""
    text = json.dumps([table, values], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def enveloped(row: ExchangeRow, batch: ExchangeBatch) -> dict[str, Value]:
    """What leaves the house: envelope and columns, in the order of the reference."""
    around: Mapping[str, Value] = {
        "row_guid": str(row.row_guid),
        "data_source": batch.data_source or None,
        "dataver": row.dataver,
        "cd_operation": row.operation,
        "cd_time": moment(row.at),
        "cd_batch": batch.number,
    }
    return {one.name: around[one.name] for one in ENVELOPE} | {
        name: row.content.get(name) for name in TABLES[row.table].names
    }


def header(table: str) -> tuple[str, ...]:
    """Every column of a table as it leaves the house, the envelope first."""
    return (*(one.name for one in ENVELOPE), *TABLES[table].names)
