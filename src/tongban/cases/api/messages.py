"""What the applicants of a system's cases were told; the system shows it to them and says when it was read."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Schema

from tongban.base.web.api import actor_of
from tongban.base.web.offering import changing, reading
from tongban.cases import queries
from tongban.cases.api.filing import router
from tongban.notices.commands import mark_uncollected_read
from tongban.notices.models import Message
from tongban.notices.queries import uncollected


class ToldOut(Schema):
    """One message; phone and mailbox named in the application got it too."""

    id: int
    kind: str
    title: str
    body: str
    sent_at: datetime
    read_at: datetime | None = Field(description="申请人在本系统里看过的时间；没有看过为空。")


class ToldList(Schema):
    """What was told about a case, in order."""

    items: list[ToldOut]


@reading(router, "/cases/{case_no}/messages", ToldList, "列出给申请人的消息", scope="cases:track")
def list_messages(request: HttpRequest, case_no: str) -> ToldList:
    """What went to no account of ours, for the applicant has none: this system is where it is read."""
    case = queries.access_case(actor_of(request), case_no)
    return ToldList(items=[_told(one) for one in uncollected(case.subject)])


@changing(router, "/cases/{case_no}/messages/{message_id}/read", ToldOut, "记下消息已读", scope="cases:track")
def read_message(request: HttpRequest, case_no: str, message_id: int) -> ToldOut:
    """The applicant read it in the calling system; a second time changes nothing."""
    case = queries.access_case(actor_of(request), case_no)
    return _told(mark_uncollected_read(subject_ref=case.subject, message_id=message_id))


def _told(message: Message) -> ToldOut:
    return ToldOut(
        id=message.pk,
        kind=message.kind,
        title=message.title,
        body=message.body,
        sent_at=message.sent_at,
        read_at=message.read_at,
    )
