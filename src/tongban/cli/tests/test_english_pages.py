"""Public pages in English: no Chinese word of the interface is left, only what the city wrote and people are called."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tongban.cases.tests import story
from tongban.cli import translations
from tongban.cli.places import ROOT
from tongban.config.rehearsal.samples import implementation_for
from tongban.directory.models import Organisation
from tongban.portal.tests.conftest import SERVICE, Browser

CHINESE = re.compile(r"[\u4e00-\u9fff]+")
#: Where Chinese on an English page may come from: what the city, the law and the documents say.
SOURCES = (
    "cities/zhuzhou",
    "src/tongban/config/rehearsal",
    "src/tongban/cases/signing.py",
    "src/tongban/documents/kinds.py",
)
#: Chinese that stays on purpose: words to search by, the seal, laws, a language's own name.
STAYS = {"开饭店", "身份证丢了"} | {
    run for _path, text in translations.UNMARKED_ALLOWED for run in CHINESE.findall(text) if len(run) > 1
}
#: Attributes that people hear or see.
SPOKEN = ("aria-label", "placeholder", "title", "alt", "content", "value")
SKIPPED = {"language/", "offline.js", "accounts/logout/"}


class Heard(HTMLParser):
    """What people read or hear of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = tag in ("script", "style")
        self.words += [value for name, value in attrs if name in SPOKEN and value]
        self.words += [value for name, value in attrs if name.startswith("data-") and value]

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.words.append(data.strip())


@cache
def city_words() -> str:
    files = [
        path for name in SOURCES for path in ([ROOT / name] if (ROOT / name).is_file() else (ROOT / name).rglob("*"))
    ]
    return "\n".join(path.read_text() for path in files if path.suffix in (".yaml", ".json", ".csv", ".py", ".typ"))


@cache
def interface_words() -> frozenset[str]:
    found = {words.msgid for words in translations.extract() if CHINESE.search(words.msgid)}
    return frozenset(word for word in found - STAYS if word not in city_words())


def left_in_chinese(html: str, *known: str) -> list[str]:
    """Return the words of the page that are Chinese and come from nobody but us."""
    parser = Heard()
    parser.feed(html)
    return [
        word
        for word in parser.words
        if word in interface_words()
        or any(run not in city_words() and run not in STAYS and run not in known for run in CHINESE.findall(word))
    ]


def addresses(patterns: list[Any] | None = None, before: str = "") -> Iterator[str]:
    """Yield every address without arguments that people may open."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        place = before + str(one.pattern)
        if "<" in place or place in SKIPPED or f"/{place}".startswith(tuple(settings.CHINESE_ONLY_PREFIXES)):
            continue
        if isinstance(one, URLPattern):
            yield f"/{place}"
        else:
            yield from addresses(one.url_patterns, place)


def in_english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


#: Parts that a page puts into itself.
FRAGMENTS = {"/search/suggest/"}


@pytest.mark.parametrize("who", [None, "citizen"])
def test_every_page_without_argument_is_english(city, cast, who):
    client = in_english(Client())
    if who:
        client.force_login(cast.account(who))
    opened = 0
    bodies = CHINESE.findall(" ".join(Organisation.objects.values_list("name", flat=True)))
    for address in sorted(set(addresses())):
        shown = client.get(address)
        if shown.status_code in (302, 405) or "html" not in shown["Content-Type"]:
            continue
        html = shown.content.decode()
        assert '<html lang="en"' in html or address in FRAGMENTS, address
        assert left_in_chinese(html, *bodies) == [], address
        opened += 1
    assert opened > 12


def test_a_page_that_is_not_there_says_so_in_english(city):
    html = in_english(Client()).get("/nowhere/").content.decode()
    assert "This page was not found" in html
    assert left_in_chinese(html) == []


def test_a_refusal_is_told_in_english(city):
    shown = in_english(Client()).post(reverse("portal:track"), {"case_no": "1", "password": "2"})
    assert "the case number or the query password is not right" in shown.content.decode()
    missing = in_english(Client()).get(reverse("portal:choose", args=["no-such-item"]))
    assert "We could not find this service" in missing.content.decode()
    assert left_in_chinese(missing.content.decode()) == []


def test_a_whole_application_can_be_read_in_english(city, cast):
    client = in_english(Client())
    client.force_login(cast.account("citizen"))
    citizen = Browser(client)
    draft = citizen.complete()
    names = [draft.applicant["name"], draft.applicant.get("legal_representative", "")]
    names += CHINESE.findall(SERVICE["address"])
    for page in ("situation", "form", "materials", "service", "confirm"):
        assert left_in_chinese(citizen.page(page, draft.public_id).content.decode(), *names) == [], page
    case = citizen.submitted()
    for page in ("done", "case", "withdraw"):
        assert left_in_chinese(citizen.page(page, case.case_no).content.decode(), *names) == [], page
    guide = citizen.page("guide", implementation_for(story.sample()).task_code).content.decode()
    assert "working days" in guide
    assert "Administrative review" in guide


def test_switching_the_language_keeps_the_place(city):
    client = Client(enforce_csrf_checks=False)
    here = reverse("portal:search") + "?q=abc"
    switched = client.post("/language/", {"language": "en", "next": here})
    assert (switched.status_code, switched["Location"]) == (302, here)
    english = client.get(here).content.decode()
    assert '<html lang="en"' in english
    assert f'name="next" value="{here}"' in english
    assert "the Chinese text prevails" in english
    client.post("/language/", {"language": "zh-hans", "next": here})
    chinese = client.get(here).content.decode()
    assert '<html lang="zh-CN"' in chinese
    assert "以中文为准" not in chinese


@pytest.mark.parametrize("address", ["/desk/", "/window/", "/api/v1/items"])
def test_desk_window_and_interface_stay_chinese(city, cast, address):
    client = in_english(Client())
    client.force_login(cast.account("clerk"))
    shown = client.get(address)
    assert shown["Content-Language"] == "zh-hans"


def test_the_signed_words_are_chinese_whatever_the_page_speaks(city, cast):
    client = Client()
    client.force_login(cast.account("citizen"))
    citizen = Browser(client)
    draft = citizen.complete()
    chinese = citizen.page("confirm", draft.public_id).context["application"]
    in_english(client)
    assert citizen.page("confirm", draft.public_id).context["application"].sha256 == chinese.sha256
