"""Loads a pack: one transaction, all sections in order, a report of what changed."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from tongban.base import chain, moment
from tongban.base.pack import Changes, Finding, Pack, sections
from tongban.config import events
from tongban.config.citypack.checking import check_pack, errors
from tongban.directory.models import PackLoad
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound, Refusal

#: Key of the lock under which packs are loaded one at a time.
_LOAD_LOCK = 0x7061636B


class PackRefused(Refusal):
    """The pack has errors; nothing was loaded. `findings` are all of them, warnings included."""

    def __init__(self, findings: list[Finding]) -> None:
        wrong = errors(findings)
        message = f"城市包有 {len(wrong)} 处错误，没有载入任何内容。第一处：{wrong[0]}"
        super().__init__("pack_invalid", message, status=422)
        self.findings = findings


@dataclass(frozen=True, slots=True)
class SectionReport:
    """What loading did to one section: names of what was added, changed and retired, count of what stayed."""

    section: str
    title: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]
    unchanged: int

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing was touched."""
        return not (self.added or self.changed or self.retired)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, section by section; `skipped` when the same pack had been loaded already."""

    city: str
    digest: str
    skipped: bool
    sections: tuple[SectionReport, ...]
    warnings: tuple[Finding, ...] = ()

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing was touched."""
        return all(section.is_unchanged for section in self.sections)


def load(path: Path, *, actor: Actor) -> LoadReport:
    """Bring the tables to what the pack in folder `path` says.

    Loading the same pack twice changes nothing; the second time only its digest is compared.

    Raises:
        NotFound: the actor may not load packs (only the program itself, from the command line, may).
        PackRefused: the pack has errors; nothing was changed.
    """
    if not actor.is_system:
        raise NotFound("这个操作")
    pack = Pack(path)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOAD_LOCK])
        digest = _digest(pack)
        unchanged = _already_loaded(pack, digest)
        if unchanged is not None:
            return LoadReport(pack.name, digest, True, unchanged)
        return _load_all(pack, digest, actor)


def _load_all(pack: Pack, digest: str, actor: Actor) -> LoadReport:
    found = check_pack(pack)
    if errors(found):
        raise PackRefused(found)
    reports = []
    for section in sections():
        changes = section.load(pack, actor)
        reports.append(_report(section.name, section.title, changes))
        PackLoad.objects.update_or_create(
            city=pack.name,
            section=section.name,
            defaults={
                "digest": digest,
                "loaded_at": moment.now(),
                "total": len(changes.added) + len(changes.changed) + changes.unchanged,
            },
        )
    report = LoadReport(pack.name, digest, False, tuple(reports), tuple(found))
    if not report.is_unchanged:
        _append(report, actor)
    return report


def _append(report: LoadReport, actor: Actor) -> None:
    chain.append(
        subject=f"city-pack:{report.city}",
        kind=events.CITY_PACK_LOADED,
        payload={
            "digest": report.digest,
            "sections": {
                section.section: {
                    "added": len(section.added),
                    "changed": len(section.changed),
                    "retired": len(section.retired),
                }
                for section in report.sections
            },
        },
        actor=actor,
        at=moment.now(),
    )


def _digest(pack: Pack) -> str:
    """Over the files and over the sections that load them, so that a new room loads its part of an old pack."""
    known = ",".join(f"{section.name}:{section.revision}" for section in sections())
    return hashlib.sha256(f"{pack.digest()}\0{known}".encode()).hexdigest()


def _already_loaded(pack: Pack, digest: str) -> tuple[SectionReport, ...] | None:
    loaded = {row.section: row for row in PackLoad.objects.filter(city=pack.name)}
    known = sections()
    if not known or any(section.name not in loaded or loaded[section.name].digest != digest for section in known):
        return None
    return tuple(
        SectionReport(section.name, section.title, (), (), (), loaded[section.name].total) for section in known
    )


def _report(name: str, title: str, changes: Changes) -> SectionReport:
    return SectionReport(
        section=name,
        title=title,
        added=tuple(changes.added),
        changed=tuple(changes.changed),
        retired=tuple(changes.retired),
        unchanged=changes.unchanged,
    )
