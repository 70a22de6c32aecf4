"""Taking a copy of a material or document out of a case: every page says who took it, when and for what."""

import secrets
import uuid
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment, rate
from tongban.cases import events, policy, refusals
from tongban.cases.commands import opening
from tongban.cases.models import Case, MaterialCopy
from tongban.cases.queries.access import access_case, window_ids
from tongban.documents.commands import open_copy
from tongban.documents.queries import documents_of
from tongban.files.models import StoredFile
from tongban.files.queries import can_be_shown, content, watermarked
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound

PURPOSE_MIN: Final = 4
PURPOSE_MAX: Final = 30
#: Copies that one official may take within an hour: enough for a hearing, too few to carry an archive away.
COPIES_PER_HOUR_MAX: Final = 100
_LEVELS: Final = {"A": "签发机关产生", "B": "已核对原件", "C": "未核对原件", "D": "申请人承诺"}


@dataclass(frozen=True, kw_only=True)
class TakenCopy:
    """A copy as it is handed over: a PDF whose pages are pictures."""

    row: MaterialCopy
    pdf: bytes
    filename: str


@dataclass(frozen=True, kw_only=True)
class _Original:
    data: bytes
    media_type: str
    name: str
    #: What the watermark says of its trust (domain.md 2.8).
    level: str
    material: str = ""
    file: StoredFile | None = None
    document_id: uuid.UUID | None = None


def take_copy(
    *,
    actor: Actor,
    case_no: str,
    purpose: str,
    file_id: uuid.UUID | None = None,
    document_id: uuid.UUID | None = None,
) -> TakenCopy:
    """Give a copy of one file or document of the case, with a watermark: purpose, unit, name, time, numbers, trust.

    It is drawn before anything is written and handed over only once it is logged. `file_id`, `document_id`: public
    identifiers, one of them; a file that a correction replaced can be copied too.

    Raises:
        Invalid: no purpose (field `purpose`).
        NotFound: the case has no such file or document, or the case is not the actor's to see.
        CaseRefusal: the actor sees the case by no post.
        FileRefusal: it cannot be drawn, or has too many pages.
        TooMany: too many copies within an hour.
    """
    case = access_case(actor, case_no)
    steps = case.steps.values_list("organisation_id", flat=True)
    post = policy.reading_post(actor, case, window_ids(case) | frozenset(steps))
    if post is None or actor.account_id is None:
        raise refusals.copies_for_staff()
    words = " ".join(purpose.split())
    if not PURPOSE_MIN <= len(words) <= PURPOSE_MAX:
        sentence = _("请写明用途，%(least)s 至 %(most)s 字，会印在每一页上。") % {
            "least": PURPOSE_MIN,
            "most": PURPOSE_MAX,
        }
        raise Invalid(sentence, fields={"purpose": sentence}, code="copy_purpose")
    rate.hit(bucket="cases.copy", key=actor.ref, limit=COPIES_PER_HOUR_MAX, per_s=3600)
    original = _file(case, file_id) if file_id else _document(actor, case, document_id)
    row = MaterialCopy(
        copy_no=secrets.token_hex(6).upper(),
        case=case,
        file=original.file,
        document_id=original.document_id,
        taken_by_id=actor.account_id,
        unit=post.organisation_name,
        purpose=words,
        taken_at=moment.now(),
    )
    pdf = watermarked(original.data, original.media_type, _lines(actor, row, original))
    with transaction.atomic():
        access_case(actor, case_no)
        row.save(force_insert=True)
        event = events.CopyTaken(
            copy=row.copy_no,
            material=original.material,
            file=str(original.file.public_id) if original.file else "",
            document=str(original.document_id or ""),
        )
        opening.tell(case, event, actor=actor, at=row.taken_at)
    return TakenCopy(row=row, pdf=pdf, filename=_("%(name)s（水印件）.pdf") % {"name": original.name})


def _file(case: Case, file_id: uuid.UUID) -> _Original:
    row = case.materials.filter(file__public_id=file_id).select_related("file").order_by("-current").first()
    if row is None or row.file is None:
        raise NotFound(_("这份材料"), code="material_not_found")
    return _Original(
        data=content(row.file) if can_be_shown(row.file) else b"",
        media_type=row.file.media_type,
        name=row.file.name.rpartition(".")[0],
        level=_LEVELS.get(row.trust_level, ""),
        material=row.key,
        file=row.file,
    )


def _document(actor: Actor, case: Case, document_id: uuid.UUID | None) -> _Original:
    found = next((one for one in documents_of(case.subject) if one.public_id == document_id), None)
    if found is None:
        raise NotFound(_("这份文书"), code="document_not_found")
    copy = open_copy(actor=actor, public_id=found.public_id, channel="copy")
    return _Original(
        data=copy.pdf,
        media_type="application/pdf",
        name=copy.filename.removesuffix(".pdf"),
        level=_LEVELS["A"],
        document_id=found.public_id,
    )


def _lines(actor: Actor, row: MaterialCopy, original: _Original) -> list[str]:
    """What is drawn; Chinese, whatever the taker's screen speaks: it is read at another desk."""
    at = row.taken_at.astimezone(moment.SHANGHAI)
    return [
        f"仅供{row.purpose.removeprefix('仅供')}使用，{original.level}",
        f"{row.unit} {actor.name} {at:%Y-%m-%d %H:%M}",
        f"办件 {row.case.case_no}",
        f"水印件 {row.copy_no}，复印无效",
    ]
