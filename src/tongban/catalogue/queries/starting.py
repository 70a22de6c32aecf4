"""Where changes of the directory begin: who keeps it, what may be done with an entry, which bodies may take it up."""

from __future__ import annotations

from typing import Final

from tongban.catalogue.commands.contents import LEVELS
from tongban.catalogue.models import BaseItem, Implementation, ItemChange
from tongban.catalogue.policy import may_edit_directory
from tongban.directory.models import Division, Organisation
from tongban.kernel.actor import Actor, Role

_Kind = ItemChange.Kind
#: Bodies that a list offers; others are typed by their code.
_OFFERED_MAX: Final = 300


def keeper_of(actor: Actor) -> str:
    """Code of the body in whose name the actor keeps the directory of the city; empty for those who do not."""
    for one in actor.appointments:
        if one.role == Role.CATALOGUE_EDITOR and may_edit_directory(actor, one.division_code):
            at_city = Division.objects.filter(pk=one.division_code, level="city").exists()
            if at_city:
                return Organisation.objects.values_list("code", flat=True).get(pk=one.organisation_id)
    return ""


def kinds_of(base: BaseItem) -> tuple[ItemChange.Kind, ...]:
    """What may be done with an entry as it stands."""
    if base.state == BaseItem.State.ACTIVE:
        return (_Kind.CHANGE, _Kind.SPLIT, _Kind.MERGE, _Kind.SUSPEND, _Kind.CANCEL)
    return (_Kind.RESUME, _Kind.CANCEL) if base.state == BaseItem.State.SUSPENDED else ()


def candidates(base: BaseItem) -> list[tuple[str, str]]:
    """Bodies of the entry's levels that do not run it, by code and name, city and counties first."""
    wanted = set(base.elements.get("levels", ()))
    levels = [level for level, digit in LEVELS.items() if digit in wanted]
    runs = Implementation.objects.filter(base=base).exclude(state=Implementation.State.CANCELLED)
    rows = Organisation.objects.filter(division__level__in=levels, valid_to=None).exclude(
        pk__in=runs.values("organisation_id")
    )
    return list(rows.order_by("division_id", "sort_key").values_list("code", "name")[:_OFFERED_MAX])
