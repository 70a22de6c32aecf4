"""A correction answered on the phone in a minute: few taps, with the camera, with and without scripts; then one's own copies."""

import io
import zipfile

import pytest
from PIL import Image

from tests.journeys.log_in import PASSWORD
from tests.journeys.visitor import Visitor
from tongban.cases import commands, queries
from tongban.cases.tests import story
from tongban.documents.queries import documents_of

OWNER = "19900000001"
#: Taps from the list of my cases to the answer: to the correction, the camera, the picture taken, on to the signature,
#: into the password, sign. The shutter belongs to the phone.
TAPS_MAX = 6


class Thumb:
    """Taps, and counts them; what is tapped must be there to be seen and large enough for a thumb."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.taps = visitor, 0

    def tap(self, target, *, leads_on: bool = True) -> None:
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44, f"{target}: {box['height']} px"
        self.taps += 1
        if leads_on:
            self.visitor.press(target)
        else:
            target.tap()

    def photograph(self, section) -> None:
        """Open the camera, take one picture."""
        self.taps += 1
        section.locator("input[capture]").set_input_files(photograph())


def photograph() -> dict[str, object]:
    """What a phone's camera gives."""
    picture = io.BytesIO()
    Image.effect_noise((800, 1100), 60).convert("RGB").save(picture, "JPEG", quality=80)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}


@pytest.fixture
def asked(backstage, cast) -> str:
    """A case whose notice names one material."""
    walk = story.walk().receive()
    key = walk.case.materials.filter(source="file")[0].key
    commands.request_correction(
        actor=walk.receptionist(),
        case_no=walk.no,
        defects=[commands.Defect(kind="material", key=key, what="照片不清楚，请重拍。")],
    )
    return walk.no


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_correction_takes_six_taps_and_the_camera(window, asked, cast, script):
    owner = window("phone", who=OWNER, java_script_enabled=script)
    owner.go("/my/")
    thumb = Thumb(owner)
    thumb.tap(owner.page.locator(f".next:has(a[href='/my/cases/{asked}/']) a.btn"))
    section = owner.page.locator("section.mat").first
    thumb.photograph(section)
    button = (
        section.locator("[data-tray=together]") if script else section.get_by_role("button", name="上传", exact=True)
    )
    thumb.tap(button)
    owner.sees("已补")
    thumb.tap(owner.page.get_by_role("button", name="下一步：签名提交"))
    thumb.tap(owner.page.get_by_label("登录密码"), leads_on=False)
    owner.fill("登录密码", PASSWORD)
    thumb.tap(owner.page.get_by_role("button", name="签名并提交补正"))
    assert thumb.taps <= TAPS_MAX
    assert owner.page.url.partition("#")[0].endswith(f"/my/cases/{asked}/")
    case = queries.access_case(cast.citizen, asked)
    assert case.state == "received"
    assert [one.kind for one in queries.my_todo(cast.citizen) if one.case.case_no == asked] == []


def test_one_takes_everything_home_and_the_office_sees_that_it_was_read(window, backstage, cast, tmp_path):
    walk = story.walk().to_the_end(cast.citizen)
    owner = window("phone", who=OWNER)
    owner.go(f"/my/cases/{walk.no}/")
    owner.sees("还没看")
    kept = owner.download(owner.page.get_by_role("link", name="下载全套副本"), tmp_path / "copies.zip")
    with zipfile.ZipFile(kept) as package:
        assert package.testzip() is None
        assert len(package.namelist()) >= len(documents_of(walk.case.subject))
    owner.go(f"/my/cases/{walk.no}/")
    owner.sees("已看过")
    officer = window("desktop", who="lukou.shijian")
    officer.go(f"/desk/cases/{walk.no}/")
    officer.sees("已阅")
