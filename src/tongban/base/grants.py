"""What the program's role may do in the database: it owns nothing, and only adds to what is append-only."""

from django.apps import apps
from django.conf import settings
from django.db import connections
from psycopg import sql


def append_only_tables() -> list[str]:
    """Give the tables whose models say `append_only = True`, by name."""
    return sorted({model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)})


def apply(owner_connection_alias: str = "owner") -> None:
    """Grant the program's role what it needs on everything in the schema, after each migration; safe to repeat.

    Append-only tables get SELECT and INSERT, the list of migrations SELECT, everything else the four usual rights.
    """
    role = sql.Identifier(str(settings.DATABASES["default"]["USER"]))
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(role),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(role),
        sql.SQL("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}").format(role),
    ]
    with connections[owner_connection_alias].cursor() as cursor:
        present = set(connections[owner_connection_alias].introspection.table_names(cursor))
        statements.extend(
            _revoke("UPDATE, DELETE, TRUNCATE", table, role) for table in append_only_tables() if table in present
        )
        if "django_migrations" in present:
            statements.append(_revoke("INSERT, UPDATE, DELETE, TRUNCATE", "django_migrations", role))
        for statement in statements:
            cursor.execute(statement)


def problems() -> list[str]:
    """Say which append-only tables the program's role could change, or has no guard (for the doctor)."""
    found: list[str] = []
    with connections["default"].cursor() as cursor:
        for table in append_only_tables():
            cursor.execute(
                "SELECT has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE'),"
                " (SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgenabled = 'A'"
                "  AND tgname IN ('tongban_forbid_change', 'tongban_forbid_truncate'))",
                [table, table],
            )
            may_change, triggers = cursor.fetchone()
            if may_change:
                found.append(f"数据表 {table} 应为只增不改，但程序的数据库角色可以修改它：请重新执行 ./tongban migrate")
            if triggers < 2:
                found.append(f"数据表 {table} 缺少防改触发器：请重新执行 ./tongban migrate")
    return found


def _revoke(rights: str, table: str, role: sql.Identifier) -> sql.Composed:
    return sql.SQL("REVOKE {} ON {} FROM {}").format(sql.SQL(rights), sql.Identifier(table), role)
