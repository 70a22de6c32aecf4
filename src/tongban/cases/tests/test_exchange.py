"""Cases as rows of the exchange: every column of every table, every end, versions, what is held back, whose."""

from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tongban.base import moment, outbox
from tongban.cases import commands, jobs, queries
from tongban.cases.exchange import marks
from tongban.cases.exchange.columns import Row
from tongban.cases.exchange.picture import pictures
from tongban.cases.exchange.reach import reaches, within
from tongban.cases.exchange.rows import rows
from tongban.cases.exchange.tables import TABLES
from tongban.cases.feed import PUBLIC
from tongban.cases.models import Case, CaseStep, ExchangeBatch, ExchangeFault, ExchangeRow
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import desk_visit, story
from tongban.cases.tests.test_completion import WAYS
from tongban.cases.tests.test_walks import SLUGS
from tongban.kernel.actor import SYSTEM
from tongban.kernel.problems import Invalid, NotFound

pytestmark = pytest.mark.usefixtures("city")
CITY = "430200000000"
#: What nothing in this platform states so far.
NEVER = {"task_handle_item": "the items of these cases are not divided", "satisfaction": "nobody has rated yet"}
CHARGED = "id-card-replacement"


def rows_of(case: Case) -> list[Row]:
    [picture] = pictures([case.pk])
    return rows(picture)


def by_table(case: Case) -> dict[str, list[Any]]:
    """The rows of a case, each of which fits its table."""
    found = defaultdict(list)
    for row in rows_of(case):
        assert TABLES[row.table].faults(row.values) == (), row
        assert set(row.values) <= set(TABLES[row.table].names)
        found[row.table].append(row.values)
    return found


def report(mode: str = "changes", **more: Any) -> ExchangeBatch:
    outbox.relay()
    batch = commands.order_batch(actor=SYSTEM, reach=CITY, mode=mode, now=True, **more)
    return commands.make_batch(number=batch.number)


def reported(batch: ExchangeBatch) -> list[ExchangeRow]:
    return list(ExchangeRow.objects.filter(batch=batch).order_by("pk"))


def stated_in_full() -> story.Walk:
    """A company's case in which everything is stated that can be."""
    applicant = story.applicant_of(story.FOOD)
    key = story.draft(applicant).public_id
    service = commands.Service(
        address="株洲市渌口区津口路128号", recipient="陈桂兰", phone="19900000001", electronic_consent=True,
        zip_code="412100", division="430212", investment_project_code="2026-430212-47-03-012345",
    )  # fmt: skip
    commands.save_service(actor=applicant, draft_id=key, service=service)
    ready = queries.access_draft(applicant, key)
    return story.Walk(commands.submit(actor=applicant, draft_id=key, proof=story.proof(ready)).case)


def corrected(walk: story.Walk) -> story.Walk:
    file = walk.case.materials.filter(source="file").first()
    assert file is not None
    return walk.correct(story.applicant_of(story.FOOD), file.key)


def filled(case: Case) -> set[tuple[str, str]]:
    return {
        (table, name)
        for table, found in by_table(case).items()
        for values in found
        for name, value in values.items()
        if value not in {None, ""}
    }


def test_every_column_of_every_table_is_filled_by_what_was_stated_or_done(cast):
    food = story.applicant_of(story.FOOD)
    whole = corrected(stated_in_full().receive()).accept().to_decision().decide().issue().download(food)
    seen = filled(whole.case) | filled(story.walk(CHARGED).to_the_end(story.applicant_of(CHARGED)).case)
    seen |= filled(corrected(story.walk().receive()).accept().to_decision().decide(granted=False).case)
    missing = {(table.name, name) for table in TABLES.values() for name in table.names} - seen
    assert {name for _, name in missing} == set(NEVER)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_item_of_the_city_fits_the_tables_from_submission_to_delivery(slug):
    applicant = story.applicant_of(slug)
    walk = story.walk(slug)
    for act in (walk.receive, walk.accept, walk.to_decision, walk.pay, walk.decide, walk.issue, walk.pay):
        assert by_table(walk.case)["pre_apasinfo"]
        act()
    if "electronic" in queries.case_page(SYSTEM, walk.no).definition.delivery:
        walk.download(applicant)
    else:
        walk.hand_out()
    found = by_table(walk.case)
    assert found["up_pro_result"][0]["is_delivery_results"] == "1"
    assert found["ea_jc_step_done"][0]["doneresult"] == "0"
    assert found["ea_jc_step_done"][0]["reason"] is None
    kinds = [one["nodetype"] for one in found["ea_jc_step_proc"]]
    assert (kinds[0], kinds[-1], set(kinds[1:-1]) <= {"2"}) == ("1", "3", True)


