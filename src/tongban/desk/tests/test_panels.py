"""The desk as a shell: panels that rooms bring, tabs and counts, refusals."""

from collections.abc import Iterator, Mapping
from datetime import date

import pytest
from django.test import Client

from tongban.base.web import navigation
from tongban.desk.registries import Band, Chip, Line, Panel, Sheet, Tab, add_panel, panels
from tongban.identity.models import Account
from tongban.identity.tests.cast import log_in
from tongban.kernel.actor import Actor

pytestmark = pytest.mark.usefixtures("city")


def officer(login: str) -> Client:
    return log_in(Client(), Account.objects.get(login=login))


class Reminders(Panel):
    """A panel of an imagined room, open to a supervisor."""

    key = "reminders"
    label = "督办"

    def count(self, actor: Actor) -> int:
        del actor
        return 2

    def open_to(self, actor: Actor) -> bool:
        return "supervisor" in actor.roles()

    def sheet(self, actor: Actor, query: Mapping[str, str]) -> Sheet:
        del actor
        line = Line(
            key="1", href="/desk/reminders/1/", due="late", due_words="超 1 天", due_on=date(2026, 11, 23),
            title="<i>督办</i>", subject="长" * 300, state_tone="run", state_label="在办", task="催办", source="系统",
            who="", number="0001",
        )  # fmt: skip
        return Sheet(
            bands=(Band(heading="已超期限", lines=(line,)),),
            tabs=(Tab(label="全部", href="?", current=True, count="1"),),
            chips=(Chip(label="已超期", href="?due=late", on=query.get("due") == "late"),),
        )


@pytest.fixture
def reminders() -> Iterator[None]:
    add_panel(Reminders(), order=90)
    yield
    panels._things.pop("reminders")
    navigation.registry.entries["desk"].pop("reminders")


def test_a_room_brings_a_panel_with_its_tab_and_count(reminders):
    page = officer("jiancha").get("/desk/reminders/?due=late").content.decode()
    assert "督办 <b>2</b>" in page
    assert "已超期限" in page
    assert "&lt;i&gt;督办&lt;/i&gt;" in page
    assert 'name="key"' not in page


def test_home_leads_to_the_first_panel_that_is_open(reminders):
    # What more was asked than the guide lists comes before it.
    assert officer("jiancha").get("/desk/")["Location"] == "/desk/beyond/"
    assert officer("jiancha").get("/desk/reminders/").status_code == 200


def test_a_panel_that_is_not_open_to_somebody_does_not_exist_for_them(reminders):
    client = officer("lukou.shijian")
    assert client.get("/desk/reminders/").status_code == 404
    assert "/desk/reminders/" not in client.get("/desk/cases/").content.decode()
    assert client.get("/desk/nothing/").status_code == 404


def test_a_key_is_taken_once(reminders):
    with pytest.raises(ValueError, match="reminders"):
        add_panel(Reminders())


def test_the_bar_names_the_officer_and_leads_to_account_delegation_and_the_way_out():
    page = officer("lukou.shijian").get("/desk/cases/").content.decode()
    assert "渌口区市场监督管理局 张敏" in page
    for words in ("我的账号", "委托同事代办", "退出登录"):
        assert words in page


def test_a_desk_is_read_not_posted_to():
    assert officer("lukou.shijian").post("/desk/cases/").status_code == 405


def test_what_is_absent_is_told_in_the_frame_of_the_desk_with_the_way_back():
    page = officer("lukou.shijian").get("/desk/cases/11430212YL7D5X727C4000131016000202601019999/")
    assert page.status_code == 404
    words = page.content.decode()
    assert "没有找到这个办件" in words
    assert 'class="deskbar"' in words
    assert 'href="/desk/">回工作台' in words


def test_whoever_has_no_desk_is_told_by_the_public_page():
    citizen = Account.objects.filter(kind="citizen").earliest("pk")
    page = log_in(Client(), citizen).get("/desk/cases/")
    assert page.status_code == 404
    assert 'class="deskbar"' not in page.content.decode()
