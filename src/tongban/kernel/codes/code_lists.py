"""Code lists in which service items and cases are exchanged: GB/T 39046-2020 and ZWFW C0109-2018.

Where the field knows two numberings of one list both stand here by name; one is never read as the other.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

CodeList = Mapping[str, str]


def _list(**codes: str) -> CodeList:
    return MappingProxyType({key.removeprefix("c"): words for key, words in codes.items()})


YES_NO: Final = _list(c0="否", c1="是")
#: 事项类型; 11 and 21 onwards are extensions.
TASK_TYPES: Final = _list(
    c00="行政权力事项", c01="行政许可", c02="行政处罚", c03="行政强制", c04="行政征收", c05="行政给付", c06="行政检查",
    c07="行政确认", c08="行政奖励", c09="行政裁决", c10="其他类别", c20="公共服务",
)  # fmt: skip
#: 事项类型 in the letters of older systems.
TASK_TYPE_LETTERS: Final = _list(
    XK="行政许可", CF="行政处罚", QZ="行政强制", ZS="行政征收", GF="行政给付", JC="行政检查", QR="行政确认",
    JL="行政奖励", CJ="行政裁决", QT="其他类别", GG="公共服务",
)  # fmt: skip
#: 行使层级.
USE_LEVELS: Final = _list(
    c1="国家级", c2="省级", c3="市级", c4="县级", c5="镇（乡、街道）级", c6="村（社区）级", c7="分级管理"
)
#: 实施主体性质.
DEPT_TYPES: Final = _list(c1="法定机关", c2="授权组织", c3="受委托组织", c9="其他")
#: 权力来源.
POWER_SOURCES: Final = _list(
    c1="法定本级行使", c2="上级下放", c3="上级授权", c4="同级授权", c5="上级委托", c6="同级委托"
)
#: 服务对象 of GB/T 39046; the case table's applyer_type uses this set.
TARGETS: Final = _list(c1="自然人", c2="企业法人", c3="事业法人", c4="社会组织法人", c5="行政机关", c6="其他组织")
#: 服务对象 of the C0109 family.
TARGETS_C0109: Final = _list(
    c1="自然人", c2="企业法人", c3="事业法人", c4="社会组织法人", c5="非法人企业", c6="行政机关", c9="其他组织"
)
#: 办件类型 of GB/T 39046, and of an older supervision exchange.
PROJECT_TYPES: Final = _list(c1="即办件", c2="承诺件", c9="其他")
PROJECT_TYPES_SUPERVISION: Final = _list(c1="即办", c2="承诺", c3="联办", c4="上报")
#: 办理形式 of GB/T 39046, and of C0109.2.
HANDLE_TYPES: Final = _list(c1="窗口", c2="电脑端网上", c3="移动端网上", c4="快递", c9="其他")
HANDLE_TYPES_C0109: Final = _list(c1="窗口", c2="网上", c3="快递")
#: 通办范围, and its older numbering.
HANDLE_AREAS: Final = _list(c1="全国", c2="全省", c3="全市", c4="全县", c5="全镇（乡、街道）", c6="跨村（社区）")
HANDLE_AREAS_OLD: Final = _list(c0="无", c1="全国", c2="跨省", c3="跨市", c4="跨县")
#: 事项状态.
TASK_STATES: Final = _list(c1="在用", c2="暂停", c3="取消")
#: 办理结果类型 of an item, and in exchange.
RESULT_TYPES: Final = _list(c1="证照", c2="批文", c3="其他", c4="无")
RESULT_TYPES_EXCHANGE: Final = _list(c10="证照", c20="批文", c30="其他", c99="无")
#: 网办深度; another list has 9 for 其他.
ONLINE_DEPTHS: Final = _list(
    c1="互联网咨询", c2="收件", c3="预审", c4="受理", c5="办理", c6="办理结果信息反馈", c7="电子证照反馈", c8="其他"
)
#: 时限单位 of a promise; of a statutory limit, where years and months are days already.
LIMIT_UNITS: Final = _list(c1="工作日", c2="自然日", c3="小时", c4="分钟", c5="月")
STATUTORY_UNITS: Final = _list(cG="工作日", cZ="自然日")
#: Of a material: 是否必要, 材料类型, 材料形式, 来源渠道; 收取方式 of a case's material.
NEEDS: Final = _list(c1="必要", c2="非必要", c3="容缺后补")
MATERIAL_TYPES: Final = _list(c1="原件", c2="复印件", c3="原件和复印件")
MATERIAL_FORMATS: Final = _list(c1="纸质", c2="电子", c3="纸质和电子")
SOURCES: Final = _list(c10="申请人自备", c20="政府部门核发", c99="其他")
GET_TYPES: Final = _list(c1="纸质", c2="附件上传", c3="电子证照库")
#: Mark of a record that is sent.
OPERATIONS: Final = _list(I="新增", U="修改", D="删除")


def statutory_days(amount: int, unit: str) -> tuple[int, str]:
    """A statutory limit in days: working days (G) or natural days (Z); a month counts 30 days, hours whole days.

    `unit` is one of working_days, calendar_days, hours, months and at_once.
    """
    if unit in {"working_days", "at_once"}:
        return amount, "G"
    if unit == "months":
        return amount * 30, "Z"
    return (-(-amount // 24) if unit == "hours" else amount), "Z"
