"""Dictionaries: what the codes of one source mean (domain.md 3.2), by name. Pure.

The field knows several numberings of most lists, and local systems permute some. A file is read by the dictionary that
is named for it; nothing is guessed from the codes that happen to occur.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Final

from tongban.catalogue.topics import COMPANY_TOPICS, PERSON_TOPICS
from tongban.kernel.codes import code_lists as lists
from tongban.kernel.codes.code_lists import CodeList
from tongban.kernel.codes.reading import normalise

#: Between the values of a field that takes several.
SEPARATOR: Final = "^"


class CodeUnknownError(ValueError):
    """A text that is no code and no word of the list, or one that has no place in an item; `hint` says what has."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, kw_only=True)
class Table:
    """One list in one numbering: its name, its codes in words, and which value here each code stands for.

    A code without a value is known and has no place in a definition. Where two codes stand for one value the first is
    written.
    """

    name: str
    words: CodeList
    values: Mapping[str, str]
    #: Other codes and words that are read.
    also: Mapping[str, str] = field(default_factory=dict)

    def read(self, text: str) -> str:
        """The value of a code, or of its words.

        Raises:
            CodeUnknownError: see the class.
        """
        code = self._code(normalise(text))
        if code is None:
            raise CodeUnknownError(f"“{text}”不在“{self.name}”的代码表内", self._choices())
        if code not in self.values:
            raise CodeUnknownError(f"“{self.words[code]}”在这里不能用作{self.name}", self._choices())
        return self.values[code]

    def write(self, value: str) -> str | None:
        """The code of a value, None where this numbering has none."""
        return self._codes.get(value)

    def _code(self, text: str) -> str | None:
        if text in self.words:
            return text
        # A spreadsheet makes 1 of 01.
        padded = text.zfill(max(map(len, self.words))) if text.isdigit() else text
        return padded if padded in self.words else self._by_words.get(_plain(text))

    @cached_property
    def _codes(self) -> Mapping[str, str]:
        return {value: code for code, value in reversed(list(self.values.items()))}

    @cached_property
    def _by_words(self) -> Mapping[str, str]:
        written = {_plain(words): code for code, words in reversed(list(self.words.items()))}
        return {_plain(other): code for other, code in self.also.items()} | written

    def _choices(self) -> str:
        return "可以写：" + "、".join(f"{code} {self.words[code]}" for code in self.values)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace(" ", "")


def _same(name: str, words: CodeList, codes: str = "", **also: str) -> Table:
    """A list whose codes are the values; `codes`: those that have a place, all where it is empty."""
    kept = codes.split() if codes else list(words)
    return Table(name=name, words=words, values={code: code for code in kept}, also=also)


def _table(name: str, words: CodeList, values: str, **also: str) -> Table:
    """A list with the values of its first codes in order; `-` for a code without a place."""
    pairs = zip(words, values.split(), strict=False)
    return Table(name=name, words=words, values={code: one for code, one in pairs if one != "-"}, also=also)


@dataclass(frozen=True, kw_only=True)
class Dictionary:
    """The lists that one source uses."""

    name: str
    title: str
    tables: Mapping[str, Table]

    def __getitem__(self, table: str) -> Table:
        return self.tables[table]

    def but(self, name: str, title: str, **tables: Table) -> Dictionary:
        """The same lists except some."""
        return replace(self, name=name, title=title, tables=MappingProxyType({**self.tables, **tables}))


#: 事项类型 of items that people apply for; the others are exercised by the body itself.
_ON_APPLICATION: Final = "01 05 07 08 09 10 20"
_KINDS: Final = _same("事项类型", lists.TASK_TYPES, _ON_APPLICATION, 其他行政权力="10")
_LEVELS: Final = _same("行使层级", lists.USE_LEVELS, "2 3 4 5 6", 市="3", 县="4", 乡="5", 村="6", 镇级="5", 村级="6")
_TARGETS: Final = "person company institution social_organisation agency other"
#: Kinds of provisions have no codes in the exchange, only words.
_LAW_KINDS: Final[CodeList] = MappingProxyType(
    {one: one for one in ("法律", "行政法规", "部门规章", "地方性法规", "规范性文件")}
)
_UNITS: Final = "working_days calendar_days hours - months"

