"""The sample cases of a pack: every fault at its line before anything is filed, and a city that is furnished once."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tongban.base import moment, outbox
from tongban.cases.models import Case, Delivery, HandOver, NoteMention, Parcel, PublicNotice, StepFile
from tongban.cases.tests import story
from tongban.config import citypack, rehearsal
from tongban.config.rehearsal.arrangements import arrange
from tongban.config.rehearsal.demo import actor_of
from tongban.config.rehearsal.ministry import run_elsewhere
from tongban.config.rehearsal.section import CasesShape, SubscriberShape
from tongban.desk.queries import views
from tongban.identity.models import Account, ApiClient, Company
from tongban.identity.queries import citizen_by_phone
from tongban.identity.tests.cast import log_in
from tongban.partners.commands.delivering import TRIES_MAX
from tongban.partners.models import WebhookMessage
from tongban.partners.tests import simulated

CITY = Path(settings.ROOT) / "cities" / "zhuzhou"
FILE = "demo-cases.yaml"


@pytest.fixture
def pack(tmp_path):
    return Path(shutil.copytree(CITY, tmp_path / "zhuzhou"))


def faults(pack: Path) -> list[tuple[int, str]]:
    return [(one.line, str(one)) for one in citypack.check(pack) if one.file == FILE and one.severity == "error"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (
            "{item: food-busines-licence, name: 甲, person: 甲, days_ago: 1, stage: received}",
            "是否应为 food-business-licence",
        ),
        ("{item: food-business-licence, name: 甲, person: 甲, days_ago: 1, stage: recieved}", "不在允许的值之内"),
        ("{item: food-business-licence, name: 甲, person: 甲, days_ago: -1, stage: received}", "不得小于 0"),
        ("{item: food-business-licence, name: 甲, person: 甲, days_ago: 1, stage: refused}", "要写明原因"),
        ("{item: food-business-licence, name: 甲, person: 甲, days_ago: 1, stage: failed}", "要写明送达经过"),
        (
            "{item: tour-guide-licence, name: 王小, person: 王小, days_ago: 1, stage: elsewhere}",
            "由样例的申请人在网上提交",
        ),
        ("{item: food-business-licence, name: 甲, days_ago: 1, stage: received}", "缺少“person”"),
    ],
)
def test_a_row_that_cannot_be_filed_is_named_with_its_line(pack, row, says):
    (pack / FILE).write_text(f"# 示例\ncases:\n  - {row}\n", encoding="utf-8")
    ((line, words),) = faults(pack)
    assert line == 3
    assert says in words


def test_an_item_without_a_sample_application_cannot_be_filed(pack):
    (pack / "samples" / "road-excavation.yaml").unlink()
    found = faults(pack)
    assert len(found) == (pack / FILE).read_text(encoding="utf-8").count("item: road-excavation")
    assert all("没有申请样例" in words for _line, words in found)


@pytest.fixture
def simulators(settings, tmp_path):
    """The systems outside, over real HTTP."""
    with simulated.running(tmp_path) as address:
        settings.SIMULATORS_URL = address
        yield address


@pytest.mark.usefixtures("simulators")
def test_the_city_is_furnished_once_and_every_stage_is_there(live_city):
    said: list[str] = []
    made = rehearsal.furnish(CITY, said.append)
    assert made == Case.objects.count() > 20
    assert rehearsal.furnish(CITY, said.append) == 0
    assert Case.objects.count() == made
    assert len(said) == 1
    assert set(Case.objects.values_list("state", flat=True)) >= {
        "received", "correction_pending", "handling", "reviewing", "approving", "decided_granted", "decided_refused",
        "completed", "not_accepted", "voided", "transferred", "archived", "pre_review_returned",
    }  # fmt: skip
    served = Delivery.objects.values_list("method", "outcome")
    assert {("visit", "absent"), ("left", "served"), ("window", "served")} <= set(served)
    assert sorted(Parcel.objects.values_list("state", flat=True)) == ["accepted", "refused", "signed"]
    assert Parcel.objects.filter(ended_at__isnull=True).count() == 1
    assert set(Delivery.objects.filter(parcel__isnull=False).values_list("outcome", flat=True)) == {"served", "refused"}
    check_online()
    check_arrangements()
    assert PublicNotice.objects.filter(ended_at__isnull=True).count() == 1
    assert NoteMention.objects.filter(read_at__isnull=True).count() == StepFile.objects.count() == 1
    while outbox.relay():
        pass
    assert outbox.problems() == []


def check_online() -> None:
    """One that the citizen has to mend, and one that a ministry runs and the body's officer may read."""
    returned = Case.objects.get(state="pre_review_returned")
    assert (returned.channel, returned.account.name) == ("web", "陈桂兰")
    order = HandOver.objects.get()
    assert (order.state, order.applied, order.case.state) == ("taken", 3, "handling")
    assert [one.kind for one in order.reports.order_by("seq")] == ["received", "accepted", "step"]
    officer = Account.objects.get(login="wenlv.chengban")
    page = log_in(Client(), officer).get(f"/desk/cases/{order.case.case_no}/").content.decode()
    assert order.foreign_no in page


def check_arrangements() -> None:
    """A view that colleagues find, authorities that count, and a message that was given up after all its tries."""
    colleague = Account.objects.get(login="lukou.shijian")
    assert [one.name for one in views(actor_of(colleague), "cases")] == ["两个工作日内到期"]
    agent, principal = (citizen_by_phone(phone) for phone in ("19900000001", "19900000002"))
    assert [one.person_id for one in actor_of(agent).principals] == [principal.person_id]
    company = Company.objects.get(uscc="91430211YL0009025K")
    assert actor_of(principal).company_ids == (company.pk,)
    message = WebhookMessage.objects.get()
    assert (message.state, message.attempts, message.status) == ("failed", TRIES_MAX, None)
    assert message.settled_at < moment.now()


@pytest.mark.parametrize(
    ("part", "says"),
    [
        (
            "views: [{login: nobody, panel: cases, name: 看, address: due=soon, unit: '430212:scjgj'}]",
            "示例账号 nobody",
        ),
        ("views: [{login: lukou.shenhe, panel: cases, name: 看, address: due=soon, unit: '430212:x'}]", "找不到机构"),
        ("mandates: [{principal: '19900000002', agent: '19900000009'}]", "示例账号 19900000009"),
    ],
)
def test_an_arrangement_of_somebody_unknown_is_named_with_its_line(pack, part, says):
    (pack / FILE).write_text(f"# 示例\ncases: []\n{part}\n", encoding="utf-8")
    ((line, words),) = faults(pack)
    assert line == 3
    assert says in words


@pytest.mark.usefixtures("city")
def test_an_installation_that_writes_to_no_inner_address_has_no_such_system(settings):
    settings.WEBHOOK_NETWORKS = []
    shape = CasesShape(
        cases=(),
        subscribers=(
            SubscriberShape(name="甲", organisation="430212:scjgj", url="http://127.0.0.1:9/", kinds=("CaseVoided",)),
        ),
    )
    arrange(shape, [])
    assert not WebhookMessage.objects.exists()
    assert not ApiClient.objects.exists()


def test_a_ministry_that_does_not_answer_leaves_the_case_waiting(city, cast, settings):
    settings.SIMULATORS_URL = "http://127.0.0.1:9"
    case = story.submitted(cast.other_citizen, story.ELSEWHERE)
    assert not run_elsewhere(case)
    assert HandOver.objects.get(case=case).state == "waiting"
