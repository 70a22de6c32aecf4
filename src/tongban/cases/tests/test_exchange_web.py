"""数据汇聚 on the desk and over the API."""

import io
import json
import zipfile
from typing import Any

import pytest

from tongban.base import outbox
from tongban.base.models import Event
from tongban.cases import commands
from tongban.cases.models import Case, ExchangeBatch, ExchangeRow
from tongban.cases.tests import desk_visit, story
from tongban.cases.tests.test_api import Caller, body, caller
from tongban.cases.tests.test_exchange import CITY, report
from tongban.directory.models import Organisation

__all__ = ["body", "caller"]

pytestmark = pytest.mark.usefixtures("city")
HOME = "/desk/exchange/"


def test_a_supervisor_orders_a_batch_sees_it_and_takes_it(cast):
    walk = story.walk().receive()
    browser = desk_visit.visitor_as(cast.supervisor)
    page = browser.get(HOME).content.decode()
    assert "还没有批次" in page
    assert "株洲市" in page
    answer = browser.post(f"{HOME}order/", {"reach": CITY, "mode": "changes", "case_numbers": ""})
    batch = ExchangeBatch.objects.get()
    assert answer["Location"] == f"{HOME}{batch.number}/"
    waiting = browser.get(answer["Location"]).content.decode()
    assert "还在汇聚" in waiting
    assert "/download/" not in waiting
    commands.make_batch(number=batch.number)
    shown = browser.get(answer["Location"]).content.decode()
    for words in ("核对办件 1 件", "up_pro_accept", cast.supervisor.name):
        assert words in shown
    assert batch.number in browser.get(HOME).content.decode()
    taken = browser.post(f"{HOME}{batch.number}/download/", {"form": "json"})
    assert taken["Content-Disposition"] == f'attachment; filename="{batch.number}-json.zip"'
    files = zipfile.ZipFile(io.BytesIO(taken.getvalue()))
    [line] = files.read("pre_apasinfo.json").decode().splitlines()
    assert json.loads(line)["projid"] == walk.no
    assert Event.objects.get(kind="ExchangeBatchExported").actor_ref == cast.supervisor.ref


def test_what_was_held_back_stands_on_the_page_with_its_reason_and_without_its_value(cast):
    walk = story.walk()
    walk.case.service = walk.case.service | {"investment_project_code": "9" * 25}
    walk.case.save(update_fields=["service"])
    batch = report()
    browser = desk_visit.visitor_as(cast.supervisor)
    page = browser.get(f"{HOME}{batch.number}/").content.decode()
    for words in ("未上报 1 件", "投资项目编号", "超过规定长度", walk.no, "待更正"):
        assert words in page
    assert "9" * 25 not in page
    report()
    assert "已在以后的批次重新核对" in browser.get(f"{HOME}{batch.number}/").content.decode()


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"mode": "resend", "case_numbers": ""}, 422, "请填写 1 至 200 个办件编号"),
        ({"mode": "resend", "case_numbers": "1143\n9999"}, 422, "有 2 个办件编号不存在"),
        ({"mode": "x"}, 422, "请选择增量"),
    ],
)
def test_an_order_that_is_wrong_comes_back_with_what_was_written(sent, status, words, cast):
    browser = desk_visit.visitor_as(cast.supervisor)
    answer = browser.post(f"{HOME}order/", sent)
    assert answer.status_code == status
    page = answer.content.decode()
    for part in (words, *sent.get("case_numbers", "").split()):
        assert part in page
    assert not ExchangeBatch.objects.exists()


def test_a_second_batch_waits_for_the_first_and_an_unfinished_one_is_not_given_out(cast):
    browser = desk_visit.visitor_as(cast.supervisor)
    browser.post(f"{HOME}order/", {"mode": "full"})
    again = browser.post(f"{HOME}order/", {"mode": "full"})
    assert (again.status_code, "上一个批次还在汇聚" in again.content.decode()) == (409, True)
    batch = ExchangeBatch.objects.get()
    taken = browser.post(f"{HOME}{batch.number}/download/", {"form": "csv"})
    assert (taken.status_code, "完成后再下载" in taken.content.decode()) == (409, True)
    assert not Event.objects.filter(kind="ExchangeBatchExported").exists()


def test_only_who_reports_has_the_tab(cast):
    assert "数据汇聚" in desk_visit.visitor_as(cast.supervisor).get("/desk/search/").content.decode()
    assert "数据汇聚" not in desk_visit.visitor_as(cast.clerk).get("/desk/search/").content.decode()