def refused(walk: story.Walk) -> None:
    walk.receive().accept().to_decision().decide(granted=False)


def not_accepted(walk: story.Walk) -> None:
    walk.receive()
    commands.refuse_acceptance(
        actor=walk.receptionist(), case_no=walk.no, reason="不属于本机关职权范围。", basis="《行政许可法》第三十二条"
    )


def no_permit(walk: story.Walk) -> None:
    walk.receive()
    commands.tell_no_permit_needed(
        actor=walk.receptionist(), case_no=walk.no, reason="依法不需要取得许可。", basis="《行政许可法》第三十二条"
    )


def withdrawn(walk: story.Walk) -> None:
    walk.receive().accept()
    commands.withdraw(actor=story.applicant_of(story.FOOD), case_no=walk.no, reason="不办了。")


def voided(walk: story.Walk) -> None:
    walk.receive().accept()
    commands.void(actor=walk.who("leader", walk.case.organisation_id), case_no=walk.no, reason="申请事项已由他件办理。")


def transferred(walk: story.Walk) -> None:
    walk.receive()
    leader = walk.who("leader", walk.case.organisation_id)
    commands.transfer(actor=leader, case_no=walk.no, to_body="株洲市市场监督管理局", reason="属于市级权限。")


ENDS = {
    voided: ("2", "申请事项已由他件办理。", True, "4"),
    transferred: ("4", "属于市级权限。", False, None),
    refused: ("1", "场所不符合条件。", True, "0"),
    not_accepted: ("6", "不属于本机关职权范围。", False, "3"),
    no_permit: ("6", "依法不需要取得许可。", False, "2"),
    withdrawn: ("5", "不办了。", True, "4"),
}


@pytest.mark.parametrize("end", ENDS, ids=lambda one: one.__name__)
def test_every_end_has_its_code_and_its_reason(end):
    code, reason, accepted, node = ENDS[end]
    walk = story.walk()
    end(walk)
    walk.case.refresh_from_db()
    found = by_table(walk.case)
    [done], [result] = found["ea_jc_step_done"], found["up_pro_result"]
    assert (done["doneresult"], done["reason"], done["result_type"]) == (code, reason, "99")
    assert reason in result["result_explain"]
    assert bool(found["up_pro_accept"]) is accepted
    assert bool(found["ea_jc_step_basicinfo"]) is accepted
    assert node in {one["noderesult"] for one in found["ea_jc_step_proc"]}
    assert found["pre_apasinfo"][0]["datastate"] == ("0" if code == "2" else "1")
    if not accepted:
        assert [one["nodetype"] for one in found["ea_jc_step_proc"]] == ["4"]


@pytest.mark.parametrize(("code", "state", "way"), WAYS, ids=[str(state) for _code, state, _way in WAYS])
def test_every_way_to_an_end_is_reported_as_the_case_page_has_it(cast, code, state, way):
    case = way(cast)
    case.refresh_from_db()
    ended = queries.completion_of(case)
    [done] = by_table(case)["ea_jc_step_done"]
    assert (done["doneresult"], done["reason"] or "") == (code, ended.reason)
    assert done["cert_no"] == ("^".join(one.number for one in ended.certificates) or None)
    valid_from = [f"{one.valid_from:%Y%m%d}" for one in ended.certificates[:1]]
    assert done["cert_valid_from"] == (valid_from[0] if valid_from else None)
    [registered] = by_table(case)["pre_apasinfo"]
    assert registered["datastate"] == ("0" if state in {"voided", "deleted"} else "1")


