"""Somebody reads up on an item: finds it, takes it along on paper, compares places, looks back, follows it."""

import re

import pytest

from tests.journeys.applying import find_by_words
from tongban.base import outbox
from tongban.catalogue import commands as catalogue
from tongban.catalogue.models import Implementation
from tongban.kernel.actor import SYSTEM
from tongban.portal.jobs import tell_subscribers
from tongban.portal.models import ItemNews

SLUG, READER = "hotel-special-trade-licence", "19900000001"
CONDITION = "客房数量与消防验收的范围一致"


@pytest.fixture
def item(backstage):
    """The item as the last body runs it, so that no other journey meets what changes here."""
    return Implementation.objects.select_related("current").filter(base__slug=SLUG, state="active").latest("task_code")


def change(item):
    """A new version that asks for one thing more, and everybody told of it."""
    item.refresh_from_db()
    it = item.current.parsed
    wanted = tuple(one for one in it.conditions if one != CONDITION)
    conditions = wanted if CONDITION in it.conditions else (*wanted, CONDITION)
    catalogue.publish_version(
        actor=SYSTEM, task_code=item.task_code, definition=it.model_copy(update={"conditions": conditions})
    )
    while outbox.relay():
        pass
    for news in ItemNews.objects.all():
        tell_subscribers(news=news.pk)
    return CONDITION in conditions


def test_a_reader_finds_takes_along_compares_looks_back_and_follows(window, screen, item, tmp_path):
    reader = window(screen, who=READER)
    find_by_words(reader, "开饭店", "食品经营许可", "渌口区")
    pages = reader.page.pdf(path=tmp_path / "print.pdf", prefer_css_page_size=True).count(b"/Type /Page\n")
    assert pages <= 2
    paper = reader.download(reader.page.get_by_role("link", name="下载指南（PDF）"), tmp_path / "guide.pdf")
    assert paper.read_bytes().startswith(b"%PDF-")
    reader.press(reader.page.get_by_role("link", name="比较几个地方"))
    second = reader.page.locator("#codes-2")
    second.select_option(index=3)
    reader.press("比较")
    reader.sees("带“不同”的行里")
    reader.go(f"/items/{item.task_code}/")
    reader.press(reader.page.get_by_role("link", name="关注变化"))
    reader.press("关注")
    reader.sees("已关注")
    came = change(item)
    reader.go("/messages/")
    reader.sees(re.compile("办事指南有更新"))
    reader.go(f"/items/{item.task_code}/history/")
    reader.sees(f"新增条件：{CONDITION}" if came else f"不再要求：{CONDITION}")
    reader.press(reader.page.get_by_role("link", name="看第 1 版的全文"))
    reader.sees("已经不再施行")
    reader.go("/my/subscriptions/")
    reader.press(reader.page.get_by_role("button", name=re.compile("取消关注")))
    reader.sees("还没有关注事项")
