"""The catalogue's dictionaries in words, and limits, visits and fees as a guide says them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from tongban.catalogue.definition import Definition, Limit, Material
from tongban.kernel.money import yuan

TARGETS: Final = {
    "person": gettext_lazy("自然人"),
    "company": gettext_lazy("企业法人"),
    "institution": gettext_lazy("事业法人"),
    "social_organisation": gettext_lazy("社会组织法人"),
    "agency": gettext_lazy("行政机关"),
    "other": gettext_lazy("其他组织"),
}
KINDS: Final = {
    "01": gettext_lazy("行政许可"),
    "05": gettext_lazy("行政给付"),
    "07": gettext_lazy("行政确认"),
    "08": gettext_lazy("行政奖励"),
    "09": gettext_lazy("行政裁决"),
    "10": gettext_lazy("其他行政权力"),
    "20": gettext_lazy("公共服务"),
}
LEVELS: Final = {
    "2": gettext_lazy("省级"),
    "3": gettext_lazy("市级"),
    "4": gettext_lazy("县级"),
    "5": gettext_lazy("镇（乡、街道）级"),
    "6": gettext_lazy("村（社区）级"),
}
HANDLE_FORMS: Final = {
    "window": gettext_lazy("窗口"),
    "web": gettext_lazy("电脑端网上"),
    "mobile": gettext_lazy("移动端网上"),
    "express": gettext_lazy("快递"),
}
DELIVERIES: Final = {
    "electronic": gettext_lazy("电子送达"),
    "window": gettext_lazy("窗口领取"),
    "mail": gettext_lazy("邮寄"),
}
SCOPES: Final = {
    "1": gettext_lazy("全国通办"),
    "2": gettext_lazy("全省通办"),
    "3": gettext_lazy("全市通办"),
    "4": gettext_lazy("全县通办"),
    "5": gettext_lazy("全镇（乡、街道）通办"),
    "6": gettext_lazy("跨村（社区）通办"),
}


def limit_words(limit: Limit) -> str:
    """A limit as people say it: 5 个工作日, 60 日, 当场办结."""
    return limit_in_words(limit.amount, limit.unit)


def limit_in_words(n: int, unit: str) -> str:
    """The same from an amount and its unit."""
    forms = {
        "working_days": ngettext("%(n)s 个工作日", "%(n)s 个工作日", n),
        "calendar_days": ngettext("%(n)s 日", "%(n)s 日", n),
        "hours": ngettext("%(n)s 小时", "%(n)s 小时", n),
        "months": ngettext("%(n)s 个月", "%(n)s 个月", n),
    }
    return _("当场办结") if unit == "at_once" else forms[unit] % {"n": n}


def visits_words(visits: int) -> str:
    """How often one must come."""
    return ngettext("跑 %(n)s 次", "跑 %(n)s 次", visits) % {"n": visits} if visits else _("不用跑")


def fee_words(definition: Definition) -> str:
    """What it costs in a few words: nothing, one amount, or that it depends."""
    if not definition.fee:
        return _("不收费")
    if len(definition.fee) == 1 and definition.fee[0].quantity_field is None:
        return f"{yuan(definition.fee[0].amount_fen)}/{definition.fee[0].unit}"
    return _("按标准收费")


def targets_words(targets: Sequence[str]) -> str:
    """Whom it serves: 自然人, or 企业法人、其他组织."""
    return pgettext("list", "、").join(str(TARGETS[target]) for target in targets)


def count_words(material: Material) -> str:
    """How much of a material is taken."""
    if material.generated_from_form:
        return _("网上填写生成")
    parts = []
    if material.original_count:
        parts.append(_("原件 %(n)s 份") % {"n": material.original_count})
    if material.copy_count:
        parts.append(_("复印件 %(n)s 份") % {"n": material.copy_count})
    if material.format in ("electronic", "both"):
        parts.append(_("网上办理交电子件"))
    return pgettext("list", "，").join(parts)


def source_words(material: Material) -> str:
    """Where a material comes from."""
    if material.generated_from_form:
        return _("由表单生成")
    if material.source == "government":
        return material.issuer or _("政府部门核发")
    return _("自己准备") if material.source == "own" else _("其他")