def test_the_pages_cost_the_same_statements_however_much_is_in_them(cast, django_assert_max_num_queries):
    walk = story.walk().receive()
    desk_visit.copies(walk.case, 4)
    batch = report("full")
    browser = desk_visit.visitor_as(cast.supervisor)
    with django_assert_max_num_queries(20):
        assert browser.get(HOME).status_code == 200
    with django_assert_max_num_queries(20):
        assert browser.get(f"{HOME}{batch.number}/").status_code == 200


def everything(system: Caller, after: str = "") -> tuple[list[Any], str]:
    found: list[Any] = []
    while True:
        answer = system.get(f"/exchange/rows?size=3&after={after}" if after else "/exchange/rows?size=3")
        assert answer.status_code == 200, answer.content
        page = answer.json()
        found += page["items"]
        after = page["next"]
        assert page["more"] == ("Link" in answer)
        if not page["more"]:
            return found, after


def test_a_system_orders_a_batch_and_reads_its_rows_from_a_cursor_on(cast):
    walk = story.walk().receive()
    system = Caller("cases:exchange", name="数据汇聚平台")
    assert everything(system)[0] == []
    ordered = system.post("/exchange/batches", {"mode": "changes"})
    assert ordered.status_code == 201, ordered.content
    number = ordered.json()["number"]
    assert everything(system)[0] == [], "a batch that is being made is not read"
    commands.make_batch(number=number)
    rows, cursor = everything(system)
    assert len(rows) == ExchangeRow.objects.count() > 5
    registration = next(one for one in rows if one["table"] == "pre_apasinfo")["columns"]
    assert (registration["projid"], registration["dataver"], registration["cd_operation"]) == (walk.no, 1, "I")
    about = system.get(f"/exchange/batches/{number}").json()
    assert (about["state"], about["rows"], sum(about["tables"].values())) == ("made", len(rows), len(rows))
    assert everything(system, cursor) == ([], cursor)
    walk.accept()
    outbox.relay()
    commands.make_batch(number=system.post("/exchange/batches", {}).json()["number"])
    news, _ = everything(system, cursor)
    assert {one["columns"]["cd_operation"] for one in news if one["table"] == "pre_apasinfo"} == {"U"}


@pytest.mark.parametrize(
    ("name", "value"), [("zip_code", "41210"), ("division", "4302"), ("investment_project_code", "2026-1")]
)
def test_a_system_that_states_what_cannot_be_right_files_nothing(body, caller, name, value):
    body["service"] = body["service"] | {name: value}
    answer = caller.post("/cases", body)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [name]
    assert not Case.objects.exists()


def test_what_a_system_states_of_the_applicant_is_reported(body, caller):
    stated = {"zip_code": "412100", "division": "430212104", "investment_project_code": "2026-430212-47-03-012345"}
    body["service"] = body["service"] | stated
    walk = story.Walk(Case.objects.get(case_no=caller.post("/cases", body).json()["case_no"])).receive().accept()
    row = ExchangeRow.objects.get(batch=report(), table="up_pro_accept", case=walk.case).content
    assert (row["zip_code"], row["apply_division"], row["investment_project_code"]) == tuple(stated.values())
    assert (row["apply_type"], row["applyer_type"]) == ("9", "1")


def test_a_system_hears_what_was_held_back(cast):
    walk = story.walk()
    walk.case.service = walk.case.service | {"investment_project_code": "9" * 25}
    walk.case.save(update_fields=["service"])
    system = Caller("cases:exchange", name="数据汇聚平台")
    number = system.post("/exchange/batches", {}).json()["number"]
    commands.make_batch(number=number)
    about = system.get(f"/exchange/batches/{number}").json()
    assert about["faults"] == [
        {"case_no": walk.no, "table": "pre_apasinfo", "column": "investment_project_code", "reason": "too_long"}
    ]


def test_a_system_of_another_body_or_without_the_scope_reads_nothing(cast):
    story.walk()
    batch = report()
    elsewhere = Caller("cases:exchange", name="别处")
    elsewhere.row.organisation = Organisation.objects.get(ref="430211:sjj")
    elsewhere.row.save(update_fields=["organisation"])
    for system, status in ((Caller("cases:track", "events:read"), 403), (elsewhere, 404)):
        assert system.get(f"/exchange/batches/{batch.number}").status_code == status
    assert everything(elsewhere)[0] == []
    assert Caller("cases:exchange").get("/exchange/rows?after=x").json()["code"] == "bad_cursor"
