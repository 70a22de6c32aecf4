"""What the documentation says is true: links, commands, variables, operations, rooms, decisions, data."""

import ast
import importlib
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tongban.cli import packages, registry
from tongban.cli.places import ROOT

SOURCE = ROOT / "src" / "tongban"
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "cities").rglob("*.md"),
        *SOURCE.glob("*/README.md"),
    ]
)
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
#: Rooms that pages invent to show how one is made.
INVENTED = {"tongban.ratings"}


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def fences(page: Path, *languages: str) -> list[str]:
    return [body for info, body in FENCE.findall(text_of(page)) if info.split()[:1] and info.split()[0] in languages]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found = set()
    for line in FENCE.sub("", text_of(page)).splitlines():
        if re.match(r"#{1,6} ", line):
            words = re.sub(r"[`*]|\[|\]\([^)]*\)", "", line.lstrip("# ")).strip().lower()
            found.add(re.sub(r"[^\w\- ]", "", words).replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_resolves(page):
    broken = []
    for target in LINK.findall(FENCE.sub("", text_of(page))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        if not place.exists() or (anchor and place.suffix == ".md" and anchor not in anchors(place)):
            broken.append(target)
    assert not broken


def commands_of(page: Path) -> Iterator[str]:
    """Every `./tongban …` that a page shows, in a block or in a line."""
    for body in fences(page, "sh", "bash"):
        for line in body.splitlines():
            at = line.find("./tongban")
            if at >= 0:
                yield line[at:].partition(" #")[0].strip()
    for span in SPAN.findall(FENCE.sub("", text_of(page))):
        if span.startswith("./tongban"):
            yield span


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_shown_exists_and_can_be_written_so(page):
    for shown in commands_of(page):
        words = shlex.split(shown)[1:]
        if not words:
            continue
        command = registry.find(words[0])
        if command.name == "django" or re.search(r"\b[A-Z]{3,}\b|…|\||\[", shown):
            continue
        parser = registry.Parser(prog=command.name)
        importlib.import_module(f"tongban.cli.{command.module}").configure(parser)
        if words[1:] and words[1:] != ["--help"]:
            parser.parse_args(words[1:])


def test_the_reference_lists_every_command():
    page = text_of(ROOT / "docs" / "reference" / "commands.md")
    for command in registry.COMMANDS:
        for act in command.acts.split("|") if "|" in command.acts else [command.acts]:
            word = act.split()[0] if act and act[0].islower() else ""
            assert f"`./tongban {command.name} {word}".rstrip() in page, f"{command.name} {word} is not described"


def variables_read() -> set[str]:
    """Names that the settings read by `env.text`, `env.flag`, `env.database`."""
    found = set()
    for path in (SOURCE / "config" / "settings").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and getattr(node.func.value, "id", "") == "env"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(str(node.args[0].value))
    return found


def test_the_reference_lists_the_variables_that_the_settings_read():
    page = text_of(ROOT / "docs" / "reference" / "environment.md")
    part = page.partition("## Read by the settings")[2].partition("## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)) == variables_read()


def test_the_reference_lists_the_variables_that_the_launcher_reads():
    page = text_of(ROOT / "docs" / "reference" / "environment.md")
    part = page.partition("## Read by the launcher")[2].partition("## ")[0]
    named = set(re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE))
    code = (ROOT / "tongban").read_text(encoding="utf-8")
    code += "".join(path.read_text(encoding="utf-8") for path in (SOURCE / "cli").glob("*.py"))
    read = set(re.findall(r"""environ(?:\.get\(|\.setdefault\(|\[)"(\w+)\"""", code))
    read |= set(re.findall(r"\$\{(TONGBAN_\w+):-", code))
    known = variables_read() | {"DATABASE_URL", "DATABASE_OWNER_URL"}
    assert named == read - known


def test_every_setting_that_a_module_must_give_is_read():
    page = text_of(ROOT / "docs" / "reference" / "environment.md")
    part = page.partition("## What only a settings module can say")[2]
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCE.glob("*/**/*.py") if "tests" not in path.parts)
    for name in re.findall(r"^\| `([A-Z_]+)` \|", part, re.MULTILINE):
        assert f'settings, "{name}"' in code, f"nothing reads {name}"


def rooms() -> list[str]:
    return sorted(path.parent.name for path in SOURCE.glob("*/__init__.py"))


@pytest.mark.parametrize("room", rooms())
def test_every_room_tells_what_it_is_for(room):
    assert (SOURCE / room / "README.md").is_file()


def test_the_architecture_lists_the_rooms_that_exist():
    page = text_of(ROOT / "docs" / "architecture.md")
    table = page.partition("## In short")[2].partition("\n## ")[0]
    listed = {name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    assert listed == set(rooms())


def test_the_import_contract_lists_the_rooms_that_exist():
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = [part.strip() for layer in contract[0]["layers"] for part in layer.split("|")]
    assert {name for name in layers if not name.startswith("(")} == set(rooms())


def test_decisions_are_numbered_without_gaps_and_listed():
    pages = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(pages) + 1))
    index = text_of(ROOT / "docs" / "adr" / "README.md")
    for number, page in zip(numbers, pages, strict=True):
        title = text_of(page).splitlines()[0]
        assert title.startswith(f"# {number:04d}. ")
        assert f"{number}. [{title.partition('. ')[2]}]({page.name})" in index
        assert "## Rejected alternatives" in text_of(page)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_data_and_code_in_blocks_can_be_read(page):
    for body in fences(page, "yaml"):
        yaml.safe_load(body)
    for body in fences(page, "json"):
        for line in [body] if body.lstrip().startswith("{\n") else body.splitlines():
            json.loads(line)
    for body in fences(page, "python"):
        ast.parse("{" + body + "}" if body.startswith('"') and not body.startswith('"""') else body)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_code_blocks_import_exists(page):
    for body in fences(page, "python"):
        if body.startswith('"') and not body.startswith('"""'):
            continue
        for node in ast.walk(ast.parse(body)):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("tongban."):
                continue
            if str(node.module).startswith(tuple(INVENTED)) or node.names[0].name == "*":
                continue
            module = importlib.import_module(str(node.module))
            for alias in node.names:
                assert hasattr(module, alias.name), f"{node.module} has no {alias.name}"


