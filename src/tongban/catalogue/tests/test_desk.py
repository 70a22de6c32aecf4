"""The catalogue at the desk: what one's posts may see, filtered, page by page; where bodies differ, and why."""

from typing import Any

import pytest
from django.test import Client

from tongban.base.models import Event
from tongban.catalogue import commands, queries
from tongban.catalogue.definition import Definition
from tongban.catalogue.models import DeviationQuestion, Implementation
from tongban.catalogue.queries.table import TableFilters
from tongban.catalogue.tests.factories import BODY, TASK_CODE, body, definition, published
from tongban.identity.tests.cast import log_in
from tongban.kernel.actor import SYSTEM, Actor, AppointmentRef, Role
from tongban.kernel.codes import task_code
from tongban.kernel.problems import Invalid, NotFound, Refusal

COUNTIES = {
    "430202000000": "11430202YL4MEQEC6F",
    "430203000000": "11430200YL9DL6NP4U",
    "430204000000": "11430212MB1F07267M",
}


def staff(role: str, division: str = "430200000000", organisation: int = 0, key: int = 7) -> Actor:
    post = AppointmentRef(
        id=1, role=role, post_title="岗位", organisation_id=organisation, organisation_name="局", division_code=division
    )
    return Actor(kind="staff", account_id=key, name="谭晓峰", appointments=(post,))


EDITOR = staff(Role.CATALOGUE_EDITOR)
SUPERVISOR = staff(Role.SUPERVISOR)


@pytest.fixture
def bodies(db):
    """One item of the city, and the same of three counties, one of which promises less and asks for more."""
    published()
    for number, (division, code) in enumerate(COUNTIES.items()):
        changes: dict[str, Any] = {"task_code": task_code.make(code, "4", "000131016000")}
        if number == 2:
            changes |= {"promised": {"amount": 15, "unit": "working_days"}, "onsite_visits": 1, "onsite_reason": "核验"}
            changes["materials__1__name"] = "租赁合同原件"
        published(definition(**changes), body(code, division, "county", f"区{division[4:6]}局"))


def codes(actor: Actor, **filters: str) -> list[str]:
    return [one.task_code for one in queries.implementation_table(actor, TableFilters(**filters)).items]


def test_the_table_shows_what_lies_within_the_reach_of_ones_posts_and_nothing_else(bodies):
    assert len(codes(EDITOR)) == 4
    county = staff(Role.LEGAL_REVIEWER, "430204000000")
    assert [one[:8] for one in codes(county)] == ["11430212"]
    for nobody in (staff(Role.CASE_OFFICER), Actor(kind="citizen", account_id=1), staff(Role.LEADER)):
        with pytest.raises(NotFound):
            codes(nobody)


@pytest.mark.parametrize(("filters", "count"), [
    ({"level": "3"}, 1), ({"level": "4"}, 3), ({"level": "6"}, 0), ({"kind": "01"}, 4), ({"kind": "05"}, 0),
    ({"promised": "fortnight"}, 3), ({"promised": "month"}, 4), ({"promised": "instant"}, 0), ({"promised": "longer"}, 0),
    ({"visits": "0"}, 3), ({"visits": "1"}, 1), ({"visits": "2"}, 0), ({"state": "active"}, 4), ({"state": "cancelled"}, 0),
    ({"q": "示例"}, 4), ({"q": "没有"}, 0), ({"q": "000131016000"}, 4), ({"q": TASK_CODE}, 1), ({"q": "%"}, 0),
    ({"body": "区02局"}, 1), ({"body": BODY}, 1), ({"body": "没有"}, 0), ({"sort": "recent"}, 4),
])  # fmt: skip
def test_the_table_is_narrowed_by_what_one_asks_for(bodies, filters, count):
    assert len(codes(EDITOR, **filters)) == count


def test_a_filter_that_is_not_offered_is_refused():
    for wrong in ({"promised": "x"}, {"visits": "9"}, {"sort": "name"}, {"state": "gone"}, {"level": "9"}):
        with pytest.raises(Invalid):
            TableFilters.read(wrong)


def test_pages_of_the_table_hold_each_item_once_in_both_orders(bodies):
    for sort in ("code", "recent"):
        seen, cursor = [], None
        while True:
            page = queries.implementation_table(EDITOR, TableFilters(sort=sort), cursor=cursor, size=1)
            seen += [one.task_code for one in page.items]
            cursor = page.next
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 4


def test_a_longer_table_takes_no_more_statements(bodies, django_assert_num_queries):
    for size in (1, 4):
        with django_assert_num_queries(1):
            page = queries.implementation_table(EDITOR, TableFilters(), size=size)
            assert [one.organisation.name and one.base.name for one in page.items]


def found(actor: Actor, **asked: Any) -> dict[str, Any]:
    (one,) = queries.deviating(actor, **asked).items
    return {it.field: it for it in one.deviations}


def test_bodies_that_differ_are_named_with_what_most_say(bodies):
    by_field = found(EDITOR)
    assert set(by_field) == {"promised", "visits", "materials"}
    promised = by_field["promised"]
    assert (promised.usual, promised.usual_count, promised.total) == ("10 个工作日", 3, 4)
    (group,) = promised.groups
    assert (group.words, [one.name for one in group.bodies]) == ("15 个工作日", ["区04局"])
    assert by_field["materials"].groups[0].difference == "多：租赁合同原件；少：租赁合同"
    assert set(found(EDITOR, field="visits")) == {"visits"}
    assert queries.deviating(EDITOR, field="fees").items == []


