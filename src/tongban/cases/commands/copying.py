"""The applicant takes copies of everything in a case: every document, and every file that was handed in."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from tongban.base import rate
from tongban.cases import policy
from tongban.cases.bag import Sink, safe_name
from tongban.cases.models import CaseMaterial
from tongban.cases.queries.access import access_case
from tongban.cases.queries.dossier import handed_in
from tongban.cases.refusals import CaseRefusal
from tongban.documents import commands as documents
from tongban.documents.queries import documents_readable
from tongban.files import queries as files
from tongban.kernel.actor import Actor

#: Packages that one person or system takes within an hour: each may be some hundred megabytes.
COPIES_MAX, COPIES_PER_S = 30, 3600


@dataclass(frozen=True, kw_only=True)
class Copies:
    """A ZIP of everything: its name, and its bytes as they are made, one file in memory at a time."""

    filename: str
    chunks: Iterator[bytes]


def take_copies(*, actor: Actor, case_no: str, channel: str = "web") -> Copies:
    """Copies of every document that the applicant may have now, and of every file ever handed in, replaced ones too.

    Each document in it counts as read by the applicant (已阅). Decisions and licences are in it once they are served.

    Raises:
        NotFound: absent or not the actor's to see.
        CaseRefusal: `copies_not_yours`: not the applicant, nor acting for it.
        TooMany: too many packages within the hour.
        SealingError: a document is not made yet and cannot be made now.
    """
    case = access_case(actor, case_no)
    if not policy.is_applicant(actor, case):
        raise CaseRefusal(
            "copies_not_yours", _("全套副本由申请人自己取。办理人员请在办件页查看材料和文书。"), status=403
        )
    rate.hit(bucket="cases.copies", key=actor.ref, limit=COPIES_MAX, per_s=COPIES_PER_S)
    papers = [
        (f"{number:02}", documents.open_copy(actor=actor, public_id=one.public_id, channel=channel), one.issued_at)
        for number, one in enumerate(documents_readable(actor, case.subject), start=1)
    ]
    entries = [(f"{_('文书')}/{safe_name(f'{number} {copy.filename}')}", at, copy.pdf) for number, copy, at in papers]
    return Copies(filename=f"{safe_name(case.item_name)} {case.case_no}.zip", chunks=_package(entries, handed_in(case)))


def _package(papers: list[tuple[str, datetime, bytes]], materials: list[CaseMaterial]) -> Iterator[bytes]:
    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as package:  # PDF and pictures are compressed already
        for name, at, content in papers:
            package.writestr(_entry(name, at), content)
            yield sink.drain()
        for number, one in enumerate(materials, start=1):
            if one.file is None:
                continue
            replaced = "" if one.current else _("（补正前）")
            name = safe_name(f"{number:02} {one.name}{replaced} {one.file.name}")
            package.writestr(_entry(f"{_('材料')}/{name}", one.added_at), files.content(one.file))
            yield sink.drain()
    yield sink.drain()


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, date_time=timezone.localtime(at).timetuple()[:6])
