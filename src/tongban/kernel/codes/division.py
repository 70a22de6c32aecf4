"""Administrative division codes: GB/T 2260 (6 digits) and the statistical codes of towns (9) and villages (12).

Beside the official codes stand internal ones for functional zones (an economic development zone has people to serve but
no code of its own): four digits of the city, `Z`, one digit, e.g. 4302Z1. The letter keeps them apart from every
official code for ever, and their length fits every column made for one.
"""

from dataclasses import dataclass
from typing import Literal

from tongban.kernel.codes.reading import DIGITS, Slot, Text, normalise, require_layout, require_length

Level = Literal["province", "city", "county", "zone", "town", "village"]
UrbanClass = Literal[
    "subdistrict",
    "town",
    "township",
    "similar_township",
    "residents_committee",
    "villagers_committee",
    "similar_residents",
    "similar_villagers",
]

#: First two digits and names of the provinces (GB/T 2260).
PROVINCES = {
    "11": "北京市",
    "12": "天津市",
    "13": "河北省",
    "14": "山西省",
    "15": "内蒙古自治区",
    "21": "辽宁省",
    "22": "吉林省",
    "23": "黑龙江省",
    "31": "上海市",
    "32": "江苏省",
    "33": "浙江省",
    "34": "安徽省",
    "35": "福建省",
    "36": "江西省",
    "37": "山东省",
    "41": "河南省",
    "42": "湖北省",
    "43": "湖南省",
    "44": "广东省",
    "45": "广西壮族自治区",
    "46": "海南省",
    "50": "重庆市",
    "51": "四川省",
    "52": "贵州省",
    "53": "云南省",
    "54": "西藏自治区",
    "61": "陕西省",
    "62": "甘肃省",
    "63": "青海省",
    "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区",
    "71": "台湾省",
    "81": "香港特别行政区",
    "82": "澳门特别行政区",
}
#: Chinese names of the levels.
LEVEL_NAMES: dict[Level, str] = {
    "province": "省级",
    "city": "市级",
    "county": "县级",
    "zone": "功能区",
    "town": "乡级",
    "village": "村级",
}
#: Chinese names of the classes of towns and villages.
URBAN_CLASS_NAMES: dict[UrbanClass, str] = {
    "subdistrict": "街道",
    "town": "镇",
    "township": "乡",
    "similar_township": "类似乡级单位",
    "residents_committee": "居民委员会",
    "villagers_committee": "村民委员会",
    "similar_residents": "类似居民委员会",
    "similar_villagers": "类似村民委员会",
}

_TOWN_RANGES: tuple[tuple[int, UrbanClass], ...] = (
    (99, "subdistrict"),
    (199, "town"),
    (399, "township"),
    (599, "similar_township"),
)
_VILLAGE_RANGES: tuple[tuple[int, UrbanClass], ...] = (
    (199, "residents_committee"),
    (399, "villagers_committee"),
    (499, "similar_residents"),
    (599, "similar_villagers"),
)
_ZONE = "Z"
_LAYOUT = (
    Slot("省、市代码", 4, DIGITS, "数字"),
    Slot("县级代码", 1, DIGITS + _ZONE, "数字（功能区内部代码为 Z）"),
    Slot("县级代码", 1, DIGITS, "数字"),
    Slot("乡级代码", 3, DIGITS, "数字"),
    Slot("村级代码", 3, DIGITS, "数字"),
)
_COUNTY_LENGTH, _TOWN_LENGTH, _VILLAGE_LENGTH = 6, 9, 12
_SLOTS = {_COUNTY_LENGTH: 3, _TOWN_LENGTH: 4, _VILLAGE_LENGTH: 5}


