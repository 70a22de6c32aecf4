"""What the city's IT may change in the shared tables."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql

from tongban.base import keys
from tongban.base.fields import EncryptedField
from tongban.kernel.actor import Actor
from tongban.kernel.crypto import KeyRing
from tongban.kernel.problems import Refusal

_BATCH_MAX = 1_000

AnyEncrypted: TypeAlias = "EncryptedField[Any, Any]"


@dataclass(slots=True)
class Rotation:
    """What a rotation of the field keys did: rows written anew, and tables whose rows must keep their old key."""

    rows: int = 0
    fields: int = 0
    kept: dict[str, int] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether the old keys can be taken out of the settings."""
        return not self.kept


def rotate_field_keys(*, actor: Actor, batch: int = 200) -> Rotation:
    """Encrypt every encrypted field of every model anew with the first key of `TONGBAN_FIELD_KEYS`.

    Goes through each table by key in short transactions; rows that carry the current key already are passed over, so it
    may be stopped and started again at any time and beside the running program. Rows of append-only tables cannot be
    written anew: they are counted in `kept`, and their old keys must stay in the ring. Blind indexes have their own
    key (`TONGBAN_INDEX_KEY`) and are not touched.

    Raises:
        Refusal: the actor is not the program itself (the command line), or `batch` is not 1…1,000.
        CryptoError: a value cannot be read with any key of the ring; nothing of its batch was changed.
    """
    if not actor.is_system:
        raise Refusal("rotation_forbidden", "更换加密密钥只能在服务器上由运维命令执行。", status=403)
    if not 1 <= batch <= _BATCH_MAX:
        raise Refusal("rotation_batch", f"每批数量应在 1 至 {_BATCH_MAX} 之间。", status=422)
    done = Rotation()
    for model, fields in encrypted_models():
        done.fields += len(fields)
        if getattr(model, "append_only", False):
            old = _count_old(model, fields)
            if old:
                done.kept[model._meta.db_table] = old
            continue
        done.rows += _rotate_model(model, fields, batch)
    return done


def encrypted_models() -> Iterator[tuple[type[Model], list[AnyEncrypted]]]:
    """Give every table that has encrypted fields, with these."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or not model._meta.managed:
            continue
        fields = [item for item in model._meta.local_fields if isinstance(item, EncryptedField)]
        if fields:
            yield model, fields


def _rotate_model(model: type[Model], fields: list[AnyEncrypted], batch: int) -> int:
    last: object = None
    rows = 0
    while True:
        with transaction.atomic():
            found = _old_rows(model, fields, last, batch)
            for row in found:
                _rewrite(model, fields, row)
        if not found:
            return rows
        rows += len(found)
        last = found[-1][0]


def _old_rows(model: type[Model], fields: list[AnyEncrypted], last: object, batch: int) -> list[tuple[object, ...]]:
    """Lock the next rows that hold a value of an old key; gives key and raw values."""
    key = _pk(model)
    after = sql.SQL("true") if last is None else sql.SQL("{} > {}").format(key, sql.Literal(last))
    query = sql.SQL("SELECT {}, {} FROM {} WHERE {} AND ({}) ORDER BY {} LIMIT {} FOR UPDATE").format(
        key,
        sql.SQL(", ").join([sql.Identifier(str(item.column)) for item in fields]),
        sql.Identifier(model._meta.db_table),
        after,
        _old_condition(fields, keys.ring()),
        key,
        sql.Literal(batch),
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _rewrite(model: type[Model], fields: list[AnyEncrypted], row: tuple[object, ...]) -> None:
    ring = keys.ring()
    pairs: list[sql.Composable] = []
    for item, raw in zip(fields, row[1:], strict=True):
        if not isinstance(raw, bytes | memoryview) or ring.is_current(bytes(raw)):
            continue
        fresh = ring.encrypt(ring.decrypt(bytes(raw), item.aad), item.aad)
        pairs.append(sql.SQL("{} = {}").format(sql.Identifier(str(item.column)), sql.Literal(fresh)))
    query = sql.SQL("UPDATE {} SET {} WHERE {} = {}").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(pairs), _pk(model), sql.Literal(row[0])
    )
    with connection.cursor() as cursor:
        cursor.execute(query)


def _count_old(model: type[Model], fields: list[AnyEncrypted]) -> int:
    query = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(
        sql.Identifier(model._meta.db_table), _old_condition(fields, keys.ring())
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def _old_condition(fields: list[AnyEncrypted], ring: KeyRing) -> sql.Composable:
    header = ring.current.header
    parts: list[sql.Composable] = [
        sql.SQL("substring({} from 1 for {}) <> {}").format(
            sql.Identifier(str(item.column)), sql.Literal(len(header)), sql.Literal(header)
        )
        for item in fields
    ]
    return sql.SQL(" OR ").join(parts)


def _pk(model: type[Model]) -> sql.Identifier:
    return sql.Identifier(str(model._meta.pk.column))
