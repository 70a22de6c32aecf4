"""What a handover would move, before it is done: posts, lent authority, open work by kind."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.identity import policy
from tongban.identity.models import Account, Appointment, Delegation
from tongban.identity.problems import IdentityRefusal
from tongban.identity.queries.actors import live_appointments
from tongban.identity.registries import HandoverOrder, handover
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound


@dataclass(frozen=True)
class HandoverPlan:
    """What goes from whom to whom: each post with whether the successor holds it already, work by kind with counts."""

    leaver: Account
    successor: Account
    posts: tuple[tuple[Appointment, bool], ...]
    #: Delegations of these posts that end.
    lent: int
    work: tuple[tuple[str, int], ...]


def handover_plan(actor: Actor, *, from_login: str, to_login: str) -> HandoverPlan:
    """What `commands.hand_over` would do now between two staff, named by their log-in names.

    Raises:
        NotFound: no such staff, or the actor may not manage every post of the leaver's (or there is none).
        IdentityRefusal: `handover_to_self`.
    """
    leaver, successor = (_staff(one) for one in (from_login, to_login))
    held = posts_to_hand_over(actor, leaver.pk)
    if leaver.pk == successor.pk:
        raise IdentityRefusal("handover_to_self", _("移交人和接收人不能是同一个人。"))
    theirs = set(live_appointments(moment.today()).filter(account=successor).values_list("post_id", flat=True))
    work: dict[str, int] = {}
    for organisation_id in sorted({one.post.organisation_id for one in held}):
        order = HandoverOrder(actor, leaver.pk, successor.pk, organisation_id, moment.now())
        work |= {key: work.get(key, 0) + mover.count(order) for key, mover in handover.items()}
    lent = Delegation.objects.filter(appointment__in=held, revoked_at=None, valid_to__gte=moment.today())
    return HandoverPlan(
        leaver,
        successor,
        tuple((one, one.post_id in theirs) for one in held),
        lent.count(),
        tuple((str(mover.label), work[key]) for key, mover in handover.items() if key in work),
    )


def posts_to_hand_over(actor: Actor, account_id: int, *, lock: bool = False) -> list[Appointment]:
    """The live appointments of an account, each of which the actor may manage.

    Raises:
        NotFound: there is none, or the actor may not manage one of them: then nothing is said of the account.
    """
    rows = live_appointments(moment.today()).filter(account_id=account_id).order_by("pk")
    held = list(rows.select_for_update(of=("self",)) if lock else rows)
    codes = [one.post.division_id or one.post.organisation.division_id for one in held]
    if not all(policy.may_manage_posts(actor, code) for code in codes) or not (held or actor.is_system):
        raise NotFound(_("移交人或接收人"))
    return held


def _staff(login: str) -> Account:
    found = Account.objects.filter(kind=Account.Kind.STAFF, is_active=True, login=login.strip().lower()).first()
    if found is None:
        raise NotFound(_("移交人或接收人"))
    return found