@dataclass(frozen=True, slots=True)
class Division:
    """A division code that is well formed; whether such a place exists, or existed, only a table can say."""

    #: The code as given, normalised: 6, 9 or 12 characters.
    code: str

    @property
    def code12(self) -> str:
        """The code filled up with zeros to twelve characters."""
        return self.code.ljust(_VILLAGE_LENGTH, "0")

    @property
    def short(self) -> str:
        """The shortest official form: 12 characters for a village, 9 for a town, 6 above."""
        return self.code12[: {"village": _VILLAGE_LENGTH, "town": _TOWN_LENGTH}.get(self.level, _COUNTY_LENGTH)]

    @property
    def level(self) -> Level:
        """The level, by the trailing zeros."""
        code = self.code12
        if code[9:] != "000":
            return "village"
        if code[6:9] != "000":
            return "town"
        if code[4] == _ZONE:
            return "zone"
        if code[4:6] != "00":
            return "county"
        return "city" if code[2:4] != "00" else "province"

    @property
    def is_internal(self) -> bool:
        """Whether the code, or the one above it, is an internal one of a functional zone."""
        return self.code[4] == _ZONE

    @property
    def province(self) -> str:
        """Chinese name of the province."""
        return PROVINCES[self.code[:2]]

    @property
    def urban_class(self) -> UrbanClass | None:
        """What kind of town or village it is, by the range of its number; `None` above the level of towns."""
        if self.level == "village":
            return _class_of(self.code12[9:], _VILLAGE_RANGES)
        return _class_of(self.code12[6:9], _TOWN_RANGES) if self.level == "town" else None

    @property
    def parent12(self) -> str | None:
        """Twelve characters of the division above, `None` for a province.

        A town of a city without counties (441900003) hangs on the city, a zone on the city whose digits it bears.
        """
        for stop in (_TOWN_LENGTH, _COUNTY_LENGTH, 4, 2):
            above = self.code12[:stop].ljust(_VILLAGE_LENGTH, "0")
            if above != self.code12:
                return above
        return None

    def contains(self, other: "Division") -> bool:
        """Whether the other division is this one or lies under it by its digits; zones contain only their own codes."""
        width = {"province": 2, "city": 4}.get(self.level, len(self.short))
        return other.code12.startswith(self.code12[:width])


def parse(value: str) -> Division:
    """Read a division code of 6, 9 or 12 characters.

    The value is normalised first: outer space dropped, upper case, full-width to half-width. The three digits of the
    urban-rural classification (城乡分类代码) are not part of the code.

    Raises:
        CodeError: `division.empty`, `.length`, `.character`, `.province` (no such province), `.gap` (zeros above a
            lower level), `.town-range` or `.village-range` (a number outside the ranges of the statistical rules).
    """
    text = Text("division", normalise(value))
    require_length(text, list(_SLOTS), "6 位、9 位或 12 位")
    require_layout(text, _LAYOUT[: _SLOTS[len(text.value)]])
    if text.value[:2] not in PROVINCES:
        raise text.wrong_run("province", "省级代码", 0, 2, "现有省级行政区划代码，例如湖南省为 43")
    division = Division(text.value)
    _require_no_gap(text, division.code12)
    _require_range(text, 6, "town-range", "乡级代码", _TOWN_RANGES)
    _require_range(text, 9, "village-range", "村级代码", _VILLAGE_RANGES)
    return division


def make(county: str, town: int = 0, village: int = 0) -> str:
    """Return the twelve-character code of six characters and the numbers of a town and a village (0 = none).

    Raises:
        CodeError: as `parse`.
    """
    return parse(f"{normalise(county)}{town:03}{village:03}").code12


def _require_no_gap(text: Text, code: str) -> None:
    city, county, town, village = code[2:4] != "00", code[4:6] != "00", code[6:9] != "000", code[9:] != "000"
    is_zone = code[4] == _ZONE
    if not city and not is_zone and (county or town or village):
        raise text.wrong_run("gap", "市级代码", 2, 4, "非零（其下级代码不为零）")
    if not town and village:
        raise text.wrong_run("gap", "乡级代码", 6, 9, "非零（其下的村级代码不为零）")


def _require_range(text: Text, start: int, reason: str, name: str, ranges: tuple[tuple[int, UrbanClass], ...]) -> None:
    number = text.value[start : start + 3]
    if number and _class_of(number, ranges) is None:
        raise text.wrong_run(reason, name, start, start + 3, " 001 至 599")


def _class_of(number: str, ranges: tuple[tuple[int, UrbanClass], ...]) -> UrbanClass | None:
    return next((urban_class for last, urban_class in ranges if int(number) <= last), None)
