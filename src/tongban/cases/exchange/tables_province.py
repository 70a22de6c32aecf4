"""A province's supervision exchange (PRE_APASINFO and EA_JC_*), domain.md 4.3 and 4.4. Pure.

Our source gives the meaning of every column but the spelling of few: those that it spells (`projid`, `projpwd`,
`infotype`, `datastate`, `approvaltype`, `nodetype`, `nodestate`, `noderesult`, `sn`, `doneresult`) stand as there
(`PROVINCE`), the others under names of this platform.
"""

from functools import partial
from typing import Final

from tongban.cases.exchange import dictionaries as codes
from tongban.cases.exchange.columns import Fault, Table, Values
from tongban.cases.exchange.declaring import OURS, PROVINCE

_STANDARD = "省监察交换表"
_projid = partial(PROVINCE.text, "projid", "办件编号", 50, "Case.case_no", due=True)

#: Completion codes that end without what was applied for; each says why (domain.md 4.4). 6 has its reasons by law.
_WITH_REASON: Final = frozenset({"1", "2", "3", "4", "5", "6"})

REGISTRATION: Final = Table(
    name="pre_apasinfo",
    title="登记",
    standard=_STANDARD,
    columns=(
        _projid(),
        PROVINCE.text("projpwd", "查询密码", 20, "Case.query_password", due=True),
        OURS.text("projstate", "办件状态", 50, "state of the case in words", due=True),
        PROVINCE.code("infotype", "办件类型", 1, codes.APPROVAL_TYPES, "definition: instant 1, promised 2", due=True),
        OURS.text("task_code", "实施编码", 50, "Implementation.task_code", due=True),
        OURS.text("task_name", "事项名称", 1000, "Case.item_name", due=True),
        OURS.text("apply_name", "申请人", 100, "Case.applicant", due=True),
        OURS.code("apply_document_type", "申请人证件类型", 3, codes.DOCUMENT_KINDS, "Case.applicant", due=True),
        OURS.text("apply_document_no", "申请人证件号码", 50, "Case.applicant", due=True),
        OURS.text("apply_mobile", "联系电话", 20, "Case.applicant, else Case.service"),
        OURS.text("investment_project_code", "投资项目编号", 24, "Case.service"),
        OURS.text("receive_org_code", "收件单位代码", 18, "Case.received_by"),
        OURS.text("receive_org_name", "收件单位", 200, "Case.received_by"),
        OURS.text("receive_user", "收件人", 100, "who took the materials, by the event"),
        OURS.moment("receive_time", "收件时间", "Case.received_at"),
        OURS.moment("apply_time", "申请时间", "Case.submitted_at", due=True),
        PROVINCE.code(
            "datastate", "数据状态", 1, codes.DATA_STATES, "0 once void or deleted as an entry error", due=True
        ),
    ),
)

BASIC: Final = Table(
    name="ea_jc_step_basicinfo",
    title="受理",
    standard=_STANDARD,
    columns=(
        _projid(),
        OURS.code("submit_channel", "提交方式", 1, codes.SUBMIT_CHANNELS, "Case.channel", due=True),
        PROVINCE.code(
            "approvaltype", "审批类型", 1, codes.APPROVAL_TYPES, "definition: instant 1, promised 2", due=True
        ),
        OURS.text("accept_org_code", "受理单位代码", 18, "credit code of the body in charge", due=True),
        OURS.text("accept_org_name", "受理单位", 200, "name of the body in charge", due=True),
        OURS.text("accept_division", "受理行政区划", 9, "Case.division", due=True),
        OURS.text("accept_user", "受理人", 100, "who accepted, by the event"),
        OURS.moment("accept_time", "受理时间", "Case.accepted_at", due=True),
        OURS.text("accept_doc_no", "受理文书编号", 50, "number of the notice of acceptance"),
        OURS.number("promise_limit", "承诺时限", 5, "definition", due=True),
        OURS.code(
            "promise_unit", "承诺时限单位", 1, codes.LIMIT_UNITS, "definition; at once is 0 working days", due=True
        ),
        OURS.number("statutory_limit", "法定时限", 5, "definition, months as 30 days", due=True),
        OURS.code("statutory_unit", "法定时限单位", 1, codes.STATUTORY_UNITS, "definition", due=True),
        OURS.day("promise_date", "承诺办结日期", "Case.promised_due_on", due=True),
        OURS.day("statutory_date", "法定办结日期", "Case.statutory_due_on", due=True),
    ),
)

