"""Typesetting: every kind, rare characters, hostile text, fonts, determinism."""

import io
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from tongban.documents import typesetting
from tongban.documents.contents import DeliveryReceipt
from tongban.documents.kinds import KINDS
from tongban.documents.tests.conftest import AT
from tongban.documents.tests.samples import CONTENTS, HOSTILE, RARE
from tongban.documents.typesetting import GETA, Typeface, TypesettingError

URL = "https://example.cn/verify/7K2P9M4D3368XQ3A"


def sheet_of(kind, changes=None, *, demonstration=True, layout=None):
    entry = KINDS[kind]
    content = entry.content.model_validate(CONTENTS[kind] | (changes or {}))
    data = {
        "title": entry.title_for(content),
        "organisation": "株洲市渌口区市场监督管理局",
        "number": "株渌市监许受〔2026〕68号",
        "issued_on": "2026-11-17",
        "demonstration": demonstration,
        "site_name": "株洲市政务服务",
        "verify_code": "7K2P-9M4D-3368-XQ3A",
        "verify_url": URL,
        "content": content.model_dump(mode="json"),
    }
    drawings = {"signature": typesetting.strokes_svg(content.strokes)} if isinstance(content, DeliveryReceipt) else {}
    return typesetting.typeset(entry.template, data, at=AT, typeface=Typeface(), qr_target=URL, drawings=drawings)


def embedded_fonts(pdf):
    """Each font of the file by name, and whether its outlines are inside."""
    found = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            outer: Any = font.get_object()
            inner: Any = outer["/DescendantFonts"][0].get_object()
            found[str(outer["/BaseFont"])] = "/FontFile3" in inner["/FontDescriptor"]
    return found


def test_every_kind_has_a_sample():
    assert set(CONTENTS) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_set_with_rare_characters_and_embedded_fonts(kind, text_of):
    sheet = sheet_of(kind)
    text = text_of(sheet.pdf)
    assert RARE in text
    assert sheet.missing == ()
    assert "示例·无法律效力" in text
    assert "7K2P-9M4D-3368-XQ3A" in text
    fonts = embedded_fonts(sheet.pdf)
    assert fonts
    assert all(fonts.values()), fonts
    assert (sheet.seat is not None) == KINDS[kind].sealed


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_a_person_typed_is_printed_and_never_obeyed(kind, text_of):
    text = text_of(sheet_of(kind).pdf)
    for piece in ("#import", "*粗*", "$x^2$", '#eval("1+1")', "`raw`"):
        assert piece in text, piece


def test_every_field_of_a_document_may_be_hostile(text_of):
    changes = {
        key: HOSTILE
        for key, value in CONTENTS["acceptance"].items()
        if isinstance(value, str) and key != "applicant_kind"
    }
    assert text_of(sheet_of("acceptance", changes).pdf).count("#import") >= 8


def test_a_character_without_glyph_is_named_and_not_lost(text_of):
    sheet = sheet_of("acceptance", {"applicant": "陈𠮷"})
    text = text_of(sheet.pdf)
    assert sheet.missing == ("U+20BB7",)
    assert f"陈{GETA}" in text
    assert "U+20BB7" in text


def test_control_characters_have_no_place_on_paper(text_of):
    assert "陈龙" in text_of(sheet_of("acceptance", {"applicant": "陈\x00\u202e\u200b龙"}).pdf)


def test_the_same_document_is_set_to_the_same_bytes():
    assert sheet_of("granted").pdf == sheet_of("granted").pdf


def test_a_long_document_keeps_its_last_paragraph_with_the_seal(text_of):
    for length in range(0, 900, 60):
        sheet = sheet_of("refused", {"reason": "理" * (200 + length)})
        pages = PdfReader(io.BytesIO(sheet.pdf)).pages
        assert sheet.seat.page == len(pages)
        assert "经办人" in pages[-1].extract_text()
        assert 0 < sheet.seat.y_pt < 842 - 60


def test_a_long_list_runs_over_pages_and_repeats_its_head():
    defects = [{"subject": f"材料{number}", "what": "请补正" * 30} for number in range(40)]
    pages = PdfReader(io.BytesIO(sheet_of("correction", {"defects": defects}).pdf)).pages
    assert len(pages) > 3
    assert all("需要补正的内容" in page.extract_text() for page in pages[:3])
    assert f"第{len(pages)}页，共{len(pages)}页" in "".join(pages[-1].extract_text().split())


def test_titles_and_words_follow_the_kind_of_power(text_of):
    text = text_of(sheet_of("granted", {"permit": False}).pdf)
    assert "准予办理决定书" in text
    assert "行政许可法" not in text
    assert "行政许可决定书" not in text


def test_a_refusal_tells_the_remedies(text_of):
    for kind in ("refused", "acceptance_refusal"):
        text = text_of(sheet_of(kind).pdf)
        assert "六十日内向株洲市渌口区人民政府申请行政复议" in text
        assert "六个月内依法向株洲市渌口区人民法院提起行政诉讼" in text


def test_without_a_demonstration_signer_there_is_no_mark(text_of):
    assert "示例" not in text_of(sheet_of("acceptance", demonstration=False).pdf)


def test_the_code_leads_to_the_verify_page(tmp_path):
    import subprocess

    path = tmp_path / "qr.pdf"
    path.write_bytes(sheet_of("acceptance").pdf)
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-f", "1", "-l", "1", str(path), str(tmp_path / "qr")], check=True)
    image = Image.open(next(tmp_path.glob("qr*.png")))
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [URL]


def test_a_template_that_does_not_fit_is_a_fault_of_the_program():
    with pytest.raises(TypesettingError):
        typesetting.typeset("acceptance.typ", {"content": {}}, at=AT, typeface=Typeface(), qr_target=URL)


@pytest.mark.parametrize(
    ("cause", "reason", "told", "again"),
    [
        ("withdrawn", "不办了", "提出撤回上述申请", True),
        ("overdue", "没有补交布局图", "仍未补正申请材料", True),
        (
            "transferred",
            "本机关已将该申请转报株洲市市场监督管理局办理：依法由上级机关办理。",
            "依法由上级机关办理",
            False,
        ),
        ("other", "本件因故作废：申请人重复立件。", "重复立件", True),
    ],
)
def test_a_termination_tells_its_own_cause_and_where_to_go_next(cause, reason, told, again, text_of):
    text = "".join(text_of(sheet_of("termination", {"cause": cause, "reason": reason}).pdf).split())
    assert told in text
    assert ("可以重新提出申请" in text) is again
    assert ("请向接收的机关查询" in text) is not again


def test_only_a_notice_given_in_pre_review_says_that_the_limit_runs_on(text_of):
    def words(changes):
        return "".join(text_of(sheet_of("correction", changes).pdf).split())

    assert "受理期限至2026年11月18日" in words({})
    assert "不影响受理期限的计算" not in words({"acceptance_due_on": None})
