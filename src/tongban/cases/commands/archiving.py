"""A case that is over and served goes to the archive (归档, DA/T 85-2019); then nothing happens to it any more."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment, numbering, rate
from tongban.cases import archive_contents as contents
from tongban.cases import archive_events as events
from tongban.cases import bag
from tongban.cases.commands import opening
from tongban.cases.models import Archive, Case
from tongban.cases.queries.access import access_case
from tongban.cases.queries.archives import missing_before_archive, ready_before, takes_archive
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import Act, State
from tongban.documents.models import Document
from tongban.documents.queries import NOT_MADE, documents_of, pdf
from tongban.files import queries as files
from tongban.files.models import StoredFile
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.problems import NotFound, Refusal

#: Packages that one person or system takes within an hour: each may be some hundred megabytes.
TAKEN_MAX, TAKEN_PER_S = 120, 3600
logger = logging.getLogger(__name__)

#: Cases that one night archives.
ROUND: Final = 2_000


@dataclass(frozen=True, kw_only=True)
class Package:
    """An archive package: its name, and its bytes as they are made, one file in memory at a time."""

    filename: str
    chunks: Iterator[bytes]


def archive(*, actor: Actor, case_no: str) -> Archive:
    """Freeze what the case holds under a 档号, and close it for good.

    Raises:
        CaseRefusal: not over, not served, a bill open, a parcel or notice under way, a document that cannot be made, a
            file that is gone, archived before, or no post for it.
        FileRefusal: a file was altered where it lies, or the store does not answer.
        NotFound: not to be seen.
    """
    with transaction.atomic():
        case = opening.take(actor, case_no, Act.ARCHIVE)
        _check(case)
    _make_whole(case)
    with transaction.atomic():
        return _archive(actor, opening.take(actor, case_no, Act.ARCHIVE))


def archive_due(*, actor: Actor = SYSTEM) -> int:
    """Archive what has been over and served for the configured days; how many. One that cannot be is passed over.

    At most `ROUND`, and as many that cannot be; the next night goes on.
    """
    before = moment.now() - timedelta(days=settings.ARCHIVE_AFTER_DAYS)
    done = failed = 0
    for case_no in ready_before(before):
        try:
            archive(actor=actor, case_no=case_no)
            done += 1
        except Refusal as refusal:
            failed += 1
            logger.warning("%s is not archived: %s", case_no, refusal.code)
        except Exception:  # one case's trouble must not keep all others from the archive, every night
            failed += 1
            logger.exception("%s cannot be archived", case_no)
        if ROUND in {done, failed}:
            break
    return done


def take_archive(*, actor: Actor, case_no: str) -> Package:
    """The package of an archived case, for those who archive cases of its body: everything in it stands in clear.

    That it was taken stands in the case's chain.

    Raises:
        NotFound: absent, not to be seen, not archived, or the actor has no such post.
        CaseRefusal: `archive_damaged`: a file is not what it was when the case was archived.
        TooMany: too many packages within the hour.
    """
    case = access_case(actor, case_no)
    kept = Archive.objects.filter(case=case).first()
    if kept is None or not takes_archive(actor, case):
        raise NotFound(_("这个办件的归档信息包"), code="archive_not_found")
    rate.hit(bucket="cases.archives", key=actor.ref, limit=TAKEN_MAX, per_s=TAKEN_PER_S)
    sources = _sources(kept.contents["files"])
    with transaction.atomic():
        opening.tell(case, events.ArchiveTaken(archive_no=kept.archive_no), actor=actor)
    chunks = bag.packed(case.case_no, _content(kept, sources), kept.archived_at)
    return Package(filename=f"{kept.archive_no} {case.case_no}.zip", chunks=chunks)


def _check(case: Case) -> None:
    missing = missing_before_archive(case)
    if missing:
        raise CaseRefusal("not_to_archive", missing)


def _make_whole(case: Case) -> None:
    """See that every file has its bytes and every document its file, before anything is locked: it takes a while."""
    for file in contents.stored_in(case):
        try:
            files.content(file)
        except NotFound:
            raise CaseRefusal(
                "archive_file_lost", _("“%s”已不在存储里，不能归档。请联系系统管理员恢复。") % file.name, status=503
            ) from None
    try:
        for one in documents_of(case.subject):
            pdf(one)
    except NOT_MADE:
        raise _not_ready() from None


def _not_ready() -> CaseRefusal:
    return CaseRefusal(
        "documents_not_ready", _("有文书还不能盖章成文，暂时不能归档。请稍后再试，或联系系统管理员。"), status=503
    )


def _archive(actor: Actor, case: Case) -> Archive:
    _check(case)
    now = moment.now()
    documents = documents_of(case.subject)
    retention = contents.retention_of(documents)
    year = moment.local_date(case.completed_at or now).year
    files_kept = contents.files_in(case, documents)
    if files_kept is None:  # one was issued since
        raise _not_ready()
    code = contents.PERIODS[retention]
    texts = contents.records_of(case)
    serial = numbering.take(f"archive:{case.organisation.code}:{code}", str(year))
    number = f"{case.organisation.code}-ZW·{year}-{code}-{serial:06}"
    metadata = contents.metadata_of(
        case, archive_no=number, serial=serial, year=year, retention=retention, at=now, files=files_kept
    )
    frozen = {"metadata": metadata, "texts": texts, "files": [one.kept() for one in files_kept]}
    kept = Archive.objects.create(
        case=case,
        archive_no=number,
        organisation=case.organisation,
        retention=retention,
        contents=frozen,
        sha256=bag.seal_of(_tag_files(frozen)),
        archived_at=now,
        archived_by_id=actor.account_id if actor.kind == "staff" else None,
    )
    event = events.CaseArchived(archive_no=number, retention=retention, sha256=kept.sha256, state=case.state)
    opening.save(case, state=State.ARCHIVED)
    opening.tell(case, event, actor=actor, at=now)
    return kept


def _tag_files(frozen: dict[str, Any]) -> dict[str, bytes]:
    payload = [bag.Payload(path=one["path"], sha256=one["sha256"]) for one in frozen["files"]]
    payload += [bag.Payload(path=path, sha256=bag.digest(text)) for path, text in sorted(frozen["texts"].items())]
    return bag.tag_files(payload, {"metadata.xml": frozen["metadata"]})


def _content(kept: Archive, sources: list[tuple[str, Document | StoredFile]]) -> Iterator[tuple[str, bytes]]:
    """Every file of the package in its order."""
    yield from _tag_files(kept.contents).items()
    for path, source in sources:
        yield f"data/{path}", pdf(source) if isinstance(source, Document) else files.content(source)
    for path, text in sorted(kept.contents["texts"].items()):
        yield f"data/{path}", text.encode()


def _sources(kept: list[dict[str, Any]]) -> list[tuple[str, Document | StoredFile]]:
    """Where the bytes of the files are now, by their paths.

    Raises:
        CaseRefusal: some are gone, or others.
    """
    keys = {source: [one["key"] for one in kept if one["source"] == source] for source in ("document", "file")}
    documents = Document.objects.select_related("file").defer("file__pdf").in_bulk(keys["document"])
    stored = StoredFile.objects.in_bulk(keys["file"])
    now = {("document", key): one.file.sha256 for key, one in documents.items()}
    now |= {("file", key): one.sha256 for key, one in stored.items()}
    if any(now.get((one["source"], one["key"])) != one["sha256"] for one in kept):
        raise CaseRefusal(
            "archive_damaged", _("归档的文件与归档时不一致，不能下载。请立即联系系统管理员核查。"), status=500
        )
    return [(one["path"], (documents if one["source"] == "document" else stored)[one["key"]]) for one in kept]
