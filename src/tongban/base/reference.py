"""Reference data that changes a few times a year and is read with every case: kept in memory, never stale.

The database itself gives a table's area a new token whenever somebody changes its rows (`watch` in a migration), so no
program can forget to. A process asks for the tokens once a request (once a call outside requests: jobs, commands) and
keeps what it has read under the token it was read by.
"""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from django.core.signals import request_finished, request_started
from django.db import connection
from django.db.migrations.operations.base import Operation
from django.db.models import Model

T = TypeVar("T")

#: Values kept an area; more and the area is forgotten.
KEPT_MAX = 4_096

_FUNCTION = """
CREATE OR REPLACE FUNCTION tongban_reference_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO base_referencetoken (area, token) VALUES (TG_ARGV[0], gen_random_uuid())
    ON CONFLICT (area) DO UPDATE SET token = EXCLUDED.token;
    RETURN NULL;
END $$
"""

_kept: dict[str, tuple[str, dict[Hashable, Any]]] = {}
_here = threading.local()


def cached(areas: str, key: Hashable, load: Callable[[], T]) -> T:
    """Give what `load` gave under this key since the areas (names, a space between) were last changed.

    Treat it as read-only: others are given the same.
    """
    tokens = _tokens()
    token = " ".join(tokens.get(area, "") for area in areas.split())
    held = _kept.get(areas)
    if held is None or held[0] != token or len(held[1]) >= KEPT_MAX:
        held = _kept[areas] = (token, {})
    values = held[1]
    if key not in values:
        values[key] = load()
    return cast(T, values[key])


def forget() -> None:
    """Ask for the tokens again: after a change in the same request."""
    _here.tokens = None


def _tokens() -> dict[str, str]:
    known: dict[str, str] | None = getattr(_here, "tokens", None)
    if known is not None and getattr(_here, "in_request", False):
        return known
    with connection.cursor() as cursor:
        cursor.execute("SELECT area, token::text FROM base_referencetoken")
        found: dict[str, str] = dict(cursor.fetchall())
    _here.tokens = found
    return found


def _begin(**_kwargs: Any) -> None:
    _here.in_request, _here.tokens = True, None


def end_request(**_kwargs: Any) -> None:
    """Ask for the tokens at each call again."""
    _here.in_request, _here.tokens = False, None


request_started.connect(_begin, dispatch_uid="tongban.reference.begin")
request_finished.connect(end_request, dispatch_uid="tongban.reference.end")


class ReferenceRow(Model):
    """A row of a watched table: the request that changes one sees the change itself."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and ask for the tokens again."""
        super().save(*args, **kwargs)
        forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, and ask for the tokens again."""
        found = super().delete(*args, **kwargs)
        forget()
        return found


class WatchReference(Operation):
    """Give an area a new token whenever rows of a table change, whoever changes them."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, area: str) -> None:
        if not all(name.replace("_", "").isalnum() for name in (table, area)):
            raise ValueError(f"not names: {table!r}, {area!r}")
        self.table, self.area = table, area

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Write the operation back into a migration."""
        return type(self).__name__, [self.table, self.area], {}

    def state_forwards(self, _app_label: str, _state: Any) -> None:
        """Change nothing in the models' state."""

    def database_forwards(self, _app_label: str, schema_editor: Any, _from_state: Any, _to_state: Any) -> None:
        """Create the trigger, and the first token."""
        schema_editor.execute(_FUNCTION, params=None)
        schema_editor.execute(
            f'CREATE TRIGGER tongban_reference AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "{self.table}" '
            f"FOR EACH STATEMENT EXECUTE FUNCTION tongban_reference_changed('{self.area}')"
        )
        schema_editor.execute(
            f"INSERT INTO base_referencetoken (area, token) VALUES ('{self.area}', gen_random_uuid()) "  # noqa: S608
            "ON CONFLICT (area) DO NOTHING",
            params=None,
        )

    def database_backwards(self, _app_label: str, schema_editor: Any, _from_state: Any, _to_state: Any) -> None:
        """Drop the trigger; the function stays."""
        drop = f'DROP TRIGGER IF EXISTS tongban_reference ON "{self.table}"'
        schema_editor.execute(drop)

    def describe(self) -> str:
        """Say what it does, for the migration's log."""
        return f"Tell of changes in {self.table}"


def watch(table: str, area: str) -> WatchReference:
    """Give the operation for a table, to be listed after the table's creation."""
    return WatchReference(table, area)
