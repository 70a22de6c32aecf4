"""Secrets of a checkout that runs on one machine: made once, kept in `var/secrets.env` with mode 0600.

A real installation gives its secrets in the environment; what is set there always wins. Standard library only.
"""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from tongban.cli.places import var
from tongban.cli.trouble import EXIT_CONFIGURATION, Trouble


def new_key() -> str:
    """Return 256 fresh random bits in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def new_field_key(kid: str) -> str:
    """Return a fresh field key as `kid:suite:base64key`; suite 1 is AES-256-GCM with HMAC-SHA-256."""
    return f"{kid}:1:{new_key()}"


_MAKERS: dict[str, Callable[[], str]] = {
    "TONGBAN_SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "TONGBAN_FIELD_KEYS": lambda: new_field_key("k1"),
    "TONGBAN_INDEX_KEY": new_key,
    "TONGBAN_SEAL_KEY": new_key,
    "TONGBAN_PG_SUPERUSER_PASSWORD": lambda: secrets.token_urlsafe(24),
    "TONGBAN_PG_OWNER_PASSWORD": lambda: secrets.token_urlsafe(24),
    "TONGBAN_PG_PASSWORD": lambda: secrets.token_urlsafe(24),
}


def path() -> Path:
    """Return where the secrets are kept."""
    return var() / "secrets.env"


def read() -> dict[str, str]:
    """Return the kept secrets; an empty dictionary when there are none yet.

    Raises:
        Trouble: the file has a line that is not NAME=VALUE.
    """
    try:
        text = path().read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, separator, value = line.partition("=")
        if not separator:
            raise Trouble(
                f"密钥文件 {path()} 第 {number} 行写法不对，应为“名称=值”。",
                f"Line {number} of the secrets file is not NAME=VALUE.",
                code=EXIT_CONFIGURATION,
            )
        found[name.strip()] = value.strip()
    return found


def write(values: dict[str, str]) -> None:
    """Replace the file as a whole: a crash leaves the old one."""
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as output:
        output.write("# 通办在本机的密钥。请妥善备份，丢失后已加密的数据无法恢复；不要提交到代码库。\n")
        output.writelines(f"{name}={value}\n" for name, value in values.items())
        output.flush()
        os.fsync(output.fileno())
    fresh.replace(target)


def ensure() -> dict[str, str]:
    """Return the kept secrets, making those that are missing.

    Raises:
        Trouble: the secrets are gone but a database that was encrypted with them is still there.
    """
    values = read()
    if not values and any(var().glob("postgres*/data/PG_VERSION")):
        raise Trouble(
            f"数据库还在，但密钥文件 {path()} 不见了：请从备份恢复它；如果数据不要了，删除 {var()} 后重新运行。",
            "The database is there but its secrets are gone: restore them from a backup.",
            code=EXIT_CONFIGURATION,
        )
    absent = {name: make() for name, make in _MAKERS.items() if name not in values}
    if absent:
        values |= absent
        write(values)
    return values
