"""Answers on standard output: for people in words, for programs with `--json`."""

import argparse
import dataclasses
import json
from typing import Any


def add_json(parser: argparse.ArgumentParser) -> None:
    """Offer `--json`."""
    parser.add_argument("--json", action="store_true", help="以 JSON 输出，每行一个对象")


def print_json(value: Any) -> None:
    """Print one object on one line; dates and other plain values as text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    print(json.dumps(value, ensure_ascii=False, default=str), flush=True)
