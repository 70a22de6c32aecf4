"""A registered system manages where it is told of events."""

from datetime import datetime
from typing import Any, Literal, cast

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status
from pydantic import ConfigDict

from tongban.base.web.api import Bearer, actor_of, link_page, problems
from tongban.base.web.repeating import PARAMETER, repeatable
from tongban.partners import commands, policy, queries
from tongban.partners.models import WebhookEndpoint, WebhookMessage

router = Router(tags=["推送"])

_POST = problems(401, 403, 409, 422, 429, parameters=[PARAMETER])
_ACT = problems(401, 403, 404, 409, 422, 429, parameters=[PARAMETER])
_READ = problems(401, 403, 404, 422, 429)


class WebhookIn(Schema):
    """Where, and of what."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"url": "https://example.com/tongban", "kinds": ["CaseAccepted"]}]}
    )
    url: str = Field(min_length=1, max_length=500, description="https 网址；不能指向内部网络。")
    kinds: list[str] = Field(
        default_factory=list,
        max_length=queries.KINDS_MAX,
        description="要推送的事件名称，见 docs/reference/events.md；不给则为本系统可以读取的全部事件。",
    )


class WebhookOut(Schema):
    """An address with its state."""

    id: int
    url: str
    kinds: list[str]
    created_at: datetime
    state: Literal["sending", "failures", "gone"] = Field(description="发送中；连续失败已暂停；对方回答 410 已暂停。")
    waiting: int = Field(description="等待发送的消息数。")
    failed: int = Field(description="已放弃、可以重发的消息数。")


class WebhookPage(Schema):
    """All addresses of this system."""

    items: list[WebhookOut]


class SecretOut(Schema):
    """The secret, shown this once."""

    id: int
    secret: str = Field(description="验签密钥，只在这里给出一次。")


class MessageOut(Schema):
    """One message and how its last try went."""

    id: int
    message_id: str = Field(description="请求头 webhook-id；重发时不变。")
    type: str
    state: Literal["waiting", "sent", "failed"]
    attempts: int
    queued_at: datetime
    tried_at: datetime | None
    status: int | None = Field(description="最后一次的 HTTP 状态码；没有收到回答为 null。")
    answer: str = Field(description="最后一次回答的前 500 个字符，或者失败原因。")


class MessagePage(Schema):
    """Messages, the latest first."""

    items: list[MessageOut]
    next: str | None
    previous: str | None


class MessageFilter(Schema):
    """Which messages."""

    state: Literal["waiting", "sent", "failed"] | None = None
    cursor: str | None = Field(None, max_length=1000)
    size: int = Field(20, ge=1, le=100)


class RetriedOut(Schema):
    """How many messages are sent again."""

    messages: int


@router.post(
    "/webhooks",
    auth=Bearer(policy.SCOPE),
    response={201: SecretOut},
    summary="登记推送地址",
    openapi_extra=_POST,
)
@repeatable
def add_webhook(request: HttpRequest, body: WebhookIn) -> Status[SecretOut]:
    """Have events sent to an address; the answer holds the secret by which the receiver checks signatures."""
    endpoint, secret = commands.add_webhook(actor=actor_of(request), url=body.url, kinds=body.kinds)
    return Status(201, SecretOut(id=endpoint.pk, secret=secret))


@router.get(
    "/webhooks",
    auth=Bearer(policy.SCOPE),
    response=WebhookPage,
    summary="列出推送地址",
    openapi_extra=problems(401, 403, 429),
)
def list_webhooks(request: HttpRequest) -> WebhookPage:
    """The addresses of this system with their queues."""
    return WebhookPage(items=[_out(one) for one in queries.webhooks_for(actor_of(request))])


@router.get(
    "/webhooks/{webhook_id}",
    auth=Bearer(policy.SCOPE),
    response=WebhookOut,
    summary="查看推送地址",
    openapi_extra=_READ,
)
def read_webhook(request: HttpRequest, webhook_id: int) -> WebhookOut:
    """One address with its queue."""
    return _out(queries.state_of(actor_of(request), webhook_id))


@router.delete(
    "/webhooks/{webhook_id}",
    auth=Bearer(policy.SCOPE),
    response={204: None},
    summary="删除推送地址",
    openapi_extra=_READ,
)
def remove_webhook(request: HttpRequest, webhook_id: int) -> Status[None]:
    """Send nothing there any more; what waits is dropped."""
    commands.remove_webhook(actor=actor_of(request), endpoint_id=webhook_id)
    return Status(204, None)


@router.post(
    "/webhooks/{webhook_id}/secret",
    auth=Bearer(policy.SCOPE),
    response=SecretOut,
    summary="更换验签密钥",
    openapi_extra=_ACT,
)
@repeatable
def rotate_webhook_secret(request: HttpRequest, webhook_id: int) -> SecretOut:
    """A new secret; for 24 hours messages are signed with the old one too."""
    endpoint, secret = commands.rotate_secret(actor=actor_of(request), endpoint_id=webhook_id)
    return SecretOut(id=endpoint.pk, secret=secret)


@router.post(
    "/webhooks/{webhook_id}/ping",
    auth=Bearer(policy.SCOPE),
    response={202: MessageOut},
    summary="发送测试消息",
    openapi_extra=_ACT,
)
@repeatable
def ping_webhook(request: HttpRequest, webhook_id: int) -> Status[MessageOut]:
    """Queue a message of type `Ping`."""
    return Status(202, _message(commands.queue_ping(actor=actor_of(request), endpoint_id=webhook_id)))


@router.post(
    "/webhooks/{webhook_id}/resume",
    auth=Bearer(policy.SCOPE),
    response=WebhookOut,
    summary="恢复推送",
    openapi_extra=_ACT,
)
@repeatable
def resume_webhook(request: HttpRequest, webhook_id: int) -> WebhookOut:
    """Go on sending to a paused address, at once."""
    actor = actor_of(request)
    commands.resume_webhook(actor=actor, endpoint_id=webhook_id)
    return _out(queries.state_of(actor, webhook_id))


@router.post(
    "/webhooks/{webhook_id}/retry",
    auth=Bearer(policy.SCOPE),
    response=RetriedOut,
    summary="重发已放弃的消息",
    openapi_extra=_ACT,
)
@repeatable
def retry_webhook(request: HttpRequest, webhook_id: int) -> RetriedOut:
    """Send everything again that was given up, up to 5,000 messages."""
    return RetriedOut(messages=commands.retry_failed(actor=actor_of(request), endpoint_id=webhook_id))


@router.get(
    "/webhooks/{webhook_id}/messages",
    auth=Bearer(policy.SCOPE),
    response=MessagePage,
    summary="查看推送记录",
    openapi_extra=_READ,
)
def list_webhook_messages(
    request: HttpRequest, response: HttpResponse, webhook_id: int, filters: Query[MessageFilter]
) -> MessagePage:
    """What was sent, waits, or was given up, with the last answer."""
    page = queries.messages_of(
        actor_of(request), webhook_id, state=filters.state or "", cursor=filters.cursor, size=filters.size
    )
    link_page(request, response, page)
    return MessagePage(items=[_message(one) for one in page.items], next=page.next, previous=page.previous)


def _out(found: queries.WebhookState) -> WebhookOut:
    endpoint: WebhookEndpoint = found.endpoint
    return WebhookOut(
        id=endpoint.pk,
        url=endpoint.url,
        kinds=endpoint.kinds,
        created_at=endpoint.created_at,
        state=cast(Any, endpoint.pause) or "sending",
        waiting=found.waiting,
        failed=found.failed,
    )


def _message(row: WebhookMessage) -> MessageOut:
    return MessageOut(
        id=row.pk,
        message_id=row.message_id,
        type=row.kind,
        state=cast(Any, row.state),
        attempts=row.attempts,
        queued_at=row.queued_at,
        tried_at=row.tried_at,
        status=row.status,
        answer=row.answer,
    )
