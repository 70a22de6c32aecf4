"""Following an item and being told of its changes: once each, whoever runs twice."""

from typing import Any

import pytest
from django.urls import reverse

from tongban.base import outbox
from tongban.base.tests.racing import race
from tongban.cases.tests import story
from tongban.catalogue import commands as catalogue
from tongban.config.rehearsal.samples import implementation_for
from tongban.identity.models import Account
from tongban.kernel.actor import SYSTEM
from tongban.kernel.problems import NotFound
from tongban.notices.models import Dispatch, Message
from tongban.portal import subscriptions
from tongban.portal.jobs import tell_subscribers
from tongban.portal.models import ItemNews, ItemSubscription
from tongban.portal.problems import PortalRefusal
from tongban.portal.tests.conftest import Browser

KIND = "item.changed"


def relay() -> None:
    while outbox.relay():
        pass


def tell() -> None:
    relay()
    for news in ItemNews.objects.all():
        tell_subscribers(news=news.pk)


@pytest.fixture
def code(city: None) -> str:
    return implementation_for(story.sample()).task_code


def follow(browser: Browser, code: str, act: str = "follow") -> Any:
    return browser.client.post(reverse("portal:subscription", args=[code]), {"act": act})


def test_a_citizen_follows_reads_the_list_and_stops(citizen: Browser, other: Browser, code: str) -> None:
    assert follow(citizen, code).url == reverse("portal:subscriptions")
    follow(citizen, code)
    assert ItemSubscription.objects.count() == 1
    assert code in citizen.page("subscriptions").content.decode()
    assert code not in other.page("subscriptions").content.decode()
    follow(other, code, "stop")
    assert ItemSubscription.objects.count() == 1
    follow(citizen, code, "stop")
    assert ItemSubscription.objects.count() == 0


def test_each_follower_is_told_once_of_each_change_in_words(citizen: Browser, other: Browser, code: str) -> None:
    relay()
    follow(citizen, code)
    it = catalogue.suspend(actor=SYSTEM, task_code=code, reason="窗口搬迁").current
    assert it is not None
    tell()
    tell()
    follow(other, code)
    catalogue.resume(actor=SYSTEM, task_code=code)
    new = it.parsed.model_copy(update={"promised": it.parsed.promised.model_copy(update={"amount": 8})})
    catalogue.publish_version(actor=SYSTEM, task_code=code, definition=new)
    tell()
    told = list(Message.objects.filter(kind=KIND).order_by("pk"))
    assert [one.title for one in told][:1] == ["食品经营许可（新办）暂停办理"]
    assert "窗口搬迁" in told[0].body
    assert len(told) == 1 + 2 + 2
    assert len({(one.account_id, one.title) for one in told}) == 5
    assert any("承诺办结时限由 5 个工作日改为 8 个工作日。" in one.body for one in told)
    assert {one.link for one in told} == {reverse("portal:guide_history", args=[code])}
    assert not Dispatch.objects.filter(message__in=told, channel=Dispatch.Channel.SMS).exists()


def test_whoever_follows_later_or_stopped_is_not_told_of_what_was(citizen: Browser, other: Browser, code: str) -> None:
    relay()
    follow(citizen, code)
    catalogue.suspend(actor=SYSTEM, task_code=code, reason="窗口搬迁")
    relay()
    follow(citizen, code, "stop")
    follow(other, code)
    tell()
    assert not Message.objects.filter(kind=KIND).exists()


def test_many_are_told_in_blocks_and_a_crash_between_them_tells_nobody_twice(
    citizen: Browser, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay()
    monkeypatch.setattr(subscriptions, "BLOCK", 2)
    for account in Account.objects.order_by("pk")[:5]:
        ItemSubscription.objects.create(
            account=account, implementation=implementation_for(story.sample()), since=account.date_joined
        )
    catalogue.suspend(actor=SYSTEM, task_code=code, reason="窗口搬迁")
    relay()
    news = ItemNews.objects.get()
    assert subscriptions.tell_block(news=news.pk)
    assert Message.objects.filter(kind=KIND).count() == 2
    tell_subscribers(news=news.pk)
    assert Message.objects.filter(kind=KIND).count() == 5
    assert Message.objects.filter(kind=KIND).values("account").distinct().count() == 5


def test_a_person_follows_only_so_many(citizen: Browser, cast: Any, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "SUBSCRIPTIONS_MAX", 0)
    with pytest.raises(PortalRefusal) as refused:
        subscriptions.follow(actor=cast.citizen, task_code=code)
    assert refused.value.code == "subscriptions_full"
    assert not ItemSubscription.objects.exists()


def test_two_workers_at_once_tell_each_follower_once(live_city: None, cast: Any) -> None:
    code = implementation_for(story.sample()).task_code
    relay()
    subscriptions.follow(actor=cast.citizen, task_code=code)
    catalogue.suspend(actor=SYSTEM, task_code=code, reason="窗口搬迁")
    relay()
    news = ItemNews.objects.get().pk
    race([lambda: subscriptions.tell_block(news=news)] * 2)
    assert Message.objects.filter(kind=KIND).count() == 1


def test_an_unknown_item_and_staff_follow_nothing(citizen: Browser, cast: Any, code: str) -> None:
    assert follow(citizen, "0" * 31).status_code == 404
    for act in (subscriptions.follow, subscriptions.unfollow):
        with pytest.raises(NotFound):
            act(actor=cast.officer, task_code=code)
    assert not ItemSubscription.objects.exists()
