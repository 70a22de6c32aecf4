"""What happens to a case between acceptance and delivery."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

from tongban.base.fields import EncryptedJSONField, EncryptedTextField
from tongban.cases.models.case import Case
from tongban.directory.models import Organisation
from tongban.identity.models import Account

if TYPE_CHECKING:
    from tongban.cases.models.colleagues import StepFile


class CaseStep(models.Model):
    """One step of a case at one unit (环节), from the item version's steps.

    A case that was sent back has the steps that are done again once more, in a later `round`; the one with the highest
    is the current one. `state`: waiting, open, done; returned (its holder sent the case back, `opinion` says why);
    stopped (was open when the case was sent back from another step, or ended).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    key = models.CharField(max_length=50)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    round = models.PositiveSmallIntegerField(default=1)
    order = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    state = models.CharField(max_length=10, default="waiting")
    claimed_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    #: Name and post of who did it, as of then, for the file.
    done_by_title = models.CharField(max_length=200, blank=True, default="")
    agree = models.BooleanField(null=True, blank=True)
    opinion = EncryptedTextField(blank=True, default="")
    checklist = models.JSONField(default=list, blank=True)
    #: What is attached to the opinion, where the step was read with it (`queries.dossier.steps_with_files`).
    attached: "Sequence[StepFile]" = ()

    class Meta:
        ordering: ClassVar = ["order"]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "done_at"], condition=Q(state="done"), name="step_done_of_unit"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "key", "round"], name="case_step_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "open", "done", "returned", "stopped"]), name="case_step_state_known"
            ),
        ]


class InboxEntry(models.Model):
    """Something to be done about a case by a role at a unit: what inboxes are made of.

    `kind`: reception (receive, correct, accept …), step, issue, delivery. Several units may hold an entry for the same
    reception; whoever acts closes them all.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="inbox_entries")
    step = models.ForeignKey(
        CaseStep, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=30)
    due_on = models.DateField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    #: What lists show of the case and its step, written by `tongban.cases.inbox` alone, so that a page of an inbox is
    #: one range of one index whatever the number of cases.
    case_no = models.CharField(max_length=50)
    item_name = models.CharField(max_length=200)
    task_code = models.CharField(max_length=50)
    division_code = models.CharField(max_length=12)
    applicant_masked = models.CharField(max_length=200)
    state = models.CharField(max_length=30)
    channel = models.CharField(max_length=10)
    submitted_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    step_name = models.CharField(max_length=200, blank=True, default="")
    claimed_by = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "role", "due_on", "id"], condition=Q(closed_at__isnull=True), name="inbox_open"
            ),
            models.Index(
                fields=["organisation", "role", "kind", "due_on", "id"],
                condition=Q(closed_at__isnull=True),
                name="inbox_open_kind",
            ),
            models.Index(
                fields=["organisation", "role", "submitted_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="inbox_open_submitted",
            ),
            models.Index(
                fields=["organisation", "role", "item_name", "id"],
                condition=Q(closed_at__isnull=True),
                name="inbox_open_item",
            ),
            models.Index(fields=["claimed_by"], condition=Q(claimed_by__isnull=False), name="inbox_claimed_by"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["reception", "step", "issue", "delivery"]), name="inbox_kind_known"
            ),
        ]


class Correction(models.Model):
    """The one notice of everything missing (补正告知), and its answer. A case has at most one (行政许可法 art. 32).

    `in_pre_review`: the notice was the list of a pre-review return, by which the five days neither stop nor begin anew.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="correction")
    #: [{"kind": "material"|"field", "key": …, "name": …, "what": …}]
    defects = EncryptedJSONField()
    requested_at = models.DateTimeField()
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True, blank=True)
    in_pre_review = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_on"], condition=Q(answered_at__isnull=True), name="correction_unanswered"),
        ]


class Decision(models.Model):
    """The decision on a case with its reasons (not accepted, no permit needed, granted, refused), or why it ended so.

    `right_body`: whose matter it is, or to whom the case was passed.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="decision")
    kind = models.CharField(max_length=20)
    reason = EncryptedTextField(blank=True, default="")
    basis = models.CharField(max_length=1000, blank=True, default="")
    right_body = models.CharField(max_length=200, blank=True, default="")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "not_accepted",
                        "no_permit_needed",
                        "granted",
                        "refused",
                        "voided",
                        "transferred",
                        "returned",
                        "withdrawn",
                        "deleted",
                    ]
                ),
                name="case_decision_kind_known",
            ),
        ]
