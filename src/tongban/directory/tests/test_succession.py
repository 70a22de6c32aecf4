"""Successions as pure rules: followed to the end, never in a circle, no day without somebody who acts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.directory.succession import Arrow, CircleError, by_old, closes_circle, follow, taken_over

BODIES = st.integers(0, 7)
DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
PROPOSALS = st.lists(st.builds(Arrow, old=BODIES, new=BODIES, on=DAYS), max_size=12)


def allowed(proposals):
    """The arrows that the commands would let in, in the order proposed."""
    table: dict[int, Arrow[int]] = {}
    for arrow in proposals:
        if arrow.old not in table and not closes_circle(arrow.old, arrow.new, table):
            table[arrow.old] = arrow
    return table


@given(PROPOSALS, BODIES, DAYS)
def test_what_is_let_in_never_leads_in_a_circle(proposals, body, on):
    table = allowed(proposals)
    end = follow(body, table, on)
    arrow = table.get(end)
    assert arrow is None or arrow.on > on


@given(PROPOSALS, BODIES, DAYS)
def test_following_is_transitive_and_settles(proposals, body, on):
    table = allowed(proposals)
    end = follow(body, table, on)
    assert follow(end, table, on) == end
    arrow = table.get(body)
    if arrow is not None and arrow.on <= on:
        assert end == follow(arrow.new, table, on)
    else:
        assert end == body


@given(PROPOSALS, DAYS)
def test_every_body_is_answered_for_by_exactly_one(proposals, on):
    table = allowed(proposals)
    bodies = set(range(8))
    ends = {body for body in bodies if follow(body, table, on) == body}
    answered = [body for end in ends for body in {end, *taken_over(end, table, on)}]
    assert sorted(answered) == sorted(bodies)


@given(PROPOSALS, BODIES, DAYS)
def test_before_its_first_day_a_succession_has_no_effect(proposals, body, on):
    table = allowed(proposals)
    if table and body in table:
        assert follow(body, table, table[body].on - timedelta(days=1)) == body


@given(PROPOSALS, BODIES, BODIES)
def test_what_is_refused_would_have_closed_a_circle(proposals, old, new):
    table = allowed(proposals)
    if old in table or not closes_circle(old, new, table):
        return
    with pytest.raises(CircleError):
        follow(old, {**table, old: Arrow(old, new, date(2000, 1, 1))}, date(2031, 1, 1))


def test_a_table_that_leads_in_a_circle_is_noticed():
    day = date(2020, 1, 1)
    table = by_old([Arrow("a", "b", day), Arrow("b", "a", day)])
    with pytest.raises(CircleError):
        follow("a", table, day)
    assert closes_circle("c", "a", table), "an arrow into a circle is refused as well"


def test_a_body_has_one_successor():
    with pytest.raises(ValueError, match="two successors"):
        by_old([Arrow("a", "b", date(2020, 1, 1)), Arrow("a", "c", date(2021, 1, 1))])
