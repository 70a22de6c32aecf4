"""The pack's licence types and sample licences: checked with line, loaded once, retired and never removed."""

from pathlib import Path

import pytest
from django.conf import settings

from tongban.base.pack import Pack
from tongban.kernel.actor import SYSTEM
from tongban.licences.models import LicenceType
from tongban.licences.packs import LicenceTypeSection

GOOD = """types:
  - code: 11430200YLYNU0WJXA901
    name: 食品经营许可证
    definer: 示例机关
    face:
      - {label: 经营场所}
"""


def pack_of(folder: Path, text: str) -> Pack:
    (folder / "licence-types.yaml").write_text(text, encoding="utf-8")
    return Pack(folder)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("YLYNU0WJXA901", "YLYNU0WJXB901", 2, "统一社会信用代码"),
        ("definer:", "defined:", 4, "definer"),
        ("{label: 经营场所}", "{label: 经营场所, form: x}", 6, "form"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, old, new, line, said):
    found = list(LicenceTypeSection().check(pack_of(tmp_path, GOOD.replace(old, new))))
    assert any(one.line == line and said in str(one) for one in found), [str(one) for one in found]


def test_loading_twice_changes_nothing_and_what_is_gone_is_retired(db, tmp_path):
    section = LicenceTypeSection()
    assert section.load(pack_of(tmp_path, GOOD), SYSTEM).added == ["食品经营许可证"]
    again = section.load(pack_of(tmp_path, GOOD), SYSTEM)
    assert (again.total, again.unchanged) == (0, 1)
    assert section.load(pack_of(tmp_path, GOOD.replace("definer: 示例机关", "definer: 别的机关")), SYSTEM).changed
    assert section.load(pack_of(tmp_path, "types: []\n"), SYSTEM).retired == ["食品经营许可证"]
    assert not LicenceType.objects.get().active


def test_the_citys_own_types_are_right():
    pack = Pack(settings.ROOT / "cities" / "zhuzhou")
    assert [str(one) for one in LicenceTypeSection().check(pack)] == []
    assert len(pack.names("licence_type")) >= 7
