"""The national exchange tables of a case (up_pro_*), what GB/T 39046-2020 adds, the envelope of every row. Pure.

Names, types and which values are due are those of domain.md 4.1; where GB/T 39046 names a thing in Chinese only, the
column's name is this platform's (`OURS`). Tables of a province's supervision: `tables_province`.
"""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from tongban.cases.exchange import dictionaries as codes
from tongban.cases.exchange import tables_province
from tongban.cases.exchange.columns import Column, Table
from tongban.cases.exchange.declaring import NATIONAL, OURS, PROVINCE

_NATIONAL = "国家交换表"

#: Around every row, in every table; dataver comes from the province's tables (4.3), where nothing is overwritten.
ENVELOPE: Final[tuple[Column, ...]] = (
    NATIONAL.text(
        "row_guid",
        "行唯一标识",
        50,
        "a UUID made from table, case and part: always the same for the same row",
        due=True,
    ),
    NATIONAL.text(
        "data_source", "数据来源", 3, "TONGBAN_EXCHANGE_SOURCE, as the receiver assigned it; empty until then"
    ),
    PROVINCE.number("dataver", "数据版本", 9, "1, one more each time the row is sent again", due=True),
    NATIONAL.code(
        "cd_operation",
        "操作类型",
        2,
        codes.OPERATIONS,
        "I first time, U afterwards, D where the row is no more",
        due=True,
    ),
    NATIONAL.moment("cd_time", "操作时间", "when the row was collected", due=True),
    NATIONAL.text("cd_batch", "批次号", 32, "number of the batch", due=True),
)

_project_no = partial(NATIONAL.text, "project_no", "办件编号", 50, "Case.case_no", due=True)

ACCEPT: Final = Table(
    name="up_pro_accept",
    title="办件受理信息",
    standard=_NATIONAL,
    columns=(
        _project_no(),
        NATIONAL.text("task_code", "实施编码", 36, "Implementation.task_code", due=True),
        NATIONAL.text(
            "task_handle_item", "业务办理项编码", 50, "definition: the handling item that the answers choose"
        ),
        NATIONAL.text("catalog_code", "基本编码", 12, "catalogue definition of the case's item version", due=True),
        NATIONAL.text("task_name", "事项名称", 1000, "Case.item_name", due=True),
        NATIONAL.number("task_version", "事项版本", 9, "ItemVersion.number", due=True),
        NATIONAL.text("project_name", "办件摘要", 1000, "applicant and item: “某某申请某事项”"),
        NATIONAL.code(
            "project_type", "办件类型", 2, codes.PROJECT_TYPES, "definition: instant 1, promised 2", due=True
        ),
        NATIONAL.code("apply_type", "申请方式", 2, codes.APPLY_TYPES, "Case.channel", due=True),
        NATIONAL.code(
            "applyer_type", "申请人类型", 2, codes.APPLYER_TYPES, "kind of applicant, by the credit code", due=True
        ),
        NATIONAL.text("applyer_name", "申请人姓名或名称", 100, "Case.applicant", due=True),
        NATIONAL.code("applyer_page_type", "申请人证件类型", 70, codes.DOCUMENT_KINDS, "Case.applicant", due=True),
        NATIONAL.text("applyer_page_code", "申请人证件号码", 500, "Case.applicant", due=True),
        NATIONAL.text("contact_name", "联系人姓名", 100, "the agent, else the recipient of documents"),
        NATIONAL.code(
            "contact_type",
            "联系人证件类型",
            6,
            codes.DOCUMENT_KINDS,
            "of the agent, or of an applicant who is the contact",
        ),
        NATIONAL.text("contact_code", "联系人证件号码", 50, "of the agent, or of an applicant who is the contact"),
        NATIONAL.text("contact_mobile", "联系人手机", 11, "of the agent, else Case.service, else Case.applicant"),
        NATIONAL.text("legal", "法定代表人", 100, "Case.applicant of a company"),
        NATIONAL.text("zip_code", "邮政编码", 6, "Case.service"),
        NATIONAL.text("address", "通讯地址", 1000, "Case.service, else Case.applicant"),
        NATIONAL.moment("apply_date", "申请时间", "Case.submitted_at", due=True),
        NATIONAL.text("org_code", "受理部门编码", 64, "credit code of the body in charge", due=True),
        NATIONAL.text("org_name", "受理部门名称", 200, "name of the body in charge", due=True),
        NATIONAL.text("handle_user_name", "受理人员", 100, "who accepted, by the event"),
        NATIONAL.moment("accept_date", "受理时间", "Case.accepted_at", due=True),
        NATIONAL.text("accept_doc_no", "受理文书编号", 50, "number of the notice of acceptance"),
        NATIONAL.day("promise_date", "承诺办结日期", "Case.promised_due_on"),
        OURS.text("investment_project_code", "投资项目编号", 24, "Case.service"),
        OURS.text("apply_division", "申请人行政区划", 9, "Case.service: six to nine digits"),
        OURS.text("accept_division", "受理行政区划", 9, "Case.division", due=True),
    ),
)

