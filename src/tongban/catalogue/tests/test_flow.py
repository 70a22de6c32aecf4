"""The rules of steps against a walk that tries everything, and the picture of them."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tongban.catalogue import graph_rules, limits
from tongban.catalogue.flow import BOX_WIDTH, Node, draw, folded
from tongban.catalogue.limits import in_days, longest, ranks
from tongban.catalogue.tests.factories import definition

KEYS = ("a", "b", "c", "d", "e", "f")


@st.composite
def graphs(draw_):
    """Steps that wait for any of the others, for themselves or for what does not exist; mostly for earlier ones."""
    keys = KEYS[: draw_(st.integers(1, len(KEYS)))]
    approvals = draw_(st.one_of(st.just({keys[-1]}), st.sets(st.sampled_from(keys), max_size=2)))
    made = []
    for number, key in enumerate(keys):
        earlier = st.sampled_from(keys[:number]) if number else st.nothing()
        strange = st.sampled_from((*keys, "gone"))
        after = draw_(st.sets(st.one_of(earlier, earlier, earlier, strange) if number else strange, max_size=3))
        if number and draw_(st.booleans()):
            after |= {keys[number - 1]}
        limit = {"amount": draw_(st.integers(1, 9)), "unit": draw_(st.sampled_from(["working_days", "calendar_days"]))}
        made.append({
            "key": key,
            "name": f"环节{key}",
            "kind": "approval" if key in approvals else "handling",
            "role": "case_officer",
            "after": sorted(after),
            "limit": draw_(st.one_of(st.none(), st.just(limit))),
        })  # fmt: skip
    return definition(steps=made, promised={"amount": draw_(st.integers(1, 20)), "unit": "working_days"})


def walks(steps):
    """Every set of steps that may be done at some time, beginning with none: any that is open may be done next."""
    seen: set[frozenset[str]] = {frozenset()}
    pending: list[frozenset[str]] = [frozenset()]
    while pending:
        done = pending.pop()
        yield done, {step.key for step in steps if step.key not in done and set(step.after) <= done}
        for step in steps:
            if step.key not in done and set(step.after) <= done and (more := done | {step.key}) not in seen:
                seen.add(more)
                pending.append(more)


def sound_by_walking(steps):
    """No order of work gets stuck, leaves a step out, or decides while another step is not done."""
    every = {step.key for step in steps}
    decisions = {step.key for step in steps if step.kind == "approval"}
    if len(decisions) != 1:
        return False
    for done, open_ in walks(steps):
        if not open_ and done != every:
            return False
        if decisions <= done and done != every:
            return False
    return True


def days_by_walking(steps):
    """The work done day by day as soon as it can be: when the last step is over."""
    over: dict[str, Fraction] = {}
    while len(over) < len(steps):
        ready = [one for one in steps if one.key not in over and all(key in over for key in one.after)]
        step = min(ready, key=lambda one: max((over[key] for key in one.after), default=Fraction(0)))
        begin = max((over[key] for key in step.after), default=Fraction(0))
        over[step.key] = begin + (in_days(step.limit) if step.limit else 0)
    return max(over.values())


@given(graphs())
def test_the_rules_of_steps_agree_with_trying_every_order(it):
    codes = {fault.code for fault in graph_rules.steps(it)}
    assert (not codes) is sound_by_walking(it.steps)
    if not codes:
        way, days = longest(it.steps)
        assert days == days_by_walking(it.steps) == sum(in_days(step.limit) for step in way if step.limit)
        over = "step.limits_over_promise" in {fault.code for fault in limits.limits(it)}
        assert over is (days > in_days(it.promised))


@given(graphs())
def test_a_step_comes_after_all_that_it_waits_for_and_is_drawn_below_them(it):
    after = {step.key: step.after for step in it.steps}
    placed = ranks(after)
    turns = set().union(*(done for done, _open in walks(it.steps)))
    if not any("gone" in one for one in after.values()):
        assert set(placed) == turns
    flow = draw([Node(key=step.key, title=step.name, after=step.after) for step in it.steps])
    boxes = {box.node.key: box for box in flow.boxes}
    assert set(boxes) == set(after)
    for key in placed:
        for before in (one for one in after[key] if one in placed):
            assert boxes[before].y + boxes[before].height < boxes[key].y
    drawn = list(boxes.values())
    for number, box in enumerate(drawn):
        assert box.x >= 0
        assert box.x + box.width <= flow.width
        assert box.y + box.height <= flow.height
        assert all(abs(box.x - other.x) >= BOX_WIDTH or box.y != other.y for other in drawn[number + 1 :])


def test_parallel_steps_count_once_by_the_slowest():
    step = {"role": "case_officer", "kind": "handling"}
    it = definition(
        promised={"amount": 7, "unit": "working_days"},
        steps=[
            step | {"key": "one", "name": "甲", "limit": {"amount": 5, "unit": "working_days"}},
            step | {"key": "two", "name": "乙", "limit": {"amount": 4, "unit": "working_days"}},
            step | {"key": "end", "name": "定", "after": ["one", "two"], "limit": {"amount": 2, "unit": "working_days"}, "kind": "approval"},
        ],
    )  # fmt: skip
    assert list(limits.limits(it)) == []
    assert [one.key for one in longest(it.steps)[0]] == ["one", "end"]


def test_a_unit_that_is_not_in_the_directory_is_a_fault():
    unit = "11430200MB16045219"
    it = definition(steps__0__unit=unit)
    assert limits.units_of(it) == {unit}
    assert [fault.code for fault in limits.units(it, ())] == ["step.unit"]
    assert list(limits.units(it, {unit})) == []


def test_words_are_folded_and_codes_kept_together():
    assert folded("现场核查和技术审查意见书面告知") == ["现场核查和技术审查意见书面", "告知"]
    assert folded("由 430200ABC 办理", 6) == ["由 ", "430200ABC ", "办理"]
    assert folded("") == [""]
