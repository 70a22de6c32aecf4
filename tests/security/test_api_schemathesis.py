"""Schemathesis, a tester that is not ours, reads the OpenAPI document and tries to find where the API breaks its word.

Each operation is called with what the document allows and with what it forbids: no server error, no status, header,
type or form of an answer that the document does not name. A short run always; `./tongban test --long` makes a long one.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import openapi
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

from tongban.base import moment
from tongban.cases.tests import story
from tongban.config.api import api
from tongban.directory.models import Organisation
from tongban.identity import commands as identity
from tongban.identity.policy import SCOPES
from tongban.kernel.actor import SYSTEM

EXAMPLES = 200 if os.environ.get("TONGBAN_LONG") else 4
SEED = int(os.environ.get("TONGBAN_FUZZ_SEED", "20261124"))
PREFIX = "/api/v1/"
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@contextmanager
def _undone() -> Iterator[None]:
    """Whatever a call does is undone: the next one meets the same city."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _schema(without: Mapping[str, tuple[str, str]] | None = None) -> Any:
    """The document as schemathesis reads it; `without`: by path a method and a status to be left out."""
    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))
    for path, (method, status) in (without or {}).items():
        del document["paths"][path][method]["responses"][status]
    found = openapi.from_dict(document)
    found.app = WSGIHandler()
    return found


SCHEMA = _schema()
OPERATIONS = [one.ok() for one in SCHEMA.get_all_operations()]


@pytest.fixture
def token(city: Any, cast: Any, settings: Any) -> str:
    """A system that may do everything, in a city with a case of its own doing."""
    del city
    settings.API_CALLS_PER_MINUTE = {"client": 10**6, "address": 10**6}
    settings.API_FILINGS_PER_HOUR = 10**6
    story.submitted(cast.citizen)
    body = Organisation.objects.get(ref="430200:sjj")
    valid_to = moment.today() + timedelta(days=1)
    return identity.issue_api_client(SYSTEM, name="接口测试", organisation=body, scopes=SCOPES, valid_to=valid_to)[1]


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Requests leave the connection open, as those of Django's own test client do: the test's transaction is in it."""
    signals = (request_started, request_finished)
    for one in signals:
        one.disconnect(close_old_connections)
    yield
    for one in signals:
        one.connect(close_old_connections)


def test_an_answer_that_the_document_does_not_name_is_found(token: str) -> None:
    """The check can fail: without its 404 the document is broken by every unknown case."""
    operation = _schema({"/api/v1/cases/{case_no}": ("get", "404")})["/api/v1/cases/{case_no}"]["GET"]
    case = operation.Case(path_parameters={"case_no": "11430212YL6DEDU34H4002014001005202501010001"})
    with _undone():
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 404
    with pytest.raises(FailureGroup):
        case.validate_response(answer, checks=CHECKS)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_schemathesis_finds_no_answer_that_the_document_does_not_name(operation: Any, mode: Any, token: str) -> None:
    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        with _undone():
            answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)

    try:
        run()
    except Unsatisfiable:
        # Nothing that can be sent is forbidden: an address without body.
        assert mode == GenerationMode.NEGATIVE
        assert not list(operation.body)
