"""Choices of a draft's entries: codes of `definition` with the words of the desk."""

from __future__ import annotations

from typing import Final

from tongban.catalogue.editing.entries import Choice
from tongban.catalogue.topics import COMPANY_TOPICS, PERSON_TOPICS

NEEDS: Final[tuple[Choice, ...]] = (("required", "必要"), ("optional", "非必要"), ("later", "容缺后补"))
FORMATS: Final[tuple[Choice, ...]] = (("electronic", "电子"), ("paper", "纸质"), ("both", "电子或者纸质"))
SOURCES: Final[tuple[Choice, ...]] = (("own", "申请人自备"), ("government", "政府部门核发"), ("other", "其他"))
STEP_KINDS: Final[tuple[Choice, ...]] = (("handling", "办理"), ("review", "审核"), ("approval", "决定"))
LAW_KINDS: Final[tuple[Choice, ...]] = (
    ("law", "法律"),
    ("regulation", "行政法规"),
    ("rule", "部门规章"),
    ("local", "地方性法规、规章"),
    ("normative", "规范性文件"),
)
POWER_SOURCES: Final[tuple[Choice, ...]] = (
    ("1", "法定本级行使"),
    ("2", "上级下放"),
    ("3", "上级授权"),
    ("4", "同级授权"),
    ("5", "上级委托"),
    ("6", "同级委托"),
)
BODY_KINDS: Final[tuple[Choice, ...]] = (("1", "法定机关"), ("2", "授权组织"), ("3", "受委托组织"), ("9", "其他"))
RESULT_KINDS: Final[tuple[Choice, ...]] = (("licence", "证照"), ("approval", "批文"), ("other", "其他"), ("none", "无"))
DELIVERIES: Final[tuple[Choice, ...]] = (("electronic", "电子送达"), ("window", "窗口领取"), ("mail", "邮寄"))
HANDLE_FORMS: Final[tuple[Choice, ...]] = (
    ("window", "窗口"),
    ("web", "电脑端网上"),
    ("mobile", "移动端网上"),
    ("express", "快递"),
)
DEPTHS: Final[tuple[Choice, ...]] = (
    ("", "未填"),
    ("1", "互联网咨询"),
    ("2", "互联网收件"),
    ("3", "互联网预审"),
    ("4", "互联网受理"),
    ("5", "互联网办理"),
    ("6", "互联网办理结果信息反馈"),
    ("7", "互联网电子证照反馈"),
    ("8", "其他"),
)
ASSURANCE: Final[tuple[Choice, ...]] = (("0", "0 不要求登录"), ("1", "1 手机号"), ("2", "2 实名"), ("3", "3 实人"))
SCOPES: Final[tuple[Choice, ...]] = (
    ("", "不通办"),
    ("1", "全国通办"),
    ("2", "全省通办"),
    ("3", "全市通办"),
    ("4", "全县通办"),
    ("5", "全镇（乡、街道）通办"),
    ("6", "跨村（社区）通办"),
)
LIMIT_UNITS: Final[tuple[Choice, ...]] = (
    ("working_days", "个工作日"),
    ("calendar_days", "日（自然日）"),
    ("hours", "小时"),
    ("months", "个月"),
    ("at_once", "即办"),
)
STOPS: Final[tuple[Choice, ...]] = (
    ("no_permit_needed", "不用办：不需要取得许可"),
    ("other_item", "不用办：应当办别的事项"),
    ("other_body", "不能办：应当找别的机关"),
    ("not_eligible", "不能办：不符合条件"),
)
TARGETS: Final[tuple[Choice, ...]] = (
    ("person", "自然人"),
    ("company", "企业法人"),
    ("institution", "事业法人"),
    ("social_organisation", "社会组织法人"),
    ("agency", "行政机关"),
    ("other", "其他组织"),
)
ROLES: Final[tuple[Choice, ...]] = (
    ("window_clerk", "窗口人员"),
    ("case_officer", "经办人"),
    ("section_head", "科（股）室负责人"),
    ("leader", "分管负责人"),
)
KINDS: Final[tuple[Choice, ...]] = (
    ("01", "行政许可"),
    ("02", "行政处罚"),
    ("03", "行政强制"),
    ("04", "行政征收"),
    ("05", "行政给付"),
    ("06", "行政检查"),
    ("07", "行政确认"),
    ("08", "行政奖励"),
    ("09", "行政裁决"),
    ("10", "其他行政权力"),
    ("20", "公共服务"),
)
LEVELS: Final[tuple[Choice, ...]] = (("3", "市级"), ("4", "县级"), ("5", "镇（乡、街道）级"), ("6", "村（社区）级"))
TOPICS: Final[tuple[Choice, ...]] = (
    *((f"p:{code}", f"个人：{name}") for code, name in PERSON_TOPICS.items()),
    *((f"c:{code}", f"法人：{name}") for code, name in COMPANY_TOPICS.items()),
)
