"""A body that issues documents, and what tests of files need."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import pytest

from tongban.directory.models import Division, Organisation

AT = dt.datetime(2026, 11, 17, 2, 3, 4, tzinfo=dt.UTC)


def make_body(
    code="11430212MB1F07267M", ref="430212:scjgj", name="株洲市渌口区市场监督管理局", short="渌口区市场监管局"
):
    """An organisation of 渌口区 with its divisions."""
    above: Division | None = None
    for number, called, level in (
        ("430000000000", "湖南省", "province"),
        ("430200000000", "株洲市", "city"),
        ("430212000000", "渌口区", "county"),
    ):
        above, _ = Division.objects.get_or_create(
            code=number,
            defaults={"name": called, "level": level, "parent": above, "search_text": called, "sort_key": called},
        )
    assert above is not None
    return Organisation.objects.create(
        code=code,
        ref=ref,
        name=name,
        short_name=short,
        kind="department",
        division=above,
        search_text=name,
        sort_key=name,
    )


@pytest.fixture
def body(db):
    return make_body()


@pytest.fixture
def text_of(tmp_path: Path):
    """The text of a PDF as an independent reader finds it, without spaces and line ends."""

    def read(pdf: bytes) -> str:
        path = tmp_path / "read.pdf"
        path.write_bytes(pdf)
        done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
        return "".join(done.stdout.decode().split())

    return read


@pytest.fixture
def pdfsig(tmp_path: Path):
    """What poppler's pdfsig says of a PDF."""

    def read(pdf: bytes) -> str:
        path = tmp_path / "signed.pdf"
        path.write_bytes(pdf)
        done = subprocess.run(["pdfsig", str(path)], capture_output=True, check=False)
        return done.stdout.decode()

    return read
