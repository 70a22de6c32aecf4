"""What a command needs around it: secrets, a database and Django, each with trouble told in a sentence."""

import contextlib
import os
from collections.abc import Iterator

import psycopg

from tongban.cli import postgres, secret_store
from tongban.cli.trouble import EXIT_CONFIGURATION, EXIT_UNAVAILABLE, Trouble

SETTINGS_DEFAULT = "tongban.config.settings.dev"
SETTINGS_TEST = "tongban.config.settings.test"
_URLS = (PROGRAM_URL, OWNER_URL) = ("DATABASE_URL", "DATABASE_OWNER_URL")
_SECRETS = ("TONGBAN_SECRET_KEY", "TONGBAN_FIELD_KEYS", "TONGBAN_INDEX_KEY", "TONGBAN_SEAL_KEY")


def is_set(name: str) -> bool:
    """Say whether the variable is set, itself or as a file (`NAME_FILE`)."""
    from tongban.config.settings import env

    return env.is_set(name)


def url(name: str) -> str:
    """Return the database URL called `name`, from the variable or its file."""
    from tongban.config.settings import env

    return env.text(name)


def uses_own_database() -> bool:
    """Say whether the database is the embedded one.

    Raises:
        Trouble: the owner's URL is set without the program's.
    """
    if is_set(PROGRAM_URL):
        return False
    if is_set(OWNER_URL):
        raise Trouble(
            "设置了 DATABASE_OWNER_URL（升级表结构的账号），但没有设置 DATABASE_URL（程序账号，不拥有任何表）。",
            "DATABASE_OWNER_URL is set without DATABASE_URL.",
            code=EXIT_CONFIGURATION,
        )
    return True


def owner_known() -> bool:
    """Say whether we can act as the role that owns the tables: always in the embedded database, else when told."""
    return uses_own_database() or is_set(OWNER_URL)


def use_secrets() -> None:
    """Put the kept secrets of this checkout into the environment; what is set there already stays.

    A production installation keeps its own: there nothing is made up.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_DEFAULT)
    if os.environ["DJANGO_SETTINGS_MODULE"].endswith(".production"):
        return
    kept = secret_store.ensure()
    for name in _SECRETS:
        if not is_set(name):
            os.environ[name] = kept[name]


@contextlib.contextmanager
def database(
    name: str = "postgres", *, throwaway: bool = False, own: bool = False, owner: bool = False
) -> Iterator[None]:
    """Have a database that answers at `DATABASE_URL`: the given one, else the embedded one.

    Args:
        name: the embedded cluster's folder in `var/`.
        throwaway: the data need not survive a power cut.
        own: the embedded server must live as long as we do, so another command's is not joined.
        owner: it must answer at `DATABASE_OWNER_URL` too, by the role that owns the tables.

    Raises:
        Trouble: it does not answer, or cannot be started.
    """
    if not uses_own_database():
        if owner and not is_set(OWNER_URL):
            raise Trouble(
                "这个命令要改动数据库表，请在它的环境中设置 DATABASE_OWNER_URL（拥有表的账号）。",
                "Set DATABASE_OWNER_URL for this command.",
                code=EXIT_CONFIGURATION,
            )
        for variable in _URLS if owner else (PROGRAM_URL,):
            _require_answer(variable)
        yield
        return
    with postgres.running(name, throwaway=throwaway, own=own) as address:
        os.environ[PROGRAM_URL] = address.program_url
        if owner:
            os.environ[OWNER_URL] = address.owner_url
        try:
            yield
        finally:
            for variable in _URLS:
                os.environ.pop(variable, None)


def _require_answer(variable: str) -> None:
    try:
        with psycopg.connect(url(variable), connect_timeout=10) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        raise Trouble(
            f"{variable} 指定的数据库连接不上，请检查地址、账号、密码和网络。",
            str(error).strip().splitlines()[0],
            code=EXIT_UNAVAILABLE,
        ) from error


def use_django() -> None:
    """Load Django with the settings of the environment.

    Raises:
        Trouble: a setting is missing or wrong.
    """
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Trouble(f"配置不对：{error}", code=EXIT_CONFIGURATION) from error


@contextlib.contextmanager
def platform(*, own: bool = False, owner: bool = False, migrated: bool = True) -> Iterator[None]:
    """Have everything a command of the program needs: secrets, database, Django.

    Args:
        own: see `database`.
        owner: see `database`.
        migrated: the tables must be those of this program.

    Raises:
        Trouble: something is missing.
    """
    use_secrets()
    with database(own=own, owner=owner):
        use_django()
        try:
            if migrated:
                from tongban.cli import schema

                schema.require_current()
            yield
        finally:
            close_connections()


def close_connections() -> None:
    """Close this process's connections, so that the database can stop at once."""
    from django.db import connections

    connections.close_all()
