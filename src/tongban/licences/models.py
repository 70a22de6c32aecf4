"""Tables of electronic licences (GB/T 36901 to 36906-2018)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tongban.base import moment
from tongban.base.fields import BlindIndexField, EncryptedJSONField, EncryptedTextField
from tongban.directory.models import Organisation
from tongban.documents.models import Document


class LicenceType(models.Model):
    """证照类型: a kind of licence with the body that defined it (GB/T 36902, 36904).

    `code` is the defining body's credit code and three digits.
    """

    class Layout(models.TextChoices):
        PERMIT = "permit", "横版许可证"
        REGISTER = "register", "竖版登记证"

    code = models.CharField(primary_key=True, max_length=21)
    name = models.CharField(max_length=100)
    definer_name = models.CharField(max_length=100)
    #: Which face it has.
    layout = models.CharField(max_length=10, choices=Layout.choices, default=Layout.PERMIT)
    #: Who may hold it: "111" persons, "001" organisations, "" both.
    holder_kind = models.CharField(max_length=3, blank=True, default="")
    #: Whether a holder has at most one live licence of this type (GB/T 36903: one live licence per type and holder).
    single = models.BooleanField(default=False)
    #: What the face shows beside holder and validity: a list of {"label", "sources": [labels of the form]}.
    face = models.JSONField(default=list, blank=True)
    footnote = models.CharField(max_length=300, blank=True, default="")
    #: False: kept in the library only (营业执照, 居民身份证), never issued here.
    issued_here = models.BooleanField(default=True)
    #: Whether the pack still has it.
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="licence_type_code_shape", condition=Q(code__regex=r"^[0-9A-Z]{18}[0-9]{3}$")),
        ]

    def __str__(self) -> str:
        return self.name


class Licence(models.Model):
    """电子证照: one licence in one version; re-issued, it is a new row with the same serial and the next version."""

    class Status(models.TextChoices):
        """GB/T 36903, 证照状态."""

        VALID = "01", "有效"
        DETAINED = "02", "暂扣"
        WITHDRAWN = "03", "撤销"
        CANCELLED = "04", "注销"
        LAPSED = "05", "失效"
        MOVED_OUT = "06", "转出"
        REVOKED = "07", "吊销"
        OTHER = "99", "其他"

    class Source(models.TextChoices):
        ISSUED = "issued", "本平台颁发"
        IMPORTED = "imported", "证照库已有"

    #: 电子证照标识, `kernel.codes.licence_id`.
    licence_id = models.CharField(max_length=140, unique=True)
    type = models.ForeignKey(LicenceType, models.PROTECT, related_name="+")
    serial = models.CharField(max_length=50)
    version = models.PositiveSmallIntegerField(default=1)
    #: As printed: JY24302120000017. On an identity card it is the holder's own number, hence encrypted.
    number = EncryptedTextField(max_length=100)
    holder_name = EncryptedTextField()
    holder_code = EncryptedTextField()
    #: Index of `queries.holder_code_of(holder_code_type, holder_code)`.
    holder_index = BlindIndexField()
    #: 111 公民身份号码, 001 统一社会信用代码, or another kind of document.
    holder_code_type = models.CharField(max_length=3)
    #: The issuing body where it is one of the directory.
    issuer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    #: Name and credit code of the issuing body on the day of issue.
    issuer_name = models.CharField(max_length=100)
    issuer_code = models.CharField(max_length=18)
    #: Division of the issuing body, 12 characters.
    division_code = models.CharField(max_length=12)
    issued_on = models.DateField()
    valid_from = models.DateField()
    #: Last day; None: valid without end.
    valid_to = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=2, choices=Status.choices, default=Status.VALID)
    status_text = models.CharField(max_length=200, blank=True)
    status_at = models.DateTimeField()
    #: None for what the library already held.
    document = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")
    case_no = models.CharField(max_length=50, blank=True)
    item_code = models.CharField(max_length=33, blank=True)
    #: Extension fields (KZ_…): labels and values.
    fields = EncryptedJSONField(default=dict)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.ISSUED)
    #: Made up for the demonstration.
    sample = models.BooleanField(default=False)
    #: Copied from the type at issue, so that the database holds "one live licence per type and holder".
    single = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["type", "holder_index"], name="licence_type_holder"),
            models.Index(fields=["case_no"], name="licence_case"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case_no", "type"], condition=~Q(case_no=""), name="licence_once_per_case_and_type"
            ),
            models.UniqueConstraint(
                fields=["type", "holder_index"],
                condition=Q(single=True, status__in=["01", "02"]),
                name="licence_one_live_per_type_and_holder",
            ),
            models.CheckConstraint(
                name="licence_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(name="licence_version_range", condition=Q(version__gte=1, version__lte=999)),
            models.CheckConstraint(
                name="licence_issued_has_document",
                condition=~Q(source="issued") | Q(document__isnull=False, issuer__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.licence_id

    @property
    def is_live(self) -> bool:
        """Whether it may be used today."""
        return self.live_on(moment.today())

    def live_on(self, on: date) -> bool:
        """Whether it may be used on a day (Shanghai): status 有效 and within its validity."""
        within = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return self.status == self.Status.VALID and within
