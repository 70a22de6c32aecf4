"""YAML, CSV and JSON read with the line of every value, so that a check can point at it.

Scalars follow the core schema of YAML 1.2 (`no` and `0731` stay text, dates stay text): codes and telephone numbers in
a city pack must not change because somebody forgot the quotation marks.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

Path = tuple[str | int, ...]

#: Deepest nesting read; a pack file is a few levels deep, an alias that contains itself is endless.
DEPTH_MAX = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong in a pack, said so that the person who wrote the file can put it right.

    `file` is relative to the pack, `line` starts at 1, `path` is the way to the value (`places[2].division`).
    """

    file: str
    line: int
    path: str
    message: str
    hint: str = ""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" + (f" {self.path}" if self.path else "")
        return f"{where}: {self.message}" + (f"({self.hint})" if self.hint else "")


class PackFileError(Exception):
    """A file of the pack cannot be read at all."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(str(finding) for finding in findings))
        self.findings = list(findings)


@dataclass(frozen=True, slots=True)
class Document:
    """The plain data of one file and the line where each value stands."""

    file: str
    data: Any
    lines: Mapping[Path, int] = field(default_factory=dict)

    def line(self, path: Iterable[str | int] = ()) -> int:
        """The line of the value at `path`; of the nearest value around it where the path leads nowhere."""
        here: Path = ()
        for step in path:
            # Steps that name no place in the file (a tag of a union, a missing key) are passed over.
            if (*here, step) in self.lines:
                here = (*here, step)
        return self.lines.get(here, 1)

    def finding(
        self,
        path: Sequence[str | int],
        message: str,
        hint: str = "",
        severity: Literal["error", "warning"] = "error",
    ) -> Finding:
        """A finding that points at `path` in this file."""
        return Finding(self.file, self.line(path), dotted(path), message, hint, severity)


def dotted(path: Iterable[str | int]) -> str:
    """`("places", 2, "code")` as people write it: `places[2].code`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else (f".{step}" if text else step)
    return text


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """Composes nodes with marks; resolves only what YAML 1.2 calls null, bool, int and float."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(?:0|-?[1-9][0-9]{0,17})$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^-?[0-9]+\.[0-9]+$"), list("-0123456789"))


class _Builder:
    """Turns composed nodes into plain data and notes the lines."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.findings: list[Finding] = []

    def build(self, node: yaml.Node, path: Path) -> Any:
        """The plain value of `node`."""
        self.lines.setdefault(path, node.start_mark.line + 1)
        if len(path) > DEPTH_MAX:
            raise PackFileError([self._finding(node, path, "嵌套过深，或别名引用了自身", "检查 & 和 *")])
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, number)) for number, child in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            here = (*path, key)
            if key in data:
                first = self.lines[here]
                self.findings.append(self._finding(key_node, here, f"“{key}”写了两次", f"第一次在第{first}行"))
                continue
            self.lines[here] = key_node.start_mark.line + 1
            data[key] = self.build(value_node, here)
        return data

    def _scalar(self, node: yaml.Node, path: Path) -> Any:
        kind = node.tag.rpartition(":")[2]
        match kind:
            case "str":
                return node.value
            case "null":
                return None
            case "bool":
                return node.value == "true"
            case "int":
                return int(node.value)
            case "float":
                return float(node.value)
        self.findings.append(self._finding(node, path, f"不认识的标记 {node.tag}", "只用文字、数字、true/false、null"))
        return None

    def _finding(self, node: yaml.Node, path: Path, message: str, hint: str) -> Finding:
        return Finding(self.file, node.start_mark.line + 1, dotted(path), message, hint)


def read_yaml(file: str, text: str) -> Document:
    """The YAML document in `text`.

    Raises:
        PackFileError: not YAML, a key twice, a tag that is not plain data.
    """
    try:
        _refuse_depth(file, text)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or str(error)
        hint = "检查缩进、冒号后的空格和引号"
        raise PackFileError([Finding(file, line, "", f"不是合法的 YAML:{problem}", hint)]) from error
    if node is None:
        return Document(file, None, {(): 1})
    builder = _Builder(file)
    data = builder.build(node, ())
    if builder.findings:
        raise PackFileError(builder.findings)
    return Document(file, data, builder.lines)


def _refuse_depth(file: str, text: str) -> None:
    """Count the nesting before composing: libyaml composes by recursion and takes the whole process with it."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH_MAX:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise PackFileError([Finding(file, line, "", f"嵌套超过 {DEPTH_MAX} 层", "检查括号")])


def read_csv(file: str, text: str, columns: Sequence[str]) -> Document:
    """The table in `text` as a list of dictionaries; empty cells are empty strings.

    Raises:
        PackFileError: a column is missing or unknown, or a row has another number of cells.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    findings: list[Finding] = []
    rows: list[dict[str, str]] = []
    lines: dict[Path, int] = {(): 1}
    try:
        head = next(reader, [])
        if sorted(head) != sorted(columns):
            message = f"表头应为 {','.join(columns)},实际为 {','.join(head) or '空'}"
            raise PackFileError([Finding(file, 1, "", message, "列的顺序不限，名称要一致")])
        for cells in reader:
            line = reader.line_num
            if not cells:
                continue
            if len(cells) != len(head):
                message = f"应有 {len(head)} 列，实际 {len(cells)} 列"
                findings.append(Finding(file, line, "", message, "含逗号的文字要加双引号"))
                continue
            lines[len(rows),] = line
            rows.append(dict(zip(head, (cell.strip() for cell in cells), strict=True)))
    except csv.Error as error:
        raise PackFileError([Finding(file, reader.line_num, "", f"不是合法的 CSV:{error}", "检查双引号")]) from error
    if findings:
        raise PackFileError(findings)
    return Document(file, rows, lines)


def read_json(file: str, text: str) -> Document:
    """The JSON document in `text`; only its first line is known.

    Raises:
        PackFileError: not JSON.
    """
    try:
        return Document(file, json.loads(text), {(): 1})
    except RecursionError as error:
        raise PackFileError([Finding(file, 1, "", "嵌套过深", "检查括号")]) from error
    except json.JSONDecodeError as error:
        message = f"不是合法的 JSON:{error.msg}"
        raise PackFileError([Finding(file, error.lineno, "", message, "检查逗号和引号")]) from error
