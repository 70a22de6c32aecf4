"""The checks of `tongban test`, in their order. To add one, add an entry."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from tongban.cli import secret_store
from tongban.cli.environment import SETTINGS_TEST
from tongban.cli.places import ROOT

_PRODUCTION = "tongban.config.settings.production"


@dataclass(frozen=True)
class Check:
    """One check: what `--only` calls it, what people call it, its command and the variables it runs with."""

    name: str
    title: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def _python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def _typed() -> list[str]:
    """Return what the types are checked of: the whole tree."""
    return [name for name in ("src", "conftest.py", "tests") if (ROOT / name).exists()]


def _production() -> dict[str, str]:
    """Return what a real installation sets, with throw-away keys."""
    return {
        "DJANGO_SETTINGS_MODULE": _PRODUCTION,
        "TONGBAN_BASE_URL": "https://tongban.example",
        "TONGBAN_HOSTS": "tongban.example",
        "TONGBAN_SECRET_KEY": secret_store.new_key() + secret_store.new_key(),
        "TONGBAN_FIELD_KEYS": secret_store.new_field_key("check"),
        "TONGBAN_INDEX_KEY": secret_store.new_key(),
        "TONGBAN_SEAL_KEY": secret_store.new_key(),
    }


def _own_database() -> dict[str, str]:
    """Return what lets a command start a database of its own, which it may kill."""
    return {"DJANGO_SETTINGS_MODULE": "tongban.config.settings.dev", "DATABASE_URL": "", "DATABASE_OWNER_URL": ""}


def checks() -> list[Check]:
    """Return every check, cheap ones first."""
    return [
        Check("lint", "代码规范 ruff", _python("ruff", "check", ".")),
        Check("format", "代码格式 ruff format", _python("ruff", "format", "--check", ".")),
        Check("house", "房屋规则", _python("tongban.cli.houserules")),
        Check("imports", "楼层约束 import-linter", [str(Path(sys.executable).with_name("lint-imports"))]),
        Check("types", "类型 mypy", _python("mypy", *_typed())),
        Check("templates", "模板规范 djlint", _python("djlint", "src", "--lint", "--quiet")),
        Check("translations", "英文词条与未标注的文字", _python("tongban.cli.translations")),
        Check("migrations", "迁移齐全", _python("django", "makemigrations", "--check", "--dry-run")),
        Check("deploy", "生产配置", _python("django", "check", "--deploy", "--fail-level=WARNING"), _production()),
        Check("tests", "单元、性质、数据库与接口测试", _python("pytest", "-n", "2", "-m", "not browser")),
        Check("crash", "强行结束进程后不丢不重", _python("tongban.cli", "bench", "crash"), _own_database()),
        Check("axe", "无障碍检查程序 npm ci", ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]),
        Check("browser", "浏览器测试", _python("pytest", "-m", "browser")),
    ]


#: Every check runs with these unless it says otherwise.
ENVIRONMENT = {"DJANGO_SETTINGS_MODULE": SETTINGS_TEST}
