"""Who may do what: the whole cast and three systems against every command; refused attempts change nothing."""

import inspect
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tongban.base import moment
from tongban.cases import commands, queries, signing
from tongban.cases.exchange.reach import reaches
from tongban.cases.models import Case, Correction
from tongban.cases.tests import matrix_service, story
from tongban.cases.tests.matrix import HUMANS, RECEPTION, ROWS, SEES, Attempt, Scene, row
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound, Refusal
from tongban.partners import registries as partners
from tongban.partners.adapters import Scan

pytestmark = pytest.mark.usefixtures("city", "post_office")

#: Commands of `commands.__all__` that are no act of a person upon a case, and why nobody is refused.
NOT_ACTS = {
    "log_search": "leaves the trace of a search, which shows each what access allows",
    "look_over": "reads a draft that the caller was given by `access_draft`",
    "correction_content": "pure: the text that would be signed",
    "look_in": "keeps that somebody looks at what access shows them",
    "read_mentions": "touches only what calls the actor",
    "do_many": "does other commands one by one, each of which asks for itself",
    "move_claims": "called by identity's hand-over, which asks who may",
    "rebuild_clocks": "the command line's own work",
    "take_report": "called for the system whose signature the adapter has checked",
    **dict.fromkeys((
        "forget_looks", "move_to_successors", "forget_drafts", "show_unanswered", "make_batch", "order_due_batches",
        "resume_batches", "hand_over", "follow_hand_overs", "to_be_asked", "ask_for_reports",
        "follow_parcels", "end_notices", "archive_due",
    ), "the program's own work"),
}  # fmt: skip


@pytest.fixture
def post_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """A post office that says of every parcel that it was signed for."""
    signed = Scan(code="signed", at=moment.now(), signed_by="recipient")
    monkeypatch.setattr(partners.post_office(), "trace", lambda **_asked: (signed,))


def owner_file(scene: Scene) -> Any:
    return story.upload(scene.citizen)


# Drafts: only whose they are; to everybody else they are absent.


@row("citizen")
def start_draft(scene: Scene) -> Attempt:
    version, company = scene.version.pk, scene.citizen.company_ids[0]
    return lambda actor: commands.start_draft(actor=actor, version_id=version, company_id=company)


@row("clerk")
def start_window_draft(scene: Scene) -> Attempt:
    applicant = commands.Applicant.from_json(scene.draft().applicant)
    version = scene.version.pk
    return lambda actor: commands.start_window_draft(
        actor=actor, version_id=version, organisation_id=scene.window.pk, applicant=applicant
    )


@row("client", "other_client")
def start_client_draft(scene: Scene) -> Attempt:
    applicant = commands.Applicant.from_json(scene.draft().applicant)
    version = scene.version.pk
    return lambda actor: commands.start_client_draft(actor=actor, version_id=version, applicant=applicant)


@row("citizen")
def reuse(scene: Scene) -> Attempt:
    row = scene.walk().case.materials.filter(source="file").select_related("file").first()
    key, file = row.key, row.file.public_id
    draft = story.empty_draft(scene.citizen).public_id
    return lambda actor: commands.reuse(actor=actor, draft_id=draft, material_key=key, file_id=file)


@row("citizen", sees=SEES)
def reuse_in_correction(scene: Scene) -> Attempt:
    earlier = scene.walk().receive()
    key = first_file(earlier.case)
    file = earlier.correct(scene.citizen, key).case.materials.get(key=key, current=True).file.public_id
    asked = scene.walk().receive().notify(key).no
    return lambda actor: commands.reuse_in_correction(actor=actor, case_no=asked, material_key=key, file_id=file)


@row("citizen")
def save_answers(scene: Scene) -> Attempt:
    key = scene.draft().public_id
    return lambda actor: commands.save_answers(actor=actor, draft_id=key, answers={"agent": "self"})


@row("citizen")
def save_form(scene: Scene) -> Attempt:
    key = scene.draft().public_id
    return lambda actor: commands.save_form(actor=actor, draft_id=key, data={"area": 90})


