"""Migration operation that makes the database itself refuse to change or remove rows of a table."""

from typing import Any

from django.db.migrations.operations.base import Operation

_FUNCTION = """
CREATE OR REPLACE FUNCTION tongban_forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$
"""


class ForbidChange(Operation):
    """Refuse UPDATE, DELETE and TRUNCATE of a table for everybody, its owner included.

    The model says `append_only = True` as well, so that `base.grants` gives the program SELECT and INSERT only.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str) -> None:
        if not table.replace("_", "").isalnum():
            raise ValueError(f"not a table name: {table!r}")
        self.table = table

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Write the operation back into a migration."""
        return type(self).__name__, [self.table], {}

    def state_forwards(self, _app_label: str, _state: Any) -> None:
        """Change nothing in the models' state."""

    def database_forwards(self, _app_label: str, schema_editor: Any, _from_state: Any, _to_state: Any) -> None:
        """Create the triggers."""
        schema_editor.execute(_FUNCTION, params=None)
        for timing in ("UPDATE OR DELETE", "TRUNCATE"):
            name = self._trigger(timing)
            schema_editor.execute(
                f'CREATE TRIGGER {name} BEFORE {timing} ON "{self.table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION tongban_forbid_change()"
            )
            schema_editor.execute(f'ALTER TABLE "{self.table}" ENABLE ALWAYS TRIGGER {name}')

    def database_backwards(self, _app_label: str, schema_editor: Any, _from_state: Any, _to_state: Any) -> None:
        """Drop the triggers; the shared function stays."""
        for timing in ("UPDATE OR DELETE", "TRUNCATE"):
            schema_editor.execute(f'DROP TRIGGER IF EXISTS {self._trigger(timing)} ON "{self.table}"')

    def describe(self) -> str:
        """Say what it does, for the migration's log."""
        return f"Make {self.table} append-only"

    @staticmethod
    def _trigger(timing: str) -> str:
        return "tongban_forbid_truncate" if timing == "TRUNCATE" else "tongban_forbid_change"


def forbid(table: str) -> ForbidChange:
    """Give the operation for a table, to be listed after the table's creation."""
    return ForbidChange(table)
