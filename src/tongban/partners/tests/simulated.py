"""The simulators for tests: the real server on a free port of the loopback. Other rooms' tests use it too."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tongban.partners import simulators, transport


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Serve the simulators from `folder`; gives their address."""
    server = simulators.make(0, folder=folder)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    transport._breakers.clear()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
        transport._breakers.clear()


def click(url: str, act: str) -> httpx.Response:
    """Press a button of the cashier's page."""
    return httpx.post(url, data={"act": act}, trust_env=False)
