"""Submitting: what is missing is named, what was signed is what is kept, and there is exactly one case."""

import json
from dataclasses import replace

import pytest

from tongban.base import chain, rate
from tongban.cases import commands, proofs, queries, signing
from tongban.cases.models import Case, Draft, DraftMaterial, Signature
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import story
from tongban.catalogue.commands import publish_version, resume, suspend
from tongban.catalogue.queries import definition_of
from tongban.documents.queries import latest
from tongban.files.queries import open_file
from tongban.identity.models import Account, Person
from tongban.kernel.actor import SYSTEM
from tongban.kernel.codes import case_no as case_numbers
from tongban.kernel.problems import Invalid, NotFound, Refusal, TooMany
from tongban.licences.models import Licence

pytestmark = pytest.mark.usefixtures("city")


def refused(kind: type[Refusal], actor, ready: Draft, proof: commands.SignatureProof) -> Refusal:
    """Submit, be refused, and find everything as it was."""
    before = story.world()
    with pytest.raises(kind) as caught:
        commands.submit(actor=actor, draft_id=ready.public_id, proof=proof)
    assert story.world() == before
    return caught.value


def signed(ready: Draft) -> commands.SignatureProof:
    return story.proof(ready)


def again(actor, ready: Draft) -> Draft:
    return queries.access_draft(actor, ready.public_id)


# What is missing.


def bare(cast) -> Draft:
    version = story.implementation_for(story.sample()).current
    return commands.start_draft(actor=cast.citizen, version_id=version.pk, company_id=cast.citizen.company_ids[0])


def test_an_empty_draft_is_told_every_missing_part(cast):
    ready = bare(cast)
    found = refused(Invalid, cast.citizen, ready, signed(ready))
    assert found.code == "application_incomplete"
    assert set(found.fields) == {"questions", "form", "materials", "service"}
    assert all(one.endswith("。") for one in found.fields.values())


def break_questions(actor, ready: Draft) -> None:
    Draft.objects.filter(pk=ready.pk).update(answers={"goods": "food"})


def break_form(actor, ready: Draft) -> None:
    commands.save_form(actor=actor, draft_id=ready.public_id, data={"area": -3})


def break_materials(actor, ready: Draft) -> None:
    for one in ready.materials.all():
        commands.detach(actor=actor, draft_id=ready.public_id, file_id=one.file.public_id)


def break_service(actor, ready: Draft) -> None:
    commands.save_service(
        actor=actor, draft_id=ready.public_id, service=commands.Service(electronic_consent=False), partial=True
    )


@pytest.mark.parametrize(
    ("part", "spoil", "words"),
    [
        ("questions", break_questions, "情形"),
        ("form", break_form, "1 处"),
        ("materials", break_materials, "还缺"),
        ("service", break_service, "送达"),
    ],
)
def test_each_part_that_is_missing_is_named(cast, part, spoil, words):
    ready = story.draft(cast.citizen)
    spoil(cast.citizen, ready)
    ready = again(cast.citizen, ready)
    found = refused(Invalid, cast.citizen, ready, signed(ready))
    assert part in found.fields
    assert words in found.fields[part]


def test_an_answer_that_the_guide_does_not_offer_is_refused(cast):
    ready = bare(cast)
    for answers in ({"goods": "gold"}, {"nothing": "food"}, {"projects": ["hot", "nuclear"]}):
        with pytest.raises(Invalid) as caught:
            commands.save_answers(actor=cast.citizen, draft_id=ready.public_id, answers=answers)
        assert caught.value.code == "answer_unknown"
    assert again(cast.citizen, ready).answers == {}


def test_what_the_guide_does_not_ask_for_is_dropped_or_refused(cast):
    ready = story.draft(cast.citizen)
    commands.save_form(actor=cast.citizen, draft_id=ready.public_id, data={"favourite_colour": "red"})
    assert "favourite_colour" not in again(cast.citizen, ready).form
    with pytest.raises(Invalid) as caught:
        commands.attach(
            actor=cast.citizen, draft_id=ready.public_id, material_key="no_such", file=story.upload(cast.citizen)
        )
    assert caught.value.code == "material_not_asked"


def test_ways_of_delivery_that_the_item_does_not_offer_are_refused(cast):
    actor = cast.citizen
    ready = story.draft(actor, "id-card-replacement")
    before = again(actor, ready).service
    with pytest.raises(Invalid) as caught:
        commands.save_service(
            actor=actor,
            draft_id=ready.public_id,
            service=commands.Service(electronic_consent=True, delivery="electronic"),
        )
    assert set(caught.value.fields) == {"delivery"}
    assert again(actor, ready).service == before


