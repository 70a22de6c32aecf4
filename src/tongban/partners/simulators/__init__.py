"""Simulators of the systems that cannot be had here: SMS and mail gateways, cashier, real-name checker.

They speak the true signed wire format over HTTP, keep what they got under `TONGBAN_VAR/simulators`, and show
it on small pages, so that a demonstration or a test can read a code or pay a bill as a person would.
"""

from __future__ import annotations

import socketserver
from collections.abc import Iterable
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings

from tongban.partners.endpoints import endpoint
from tongban.partners.simulators.app import Simulators
from tongban.partners.simulators.store import Store


class _ThreadingServer(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    # A cashier's page waits for the platform, which may ask the simulators meanwhile.
    request_queue_size = 64


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Keep phones and codes out of the log."""

    def address_string(self) -> str:
        """Skip the reverse look-up of the caller's name."""
        return str(self.client_address[0])


def _not_ready(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("503 Service Unavailable", [])
    return []


def make(port: int, *, host: str = "127.0.0.1", folder: Path | None = None, base_url: str = "") -> WSGIServer:
    """Return a server ready to `serve_forever`; port 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    server = make_server(host, port, _not_ready, server_class=_ThreadingServer, handler_class=_QuietHandler)
    # Only a bound server knows its port, and the cashier's pages need their own address.
    server.set_app(
        Simulators(
            Store(folder or Path(settings.VAR) / "simulators"),
            base_url=base_url or f"http://{host}:{server.server_port}",
            secret_of=lambda service: endpoint(service).secret,
        )
    )
    return server


def serve(port: int, *, host: str = "127.0.0.1") -> None:
    """Serve until the process is stopped; the pages' address is `settings.SIMULATORS_URL`.

    Raises:
        OSError: the port is taken.
    """
    with make(port, host=host, base_url=settings.SIMULATORS_URL) as server:
        server.serve_forever()
