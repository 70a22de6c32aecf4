"""The decision tree of the questions: every way is shown, and what can never apply is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.catalogue.conditions import holds
from tongban.catalogue.rules import faults
from tongban.catalogue.tests.factories import definition, raw
from tongban.catalogue.tree import WAYS_MAX, holding, too_many, tree, ways

FEE = {"key": "fee", "name": "工本费", "amount_fen": 4000, "unit": "证", "basis": "发改价格〔2003〕2322号"}


def question(key, *values, **more):
    options = [{"value": value, "label": f"{key}{value}"} for value in values]
    return {"key": key, "text": f"{key}？", "options": options} | more


def codes(**changes):
    return {fault.code: fault.path for fault in faults(definition(**changes))}


def test_every_way_is_told_with_what_it_leads_to():
    stop = {"kind": "no_permit_needed", "message": "不用办"}
    own, rented = raw()["questions"][0]["options"]
    it = definition(
        questions=[raw()["questions"][0] | {"options": [own | {"next": "size"}, rented, {"value": "none", "label": "没有", "stop": stop}]}, question("size", "big", "small")],
        fee=[FEE | {"when": {"answer": "size", "in": ["big"]}}],
        materials__0__when={"field": "name", "given": True},
        handling_items=[{"number": "01", "name": "自有的", "when": {"answer": "place", "in": ["own"]}}, {"number": "02", "name": "租的", "when": {"answer": "place", "in": ["rented"]}}],
    )  # fmt: skip
    found = list(ways(it))
    assert [way.words for way in found] == [
        (("场所是谁的？", "自有"), ("size？", "sizebig")),
        (("场所是谁的？", "自有"), ("size？", "sizesmall")),
        (("场所是谁的？", "租赁"), ("size？", "sizebig")),
        (("场所是谁的？", "租赁"), ("size？", "sizesmall")),
        (("场所是谁的？", "没有"),),
    ]
    assert [[one.key for one in way.materials] for way in found] == [[], [], ["contract"], ["contract"], []]
    assert [[one.key for one in way.perhaps] for way in found] == [["application"]] * 4 + [[]]
    assert [len(way.fees) for way in found] == [1, 0, 1, 0, 0]
    assert [way.handling_item and way.handling_item.number for way in found] == ["01", "01", "02", "02", None]
    top = tree(found)
    assert (top.question, [branch.answer for branch in top.branches]) == ("场所是谁的？", ["自有", "租赁", "没有"])
    assert [branch.way.materials for branch in top.branches[0].branches] == [(), ()]
    assert top.branches[2].way.stop.message == "不用办"


def test_without_questions_there_is_one_way():
    found = list(ways(definition(questions=[], materials__1__when=None)))
    assert [way.words for way in found] == [()]
    assert tree(found).way is found[0]
    assert tree([]) is None


@pytest.mark.parametrize(("code", "path", "changes"), [
    ("condition.contradiction", "materials.1.when", {"materials__1__when": {"all": [{"answer": "place", "in": ["own"]}, {"answer": "place", "in": ["rented"]}]}}),
    ("condition.contradiction", "materials.1.when", {"materials__1__when": {"all": [{"answer": "place", "in": ["own"]}, {"not": {"answer": "place", "given": True}}]}}),
    ("condition.contradiction", "fee.0.when", {"fee": [FEE | {"when": {"not": {"any": [{"answer": "place", "given": True}, {"answer": "place", "given": False}]}}}]}),
    ("condition.never", "materials.1.when", {"materials__1__when": {"answer": "place", "given": False}}),
    ("condition.never", "form.properties.area.x-when", {"form__properties__area__x-when": {"answer": "place", "given": False}}),
    ("condition.never", "materials.1.when", {"questions__0__options__1__stop": {"kind": "not_eligible", "message": "不能办"}}),
])  # fmt: skip
def test_what_can_never_apply_is_refused(code, path, changes):
    assert codes(**changes)[code] == path


@pytest.mark.parametrize("condition", [
    {"all": [{"answer": "work", "in": ["a"]}, {"answer": "work", "in": ["b"]}]},
    {"all": [{"answer": "work", "in": ["a"]}, {"not": {"answer": "work", "in": ["b"]}}]},
    {"not": {"answer": "work", "in": ["a", "b", "c"]}},
    {"all": [{"field": "area", "in": [5]}, {"answer": "place", "in": ["own"]}]},
    {"not": {"field": "area", "in": [5]}},
    {"field": "area", "given": False},
])  # fmt: skip
def test_what_several_answers_or_the_form_may_make_true_is_left(condition):
    it = definition(
        questions=[*raw()["questions"], question("work", "a", "b", "c", "d", multiple=True)],
        materials__1__when=condition,
    )
    assert list(holding(it)) == []


def test_the_ways_can_be_counted():
    it = definition(questions=[question(f"q{number}", "a", "b") for number in range(12)])
    assert [fault.code for fault in too_many(it)] == ["question.ways"]
    assert len(list(ways(it, 50))) == 50
    assert WAYS_MAX < 2**12


LEAVES = st.one_of(
    st.builds(lambda key, values: {"answer": key, "in": values}, st.sampled_from(["place", "work"]), st.lists(st.sampled_from(["own", "rented", "a", "b"]), min_size=1, max_size=3)),
    st.builds(lambda key, given_: {"answer": key, "given": given_}, st.sampled_from(["place", "work"]), st.booleans()),
    st.builds(lambda values: {"field": "area", "in": values}, st.lists(st.integers(1, 3), min_size=1, max_size=2)),
)  # fmt: skip
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda part: {"not": part}, inner)
    ),
    max_leaves=6,
)


@given(
    CONDITIONS,
    st.sampled_from(["own", "rented"]),
    st.sets(st.sampled_from(["a", "b", "c"]), min_size=1),
    st.none() | st.integers(1, 4),
)
def test_nothing_is_refused_that_somebody_could_answer(condition, place, work, area):
    it = definition(
        questions=[*raw()["questions"], question("work", "a", "b", "c", multiple=True)], materials__1__when=condition
    )
    if holds(condition, {"place": place, "work": sorted(work)}, {"area": area}):
        assert list(holding(it)) == []
