"""The machine's own limit: pgbench writes the same rows in one statement, or reads by the same statements."""

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
#: A quoted text in a statement.
_LITERAL = re.compile(r"E?'(?:[^']|'')*'")


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


def same_statements(asked: Sequence[str]) -> str:
    """The statements that one request sends, as a script: what the database alone could do of the same.

    `asked`: their texts with the values in them.
    """
    return ";\n".join(_LITERAL.sub(_plain_literal, " ".join(one.split())) for one in asked)


def _plain_literal(found: re.Match[str]) -> str:
    text = found[0]
    return f"({_without_colons(text)})" if ":" in text else text


def run(script: str, *, clients: int, seconds: int, programs: Path) -> float:
    """How often a second pgbench goes through a script of prepared statements from `clients` connections.

    `programs`: the folder of the server's programs; where pgbench is not there, the one on the path is taken.

    Raises:
        PgbenchMissingError: pgbench is not installed.
    """
    address = connection.settings_dict
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "statements.sql"
        file.write_text(f"\\set n random(1, 9000000000000000)\n{script};\n", encoding="utf-8")
        done = subprocess.run(  # noqa: S603 - our own program
            [_pgbench(programs), "--no-vacuum", "--protocol", "prepared", "--client", str(clients), "--jobs", "2",
             "--time", str(seconds), "--file", str(file), "--host", str(address["HOST"]),
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
