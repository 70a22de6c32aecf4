"""A window's own system records who handles applications for whom, from a signed paper (民法典 art. 165), and ends it.

Whoever authorises online signs with their own password or code, on our pages: no system speaks for them there.
"""

from datetime import date, datetime

from django.http import HttpRequest
from ninja import Field, Schema, Status

from tongban.cases.api.acting import NothingIn, TongbanPost, do_at_desk, keep_act, look_at_desk, post_holder
from tongban.cases.api.examples import Body
from tongban.identity import commands as identity
from tongban.identity.models import Mandate
from tongban.identity.queries import mandates_at_window
from tongban.kernel.actor import Actor


class NamedIn(Schema):
    """A person by the document that was seen."""

    document_kind: str = Field(pattern=r"^\d{3}$", description="GA/T 2000.156：111 居民身份证。")
    document_number: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=200)


class MandateIn(Body):
    """What the signed paper says (授权委托书): who, whom, until when, which powers."""

    principal: NamedIn = Field(description="委托人。")
    agent: NamedIn = Field(description="代办人。")
    valid_to: date = Field(description="截止日期，含当天，最长一年。")
    may_withdraw: bool = Field(default=False, description="是否特别授权撤回申请。")
    authority: str = Field(min_length=1, max_length=300, description="授权委托书的日期和委托事项。")


class PrincipalIn(Body):
    """Of whom: sent as a body, so that nobody's number stands in an address."""

    document_kind: str = Field(pattern=r"^\d{3}$")
    document_number: str = Field(min_length=1, max_length=40)


class MandateOut(Schema):
    """An authority that a window recorded."""

    id: int
    principal: str = Field(description="委托人姓名。")
    agent: str = Field(description="代办人姓名。")
    valid_from: date
    valid_to: date
    may_withdraw: bool
    ended_at: datetime | None


class MandateList(Schema):
    """The latest first."""

    items: list[MandateOut]


@look_at_desk("mandates/search", MandateList, "查找窗口登记的授权")
def find_mandates(request: HttpRequest, post: TongbanPost, body: PrincipalIn) -> MandateList:
    """What the post-holder's windows recorded for a principal and is in force."""
    actor = post_holder(request, post)
    found = mandates_at_window(actor, body.document_kind, body.document_number)
    keep_act(request, post, "find_mandates", f"search:{actor.ref}")
    return MandateList(items=[_mandate(one) for one in found])


@do_at_desk("mandates", {201: MandateOut}, "登记授权代办")
def record_mandate(request: HttpRequest, post: TongbanPost, body: MandateIn) -> Status[MandateOut]:
    """Record a signed paper that the clerk saw, with both documents; it counts at once."""
    actor = post_holder(request, post)
    mandate = identity.record_mandate(
        actor,
        organisation_id=_body_of(actor, post),
        principal=identity.Named(**body.principal.dict()),
        agent=identity.Named(**body.agent.dict()),
        valid_to=body.valid_to,
        may_withdraw=body.may_withdraw,
        authority=body.authority,
    )
    keep_act(request, post, "record_mandate", mandate.subject)
    return Status(201, _mandate(mandate))


@do_at_desk("mandates/{mandate_id}/end", MandateOut, "收回授权代办")
def end_mandate(request: HttpRequest, mandate_id: int, post: TongbanPost, body: NothingIn) -> MandateOut:
    """End, for a principal who came, what this window recorded. Again: nothing changes."""
    del body
    mandate = identity.end_mandate(post_holder(request, post), mandate_id=mandate_id)
    keep_act(request, post, "end_mandate", mandate.subject)
    return _mandate(mandate)


def _body_of(actor: Actor, post: int) -> int:
    return next(one.organisation_id for one in actor.appointments if one.id == post)


def _mandate(mandate: Mandate) -> MandateOut:
    return MandateOut(
        id=mandate.pk,
        principal=mandate.principal.name,
        agent=mandate.agent.name,
        valid_from=mandate.valid_from,
        valid_to=mandate.valid_to,
        may_withdraw=mandate.may_withdraw,
        ended_at=mandate.ended_at,
    )
