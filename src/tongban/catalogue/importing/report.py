"""What an import tells: findings row by row, and what happens to each item."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from tongban.catalogue.difference import differences
from tongban.catalogue.exchange.fields import SHEETS
from tongban.catalogue.exchange.findings import FINDINGS_MAX, Finding, errors, shown
from tongban.catalogue.exchange.record import DEFINITION

Act = Literal["new", "changed", "state", "unchanged", "refused"]
ACTS: Final[Mapping[Act, str]] = {
    "new": "新增",
    "changed": "变更",
    "state": "只改状态",
    "unchanged": "没有变化",
    "refused": "有错误",
}
#: Differences told of one item.
_CHANGES_MAX: Final = 30
_WORDS: Final[Mapping[str, str]] = {
    "form": "表单",
    "questions": "情形",
    "steps": "环节",
    "special_procedures": "特别程序",
    "runs_in": "业务系统",
    "delivery": "送达方式",
    "pay_before": "缴费时间",
    "remedies": "救济途径",
    "contest": "复议诉讼地址",
    "result": "办理结果",
    "extras": "其他字段",
}


@dataclass(frozen=True)
class FieldChange:
    """One field that gets another value: its name in words, the old and the new value as texts."""

    words: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What happens to one item of the file."""

    row: int
    task_code: str
    name: str
    organisation: str
    act: Act
    changes: tuple[FieldChange, ...] = ()


@dataclass
class Report:
    """Findings and outcomes of one file; `done` where it was imported."""

    findings: list[Finding] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    done: bool = False

    @property
    def is_good(self) -> bool:
        """Whether nothing stands in the way."""
        return not errors(self.findings)

    @property
    def counts(self) -> dict[str, int]:
        """How many items by what happens to them, each act in words."""
        found = Counter(one.act for one in self.outcomes)
        return {words: found[act] for act, words in ACTS.items() if found[act]}

    def add(self, findings: list[Finding]) -> None:
        """Take findings as long as there is room."""
        self.findings.extend(findings[: max(0, FINDINGS_MAX - len(self.findings))])


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """What differs between two definitions, field by field, in words."""
    found = differences(old, new)
    told = [FieldChange(words(one.path), _text(one.before), _text(one.after)) for one in found[:_CHANGES_MAX]]
    if len(found) > _CHANGES_MAX:
        told.append(FieldChange("其他", "", f"还有 {len(found) - _CHANGES_MAX} 处"))
    return tuple(told)


def words(path: tuple[str, ...]) -> str:
    """A path as editors know it: 材料 contract 复印件份数."""
    head, *rest = path
    for sheet in SHEETS:
        if sheet.path == DEFINITION + head:
            entry = rest[0].strip("[]").partition("=")[2] if rest else ""
            inner = ".".join(rest[1:])
            element = sheet.by_path.get(inner)
            return " ".join(part for part in (sheet.title, entry, element.words(inner) if element else inner) if part)
    for end in range(len(path), 0, -1):
        element = SHEETS[0].by_path.get(DEFINITION + ".".join(path[:end]))
        if element is not None:
            return element.columns[0].words
    return " ".join([_WORDS.get(head, head), *(step.strip("[]").partition("=")[2] or step for step in rest)])


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return shown("、".join(value))
    return shown(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
