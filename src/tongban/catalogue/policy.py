"""Who may change the catalogue, and who reviews a change."""

from __future__ import annotations

from typing import Final

from tongban.catalogue.models import Implementation, ItemChange
from tongban.identity.queries import holds, may_in_division
from tongban.kernel.actor import Actor, Role

#: Who looks at a change in which stage.
REVIEWERS: Final = {
    ItemChange.Stage.DIRECTORY: Role.DIRECTORY_REVIEWER,
    ItemChange.Stage.LEGAL: Role.LEGAL_REVIEWER,
}
#: Who reads drafts and changes of the bodies within reach.
READERS: Final = (Role.CATALOGUE_EDITOR, Role.DIRECTORY_REVIEWER, Role.LEGAL_REVIEWER, Role.SUPERVISOR)


def may_edit(actor: Actor, implementation: Implementation) -> bool:
    """The program itself, and a catalogue editor of the implementing body or of its division or one above."""
    return may_edit_for(actor, implementation.organisation_id, implementation.division_id)


def may_edit_for(actor: Actor, organisation_id: int, division_code: str) -> bool:
    """Whether the actor may write what a body's items say."""
    if actor.is_system or holds(actor, Role.CATALOGUE_EDITOR, organisation_id):
        return True
    return may_in_division(actor, Role.CATALOGUE_EDITOR, division_code) is not None


def may_edit_directory(actor: Actor, city: str) -> bool:
    """Whether the actor may propose changes of the city's directory (基本目录): its own catalogue editor."""
    return actor.is_system or may_in_division(actor, Role.CATALOGUE_EDITOR, city) is not None


def may_import(actor: Actor) -> bool:
    """Whether the actor edits items anywhere, and so may hand in a file of them; each item is asked for by itself."""
    return any(post.role == Role.CATALOGUE_EDITOR for post in actor.appointments)


def may_draft(actor: Actor, change: ItemChange) -> bool:
    """Whether the actor may go on writing this change."""
    return may_edit_for(actor, change.organisation_id, change.division_id)


def may_review(actor: Actor, change: ItemChange) -> bool:
    """Whether the actor reviews in the stage that the change stands in, and is not who drafted it (四眼原则)."""
    if not change.stage or (actor.account_id is not None and actor.account_id == change.drafter):
        return False
    return may_in_division(actor, REVIEWERS[ItemChange.Stage(change.stage)], change.division_id) is not None


def may_read(actor: Actor, change: ItemChange) -> bool:
    """Whether the actor sees the change at all: its editors, and reviewers and supervisors of its division."""
    if may_draft(actor, change):
        return True
    return any(may_in_division(actor, role, change.division_id) for role in READERS)
