"""`tongban simulators`: the outside systems that a demonstration talks to over HTTP."""

import argparse

from tongban.cli import environment, ports

PORT_DEFAULT = 8001


def configure(parser: argparse.ArgumentParser) -> None:
    """Take the port."""
    parser.add_argument("--port", type=ports.port_number, default=PORT_DEFAULT, help="监听的端口")


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    ports.require_free("127.0.0.1", options.port)
    environment.use_secrets()
    environment.use_django()
    from tongban.partners import simulators

    simulators.serve(options.port)
    return 0
