"""Who may change a licence."""

from tongban.directory.queries import acts_for
from tongban.kernel.actor import Actor, Role
from tongban.licences.models import Licence

_MAY_CHANGE = {Role.LEADER}


def may_change_status(actor: Actor, licence: Licence) -> bool:
    """The program itself, and a leader of the body that issued it or has taken over from it."""
    if actor.is_system:
        return True
    if licence.issuer is None:
        return False
    bodies = {post.organisation_id for post in actor.appointments if post.role in _MAY_CHANGE}
    return licence.issuer_id in bodies or any(_took_over(body, licence.issuer_id) for body in bodies)


def _took_over(body: int, issuer: int | None) -> bool:
    from tongban.directory.models import Organisation

    found = Organisation.objects.filter(pk=body).first()
    return found is not None and issuer in acts_for(found)
