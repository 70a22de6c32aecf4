import time
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import QueryDict
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from tongban.catalogue.forms import Choice, Known, clean, form_view, in_words, prefill, validate
from tongban.kernel.codes import resident_id, uscc

ADDRESS = {
    "type": "object", "title": "地址", "x-widget": "address", "additionalProperties": False, "required": ["division", "detail"],
    "properties": {
        "division": {"type": "string", "title": "乡镇", "maxLength": 12, "format": "division"},
        "detail": {"type": "string", "title": "门牌号", "minLength": 3, "maxLength": 100},
    },
}  # fmt: skip
STAFF = {
    "type": "array", "title": "名单", "x-widget": "table", "minItems": 1, "maxItems": 4,
    "items": {
        "type": "object", "additionalProperties": False, "required": ["name", "post"],
        "properties": {
            "name": {"type": "string", "title": "姓名", "maxLength": 10},
            "post": {"type": "string", "title": "岗位", "maxLength": 10},
        },
    },
}  # fmt: skip
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "x-groups": [{"key": "a", "title": "基本情况"}, {"key": "b", "title": "其他"}],
    "required": ["name", "id", "phone", "address", "staff", "online", "agree"],
    "properties": {
        "name": {"type": "string", "title": "姓名", "minLength": 2, "maxLength": 10, "x-group": "a", "x-prefill": "person.name"},
        "id": {"type": "string", "title": "公民身份号码", "maxLength": 18, "format": "resident-id", "x-widget": "id_number", "x-group": "a"},
        "code": {"type": "string", "title": "信用代码", "maxLength": 18, "format": "uscc", "x-widget": "uscc", "x-group": "a"},
        "phone": {"type": "string", "title": "手机号", "maxLength": 11, "format": "mobile", "x-widget": "phone", "x-group": "a"},
        "address": ADDRESS | {"x-group": "a"},
        "born": {"type": "string", "title": "日期", "maxLength": 10, "format": "date", "x-widget": "date", "x-group": "a"},
        "area": {"type": "number", "title": "面积", "minimum": 1, "maximum": 500, "x-unit": "平方米", "x-group": "b"},
        "count": {"type": "integer", "title": "人数", "exclusiveMinimum": 0, "exclusiveMaximum": 100, "multipleOf": 2, "x-group": "b"},
        "capital": {"type": "integer", "title": "资金", "minimum": 100, "x-widget": "money", "x-group": "b"},
        "kind": {"type": "string", "title": "类型", "enum": ["a", "b"], "x-labels": {"a": "甲", "b": "乙"}, "x-group": "b"},
        "many": {"type": "array", "title": "项目", "x-widget": "checks", "minItems": 1, "maxItems": 2, "uniqueItems": True, "x-group": "b",
                 "items": {"type": "string", "enum": ["x", "y", "z"], "x-labels": {"x": "一", "y": "二", "z": "三"}}},
        "online": {"type": "boolean", "title": "网络经营", "x-group": "b"},
        "site": {"type": "string", "title": "网址", "maxLength": 50, "x-group": "b", "x-when": {"field": "online", "in": [True]}, "x-required": True},
        "rent": {"type": "string", "title": "房东", "maxLength": 20, "x-group": "b", "x-when": {"answer": "place", "in": ["rented"]}, "x-required": True},
        "note": {"type": "string", "title": "说明", "maxLength": 300, "x-widget": "textarea", "x-group": "b"},
        "bank": {"type": "string", "title": "账号", "maxLength": 30, "pattern": "^[0-9]{12,}$", "x-pattern-message": "账号是 12 位以上数字", "x-group": "b"},
        "staff": STAFF | {"x-group": "b"},
        "agree": {"type": "boolean", "const": True, "title": "我承诺内容真实", "x-widget": "checkbox", "x-group": "b"},
    },
}  # fmt: skip
ID = "430211199208250019"
GOOD: dict[str, Any] = {
    "name": "王小䶮", "id": ID, "phone": "19900000002", "address": {"division": "430212100000", "detail": "津口路1号"},
    "staff": [{"name": "王一", "post": "厨师"}], "online": False, "agree": True,
}  # fmt: skip
BODY = (
    "name=王小䶮&id=43021119920825001９&phone=199 0000 0002&address.division=430212100000&address.detail=津口路1号"
    "&staff.0.name=王一&staff.0.post=厨师&staff.1.name=&staff.1.post=&online=no&agree=yes"
)
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ settings }}{% load x %}",
    "'; DROP TABLE x; --",
]


def body(**fields):
    query = QueryDict(mutable=True)
    for name, value in fields.items():
        query.setlist(name.replace("__", "."), value if isinstance(value, list) else [value])
    return query


def page(view):
    return Template("{% load catalogue %}{% item_form form %}").render(Context({"form": view}))


