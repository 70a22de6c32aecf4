"""Changes of the catalogue on their way: a draft, what reviewers said of it, comments by paragraph."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongban.catalogue.models.items import BaseItem, Implementation, ItemVersion


class ItemChange(models.Model):
    """A change order (变更单): what is to become of an entry of the directory or of one body's implementation.

    `content` is the draft as plain JSON values: the definition (kinds new and change of an implementation), the base
    elements (new and change of an entry), `{"into": [elements, …]}` of a split or merger; empty for the others.
    """

    class Kind(models.TextChoices):
        NEW = "new", "新增"
        CHANGE = "change", "变更"
        SPLIT = "split", "拆分"
        MERGE = "merge", "合并"
        SUSPEND = "suspend", "暂停"
        RESUME = "resume", "恢复"
        CANCEL = "cancel", "取消"

    class About(models.TextChoices):
        BASE = "base", "基本目录"
        IMPLEMENTATION = "implementation", "实施清单"

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "待审核"
        LEGAL_REVIEW = "legal_review", "法制审核中"
        APPROVED = "approved", "已通过，待生效"
        PUBLISHED = "published", "已发布"
        RETURNED = "returned", "已退回"
        WITHDRAWN = "withdrawn", "已撤回"

    class Stage(models.TextChoices):
        DIRECTORY = "directory", "目录审核"
        LEGAL = "legal", "法制审核"

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    about = models.CharField(max_length=20, choices=About.choices)
    #: None while the entry does not exist; the first of a merger.
    base = models.ForeignKey(BaseItem, models.PROTECT, null=True, related_name="changes")
    #: Further entries of a merger.
    merged = models.ManyToManyField(BaseItem, related_name="+", blank=True)
    #: None for changes of the directory, and while a new implementation is not published.
    implementation = models.ForeignKey(Implementation, models.PROTECT, null=True, related_name="changes")
    #: The body whose change it is, and where it lies.
    organisation = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    division = models.ForeignKey("directory.Division", models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    reason = models.CharField(max_length=1000, blank=True)
    content = models.JSONField(default=dict)
    #: Counts what was saved: a save tells which one it was made on.
    revision = models.PositiveIntegerField(default=1)
    #: The version from which the draft was made.
    before = models.ForeignKey(ItemVersion, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=15, choices=State.choices, default=State.DRAFT)
    #: The review that it waits for or is in; empty before and after.
    stage = models.CharField(max_length=10, choices=Stage.choices, blank=True)
    #: None: at once when it is approved.
    effective_at = models.DateTimeField(null=True)
    #: Account keys: who drafts it, who has taken it up for review.
    drafter = models.BigIntegerField(null=True)
    reviewer = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    #: When it came to its end: published or withdrawn.
    ended_at = models.DateTimeField(null=True)
    #: What it became.
    version = models.ForeignKey(ItemVersion, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "division", "id"], name="item_change_state"),
            models.Index(fields=["organisation", "-id"], name="item_change_body"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["implementation"],
                condition=Q(state__in=["draft", "submitted", "legal_review", "approved", "returned"]),
                name="item_change_one_open",
            ),
            models.CheckConstraint(
                name="item_change_review_has_stage",
                condition=Q(state__in=["submitted", "legal_review"], stage__in=["directory", "legal"])
                | (~Q(state__in=["submitted", "legal_review"]) & Q(stage="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ChangeReview(models.Model):
    """What a reviewer said of a change, and of which content; never changed."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", "通过"
        RETURNED = "returned", "退回"

    #: Read by `base.grants`.
    append_only = True

    change = models.ForeignKey(ItemChange, models.PROTECT, related_name="reviews")
    stage = models.CharField(max_length=10, choices=ItemChange.Stage.choices)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    opinion = models.CharField(max_length=1000, blank=True)
    #: SHA-256, hex, over the content that was looked at.
    digest = models.CharField(max_length=64)
    reviewer = models.CharField(max_length=60)
    reviewer_name = models.CharField(max_length=50)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.change_id} {self.stage} {self.verdict}"


class ChangeComment(models.Model):
    """A remark on one paragraph of a draft, open until somebody settles it."""

    change = models.ForeignKey(ItemChange, models.PROTECT, related_name="comments")
    #: Dotted path in the content, as faults write it (``materials.contract``); empty: the whole.
    path = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=1000)
    author = models.CharField(max_length=60)
    author_name = models.CharField(max_length=50)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=50, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["change", "id"], name="change_comment_of")]

    def __str__(self) -> str:
        return self.text[:40]