@row("citizen")
def attach(scene: Scene) -> Attempt:
    draft = scene.draft()
    material, file = draft.materials.all()[0].key, story.upload(scene.citizen)
    return lambda actor: commands.attach(actor=actor, draft_id=draft.public_id, material_key=material, file=file)


@row("citizen")
def detach(scene: Scene) -> Attempt:
    draft = scene.draft()
    file = draft.materials.all()[0].file.public_id
    return lambda actor: commands.detach(actor=actor, draft_id=draft.public_id, file_id=file)


@row("citizen")
def save_service(scene: Scene) -> Attempt:
    key = scene.draft().public_id
    service = commands.Service(address="株洲市渌口区津口路200号", electronic_consent=True)
    return lambda actor: commands.save_service(actor=actor, draft_id=key, service=service)


@row("citizen")
def adopt_current_guide(scene: Scene) -> Attempt:
    key = scene.draft().public_id
    return lambda actor: commands.adopt_current_guide(actor=actor, draft_id=key)


@row("citizen")
def discard_draft(scene: Scene) -> Attempt:
    key = scene.draft().public_id
    return lambda actor: commands.discard_draft(actor=actor, draft_id=key)


@row("citizen")
def submit(scene: Scene) -> Attempt:
    draft = scene.draft()
    proof = story.proof(draft)
    return lambda actor: commands.submit(actor=actor, draft_id=draft.public_id, proof=proof)


@row("clerk")
def note_paper(scene: Scene) -> Attempt:
    key = scene.window_draft().public_id
    return lambda actor: commands.note_paper(actor=actor, draft_id=key, keys=[])


@row("clerk")
def file_at_window(scene: Scene) -> Attempt:
    draft = scene.window_draft()
    proof = story.by_hand(draft)
    return lambda actor: commands.file_at_window(actor=actor, draft_id=draft.public_id, proof=proof)


@row("client")
def file_by_system(scene: Scene) -> Attempt:
    filing = filing_of(scene, scene.client)
    return lambda actor: commands.file_by_system(actor=actor, key="once", filing=filing)


def filing_of(scene: Scene, client: Actor) -> commands.Filing:
    draft, sample = scene.draft(), story.sample()
    materials = {one.key: [str(story.upload(client).public_id)] for one in draft.materials.all()}
    return commands.Filing(
        task_code=scene.version.implementation.task_code,
        applicant=commands.Applicant.from_json(draft.applicant),
        service=commands.Service.from_json(draft.service),
        answers=sample.answers,
        form=sample.form,
        materials=materials,
    )


@row("other_clerk", sees={"other_citizen", "supervisor", "system"})
def hand_over_again(scene: Scene) -> Attempt:
    no = story.refused_elsewhere(scene.actors["other_citizen"]).case_no
    return lambda actor: commands.hand_over_again(actor=actor, case_no=no)


@row(*RECEPTION, sees=SEES)
def receive(scene: Scene) -> Attempt:
    no = scene.walk().no
    return lambda actor: commands.receive(actor=actor, case_no=no)


@row(*RECEPTION, sees=SEES)
def accept(scene: Scene) -> Attempt:
    no = scene.walk().receive().no
    return lambda actor: commands.accept(actor=actor, case_no=no)


@row(*RECEPTION, sees=SEES)
def refuse_acceptance(scene: Scene) -> Attempt:
    no = scene.walk().receive().no
    return lambda actor: commands.refuse_acceptance(
        actor=actor, case_no=no, reason="不属于本机关。", basis="第三十二条"
    )


@row(*RECEPTION, sees=SEES)
def tell_no_permit_needed(scene: Scene) -> Attempt:
    no = scene.walk().receive().no
    return lambda actor: commands.tell_no_permit_needed(
        actor=actor, case_no=no, reason="不需许可。", basis="第三十二条"
    )


@row(*RECEPTION, sees=SEES)
def request_correction(scene: Scene) -> Attempt:
    walk = scene.walk().receive()
    defect = commands.Defect(kind="material", key=first_file(walk.case), what="请盖章后上传。")
    return lambda actor: commands.request_correction(actor=actor, case_no=walk.no, defects=[defect])


