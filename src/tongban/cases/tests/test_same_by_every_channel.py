"""The same application gives the same case, whether it comes by the portal, on a phone, by the window or the API."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tongban.base import chain
from tongban.cases import commands
from tongban.cases.models import Case, Draft
from tongban.cases.tests import story
from tongban.cases.tests.test_api import body, caller
from tongban.catalogue.queries import definition_of
from tongban.documents.queries import documents_of
from tongban.documents.verify_code import grouped
from tongban.kernel.actor import Actor

__all__ = ["body", "caller"]

pytestmark = pytest.mark.usefixtures("city")

SLUG = "resident-pension-enrolment"
#: A Tuesday morning in Shanghai, far from holidays.
MORNING = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
#: What names the channel, the signature, or one paper of many that are alike.
ITS_OWN = {"channel", "signed_sha256", "signed_by", "document", "approval_form", "licence", "opinion_sha256",
           "proof", "signed_digest"}  # fmt: skip
COLUMNS = ("state", "submitted_at", "promised_due_on", "statutory_due_on", "due_acceptance_on", "due_provisional",
           "received_at", "accepted_at", "decided_at", "completed_at", "delivered_at", "result_code", "item_name",
           "organisation_id", "division_id", "applicant", "answers", "form", "service")  # fmt: skip
HAND = {"paper_kept": True}
SERVICE: dict[str, Any] = {
    "address": "株洲市渌口区津口路128号", "recipient": "陈桂兰", "phone": "19900000001", "email": "",
    "electronic_consent": True,
}  # fmt: skip


def same_service(actor: Actor, draft: Draft) -> Draft:
    """How the result is to come is stated alike."""
    delivery = definition_of(draft.item_version).delivery[0]
    service = commands.Service(**SERVICE, delivery=delivery)
    return commands.save_service(actor=actor, draft_id=draft.public_id, service=service)


def by_portal(_caller: Any, _body: Any, channel: str = "web") -> Case:
    person = story.applicant_of(SLUG)
    begun = story.draft(person, SLUG)
    Draft.objects.filter(pk=begun.pk).update(channel=channel)
    ready = same_service(person, begun)
    case = commands.submit(actor=person, draft_id=ready.public_id, proof=story.proof(ready)).case
    assert case.channel == channel
    return case


def by_window(_caller: Any, body: Any) -> Case:
    version = story.implementation_for(story.sample(SLUG)).current
    clerk = story.receptionist_for(version)
    ready = same_service(clerk, story.window_draft(clerk, SLUG, commands.Applicant(**body["applicant"])))
    return story.filed_at_window(clerk, ready)


def by_api(caller: Any, body: Any) -> Case:
    answer = caller.post("/cases", body | {"service": body["service"] | SERVICE})
    assert answer.status_code == 201, answer.content
    return Case.objects.get(case_no=answer.json()["case_no"])


def by_api_step_by_step(caller: Any, body: Any) -> Case:
    begun = caller.post("/drafts", {"task_code": body["task_code"], "applicant": body["applicant"]}).json()["id"]
    caller.send("PUT", f"/drafts/{begun}/answers", {"answers": body["answers"]})
    caller.send("PUT", f"/drafts/{begun}/form", {"form": body["form"]})
    caller.send("PUT", f"/drafts/{begun}/service", body["service"] | SERVICE)
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


def papers(case: Case) -> list[tuple[Any, ...]]:
    """The documents with their words; numbers, codes and passwords are each paper's own."""
    made = list(documents_of(case.subject))
    own = [case.case_no, case.query_password]
    for one in made:
        own += [one.number, one.verify_code, grouped(one.verify_code)]
    found = []
    for one in made:
        words = json.dumps(one.envelope, ensure_ascii=False)
        for word in filter(None, own):
            words = words.replace(word, "…")
        envelope = json.loads(words)
        envelope["content"] = {key: value for key, value in envelope["content"].items() if key not in ITS_OWN}
        found.append((one.kind, one.title, one.state, envelope))
    return found


def told(case: Case) -> dict[str, Any]:
    """All that may not hang on the channel."""
    case.refresh_from_db()
    return {
        "columns": {name: getattr(case, name) for name in COLUMNS},
        "events": happened(case),
        "documents": papers(case),
        "steps": [(one.key, one.organisation_id, one.role, one.state, one.due_on) for one in case.steps.all()],
        "inbox": [
            (one.kind, one.organisation_id, one.role, one.due_on)
            for one in case.inbox_entries.filter(closed_at__isnull=True).order_by("kind", "organisation_id", "role")
        ],
    }


def received(case: Case) -> story.Walk:
    walk = story.Walk(case)
    return walk.receive() if case.state == "submitted" else walk


@dataclass(frozen=True)
class Channel:
    """How one files, answers the one notice about a field of the form, and withdraws."""

    file: Callable[[Any, Any], Case]
    correct: Callable[[Any, story.Walk, dict[str, Any]], object]
    withdraw: Callable[[Any, story.Walk, str], object]


PORTAL = Channel(
    file=by_portal,
    correct=lambda _caller, walk, form: walk.answer(story.applicant_of(SLUG), {}, form),
    withdraw=lambda _caller, walk, why: commands.withdraw(actor=story.applicant_of(SLUG), case_no=walk.no, reason=why),
)
WINDOW = Channel(
    file=by_window,
    correct=lambda _caller, walk, form: commands.correct_at_window(
        actor=walk.receptionist(), case_no=walk.no, form=form, materials={}, paper=[], evidence=HAND
    ),
    withdraw=lambda _caller, walk, why: commands.withdraw_at_window(
        actor=walk.receptionist(), case_no=walk.no, reason=why, evidence=HAND
    ),
)
API = Channel(
    file=by_api,
    correct=lambda caller, walk, form: caller.post(f"/cases/{walk.no}/correction", {"form": form}),
    withdraw=lambda caller, walk, why: caller.post(f"/cases/{walk.no}/withdraw", {"reason": why}),
)
CHANNELS = {
    "phone": replace(PORTAL, file=partial(by_portal, channel="mobile")),
    "window": WINDOW,
    "api": API,
    "api step by step": replace(API, file=by_api_step_by_step),
}


def granted(_channel: Channel, _caller: Any, walk: story.Walk) -> None:
    walk.accept().to_decision().pay().decide().issue().pay().hand_out()


def refused(_channel: Channel, _caller: Any, walk: story.Walk) -> None:
    walk.accept().to_decision().pay().decide(granted=False).hand_out()


def corrected(channel: Channel, caller: Any, walk: story.Walk) -> None:
    field = next(iter(walk.case.form))
    walk.notify(field=field)
    channel.correct(caller, walk, {field: walk.case.form[field]})
    assert told(walk.case)["columns"]["state"] == "received"
    granted(channel, caller, walk)


def withdrawn(channel: Channel, caller: Any, walk: story.Walk) -> None:
    walk.accept()
    channel.withdraw(caller, walk, "本人不再办理。")
    assert told(walk.case)["columns"]["state"] == "withdrawn"


@pytest.mark.parametrize("story_of_it", [granted, refused, corrected, withdrawn])
@pytest.mark.parametrize("channel", CHANNELS.values(), ids=CHANNELS)
def test_the_channel_changes_nothing_but_its_own_name(channel, story_of_it, caller, body, freeze):
    with freeze(MORNING):
        found = []
        for way in (PORTAL, channel):
            walk = received(way.file(caller, body))
            story_of_it(way, caller, walk)
            found.append(told(walk.case))
    portal, other = found
    for part, value in portal.items():
        assert other[part] == value, part