def test_what_is_out_of_reach_or_out_of_use_is_not_compared(bodies):
    assert queries.deviating(staff(Role.CATALOGUE_EDITOR, "430202000000")).items == []
    with pytest.raises(NotFound):
        queries.deviating(staff(Role.CASE_OFFICER))
    odd = Implementation.objects.get(organisation__name="区04局")
    commands.suspend(actor=SYSTEM, task_code=odd.task_code, reason="停电")
    assert queries.deviating(EDITOR).items == []


def test_a_body_is_asked_why_once_and_answers_once(bodies):
    odd = Implementation.objects.get(organisation__name="区04局")
    question = commands.ask_why(actor=SUPERVISOR, task_code=odd.task_code, field="promised", text="请说明")
    assert (question.value["amount"], question.usual["amount"]) == (15, 10)
    with pytest.raises(Refusal) as refused:
        commands.ask_why(actor=EDITOR, task_code=odd.task_code, field="promised", text="请说明")
    assert refused.value.code == "question_open"
    theirs = staff(Role.CATALOGUE_EDITOR, "430204000000", odd.organisation_id)
    for other in (SUPERVISOR, staff(Role.CATALOGUE_EDITOR, "430202000000")):
        with pytest.raises(NotFound):
            commands.answer_why(actor=other, question_id=question.pk, answer="因为")
    assert [one.pk for one in queries.questions_in_reach(theirs, answered=False).items] == [question.pk]
    commands.answer_why(actor=theirs, question_id=question.pk, answer="要现场勘验")
    with pytest.raises(Refusal) as refused:
        commands.answer_why(actor=theirs, question_id=question.pk, answer="再说")
    assert refused.value.code == "question_answered"
    assert queries.questions_in_reach(theirs, answered=False).items == []
    said = found(EDITOR)["promised"].groups[0].bodies[0].question
    assert (said.answer, said.answered_by_name) == ("要现场勘验", "谭晓峰")
    kinds = Event.objects.filter(subject=f"item:{odd.task_code}").order_by("seq").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["DeviationAsked", "DeviationAnswered"]


def test_nobody_is_asked_about_what_does_not_differ_or_is_out_of_reach(bodies):
    usual = Implementation.objects.get(organisation__name="区02局")
    for actor, field, text, code in (
        (EDITOR, "promised", "请说明", "no_deviation"),
        (EDITOR, "colour", "请说明", "bad_filter"),
        (EDITOR, "promised", " ", "reason_missing"),
        (staff(Role.SUPERVISOR, "430204000000"), "promised", "请说明", "not_found"),
        (staff(Role.CASE_OFFICER), "promised", "请说明", "not_found"),
    ):
        with pytest.raises(Refusal) as refused:
            commands.ask_why(actor=actor, task_code=usual.task_code, field=field, text=text)
        assert refused.value.code == code
    assert not DeviationQuestion.objects.exists()


@pytest.fixture
def editor(city, cast):
    return log_in(Client(), cast.account("editor"))


def test_the_pages_show_the_catalogue_of_the_city(editor):
    for address, words in (
        ("/desk/items/", "实施机构"),
        ("/desk/items/?level=4&promised=week&visits=0&cols=body,code", "实施编码"),
        ("/desk/items/?q=没有这种", "没有这样的事项"),
        ("/desk/items/base/", "基本编码"),
        ("/desk/items/base/?name=食品", "食品"),
        ("/desk/items/deviations/", "各机构的差异"),
        ("/desk/items/deviations/?field=promised", "承诺时限"),
        ("/desk/items/questions/", "没有等待说明的差异"),
    ):
        answer = editor.get(address)
        assert answer.status_code == 200, address
        assert words in answer.content.decode(), address
    code = queries.list_bases(size=1).items[0].catalog_code
    assert "设定依据" in editor.get(f"/desk/items/base/{code}/").content.decode()
    assert editor.get("/desk/items/base/999999999999/").status_code == 404
    assert editor.get("/desk/items/?promised=x").status_code == 422


def test_a_question_is_asked_and_answered_on_the_pages(editor):
    odd = Implementation.objects.filter(level="4", current__isnull=False).select_related("current").earliest("pk")
    changed = odd.current.parsed.model_dump(mode="json")
    changed["steps"][0]["name"] += "（复核）"
    commands.publish_version(actor=SYSTEM, task_code=odd.task_code, definition=Definition.model_validate(changed))
    (one,) = queries.deviating(EDITOR, field="steps").items
    deviation = one.deviations[0]
    body_asked = deviation.groups[0].bodies[0]
    asked = {"task_code": body_asked.task_code, "field": deviation.field, "text": "请说明依据。"}
    assert editor.post("/desk/items/deviations/ask/", asked).status_code == 302
    again = editor.post("/desk/items/deviations/ask/", asked)
    assert again.status_code == 409
    assert "已经请这个机构说明" in again.content.decode()
    question = DeviationQuestion.objects.get()
    empty = editor.post(f"/desk/items/questions/{question.pk}/", {"answer": ""})
    assert empty.status_code == 422
    assert "请填写说明" in empty.content.decode()
    assert editor.post(f"/desk/items/questions/{question.pk}/", {"answer": "按省标准"}).status_code == 302
    assert "按省标准" in editor.get("/desk/items/questions/?answered=1").content.decode()
    assert "按省标准" in editor.get(f"/desk/items/deviations/?code={one.base.catalog_code}").content.decode()
