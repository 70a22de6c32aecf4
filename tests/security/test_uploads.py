"""Files that are not what they say, and files that want to be large."""

import io
import struct
import zlib

import pytest
from PIL import Image

from tongban.config.rehearsal.samples import sample_pdf
from tongban.documents.sealing.inspection import inspect as inspect_signature
from tongban.files import inspection
from tongban.files.problems import FileRefusal

PDF = sample_pdf("布局图", "示例")


def png(width: int, height: int, *, body: bytes | None = None) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    raw = zlib.compress(b"\x00" * ((width + 1) * min(height, 2000)), 9) if body is None else body
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", raw) + chunk(b"IEND", b"")


def bomb_pdf(megabytes: int) -> bytes:
    """A PDF whose page tree lies in an object stream that unpacks to very much."""
    packed = zlib.compress(b"1 0 2 30 " + b" " * (megabytes * 2**20), 9)
    out, places = io.BytesIO(b"%PDF-1.7\n"), {}
    out.seek(0, 2)
    places[3] = out.tell()
    out.write(b"3 0 obj\n<</Type/ObjStm/N 2/First 9/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed))
    out.write(packed + b"\nendstream\nendobj\n")
    places[4] = out.tell()
    rows = struct.pack(">BIH", 0, 0, 65535) + struct.pack(">BIH", 2, 3, 0) + struct.pack(">BIH", 2, 3, 1)
    rows += struct.pack(">BIH", 1, places[3], 0) + struct.pack(">BIH", 1, places[4], 0)
    out.write(b"4 0 obj\n<</Type/XRef/Size 5/W[1 4 2]/Root 1 0 R/Length %d>>\nstream\n" % len(rows))
    out.write(rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % places[4])
    return out.getvalue()


HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
TRICKS = {
    "a page": (HTML, "x.pdf"),
    "a drawing with a script": (SVG, "x.png"),
    "a page that says PDF somewhere": (HTML * 30 + b"%PDF-1.7", "x.pdf"),
    "a page in front of a PDF's mark": (b"<script>alert(1)</script>%PDF-1.7\n%%EOF", "x.pdf"),
    "a picture called a page": (png(2, 2), "x.html"),
    "a PDF called a picture": (PDF, "x.png"),
    "an archive": (b"PK\x03\x04" + b"\x00" * 100, "x.pdf"),
    "nothing": (b"", "x.pdf"),
    "half a PDF": (PDF[: len(PDF) // 2], "x.pdf"),
    "a picture of a million by a million": (png(2**20, 2**20, body=zlib.compress(b"\x00")), "x.png"),
    "a picture without its data": (png(4000, 4000, body=zlib.compress(b"\x00")), "x.png"),
    "a PDF that unpacks to half a gigabyte": (bomb_pdf(512), "x.pdf"),
}


@pytest.mark.parametrize("name", list(TRICKS))
def test_a_trick_is_refused(name):
    data, filename = TRICKS[name]
    with pytest.raises(FileRefusal):
        inspection.inspect(data, filename)


def test_what_hangs_behind_or_inside_a_picture_is_cut_off():
    image = io.BytesIO()
    Image.new("RGB", (8, 8)).save(image, "PNG")
    kept = inspection.inspect(image.getvalue() + HTML, "x.png")
    assert HTML not in kept.data
    image = io.BytesIO()
    Image.new("RGB", (8, 8)).save(image, "JPEG", comment=HTML)
    kept = inspection.inspect(image.getvalue() + HTML, "x.jpg")
    assert b"<script" not in kept.data


def test_a_verifiers_file_that_unpacks_without_end_is_just_unsigned():
    assert not inspect_signature(bomb_pdf(512), []).signed
