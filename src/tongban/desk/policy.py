"""Who keeps and shares views of the desk."""

from tongban.kernel.actor import Actor, Role


def units(actor: Actor) -> dict[int, str]:
    """Units at which the actor has a post: key and name."""
    return {one.organisation_id: one.organisation_name for one in actor.appointments if actor.kind == "staff"}


def headed_units(actor: Actor) -> dict[int, str]:
    """Units that the actor heads as section head or leader, also by delegation: whose shared views the actor keeps."""
    roles = {Role.SECTION_HEAD, Role.LEADER}
    heads = {one.organisation_id for one in actor.appointments if one.role in roles}
    return {key: name for key, name in units(actor).items() if key in heads}
