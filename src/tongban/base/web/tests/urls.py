"""Views that refuse in every way, for the tests of the ground."""

from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_POST

from tongban.base.web import gallery, messages
from tongban.kernel.problems import Invalid, NotFound, Refusal, TooMany

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"


class GroundRefusal(Refusal):
    pass


def refuse(request):
    raise GroundRefusal(
        "already_accepted",
        "这件已经受理，不能再发补正告知书。",
        data={"law": "《行政许可法》第三十二条", "case_no": "1"},
    )


def hostile(request):
    raise GroundRefusal("hostile", HOSTILE, data={"law": HOSTILE}, fields={"a": HOSTILE})


def absent(request):
    raise NotFound("这件办件")


def invalid(request):
    raise Invalid(fields={"phone": "少 1 位"})


def hurried(request):
    raise TooMany("请 60 秒后再试。", retry_after_s=60)


def broken(request):
    raise RuntimeError("secret detail")


@require_POST
def only_post(request):
    return HttpResponse("ok")


def own_policy(request):
    return HttpResponse(
        "x", headers={"Content-Security-Policy": "default-src 'none'", "Referrer-Policy": "no-referrer"}
    )


def status(request, code):
    return messages.show(request, messages.of_status(code), status=code)


handler400 = "tongban.base.web.errors.bad_request"
handler403 = "tongban.base.web.errors.forbidden"
handler404 = "tongban.base.web.errors.not_found"
handler500 = "tongban.base.web.errors.broken"

both = {
    "refuse": refuse,
    "hostile": hostile,
    "absent": absent,
    "invalid": invalid,
    "hurried": hurried,
    "broken": broken,
    "only_post": only_post,
    "own_policy": own_policy,
}

urlpatterns = [
    path("", include("tongban.base.web.urls")),
    path("the-gallery/", gallery.gallery),
    path("the-gallery/desk/", gallery.gallery_desk),
    path("status/<int:code>/", status),
    *(path(f"{name}/", view, name=name) for name, view in both.items()),
    *(path(f"api/v1/{name}/", view) for name, view in both.items()),
]
