"""The JSON API: described completely, idempotent, closed to whoever has no scope, errors as problem+json."""

import json
import secrets
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tongban.cases import commands
from tongban.cases.models import Case
from tongban.cases.tests import story
from tongban.catalogue.queries import definition_of
from tongban.config.rehearsal.samples import sample_pdf
from tongban.directory.models import Organisation
from tongban.identity import commands as identity
from tongban.identity.models import ApiClient
from tongban.kernel.actor import SYSTEM

pytestmark = pytest.mark.usefixtures("city")

BASE = "/api/v1"
FRESH = "a key for this call only"


class Caller:
    """A system that calls with its token."""

    def __init__(self, *scopes: str, name: str = "示例系统") -> None:
        body = Organisation.objects.get(ref="430200:sjj")
        self.row, self.token = identity.issue_api_client(
            SYSTEM, name=name, organisation=body, scopes=scopes, valid_to=date(2099, 12, 31)
        )
        self.client = Client()

    def get(self, path: str) -> Any:
        return self.client.get(BASE + path, headers={"Authorization": f"Bearer {self.token}"})

    def post(self, path: str, body: Any, key: str | None = FRESH) -> Any:
        key = secrets.token_hex(8) if key == FRESH else key
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": key} if key is not None else {})
        data = body if isinstance(body, str) else json.dumps(body)
        return self.client.post(BASE + path, data, content_type="application/json", headers=headers)

    def send(self, method: str, path: str, body: Any = None) -> Any:
        if method == "POST":
            return self.post(path, body)
        headers = {"Authorization": f"Bearer {self.token}"}
        data = "" if body is None else json.dumps(body)
        return self.client.generic(method, BASE + path, data, content_type="application/json", headers=headers)

    def upload(self, title: str = "布局图", content: bytes | None = None, key: str = FRESH) -> Any:
        key = secrets.token_hex(8) if key == FRESH else key
        file = SimpleUploadedFile(f"{title}.pdf", content or sample_pdf(title, "示例"), content_type="application/pdf")
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        return self.client.post(f"{BASE}/files", {"file": file}, headers=headers)


@pytest.fixture
def caller():
    return Caller("cases:submit", "cases:track")


@pytest.fixture
def body(caller, cast):
    """A filing of the pension sample, complete."""
    slug = "resident-pension-enrolment"
    found = story.sample(slug)
    version = story.implementation_for(found).current
    definition = definition_of(version)
    applicant = {
        "kind": "person", "name": found.applicant["name"], "document_kind": "111",
        "document_number": found.applicant["document_number"], "phone": found.phone,
    }  # fmt: skip
    draft = story.draft(story.applicant_of(slug), slug)
    keys = {one.key for one in draft.materials.all()}
    return {
        "task_code": version.implementation.task_code,
        "applicant": applicant,
        "service": {
            "address": "株洲市渌口区津口路128号",
            "electronic_consent": True,
            "delivery": definition.delivery[0],
        },
        "answers": dict(found.answers),
        "form": dict(found.form),
        "materials": {key: [caller.upload(key).json()["id"]] for key in keys},
        "signature": {"method": "人脸识别", "serial": "A-1"},
    }


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    told: dict[str, Any] = answer.json()
    assert told["code"] == code, told
    assert told["status"] == status
    assert told["type"] == f"urn:tongban:problem:{code}"
    assert told["title"]
    return told


# The description.


def test_the_description_is_openapi_31_and_complete():
    described = Client().get(f"{BASE}/openapi.json")
    assert described.status_code == 200
    document = described.json()
    assert document["openapi"].startswith("3.1")
    assert {"/api/v1/cases", "/api/v1/cases/{case_no}", "/api/v1/cases/{case_no}/withdraw", "/api/v1/track", "/api/v1/files"} <= set(document["paths"])  # fmt: skip
    for path, operations in document["paths"].items():
        for method, one in operations.items():
            where = f"{method} {path}"
            assert one["summary"], where
            assert one["operationId"], where
            assert any(code.startswith("2") for code in one["responses"]), where
            reads = path.startswith(("/api/v1/items", "/api/v1/base-items")) and method == "get"
            open_to_all = reads or path in {"/api/v1/track", "/api/v1/public-notices"}
            assert ("security" in one) != open_to_all, where
            if "security" in one:
                assert {"401", "403"} <= set(one["responses"]), where
            for status, answer in one["responses"].items():
                if status[0] == "4":
                    assert set(answer["content"]) == {"application/problem+json"}, where
    names = [one["operationId"] for operations in document["paths"].values() for one in operations.values()]
    assert len(names) == len(set(names))
    check_references(document, document)


