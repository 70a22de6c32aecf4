"""A small HTTP driver: keeps connections open, sends requests that were written before, and times each answer.

It runs as a process of its own (`python -m …drive`), so that the platform's figures hold no work of the driver. It
reads `{"port", "users", "requests", "expect", "a_second"}` as JSON from its input and writes `{"seconds",
"latencies_ms", "answers", "wrong", "first_wrong"}`. Answers are read by `Content-Length`, which the platform always
sends.
"""

import json
import socket
import sys
import time
from dataclasses import dataclass, field
from threading import Barrier, Thread

_TIMEOUT_S = 30
_CHUNK = 65_536


@dataclass
class User:
    """One connection and what it has measured."""

    port: int
    requests: list[bytes]
    expect: int
    #: Seconds from one request to the next, and before the first; 0: each as soon as the one before is answered.
    every_s: float = 0
    first_s: float = 0
    latencies_ms: list[float] = field(default_factory=list)
    wrong: int = 0
    first_wrong: str = ""

    def run(self, start: Barrier) -> None:
        """Send all requests one after the other, each as soon as the one before is answered, or at its time.

        What is sent late because an answer was late counts from when it should have been sent.
        """
        with socket.create_connection(("127.0.0.1", self.port), timeout=_TIMEOUT_S) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            start.wait(timeout=_TIMEOUT_S)
            due = time.perf_counter() + self.first_s
            for request in self.requests:
                began = self._wait(due)
                due += self.every_s
                line.sendall(request)
                answer = _read(line)
                self.latencies_ms.append((time.perf_counter() - began) * 1_000)
                if int(answer[9:12]) != self.expect:
                    self.wrong += 1
                    self.first_wrong = self.first_wrong or answer[:2_000].decode(errors="replace")

    def _wait(self, due: float) -> float:
        now = time.perf_counter()
        if not self.every_s:
            return now
        time.sleep(max(due - now, 0))
        return due


def _read(line: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(line)
    head, _, body = data.partition(b"\r\n\r\n")
    length = _length(head)
    while len(body) < length:
        body += _more(line)
    return head + b"\r\n\r\n" + body


def _more(line: socket.socket) -> bytes:
    found = line.recv(_CHUNK)
    if not found:
        raise ConnectionError("the platform closed the connection")
    return found


def _length(head: bytes) -> int:
    for one in head.split(b"\r\n"):
        name, _, value = one.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    raise ValueError("an answer without Content-Length")


def main() -> None:
    """Drive as asked and write what was measured."""
    asked = json.load(sys.stdin)
    requests = [one.encode() for one in asked["requests"]]
    count = asked["users"]
    every_s = count / asked["a_second"] if asked["a_second"] else 0
    users = [
        User(asked["port"], requests[number::count], asked["expect"], every_s, every_s * number / count)
        for number in range(count)
    ]
    start = Barrier(count + 1)
    threads = [Thread(target=one.run, args=(start,)) for one in users]
    for one in threads:
        one.start()
    start.wait(timeout=_TIMEOUT_S)
    began = time.perf_counter()
    for one in threads:
        one.join()
    seconds = time.perf_counter() - began
    latencies = sorted(ms for one in users for ms in one.latencies_ms)
    measured = {
        "seconds": seconds,
        "latencies_ms": latencies,
        "answers": len(latencies),
        "wrong": sum(one.wrong for one in users),
        "first_wrong": next((one.first_wrong for one in users if one.first_wrong), ""),
    }
    json.dump(measured, sys.stdout)


if __name__ == "__main__":
    main()
