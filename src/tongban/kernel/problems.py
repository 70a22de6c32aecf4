"""Refusals: what a command says when state, policy or law does not allow an act."""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error of the program
    """A rule forbids the act; the sentence tells the person what to do instead.

    `code` is stable (snake_case, part of the API), `message` is a Chinese sentence for people, `status` the HTTP
    status, `fields` maps a field to its own sentence, `data` holds what a program may want to know.
    """

    status_default = 409

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int | None = None,
        fields: Mapping[str, str] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = self.status_default if status is None else status
        self.fields: dict[str, str] = dict(fields or {})
        self.data: dict[str, Any] = dict(data or {})

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class NotFound(Refusal):
    """The thing is absent or the actor may not see it: both look the same (404)."""

    status_default = 404

    def __init__(self, what: str = "您要找的内容", *, code: str = "not_found") -> None:
        super().__init__(code, f"没有找到{what}。请核对后重试，或者返回上一页。")
        self.what = what


class Invalid(Refusal):
    """What was handed in is not acceptable as it is (422); `fields` says where."""

    status_default = 422

    def __init__(
        self,
        message: str = "填写的内容有误，请按提示修改后重新提交。",
        *,
        fields: Mapping[str, str] | None = None,
        code: str = "invalid",
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code, message, fields=fields, data=data)


class TooMany(Refusal):
    """The same act was asked for too often in a short time (429)."""

    status_default = 429

    def __init__(self, message: str, *, retry_after_s: int, code: str = "too_many_requests") -> None:
        super().__init__(code, message, data={"retry_after_s": retry_after_s})
        self.retry_after_s = retry_after_s


def problem(refusal: Refusal, instance: str) -> dict[str, Any]:
    """Make the problem document of a refusal (RFC 9457); `instance` is the path of the request."""
    body: dict[str, Any] = {
        "type": f"urn:tongban:problem:{refusal.code}",
        "title": refusal.message,
        "status": refusal.status,
        "instance": instance,
        "code": refusal.code,
    }
    if refusal.fields:
        body["errors"] = [{"field": field, "message": text} for field, text in refusal.fields.items()]
    if refusal.data:
        body["data"] = refusal.data
    return body