def test_a_correction_is_a_special_procedure_once_it_has_ended_and_a_special_node_at_once():
    walk = story.walk().receive()
    file = walk.case.materials.filter(source="file").first()
    walk.notify(file.key)
    pending = by_table(walk.case)
    assert not pending["up_pro_special_procedure"]
    assert (pending["ea_jc_step_specialnode"][0]["noderesult"], pending["ea_jc_step_specialnode"][0]["end_time"]) == (
        "1",
        None,
    )
    assert pending["ea_jc_step_proc"][0]["noderesult"] == "5"
    walk.answer(story.applicant_of(story.FOOD), {file.key: [story.upload(story.applicant_of(story.FOOD))]}, {})
    done = by_table(walk.case)
    assert [one["special_type"] for one in done["up_pro_special_procedure"]] == ["2"]
    replaced = [one["remark"] for one in done["up_pro_material"] if one["material_name"] == file.name]
    assert replaced == ["已由补正的材料替换", None]


def test_a_return_in_pre_review_is_a_special_node_and_no_special_procedure():
    walk = story.walk()
    file = walk.case.materials.filter(source="file").first()
    walk.notify(file.key, in_pre_review=True)
    back = by_table(walk.case)
    assert [one["noderesult"] for one in back["ea_jc_step_specialnode"]] == ["6"]
    assert [one["noderesult"] for one in back["ea_jc_step_proc"]] == ["7"]
    assert [one["event_name"] for one in back["up_pro_process"]] == ["2"]
    applicant = story.applicant_of(story.FOOD)
    walk.answer(applicant, {file.key: [story.upload(applicant)]}, {}).receive()
    again = by_table(walk.case)
    assert [one["noderesult"] for one in again["ea_jc_step_proc"]] == [None]
    assert not again["up_pro_special_procedure"]


def test_a_step_sent_back_is_reported_with_both_rounds():
    walk = story.walk().receive().accept()
    walk.complete(walk.open_steps()[0])
    [review] = walk.open_steps()
    reviewer = walk.who(review.role, review.organisation_id)
    reason = "现场照片不清楚，请重新核查。"
    commands.return_step(actor=reviewer, case_no=walk.no, step_key=review.key, to="examine", reason=reason)
    back = by_table(walk.case)
    nodes = [(one["node_name"], one["noderesult"], one["nodestate"]) for one in back["ea_jc_step_proc"][1:]]
    assert nodes == [("审查", "1", "2"), ("审核", "7", "2"), ("审查", None, "1")]
    said = [one for one in back["up_pro_process"] if one["handle_explain"] == reason]
    assert [(one["event_name"], one["process_name"]) for one in said] == [("2", "审核")]
    walk.to_decision().decide()
    found = by_table(walk.case)
    assert [one["nodetype"] for one in found["ea_jc_step_proc"]] == ["1", "2", "2", "2", "2", "3"]
    assert [one["sn"] for one in found["ea_jc_step_proc"]] == [1, 2, 3, 4, 5, 6]
    assert len([one for one in found["up_pro_process"] if one["process_name"] == "审查"]) == 2


def test_the_agent_is_the_contact_of_a_window_case(cast):
    agent = commands.Agent(
        name="刘代办", document_kind="111", document_number="430212197803120021", phone="19900000009",
        authority="2026年11月20日委托办理申请、领取证照。",
    )  # fmt: skip
    applicant = commands.Applicant.from_json(story.draft(cast.citizen).applicant)
    ready = story.window_draft(cast.clerk, story.FOOD, applicant, agent)
    proof = commands.SignatureProof(
        method="handwritten", sha256=commands.look_over(ready).sha256, evidence={"paper_kept": True}
    )
    case = commands.file_at_window(actor=cast.clerk, draft_id=ready.public_id, proof=proof).case
    story.Walk(case).accept()
    case.refresh_from_db()
    found = by_table(case)
    [row] = found["up_pro_accept"]
    assert (row["contact_name"], row["contact_code"]) == ("刘代办", "430212197803120021")
    assert (row["apply_type"], found["ea_jc_step_basicinfo"][0]["submit_channel"]) == ("1", "0")


