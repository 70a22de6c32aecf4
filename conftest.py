"""Databases for tests: real PostgreSQL, migrated by the owner, used by the program's role, cloned from a template.

* `db` (pytest-django's): a transaction that is rolled back, on a bare database.
* `city`: the same, on a database with the whole pack of Zhuzhou and the demonstration accounts.
* `live_database`, `live_city`: a database of one's own, with real commits, for threads and races; dropped afterwards.
"""

import contextlib
import hashlib
import importlib.metadata
import os
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from psycopg import sql

# A busy machine is no failure, and a test run leaves no examples behind. What CI says does not hang on luck; people's
# machines go on looking for new examples.
hypothesis.settings.register_profile(
    "tongban",
    deadline=None,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
    # `./tongban test --long`.
    max_examples=2_000 if os.environ.get("TONGBAN_LONG") else 100,
)
hypothesis.settings.load_profile("tongban")

HERE = Path(__file__).parent
#: When the city of the tests was set up: before every moment at which a test stops the clock, whatever day it runs.
FOUNDED = datetime(2026, 11, 23, 1, tzinfo=UTC)
TEMPLATES_KEPT = 6
LOCK = 7_201_804_25  # any number that nobody else takes
#: Where the owner works from. Locks hold within one database, so it must not be the one that a test is pointed at.
HOME: str = settings.DATABASES["owner"]["NAME"]


def _owner(database: str) -> psycopg.Connection[Any]:
    wanted: dict[str, Any] = settings.DATABASES["owner"]
    return psycopg.connect(
        host=wanted["HOST"] or None, port=wanted["PORT"] or None, user=wanted["USER"],
        password=wanted["PASSWORD"] or None, dbname=database, autocommit=True,
    )  # fmt: skip


def _digest(patterns: list[str]) -> str:
    digest = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    for package in ("django", "procrastinate", "django-allauth"):
        digest.update(importlib.metadata.version(package).encode())
    for pattern in patterns:
        for path in sorted(HERE.glob(pattern)):
            if path.is_file() and "tests" not in path.parts:
                digest.update(str(path.relative_to(HERE)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@contextlib.contextmanager
def _pointing_at(name: str) -> Iterator[None]:
    """Send both roles' connections, of this and of later threads, to database `name`."""
    before = {alias: connections.settings[alias]["NAME"] for alias in ("default", "owner")}
    try:
        for alias in before:
            connections[alias].close()
            connections.settings[alias]["NAME"] = name
            connections[alias].settings_dict["NAME"] = name
        yield
    finally:
        for alias, old in before.items():
            connections[alias].close()
            connections.settings[alias]["NAME"] = old
            connections[alias].settings_dict["NAME"] = old


def _migrate() -> None:
    from tongban.base import grants
    from tongban.base.calendar import seed_calendar

    call_command("migrate", database="owner", verbosity=0, interactive=False)
    connections["owner"].close()
    grants.apply("owner")
    seed_calendar()


def _load_city() -> None:
    from tongban.base import moment, outbox
    from tongban.config import rehearsal

    with moment.freeze(FOUNDED):
        rehearsal.prepare(settings.ROOT / "cities" / "zhuzhou")
        # The catalogue's own line; else the first relay of a test would have it all to do.
        while outbox.relay(batch_max=1000):
            pass


def _template(kind: str, digest: str, fill: Callable[[], None], base: str | None = None) -> str:
    """The name of a ready template database, made once whoever asks first."""
    name = f"tongban_t_{kind}_{digest}"
    with _owner(HOME) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        making = f"{name}_{uuid.uuid4().hex[:6]}"
        _create(admin, making, base or "template0")
        try:
            with _pointing_at(making):
                fill()
        except BaseException:
            _drop(admin, making)
            raise
        admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name)))
        _prune(admin, kind)
    return name


def _create(admin: psycopg.Connection[Any], name: str, template: str) -> None:
    query = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    admin.execute(query)


def _drop(admin: psycopg.Connection[Any], name: str) -> None:
    # Not WITH (FORCE): the owner may not end sessions of the program's role. Without it the server itself waits up to
    # five seconds for sessions that are closing.
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _prune(admin: psycopg.Connection[Any], kind: str) -> None:
    rows = admin.execute(
        "SELECT datname FROM pg_database WHERE datname ~ %s ORDER BY oid DESC", [f"^tongban_t_{kind}_[0-9a-f]{{12}}$"]
    ).fetchall()
    for (old,) in rows[TEMPLATES_KEPT:]:
        with contextlib.suppress(psycopg.Error):
            _drop(admin, old)


@contextlib.contextmanager
def _clone(template: str) -> Iterator[str]:
    name = f"tongban_x_{uuid.uuid4().hex[:12]}"
    with _owner(HOME) as admin:
        _create(admin, name, template)
    try:
        yield name
    finally:
        for connection in connections.all(initialized_only=True):
            connection.close()
        with _owner(str(settings.DATABASES["owner"]["NAME"])) as admin:
            _drop(admin, name)


