"""Parts that come from Debian's packages, not from the Python lock: installed by root, named to anybody else.

Standard library only: `python3-venv` is wanted before the virtual environment exists.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tongban.cli.places import log_file
from tongban.cli.trouble import EXIT_UNAVAILABLE, Trouble


@dataclass(frozen=True)
class Part:
    """A part of the system: its name for people, Debian's packages that bring it, and how to see that it is there."""

    name: str
    debian: tuple[str, ...]
    present: Callable[[], bool]


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, check=False, timeout=60)
    return bool(listed.stdout.strip())


def _has_chromium() -> bool:
    return os.access("/usr/bin/chromium", os.X_OK)


PDFSIG = Part("pdfsig（核验 PDF 签名）", ("poppler-utils",), lambda: bool(shutil.which("pdfsig")))
CHROMIUM = Part("Chromium 浏览器（浏览器测试）", ("chromium",), _has_chromium)
CHINESE_FONT = Part("中文字体（浏览器测试）", ("fontconfig", "fonts-noto-cjk"), _has_chinese_font)
NPM = Part("npm（浏览器测试的无障碍检查程序）", ("npm",), lambda: bool(shutil.which("npm")))
CLAMAV = Part(
    "ClamAV（文件查毒的测试）",
    ("clamav-daemon",),
    lambda: bool(shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")),
)
GETTEXT = Part("gettext（翻译文件）", ("gettext",), lambda: bool(shutil.which("msgfmt")))

FOR_TESTING = (PDFSIG, CHROMIUM, CHINESE_FONT, NPM, GETTEXT, CLAMAV)


def missing(parts: Iterable[Part]) -> list[Part]:
    """Return those of the parts that are not on this machine."""
    return [part for part in parts if not part.present()]


def apt_line(parts: Iterable[Part]) -> str:
    """Return the one line that installs the parts."""
    return "apt-get install -y --no-install-recommends " + " ".join(p for part in parts for p in part.debian)


def require(parts: Iterable[Part]) -> None:
    """Make sure that the parts are there; root installs what is missing.

    Raises:
        Trouble: a part is missing and cannot be installed by us; the sentence has the one line that does it.
    """
    absent = missing(parts)
    if not absent:
        return
    names = "、".join(part.name for part in absent)
    line = apt_line(absent)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble(
            f"缺少{names}，请让管理员执行：{line}",
            f"Missing system packages; ask an administrator to run: {line}",
            code=EXIT_UNAVAILABLE,
        )
    print(f"正在安装系统部件：{names}……", flush=True)
    log = log_file("apt")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with log.open("a", encoding="utf-8") as output:
        # A failed update alone is no reason to stop: the lists may be good enough.
        for command in ("apt-get update", line):
            done = subprocess.run(command.split(), env=environment, stdout=output, stderr=output, check=False)
    still = missing(absent)
    if done.returncode != 0 or still:
        raise Trouble(
            f"系统部件安装失败（{names}），请检查网络与软件源后执行：{line}；详情见 {log}。",
            f"Installing Debian packages failed; see {log}.",
            code=EXIT_UNAVAILABLE,
        )
