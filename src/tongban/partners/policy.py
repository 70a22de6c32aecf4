"""Who may manage the webhooks of a system: the system itself, and IT staff of a division around its body."""

from tongban.identity.models import ApiClient
from tongban.identity.queries import may_in_division
from tongban.kernel.actor import Actor, Role

#: Whoever may read events may have them sent.
SCOPE = "events:read"


def may_manage(actor: Actor, client: ApiClient) -> bool:
    """Whether the actor may see and change where the system is told."""
    if actor.kind == "client":
        return actor.client_id == client.pk and actor.has_scope(SCOPE)
    return may_in_division(actor, Role.IT_ADMIN, client.organisation.division_id) is not None
