import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.catalogue.conditions import DEPTH_MAX, ConditionError, checked, holds, names

KEYS = st.sampled_from(["a", "b", "c"])
VALUES = st.sampled_from(["x", "y", 1, True, False])
LEAVES = st.builds(lambda source, key, values: {source: key, "in": values}, st.sampled_from(["answer", "field"]), KEYS,
                   st.lists(VALUES, min_size=1, max_size=3)) | st.builds(
    lambda key, yes: {"answer": key, "given": yes}, KEYS, st.booleans())  # fmt: skip
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda part: {"not": part}, inner)
    ),
    max_leaves=6,
)
DATA = st.dictionaries(KEYS, VALUES | st.lists(VALUES, max_size=3), max_size=3)


def depth(condition):
    inner = condition.get("all") or condition.get("any") or ([condition["not"]] if "not" in condition else [])
    return 1 + max((depth(part) for part in inner), default=0)


@given(CONDITIONS, DATA, DATA)
def test_not_turns_every_condition_round(condition, answers, form):
    assert holds({"not": condition}, answers, form) is not holds(condition, answers, form)


@given(st.lists(CONDITIONS, min_size=1, max_size=4), DATA, DATA)
def test_all_and_any_follow_de_morgan(parts, answers, form):
    turned = {"not": {"any": [{"not": part} for part in parts]}}
    assert holds({"all": parts}, answers, form) is holds(turned, answers, form)


@given(CONDITIONS)
def test_whatever_is_well_formed_passes_and_names_its_keys(condition):
    if depth(condition) > DEPTH_MAX:
        with pytest.raises(ConditionError):
            checked(condition)
    else:
        assert checked(condition) is condition
    assert {source for source, _, _ in names(condition)} <= {"answer", "field"}


def test_no_condition_holds_and_a_missing_answer_satisfies_nothing():
    assert holds(None, {})
    assert not holds({"answer": "a", "in": ["x"]}, {})
    assert not holds({"answer": "a", "in": ["x"]}, {"a": ""})
    assert holds({"answer": "a", "given": False}, {"a": []})


def test_several_answers_satisfy_if_one_of_them_does():
    assert holds({"answer": "a", "in": ["y"]}, {"a": ["x", "y"]})


def test_true_is_not_the_number_one():
    assert not holds({"field": "f", "in": [1]}, {}, {"f": True})
    assert holds({"field": "f", "in": [True]}, {}, {"f": True})


@pytest.mark.parametrize("wrong", [
    {}, {"answer": "a"}, {"answer": 3, "in": ["x"]}, {"answer": "a", "in": []}, {"answer": "a", "in": "x"},
    {"answer": "a", "in": ["x"], "given": True}, {"all": []}, {"all": {"answer": "a", "in": ["x"]}}, {"any": [3]},
    {"not": []}, {"all": [], "any": []}, {"field": "f", "given": "yes"}, {"field": "f", "in": [None]},
])  # fmt: skip
def test_malformed_conditions_are_refused(wrong):
    with pytest.raises(ConditionError):
        checked(wrong)
