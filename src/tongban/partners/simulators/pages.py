"""The simulators' pages: small, plain, and marked as simulators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from typing import Any
from urllib.parse import quote

_SHANGHAI = timezone(timedelta(hours=8))

_STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;background:#f5f7fa;color:#1b2430;font:16px/1.6 "Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif}
header{background:#fff;border-block-end:1px solid #e4e9ef}
header div,main{max-inline-size:720px;margin-inline:auto;padding:16px}
header div{display:flex;flex-wrap:wrap;gap:8px 20px;align-items:center}
header b{font-size:18px}
header span{color:#8f5200;border:1px solid #8f5200;border-radius:6px;padding:0 8px;font-size:14px}
a{color:#1454a4}nav a{display:inline-block;padding:10px 4px;margin-inline-end:12px}
h1{font-size:24px;line-height:1.35;margin:16px 0}
article,table{background:#fff;border:1px solid #e4e9ef;border-radius:6px;inline-size:100%}
article{padding:12px 16px;margin-block-end:12px}article p{margin:4px 0;white-space:pre-wrap;overflow-wrap:anywhere}
time,.hint{color:#4d5b6b;font-size:14px}
table{border-collapse:collapse}th,td{text-align:start;padding:10px 12px;border-block-end:1px solid #e4e9ef}
.sum{font-size:32px;font-variant-numeric:tabular-nums;margin:8px 0}
button{font:inherit;min-block-size:48px;padding:8px 20px;margin:8px 8px 0 0;border-radius:6px;border:1px solid #1454a4;
background:#fff;color:#1454a4;cursor:pointer}button.main{background:#1454a4;color:#fff}
:focus-visible{outline:3px solid #ffbf47;box-shadow:0 0 0 2px #1b2430;outline-offset:2px}
"""


def page(title: str, content: str) -> str:
    """Return a whole page."""
    return f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · 模拟器</title><link rel="icon" href="data:,"><style>{_STYLE}</style></head>
<body><header><div><b>外部系统</b><span>模拟器</span>
<nav aria-label="模拟器"><a href="/sms/">短信</a><a href="/mail/">邮件</a><a href="/cashier/">收银台</a>\
<a href="/realname/">实名核验</a><a href="/postal/">邮政</a><a href="/running/">部省系统</a></nav></div></header>
<main><h1>{escape(title)}</h1>{content}</main></body></html>"""


def home() -> str:
    """Return the entry page."""
    return page(
        "模拟的外部系统",
        "<p>本页代替短信网关、邮件网关、非税收银台、实名核验、邮政查询服务和办理事项的部省系统，供演示和测试使用。"
        "这里收到的内容不会发到任何真实的手机或邮箱，付款不涉及真实资金。</p>",
    )


def address_list(channel: str, title: str, addresses: Iterable[tuple[str, int]]) -> str:
    """Return the list of phones or mail addresses."""
    rows = "".join(
        f'<tr><td><a href="/{channel}/inbox?to={quote(address)}">{escape(address)}</a></td><td>{count} 条</td></tr>'
        for address, count in addresses
    )
    if not rows:
        return page(title, "<p>还没有收到内容。在平台上获取验证码或者提交办件后，这里会出现。</p>")
    return page(
        title, f'<table><thead><tr><th scope="col">收件人</th><th scope="col">数量</th></tr></thead>{rows}</table>'
    )


def inbox(title: str, address: str, messages: Iterable[Mapping[str, Any]]) -> str:
    """Return one address's messages."""
    items = "".join(
        f"<article><time>{_when(message['at_s'])}</time>"
        + (f"<p><b>{escape(message['subject'])}</b></p>" if message["subject"] else "")
        + f"<p>{escape(message['text'])}</p></article>"
        for message in messages
    )
    return page(f"{title}：{address}", items or "<p>这个收件人还没有收到内容。</p>")


