"""Ends what a supervisor leaves behind when it is killed without a chance to clean up.

A tiny process that reads from a pipe which process groups run (`+123`) and which have ended (`-123`). When the pipe
closes, its writer is gone: whatever still runs is asked to stop, and then killed. Standard library only.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable

_GRACE_S = 8.0


def follow(lines: Iterable[str]) -> set[int]:
    """Read until the pipe closes; return the process groups that were not reported as ended."""
    running: set[int] = set()
    for line in lines:
        change, group = line[:1], line[1:].strip()
        if not group.isdecimal():
            continue
        if change == "+":
            running.add(int(group))
        else:
            running.discard(int(group))
    return running


def end(groups: set[int], grace_s: float = _GRACE_S) -> None:
    """Ask the process groups to stop and kill those that do not within `grace_s` seconds."""
    for group in groups:
        _signal(group, signal.SIGTERM)
    deadline = time.monotonic() + grace_s
    while any(_signal(group, 0) for group in groups) and time.monotonic() < deadline:
        time.sleep(0.1)
    for group in groups:
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    """Send a signal to a process group; return whether anybody was there."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
        return True
    return False


def main() -> None:
    """Keep watch on standard input."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end(follow(sys.stdin))


if __name__ == "__main__":
    main()
