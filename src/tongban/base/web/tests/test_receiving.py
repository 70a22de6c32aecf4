"""Uploads on their way in lie nowhere that a path leads to."""

import os

from django.conf import settings
from django.core.files.base import ContentFile
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

LARGE = bytes(range(256)) * 8192


def _request(content):
    body = encode_multipart(BOUNDARY, {"file": ContentFile(content, name="扫描件.pdf")})
    return RequestFactory().generic("POST", "/", body, content_type=MULTIPART_CONTENT)


def test_a_large_upload_comes_whole_and_has_no_name_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert len(LARGE) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    file = _request(LARGE).FILES["file"]
    assert not hasattr(file, "temporary_file_path")
    assert not list(tmp_path.iterdir())
    assert (file.name, file.size, file.read()) == ("扫描件.pdf", len(LARGE), LARGE)
    assert os.fstat(file.fileno()).st_nlink == 0
