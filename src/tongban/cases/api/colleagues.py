"""What officials share on a case, for a body's own system: internal notes, and who is called by them."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Schema

from tongban.base.web.api import link_page
from tongban.cases import commands, queries
from tongban.cases.api.acting import (
    HandledOut,
    Key,
    NothingIn,
    TongbanPost,
    act_on_case,
    do_act,
    post_holder,
    read_at_desk,
)
from tongban.cases.api.examples import Body
from tongban.kernel.actor import Actor


class NoteOut(Schema):
    """An internal note, which no applicant sees."""

    author: str
    mine: bool
    text: str
    written_at: datetime
    called: list[str] = Field(description="被提醒的同事。")
    calls_me: bool = Field(description="提醒了本任职的人，还没有看过。")


class CallableOut(Schema):
    """Somebody whom a note on this case may call."""

    account_id: int
    name: str
    unit: str


class NoteList(Schema):
    """The latest 200 notes, the earliest first, and whom one may call."""

    items: list[NoteOut]
    people: list[CallableOut]


class NoteIn(Body):
    """The note, and keys of the accounts that it calls; "@name" in the text calls too."""

    text: str = Field(max_length=commands.NOTE_MAX)
    call: list[Key] = Field(default_factory=list, max_length=200)


class MentionFilter(Schema):
    """Where to go on."""

    cursor: str = Field("", max_length=1000, description="上一页的 next。")


class MentionOut(Schema):
    """A note that calls the post-holder, with its case; names masked as in lists."""

    case_no: str
    item_name: str
    applicant: str
    author: str
    text: str
    written_at: datetime
    read: bool


class MentionList(Schema):
    """A page, the latest first; `next` is a cursor or null."""

    items: list[MentionOut]
    next: str | None


@read_at_desk("cases/{case_no}/notes", NoteList, "查看内部留言")
def list_notes(request: HttpRequest, case_no: str, post: TongbanPost) -> NoteList:
    """Notes on a case that the post-holder may see."""
    actor = post_holder(request, post)
    case = queries.access_case(actor, case_no)
    return NoteList(
        items=[NoteOut.model_validate(one) for one in queries.notes_of(actor, case)],
        people=[CallableOut.model_validate(one) for one in queries.callable_on(actor, case)],
    )


@act_on_case("notes", "写内部留言")
def write_note(request: HttpRequest, case_no: str, post: TongbanPost, body: NoteIn) -> HandledOut:
    """Add a note to the case's file and call colleagues to it."""
    return do_act(request, post, case_no, "write_note", commands.write_note, body)


@act_on_case("notes/read", "标记留言已看")
def read_notes(request: HttpRequest, case_no: str, post: TongbanPost, body: NothingIn) -> HandledOut:
    """Keep that the post-holder has read the notes of the case that call them."""
    return do_act(request, post, case_no, "read_mentions", _read, body)


@read_at_desk("mentions", MentionList, "列出提醒我的留言")
def list_mentions(
    request: HttpRequest, response: HttpResponse, post: TongbanPost, filters: Query[MentionFilter]
) -> MentionList:
    """Notes that call the post-holder, on cases that the post may see."""
    page = queries.mentions_of(post_holder(request, post), cursor=filters.cursor)
    link_page(request, response, page)
    return MentionList(items=[MentionOut.model_validate(one) for one in page.items], next=page.next)


def _read(*, actor: Actor, case_no: str) -> object:
    queries.access_case(actor, case_no)
    return commands.read_mentions(actor=actor, case_no=case_no)
