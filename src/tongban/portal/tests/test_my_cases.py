"""What an applicant sees and does after submitting."""

import io

import pytest

from tongban.cases import commands as cases
from tongban.cases.models import Case
from tongban.cases.tests import story
from tongban.config.rehearsal.samples import sample_pdf
from tongban.files.models import StoredFile
from tongban.licences.queries import of_case
from tongban.portal.models import CorrectionDraft
from tongban.portal.tests.conftest import PASSWORD, Browser

CASE_PAGES = ["case", "done", "withdraw", "correction", "correction_sign", "correction_content"]


def asked_for(case: Case) -> story.Walk:
    """A case with a correction notice: one material, one field."""
    walk = story.Walk(case).receive()
    walk.case = cases.request_correction(
        actor=walk.receptionist(),
        case_no=walk.no,
        defects=[
            cases.Defect(kind="material", key="layout", what="请在布局图上标明两个出入口。"),
            cases.Defect(kind="field", key="area", what="面积与布局图不一致，请更正。"),
        ],
    )
    return walk


@pytest.mark.parametrize("name", CASE_PAGES)
def test_somebody_elses_case_is_absent(citizen: Browser, other: Browser, name: str) -> None:
    case = citizen.submitted()
    assert other.page(name, case.case_no).status_code == 404


@pytest.mark.parametrize("name", ["withdraw", "take_result", "correction", "correction_add", "correction_sign"])
def test_nobody_acts_on_somebody_elses_case(citizen: Browser, other: Browser, name: str) -> None:
    case = citizen.submitted()
    assert other.send(name, case.case_no).status_code == 404
    case.refresh_from_db()
    assert case.state == "submitted"


def test_somebody_elses_file_is_absent(citizen: Browser, other: Browser) -> None:
    citizen.submitted()
    file = StoredFile.objects.latest("pk")
    assert citizen.client.get(f"/files/{file.public_id}").status_code == 200
    assert other.client.get(f"/files/{file.public_id}").status_code == 404


def test_the_list_grows_without_more_queries(citizen: Browser) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    citizen.submitted()
    citizen.page("my")
    with CaptureQueriesContext(connection) as one:
        citizen.page("my")
    for _ in range(3):
        citizen.submitted()
    with CaptureQueriesContext(connection) as many:
        citizen.page("my")
    assert len(many) <= len(one) <= 12, [one["sql"][:200] for one in many]


def test_a_withdrawal_says_what_it_means_and_ends_the_case(citizen: Browser) -> None:
    case = citizen.submitted()
    assert "不能恢复" in citizen.page("withdraw", case.case_no).content.decode()
    assert citizen.send("withdraw", case.case_no, reason="不开店了").status_code == 302
    case.refresh_from_db()
    assert case.state == "withdrawn"
    assert citizen.page("withdraw", case.case_no).status_code == 302
    assert citizen.send("withdraw", case.case_no).status_code == 409


def test_a_correction_takes_only_what_the_notice_names(citizen: Browser) -> None:
    walk = asked_for(citizen.submitted())
    shown = citizen.page("correction", walk.no)
    text = shown.content.decode()
    assert "标明两个出入口" in text
    assert 'name="area"' in text
    assert 'name="warehouse"' not in text
    citizen.send("correction", walk.no, area="90", warehouse="偷偷改")
    assert CorrectionDraft.objects.get(case=walk.case).form == {"area": 90}


def test_a_correction_is_written_signed_and_handed_in_once(citizen: Browser) -> None:
    walk = asked_for(citizen.submitted())
    assert citizen.page("case", walk.no).context["next"].href.endswith("/correction/")
    assert citizen.send("correction", walk.no, area="90").status_code == 422
    assert citizen.page("correction_sign", walk.no).status_code == 302
    file = io.BytesIO(sample_pdf("新布局图", "示例"))
    file.name = "新布局图.pdf"
    assert citizen.send("correction_add", walk.no, key="layout", file=[file]).status_code == 302
    assert citizen.send("correction", walk.no, area="90").status_code == 302
    digest = citizen.page("correction_sign", walk.no).context["answer"].sha256
    signed = {"method": "password", "sha256": digest}
    assert citizen.send("correction_sign", walk.no, secret="wrong-password", **signed).status_code == 422
    walk.case.refresh_from_db()
    assert walk.case.state == "correction_pending"
    assert citizen.send("correction_sign", walk.no, secret=PASSWORD, **signed).status_code == 302
    again = citizen.send("correction_sign", walk.no, secret=PASSWORD, **signed)
    assert again.status_code == 302
    walk.case.refresh_from_db()
    assert walk.case.state == "received"
    assert walk.case.form["area"] == 90
    assert not CorrectionDraft.objects.exists()