def check_references(document: dict[str, Any], node: Any) -> None:
    """Every $ref leads somewhere."""
    if isinstance(node, dict):
        if "$ref" in node:
            target: Any = document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
        for inner in node.values():
            check_references(document, inner)
    elif isinstance(node, list):
        for inner in node:
            check_references(document, inner)


# Filing.


def test_a_filing_makes_a_case_that_only_its_system_tracks(caller, body):
    answer = caller.post("/cases", body, key="one")
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert set(told) == {"case_no", "query_password", "state"}
    case = Case.objects.get(case_no=told["case_no"])
    assert (case.channel, case.client_id, case.account_id) == ("api", caller.row.pk, None)
    shown = caller.get(f"/cases/{case.case_no}")
    assert shown.status_code == 200
    assert shown.json()["state"] == "submitted"
    problem(Caller("cases:track").get(f"/cases/{case.case_no}"), 404, "case_not_found")
    problem(caller.get(f"/cases/{case.case_no[:-1]}x"), 404, "case_not_found")


def test_the_same_key_gives_the_same_answer_and_no_second_case(caller, body):
    first = caller.post("/cases", body, key="same")
    before = story.world()
    for _ in range(3):
        again = caller.post("/cases", body, key="same")
        assert (again.status_code, again.json()) == (201, first.json())
    assert story.world() == before
    changed = body | {"signature": {"method": "其他"}}
    problem(caller.post("/cases", changed, key="same"), 422, "idempotency_key_reused")
    assert story.world() == before
    for key in ("", "x" * 121):
        problem(caller.post("/cases", body, key=key), 422, "idempotency_key_invalid")
    problem(caller.post("/cases", body, key=None), 422, "idempotency_key_missing")
    assert Case.objects.count() == 1


def test_a_key_belongs_to_its_system(caller, body):
    assert caller.post("/cases", body, key="k").status_code == 201
    other = Caller("cases:submit", name="另一个系统")
    theirs = body | {"materials": {key: [other.upload(key).json()["id"]] for key in body["materials"]}}
    assert other.post("/cases", theirs, key="k").status_code == 201
    assert Case.objects.count() == 2


def test_a_filing_that_failed_may_be_sent_again_with_the_same_key(caller, body):
    broken = body | {"service": {"address": "", "delivery": "electronic"}}
    before = Case.objects.count()
    told = problem(caller.post("/cases", broken, key="retry"), 422, "service_invalid")
    assert told["errors"]
    assert Case.objects.count() == before
    assert caller.post("/cases", body, key="retry").status_code == 201


def test_an_incomplete_filing_is_told_everything_and_leaves_nothing(caller, body):
    before = story.world()
    told = problem(caller.post("/cases", body | {"materials": {}, "form": {}}, key="k"), 422, "application_incomplete")
    assert "form" in {one["field"] for one in told["errors"]}
    assert story.world() == before


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"task_code": "1" * 31}, 404, "item_not_found"),
        ({"applicant": {"kind": "robot", "name": "x", "document_kind": "111", "document_number": "1"}}, 422, "invalid"),
        ({"answers": {"nothing": "x"}}, 422, "answer_unknown"),
        ({"materials": {"no_such": ["00000000-0000-4000-8000-000000000000"]}}, 404, "file_not_found"),
        ({"materials": {"no_such": ["no uuid"]}}, 404, "file_not_found"),
        ({"task_code": "short"}, 422, "invalid"),
    ],
)
def test_a_wrong_filing_is_refused_with_a_stable_code(caller, body, changes, status, code):
    before = story.world()
    problem(caller.post("/cases", body | changes, key="k"), status, code)
    assert story.world() == before


COMPANY = {"kind": "company", "document_kind": "001", "name": "株洲示例公司"}


@pytest.mark.parametrize(
    "changes",
    [
        {"document_number": "430212197803120022"},
        {"document_number": "4302"},
        {"document_number": ""},
        {"document_number": "１２３"},
        {"phone": "12345"},
        {"document_kind": "999"},
        COMPANY | {"document_number": "91430211YL0009025X"},
        COMPANY | {"document_number": "430212197803120021"},
    ],
)
def test_an_applicant_who_cannot_be_is_refused_and_leaves_nothing(caller, body, changes):
    before = story.world()
    wrong = body | {"applicant": body["applicant"] | changes}
    answer = caller.post("/cases", wrong, key="k")
    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    assert story.world() == before


def test_a_company_does_not_apply_for_what_only_persons_may(caller, body):
    before = story.world()
    company = COMPANY | {"document_number": "91430211YL0009025K"}
    problem(caller.post("/cases", body | {"applicant": company}, key="k"), 409, "applicant_kind")
    assert story.world() == before


