"""The case itself, its materials and the signed application."""

from typing import ClassVar

from django.db import models

from tongban.base.fields import BlindIndexField, EncryptedJSONField, EncryptedTextField
from tongban.cases.states import TO_ARCHIVE, State
from tongban.catalogue.models import Implementation, ItemVersion
from tongban.directory.models import Division, Organisation
from tongban.files.models import StoredFile
from tongban.identity.models import Account, ApiClient, Company, Person


class Case(models.Model):
    """One application under way (办件): its current state; how it came there stand in the events of its chain.

    Due dates follow from the events (`tongban.cases.clock`) and are stored for queries only. Personal data of the
    applicant is encrypted; `applicant_name_masked` is what lists show.
    """

    case_no = models.CharField(max_length=50, unique=True)
    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    implementation = models.ForeignKey(Implementation, on_delete=models.PROTECT, related_name="+", db_index=False)
    item_name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", db_index=False)
    received_by = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(max_length=30)
    result_code = models.CharField(max_length=2, blank=True, default="")
    channel = models.CharField(max_length=10)

    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    client = models.ForeignKey(
        ApiClient, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    company = models.ForeignKey(
        Company, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    applicant_kind = models.CharField(max_length=10)
    applicant = EncryptedJSONField()
    applicant_index = BlindIndexField()
    applicant_name_index = BlindIndexField()
    applicant_phone_index = BlindIndexField(null=True, blank=True)
    applicant_name_masked = models.CharField(max_length=200)
    agent = EncryptedJSONField(default=dict, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    form = EncryptedJSONField(default=dict, blank=True)
    service = EncryptedJSONField(default=dict, blank=True)
    query_password = EncryptedTextField()

    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    due_acceptance_on = models.DateField(null=True, blank=True)
    promised_due_on = models.DateField(null=True, blank=True)
    statutory_due_on = models.DateField(null=True, blank=True)
    due_provisional = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "-submitted_at", "-id"], name="case_of_person"),
            models.Index(fields=["company", "-submitted_at", "-id"], name="case_of_company"),
            models.Index(fields=["account", "-submitted_at", "-id"], name="case_of_account"),
            models.Index(fields=["client", "-submitted_at", "-id"], name="case_of_client"),
            models.Index(fields=["organisation", "state", "-submitted_at"], name="case_of_organisation"),
            models.Index(fields=["implementation", "-submitted_at", "-id"], name="case_of_implementation"),
            models.Index(
                fields=["organisation", "completed_at", "id"],
                condition=models.Q(state__in=sorted(str(one) for one in TO_ARCHIVE)),
                name="case_to_archive",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=[str(state) for state in State]), name="case_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(applicant_kind__in=["person", "company"]), name="case_applicant_kind_known"
            ),
        ]

    @property
    def subject(self) -> str:
        """The name of the case's chain, documents and bills."""
        return f"case:{self.case_no}"


class CaseMaterial(models.Model):
    """One material of a case: a file, a licence from the library, paper seen at the window, or made from the form.

    `trust_level`: A from the issuing body, B checked against the original, C uploaded, D promised (domain.md 2.8).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="materials", db_index=False)
    key = models.CharField(max_length=50)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=10)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    licence_id = models.CharField(max_length=120, blank=True, default="")
    trust_level = models.CharField(max_length=1)
    copies = models.PositiveSmallIntegerField(default=1)
    #: False once a correction replaced it; nothing handed in is ever thrown away.
    current = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "key"], name="case_material_key")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(source__in=["file", "licence", "paper", "form"]), name="case_material_source_known"
            ),
        ]


class Signature(models.Model):
    """What exactly was signed, by whom, by which proof (电子签名法 art. 13, 14). Never changed.

    `content` are the signed bytes (UTF-8 of canonical JSON, see `tongban.cases.signing`), kept encrypted.
    """

    append_only = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="signatures")
    purpose = models.CharField(max_length=20)
    content = EncryptedTextField()
    sha256 = models.CharField(max_length=64)
    signer_ref = models.CharField(max_length=40)
    #: password, phone_code, handwritten (paper at the window, seen by the clerk), client (a system's token).
    method = models.CharField(max_length=20)
    evidence = EncryptedJSONField(default=dict)
    signed_at = models.DateTimeField()
