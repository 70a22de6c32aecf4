"""The desk's search: each room's things under its own heading; somebody's number never stands in an address."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.base import keys
from tongban.desk.registries import Found, Searchable, searchables
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.crypto import CryptoError
from tongban.kernel.problems import Invalid

WORDS_MAX = 100
#: Words shorter than this name nothing.
WORDS_MIN = 2
_AAD = b"desk.search.words"


@dataclass(frozen=True, kw_only=True)
class Section:
    """What one room found."""

    label: str
    found: Found
    more: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def search(request: HttpRequest) -> HttpResponse:
    """Take the words by POST and lead to an address that may be kept; there, show what each room found."""
    actor = require_actor(request)
    rooms = [one for _key, one in searchables.items() if one.open_to(actor)]
    if request.method == "POST":
        return redirect(_address(rooms, _trimmed(request.POST.get("q", ""))))
    words = _opened(request.GET.get("k", "")) or _trimmed(request.GET.get("q", ""))
    if request.GET.get("q") and _is_personal(rooms, words):
        return redirect(_address(rooms, words))
    sections = _sections(actor, rooms, words, request.GET) if len(words) >= WORDS_MIN else []
    context = {
        "query": words,
        "sections": sections,
        "short": bool(words) and len(words) < WORDS_MIN,
        "nothing": len(words) >= WORDS_MIN and not any(one.found.hits for one in sections),
    }
    return render(request, "desk/search.html", context)


def _sections(actor: Actor, rooms: list[Searchable], words: str, asked: Mapping[str, Any]) -> list[Section]:
    only, cursor = str(asked.get("kind", "")), str(asked.get("cursor", ""))
    made = []
    for room in rooms:
        if only and room.key != only:
            continue
        found = room.search(actor, words, cursor if only else "")
        more = _address(rooms, words, kind=room.key, cursor=found.next) if found.next else ""
        made.append(Section(label=str(room.label), found=found, more=more))
    return made


def _address(rooms: list[Searchable], words: str, **more: str) -> str:
    given = {"k": _sealed(words)} if _is_personal(rooms, words) else {"q": words}
    return reverse("desk:search") + "?" + urlencode(given | more)


def _is_personal(rooms: list[Searchable], words: str) -> bool:
    return any(room.personal(words) for room in rooms)


def _trimmed(words: str) -> str:
    return words.strip()[:WORDS_MAX]


def _sealed(words: str) -> str:
    return base64.urlsafe_b64encode(keys.ring().encrypt(words.encode(), _AAD)).decode()


def _opened(sealed: str) -> str:
    """The words that were sealed.

    Raises:
        Invalid: not sealed by us.
    """
    if not sealed:
        return ""
    try:
        return keys.ring().decrypt(base64.urlsafe_b64decode(sealed.encode()), _AAD).decode()
    except (CryptoError, ValueError) as error:
        raise Invalid(_("这个搜索地址已经失效，请在上方重新搜索。"), code="search_address_invalid") from error
