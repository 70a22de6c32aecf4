"""How a result reached the applicant, and every attempt before (送达)."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongban.base.fields import EncryptedJSONField, EncryptedTextField
from tongban.cases.models.case import Case
from tongban.cases.ways import OUTCOMES, WAYS
from tongban.directory.models import Organisation
from tongban.documents.models import Document
from tongban.files.models import StoredFile
from tongban.identity.models import Account
from tongban.kernel.codes.mail_no import CARRIERS


class Parcel(models.Model):
    """The documents of a case in the post (邮寄送达). `state` repeats the last scan's end; scans are only added."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parcels")
    carrier = models.CharField(max_length=10)
    tracking_no = models.CharField(max_length=13)
    #: recipient, address, phone: as written on the parcel.
    addressee = EncryptedJSONField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="accepted")
    ended_at = models.DateTimeField(null=True, blank=True)
    #: When the carrier was last asked.
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["asked_at", "id"], condition=Q(ended_at__isnull=True), name="parcel_under_way"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["carrier", "tracking_no"], name="parcel_number_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at__isnull=True), name="parcel_one_under_way"),
            models.CheckConstraint(condition=Q(carrier__in=sorted(CARRIERS)), name="parcel_carrier_known"),
        ]


class ParcelScan(models.Model):
    """What the carrier said of a parcel, or what the clerk read on the returned slip. Never changed."""

    append_only = True

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="scans")
    code = models.CharField(max_length=10)
    at = models.DateTimeField()
    place = models.CharField(max_length=100, blank=True, default="")
    signed_by = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["parcel", "at", "code"], name="parcel_scan_once"),
        ]


class PublicNotice(models.Model):
    """A public notice (公告送达): the documents count as served when its term ends.

    What the public reads is frozen here, a person's name masked; why nothing else was possible is for the file alone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="public_notices")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=200)
    #: [{"title": …, "number": …}]
    papers = models.JSONField()
    contact = models.CharField(max_length=500)
    reason = models.CharField(max_length=20)
    account = EncryptedTextField()
    published_at = models.DateTimeField()
    #: The last day of the term.
    ends_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-published_at", "-id"], condition=Q(ended_at__isnull=True), name="notice_running"),
            models.Index(fields=["ends_on", "id"], condition=Q(ended_at__isnull=True), name="notice_term"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at__isnull=True), name="notice_one_running"),
            models.CheckConstraint(condition=Q(reason__in=["unknown", "failed"]), name="notice_reason_known"),
        ]


class Delivery(models.Model):
    """One attempt to serve the result, or the one that reached the applicant (送达). Rows are only ever added.

    `collector` is who took it: name, document, relation. `facts` is what was found: place, note, witnesses.
    """

    append_only = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deliveries")
    method = models.CharField(max_length=10)
    outcome = models.CharField(max_length=10, default="served", db_default="served")
    at = models.DateTimeField(db_column="delivered_at")
    collector = EncryptedJSONField(default=dict, blank=True)
    facts = EncryptedJSONField(null=True, blank=True)
    parcel = models.ForeignKey(Parcel, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(PublicNotice, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signature_file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handed_over_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(method__in=sorted(WAYS)), name="case_delivery_method_known"),
            models.CheckConstraint(condition=Q(outcome__in=sorted(OUTCOMES)), name="case_delivery_outcome_known"),
            models.UniqueConstraint(fields=["case"], condition=Q(outcome="served"), name="case_served_once"),
        ]
