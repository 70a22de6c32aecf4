"""What processes have used, as the kernel counts it."""

import os
from collections.abc import Iterable
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def family(pid: int) -> list[int]:
    """The process and all that descend from it and live now."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        fields = _stat(folder)
        if fields:
            parents[int(folder.name)] = int(fields[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def cpu_s(pids: Iterable[int]) -> float:
    """Seconds of processor used so far by processes that live now, and by children they have waited for."""
    total = 0
    for pid in pids:
        fields = _stat(Path("/proc") / str(pid))
        total += sum(int(one) for one in fields[11:15]) if fields else 0
    return total / _TICKS_A_SECOND


def resident_mib(pids: Iterable[int]) -> dict[int, float]:
    """Memory of each process in MiB; what workers share is counted in each."""
    found: dict[int, float] = {}
    for pid in pids:
        try:
            pages = int((Path("/proc") / str(pid) / "statm").read_text(encoding="ascii").split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        found[pid] = pages * _PAGE_BYTES / 2**20
    return found


def _stat(folder: Path) -> list[str]:
    """The fields of `stat` behind the name (which may hold spaces): state first, parent second."""
    try:
        text = (folder / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()
