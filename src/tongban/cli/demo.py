"""`tongban demo`: everything on one machine by one command, one whole case done, the site open."""

import argparse
import contextlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tongban.cli import environment, ports, serve, stage
from tongban.cli.places import var
from tongban.cli.steps import Steps
from tongban.cli.supervisor import Supervisor
from tongban.cli.trouble import require_disk

if TYPE_CHECKING:
    from tongban.identity.commands import DemoAccount

_MIB_NEEDED = 400
_STEPS = 7


def configure(parser: argparse.ArgumentParser) -> None:
    """Take whether to serve, and where."""
    parser.add_argument("--no-serve", action="store_true", help="只准备和演练，不打开网站")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=ports.port_number, default=stage.PORT_DEFAULT, help="监听的端口")


def run(options: argparse.Namespace) -> int:
    """Prepare, rehearse, serve.

    Raises:
        Trouble: a step fails.
    """
    address = stage.address_of(options.host, options.port)
    with stage.only_one(address):
        if not options.no_serve:
            ports.require_free(options.host, options.port)
        stage.set_addresses(options.host, address)
        steps = Steps(_STEPS)
        with _prepared(steps), _outside_systems() as supervisor:
            accounts = _rehearse(steps)
            if options.no_serve:
                print(f"全部步骤成功，共用 {steps.elapsed_s:.1f} 秒。", flush=True)
                return 0
            serve.prepare_static()
            environment.close_connections()
            supervisor.start(stage.worker())
            supervisor.start(stage.web(options.host, options.port))
            return stage.watch(supervisor, options.host, options.port, lambda: _welcome(steps, accounts))


@contextlib.contextmanager
def _prepared(steps: Steps) -> Iterator[None]:
    """Have secrets, database, tables and the city pack."""
    with contextlib.ExitStack() as stack:
        with steps.step("检查磁盘与密钥"):
            require_disk(var(), _MIB_NEEDED)
            environment.use_secrets()
        with steps.step("启动数据库"):
            stack.enter_context(environment.database(own=True, owner=True))
            environment.use_django()
            stack.callback(environment.close_connections)
        from tongban.cli import schema

        with steps.step("建立数据库表与账号权限"):
            if not schema.migrate_if_needed():
                _say("没有变化，已跳过")
        with steps.step("装载城市包"):
            _load_city()
        yield


def _load_city() -> None:
    from tongban.cli import city
    from tongban.config import citypack
    from tongban.kernel.actor import SYSTEM

    for line in city.report_lines(citypack.load(citypack.city_root(), actor=SYSTEM)):
        _say(line)


@contextlib.contextmanager
def _outside_systems() -> Iterator[Supervisor]:
    """Run the simulated outside systems, which the rehearsal talks to, and stop whatever was started at the end."""
    supervisor = Supervisor()
    try:
        outside = stage.simulators()
        if outside:
            supervisor.start(outside)
        yield supervisor
    finally:
        supervisor.stop()


def _rehearse(steps: Steps) -> "list[DemoAccount]":
    """Make the sample accounts and cases, and take one whole case through; return how people log in."""
    with steps.step("准备示例账号"):
        from tongban.base import outbox
        from tongban.config import citypack, rehearsal

        accounts = rehearsal.demo_accounts(citypack.city_root())
    with steps.step("布置示例办件"):
        if not rehearsal.furnish(citypack.city_root(), _say, accounts=accounts):
            _say("没有变化，已跳过")
    with steps.step("演练：一件事从申请到领证"):
        rehearsal.run_demo(_say, accounts=accounts)
        # The worker does this while the platform runs; the figures of the home page must be right without it too.
        while outbox.relay():
            pass
    return accounts


def _say(line: str) -> None:
    print(f"      {line}", flush=True)


def _welcome(steps: Steps, accounts: "list[DemoAccount]") -> None:
    print(f"\n通办已启动（共用 {steps.elapsed_s:.1f} 秒）：{os.environ['TONGBAN_BASE_URL']}", flush=True)
    for line in login_lines(accounts):
        print(line)
    print(f"模拟的短信、邮件与支付：{os.environ['TONGBAN_SIMULATORS_URL']}")
    print("按 Ctrl-C 停止全部进程（含数据库）。\n", flush=True)


def login_lines(accounts: "list[DemoAccount]") -> list[str]:
    """Return who can log in: a line for each password and seed that accounts share, then a line an account."""
    lines: list[str] = []
    shared: dict[tuple[str, str], list[DemoAccount]] = {}
    for account in accounts:
        shared.setdefault((account.password, account.totp_seed), []).append(account)
    for (password, seed), group in shared.items():
        code = f"，动态码密钥 {seed}（用任一验证器应用生成动态码）" if seed else "，也可用短信验证码"
        lines.append(f"示例账号，密码均为 {password}{code}：")
        lines += [f"  {account.login:<24}{account.name}，{account.purpose}" for account in group]
    return lines
