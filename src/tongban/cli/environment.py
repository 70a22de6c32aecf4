"""What a command needs around it: secrets, a database and Django, each with trouble told in a sentence."""

import contextlib
import os
from collections.abc import Iterator

import psycopg

from tongban.cli import postgres, secret_store
from tongban.cli.trouble import EXIT_CONFIGURATION, EXIT_UNAVAILABLE, Trouble

SETTINGS_DEFAULT = "tongban.config.settings.dev"
SETTINGS_TEST = "tongban.config.settings.test"
_URLS = ("DATABASE_URL", "DATABASE_OWNER_URL")
_SECRETS = ("TONGBAN_SECRET_KEY", "TONGBAN_FIELD_KEYS", "TONGBAN_INDEX_KEY", "TONGBAN_SEAL_KEY")


def is_set(name: str) -> bool:
    """Say whether the variable is set, itself or as a file (`NAME_FILE`)."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def url(name: str) -> str:
    """Return the database URL called `name`, from the variable or its file."""
    from tongban.config.settings import env

    return env.text(name)


def uses_own_database() -> bool:
    """Say whether the database is the embedded one.

    Raises:
        Trouble: only one of the two URLs is set.
    """
    given = [name for name in _URLS if is_set(name)]
    if len(given) == 1:
        raise Trouble(
            "DATABASE_URL 与 DATABASE_OWNER_URL 要么都设置，要么都不设置；"
            f"现在只设置了 {given[0]}。前者是程序账号（不拥有任何表），后者是升级表结构的账号。",
            "Set both DATABASE_URL and DATABASE_OWNER_URL, or neither.",
            code=EXIT_CONFIGURATION,
        )
    return not given


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
def database(name: str = "postgres", *, throwaway: bool = False, own: bool = False) -> Iterator[None]:
    """Have a database that answers at `DATABASE_URL` and `DATABASE_OWNER_URL`: the given one, else the embedded one.

    Args:
        name: the embedded cluster's folder in `var/`.
        throwaway: the data need not survive a power cut.
        own: the embedded server must live as long as we do, so another command's is not joined.

    Raises:
        Trouble: it does not answer, or cannot be started.
    """
    if not uses_own_database():
        for variable in _URLS:
            _require_answer(variable)
        yield
        return
    with postgres.running(name, throwaway=throwaway, own=own) as address:
        os.environ["DATABASE_URL"] = address.program_url
        os.environ["DATABASE_OWNER_URL"] = address.owner_url
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
def platform(*, own: bool = False, migrated: bool = True) -> Iterator[None]:
    """Have everything a command of the program needs: secrets, database, Django.

    Args:
        own: see `database`.
        migrated: the tables must be those of this program.

    Raises:
        Trouble: something is missing.
    """
    use_secrets()
    with database(own=own):
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
