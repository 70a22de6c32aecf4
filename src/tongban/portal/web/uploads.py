"""Taking several files of one request: each for itself, so that a refused one does not take the others down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from tongban.kernel.problems import NotFound, Refusal

#: Files taken from one request.
FILES_MAX = 20


def take(given: Iterable[UploadedFile[Any]], keep: Callable[[IO[bytes], str], object]) -> list[str]:
    """Keep each file; return a sentence for each that was refused.

    `keep` takes the stream and the name, and raises a refusal for what cannot be taken.
    """
    wrong: list[str] = []
    for number, one in enumerate(given):
        name = one.name or _("文件")
        if number >= FILES_MAX:
            wrong.append(_("一次最多传 %(count)s 个文件，其余的请再传一次。") % {"count": FILES_MAX})
            break
        try:
            keep(one.file, name)  # type: ignore[arg-type]
        except NotFound:
            raise
        except Refusal as refusal:
            wrong.append(_("“%(name)s”：%(why)s") % {"name": name[:60], "why": refusal.message})
    return wrong