@row(*RECEPTION, sees=SEES)
def mark_defect(scene: Scene) -> Attempt:
    walk = scene.walk().receive()
    key = first_file(walk.case)
    return lambda actor: commands.mark_defect(actor=actor, case_no=walk.no, kind="material", key=key, what="没有盖章。")


@row(*RECEPTION, sees=SEES)
def remove_mark(scene: Scene) -> Attempt:
    walk = scene.walk().receive()
    mark = commands.mark_defect(
        actor=scene.clerk, case_no=walk.no, kind="material", key=first_file(walk.case), what="没有盖章。"
    )
    return lambda actor: commands.remove_mark(actor=actor, case_no=walk.no, mark_id=mark.public_id)


@row(*RECEPTION, sees=SEES)
def check_original(scene: Scene) -> Attempt:
    walk = scene.walk().receive()
    file = walk.case.materials.filter(source="file").first().file
    return lambda actor: commands.check_original(actor=actor, case_no=walk.no, file_id=file.public_id)


@row("clerk", "officer", "head", "leader", "supervisor", sees=SEES)
def take_copy(scene: Scene) -> Attempt:
    walk = scene.walk().receive()
    file = walk.case.materials.filter(source="file").first().file
    return lambda actor: commands.take_copy(
        actor=actor, case_no=walk.no, purpose="行政复议答复", file_id=file.public_id
    )


@row(*RECEPTION, sees=SEES)
def return_in_pre_review(scene: Scene) -> Attempt:
    walk = scene.walk()
    defect = commands.Defect(kind="material", key=first_file(walk.case), what="请盖章后上传。")
    return lambda actor: commands.return_in_pre_review(actor=actor, case_no=walk.no, defects=[defect])


def first_file(case: Case) -> str:
    found = case.materials.filter(source="file").first()
    assert found is not None
    return found.key


# The applicant.


@row("citizen", sees=SEES)
def submit_correction(scene: Scene) -> Attempt:
    walk = scene.walk().receive()
    key = first_file(walk.case)
    walk.notify(key)
    materials = {key: [story.upload(scene.citizen)]}
    content = commands.correction_content(queries.access_case(scene.citizen, walk.no), {}, materials)
    proof = commands.SignatureProof(method="password", sha256=signing.sha256(content), secret=story.PASSWORD)
    return lambda actor: commands.submit_correction(
        actor=actor, case_no=walk.no, form={}, materials=materials, proof=proof
    )


@row("citizen", sees=SEES)
def withdraw(scene: Scene) -> Attempt:
    no = scene.walk().receive().accept().no
    return lambda actor: commands.withdraw(actor=actor, case_no=no)


# What a clerk takes down for somebody who signs by hand.


@row(*RECEPTION, sees=SEES)
def correct_at_window(scene: Scene) -> Attempt:
    walk = scene.walk().receive()
    key = first_file(walk.case)
    walk.notify(key)
    return lambda actor: commands.correct_at_window(
        actor=actor, case_no=walk.no, form={}, materials={}, paper=[key], evidence={"paper_kept": True}
    )


@row(*RECEPTION, sees=SEES)
def withdraw_at_window(scene: Scene) -> Attempt:
    no = scene.walk().receive().accept().no
    return lambda actor: commands.withdraw_at_window(actor=actor, case_no=no, evidence={"paper_kept": True})


@row("head", "leader", sees=SEES)
def void(scene: Scene) -> Attempt:
    no = scene.walk().no
    return lambda actor: commands.void(actor=actor, case_no=no, reason="重复立件。")


@row("head", "leader", sees=SEES)
def transfer(scene: Scene) -> Attempt:
    no = scene.walk().receive().no
    return lambda actor: commands.transfer(
        actor=actor, case_no=no, to_body="株洲市市场监督管理局", reason="由上级机关办理。"
    )


@row(*RECEPTION, sees=SEES)
def return_unanswered(scene: Scene) -> Attempt:
    walk = scene.walk().receive()
    walk.notify(first_file(walk.case))
    Correction.objects.filter(case=walk.case).update(due_on=date(2026, 1, 5))
    return lambda actor: commands.return_unanswered(actor=actor, case_no=walk.no, reason="到期没有补正。")


