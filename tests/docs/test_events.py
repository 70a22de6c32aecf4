"""Kinds of events: one form, one meaning each in the whole platform, all of them emitted, all of them in the reference."""

import ast
import dataclasses
import importlib
import re
from collections import Counter

import pytest

from tongban.cli.places import ROOT

SOURCE = ROOT / "src" / "tongban"
PAGE = (ROOT / "docs" / "reference" / "events.md").read_text(encoding="utf-8")
FORM = re.compile(r"(?:[A-Z][a-z]+){2,}")
#: Past participles that do not end in "ed".
IRREGULAR = {"Bound", "Made", "Paid", "Set", "Taken", "Told", "Withdrawn"}
#: What may follow the participle, as in "WorkHandedOver".
PARTICLES = {"Over"}


def declared(room: str) -> dict[str, tuple[str, type | None]]:
    """The names in a room's `events` that stand for a kind: constants with it, records with it and themselves.

    A room with many events has further ones in `…_events`.
    """
    found: dict[str, tuple[str, type | None]] = {}
    for path in sorted((SOURCE / room).glob("*events.py")):
        module = importlib.import_module(f"tongban.{room}.{path.stem}")
        for name, value in vars(module).items():
            if isinstance(value, str) and name.isupper():
                found[name] = (value, None)
            elif isinstance(value, type) and value.__module__ == module.__name__:
                kind = str(getattr(value, "kind", None) or "")
                if kind:
                    found[name] = (kind, value)
    return found


ROOMS = sorted(path.parent.name for path in SOURCE.glob("*/events.py"))
EVENTS = [(room, name, kind, record) for room in ROOMS for name, (kind, record) in declared(room).items()]
NAMES = [f"{room}.{kind}" for room, _, kind, _ in EVENTS]
#: The program's own modules with their trees.
TREES = {
    path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py") if "tests" not in path.parts
}


@pytest.mark.parametrize(("room", "name", "kind", "record"), EVENTS, ids=NAMES)
def test_a_kind_is_a_noun_and_a_participle_and_its_name_says_the_same(room, name, kind, record):
    assert FORM.fullmatch(kind), f"{kind} of {room} is not in PascalCase, or names no noun"
    last = [word for word in re.findall(r"[A-Z][a-z]+", kind) if word not in PARTICLES][-1]
    assert last.endswith("ed") or last in IRREGULAR, f"{kind} of {room} is not in the past tense"
    assert name == (kind if record else re.sub(r"(?<!^)(?=[A-Z])", "_", kind).upper())


def test_every_kind_is_declared_once_in_the_whole_platform():
    assert not [kind for kind, times in Counter(kind for _, _, kind, _ in EVENTS).items() if times > 1]


@pytest.mark.parametrize(("room", "name"), [(room, name) for room, name, _, _ in EVENTS], ids=NAMES)
def test_every_kind_is_emitted_by_its_room(room, name):
    used = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for path, tree in TREES.items()
        if path.is_relative_to(SOURCE / room) and path != SOURCE / room / "events.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name)
    }
    assert name in used


def written_out(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant | ast.JoinedStr)


def kinds_named_by_words() -> list[str]:
    """Places of the program that append or subscribe with a kind written out instead of the declared one."""
    found = []
    for path, tree in TREES.items():
        for node in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            called = ast.unparse(node.func)
            given = [keyword.value for keyword in node.keywords if keyword.arg in ("kind", "kinds")]
            if called == "outbox.subscribe":
                given += [one for part in node.args[1:2] + given for one in getattr(part, "elts", [])]
            if called in ("chain.append", "outbox.subscribe") and any(map(written_out, given)):
                found.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    return found


def test_no_event_is_appended_or_subscribed_to_by_a_kind_that_is_written_out():
    assert kinds_named_by_words() == []


def test_the_reference_lists_the_kinds_of_the_code():
    listed = re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE)
    assert sorted(listed) == sorted(kind for _, _, kind, _ in EVENTS)


def test_the_reference_lists_the_fields_of_the_records():
    rows = dict(re.findall(r"^\| `(\w+)` \|[^|]*\|([^|]*)\|$", PAGE, re.MULTILINE))
    for _, _, kind, record in EVENTS:
        if record:
            assert re.findall(r"`(\w+)`", rows[kind]) == [field.name for field in dataclasses.fields(record)], kind
