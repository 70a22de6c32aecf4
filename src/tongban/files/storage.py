"""Where the bytes of kept files lie: by random names that say nothing, in the store of this installation."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from tongban.files import problems
from tongban.files.registries import Store, StoreUnavailableError, stores

logger = logging.getLogger(__name__)

_FOLDER = "files"
_PROBE_BYTES = 32


def store() -> Store:
    """Return the store that the setting `FILES_STORE` names.

    Raises:
        StoreUnavailableError: nobody registered one of that kind.
    """
    scheme, marked, _rest = str(settings.FILES_STORE).partition("://")
    found = stores.get(scheme if marked else "folder")
    if found is None:
        raise StoreUnavailableError(f"no store {scheme}")
    return found


@contextmanager
def answering() -> Iterator[Store]:
    """Give the store.

    Raises:
        FileRefusal: `file_store_unavailable` (503) when it does not answer.
    """
    try:
        yield store()
    except StoreUnavailableError as error:
        logger.exception("the store of files does not answer")
        raise problems.store_unavailable() from error


def fresh_name() -> str:
    """Return a name that nothing has."""
    return secrets.token_hex(20)


def place(storage_key: str) -> str:
    """Return the path of a key's bytes in the store."""
    return f"{_FOLDER}/{storage_key[:2]}/{storage_key[2:4]}/{storage_key}"


def write(storage_key: str, data: bytes) -> None:
    """Write bytes durably under a fresh name.

    Raises:
        FileRefusal: `file_store_unavailable`.
    """
    with answering() as shelf:
        shelf.write(place(storage_key), data)


def read(storage_key: str) -> bytes:
    """Return a key's bytes as they lie.

    Raises:
        FileNotFoundError: there are none.
        FileRefusal: `file_store_unavailable`.
    """
    with answering() as shelf:
        return shelf.read(place(storage_key))


def remove(storage_key: str) -> None:
    """Remove a key's bytes; gone already is fine.

    Raises:
        FileRefusal: `file_store_unavailable`.
    """
    remove_paths([place(storage_key)])


def remove_paths(paths: list[str]) -> None:
    """Remove what `lying` told.

    Raises:
        FileRefusal: `file_store_unavailable`.
    """
    with answering() as shelf:
        shelf.remove(*paths)


def lying(age_s: float) -> Iterator[str]:
    """Return the path of everything that has lain so long, seconds.

    Raises:
        FileRefusal: `file_store_unavailable`.
    """
    with answering() as shelf:
        yield from shelf.under(_FOLDER, older_than_s=age_s)


def trouble() -> str:
    """Write, read and remove a few bytes: why the store cannot be used, "" if it can."""
    path, data = f"{_FOLDER}/probe-{fresh_name()}", secrets.token_bytes(_PROBE_BYTES)
    try:
        store().write(path, data)
        if store().read(path) != data:
            return "other bytes came back than were written"
        store().remove(path)
    except (StoreUnavailableError, FileNotFoundError) as error:
        return str(error) or "no answer"
    return ""
