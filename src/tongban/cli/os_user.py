"""Which user of the operating system runs the database: PostgreSQL refuses root, so root steps down."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tongban.cli.trouble import EXIT_CONFIGURATION, Trouble


@dataclass(frozen=True)
class DatabaseUser:
    """The user that the database runs as."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Say whether this is another user than the one that runs the command."""
        return self.uid != os.geteuid()

    def command(self, arguments: list[str], *, end_with_parent: bool = False) -> list[str]:
        """Return `arguments` wrapped so that they run as this user.

        Args:
            arguments: the program and its arguments.
            end_with_parent: the kernel sends SIGINT (PostgreSQL: fast shutdown) when the parent dies in any way.
        """
        options: list[str] = []
        if self.is_other:
            options += [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups", "--no-new-privs"]
        if end_with_parent:
            options.append("--pdeathsig=INT")
        return ["setpriv", *options, "--", *arguments] if options else arguments

    def can(self, test: str, place: Path) -> bool:
        """Really try, as this user, `test -<test> place` (x: enter or run, w: write)."""
        tried = subprocess.run(
            self.command(["/usr/bin/test", f"-{test}", str(place)]), cwd="/", capture_output=True, check=False
        )
        return tried.returncode == 0


def database_user(data: Path) -> DatabaseUser:
    """Return the user for a data folder: its owner where it exists; else ourselves, for root `postgres` or `nobody`.

    Raises:
        Trouble: the folder belongs to somebody else and we are not root, or to root, as whom PostgreSQL will not run.
    """
    ours = os.geteuid()
    if data.exists():
        owner = data.stat().st_uid
        if ours not in (0, owner) or owner == 0:
            name = _name_of(owner)
            raise Trouble(
                f"数据库文件夹 {data} 属于用户 {name}，当前用户用不了：请换用该用户或 root 运行，或改正文件夹的属主。",
                f"The data folder belongs to {name}.",
                code=EXIT_CONFIGURATION,
            )
        return DatabaseUser(_name_of(owner), owner, data.stat().st_gid)
    if ours != 0:
        return DatabaseUser(_name_of(ours), ours, os.getegid())
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return DatabaseUser(name, entry.pw_uid, entry.pw_gid)
    raise Trouble(
        "系统中没有 postgres 或 nobody 用户，无法以非 root 身份启动数据库：请换用普通用户运行。",
        "There is no user to drop root to.",
        code=EXIT_CONFIGURATION,
    )


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
