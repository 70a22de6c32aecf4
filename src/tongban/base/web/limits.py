"""How often the JSON API may be called: per system, and per address for whoever calls without a token."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tongban.base import rate
from tongban.base.web.refusals import is_api, refusal_response
from tongban.kernel.actor import Actor
from tongban.kernel.problems import TooMany

_PER_S = 60


class ApiLimitMiddleware:
    """Count every call of the API and say on every answer what is left (draft-ietf-httpapi-ratelimit-headers-10).

    Must stand behind the middleware that knows tokens. A call over the limit is answered with 429 and `Retry-After`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_api(request):
            return self.get_response(request)
        policy, key = _who(request)
        limit: int = settings.API_CALLS_PER_MINUTE[policy]
        try:
            left = rate.hit(bucket=f"api.{policy}", key=key, limit=limit, per_s=_PER_S)
        except TooMany as refusal:
            left, response = 0, refusal_response(request, refusal)
        else:
            response = self.get_response(request)
        response["RateLimit-Policy"] = f'"{policy}";q={limit};w={_PER_S}'
        response["RateLimit"] = f'"{policy}";r={left};t={rate.ends_in_s(_PER_S)}'
        return response


def _who(request: HttpRequest) -> tuple[str, str]:
    actor = getattr(request, "actor", None)
    if isinstance(actor, Actor) and actor.kind == "client":
        return "client", actor.ref
    return "address", str(request.META.get("REMOTE_ADDR", ""))
