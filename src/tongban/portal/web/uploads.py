"""Taking several files of one request: each for itself, so that a refused one does not take the others down."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import IO
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongban.files import commands as files
from tongban.identity.queries import require_actor
from tongban.kernel.problems import NotFound, Refusal

#: Files taken from one request.
FILES_MAX = 20

Keep = Callable[[IO[bytes], str], object]


def take(request: HttpRequest, keep: Keep) -> list[str]:
    """Keep each file of the form, sent with it or uploaded before it; return a sentence for each that was refused.

    `keep` takes the stream and the name, and raises a refusal for what cannot be taken. The form names files that
    came in chunks by `upload` (id); one that an earlier copy of the form used is passed over. With `together` they are
    pictures of pages, turned by `turns` (degrees, with commas), and become one PDF called `together_name`.
    """
    if request.POST.get("together"):
        return _take_together(request, keep)
    takers = _takers(request, keep)
    if not takers:
        return [_("请先选择文件，再点“上传”。")]
    wrong: list[str] = []
    for number, (name, taker) in enumerate(takers):
        if number >= FILES_MAX:
            wrong.append(_("一次最多传 %(count)s 个文件，其余的请再传一次。") % {"count": FILES_MAX})
            break
        try:
            taker()
        except NotFound as refusal:
            if refusal.code != "upload_not_found":
                raise
            wrong.append(_("文件没有收到，可能已超过 24 小时。请重新上传。"))
        except Refusal as refusal:
            wrong.append(_("“%(name)s”：%(why)s") % {"name": name[:60], "why": refusal.message})
    return wrong


def _take_together(request: HttpRequest, keep: Keep) -> list[str]:
    """The pictures of the form as the pages of one PDF; all or none."""
    pictures = [(one.file, one.name or "") for one in request.FILES.getlist("file") if one.file]
    uploads = [_uuid(text) for text in dict.fromkeys(request.POST.getlist("upload"))]
    if not pictures and not uploads:
        return [_("请先选择文件，再点“上传”。")]
    try:
        files.keep_together(
            actor=require_actor(request),
            name=request.POST.get("together_name", "") or _("照片"),
            pictures=pictures,
            uploads=uploads,
            turns=files.turns_of(request.POST.get("turns", "")),
            keep=keep,
        )
    except NotFound as refusal:
        if refusal.code != "upload_not_found":
            raise
        return [_("文件没有收到，可能已超过 24 小时。请重新上传。")]
    except Refusal as refusal:
        return [refusal.message]
    return []


def _takers(request: HttpRequest, keep: Keep) -> list[tuple[str, Callable[[], object]]]:
    actor = require_actor(request)
    found: list[tuple[str, Callable[[], object]]] = []
    for one in request.FILES.getlist("file"):
        name = one.name or _("文件")
        found.append((name, partial(keep, one.file, name)))  # type: ignore[arg-type]
    for text in dict.fromkeys(request.POST.getlist("upload")):
        name = request.POST.get(f"name-{text[:36]}", "") or _("文件")
        found.append((name, partial(files.use_upload, actor=actor, upload_id=_uuid(text), keep=keep)))
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
