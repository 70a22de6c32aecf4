"""Pages as pictures: drawn outside the web process, within bounds, for whoever may see the file."""

import io

import pytest
from PIL import Image, ImageStat
from pypdf import PdfReader

from tongban.files import drawing, pages
from tongban.files.problems import FileRefusal
from tongban.files.tests.test_files import lying, pdf, picture, shelf, store
from tongban.kernel.problems import NotFound

pytestmark = pytest.mark.django_db

__all__ = ["shelf"]


def opened(data):
    return Image.open(io.BytesIO(data))


def test_each_page_of_a_pdf_is_a_picture_of_bounded_width():
    file = store(pdf(pages=3))
    assert pages.page_count(file) == 3
    assert opened(pages.page_picture(file, 3)).size[0] == pages.WIDTHS["fit"]
    assert opened(pages.page_picture(file, 1, "large")).size[0] == pages.WIDTHS["large"]


def test_a_photograph_is_one_page_and_never_enlarged():
    file = store(picture(size=(300, 200)), "照片.jpg")
    assert pages.page_count(file) == 1
    assert opened(pages.page_picture(file, 1)).size == (300, 200)


@pytest.mark.parametrize(("number", "size"), [(0, "fit"), (2, "fit"), (10**9, "fit"), (1, "enormous")])
def test_a_page_that_is_not_there_is_not_found(number, size):
    with pytest.raises(NotFound):
        pages.page_picture(store(pdf()), number, size)


def test_a_file_that_takes_too_long_is_refused_with_what_to_do(monkeypatch):
    monkeypatch.setattr(pages, "PAGE_S", 0.01)
    with pytest.raises(FileRefusal) as refused:
        pages.page_picture(store(pdf()), 1)
    assert refused.value.code == "file_not_shown"
    assert "下载" in refused.value.message


def test_a_page_of_absurd_shape_is_refused():
    file = store(picture("PNG", size=(10, 2000)), "长图.png")
    with pytest.raises(FileRefusal) as refused:
        pages.page_picture(file, 1)
    assert refused.value.code == "file_not_shown"


def test_bytes_that_became_rubbish_are_not_drawn():
    file = store(pdf())
    lying(file.storage_key).write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(FileRefusal) as refused:
        pages.page_picture(file, 1)
    assert refused.value.code == "file_unreadable"


def test_pages_of_a_file_from_before_they_were_noted_are_counted():
    file = store(pdf(pages=3))
    file.pages = None
    assert pages.page_count(file) == 3
    lying(file.storage_key).unlink()
    assert pages.page_count(file) == 3
    gone = store(pdf(pages=2))
    gone.pages = None
    kept = lying(gone.storage_key)
    aside = kept.rename(kept.with_suffix(".aside"))
    assert pages.page_count(gone) == 0
    aside.rename(kept)
    assert pages.page_count(gone) == 2


def test_kinds_that_cannot_be_drawn_are_only_downloaded():
    file = store(pdf())
    file.media_type = "application/ofd"
    assert not pages.can_be_shown(file)
    assert pages.page_count(file) == 0


LINES = [
    "仅供行政复议使用",
    "株洲市渌口区市场监督管理局 张敏 2026-11-24 15:03",
    "办件 11430212YL6DEDU34H4002014001005202611240001",
]


def test_a_copy_carries_the_watermark_in_every_page_and_no_text_to_take_off():
    copy = PdfReader(io.BytesIO(pages.watermarked(pdf(pages=2), "application/pdf", LINES)))
    assert len(copy.pages) == 2
    for page in copy.pages:
        assert ImageStat.Stat(page.images[0].image.convert("L")).stddev[0] > 1
        assert page.extract_text() == ""


def test_a_copy_of_a_picture_is_a_pdf_too():
    copy = PdfReader(io.BytesIO(pages.watermarked(picture(size=(900, 600)), "image/jpeg", LINES)))
    assert copy.pages[0].images[0].image.size == (900, 600)


def test_a_copy_of_the_longest_file_is_made_and_of_a_longer_one_refused():
    longest = pages.watermarked(pdf(pages=pages.COPY_PAGES_MAX), "application/pdf", LINES)
    assert len(PdfReader(io.BytesIO(longest)).pages) == pages.COPY_PAGES_MAX
    with pytest.raises(FileRefusal) as refused:
        pages.watermarked(pdf(pages=pages.COPY_PAGES_MAX + 1), "application/pdf", LINES)
    assert refused.value.code == "file_too_long_to_copy"


@pytest.mark.parametrize(
    ("data", "kind"), [(b"PK rubbish", "application/ofd"), (b"%PDF-1.7 rubbish", "application/pdf")]
)
def test_of_what_cannot_be_drawn_no_copy_is_made(data, kind):
    with pytest.raises(FileRefusal) as refused:
        pages.watermarked(data, kind, LINES)
    assert refused.value.code == "file_not_shown"


def test_the_program_and_its_caller_agree_how_it_ends():
    assert pages._TOO_MANY == drawing.TOO_MANY_PAGES
