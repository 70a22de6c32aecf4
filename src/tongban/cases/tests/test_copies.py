"""Copies of everything: complete, the applicant's alone, and read by being taken."""

import hashlib
import io
import zipfile

import pytest

from tongban.cases import bag, commands, queries
from tongban.cases.commands import copying
from tongban.cases.tests import story
from tongban.documents.queries import documents_of
from tongban.files.queries import content
from tongban.kernel.problems import NotFound, Refusal, TooMany

pytestmark = pytest.mark.usefixtures("city")


def taken(actor, case_no) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(commands.take_copies(actor=actor, case_no=case_no).chunks)))


def test_the_package_holds_every_document_and_every_file_also_replaced_ones(cast):
    walk = story.walk().receive()
    key = walk.case.materials.filter(source="file")[0].key
    walk.correct(cast.citizen, key).accept().to_decision().decide().issue().download(cast.citizen)
    package = taken(cast.citizen, walk.no)
    assert package.testzip() is None
    names = package.namelist()
    given = [one for one in queries.handed_in(walk.case) if one.file]
    papers = [one for one in documents_of(walk.case.subject) if one.kind != "approval_form"]
    assert len(names) == len(given) + len(papers)
    assert sum("补正前" in name for name in names) == sum(not one.current for one in given) == 1
    digests = {hashlib.sha256(package.read(name)).hexdigest() for name in names}
    assert {hashlib.sha256(content(one.file)).hexdigest() for one in given} <= digests
    assert not any("呈批" in name for name in names)


def test_a_decision_is_in_it_only_once_it_is_served(cast):
    walk = story.walk().receive().accept().to_decision().decide().issue()
    assert not any("准予" in name for name in taken(cast.citizen, walk.no).namelist())
    walk.download(cast.citizen)
    assert any("准予" in name for name in taken(cast.citizen, walk.no).namelist())


def test_what_is_taken_counts_as_read_and_the_body_sees_when(cast):
    walk = story.walk().receive().accept().to_decision().decide().issue().download(cast.citizen)
    assert not any(one.read_at for one in queries.case_page(cast.officer, walk.no).documents)
    taken(cast.citizen, walk.no)
    shown = queries.case_page(cast.officer, walk.no)
    assert all(one.read_at for one in shown.documents if one.kind != "approval_form")
    assert any(line.label == "文书已阅" and line.who == "申请人" for line in shown.history)


def test_nobody_but_the_applicant_takes_copies(cast):
    no = story.walk().receive().no
    before = story.world()
    for who, kind in {"other_citizen": NotFound, "other_officer": NotFound, "officer": Refusal}.items():
        with pytest.raises(kind):
            commands.take_copies(actor=getattr(cast, who), case_no=no)
    assert story.world() == before


def test_packages_are_limited_by_the_hour(cast, monkeypatch):
    monkeypatch.setattr(copying, "COPIES_MAX", 1)
    no = story.walk().receive().no
    assert taken(cast.citizen, no).namelist()
    with pytest.raises(TooMany):
        commands.take_copies(actor=cast.citizen, case_no=no)


@pytest.mark.parametrize(("name", "safe"), [("a/b:c.pdf", "a_b_c.pdf"), ("..", ""), ("长" * 200 + ".pdf", "长" * 80 + ".pdf"), (".env", "env")])  # fmt: skip
def test_names_in_the_package_unpack_everywhere(name, safe):
    assert bag.safe_name(name) == safe
