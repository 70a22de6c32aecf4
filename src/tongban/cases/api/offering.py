"""How an operation is offered: address, scope, answer, refusals; what changes something is safe to repeat."""

from collections.abc import Callable
from typing import Any, TypeVar

from ninja import Router

from tongban.base.web.api import Bearer, problems
from tongban.base.web.repeating import PARAMETER, repeatable

F = TypeVar("F", bound=Callable[..., Any])


def reading(router: Router, path: str, response: Any, summary: str, *, scope: str) -> Callable[[F], F]:
    """An operation that reads one thing which may be absent, or not the caller's to see."""
    return router.get(
        path,
        auth=Bearer(scope),
        response=response,
        summary=summary,
        openapi_extra=problems(401, 403, 404, 422, 429),
    )


def changing(
    router: Router, path: str, response: Any, summary: str, *, scope: str, also: tuple[int, ...] = ()
) -> Callable[[F], F]:
    """An operation that changes something, safe to repeat: none can forget it. `also`: further refusals, by status."""

    def offered(operation: F) -> F:
        route = router.post(
            path,
            auth=Bearer(scope),
            response=response,
            summary=summary,
            openapi_extra=problems(401, 403, 404, 409, 422, 429, *also, parameters=[PARAMETER]),
        )
        return route(repeatable(operation))

    return offered
