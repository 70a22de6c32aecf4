"""The tables brought up to date by the owner's role, and the program's rights on them.

What was done is stamped in the database by the digest of what it was made from, so that a second start is quick.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from psycopg import sql

from tongban.cli.places import REQUIREMENTS, SOURCE
from tongban.cli.trouble import EXIT_CONFIGURATION, Trouble

_TABLE = "CREATE TABLE IF NOT EXISTS setup_stamp (name text PRIMARY KEY, value text NOT NULL)"
_PUT = """
INSERT INTO setup_stamp (name, value) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value
"""


def digest(paths: Iterable[Path]) -> str:
    """Return the digest of the files' names and contents."""
    total = hashlib.sha256()
    for path in sorted(set(paths)):
        content = path.read_bytes()
        total.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def stamp(name: str) -> str | None:
    """Return the digest that the last completed step called `name` was made from; None when it never was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(to_regclass('public.setup_stamp')::oid, 'SELECT')")
        if not cursor.fetchone()[0]:
            return None
        cursor.execute("SELECT value FROM setup_stamp WHERE name = %s", [name])
        row = cursor.fetchone()
    return row[0] if row else None


def put_stamp(name: str, value: str) -> None:
    """Note, by the owner's role, that the step called `name` was completed; the program may read the note."""
    program = sql.Identifier(str(settings.DATABASES["default"]["USER"]))
    with connections["owner"].cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute(sql.SQL("REVOKE ALL ON setup_stamp FROM {}").format(program))
        cursor.execute(sql.SQL("GRANT SELECT ON setup_stamp TO {}").format(program))
        cursor.execute(_PUT, [name, value])


def schema_digest() -> str:
    """Return the digest of everything that the tables and rights are made from."""
    code = [*SOURCE.glob("tongban/*/migrations/*.py"), SOURCE / "tongban" / "base" / "grants.py"]
    return digest([REQUIREMENTS, *code])


def migrate(*, verbosity: int = 0) -> None:
    """Bring the tables up to date, then the program's rights and the calendar.

    Raises:
        Trouble: the database refuses; the sentence names what it said.
    """
    from tongban.base import grants
    from tongban.base.calendar import seed_calendar

    try:
        call_command("migrate", database="owner", interactive=False, verbosity=verbosity)
        grants.apply("owner")
        seed_calendar()
    except DatabaseError as error:
        first = str(error).strip().splitlines()[0]
        raise Trouble(
            f"升级数据库表失败：{first}。数据没有损坏；运行 ./tongban doctor 可以查看原因。",
            f"Migration failed: {type(error).__name__}.",
        ) from error
    put_stamp("schema", schema_digest())


def migrate_if_needed() -> bool:
    """Migrate unless the stamp says that nothing has changed; return whether anything was done."""
    if stamp("schema") == schema_digest():
        return False
    migrate()
    return True


def require_current() -> None:
    """Make sure that the tables are those of this program.

    Raises:
        Trouble: they are missing, or made by another state of the program.
    """
    if stamp("schema") != schema_digest():
        raise Trouble(
            "数据库表还没有建立或不是最新的，请先运行 ./tongban migrate。",
            "The tables are not up to date: run ./tongban migrate first.",
            code=EXIT_CONFIGURATION,
        )