def test_nothing_changed_sends_nothing_and_what_changed_is_a_new_version():
    walk = story.walk().receive()
    first = report()
    assert (first.kind, first.cases, first.held) == ("full", 1, 0)
    before = {one.row_guid: one for one in reported(first)}
    assert {(one.operation, one.dataver) for one in before.values()} == {("I", 1)}
    assert report().rows == 0
    walk.accept()
    second = reported(report())
    versions = {one.row_guid: one for one in second}
    registration = next(one for one in second if one.table == "pre_apasinfo")
    assert (registration.operation, registration.dataver) == ("U", 2)
    assert {one.dataver for one in second if one.row_guid not in before} == {1}
    assert next(one for one in before.values() if one.table == "pre_apasinfo").content["projstate"] == "已收件"
    assert set(before) - set(versions), "rows that did not change are not sent again"


def test_what_a_county_reported_its_city_has_yet_to_report():
    story.walk()
    outbox.relay()
    county = commands.order_batch(actor=SYSTEM, reach="430212000000", now=True)
    county = commands.make_batch(number=county.number)
    city = report()
    assert {(one.row_guid, one.dataver) for one in reported(city)} == {
        (one.row_guid, one.dataver) for one in reported(county)
    }


def test_a_row_that_is_no_more_is_deleted_and_may_come_again():
    walk = story.walk().receive().accept()
    opened = next(one for one in reported(report()) if one.content.get("node_state") == "1")
    step = walk.open_steps()[0]
    walk.complete(step)
    gone = next(one for one in reported(report()) if one.row_guid == opened.row_guid)
    assert (gone.operation, gone.dataver, gone.content) == ("D", 2, opened.content)
    assert report().rows == 0


def test_a_case_sent_again_has_the_next_version_of_every_row_and_nothing_is_overwritten():
    walk = story.walk().receive()
    first = reported(report())
    again = reported(report("resend", case_numbers=[walk.no]))
    assert {(one.row_guid, one.dataver) for one in again} == {(one.row_guid, 2) for one in first}
    assert [one.content for one in again] == [one.content for one in first]
    assert ExchangeRow.objects.count() == len(first) * 2


def test_a_case_that_does_not_fit_is_held_back_whole_with_its_reason_until_it_does():
    walk, fine = story.walk().receive(), story.walk(CHARGED)
    good = walk.case.service
    walk.case.service = good | {"investment_project_code": "x" * 25}
    walk.case.save(update_fields=["service"])
    batch = report()
    assert (batch.cases, batch.held) == (2, 1)
    assert {one.case_id for one in reported(batch)} == {fine.case.pk}
    [fault] = ExchangeFault.objects.all()
    assert (fault.table, fault.column, fault.reason) == ("pre_apasinfo", "investment_project_code", "too_long")
    still = report()
    assert (still.cases, still.held) == (1, 1)
    walk.case.service = good
    walk.case.save(update_fields=["service"])
    walk.accept()
    mended = report()
    assert (mended.cases, mended.held) == (1, 0), "held back and changed is one case looked at"
    assert {one.case_id for one in reported(mended)} == {walk.case.pk}
    assert not ExchangeFault.objects.filter(settled_in__isnull=True).exists()
    assert report().cases == 0


def test_a_batch_that_stopped_goes_on_and_skips_nothing(monkeypatch):
    for slug in SLUGS:
        story.walk(slug)
    monkeypatch.setattr("tongban.cases.exchange.sources.PAGE", 2)
    whole = commands.exchanging
    pages: list[str] = []
    made = whole._page

    def broken(number: str) -> bool:
        if len(pages) == 1:
            raise RuntimeError("killed")
        pages.append(number)
        return made(number)

    outbox.relay()
    batch = commands.order_batch(actor=SYSTEM, reach=CITY, now=True)
    monkeypatch.setattr(whole, "_page", broken)
    with pytest.raises(RuntimeError):
        commands.make_batch(number=batch.number)
    monkeypatch.setattr(whole, "_page", made)
    batch = commands.make_batch(number=batch.number)
    assert batch.cases == len(SLUGS) == len({one.case_id for one in reported(batch)})
    assert set(Counter(one.row_guid for one in reported(batch)).values()) == {1}
    story.walk()
    assert (report().cases, report().cases) == (1, 0)


