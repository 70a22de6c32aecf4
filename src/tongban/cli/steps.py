"""Progress of a long command: each step named before it begins, with its time after it."""

import contextlib
import time
import traceback
from collections.abc import Iterator

from tongban.cli.places import log_file
from tongban.cli.trouble import Trouble


class Steps:
    """Numbers and times the steps of one command."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.number = 0
        self.started = time.monotonic()

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Run one step.

        Raises:
            Trouble: the step failed; what is not known trouble is written to the log with its traceback.
        """
        self.number += 1
        began = time.monotonic()
        print(f"[{self.number}/{self.total}] {name}……", flush=True)
        try:
            yield
        except (Trouble, OSError):
            raise
        except Exception as error:
            log = log_file("steps")
            with log.open("a", encoding="utf-8") as output:
                traceback.print_exc(file=output)
            first = (str(error).strip().splitlines() or [""])[0]
            raise Trouble(
                f"第 {self.number} 步“{name}”没有成功：{first or type(error).__name__}（详情见 {log}）",
                f"Step {self.number} failed: {type(error).__name__}.",
            ) from error
        print(f"      完成，用时 {time.monotonic() - began:.1f} 秒", flush=True)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the first step."""
        return time.monotonic() - self.started
