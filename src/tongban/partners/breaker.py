"""A small circuit breaker: a partner that keeps failing is left alone for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Breaker:
    """Opens after `failures_max` failures in a row, lets one call try again after `rest_s` seconds.

    One per partner and process; `clock_s` is any monotonic clock in seconds.
    """

    def __init__(self, *, clock_s: Callable[[], float], failures_max: int = 5, rest_s: float = 20.0) -> None:
        """Start closed."""
        self._clock_s = clock_s
        self._failures_max = failures_max
        self._rest_s = rest_s
        self._failures = 0
        self._retry_at_s = 0.0
        self._lock = threading.Lock()

    def allows(self) -> bool:
        """Whether a call may be made now; an open breaker lets exactly one caller through per rest."""
        with self._lock:
            if self._failures < self._failures_max:
                return True
            if self._clock_s() < self._retry_at_s:
                return False
            self._retry_at_s = self._clock_s() + self._rest_s
            return True

    def succeeded(self) -> None:
        """Close the breaker."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """Count a failure and, at the limit, open the breaker."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._failures_max:
                self._retry_at_s = self._clock_s() + self._rest_s