PROC: Final = Table(
    name="ea_jc_step_proc",
    title="过程",
    standard=_STANDARD,
    columns=(
        _projid(),
        PROVINCE.number("sn", "环节序号", 3, "1 the acceptance, then the steps in order", due=True),
        OURS.text("node_name", "环节名称", 200, "name of the step", due=True),
        PROVINCE.code("nodetype", "环节类型", 1, codes.NODE_TYPES, "place among the steps of the item", due=True),
        PROVINCE.code("nodestate", "环节状态", 1, codes.NODE_STATES, "1 open, 2 done", due=True),
        OURS.text("node_org_code", "处理单位代码", 18, "unit of the step", due=True),
        OURS.text("node_org_name", "处理单位", 200, "unit of the step", due=True),
        OURS.text("node_user", "处理人", 200, "who did it"),
        OURS.moment("node_start_time", "开始时间", "when the step was opened", due=True),
        OURS.moment("node_end_time", "结束时间", "when it was done"),
        OURS.number("node_limit", "环节时限", 5, "definition of the step"),
        OURS.code("node_limit_unit", "环节时限单位", 1, codes.LIMIT_UNITS, "definition of the step"),
        PROVINCE.code(
            "noderesult",
            "环节结果",
            1,
            codes.NODE_RESULTS,
            "what came of it; of the acceptance also a notice that waits for its answer",
        ),
        OURS.text("node_opinion", "环节意见", 2000, "the unit's opinion"),
    ),
)

SPECIAL_NODE: Final = Table(
    name="ea_jc_step_specialnode",
    title="特殊环节",
    standard=_STANDARD,
    columns=(
        _projid(),
        PROVINCE.number("sn", "第几次", 3, "which special step of the case", due=True),
        PROVINCE.code(
            "noderesult",
            "特殊环节类型",
            1,
            codes.SPECIAL_NODES,
            "1 completion of materials, 6 asked for in pre-review",
            due=True,
        ),
        OURS.moment("told_time", "告知时间", "Correction.requested_at", due=True),
        OURS.text("told_place", "地点", 200, "the body that gave the notice", due=True),
        OURS.text("basis", "依据", 1000, "行政许可法 art. 32", due=True),
        OURS.text("material_list", "材料清单", 2000, "what was missing, by the notice", due=True),
        OURS.text("told_user", "告知人", 100, "the official who gave the notice"),
        OURS.day("due_date", "补正期限", "Correction.due_on", due=True),
        OURS.moment("end_time", "结束时间", "Correction.answered_at"),
    ),
)


def _needs(values: Values) -> tuple[Fault, ...]:
    """What each completion code needs: reasons, or the licence's number and validity (domain.md 4.4)."""
    done = values.get("doneresult")
    missing = [Fault(column="reason", reason="missing")] if done in _WITH_REASON and not values.get("reason") else []
    if done == "0":
        due = ("cert_no", "cert_valid_from", "cert_valid_to")
        missing += [Fault(column=name, reason="missing") for name in due if not values.get(name)]
    return tuple(missing)


DONE: Final = Table(
    name="ea_jc_step_done",
    title="办结",
    standard=_STANDARD,
    rules=(_needs,),
    columns=(
        _projid(),
        PROVINCE.code("doneresult", "办结结果", 1, codes.DONE_RESULTS, "Case.result_code", due=True),
        OURS.moment("done_time", "办结时间", "Case.completed_at", due=True),
        OURS.text("done_user", "办结人", 100, "the official of the act that ended it"),
        OURS.text("reason", "原因", 2000, "the reasons of the decision, else the act in words"),
        OURS.text("approval_no", "决定文书编号", 80, "number of the decision"),
        OURS.day("approval_date", "决定日期", "Case.decided_at"),
        OURS.code(
            "result_type",
            "结果类型",
            2,
            codes.RESULT_TYPES,
            "kind of result of the item; 99 where nothing was granted",
            due=True,
        ),
        OURS.text("cert_name", "证照名称", 200, "name of the licence, of an item without one the decision"),
        OURS.text("cert_no", "证照编号", 2000, "numbers of the same, joined with ^"),
        OURS.day("cert_valid_from", "证照有效期起", "validity of the same"),
        OURS.day("cert_valid_to", "证照有效期止", "validity of the same; 99991231 without end"),
        OURS.text("publisher", "发证单位", 200, "issuer of the licence, else of the decision"),
        OURS.text("publisher_code", "发证单位代码", 18, "credit code of the same"),
        OURS.code("is_fee", "是否收费", 1, codes.YES_NO, "whether there is a bill that is not void", due=True),
        OURS.amount("fee", "收费金额(元)", "sum of those bills"),
        OURS.text("fee_standard", "收费标准", 2000, "lines of those bills"),
        OURS.text("fee_basis", "收费依据", 2000, "lines of those bills"),
        OURS.text("fee_payer", "缴款人", 200, "Bill.payer_name"),
        OURS.code("is_courier", "是否快递", 1, codes.YES_NO, "whether the result went by post", due=True),
        OURS.code("satisfaction", "满意度", 2, codes.SATISFACTION, "empty until the applicant has rated"),
    ),
)

ALL: Final = (REGISTRATION, BASIC, PROC, SPECIAL_NODE, DONE)
