"""`tongban migrate`: the tables by the owner's role, the rights of the program's role."""

import argparse
import time

from tongban.cli import environment


def configure(_parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""


def run(_options: argparse.Namespace) -> int:
    """Migrate whatever the stamp says."""
    with environment.platform(owner=True, migrated=False):
        from tongban.cli import schema

        started = time.monotonic()
        schema.migrate(verbosity=1)
        print(f"数据库表与权限已是最新（{time.monotonic() - started:.1f} 秒）。")
    return 0