PROCESS: Final = Table(
    name="up_pro_process",
    title="办件过程信息",
    standard=_NATIONAL,
    columns=(
        _project_no(),
        NATIONAL.code("event_name", "业务动作", 2, codes.EVENT_NAMES, "by the kind of the event", due=True),
        NATIONAL.text("process_name", "环节名称", 1000, "name of the step, else of the act", due=True),
        NATIONAL.text(
            "handle_user_name", "办理人员", 100, "the official who acted; empty for the applicant and the clock"
        ),
        NATIONAL.text(
            "handle_explain", "办理意见", 2000, "opinion or reasons, else the document that was made", due=True
        ),
        NATIONAL.moment("event_start_time", "开始时间", "when the step was opened, else as the end", due=True),
        NATIONAL.moment("event_end_time", "结束时间", "moment of the event", due=True),
        NATIONAL.text("remark", "备注", 2000, "who acted, where it was no official"),
        OURS.text("handle_org_name", "处理单位名称", 200, "unit of the step, else the body in charge", due=True),
        OURS.text("handle_org_code", "处理单位统一社会信用代码", 18, "of the same", due=True),
        OURS.code("node_state", "环节办理状态", 1, codes.NODE_STATES, "2 done, 1 for a step that is open", due=True),
    ),
)

SPECIAL: Final = Table(
    name="up_pro_special_procedure",
    title="办件特别程序信息",
    standard=_NATIONAL,
    columns=(
        _project_no(),
        NATIONAL.code(
            "special_type", "特别程序类型", 2, codes.SPECIAL_TYPES, "2: the completion of materials", due=True
        ),
        NATIONAL.text("special_name", "特别程序名称", 1000, "补齐补正", due=True),
        NATIONAL.moment("special_time", "开始时间", "Correction.requested_at", due=True),
        NATIONAL.text("special_reason", "特别程序原因", 2000, "what was missing, by the notice", due=True),
        NATIONAL.text("applyer_user_name", "提出人员", 100, "the official who gave the notice"),
        NATIONAL.moment("end_time", "结束时间", "Correction.answered_at; reported once it has ended", due=True),
        NATIONAL.text("result", "结果", 2000, "what came of it"),
        NATIONAL.text("special_explain", "说明", 2000, "number of the notice and the last day it named"),
        NATIONAL.text("handle_user", "办理人员", 100, "the official who gave the notice"),
    ),
)

RESULT: Final = Table(
    name="up_pro_result",
    title="办件办结信息",
    standard=_NATIONAL,
    columns=(
        _project_no(),
        NATIONAL.text("handle_user_name", "办结人员", 100, "the official of the act that ended it"),
        NATIONAL.moment("result_date", "办结时间", "Case.completed_at", due=True),
        NATIONAL.code(
            "result_type",
            "结果类型",
            2,
            codes.RESULT_TYPES,
            "kind of result of the item; 99 where nothing was granted",
            due=True,
        ),
        NATIONAL.text("result_cetr_name", "结果证照名称", 1000, "name of the licence, else of the decision"),
        NATIONAL.text(
            "result_cetr_no", "结果证照编号", 2000, "numbers of licences, else of the decision, joined with ^"
        ),
        NATIONAL.text("result_explain", "结果说明", 2000, "completion in words, with the reasons"),
        NATIONAL.code(
            "is_delivery_results", "是否送达结果", 2, codes.YES_NO, "whether the result reached the applicant", due=True
        ),
        NATIONAL.code("satisfaction", "满意度", 2, codes.SATISFACTION, "empty until the applicant has rated"),
        NATIONAL.text("remark", "备注", 2000, "how it was delivered"),
        OURS.day("cert_valid_from", "证照有效期起", "validity of the licence, else of the decision that granted"),
        OURS.day("cert_valid_to", "证照有效期止", "of the same; 99991231 without end"),
        OURS.text("cert_issuer_name", "发证/盖章单位", 200, "issuer of the licence, else of the decision"),
        OURS.text("result_division", "办结行政区划", 9, "Case.division", due=True),
        OURS.code("is_fee", "是否收费", 2, codes.YES_NO, "whether there is a bill that is not void", due=True),
    ),
)

MATERIAL: Final = Table(
    name="up_pro_material",
    title="办件材料信息",
    standard=_NATIONAL,
    columns=(
        _project_no(),
        NATIONAL.text("material_name", "材料名称", 200, "CaseMaterial.name", due=True),
        NATIONAL.code("get_type", "收取方式", 2, codes.GET_TYPES, "CaseMaterial.source", due=True),
        NATIONAL.number("get_num", "收取数量", 5, "CaseMaterial.copies"),
        NATIONAL.text("material_attach_name", "附件名称", 500, "name of the file"),
        NATIONAL.text("remark", "备注", 2000, "whether a correction replaced it; number of a licence from the library"),
    ),
)

#: Every table by its name, in the order in which a receiver has to read them.
TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {one.name: one for one in (ACCEPT, PROCESS, SPECIAL, RESULT, MATERIAL, *tables_province.ALL)}
)

__all__ = ["ACCEPT", "ENVELOPE", "MATERIAL", "PROCESS", "RESULT", "SPECIAL", "TABLES"]
