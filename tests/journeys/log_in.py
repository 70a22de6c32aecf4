"""Logging in as people do; each account once a run, since a code of the second factor is good once."""

import hashlib
import hmac
import struct
import time
from base64 import b32decode
from typing import Any

import yaml
from django.conf import settings
from playwright.sync_api import Browser

from tests.journeys.served import Site
from tests.journeys.visitor import Visitor, open_window

DEMO = yaml.safe_load((settings.ROOT / "cities" / "zhuzhou" / "demo-accounts.yaml").read_text(encoding="utf-8"))
PASSWORD: str = DEMO["password"]
CODE_STEP_S = 30


def one_time_code(*, steps_later: int = 0) -> str:
    """The code of the sample second factor now, or some steps later (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // CODE_STEP_S + steps_later)
    digest = hmac.new(b32decode(DEMO["totp_seed"]), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


def citizen_by_code(visitor: Visitor, phone: str) -> None:
    """Log in by the code sent to the phone."""
    visitor.go("/accounts/login/?next=/account/")
    visitor.fill("手机号", phone)
    visitor.press("获取验证码")
    visitor.fill("验证码", visitor.site.codes_sent_to(phone)[0])
    visitor.press(visitor.page.locator("main").get_by_role("button", name="登录", exact=True))


def citizen_by_password(visitor: Visitor, phone: str) -> None:
    """Log in by password."""
    visitor.go("/accounts/login/password/?next=/account/")
    visitor.fill("手机号或登录名", phone)
    visitor.fill("密码", PASSWORD, exact=True)
    visitor.press(visitor.page.locator("main").get_by_role("button", name="登录", exact=True))


def staff(visitor: Visitor, login: str, *, steps_later: int = 0) -> None:
    """Log in by password and second factor."""
    citizen_by_password(visitor, login)
    visitor.fill("动态口令", one_time_code(steps_later=steps_later))
    visitor.press(visitor.page.locator("main").get_by_role("button", name="登录", exact=True))


class Sessions:
    """Who is logged in already: the browser's cookies, by login name or phone."""

    def __init__(self, browser: Browser, site: Site, seen: set[str]) -> None:
        self._browser, self._site, self._seen = browser, site, seen
        self._kept: dict[str, Any] = {}

    def of(self, who: str) -> Any:
        """The storage state of a logged-in browser."""
        if who not in self._kept:
            visitor = open_window(self._browser, self._site, "desktop", self._seen)
            (citizen_by_password if who.isdecimal() else staff)(visitor, who)
            self._kept[who] = visitor.context.storage_state()
            visitor.close()
        return self._kept[who]
