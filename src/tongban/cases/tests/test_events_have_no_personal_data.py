"""Whole cases of every item: nothing in the chain or the outbox tells who somebody is."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tongban.base.models import Event
from tongban.cases import commands
from tongban.cases.tests import story
from tongban.cases.tests.test_walks import SLUGS
from tongban.identity.models import Account, Person

pytestmark = pytest.mark.usefixtures("city")
#: Whole words of a form that stand in codes and labels by their nature.
SHORT = 2


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def secrets_of(slug: str) -> set[str]:
    """Names, numbers, phones and addresses of the sample, and of everybody with an account."""
    found = story.sample(slug)
    said = {one for one in texts(found.form) if len(one) > SHORT and not one.isascii()}
    said |= {one for one in texts(found.form) if len(one) >= 11 and one[:-1].isdigit() and not one.endswith("000")}
    said |= {str(found.applicant[key]) for key in ("name", "document_number", "phone")}
    for account in Account.objects.select_related("person"):
        said |= {account.name, account.phone}
    for person in Person.objects.all():
        said |= {person.name, person.document_number, person.phone}
    return {one for one in said if one}


@pytest.mark.parametrize("slug", SLUGS)
def test_no_event_of_a_whole_case_tells_who_somebody_is(slug):
    applicant = story.applicant_of(slug)
    walk = story.walk(slug).receive()
    file = next(iter(walk.case.materials.filter(source="file")), None)
    if file is not None:
        walk.correct(applicant, file.key)
    walk.accept()
    for step in walk.open_steps():
        if step.kind != "approval":
            commands.claim_step(actor=walk.who(step.role, step.organisation_id), case_no=walk.no, step_key=step.key)
    walk.to_decision().pay().decide().issue().pay()
    commands.deliver_at_window(actor=walk.receptionist(), case_no=walk.no, collector=story.collector())
    scan(slug, walk)


@pytest.mark.parametrize("ending", ["withdrawn", "refused", "not_accepted", "no_permit_needed"])
def test_no_event_of_a_case_that_ends_otherwise_tells_who_somebody_is(ending, cast):
    walk = story.walk().receive()
    words = {"reason": "陈桂兰（430212197803120021）的场所不符合条件。", "basis": "《行政许可法》第三十八条"}
    if ending == "withdrawn":
        commands.withdraw(actor=cast.citizen, case_no=walk.no, reason=words["reason"])
    elif ending == "refused":
        walk.accept().to_decision()
        commands.decide(
            actor=walk.decider(), case_no=walk.no, granted=False, reason=words["reason"], basis=words["basis"]
        )
        walk.download(cast.citizen)
    elif ending == "not_accepted":
        commands.refuse_acceptance(actor=walk.receptionist(), case_no=walk.no, right_body="市市场监管局", **words)
    else:
        commands.tell_no_permit_needed(actor=walk.receptionist(), case_no=walk.no, **words)
    scan(story.FOOD, walk)


def scan(slug: str, walk: story.Walk) -> None:
    said = secrets_of(slug)
    happened = list(Event.objects.all())
    assert any(one.subject == walk.case.subject for one in happened)
    for one in happened:
        text = json.dumps(one.payload, ensure_ascii=False) + one.subject + one.actor_ref
        told = {word for word in said if word in text}
        assert not told, f"{one.kind} of {one.subject} tells {told}"