# The proof.


def test_a_wrong_password_counts_and_is_limited_and_the_right_one_forgets_the_count(cast):
    ready = story.draft(cast.citizen)
    wrong = story.proof(ready, secret="wrong-password-1")
    key = str(cast.citizen.account_id)
    for tried in range(1, 3):
        found = refused(Invalid, cast.citizen, ready, wrong)
        assert found.code == "proof_wrong"
        assert set(found.fields) == {"secret"}
        assert rate.used(bucket="sign", key=key, per_s=proofs.TRIES_WINDOW_S) == tried
    for _ in range(2, proofs.TRIES_MAX):
        refused(Invalid, cast.citizen, ready, wrong)
    limited = refused(TooMany, cast.citizen, ready, signed(ready))
    assert limited.status == 429
    rate.reset(bucket="sign", key=key)
    refused(Invalid, cast.citizen, ready, wrong)
    assert commands.submit(actor=cast.citizen, draft_id=ready.public_id, proof=signed(ready)).case
    assert rate.used(bucket="sign", key=key, per_s=proofs.TRIES_WINDOW_S) == 0


def test_many_right_signatures_in_a_row_are_no_attack(cast):
    for _ in range(proofs.TRIES_MAX + 1):
        ready = story.draft(cast.citizen, "resident-pension-enrolment")
        with story.undone():
            proofs.prove(actor=cast.citizen, channel="web", proof=signed(ready))
        proofs.prove(actor=cast.citizen, channel="web", proof=signed(ready))


def test_the_secret_is_kept_nowhere(cast):
    case = story.submitted(cast.citizen)
    signature = Signature.objects.get(case=case)
    kept = json.dumps(signature.evidence) + signature.content
    assert story.PASSWORD not in kept
    assert story.PASSWORD not in repr(commands.SignatureProof(method="password", sha256="0", secret=story.PASSWORD))
    assert signature.method == "password"
    assert signature.signer_ref == cast.citizen.ref


@pytest.mark.parametrize("method", ["handwritten", "client"])
def test_a_citizen_cannot_sign_by_a_clerks_or_a_systems_proof(cast, method):
    ready = story.draft(cast.citizen)
    found = refused(CaseRefusal, cast.citizen, ready, replace(signed(ready), method=method))
    assert found.code == "proof_not_open"
    assert found.status == 403


# Two tabs, a new guide, a suspended item.


def test_content_changed_in_another_tab_is_409_and_nothing_typed_is_lost(cast):
    ready = story.draft(cast.citizen)
    shown = signed(ready)
    commands.save_form(actor=cast.citizen, draft_id=ready.public_id, data={"area": 120})
    found = refused(CaseRefusal, cast.citizen, ready, shown)
    assert (found.code, found.status) == ("content_changed", 409)
    assert again(cast.citizen, ready).form["area"] == 120
    done = commands.submit(actor=cast.citizen, draft_id=ready.public_id, proof=signed(again(cast.citizen, ready)))
    assert done.case.form["area"] == 120


def new_guide(ready: Draft) -> None:
    definition = definition_of(ready.item_version)
    changed = definition.model_copy(update={"consult_phone": "0731-28680861"})
    publish_version(actor=SYSTEM, task_code=ready.item_version.implementation.task_code, definition=changed)


def test_a_guide_that_changed_between_is_told_and_what_was_written_goes_along(cast):
    ready = story.draft(cast.citizen)
    new_guide(ready)
    found = refused(CaseRefusal, cast.citizen, ready, signed(ready))
    assert found.code == "guide_changed"
    commands.adopt_current_guide(actor=cast.citizen, draft_id=ready.public_id)
    moved = again(cast.citizen, ready)
    assert moved.item_version_id != ready.item_version_id
    assert (moved.answers, moved.form) == (ready.answers, ready.form)
    assert DraftMaterial.objects.filter(draft=moved).count() == ready.materials.count()
    assert commands.submit(actor=cast.citizen, draft_id=ready.public_id, proof=signed(moved)).case


def test_a_case_keeps_the_guide_it_was_filed_under(cast):
    case = story.submitted(cast.citizen)
    new_guide(Draft.objects.get(case=case))
    case.refresh_from_db()
    walk = story.Walk(case).receive().accept().to_decision().decide().issue()
    assert walk.case.state == "completed"
    assert walk.case.item_version_id == case.item_version_id


