"""Pages of the simulated system in which items are run: its cases, and one case with the acts of its officials."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any
from urllib.parse import quote

from tongban.partners.simulators.pages import page
from tongban.partners.simulators.running import ACTS, MODES, WAYS

_APPLICANT = {
    "name": "姓名",
    "document_kind": "证件类型",
    "document_number": "证件号码",
    "phone": "手机",
    "address": "地址",
}


def case_list(cases: Iterable[Mapping[str, Any]], mode: str) -> str:
    """Every case that was handed over, and how the system behaves when the platform calls."""
    rows = "".join(
        f'<tr><td><a href="/running/cases/{quote(one["case_no"])}">{escape(one["number"])}</a></td>'
        f"<td>{escape(str(one['body'].get('item_name', '')))}</td><td>{_stage(one)}</td><td>{one['times']} 次</td></tr>"
        for one in cases
    )
    head = "".join(f'<th scope="col">{text}</th>' for text in ("本系统编号", "事项", "进度", "移交次数"))
    table = (
        f"<table><thead><tr>{head}</tr></thead>{rows}</table>"
        if rows
        else "<p>还没有办件移交过来。在平台上提交“导游证核发”后，几秒钟就会出现。</p>"
    )
    buttons = "".join(
        f'<button name="mode" value="{key}"{" class=main aria-pressed=true" if key == mode else ""}>{label}</button>'
        for key, label in MODES.items()
    )
    behave = f'<h2>平台来调用时</h2><form method="post" action="/running/mode">{buttons}</form>'
    return page("部省业务系统", table + behave)


def case(found: Mapping[str, Any], files: Iterable[Mapping[str, Any]]) -> str:
    """One case: what came with it, what was done, what may be done next and how that is reported."""
    body = found["body"]
    facts = [(_APPLICANT.get(key, key), value) for key, value in body.get("applicant", {}).items()]
    facts += [(one["label"], one["value"]) for one in body.get("form", [])]
    facts += [("材料", f"{one['name']}（{one['bytes']} 字节）") for one in files]
    given = "".join(f"<tr><td>{escape(str(key))}</td><td>{escape(str(value))}</td></tr>" for key, value in facts)
    done = "".join(
        f"<article><time>{escape(one['at'][:19])}</time><p>{one['seq']}. {_label(one['kind'])} "
        f"{escape(one.get('words') or one.get('number') or '')}</p></article>"
        for one in found["reports"]
    )
    ways = "".join(f'<option value="{key}">{label}</option>' for key, label in WAYS.items())
    buttons = "".join(f'<button class="main" name="act" value="{key}">{_label(key)}</button>' for key in found["next"])
    acts = (
        f'<form method="post" action="/running/cases/{quote(found["case_no"])}"><p><label>回传方式 '
        f'<select name="way">{ways}</select></label></p>{buttons}</form>'
        if found["next"]
        else "<p>已经办完。</p>"
    )
    return page(
        f"{body.get('item_name', '')}：{found['number']}",
        f"<p class='hint'>平台办件编号 {escape(found['case_no'])}，移交 {found['times']} 次</p>"
        f"<table>{given}</table><h2>办理</h2>{done}{acts}",
    )


def _stage(found: Mapping[str, Any]) -> str:
    return _label(found["reports"][-1]["kind"]) if found["reports"] else "新到"


def _label(kind: str) -> str:
    return ACTS[kind][0]
