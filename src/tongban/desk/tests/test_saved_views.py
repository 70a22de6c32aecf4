"""Saved views of a panel: kept, begun with, shared by a unit's head, changed and thrown away."""

import pytest
from django.test import Client

from tongban.desk import commands, queries
from tongban.desk.models import SavedView
from tongban.identity import commands as identity
from tongban.identity.models import Account
from tongban.identity.tests.cast import log_in
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.problems import Invalid, NotFound, Refusal

pytestmark = pytest.mark.usefixtures("city")

LATE = "due=late&sort=submitted&cols=task,begun&cursor=x&view=all"


def visitor(who: Actor) -> Client:
    return log_in(Client(), Account.objects.get(pk=who.account_id))


def test_a_view_keeps_filters_order_and_columns_but_not_the_place_in_the_list(cast):
    view = commands.save_view(actor=cast.officer, panel="cases", name="  超期   的 ", address=LATE)
    assert view.name == "超期 的"
    assert queries.query_of(view.address) == {"due": "late", "sort": "submitted", "cols": "task,begun"}
    page = visitor(cast.officer).get(f"/desk/cases/?{view.address}").content.decode()
    assert "超期 的" in page
    assert page.count('aria-current="true"') >= 2


def test_the_same_name_again_keeps_the_newer_address(cast):
    for address in ("due=late", "due=today"):
        commands.save_view(actor=cast.officer, panel="cases", name="我的", address=address)
    assert [one.address for one in queries.views(cast.officer, "cases")] == ["due=today"]


@pytest.mark.parametrize(
    ("name", "address"), [("", ""), ("长" * 21, ""), ("好", "due=never"), ("好", "name=" + "%E9%95%BF" * 300)]
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_kept(cast, name, address):
    with pytest.raises(Invalid):
        commands.save_view(actor=cast.officer, panel="cases", name=name, address=address)
    assert not SavedView.objects.exists()


def test_nobody_keeps_more_than_twenty(cast):
    for serial in range(commands.VIEWS_MAX):
        commands.save_view(actor=cast.officer, panel="cases", name=f"第 {serial} 个", address="")
    with pytest.raises(Refusal, match="20"):
        commands.save_view(actor=cast.officer, panel="cases", name="再来", address="")
    commands.save_view(actor=cast.officer, panel="cases", name="第 0 个", address="due=late")
    assert SavedView.objects.count() == commands.VIEWS_MAX


def test_a_panel_that_is_not_open_keeps_nothing(cast):
    for who, panel in ((cast.admin, "cases"), (cast.officer, "nothing"), (cast.citizen, "cases")):
        with pytest.raises(NotFound):
            commands.save_view(actor=who, panel=panel, name="看", address="")
    assert not SavedView.objects.exists()


def test_a_head_shares_a_view_with_the_unit_and_only_a_head(cast):
    unit = next(one.organisation_id for one in cast.head.appointments)
    view = commands.save_view(actor=cast.head, panel="cases", name="本局超期", address="due=late")
    assert queries.views(cast.officer, "cases") == ()
    commands.change_view(actor=cast.head, view_id=view.pk, name="本局超期", organisation_id=unit)
    (found,) = queries.views(cast.officer, "cases")
    assert (found.name, found.may_change) == ("本局超期", False)
    assert queries.views(cast.other_officer, "cases") == ()
    own = commands.save_view(actor=cast.officer, panel="cases", name="我的", address="")
    attempts = (
        lambda: commands.change_view(actor=cast.officer, view_id=view.pk, name="改", organisation_id=unit),
        lambda: commands.change_view(actor=cast.officer, view_id=own.pk, name="我的", organisation_id=unit),
        lambda: commands.remove_view(actor=cast.officer, view_id=view.pk),
        lambda: commands.begin_with(actor=cast.other_officer, view_id=view.pk),
    )
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert [(one.name, one.unit != "") for one in queries.views(cast.officer)] == [("我的", False), ("本局超期", True)]


def test_a_name_of_ones_own_is_not_given_twice(cast):
    first, second = (
        commands.save_view(actor=cast.officer, panel="cases", name=name, address="") for name in ("一", "二")
    )
    with pytest.raises(Invalid):
        commands.change_view(actor=cast.officer, view_id=second.pk, name=first.name)
    assert commands.change_view(actor=cast.officer, view_id=second.pk, name="三").name == "三"


def test_one_begins_with_the_view_that_one_chose_until_it_is_thrown_away(cast):
    view = commands.save_view(actor=cast.officer, panel="cases", name="今天", address="due=today")
    browser = visitor(cast.officer)
    assert browser.get("/desk/cases/").status_code == 200
    commands.begin_with(actor=cast.officer, view_id=view.pk)
    assert browser.get("/desk/cases/")["Location"] == "/desk/cases/?due=today"
    page = browser.get("/desk/cases/?view=all")
    assert page.status_code == 200
    assert 'href="/desk/cases/?view=all" aria-current="page"' in page.content.decode()
    commands.remove_view(actor=cast.officer, view_id=view.pk)
    assert browser.get("/desk/cases/").status_code == 200


def test_views_are_kept_named_shared_and_thrown_away_by_forms(cast):
    browser = visitor(cast.head)
    answer = browser.post("/desk/views/save/", {"panel": "cases", "address": "due=late", "name": "超期"})
    assert answer["Location"] == "/desk/cases/?due=late"
    view = SavedView.objects.get()
    unit = cast.head.appointments[0].organisation_id
    form = {"saved": view.pk, "name": "超期件", "unit": unit}
    assert browser.post("/desk/views/", form)["Location"] == "/desk/views/"
    page = browser.get("/desk/views/").content.decode()
    assert "超期件" in page
    assert "共用" in page
    assert browser.post("/desk/views/", {**form, "do": "first"}).status_code == 302
    assert browser.get("/desk/cases/")["Location"] == "/desk/cases/?due=late"
    refused = browser.post("/desk/views/", {**form, "name": ""})
    assert refused.status_code == 422
    assert "请写 1 到 20 字的名称。" in refused.content.decode()
    assert browser.post("/desk/views/", {**form, "do": "remove"}).status_code == 302
    assert not SavedView.objects.exists()


def test_an_address_that_asks_what_is_not_offered_says_so_and_leads_back(cast):
    answer = visitor(cast.officer).get("/desk/cases/?state=lost")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "这个地址打不开" in page
    assert 'href="/desk/cases/"' in page


def test_a_name_that_cannot_be_kept_is_said_where_it_was_typed(cast):
    answer = visitor(cast.officer).post(
        "/desk/views/save/", {"panel": "cases", "address": "due=late", "name": ""}, follow=True
    )
    assert answer.redirect_chain[0][0] == "/desk/cases/?due=late"
    assert "请写 1 到 20 字的名称。" in answer.content.decode()


def test_views_of_the_unit_go_to_whoever_takes_over_and_ones_own_do_not(cast):
    unit = cast.head.appointments[0].organisation_id
    for name in ("本局", "我的"):
        view = commands.save_view(actor=cast.head, panel="cases", name=name, address="due=late")
        commands.change_view(
            actor=cast.head, view_id=view.pk, name=name, organisation_id=unit if name == "本局" else None
        )
    successor = cast.account("leader")
    identity.hand_over(SYSTEM, from_account_id=cast.head.account_id, to_account_id=successor.pk)
    assert set(SavedView.objects.filter(account=successor).values_list("name", flat=True)) == {"本局"}