@row("clerk", sees=SEES | {"citizen"})
def delete_entry(scene: Scene) -> Attempt:
    no = story.filed_at_window(scene.clerk, scene.window_draft()).case_no
    return lambda actor: commands.delete_entry(actor=actor, case_no=no, reason="同一份材料录入了两次。")


@row("citizen", sees=SEES)
def deliver_by_download(scene: Scene) -> Attempt:
    no = scene.walk().receive().accept().to_decision().decide().issue().no
    return lambda actor: commands.deliver_by_download(actor=actor, case_no=no)


@row("citizen", sees=SEES)
def take_copies(scene: Scene) -> Attempt:
    no = scene.walk().receive().no
    return lambda actor: b"".join(commands.take_copies(actor=actor, case_no=no).chunks)


@row("citizen", sees=SEES)
def report_beyond_guide(scene: Scene) -> Attempt:
    no = scene.walk().receive().no
    return lambda actor: commands.report_beyond_guide(actor=actor, case_no=no, asked="居住证明")


# Steps: the role at the unit.


@row("officer", "head", sees=SEES)
def claim_step(scene: Scene) -> Attempt:
    no = scene.walk().receive().accept().no
    return lambda actor: commands.claim_step(actor=actor, case_no=no, step_key="examine")


@row("officer", "head", "leader", sees=SEES)
def release_step(scene: Scene) -> Attempt:
    no = scene.walk().receive().accept().no
    commands.claim_step(actor=scene.actors["officer"], case_no=no, step_key="examine")
    return lambda actor: commands.release_step(actor=actor, case_no=no, step_key="examine")


@row("clerk", "officer", "head", sees=SEES)
def claim_reception(scene: Scene) -> Attempt:
    no = scene.walk().no
    return lambda actor: commands.claim_reception(actor=actor, case_no=no)


@row("clerk", "head", "leader", sees=SEES)
def release_reception(scene: Scene) -> Attempt:
    no = scene.walk().no
    commands.claim_reception(actor=scene.clerk, case_no=no)
    return lambda actor: commands.release_reception(actor=actor, case_no=no)


@row("clerk", "officer", "head", "leader", "supervisor")
def write_note(scene: Scene) -> Attempt:
    no = scene.walk().no
    return lambda actor: commands.write_note(actor=actor, case_no=no, text="请核对面积。")


@row("officer", sees=SEES - {"head"})
def attach_to_step(scene: Scene) -> Attempt:
    no = scene.walk().receive().accept().no
    file = story.upload(scene.actors["officer"])
    return lambda actor: commands.attach_to_step(actor=actor, case_no=no, step_key="examine", file=file)


@row("officer", sees=SEES - {"head"})
def detach_from_step(scene: Scene) -> Attempt:
    no = scene.walk().receive().accept().no
    added = commands.attach_to_step(
        actor=scene.actors["officer"], case_no=no, step_key="examine", file=story.upload(scene.actors["officer"])
    )
    key = added.file.public_id
    return lambda actor: commands.detach_from_step(actor=actor, case_no=no, step_key="examine", file_id=key)


@row("officer", "head", sees=SEES)
def complete_step(scene: Scene) -> Attempt:
    no = scene.walk().receive().accept().no
    return lambda actor: commands.complete_step(
        actor=actor, case_no=no, step_key="examine", agree=False, opinion="不符合。"
    )


@row("head", sees=SEES)
def return_step(scene: Scene) -> Attempt:
    walk = scene.walk().receive().accept()
    walk.complete(walk.open_steps()[0])
    return lambda actor: commands.return_step(
        actor=actor, case_no=walk.no, step_key="review", to="examine", reason="核查记录缺照片。"
    )


@row("head", "leader", sees=SEES)
def assign_step(scene: Scene) -> Attempt:
    no = scene.walk().receive().accept().no
    to = scene.actors["officer"].account_id
    assert to is not None
    return lambda actor: commands.assign_step(actor=actor, case_no=no, step_key="examine", account_id=to)


