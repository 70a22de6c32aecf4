"""Implementation code 实施编码 and handling-item code 业务办理项编码 of an item as one body runs it.

* 2016 form, up to 24 characters (inferred: GB/T 39046-2020 fixes only the length): division 6, organisation 8, base
  code of 7 to 10.
* 2018 form (ZWFW C0109-2018), 31 characters: unified social credit code 18, level 1, base code 12.
* Handling item, 33 characters: the 2018 form and two digits.

The only check character is that of the credit code: a wrong digit behind it that keeps the form cannot be noticed.
"""

from dataclasses import dataclass
from typing import Literal

from tongban.kernel.codes import catalog_code, org_code, uscc
from tongban.kernel.codes.catalog_code import CatalogCode
from tongban.kernel.codes.errors import CodeError
from tongban.kernel.codes.reading import (
    DIGITS,
    DIGITS_AND_LETTERS,
    Slot,
    Text,
    normalise,
    require_layout,
    require_length,
)
from tongban.kernel.codes.uscc import Uscc

Form = Literal["implementation-2016", "implementation", "handling-item"]

#: Levels at which a power is exercised (行使层级).
USE_LEVELS = {
    "1": "国家级",
    "2": "省级",
    "3": "市级",
    "4": "县级",
    "5": "镇（乡、街道）级",
    "6": "村（社区）级",
    "7": "分级管理",
}

_IMPLEMENTATION, _HANDLING_ITEM = 31, 33
_OLD_LENGTHS = range(21, 25)
_CREDIT_END, _LEVEL_END = 18, 19
_OLD_DIVISION_END, _OLD_ORGANISATION_END = 6, 14
_LEVEL = Slot("行使层级", 1, "1234567", "1 至 7")
_ITEM = Slot("业务办理项序号", 2, DIGITS, "数字")
_OLD_HEAD = (Slot("行政区划代码", 6, DIGITS, "数字"), Slot("组织机构代码", 8, DIGITS_AND_LETTERS, "数字或大写字母"))
_ITEM_MAX = 99


@dataclass(frozen=True, slots=True)
class TaskCode:
    """An implementation or handling-item code taken apart."""

    #: The whole code.
    code: str
    #: The base code inside.
    base: CatalogCode

    @property
    def form(self) -> Form:
        """Which of the three forms it has."""
        if len(self.code) == _HANDLING_ITEM:
            return "handling-item"
        return "implementation" if len(self.code) == _IMPLEMENTATION else "implementation-2016"

    @property
    def implementation(self) -> str:
        """The implementation code: the whole without the two digits of a handling item."""
        return self.code[:_IMPLEMENTATION]

    @property
    def uscc(self) -> Uscc | None:
        """Credit code of the implementing body; `None` in the 2016 form."""
        return None if self.form == "implementation-2016" else Uscc(self.code[:_CREDIT_END])

    @property
    def use_level(self) -> str | None:
        """Digit of the level, see `USE_LEVELS`; `None` in the 2016 form."""
        return None if self.form == "implementation-2016" else self.code[_CREDIT_END]

    @property
    def handling_item(self) -> str | None:
        """Two digits of the handling item; `None` for an implementation code."""
        return self.code[_IMPLEMENTATION:] or None

    @property
    def division(self) -> str:
        """Six digits of the division: the body's own in the 2016 form, its registering authority's otherwise."""
        return self.code[:_OLD_DIVISION_END] if self.form == "implementation-2016" else self.code[2:8]

    @property
    def org_code(self) -> str:
        """Organisation code of the body with its check, nine characters."""
        if self.form == "implementation-2016":
            return org_code.make(self.code[_OLD_DIVISION_END:_OLD_ORGANISATION_END])
        return self.code[8:17]


def parse(value: str) -> TaskCode:
    """Read an implementation code (21 to 24, or 31 characters) or a handling-item code (33).

    The value is normalised first: outer space dropped, upper case, full-width to half-width.

    Raises:
        CodeError: `task-code.empty`, `.length`, `.character`, `.sub-item`, and for the credit code inside
            `.check-char` or `.pseudo`.
    """
    return read(Text("task-code", normalise(value)))


def read(text: Text) -> TaskCode:
    """Read a code that is, or stands inside, a normalised value; raises as `parse` with the kind of the text."""
    require_length(text, [*_OLD_LENGTHS, _IMPLEMENTATION, _HANDLING_ITEM], "31 位、33 位或 21 至 24 位（2016 版）")
    length = len(text.value)
    if length in _OLD_LENGTHS:
        require_layout(text.part(0, _OLD_ORGANISATION_END), _OLD_HEAD)
        return TaskCode(text.value, catalog_code.read(text.part(_OLD_ORGANISATION_END)))
    uscc.read(text.part(0, _CREDIT_END))
    require_layout(text.part(_CREDIT_END, _LEVEL_END), [_LEVEL])
    base = catalog_code.read(text.part(_LEVEL_END, _IMPLEMENTATION))
    if length == _HANDLING_ITEM:
        require_layout(text.part(_IMPLEMENTATION), [_ITEM])
    return TaskCode(text.value, base)


def make(credit_code: str, use_level: str, base_code: str) -> str:
    """Return the implementation code of 31 characters for a body, a level 1 to 7 and a base code of the 2018 form.

    Raises:
        CodeError: if a part is not valid.
    """
    text = Text("task-code", uscc.parse(credit_code).code + normalise(use_level) + catalog_code.parse(base_code).code)
    require_length(text, [_IMPLEMENTATION], "31 位（基本编码须为 2018 版 12 位）")
    return read(text).code


def make_handling_item(implementation: str, item: int) -> str:
    """Return the handling-item code of 33 characters for an implementation code of 31 and a number 0 to 99.

    Raises:
        CodeError: if the implementation code is not valid or not of 31 characters, or the number is out of range.
    """
    head = parse(implementation)
    if head.form != "implementation":
        message = "业务办理项编码只能在 31 位实施编码之后加两位序号"
        raise CodeError(message, code="task-code.length", found=str(len(head.code)), expected=str(_IMPLEMENTATION))
    if not 0 <= item <= _ITEM_MAX:
        message = f"业务办理项序号是 {item}，应为 0 至 {_ITEM_MAX}"
        raise CodeError(message, code="task-code.item", found=str(item), expected=f"0 至 {_ITEM_MAX}")
    return f"{head.code}{item:02}"


def make_2016(division: str, organisation: str, base_code: str) -> str:
    """Return the implementation code of the 2016 form for six digits, an organisation code with check and a base code.

    Raises:
        CodeError: if a part is not valid or the base code is of the 2018 form.
    """
    body = org_code.parse(organisation).body
    text = Text("task-code", normalise(division) + body + catalog_code.parse(base_code).code)
    require_length(text, [*_OLD_LENGTHS], "21 至 24 位（2016 版）")
    return read(text).code
