"""Encrypts anew, with the current key, every value of an encrypted field that an older key protects."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from tongban.base import keys
from tongban.base.fields import EncryptedField

_BATCH = 500
_Field = EncryptedField[Any, Any]


@dataclass
class Reencrypted:
    """How many values were encrypted anew, and how many stay as they are because their table is append-only."""

    changed: int = 0
    kept: int = 0


def reencrypt_all() -> Reencrypted:
    """Go through all tables in small transactions; an interrupted run goes on where it stopped.

    Raises:
        kernel.crypto.CryptoError: a value was altered, or its key is no longer in the ring.
    """
    total = Reencrypted()
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if not isinstance(field, EncryptedField):
                continue
            if getattr(model, "append_only", False):
                total.kept += _count_old(model, field)
            else:
                total.changed += _reencrypt(model, field)
    return total


def _old_rows(model: type[models.Model], field: _Field) -> tuple[str, list[int | bytes]]:
    """Return the FROM and WHERE that find values whose header names another key than the current one."""
    header = keys.ring().current.header
    quote = connection.ops.quote_name
    column = quote(str(field.column))
    table = quote(model._meta.db_table)
    return f"FROM {table} WHERE {column} IS NOT NULL AND substring({column} FROM 1 FOR %s) <> %s", [
        len(header),
        header,
    ]


def _count_old(model: type[models.Model], field: _Field) -> int:
    clause, values = _old_rows(model, field)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {clause}", values)
        return int(cursor.fetchone()[0])


def _reencrypt(model: type[models.Model], field: _Field) -> int:
    changed = 0
    while True:
        batch = _reencrypt_batch(model, field)
        changed += batch
        if batch < _BATCH:
            return changed


def _reencrypt_batch(model: type[models.Model], field: _Field) -> int:
    ring = keys.ring()
    quote = connection.ops.quote_name
    key, column, table = quote(str(model._meta.pk.column)), quote(str(field.column)), quote(model._meta.db_table)
    clause, values = _old_rows(model, field)
    with transaction.atomic(), connection.cursor() as cursor:
        query = f"SELECT {key}, {column} {clause} ORDER BY {key} LIMIT {_BATCH} FOR UPDATE"
        cursor.execute(query, values)
        rows = cursor.fetchall()
        cursor.executemany(
            f"UPDATE {table} SET {column} = %s WHERE {key} = %s",  # noqa: S608 - as above
            [(ring.encrypt(ring.decrypt(bytes(blob), field.aad), field.aad), pk) for pk, blob in rows],
        )
    return len(rows)
