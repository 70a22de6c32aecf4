"""The same application gives the same case, whether it comes by the portal, the window or the API."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tongban.base import chain
from tongban.cases import commands
from tongban.cases.models import Case
from tongban.cases.tests import story
from tongban.cases.tests.test_api import body, caller
from tongban.documents.queries import documents_of

__all__ = ["body", "caller"]

pytestmark = pytest.mark.usefixtures("city")

SLUG = "resident-pension-enrolment"
#: A Tuesday morning in Shanghai, far from holidays.
MORNING = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
#: What names the channel, the signer, or one paper of many that are alike.
ITS_OWN = {"channel", "signed_sha256", "signed_by", "document", "approval_form", "licence", "opinion_sha256"}
CLOCK = ("state", "promised_due_on", "statutory_due_on", "due_acceptance_on", "due_provisional", "accepted_at",
         "received_at", "decided_at", "completed_at", "delivered_at", "result_code")  # fmt: skip


def by_portal(_caller: Any, _body: Any) -> Case:
    return story.submitted(story.applicant_of(SLUG), SLUG)


def by_window(_caller: Any, body: Any) -> Case:
    version = story.implementation_for(story.sample(SLUG)).current
    clerk = story.receptionist_for(version)
    ready = story.window_draft(clerk, SLUG, commands.Applicant(**body["applicant"]))
    proof = commands.SignatureProof(
        method="handwritten", sha256=commands.look_over(ready).sha256, evidence={"paper_kept": True}
    )
    return commands.file_at_window(actor=clerk, draft_id=ready.public_id, proof=proof).case


def by_api(caller: Any, body: Any) -> Case:
    answer = caller.post("/cases", body)
    assert answer.status_code == 201, answer.content
    return Case.objects.get(case_no=answer.json()["case_no"])


def by_api_step_by_step(caller: Any, body: Any) -> Case:
    begun = caller.post("/drafts", {"task_code": body["task_code"], "applicant": body["applicant"]}).json()["id"]
    caller.send("PUT", f"/drafts/{begun}/answers", {"answers": body["answers"]})
    caller.send("PUT", f"/drafts/{begun}/form", {"form": body["form"]})
    caller.send("PUT", f"/drafts/{begun}/service", body["service"])
    check = caller.get(f"/drafts/{begun}/check").json()
    done = caller.post(f"/drafts/{begun}/submit", {"sha256": check["sha256"]})
    assert done.status_code == 201, done.content
    return Case.objects.get(case_no=done.json()["case_no"])


def happened(case: Case) -> list[tuple[str, dict[str, Any]]]:
    return [
        (one.kind, {key: value for key, value in one.payload.items() if key not in ITS_OWN})
        for one in chain.events(case.subject)
        if one.kind in story.events.KINDS
    ]


def told(case: Case) -> dict[str, Any]:
    """All that may not hang on the channel."""
    case.refresh_from_db()
    return {
        "columns": {name: getattr(case, name) for name in CLOCK if hasattr(case, name)},
        "applicant": case.applicant,
        "answers": case.answers,
        "form": case.form,
        "events": happened(case),
        "documents": [(one.kind, one.title, one.state) for one in documents_of(case.subject)],
        "steps": [(one.key, one.organisation_id, one.role, one.state, one.due_on) for one in case.steps.all()],
    }


def to_the_end(case: Case, *, granted: bool) -> dict[str, Any]:
    walk = story.Walk(case)
    if walk.case.state == "submitted":
        walk.receive()
    walk.accept().to_decision().pay().decide(granted=granted)
    if granted:
        walk.issue().pay()
    return told(walk.hand_out().case)


@pytest.mark.parametrize("granted", [True, False])
@pytest.mark.parametrize("channel", [by_window, by_api, by_api_step_by_step])
def test_the_channel_changes_nothing_but_its_own_name(channel, granted, caller, body, freeze):
    with freeze(MORNING):
        portal, other = (to_the_end(way(caller, body), granted=granted) for way in (by_portal, channel))
    for part, value in portal.items():
        assert other[part] == value, part
