"""What the demonstration says: who can log in, and what went wrong."""

import pytest

from tongban.cli.demo import login_lines
from tongban.cli.steps import Steps
from tongban.cli.trouble import Trouble
from tongban.identity.commands import DemoAccount


def account(login: str, seed: str = "") -> DemoAccount:
    return DemoAccount(account_id=1, login=login, password="p-1", totp_seed=seed, name="某人", purpose="某事")


def test_what_accounts_share_is_said_once():
    lines = login_lines([account("1"), account("clerk", "SEED"), account("2"), account("leader", "SEED")])
    assert [line.split()[0] for line in lines if line.startswith("  ")] == ["1", "2", "clerk", "leader"]
    assert sum("p-1" in line for line in lines) == 2
    assert sum("SEED" in line for line in lines) == 1


def test_a_step_tells_its_number_and_its_time(capsys):
    with Steps(3).step("装载"):
        pass
    said = capsys.readouterr().out
    assert "[1/3] 装载" in said
    assert "用时 0.0 秒" in said


def test_a_step_that_breaks_is_one_sentence_with_its_traceback_in_the_log(var):
    steps = Steps(2)
    with pytest.raises(Trouble, match=r"第 1 步“装载”没有成功：boom") as met, steps.step("装载"):
        raise RuntimeError("boom\nand more")
    assert met.value.code == 1
    assert "\n" not in met.value.sentence
    assert "RuntimeError: boom" in (var / "log" / "steps.log").read_text(encoding="utf-8")


def test_known_trouble_passes_a_step_as_it_is():
    with pytest.raises(Trouble, match=r"^磁盘满了。$"), Steps(1).step("装载"):
        raise Trouble("磁盘满了。")