MIGRATIONS = ["src/tongban/*/migrations/*.py", "src/tongban/base/grants.py", "src/tongban/base/append_only.py"]
CITY = ["cities/zhuzhou/**/*", "src/tongban/**/*.py", "conftest.py"]


@pytest.fixture(scope="session")
def bare_template(django_db_blocker: Any) -> str:
    with django_db_blocker.unblock():
        return _template("bare", _digest(MIGRATIONS), _migrate)


@pytest.fixture(scope="session")
def city_template(bare_template: str, django_db_blocker: Any) -> str:
    with django_db_blocker.unblock():
        return _template("city", _digest(MIGRATIONS + CITY), _load_city, base=bare_template)


@pytest.fixture(scope="session")
def django_db_setup(bare_template: str, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's own fixture, replaced: its test databases would belong to the program's role."""
    with django_db_blocker.unblock(), _clone(bare_template) as name, _pointing_at(name):
        yield


@pytest.fixture(scope="session")
def _city_clone(city_template: str, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), _clone(city_template) as name:
        yield name


@pytest.fixture
def city(_city_clone: str, django_db_blocker: Any) -> Iterator[None]:
    """The whole city of Zhuzhou in a transaction that is rolled back."""
    with django_db_blocker.unblock(), _pointing_at(_city_clone), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def live_database(bare_template: str, django_db_blocker: Any) -> Iterator[str]:
    """A bare database of one's own: commits are real. Threads close their own connections."""
    with django_db_blocker.unblock(), _clone(bare_template) as name, _pointing_at(name):
        yield name


@pytest.fixture
def live_city(city_template: str, django_db_blocker: Any) -> Iterator[str]:
    """The city in a database of one's own: commits are real. Threads close their own connections."""
    with django_db_blocker.unblock(), _clone(city_template) as name, _pointing_at(name):
        yield name


@pytest.fixture(scope="session")
def served_city(city_template: str, django_db_blocker: Any) -> Iterator[str]:
    """The city in a database that is served to browsers for the whole run; nothing here points at it."""
    with django_db_blocker.unblock(), _clone(city_template) as name:
        yield name


@pytest.fixture(autouse=True)
def _fresh_memory() -> None:
    """Let no test see what an earlier one, on another database, made the process remember for a minute."""
    from django.utils import translation

    from tongban.base import reference
    from tongban.directory import contact

    contact.forget()
    # An answer that a test did not close leaves its request open in this thread.
    reference.end_request()
    # A page asked for in English leaves its language in the thread.
    translation.deactivate()


@pytest.fixture
def pointing_at() -> Callable[[str], contextlib.AbstractContextManager[None]]:
    """Send this test's connections to a database: `with pointing_at(name): …`."""
    return _pointing_at


#: As root in a container, without a screen, and without asking the world for anything.
CHROMIUM_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, one for the whole run: Playwright's synchronous interface stands only one at a time."""
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop beneath this thread; Django would take that for asynchronous code.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as play:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def freeze() -> Any:
    """The program's clock, to be stopped at a moment: `with freeze(moment): …`."""
    from tongban.base import moment

    return moment.freeze


#: The cast: who plays which part in the demonstration city (logins and phones of cities/zhuzhou/demo-accounts.yaml).
CAST_PHONES = {"citizen": "19900000001", "other_citizen": "19900000002", "operator": "19900000003"}
CAST_LOGINS = {
    "clerk": "lukou.zonghe",
    "officer": "lukou.shijian",
    "head": "lukou.shenhe",
    "leader": "lukou.shenpi",
    "other_clerk": "smzx.zonghe",
    "other_officer": "renshe.chengban",
    "other_leader": "renshe.shenpi",
    "editor": "shixiang",
    "reviewer": "fazhi",
    "supervisor": "jiancha",
    "admin": "yunwei",
}


class Cast:
    """The fixed cast of the tests: `cast.officer` is an Actor as of now, `cast.account("officer")` the account."""

    def account(self, name: str) -> Any:
        from tongban.base import keys
        from tongban.identity.models import Account

        if name in CAST_PHONES:
            return Account.objects.get(kind="citizen", phone_index=keys.blind("phone", CAST_PHONES[name]))
        return Account.objects.get(login=CAST_LOGINS[name])

    def __getattr__(self, name: str) -> Any:
        from tongban.base import moment
        from tongban.identity import queries
        from tongban.kernel.actor import SYSTEM, VISITOR

        if name in {"system", "visitor"}:
            return SYSTEM if name == "system" else VISITOR
        if name not in CAST_PHONES and name not in CAST_LOGINS:
            raise AttributeError(name)
        return queries.actor_for(self.account(name), moment.now())

    @property
    def names(self) -> list[str]:
        return [*CAST_PHONES, *CAST_LOGINS, "system", "visitor"]


@pytest.fixture
def cast() -> Cast:
    """The fixed cast; needs one of the city's databases."""
    return Cast()
