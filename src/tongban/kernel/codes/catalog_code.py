"""Base code 基本编码 of an item of government service, in both generations that are in the field.

* 2016 (国办函〔2016〕108号, GB/T 39046-2020): up to 10 characters: type 2, main item 5, sub-item up to 3.
* 2018 (ZWFW C0109-2018, GB/T 39554.1-2020): 12 characters: region 2, type 2, department 2, main item 3, sub-item 3.

Neither has a check character, so a wrong digit that keeps the form cannot be noticed.
"""

from dataclasses import dataclass
from typing import Literal

from tongban.kernel.codes.reading import (
    DIGITS,
    DIGITS_AND_LETTERS,
    Slot,
    Text,
    normalise,
    require_layout,
    require_length,
)

Generation = Literal["2016", "2018"]

#: Region that stands for the national catalogue.
NATIONAL = "00"
#: Types of items (事项类型) that both generations share; 11… and 21… are local extensions.
TASK_TYPES = {
    "00": "行政权力事项",
    "01": "行政许可",
    "02": "行政处罚",
    "03": "行政强制",
    "04": "行政征收",
    "05": "行政给付",
    "06": "行政检查",
    "07": "行政确认",
    "08": "行政奖励",
    "09": "行政裁决",
    "10": "其他类别",
    "20": "公共服务",
}

_NO_SUB_ITEM = "000"
_PARENT = "00Y"
_LENGTH = 12
_OLD_LENGTHS = range(7, 11)
_OLD_MAIN_END = 7
_SUB_ITEM = Slot("子项", 3, DIGITS_AND_LETTERS, "数字，或子项之上的主项 00Y")
_LAYOUT = (
    Slot("区域代码", 2, DIGITS, "数字"),
    Slot("事项类型", 2, DIGITS, "数字"),
    Slot("部门代码", 2, DIGITS, "数字"),
    Slot("主项代码", 3, DIGITS, "数字"),
    _SUB_ITEM,
)
_OLD_LAYOUT = (Slot("事项类型", 2, DIGITS_AND_LETTERS, "数字或大写字母"), Slot("主项代码", 5, DIGITS, "数字"))


@dataclass(frozen=True, slots=True)
class CatalogCode:
    """A base code taken apart."""

    #: The whole code.
    code: str

    @property
    def generation(self) -> Generation:
        """Which rules made it, by its length."""
        return "2018" if len(self.code) == _LENGTH else "2016"

    @property
    def region(self) -> str | None:
        """00 national catalogue, otherwise the first two digits of the division; `None` in the 2016 form."""
        return self.code[:2] if self.generation == "2018" else None

    @property
    def task_type(self) -> str:
        """Two characters of the type of item; the 2016 form also has letters (XK, CF …)."""
        return self.code[2:4] if self.generation == "2018" else self.code[:2]

    @property
    def department(self) -> str | None:
        """Two digits of the department; `None` in the 2016 form."""
        return self.code[4:6] if self.generation == "2018" else None

    @property
    def main_item(self) -> str:
        """Number of the main item: three digits, five in the 2016 form."""
        return self.code[6:9] if self.generation == "2018" else self.code[2:_OLD_MAIN_END]

    @property
    def sub_item(self) -> str:
        """000 none, 00Y the parent of sub-items, otherwise the sub-item; in the 2016 form it may be short or empty."""
        return self.code[9:] if self.generation == "2018" else self.code[_OLD_MAIN_END:]

    @property
    def is_parent(self) -> bool:
        """Whether the code names a main item that is divided into sub-items."""
        return self.sub_item == _PARENT

    @property
    def parent(self) -> str | None:
        """Code of the main item above a sub-item; `None` if this is a main item itself."""
        if len(self.sub_item) < len(_PARENT) or self.sub_item in {_NO_SUB_ITEM, _PARENT}:
            return None
        return self.code[: -len(_PARENT)] + _PARENT


def parse(value: str) -> CatalogCode:
    """Read a base code of either generation.

    The value is normalised first: outer space dropped, upper case, full-width to half-width.

    Raises:
        CodeError: `catalog-code.empty`, `.length`, `.character` or `.sub-item` (letters other than 00Y).
    """
    return read(Text("catalog-code", normalise(value)))


def read(text: Text) -> CatalogCode:
    """Read a base code that is, or stands inside, a normalised value; raises as `parse` with the kind of the text."""
    require_length(text, [*_OLD_LENGTHS, _LENGTH], "12 位（2018 版）或 7 至 10 位（2016 版）")
    length = len(text.value)
    if length == _LENGTH:
        require_layout(text, _LAYOUT)
        _require_sub_item(text.part(9))
    else:
        rest = Slot(_SUB_ITEM.name, length - _OLD_MAIN_END, _SUB_ITEM.alphabet, _SUB_ITEM.words)
        require_layout(text, [*_OLD_LAYOUT, rest])
        _require_sub_item(text.part(_OLD_MAIN_END))
    return CatalogCode(text.value)


def make(region: str, task_type: str, department: str, main_item: int, sub_item: int | Literal["00Y"] = 0) -> str:
    """Return a base code of the 2018 form; `sub_item` 0 means that there are none, "00Y" makes the parent.

    Raises:
        CodeError: if a part has a wrong length or character.
    """
    sub = sub_item if isinstance(sub_item, str) else f"{sub_item:03}"
    text = Text("catalog-code", normalise(f"{region}{task_type}{department}{main_item:03}{sub}"))
    require_length(text, [_LENGTH], "12 位")
    return read(text).code


def make_2016(task_type: str, main_item: int, sub_item: int | Literal["00Y"] = 0) -> str:
    """Return a base code of the 2016 form with all ten characters.

    Raises:
        CodeError: if a part has a wrong length or character.
    """
    sub = sub_item if isinstance(sub_item, str) else f"{sub_item:03}"
    text = Text("catalog-code", normalise(f"{task_type}{main_item:05}{sub}"))
    require_length(text, [_OLD_LENGTHS[-1]], "10 位")
    return read(text).code


def _require_sub_item(text: Text) -> None:
    # isdecimal would also take other scripts' digits, but the layout has already confined the text to ASCII.
    if not text.value or text.value.isdecimal() or text.value == _PARENT:
        return
    index = next(place for place, char in enumerate(text.value) if char not in DIGITS)
    found = text.value[index]
    right = _PARENT if len(text.value) == len(_PARENT) else "数字"
    message = f"第 {text.place(index)} 位（子项）是 {found}，子项应为数字或 00Y"
    raise text.error(
        "sub-item", message, index=index, found=found, expected=f"数字或 {_PARENT}" if right == _PARENT else right
    )
