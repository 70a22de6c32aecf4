"""Words of document numbers in the city pack: unique, checked, loaded, also when two change places."""

from pathlib import Path

import pytest
from django.conf import settings

from tongban.base.pack import Pack
from tongban.base.pack import sections as all_sections
from tongban.documents.models import AgencyWord
from tongban.documents.packs import AgencyWordSection
from tongban.documents.tests.conftest import make_body
from tongban.kernel.actor import SYSTEM


def pack_of(folder: Path, text: str) -> Pack:
    (folder / "document-words.yaml").write_text(text, encoding="utf-8")
    pack = Pack(folder)
    for ref in ("430212:scjgj", "430202:scjgj"):
        pack.define("organisation", ref, ref)
    return pack


def words(first: str, second: str) -> str:
    return f'areas: {{"430212": {first}, "430202": {second}}}\nbodies: {{scjgj: 市监}}\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (words("株", "株"), "都是“株市监”"),
        ('areas: {"430212": 株}\nbodies: {nobody: 无}\n', "没有键为 nobody 的机构"),
        ('areas: {}\nbodies: {}\nexceptions: {"430299:x": 无}\n', "找不到机构"),
        ("areas: {}\nbody: {}\n", "body"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, text, said):
    assert any(said in str(one) for one in AgencyWordSection().check(pack_of(tmp_path, text)))


def test_words_are_loaded_and_may_change_places(db, tmp_path):
    one, two = make_body(), make_body("11430202MB1A00000A", "430202:scjgj", "另一个局", "另一个局")
    section = AgencyWordSection()
    section.load(pack_of(tmp_path, words("渌", "荷")), SYSTEM)
    assert section.load(pack_of(tmp_path, words("渌", "荷")), SYSTEM).total == 0
    assert len(section.load(pack_of(tmp_path, words("荷", "渌")), SYSTEM).changed) == 2
    assert AgencyWord.objects.get(organisation=one).word == "荷市监"
    assert AgencyWord.objects.get(organisation=two).word == "渌市监"


def test_the_citys_own_words_are_right():
    pack = Pack(settings.ROOT / "cities" / "zhuzhou")
    found = [
        str(one)
        for section in all_sections()
        if section.name in {"directory", "document-words"}
        for one in section.check(pack)
    ]
    assert found == []
