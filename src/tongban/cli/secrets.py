"""`tongban secrets show|rotate`: where the keys are, and a new key for encrypted fields."""

import argparse
import os
from datetime import UTC, datetime

from tongban.cli import environment, secret_store, stage
from tongban.cli.answers import add_json, print_json


def configure(parser: argparse.ArgumentParser) -> None:
    """Take the act."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="show|rotate")
    acts.add_parser("show", help="显示密钥文件的位置和密钥的编号，不显示密钥本身")
    add_json(acts.add_parser("rotate", help="启用新的字段加密密钥，并用它重新加密数据"))


def run(options: argparse.Namespace) -> int:
    """Do the act."""
    return _show() if options.act == "show" else _rotate(as_json=options.json)


def _show() -> int:
    environment.use_secrets()
    environment.use_django()
    from tongban.base import keys

    print(f"密钥文件：{secret_store.path()}")
    print(f"字段加密密钥：{'、'.join(keys.ring().kids)}（第一个用于加密，其余只用于解密）")
    return 0


def _rotate(*, as_json: bool) -> int:
    """Use a new key from now on and encrypt everything that may be changed with it.

    A running process knows only the keys it was started with, so the platform must be stopped. Where the keys come
    from the environment they are changed there, and only the second half is done here.
    """
    kept_here = not environment.is_set("TONGBAN_FIELD_KEYS")
    with stage.only_one("secrets rotate"):
        if kept_here:
            _add_key()
        with environment.platform():
            from tongban.base import keys
            from tongban.base.commands import rotate_field_keys
            from tongban.kernel.actor import SYSTEM

            done = rotate_field_keys(actor=SYSTEM)
            kids = keys.ring().kids
    if as_json:
        print_json({"current": kids[0], "kept": kids[1:], "rows": done.rows, "append_only": done.kept})
        return 0
    if not kept_here:
        print(
            "字段密钥由环境变量 TONGBAN_FIELD_KEYS 提供：请先停止全部进程，把新密钥加在最前面，再运行本命令，然后启动。"
        )
        print(f"可用的新密钥：{secret_store.new_field_key(_new_kid())}")
    print(
        f"现用密钥 {kids[0]}；已重新加密 {done.rows} 行数据。旧密钥 {'、'.join(kids[1:]) or '（无）'} 保留，用于读取。"
    )
    if done.kept:
        print(f"另有 {sum(done.kept.values())} 行在只可追加的表中，仍由旧密钥保护，请勿删除旧密钥。")
    return 0


def _new_kid() -> str:
    return f"k{datetime.now(UTC):%Y%m%d%H%M%S}"


def _add_key() -> None:
    values = secret_store.ensure()
    added = f"{secret_store.new_field_key(_new_kid())},{values['TONGBAN_FIELD_KEYS']}"
    secret_store.write(values | {"TONGBAN_FIELD_KEYS": added})
    os.environ["TONGBAN_FIELD_KEYS"] = added
