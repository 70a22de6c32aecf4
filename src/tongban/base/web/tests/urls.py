"""Views that refuse in every way, for the tests of the ground."""

import time

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path
from django.views.decorators.http import require_POST

from tongban.base.web import gallery, messages
from tongban.base.web import urls as ground
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


HOOKS = """{% extends "base/page.html" %}{% load ui %}{% block title %}x{% endblock %}{% block content %}<h1>钩子</h1>
<form id="once" method="post" action="/counted/">{% csrf_token %}<button class="btn" name="act" value="send">发送</button></form>
<form id="auto" method="post" action="/counted/" data-autosave="/counted/" data-saved="saved" data-guard>{% csrf_token %}
<label for="words">话</label><input id="words" name="words"></form><span id="saved"></span>
<form id="up" method="post" action="/uploaded/" enctype="multipart/form-data" data-upload>{% csrf_token %}
{% drop_zone "file" %}<span class="only-plain"><button class="btn">上传</button></span></form>
{% copyable "ABC123" %} <a class="btn" href="#ask" data-dialog id="open">打开</a>
{% dialog id="ask" title="真的吗？" %}<p>话</p><div class="row"><a class="btn" href="#" data-dialog-close>不了</a></div>{% enddialog %}
<form id="sign" method="post" action="/counted/">{% csrf_token %}<div class="pad-sign" data-sign hidden>
<canvas width="480" height="160" aria-label="签名板"></canvas><button class="btn" type="button" data-sign-clear>重签</button></div>
<input type="hidden" name="strokes"></form>
<button class="btn" id="live" type="button" hx-get="/refuse/" hx-target="#nowhere">问一声</button><div id="nowhere"></div>{% endblock %}"""

posted: list[dict[str, str]] = []


def hooks(request, status=200):
    return HttpResponse(engines["django"].from_string(HOOKS).render({}, request), status=status)


@require_POST
def counted(request):
    time.sleep(0.2)
    posted.append(request.POST.dict())
    return HttpResponse("<!doctype html><meta charset=utf-8><title>x</title>收到")


@require_POST
def uploaded(request):
    file = request.FILES["file"]
    return hooks(request, status=422) if "bad" in file.name else redirect(f"/hooks/?size={file.size}")


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
    path("", include(([*ground.urlpatterns, *ground.GALLERY], "base"))),
    path("hooks/", hooks),
    path("counted/", counted),
    path("uploaded/", uploaded),
    path("the-gallery/", gallery.gallery),
    path("the-gallery/desk/", gallery.gallery_desk),
    path("status/<int:code>/", status),
    *(path(f"{name}/", view, name=name) for name, view in both.items()),
    *(path(f"api/v1/{name}/", view) for name, view in both.items()),
]
