"""Blank papers for materials that people write themselves: authority, statement, list, frame. Pure.

Which one belongs to a material is told by its description of the blank form (`paper_kind`); texts that an office must
word itself (articles, agreements, resolutions) are not invented.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from tongban.catalogue.definition import Definition, Material
from tongban.catalogue.forms.paper import paper_form, shape
from tongban.catalogue.forms.samples import SAMPLE_AGENT, SAMPLE_COMPANY, SAMPLE_COMPANY_NAME, SAMPLE_ID, SAMPLE_PHONE

_WORDS: Final = (
    ("authority", ("委托书",)),
    ("frame", ("图框",)),
    ("list", ("清单", "名单", "目录", "登记表", "明细表")),
    ("statement", ("承诺书", "声明", "说明")),
)
#: Kinds of which a filled sample can be made.
SAMPLED: Final = ("form", "authority")
_LIST_ROWS: Final = 15


def paper_kind(material: Material) -> str:
    """Which paper can be printed for a material: form, authority, frame, list, statement; empty for none."""
    if material.generated_from_form:
        return "form"
    return next((key for key, words in _WORDS if any(word in material.form_file for word in words)), "")


def paper(definition: Definition, material: Material, *, filled_on: date | None = None) -> list[dict[str, Any]]:
    """The groups of the material's paper, as `paper_form` gives them; with a day, filled in as a sample.

    Nothing for a material without a paper, or without a sample where one is asked for.
    """
    kind = paper_kind(material)
    if not kind or (filled_on and kind not in SAMPLED):
        return []
    if kind == "form":
        return paper_form(definition, filled_on=filled_on)
    if kind == "authority":
        return _authority(definition, filled_on)
    return [{"title": "", "hint": "", "fields": _OTHERS[kind](definition, material)}]


def _authority(it: Definition, filled_on: date | None) -> list[dict[str, Any]]:
    """授权委托书: agent, matter, powers and term, signed by the principal (民法典 art. 165)."""
    day = f"{filled_on.year}年{filled_on.month}月{filled_on.day}日" if filled_on else ""
    principal = (SAMPLE_COMPANY_NAME, SAMPLE_COMPANY) if filled_on else ("", "")
    agent = (SAMPLE_AGENT, SAMPLE_ID) if filled_on else ("", "")
    powers = ("代为提交和补正材料", "代为签收文书、领取结果", "代为变更、撤回申请")
    choices = [{"label": one, "on": bool(filled_on) and index < 2} for index, one in enumerate(powers)]
    term = f"自{day}起至本事项办结止" if filled_on else ""
    return [
        {"title": "委托人", "hint": "", "fields": _party(*principal, filled=bool(filled_on))},
        {"title": "受托人", "hint": "", "fields": _party(*agent, filled=bool(filled_on))},
        {
            "title": "委托内容",
            "hint": "",
            "fields": [
                shape("委托事项", "line", value=it.name),
                shape("委托权限", "choices", hint="在授权的各项前打“√”", choices=choices),
                shape("委托期限", "line", value=term),
            ],
        },
    ]


def _party(name: str, number: str, *, filled: bool) -> list[dict[str, Any]]:
    return [
        shape("姓名或者名称", "line", value=name),
        shape("证件号码或者统一社会信用代码", "boxes", boxes=[*number.ljust(18)]),
        shape("联系电话", "line", value=SAMPLE_PHONE if filled else ""),
    ]


def _statement(it: Definition, material: Material) -> list[dict[str, Any]]:
    return [
        *_party("", "", filled=False),
        shape("办理事项", "line", value=it.name),
        shape("内容", "area", hint=material.accept_standard),
        shape("续写", "area", need=False),
    ]


def _list(it: Definition, material: Material) -> list[dict[str, Any]]:
    del it
    rows = [[str(number), "", "", ""] for number in range(1, _LIST_ROWS + 1)]
    columns = ["序号", "名称", "数量或者页数", "说明"]
    return [
        shape("姓名或者名称", "line"),
        shape("清单", "table", hint=material.accept_standard, columns=columns, rows=rows),
    ]


def _frame(it: Definition, material: Material) -> list[dict[str, Any]]:
    del it
    return [shape("姓名或者名称", "line"), shape("地址", "line"), shape("图", "frame", hint=material.accept_standard)]


_OTHERS: Final = {"statement": _statement, "list": _list, "frame": _frame}
