"""The two roles and the database of an embedded cluster; idempotent."""

import psycopg
from psycopg import sql

from tongban.cli.trouble import EXIT_CONFIGURATION, Trouble

SUPERUSER = "tongban_root"
#: A word whose parts must be found; with the plain C locale PostgreSQL sees no letters in it.
CHINESE_SAMPLE = "居住证"


def ensure_roles(superuser_url: str, secrets: dict[str, str], port: int) -> None:
    """Make the owner's and the program's role, the database and its extensions, and check that Chinese can be searched.

    Raises:
        Trouble: pg_trgm makes nothing of Chinese text.
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        _role(connection, "tongban_owner", secrets["TONGBAN_PG_OWNER_PASSWORD"], "CREATEDB")
        _role(connection, "tongban", secrets["TONGBAN_PG_PASSWORD"], "NOCREATEDB")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'tongban'").fetchone():
            connection.execute("CREATE DATABASE tongban OWNER tongban_owner")
    with psycopg.connect(superuser_url, dbname="tongban", port=port, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        require_trigrams(connection)


def require_trigrams(connection: psycopg.Connection) -> None:
    """Make sure that the database finds parts of Chinese words.

    Raises:
        Trouble: it does not.
    """
    if not has_trigrams(connection):
        raise Trouble(
            "数据库的区域设置不支持中文检索：请用 C.UTF-8 或其他 UTF-8 区域设置重建数据库。",
            "pg_trgm makes no trigrams of Chinese text: the database's locale must be C.UTF-8 or another UTF-8 locale.",
            code=EXIT_CONFIGURATION,
        )


def has_trigrams(connection: psycopg.Connection) -> bool:
    """Say whether trigrams are made of Chinese text."""
    row = connection.execute("SELECT cardinality(show_trgm(%s)) > 0", [CHINESE_SAMPLE]).fetchone()
    return bool(row and row[0])


def _role(connection: psycopg.Connection, name: str, password: str, right: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    statement = sql.SQL("{act} ROLE {name} LOGIN {right} PASSWORD {password}").format(
        act=sql.SQL("ALTER" if known else "CREATE"),
        name=sql.Identifier(name),
        right=sql.SQL(right),
        password=sql.Literal(password),
    )
    connection.execute(statement)
