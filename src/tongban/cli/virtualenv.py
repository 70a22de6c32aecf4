"""The virtual environment `.venv`, made from the hashed lock and known to be whole by its stamp.

The stamp is written last: an environment without one was interrupted, and is made again. Standard library only.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tongban.cli import packages
from tongban.cli.places import REQUIREMENTS, ROOT, SOURCE, VENV, VENV_PYTHON, log_file, var
from tongban.cli.trouble import EXIT_CANNOT_CREATE, EXIT_UNAVAILABLE, Trouble, require_disk

_STAMP = VENV / "tongban-stamp.json"
#: Room for the environment (about 700 MiB) and for the installer's downloads.
_MIB_NEEDED = 1500
_PINNED = re.compile(r"^[A-Za-z0-9][\w.\-\[\]]*==", re.MULTILINE)
#: What pip and uv print when they cannot reach the package index.
_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|Max retries exceeded|"
    r"Temporary failure in name resolution|Network is unreachable|Connection refused|Connection reset|"
    r"Failed to fetch|dns error|error sending request|SSLError|from versions: none",
    re.IGNORECASE,
)
_DISK = re.compile(r"No space left on device|Errno 28|Disk quota exceeded", re.IGNORECASE)
_HASH = re.compile(r"DO NOT MATCH THE HASHES|Hash mismatch|require-hashes|hashes are required", re.IGNORECASE)


def stamp_wanted() -> dict[str, str]:
    """Return what the stamp of a whole, current environment says."""
    return {"requirements": hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest(), "root": str(ROOT)}


def stamp_found() -> dict[str, str] | None:
    """Return what the stamp says; None when the environment is missing, broken or half made."""
    if not os.access(VENV_PYTHON, os.X_OK):
        return None
    try:
        found = json.loads(_STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def ensure() -> None:
    """Make the environment, or bring it up to the lock; does nothing when it is whole and current.

    Raises:
        Trouble: the network, the disk, the lock or a system package stands in the way.
    """
    if not REQUIREMENTS.is_file():
        raise Trouble(
            f"没有找到 {REQUIREMENTS}，代码没有取全，请重新克隆仓库。",
            "requirements.txt is missing: the checkout is incomplete.",
        )
    if stamp_found() == stamp_wanted():
        return
    with _only_one():
        found = stamp_found()
        if found == stamp_wanted():
            return
        require_disk(ROOT, _MIB_NEEDED)
        started = time.monotonic()
        uv = shutil.which("uv")
        if found is None or found.get("root") != str(ROOT):
            _make(uv)
        else:
            print("依赖清单有变化，正在更新运行环境……", flush=True)
        _install(uv)
        _seal()
        print(f"运行环境已就绪（{time.monotonic() - started:.0f} 秒）。", flush=True)


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """Keep two commands from making the environment at once; the second waits for the first."""
    var().mkdir(parents=True, exist_ok=True)
    with (var() / "bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(uv: str | None) -> None:
    if VENV.exists():
        print("运行环境不完整，正在重新建立……", flush=True)
        shutil.rmtree(VENV)
    else:
        print("首次运行：正在建立运行环境，需要一两分钟……", flush=True)
    if uv:
        # uv brings its own installer: pip and python3-venv are not needed then.
        if _run([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)]) == 0:
            return
        shutil.rmtree(VENV, ignore_errors=True)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    packages.require([packages.Part("Python 虚拟环境组件", (f"python{version}-venv",), _has_ensurepip)])
    if _run([sys.executable, "-m", "venv", str(VENV)]) != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        _explain(log_file("bootstrap").read_text(encoding="utf-8", errors="replace")[-4000:])


def _has_ensurepip() -> bool:
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None


def _run(command: list[str]) -> int:
    with log_file("bootstrap").open("a", encoding="utf-8") as log:
        return subprocess.run(command, stdout=log, stderr=log, check=False).returncode


def _install(uv: str | None) -> None:
    # Without its stamp an environment that breaks half-way through an update is made again next time.
    _STAMP.unlink(missing_ok=True)
    lock = ["--require-hashes", "-r", str(REQUIREMENTS)]
    if uv:
        command = [uv, "pip", "install", "--no-deps", "--python", str(VENV_PYTHON), *lock]
        code, output = _follow(command)
        if code == 0:
            return
        if _DISK.search(output) or not _pip_available():
            _explain(output)
    command = [str(VENV_PYTHON), "-m", "pip", "install", "--no-deps", "--no-input", "--no-compile"]
    command += ["--progress-bar=off", "--disable-pip-version-check", "--retries=2", "--timeout=20", *lock]
    code, output = _follow(command)
    if code != 0:
        _explain(output)


def _pip_available() -> bool:
    """Give an environment that uv made a pip of its own, where this Python can."""
    return _has_ensurepip() and _run([str(VENV_PYTHON), "-m", "ensurepip"]) == 0


def _follow(command: list[str]) -> tuple[int, str]:
    """Run the installer, showing how far it is; return its exit code and the end of what it said."""
    total = len(_PINNED.findall(REQUIREMENTS.read_text(encoding="utf-8")))
    print(f"正在安装 {total} 个依赖包……", flush=True)
    lines: list[str] = []
    collected = 0
    with (
        log_file("bootstrap").open("a", encoding="utf-8") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            log.write(line)
            lines.append(line)
            if line.startswith("Collecting "):
                collected += 1
                if collected % 30 == 0:
                    print(f"  已下载 {collected}/{total}", flush=True)
            elif line.startswith("Installing collected packages"):
                print("  正在写入磁盘……", flush=True)
    return process.returncode, "".join(lines[-200:])


def _explain(output: str) -> None:
    """Say in one sentence why the installer failed.

    Raises:
        Trouble: always.
    """
    log = log_file("bootstrap")
    if _DISK.search(output):
        raise Trouble(
            "磁盘空间已用完，依赖包没有装完，请清理出至少 1.5 GB 空间后重新运行。",
            "The disk is full: dependencies were not installed.",
            code=EXIT_CANNOT_CREATE,
        )
    if _HASH.search(output):
        raise Trouble(
            f"下载的依赖包与清单中的校验值不符，已拒绝安装，请检查软件源是否可信；详情见 {log}。",
            "A downloaded package does not match the lock's hash.",
        )
    if _NETWORK.search(output):
        raise Trouble(
            f"网络不通，依赖包下载失败，请检查网络、代理或软件源设置后重新运行；详情见 {log}。",
            "The network is broken: dependencies could not be downloaded.",
            code=EXIT_UNAVAILABLE,
        )
    raise Trouble(f"依赖包安装失败，详情见 {log}。", "Installing the dependencies failed.")


def _seal() -> None:
    """Make the source importable in the environment and write the stamp: it is whole."""
    site = next((VENV / "lib").glob("python3.*/site-packages"))
    (site / "tongban-source.pth").write_text(f"{SOURCE}\n", encoding="utf-8")
    fresh = Path(f"{_STAMP}.new")
    fresh.write_text(json.dumps(stamp_wanted()), encoding="utf-8")
    fresh.replace(_STAMP)
