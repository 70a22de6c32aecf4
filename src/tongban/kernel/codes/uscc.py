"""Unified social credit code 统一社会信用代码 (GB 32100-2015): eighteen characters, modulo 31."""

from dataclasses import dataclass

from tongban.kernel.codes import org_code
from tongban.kernel.codes.reading import DIGITS, Slot, Text, normalise, require_layout, require_length, sole_repair

#: Digits and capitals without I, O, S, V and Z.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_MODULUS = 31
_WEIGHTS = tuple(pow(3, place, _MODULUS) for place in range(17))
_WORDS = "数字或大写字母（不用 I、O、S、V、Z）"
_LENGTH = 18
_REGISTRAR = Slot("登记管理部门代码", 1, ALPHABET, _WORDS)
_KIND = Slot("机构类别代码", 1, ALPHABET, _WORDS)
_DIVISION = Slot("登记机关区划码", 6, DIGITS, "数字")
_LAYOUT = (_REGISTRAR, _KIND, _DIVISION, Slot("主体标识码", 9, ALPHABET, _WORDS), Slot("校验码", 1, ALPHABET, _WORDS))

#: Registering authority by the first character (GB 32100-2015, table 1). Authorities joined later; the list is open.
REGISTRARS = {
    "1": "机构编制",
    "2": "外交",
    "3": "司法行政",
    "4": "文化",
    "5": "民政",
    "6": "旅游",
    "7": "宗教",
    "8": "工会",
    "9": "市场监督管理",
    "N": "农业农村",
    "Y": "其他",
}
#: Kind of organisation by the first two characters. Further pairs exist (A1, G1 …): an unknown pair is no error.
ORGANISATION_KINDS = {
    "11": "机关",
    "12": "事业单位",
    "13": "编办直接管理机构编制的群众团体",
    "19": "其他",
    "21": "外国常驻新闻机构",
    "29": "其他",
    "31": "律师执业机构",
    "32": "公证处",
    "33": "基层法律服务所",
    "34": "司法鉴定机构",
    "35": "仲裁委员会",
    "39": "其他",
    "41": "外国在华文化中心",
    "49": "其他",
    "51": "社会团体",
    "52": "民办非企业单位",
    "53": "基金会",
    "59": "其他",
    "61": "外国旅游部门常驻代表机构",
    "62": "港澳台地区旅游部门常驻内地（大陆）代表机构",
    "69": "其他",
    "71": "宗教活动场所",
    "72": "宗教院校",
    "79": "其他",
    "81": "基层工会",
    "89": "其他",
    "91": "企业",
    "92": "个体工商户",
    "93": "农民专业合作社",
    "99": "其他",
    "N1": "集体经济组织",
    "N2": "集体经济组织",
    "N3": "集体经济组织",
    "N9": "其他",
    "Y1": "其他",
}
_UNKNOWN = "未列明"


@dataclass(frozen=True, slots=True)
class Uscc:
    """A unified social credit code."""

    #: The eighteen characters.
    code: str
    #: True if the check character does not fit and the caller allowed that: a code some system made up for itself.
    pseudo: bool = False

    @property
    def registrar(self) -> str:
        """Chinese name of the registering authority, 未列明 if the first character is not in the list."""
        return REGISTRARS.get(self.code[0], _UNKNOWN)

    @property
    def kind(self) -> str:
        """Chinese name of the kind of organisation, 未列明 if the first two characters are not in the list."""
        return ORGANISATION_KINDS.get(self.code[:2], _UNKNOWN)

    @property
    def division(self) -> str:
        """Six digits: the division of the registering authority at the time; it may be abolished by now."""
        return self.code[2:8]

    @property
    def org_code(self) -> str:
        """Characters 9 to 17: the organisation code without hyphen."""
        return self.code[8:17]

    @property
    def org_code_fits(self) -> bool:
        """Whether the organisation code inside has a fitting check of its own (GB 11714); not required of the whole."""
        return self.org_code[8] == org_code.check_char(self.org_code[:8])

    @property
    def check(self) -> str:
        """The check character."""
        return self.code[17]


def check_char(body: str) -> str:
    """Return the check character of seventeen characters of `ALPHABET` (weights 3^(i-1) mod 31)."""
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[-total % _MODULUS]


def parse(value: str, *, allow_pseudo: bool = False) -> Uscc:
    """Read a unified social credit code.

    The value is normalised first: outer space dropped, upper case, full-width to half-width. Registers hold codes that
    some system made up (often tax numbers): right in shape, wrong in the check. An import may let them through with
    `allow_pseudo`; they come back with `pseudo=True`.

    Raises:
        CodeError: `uscc.empty`, `.length`, `.character`; `.check-char` if the last character does not fit, or
            `.pseudo` if, besides, the first two characters name no known authority and kind.
    """
    return read(Text("uscc", normalise(value)), allow_pseudo=allow_pseudo)


def read(text: Text, *, allow_pseudo: bool = False) -> Uscc:
    """Read a credit code that is, or stands inside, a normalised value; raises as `parse` with the kind of the text."""
    require_length(text, [_LENGTH], "18 位")
    require_layout(text, _LAYOUT, _repair)
    expected = check_char(text.value[:17])
    if text.value[17] == expected:
        return Uscc(text.value)
    if allow_pseudo:
        return Uscc(text.value, pseudo=True)
    if text.value[:2] in ORGANISATION_KINDS:
        raise text.wrong_check(17, expected)
    note = f"；前两位 {text.value[:2]} 也不是已知的登记管理部门和机构类别，可能是自编的伪代码"
    raise text.wrong_check(17, expected, note, reason="pseudo")


def is_pseudo(value: str) -> bool:
    """Return whether the value has the shape of a credit code but a check character that does not fit."""
    try:
        return parse(value, allow_pseudo=True).pseudo
    except ValueError:
        return False


def make(registrar_and_kind: str, division: str, organisation: str) -> str:
    """Return a credit code from two, six and nine characters; `organisation` is an organisation code with its check.

    Raises:
        CodeError: if a part has a wrong length or character, or the organisation code is invalid or holds a letter
            that credit codes do not use.
    """
    body = normalise(registrar_and_kind) + normalise(division) + org_code.parse(organisation).code
    text = Text("uscc", body)
    require_length(text, [_LENGTH - 1], "17 位（不含校验码）")
    require_layout(text, _LAYOUT[:-1])
    return body + check_char(body)


def _repair(value: str, index: int, alphabet: str) -> str | None:
    return sole_repair(value, index, alphabet, lambda code: code[17] == check_char(code[:17]))
