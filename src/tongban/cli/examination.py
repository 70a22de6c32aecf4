"""What the doctor looks at without a database."""

import importlib.util
import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tongban.cli import secret_store, virtualenv
from tongban.cli.places import var

Level = Literal["ok", "warning", "wrong"]
Look = Callable[[], tuple[Level, str]]

_GIB = 1024**3
_GIB_FREE_WANTED = 2


@dataclass(frozen=True)
class Finding:
    """One thing looked at: is it well, and in words."""

    level: Level
    name: str
    words: str


def python() -> tuple[Level, str]:
    """Look at the interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    return ("ok", version) if sys.version_info >= (3, 11) else ("wrong", f"{version} 太旧，需要 3.11 或更高版本")


def environment_whole() -> tuple[Level, str]:
    """Look whether the installed packages are those of the lock."""
    if virtualenv.stamp_found() == virtualenv.stamp_wanted():
        return "ok", "与依赖清单一致"
    return "wrong", "与依赖清单不一致，重新运行任一 ./tongban 命令即可更新"


def fonts() -> tuple[Level, str]:
    """Look for the Chinese fonts that documents are set in."""
    spec = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    found = [path for path in folder.rglob("*") if path.suffix.lower() in (".ttf", ".otf", ".ttc")] if folder else []
    if found:
        return "ok", f"内置 {len(found)} 个中文字体"
    return "wrong", "缺少中文字体，文书无法排版：请删除 .venv 后重新运行"


def disk() -> tuple[Level, str]:
    """Look at the room left for data."""
    place = var()
    free_gib = shutil.disk_usage(place if place.exists() else place.parent).free / _GIB
    if free_gib < _GIB_FREE_WANTED:
        return "warning", f"{place} 所在磁盘只剩 {free_gib:.1f} GB，请清理"
    return "ok", f"剩余 {free_gib:.0f} GB"


def secrets_private() -> tuple[Level, str]:
    """Look whether others can read the secrets."""
    path = secret_store.path()
    if not path.exists():
        return "ok", "由环境变量提供，或尚未生成"
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return "wrong", f"{path} 可被其他用户读取，请执行：chmod 600 {path}"
    return "ok", f"{path} 仅属主可读"


WITHOUT_DATABASE: tuple[tuple[str, Look], ...] = (
    ("Python", python),
    ("运行环境", environment_whole),
    ("中文字体", fonts),
    ("磁盘空间", disk),
    ("密钥文件", secrets_private),
)
