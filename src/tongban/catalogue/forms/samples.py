"""Made-up values for a form's fields, so that a filled sample (示例) can be printed. Pure; nobody real is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from tongban.catalogue.conditions import holds
from tongban.catalogue.forms.schema import FormSchema, widget_of
from tongban.kernel.codes import org_code, resident_id, uscc

_BORN: Final = date(1990, 1, 1)
#: Names and numbers of nobody, with fitting check characters.
SAMPLE_ID: Final = resident_id.make("430202", _BORN, 881)
SAMPLE_COMPANY: Final = uscc.make("91", "430202", org_code.make("MA4XLL11"))
SAMPLE_COMPANY_NAME: Final = "株洲市示例有限公司"
SAMPLE_PHONE: Final = "19900000000"
SAMPLE_AGENT: Final = "李示例"
_BY_FORMAT: Final = {
    "resident-id": SAMPLE_ID,
    "uscc": SAMPLE_COMPANY,
    "mobile": SAMPLE_PHONE,
    "phone": SAMPLE_PHONE,
    "division": "430202000000",
}
_BRACKETS: Final = re.compile("（.*?）")
_BY_TITLE: Final = (
    (("姓名", "法定代表人", "负责人", "联系人", "经营者"), "张示例"),
    (("公司名称", "企业名称", "单位名称", "经营者名称", "机构名称", "工作单位"), SAMPLE_COMPANY_NAME),
    (("名称", "名字"), "示例名称"),
    (("地址", "住所", "场所", "地点", "坐落"), "株洲市示例路 1 号"),
    (("民族",), "汉族"),
    (("邮箱",), "shili@example.com"),
    (("号", "编码"), "SL-0001"),
)
#: Tried in turn where a field wants a certain length or pattern.
_OTHERS: Final = (
    SAMPLE_ID, SAMPLE_COMPANY, SAMPLE_PHONE, "6222020000000000000", "2026000001", "C1", "ZHANG SHILI", "C00000001",
    SAMPLE_ID + "11", "123456", "1", "示例", "示例，按实际情况如实填写，写清时间、地点和经过",
)  # fmt: skip


def sample_data(schema: Mapping[str, Any], answers: Mapping[str, object], *, on: date) -> dict[str, Any]:
    """A value for every field that counts after these answers; dates are the day `on`."""
    data: dict[str, Any] = {}
    for name, part in FormSchema(schema).ordered():
        if holds(part.get("x-when"), answers, data):
            data[name] = sample_value(part, on=on)
    return data


def sample_value(part: Mapping[str, Any], *, on: date) -> Any:
    """A plausible value of a field, of the field's own type."""
    if "const" in part:
        return part["const"]
    widget = widget_of(part)
    if widget == "table":
        columns: Mapping[str, Any] = part.get("items", {}).get("properties", {})
        row = {name: sample_value(column, on=on) for name, column in columns.items()}
        return [row for _ in range(max(1, int(part.get("minItems", 1))))]
    if widget == "address":
        return {"division": "430202000000", "detail": "示例街道示例路 1 号"}
    if widget == "checks":
        return list(part.get("items", {}).get("enum", ()))[:1]
    if "enum" in part:
        return part["enum"][0]
    kind = part.get("type")
    if kind == "boolean":
        return False
    if kind in ("integer", "number"):
        return min(max(part.get("minimum", 0), 10), part.get("maximum", 10))
    return _text(part, on)


def _text(part: Mapping[str, Any], on: date) -> str:
    if part.get("format") == "date" or widget_of(part) == "date":
        return on.isoformat()
    known = _BY_FORMAT.get(str(part.get("format", "")))
    if known:
        return known
    title = _BRACKETS.sub("", str(part.get("title", "")))
    said = next((text for endings, text in _BY_TITLE if title.endswith(endings)), "按实际情况填写")
    fitting = next((text for text in (said, *_OTHERS) if _fits(part, text)), said)
    return fitting[: int(part.get("maxLength", len(fitting)))]


def _fits(part: Mapping[str, Any], text: str) -> bool:
    least, most = int(part.get("minLength", 0)), int(part.get("maxLength", 10_000))
    return least <= len(text) <= most and bool(re.search(str(part.get("pattern", "")), text))
