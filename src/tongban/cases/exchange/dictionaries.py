"""Code tables of the exchange (domain.md 3.2, 4.1 to 4.4), and how this platform's own words become codes. Pure.

Both numberings of a list stand here by name where the field knows two; one is never read as the other.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tongban.cases.ends import ENDS
from tongban.kernel.codes import code_lists, document_kinds


def _table(**codes: str) -> Mapping[str, str]:
    return MappingProxyType({key.removeprefix("c"): words for key, words in codes.items()})


YES_NO: Final = code_lists.YES_NO
PROJECT_TYPES: Final = code_lists.PROJECT_TYPES
#: Supervision exchange, approvaltype and infotype.
APPROVAL_TYPES: Final = code_lists.PROJECT_TYPES_SUPERVISION
APPLY_TYPES: Final = code_lists.HANDLE_TYPES
#: Supervision exchange, way of submission.
SUBMIT_CHANNELS: Final = _table(
    c0="窗口", c1="网上", c2="信函", c3="电报", c4="电传", c5="传真", c6="邮件", c7="电子数据交换", c8="其他"
)
#: The case table's applyer_type uses the set of GB/T 39046, not that of the C0109 family.
APPLYER_TYPES: Final = code_lists.TARGETS
EVENT_NAMES: Final = _table(c1="通过", c2="退回", c3="其他")
#: Special procedures of the national table: an extension, or anything else.
SPECIAL_TYPES: Final = _table(c1="延长审批", c2="其他特别程序")
GET_TYPES: Final = code_lists.GET_TYPES
#: Kinds of result in exchange. Those of up_pro_result are unknown; these are the item tables' (domain.md 3.2, 4.4).
RESULT_TYPES: Final = code_lists.RESULT_TYPES_EXCHANGE
LIMIT_UNITS: Final = code_lists.LIMIT_UNITS
STATUTORY_UNITS: Final = code_lists.STATUTORY_UNITS
NODE_TYPES: Final = _table(c1="首环节", c2="中间环节", c3="末环节", c4="唯一环节")
NODE_STATES: Final = _table(c1="待办", c2="已办")
NODE_RESULTS: Final = _table(
    c0="不同意", c1="同意", c2="不受理", c3="不予受理", c4="受理", c5="补齐补正", c6="特别程序(挂起)", c7="退回"
)
SPECIAL_NODES: Final = _table(
    c1="补齐补正", c2="听证", c3="公示", c4="核实", c5="挂起", c6="预审补齐补正", c7="预审驳回"
)
DONE_RESULTS: Final[Mapping[str, str]] = MappingProxyType({str(code): end.name for code, end in ENDS.items()})
DATA_STATES: Final = _table(c0="作废", c1="有效")
OPERATIONS: Final = code_lists.OPERATIONS
#: GB/T 39046 A.8 counts from the best; the rating interface (GB/T 39735) counts the other way round.
SATISFACTION: Final = _table(c1="非常满意", c2="满意", c3="基本满意", c4="不满意", c5="非常不满意")
#: Kinds of documents by which an applicant is known (GA/T 2000.156; 001 unified social credit code).
DOCUMENT_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {code: one.name for code, one in document_kinds.DOCUMENT_KINDS.items()}
)

#: Channels of this platform in both numberings. A system's own interface is no form of handling of the national list.
APPLY_TYPE_OF: Final = MappingProxyType({"window": "1", "web": "2", "mobile": "3", "api": "9"})
SUBMIT_CHANNEL_OF: Final = MappingProxyType({"window": "0", "web": "1", "mobile": "1", "api": "7"})
PROJECT_TYPE_OF: Final = MappingProxyType({"instant": "1", "promised": "2"})
RESULT_TYPE_OF: Final = MappingProxyType({"licence": "10", "approval": "20", "other": "30", "none": "99"})
GET_TYPE_OF: Final = MappingProxyType({"paper": "1", "file": "2", "form": "2", "licence": "3"})
#: An item done at once has the amount 0 in working days.
LIMIT_UNIT_OF: Final = MappingProxyType(
    {"working_days": "1", "calendar_days": "2", "hours": "3", "months": "5", "at_once": "1"}
)
#: First two characters of a credit code (GB 32100-2015) to the kind of applicant; anything else is 其他组织.
_APPLYER_OF_CODE: Final = MappingProxyType({"91": "2", "12": "3", "51": "4", "52": "4", "53": "4", "11": "5"})


def applyer_type(kind: str, credit_code: str) -> str:
    """What kind of applicant this is: a person, or what the beginning of the credit code says."""
    return "1" if kind == "person" else _APPLYER_OF_CODE.get(credit_code[:2], "6")
