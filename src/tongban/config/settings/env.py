"""Typed readers of the environment: they refuse bad values loudly and read `NAME_FILE` secrets."""

import ipaddress
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def is_set(name: str) -> bool:
    """Say whether the variable is set, itself or as a file (`NAME_FILE`)."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def text(name: str, default: str | None = None, *, longest: int | None = None) -> str:
    """The value of `name`, or of the file that `name_FILE` points to; `longest`: characters at most.

    Raises:
        ImproperlyConfigured: neither is set and there is no default, the file cannot be read, or it is too long.
    """
    value = _given(name, default)
    if longest is not None and len(value) > longest:
        raise ImproperlyConfigured(f"{name}: at most {longest} characters.")
    return value


def _given(name: str, default: str | None) -> str:
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: cannot read {path}: {error.strerror}") from error
    value = os.environ.get(name)
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"Set {name} (or {name}_FILE) in the environment.")
    return default


def flag(name: str, *, default: bool = False) -> bool:
    """A yes/no setting.

    Raises:
        ImproperlyConfigured: the value is neither yes nor no.
    """
    value = text(name, "1" if default else "0").lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: write 1 or 0.")


def number(name: str, default: int, *, most: int) -> int:
    """A whole number from 0 to `most`.

    Raises:
        ImproperlyConfigured: the value is no such number.
    """
    value = text(name, str(default))
    if not (value.isascii() and value.isdecimal() and int(value) <= most):
        raise ImproperlyConfigured(f"{name}={value!r}: write a whole number from 0 to {most}.")
    return int(value)


def networks(name: str, default: str = "") -> list[str]:
    """Networks in CIDR form with commas between them.

    Raises:
        ImproperlyConfigured: one of them is none.
    """
    given = [one.strip() for one in text(name, default).split(",") if one.strip()]
    try:
        return [str(ipaddress.ip_network(one)) for one in given]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}. Write networks such as 10.20.0.0/16, with commas.") from error


def rows(name: str, columns: int) -> tuple[tuple[str, ...], ...]:
    """Rows of text, one a line or with semicolons between, columns with `|` between; lines with # in front are skipped.

    Raises:
        ImproperlyConfigured: a row has another number of columns, or an empty one.
    """
    found = []
    for line in text(name, "").replace(";", "\n").splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        row = tuple(part.strip() for part in line.split("|"))
        if len(row) != columns or not all(row):
            raise ImproperlyConfigured(f"{name}: {line.strip()!r}: write {columns} columns with | between them.")
        found.append(row)
    return tuple(found)


def database(name: str, default: str | None = None) -> dict[str, Any]:
    """A PostgreSQL URL as Django's dictionary. `?host=/folder` names a socket folder.

    Raises:
        ImproperlyConfigured: not set and no default, another engine, or no database name.
    """
    url = urlsplit(text(name, default))
    if url.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name}: only postgresql:// is supported, found {url.scheme!r}.")
    if not url.path.strip("/"):
        raise ImproperlyConfigured(f"{name}: the URL names no database.")
    host = url.hostname or ""
    for pair in url.query.split("&"):
        key, _, value = pair.partition("=")
        if key == "host":
            host = unquote(value)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.strip("/"),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": host,
        "PORT": str(url.port or ""),
    }
