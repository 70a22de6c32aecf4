"""Tables of legal documents: what was issued, the file made of it, who read it, and the words that begin a number."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from tongban.base.fields import EncryptedField, EncryptedJSONField
from tongban.directory.models import Organisation

#: What the applicant made, gets into the hand with the act itself, or never sees: nobody waits for its being read.
OWN_PAPERS = frozenset({"application", "receipt", "acceptance", "delivery_receipt", "fee_notice", "approval_form"})


class EncryptedBytesField(EncryptedField[Any, Any]):
    """Bytes that are encrypted at rest."""

    _pyi_private_set_type: bytes
    _pyi_private_get_type: bytes
    _pyi_lookup_exact_type: bytes

    def dump(self, value: Any) -> bytes:
        """As they are."""
        return bytes(value)

    def load(self, data: bytes) -> bytes:
        """As they were."""
        return data


class AgencyWord(models.Model):
    """机关代字: the word with which a body's document numbers begin (株人社), agreed with the archives (GB/T 9704
    7.2.5).
    """

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="+")
    word = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.word


class Document(models.Model):
    """A legal document 法律文书 as issued: its words are frozen in the transaction of the act that it records.

    A number once taken stays with its document for ever: a void document keeps it (归档 needs every number explained).
    """

    class State(models.TextChoices):
        ISSUED = "issued", "有效"
        VOID = "void", "已作废"
        SUPERSEDED = "superseded", "已被新文书替代"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: A key of `kinds.KINDS`.
    kind = models.CharField(max_length=30)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    #: Division of the issuing body, 12 characters.
    division_code = models.CharField(max_length=12)
    #: What it belongs to, "kind:number" ("case:1143…"); the chain that tells of it.
    subject = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    #: As printed: 株人社许受〔2026〕12号; empty where the kind has none.
    number = models.CharField(max_length=80, blank=True)
    #: The series, 株人社许受; year and serial of it.
    book = models.CharField(max_length=60, blank=True)
    number_year = models.PositiveSmallIntegerField(null=True, blank=True)
    number_serial = models.PositiveIntegerField(null=True, blank=True)
    #: 16 signs without separators, see `verify_code`.
    verify_code = models.CharField(max_length=16, unique=True)
    #: Everything that is printed.
    envelope = EncryptedJSONField()
    #: SHA-256, hex, of the canonical JSON of the envelope.
    content_sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ISSUED)
    state_at = models.DateTimeField(null=True, blank=True)
    state_reason = models.CharField(max_length=300, blank=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "issued_at"], name="document_subject_issued"),
            models.Index(fields=["organisation", "kind", "issued_at"], name="document_register"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["book", "number_year", "number_serial"], condition=~Q(book=""), name="document_number_once"
            ),
            models.CheckConstraint(
                name="document_number_whole",
                condition=Q(book="", number="", number_year__isnull=True, number_serial__isnull=True)
                | ~Q(book="") & ~Q(number="") & Q(number_year__isnull=False, number_serial__gte=1),
            ),
            models.CheckConstraint(
                name="document_successor_if_superseded",
                condition=~Q(state="superseded") | Q(superseded_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.title} {self.public_id}"

    @property
    def read_at(self) -> dt.datetime | None:
        """When the addressee first opened it (已阅); None while it did not. Lists join `first_reading`."""
        first: FirstReading | None = getattr(self, "first_reading", None)
        return first.at if first is not None else None

    @property
    def awaits_reading(self) -> bool:
        """Whether it is one that the addressee should open, and has not."""
        return self.kind not in OWN_PAPERS and self.read_at is None


class DocumentFile(models.Model):
    """The one file made of a document: sealed, encrypted, never changed (the database refuses).

    It lies in the database, so that file and document stand and fall together and one backup holds both.
    """

    append_only = True

    document = models.OneToOneField(Document, models.PROTECT, primary_key=True, related_name="file")
    pdf = EncryptedBytesField()
    sha256 = models.CharField(max_length=64, db_index=True)
    size_bytes = models.PositiveIntegerField()
    #: Name of the signer that sealed it; empty where the kind is not sealed.
    signer = models.CharField(max_length=40, blank=True)
    #: Characters without a glyph, printed as 〓: "U+20BB7 U+2B5B8".
    missing_glyphs = models.CharField(max_length=500, blank=True)
    rendered_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256


class DocumentReading(models.Model):
    """Somebody was given the file of a document (个人信息保护法第五十一条: who read what, and when)."""

    append_only = True

    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    actor_ref = models.CharField(max_length=60)
    channel = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["document", "at"], name="document_reading_when")]

    def __str__(self) -> str:
        return f"{self.actor_ref} {self.document_id}"


class FirstReading(models.Model):
    """已阅: the first time that the addressee, or who acts for it, was given the file.

    It proves knowledge and nothing else: an electronic document is served when it reaches the addressee's system
    (电子签名法 art. 11, 民法典 art. 137), whether it is opened or not.
    """

    append_only = True

    document = models.OneToOneField(Document, models.PROTECT, primary_key=True, related_name="first_reading")
    actor_ref = models.CharField(max_length=60)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.actor_ref} {self.document_id}"
