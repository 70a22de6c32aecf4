"""One full content of every kind, with rare characters and with text that would be markup if anybody parsed it."""

from __future__ import annotations

import datetime as dt
from typing import Any

RARE = "䶮龘㐱𬍛"
HOSTILE = '#import "x.typ": * *粗* $x^2$ <seal> @ref [#eval("1+1")] \\ // `raw`'
#: A resident number with a right check character that belongs to nobody (birth date 1990-03-07, area 430211).
PERSONAL_NUMBER = "430211199003071226"
CASE_NO = "11430212MB1F07267M4000131016000202611120068"
_DAY = dt.date(2026, 11, 12)
_NEXT = dt.date(2026, 11, 17)

_ADDRESSED: dict[str, Any] = {
    "applicant": f"渌口区陈{RARE}面馆",
    "applicant_code": "统一社会信用代码 92430212MA4Q7K2P8K",
    "applicant_kind": "organisation",
    "case_no": CASE_NO,
    "item_name": "食品经营许可（新办）",
    "handler": "李文静",
    "consult_phone": "0731-28680860",
    "complaint_phone": "0731-12345",
}
_REMEDIES = {"review_body": "株洲市渌口区人民政府", "court": "株洲市渌口区人民法院"}

CONTENTS: dict[str, dict[str, Any]] = {
    "receipt": _ADDRESSED
    | {
        "received_at": "2026年11月12日9时41分",
        "materials": [
            {"name": "食品经营许可申请书"},
            {"name": f"操作流程文件 {HOSTILE}", "form": "复印件", "copies": 2, "note": "与原件核对一致"},
        ],
        "query_password": "48291376",
        "channel": "窗口收件",
        "hall": "株洲市渌口区政务服务中心",
        "agent": "王小梅",
    },
    "acceptance": _ADDRESSED
    | {
        "applied_on": _DAY,
        "completed_on": _NEXT,
        "accepted_on": _NEXT,
        "materials": ["食品经营许可申请书", HOSTILE],
        "promised": "5 个工作日，至2026年11月24日",
        "statutory": "10 个工作日，至2026年12月1日",
        "fee": "不收费",
    },
    "correction": _ADDRESSED
    | {
        "received_on": _DAY,
        "defects": [{"subject": "操作流程文件", "what": f"未标明面积。\n{HOSTILE}"}],
        "due_days": 15,
        "due_on": dt.date(2026, 12, 3),
        "acceptance_due_on": dt.date(2026, 11, 18),
    },
    "acceptance_refusal": _ADDRESSED
    | _REMEDIES
    | {"received_on": _DAY, "reason": f"不属于本机关职权范围。{HOSTILE}", "right_body": "湖南省市场监督管理局"},
    "no_permit_needed": _ADDRESSED | {"received_on": _DAY, "reason": f"仅销售预包装食品。{HOSTILE}"},
    "granted": _ADDRESSED
    | _REMEDIES
    | {
        "applied_on": _DAY,
        "accepted_on": _NEXT,
        "particulars": [{"label": "经营场所", "value": HOSTILE}],
        "validity": "2026年11月23日至2031年11月22日",
        "licence_name": "食品经营许可证",
    },
    "refused": _ADDRESSED | _REMEDIES | {"applied_on": _DAY, "accepted_on": _NEXT, "reason": f"不符合条件。{HOSTILE}"},
    "service_notice": {
        "recipient": f"渌口区陈{RARE}面馆",
        "documents": [{"title": "准予行政许可决定书", "number": "株渌市监许准〔2026〕12号"}],
        "reason": "用其他方式无法送达",
        "days": 30,
        "published_on": _DAY,
        "ends_on": dt.date(2026, 12, 14),
        "contact_place": f"株洲市渌口区政务服务中心 {HOSTILE}",
        "consult_phone": "0731-28680860",
    },
    "termination": _ADDRESSED | {"applied_on": _DAY, "ended_on": _NEXT, "cause": "withdrawn", "reason": HOSTILE},
    "delivery_receipt": {
        "recipient": f"渌口区陈{RARE}面馆",
        "case_no": CASE_NO,
        "documents": [{"title": "准予行政许可决定书", "number": "株渌市监许准〔2026〕31号"}],
        "method": "直接送达",
        "place": "株洲市渌口区政务服务中心",
        "delivered_at": "2026年11月24日10时20分",
        "collector": "王小梅",
        "collector_document": "居民身份证 4302**********1226",
        "relation": "代理人",
        "confirmation": "在窗口手写签名确认收到",
        "strokes": [[(0.1, 0.5), (0.2, 0.2), (0.3, 0.7)]],
        "server": "张敏",
        "note": HOSTILE,
    },
    "approval_form": {
        "applicant": f"渌口区陈{RARE}面馆",
        "applicant_code": "92430212MA4Q7K2P8K",
        "case_no": CASE_NO,
        "item_name": "食品经营许可（新办）",
        "accepted_on": _NEXT,
        "promised": "5 个工作日",
        "statutory": "10 个工作日",
        "materials": ["食品经营许可申请书"],
        "opinions": [
            {
                "name": "承办",
                "unit": "审批股",
                "person": "李文静",
                "result": "同意",
                "opinion": HOSTILE,
                "at": "2026-11-18 15:02",
            }
        ],
        "conclusion": "准予行政许可。",
    },
    "application": {
        "applicant": f"陈{RARE}",
        "applicant_code": PERSONAL_NUMBER,
        "case_no": CASE_NO,
        "item_name": "食品经营许可（新办）",
        "groups": [
            {"title": "经营者", "fields": [{"label": "姓名", "value": HOSTILE}, {"label": "空白", "value": ""}]}
        ],
        "materials": ["操作流程文件"],
        "statement": "本人承诺所填写的内容真实。",
        "signer": "陈䶮",
        "signed_at": "2026年11月12日 09:41:05",
        "proof": "手机验证码验证",
        "signed_digest": "9f" * 32,
    },
    "fee_notice": _ADDRESSED
    | {
        "bill_no": "430212261112000068",
        "charges": [
            {
                "name": HOSTILE,
                "basis": "湘发改价费规〔2019〕1号",
                "unit_price": "480.00",
                "quantity": "12",
                "amount": "5760.00",
            }
        ],
        "total": "5760.00",
        "total_words": "人民币伍仟柒佰陆拾元整",
        "due_on": dt.date(2026, 12, 1),
        "how_to_pay": "在线缴纳。",
    },
    "licence": {
        "layout": "permit",
        "licence_name": "食品经营许可证",
        "licence_id": "1.2.156.3005.2.11100000MB0327170A011.11430212MB1F07267M.JY24302120012345.001.K",
        "number": "JY24302120012345",
        "holder_name": f"陈{RARE}",
        "holder_code": PERSONAL_NUMBER,
        "holder_code_type": "111",
        "particulars": [{"label": "经营项目", "value": HOSTILE}],
        "valid_from": dt.date(2026, 11, 23),
        "valid_to": None,
        "defining_body": "国家市场监督管理总局",
        "version": 1,
    },
}
