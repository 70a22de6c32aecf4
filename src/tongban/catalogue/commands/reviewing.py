"""Reviewing a change order: taking it, approving it, returning it (编制目录审核、法制审核)."""

from __future__ import annotations

from django.db import transaction

from tongban.base import moment
from tongban.catalogue.commands import contents, held, issuing
from tongban.catalogue.commands.held import CatalogueRefusal
from tongban.catalogue.events import ItemChangeReviewed
from tongban.catalogue.models import ChangeReview, ItemChange
from tongban.catalogue.policy import may_review
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound

_State, _Stage, _Verdict = ItemChange.State, ItemChange.Stage, ChangeReview.Verdict


def begin_review(*, actor: Actor, number: str) -> ItemChange:
    """Take a change for review, so that nobody else does; again by the same reviewer changes nothing.

    Raises:
        NotFound: unknown change, or not the actor's to review now.
        CatalogueRefusal: `change_taken`.
    """
    with transaction.atomic():
        change = _mine(actor, number)
        _take(actor, change)
        return change


def approve_change(*, actor: Actor, number: str, revision: int, opinion: str = "") -> ItemChange:
    """Pass a change to the next stage, and after the last put it in force: at once, or at its time.

    Raises:
        NotFound: unknown change, or not the actor's to review now.
        CatalogueRefusal: `change_taken`, somebody else has it; `change_edited_elsewhere`, another content was read;
            `comments_open`, remarks are not settled; and what `issuing.issue` refuses.
        Invalid: `item_faults`, the catalogue has changed since it was handed in.
    """
    with transaction.atomic():
        change = _mine(actor, number)
        _take(actor, change)
        if change.revision != revision:
            raise CatalogueRefusal("change_edited_elsewhere", "变更单的内容变了。请刷新，重新核对后再审核。")
        if change.comments.filter(settled_at=None).exists():
            raise CatalogueRefusal("comments_open", "还有没有处理的意见。请先逐条标为已处理，或者退回修改。")
        contents.require_ready(change)
        _record(actor, change, _Verdict.APPROVED, opinion.strip()[:1000])
        if change.stage == _Stage.DIRECTORY:
            change.state, change.stage, change.reviewer = _State.SUBMITTED, _Stage.LEGAL, None
            change.save(update_fields=["state", "stage", "reviewer"])
            return change
        change.state, change.stage = _State.APPROVED, ""
        change.save(update_fields=["state", "stage"])
        issuing.issue_or_wait(actor, change)
        return change


def return_change(*, actor: Actor, number: str, opinion: str) -> ItemChange:
    """Give a change back to be mended.

    Raises:
        NotFound: unknown change, or not the actor's to review now.
        CatalogueRefusal: `change_taken`. Invalid: no opinion.
    """
    said = held.required(opinion, "opinion", "退回意见", 1000)
    with transaction.atomic():
        change = _mine(actor, number)
        _take(actor, change)
        _record(actor, change, _Verdict.RETURNED, said)
        change.state, change.stage, change.reviewer = _State.RETURNED, "", None
        change.save(update_fields=["state", "stage", "reviewer"])
        return change


def _mine(actor: Actor, number: str) -> ItemChange:
    change = held.change(number)
    if not may_review(actor, change):
        raise NotFound("这张变更单")
    return change


def _take(actor: Actor, change: ItemChange) -> None:
    if change.reviewer not in (None, actor.account_id):
        raise CatalogueRefusal("change_taken", "这张变更单已经由另一位审核员在审。请先办别的。")
    seen = change.reviews.filter(reviewer=actor.ref, verdict=_Verdict.APPROVED, at__gte=change.submitted_at)
    if seen.exists():
        raise CatalogueRefusal("change_reviewed", "您已经审过这张变更单，下一道审核要由别人做。")
    if change.reviewer is None:
        change.reviewer = actor.account_id
        if change.stage == _Stage.LEGAL:
            change.state = _State.LEGAL_REVIEW
        change.save(update_fields=["reviewer", "state"])


def _record(actor: Actor, change: ItemChange, verdict: str, opinion: str) -> None:
    digest = contents.digest(change)
    ChangeReview.objects.create(
        change=change, stage=change.stage, verdict=verdict, opinion=opinion, digest=digest,
        reviewer=actor.ref, reviewer_name=actor.name[:50], at=moment.now(),
    )  # fmt: skip
    held.append(
        actor, f"item-change:{change.number}", ItemChangeReviewed(change.number, change.stage, str(verdict), digest)
    )
