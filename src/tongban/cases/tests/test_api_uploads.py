"""A system sends files in chunks that go on after a break, and has photographs bound into one PDF."""

import base64
import hashlib
import io
import secrets
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from tongban.cases.tests.test_api import BASE, Caller, caller, problem
from tongban.config.rehearsal.samples import sample_pdf
from tongban.files.models import PendingUpload, StoredFile
from tongban.files.queries import content

__all__ = ["caller"]

pytestmark = pytest.mark.usefixtures("city")

CHUNK = 64 * 1024
PDF = sample_pdf("布局图", "示例")


def chunk(caller: Caller, upload: str, offset: int, data: bytes, digest_of: bytes | None = None) -> Any:
    digest = base64.b64encode(hashlib.sha256(data if digest_of is None else digest_of).digest()).decode()
    return caller.client.patch(
        f"{BASE}/uploads/{upload}",
        data,
        content_type="application/octet-stream",
        headers={
            "Authorization": f"Bearer {caller.token}",
            "Upload-Offset": str(offset),
            "Upload-Checksum": f"sha256 {digest}",
        },
    )


def begun(caller: Caller, data: bytes, name: str = "布局图.pdf") -> str:
    answer = caller.post("/uploads", {"name": name, "size": len(data)})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def sent(caller: Caller, data: bytes = PDF, name: str = "布局图.pdf") -> str:
    upload = begun(caller, data, name)
    assert chunk(caller, upload, 0, data).json()["received"] == len(data)
    return upload


def large() -> bytes:
    """A PDF of more than one chunk."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.add_metadata({"/Subject": secrets.token_hex(CHUNK)})
    writer.write(out)
    return out.getvalue()


def photograph(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 190, 170)).save(out, "JPEG")
    return out.getvalue()


def test_an_upload_that_was_cut_off_goes_on_where_it_broke(caller):
    data = large()
    upload = begun(caller, data)
    chunk(caller, upload, 0, data[:CHUNK])
    lost = problem(chunk(caller, upload, 0, data[:CHUNK]), 409, "upload_offset")
    told = caller.get(f"/uploads/{upload}").json()
    assert (told["received"], told["size"], told["used"]) == (CHUNK, len(data), False)
    assert lost["data"]["offset"] == told["received"]
    problem(caller.post("/files/uploaded", {"upload_id": upload}), 409, "upload_incomplete")
    chunk(caller, upload, told["received"], data[CHUNK:])
    kept = caller.post("/files/uploaded", {"upload_id": upload})
    assert kept.status_code == 201, kept.content
    assert kept.json()["sha256"] == hashlib.sha256(data).hexdigest()
    assert caller.get(f"/uploads/{upload}").json()["used"]


def test_a_repeated_request_makes_one_upload_and_one_file(caller):
    body = {"name": "布局图.pdf", "size": len(PDF)}
    first, again = (caller.post("/uploads", body, key="begin") for _ in range(2))
    assert first.json() == again.json()
    upload = first.json()["id"]
    chunk(caller, upload, 0, PDF)
    first, again = (caller.post("/files/uploaded", {"upload_id": upload}, key="keep") for _ in range(2))
    assert first.json() == again.json()
    problem(caller.post("/files/uploaded", {"upload_id": upload}, key="other"), 409, "upload_used")
    assert StoredFile.objects.filter(sha256=hashlib.sha256(PDF).hexdigest(), owner_kind="upload").count() == 1


def test_a_chunk_altered_on_its_way_is_not_kept(caller):
    upload = begun(caller, PDF)
    problem(chunk(caller, upload, 0, PDF, digest_of=b"other"), 460, "upload_checksum")
    problem(chunk(caller, upload, 0, b"x" * (2**20 + 1)), 422, "upload_chunk_size")
    assert caller.get(f"/uploads/{upload}").json()["received"] == 0


def test_an_upload_belongs_to_the_system_that_began_it(caller):
    upload, other = sent(caller), Caller("cases:submit", name="别的系统")
    for answer in (
        other.get(f"/uploads/{upload}"),
        chunk(other, upload, 0, PDF),
        other.send("DELETE", f"/uploads/{upload}"),
        other.post("/files/uploaded", {"upload_id": upload}),
        other.post("/files/pages", {"name": "身份证", "uploads": [upload]}),
    ):
        problem(answer, 404, "upload_not_found")
    assert caller.send("DELETE", f"/uploads/{upload}").status_code == 204
    problem(caller.get(f"/uploads/{upload}"), 404, "upload_not_found")
    reader = Caller("cases:track", name="只能查询的系统")
    problem(reader.post("/uploads", {"name": "布局图.pdf", "size": 9}), 403, "scope_missing")


def test_what_cannot_be_taken_is_refused_and_can_be_cancelled(caller):
    upload = sent(caller, b"MZ" + b"\0" * 200, "程序.pdf")
    before = StoredFile.objects.count()
    refused = caller.post("/files/uploaded", {"upload_id": upload})
    assert refused.status_code == 422
    assert refused.json()["code"].startswith("file_")
    assert StoredFile.objects.count() == before
    assert caller.send("DELETE", f"/uploads/{upload}").status_code == 204
    problem(caller.post("/uploads", {"name": "大.pdf", "size": 21 * 2**20}), 413, "file_too_large")


def test_photographs_of_pages_become_one_pdf_in_order_and_turned(caller):
    uploads = [sent(caller, photograph(400, 300), "一.jpg"), sent(caller, photograph(300, 500), "二.jpg")]
    asked = {"name": "身份证正反面", "uploads": uploads, "turns": [90]}
    answer = caller.post("/files/pages", asked, key="bind")
    assert answer.status_code == 201, answer.content
    assert caller.post("/files/pages", asked, key="bind").json() == answer.json()
    file = StoredFile.objects.get(public_id=answer.json()["id"])
    assert (file.name, file.media_type, file.pages) == ("身份证正反面.pdf", "application/pdf", 2)
    pages = PdfReader(io.BytesIO(content(file))).pages
    shapes = [
        (float(one.mediabox.width) > float(one.mediabox.height)) != (one.get("/Rotate", 0) % 180 == 90) for one in pages
    ]
    assert shapes == [False, False]
    problem(caller.post("/files/pages", asked, key="again"), 409, "upload_used")


def test_pages_are_bound_all_or_not_at_all(caller):
    picture, paper = sent(caller, photograph(40, 30), "一.jpg"), sent(caller)
    before = StoredFile.objects.count()
    problem(caller.post("/files/pages", {"name": "材料", "uploads": [picture, paper]}), 422, "file_not_a_picture")
    problem(caller.post("/files/pages", {"name": "材料", "uploads": [picture, picture]}), 409, "upload_used")
    assert StoredFile.objects.count() == before
    assert not PendingUpload.objects.filter(used_at__isnull=False).exists()
    assert caller.post("/files/pages", {"name": "材料", "uploads": [picture]}).status_code == 201
