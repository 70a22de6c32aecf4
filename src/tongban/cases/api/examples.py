"""One example of each body, shown in the OpenAPI document and sent by the tests. Persons and numbers are samples."""

from typing import Any, Final

from ninja.schema import Schema

_APPLICANT: Final[dict[str, Any]] = {
    "kind": "person",
    "name": "陈桂兰",
    "document_kind": "111",
    "document_number": "430212197803120021",
    "phone": "19900000001",
}
_PERSON: Final = {key: str(_APPLICANT[key]) for key in ("document_kind", "document_number", "name")}
_TASK: Final = "11430212YL6DEDU34H4002014001005"
_SERVICE: Final[dict[str, Any]] = {
    "address": "株洲市渌口区津口路128号",
    "recipient": "陈桂兰",
    "phone": "19900000001",
    "electronic_consent": True,
    "delivery": "electronic",
    "zip_code": "412100",
    "division": "430212",
}
_ANSWERS: Final[dict[str, Any]] = {"status": "resident", "household": "local", "support": "ordinary"}
_SIGNATURE: Final[dict[str, str]] = {"method": "人脸识别", "serial": "A-1024"}
_FILE: Final = "0e6f0c5e-8a4a-4d0e-9a0b-6d6a3c1f2b11"
_REASON: Final[dict[str, str]] = {
    "reason": "申请事项不属于本机关职权范围。",
    "basis": "《中华人民共和国行政许可法》第三十二条第一款第（二）项",
}

EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "CaseIn": {
        "task_code": _TASK,
        "applicant": _APPLICANT,
        "service": _SERVICE,
        "answers": _ANSWERS,
        "form": {"name": "陈桂兰"},
        "materials": {},
        "signature": _SIGNATURE,
    },
    "TrackIn": {"case_no": "11430212MB1F07267M4000131016000202611240001", "query_password": "48291376"},
    "WithdrawIn": {"reason": "重复申请。"},
    "DraftIn": {"task_code": _TASK, "applicant": _APPLICANT},
    "AnswersIn": {"answers": _ANSWERS},
    "FormIn": {"form": {"name": "陈桂兰"}},
    "ServiceIn": _SERVICE,
    "MaterialIn": {"key": "id_card", "file_id": _FILE},
    "SubmitIn": {"sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "signature": _SIGNATURE},
    "CorrectionIn": {"form": {"name": "陈桂兰"}, "materials": {}, "signature": _SIGNATURE},
    "CorrectionNoticeIn": {"defects": [{"kind": "field", "key": "name", "what": "请按身份证填写。"}]},
    "ReasonIn": _REASON,
    "RefusalIn": {**_REASON, "right_body": "株洲市人力资源和社会保障局"},
    "OpinionIn": {"agree": True, "opinion": "经审查，符合条件。", "checklist": []},
    "ReturnIn": {"to": "examine", "reason": "现场核查记录缺少照片，请补充后重新提交。"},
    "DecisionIn": {"granted": True, "reason": "", "basis": ""},
    "EndIn": {"reason": "申请人重复立件。"},
    "TransferIn": {"reason": "依法由上级机关办理。", "to_body": "株洲市市场监督管理局"},
    "ManyIn": {"act": "claim", "cases": ["11430212MB1F07267M4000131016000202611240001"]},
    "NothingIn": {},
    "SearchIn": {"words": "430212197803120021", "by": "case"},
    "AssignIn": {"account_id": 1024},
    "AbsenceIn": {
        "to_account_id": 1024,
        "valid_from": "2026-12-01",
        "valid_to": "2026-12-05",
        "reason": "外出学习。",
    },
    "DeskIn": {"leaver": "lukou.chen", "successor": "lukou.liu", "close_account": True},
    "UnmaskIn": {"field": "phone", "purpose": "电话通知申请人到窗口核对原件"},
    "PaidIn": {"method": "cash", "received_fen": 1500},
    "CollectorIn": {
        "name": "陈桂兰",
        "document_kind": "111",
        "document_number": "430212197803120021",
        "strokes": [[[0.1, 0.5], [0.4, 0.2], [0.8, 0.7]]],
    },
    "ByHandIn": {"strokes": [], "paper_kept": True},
    "WithdrawnIn": {"reason": "不再经营。", "strokes": [], "paper_kept": True},
    "CorrectedIn": {"form": {"name": "陈桂兰"}, "materials": {}, "paper": ["id_card"], "paper_kept": True},
    "NoteIn": {"text": "请与申请人核对经营面积。", "call": []},
    "DraftOpinionIn": {"version": 0, "agree": "yes", "opinion": "经审查，符合条件。"},
    "PhraseIn": {"text": "经审查，申请材料齐全，符合法定形式。"},
    "PhraseTextIn": {"text": "经现场核查，符合条件。"},
    "BatchIn": {"mode": "changes", "case_numbers": []},
    "ReuseIn": {"key": "id_card", "file_id": _FILE},
    "MandateIn": {
        "principal": _PERSON,
        "agent": {"document_kind": "111", "document_number": "430211198505050027", "name": "周小明"},
        "valid_to": "2027-03-31",
        "may_withdraw": False,
        "authority": "2026年11月20日委托办理各项政务服务。",
    },
    "PrincipalIn": {key: _PERSON[key] for key in ("document_kind", "document_number")},
    "UploadedIn": {"upload_id": _FILE},
    "PagesIn": {"name": "身份证正反面", "uploads": [_FILE], "turns": [90]},
    "OriginalIn": {"valid_to": "2027-03-31"},
    "MarkIn": {"kind": "field", "key": "name", "what": "请按身份证填写。"},
    "ParcelIn": {"carrier": "ems", "tracking_no": "1012345678901"},
    "ParcelEndIn": {"outcome": "returned", "at": "2026-11-24T10:00:00+08:00", "note": "收件人已搬走。"},
    "AttemptIn": {
        "way": "visit",
        "outcome": "absent",
        "at": "2026-11-24T10:00:00+08:00",
        "place": "株洲市渌口区津口路128号",
        "note": "敲门无人应答。",
    },
    "LeavingIn": {
        "at": "2026-11-24T10:00:00+08:00",
        "place": "株洲市渌口区津口路128号",
        "reason": "认为结果不公，拒绝签收。",
        "witnesses": [
            {"name": "张三", "unit": "津口路社区居民委员会"},
            {"name": "李四", "unit": "渌口镇人民政府"},
        ],
    },
    "NoticeIn": {"reason": "unknown", "account": "两次上门均无人，电话停机，社区称已搬走，去向不明。"},
}


class Body(Schema):
    """A body of a request; its example stands in the OpenAPI document."""

    @classmethod
    def __pydantic_init_subclass__(cls, **values: Any) -> None:
        """Put the example into the schema."""
        super().__pydantic_init_subclass__(**values)
        cls.model_config["json_schema_extra"] = {"examples": [EXAMPLES[cls.__name__]]}
