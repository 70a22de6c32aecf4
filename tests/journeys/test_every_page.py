"""Every address that needs no argument, for everybody who may come: examined, at both widths."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.journeys.log_in import citizen_by_password
from tongban.cases.tests import story

#: Addresses that answer nobody with a page by GET: (part of the address) -> why.
NO_PAGES = {
    "api/": "for systems, not for people",
    "offline.js": "a script",
    "payments/notify": "for the cashier, which posts",
    "messages/read/": "posts only",
    "desk/items/orders/start/": "posts only",
    "search/suggest/": "a part that the search box puts into its page",
    "track/end/": "posts only",
    "accounts/2fa/authenticate/": "the second step of a log-in",
    "accounts/2fa/totp/deactivate/": "staff cannot; tested where the second factor is",
    "desk/items/deviations/ask/": "posts only",
    "accounts/logout/": "asks first; has its own test",
}

WHO = {"visitor": "", "citizen": "19900000001", "clerk": "lukou.zonghe", "admin": "yunwei", "editor": "shixiang"}


def _addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _addresses(one.url_patterns, path)
        elif "<" not in path and "(" not in path:
            yield path


@pytest.fixture(scope="session")
def addresses() -> list[str]:
    """All of them, once each."""
    found = dict.fromkeys(_addresses(get_resolver("tongban.config.urls").url_patterns))
    return [path for path in found if not any(path.startswith(part) for part in NO_PAGES)]


@pytest.mark.parametrize("name", WHO)
def test_every_address_is_a_good_page_for_everybody(window, screen, name, addresses):
    visitor = window(screen, who=WHO[name])
    for path in addresses:
        visitor.go_anywhere(f"/{path}")


def test_the_pages_of_a_case_are_good_pages(window, screen, backstage, cast):
    number = story.submitted(cast.citizen).case_no
    draft = story.draft(cast.citizen).public_id
    owner = window(screen, who=WHO["citizen"])
    for part in ("situation", "form", "materials", "service", "confirm"):
        owner.go(f"/apply/drafts/{draft}/{part}/")
    for part in ("", "done/", "withdraw/"):
        owner.go(f"/my/cases/{number}/{part}")


#: Guides that are looked at: all have the same template, and these all its parts.
GUIDES = 8


def test_guides_are_good_pages(window, screen, backstage):
    from tongban.catalogue.models import BaseItem, Implementation

    visitor = window(screen)
    items = BaseItem.objects.order_by("slug")
    for item in items[:: -(-items.count() // GUIDES)]:
        visitor.go(f"/items/choose/{item.slug}/")
        one = Implementation.objects.filter(base=item, state="active").order_by("task_code").first()
        assert one is not None
        visitor.go(f"/items/{one.task_code}/")


def test_logging_out_ends_it(window, screen):
    visitor = window(screen)
    citizen_by_password(visitor, WHO["citizen"])
    visitor.go("/accounts/logout/")
    visitor.press(visitor.page.locator("main").get_by_role("button", name="退出登录"))
    visitor.go("/account/")
    assert "/accounts/login/" in visitor.page.url


def _switch(visitor, words):
    """Press the switch between the two ways of showing; on a phone it may be in the menu."""
    switch = visitor.page.locator("header button", has_text=words).and_(visitor.page.locator(":visible"))
    if not switch.count():
        visitor.page.locator("header summary[aria-label='菜单']").click()
    visitor.press(switch.first)


def test_elder_mode_has_large_type_and_stays(window, screen):
    visitor = window(screen)
    visitor.go("/")
    _switch(visitor, "关怀版")
    for path in ("/", "/search/?q=开饭店", "/track/", "/halls/", "/verify/", "/accounts/login/"):
        visitor.go(path)
        size = visitor.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
        assert size >= 18, f"{path}: {size} px"
    visitor.go("/")
    _switch(visitor, "普通版")
    assert visitor.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") < 18