def test_a_good_form_passes_and_reads_in_words():
    assert validate(SCHEMA, GOOD) == {}
    words = {line.name: line for line in in_words(SCHEMA, GOOD, division_name=lambda _: "渌口区渌口镇")}
    assert words["address"].value == "渌口区渌口镇津口路1号"
    assert words["online"].value == "否"
    assert words["staff"].rows == (("王一", "厨师"),)
    assert words["name"].group == "基本情况"


def test_a_body_becomes_data_with_codes_made_plain_and_empty_rows_dropped():
    data = clean(SCHEMA, QueryDict(BODY))
    assert data["id"] == ID
    assert data["staff"] == [{"name": "王一", "post": "厨师"}]
    assert data["online"] is False
    assert data["agree"] is True
    assert validate(SCHEMA, data) == {}


def test_everything_missing_is_told_at_once_in_the_order_of_the_form():
    assert list(validate(SCHEMA, {}).items()) == [
        ("name", "请填写姓名"), ("id", "请填写公民身份号码"), ("phone", "请填写手机号"), ("address", "请填写地址"),
        ("online", "请选择网络经营"), ("staff", "请填写名单"), ("agree", "请勾选“我承诺内容真实”"),
    ]  # fmt: skip
    assert validate(SCHEMA, {}, partial=True) == {}


@pytest.mark.parametrize(("field", "value", "message"), [
    ("name", "王", "姓名至少 2 个字，现在 1 个字"),
    ("name", "王" * 11, "姓名最多 10 个字，现在 11 个字"),
    ("name", 3, "姓名请填写文字"),
    ("phone", "1380000204", "少 1 位，手机号是 11 位数字"),
    ("phone", "12900000000", "手机号以 13 至 19 开头，请检查前两位"),
    ("phone", "1990000000x", "手机号只能是数字"),
    ("id", "430211920825001", "公民身份号码不对：请填写 18 位的公民身份号码，15 位的旧号码已经停用"),
    ("born", "2026-02-30", "没有这一天，请检查月份和日子"),
    ("born", "明天", "日期请写成 2026-01-31 的样子"),
    ("area", 0.5, "面积不能小于 1 平方米"),
    ("area", 501, "面积不能大于 500 平方米"),
    ("area", "很大", "面积请填写数字"),
    ("count", 0, "人数要大于 0"),
    ("count", 102, "人数要小于 100"),
    ("count", 3, "人数要是 2 的倍数"),
    ("count", 2.5, "人数请填写整数"),
    ("capital", 99, "资金不能小于 1.00 元"),
    ("capital", "1.005", "资金请填写金额，例如 15.00，最多两位小数"),
    ("kind", "c", "请在给出的选项中选择类型：甲、乙"),
    ("many", [], "项目至少要有 1 项"),
    ("many", ["x", "y", "z"], "项目最多 2 项"),
    ("many", ["x", "x"], "项目里有重复的内容，请删去"),
    ("bank", "123", "账号是 12 位以上数字"),
    ("agree", False, "请先确认：我承诺内容真实"),
    ("online", "maybe", "请选择网络经营"),
    ("note", 1, "说明请填写文字"),
    ("staff", "谁", "名单请逐行填写"),
])  # fmt: skip
def test_each_keyword_has_its_chinese_sentence(field, value, message):
    assert validate(SCHEMA, GOOD | {field: value})[field] == message


@pytest.mark.parametrize(("format_", "parse", "wrong"), [
    ("id", resident_id.parse, ID[:-1] + "0"), ("code", uscc.parse, "11100000MB0143028X"), ("id", resident_id.parse, "43021119921325001X"),
])  # fmt: skip
def test_codes_are_told_in_the_kernel_s_own_words(format_, parse, wrong):
    with pytest.raises(ValueError) as error:
        parse(wrong)
    assert str(error.value) in validate(SCHEMA, GOOD | {format_: wrong})[format_]


def test_errors_inside_tables_and_addresses_stand_at_their_cell():
    wrong = GOOD | {
        "staff": [{"name": "王一", "post": "厨"}, {"name": "王" * 11}],
        "address": {"division": "长沙", "detail": "1"},
    }
    assert validate(SCHEMA, wrong) == {
        "address.detail": "门牌号至少 3 个字，现在 1 个字",
        "address.division": "请选择县市区或者乡镇（街道）",
        "staff.1.name": "姓名最多 10 个字，现在 11 个字",
        "staff.1.post": "请填写岗位",
    }


def test_the_summary_says_which_field_and_row():
    wrong = GOOD | {"staff": [{"name": "王一"}], "phone": "1"}
    view = form_view(SCHEMA, wrong, errors=validate(SCHEMA, wrong))
    assert view.summary == {
        "phone": "少 10 位，手机号是 11 位数字",
        "staff.0.post": "名单第 1 行：请填写岗位",
    }


