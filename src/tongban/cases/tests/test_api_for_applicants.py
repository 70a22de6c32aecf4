"""What a person does beside the application, a system does too: pay, read messages; a window's system keeps mandates."""

from datetime import timedelta

import pytest

from tongban.base import chain, moment
from tongban.cases.models import Case
from tongban.cases.tests import story
from tongban.cases.tests.test_api import Caller, body, caller, problem
from tongban.cases.tests.test_api_handling import bound
from tongban.identity.models import Mandate
from tongban.kernel.actor import Role
from tongban.notices.models import Message
from tongban.partners.tests import simulated
from tongban.payments.commands import reconcile
from tongban.payments.models import CashierOrder

__all__ = ["body", "caller"]

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def road(caller):
    """A case with an open bill that the system filed."""
    walk = story.walk("road-excavation").receive().accept().to_decision().decide().issue()
    Case.objects.filter(pk=walk.case.pk).update(client_id=caller.row.pk)
    return walk.no


def test_a_systems_applicant_pays_once_at_the_cashier(caller, road, settings, tmp_path):
    (bill,) = caller.get(f"/cases/{road}/bills").json()["items"]
    assert bill["state"] == "open"
    assert bill["amount_fen"] == sum(one["amount_fen"] for one in bill["lines"]) > 0
    assert all(one["basis"] for one in bill["lines"])
    path = f"/cases/{road}/bills/{bill['bill_no']}/pay"
    with simulated.running(tmp_path) as url:
        settings.SIMULATORS_URL = url
        first, again, other = (caller.post(path, {}, key=key) for key in ("pay", "pay", "once more"))
        assert first.status_code == 200, first.content
        assert first.json() == again.json() == other.json()
        simulated.click(first.json()["cashier_url"], "silent")
        assert reconcile() == 1
    assert CashierOrder.objects.filter(bill__bill_no=bill["bill_no"]).count() == 1
    (bill,) = caller.get(f"/cases/{road}/bills").json()["items"]
    assert (bill["state"], bill["settled_at"] is None) == ("paid", False)
    problem(caller.post(path, {}, key="too late"), 409, "bill_not_open")


def test_nobody_elses_bill_is_paid_and_a_silent_cashier_changes_nothing(caller, road, body, settings):
    own = caller.post("/cases", body).json()["case_no"]
    bill = caller.get(f"/cases/{road}/bills").json()["items"][0]["bill_no"]
    other = Caller("cases:submit", "cases:track", name="别的系统")
    assert caller.get(f"/cases/{own}/bills").json() == {"items": []}
    problem(other.get(f"/cases/{road}/bills"), 404, "case_not_found")
    problem(other.post(f"/cases/{road}/bills/{bill}/pay", {}), 404, "case_not_found")
    problem(caller.post(f"/cases/{own}/bills/{bill}/pay", {}), 404, "bill_not_found")
    settings.SIMULATORS_URL = "http://127.0.0.1:9"
    problem(caller.post(f"/cases/{road}/bills/{bill}/pay", {}), 503, "cashier_unavailable")
    assert not CashierOrder.objects.exists()


def test_what_an_applicant_without_an_account_was_told_is_read_in_the_system_that_filed(caller, body):
    number = caller.post("/cases", body).json()["case_no"]
    story.Walk(Case.objects.get(case_no=number)).receive()
    path = f"/cases/{number}/messages"
    told = caller.get(path).json()["items"]
    assert [one["kind"] for one in told] == ["case.submitted", "case.received"]
    assert all(one["title"] and one["body"] and one["read_at"] is None for one in told)
    read = caller.post(f"{path}/{told[0]['id']}/read", {}).json()
    assert read["read_at"]
    assert caller.post(f"{path}/{told[0]['id']}/read", {}).json() == read
    assert [one["read_at"] is None for one in caller.get(path).json()["items"]] == [False, True]


def test_a_system_reads_no_message_of_another_case_or_of_an_account(caller, body, cast):
    number, other = (caller.post("/cases", body).json()["case_no"] for _ in range(2))
    of_other = caller.get(f"/cases/{other}/messages").json()["items"][0]["id"]
    account = Message.objects.filter(account__isnull=False).first() or _to_account(cast)
    Message.objects.filter(pk=account.pk).update(subject_ref=f"case:{number}")
    assert account.pk not in [one["id"] for one in caller.get(f"/cases/{number}/messages").json()["items"]]
    for key in (of_other, account.pk, 2**70):
        problem(caller.post(f"/cases/{number}/messages/{key}/read", {}), 404, "message_not_found")
    stranger = Caller("cases:submit", "cases:track", name="别的系统")
    problem(stranger.get(f"/cases/{number}/messages"), 404, "case_not_found")
    problem(stranger.post(f"/cases/{other}/messages/{of_other}/read", {}), 404, "case_not_found")
    assert not Message.objects.filter(read_at__isnull=False).exists()


def _to_account(cast):
    return Message.objects.get(account_id=cast.citizen.account_id, subject_ref=story.submitted(cast.citizen).subject)


def paper(cast, **changes):
    """A signed paper: the citizen lets the other one handle applications."""
    people = {
        who: {
            "document_kind": person.document_kind, "document_number": person.document_number, "name": person.name,
        }
        for who, person in (
            ("principal", cast.account("citizen").person), ("agent", cast.account("other_citizen").person),
        )
    }  # fmt: skip
    until = (moment.today() + timedelta(days=30)).isoformat()
    return people | {"valid_to": until, "authority": "2026年11月20日委托办理各项政务服务。"} | changes


def test_a_windows_system_records_a_signed_paper_finds_it_and_ends_it(cast):
    system, post = bound(cast.clerk, Role.WINDOW_CLERK)
    sent = paper(cast)
    made = system.do(post, "mandates", sent, key="record")
    assert made.status_code == 201, made.content
    assert system.do(post, "mandates", sent, key="record").json() == made.json()
    problem(system.do(post, "mandates", sent, key="again"), 409, "mandate_exists")
    mandate = Mandate.objects.get()
    assert (mandate.way, mandate.seen_by_id) == ("window", cast.clerk.account_id)
    asked = {key: sent["principal"][key] for key in ("document_kind", "document_number")}
    (found,) = system.do(post, "mandates/search", asked).json()["items"]
    assert (found["id"], found["agent"]) == (mandate.pk, sent["agent"]["name"])
    for key in ("end", "end again"):
        assert system.do(post, f"mandates/{mandate.pk}/end", key=key).json()["ended_at"]
    assert system.do(post, "mandates/search", asked).json() == {"items": []}
    assert [one.kind for one in chain.events(mandate.subject)] == ["MandateGranted", "MandateEnded"]
    acts = [one.payload["act"] for one in chain.events(f"client:{system.row.pk}") if one.kind == "ApiClientActed"]
    assert acts == ["record_mandate", "find_mandates", "end_mandate", "end_mandate", "find_mandates"]


def test_only_a_window_records_and_ends_mandates(cast, caller):
    system, post = bound(cast.clerk, Role.WINDOW_CLERK)
    mandate = system.do(post, "mandates", paper(cast)).json()["id"]
    leader, theirs = bound(cast.leader, Role.LEADER)
    other, elsewhere = bound(cast.other_clerk, Role.WINDOW_CLERK)
    assert leader.do(theirs, "mandates", paper(cast)).status_code == 404
    for attempt, held in ((leader, theirs), (other, elsewhere)):
        assert attempt.do(held, f"mandates/{mandate}/end").status_code == 404
    problem(caller.post("/handling/mandates", paper(cast)), 403, "scope_missing")
    assert Mandate.objects.get().ended_at is None