def test_dependencies_are_those_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + [one for group in project["optional-dependencies"].values() for one in group]
    names = {re.split(r"[\[<>=~ ]", one)[0] for one in wanted}
    page = text_of(ROOT / "docs" / "dependencies.md")
    assert set(re.findall(r"^\| ([\w.-]+) \| (?!Why|-)", page, re.MULTILINE)) - {"Package"} == names


def test_system_packages_are_those_that_the_launcher_asks_for():
    page = text_of(ROOT / "docs" / "dependencies.md").partition("## From Debian")[2]
    wanted = {name for part in packages.FOR_TESTING for name in part.debian}
    assert set(re.findall(r"`([\w.-]+)`", page)) == wanted


def test_the_two_readmes_say_the_same():
    english, chinese = text_of(ROOT / "README.md"), text_of(ROOT / "README.zh.md")
    assert len(re.findall(r"^## ", english, re.MULTILINE)) == len(re.findall(r"^## ", chinese, re.MULTILINE))
    assert len(re.findall(r"^\* ", english, re.MULTILINE)) == len(re.findall(r"^\* ", chinese, re.MULTILINE))
    assert set(re.findall(r"docs/pictures/[\w-]+\.png", english)) == set(
        re.findall(r"docs/pictures/[\w-]+\.png", chinese)
    )


def test_chinese_text_of_the_readme_has_full_width_punctuation():
    plain = SPAN.sub("", FENCE.sub("", text_of(ROOT / "README.zh.md")))
    assert not re.findall(r"[\u4e00-\u9fff][,;:?!][^/\w]?", plain)
