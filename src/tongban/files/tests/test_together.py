"""Photographs and scans of pages become one PDF: in order, upright, all or nothing."""

import io

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from tongban.base import moment
from tongban.files import binding, chunks, commands, together, uploading
from tongban.files.inspection import inspect
from tongban.files.models import PendingUpload
from tongban.files.problems import FileRefusal
from tongban.files.tests.test_files import pdf
from tongban.kernel.actor import SYSTEM


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path):
    settings.VAR = tmp_path
    return tmp_path


def page(kind="JPEG", *, size=(300, 200), mode="RGB", **options):
    """A white page whose left half is dark."""
    image = Image.new(mode, size, "white" if mode != "1" else 1)
    image.paste(Image.new(mode, (size[0] // 2, size[1]), "black" if mode != "1" else 0), (0, 0))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def coloured():
    """A page as a PNG with a palette."""
    out = io.BytesIO()
    Image.open(io.BytesIO(page())).convert("P").save(out, "PNG")
    return out.getvalue()


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


def dark_side(document, number):
    """Which side of a page is dark, drawn by another program than ours."""
    drawn = pypdfium2.PdfDocument(document)[number].render(scale=0.5).to_pil().convert("L")
    wide, high = drawn.size
    points = {
        "left": (5, high // 2),
        "right": (wide - 6, high // 2),
        "top": (wide // 2, 5),
        "bottom": (wide // 2, high - 6),
    }
    dark = {name for name, point in points.items() if drawn.getpixel(point) < 80}
    return (dark - {"top", "bottom"} if wide > high else dark - {"left", "right"}).pop()


def bound(*pages):
    return binding.bind([binding.leaf(inspect(data, "").data, turn) for data, turn in pages])


def keep_into(kept):
    return lambda stream, name: kept.append((stream.read(), name))


def sent(data, name="1.jpg"):
    upload = PendingUpload.objects.create(
        owner=f"{SYSTEM.kind}:{SYSTEM.ref}",
        name=name,
        size=len(data),
        received=len(data),
        expires_at=moment.now() + uploading.LIFE,
    )
    chunks.write(upload.public_id, 0, data)
    return upload


@pytest.mark.parametrize(
    ("data", "turn", "side"),
    [
        (page(), 0, "left"),
        (page(), 90, "top"),
        (page(), 180, "right"),
        (page(), 270, "bottom"),
        (page(exif=exif(3)), 0, "right"),
        (page(exif=exif(6)), 0, "top"),
        (page(exif=exif(8)), 90, "left"),
        (page(exif=exif(2)), 0, "right"),
        (page(mode="L"), 90, "top"),
        (page("PNG"), 270, "bottom"),
        (page("PNG", mode="L"), 0, "left"),
        (page("PNG", mode="1"), 180, "right"),
        (coloured(), 0, "left"),
    ],
)
def test_every_picture_lies_as_it_was_turned(data, turn, side):
    assert dark_side(bound((data, turn)), 0) == side


def test_pages_keep_their_order_and_a_jpeg_its_bytes():
    first, second = page(), page(size=(200, 300), quality=95)
    document = bound((first, 0), (second, 0), (page("PNG", mode="1"), 0))
    reader = PdfReader(io.BytesIO(document), strict=True)
    assert [round(float(one.mediabox.width)) for one in reader.pages] == [842, 561, 842]
    assert first in document
    assert second in document
    assert not reader.metadata


def test_a_transparent_picture_lies_on_white():
    out = io.BytesIO()
    Image.new("RGBA", (80, 40), (0, 0, 0, 0)).save(out, "PNG")
    drawn = pypdfium2.PdfDocument(bound((out.getvalue(), 0)))[0].render().to_pil()
    assert drawn.convert("L").getextrema()[0] > 250


def test_what_is_larger_than_paper_needs_is_drawn_smaller(monkeypatch):
    large = page(size=(4000, 3000), quality=95)
    monkeypatch.setattr(binding, "_AS_IT_IS_BYTES", len(large) - 1)
    one = binding.leaf(large)
    assert max(one.width, one.height) <= 3508
    assert one.width / one.height == pytest.approx(4 / 3, rel=0.01)


@pytest.mark.django_db
def test_files_and_uploads_become_one_and_a_form_sent_twice_nothing_more(django_capture_on_commit_callbacks):
    kept: list[tuple[bytes, str]] = []
    upload = sent(page(mode="L"))
    given = {
        "actor": SYSTEM,
        "name": "营业执照",
        "uploads": [upload.public_id],
        "turns": [90, 180],
        "keep": keep_into(kept),
    }
    with django_capture_on_commit_callbacks(execute=True):
        assert commands.keep_together(pictures=[(io.BytesIO(page()), "a.jpg")], **given)
        assert not commands.keep_together(**given)
    [(document, name)] = kept
    assert name == "营业执照.pdf"
    assert [dark_side(document, number) for number in (0, 1)] == ["top", "right"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("second", "code"),
    [(pdf(), "file_not_a_picture"), (page()[:-300], "file_damaged"), (b"MZ program", "file_type_not_allowed")],
)
def test_one_page_that_cannot_be_taken_stops_them_all(second, code):
    kept: list[tuple[bytes, str]] = []
    uploads = [sent(page()).public_id, sent(second, "2").public_id]
    with pytest.raises(FileRefusal) as refused:
        commands.keep_together(actor=SYSTEM, name="x", uploads=uploads, keep=keep_into(kept))
    assert (refused.value.code, kept) == (code, [])
    assert not PendingUpload.objects.exists()


@pytest.mark.django_db
def test_a_refusal_that_passes_leaves_the_pages_for_the_next_try():
    def down(_stream, _name):
        raise FileRefusal("file_scan_unavailable", "…", status=503)

    upload = sent(page())
    kept: list[tuple[bytes, str]] = []
    with pytest.raises(FileRefusal):
        commands.keep_together(actor=SYSTEM, name="x", uploads=[upload.public_id], keep=down)
    assert commands.keep_together(actor=SYSTEM, name="x", uploads=[upload.public_id], keep=keep_into(kept))
    assert len(kept) == 1


@pytest.mark.django_db
def test_more_pages_than_are_bound_at_once_are_refused_before_any_is_read():
    class Unread(io.BytesIO):
        def read(self, *_args):
            raise AssertionError("read")

    with pytest.raises(FileRefusal) as refused:
        commands.keep_together(
            actor=SYSTEM, name="x", pictures=[(Unread(), "a.jpg")] * (together.PAGES_MAX + 1), keep=keep_into([])
        )
    assert refused.value.code == "file_too_many_pages"
