"""The case page: one screen, what is masked, what is shown beside it, for whom it does not exist."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.cases.models import Case
from tongban.cases.tests import desk_visit, story
from tongban.documents.queries import documents_of
from tongban.identity.models import UnmaskLog

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def case() -> Case:
    return story.walk().receive().accept().case


def page_of(case: Case) -> str:
    return f"/desk/cases/{case.case_no}/"


def test_the_page_has_applicant_form_materials_steps_documents_and_history_on_one_screen(case):
    answer = desk_visit.officer("lukou.shijian").get(page_of(case))
    page = answer.content.decode()
    for words in ("渌口区陈记面馆", "申请内容", "审查要点", "各环节意见", "受理通知书", "经过", "承诺", "签名"):
        assert words in page


def test_identity_and_telephone_numbers_are_starred_until_somebody_says_why(case):
    client = desk_visit.officer("lukou.shijian")
    page = client.get(page_of(case)).content.decode()
    assert "430212197803120021" not in page
    assert "19900000001" not in page
    shown = client.post(page_of(case) + "unmask/", {"field": "form", "purpose": "核对从业人员身份"})
    assert "430212197803120021" in shown.content.decode()
    log = UnmaskLog.objects.get(subject_kind="case", subject_id=case.case_no)
    assert log.field == "form"


def test_looking_at_numbers_without_a_purpose_is_refused_and_shows_nothing(case):
    answer = desk_visit.officer("lukou.shijian").post(page_of(case) + "unmask/", {"field": "phone", "purpose": ""})
    assert answer.status_code == 422
    assert "请写明查看原因" in answer.content.decode()
    assert "19900000001" not in answer.content.decode()
    assert not UnmaskLog.objects.exists()


@pytest.mark.parametrize("login", ["renshe.chengban", "chengguan.shenpi", "yunwei", "shixiang"])
def test_for_people_of_other_bodies_the_case_does_not_exist(case, login):
    client = desk_visit.officer(login)
    assert client.get(page_of(case)).status_code == 404
    assert client.post(page_of(case) + "complete_step/", {"step": "check", "agree": "yes"}).status_code == 404
    assert client.post(page_of(case) + "unmask/", {"field": "phone", "purpose": "看看"}).status_code == 404


def test_a_case_that_never_was_looks_the_same(case):
    missing = case.case_no[:-4] + "9999"
    assert desk_visit.officer("lukou.shijian").get(f"/desk/cases/{missing}/").status_code == 404


def test_who_sees_the_case_but_has_nothing_to_do_is_told_so(case, cast):
    story.Walk(case).to_decision().decide(granted=False).download(cast.citizen)
    page = desk_visit.officer("lukou.shenpi").get(page_of(case)).content.decode()
    assert "现在没有需要您办理的事项" in page


def test_a_document_stands_in_the_middle_when_it_is_asked_for(case):
    receipt = next(one for one in documents_of(case.subject) if one.kind == "receipt")
    page = desk_visit.officer("lukou.shijian").get(page_of(case), {"doc": str(receipt.public_id)}).content.decode()
    assert f'src="/documents/{receipt.public_id}.pdf' in page


def test_files_may_be_framed_by_our_pages_only(case):
    file = case.materials.exclude(file=None).first().file
    answer = desk_visit.officer("lukou.shijian").get(f"/files/{file.public_id}")
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] == "application/pdf"
    assert desk_visit.officer("renshe.chengban").get(f"/files/{file.public_id}").status_code == 404


def test_strange_queries_show_the_page_all_the_same(case):
    client = desk_visit.officer("lukou.shijian")
    for query in ({"show": "<x>"}, {"doc": "not-a-uuid"}, {"doc": "00000000-0000-0000-0000-000000000000"}):
        assert client.get(page_of(case), query).status_code == 200


def test_neighbours_of_the_inbox_are_one_key_away(case):
    other = desk_visit.copies(case, 1)[0]
    page = desk_visit.officer("lukou.shijian").get(page_of(case)).content.decode()
    assert f'href="/desk/cases/{other}/"' in page
    assert 'rel="next"' in page


def test_hostile_words_of_an_applicant_stay_words(case):
    form = {**case.form, "company_name": "<img src=x onerror=alert(1)>", "shop_name": "{{ 7*7 }}"}
    Case.objects.filter(pk=case.pk).update(form=form)
    page = desk_visit.officer("lukou.shijian").get(page_of(case)).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_the_page_costs_a_bounded_number_of_queries(case):
    client = desk_visit.officer("lukou.shijian")
    client.get(page_of(case))
    with CaptureQueriesContext(connection) as few:
        client.get(page_of(case))
    walk = story.Walk(case).to_decision()
    with CaptureQueriesContext(connection) as more:
        client.get(page_of(walk.case))
    assert len(few) <= 40
    assert len(more) <= len(few) + 4
