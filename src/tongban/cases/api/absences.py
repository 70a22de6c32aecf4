"""Somebody is away: a body's own system lends the post in whose name it acts to a colleague, and takes it back."""

from datetime import date

from django.http import HttpRequest
from ninja import Field, Schema

from tongban.cases.api.acting import Key, TongbanPost, do_at_desk, keep_act, post_holder, read_at_desk
from tongban.cases.api.desk import ColleagueOut
from tongban.cases.api.examples import Body
from tongban.identity import commands as identity
from tongban.identity.models import Delegation
from tongban.identity.queries import colleagues_of, delegations_of
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound


class AbsenceOut(Schema):
    """The post is lent to a colleague from one day to another, both included."""

    id: int
    to_account_id: int
    name: str
    valid_from: date
    valid_to: date
    reason: str


class AbsenceList(Schema):
    """What is lent and not taken back, the latest first, and to whom the post can be lent."""

    items: list[AbsenceOut]
    colleagues: list[ColleagueOut]


class AbsenceIn(Body):
    """To whom, from when, until when, and why."""

    to_account_id: Key
    valid_from: date
    valid_to: date
    reason: str = Field(max_length=200)


@read_at_desk("absences", AbsenceList, "查看外出委托")
def list_absences(request: HttpRequest, post: TongbanPost) -> AbsenceList:
    """To whom the post is lent, and to whom it can be."""
    actor = post_holder(request, post)
    return AbsenceList(
        items=[_absence(one) for one in _lent(actor, post)],
        colleagues=[ColleagueOut(account_id=one.pk, name=one.name) for one in colleagues_of(actor)],
    )


@do_at_desk("absences", AbsenceOut, "委托同事代办")
def add_absence(request: HttpRequest, post: TongbanPost, body: AbsenceIn) -> AbsenceOut:
    """Lend the post to a colleague of the same organisation, for as long as the holder is away."""
    lent = identity.delegate(post_holder(request, post), appointment_id=post, **body.dict())
    keep_act(request, post, "delegate", str(lent))
    return _absence(lent)


@do_at_desk("absences/{absence_id}/end", AbsenceOut, "收回委托")
def end_absence(request: HttpRequest, absence_id: int, post: TongbanPost) -> AbsenceOut:
    """Take the post back at once."""
    actor = post_holder(request, post)
    if absence_id not in {one.pk for one in _lent(actor, post)}:
        raise NotFound("这项委托", code="delegation_not_found")
    ended = identity.revoke_delegation(actor, delegation_id=absence_id)
    keep_act(request, post, "revoke_delegation", str(ended))
    return _absence(ended)


def _lent(actor: Actor, post: int) -> list[Delegation]:
    """Of this post alone: what else its holder has is not bound to the system."""
    return [one for one in delegations_of(actor) if one.appointment_id == post]


def _absence(lent: Delegation) -> AbsenceOut:
    return AbsenceOut(
        id=lent.pk,
        to_account_id=lent.to_account_id,
        name=lent.to_account.name,
        valid_from=lent.valid_from,
        valid_to=lent.valid_to,
        reason=lent.reason,
    )
