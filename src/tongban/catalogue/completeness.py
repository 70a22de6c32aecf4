"""How complete a guide is, by rules: what a reader would miss although nothing in it is wrong. Pure.

A guide is scored by the share of the points that apply to it; `shared` finds sentences that several guides have word
for word, which are filler more often than truth.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tongban.catalogue.definition import Definition

#: A sentence shorter than this is said the same by many for good reasons.
_FILLER_MIN: Final = 24
_ARTICLE: Final = re.compile(r"第[一二三四五六七八九十百千零〇\d]+条")


@dataclass(frozen=True)
class Point:
    """One thing that a complete guide has; `holds` gives None where it does not apply."""

    code: str
    words: str
    holds: Callable[[Definition], bool | None]


@dataclass(frozen=True)
class Score:
    """A guide's score: the share of the points that apply, from 0 to 1, and those that are missed."""

    name: str
    share: Fraction
    missed: tuple[Point, ...]

    @property
    def percent(self) -> int:
        """The share in whole percent, rounded down: only what is complete has 100."""
        return int(self.share * 100)


def score(it: Definition) -> Score:
    """The score of one guide."""
    applying = [(point, holds) for point in POINTS if (holds := point.holds(it)) is not None]
    missed = tuple(point for point, holds in applying if not holds)
    return Score(it.name, Fraction(len(applying) - len(missed), len(applying)), missed)


def shared(definitions: Iterable[Definition], at_least: int = 3) -> list[tuple[str, tuple[str, ...]]]:
    """Sentences of answers and notes that so many guides have word for word, with the names of the guides."""
    found: dict[str, set[str]] = defaultdict(set)
    for it in definitions:
        for sentence in _sentences(it):
            found[sentence].add(it.name)
    rows = [(sentence, tuple(sorted(names))) for sentence, names in found.items() if len(names) >= at_least]
    return sorted(rows, key=lambda row: (-len(row[1]), row[0]))


def _sentences(it: Definition) -> Iterator[str]:
    texts = [one.answer for one in it.faq] + [one.fill_note for one in it.materials]
    for text in texts:
        for sentence in re.split(r"(?<=[。！？])", text):
            if len(sentence.strip()) >= _FILLER_MIN:
                yield sentence.strip()


def _laws(it: Definition) -> bool:
    return all(law.article or law.number or _ARTICLE.search(law.text) for law in it.legal_basis)


def _statutory(it: Definition) -> bool:
    return (
        bool(_ARTICLE.search(it.statutory_basis)) or "没有规定" in it.statutory_basis or "未规定" in it.statutory_basis
    )


def _prepared(it: Definition) -> bool | None:
    own = [one for one in it.materials if not one.generated_from_form]
    return all(one.fill_note or one.accept_standard or one.sample for one in own) if own else None


def _material_basis(it: Definition) -> bool | None:
    return all(one.basis for one in it.materials) if it.materials else None


def _stops(it: Definition) -> bool | None:
    stops = [option.stop for question in it.questions for option in question.options if option.stop]
    return all(len(one.message) >= 12 for one in stops) if stops else None


def _fields(it: Definition) -> bool | None:
    fields = it.form.get("properties", {})
    return all(isinstance(one, Mapping) and one.get("title") for one in fields.values()) if fields else None


POINTS: Final = (
    Point("laws", "每条依据写明条款或者文号", _laws),
    Point("statutory", "法定时限写明依据的条款，没有规定的写明没有规定", _statutory),
    Point("conditions", "受理条件至少两条", lambda it: len(it.conditions) >= 2),
    Point("material_basis", "每种材料写明依据", _material_basis),
    Point("prepared", "每种要准备的材料有填报须知、受理标准或者样例", _prepared),
    Point("steps", "每个环节有时限", lambda it: all(one.limit for one in it.steps)),
    Point("checklist", "每个环节有审查要点", lambda it: all(one.checklist for one in it.steps)),
    Point("faq", "至少三条常见问题", lambda it: len(it.faq) >= 3),
    Point("words", "至少三个群众的说法", lambda it: len(it.search_words) >= 3),
    Point("flow", "流程说明写得清楚（三十字以上）", lambda it: len(it.flow) >= 30),
    Point("fields", "表单每一项有名称", _fields),
    Point("stops", "不能申请的情形都说明该怎么办", _stops),
    Point("sample", "有办理结果的给出样本", lambda it: bool(it.result.sample) if it.result.kind != "none" else None),
)  # fmt: skip
