"""For each of the whole cast: lists, searches, counts, files and bills show exactly what the pages of cases allow."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tongban.base import moment
from tongban.cases import queries
from tongban.cases.models import Case
from tongban.cases.queries.search import search_by_item, search_cases
from tongban.cases.queries.team import team_entries
from tongban.cases.tests import story
from tongban.cases.tests.test_matrix import HUMANS
from tongban.documents.queries import documents_of, documents_readable
from tongban.files.queries import open_file
from tongban.identity import commands as identity
from tongban.identity.queries import actor_of_token
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.problems import NotFound
from tongban.payments.queries import access_bill, bills_of

pytestmark = pytest.mark.usefixtures("city")

SYSTEMS = {"filer": ["cases:submit", "cases:track"], "other_filer": ["cases:track"], "reader": ["items:read"]}


@pytest.fixture
def cases(cast: Any) -> list[Case]:
    """Cases of several people, companies and bodies, each somewhere else on its way; one was filed by a system."""
    walks = [
        story.walk(),
        story.walk().receive(),
        story.walk().to_the_end(cast.citizen),
        story.walk("road-excavation").receive().accept(),
        story.walk("hr-service-licence").receive(),
        story.walk("resident-pension-enrolment").receive(),
        story.walk("birth-registration"),
        story.walk("id-card-replacement").receive(),
    ]
    person = cast.account("operator").person
    mandate = identity.grant_mandate(
        cast.citizen, agent=identity.Named(document_kind="111", document_number=person.document_number, name=person.name),
        valid_to=moment.today(), may_withdraw=False, method="password", secret=story.PASSWORD,
    )  # fmt: skip
    identity.confirm_mandate(cast.operator, mandate_id=mandate.pk)
    return [Case.objects.get(pk=one.case.pk) for one in walks]


@pytest.fixture
def everybody(cast: Any, cases: list[Case]) -> dict[str, Actor]:
    """The humans, the program, and three systems, the first of which filed a case."""
    found = {who: getattr(cast, who) for who in HUMANS}
    for who, scopes in SYSTEMS.items():
        row, token = identity.issue_api_client(
            SYSTEM, name=who, organisation=cases[0].organisation, scopes=scopes, valid_to=date(2099, 12, 31)
        )
        actor = actor_of_token(token)
        assert actor is not None
        found[who] = actor
        if who == "filer":
            Case.objects.filter(pk=cases[0].pk).update(client_id=row.pk)
    return found


def opened(actor: Actor, cases: list[Case]) -> set[str]:
    """The cases whose page opens."""
    found = set()
    for case in cases:
        try:
            found.add(queries.access_case(actor, case.case_no).case_no)
        except NotFound:
            continue
    return found


def pages(ask: Any, *args: Any, **options: Any) -> Iterator[Any]:
    """Every row of a list, in pages of two."""
    cursor = ""
    while True:
        page = ask(*args, cursor=cursor, size=2, **options)
        yield from page.items
        if not page.next:
            return
        cursor = page.next


def searched(actor: Actor, cases: list[Case]) -> set[str]:
    found: set[str] = set()
    for case in cases:
        words = {case.case_no, case.case_no[-8:], case.applicant["name"], case.applicant["document_number"]}
        words |= {case.applicant["phone"]} - {""}
        for one in words:
            found |= {row.case_no for row in pages(search_cases, actor, words=one)}
        found |= {row.case_no for row in pages(search_by_item, actor, words=case.item_name)}
    return found


def listed(actor: Actor) -> dict[str, set[str]]:
    """What each list shows."""
    tabs = [queries.InboxFilters(kind=kind) for kind in ("reception", "step", "issue", "delivery")]
    tabs += [
        queries.InboxFilters(sort="item"),
        queries.InboxFilters(claimed="nobody"),
        queries.InboxFilters(due="late"),
    ]
    units = {one.organisation_id for one in actor.appointments if queries.heads_a_team(actor)}
    return {
        "inbox": {one.case_no for one in pages(queries.inbox, actor)},
        "tabs": {one.case_no for tab in tabs for one in pages(queries.inbox, actor, filters=tab)},
        "mine": {one.case_no for one in pages(queries.my_cases, actor)},
        "todo": {one.case.case_no for one in queries.my_todo(actor, limit=100)},
        "team": {one.case_no for unit in units for one in _team(actor, unit)},
    }


def _team(actor: Actor, unit: int) -> Iterator[Any]:
    try:
        yield from team_entries(actor, unit, account_id=None)
    except NotFound:
        return


def test_no_list_search_or_count_shows_more_than_the_pages_allow(cases, everybody):
    assert {who for who, actor in everybody.items() if opened(actor, cases)} >= {
        "citizen", "other_citizen", "operator", "clerk", "officer", "other_clerk", "other_officer", "supervisor", "filer",
    }  # fmt: skip
    for who, actor in everybody.items():
        may = opened(actor, cases)
        assert set(queries.cases_of(actor).values_list("case_no", flat=True)) == may, who
        for name, shown in listed(actor).items():
            assert shown <= may, f"{who}: {name} shows {shown - may}"
        if actor.kind == "staff":
            assert searched(actor, cases) <= may, who
            assert queries.inbox_count(actor) == len(list(pages(queries.inbox, actor))), who
        if actor.kind in {"citizen", "client"}:
            assert {one.case_no for one in pages(queries.my_cases, actor)} == may, who


def test_files_documents_and_bills_open_to_nobody_else(cases, everybody):
    for who, actor in everybody.items():
        may = opened(actor, cases)
        for case in cases:
            if case.case_no in may:
                continue
            assert documents_readable(actor, case.subject) == [], who
            for one in queries.handed_in(case):
                if one.file is not None:
                    with pytest.raises(NotFound):
                        open_file(actor, one.file.public_id)
            for bill in bills_of(case.subject):
                with pytest.raises(NotFound):
                    access_bill(actor, bill.bill_no)


def test_what_the_applicant_may_see_it_finds_in_the_papers_too(cases, everybody):
    for who in ("citizen", "other_citizen", "operator"):
        actor = everybody[who]
        for number in opened(actor, cases):
            case = next(one for one in cases if one.case_no == number)
            readable = {one.kind for one in documents_readable(actor, case.subject)}
            assert "application" in readable, (who, case.item_name)
            assert "approval_form" not in readable
            assert readable <= {one.kind for one in documents_of(case.subject)}
