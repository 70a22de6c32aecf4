"""The inbox on the desk: order, filters, marks, bounds, and what a stranger sees."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.base import moment
from tongban.cases.models import Case, CaseStep, InboxEntry
from tongban.cases.tests import desk_visit, story
from tongban.identity.models import Account
from tongban.identity.tests.cast import log_in

pytestmark = pytest.mark.usefixtures("city")
INBOX = "/desk/cases/"


@pytest.fixture
def case() -> Case:
    return story.walk().case


def test_home_leads_an_officer_to_the_inbox():
    answer = desk_visit.officer("lukou.shijian").get("/desk/")
    assert answer.status_code == 302
    assert answer["Location"] == INBOX


def test_a_case_stands_with_its_limit_item_applicant_and_number(case):
    page = desk_visit.officer("lukou.shijian").get(INBOX).content.decode()
    assert case.item_name in page
    assert "渌口区陈记面馆" in page
    assert f"/desk/cases/{case.case_no}/" in page
    assert "剩 5 天" in page


def test_officers_of_another_body_do_not_see_it(case):
    page = desk_visit.officer("renshe.chengban").get(INBOX).content.decode()
    assert case.case_no not in page
    assert "都办完了" in page


def test_a_post_without_cases_has_no_inbox():
    client = desk_visit.officer("yunwei")
    assert client.get(INBOX).status_code == 404
    assert client.get("/desk/")["Location"] == "/desk/webhooks/"
    assert desk_visit.officer("shixiang").get("/desk/")["Location"] == "/desk/items/"


def test_filters_stand_in_the_address_and_unknown_ones_are_refused(case):
    client = desk_visit.officer("lukou.shijian")
    assert case.case_no in client.get(INBOX + "?kind=reception").content.decode()
    empty = client.get(INBOX + "?kind=delivery").content.decode()
    assert "没有符合筛选条件的办件" in empty
    assert client.get(INBOX + "?kind=everything").status_code == 422
    assert client.get(INBOX + "?cursor=forged").status_code == 422


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("due=week", True), ("due=today", False), ("state=submitted", True), ("state=handling", False),
        ("channel=web", True), ("channel=window", False), ("claimed=nobody", True), ("claimed=me", False),
        ("name=食品", True), ("name=道路", False), ("since=2020-01-01", True), ("until=2020-01-01", False),
        ("sort=-submitted", True), ("sort=item&cols=begun,number", True), ("org=999999", False), ("cols=none", True),
    ],
)  # fmt: skip
def test_every_filter_and_order_is_an_address(case, query, shown):
    page = desk_visit.officer("lukou.shijian").get(f"{INBOX}?{query}").content.decode()
    assert (f"/desk/cases/{case.case_no}/" in page) is shown


def test_a_chosen_filter_is_a_chip_that_takes_itself_away(case):
    client = desk_visit.officer("lukou.shijian")
    chips = client.get(INBOX + "?state=submitted&due=week&sort=item").context["sheet"].chips
    assert [(one.label, one.href) for one in chips] == [
        ("到期：五个工作日内到期", "?state=submitted&sort=item"),
        ("状态：已申报", "?due=week&sort=item"),
    ]


@pytest.mark.parametrize("query", ["state=lost", "sort=name", "claimed=all", "org=x", "since=gestern", "channel=fax"])
def test_what_is_not_offered_is_refused(query):
    assert desk_visit.officer("lukou.shijian").get(f"{INBOX}?{query}").status_code == 422


def test_columns_are_left_out_and_brought_back(case):
    client = desk_visit.officer("lukou.shijian")
    page = client.get(INBOX + "?cols=begun").content.decode()
    assert "办件编号</th>" not in page
    assert 'aria-current="true">提交日期' in page
    assert "?cols=source,who" not in page


def test_late_cases_stand_in_their_own_band_first(case, freeze):
    with freeze(moment.now() + timedelta(days=20)):
        page = desk_visit.officer("lukou.shijian").get(INBOX).content.decode()
    assert "已超期限" in page
    assert "超 " in page


def test_fifty_rows_cost_as_many_queries_as_one(case):
    client = desk_visit.officer("lukou.shijian")
    client.get(INBOX)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(INBOX)
    desk_visit.copies(case, 60)
    with CaptureQueriesContext(connection) as many:
        page = client.get(INBOX)
    assert page.content.decode().count("inbox__due") == 50
    assert len(many) <= len(few)
    assert len(many) <= 25


def test_the_next_page_goes_on_where_the_first_ended(case):
    numbers = {case.case_no, *desk_visit.copies(case, 55)}
    client = desk_visit.officer("lukou.shijian")
    first = client.get(INBOX)
    sheet = first.context["sheet"]
    second = client.get(INBOX, {"cursor": sheet.next}).context["sheet"]
    seen = [line.key for page in (sheet, second) for band in page.bands for line in band.lines]
    assert len(seen) == 56
    assert set(seen) == numbers


def test_marked_cases_are_received_at_once_and_what_cannot_be_is_said(case):
    client = desk_visit.officer("lukou.shijian")
    foreign = "11430212YL7D5X727C4000131016000202601019999"
    for done, unchanged in ((1, 0), (0, 1)):
        answer = client.post("/desk/cases/batch/receive/", {"key": [case.case_no, foreign], "next": INBOX})
        page = answer.content.decode()
        assert f"办成 {done} 件，原已办过 {unchanged} 件，没有办成 1 件" in page
        assert "没有找到" in page
        case.refresh_from_db()
        assert case.state == "received"
    assert story.kinds(case).count("CaseReceived") == 1


def test_marked_steps_are_taken_on(case):
    story.Walk(case).receive().accept()
    client = desk_visit.officer("lukou.shijian")
    client.post("/desk/cases/batch/claim/", {"key": [case.case_no]})
    taken = CaseStep.objects.select_related("claimed_by").get(case=case, state="open")
    assert taken.claimed_by is not None
    assert taken.claimed_by.login == "lukou.shijian"


def test_a_batch_leads_nowhere_else_and_knows_four_acts_only(case):
    client = desk_visit.officer("lukou.shijian")
    away = client.post("/desk/cases/batch/receive/", {"next": "https://example.org/"})
    assert away["Location"] == INBOX
    assert client.post("/desk/cases/batch/decide/", {"key": [case.case_no]}).status_code == 404
    assert client.get("/desk/cases/batch/receive/").status_code == 405


def test_names_are_text_never_markup(case):
    InboxEntry.objects.filter(case=case).update(applicant_masked="<script>alert(1)</script>" + "长" * 150)
    page = desk_visit.officer("lukou.shijian").get(INBOX).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_citizens_and_visitors_do_not_get_in(case, client):
    assert client.get(INBOX).status_code == 302
    citizen = Account.objects.filter(kind="citizen").earliest("pk")
    assert log_in(client, citizen).get(INBOX).status_code in {403, 404}