def test_conditional_fields_count_only_where_they_apply():
    assert validate(SCHEMA, GOOD | {"online": True}) == {"site": "请填写网址"}
    assert validate(SCHEMA, GOOD | {"site": "x" * 99}) == {}
    assert validate(SCHEMA, GOOD, answers={"place": "rented"}) == {"rent": "请填写房东"}


def test_what_the_guide_does_not_ask_cannot_be_handed_in():
    assert "salary" not in clean(SCHEMA, body(salary="9999", name="王小"))
    assert validate(SCHEMA, GOOD | {"salary": 1}) == {"salary": "表单里没有这一项，请删去"}


def test_a_body_of_thousands_of_keys_costs_no_more_than_the_schema():
    query = body(**{f"staff__{n}__name": "王" for n in range(900)}, **{f"junk{n}": "x" * 1000 for n in range(900)})
    query["note"] = "长" * 500_000
    started = time.perf_counter()
    data = clean(SCHEMA, query)
    errors = validate(SCHEMA, data)
    assert time.perf_counter() - started < 1
    assert len(data["staff"]) == 4
    assert len(data["note"]) == 10_001
    assert errors["note"].startswith("说明最多 300 个字")
    assert set(data) <= set(SCHEMA["properties"])


@given(
    st.dictionaries(
        st.sampled_from([*SCHEMA["properties"], "address.detail", "staff.0.name", "staff.3.post", "x"]),
        st.text(max_size=40),
        max_size=12,
    )
)
def test_any_body_gives_data_that_can_be_checked_and_shown_again(fields):
    query = QueryDict(mutable=True)
    for name, value in fields.items():
        query[name] = value
    data = clean(SCHEMA, query)
    errors = validate(SCHEMA, data)
    view = form_view(SCHEMA, data, errors=errors)
    assert {one.name for one in view.fields} <= set(SCHEMA["properties"])
    assert clean(SCHEMA, query) == data


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_escaped_wherever_it_comes_back(text):
    schema = SCHEMA | {
        "properties": SCHEMA["properties"]
        | {"name": SCHEMA["properties"]["name"] | {"title": text, "description": text}}
    }
    data = {"name": text, "note": text, "staff": [{"name": text}], "address": {"division": text, "detail": text}}
    known = {"id": Known(text, text, "A")}
    view = form_view(schema, data, errors={"name": text}, known=known, divisions=[Choice("1", text, text)])
    html = page(view)
    tags = _Tags()
    tags.feed(html)
    assert "script" not in tags.names
    assert "img" not in tags.names
    assert not any(name.startswith("on") for name in tags.attributes)


def test_known_values_are_shown_with_source_and_cannot_be_changed():
    known = prefill(SCHEMA, {"person.name": Known("陈桂兰", "取自实名认证", "A"), "person.phone": Known("1", "x", "A")})
    assert set(known) == {"name"}
    field = form_view(SCHEMA, {}, known=known).fields[0]
    assert (field.value, field.locked, field.level) == ("陈桂兰", True, "A")
    assert "readonly" in page(form_view(SCHEMA, {}, known=known))
    assert clean(SCHEMA, body(name="别人"), {"name": "陈桂兰"})["name"] == "陈桂兰"


def test_without_script_a_conditional_field_shows_and_says_when():
    view = form_view(SCHEMA, {}, answers={"place": "own"})
    fields = {field.name: field for field in view.fields}
    assert "rent" not in fields
    assert fields["site"].hint == "仅当“网络经营”是“是”时必须填写。"
    assert not fields["site"].required
    assert "data-when" in page(view)


def test_every_control_has_a_name_a_label_and_an_id_once():
    errors = validate(SCHEMA, {"staff": [{"name": "王一"}]})
    view = form_view(
        SCHEMA, {"staff": [{"name": "王一"}]}, errors=errors, divisions=[Choice("430212100000", "渌口镇", "渌口区")]
    )
    tags = _Tags()
    tags.feed(page(view))
    assert len(tags.ids) == len(set(tags.ids))
    assert not tags.unlabelled
    assert {f"id_{path}" for path in errors} <= set(tags.ids)
    assert tags.names.count("optgroup") == 1


def test_values_come_back_after_an_error():
    html = page(
        form_view(SCHEMA, clean(SCHEMA, body(area="很大", capital="1,234.50", kind="b", many=["x", "z"], online="yes")))
    )
    assert 'value="很大"' in html
    assert 'value="1234.50"' in html
    assert html.count("checked") == 4


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.names, self.ids, self.attributes, self.unlabelled = [], [], [], []
        self._fors, self._in_label = set(), 0

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.names.append(tag)
        self.attributes.extend(found)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "label":
            self._in_label += 1
            self._fors.add(found.get("for"))
        if tag in ("input", "select", "textarea") and not self._in_label and found.get("id") not in self._fors:
            self.unlabelled.append(found)

    def handle_endtag(self, tag):
        if tag == "label":
            self._in_label -= 1
