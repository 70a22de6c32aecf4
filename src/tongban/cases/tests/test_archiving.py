"""The archive: what goes in, that it verifies, that it is the same again, and that nothing happens afterwards."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import DatabaseError, transaction

from tongban.base import chain, moment
from tongban.cases import archive_contents, bag, commands, queries
from tongban.cases.archive_contents import NAMESPACE
from tongban.cases.models import Archive, Case
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import ARROWS, ENDED, State
from tongban.cases.tests import story
from tongban.cases.tests.unpacked import faults
from tongban.documents.queries import documents_of, documents_readable
from tongban.files import storage
from tongban.files.models import StoredFile
from tongban.identity import queries as identity
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.paging import Page
from tongban.kernel.problems import Invalid, NotFound, Refusal

pytestmark = pytest.mark.usefixtures("city")


#: A file is called this: too long for most systems together with what stands before it, and with a sign of BagIt's.
LONG = "现场核查照片及说明（100%）" * 5


@pytest.fixture
def served() -> story.Walk:
    return story.walk().receive().accept().to_decision().decide().issue().hand_out()


def refused(kind: type[Refusal], act) -> Refusal:
    before = story.world()
    with pytest.raises(kind) as caught:
        act()
    assert story.world() == before
    return caught.value


def archivist(walk: story.Walk) -> Actor:
    (found, *_rest) = identity.accounts_with("case_officer", walk.case.organisation_id)
    return identity.actor_for(found, moment.now())


def package(walk: story.Walk) -> bytes:
    return b"".join(commands.take_archive(actor=archivist(walk), case_no=walk.no).chunks)


def opened(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def text(data: bytes, walk: story.Walk, path: str) -> str:
    return opened(data).read(f"{walk.no}/{path}").decode()


def test_an_archived_case_has_its_number_and_closes(served):
    served.archive()
    kept = Archive.objects.get(case=served.case)
    year = served.case.completed_at.astimezone(moment.SHANGHAI).year
    assert kept.archive_no == f"{served.case.organisation.code}-ZW·{year}-Y-000001"
    assert (served.case.state, kept.retention) == ("archived", "permanent")
    event = chain.events(served.case.subject)[-1]
    assert (event.kind, event.payload["sha256"], event.payload["state"]) == ("CaseArchived", kept.sha256, "completed")
    with pytest.raises(DatabaseError), transaction.atomic():
        Archive.objects.update(retention="10 years")


def test_the_package_verifies_and_holds_everything(served):
    served.archive()
    data = package(served)
    assert faults(data) == []
    names = opened(data).namelist()
    assert {one.partition("/")[0] for one in names} == {served.no}
    for one in documents_of(served.case.subject):
        assert any(one.title in name and "/data/文书/" in name for name in names), one.title
    files = StoredFile.objects.filter(owner_kind="case", owner_ref=served.no)
    assert files.exists()
    assert sum("/data/材料/" in name for name in names) == files.count()
    assert {name.rpartition("/")[2] for name in names if "/过程/" in name} == {
        "申请.json", "签名.json", "意见.json", "决定.json", "办结.json", "送达.json", "事件.jsonl",
    }  # fmt: skip
    assert "经审查，符合条件。" in text(data, served, "data/过程/意见.json")
    assert "陈桂兰" in text(data, served, "data/过程/送达.json")
    seal = bag.seal_of({bag.TAG_MANIFEST: opened(data).read(f"{served.no}/{bag.TAG_MANIFEST}")})
    assert seal == Archive.objects.get(case=served.case).sha256


def test_files_of_opinions_and_notes_of_colleagues_go_in(cast):
    walk = story.walk().receive().accept()
    file = commands.attach_to_step(
        actor=cast.officer, case_no=walk.no, step_key="examine", file=story.upload(cast.officer, LONG)
    ).file
    commands.write_note(actor=cast.officer, case_no=walk.no, text="场所照片已与上次核对。")
    data = package(walk.to_decision().decide().issue().hand_out().archive())
    assert faults(data) == []
    (name,) = (one for one in opened(data).namelist() if "/data/意见附件/" in one)
    assert len(name.rpartition("/")[2].encode()) <= 255
    assert hashlib.sha256(opened(data).read(name)).hexdigest() == file.sha256
    assert "场所照片已与上次核对。" in text(data, walk, "data/过程/留言.json")


def test_what_a_case_went_through_is_all_in_its_package(cast):
    """Corrected, sent by a parcel that was refused, served by public notice."""
    walk = story.walk().receive().correct(cast.citizen, "layout").accept().to_decision().decide().issue()
    posting = commands.Posting(carrier="ems", tracking_no="1012345678901")
    commands.send_parcel(actor=walk.receptionist(), case_no=walk.no, posting=posting)
    end = commands.ParcelEnd(outcome="refused", at=moment.now(), signed_by="recipient", note="拒收。")
    commands.end_parcel(actor=walk.receptionist(), case_no=walk.no, end=end)
    commands.publish_notice(
        actor=walk.receptionist(), case_no=walk.no, reason="unknown", account="电话停机，去向不明。"
    )
    assert "还没有送达" in not_archived(walk).message
    with moment.freeze(moment.now() + timedelta(days=40)):
        assert commands.end_notices() == 1
        data = package(walk.archive())
    assert faults(data) == []
    names = opened(data).namelist()
    assert sum("/data/材料/" in one and "（补正前）" in one for one in names) == 1
    defects = json.loads(text(data, walk, "data/过程/补正.json"))["defects"]
    assert [one["key"] for one in defects] == ["layout"]
    service = json.loads(text(data, walk, "data/过程/送达.json"))
    assert [one["tracking_no"] for one in service["parcels"]] == ["1012345678901"]
    assert [one["account"] for one in service["notices"]] == ["电话停机，去向不明。"]
    assert {one["outcome"] for one in service["deliveries"]} == {"refused", "served"}


def test_the_events_in_a_package_bear_each_other_out(served):
    served.archive()
    lines = text(package(served), served, "data/过程/事件.jsonl").splitlines()
    events = chain.events(served.case.subject)
    assert len(lines) == len([one for one in events if one.kind not in {"CaseArchived", "ArchiveTaken"}])
    before = bytes(32)
    for line in lines:
        said = json.loads(line)
        previous, kept = bytes.fromhex(said.pop("previous")), said.pop("hash")
        plain = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        assert previous == before
        before = hashlib.sha256(b"tongban.event.1\x00" + previous + plain).digest()
        assert before.hex() == kept


def test_the_metadata_names_the_case_and_every_file_with_its_digest(served):
    served.archive()
    data = package(served)
    root = ET.fromstring(text(data, served, "metadata.xml"))
    said = {one.tag.removeprefix(f"{{{NAMESPACE}}}"): one.text for one in root}
    assert said["档号"] == Archive.objects.get(case=served.case).archive_no
    assert (said["保管期限"], said["办件编号"], said["办结结果"]) == ("永久", served.no, "已办结")
    listed = {one.attrib["路径"]: one.attrib["SHA-256"] for one in root.iter(f"{{{NAMESPACE}}}文件实体")}
    manifest = dict(line.split("  ")[::-1] for line in text(data, served, bag.MANIFEST).splitlines())
    assert listed
    assert {path: manifest[path] for path in listed} == listed


def test_the_same_case_gives_the_same_bytes_again(served):
    served.archive()
    first = package(served)
    with moment.freeze(moment.now() + timedelta(days=400)):
        assert package(served) == first


def changed(data: bytes, change) -> list[str]:
    """What the check says of a package that somebody changed."""
    target = io.BytesIO()
    with opened(data) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            for new_name, content in change(name, source.read(name)):
                copy.writestr(new_name, content)
    return faults(target.getvalue())


def test_whatever_is_changed_in_a_package_shows(served):
    served.archive()
    data = package(served)
    victim = next(one for one in opened(data).namelist() if "/data/文书/" in one)

    def altered(name, content):
        return [(name, content + b"x" if name == victim else content)]

    def gone(name, content):
        return [] if name == victim else [(name, content)]

    def added(name, content):
        return [(name, content)] + ([(f"{name}2", content)] if name == victim else [])

    def forged(name, content):
        return [(name, content + b" ")] if name.endswith("metadata.xml") else [(name, content)]

    def unsealed(name, content):
        return [] if name.endswith(bag.TAG_MANIFEST) else [(name, content)]

    assert changed(data, lambda name, content: [(name, content)]) == []
    for change, words in (
        (altered, "pdf: FAILED"), (gone, "pdf: FAILED open or read"), (added, "pdf2: not listed"),
        (forged, "metadata.xml: FAILED"), (unsealed, "tagmanifest-sha256.txt: No such file"),
    ):  # fmt: skip
        assert any(words in one for one in changed(data, change)), words
    assert faults(data[: len(data) // 2])
    assert faults(b"PK")


def test_who_takes_a_package_is_kept_and_who_does_not_archive_gets_none(served, cast):
    served.archive()
    package(served)
    event = chain.events(served.case.subject)[-1]
    assert (event.kind, event.actor_ref) == ("ArchiveTaken", archivist(served).ref)
    for actor in (cast.citizen, cast.other_officer, cast.visitor, served.receptionist()):
        with pytest.raises(NotFound):
            commands.take_archive(actor=actor, case_no=served.no)


def test_nothing_can_be_done_to_an_archived_case(served):
    assert not any(State.ARCHIVED in states for states in ARROWS.values())
    served.archive()
    assert not_archived(served).code == "case_state"
    note = refused(
        CaseRefusal, lambda: commands.write_note(actor=served.receptionist(), case_no=served.no, text="补一句。")
    )
    assert note.code == "case_archived"
    assert refused(CaseRefusal, served.hand_out).code == "case_state"
    assert queries.possible_acts(served.receptionist(), Case.objects.get(pk=served.case.pk)) == ()


def test_what_is_not_served_or_not_over_is_not_archived(cast):
    walk = story.walk().receive().accept()
    assert not_archived(walk).code == "case_state"
    walk.to_decision().decide().issue()
    commands.send_parcel(
        actor=walk.receptionist(), case_no=walk.no, posting=commands.Posting(carrier="ems", tracking_no="1012345678901")
    )
    assert not_archived(walk).code == "not_to_archive"
    walk.download(cast.citizen)
    assert "邮件在途" in not_archived(walk).message


def not_archived(walk: story.Walk, kind: type[Refusal] = CaseRefusal) -> Refusal:
    return refused(kind, lambda: commands.archive(actor=SYSTEM, case_no=walk.no))


def test_every_way_of_ending_is_archived_for_its_own_time(cast):
    withdrawn = story.walk().receive()
    commands.withdraw(actor=cast.citizen, case_no=withdrawn.no)
    withdrawn.archive()
    refusal = story.walk().receive().accept().to_decision().decide(granted=False).download(cast.citizen).archive()
    kept = {one.case_id: one for one in Archive.objects.all()}
    assert kept[withdrawn.case.pk].retention == "30 years"
    assert kept[withdrawn.case.pk].archive_no.endswith("-D30-000001")
    assert kept[refusal.case.pk].retention == "permanent"
    assert "（已撤回）" in queries.headline(withdrawn.case)
    assert "（不予许可）" in queries.headline(refusal.case)
    assert State.ARCHIVED in ENDED


def test_the_clock_archives_what_has_been_served_for_long(served, settings):
    settings.ARCHIVE_AFTER_DAYS = 30
    open_case = story.walk().receive()
    assert commands.archive_due() == 0
    with moment.freeze(moment.now() + timedelta(days=29)):
        assert commands.archive_due() == 0
    with moment.freeze(moment.now() + timedelta(days=31)):
        assert commands.archive_due() == 1
        assert commands.archive_due() == 0
    assert Case.objects.get(pk=served.case.pk).state == "archived"
    assert Case.objects.get(pk=open_case.case.pk).state == "received"


def test_the_clock_goes_on_after_a_case_that_breaks(served, settings, monkeypatch):
    settings.ARCHIVE_AFTER_DAYS = 0
    other = story.walk().receive().accept().to_decision().decide().issue().hand_out()
    records_of = archive_contents.records_of

    def breaks(case):
        assert case.pk != served.case.pk
        return records_of(case)

    monkeypatch.setattr(archive_contents, "records_of", breaks)
    with moment.freeze(moment.now() + timedelta(days=1)):
        assert commands.archive_due() == 1
        before = story.world()
        assert commands.archive_due() == 0
    assert story.world() == before
    assert Archive.objects.get().case_id == other.case.pk
    assert Archive.objects.get().archive_no.endswith("-000001")


def test_a_case_with_a_file_that_is_lost_or_altered_is_not_archived(served, settings):
    file = StoredFile.objects.filter(owner_kind="case", owner_ref=served.no).latest("pk")
    path = settings.VAR / storage.place(file.storage_key)
    path.write_bytes(path.read_bytes()[:-1])
    assert not_archived(served, Refusal).code == "file_unreadable"
    storage.remove(file.storage_key)
    lost = not_archived(served)
    assert lost.code == "archive_file_lost"
    assert file.name in lost.message


def test_the_applicant_reads_and_copies_an_archived_case_as_before(served, cast):
    before = [one.pk for one in documents_readable(cast.citizen, served.case.subject)]
    served.archive()
    assert [one.pk for one in documents_readable(cast.citizen, served.case.subject)] == before != []
    names = opened(b"".join(commands.take_copies(actor=cast.citizen, case_no=served.no).chunks)).namelist()
    assert sum(one.startswith("文书/") for one in names) == len(before)
    assert any(one.startswith("材料/") for one in names)


def test_the_year_of_an_archive_is_that_of_shanghai(cast):
    walk = story.walk().receive()
    with moment.freeze(datetime(2026, 12, 31, 16, 30, tzinfo=UTC)):
        commands.withdraw(actor=cast.citizen, case_no=walk.no)
        archived = commands.archive(actor=SYSTEM, case_no=walk.no)
    assert "·2027-" in archived.archive_no
    assert "<办结日期>2027-01-01</办结日期>" in archived.contents["metadata"]


def test_a_file_that_is_no_longer_what_it_was_is_not_handed_out(served):
    served.archive()
    StoredFile.objects.filter(owner_ref=served.no).update(sha256="0" * 64)
    damaged = refused(CaseRefusal, lambda: commands.take_archive(actor=archivist(served), case_no=served.no))
    assert (damaged.code, damaged.status) == ("archive_damaged", 500)


def test_many_are_archived_at_once_and_each_is_told(served, cast):
    other = story.walk()
    actor = cast.officer
    found = commands.do_many(actor=actor, act="archive", case_nos=[served.no, other.no, served.no])
    assert [one.outcome for one in found] == ["done", "refused"]
    again = commands.do_many(actor=actor, act="archive", case_nos=[served.no])
    assert [one.outcome for one in again] == ["unchanged"]


def test_lists_are_turned_over_page_by_page_and_take_no_cursor_of_another(served, cast):
    ready = [served.no]
    for _ in range(3):
        walk = story.walk()
        commands.withdraw(actor=cast.citizen, case_no=walk.no)
        ready.append(walk.no)

    def turned(read: Callable[..., Page[Any]]) -> list[str]:
        pages = [read(size=2)]
        while pages[-1].next:
            pages.append(read(size=2, cursor=pages[-1].next))
        assert len(pages) == 2
        return [row.case_no for one in pages for row in one.items]

    lists: list[Callable[..., Page[Any]]] = [
        partial(queries.ready_to_archive, cast.officer),
        partial(queries.my_cases, cast.citizen),
    ]
    assert turned(lists[0]) == ready
    assert turned(lists[1]) == ready[::-1]
    foreign = queries.my_cases(cast.citizen, size=2).next
    for no in ready:
        commands.archive(actor=SYSTEM, case_no=no)
    lists.append(partial(queries.archived, cast.officer))
    assert turned(lists[2]) == ready[::-1]
    own = queries.archived(cast.officer, size=2).next
    for read, cursor in ((lists[2], foreign), (queries.running_notices, foreign), (lists[0], own), (lists[1], own)):
        with pytest.raises(Invalid) as caught:
            read(cursor=cursor)
        assert caught.value.code == "bad_cursor"


def test_names_in_a_package_can_be_unpacked_anywhere():
    assert bag.safe_name("营业/执照：<正>本?.pdf") == "营业_执照：_正_本_.pdf"
    assert bag.safe_name("长" * 200 + ".pdf") == "长" * 80 + ".pdf"
    assert bag.safe_name("图 v1. 第二次修改后的全部内容") == "图 v1. 第二次修改后的全部内容"
    for name in ("𠮷" * 200 + ".jpeg", "x" * 300, "长" * 300, f"a.{'b' * 300}"):
        assert len(bag.safe_name(name).encode()) <= 255
    assert bag.safe_name("100%\u2028合格.pdf") == "100_合格.pdf"


def test_a_stop_of_the_clock_changes_no_date_in_a_package():
    at = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    data = b"".join(bag.packed("a", [("b.txt", b"c")], at))
    assert opened(data).getinfo("a/b.txt").date_time == (2026, 11, 24, 9, 0, 0)
