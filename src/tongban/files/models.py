"""The table of stored files."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from tongban.base.fields import EncryptedTextField


class StoredFile(models.Model):
    """A file that was handed in, looked at and kept (材料文件); the bytes lie outside the database.

    `owner_kind` and `owner_ref` name what it belongs to ("draft", "case" …); who may read it is asked of the
    room that registered the kind. The name may hold a person's name, so it is encrypted.
    """

    class TrustLevel(models.TextChoices):
        """How far the file can be trusted and used again (domain.md 2.8)."""

        A = "A", "由签发机关产生"
        B = "B", "窗口已核对原件"
        C = "C", "用户上传，未核对原件"
        D = "D", "用户自制并承诺"

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    owner_kind = models.CharField(max_length=30)
    owner_ref = models.CharField(max_length=120)
    name = EncryptedTextField()
    media_type = models.CharField(max_length=100)
    #: Bytes.
    size = models.PositiveBigIntegerField()
    #: SHA-256 of the kept bytes, hexadecimal.
    sha256 = models.CharField(max_length=64)
    #: Several rows may name the same bytes, see `commands.share`.
    storage_key = models.CharField(max_length=80, db_index=True)
    #: The key of this one file, see `sealing`; None for one that was kept before files were encrypted.
    data_key = EncryptedTextField(null=True)
    #: Pages that the viewer shows: 0 where it shows none; None for a file kept before this was noted.
    pages = models.PositiveSmallIntegerField(null=True)
    trust_level = models.CharField(max_length=1, choices=TrustLevel.choices, default=TrustLevel.C)
    stored_at = models.DateTimeField()
    #: When a clerk compared it with the original; and the last day for which the original is valid, where it says one.
    checked_at = models.DateTimeField(null=True)
    valid_to = models.DateField(null=True)
    #: The file whose bytes it shares.
    copied_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner_kind", "owner_ref"], name="stored_file_by_owner")]

    def __str__(self) -> str:
        return f"file:{self.public_id}"


class PendingUpload(models.Model):
    """A file on its way over a network that breaks: its chunks lie encrypted under `TONGBAN_VAR/uploads`.

    It belongs to whoever began it. Once used it only remembers that, so that a repeated form stores nothing twice.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    #: `Actor.ref` of who began it, with the kind in front.
    owner = models.CharField(max_length=120)
    name = EncryptedTextField()
    #: Bytes of the whole file, and how many of them are here.
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner"], name="pending_upload_by_owner"),
            models.Index(fields=["expires_at"], name="pending_upload_by_end"),
        ]

    def __str__(self) -> str:
        return f"upload:{self.public_id}"
