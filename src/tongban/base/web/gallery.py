"""The gallery: every component in every state, for those who build and for the browser tests. Only in development."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongban.base.web import messages, parts
from tongban.base.web.icons import ICONS
from tongban.kernel.paging import Page

CASE_NO = "11430212MB1F07267M4000131016000202611120068"
LONG_NAME = "湖南省渌江供应链管理集团有限责任公司株洲渌口配送分公司（龘䶮分店）"


class _Weekdays:
    """A calendar for samples: Monday to Friday."""

    def is_workday(self, day: date, /) -> bool:
        return day.weekday() < 5


def _bar(**changes: Any) -> parts.ClockBar:
    facts: dict[str, Any] = {
        "calendar": _Weekdays(),
        "first_day": date(2026, 11, 18),
        "today": date(2026, 11, 24),
        "promised_due": date(2026, 11, 26),
        "statutory_due": date(2026, 12, 3),
        "paused": frozenset({date(2026, 11, 20), date(2026, 11, 23)}),
    }
    return parts.clock_bar(**(facts | changes))


def _entries() -> list[parts.Entry]:
    return [
        parts.Entry(kind="done", title="提交申请", who="陈桂兰，网上", at=datetime(2026, 11, 12, 6, 22, tzinfo=UTC)),
        parts.Entry(
            kind="done",
            title="一次性告知补正",
            who="区政务服务中心综合窗口 李文静",
            at=datetime(2026, 11, 13, 1, 40, tzinfo=UTC),
            text="操作流程文件缺少加工流程图。",
            links=[("看一次性补正告知书", "#tl")],
        ),
        parts.Entry(
            kind="pause",
            title="现场核查",
            who="核查员 张敏、周启明",
            at=datetime(2026, 11, 23, 7, 10, tzinfo=UTC),
            state=("pause", "暂停 2 天"),
        ),
        parts.Entry(kind="wait", title="等您确认核查记录", when="今天，不影响时限继续计算", state=("wait", "等您办")),
        parts.Entry(kind="run", title="审核", who="刘志远"),
        parts.Entry(kind="late", title="超过承诺期限 1 天", when="已报监察"),
        parts.Entry(kind="next", title="决定", who="分管负责人 刘志远", when="最晚 11月26日 17:00"),
    ]


def samples() -> dict[str, Any]:
    """Return what the gallery shows (also used by the tests)."""
    return {
        "case_number": CASE_NO,
        "long_name": LONG_NAME,
        "icons": sorted(ICONS),
        "kinds": ("main", "", "quiet", "plain", "danger"),
        "messages_shown": (400, 403, 404, 405, 413, 422, 429, 500, 503),
        "bar": _bar(),
        "bar_late": _bar(today=date(2026, 11, 27)),
        "bar_stopped": _bar(stopped_on=date(2026, 11, 25), paused=frozenset()),
        "entries": _entries(),
        "steps": ["情形", "表单", "材料", "确认"],
        "tabs": [
            parts.Tab(label="待我办", href="#", current=True, count=12),
            parts.Tab(label="本科室", href="#", count=46),
            parts.Tab(label="已办", href="#"),
        ],
        "pairs": [
            ("名称", LONG_NAME),
            ("信用代码", "92430212MA4Q7K2P8K"),
            ("经营者", "陈桂兰"),
            ("有效期", "2026年10月19日起，长期"),
            ("没有值的不出现", ""),
        ],
        "columns": ["材料", "要几份", "从哪来"],
        "rows": [["食品经营许可申请书", "电子 1 份", "网上填写"], ["营业执照", "不用交", "电子证照库已有"]],
        "districts": [("", "请选择"), ("430212", "渌口区"), ("430211", "天元区")],
        "yes_no": [("no", "不卖"), ("yes", "卖，有专间", "专间面积不少于 5 平方米")],
        "errors": {"phone": "少 1 位，手机号是 11 位数字", "shop": "请填写店铺名称"},
        "labels": {"phone": "手机号"},
        "page": Page([], next="n", previous="p"),
        "page_first": Page([], next="n"),
        "a_date": date(2018, 4, 25),
        "a_time": datetime(2026, 11, 24, 2, 32, tzinfo=UTC),
        "grid": [
            (
                "late",
                "超 1 天",
                "食品经营许可（变更）",
                "株洲市渌口区湘味园餐饮管理有限公司",
                ("run", "办理中"),
                "11-23 17:00",
            ),
            ("wait", "剩 6 小时", "食品经营许可（延续）", "渌口区罗师傅早餐店", ("run", "待决定"), "11-24 17:00"),
            ("run", "剩 3 天", "食品经营许可（新办）", LONG_NAME, ("wait", "待补正"), "11-26 17:00"),
            (
                "pause",
                "停 2 天",
                "食品经营许可（新办）",
                "渌口区淦田镇中心幼儿园（食堂）",
                ("pause", "特别程序"),
                "核查后续计",
            ),
            ("quiet", "剩 9 天", "公共场所卫生许可", "龘䶮", ("run", "办理中"), "12-07 17:00"),
        ],
    }


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component on the public page."""
    return render(request, "base/gallery/public.html", samples())


@require_safe
def gallery_desk(request: HttpRequest) -> HttpResponse:
    """The desk's own components in the desk shell."""
    return render(request, "base/gallery/desk.html", samples())


@require_safe
def gallery_message(request: HttpRequest, status: int) -> HttpResponse:
    """A message page as it looks for a status (answered with 200 here)."""
    return messages.show(request, messages.of_status(status))
