"""What was asked of an applicant beside the published guide."""

from django.db import models

from tongban.base.fields import EncryptedTextField
from tongban.cases.models.case import Case


class BeyondGuideReport(models.Model):
    """Somebody asked for what the guide of the case does not list (指南以外的要求), a matter for supervision.

    Told by the applicant, or seen by the program in a report of the system in which the case is run; never changed.
    """

    append_only = True

    class Source(models.TextChoices):
        APPLICANT = "applicant", "申请人反映"
        SYSTEM = "system", "业务系统报送"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=Source.choices)
    #: What was asked for, and by whom, when and how; may name people.
    asked = EncryptedTextField()
    words = EncryptedTextField(blank=True)
    #: Day on which it was asked for; None where nobody says.
    asked_on = models.DateField(null=True, blank=True)
    reported_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"beyond_guide:{self.pk}"
