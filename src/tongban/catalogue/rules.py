"""Rules across the fields of an item's definition (domain.md 3.4; 行政许可法 arts. 30, 32, 42). Pure.

`faults` gives everything that is wrong at once; an item with a fault cannot be published.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final

from tongban.catalogue import form_rules, graph_rules, limits, running_rules, tree
from tongban.catalogue.definition import Definition
from tongban.catalogue.faults import Fault
from tongban.catalogue.limits import in_days
from tongban.catalogue.numbers import NumberFormatError, check_number_format

__all__ = ["RULES", "Fault", "faults"]

#: Area code, hyphen, number: 12345 has five digits, others seven or eight.
_PHONE: Final = re.compile(r"^0\d{2,3}-\d{5,8}$")
_PERMIT: Final = "01"


def faults(definition: Definition) -> tuple[Fault, ...]:
    """Everything that is wrong with the definition, in the order of the rules; empty if it may be published."""
    return tuple(fault for rule in RULES for fault in rule(definition))


def _limits(it: Definition) -> Iterator[Fault]:
    for path, limit in (("promised", it.promised), ("statutory", it.statutory)):
        if (limit.unit == "at_once") is not (limit.amount == 0):
            yield Fault("limit.zero", path, "“即办”的时限是 0，其他单位的时限要大于 0")
    if in_days(it.promised) > in_days(it.statutory):
        yield Fault("limit.promise_over_statutory", "promised", "承诺办结时限不能长于法定办结时限")
    if (it.project_type == "instant") is not (it.promised.unit == "at_once"):
        yield Fault("limit.instant", "project_type", "即办件的承诺时限是“即办”，承诺件不是；请改办件类型或者承诺时限")
    if it.kind == _PERMIT and "行政许可法" in it.statutory_basis and in_days(it.statutory) > Fraction(28):
        yield Fault(
            "limit.permit_20_days",
            "statutory",
            "行政许可法第四十二条规定的期限是二十个工作日，更长要有其他法律、法规依据",
        )


def _result(it: Definition) -> Iterator[Fault]:
    result = it.result
    if result.kind == "none":
        if result.name or result.licence_type or result.number_format:
            yield Fault("result.none", "result", "办理结果为“无”时，不填结果名称、证照类型和编号规则")
        return
    if not result.name:
        yield Fault("result.name", "result.name", "请填写办理结果名称")
    if not result.sample:
        yield Fault("result.sample", "result.sample", "有办理结果的事项要给出结果样本")
    expected = _kind_by_name(result.name)
    if expected and expected != result.kind:
        yield Fault("result.kind", "result.kind", f"结果名称“{result.name}”与结果类型不一致")
    # What is run in a system of others gets its licence, with its number, there.
    if result.kind == "licence" and it.runs_in is None and not (result.licence_type and result.number_format):
        yield Fault("result.licence", "result", "出证的事项要写明证照类型代码和编号规则")
    if result.number_format:
        try:
            check_number_format(result)
        except NumberFormatError as error:
            yield Fault("result.number_format", "result.number_format", f"编号规则不能用：{error}")


def _kind_by_name(name: str) -> str | None:
    if name.endswith(("凭证", "证明")):
        return None
    if name.endswith("证"):
        return "licence"
    return "approval" if name.endswith(("批文", "批复", "文")) else None


def _visits(it: Definition) -> Iterator[Fault]:
    reason = it.onsite_reason.strip() not in ("", "无")
    if it.onsite_visits > 0 and not reason:
        yield Fault("visits.reason", "onsite_reason", "要到现场的事项，请写明必须到现场的原因")
    if it.onsite_visits == 0 and reason:
        yield Fault("visits.needless_reason", "onsite_reason", "不用到现场的事项，不填到现场的原因")
    if it.onsite_visits == 0 and not {"web", "mobile", "express"} & set(it.handle_forms):
        yield Fault("visits.no_other_way", "handle_forms", "不用到现场的事项，要能网上办或者邮寄办")
    if it.onsite_visits == 0 and set(it.delivery) == {"window"} and it.result.kind != "none":
        yield Fault("visits.collection", "delivery", "只能到窗口领取结果的事项，到现场次数至少是 1")


def _fees(it: Definition) -> Iterator[Fault]:
    properties = it.form.get("properties", {})
    for index, fee in enumerate(it.fee):
        if fee.amount_fen == 0:
            yield Fault("fee.amount", f"fee.{index}.amount_fen", "收费标准要大于 0；不收费的，不列收费项目")
        if fee.reducible is not bool(fee.reduce_note):
            yield Fault("fee.reduction", f"fee.{index}.reduce_note", "允许减免的要写明减免条件，不允许的不写")
        field = properties.get(fee.quantity_field) if fee.quantity_field else None
        if fee.quantity_field and (field is None or field.get("type") not in ("integer", "number")):
            yield Fault("fee.quantity", f"fee.{index}.quantity_field", "计费数量要取自表单中的一个数字项")


def _phones(it: Definition) -> Iterator[Fault]:
    for path, phone in (("consult_phone", it.consult_phone), ("complaint_phone", it.complaint_phone)):
        if not _PHONE.match(phone):
            yield Fault("phone.area_code", path, "电话要带区号，例如 0731-28680860")
    if it.consult_phone == it.complaint_phone:
        yield Fault("phone.same", "complaint_phone", "监督投诉电话不能与咨询电话相同")


def _topics(it: Definition) -> Iterator[Fault]:
    for prefix, present in (
        ("p:", "person" in it.service_targets),
        ("c:", any(target != "person" for target in it.service_targets)),
    ):
        if any(topic.startswith(prefix) for topic in it.topics) is not present:
            yield Fault(
                "topics.targets", "topics", "面向自然人的用自然人主题，面向法人和其他组织的用法人主题，两边要一致"
            )


def _depth(it: Definition) -> Iterator[Fault]:
    online = bool({"web", "mobile"} & set(it.handle_forms))
    if it.online_depth is not None and it.online_depth in "4567" and not online:
        yield Fault("depth.online", "online_depth", "网办深度到受理以上的，办理形式要有网上办")
    if it.online_depth is not None and it.online_depth in "67" and it.onsite_visits > 0:
        yield Fault("depth.visits", "online_depth", "全程网办的事项，到现场次数是 0；要到现场的，网办深度最多到“办理”")


def _permit(it: Definition) -> Iterator[Fault]:
    if it.kind != _PERMIT:
        return
    if not it.faq:
        yield Fault("permit.faq", "faq", "行政许可事项至少要有一条常见问题")
    missing = [
        names
        for names in ("受理", "审核|审查", "审批|决定", "办结", "送达")
        if not any(name in it.flow for name in names.split("|"))
    ]
    if missing:
        words = "、".join(name.replace("|", "或") for name in missing)
        yield Fault("permit.flow", "flow", f"办理流程要写明受理、审核、审批、办结、送达，还缺：{words}")


def _power(it: Definition) -> Iterator[Fault]:
    if (it.power_source in ("5", "6")) is not bool(it.entrusting_body):
        yield Fault("power.entrusting", "entrusting_body", "委托行使的写明委托部门，不是委托的不写")


def _materials(it: Definition) -> Iterator[Fault]:
    for index, material in enumerate(it.materials):
        path = f"materials.{index}"
        if material.licence_type and material.source != "government":
            yield Fault("material.licence", f"{path}.source", f"“{material.name}”由证照库取得，来源应是政府部门核发")
        if material.generated_from_form and (material.original_count or material.copy_count or material.form_file):
            yield Fault("material.generated", path, f"“{material.name}”由表单生成，不收原件、复印件，也没有空表")
        paper = material.format in ("paper", "both")
        if paper and not material.original_count and not material.copy_count:
            yield Fault("material.count", path, f"“{material.name}”收纸质件，要写明原件或者复印件份数")
        if material.source == "government" and not material.issuer:
            yield Fault("material.issuer", f"{path}.issuer", f"“{material.name}”由政府部门核发，要写明出具机构")
        if it.kind == _PERMIT and not material.basis:
            yield Fault(
                "material.basis", f"{path}.basis", f"“{material.name}”要写明法律依据，没有依据的材料不得要求提交"
            )


def _special(it: Definition) -> Iterator[Fault]:
    steps = {step.key for step in it.steps}
    for index, special in enumerate(it.special_procedures):
        if special.during not in steps:
            yield Fault("special.step", f"special_procedures.{index}.during", f"没有“{special.during}”这个环节")


RULES: Final[tuple[Callable[[Definition], Iterator[Fault]], ...]] = (
    _limits,
    _result,
    _visits,
    _fees,
    _phones,
    _topics,
    _depth,
    _permit,
    _power,
    _materials,
    _special,
    graph_rules.keys,
    graph_rules.steps,
    limits.limits,
    graph_rules.questions,
    graph_rules.conditions,
    graph_rules.handling_items,
    tree.too_many,
    tree.holding,
    form_rules.form,
    running_rules.running,
)
