"""From a posted body: strokes of a signature, an uploaded file, an amount; anything else is refused."""

import json
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import IO, Any, Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from tongban.cases import commands
from tongban.files import commands as files
from tongban.files.models import StoredFile
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound

#: A signature: strokes of points, each a pair of numbers between 0 and 1.
STROKES_MAX: Final = 200
POINTS_MAX: Final = 2000
STROKES_CHARS_MAX: Final = 200_000
_AMOUNT: Final = re.compile(r"\d{1,9}(\.\d{1,2})?")

Stroke = tuple[tuple[float, float], ...]


def read_strokes(text: str) -> tuple[Stroke, ...]:
    """The strokes of a signature pad, as a form holds them; nothing for nothing.

    Raises:
        Invalid: anything else than bounded lists of pairs between 0 and 1 (field `signature`).
    """
    if not text:
        return ()
    try:
        drawn = json.loads(text) if len(text) <= STROKES_CHARS_MAX else None
    except (ValueError, RecursionError):
        drawn = None
    if not drawn:
        raise _broken()
    return strokes_of(drawn)


def strokes_of(drawn: Any) -> tuple[Stroke, ...]:
    """The same, of lists that were read already."""
    if not drawn:
        return ()
    try:
        strokes = tuple(tuple((float(x), float(y)) for x, y in stroke) for stroke in drawn)
    except (ValueError, TypeError, OverflowError):
        raise _broken() from None
    points = [point for stroke in strokes for point in stroke]
    fits = len(strokes) <= STROKES_MAX and 2 <= len(points) <= POINTS_MAX
    if not fits or not all(0 <= x <= 1 and 0 <= y <= 1 for x, y in points):
        raise _broken()
    return strokes


def _broken() -> Invalid:
    return Invalid(fields={"signature": _("签名没有传完整，请重新签一次。")}, code="signature_broken")


def read_uuid(text: str) -> UUID | None:
    """The identifier that was posted; None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def read_date(text: str, field: str) -> date | None:
    """The day that was chosen; None where none was.

    Raises:
        Invalid: it is no day.
    """
    try:
        return date.fromisoformat(text.strip()[:10]) if text.strip() else None
    except ValueError:
        sentence = _("请填写日期，例如：2027-03-31。")
        raise Invalid(sentence, fields={field: sentence}, code="date_malformed") from None


def read_place(body: QueryDict) -> commands.Place | None:
    """The marked place on a file: `file`, `page` and `box` (four numbers with commas); None without a file.

    Raises:
        Invalid: the page or the box cannot be read.
    """
    file = read_uuid(body.get("file", ""))
    if file is None:
        return None
    page, box = body.get("page", "").strip(), body.get("box", "").strip()
    try:
        place = tuple(round(float(one), 4) for one in box[:100].split(",")) if box else ()
        return commands.Place(file=file, page=int(page[:6]) if page else None, box=place)
    except ValueError:
        raise Invalid(_("标注的位置不在这份材料上。请刷新页面后重新标。"), code="mark_place") from None


def read_scans(body: QueryDict, keys: Iterable[str]) -> dict[str, UUID]:
    """What was scanned for each of these materials and waits: `scan.<key>`, the upload's identifier."""
    return {key: found for key in keys if (found := read_uuid(body.get(f"scan.{key}", "")))}


def stored_upload(actor: Actor, upload: "UploadedFile[Any] | None") -> StoredFile | None:
    """A posted file, looked at and kept as the actor's fresh upload; None where none was chosen.

    Raises:
        FileRefusal: too large, empty, of another kind, damaged.
    """
    if upload is None or upload.file is None:
        return None
    return files.store(
        actor=actor, stream=upload.file, filename=upload.name or "", owner_kind=commands.UPLOAD, owner_ref=actor.ref
    )


def stored_uploads(request: HttpRequest, actor: Actor) -> list[StoredFile]:
    """Every file of a form, sent with it (`file`) or in chunks before it (`upload`, ids), kept as fresh uploads.

    What an earlier copy of the form used is passed over. With `together` they are pictures of pages, turned by `turns`
    (degrees, with commas), and become one PDF called `together_name`.

    Raises:
        FileRefusal: too large, empty, of another kind, damaged, or no picture.
        NotFound: no such upload, or it ended.
    """
    kept: list[StoredFile] = []

    def keep(stream: IO[bytes], name: str) -> None:
        kept.append(
            files.store(actor=actor, stream=stream, filename=name, owner_kind=commands.UPLOAD, owner_ref=actor.ref)
        )

    sent = [(one.file, one.name or "") for one in request.FILES.getlist("file") if one.file]
    uploads = [_upload_id(text) for text in dict.fromkeys(request.POST.getlist("upload"))]
    if request.POST.get("together"):
        files.keep_together(
            actor=actor,
            name=request.POST.get("together_name", "") or _("扫描件"),
            pictures=sent,
            uploads=uploads,
            turns=files.turns_of(request.POST.get("turns", "")),
            keep=keep,
        )
        return kept
    for stream, name in sent:
        keep(stream, name)
    for upload in uploads:
        files.use_upload(actor=actor, upload_id=upload, keep=keep)
    return kept


def _upload_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(_("这次上传"), code="upload_not_found") from None


def yuan_in_fen(text: str, *, field: str) -> int:
    """An amount typed in yuan, as fen.

    Raises:
        Invalid: no such amount (field `field`).
    """
    plain = text.strip().replace(",", "").replace("，", "").removeprefix("¥").strip()
    if not _AMOUNT.fullmatch(plain):
        raise Invalid(fields={field: _("请填写收到的金额，单位元，例如 15.00。")}, code="amount_unreadable")
    return int(Decimal(plain) * 100)


def whole_number(text: str | None) -> int | None:
    """A key as it stands in a form or an address; None where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
