"""Message pages: a title, a sentence, what to do next, one primary act. Every refusal and error is one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from tongban.base.web.navigation import Navigation

Act = tuple[str, str]
#: Where officers work.
_DESK = ("/desk/", "/window/")


@dataclass(frozen=True, kw_only=True)
class Message:
    """What a message page says."""

    title: str
    sentence: str
    #: sentences: what the reader can do now
    steps: Sequence[str] = ()
    #: (words, address) of the one primary act
    act: Act | None = None
    second: Act | None = None
    #: the article that forbids it, with its source
    law: str = ""
    icon: str = "info"
    #: run wait done late pause: colour of the mark
    kind: str = "run"
    #: number of the request, for 5xx
    reference: str = ""


def show(request: HttpRequest, message: Message, *, status: int = 200) -> HttpResponse:
    """Render a message page, or for htmx a notice that goes to the page's own place for such words (`#flash`)."""
    if getattr(request, "htmx", False):
        response = render(request, "base/errors/notice.html", {"message": message}, status=status)
        response["HX-Retarget"] = "#flash"
        response["HX-Reswap"] = "innerHTML show:window:top"
        return response
    if _at_desk(request, status):
        return render(
            request, "base/desk_message.html", {"message": _for_desk(request, message, status)}, status=status
        )
    return render(request, "base/message.html", {"message": message}, status=status)


def _at_desk(request: HttpRequest, status: int) -> bool:
    """Whether an officer reads this at the desk; what is broken is told by a page that needs less."""
    return status < 500 and request.path.startswith(_DESK) and bool(Navigation(request).desk)


def _for_desk(request: HttpRequest, message: Message, status: int) -> Message:
    """The same in the desk's own frame: what an officer can do next, and back to the desk."""
    steps = {
        403: [_("需要这项权限的，请联系本单位负责人或者系统管理员调整岗位")],
        404: [_("核对网址或办件编号，或者用上面的搜索"), _("不归您的岗位办理的看不到；需要办理的，请联系承办单位")],
    }
    back = (_("回工作台"), Navigation(request).desk_home)
    general = status in steps and message.steps == of_status(status).steps
    return replace(message, steps=steps[status] if general else message.steps, act=back, second=None)


def home() -> Act:
    return (_("回首页"), "/")


def of_status(status: int) -> Message:
    """Return the page of an HTTP status; an unknown one is told like 400."""
    makers = {
        400: _bad_request,
        401: _unknown_person,
        403: _forbidden,
        404: _not_found,
        405: _wrong_method,
        409: _conflict,
        413: _too_large,
        422: _invalid,
        429: _too_many,
        500: _broken,
        503: _closed,
    }
    return makers.get(status, _bad_request)()


def with_sentence(status: int, sentence: str) -> Message:
    """Return the page of a status with the sentence of a refusal in place of the general one."""
    return replace(of_status(status), sentence=sentence)


def stale() -> Message:
    """The page stood open while its reader logged in or out elsewhere."""
    return Message(
        title=_("这一页放得太久了"),
        sentence=_("页面打开以后，登录的情况变了。为了安全，刚才提交的没有收下，系统没有做任何改动。"),
        steps=[_("返回上一页，把写好的长段文字先复制下来"), _("刷新那一页，核对登录的人，重新提交")],
        act=home(),
        icon="hourglass",
        kind="wait",
    )


def _bad_request() -> Message:
    return Message(
        title=_("这个请求没有看懂"),
        sentence=_("网址或提交的内容不完整，系统没有做任何改动。"),
        steps=[_("返回上一页，刷新后再提交一次"), _("网址是手工输入的，请核对有没有少字")],
        act=home(),
        icon="warning",
        kind="wait",
    )


def _unknown_person() -> Message:
    return Message(
        title=_("请先登录"),
        sentence=_("登录以后才能看到和办理自己的事。"),
        steps=[_("用手机号收验证码登录，或者用密码登录"), _("只查一件的进度，用办件编号和查询密码，不用登录")],
        act=(_("去登录"), str(resolve_url(settings.LOGIN_URL))),
        second=home(),
        icon="person",
        kind="run",
    )


def _forbidden() -> Message:
    return Message(
        title=_("您不能进行这项操作"),
        sentence=_("当前登录的身份没有这项权限，系统没有做任何改动。"),
        steps=[_("换一个有权限的身份登录")],
        act=home(),
        icon="lock",
        kind="wait",
    )


def _not_found() -> Message:
    return Message(
        title=_("没有找到这个页面"),
        sentence=_("网址可能写错了，页面可能已经改名，也可能只有本人登录后才能看。"),
        steps=[_("核对网址或办件编号"), _("用您自己的账号登录后再打开"), _("从首页搜索您要办的事")],
        act=home(),
        icon="search",
        kind="run",
    )


def _wrong_method() -> Message:
    return Message(
        title=_("请从页面上的按钮操作"),
        sentence=_("这个地址不能直接打开，系统没有做任何改动。"),
        steps=[_("返回上一页，点页面上的按钮")],
        act=home(),
        icon="hand",
        kind="wait",
    )


def _conflict() -> Message:
    return Message(
        title=_("现在还不能这样办"),
        sentence=_("这件事的状态刚刚变了，系统没有做任何改动。"),
        steps=[_("返回上一页，看一看最新的状态")],
        act=home(),
        icon="pause",
        kind="wait",
    )


def _too_large() -> Message:
    return Message(
        title=_("提交的内容太大"),
        sentence=_("每份材料不超过 20 MB，刚才的内容没有保存。"),
        steps=[_("把材料分成几份，分别上传"), _("照片改用普通清晰度重新拍")],
        act=home(),
        icon="upload",
        kind="wait",
    )


def _invalid() -> Message:
    return Message(
        title=_("有内容要改"),
        sentence=_("填写的内容有误，请按提示修改后重新提交。"),
        steps=[_("返回上一页，填写的内容还在")],
        act=home(),
        icon="pen",
        kind="wait",
    )


def _too_many() -> Message:
    return Message(
        title=_("操作太快，请稍等"),
        sentence=_("短时间内同样的操作太多，先歇一会儿。"),
        steps=[_("过 1 分钟再试"), _("急办的事可以到窗口办，或者拨打咨询电话")],
        act=home(),
        icon="hourglass",
        kind="wait",
    )


def _broken() -> Message:
    return Message(
        title=_("系统出了差错"),
        sentence=_("是我们的问题，不是您的操作有误。已经填写并保存的内容都在。"),
        steps=[_("过几分钟刷新再试"), _("还不行，请拨打咨询电话，并报下面的编号")],
        act=home(),
        icon="stop",
        kind="late",
    )


def _closed() -> Message:
    return Message(
        title=_("系统正在维护"),
        sentence=_("马上就好，已经提交的申请不受影响，期限照常计算。"),
        steps=[_("过几分钟刷新再试"), _("急办的事可以到窗口办")],
        act=home(),
        icon="refresh",
        kind="pause",
    )
