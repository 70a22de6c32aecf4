"""What every act of a body's own system has in common: in whose name, what is answered, who really sent it."""

from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar

from django.db import transaction
from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.params import HeaderEx, P

from tongban.base.web.api import Bearer, actor_of, problems
from tongban.base.web.offering import changing, reading
from tongban.cases import queries
from tongban.cases.api.examples import Body
from tongban.cases.api.filing import CaseOut, case_out
from tongban.identity.commands import record_client_act
from tongban.identity.queries import actor_of_client_post
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound

F = TypeVar("F", bound=Callable[..., Any])

router = Router(tags=["办理"])
SCOPE: Final = "cases:handle"

_HELP = "以哪个任职的名义办理：平台管理员绑定给本系统的任职编号。"
#: Of an account, an organisation.
Key = Annotated[int, Field(ge=1, le=2**62)]
TongbanPost = HeaderEx[int, P(alias="Tongban-Post", ge=1, le=2**62, description=_HELP)]


class NothingIn(Body):
    """An empty object."""


class StepOut(Schema):
    """A step of the case."""

    key: str
    name: str
    kind: str
    role: str
    organisation: str
    state: str
    round: int = Field(description="第几次办理；被退回后重新办理的，从 2 起。")


class CompletionOut(Schema):
    """How the case ended: completion code of the exchange dictionary, its name, the reason where the code needs one."""

    code: str
    name: str
    reason: str


class HandledOut(CaseOut):
    """A case as its body sees it, with its steps."""

    steps: list[StepOut]
    completion: CompletionOut | None = Field(description="怎么办结的；没有办结的是 null。")


def read_at_desk(
    path: str, response: Any, summary: str, *, scope: str = SCOPE, also: tuple[int, ...] = ()
) -> Callable[[F], F]:
    """A reading operation in the name of a post: its address below `/handling/`, its answer, refusals besides."""
    return reading(router, f"/handling/{path}", response, summary, scope=scope, also=also)


def look_at_desk(path: str, response: Any, summary: str) -> Callable[[F], F]:
    """A reading operation whose question stands in no address, or whose every call is kept: a POST without a key."""

    def offered(operation: F) -> F:
        route = router.post(
            f"/handling/{path}",
            auth=Bearer(SCOPE),
            response=response,
            summary=summary,
            openapi_extra=problems(401, 403, 404, 422, 429),
        )
        return route(transaction.atomic(operation))

    return offered


def do_at_desk(
    path: str, response: Any, summary: str, *, scope: str = SCOPE, also: tuple[int, ...] = ()
) -> Callable[[F], F]:
    """An operation in the name of a post that changes something: as above, and safe to repeat."""
    return changing(router, f"/handling/{path}", response, summary, scope=scope, also=also)


def act_on_case(path: str, summary: str, *, also: tuple[int, ...] = ()) -> Callable[[F], F]:
    """An act on a case, answered with the case."""
    return do_at_desk(f"cases/{{case_no}}/{path}", HandledOut, summary, also=also)


def do_act(
    request: HttpRequest,
    post: int,
    case_no: str,
    act: str,
    command: Callable[..., object],
    body: Schema,
    **more: Any,
) -> HandledOut:
    """Do an act as the post-holder and keep in the system's chain who really sent it; both stand or fall together."""
    actor = post_holder(request, post)
    command(actor=actor, case_no=case_no, **body.dict(), **more)
    keep_act(request, post, act, f"case:{case_no}")
    return handled(actor, case_no)


def keep_act(request: HttpRequest, post: int, act: str, subject: str) -> None:
    """Keep in the system's chain that it did this in the name of the post; part of the act's transaction."""
    record_client_act(actor_of(request), act=act, subject=subject, appointment_id=post)


def post_holder(request: HttpRequest, post: int) -> Actor:
    """The post-holder in whose name the system acts.

    Raises:
        NotFound: the post is not bound to the system, or no longer held.
    """
    actor = actor_of_client_post(actor_of(request), post)
    if actor is None:
        raise NotFound("绑定给本系统的这个任职", code="post_not_bound")
    return actor


def handled(actor: Actor, case_no: str) -> HandledOut:
    """A case of the post-holder's with its steps.

    Raises:
        NotFound: absent or not the post-holder's to see.
    """
    case = queries.access_case(actor, case_no)
    found = case.steps.select_related("organisation").order_by("order")
    steps = [
        StepOut(
            key=one.key,
            name=one.name,
            kind=one.kind,
            role=one.role,
            organisation=one.organisation.name,
            state=one.state,
            round=one.round,
        )
        for one in found
    ]
    found_end = queries.completion_of(case)
    end = CompletionOut(code=found_end.code, name=found_end.name, reason=found_end.reason) if found_end else None
    return HandledOut(**case_out(case).dict(), steps=steps, completion=end)