@row("officer", "head", sees=SEES)
def save_opinion(scene: Scene) -> Attempt:
    no = scene.walk().receive().accept().no
    seen = commands.Seen(version=0, tab="a")
    return lambda actor: commands.save_opinion(
        actor=actor, case_no=no, step_key="examine", content={"opinion": "资料齐全。"}, seen=seen
    )


@row("head", "leader")
def save_phrase(scene: Scene) -> Attempt:
    unit = scene.actors["head"].appointments[0].organisation_id
    return lambda actor: commands.save_phrase(actor=actor, text="资料齐全，符合法定条件。", organisation_id=unit)


@row("head", "leader")
def remove_phrase(scene: Scene) -> Attempt:
    head = scene.actors["head"]
    unit = head.appointments[0].organisation_id
    phrase = commands.save_phrase(actor=head, text="待删。", organisation_id=unit)
    return lambda actor: commands.remove_phrase(actor=actor, phrase_id=phrase.pk)


@row("leader", sees=SEES)
def decide(scene: Scene) -> Attempt:
    no = scene.walk().receive().accept().to_decision().no
    return lambda actor: commands.decide(actor=actor, case_no=no, granted=True)


@row(*RECEPTION, sees=SEES)
def issue_result(scene: Scene) -> Attempt:
    no = scene.walk().receive().accept().to_decision().decide().no
    return lambda actor: commands.issue_result(actor=actor, case_no=no)


@row(*RECEPTION, sees=SEES)
def deliver_at_window(scene: Scene) -> Attempt:
    no = scene.walk().receive().accept().to_decision().decide().issue().no
    return lambda actor: commands.deliver_at_window(actor=actor, case_no=no, collector=story.collector())


# Reporting: the supervisor of the division, a system with the scope for the body that it was issued to.


@row("supervisor", "exchanger", "system")
def order_batch(scene: Scene) -> Attempt:
    scene.walk()
    return lambda actor: commands.order_batch(actor=actor, reach=reach_of(actor))


@row("supervisor", "exchanger", "system")
def give_out(scene: Scene) -> Attempt:
    numbers = made_batches(scene)
    return lambda actor: commands.give_out(
        actor=actor, number=numbers.get(reach_of(actor) or "430200000000", "none"), form="csv"
    )


@row("supervisor", "exchanger")
def read_rows(scene: Scene) -> Attempt:
    made_batches(scene)
    return lambda actor: commands.read_rows(actor=actor)


def reach_of(actor: Actor) -> str | None:
    return "430200000000" if actor.is_system else next(iter(reaches(actor)), None)


def made_batches(scene: Scene) -> dict[str, str]:
    """A made batch of each reach that somebody of the cast has."""
    scene.walk()
    found = {}
    for actor in (scene.actors["supervisor"], scene.actors["exchanger"]):
        batch = commands.order_batch(actor=actor, now=True)
        found[batch.reach] = commands.make_batch(number=batch.number).number
    return found


def commands_of_the_room() -> Iterator[str]:
    for name in commands.__all__:
        if inspect.isfunction(getattr(commands, name)):
            yield name


def test_every_command_has_a_row():
    assert set(matrix_service.SERVICE) <= set(ROWS)
    assert set(commands_of_the_room()) == set(ROWS) | set(NOT_ACTS)


def test_the_whole_cast_is_tried(cast):
    assert set(cast.names) == set(HUMANS)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_only_who_may_can(name, cast):
    found = ROWS[name]
    scene = Scene(cast)
    attempt = found.stage(scene)
    before = story.world()
    for who, actor in scene.actors.items():
        with story.undone():
            if who in found.may:
                attempt(actor)
                changed = story.world() != before
                assert changed or name == "adopt_current_guide", f"{who} did nothing by {name}"
                continue
            with pytest.raises(Refusal) as caught:
                attempt(actor)
            refusal = caught.value
            if who in found.sees:
                assert refusal.status == 403, f"{who} by {name}: {refusal}"
            elif found.sees:
                assert isinstance(refusal, NotFound), f"{who} by {name}: {refusal}"
            assert refusal.status in {403, 404}, f"{who} by {name}: {refusal}"
            assert story.world() == before, f"{who}, refused {name}, changed something"