def test_an_item_that_is_suspended_takes_nothing_and_loses_nothing(cast):
    ready = story.draft(cast.citizen)
    code = ready.item_version.implementation.task_code
    suspend(actor=SYSTEM, task_code=code, reason="系统升级，暂停办理。")
    found = refused(CaseRefusal, cast.citizen, ready, signed(ready))
    assert found.code == "item_not_open"
    with pytest.raises(CaseRefusal):
        commands.start_draft(actor=cast.citizen, version_id=ready.item_version_id)
    resume(actor=SYSTEM, task_code=code)
    assert commands.submit(actor=cast.citizen, draft_id=ready.public_id, proof=signed(again(cast.citizen, ready))).case


# Doubled and replayed.


def test_a_doubled_or_replayed_submission_finds_the_same_case(cast):
    ready = story.draft(cast.citizen)
    first = commands.submit(actor=cast.citizen, draft_id=ready.public_id, proof=signed(ready))
    before = story.world()
    second = commands.submit(actor=cast.citizen, draft_id=ready.public_id, proof=signed(ready))
    wrong = commands.submit(actor=cast.citizen, draft_id=ready.public_id, proof=story.proof(ready, secret="x"))
    assert (second.case, wrong.case) == (first.case, first.case)
    assert second.repeated
    assert not first.repeated
    assert second.query_password == first.query_password
    assert story.world() == before


def test_a_submitted_draft_cannot_be_written_again(cast):
    ready = story.draft(cast.citizen)
    commands.submit(actor=cast.citizen, draft_id=ready.public_id, proof=signed(ready))
    before = story.world()
    for act in (
        lambda: commands.save_form(actor=cast.citizen, draft_id=ready.public_id, data={"area": 1}),
        lambda: commands.save_answers(actor=cast.citizen, draft_id=ready.public_id, answers={"agent": "self"}),
        lambda: commands.discard_draft(actor=cast.citizen, draft_id=ready.public_id),
        lambda: commands.adopt_current_guide(actor=cast.citizen, draft_id=ready.public_id),
    ):
        with pytest.raises(CaseRefusal) as caught:
            act()
        assert caught.value.code == "draft_submitted"
    assert story.world() == before


# Who may apply.


def test_an_identity_that_is_not_proven_enough_is_told_how_to_prove_it(cast):
    account = cast.account("other_citizen")
    Person.objects.filter(pk=account.person_id).update(assurance_level=0)
    version = story.implementation_for(story.sample("birth-registration")).current
    with pytest.raises(CaseRefusal) as caught:
        commands.start_draft(actor=cast.other_citizen, version_id=version.pk)
    assert caught.value.code == "assurance_too_low"
    assert caught.value.status == 403
    assert caught.value.data == {"needed": 2, "level": 0}
    assert not Draft.objects.exists()


def test_an_item_for_companies_is_not_filed_by_a_person_nor_the_other_way_round(cast):
    hr = story.implementation_for(story.sample("hr-service-licence")).current
    pension = story.implementation_for(story.sample("resident-pension-enrolment")).current
    for version, company in ((hr, None), (pension, cast.operator.company_ids[0])):
        with pytest.raises(CaseRefusal) as caught:
            commands.start_draft(actor=cast.operator, version_id=version.pk, company_id=company)
        assert caught.value.code == "applicant_kind"
    with pytest.raises(NotFound):
        commands.start_draft(actor=cast.citizen, version_id=hr.pk, company_id=cast.operator.company_ids[0])
    assert not Draft.objects.exists()


def test_a_hundred_open_drafts_are_enough(cast, monkeypatch):
    from tongban.cases.commands import drafts

    monkeypatch.setattr(drafts, "DRAFTS_MAX", 2)
    version = story.implementation_for(story.sample("resident-pension-enrolment")).current
    for _ in range(2):
        commands.start_draft(actor=cast.citizen, version_id=version.pk)
    with pytest.raises(CaseRefusal) as caught:
        commands.start_draft(actor=cast.citizen, version_id=version.pk)
    assert caught.value.code == "draft_too_many"
    assert Draft.objects.count() == 2


# Materials.


def test_what_government_holds_already_is_not_asked_for_and_counts_as_saved(cast):
    ready = story.draft(cast.citizen)
    states = {one.how for one in commands.look_over(ready).states}
    assert "licence" in states
    case = commands.submit(actor=cast.citizen, draft_id=ready.public_id, proof=signed(ready)).case
    saved = case.materials.filter(source="licence")
    assert saved.exists()
    assert {one.trust_level for one in saved} == {"A"}
    assert all(Licence.objects.filter(licence_id=one.licence_id).exists() for one in saved)
    assert {one.trust_level for one in case.materials.filter(source="file")} == {"C"}
    (event,) = [one for one in chain.events(case.subject) if one.kind == "CaseSubmitted"]
    assert event.payload["materials_saved"] == saved.count()
    assert event.payload["materials"] == case.materials.values("key").distinct().count()


