"""Drafts are read however incomplete they are, and every fault is told where it is."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongban.catalogue.checking import check, parsed, partly
from tongban.catalogue.definition import Definition
from tongban.catalogue.tests.factories import definition, raw

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "a", "示例", "application", "place"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["key", "in", "all", "x-when", "type", "properties", "title"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


def places(value, path=()):
    """Every place in a draft."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(part, (*path, key))


PLACES = [path for path in places(definition().model_dump(mode="json")) if path]


def changed(path, value, *, gone=False):
    data = definition().model_dump(mode="json")
    here = data
    for part in path[:-1]:
        here = here[part]
    if gone:
        del here[path[-1]]
    else:
        here[path[-1]] = value
    return data


def test_a_sound_draft_has_no_fault():
    assert check(raw()) == ()
    assert parsed(raw()) == definition() == partly(raw())


def test_a_field_that_cannot_be_read_hides_no_other_fault():
    data = raw(consult_phone="", onsite_visits=1)
    del data["flow"]
    found = {(fault.code, fault.path) for fault in check(data)}
    assert {
        ("field.string_too_short", "consult_phone"),
        ("field.missing", "flow"),
        ("visits.reason", "onsite_reason"),
    } == found
    assert parsed(data) is None
    assert partly(data).onsite_visits == 1


@pytest.mark.parametrize(("changes", "path", "sentence"), [
    ({"materials__0__key": "Ä"}, "materials.0.key", "代号用小写字母"),
    ({"catalog_code": "1"}, "catalog_code", "基本编码是 12 位"),
    ({"steps__0__unit": "x"}, "steps.0.unit", "18 位统一社会信用代码"),
    ({"topics": ["x"]}, "topics.0", "主题请从列表里选择"),
    ({"promised__amount": "ten"}, "promised.amount", "请填写整数"),
    ({"promised__amount": -1}, "promised.amount", "不能小于 0"),
    ({"name": "长" * 201}, "name", "最多 200 个字"),
    ({"conditions": []}, "conditions", "至少要有 1 项"),
    ({"kind": "99"}, "kind", "请从给出的选项里选择"),
    ({"materials__1__when": {"answer": "place", "in": []}}, "materials.1.when", "条件写得不完整"),
    ({"materials__1__colour": "red"}, "materials.1.colour", "不认识这一项"),
    ({"form": {"type": "object", "properties": {"a": {"title": 5}}}}, "form.properties.a.title", "写法不对"),
])  # fmt: skip
def test_each_kind_of_fault_has_its_sentence(changes, path, sentence):
    found = {fault.path: fault.message for fault in check(raw(**changes))}
    assert sentence in found[path]


def test_units_are_checked_where_the_known_ones_are_given():
    data = raw(steps__0__unit="11430200MB16045219")
    assert check(data) == () == check(data, {"11430200MB16045219"})
    assert [fault.code for fault in check(data, set())] == ["step.unit"]


@settings(max_examples=300)
@given(st.sampled_from(PLACES), JSON, st.booleans())
def test_any_draft_is_answered(path, value, gone):
    data = changed(path, copy.deepcopy(value), gone=gone)
    found = check(data)
    assert all(fault.message and fault.code for fault in found)
    assert isinstance(partly(data), Definition)
    if parsed(data) is None:
        assert found


@given(st.dictionaries(st.sampled_from([*Definition.model_fields, "other"]), JSON, max_size=6))
def test_even_what_is_nothing_like_a_definition_is_answered(data):
    assert check(data)
