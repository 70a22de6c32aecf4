"""Whatever is sent, the answer is a designed one: never a 500, never an echo that runs, never unbounded work."""

import json
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.usefixtures("city")

HOSTILE = "<script>alert(1)</script>'\"><img src=x onerror=alert(2)>{{ 7*7 }}{% load ui %}"
NUL_ADDRESSES = [
    "/search/?q=%00", "/person/?q=a%00b&division=%00", "/halls/?division=%00", "/items/%00/", "/items/choose/a%00/",
    "/verify/%00", "/verify/?code=%00", "/track/?no=%00", "/api/v1/items?q=%00", "/api/v1/items/%00",
    "/api/v1/items?cursor=%00", "/accounts/login/?next=%00", "/sitemap/?%00=1",
]  # fmt: skip


@pytest.mark.parametrize("address", NUL_ADDRESSES)
def test_a_nul_in_an_address_is_refused_and_not_a_fault_of_ours(browser, address):
    assert browser().get(address).status_code in {400, 404}


@pytest.mark.parametrize("who", ["citizen", "officer", "clerk"])
def test_a_nul_in_an_address_behind_the_log_in_is_refused_too(browser, who):
    client = browser(who)
    for address in ("/my/cases/%00/", "/my/?cursor=%00", "/desk/cases/%00/", "/desk/cases/?kind=%00", "/payments/%00/",
                    "/window/?q=%00", "/window/new/%00/", "/apply/%00/", "/messages/?cursor=%00"):  # fmt: skip
        assert client.get(address).status_code in {400, 403, 404, 422}, address


@pytest.mark.parametrize("value", ["\x00", "a\x00b"])
def test_a_nul_in_a_form_is_refused(browser, value):
    assert browser().post("/track/", {"case_no": value, "password": value}).status_code in {400, 422}
    assert browser().post("/accounts/login/", {"phone": value}).status_code in {400, 422}
    assert browser().post("/accounts/login/password/", {"login": value, "password": value}).status_code in {400, 422}
    assert browser("citizen").post("/account/preferences/", {"email": value}).status_code in {400, 422}


DEEP = "[" * 50_000 + "]" * 50_000
BODIES = {
    "deep": '{"case_no": ' + DEEP + "}",
    "half": '{"case_no": ',
    "a nul": '{"case_no": "1234567890\\u0000", "query_password": "12345678\\u0000"}',
    "half a character": '{"case_no": "1234567890\\ud800", "query_password": "12345678\\ud800"}',
    "a number without end": '{"case_no": ' + "9" * 5000 + "}",
    "not a number": '{"case_no": NaN, "query_password": Infinity}',
    "not utf-8": b'{"case_no": "\xff\xfe"}',
    "a list": "[]",
    "nothing": "",
}


@pytest.mark.parametrize("name", list(BODIES))
def test_a_broken_body_is_answered_with_a_problem_document(browser, name):
    answer = browser().post("/api/v1/track", BODIES[name], content_type="application/json")
    assert answer.status_code in {400, 404, 413, 422}, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"]
    assert answer.json()["title"]


@pytest.mark.parametrize("name", ["deep", "a nul", "half a character", "not a number"])
def test_a_filing_with_a_broken_part_is_refused_and_leaves_nothing(browser, system, cast, name):
    from tongban.cases.models import Draft
    from tongban.cases.tests import story

    parts = {
        "deep": DEEP, "a nul": '"a\\u0000b"', "half a character": '"\\ud800"', "not a number": "NaN",
    }  # fmt: skip
    task_code = story.implementation_for(story.sample()).task_code
    body = (
        f'{{"task_code": "{task_code}", "applicant": {{"kind": "person", "name": "陈桂兰", "document_kind": "111",'
        ' "document_number": "430212197803120021"}, "service": {"address": "株洲市天元区神农大道399号"},'
        f' "answers": {{"kind": {parts[name]}}}, "form": {{"name": {parts[name]}}}}}'
    )  # fmt: skip
    token = system("cases:submit")
    before = Draft.objects.count()
    answer = browser().post(
        "/api/v1/cases", body, content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k1"},
    )  # fmt: skip
    assert answer.status_code in {400, 422}, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert Draft.objects.count() == before


@pytest.mark.parametrize("key", ["", " ", "x" * 121, "a\u200bb", "x" * 10_000])
def test_a_bad_idempotency_key_is_refused(browser, system, key):
    token = system("cases:submit")
    answer = browser().post(
        "/api/v1/cases", "{}", content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
    )  # fmt: skip
    assert answer.status_code in {400, 422}


def test_more_than_two_megabytes_of_json_are_not_read(browser):
    body = json.dumps({"case_no": "1" * (3 * 1024 * 1024), "query_password": "12345678"})
    answer = browser().post("/api/v1/track", body, content_type="application/json")
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"


def test_a_body_longer_than_any_upload_is_refused_before_it_is_read(city):
    class Endless:
        def read(self, *_sizes: Any) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    endless: Any = {"wsgi.input": Endless()}
    answer = Client(raise_request_exception=False).post(
        "/track/", data=b"", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(10 * 1024**3), **endless,
    )  # fmt: skip
    assert answer.status_code == 413
    assert "Content-Security-Policy" in answer


@pytest.mark.parametrize(
    "address", ["/search/?q=", "/verify/?code=", "/track/?no=", "/accounts/login/?next=", "/halls/?q="]
)
def test_what_was_typed_is_shown_as_text(browser, address):
    from urllib.parse import quote

    said = browser().get(address + quote(HOSTILE)).content.decode()
    assert "<script>alert" not in said
    assert "onerror=alert(2)>" not in said.replace("&gt;", "")
    assert "7*7" in said or "'\">" not in said


@pytest.mark.parametrize("cursor", ["x", "x" * 5000, "eyJhIjoxfQ", "1:2:3", HOSTILE])
def test_a_cursor_that_is_not_ours_is_refused(browser, cursor):
    for who, address in (
        ("citizen", "/my/"),
        ("citizen", "/messages/"),
        ("officer", "/desk/cases/"),
        ("visitor", "/api/v1/items"),
    ):
        assert browser(who).get(address, {"cursor": cursor}).status_code == 422, address
