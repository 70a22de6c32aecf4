"""Somebody else's case, draft, file, document, bill or licence is absent: in the queries and at every address."""

import pytest
from django.test import Client

from tongban.cases import commands, queries
from tongban.cases.tests import story
from tongban.cases.tests.test_matrix import HUMANS
from tongban.documents.queries import access_document, documents_of
from tongban.files.queries import open_file
from tongban.identity.models import Account
from tongban.identity.tests.cast import log_in
from tongban.kernel.problems import NotFound
from tongban.payments.queries import access_bill

pytestmark = pytest.mark.usefixtures("city")

#: Who may see the road case of the operator's company, by their work or because it is theirs.
ROAD_SEEN_BY = {"operator", "other_clerk", "supervisor", "system"}


@pytest.fixture
def road(cast):
    """A granted road excavation case of the operator's company, with bill, files and documents."""
    return story.walk("road-excavation").receive().accept().to_decision().decide().issue()


def sees(actor, road) -> dict[str, bool]:
    """Which things of the case the actor gets to."""
    file = road.case.materials.filter(source="file")[0].file
    papers = {one.kind: one for one in documents_of(road.case.subject)}
    bill = story.bills_of(road.case.subject)[0]
    tries = {
        "case": lambda: queries.access_case(actor, road.no),
        "page": lambda: queries.case_page(actor, road.no),
        "file": lambda: open_file(actor, file.public_id),
        "decision": lambda: access_document(actor, str(papers["granted"].public_id)),
        "licence": lambda: access_document(actor, str(papers["licence"].public_id)),
        "approval_form": lambda: access_document(actor, str(papers["approval_form"].public_id)),
        "bill": lambda: access_bill(actor, bill.bill_no),
    }
    found = {}
    for name, attempt in tries.items():
        try:
            attempt()
            found[name] = True
        except NotFound:
            found[name] = False
    found["list"] = queries.cases_of(actor).filter(case_no=road.no).exists()
    return found


def test_each_of_the_cast_sees_all_of_a_case_or_nothing(cast, road):
    for who in HUMANS:
        found = sees(getattr(cast, who), road)
        if who not in ROAD_SEEN_BY:
            assert not any(found.values()), f"{who} sees {found}"
        elif who == "operator":
            # The decision and the licence are the applicant's once they are served, and the fee is still open.
            assert {name for name, seen in found.items() if not seen} == {"approval_form", "decision", "licence"}
        elif who != "system":
            assert all(found[name] for name in ("case", "page", "file", "decision", "list")), f"{who}: {found}"


def test_an_operator_whose_authority_ends_sees_the_companys_case_no_more(cast, road):
    from tongban.identity.models import Operator

    assert queries.access_case(cast.operator, road.no)
    Operator.objects.filter(account=cast.account("operator")).update(revoked_at=road.case.submitted_at)
    with pytest.raises(NotFound):
        queries.access_case(cast.operator, road.no)


def test_a_draft_is_only_its_writers(cast):
    ready = story.draft(cast.citizen)
    for who in HUMANS:
        if who == "citizen":
            continue
        with pytest.raises(NotFound):
            queries.access_draft(getattr(cast, who), ready.public_id)
    with pytest.raises(NotFound):
        queries.access_draft(cast.citizen, "no-uuid")
    assert queries.access_draft(cast.citizen, str(ready.public_id)) == ready


def test_a_fresh_upload_is_only_its_uploaders(cast):
    file = story.upload(cast.citizen)
    assert open_file(cast.citizen, file.public_id) == file
    for who in set(HUMANS) - {"citizen"}:
        with pytest.raises(NotFound):
            open_file(getattr(cast, who), file.public_id)


def test_unmasking_asks_who_sees_the_case_and_is_logged(cast):
    from tongban.identity.commands import unmask
    from tongban.identity.models import UnmaskLog

    walk = story.walk().receive()
    before = UnmaskLog.objects.count()
    with pytest.raises(NotFound):
        unmask(cast.other_officer, subject_kind="case", subject_id=walk.no, field="phone", purpose="联系申请人补正材料")
    assert UnmaskLog.objects.count() == before
    told = unmask(cast.officer, subject_kind="case", subject_id=walk.no, field="phone", purpose="联系申请人补正材料")
    assert told == "19900000001"
    assert UnmaskLog.objects.count() == before + 1
    with pytest.raises(NotFound):
        unmask(cast.officer, subject_kind="case", subject_id=walk.no, field="query_password", purpose="联系申请人补正")


@pytest.fixture
def addresses(cast):
    """Addresses of a citizen's things, and of a case's at the desk."""
    ready = story.draft(cast.citizen)
    walk = story.walk().receive().accept().to_decision().decide().issue().download(cast.citizen)
    file = walk.case.materials.filter(source="file")[0].file
    draft_file = ready.materials.all()[0].file
    papers = {one.kind: one for one in documents_of(walk.case.subject)}
    return {
        "mine": [f"/my/cases/{walk.no}/", f"/apply/drafts/{ready.public_id}/form/"],
        "desk": [f"/desk/cases/{walk.no}/"],
        "both": [f"/files/{file.public_id}", f"/documents/{papers['granted'].public_id}.pdf", f"/documents/{papers['licence'].public_id}.pdf"],
        "draft_file": [f"/files/{draft_file.public_id}"],
    }  # fmt: skip


def statuses(account: Account, addresses: list[str]) -> set[int]:
    client = log_in(Client(), account)
    return {client.get(one).status_code for one in addresses}


def test_somebody_elses_addresses_are_404(cast, addresses):
    everything = [one for group in addresses.values() for one in group]
    for who in ("other_citizen", "operator"):
        assert statuses(cast.account(who), [one for one in everything if not one.startswith("/desk")]) == {404}
    for who in ("other_officer", "other_leader", "other_clerk"):
        assert statuses(cast.account(who), addresses["desk"] + addresses["both"] + addresses["draft_file"]) == {404}


def test_a_visitor_learns_nothing(addresses):
    client = Client()
    for one in (one for group in addresses.values() for one in group):
        answer = client.get(one)
        assert answer.status_code in {302, 404}, one
        if answer.status_code == 302:
            assert "/login" in answer["Location"]


def test_ones_own_addresses_open(cast, addresses):
    assert statuses(cast.account("citizen"), addresses["mine"] + addresses["both"] + addresses["draft_file"]) == {200}
    assert statuses(cast.account("officer"), addresses["desk"] + addresses["both"]) == {200}


def test_the_applicants_name_and_number_are_masked_in_lists(cast):
    walk = story.walk("resident-pension-enrolment")
    assert "*" in walk.case.applicant_name_masked or "某" in walk.case.applicant_name_masked
    page = queries.inbox(walk.receptionist())
    assert all(row.applicant != "王小䶮" for row in page.items)
    shown = queries.case_page(walk.receptionist(), walk.no)
    assert shown.masked_number != shown.applicant.document_number
    assert "*" in shown.masked_number
    assert "*" in shown.masked_phone


def test_a_number_of_any_length_or_shape_is_just_not_found(cast):
    for text in ("", "1" * 51, "1" * 10_000, "'; drop table cases_case; --", "１２３"):
        with pytest.raises(NotFound):
            queries.access_case(cast.officer, text)
    with pytest.raises(NotFound):
        commands.receive(actor=cast.officer, case_no="x" * 80)
