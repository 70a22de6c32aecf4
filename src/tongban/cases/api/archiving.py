"""A body's own system archives cases and takes their packages."""

from django.http import HttpRequest, StreamingHttpResponse

from tongban.base.web.api import Bearer, actor_of, problems
from tongban.base.web.downloads import attached
from tongban.cases import commands
from tongban.cases.api.acting import HandledOut, NothingIn, TongbanPost, act_on_case, do_act, post_holder, router
from tongban.identity.commands import record_client_act


@act_on_case("archive", "归档")
def archive(request: HttpRequest, case_no: str, post: TongbanPost, body: NothingIn) -> HandledOut:
    """Give a case that is over and served its place in the archive; nothing can be done to it any more."""
    return do_act(request, post, case_no, "archive", commands.archive, body)


@router.get(
    "/handling/cases/{case_no}/archive",
    auth=Bearer("cases:handle"),
    response=None,
    summary="下载归档信息包",
    openapi_extra=problems(401, 403, 404, 422, 429),
)
def download_archive(request: HttpRequest, case_no: str, post: TongbanPost) -> StreamingHttpResponse:
    """The archive package, a BagIt bag as ZIP; that it was taken is kept."""
    taken = commands.take_archive(actor=post_holder(request, post), case_no=case_no)
    record_client_act(actor_of(request), act="take_archive", subject=f"case:{case_no}", appointment_id=post)
    return attached(taken.chunks, filename=taken.filename, content_type="application/zip")
