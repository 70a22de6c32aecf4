"""`tongban django ARGS…`: Django's own management commands, with the database and the secrets at hand."""

import argparse

from tongban.cli import environment


def configure(parser: argparse.ArgumentParser) -> None:
    """Take whatever Django takes."""
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGS", help="如 makemigrations、shell")


def run(options: argparse.Namespace) -> int:
    """Hand over to Django."""
    environment.use_secrets()
    with environment.database(owner=environment.owner_known()):
        from django.core.management import execute_from_command_line

        execute_from_command_line(["tongban django", *options.arguments])
    return 0
