"""Two ways of service at once: one serves, the other is told; on real connections."""

from datetime import timedelta

import httpx
import pytest

from tongban.base import chain, moment
from tongban.base.tests.racing import race
from tongban.cases import commands
from tongban.cases.models import Archive, Delivery, Parcel, PublicNotice
from tongban.cases.tests import story
from tongban.documents.queries import documents_of
from tongban.kernel.actor import SYSTEM
from tongban.kernel.problems import Refusal
from tongban.partners.tests import simulated

pytestmark = pytest.mark.usefixtures("live_city")


def ready() -> story.Walk:
    return story.walk().receive().accept().to_decision().decide().issue()


def check_served_once(walk: story.Walk) -> None:
    assert Delivery.objects.filter(case=walk.case, outcome="served").count() == 1
    assert story.kinds(walk.case).count("ResultDelivered") == 1
    assert [one.kind for one in documents_of(walk.case.subject)].count("delivery_receipt") == 1
    assert chain.verify() == []


def check_only_refusals(found: list[object]) -> None:
    broken = [one for one in found if isinstance(one, BaseException) and not isinstance(one, Refusal)]
    assert not broken, broken


def test_a_term_that_ends_twice_while_somebody_collects_serves_once():
    walk = ready()
    clerk = walk.receptionist()
    commands.publish_notice(
        actor=clerk, case_no=walk.no, reason="unknown", account="电话停机，社区称已搬走，去向不明。"
    )
    PublicNotice.objects.filter(case=walk.case).update(ends_on=moment.today() - timedelta(days=1))
    hand_out = lambda: commands.deliver_at_window(actor=clerk, case_no=walk.no, collector=story.collector())  # noqa: E731
    check_only_refusals(race([commands.end_notices, commands.end_notices, hand_out]))
    check_served_once(walk)
    assert PublicNotice.objects.filter(ended_at__isnull=True).count() == 0


def test_two_clerks_who_post_the_same_result_send_one_parcel():
    walk = ready()
    clerk = walk.receptionist()

    def send(number: str):
        posting = commands.Posting(carrier="ems", tracking_no=number)
        return lambda: commands.send_parcel(actor=clerk, case_no=walk.no, posting=posting)

    found = race([send(f"10123456789{one:02}") for one in range(4)])
    check_only_refusals(found)
    assert Parcel.objects.filter(case=walk.case).count() == 1
    assert sum(isinstance(one, Parcel) for one in found) == 1


def test_two_results_under_one_number_are_one_parcel():
    walks = [ready(), ready()]
    posting = commands.Posting(carrier="ems", tracking_no="1012345678901")

    def send(walk: story.Walk):
        clerk = walk.receptionist()
        return lambda: commands.send_parcel(actor=clerk, case_no=walk.no, posting=posting)

    check_only_refusals(race([send(one) for one in walks]))
    assert Parcel.objects.count() == 1


def test_a_parcel_asked_for_by_the_clock_and_by_a_clerk_is_served_once(settings, tmp_path):
    walk = ready()
    clerk = walk.receptionist()
    posting = commands.Posting(carrier="ems", tracking_no="1012345678901")
    commands.send_parcel(actor=clerk, case_no=walk.no, posting=posting)
    with simulated.running(tmp_path) as url:
        settings.SIMULATORS_URL = url
        commands.follow_parcels()
        httpx.post(f"{url}/postal/parcels/1012345678901", data={"act": "signed"}, trust_env=False)
        ask = [commands.follow_parcels, commands.follow_parcels]
        check_only_refusals(race([*ask, lambda: commands.ask_carrier(actor=clerk, case_no=walk.no)]))
    check_served_once(walk)


def test_workers_who_archive_one_case_at_once_give_it_one_number():
    walk = ready().hand_out()
    by_clock = lambda: commands.archive(actor=SYSTEM, case_no=walk.no)  # noqa: E731
    found = race([by_clock, by_clock, by_clock])
    check_only_refusals(found)
    assert Archive.objects.filter(case=walk.case).count() == 1
    assert sum(isinstance(one, Archive) for one in found) == 1
    assert story.kinds(walk.case).count("CaseArchived") == 1
    assert chain.verify() == []
