"""A database that answers right now, for questions that can do without one: nothing is started for them."""

import os

from tongban.cli import environment, postgres, secret_store


def connect() -> bool:
    """Load Django on a migrated database that is given or runs already; return whether there is one.

    Without one Django is loaded all the same, so that the rooms' pure parts can be imported.
    """
    environment.use_secrets()
    found = _find()
    environment.use_django()
    return found and _is_migrated()


def _find() -> bool:
    if not environment.uses_own_database():
        return postgres.answers(environment.url("DATABASE_URL"))
    address = postgres.running_elsewhere("postgres", secret_store.read())
    if address is None:
        return False
    os.environ["DATABASE_URL"] = address.program_url
    return True


def _is_migrated() -> bool:
    from tongban.cli import schema

    return schema.stamp("schema") is not None
