"""Pages as pictures: drawn outside the web process, within bounds, for whoever may see the file."""

import io

import pytest
from PIL import Image

from tongban.files import pages
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