def test_files_of_another_system_cannot_be_named(caller, body):
    other = Caller("cases:submit", name="另一个系统")
    if not body["materials"]:
        body["materials"] = {"anything": []}
    key = next(iter(body["materials"]))
    foreign = body | {"materials": body["materials"] | {key: [other.upload(key).json()["id"]]}}
    before = story.world()
    problem(caller.post("/cases", foreign, key="k"), 404, "file_not_found")
    assert story.world() == before


def test_a_file_that_is_not_what_it_says_is_refused(caller):
    answer = caller.upload("布局图", content=b"MZ this is a program")
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("application/problem+json")


def test_withdrawing_is_for_the_filing_system(caller, body):
    number = caller.post("/cases", body, key="k").json()["case_no"]
    other = Caller("cases:submit", "cases:track", name="另一个系统")
    problem(other.post(f"/cases/{number}/withdraw", {}), 404, "case_not_found")
    done = caller.post(f"/cases/{number}/withdraw", {"reason": "重复申请。"})
    assert done.json()["state"] == "withdrawn"
    problem(caller.post(f"/cases/{number}/withdraw", {}), 409, "case_state")


# Who may call.


def test_without_a_token_or_with_a_dead_one_nothing_answers(caller, body):
    for token in ("", "Bearer nonsense", "Basic abc", f"Bearer {caller.token}x"):
        answer = Client().get(f"{BASE}/cases/1", headers={"Authorization": token} if token else {})
        problem(answer, 401, "token_missing")
        assert answer["WWW-Authenticate"] == "Bearer"
    identity.revoke_api_client(SYSTEM, client_id=caller.row.pk)
    problem(caller.post("/cases", body, key="k"), 401, "token_missing")
    ApiClient.objects.filter(pk=caller.row.pk).update(revoked_at=None, valid_to=date(2020, 1, 1))
    problem(caller.get("/cases/1"), 401, "token_missing")


def test_a_person_who_is_logged_in_is_no_system(cast):
    client = Client()
    client.force_login(cast.account("citizen"))
    problem(client.get(f"{BASE}/cases/1"), 401, "token_missing")


def test_every_operation_asks_for_its_scope(body):
    reader, writer = Caller("cases:track"), Caller("cases:submit", name="写")
    problem(reader.post("/cases", body, key="k"), 403, "scope_missing")
    problem(reader.upload(), 403, "scope_missing")
    problem(reader.post("/cases/1/withdraw", {}), 403, "scope_missing")
    problem(writer.get("/cases/1"), 403, "scope_missing")
    assert Case.objects.count() == 0


def test_a_body_that_is_no_json_or_an_address_that_is_none_is_a_problem_too(caller):
    answer = caller.post("/cases", "{", key="k")
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"].startswith("application/problem+json")
    answer = caller.get("/nowhere")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("application/problem+json")


# Tracking.


def test_tracking_needs_number_and_password_and_tells_no_personal_data(cast):
    walk = story.walk().to_the_end(cast.citizen)
    client = Client()

    def track(number: str, password: str) -> Any:
        data = json.dumps({"case_no": number, "query_password": password})
        return client.post(f"{BASE}/track", data, content_type="application/json")

    answer = track(walk.no, walk.case.query_password)
    assert answer.status_code == 200
    said = answer.content.decode()
    for secret in ("陈桂兰", "430212197803120021", "19900000001", "津口路", walk.case.query_password):
        assert secret not in said
        assert secret not in json.dumps(answer.json(), ensure_ascii=False)
    told = answer.json()
    assert told["state"] == "completed"
    assert {one["kind"] for one in told["documents"]} >= {"granted", "licence"}
    assert "approval_form" not in {one["kind"] for one in told["documents"]}
    problem(track(walk.no, "00000000"), 404, "case_not_found")
    for _ in range(12):
        last = track(walk.no, "00000000")
    told = problem(last, 429, "too_many_requests")
    assert int(last["Retry-After"]) > 0
    problem(track(walk.no, walk.case.query_password), 429, "too_many_requests")


def test_a_case_filed_online_is_not_a_systems_to_see(caller, cast):
    case = story.submitted(cast.citizen)
    before = story.world()
    problem(caller.get(f"/cases/{case.case_no}"), 404, "case_not_found")
    problem(caller.post(f"/cases/{case.case_no}/withdraw", {}), 404, "case_not_found")
    assert story.world() == before


def test_the_system_of_a_case_follows_it_to_the_end(caller, body):
    number = caller.post("/cases", body, key="k").json()["case_no"]
    walk = story.Walk(Case.objects.get(case_no=number))
    walk.receive().accept().to_decision().pay().decide().issue().pay().hand_out()
    told = caller.get(f"/cases/{number}").json()
    assert told["state"] == "completed"
    assert told["entries"][-1]["title"]
    assert walk.case.delivered_at is not None
    assert commands.STATEMENT in walk.case.signatures.get(purpose="application").content
