"""Letting somebody handle one's applications, on the pages: granted, agreed to, used, ended."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from tongban.base import moment, outbox
from tongban.cases.models import Case
from tongban.cases.tests import story
from tongban.identity import commands as identity
from tongban.identity.models import Mandate
from tongban.kernel.actor import SYSTEM, Actor
from tongban.notices.models import Message
from tongban.portal.tests.conftest import PASSWORD, SERVICE, Browser, flat

PENSION = "resident-pension-enrolment"


def typed(cast: Any, **changes: str) -> dict[str, str]:
    person = cast.account("other_citizen").person
    return {
        "agent_name": person.name, "agent_number": person.document_number,
        "valid_to": (moment.today() + timedelta(days=30)).isoformat(), "method": "password", "secret": PASSWORD,
    } | changes  # fmt: skip


def post(browser: Browser, name: str, *args: Any, **data: str) -> Any:
    return browser.client.post(reverse(name, args=args), data)


def told(actor: Actor) -> list[str]:
    outbox.relay()
    return list(Message.objects.filter(account_id=actor.account_id, kind="mandate").values_list("body", flat=True))


@pytest.fixture
def agreed(citizen: Browser, other: Browser, cast: Any) -> Mandate:
    """The citizen authorised the other one, who agreed: all on the pages."""
    assert post(citizen, "account_mandates", **typed(cast)).status_code == 302
    mandate = Mandate.objects.get()
    assert post(other, "account_mandate_confirm", mandate.pk).status_code == 302
    return mandate


def test_both_see_it_and_are_told(citizen: Browser, other: Browser, agreed: Mandate, cast: Any) -> None:
    given, held = (one.client.get(reverse("account_mandates")).content.decode() for one in (citizen, other))
    assert "收回授权" in given
    assert "不再代办" in held
    assert any("同意" in one for one in told(cast.other_citizen))
    assert any("已同意" in one for one in told(cast.citizen))
    post(citizen, "account_mandate_end", agreed.pk)
    assert any("已结束" in one for one in told(cast.other_citizen))
    assert "不再代办" not in other.client.get(reverse("account_mandates")).content.decode()


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_granted(citizen: Browser, cast: Any) -> None:
    shown = post(citizen, "account_mandates", **typed(cast, agent_name="别的名字"))
    assert shown.status_code == 422
    assert "没有找到这位已实名的代办人" in shown.content.decode()
    assert PASSWORD not in shown.content.decode()
    assert post(citizen, "account_mandates", **typed(cast, secret="wrong")).status_code == 422
    assert not Mandate.objects.exists()


def test_a_code_is_sent_without_losing_what_was_typed(citizen: Browser, cast: Any) -> None:
    shown = post(citizen, "account_mandates", **typed(cast, act="code", secret=""))
    assert shown.status_code == 200
    text = shown.content.decode()
    assert cast.account("other_citizen").person.name in text
    assert "验证码" in text
    assert not Mandate.objects.exists()


@pytest.mark.usefixtures("agreed")
def test_the_agent_applies_in_the_applicants_name_from_beginning_to_end(other: Browser, cast: Any) -> None:
    found = story.sample(PENSION)
    task_code = story.implementation_for(found).task_code
    choice = f"principal-{cast.citizen.person_id}"
    assert choice in [value for value, *_rest in other.page("start", task_code).context["choices"]]
    assert other.send("start", task_code, applicant=choice).status_code == 302
    from tongban.cases.models import Draft

    draft = Draft.objects.latest("pk")
    other.answer_all(draft, PENSION)
    filled = other.send("form", draft.public_id, **{"act": "next", **flat(dict(found.form))})
    assert filled.status_code == 302, filled.context["errors"]
    for row in other.page("materials", draft.public_id).context["rows"]:
        if row["state"].how == "missing":
            other.upload(draft, row["material"].key)
    delivery = {"delivery": "electronic", **SERVICE}
    assert other.send("service", draft.public_id, **delivery).status_code == 302
    shown = other.page("confirm", draft.public_id)
    signed = {"method": "password", "secret": PASSWORD, "sha256": shown.context["application"].sha256}
    assert other.send("confirm", draft.public_id, **signed).status_code == 302
    case = Case.objects.latest("pk")
    assert case.person_id == cast.citizen.person_id
    assert case.applicant["name"] == cast.citizen.name
    assert case.agent["name"] == cast.other_citizen.name
    assert "代办人" in other.page("case", case.case_no).content.decode()


@pytest.mark.usefixtures("agreed")
def test_the_agents_list_has_a_tab_for_the_person_and_no_button_to_withdraw(other: Browser, cast: Any) -> None:
    no = story.walk(PENSION).receive().no
    shown = other.page("my", **{"for": f"person-{cast.citizen.person_id}"})
    assert [row["case"].case_no for row in shown.context["rows"]] == [no]
    assert cast.citizen.name in [tab.label for tab in shown.context["tabs"]]
    assert not other.page("my", **{"for": "self"}).context["rows"]
    assert reverse("portal:withdraw", args=[no]) not in other.page("case", no).content.decode()
    assert other.send("withdraw", no).status_code == 403
    assert Case.objects.get(case_no=no).state == "received"


def test_a_window_records_and_ends_it(enter: Callable[[str], Browser], cast: Any) -> None:
    clerk = enter("clerk")
    from tongban.identity.tests.cast import log_in

    log_in(clerk.client, cast.account("clerk"))
    address = reverse("account_mandates_window")
    body = str(next(one.organisation_id for one in cast.clerk.appointments if one.role == "window_clerk"))
    agent = cast.account("other_citizen").person
    paper = {
        "window": body, "principal_name": "李老太", "principal_kind": "111", "principal_number": "11010519491231002X",
        "agent_name": agent.name, "agent_kind": "111", "agent_number": agent.document_number,
        "valid_to": moment.today().isoformat(), "authority": "2026年11月20日委托办理各项政务服务", "paper_kept": "on",
    }  # fmt: skip
    assert clerk.client.post(address, {**paper, "paper_kept": ""}).status_code == 422
    assert clerk.client.post(address, paper).status_code == 302
    mandate = Mandate.objects.get()
    found = clerk.client.post(address, {"act": "find", "kind": "111", "number": "11010519491231002x"})
    assert agent.name in found.content.decode()
    assert post(clerk, "account_mandate_end_window", mandate.pk).status_code == 302
    mandate.refresh_from_db()
    assert mandate.ended_at is not None


@pytest.mark.usefixtures("agreed")
def test_the_pages_of_whoever_acts_for_many_cost_twelve_statements(
    other: Browser, cast: Any, django_assert_max_num_queries: Any
) -> None:
    walk = story.walk(PENSION).receive()
    story.walk("birth-registration")
    company = cast.account("citizen").operated.first().company
    identity.bind_operator(
        SYSTEM, company_id=company.pk, account_id=cast.account("other_citizen").pk, valid_from=moment.today()
    )
    for name, args in (("my", ()), ("case", (walk.no,))):
        other.page(name, *args)
        with django_assert_max_num_queries(12):
            assert other.page(name, *args).status_code == 200
