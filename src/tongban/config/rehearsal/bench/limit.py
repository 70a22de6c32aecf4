"""The machine's own limit: the same rows written, or the same case read, by pgbench in one statement."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from tongban.cases.models import Case

#: Columns that must differ from row to row, and what stands there instead of the sample's value.
_FRESH: Mapping[str, str] = {
    "cases_case.case_no": "'B' || {n}",
    "cases_draft.public_id": "gen_random_uuid()",
    "documents_document.public_id": "gen_random_uuid()",
    "documents_document.verify_code": "upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 16))",
    "notices_dispatch.request_id": "gen_random_uuid()",
    "base_idempotencykey.key": "'bench-' || {n}",
}
_NUMBER = "(:n)::bigint::text"


class PgbenchMissingError(Exception):
    """There is no pgbench beside the server's programs, nor on the path."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table whose rows a submission writes: which rows of the sample, and which columns lead to other new rows."""

    name: str
    where: str
    parents: Mapping[str, str]


#: In the order of writing; `parents`: column to the table whose new row it names.
_TABLES: Sequence[Table] = (
    Table(name="cases_case", where="id = {case}", parents={}),
    Table(name="cases_signature", where="case_id = {case}", parents={"case_id": "cases_case"}),
    Table(name="cases_casematerial", where="case_id = {case}", parents={"case_id": "cases_case"}),
    Table(name="cases_inboxentry", where="case_id = {case}", parents={"case_id": "cases_case"}),
    Table(name="cases_draft", where="case_id = {case}", parents={"case_id": "cases_case"}),
    Table(name="documents_document", where="subject = '{subject}'", parents={}),
    Table(name="base_chain", where="subject = '{subject}'", parents={}),
    Table(name="base_event", where="subject = '{subject}' AND kind IN ('DocumentIssued', 'CaseSubmitted')", parents={}),
    Table(name="notices_message", where="subject_ref = '{subject}'", parents={}),
)


def submit_statement(case: Case) -> str:
    """One statement that writes the rows which submitting `case` wrote, under other numbers each time."""
    parts = [_copy(table, case) for table in _TABLES]
    named = ", ".join(f"{table.name} AS ({part} RETURNING id)" for table, part in zip(_TABLES, parts, strict=True))
    return f"WITH {named} SELECT 1"


def track_statement(numbers: Sequence[str]) -> str:
    """One statement that reads one of these cases by its number."""
    array = ", ".join(f"'{one}'" for one in numbers)
    return f"SELECT * FROM cases_case WHERE case_no = (ARRAY[{array}])[(:n)::bigint % {len(numbers)} + 1]"  # noqa: S608


def inbox_statement(organisation_id: int) -> str:
    """One statement that reads the first hundred open entries of a body's inbox, with their cases."""
    return (
        "SELECT * FROM cases_inboxentry e JOIN cases_case c ON c.id = e.case_id "  # noqa: S608 - a number of ours
        f"WHERE e.organisation_id = {int(organisation_id)} AND e.role = 'case_officer' AND e.closed_at IS NULL "
        "ORDER BY e.due_on, e.id LIMIT 100"
    )


def run(statement: str, *, clients: int, seconds: int, programs: Path) -> float:
    """Statements a second that pgbench reaches: prepared, from `clients` connections.

    `programs`: the folder of the server's programs; where pgbench is not there, the one on the path is taken.

    Raises:
        PgbenchMissingError: pgbench is not installed.
    """
    address = connection.settings_dict
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "statement.sql"
        script.write_text(f"\\set n random(1, 9000000000000000)\n{statement};\n", encoding="utf-8")
        done = subprocess.run(  # noqa: S603 - our own program
            [_pgbench(programs), "--no-vacuum", "--protocol", "prepared", "--client", str(clients), "--jobs", "2",
             "--time", str(seconds), "--file", str(script), "--host", str(address["HOST"]),
             "--port", str(address["PORT"]), "--username", str(address["USER"]), str(address["NAME"])],
            env={**os.environ, "PGPASSWORD": str(address["PASSWORD"])},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    failed = re.search(r"number of failed transactions: ([0-9]+)", done.stdout)
    if done.returncode or found is None or (failed and int(failed[1])):
        raise RuntimeError(f"pgbench: {done.stderr[-1500:]}{done.stdout[-500:]}")
    return float(found[1])


def _pgbench(programs: Path) -> str:
    found = shutil.which("pgbench", path=str(programs)) or shutil.which("pgbench")
    if found is None:
        raise PgbenchMissingError("pgbench")
    return found


def _copy(table: Table, case: Case) -> str:
    where = table.where.format(case=case.pk, subject=case.subject)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'id' ORDER BY attnum",
            [table.name],
        )
        columns = [(str(name), str(kind)) for name, kind in cursor.fetchall()]
        quoted = ", ".join(f'quote_nullable("{name}"::text)' for name, _kind in columns)
        wanted = f"SELECT {quoted} FROM {table.name} WHERE {where}"  # noqa: S608 - names of our own tables
        cursor.execute(wanted)
        rows = cursor.fetchall()
    if not rows:
        raise LookupError(f"the sample case has no row in {table.name}")
    values = ", ".join(f"({', '.join(_values(table, columns, row, case))})" for row in rows)
    names = ", ".join(f'"{name}"' for name, _kind in columns)
    return f"INSERT INTO {table.name} ({names}) VALUES {values}"  # noqa: S608


def _values(table: Table, columns: Sequence[tuple[str, str]], row: Sequence[str], case: Case) -> list[str]:
    found = []
    for (name, kind), value in zip(columns, row, strict=True):
        parent, fresh = table.parents.get(name), _FRESH.get(f"{table.name}.{name}")
        if parent is not None:
            found.append(f"(SELECT id FROM {parent} LIMIT 1)")  # noqa: S608
        elif fresh is not None:
            found.append(fresh.format(n=_NUMBER))
        elif value == f"'{case.subject}'":
            found.append(f"'case' || chr(58) || 'B' || {_NUMBER}")
        else:
            found.append(f"({_without_colons(value)})::{kind}")
    return found


def _without_colons(literal: str) -> str:
    """A quoted literal in which pgbench finds no variable of its own (":59" in a time)."""
    opening = "E'" if literal.lstrip().startswith("E'") else "'"
    return literal.replace(":", f"'||chr(58)||{opening}")
