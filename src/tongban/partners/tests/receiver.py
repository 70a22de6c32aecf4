"""A receiver of webhooks for tests: a real server on the loopback that checks signatures and acts once a message."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tongban.partners import standard_webhooks
from tongban.partners.problems import SignatureError

#: What is answered to a message: status, body, headers.
Plan = Callable[[int], tuple[int, bytes, dict[str, str]]]


@dataclass
class Receiver:
    """What came in: every request with its headers, and what was acted on, once each."""

    url: str = ""
    secret: str = ""
    #: Gets the number of the request (1, 2, …).
    plan: Plan = lambda _number: (204, b"", {})
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    #: The receiver's own memory of identifiers: what stands in it is not acted on again.
    seen: set[str] = field(default_factory=set)
    acted: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, headers: dict[str, str], body: bytes, now_s: float) -> tuple[int, bytes, dict[str, str]]:
        """Check, act unless it was done before, answer."""
        with self.lock:
            self.requests.append((headers, body))
            answer = self.plan(len(self.requests))
            try:
                message_id = standard_webhooks.verify(headers, self.secret, body=body, now_s=now_s)
            except SignatureError:
                return 401, b"", {}
            if message_id not in self.seen:
                self.seen.add(message_id)
                self.acted.append(json.loads(body))
        return answer


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Serve a receiver on a free port."""
    import time

    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, text, headers = receiver.take(dict(self.headers), body, time.time())
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *args: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
