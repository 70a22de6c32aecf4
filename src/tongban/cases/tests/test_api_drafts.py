"""An application written step by step over the API, and followed to its papers."""

import pytest

from tongban.cases.models import Case, Draft
from tongban.cases.tests import story
from tongban.cases.tests.test_api import Caller, body, caller, problem
from tongban.files.models import StoredFile

__all__ = ["body", "caller"]

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def draft_id(caller, body):
    answer = caller.post("/drafts", {"task_code": body["task_code"], "applicant": body["applicant"]})
    assert answer.status_code == 201, answer.content
    return answer.json()["id"]


def written(caller, body, draft_id):
    """The whole draft, and what its check says."""
    for part, sent in (("answers", {"answers": body["answers"]}), ("form", {"form": body["form"]})):
        assert caller.send("PUT", f"/drafts/{draft_id}/{part}", sent).status_code == 200
    answer = caller.send("PUT", f"/drafts/{draft_id}/service", body["service"])
    assert answer.status_code == 200, answer.content
    return caller.get(f"/drafts/{draft_id}/check").json()


def test_a_draft_is_written_checked_signed_and_submitted_once(caller, body, draft_id):
    first = caller.get(f"/drafts/{draft_id}/check").json()
    assert not first["complete"]
    assert {"questions", "form"} & set(first["problems"])
    assert caller.get(f"/drafts/{draft_id}").json()["next_question"]
    check = written(caller, body, draft_id)
    assert check["complete"], check
    assert body["applicant"]["name"] in check["content"]
    wrong = {"sha256": "0" * 64, "signature": {"serial": "1"}}
    problem(caller.post(f"/drafts/{draft_id}/submit", wrong, key="s"), 409, "content_changed")
    signed = {"sha256": check["sha256"], "signature": {"serial": "1"}}
    done = caller.post(f"/drafts/{draft_id}/submit", signed, key="s")
    assert done.status_code == 201, done.content
    again = caller.post(f"/drafts/{draft_id}/submit", signed, key="another")
    assert again.json() == done.json()
    assert Case.objects.count() == 1
    problem(caller.send("PUT", f"/drafts/{draft_id}/form", {"form": {}}), 409, "draft_submitted")
    problem(caller.send("DELETE", f"/drafts/{draft_id}"), 409, "draft_submitted")


def test_files_are_handed_in_taken_back_and_go_with_the_draft(caller, body, draft_id):
    written(caller, body, draft_id)
    file = caller.upload().json()["id"]
    problem(
        caller.post(f"/drafts/{draft_id}/materials", {"key": "no_such", "file_id": file}), 422, "material_not_asked"
    )
    wanted = [one["key"] for one in caller.get(f"/drafts/{draft_id}/check").json()["materials"] if one["how"] != "form"]
    for key in wanted[:1]:
        kept = caller.post(f"/drafts/{draft_id}/materials", {"key": key, "file_id": file})
        assert [one["file_id"] for one in kept.json()["files"]] == [file]
        assert caller.send("DELETE", f"/drafts/{draft_id}/materials/{file}").json()["files"] == []
        assert not StoredFile.objects.filter(public_id=file).exists()
    problem(caller.send("DELETE", f"/drafts/{draft_id}/materials/none"), 404, "file_not_found")
    assert caller.send("DELETE", f"/drafts/{draft_id}").status_code == 204
    assert not Draft.objects.filter(client_id=caller.row.pk).exists()
    problem(caller.get(f"/drafts/{draft_id}"), 404, "draft_not_found")


def test_a_method_that_an_address_has_not_is_a_problem_document(caller):
    answer = caller.send("PATCH", "/cases")
    problem(answer, 405, "http_405")
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


def test_a_draft_is_its_systems_alone(caller, body, draft_id):
    other = Caller("cases:submit", "cases:track", name="另一个系统")
    before = story.world()
    for method, path, sent in (
        ("GET", "", None),
        ("GET", "/check", None),
        ("PUT", "/answers", {"answers": {}}),
        ("PUT", "/form", {"form": {}}),
        ("PUT", "/service", body["service"]),
        ("POST", "/submit", {"sha256": "0" * 64}),
        ("DELETE", "", None),
    ):
        problem(other.send(method, f"/drafts/{draft_id}{path}", sent), 404, "draft_not_found")
    assert story.world() == before


def test_a_list_holds_a_systems_own_cases_page_by_page(caller, body, cast):
    numbers = [caller.post("/cases", body).json()["case_no"] for _ in range(3)]
    story.submitted(cast.citizen)
    first = caller.get("/cases?size=2")
    assert [one["case_no"] for one in first.json()["items"]] == numbers[:0:-1]
    rest = caller.get(f"/cases?size=2&cursor={first.json()['next']}").json()
    assert ([one["case_no"] for one in rest["items"]], rest["next"]) == (numbers[:1], None)
    assert 'rel="next"' in first["Link"]
    assert Caller("cases:track", name="另一个系统").get("/cases").json()["items"] == []


def test_papers_and_licences_are_fetched_once_they_are_served(caller, body):
    number = caller.post("/cases", body).json()["case_no"]
    walk = story.Walk(Case.objects.get(case_no=number))
    problem(caller.post(f"/cases/{number}/take", {}), 409, "case_state")
    problem(caller.get(f"/cases/{number}/correction"), 404, "correction_not_found")
    problem(caller.post(f"/cases/{number}/correction", {}), 404, "correction_not_found")
    walk.receive().accept().to_decision().pay().decide().issue().pay()
    before = {one["kind"] for one in caller.get(f"/cases/{number}/documents").json()["items"]}
    assert "granted" not in before
    assert {"receipt", "acceptance"} <= before
    taken = caller.post(f"/cases/{number}/take", {})
    assert taken.status_code == 200, taken.content
    papers = {one["kind"]: one["id"] for one in caller.get(f"/cases/{number}/documents").json()["items"]}
    assert "granted" in papers
    assert "approval_form" not in papers
    file = caller.get(f"/cases/{number}/documents/{papers['granted']}")
    assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")
    assert file.content.startswith(b"%PDF-")
    problem(caller.get(f"/cases/{number}/documents/none"), 404, "document_not_found")
    other = Caller("cases:submit", "cases:track", name="另一个系统")
    for path in ("documents", f"documents/{papers['granted']}", "licences", "correction"):
        problem(other.get(f"/cases/{number}/{path}"), 404, "case_not_found")
    assert isinstance(caller.get(f"/cases/{number}/licences").json()["items"], list)


def test_a_correction_is_read_and_answered_by_the_system_that_filed(caller, body):
    number = caller.post("/cases", body).json()["case_no"]
    walk = story.Walk(Case.objects.get(case_no=number)).receive()
    field = next(iter(body["form"]))
    walk.notify(field=field)
    notice = caller.get(f"/cases/{number}/correction").json()
    assert [(one["kind"], one["key"]) for one in notice["defects"]] == [("field", field)]
    assert set(notice["form"]["properties"]) == {field}
    done = caller.post(f"/cases/{number}/correction", {"form": {field: body["form"][field]}})
    assert done.status_code == 200, done.content
    assert done.json()["state"] == "received"
    assert caller.get(f"/cases/{number}/correction").json()["answered_at"]
    problem(caller.post(f"/cases/{number}/correction", {"form": {}}), 409, "case_state")
