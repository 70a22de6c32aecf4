"""A body's own system archives cases and takes their packages."""

from django.http import HttpRequest, HttpResponseBase

from tongban.base.web.downloads import attached
from tongban.cases import commands
from tongban.cases.api.acting import (
    HandledOut,
    NothingIn,
    TongbanPost,
    act_on_case,
    do_act,
    keep_act,
    post_holder,
    read_at_desk,
)


@act_on_case("archive", "归档", also=(503,))
def archive(request: HttpRequest, case_no: str, post: TongbanPost, body: NothingIn) -> HandledOut:
    """Give a case that is over and served its place in the archive; nothing can be done to it any more."""
    return do_act(request, post, case_no, "archive", commands.archive, body)


@read_at_desk("cases/{case_no}/archive", None, "下载归档信息包")
def download_archive(request: HttpRequest, case_no: str, post: TongbanPost) -> HttpResponseBase:
    """The archive package, a BagIt bag as ZIP; that it was taken is kept."""
    taken = commands.take_archive(actor=post_holder(request, post), case_no=case_no)
    keep_act(request, post, "take_archive", f"case:{case_no}")
    return attached(taken.chunks, filename=taken.filename, content_type="application/zip")
