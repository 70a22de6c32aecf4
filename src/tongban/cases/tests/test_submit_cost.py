"""What submitting costs: the number of statements must not creep up again (docs/performance.md)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.cases.commands import submitting
from tongban.cases.models import InboxEntry
from tongban.cases.tests import story

#: Reads before the number is taken, the number, the one statement that writes, begin and end.
STATEMENTS_MAX = 17
#: Handing over one uploaded file: lock, row, its event.
OF_A_FILE = 5


@pytest.mark.parametrize("slug", ["resident-pension-enrolment", story.FOOD])
def test_a_submission_writes_in_one_statement(city, cast, slug):
    del city
    warm, ready = story.draft(cast.citizen, slug), story.draft(cast.citizen, slug)
    submitting._submit_once(cast.citizen, warm.public_id, story.proof(warm), {})
    proof = story.proof(ready)
    with CaptureQueriesContext(connection) as asked:
        done = submitting._submit_once(cast.citizen, ready.public_id, proof, {})
    writes = [one["sql"] for one in asked.captured_queries if "INSERT INTO" in one["sql"] or "UPDATE " in one["sql"]]
    writes = [one for one in writes if "FOR UPDATE" not in one and "nextval" not in one]
    assert len([one for one in writes if one.startswith("WITH")]) == 1
    files = done.case.materials.filter(source="file").count()
    assert len(asked.captured_queries) <= STATEMENTS_MAX + OF_A_FILE * files
    # An application filed online does not stand in the inbox of every village of the county.
    assert InboxEntry.objects.filter(case=done.case).count() <= 6
