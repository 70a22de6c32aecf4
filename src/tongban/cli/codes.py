"""`tongban codes check KIND VALUE…`: is the code valid, what does it say, and if not, which character is wrong."""

import argparse

from tongban.cli.answers import add_json, print_json
from tongban.kernel.codes import KINDS, CodeCheck, check


def configure(parser: argparse.ArgumentParser) -> None:
    """Take the act, the kind and the values."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="check")
    act = acts.add_parser("check", help="校验代码")
    act.add_argument("kind", choices=list(KINDS), metavar="KIND", help=f"代码种类：{'、'.join(KINDS)}")
    act.add_argument("values", nargs="+", metavar="VALUE", help="要校验的代码")
    add_json(act)


def run(options: argparse.Namespace) -> int:
    """Check each value; 1 when any is invalid."""
    found = [check(options.kind, value) for value in options.values]
    for one in found:
        if options.json:
            print_json(flat(one))
        else:
            print(in_words(one))
    return 0 if all(one.valid for one in found) else 1


def flat(one: CodeCheck) -> dict[str, object]:
    """Return the check with its parts also at the top, where no other key has their name."""
    answer = one.as_dict()
    return answer | {name: part for name, part in one.parts.items() if name not in answer}


def in_words(one: CodeCheck) -> str:
    """Return the check as one line for people."""
    if not one.valid:
        return f"✗ {one.value}:{one.error}"
    parts = ",".join(f"{name}={part}" for name, part in one.parts.items())
    return f"✓ {one.value}：{KINDS[one.kind]}有效（{parts}）"
