"""Every act of the form designer, alone and in any order."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.catalogue import form_rules
from tongban.catalogue.forms import designing as d
from tongban.catalogue.forms import form_view, prefill, validate
from tongban.catalogue.forms.schema import FormSchema
from tongban.catalogue.rules import faults
from tongban.catalogue.tests.factories import definition, raw
from tongban.kernel.problems import Invalid, NotFound, Refusal

OPTIONS = [("a", "甲"), ("b", "乙")]


def form():
    return raw()["form"]


def faults_of(schema):
    return [fault.code for fault in form_rules.form(definition(form=schema))]


def order(schema):
    return [name for name, _field in FormSchema(schema).ordered()]


@pytest.mark.parametrize("kind", d.KINDS)
def test_a_field_of_each_kind_is_sound_once_it_has_what_its_kind_needs(kind):
    schema, name = d.add(form(), kind=kind, title="新的一项")
    if kind == "table":
        for column in d.COLUMN_KINDS:
            schema, added = d.add(schema, kind=column, title="列", table=name)
            schema = d.change(schema, added, d.Change(title="列", options=OPTIONS, required=True), table=name)
    schema = d.change(schema, name, d.Change(title="新的一项", hint="说明", options=OPTIONS, required=True, longest=30))
    assert faults_of(schema) == []
    assert d.kind_of(schema["properties"][name]) == kind
    assert name in schema["required"]
    assert order(schema)[-1] == name
    assert next(one for one in form_view(schema, {}).fields if one.name == name).title == "新的一项"


def test_a_condition_turns_required_into_required_where_it_applies_and_back():
    when = {"answer": "place", "in": ["own"]}
    schema = d.change(form(), "name", d.Change(title="名称", required=True, when=when, longest=50))
    assert schema["required"] == []
    assert schema["properties"]["name"]["x-required"] is True
    assert faults(definition(form=schema)) == ()
    assert validate(schema, {}, answers={"place": "own"})
    assert not validate(schema, {}, answers={"place": "rented"})
    back = d.change(schema, "name", d.Change(title="名称", required=True, longest=50))
    assert back == form()


def test_a_field_moves_within_its_part_and_stops_at_its_end():
    schema, third = d.add(form(), kind="text", title="三")
    assert order(d.move(schema, third, up=True)) == ["name", third, "area"]
    assert order(d.move(schema, third, up=False)) == ["name", "area", third]
    assert order(d.move(d.move(schema, "name", up=False), "name", up=False)) == ["area", third, "name"]


def test_a_new_name_is_also_taken_over_by_conditions():
    when = {"all": [{"field": "area", "in": [1]}, {"not": {"answer": "area", "given": True}}]}
    schema = d.change(form(), "name", d.Change(title="名称", when=when, required=True))
    made = d.rename(d.rename(schema, "area", "size"), "name", "title")
    assert made["properties"]["title"]["x-when"] == {
        "all": [{"field": "size", "in": [1]}, {"not": {"answer": "area", "given": True}}]
    }
    assert list(made["properties"]) == ["title", "size"]
    assert d.rename(made, "size", "size") == made
    for name in ("name", "Ä", ""):
        with pytest.raises(Invalid):
            d.rename(form(), "area", name)


def test_parts_are_added_moved_and_taken_away_without_losing_a_field():
    schema = d.add_group(d.add_group(form(), "申请人"), "场所")
    assert [one["title"] for one in schema["x-groups"]] == ["申请人", "场所"]
    assert {one["x-group"] for one in schema["properties"].values()} == {"part_1"}
    schema = d.change(schema, "area", d.Change(title="面积", group="part_2"))
    schema = d.change_group(schema, "part_2", "经营场所", "实际的地方")
    schema = d.move_group(schema, "part_2", up=True)
    assert [one.title for one in form_view(schema, {}).groups] == ["经营场所", "申请人"]
    assert faults_of(schema) == []
    schema = d.remove_group(schema, "part_2")
    assert {one["x-group"] for one in schema["properties"].values()} == {"part_1"}
    schema = d.remove_group(schema, "part_1")
    assert "x-groups" not in schema
    assert order(schema) == ["name", "area"]
    assert faults_of(schema) == []


def test_the_form_can_be_tried_with_what_would_be_known():
    schema = d.change(form(), "name", d.Change(title="名称", prefill="company.name", required=True))
    known = prefill(schema, d.samples())
    assert form_view(schema, {}, known=known).fields[0].value == d.SOURCES["company.name"][1]
    numbers, _name = d.add(form(), kind="uscc", title="代码")
    numbers, _name = d.add(numbers, kind="id_number", title="号码")
    numbers, _name = d.add(numbers, kind="phone", title="电话")
    values = ("company.uscc", "person.document_number", "person.phone")
    data = dict(zip(("uscc_1", "id_number_1", "phone_1"), (d.SOURCES[one][1] for one in values), strict=True))
    assert validate(numbers, {"name": "甲", **data}, answers={}) == {}


@pytest.mark.parametrize("act", [
    lambda it: d.add(it, kind="map", title="图"),
    lambda it: d.add(it, kind="text", title=" "),
    lambda it: d.add(it, kind="text", title="列", table="name"),
    lambda it: d.change(it, "gone", d.Change(title="无")),
    lambda it: d.move(it, "gone", up=True),
    lambda it: d.remove(it, "gone"),
    lambda it: d.rename(it, "gone", "a"),
    lambda it: d.add_group(it, ""),
    lambda it: d.change_group(it, "gone", "无"),
    lambda it: d.move_group(it, "gone", up=True),
    lambda it: d.remove_group(it, "gone"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_and_changes_nothing(act):
    schema = form()
    before = copy.deepcopy(schema)
    with pytest.raises((Invalid, NotFound)):
        act(schema)
    assert schema == before


def test_a_form_has_an_end():
    schema = form()
    for _number in range(d.FIELDS_MAX - 2):
        schema, _name = d.add(schema, kind="text", title="项")
    with pytest.raises(Invalid):
        d.add(schema, kind="text", title="项")
    assert faults_of(schema) == []


NAMES = st.sampled_from(["name", "area", "text_1", "select_1", "table_1", "new"])
ACTS = st.one_of(
    st.builds(lambda kind: lambda it: d.add(it, kind=kind, title="项")[0], st.sampled_from(list(d.KINDS))),
    st.builds(lambda kind: lambda it: d.add(it, kind=kind, title="列", table="table_1")[0], st.sampled_from(d.COLUMN_KINDS)),
    st.builds(lambda name, needed, group: lambda it: d.change(it, name, d.Change(title="改", required=needed, group=group, options=OPTIONS, longest=9, least=1, most=5)), NAMES, st.booleans(), st.sampled_from(["part_1", "part_2"])),
    st.builds(lambda name, up: lambda it: d.move(it, name, up=up), NAMES, st.booleans()),
    st.builds(lambda name: lambda it: d.remove(it, name), NAMES),
    st.builds(lambda name, new: lambda it: d.rename(it, name, new), NAMES, NAMES),
    st.just(lambda it: d.add_group(it, "组")),
    st.builds(lambda up: lambda it: d.move_group(it, "part_1", up=up), st.booleans()),
    st.just(lambda it: d.remove_group(it, "part_1")),
)  # fmt: skip


@given(st.lists(ACTS, max_size=12))
def test_any_order_of_acts_leaves_a_form_that_can_be_shown(acts):
    schema = form()
    for act in acts:
        before = copy.deepcopy(schema)
        try:
            after = act(schema)
        except Refusal:
            after = schema
        assert schema == before
        schema = after
    names = list(schema["properties"])
    assert set(schema["required"]) <= set(names)
    assert sorted(one.name for one in form_view(schema, {}).fields) == sorted(names)
    assert {"form.shape", "form.schema", "form.required", "form.word", "form.widget", "form.title"}.isdisjoint(
        faults_of(schema)
    )
