"""Service by mail: posted, followed at the post office over HTTP, served when signed for, back when it is not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from django.db import connection

from tongban.base import moment
from tongban.cases import commands
from tongban.cases.commands import ParcelEnd, Posting
from tongban.cases.models import Delivery, InboxEntry, Parcel, ParcelScan
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import story
from tongban.documents.queries import documents_of, latest
from tongban.kernel.problems import Invalid, NotFound, Refusal
from tongban.notices.models import Message
from tongban.partners.tests import simulated

pytestmark = pytest.mark.usefixtures("city")

NUMBER = "1012345678901"


@pytest.fixture
def post_office(settings, tmp_path):
    with simulated.running(tmp_path) as url:
        settings.SIMULATORS_URL = url
        yield url


def happens(post_office: str, act: str, number: str = NUMBER) -> None:
    answer = httpx.post(f"{post_office}/postal/parcels/{number}", data={"act": act}, trust_env=False)
    assert answer.status_code == 303


def refused(kind: type[Refusal], attempt) -> Refusal:
    before = story.world()
    with pytest.raises(kind) as caught:
        attempt()
    assert story.world() == before
    return caught.value


def ready() -> story.Walk:
    return story.walk().receive().accept().to_decision().decide().issue()


def posting(**changes: str) -> Posting:
    return Posting(**({"carrier": "ems", "tracking_no": NUMBER} | changes))


def send(walk: story.Walk, **changes: str) -> Parcel:
    return commands.send_parcel(actor=walk.receptionist(), case_no=walk.no, posting=posting(**changes))


def end(walk: story.Walk, outcome: str, **changes):
    given: dict[str, Any] = {"outcome": outcome, "at": moment.now(), "signed_by": "recipient"} | changes
    return commands.end_parcel(actor=walk.receptionist(), case_no=walk.no, end=ParcelEnd(**given))


def waiting(walk: story.Walk) -> int:
    return InboxEntry.objects.filter(case=walk.case, kind="delivery", closed_at__isnull=True).count()


@pytest.fixture
def posted() -> story.Walk:
    walk = ready()
    send(walk)
    return walk


def test_a_parcel_goes_to_the_confirmed_address_and_the_applicant_is_told_its_number(posted):
    parcel = Parcel.objects.get()
    assert parcel.addressee["address"] == "株洲市渌口区津口路128号"
    assert parcel.addressee["phone"] == "19900000001"
    assert story.kinds(posted.case)[-1] == "ParcelPosted"
    assert waiting(posted) == 0
    assert NUMBER in Message.objects.filter(kind="case.parcel_sent").latest("pk").body


def test_a_number_that_looks_like_a_telephones_is_posted_as_well():
    assert send(ready(), carrier="registered", tracking_no="XA13812345678").tracking_no == "XA13812345678"


def test_the_addressee_is_kept_encrypted(posted):
    with connection.cursor() as cursor:
        cursor.execute("SELECT addressee FROM cases_parcel")
        (kept,) = cursor.fetchone()
    assert "津口路".encode() not in bytes(kept)
    assert b"19900000001" not in bytes(kept)


def test_another_address_named_by_the_clerk_is_taken_instead():
    walk = ready()
    parcel = send(walk, address="株洲市天元区神农大道399号", recipient="陈小妹", phone="19900000002")
    assert parcel.addressee == {"recipient": "陈小妹", "address": "株洲市天元区神农大道399号", "phone": "19900000002"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tracking_no": "123"}, "tracking_no"),
        ({"carrier": "sf"}, "carrier"),
        ({"tracking_no": "EA473124828CN"}, "tracking_no"),
        ({"phone": "12345"}, "phone"),
        ({"address": "株洲"}, "address"),
    ],
)
def test_a_wrong_number_or_address_is_refused(changes, field):
    walk = ready()
    assert set(refused(Invalid, lambda: send(walk, **changes)).fields) == {field}


def test_a_number_belongs_to_one_parcel(posted):
    other = ready()
    assert refused(Invalid, lambda: send(other)).code == "parcel_number_used"


def test_what_is_in_the_post_is_neither_posted_nor_handed_out_again(posted, cast):
    assert refused(CaseRefusal, lambda: send(posted, tracking_no="1012345678902")).code == "parcel_under_way"
    assert refused(CaseRefusal, posted.hand_out).code == "parcel_under_way"


def test_nothing_is_posted_before_there_is_something_or_after_it_was_delivered(cast):
    walk = story.walk().receive().accept().to_decision().decide()
    assert refused(CaseRefusal, lambda: send(walk)).code == "case_state"
    walk.issue().download(cast.citizen)
    assert refused(CaseRefusal, lambda: send(walk)).code == "already_delivered"


def test_a_parcel_that_is_signed_for_serves_the_result_as_of_then(posted, post_office):
    assert commands.follow_parcels() == 0
    for act in ("in_transit", "delivering"):
        happens(post_office, act)
    assert commands.follow_parcels() == 0
    assert Parcel.objects.get().state == "delivering"
    happens(post_office, "family")
    assert commands.follow_parcels() == 1
    assert commands.follow_parcels() == 0
    posted.case.refresh_from_db()
    delivery = Delivery.objects.get(case=posted.case)
    assert (delivery.method, delivery.outcome, delivery.parcel) == ("mail", "served", Parcel.objects.get())
    assert posted.case.delivered_at == delivery.at
    receipt = latest(posted.case.subject, "delivery_receipt")
    assert receipt is not None
    text = str(receipt.envelope)
    for words in ("邮寄送达", NUMBER, "同住成年家属", "第九十一条", "津口路128号"):
        assert words in text
    assert story.kinds(posted.case)[-2:] == ["ParcelPosted", "ResultDelivered"]
    assert [one.code for one in ParcelScan.objects.all()] == [
        "accepted", "accepted", "in_transit", "delivering", "signed",
    ]  # fmt: skip


@pytest.mark.parametrize("outcome", ["refused", "returned", "lost"])
def test_a_parcel_that_comes_back_is_to_be_delivered_again(posted, post_office, outcome):
    commands.follow_parcels()
    happens(post_office, outcome)
    assert commands.follow_parcels() == 1
    posted.case.refresh_from_db()
    assert posted.case.delivered_at is None
    assert waiting(posted) > 0
    failed = Delivery.objects.get(case=posted.case)
    assert (failed.method, failed.outcome) == ("mail", outcome)
    assert story.kinds(posted.case)[-1] == "ServiceFailed"
    assert send(posted, tracking_no="1012345678902").state == "accepted"
    posted.case.refresh_from_db()
    end(posted, "signed")
    assert [one.outcome for one in Delivery.objects.filter(case=posted.case)] == [outcome, "served"]


def test_a_clerk_asks_the_post_at_once(posted, post_office):
    clerk = posted.receptionist()
    commands.ask_carrier(actor=clerk, case_no=posted.no)
    happens(post_office, "signed")
    assert commands.ask_carrier(actor=clerk, case_no=posted.no).delivered_at is not None
    assert (
        refused(CaseRefusal, lambda: commands.ask_carrier(actor=clerk, case_no=posted.no)).code == "already_delivered"
    )


def test_a_silent_post_office_loses_nothing(posted, settings):
    settings.SIMULATORS_URL = "http://127.0.0.1:9"
    before = story.world()
    assert commands.follow_parcels() == 0
    assert story.world() == before
    clerk = posted.receptionist()
    assert refused(CaseRefusal, lambda: commands.ask_carrier(actor=clerk, case_no=posted.no)).status == 503


def test_a_parcel_that_the_post_does_not_know_is_passed_over_and_asked_for_later(posted, monkeypatch):
    from tongban.partners import registries
    from tongban.partners.problems import PartnerRefusedError

    def trace(**_asked):
        raise PartnerRefusedError("unknown")

    monkeypatch.setattr(registries.post_office(), "trace", trace)
    assert commands.follow_parcels() == 0
    assert Parcel.objects.get().asked_at is not None
    clerk = posted.receptionist()
    assert refused(CaseRefusal, lambda: commands.ask_carrier(actor=clerk, case_no=posted.no)).code == "parcel_unknown"


def test_a_slip_that_came_back_on_paper_serves_with_its_day(posted):
    sent = Parcel.objects.get().sent_at
    slip = story.upload(posted.receptionist(), "回执")
    day = sent + timedelta(days=2)
    with moment.freeze(sent + timedelta(days=3)):
        case = end(posted, "signed", at=day, slip=slip, signed_by="office")
    assert case.delivered_at == day
    slip.refresh_from_db()
    assert (slip.owner_kind, Delivery.objects.get().signature_file) == ("case", slip)


@pytest.mark.parametrize(
    ("outcome", "changes", "field"),
    [
        ("signed", {"signed_by": ""}, "signed_by"),
        ("signed", {"signed_by": "neighbour"}, "signed_by"),
        ("eaten", {}, "outcome"),
        ("lost", {"at": datetime(2020, 1, 1, tzinfo=UTC)}, "at"),
        ("lost", {"at": datetime(2099, 1, 1, tzinfo=UTC)}, "at"),
        ("lost", {"note": "长" * 501}, "note"),
    ],
)
def test_an_end_that_cannot_be_is_refused(posted, outcome, changes, field):
    assert set(refused(Invalid, lambda: end(posted, outcome, **changes)).fields) == {field}


def test_without_a_parcel_nothing_ends_and_nobody_is_asked():
    walk = ready()
    assert refused(CaseRefusal, lambda: end(walk, "lost")).code == "no_parcel"
    assert (
        refused(CaseRefusal, lambda: commands.ask_carrier(actor=walk.receptionist(), case_no=walk.no)).code
        == "no_parcel"
    )


def test_a_result_downloaded_while_it_is_in_the_post_is_served_once(posted, cast, post_office):
    posted.download(cast.citizen)
    delivered = posted.case.delivered_at
    commands.follow_parcels()
    happens(post_office, "signed")
    assert commands.follow_parcels() == 1
    posted.case.refresh_from_db()
    assert posted.case.delivered_at == delivered
    assert Delivery.objects.filter(case=posted.case).count() == 1
    assert Parcel.objects.get().ended_at is not None
    assert [one.kind for one in documents_of(posted.case.subject)].count("delivery_receipt") == 1


def test_an_item_whose_result_is_not_posted_cannot_be():
    walk = story.walk("resident-pension-enrolment").receive().accept().to_decision().decide().issue()
    assert refused(CaseRefusal, lambda: send(walk)).code == "not_by_mail"


# The applicant chooses.


def service(**changes):
    given = {"address": "株洲市天元区神农大道399号", "recipient": "陈桂兰", "phone": "19900000001", "delivery": "mail"}
    return commands.Service(**(given | changes))


def test_the_applicant_may_still_ask_for_mail(cast):
    walk = ready()
    commands.choose_delivery(actor=cast.citizen, case_no=walk.no, service=service())
    walk.case.refresh_from_db()
    assert walk.case.service["delivery"] == "mail"
    assert send(walk).addressee["address"] == "株洲市天元区神农大道399号"
    assert story.kinds(walk.case)[-2:] == ["DeliveryChanged", "ParcelPosted"]
    again = refused(
        CaseRefusal, lambda: commands.choose_delivery(actor=cast.citizen, case_no=walk.no, service=service())
    )
    assert again.code == "parcel_under_way"


def test_a_choice_without_what_it_needs_is_refused(cast):
    walk = ready()

    def choose(**changes):
        return lambda: commands.choose_delivery(actor=cast.citizen, case_no=walk.no, service=service(**changes))

    assert set(refused(Invalid, choose(address="")).fields) == {"address"}
    assert set(refused(Invalid, choose(delivery="pigeon")).fields) == {"delivery"}
    assert set(refused(Invalid, choose(delivery="electronic")).fields) == {"electronic_consent"}
    walk.download(cast.citizen)
    assert refused(CaseRefusal, choose()).code == "already_delivered"


def test_a_foreign_scan_is_no_slip(posted, cast):
    foreign = story.upload(cast.citizen)
    assert refused(NotFound, lambda: end(posted, "signed", slip=foreign)).code == "file_not_found"
