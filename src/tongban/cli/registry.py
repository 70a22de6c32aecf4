"""The list of commands. Each is a module that is imported only when it is called.

Standard library only: the list is shown before the virtual environment exists. A command's module offers
`configure(parser)` and `run(options) -> exit code`.
"""

import argparse
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from tongban.cli.trouble import EXIT_USAGE, Trouble


@dataclass(frozen=True)
class Command:
    """One command: its name, the acts under it, what it does in words, and the module that does it."""

    name: str
    acts: str
    help: str
    module: str


COMMANDS: tuple[Command, ...] = (
    Command("demo", "[--no-serve] [--port N]", "一条命令看到全部：准备环境、办完一件事、打开网站", "demo"),
    Command("test", "[--only NAME]", "运行全部检查与测试", "testing"),
    Command("serve", "[--host H] [--port N]", "启动网站、后台任务与模拟外部系统", "serve"),
    Command("worker", "", "只运行后台任务进程", "worker"),
    Command("simulators", "[--port N]", "只运行模拟的短信、邮件与支付系统", "simulators"),
    Command("migrate", "", "建立或升级数据库表，并设定程序账号的权限", "migrate"),
    Command("city", "check|load", "检查或装载城市包", "city"),
    Command("codes", "check KIND VALUE…", "校验各类法定代码并拆解其含义", "codes"),
    Command("workdays", "add DATE N", "从某日起推算若干个工作日", "workdays"),
    Command("cases", "verify-chain|rebuild-clocks", "核验办件事件链，或由事件重算办理期限", "cases"),
    Command("files", "verify|copy", "核对全部材料文件，或把它们复制到对象存储", "files"),
    Command("export-cases", "--reach CODE --out FILE", "把办件汇聚成国家交换表批次，写成 ZIP", "export_cases"),
    Command("items", "import|export [FILE]", "从表格导入事项（先检查、逐行报告），或者导出成表格", "items"),
    Command("bench", "load|submit|track|inbox|case", "测量速度，与本机极限相比（用自己的数据库）", "bench"),
    Command("doctor", "", "检查安装情况，用文字说明哪里不对、怎么办", "doctor"),
    Command("secrets", "show|rotate", "查看密钥文件的位置，或更换字段加密密钥", "secrets"),
    Command("django", "ARGS…", "运行 Django 自带的管理命令（供开发者使用）", "django_command"),
)


class Parser(argparse.ArgumentParser):
    """argparse whose complaint is one Chinese sentence with the usage under it."""

    def error(self, message: str) -> NoReturn:
        """Raise Trouble in place of argparse's exit.

        Raises:
            Trouble: always.
        """
        usage = " ".join(self.format_usage().split()).removeprefix("usage: ")
        raise Trouble(f"命令写法不对。用法：{usage}", message, code=EXIT_USAGE)


def listing() -> str:
    """Return the help text: every command, a line each."""
    heads = [f"./tongban {command.name} {command.acts}".rstrip() for command in COMMANDS]
    width = max(map(len, heads)) + 2
    lines = [f"  {head:<{width}}{command.help}" for head, command in zip(heads, COMMANDS, strict=True)]
    return "\n".join(["通办 Tongban：一座城市的“互联网+政务服务”系统", "", *lines])


def find(name: str) -> Command:
    """Return the command called `name`.

    Raises:
        Trouble: there is no such command.
    """
    for command in COMMANDS:
        if command.name == name:
            return command
    raise Trouble(
        f"没有“{name}”这个命令。直接运行 ./tongban 可以看到全部命令。",
        f"Unknown command {name!r}.",
        code=EXIT_USAGE,
    )


def dispatch(arguments: list[str]) -> int:
    """Run the command named by the first argument and return its exit code.

    Raises:
        Trouble: the command is unknown, wrongly written, or met trouble.
    """
    command = find(arguments[0])
    module = importlib.import_module(f"tongban.cli.{command.module}")
    parser = Parser(prog=f"tongban {command.name}", description=command.help)
    configure: Callable[[argparse.ArgumentParser], None] = module.configure
    run: Callable[[argparse.Namespace], int] = module.run
    configure(parser)
    return run(parser.parse_args(arguments[1:]))
