"""Every refusal and error is a problem document for programs and a designed page for people."""

import json

import pytest

from tongban.base.web import messages
from tongban.base.web.tests.urls import HOSTILE

STATUSES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)


def problem_of(response):
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert {"type", "title", "status", "instance", "code"} <= body.keys()
    assert body["status"] == response.status_code
    assert body["type"] == f"urn:tongban:problem:{body['code']}"
    return body


def test_a_refusal_is_a_problem_document_under_the_api(visitor):
    response = visitor.get("/api/v1/refuse/")
    body = problem_of(response)
    assert response.status_code == 409
    assert (body["code"], body["instance"]) == ("already_accepted", "/api/v1/refuse/")
    assert body["title"] == "这件已经受理，不能再发补正告知书。"
    assert body["data"]["case_no"] == "1"


def test_a_refusal_is_a_page_with_its_sentence_and_law_for_people(visitor):
    response = visitor.get("/refuse/")
    page = response.content.decode()
    assert response.status_code == 409
    assert response["Content-Type"].startswith("text/html")
    assert "这件已经受理，不能再发补正告知书。" in page
    assert "《行政许可法》第三十二条" in page
    assert response["Cache-Control"] == "no-store"


def test_fields_of_an_invalid_submission_reach_both_readers(visitor):
    assert problem_of(visitor.get("/api/v1/invalid/"))["errors"] == [{"field": "phone", "message": "少 1 位"}]
    response = visitor.get("/invalid/")
    assert response.status_code == 422
    assert "少 1 位" in response.content.decode()


def test_what_is_absent_is_named_and_never_explained(visitor):
    response = visitor.get("/absent/")
    assert response.status_code == 404
    assert "没有找到这件办件" in response.content.decode()
    assert problem_of(visitor.get("/api/v1/absent/"))["code"] == "not_found"


@pytest.mark.parametrize("path", ["/hurried/", "/api/v1/hurried/"])
def test_too_many_says_when_to_come_back(visitor, path):
    response = visitor.get(path)
    assert (response.status_code, response["Retry-After"]) == (429, "60")


@pytest.mark.parametrize(("path", "status"), [("/nowhere/", 404), ("/only_post/", 405), ("/broken/", 500)])
def test_http_errors_have_both_faces(visitor, path, status):
    page = visitor.get(path)
    assert page.status_code == status
    assert "接下来可以" in page.content.decode()
    assert "secret detail" not in page.content.decode()
    body = problem_of(visitor.get(f"/api/v1{path}"))
    assert body["status"] == status
    assert "secret detail" not in json.dumps(body)


def test_a_wrong_method_still_names_the_right_one(visitor):
    assert visitor.get("/only_post/")["Allow"] == "POST"


def test_a_broken_page_names_the_number_of_the_request(visitor):
    response = visitor.get("/broken/", headers={"X-Request-ID": "abcdefgh-1234"})
    assert "abcdefgh-1234" in response.content.decode()


def test_an_error_page_that_fails_itself_still_says_what_to_do(visitor, monkeypatch):
    monkeypatch.setattr("tongban.base.web.refusals.status_response", lambda *_: 1 / 0)
    response = visitor.get("/broken/")
    assert response.status_code == 500
    assert "过几分钟刷新再试" in response.content.decode()


def test_htmx_gets_a_notice_in_the_place_for_it(visitor):
    response = visitor.get("/refuse/", headers={"HX-Request": "true"})
    assert response["HX-Retarget"] == "#flash"
    assert "<html" not in response.content.decode()
    assert "不能再发补正告知书" in response.content.decode()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_hostile_words_of_a_refusal_stay_words(visitor, headers):
    page = visitor.get("/hostile/", headers=headers).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert problem_of(visitor.get("/api/v1/hostile/"))["title"] == HOSTILE


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_a_sentence_a_next_step_and_one_act(status):
    message = messages.of_status(status)
    assert message.title
    assert message.sentence.endswith("。")
    assert message.steps
    assert message.act


def test_too_large_a_body_is_told_as_such(visitor, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    response = visitor.post("/elder/", {"size": "2" * 50})
    assert response.status_code == 413
    assert "20 MB" in response.content.decode()
