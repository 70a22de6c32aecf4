"""Who may change the catalogue."""

from __future__ import annotations

from tongban.catalogue.models import Implementation
from tongban.identity.queries import holds, may_in_division
from tongban.kernel.actor import Actor, Role


def may_edit(actor: Actor, implementation: Implementation) -> bool:
    """The program itself, and a catalogue editor of the implementing body or of its division or one above."""
    if actor.is_system:
        return True
    if holds(actor, Role.CATALOGUE_EDITOR, implementation.organisation_id):
        return True
    return may_in_division(actor, Role.CATALOGUE_EDITOR, implementation.division_id) is not None
