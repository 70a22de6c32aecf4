"""Power, responsibility and negative lists say what the catalogue says, no more and no less."""

import pytest
from django.test import Client

from tongban.catalogue import commands, queries
from tongban.catalogue.duties import duties
from tongban.catalogue.models import Implementation
from tongban.catalogue.tests.factories import BODY, TASK_CODE, body, definition, published
from tongban.catalogue.tests.test_desk import EDITOR, bodies, staff
from tongban.identity.tests.cast import log_in
from tongban.kernel.actor import SYSTEM, Role
from tongban.kernel.problems import Invalid, NotFound

__all__ = ["bodies"]


def test_every_step_stands_among_the_duties_with_its_post_and_limit():
    it = definition(
        steps__0__limit={"amount": 3, "unit": "working_days"},
        special_procedures=[{
            "key": "visit", "name": "现场勘查", "during": "examine", "limit": {"amount": 5, "unit": "working_days"},
            "basis": "示例条例第三条", "counts_in_limit": False,
        }],
    )  # fmt: skip
    found = duties(it)
    assert [one.stage for one in found] == ["受理", "审查", "决定", "送达", "事后监管"]
    assert (found[1].role, found[1].limit) == ("case_officer", "3 个工作日")
    assert "现场勘查" in found[1].what
    assert (found[2].role, found[2].limit) == ("leader", "10 个工作日")
    assert "示例许可证" in found[3].what
    assert all("行政许可法" in one.basis for one in found)


def test_an_item_that_is_no_permit_stands_on_its_own_provision_and_one_without_a_result_makes_none():
    it = definition(kind="05", result={"kind": "none"})
    found = duties(it)
    assert {one.basis for one in found if one.basis} == {"《示例条例》第一条"}
    assert (found[3].stage, found[3].limit) == ("送达", "")


def test_a_body_s_lists_hold_what_it_runs_now(bodies):
    own = queries.listed_body(BODY)
    assert [one.task_code for one in queries.power_list(own).items] == [TASK_CODE]
    (one,) = queries.responsibility_list(own).items
    assert one.complaint_phone == "0731-12345"
    assert {row.body for row in one.rows} == {own.name}
    assert [row.role for row in one.rows][:3] == ["窗口人员", "承办人", "审批人"]
    commands.suspend(actor=SYSTEM, task_code=TASK_CODE, reason="停电")
    assert len(queries.power_list(own).items) == 1
    commands.cancel(actor=SYSTEM, task_code=TASK_CODE, reason="废止")
    assert queries.power_list(own).items == []
    with pytest.raises(NotFound):
        queries.listed_body(BODY)


def test_the_bodies_with_lists_are_found_by_name_and_within_reach(bodies):
    assert len(queries.listed_bodies().items) == 4
    assert [one.name for one in queries.listed_bodies(words="区04").items] == ["区04局"]
    county = queries.within_reach(staff(Role.SUPERVISOR, "430204000000"))
    assert [one.name for one in queries.listed_bodies(within=county).items] == ["区04局"]
    with pytest.raises(NotFound):
        queries.listed_body(BODY, within=county)
    assert queries.listed_body(BODY, within=queries.within_reach(EDITOR)).code == BODY
    with pytest.raises(Invalid):
        queries.listed_bodies(cursor="made-up")


def test_what_needs_a_permit_stands_under_its_industry_once(bodies):
    other = definition(
        name="示例运输许可", catalog_code="000131017000", topics=["c:010", "c:090"],
        task_code=f"{BODY}3000131017000",
    )  # fmt: skip
    published(other, body(), slug="transport")
    service = definition(name="示例服务", catalog_code="002031018000", kind="20", task_code=f"{BODY}3002031018000")
    published(service, body(), slug="service")
    found = {one.name: [(row.base.name, row.bodies) for row in one.rows] for one in queries.negative_list()}
    assert found == {"交通运输": [("示例运输许可", 1)], "准营准办": [("示例许可", 4)]}
    county = Implementation.objects.get(organisation__name="区04局").organisation
    assert [one.name for one in queries.negative_list(county)] == ["准营准办"]


def test_a_list_takes_no_more_statements_for_more_items(bodies, django_assert_max_num_queries):
    own = queries.listed_body(BODY)
    for read in (queries.power_list, queries.responsibility_list, queries.negative_list):
        with django_assert_max_num_queries(2):
            read(own)


def test_everybody_reads_the_lists_and_staff_those_in_reach(city, cast):
    code = Implementation.objects.select_related("organisation").filter(level="4").earliest("pk").organisation.code
    visitor, editor = Client(), log_in(Client(), cast.account("editor"))
    for address, words in (
        ("/lists/", "权责清单"),
        ("/lists/?q=没有这种", "没有这样的机构"),
        ("/lists/negative/", "没有取得《"),
        (f"/lists/{code}/power/", "设定依据"),
        (f"/lists/{code}/responsibility/", "事后监管"),
        (f"/lists/{code}/negative/", "不得"),
    ):
        answer = visitor.get(address)
        assert (answer.status_code, words in answer.content.decode()) == (200, True), address
    assert visitor.get(f"/lists/{code}/other/").status_code == 404
    assert visitor.get("/lists/nobody/power/").status_code == 404
    for address in ("/desk/items/lists/", *(f"/desk/items/lists/{code}/{key}/" for key in queries.KINDS_OF_LIST)):
        assert editor.get(address).status_code == 200, address
    assert log_in(Client(), cast.account("officer")).get("/desk/items/lists/").status_code == 404
