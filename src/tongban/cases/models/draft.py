"""Drafts: applications that are still being written (暂存)."""

import uuid
from typing import ClassVar

from django.db import models

from tongban.base.fields import EncryptedJSONField
from tongban.catalogue.models import ItemVersion
from tongban.directory.models import Organisation
from tongban.files.models import StoredFile
from tongban.identity.models import Account, ApiClient, Company, Person


class Draft(models.Model):
    """An application that is being written, by the applicant online or by a clerk at a window.

    It keeps the item version it was begun under. Submitting ties it to its case, so that a doubled submission finds
    the case instead of making another.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=10)
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    clerk = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    clerk_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    client = models.ForeignKey(ApiClient, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    applicant = EncryptedJSONField(default=dict)
    agent = EncryptedJSONField(default=dict, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    form = EncryptedJSONField(default=dict, blank=True)
    service = EncryptedJSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    case = models.OneToOneField("cases.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="draft")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "-updated_at"], name="draft_of_account"),
            models.Index(fields=["clerk", "-updated_at"], name="draft_of_clerk"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(channel__in=["web", "mobile", "window", "api"]), name="draft_channel_known"
            ),
        ]


class DraftMaterial(models.Model):
    """One file handed in for one material of a draft."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="materials")
    key = models.CharField(max_length=50)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["draft", "key"], name="draft_material_key")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "file"], name="draft_material_once")]
