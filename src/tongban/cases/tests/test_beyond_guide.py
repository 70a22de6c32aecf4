"""Nothing beyond the guide: what can be asked for, and what follows when somebody asks for more."""

from datetime import timedelta
from typing import Any

import pytest

from tongban.base import moment
from tongban.base.chain import events as chain_events
from tongban.cases import commands
from tongban.cases.beyond_panel import BeyondGuidePanel
from tongban.cases.models import BeyondGuideReport, Case
from tongban.cases.queries import access_case
from tongban.cases.refusals import CaseRefusal
from tongban.cases.supervision_events import BeyondGuideReported
from tongban.cases.tests import story
from tongban.catalogue.queries import definition_of
from tongban.kernel.problems import Invalid, NotFound


@pytest.fixture
def case(city: None, cast: Any) -> Case:
    return story.submitted(cast.citizen)


def told(case: Case) -> list[Any]:
    return [one for one in chain_events(case.subject) if one.kind == BeyondGuideReported.kind]


def test_the_applicant_reports_it_once_and_the_words_stay_out_of_the_chain(case: Case, cast: Any) -> None:
    for _ in range(2):
        commands.report_beyond_guide(
            actor=cast.citizen, case_no=case.case_no, asked="居住证明", words="张三在窗口说的", asked_on=moment.today()
        )
    report = BeyondGuideReport.objects.get()
    assert (report.source, report.asked) == ("applicant", "居住证明")
    assert [one.payload["report"] for one in told(case)] == [report.pk]
    assert "张三" not in str(told(case)[0].payload)
    assert "居住证明" not in str(told(case)[0].payload)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"asked": " "}, "asked"),
        ({"asked": "长" * 201}, "asked"),
        ({"words": "长" * 1001}, "words"),
        ({"asked_on": timedelta(days=1)}, "asked_on"),
        ({"asked_on": timedelta(days=-4000)}, "asked_on"),
    ],
)
def test_what_is_missing_too_long_or_impossible_is_refused_and_changes_nothing(
    case: Case, cast: Any, changes: dict[str, Any], field: str
) -> None:
    given = {"asked": "居住证明", **changes}
    if "asked_on" in given:
        given["asked_on"] = moment.today() + given["asked_on"]
    with pytest.raises(Invalid) as refused:
        commands.report_beyond_guide(actor=cast.citizen, case_no=case.case_no, **given)
    assert field in refused.value.fields
    assert not BeyondGuideReport.objects.exists()
    assert not told(case)


def test_only_the_applicant_reports_it(case: Case, cast: Any) -> None:
    with pytest.raises(NotFound):
        commands.report_beyond_guide(actor=cast.other_citizen, case_no=case.case_no, asked="居住证明")
    with pytest.raises(CaseRefusal) as refused:
        commands.report_beyond_guide(actor=cast.clerk, case_no=case.case_no, asked="居住证明")
    assert refused.value.code == "beyond_guide_not_yours"
    assert not BeyondGuideReport.objects.exists()


def test_reports_on_one_case_are_bounded(case: Case, cast: Any) -> None:
    for number in range(20):
        commands.report_beyond_guide(actor=cast.citizen, case_no=case.case_no, asked=f"证明 {number}")
    with pytest.raises(CaseRefusal) as refused:
        commands.report_beyond_guide(actor=cast.citizen, case_no=case.case_no, asked="再一份")
    assert refused.value.code == "beyond_guide_full"


def test_the_supervisor_sees_it_on_the_desk_and_nobody_else_does(case: Case, cast: Any) -> None:
    commands.report_beyond_guide(actor=cast.citizen, case_no=case.case_no, asked="居住证明", words="当面说的")
    panel = BeyondGuidePanel()
    assert panel.open_to(cast.supervisor)
    assert panel.count(cast.supervisor) == 1
    line = panel.sheet(cast.supervisor, {}).bands[0].lines[0]
    assert (line.title, line.subject, line.task) == ("居住证明", case.organisation.name, "当面说的")
    for other in (cast.clerk, cast.officer, cast.citizen, cast.editor):
        assert not panel.open_to(other)
        assert panel.count(other) == 0
        assert not panel.sheet(other, {}).bands


def test_a_correction_notice_names_only_what_the_guide_lists(case: Case, cast: Any) -> None:
    commands.receive(actor=cast.clerk, case_no=case.case_no)
    before = len(chain_events(case.subject))
    for defect in (
        commands.Defect(kind="material", key="residence_proof", what="请补交居住证明"),
        commands.Defect(kind="field", key="salary", what="请填写工资"),
    ):
        with pytest.raises(Invalid):
            commands.request_correction(actor=cast.clerk, case_no=case.case_no, defects=[defect])
    assert len(chain_events(case.subject)) == before
    assert access_case(cast.clerk, case.case_no).state == "received"


def test_what_the_guide_does_not_list_is_dropped_whatever_a_page_sends(city: None, cast: Any) -> None:
    draft = story.draft(cast.citizen)
    it = definition_of(draft.item_version)
    assert "salary" not in it.form["properties"]
    commands.save_form(actor=cast.citizen, draft_id=draft.public_id, data={**draft.form, "salary": "5000"})
    draft.refresh_from_db()
    assert "salary" not in draft.form
