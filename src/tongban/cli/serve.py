"""`tongban serve`: the web site, the worker and the simulated outside systems, until Ctrl-C."""

import argparse
import os

from tongban.cli import environment, ports, stage
from tongban.cli.supervisor import Supervisor


def configure(parser: argparse.ArgumentParser) -> None:
    """Take the address to listen on."""
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址；对外服务用 0.0.0.0")
    parser.add_argument("--port", type=ports.port_number, default=stage.PORT_DEFAULT, help="监听的端口")


def run(options: argparse.Namespace) -> int:
    """Serve what is in the database as it is."""
    address = stage.address_of(options.host, options.port)
    ports.require_free(options.host, options.port)
    with stage.only_one(address):
        stage.set_addresses(options.host, address)
        with environment.platform(own=True):
            prepare_static()
            environment.close_connections()
            supervisor = Supervisor()
            try:
                start_all(supervisor, options.host, options.port)
                return stage.watch(supervisor, options.host, options.port, _welcome)
            finally:
                supervisor.stop()


def _welcome() -> None:
    print(f"通办已启动：{os.environ['TONGBAN_BASE_URL']} 按 Ctrl-C 停止。", flush=True)


def start_all(supervisor: Supervisor, host: str, port: int) -> None:
    """Start the simulators where this is a demonstration, the worker and the web server, in this order."""
    from django.conf import settings

    if settings.DEMO:
        outside = stage.simulators()
        if outside:
            supervisor.start(outside)
    supervisor.start(stage.worker())
    supervisor.start(stage.web(host, port))


def prepare_static() -> None:
    """Collect the style sheets and scripts where whitenoise serves them from one folder."""
    from django.conf import settings
    from django.core.management import call_command

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    if not getattr(settings, "WHITENOISE_USE_FINDERS", False):
        call_command("collectstatic", interactive=False, verbosity=0)
