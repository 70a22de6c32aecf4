"""The stage of the journeys: the served city, browser windows, people who are logged in."""

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.log_in import Sessions
from tests.journeys.served import Site, serving
from tests.journeys.visitor import Visitor, open_window

#: Opens a window: `window("desktop")`, `window("phone", who="lukou.shenpi")`, `window(screen, java_script_enabled=False)`.
Window = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them need the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(served_city: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The platform, served from a city of its own."""
    with serving(served_city, tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def examined() -> set[str]:
    """Pages that have been examined in this run."""
    return set()


@pytest.fixture(scope="session")
def sessions(chromium: Browser, site: Site, examined: set[str]) -> Sessions:
    """People who are logged in."""
    return Sessions(chromium, site, examined)


@pytest.fixture(params=["desktop", "phone"])
def screen(request: pytest.FixtureRequest) -> str:
    """The size of the screen: 1280 and 390 pixels wide."""
    return str(request.param)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Let fixtures know how the test went."""
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


_FAILED = pytest.StashKey[bool]()


@pytest.fixture
def window(
    request: pytest.FixtureRequest, chromium: Browser, site: Site, examined: set[str], sessions: Sessions
) -> Iterator[Window]:
    """Open windows; afterwards nobody has a complaint left, and a failure leaves pictures."""
    opened: list[Visitor] = []

    def open_one(screen: str, *, who: str = "", **more: Any) -> Visitor:
        if who:
            more["storage_state"] = sessions.of(who)
        opened.append(open_window(chromium, site, screen, examined, **more))
        return opened[-1]

    yield open_one
    if request.node.stash.get(_FAILED, True):
        folder = Path(
            os.environ.get("TONGBAN_PICTURES") or request.getfixturevalue("tmp_path_factory").mktemp("pictures")
        )
        for number, visitor in enumerate(opened, start=1):
            with contextlib.suppress(Exception):
                name = re.sub(r"\W+", "-", f"{request.node.name}-{number}")
                print(f"picture of {visitor.page.url}: {visitor.picture(folder, name)}")  # noqa: T201 - pytest shows it with the failure
    complaints = [complaint for visitor in opened for complaint in visitor.complaints]
    for visitor in opened:
        visitor.close()
    if not request.node.stash.get(_FAILED, True):
        assert not complaints, "\n".join(complaints)


@pytest.fixture
def backstage(site: Site, pointing_at: Callable[[str], Any], django_db_blocker: Any) -> Iterator[None]:
    """Commands and queries of the test reach the served city: what the test is not about is done by them."""
    with django_db_blocker.unblock(), pointing_at(site.database):
        yield
