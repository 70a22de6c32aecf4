"""What differs between two versions: applying it to the first gives the second."""

import copy
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.catalogue.difference import Difference, apply, differences
from tongban.catalogue.tests.factories import definition, planned

_LEAVES = st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab甲", max_size=3)
_KEYED = st.lists(
    st.fixed_dictionaries({"key": st.sampled_from("abcd"), "name": _LEAVES}),
    max_size=4,
    unique_by=lambda one: one["key"],
)
VALUES = st.recursive(
    _LEAVES | _KEYED,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "key", "[x]"]), inner),
    max_leaves=12,
)
CONTENTS = st.dictionaries(st.sampled_from(["name", "materials", "form", "steps"]), VALUES)


@given(CONTENTS, CONTENTS)
def test_the_differences_of_any_two_applied_to_the_first_give_the_second(old, new):
    before = copy.deepcopy(old)
    assert apply(old, differences(old, new)) == new
    assert old == before


@given(CONTENTS)
def test_nothing_differs_from_itself(content):
    assert differences(content, copy.deepcopy(content)) == []


def test_the_items_of_the_city_differ_by_what_makes_one_the_other():
    items = [item.bodies[0][1].digestible() for item in list(planned().values())[:12]]
    for old, new in itertools.pairwise(items):
        assert apply(old, differences(old, new)) == new


def test_a_material_put_in_between_is_one_addition_and_a_place():
    old = definition().digestible()
    new = copy.deepcopy(old)
    new["materials"].insert(1, {**old["materials"][1], "key": "photo", "name": "照片"})
    found = differences(old, new)
    assert [(one.op, one.path) for one in found] == [
        ("add", ("materials", "[key=photo]")),
        ("order", ("materials",)),
    ]


def test_a_changed_text_is_told_with_its_place():
    old, new = definition().digestible(), definition(promised={"amount": 7, "unit": "working_days"}).digestible()
    assert differences(old, new) == [Difference(("promised", "amount"), "change", before=10, after=7)]
    assert differences(old, new)[0].dotted == "promised.amount"


@pytest.mark.parametrize("change", [
    Difference(("name",), "change", before="另一个", after="新"),
    Difference(("name",), "add", after="新"),
    Difference(("gone",), "remove", before="x"),
    Difference(("materials", "[key=gone]"), "remove", before={}),
    Difference(("materials",), "order", before=["[key=a]"], after=["[key=b]"]),
])  # fmt: skip
def test_a_change_that_does_not_fit_is_refused(change):
    with pytest.raises(ValueError, match=r"stands at|order"):
        apply(definition().digestible(), [change])
