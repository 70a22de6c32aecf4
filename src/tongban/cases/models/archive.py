"""What an archived case holds (归档): frozen when it was archived."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongban.base.fields import EncryptedJSONField
from tongban.cases.models.case import Case
from tongban.directory.models import Organisation
from tongban.identity.models import Account

RETENTION_WORDS = {"permanent": "永久", "30 years": "30年", "10 years": "10年"}


class Archive(models.Model):
    """The archive package of a case. Never changed: with the files it names it gives the same bytes every time.

    `contents`: {"metadata": XML, "texts": {path: text}, "files": [{"path", "sha256", "source", "key"}]}; `source` is
    document (key of the document) or file (key of the stored file). `sha256` seals everything (`bag.seal_of`).
    """

    append_only = True

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="archive")
    #: 档号, by DA/T 13-2022: 全宗号-门类·年度-保管期限-件号.
    archive_no = models.CharField(max_length=60, unique=True)
    #: The body whose fonds (全宗) it belongs to.
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    retention = models.CharField(max_length=10)
    contents = EncryptedJSONField()
    sha256 = models.CharField(max_length=64)
    archived_at = models.DateTimeField()
    archived_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "-id"], name="archive_of_fonds")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(retention__in=["permanent", "30 years", "10 years"]), name="archive_retention_known"
            ),
        ]

    @property
    def retention_words(self) -> str:
        """保管期限 in words."""
        return RETENTION_WORDS[self.retention]
