"""Two at once, twenty at once, and cut off in the middle: one effect each time, on real connections."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import connection

from tongban.base import chain, moment, numbering
from tongban.base.tests.racing import race
from tongban.cases import commands, papers, proofs, queries, signing, telling
from tongban.cases.models import Case, CaseMaterial, CaseStep, Correction, Delivery, Draft, InboxEntry, Signature
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import story
from tongban.documents.models import Document
from tongban.files.models import StoredFile
from tongban.identity import commands as identity
from tongban.identity import queries as identity_queries
from tongban.identity.models import Post
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.codes import case_no as case_numbers
from tongban.kernel.problems import Refusal
from tongban.licences.models import Licence

pytestmark = pytest.mark.usefixtures("live_city")


def race_once(acts: Sequence[Callable[[], Any]]) -> tuple[list[Any], list[Refusal]]:
    """Race, and give what was done and what was refused; anything else is a fault of the program."""
    found = race(acts)
    refused = [one for one in found if isinstance(one, Refusal)]
    broken = [one for one in found if isinstance(one, BaseException) and not isinstance(one, Refusal)]
    assert not broken, broken
    return [one for one in found if not isinstance(one, Refusal)], refused


def second(role: str, code: str, login: str) -> Actor:
    """A colleague with the same post."""
    account = identity.create_staff(SYSTEM, login=login, name="示例同事")
    post = Post.objects.get(code=code)
    assert post.role == role
    identity.appoint(SYSTEM, account_id=account.pk, post_id=post.pk, valid_from=date(2020, 1, 1))
    return identity_queries.actor_for(account, moment.now())


def count(walk: story.Walk, kind: str) -> int:
    return Document.objects.filter(subject=walk.case.subject, kind=kind).count()


def check_whole(walk: story.Walk) -> None:
    """The chain holds, and every number of the register is there once, without a gap."""
    assert chain.verify() == []
    numbers: dict[tuple[str, int | None], list[int]] = {}
    for one in Document.objects.exclude(book=""):
        assert one.number_serial is not None
        numbers.setdefault((one.book, one.number_year), []).append(one.number_serial)
    for serials in numbers.values():
        assert sorted(serials) == list(range(1, len(serials) + 1))
    open_steps = CaseStep.objects.filter(case=walk.case, state="open").count()
    assert InboxEntry.objects.filter(case=walk.case, kind="step", closed_at__isnull=True).count() in {0, open_steps}


def test_submitting_reception_and_steps_at_once_have_one_effect_each(cast):
    """One database for the whole way: each fork of it is raced in turn."""
    citizen, officer, head = cast.citizen, cast.officer, cast.head
    ready = story.draft(citizen)
    proof = story.proof(ready)
    done, refused = race_once([partial(commands.submit, actor=citizen, draft_id=ready.public_id, proof=proof)] * 4)
    assert not refused
    assert len({one.case.case_no for one in done}) == Case.objects.count() == 1
    assert [one.repeated for one in done].count(False) == 1
    assert Signature.objects.count() == 1
    walk = story.Walk(done[0].case)
    assert story.kinds(walk.case) == ["CaseSubmitted"]

    done, refused = race_once(
        [partial(commands.receive, actor=one, case_no=walk.no) for one in (cast.clerk, officer, head)]
    )
    assert (len(done), {one.code for one in refused}) == (1, {"case_state"})
    assert count(walk, "receipt") == 1

    done, refused = race_once([partial(commands.accept, actor=one, case_no=walk.no) for one in (officer, head)])
    assert (len(done), [one.code for one in refused]) == (1, ["case_state"])
    assert count(walk, "acceptance") == 1
    assert story.kinds(walk.case).count("CaseAccepted") == 1
    assert CaseStep.objects.filter(case=walk.case).count() == 3

    claim = partial(commands.claim_step, case_no=walk.no, step_key="examine")
    done, refused = race_once([partial(claim, actor=officer), partial(claim, actor=head)])
    assert (len(done), [one.code for one in refused]) == (1, ["step_claimed"])
    assert story.kinds(walk.case).count("StepClaimed") == 1
    taker = CaseStep.objects.get(case=walk.case, key="examine").claimed_by
    assert taker is not None
    holder = identity_queries.actor_for(taker, walk.case.submitted_at)

    points = next(one.checklist for one in story.definition_of(walk.case.item_version).steps if one.key == "examine")
    finish = partial(
        commands.complete_step, actor=holder, case_no=walk.no, step_key="examine", agree=True, opinion="同意。", checklist=points
    )  # fmt: skip
    done, refused = race_once([finish, finish])
    assert (len(done), [one.code for one in refused]) == (1, ["step_not_open"])
    assert story.kinds(walk.case).count("StepOpened") == 2

    walk.to_decision()
    leader, other = cast.leader, second("leader", "430212:scjgj/shenpi", "lukou.shenpi2")
    done, refused = race_once([
        partial(commands.decide, actor=leader, case_no=walk.no, granted=True),
        partial(commands.decide, actor=other, case_no=walk.no, granted=False, reason="不符合。", basis="第三十八条"),
    ])  # fmt: skip
    assert (len(done), [one.code for one in refused]) == (1, ["case_state"])
    assert count(walk, "granted") + count(walk, "refused") == 1
    check_whole(walk)


def test_a_case_sent_back_and_decided_at_once_is_one_of_them(cast):
    leader, other = cast.leader, second("leader", "430212:scjgj/shenpi", "lukou.shenpi3")
    for round_no in (1, 2):
        walk = story.walk().receive().accept().to_decision()
        back = partial(
            commands.return_step, case_no=walk.no, step_key="decide", to="examine", reason="请补拍现场照片。"
        )
        rival = partial(commands.decide, case_no=walk.no, granted=True) if round_no == 1 else back
        done, refused = race_once([partial(back, actor=leader), partial(rival, actor=other)])
        assert (len(done), len(refused)) == (1, 1)
        assert refused[0].code in {"case_state", "step_not_open"}
        happened = story.kinds(walk.case)
        assert happened.count("StepReturned") + happened.count("CaseDecided") == 1
        again = CaseStep.objects.filter(case=walk.case, round=2).count()
        assert again == (3 if "StepReturned" in happened else 0)
        check_whole(walk)


def test_result_and_delivery_at_once_happen_once(cast):
    walk = story.walk().receive().accept().to_decision().decide()
    issue = [
        partial(commands.issue_result, actor=one, case_no=walk.no) for one in (cast.clerk, cast.officer, cast.head)
    ]
    done, refused = race_once(issue)
    assert (len(done), {one.code for one in refused}) == (1, {"case_state"})
    assert Licence.objects.filter(case_no=walk.no).count() == count(walk, "licence") == 1

    deliver = [partial(commands.deliver_by_download, actor=cast.citizen, case_no=walk.no)] * 3
    deliver += [
        partial(commands.deliver_at_window, actor=one, case_no=walk.no, collector=story.collector())
        for one in (cast.clerk, cast.officer)
    ]
    done, refused = race_once(deliver)
    assert {one.code for one in refused} <= {"already_delivered"}
    assert Delivery.objects.filter(case=walk.case).count() == count(walk, "delivery_receipt") == 1
    assert story.kinds(walk.case).count("ResultDelivered") == 1
    check_whole(walk)


def test_acceptance_and_withdrawal_at_once_leave_one_of_them(cast):
    for _ in range(3):
        walk = story.walk().receive()
        done, refused = race_once([
            partial(commands.accept, actor=cast.officer, case_no=walk.no),
            partial(commands.withdraw, actor=cast.citizen, case_no=walk.no),
        ])  # fmt: skip
        walk.case.refresh_from_db()
        happened = story.kinds(walk.case)
        # Withdrawing after acceptance is lawful; accepting after withdrawal is not.
        assert walk.case.state == "withdrawn"
        assert happened[-1] == "CaseWithdrawn"
        assert len(done) == happened.count("CaseAccepted") + 1
        assert [one.code for one in refused] == ["case_state"] * (2 - len(done))
        assert not InboxEntry.objects.filter(case=walk.case, closed_at__isnull=True).exists()
        check_whole(walk)


def test_two_answers_to_one_notice_at_once_are_one(cast):
    walk = story.walk().receive()
    key = next(one.key for one in walk.case.materials.filter(source="file"))
    walk.notify(key)
    case = queries.access_case(cast.citizen, walk.no)
    answers = []
    for _ in range(2):
        materials = {key: [story.upload(cast.citizen)]}
        sha256 = signing.sha256(commands.correction_content(case, {}, materials))
        proof = commands.SignatureProof(method="password", sha256=sha256, secret=story.PASSWORD)
        answers.append(
            partial(
                commands.submit_correction,
                actor=cast.citizen,
                case_no=walk.no,
                form={},
                materials=materials,
                proof=proof,
            )
        )
    done, refused = race_once(answers)
    assert (len(done), [one.code for one in refused]) == (1, ["case_state"])
    assert Signature.objects.filter(case=case, purpose="correction").count() == 1
    assert case.materials.filter(key=key, current=True).count() == 1
    notice = partial(
        commands.request_correction, actor=cast.officer, case_no=walk.no,
        defects=[commands.Defect(kind="material", key=key, what="再补一次材料。")],
    )  # fmt: skip
    done, refused = race_once([notice, notice])
    assert not done
    assert {one.code for one in refused} == {"correction_once"}
    assert Correction.objects.filter(case=case).count() == 1


def test_sent_back_in_pre_review_and_received_at_once_leave_one_notice_at_most(cast):
    for rival in (commands.return_in_pre_review, commands.receive):
        walk = story.walk()
        key = next(one.key for one in walk.case.materials.filter(source="file"))
        defects = [commands.Defect(kind="material", key=key, what="请补盖公章。")]
        back = partial(commands.return_in_pre_review, actor=cast.officer, case_no=walk.no, defects=defects)
        more = {"defects": defects} if rival is commands.return_in_pre_review else {}
        done, refused = race_once([back, partial(rival, actor=cast.head, case_no=walk.no, **more)])
        happened = story.kinds(walk.case)
        # Receiving what was sent back is lawful; sending back what was received is not.
        assert len(done) == len(happened) - 1
        assert [one.code for one in refused] == ["case_state"] * (2 - len(done))
        assert happened.count("PreReviewReturned") == count(walk, "correction") <= 1
        check_whole(walk)


def test_completed_and_returned_at_once_are_one_of_them(cast):
    walk = story.walk().receive()
    key = next(one.key for one in walk.case.materials.filter(source="file"))
    walk.notify(key)
    Correction.objects.filter(case=walk.case).update(due_on=date(2026, 1, 5))
    materials = {key: [story.upload(cast.citizen)]}
    content = commands.correction_content(queries.access_case(cast.citizen, walk.no), {}, materials)
    proof = commands.SignatureProof(method="password", sha256=signing.sha256(content), secret=story.PASSWORD)
    back = partial(commands.return_unanswered, case_no=walk.no, reason="到期没有补正。")
    answer = partial(commands.submit_correction, case_no=walk.no, form={}, materials=materials, proof=proof)
    done, refused = race_once([partial(back, actor=cast.officer), partial(answer, actor=cast.citizen)])
    assert (len(done), [one.code for one in refused]) == (1, ["case_state"])
    happened = story.kinds(walk.case)
    assert happened.count("CaseReturned") + happened.count("CorrectionSubmitted") == 1
    assert count(walk, "termination") == happened.count("CaseReturned")
    check_whole(walk)


def test_case_numbers_have_no_gap_under_twenty_at_once(cast, monkeypatch):
    # A try counts from the moment it starts until its password proved right, so that nobody guesses in parallel;
    # twenty of one person in one instant would meet that limit, which is not what is looked at here.
    monkeypatch.setattr(proofs, "TRIES_MAX", 40)
    citizen = cast.citizen
    ready = [story.draft(citizen, "resident-pension-enrolment") for _ in range(20)]

    def fail_or_submit(number: int, one: Draft) -> Any:
        secret = "wrong" if number % 5 == 4 else story.PASSWORD
        return commands.submit(actor=citizen, draft_id=one.public_id, proof=story.proof(one, secret=secret))

    done, refused = race_once([partial(fail_or_submit, number, one) for number, one in enumerate(ready)])
    numbers = sorted(one.case.case_no for one in done)
    assert len(done) == Case.objects.count() == 16 == len(set(numbers))
    assert {one.code for one in refused} == {"proof_wrong"}
    assert sorted(serial_of(one.case) for one in done) == list(range(1, 17))
    assert chain.verify() == []


def serial_of(case: Case) -> int:
    return int(case_numbers.parse(case.case_no).serial)


class Killed(BaseException):
    """The worker died here."""


WRITES = {
    "documents": (papers, "issue"),
    "chain": (chain, "append"),
    "telling": (telling, "_send"),
}


@pytest.mark.parametrize("after", sorted(WRITES))
@pytest.mark.parametrize("when", ["before", "behind"])
def test_a_worker_killed_in_the_middle_leaves_nothing_and_loses_no_number(cast, monkeypatch, after, when):
    module, name = WRITES[after]
    real = getattr(module, name)

    def die(*args: Any, **values: Any) -> Any:
        if when == "behind":
            real(*args, **values)
        raise Killed

    ready = story.draft(cast.citizen)
    walk = story.walk().receive()
    later = story.walk().receive().accept().to_decision()
    granted = story.walk().receive().accept().to_decision().decide().issue()
    acts: list[Callable[[], Any]] = [
        partial(commands.submit, actor=cast.citizen, draft_id=ready.public_id, proof=story.proof(ready)),
        partial(commands.accept, actor=cast.officer, case_no=walk.no),
        partial(commands.withdraw, actor=cast.citizen, case_no=walk.no),
        partial(commands.decide, actor=cast.leader, case_no=later.no, granted=True),
        partial(commands.deliver_at_window, actor=cast.officer, case_no=granted.no, collector=story.collector()),
    ]
    before = story.world()
    for act in acts:
        with monkeypatch.context() as patch:
            patch.setattr(module, name, die)
            with pytest.raises(Killed):
                act()
        assert connection.get_autocommit()
        assert story.world() == before
    # And again, as the person would: it works, and the numbers go on where they were.
    done = commands.submit(actor=cast.citizen, draft_id=ready.public_id, proof=story.proof(ready))
    serials = sorted(serial_of(one) for one in Case.objects.all())
    assert serials == list(range(1, len(serials) + 1))
    assert serial_of(done.case) == len(serials)
    for act in (acts[1], acts[3], acts[4]):
        act()
    check_whole(walk)


def test_a_killed_submission_gives_its_number_to_the_next(cast, monkeypatch):
    first, following = story.draft(cast.citizen), story.draft(cast.citizen)
    real = numbering.take
    taken: list[int] = []

    def die(series: str, period: str = "") -> int:
        value = real(series, period)
        if not series.startswith("case:"):
            return value
        taken.append(value)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(numbering, "take", die)
        with pytest.raises(Killed):
            commands.submit(actor=cast.citizen, draft_id=first.public_id, proof=story.proof(first))
    done = commands.submit(actor=cast.citizen, draft_id=following.public_id, proof=story.proof(following))
    assert taken == [serial_of(done.case)]


def test_a_refusal_in_the_middle_of_a_race_is_the_rooms_own(cast):
    walk = story.walk()
    with pytest.raises(CaseRefusal) as caught:
        commands.accept(actor=cast.officer, case_no=walk.no)
    assert caught.value.code == "case_state"
    assert "受理" in caught.value.message


def test_an_earlier_file_used_again_twice_at_once_is_in_the_draft_once(cast):
    row = CaseMaterial.objects.filter(case=story.walk().receive().case, source="file").select_related("file")[0]
    draft = story.empty_draft(cast.citizen)

    def use() -> Draft:
        return commands.reuse(
            actor=cast.citizen, draft_id=draft.public_id, material_key=row.key, file_id=row.file.public_id
        )

    assert [one for one in race([use, use]) if isinstance(one, Exception)] == []
    assert draft.materials.filter(file__copied_from=row.file).count() == 1


def test_an_earlier_file_taken_for_a_correction_twice_at_once_is_one_file(cast):
    earlier = story.walk().receive()
    key = earlier.case.materials.filter(source="file")[0].key
    row = earlier.correct(cast.citizen, key).case.materials.select_related("file").get(key=key, current=True)
    asked = story.walk().receive().notify(key).no

    def use() -> StoredFile:
        return commands.reuse_in_correction(
            actor=cast.citizen, case_no=asked, material_key=key, file_id=row.file.public_id
        )

    first, second = race([use, use])
    assert first == second
    assert StoredFile.objects.filter(copied_from=row.file).count() == 1
