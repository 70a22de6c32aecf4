"""`tongban worker`: one worker process in the foreground."""

import argparse

from tongban.cli import environment


def configure(_parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""


def run(_options: argparse.Namespace) -> int:
    """Work until told to stop."""
    with environment.platform():
        from tongban.config import worker

        worker.run()
    return 0