def test_a_batch_that_lost_its_worker_is_queued_again(freeze):
    story.walk()
    batch = commands.order_batch(actor=SYSTEM, reach=CITY)
    queued = ProcrastinateJob.objects.filter(task_name="cases.make_exchange_batch", args={"number": batch.number})
    assert (queued.count(), commands.resume_batches()) == (1, 0), "it has only just begun"
    with freeze(moment.now() + timedelta(minutes=6)):
        assert commands.resume_batches() == 1
        assert queued.count() == 2
        jobs.make_exchange_batch(number=batch.number)
        jobs.make_exchange_batch(number=batch.number)
        assert ExchangeBatch.objects.get().state == "made"
        assert commands.resume_batches() == 0


def test_one_batch_of_a_reach_is_made_at_a_time():
    commands.order_batch(actor=SYSTEM, reach=CITY, now=True)
    before = story.world()
    with pytest.raises(CaseRefusal) as caught:
        commands.order_batch(actor=SYSTEM, reach=CITY)
    assert caught.value.code == "batch_at_work"
    assert story.world() == before
    assert commands.order_batch(actor=SYSTEM, reach="430212000000", now=True).number.startswith("430212000000-")


@pytest.mark.parametrize(
    ("mode", "numbers", "code"),
    [("all", (), "mode_unknown"), ("resend", (), "cases_not_named"), ("resend", ("1",), "case_not_in_reach")],
)
def test_an_order_that_names_nothing_is_refused(mode, numbers, code, cast):
    before = story.world()
    with pytest.raises(Invalid) as caught:
        commands.order_batch(actor=cast.supervisor, mode=mode, case_numbers=numbers)
    assert caught.value.code == code
    assert story.world() == before


def test_the_reach_of_a_supervisor_is_what_the_supervisor_sees(cast):
    story.walk()
    story.walk(CHARGED)
    [reach] = reaches(cast.supervisor)
    assert reach == CITY
    assert set(Case.objects.filter(within(reach))) == set(queries.cases_of(cast.supervisor)) != set()
    for who in cast.names:
        if who not in {"supervisor", "system"}:
            assert not queries.reports(getattr(cast, who)), who
            with pytest.raises(NotFound):
                queries.batches(getattr(cast, who))
    with pytest.raises(NotFound):
        commands.order_batch(actor=cast.supervisor, reach="430100000000")


def test_what_the_body_does_inside_is_reported_only_by_what_came_of_it():
    assert not marks.INTERNAL & PUBLIC
    walk = story.walk().receive().accept()
    before = report()
    commands.claim_step(actor=walk.who("case_officer", walk.case.organisation_id), case_no=walk.no, step_key="examine")
    assert before.rows > report().rows == 0
    walk.complete(walk.open_steps()[0])
    assert {one.content["process_name"] for one in reported(report()) if one.table == "up_pro_process"} == {
        "审查",
        "审核",
    }


def test_the_nightly_order_is_for_reaches_that_were_begun_and_have_news():
    story.walk()
    assert commands.order_due_batches() == []
    report()
    assert commands.order_due_batches() == []
    story.walk()
    outbox.relay()
    [batch] = commands.order_due_batches()
    assert (batch.reach, batch.kind) == (CITY, "changes")
    assert commands.order_due_batches() == [], "one is at work"


def test_a_page_of_cases_costs_the_same_statements_however_many_they_are(django_assert_max_num_queries):
    walk = story.walk().receive().accept()
    numbers = [walk.no, *desk_visit.copies(walk.case, 8)]
    keys = list(Case.objects.filter(case_no__in=numbers).values_list("pk", flat=True))
    with django_assert_max_num_queries(9):
        assert len(pictures(keys)) == len(numbers)
    batch = commands.order_batch(actor=SYSTEM, reach=CITY, now=True)
    with django_assert_max_num_queries(24):
        commands.make_batch(number=batch.number)
    stopped = CaseStep.objects.filter(case_id__in=keys, state="open").update(state="stopped")
    assert stopped >= len(numbers)
    batch = commands.order_batch(actor=SYSTEM, reach=CITY, mode="full", now=True)
    with django_assert_max_num_queries(24):
        commands.make_batch(number=batch.number)
    assert ExchangeRow.objects.filter(batch=batch, operation="D").count() == stopped
