"""Somebody leaves: the system of IT staff sees what a whole desk comes to, and hands it over."""

from typing import Final

from django.http import HttpRequest
from ninja import Field, Query, Schema

from tongban.cases.api.acting import TongbanPost, do_at_desk, keep_act, post_holder, read_at_desk
from tongban.cases.api.examples import Body
from tongban.identity import commands as identity
from tongban.identity.queries import HandoverPlan, handover_plan
from tongban.identity.registries import handover

_SCOPE: Final = "posts:manage"
_HELP: Final = "登录名。"


class PairIn(Schema):
    """Log-in names of who leaves and who takes over."""

    leaver: str = Field(min_length=1, max_length=40, description=_HELP)
    successor: str = Field(min_length=1, max_length=40, description=_HELP)


class DeskIn(PairIn, Body):
    """Also whether the leaver's account is closed."""

    close_account: bool = True


class HandedPostOut(Schema):
    """A post that goes over."""

    organisation: str
    title: str
    held_already: bool = Field(description="接收人已有这个岗位。")


class WorkOut(Schema):
    """Open work of one kind."""

    label: str
    count: int


class PlanOut(Schema):
    """What would go over."""

    leaver: str
    successor: str
    posts: list[HandedPostOut]
    delegations: int = Field(description="随之收回的委托。")
    work: list[WorkOut]


class HandedOut(Schema):
    """What went over."""

    posts: int
    work: list[WorkOut]


@read_at_desk("desk-handover", PlanOut, "预览整台移交", scope=_SCOPE)
def preview_desk(request: HttpRequest, post: TongbanPost, pair: Query[PairIn]) -> PlanOut:
    """What a handover would move now; nothing is changed."""
    return _plan(handover_plan(post_holder(request, post), from_login=pair.leaver, to_login=pair.successor))


@do_at_desk("desk-handover", HandedOut, "整台移交", scope=_SCOPE)
def hand_desk_over(request: HttpRequest, post: TongbanPost, body: DeskIn) -> HandedOut:
    """Move posts and all open work to the successor, end what was lent, close the leaver's account."""
    actor = post_holder(request, post)
    plan = handover_plan(actor, from_login=body.leaver, to_login=body.successor)
    done = identity.hand_over(
        actor,
        from_account_id=plan.leaver.pk,
        to_account_id=plan.successor.pk,
        close_account=body.close_account,
    )
    keep_act(request, post, "hand_over_desk", f"account:{plan.leaver.pk}")
    work = [WorkOut(label=str(handover[kind].label), count=count) for kind, count in done.work.items()]
    return HandedOut(posts=len(done.appointments), work=work)


def _plan(plan: HandoverPlan) -> PlanOut:
    posts = [
        HandedPostOut(organisation=one.post.organisation.name, title=one.post.title, held_already=held)
        for one, held in plan.posts
    ]
    return PlanOut(
        leaver=plan.leaver.name,
        successor=plan.successor.name,
        posts=posts,
        delegations=plan.lent,
        work=[WorkOut(label=label, count=count) for label, count in plan.work],
    )
