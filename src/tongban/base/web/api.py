"""The ground of the JSON API: who calls, and every error as problem+json (RFC 9457)."""

import hashlib
import json
import math
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.parser import Parser
from ninja.security import HttpBearer

from tongban.base.web.refusals import problem_response, refusal_response, status_response
from tongban.kernel.actor import Actor
from tongban.kernel.paging import Page
from tongban.kernel.problems import Invalid, Refusal

#: Levels of lists and objects in a body; no form of ours nests deeper than a few.
DEPTH_MAX = 24


class PlainJson(Parser):
    """Reads a body as JSON that can be kept and signed: UTF-8, whole characters, finite numbers, bounded depth."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The value; whatever is raised here is answered with 400.

        Raises:
            ValueError: not such JSON.
            RecursionError: nested without end.
        """
        value = json.loads(request.body.decode("utf-8"), parse_constant=_refuse_constant)
        _check_plain(value)
        return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _check_plain(value: Any) -> None:
    level = [value]
    for _depth in range(DEPTH_MAX):
        texts = [one for one in level if isinstance(one, str)]
        texts += [str(key) for one in level if isinstance(one, dict) for key in one]
        if any(isinstance(one, float) and not math.isfinite(one) for one in level):
            raise ValueError("a number is beyond what JSON can keep")
        joined = "".join(texts)
        if "\x00" in joined:
            raise ValueError("a text holds a NUL")
        # Half a character cannot be encoded, which is a ValueError.
        joined.encode()
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return
    raise ValueError("nested too deep")


class ScopeMissingError(Refusal):
    """The token is good but was not given this scope."""

    status_default = 403


_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "instance", "code"],
    "properties": {
        "type": {"type": "string", "description": "urn:tongban:problem:<code>"},
        "title": {"type": "string", "description": "可以直接给人看的中文句子"},
        "status": {"type": "integer"},
        "instance": {"type": "string", "description": "请求路径"},
        "code": {"type": "string", "description": "稳定不变的错误代码"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "data": {"type": "object"},
    },
}
_REASONS = {
    400: "内容不是可以读的 JSON 或表单，或者网址里有不能用的字符",
    401: "没有访问令牌，或令牌无效、过期",
    403: "令牌没有这个接口的权限",
    404: "没有找到，或不属于调用方",
    409: "现在不能这样办：状态、法律或先前的操作不允许",
    413: "文件太大",
    422: "内容缺少或有误，errors 逐项说明",
    429: "调用过于频繁，Retry-After 秒后再试",
    460: "这一段在路上损坏了，请再传一次",
    503: "所需的服务暂时没有回应或正忙，稍后再试",
}


def problems(*statuses: int, **more: Any) -> dict[str, Any]:
    """The errors of an operation for its `openapi_extra`: each an RFC 9457 problem document; `more` stands beside.

    400 is always among them: what is sent to any address may be nothing that can be read.
    """
    return more | {
        "responses": {
            str(status): {
                "description": _REASONS[status],
                "content": {"application/problem+json": {"schema": _PROBLEM}},
            }
            for status in sorted({*statuses, 400})
        }
    }


class Bearer(HttpBearer):
    """A bearer token of a system, with the scope that the operation asks for.

    Who the token belongs to stands in `request.actor`, put there by the middleware that knows tokens.
    """

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The calling system, or None (401).

        Raises:
            ScopeMissingError: the token lacks the scope.
        """
        del token
        actor = getattr(request, "actor", None)
        if not isinstance(actor, Actor) or actor.kind != "client":
            return None
        if not actor.has_scope(self.scope):
            raise ScopeMissingError("scope_missing", f"访问令牌没有“{self.scope}”权限，请向平台管理员申请。")
        return actor


def actor_of(request: HttpRequest) -> Actor:
    """The calling system of an operation guarded by `Bearer`."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor):
        raise TypeError("The operation is not guarded.")
    return actor


def link_page(request: HttpRequest, response: HttpResponse, page: Page[Any], *, parameter: str = "cursor") -> None:
    """Name the neighbours of a page of a list in its Link header (RFC 8288), with everything else that was asked."""
    links = []
    for name, cursor in (("next", page.next), ("prev", page.previous)):
        if cursor:
            asked = request.GET.copy()
            asked[parameter] = cursor
            links.append(f'<{request.build_absolute_uri(request.path)}?{asked.urlencode()}>; rel="{name}"')
    if links:
        response["Link"] = ", ".join(links)


def with_etag(request: HttpRequest, body: dict[str, Any], mark: str) -> HttpResponse:
    """The body, or 304 where the client has it already (RFC 9110 sections 8.8.3, 13.1.2)."""
    etag = f'"{hashlib.sha256(mark.encode()).hexdigest()[:32]}"'
    known = [part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")]
    response: HttpResponse = HttpResponse(status=304) if etag in known or "*" in known else JsonResponse(body)
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


def map_errors(api: NinjaAPI) -> None:
    """Answer every error of the API, the framework's own too, as problem+json."""
    for kind in (Refusal, ValidationError, AuthenticationError, Http404, Throttled, HttpError):
        api.add_exception_handler(kind, _answer)


def _answer(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, Refusal):
        return refusal_response(request, error)
    if isinstance(error, ValidationError):
        return _invalid(request, error)
    if isinstance(error, AuthenticationError):
        return _unauthorised(request)
    if isinstance(error, Http404):
        return status_response(request, 404)
    return status_response(request, int(getattr(error, "status_code", 400)))


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields: dict[str, str] = {}
    for one in error.errors:
        where = ".".join(str(part) for part in one["loc"][1:] if part != "body") or str(one["loc"][-1])
        fields.setdefault(where, _sentence(one))
    return refusal_response(request, Invalid("请求内容不符合接口约定，请按 errors 逐项修改。", fields=fields))


_SENTENCES = {
    "missing": "缺少这一项。",
    "string_too_long": "太长。",
    "string_too_short": "太短。",
    "string_pattern_mismatch": "格式不对。",
    "literal_error": "不在可选值之内。",
    "json_invalid": "不是有效的 JSON。",
}


def _sentence(error: dict[str, Any]) -> str:
    return _SENTENCES.get(str(error.get("type")), "格式或取值不对。") + f"（{error.get('msg', '')}）"


def _unauthorised(request: HttpRequest) -> HttpResponse:
    body = {
        "type": "urn:tongban:problem:token_missing",
        "title": "需要访问令牌：请在 Authorization 头部写 Bearer 和平台发给您系统的令牌。",
        "status": 401,
        "instance": request.path,
        "code": "token_missing",
    }
    response = problem_response(body, 401)
    response["WWW-Authenticate"] = "Bearer"
    return response
