"""Bodies and divisions kept in memory (`base.reference`): never stale, asked for once a request."""

from datetime import date

import pytest
from django.core.signals import request_finished, request_started
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tongban.base import reference
from tongban.directory.models import Organisation
from tongban.directory.queries import keys_of, name_on, organisation

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def request_under_way():
    # Not the signals themselves: Django's own listeners close the connection that the test stands on.
    reference._begin()
    yield
    reference.end_request()


def test_what_is_kept_is_read_once_and_anew_after_any_change_of_the_table():
    read = []

    def load() -> int:
        read.append(1)
        return len(read)

    assert [reference.cached("directory", "key", load) for _ in range(3)] == [1, 1, 1]
    Organisation.objects.order_by("pk")[:1].get().save(update_fields=["short_name"])
    assert reference.cached("directory", "key", load) == 2
    assert reference.cached("directory catalogue", "key", load) == 3


def test_a_change_that_was_rolled_back_leaves_what_was_kept_before():
    assert reference.cached("directory", "kept", lambda: "old") == "old"
    with transaction.atomic():
        Organisation.objects.filter(pk__gt=0).update(short_name="")
        assert reference.cached("directory", "kept", lambda: "new") == "new"
        transaction.set_rollback(True)
    assert reference.cached("directory", "kept", lambda: "newest") in {"old", "newest"}


def test_a_request_sees_what_it_changed_itself(request_under_way):
    del request_under_way
    body = Organisation.objects.order_by("pk")[0]
    assert reference.cached("directory", "own", lambda: "before") == "before"
    body.short_name = "新简称"
    body.save(update_fields=["short_name"])
    assert reference.cached("directory", "own", lambda: "after") == "after"


def test_requests_are_listened_to():
    assert {"tongban.reference.begin"} <= {one[0][0] for one in request_started.receivers}
    assert {"tongban.reference.end"} <= {one[0][0] for one in request_finished.receivers}


def test_a_request_asks_for_the_tokens_once(request_under_way):
    del request_under_way
    with CaptureQueriesContext(connection) as asked:
        for number in range(5):
            reference.cached("directory", number, lambda: 1)
    assert len([one for one in asked.captured_queries if "referencetoken" in one["sql"]]) == 1


def test_names_and_keys_follow_a_change_at_once():
    body = organisation(Organisation.objects.order_by("pk").values_list("code", flat=True)[0])
    assert keys_of([body.code]) == {body.pk}
    assert keys_of([body.code], kind="no such kind") == frozenset()
    day = date(2026, 1, 1)
    assert name_on(body, day)
    Organisation.objects.filter(pk=body.pk).update(kind="no such kind")
    assert keys_of([body.code], kind="no such kind") == {body.pk}
