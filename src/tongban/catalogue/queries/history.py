"""What became of an implementation since its first version: versions with what they changed, stops and restarts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.utils.translation import gettext as _

from tongban.base import chain, paging
from tongban.base.models import Event
from tongban.catalogue.change_words import change_words
from tongban.catalogue.models import Implementation, ItemVersion
from tongban.kernel.paging import Page

#: Versions on a page: each is compared with the one before it.
PAGE_SIZE = 10
#: What stops and starts an item, with its sentence.
_STOPS = ("ItemSuspended", "ItemResumed", "ItemCancelled")


@dataclass(frozen=True)
class Moment:
    """One entry of the history: a version (`number`) with its changes, or a stop or restart (`number` 0)."""

    at: datetime
    number: int
    title: str
    words: tuple[str, ...]
    in_force: bool = False


def history(item: Implementation, *, cursor: str | None = None) -> Page[Moment]:
    """The history, the newest first, `PAGE_SIZE` versions a page with what happened while each was in force.

    Raises:
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    rows = ItemVersion.objects.filter(implementation=item)
    page = paging.page(rows, order=("-number",), cursor=cursor, size=PAGE_SIZE)
    before = _before(page.items)
    stops = _stops(item)
    entries: list[Moment] = []
    until: datetime | None = _next_at(page.items)
    for version in page.items:
        here = [one for one in stops if version.published_at <= one.at and (until is None or one.at < until)]
        entries += [_stop(one) for one in reversed(here)]
        entries.append(_version(version, before.get(version.number), current=version.pk == item.current_id))
        until = version.published_at
    return Page(entries, page.next, page.previous)


def changed_by(version: ItemVersion) -> tuple[str, ...]:
    """What a version changed against the one before, in words; that it is the first."""
    return _version(version, _before([version]).get(version.number), current=False).words


def _stops(item: Implementation) -> list[Event]:
    """Stops and restarts; the opening of an item that was entered before it was published is none."""
    found = [event for event in chain.events(f"item:{item.task_code}") if event.kind in _STOPS]
    return found[1:] if found and found[0].kind == "ItemResumed" else found


def _before(shown: list[ItemVersion]) -> dict[int, ItemVersion]:
    """Each version's predecessor by the version's number; one query for the last one's."""
    known = {one.number: one for one in shown}
    if shown and shown[-1].number > 1:
        last = shown[-1]
        older = ItemVersion.objects.filter(implementation=last.implementation_id, number__lt=last.number)
        for one in older.order_by("-number")[:1]:
            known[one.number] = one
    numbers = sorted(known)
    return {later: known[earlier] for earlier, later in pairwise(numbers)}


def _next_at(shown: list[ItemVersion]) -> datetime | None:
    """When the first of them was followed by another; None if it is the newest."""
    if not shown:
        return None
    newer = ItemVersion.objects.filter(implementation=shown[0].implementation_id, number__gt=shown[0].number)
    return newer.order_by("number").values_list("published_at", flat=True).first()


def _version(version: ItemVersion, before: ItemVersion | None, *, current: bool) -> Moment:
    title = _("第 %(n)s 版开始施行") % {"n": version.number}
    words = (_("第一次公布。"),) if before is None else change_words(before.parsed, version.parsed)
    return Moment(version.published_at, version.number, title, words, in_force=current)


def _stop(event: Event) -> Moment:
    titles = {"ItemSuspended": _("暂停办理"), "ItemResumed": _("恢复办理"), "ItemCancelled": _("取消办理")}
    reason = str(event.payload.get("reason", ""))
    return Moment(event.at, 0, titles[event.kind], (reason,) if reason else ())
