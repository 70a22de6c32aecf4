"""The rules of the house that no other tool checks: sizes, names, doors between rooms, the one clock.

Each is a function over one parsed file that yields what is wrong, with its line. Exceptions stand in one list, each
with its reason. Run by `tongban test` as `python -m tongban.cli.houserules`.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tongban.cli.places import ROOT

FILE_LINES_MAX = 400
TEST_FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 70

#: Names that say nothing about what is inside.
NAMES_REFUSED = frozenset({"utils", "util", "helpers", "helper", "common", "misc"})
#: Rooms that everybody may enter anywhere.
OPEN_ROOMS = frozenset({"kernel", "base"})
#: Floors that put the rooms together: they may enter them anywhere.
COMPOSING_FLOORS = frozenset({"config", "cli"})
#: What a room offers to others.
DOORS = frozenset({"commands", "queries", "models", "events", "registries"})

#: (room, what may be entered besides) -> why.
EXTRA_DOORS: dict[tuple[str, str], str] = {
    ("catalogue", "forms"): "every channel draws and checks a form by the same code",
    ("documents", "kinds"): "the names of the kinds: constants",
    ("partners", "adapters"): "the base classes that an adapter is made from",
    ("partners", "problems"): "what goes wrong on the wire, by class: retry or give up",
}

#: (path under the checkout, rule) -> why it may be broken there.
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("src/tongban/base/moment.py", "one-clock"): "it is the one clock",
    ("src/tongban/partners/simulators/app.py", "one-clock"): "it plays a system outside, which has its own clock",
}

_BARE_SILENCER = re.compile(r"#\s*noqa(?!:)|#\s*type:\s*ignore(?!\[)")
_UNFINISHED = re.compile(r"#\s*(TODO|FIXME|XXX|HACK)\b")


@dataclass(frozen=True)
class Breach:
    """One breach of a rule at one place."""

    path: str
    line: int
    rule: str
    words: str

    def __str__(self) -> str:
        """Return it the way editors can jump to."""
        return f"{self.path}:{self.line}: {self.rule}: {self.words}"


@dataclass(frozen=True)
class SourceFile:
    """One Python file, read and parsed."""

    path: str
    text: str
    tree: ast.Module

    @property
    def parts(self) -> tuple[str, ...]:
        """The path's parts, with the file's name without its ending."""
        return Path(self.path).with_suffix("").parts

    @property
    def is_test(self) -> bool:
        """Say whether it is, or serves, tests."""
        return "tests" in self.parts or self.parts[-1] == "conftest"

    @property
    def is_migration(self) -> bool:
        """Say whether it is a migration."""
        return "migrations" in self.parts

    @property
    def room(self) -> str | None:
        """The room it belongs to; None outside the rooms."""
        return self.parts[2] if self.parts[:2] == ("src", "tongban") and len(self.parts) > 3 else None


Found = Iterator[tuple[int, str]]


def sizes(file: SourceFile) -> Found:
    """Files and functions short enough to be read at once."""
    limit = TEST_FILE_LINES_MAX if file.is_test else FILE_LINES_MAX
    lines = len(file.text.splitlines())
    if lines > limit and not file.is_migration:
        yield 1, f"{lines} lines, {limit} at most: split it by act or by thing"
    for node in ast.walk(file.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MAX:
                yield node.lineno, f"{node.name} has {length} lines, {FUNCTION_LINES_MAX} at most"


def names(file: SourceFile) -> Found:
    """No module whose name says nothing."""
    for part in file.parts:
        if part in NAMES_REFUSED:
            yield 1, f"a module named {part!r} says nothing about what is in it"


def doors(file: SourceFile) -> Found:
    """Other rooms are entered by their doors only; tests set their stage up as they need."""
    if file.room is None or file.room in COMPOSING_FLOORS or file.is_test:
        return
    for line, room, inner in _room_imports(file.tree):
        if room in OPEN_ROOMS or room == file.room or inner in DOORS or (room, inner) in EXTRA_DOORS:
            continue
        yield line, f"tongban.{room} is entered by {inner or 'its package'}; its doors are {', '.join(sorted(DOORS))}"


def _room_imports(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Yield (line, room, first name inside it) of every import, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for module in modules:
            package, *inside = module.split(".")
            if package == "tongban" and inside:
                yield node.lineno, inside[0], inside[1] if len(inside) > 1 else ""


def silencers(file: SourceFile) -> Found:
    """Every silenced warning names its code, and nothing is left unfinished."""
    for number, line in enumerate(file.text.splitlines(), start=1):
        if _BARE_SILENCER.search(line):
            yield number, "a silenced warning must name its code"
        if _UNFINISHED.search(line):
            yield number, "nothing unfinished is kept in the code"


def models_by_name(file: SourceFile) -> Found:
    """No model fetched by its name, which hides an import from the contracts."""
    if file.is_migration or file.is_test:
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get_model":
            yield node.lineno, "get_model hides an import: import the model"


def signals(file: SourceFile) -> Found:
    """No Django signals for our own rules."""
    if file.room is None or file.is_test:
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("django.dispatch", "django.db.models.signals"):
            yield node.lineno, "rules live in commands; upper rooms listen to events"


def no_logic_in_save(file: SourceFile) -> Found:
    """No logic in `save()` or `delete()` of a model."""
    if "models" not in file.parts or file.is_test:
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and part.name in ("save", "delete"):
                    yield part.lineno, f"{node.name}.{part.name}: what decides belongs into a command"


def keys_across_rooms(file: SourceFile) -> Found:
    """A foreign key into another room has no reverse name: look-ups go downwards only."""
    if file.room is None or file.is_migration:
        return
    origin = {
        alias.asname or alias.name: node.module.split(".")[1]
        for node in ast.walk(file.tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tongban.")
        for alias in node.names
    }
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.Call) or _called(node) not in ("ForeignKey", "OneToOneField", "ManyToManyField"):
            continue
        target = _target_room(node, origin)
        related = next((key.value for key in node.keywords if key.arg == "related_name"), None)
        bare = isinstance(related, ast.Constant) and related.value == "+"
        if target not in (None, file.room) and not bare:
            yield node.lineno, f'a key into room {target} needs related_name="+"'


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _target_room(node: ast.Call, origin: dict[str, str]) -> str | None:
    target = node.args[0] if node.args else next((key.value for key in node.keywords if key.arg == "to"), None)
    if isinstance(target, ast.Constant) and isinstance(target.value, str) and "." in target.value:
        return target.value.split(".")[0]
    return origin.get(target.id) if isinstance(target, ast.Name) else None


def one_clock(file: SourceFile) -> Found:
    """Only `base.moment` asks what time it is, so that tests and rehearsals can hold it."""
    if file.room in (None, "cli") or file.is_test or file.is_migration:
        return
    asked = {("timezone", "now"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today")}
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if (name, node.func.attr) in asked:
                yield node.lineno, f"{name}.{node.func.attr}(): ask tongban.base.moment"


def pure_kernel(file: SourceFile) -> Found:
    """The kernel knows neither Django nor a database."""
    if file.room != "kernel" or file.is_test:
        return
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        if any(module.split(".")[0] in ("django", "psycopg", "procrastinate") for module in modules):
            yield node.lineno, "the kernel is pure: no Django, no database"


RULES: dict[str, Callable[[SourceFile], Found]] = {
    "size": sizes,
    "name": names,
    "door": doors,
    "silencer": silencers,
    "model-by-name": models_by_name,
    "signal": signals,
    "save": no_logic_in_save,
    "key": keys_across_rooms,
    "one-clock": one_clock,
    "pure-kernel": pure_kernel,
}


def examine(path: str, text: str) -> list[Breach]:
    """Return every breach in one file; `path` is relative to the checkout."""
    file = SourceFile(path, text, ast.parse(text))
    return [
        Breach(path, line, name, words)
        for name, rule in RULES.items()
        if (path, name) not in EXCEPTIONS
        for line, words in rule(file)
    ]


def python_files(root: Path) -> Iterable[Path]:
    """Yield the house's own Python files."""
    yield from root.glob("*.py")
    for folder in ("src", "tests", "cities"):
        yield from sorted((root / folder).rglob("*.py"))


def main() -> int:
    """Examine the whole house; 1 when any rule is broken."""
    files = [path for path in python_files(ROOT) if "__pycache__" not in path.parts]
    breaches = [
        breach
        for path in files
        for breach in examine(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    ]
    for breach in breaches:
        print(breach)
    print(f"{len(files)} files, {len(breaches)} breaches of the house rules.")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