def test_what_was_sent_back_in_pre_review_is_completed_under_the_same_number(citizen: Browser) -> None:
    walk = story.Walk(citizen.submitted()).notify("layout", in_pre_review=True)
    assert citizen.page("case", walk.no).context["next"].href.endswith("/correction/")
    text = citizen.page("correction", walk.no).content.decode()
    assert "受理期限照常计算" in text
    file = io.BytesIO(sample_pdf("新布局图", "示例"))
    file.name = "新布局图.pdf"
    citizen.send("correction_add", walk.no, key="layout", file=[file])
    digest = citizen.page("correction_sign", walk.no).context["answer"].sha256
    sent = citizen.send("correction_sign", walk.no, secret=PASSWORD, method="password", sha256=digest)
    assert sent.status_code == 302
    walk.case.refresh_from_db()
    assert walk.case.state == "submitted"
    assert "还是原来的办件编号" in citizen.page("case", walk.no).content.decode()


def test_a_file_that_the_notice_does_not_name_is_refused(citizen: Browser) -> None:
    walk = asked_for(citizen.submitted())
    before = StoredFile.objects.count()
    file = io.BytesIO(sample_pdf("别的", "示例"))
    file.name = "别的.pdf"
    assert citizen.send("correction_add", walk.no, key="rules", file=[file]).status_code == 422
    assert StoredFile.objects.count() == before


def test_the_licence_is_served_by_downloading_and_only_then_shown(citizen: Browser) -> None:
    walk = story.Walk(citizen.submitted()).receive().accept().to_decision().decide().issue()
    shown = citizen.page("case", walk.no)
    licence = of_case(walk.no)[0]
    assert licence.document is not None
    assert str(licence.document.public_id) not in shown.content.decode()
    assert shown.context["next"].post
    assert citizen.send("take_result", walk.no).url.endswith("#result")
    walk.case.refresh_from_db()
    assert walk.case.delivered_at is not None
    delivered = walk.case.delivered_at
    citizen.send("take_result", walk.no)
    walk.case.refresh_from_db()
    assert walk.case.delivered_at == delivered
    assert str(licence.document.public_id) in citizen.page("case", walk.no).content.decode()


def test_a_refusal_is_read_by_being_served(citizen: Browser) -> None:
    walk = story.Walk(citizen.submitted()).receive().accept().to_decision().decide(granted=False)
    assert "领取决定书" in citizen.page("case", walk.no).content.decode()
    assert "不予行政许可决定书" not in citizen.page("case", walk.no).content.decode()
    citizen.send("take_result", walk.no)
    assert "不予行政许可决定书" in citizen.page("case", walk.no).content.decode()
    walk.case.refresh_from_db()
    assert walk.case.delivered_at is not None


def test_a_result_cannot_be_taken_before_there_is_one(citizen: Browser) -> None:
    case = citizen.submitted()
    assert citizen.send("take_result", case.case_no).status_code == 409
    case.refresh_from_db()
    assert case.delivered_at is None


@pytest.mark.parametrize("name", ["take_result", "correction_add", "correction_remove", "correction_code"])
def test_who_comes_back_to_an_address_that_only_takes_lands_on_its_page(citizen: Browser, name: str) -> None:
    case = citizen.submitted()
    assert citizen.page(name, case.case_no).status_code == 302
    assert Case.objects.get(pk=case.pk).delivered_at is None


def test_what_is_to_be_done_stands_on_top_with_its_days_and_leads_straight_there(citizen: Browser) -> None:
    walk = asked_for(citizen.submitted())
    shown = citizen.page("my")
    text = shown.content.decode()
    assert [act.href for _one, act in shown.context["todo"]] == [f"/my/cases/{walk.no}/correction/"]
    assert "还剩" in text
    assert text.index("现在要您办的") < text.index("全部办件")


def test_the_list_is_narrowed_in_the_address_and_says_when_nothing_is_left(citizen: Browser) -> None:
    case = citizen.submitted()
    assert case.case_no in citizen.page("my", phase="open").content.decode()
    assert case.case_no not in citizen.page("my", phase="ended").content.decode()
    empty = citizen.page("my", q="没有这件事").content.decode()
    assert "没有这样的办件" in empty
    assert case.case_no not in empty
    assert citizen.page("my", **{"for": f"company-{case.company_id}"}).context["rows"]
    assert not citizen.page("my", **{"for": "self"}).context["rows"]


def test_copies_come_as_one_package(citizen: Browser, other: Browser) -> None:
    case = citizen.submitted()
    answer = citizen.page("copies", case.case_no)
    assert answer["Content-Type"] == "application/zip"
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert other.page("copies", case.case_no).status_code == 404