def test_a_licence_that_expired_or_was_revoked_is_asked_for_again(cast):
    Licence.objects.update(status=Licence.Status.REVOKED)
    version = story.implementation_for(story.sample()).current
    begun = commands.start_draft(actor=cast.citizen, version_id=version.pk, company_id=cast.citizen.company_ids[0])
    commands.save_answers(actor=cast.citizen, draft_id=begun.public_id, answers=story.sample().answers)
    states = commands.look_over(again(cast.citizen, begun)).states
    assert not any(one.how == "licence" for one in states)


def test_a_file_of_somebody_else_or_of_another_draft_cannot_be_attached(cast):
    ready, other = story.draft(cast.citizen), story.draft(cast.citizen)
    material = ready.materials.all()[0].key
    foreign = story.upload(cast.other_citizen)
    elsewhere = other.materials.all()[0].file
    before = story.world()
    for file in (foreign, elsewhere):
        with pytest.raises(NotFound) as caught:
            commands.attach(actor=cast.citizen, draft_id=ready.public_id, material_key=material, file=file)
        assert caught.value.code == "file_not_found"
    assert story.world() == before


def test_a_file_attached_twice_is_there_once_and_one_taken_out_is_gone(cast):
    ready = story.draft(cast.citizen)
    row = ready.materials.all()[0]
    count = DraftMaterial.objects.filter(draft=ready).count()
    for _ in range(2):
        commands.attach(actor=cast.citizen, draft_id=ready.public_id, material_key=row.key, file=row.file)
    assert DraftMaterial.objects.filter(draft=ready).count() == count
    for _ in range(2):
        commands.detach(actor=cast.citizen, draft_id=ready.public_id, file_id=row.file.public_id)
    assert DraftMaterial.objects.filter(draft=ready).count() == count - 1
    with pytest.raises(NotFound):
        open_file(cast.citizen, row.file.public_id)
    commands.attach(actor=cast.citizen, draft_id=ready.public_id, material_key=row.key, file=story.upload(cast.citizen))
    assert DraftMaterial.objects.filter(draft=ready).count() == count


# What is kept.


def test_the_signed_bytes_can_be_recomputed_from_what_is_stored_and_are_in_the_chain(cast):
    case = Case.objects.get(pk=story.submitted(cast.citizen).pk)
    signature = Signature.objects.get(case=case, purpose="application")
    assert signing.sha256(signature.content) == signature.sha256
    draft = Draft.objects.get(case=case)
    rebuilt = signing.application_content(
        task_code=case.implementation.task_code,
        item_name=case.item_name,
        version_digest=case.item_version.digest,
        applicant=case.applicant,
        agent=case.agent,
        answers=case.answers,
        form=case.form,
        materials=[
            signing.SignedMaterial(
                key=one.key, name=one.name, source=one.source,
                reference=one.file.sha256 if one.file else one.licence_id,
            )
            for one in case.materials.all()
        ],
        service=draft.service,
    )  # fmt: skip
    assert rebuilt == signature.content
    (event,) = [one for one in chain.events(case.subject) if one.kind == "CaseSubmitted"]
    assert event.payload["signed_sha256"] == signature.sha256
    paper = latest(case.subject, "application")
    assert paper is not None
    assert signature.sha256 in json.dumps(paper.envelope)


def test_every_part_of_what_is_applied_for_changes_the_digest(cast):
    content = json.loads(commands.look_over(story.draft(cast.citizen)).content)
    assert content["statement"] == commands.STATEMENT
    assert set(content) == {
        "what", "statement", "task_code", "item_name", "guide_digest", "applicant", "agent", "answers", "form",
        "materials", "service",
    }  # fmt: skip


def test_the_number_is_the_task_code_with_day_and_serial_and_checks(cast):
    first, second = story.submitted(cast.citizen), story.submitted(cast.citizen)
    for case in (first, second):
        assert case_numbers.parse(case.case_no)
        assert case.case_no.startswith(case.implementation.task_code)
    assert first.case_no != second.case_no
    assert len(first.query_password) == 8
    assert first.query_password.isdigit()


def test_the_account_is_told_number_and_password(cast):
    case = story.submitted(cast.citizen)
    (message,) = story.Message.objects.filter(subject_ref=case.subject)
    assert case.case_no in message.body
    assert case.query_password in message.body
    assert message.account_id == Account.objects.get(pk=cast.citizen.account_id).pk
