"""What a new version of an item changed, in words that somebody understands who has never read a definition. Pure.

Every field of a definition has its teller, so that no change goes by without a word; what comes to definitions later
must be entered here too (a test looks).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tongban.catalogue.definition import Definition, Fee, Material, Question, Step
from tongban.catalogue.words import DELIVERIES, HANDLE_FORMS, KINDS, SCOPES, count_words, limit_words, visits_words
from tongban.kernel.money import yuan

T = TypeVar("T")
Teller = Callable[[Definition, Definition], Iterator[str]]

#: Sentences of one version at most; the rest is counted.
SENTENCES_MAX: Final = 60


def change_words(old: Definition, new: Definition) -> tuple[str, ...]:
    """What became different, most important first; empty only where nothing did."""
    said = list(dict.fromkeys(line for tell in TELLERS.values() for line in tell(old, new)))
    if len(said) <= SENTENCES_MAX:
        return tuple(said)
    rest = len(said) - SENTENCES_MAX
    return (*said[:SENTENCES_MAX], _("还有 %(n)s 处其他修改。") % {"n": rest})


def _moved(what: str, before: str, after: str) -> str:
    words = {"what": what, "before": _spaced(before), "after": _spaced(after).rstrip()}
    if not before:
        return _("%(what)s定为%(after)s。") % words
    if not after:
        return _("%(what)s不再是%(before)s，现在没有。") % words
    return _("%(what)s由%(before)s改为%(after)s。") % words


def _spaced(words: str) -> str:
    """A gap between Chinese and figures or Latin, before and after."""
    lead, end = (" " if char.isascii() and char.isalnum() else "" for char in (words[:1], words[-1:]))
    return f"{lead}{words}{end}"


def _value(name: str, label: Any, words: Callable[[Any], str] = str) -> Teller:
    """Tell a field whose value can be said in a few words."""

    def tell(old: Definition, new: Definition) -> Iterator[str]:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield _moved(
                str(label), words(before) if before is not None else "", words(after) if after is not None else ""
            )

    return tell


def _text(name: str, sentence: Any) -> Teller:
    """Tell a field that is too long to be quoted."""

    def tell(old: Definition, new: Definition) -> Iterator[str]:
        if getattr(old, name) != getattr(new, name):
            yield str(sentence)

    return tell


def _quoted(words: object) -> str:
    return f"“{words}”"


def _several(words: Iterable[object]) -> str:
    return pgettext("list", "、").join(str(word) for word in words)


def _by_key(rows: Sequence[T]) -> dict[str, T]:
    return {str(getattr(row, "key")): row for row in rows}  # noqa: B009  the rows share no base with a key


def _came_and_went(old: Mapping[str, T], new: Mapping[str, T]) -> tuple[list[T], list[T], list[tuple[T, T]]]:
    came = [row for key, row in new.items() if key not in old]
    went = [row for key, row in old.items() if key not in new]
    stayed = [(old[key], row) for key, row in new.items() if key in old and old[key] != row]
    return came, went, stayed


def _lines(name: str, came: Any, went: Any) -> Teller:
    """Tell a list of texts: which came and which went."""

    def tell(old: Definition, new: Definition) -> Iterator[str]:
        before, after = [*getattr(old, name)], [*getattr(new, name)]
        for one in after:
            if one not in before:
                yield str(came) % {"text": one}
        for one in before:
            if one not in after:
                yield str(went) % {"text": one}
        if before != after and sorted(before) == sorted(after):
            yield _("内容的先后次序有调整。")

    return tell


def _materials(old: Definition, new: Definition) -> Iterator[str]:
    came, went, stayed = _came_and_went(_by_key(old.materials), _by_key(new.materials))
    for one in came:
        told = _("新增材料%(name)s。") if one.when is None else _("新增材料%(name)s，只在部分情形需要。")
        yield told % {"name": _quoted(one.name)}
    for one in went:
        yield _("不再需要%(name)s。") % {"name": _quoted(one.name)}
    for before, after in stayed:
        yield from _material(before, after)
    if [one.key for one in old.materials if one not in went] != [one.key for one in new.materials if one not in came]:
        yield _("材料的先后次序有调整。")


def _material(old: Material, new: Material) -> Iterator[str]:
    name, said = _quoted(new.name), False
    if old.name != new.name:
        said = True
        yield _("材料%(old)s改称%(new)s。") % {"old": _quoted(old.name), "new": name}
    if (old.licence_type is None) is not (new.licence_type is None):
        said = True
        told = (
            _("%(name)s：证照库里有的不用交了。") if new.licence_type else _("%(name)s：不再从证照库取得，要自己交。")
        )
        yield told % {"name": name}
    if old.generated_from_form is not new.generated_from_form:
        said = True
        told = (
            _("%(name)s改为网上填写生成。") if new.generated_from_form else _("%(name)s不再网上填写生成，要自己准备。")
        )
        yield told % {"name": name}
    elif count_words(old) != count_words(new):
        said = True
        yield _moved(_("%(name)s要交的份数") % {"name": name}, count_words(old), count_words(new))
    if old.need != new.need:
        said = True
        needs = {"required": _("必须交"), "optional": _("可以不交"), "later": _("可以先受理后补")}
        yield _moved(name, needs[old.need], needs[new.need])
    if old.when != new.when:
        said = True
        yield _("什么情形要交%(name)s有调整。") % {"name": name}
    if not said:
        yield _("%(name)s的说明、样例或者依据有修改。") % {"name": name}


def _fees(old: Definition, new: Definition) -> Iterator[str]:
    if old.fee and not new.fee:
        yield _("不再收费。")
        return
    came, went, stayed = _came_and_went(_by_key(old.fee), _by_key(new.fee))
    for one in came:
        yield _("新增收费%(name)s，%(amount)s。") % {"name": _quoted(one.name), "amount": _amount(one)}
    for one in went:
        yield _("不再收取%(name)s。") % {"name": _quoted(one.name)}
    for before, after in stayed:
        name = _quoted(after.name)
        if _amount(before) != _amount(after):
            yield _moved(_("%(name)s的标准") % {"name": name}, _amount(before), _amount(after))
        else:
            yield _("%(name)s的收费依据、减免或者适用情形有修改。") % {"name": name}
    if old.fee != new.fee and not came and not went and not stayed:
        yield _("收费项目的先后次序有调整。")


def _amount(fee: Fee) -> str:
    return f"{yuan(fee.amount_fen)}/{fee.unit}"


def _steps(old: Definition, new: Definition) -> Iterator[str]:
    came, went, stayed = _came_and_went(_by_key(old.steps), _by_key(new.steps))
    for one in came:
        yield _("增加办理环节%(name)s。") % {"name": _quoted(one.name)}
    for one in went:
        yield _("取消办理环节%(name)s。") % {"name": _quoted(one.name)}
    for before, after in stayed:
        yield from _step(before, after)
    if old.steps != new.steps and not came and not went and not stayed:
        yield _("办理环节的写法有调整。")


def _step(old: Step, new: Step) -> Iterator[str]:
    name, said = _quoted(new.name), False
    if old.name != new.name:
        said = True
        yield _("办理环节%(old)s改称%(new)s。") % {"old": _quoted(old.name), "new": name}
    if old.limit != new.limit:
        said = True
        before, after = (limit_words(one) if one else "" for one in (old.limit, new.limit))
        yield _moved(_("环节%(name)s的时限") % {"name": name}, before, after)
    if old.unit != new.unit:
        said = True
        yield _("环节%(name)s换了办理单位。") % {"name": name}
    if old.after != new.after:
        said = True
        yield _("环节%(name)s的先后顺序有调整。") % {"name": name}
    if not said:
        yield _("环节%(name)s的内部要求有修改。") % {"name": name}


def _special(old: Definition, new: Definition) -> Iterator[str]:
    came, went, stayed = _came_and_went(_by_key(old.special_procedures), _by_key(new.special_procedures))
    for one in came:
        yield _("可能需要的程序增加%(name)s。") % {"name": _quoted(one.name)}
    for one in went:
        yield _("不再进行%(name)s。") % {"name": _quoted(one.name)}
    for before, after in stayed:
        if before.limit != after.limit:
            what = _("%(name)s的时间") % {"name": _quoted(after.name)}
            yield _moved(what, limit_words(before.limit), limit_words(after.limit))
        if before.counts_in_limit is not after.counts_in_limit:
            told = (
                _("%(name)s的时间现在算在办理时限里。")
                if after.counts_in_limit
                else _("%(name)s的时间不再算在办理时限里。")
            )
            yield told % {"name": _quoted(after.name)}
        if (before.limit, before.counts_in_limit) == (after.limit, after.counts_in_limit):
            yield _("%(name)s的说明有修改。") % {"name": _quoted(after.name)}
    if old.special_procedures != new.special_procedures and not came and not went and not stayed:
        yield _("可能需要的程序的先后次序有调整。")


def _questions(old: Definition, new: Definition) -> Iterator[str]:
    came, went, stayed = _came_and_went(_by_key(old.questions), _by_key(new.questions))
    for one in came:
        yield _("申请前多问一个问题：%(text)s") % {"text": one.text}
    for one in went:
        yield _("申请前不再问：%(text)s") % {"text": one.text}
    for before, after in stayed:
        yield from _options(before, after)
    if old.questions != new.questions and not came and not went and not stayed:
        yield _("申请前的问题换了先后次序。")


def _options(old: Question, new: Question) -> Iterator[str]:
    before = {option.value: option for option in old.options}
    after = {option.value: option for option in new.options}
    for value, option in after.items():
        if value not in before:
            yield _("问题%(text)s增加选项%(option)s。") % {"text": _quoted(new.text), "option": _quoted(option.label)}
    for value, option in before.items():
        if value not in after:
            yield _("问题%(text)s去掉选项%(option)s。") % {"text": _quoted(new.text), "option": _quoted(option.label)}
    if set(before) == set(after):
        yield _("问题%(text)s的写法或者走向有修改。") % {"text": _quoted(new.text)}


def _form(old: Definition, new: Definition) -> Iterator[str]:
    before, after = old.form.get("properties", {}), new.form.get("properties", {})
    came = [part for key, part in after.items() if key not in before]
    went = [part for key, part in before.items() if key not in after]
    if came:
        yield _("表单多填：%(fields)s。") % {"fields": _several(part.get("title", "") for part in came)}
    if went:
        yield _("表单不再填：%(fields)s。") % {"fields": _several(part.get("title", "") for part in went)}
    changed = [part for key, part in after.items() if key in before and before[key] != part]
    if changed:
        yield _("表单里这些项的要求有修改：%(fields)s。") % {
            "fields": _several(part.get("title", "") for part in changed)
        }
    if old.form != new.form and not came and not went and not changed:
        yield _("表单的分组、次序或者必填项有调整。")


def _laws(old: Definition, new: Definition) -> Iterator[str]:
    def name(law: Any) -> str:
        return f"《{law.title}》{law.article}"

    before, after = {name(law): law for law in old.legal_basis}, {name(law): law for law in new.legal_basis}
    for one in after:
        if one not in before:
            yield _("依据增加%(law)s。") % {"law": one}
    for one in before:
        if one not in after:
            yield _("依据不再列%(law)s。") % {"law": one}
    if set(before) == set(after) and old.legal_basis != new.legal_basis:
        yield _("所引法律条文的文字有更新。")


def _handling(old: Definition, new: Definition) -> Iterator[str]:
    before, after = {one.number: one for one in old.handling_items}, {one.number: one for one in new.handling_items}
    for number, one in after.items():
        if number not in before:
            yield _("增加业务办理项%(name)s。") % {"name": _quoted(one.name)}
    for number, one in before.items():
        if number not in after:
            yield _("取消业务办理项%(name)s。") % {"name": _quoted(one.name)}
    if set(before) == set(after) and old.handling_items != new.handling_items:
        yield _("业务办理项的名称或者适用情形有修改。")


def _result(old: Definition, new: Definition) -> Iterator[str]:
    if old.result.name != new.result.name:
        yield _moved(_("办理结果"), *(_quoted(one) if one else "" for one in (old.result.name, new.result.name)))
    months = [one.result.validity_months for one in (old, new)]
    if months[0] != months[1]:
        before, after = (_("%(n)s 个月") % {"n": one} if one else _("长期或者以决定为准") for one in months)
        yield _moved(_("结果的有效期"), before, after)
    if old.result != new.result and old.result.name == new.result.name and months[0] == months[1]:
        yield _("办理结果的编号、样本等有修改。")


def _visits(old: Definition, new: Definition) -> Iterator[str]:
    if old.onsite_visits != new.onsite_visits:
        yield _moved(_("要跑几次"), visits_words(old.onsite_visits), visits_words(new.onsite_visits))
    elif old.onsite_reason != new.onsite_reason:
        yield _("要到现场的原因有修改。")


def _running(old: Definition, new: Definition) -> Iterator[str]:
    if (old.runs_in and old.runs_in.name) != (new.runs_in and new.runs_in.name):
        if new.runs_in:
            yield _("改在%(system)s里审查和决定。") % {"system": new.runs_in.name}
        else:
            yield _("改在本平台审查和决定。")
    elif old.runs_in != new.runs_in:
        yield _("移交给业务系统的内容有调整。")


def _silent(_old: Definition, _new: Definition) -> Iterator[str]:
    """What an applicant does not meet: codes and columns of exchange files."""
    return iter(())


def _listed(words: Mapping[str, Any]) -> Callable[[Any], str]:
    return lambda values: _several(words.get(value, value) for value in values)


#: One teller a field, in the order in which they are told.
TELLERS: Final[Mapping[str, Teller]] = {
    "name": _value("name", gettext_lazy("名称"), _quoted),
    "promised": _value("promised", gettext_lazy("承诺办结时限"), limit_words),
    "statutory": _value("statutory", gettext_lazy("法定办结时限"), limit_words),
    "project_type": _value(
        "project_type", gettext_lazy("办件类型"), lambda one: _("即办件") if one == "instant" else _("承诺件")
    ),
    "onsite_visits": _visits,
    "onsite_reason": _silent,
    "fee": _fees,
    "pay_before": _value(
        "pay_before", gettext_lazy("交费的时间"), lambda one: _("决定之前") if one == "decision" else _("领取结果之前")
    ),
    "materials": _materials,
    "conditions": _lines("conditions", gettext_lazy("新增条件：%(text)s"), gettext_lazy("不再要求：%(text)s")),
    "questions": _questions,
    "handling_items": _handling,
    "form": _form,
    "steps": _steps,
    "special_procedures": _special,
    "runs_in": _running,
    "correction_days": _value(
        "correction_days", gettext_lazy("补正期限"), lambda one: _("%(n)s 个工作日") % {"n": one}
    ),
    "result": _result,
    "delivery": _value("delivery", gettext_lazy("领取结果的方式"), _listed(DELIVERIES)),
    "handle_forms": _value("handle_forms", gettext_lazy("办理形式"), _listed(HANDLE_FORMS)),
    "cross_region_scope": _value("cross_region_scope", gettext_lazy("通办范围"), lambda one: str(SCOPES[one])),
    "windows": _text("windows", gettext_lazy("办理窗口有调整，去之前请看地址。")),
    "window_organisations": _text("window_organisations", gettext_lazy("能代为收件的单位有调整。")),
    "service_targets": _text("service_targets", gettext_lazy("谁能办有调整。")),
    "assurance_level": _text("assurance_level", gettext_lazy("网上办理要求的实名等级有调整。")),
    "quantity_limit": _text("quantity_limit", gettext_lazy("数量限制有调整。")),
    "agency_services": _text("agency_services", gettext_lazy("要用到的中介服务有调整。")),
    "consult_phone": _value("consult_phone", gettext_lazy("咨询电话")),
    "complaint_phone": _value("complaint_phone", gettext_lazy("投诉电话")),
    "remedies": _text("remedies", gettext_lazy("行政复议机关、法院或者期限有调整。")),
    "contest": _text("contest", gettext_lazy("行政复议机关或者法院的地址、电话有更新。")),
    "legal_basis": _laws,
    "statutory_basis": _text("statutory_basis", gettext_lazy("法定时限的依据有更新。")),
    "kind": _value("kind", gettext_lazy("事项类型"), lambda one: str(KINDS[one])),
    "power_source": _text("power_source", gettext_lazy("权力来源有调整。")),
    "entrusting_body": _text("entrusting_body", gettext_lazy("委托部门有调整。")),
    "body_kind": _text("body_kind", gettext_lazy("办理机关的性质有调整。")),
    "online_depth": _text("online_depth", gettext_lazy("网上能办到哪一步有调整。")),
    "faq": _text("faq", gettext_lazy("常见问题有更新。")),
    "flow": _text("flow", gettext_lazy("办理流程的说明有更新。")),
    "topics": _text("topics", gettext_lazy("所属主题有调整。")),
    "search_words": _text("search_words", gettext_lazy("查找用的词有更新。")),
    "catalog_code": _text("catalog_code", gettext_lazy("基本编码有调整。")),
    "task_code": _text("task_code", gettext_lazy("实施编码有调整。")),
    "extras": _text("extras", gettext_lazy("内部信息有更新。")),
}