GBT39046: Final = Dictionary(
    name="gbt39046",
    title="GB/T 39046-2020",
    tables=MappingProxyType(
        {
            "task_type": _KINDS,
            "use_level": _LEVELS,
            "dept_type": _same("实施主体性质", lists.DEPT_TYPES),
            "power_source": _same("权力来源", lists.POWER_SOURCES),
            "server_type": _table("服务对象", lists.TARGETS, _TARGETS, 个人="1", 企业="2", 法人="2"),
            "project_type": _table("办件类型", lists.PROJECT_TYPES, "instant promised -", 即办="1", 承诺="2"),
            "handle_type": _table("办理形式", lists.HANDLE_TYPES, "window web mobile express -"),
            "handle_area": _same("通办范围", lists.HANDLE_AREAS),
            "task_state": _table("事项状态", lists.TASK_STATES, "active suspended cancelled"),
            "result_type": _table("办理结果类型", lists.RESULT_TYPES, "licence approval other none"),
            "online_handle_depth": _same("网办深度", lists.ONLINE_DEPTHS),
            "promise_type": _table("承诺时限单位", lists.LIMIT_UNITS, _UNITS, 日="2", 天="2", 个工作日="1", 个月="5"),
            "anticipate_type": _table(
                "法定时限单位", lists.STATUTORY_UNITS, "working_days calendar_days", 日="Z", 天="Z", 个工作日="G"
            ),
            "is_need": _table("材料必要性", lists.NEEDS, "required optional later", 必须="1", 非必须="2"),
            "material_type": _table("材料类型", lists.MATERIAL_TYPES, "original copy original_and_copy"),
            "material_format": _table(
                "材料形式", lists.MATERIAL_FORMATS, "paper electronic both", 纸质件="1", 电子件="2"
            ),
            "source_type": _table("材料来源", lists.SOURCES, "own government other"),
            "user_topic_type": _same("自然人主题", PERSON_TOPICS),
            "corp_topic_type": _same("法人主题", COMPANY_TOPICS),
            "law_kind": _table(
                "依据类别", _LAW_KINDS, "law regulation rule local normative", 规章="部门规章", 法规="行政法规"
            ),
            "yes_no": _table("是否", lists.YES_NO, "no yes", 有="1", 无="0", 允许="1", 不允许="0"),
        }
    ),
)
C0109: Final = GBT39046.but(
    "c0109",
    "ZWFW C0109-2018",
    server_type=_table(
        "服务对象",
        # The first code of a value is written: 其他组织 stands before 非法人企业, which is one too.
        MappingProxyType({code: lists.TARGETS_C0109[code] for code in "1234695"}),
        "person company institution social_organisation agency other other",
    ),
    # 网上 is both kinds of online: read as one on a computer, and written for either.
    handle_type=Table(
        name="办理形式", words=lists.HANDLE_TYPES_C0109, values={"1": "window", "2": "online", "3": "express"}
    ),
    handle_area=Table(
        name="通办范围", words=lists.HANDLE_AREAS_OLD, values={"0": "", "1": "1", "2": "1", "3": "2", "4": "3"}
    ),
    result_type=_table("办理结果类型", lists.RESULT_TYPES_EXCHANGE, "licence approval other none"),
    online_handle_depth=_table(
        "网办深度",
        MappingProxyType({**{code: words for code, words in lists.ONLINE_DEPTHS.items() if code != "8"}, "9": "其他"}),
        "1 2 3 4 5 6 7 8",
    ),
    # The family's codes of statutory units are not known: both sets are read, the letters are written.
    anticipate_type=_table(
        "法定时限单位",
        MappingProxyType({**lists.STATUTORY_UNITS, **lists.LIMIT_UNITS}),
        f"working_days calendar_days {_UNITS}",
        日="Z",
        天="Z",
    ),
)
#: As one local system counts: 03 is 处罚, levels end with 分级管理, 1 is 承诺件, types in letters are read too.
LOCAL_A: Final = C0109.but(
    "local-a",
    "地方系统甲：03 为行政处罚，层级 6 为分级管理，办件类型 1 为承诺件",
    task_type=_same(
        "事项类型",
        MappingProxyType({**lists.TASK_TYPES, "02": "行政强制", "03": "行政处罚"}),
        _ON_APPLICATION,
        XK="01", GF="05", QR="07", JL="08", CJ="09", QT="10", GG="20",
    ),
    use_level=_same(
        "行使层级",
        MappingProxyType({**{code: words for code, words in lists.USE_LEVELS.items() if code < "6"}, "6": "分级管理"}),
        "2 3 4 5",
    ),
    project_type=_table("办件类型", MappingProxyType({"1": "承诺件", "2": "即办件"}), "promised instant"),
)  # fmt: skip
#: As another counts: 06 is 奖励 and 09 检查; older kinds of case.
LOCAL_B: Final = GBT39046.but(
    "local-b",
    "地方系统乙：06 为行政奖励、08 为行政裁决、09 为行政检查，办件类型含联办、上报",
    task_type=Table(
        name="事项类型",
        words=MappingProxyType({**lists.TASK_TYPES, "06": "行政奖励", "08": "行政裁决", "09": "行政检查"}),
        values={"01": "01", "05": "05", "06": "08", "07": "07", "08": "09", "10": "10", "20": "20"},
    ),
    project_type=_table("办件类型", lists.PROJECT_TYPES_SUPERVISION, "instant promised - -"),
)
#: Types in letters, everything else as GB/T 39046.
LETTERS: Final = GBT39046.but(
    "letters",
    "事项类型用字母（XK、GF、QR 等），其余同 GB/T 39046-2020",
    task_type=Table(
        name="事项类型",
        words=lists.TASK_TYPE_LETTERS,
        values={"XK": "01", "GF": "05", "QR": "07", "JL": "08", "CJ": "09", "QT": "10", "GG": "20"},
    ),
)

DICTIONARIES: Final[Mapping[str, Dictionary]] = MappingProxyType(
    {one.name: one for one in (GBT39046, C0109, LETTERS, LOCAL_A, LOCAL_B)}
)
DEFAULT: Final = GBT39046.name