def order_list(orders: Iterable[Mapping[str, Any]]) -> str:
    """Return the list of payment orders."""
    rows = "".join(
        f'<tr><td><a href="/cashier/orders/{quote(order["order_no"])}">{escape(order["bill_no"])}</a></td>'
        f"<td>{_yuan(order['body']['amount_fen'])}</td><td>{_STATES[order['state']]}</td></tr>"
        for order in orders
    )
    if not rows:
        return page("收银台", "<p>还没有订单。在平台上点“去缴费”后，这里会出现。</p>")
    head = '<tr><th scope="col">缴款单号</th><th scope="col">金额</th><th scope="col">状态</th></tr>'
    return page("收银台", f"<table><thead>{head}</thead>{rows}</table>")


_STATES = {"open": "待支付", "paid": "已支付", "failed": "支付失败"}


def order(found: Mapping[str, Any]) -> str:
    """Return the cashier page of one order."""
    body = found["body"]
    facts = (
        f"<p>{escape(body['subject'])}</p><p class='sum'>{_yuan(body['amount_fen'])}</p>"
        f"<p class='hint'>缴款单号 {escape(found['bill_no'])} · {_STATES[found['state']]}</p>"
    )
    if found["state"] == "paid":
        back = f'<p><a href="{escape(body["return_url"])}">返回平台</a></p>'
        again = _button(found, "again", "再通知一次")
        return page("支付完成", f"<article>{facts}</article>{back}{again}")
    buttons = (
        _button(found, "pay", "支付", main=True)
        + _button(found, "twice", "支付，通知发两次")
        + _button(found, "silent", "支付，通知丢失")
        + _button(found, "fail", "支付失败")
    )
    return page("收银台", f"<article>{facts}</article>{buttons}")


def _button(found: Mapping[str, Any], act: str, label: str, *, main: bool = False) -> str:
    style = ' class="main"' if main else ""
    action = f"/cashier/orders/{quote(found['order_no'])}"
    return (
        f'<form method="post" action="{action}" style="display:inline"><input type="hidden" name="act" value="{act}">'
        f"<button{style}>{label}</button></form>"
    )


def realname() -> str:
    """Return the page that says how the checker answers."""
    return page(
        "实名核验",
        "<p>姓名和证件号码第一次一起出现时，核验通过并记住；以后同一号码换了姓名，核验不通过。"
        "姓名写“查无此人”时总是不通过。只用示例号码，不要输入真实的身份证号码。</p>",
    )


#: What the post office's buttons do: the act in the form, what it is called, and the scan that it makes.
POSTAL_ACTS = {
    "in_transit": "运输中",
    "delivering": "正在投递",
    "attempted": "无人签收，改日再投",
    "signed": "本人签收",
    "family": "同住成年家属签收",
    "office": "单位收发室签收",
    "refused": "收件人拒收，退回",
    "returned": "退回寄件人",
    "lost": "邮件丢失",
}


def parcel_list(numbers: Iterable[str]) -> str:
    """Return the list of parcels that somebody asked for."""
    rows = "".join(f'<tr><td><a href="/postal/parcels/{quote(one)}">{escape(one)}</a></td></tr>' for one in numbers)
    if not rows:
        return page("邮政", "<p>还没有邮件。平台查询过的邮件号会出现在这里。</p>")
    return page("邮政", f'<table><thead><tr><th scope="col">邮件号</th></tr></thead>{rows}</table>')


def parcel(number: str, scans: Iterable[Mapping[str, Any]]) -> str:
    """Return the page of one parcel, with a button for each thing that may happen to it."""
    names = {"accepted": "已收寄"} | POSTAL_ACTS
    items = "".join(
        f"<article><time>{escape(one['at'])}</time>"
        f"<p>{names.get(one['signed_by'], names[one['code']])} · {escape(one['place'])}</p></article>"
        for one in scans
    )
    buttons = "".join(
        f'<form method="post" action="/postal/parcels/{quote(number)}" style="display:inline">'
        f'<input type="hidden" name="act" value="{act}"><button>{label}</button></form>'
        for act, label in POSTAL_ACTS.items()
    )
    return page(f"邮件 {number}", items + buttons)


def _yuan(fen: int) -> str:
    return f"¥ {fen // 100:,}.{fen % 100:02d}"


def _when(at_s: float) -> str:
    return datetime.fromtimestamp(at_s, tz=UTC).astimezone(_SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
