"""The relay loop of the worker: goes on while there is work, survives a database that is away, stops when told."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from tongban.config import worker


class Pauses(threading.Event):
    """An event that notes how long it was waited for and waits no time at all."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.waited: list[float] = []
        self.limit = limit

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0.0)
        if len(self.waited) >= self.limit:
            self.set()
        return self.is_set()


@pytest.fixture(autouse=True)
def no_connection(monkeypatch):
    """The loop's own connections are closed in a thread of its own; here there is none to close."""
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker, "connection", SimpleNamespace(close=lambda: None))


def test_it_pauses_only_when_there_is_nothing_left():
    answers = iter([100, 7, 0, 0])
    pauses = Pauses(2)
    worker.relay_until(pauses, lambda: next(answers))
    assert pauses.waited == [0.5, 0.5]
    assert next(answers, None) is None


def test_a_database_that_is_away_lengthens_the_pause_and_does_not_end_the_loop(caplog):
    def away() -> int:
        raise OperationalError("the server is away")

    pauses = Pauses(8)
    worker.relay_until(pauses, away)
    assert pauses.waited == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]
    assert "relay of the outbox failed" in caplog.text


def test_after_trouble_the_pause_is_short_again():
    answers: Iterator[OperationalError | int] = iter([OperationalError("away"), 0])

    def relay() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    pauses = Pauses(2)
    worker.relay_until(pauses, relay)
    assert pauses.waited == [1.0, 0.5]
