"""Seeing personal data in clear: always for a stated purpose, always written down."""

from __future__ import annotations

from django.db import transaction

from tongban.base import chain, moment
from tongban.identity import events
from tongban.identity.models import UnmaskLog
from tongban.identity.registries import unmaskables
from tongban.kernel.actor import Actor
from tongban.kernel.personal import personal_kind
from tongban.kernel.problems import Invalid, NotFound

PURPOSE_CHARS_MAX = 200


def unmask(actor: Actor, *, subject_kind: str, subject_id: str, field: str, purpose: str) -> str:
    """Return one field of personal data in clear and write down who saw it, from which post and what for.

    Args:
        actor: a staff member with a post.
        subject_kind: a kind in `identity.registries.unmaskables` (`person`, and what upper rooms add).
        subject_id: which one.
        field: which of its fields.
        purpose: why, in words; 2 to 200 characters, no numbers of persons in it.

    Raises:
        NotFound: no such thing, or the actor may not see it.
        Invalid: field `purpose`.
    """
    source = unmaskables.get(subject_kind)
    if source is None or actor.kind != "staff" or actor.account_id is None or not actor.appointments:
        raise NotFound
    words = purpose.strip()
    if not 2 <= len(words) <= PURPOSE_CHARS_MAX or personal_kind(words):
        raise Invalid(fields={"purpose": "请写明查看原因（2 至 200 字，不要写入证件号码或电话）。"})
    with transaction.atomic():
        revealed = source.reveal(actor, subject_id, field)
        post = actor.appointments[0]
        log = UnmaskLog.objects.create(
            at=moment.now(),
            account_id=actor.account_id,
            organisation_name=post.organisation_name,
            post_title=post.post_title,
            subject_kind=subject_kind,
            subject_id=subject_id,
            field=field,
            purpose=words,
            person_id=revealed.person_id,
        )
        chain.append(
            subject=f"account:{actor.account_id}",
            kind=events.DATA_UNMASKED,
            payload={"log": log.pk, "subject_kind": subject_kind, "field": field},
            actor=actor,
            at=moment.now(),
        )
    return revealed.value
