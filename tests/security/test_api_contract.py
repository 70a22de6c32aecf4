"""The OpenAPI document keeps its word: examples fit, no call ends in an error of ours, no answer is undocumented.

`TONGBAN_FUZZ_CALLS` says how many broken calls each operation gets (default 8); `TONGBAN_FUZZ_SEED` which ones.
"""

import copy
import json
import os
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jsonschema_rs
import pytest
from django.db import transaction
from django.test import Client

from tongban.base import moment
from tongban.cases import commands as cases
from tongban.cases.tests import story
from tongban.config.api import api
from tongban.directory.models import Organisation
from tongban.identity import commands as identity
from tongban.identity.policy import SCOPES
from tongban.kernel.actor import SYSTEM

CALLS = int(os.environ.get("TONGBAN_FUZZ_CALLS", "200" if os.environ.get("TONGBAN_LONG") else "8"))
SEED = int(os.environ.get("TONGBAN_FUZZ_SEED", "20261124"))
DOCUMENT: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
OPERATIONS = [
    (method.upper(), path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]
NAMES = [f"{method} {path}" for method, path, _ in OPERATIONS]
STRANGE: list[Any] = [
    None, True, -1, 0, 2**63, 1.5, "", " ", "\x00", "陈" * 3000, "../../etc", "'; DROP TABLE", "𠮷", "٣", [], {}, [[]],
    {"a": {"b": []}}, ["x"] * 200, "1" * 31, "11430212YL6DEDU34H4002014001005", "0e6f0c5e-8a4a-4d0e-9a0b-6d6a3c1f2b11",
]  # fmt: skip
HEADERS = ["", "x", "k" * 121, "é", "k 1"]


#: POSTs that change nothing: what they ask for is personal and therefore stands in no address. An unmasking is written
#: down each time somebody looks.
LOOKS = {
    "/api/v1/track",
    "/api/v1/handling/search",
    "/api/v1/handling/mandates/search",
    "/api/v1/handling/cases/{case_no}/unmask",
}


def test_every_operation_that_posts_takes_a_key_for_one_effect():
    bare = {
        path
        for method, path, operation in OPERATIONS
        if method == "POST" and "Idempotency-Key" not in {one["name"] for one in operation.get("parameters", [])}
    }
    assert bare == LOOKS


def test_every_operation_that_takes_a_file_says_that_it_may_be_too_large_or_not_looked_through():
    takes = [
        operation
        for _method, _path, operation in OPERATIONS
        if "multipart/form-data" in operation.get("requestBody", {}).get("content", {})
    ]
    assert takes
    assert all({"413", "503"} <= set(one["responses"]) for one in takes)


def valid(schema: dict[str, Any], value: Any) -> bool:
    return jsonschema_rs.validator_for({**schema, "components": DOCUMENT["components"]}).is_valid(value)


def body_of(operation: dict[str, Any]) -> dict[str, Any] | None:
    content = operation.get("requestBody", {}).get("content", {})
    return content["application/json"]["schema"] if "application/json" in content else None


def example_of(operation: dict[str, Any]) -> Any:
    schema = body_of(operation)
    if schema is None:
        return None
    named = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return named["examples"][0]


@pytest.fixture
def token(city):
    body = Organisation.objects.get(ref="430200:sjj")
    return identity.issue_api_client(
        SYSTEM, name="接口测试", organisation=body, scopes=SCOPES, valid_to=moment.today() + timedelta(days=1)
    )[1]


@pytest.fixture
def parameters(token, cast, settings):
    """Values of the addresses' parameters: what exists, though most of it is another's."""
    settings.API_CALLS_PER_MINUTE = {"client": 10**6, "address": 10**6}
    case = story.submitted(cast.citizen)
    return {
        "task_code": case.implementation.task_code,
        "number": "1",
        "catalog_code": case.implementation.base.catalog_code,
        "case_no": case.case_no,
        "draft_id": str(story.draft(cast.citizen).public_id),
        "file_id": "0e6f0c5e-8a4a-4d0e-9a0b-6d6a3c1f2b11",
        "bill_no": "43021220261124000001",
        "message_id": "1",
        "mandate_id": "1",
        "upload_id": "0e6f0c5e-8a4a-4d0e-9a0b-6d6a3c1f2b11",
        "mark_id": "0e6f0c5e-8a4a-4d0e-9a0b-6d6a3c1f2b11",
        "document_id": "0e6f0c5e-8a4a-4d0e-9a0b-6d6a3c1f2b11",
        "step_key": "review",
        "webhook_id": "1",
        "organisation_id": str(case.organisation_id),
        "phrase_id": "1",
        "absence_id": "1",
        "batch_no": cases.make_batch(number=cases.order_batch(actor=cast.supervisor, now=True).number).number,
    }


def call(method: str, address: str, headers: dict[str, str], sent: Any) -> Any:
    client = Client(raise_request_exception=False)
    raw = sent if isinstance(sent, bytes) else b"" if sent is None else json.dumps(sent).encode()
    with transaction.atomic():
        answer = client.generic(method, address, raw, content_type="application/json", headers=headers)
        transaction.set_rollback(True)
    return answer


def check(answer: Any, operation: dict[str, Any], what: str) -> None:
    """The answer is one that the document names, in the form that it says."""
    assert answer.status_code < 500, f"{what}: {answer.status_code}"
    documented = operation["responses"]
    status = str(answer.status_code)
    if status == "304":
        return
    assert status in documented, f"{what}: {status} {answer.content[:300]!r}, documented {sorted(documented)}"
    for kind, content in documented[status].get("content", {}).items():
        assert answer["Content-Type"].startswith(kind), what
        if "json" in kind:
            assert valid(content["schema"], answer.json()), f"{what}: {status} {answer.content[:300]!r}"


def broken(value: Any, chance: random.Random) -> Any:
    """The value with one thing wrong, added or missing somewhere in it."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        changed = copy.deepcopy(value)
        key = chance.choice(sorted(changed))
        how = chance.random()
        if how < 0.2:
            del changed[key]
        elif how < 0.3:
            changed[chance.choice(["__proto__", "", "陈", "case_no"])] = chance.choice(STRANGE)
        else:
            changed[key] = broken(changed[key], chance)
        return changed
    return chance.choice(STRANGE)


def calls(method: str, path: str, operation: dict[str, Any], known: dict[str, str]) -> Iterator[Any]:
    """First the example as it is, then broken ones: address, query, headers, body."""
    chance = random.Random(f"{SEED} {method} {path}")
    example = example_of(operation)
    good = {"Idempotency-Key": "good", "Tongban-Post": "1"}
    yield path.format(**known), good, example
    queries = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
    for number in range(CALLS):
        values = dict(known)
        if number % 4 == 1:
            name = chance.choice(sorted(values))
            values[name] = chance.choice(["x", "0", "%00", "陈", "1" * 60, "%2e%2e", "a b"])
        address = path.format(**values)
        if queries and number % 2 == 0:
            text = chance.choice(["-1", "x", "", "999999999999", "{", "%00", "true", "{}", "9" * 1200])
            address += f"?{chance.choice(queries)}={text}"
        headers = {"Idempotency-Key": f"k{number}", "Tongban-Post": "1"}
        if number % 5 == 3:
            headers[chance.choice(sorted(headers))] = chance.choice(HEADERS)
        sent: Any = None if example is None else broken(example, chance)
        if number % 7 == 6:
            sent = chance.choice([b"{", b"\xff", b"[" * 5000, b'{"a":NaN}', b'"\\ud800"'])
        yield address, headers, sent


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_the_example_of_a_body_fits_its_schema(method, path, operation):
    schema = body_of(operation)
    if schema is not None:
        assert valid(schema, example_of(operation))


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_no_call_ends_in_an_error_of_ours_or_an_answer_that_is_not_documented(
    method, path, operation, token, parameters
):
    for address, headers, sent in calls(method, path, operation, parameters):
        what = f"{method} {address} {headers} {str(sent)[:300]}"
        check(call(method, address, {"Authorization": f"Bearer {token}"} | headers, sent), operation, what)


def test_an_address_with_a_character_that_cannot_be_is_refused_as_documented(token, parameters):
    """Seen by a long run: a NUL in the path was refused with a status that the document did not name."""
    for method, path, operation in OPERATIONS:
        for address in (path.format(**dict.fromkeys(parameters, "%00")), path.format(**parameters) + "?x=%00"):
            if "%00" in address:
                answer = call(method, address, {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}, None)
                assert answer.status_code == 400, (method, address)
                check(answer, operation, f"{method} {address}")
