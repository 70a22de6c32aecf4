"""The guide of an item: page, papers, data for machines, QR code."""

import html
import json
import re

import pytest
from django.test import Client

from tongban.base.web.markup import linked_data
from tongban.cases.tests import story
from tongban.catalogue import commands
from tongban.catalogue.models import Implementation, ItemVersion
from tongban.catalogue.queries import guide
from tongban.config.rehearsal.samples import implementation_for, samples_of
from tongban.kernel.actor import SYSTEM
from tongban.portal.linked_data import government_service, written
from tongban.portal.tests.conftest import Browser
from tongban.portal.web.guide import address_of


@pytest.fixture
def visitor(city: None) -> Browser:
    return Browser(Client())


def code(slug: str = story.FOOD) -> str:
    return implementation_for(story.sample(slug)).task_code


def version(slug: str = story.FOOD) -> ItemVersion:
    found = implementation_for(story.sample(slug)).current
    assert found is not None
    return found


def test_the_guide_tells_the_clock_who_is_to_be_asked_and_both_ways_to_contest(visitor: Browser) -> None:
    text = visitor.page("guide", code()).content.decode()
    for words in (
        "决定是否受理",
        "5 个工作日内",
        "法定时限",
        "现场核查",
        "行政复议",
        "行政诉讼",
        "0731-12345",
        "委托别人代办",
    ):
        assert words in text, words


def test_an_item_of_the_ministrys_system_says_what_is_done_here_and_what_there(visitor: Browser) -> None:
    item = Implementation.objects.select_related("current").filter(base__slug="tour-guide-licence").get()
    text = visitor.page("guide", item.task_code).content.decode()
    assert item.current is not None
    there = item.current.parsed.runs_in
    assert there is not None
    for words in (there.name, there.phone, there.agreement, "导游人员资格证编号", "不用到另一个系统再填一遍"):
        assert words in text, words


def test_every_item_has_its_paper_and_its_blank_and_filled_form(visitor: Browser) -> None:
    for sample in samples_of(story.ZHUZHOU)[:6]:
        item = implementation_for(sample)
        assert item.current is not None
        shown = visitor.page("guide_pdf", item.task_code)
        assert shown.content.startswith(b"%PDF-"), sample.slug
        form = next(one for one in item.current.parsed.materials if one.generated_from_form)
        for name in ("guide_blank", "guide_sample"):
            assert visitor.page(name, item.task_code, form.key).content.startswith(b"%PDF-"), sample.slug


def test_a_paper_that_cannot_be_printed_is_not_there(visitor: Browser) -> None:
    for name, key in (("guide_blank", "business_licence"), ("guide_sample", "layout"), ("guide_blank", "unknown")):
        assert visitor.page(name, code(), key).status_code == 404
    assert visitor.page("guide_pdf", "0" * 31).status_code == 404


def test_the_page_links_a_blank_form_only_where_there_is_one(visitor: Browser) -> None:
    text = visitor.page("guide", code()).content.decode()
    for path in re.findall(r'href="(/items/[^"]+/(?:blank|sample)\.pdf)"', text):
        assert visitor.client.get(html.unescape(path)).status_code == 200, path
    assert "/papers/application/sample.pdf" in text
    assert "/papers/business_licence/" not in text


def test_machines_read_the_same_guide(visitor: Browser) -> None:
    data = json.loads(visitor.page("guide_jsonld", code()).content)
    assert data["@type"] == "GovernmentService"
    assert data["identifier"] == code()
    assert data["provider"]["name"] in visitor.page("guide", code()).content.decode()
    assert None not in data.values()
    inside = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', visitor.page("guide", code()).content.decode(), re.DOTALL
    )
    assert inside
    assert json.loads(inside[1]) == data


@pytest.mark.parametrize("hostile", ["</script><script>alert(1)</script>", "<!--<script>", "a&b\u2028c"])
def test_no_text_of_an_item_ends_the_block_of_data(city: None, hostile: str) -> None:
    found = version()
    told = guide(found)
    data = government_service(found, told, address=hostile, start=hostile)
    block = linked_data(written(data))
    inside = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert "<" not in inside
    assert json.loads(inside)["url"] == hostile


def test_the_qr_code_is_a_picture_that_leads_to_the_page(visitor: Browser) -> None:
    shown = visitor.page("guide_qr", code())
    assert shown["Content-Type"] == "image/svg+xml"
    assert b"<svg" in shown.content
    assert address_of(code()).endswith(f"/items/{code()}/")


def test_a_suspended_item_says_so_on_its_paper_too(visitor: Browser) -> None:
    number = code()
    before = visitor.page("guide_pdf", number).content
    commands.suspend(actor=SYSTEM, task_code=number, reason="窗口搬迁")
    assert "窗口搬迁" in visitor.page("guide", number).content.decode()
    assert visitor.page("guide_pdf", number).content != before


def test_the_history_says_in_words_what_changed_and_earlier_versions_stay_readable(visitor: Browser) -> None:
    number, old = code(), version().parsed
    new = old.model_copy(
        update={"promised": old.promised.model_copy(update={"amount": 8}), "materials": old.materials[:-1]}
    )
    commands.publish_version(actor=SYSTEM, task_code=number, definition=new)
    text = visitor.page("guide_history", number).content.decode()
    for words in ("承诺办结时限由 5 个工作日改为 8 个工作日。", "不再需要“授权委托书”。", "第一次公布。"):
        assert words in text, words
    earlier = visitor.page("guide_version", number, 1).content.decode()
    assert "已经不再施行" in earlier
    assert "授权委托书" in earlier
    assert "在线办理" not in earlier
    assert "application/ld+json" not in earlier
    assert visitor.page("guide_version", number, 2).url == f"/items/{number}/"
    assert visitor.page("guide_version", number, 3).status_code == 404
    assert visitor.page("guide_history", "0" * 31).status_code == 404
    assert visitor.page("guide_history", number, cursor="forged").status_code == 422
