"""Calls that come twice, too often, or without a key."""

import re

import pytest
from django.test import Client

from tongban.cases.models import Case
from tongban.cases.tests import story
from tongban.cases.tests.test_api import BASE, Caller, body, caller, problem
from tongban.files.models import StoredFile

__all__ = ["body", "caller"]

pytestmark = pytest.mark.usefixtures("city")


def test_an_upload_repeated_is_one_file(caller):
    content = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    first = caller.upload(key="u")
    assert first.status_code == 201, first.content
    again = caller.upload(key="u")
    assert (again.status_code, again.json()) == (201, first.json())
    assert StoredFile.objects.filter(owner_ref=f"client:{caller.row.pk}").count() == 1
    problem(caller.upload(content=content, key="u"), 422, "idempotency_key_reused")
    problem(caller.upload(title="另一份", key="u"), 422, "idempotency_key_reused")
    assert StoredFile.objects.filter(owner_ref=f"client:{caller.row.pk}").count() == 1


def test_a_withdrawal_repeated_gets_its_first_answer_and_a_key_is_bound_to_its_address(caller, body):
    number = caller.post("/cases", body, key="file").json()["case_no"]
    first = caller.post(f"/cases/{number}/withdraw", {"reason": "重复申请。"}, key="w")
    assert first.status_code == 200
    before = story.world()
    again = caller.post(f"/cases/{number}/withdraw", {"reason": "重复申请。"}, key="w")
    assert (again.status_code, again.json()) == (200, first.json())
    problem(caller.post(f"/cases/{number}/withdraw", {"reason": "别的。"}, key="w"), 422, "idempotency_key_reused")
    problem(caller.post(f"/cases/{number}/withdraw", {}, key="file"), 422, "idempotency_key_reused")
    assert story.world() == before


def test_a_refusal_keeps_nothing_under_its_key(caller, body):
    problem(caller.post("/cases/1/withdraw", {}, key="k"), 404, "case_not_found")
    assert caller.post("/cases", body, key="k").status_code == 201


def test_without_a_key_nothing_that_changes_is_done(caller, body):
    number = caller.post("/cases", body).json()["case_no"]
    told = problem(caller.post(f"/cases/{number}/withdraw", {}, key=None), 422, "idempotency_key_missing")
    assert "Idempotency-Key" in told["title"]
    assert Case.objects.get(case_no=number).state == "submitted"


def test_a_system_that_calls_too_often_is_told_when_to_come_back(caller, settings):
    settings.API_CALLS_PER_MINUTE = {"client": 2, "address": 2}
    first = caller.get("/cases/1")
    assert re.fullmatch(r'"client";r=1;t=\d+', first["RateLimit"])
    assert first["RateLimit-Policy"] == '"client";q=2;w=60'
    caller.get("/cases/1")
    refused = caller.get("/cases/1")
    problem(refused, 429, "too_many_requests")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["RateLimit"].startswith('"client";r=0;')
    assert Caller("cases:track", name="另一个系统").get("/cases/1").status_code == 404


def test_for_one_applicant_no_more_is_begun_than_anybody_needs(caller, body, settings):
    settings.API_FILINGS_PER_HOUR = 1
    assert caller.post("/cases", body).status_code == 201
    begun = {"task_code": body["task_code"], "applicant": body["applicant"]}
    refused = caller.post("/drafts", begun)
    problem(refused, 429, "too_many_requests")
    assert int(refused["Retry-After"]) >= 1
    problem(Caller("cases:submit", name="另一个系统").post("/cases", body), 429, "too_many_requests")
    assert Case.objects.count() == 1


def test_an_address_without_a_token_has_its_own_limit_and_pages_of_people_have_none(settings):
    settings.API_CALLS_PER_MINUTE = {"client": 2, "address": 1}
    assert Client().get(f"{BASE}/items").status_code == 200
    problem(Client().get(f"{BASE}/items"), 429, "too_many_requests")
    assert Client().get(f"{BASE}/items", REMOTE_ADDR="192.0.2.7").status_code == 200
    page = Client().get("/")
    assert page.status_code == 200
    assert "RateLimit" not in page


def test_a_page_of_a_list_names_the_next_in_its_body_and_in_its_header():
    first = Client().get(f"{BASE}/items?size=1")
    address = re.fullmatch(r'<http://testserver(\S+)>; rel="next"', first["Link"])
    assert address
    second = Client().get(address[1])
    assert second.status_code == 200
    assert 'rel="prev"' in second["Link"]
    assert second.json()["items"] != first.json()["items"]
    assert Client().get(f"{BASE}/items?cursor=made-up").status_code == 422
