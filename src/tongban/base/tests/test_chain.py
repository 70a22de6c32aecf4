from datetime import UTC, datetime

import pytest
from django.db import transaction

from tongban.base import chain, grants, numbering, outbox
from tongban.base.calendar import work_calendar
from tongban.kernel.actor import SYSTEM

AT = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)


def add(subject="case:1", kind="CaseSubmitted", **payload):
    with transaction.atomic():
        return chain.append(subject=subject, kind=kind, payload=payload, actor=SYSTEM, at=AT)


@pytest.mark.django_db
def test_appended_events_form_a_chain_that_verifies():
    first, second = add(n=1), add(n=2)
    assert (first.seq, second.seq) == (1, 2)
    assert second.previous == first.hash
    assert [event.pk for event in chain.events("case:1")] == [first.pk, second.pk]
    assert chain.verify() == []
    assert grants.problems() == []
    assert numbering.take("x") == 1
    assert work_calendar().covered_years
    assert outbox.relay() == 0
