"""How an operation is offered: address, scope, answer, refusals; what changes something is safe to repeat."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from ninja import Router

from tongban.base.web.api import Bearer, problems
from tongban.base.web.repeating import PARAMETER, repeatable

F = TypeVar("F", bound=Callable[..., Any])

#: What a file may be refused for: too large, or nobody looks through it for malware, or keeps it, now.
FILE: Final = (413, 503)


def reading(
    router: Router, path: str, response: Any, summary: str, *, scope: str, also: tuple[int, ...] = ()
) -> Callable[[F], F]:
    """An operation that reads one thing which may be absent, or not the caller's to see. `also`: as of `changing`."""
    return router.get(
        path,
        auth=Bearer(scope),
        response=response,
        summary=summary,
        openapi_extra=problems(401, 403, 404, 422, 429, *also),
    )


def open_reading(router: Router, path: str, response: Any, summary: str, *, by_alias: bool = False) -> Callable[[F], F]:
    """An operation that reads what is public, without a token: one thing which may be absent, or a list."""

    def offered(operation: F) -> F:
        route = router.get(
            path,
            response=response,
            summary=summary,
            operation_id=operation.__name__,
            by_alias=by_alias,
            openapi_extra=problems(404, 422, 429),
        )
        return route(operation)

    return offered


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
