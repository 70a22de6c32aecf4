"""Taking photographs or scans of the pages of one paper as one PDF."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Sequence
from typing import IO
from uuid import UUID

from django.db import transaction

from tongban.files import binding, problems, sniffing, uploading
from tongban.files.inspection import inspect
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound, Refusal

PAGES_MAX = 30
_EXTENSION = ".pdf"
_NAME_CHARS_MAX = 100


def keep_together(
    *,
    actor: Actor,
    name: str,
    pictures: Sequence[tuple[IO[bytes], str]] = (),
    uploads: Sequence[UUID] = (),
    turns: Sequence[int] = (),
    lets_go: bool = True,
    keep: Callable[[IO[bytes], str], object],
) -> bool:
    """Bind pictures into one PDF and hand it to `keep` (stream, name); whether there was anything to bind.

    All or nothing.

    Args:
        actor: whose uploads they are.
        name: what the PDF is called.
        pictures: pages sent with the form, each with its file's name.
        uploads: further pages, which came in chunks; those that an earlier copy of the form used are passed over.
        turns: degrees clockwise for each page in this order; 0 where it is too short.
        lets_go: whether uploads that are refused end, unless the refusal passes by itself (503).
        keep: what stores it; its refusals are passed on.

    Raises:
        FileRefusal: `file_not_a_picture`, `file_too_many_pages`, or why a page cannot be taken.
        NotFound: no such upload, or it ended.
    """
    if len(pictures) + len(uploads) > PAGES_MAX:
        raise problems.too_many_pages(PAGES_MAX)
    degrees = iter([*turns, *([0] * PAGES_MAX)])
    leaves: list[binding.Leaf] = []

    def take(stream: IO[bytes], filename: str) -> None:
        leaves.append(_leaf(stream, filename, next(degrees), len(leaves) + 1))

    try:
        with transaction.atomic():
            for stream, filename in pictures:
                take(stream, filename)
            for upload in uploads:
                uploading.use_upload(actor=actor, upload_id=upload, keep=take)
            if leaves:
                keep(io.BytesIO(binding.bind(leaves)), name.strip()[:_NAME_CHARS_MAX] + _EXTENSION)
    except Refusal as refusal:
        if lets_go and refusal.status != 503:
            _let_go(actor, uploads)
        raise
    return bool(leaves)


def turns_of(text: str) -> list[int]:
    """Read degrees with commas, as a form posts them; what is no quarter turn counts as none."""
    return [int(one) if one in {"90", "180", "270"} else 0 for one in text.split(",")[:PAGES_MAX]]


def _leaf(stream: IO[bytes], filename: str, turn: int, number: int) -> binding.Leaf:
    data = stream.read(uploading.BYTES_MAX + 1)
    if len(data) > uploading.BYTES_MAX:
        raise problems.too_large(uploading.BYTES_MAX)
    inspected = inspect(data, filename)
    if inspected.media_type not in {sniffing.JPEG, sniffing.PNG}:
        raise problems.not_a_picture(number)
    return binding.leaf(inspected.data, turn)


def _let_go(actor: Actor, uploads: Sequence[UUID]) -> None:
    for upload in uploads:
        with contextlib.suppress(NotFound):
            uploading.cancel(actor=actor, upload_id=upload)
