"""The sections of a draft: what each of them asks, in the order of a guide."""

from __future__ import annotations

from typing import Final

from tongban.catalogue.editing.choices import (
    ASSURANCE,
    BODY_KINDS,
    DELIVERIES,
    DEPTHS,
    HANDLE_FORMS,
    KINDS,
    LEVELS,
    LIMIT_UNITS,
    POWER_SOURCES,
    RESULT_KINDS,
    SCOPES,
    TARGETS,
    TOPICS,
)
from tongban.catalogue.editing.entries import Entry, Rows, Section
from tongban.catalogue.editing.lists import FAQ, FEES, HANDLING_ITEMS, LAWS, MATERIALS, QUESTIONS, SPECIALS, STEPS

#: Sections of the draft of an implementation.
SECTIONS: Final = (
    Section(
        key="basics",
        title="基本要素",
        also=("name", "catalog_code", "task_code", "kind", "legal_basis", "runs_in", "extras"),
        hint="上锁的由基本目录统一确定，这里不能改；要改的，申请变更基本目录。",
        parts=(
            Entry(path="service_targets", title="服务对象", kind="choices", required=True, choices=TARGETS),
            Entry(path="power_source", title="权力来源", kind="choice", required=True, choices=POWER_SOURCES),
            Entry(path="entrusting_body", title="委托部门", hint="委托行使的要填"),
            Entry(path="body_kind", title="实施主体性质", kind="choice", required=True, choices=BODY_KINDS),
        ),
    ),
    Section(
        key="conditions",
        title="受理条件",
        parts=(
            Entry(path="conditions", title="受理条件", kind="lines", required=True, hint="一行一条"),
            Entry(path="quantity_limit", title="数量限制", kind="text", hint="没有限制的不填"),
            Entry(
                path="agency_services", title="中介服务", kind="lines", hint="不可缺少的中介服务，一行一项；没有的不填"
            ),
        ),
    ),
    Section(
        key="questions",
        title="情形",
        hint="用几个问题分出情形：不同的情形要不同的材料、表单和收费。下面的预览列出每一条路。",
        parts=(
            QUESTIONS,
            HANDLING_ITEMS,
        ),
    ),
    Section(key="form", title="表单", also=("form",), parts=()),
    Section(key="materials", title="材料", hint="没有列出的材料，任何渠道都不能要求申请人提交。", parts=(MATERIALS,)),
    Section(
        key="steps",
        title="环节",
        parts=(
            STEPS,
            SPECIALS,
            Entry(
                path="flow",
                title="流程说明",
                kind="text",
                required=True,
                hint="写明受理、审核（审查）、审批（决定）、办结、送达",
            ),
        ),
    ),
    Section(
        key="limits",
        title="时限",
        parts=(
            Entry(
                path="project_type",
                title="办件类型",
                kind="choice",
                required=True,
                choices=(("promised", "承诺件"), ("instant", "即办件")),
            ),
            Entry(path="promised", title="承诺办结时限", kind="limit", required=True, choices=LIMIT_UNITS),
            Entry(path="statutory", title="法定办结时限", kind="limit", required=True, choices=LIMIT_UNITS),
            Entry(path="statutory_basis", title="法定时限的依据", required=True),
            Entry(path="correction_days", title="补正期限（工作日）", kind="number", required=True),
        ),
    ),
    Section(
        key="fee",
        title="收费",
        parts=(
            FEES,
            Entry(
                path="pay_before",
                title="什么时候缴",
                kind="choice",
                required=True,
                choices=(("decision", "作出决定前"), ("delivery", "领取结果前")),
            ),
        ),
    ),
    Section(
        key="result",
        title="结果",
        parts=(
            Entry(path="result.kind", title="结果类型", kind="choice", required=True, choices=RESULT_KINDS),
            Entry(path="result.name", title="结果名称"),
            Entry(path="result.sample", title="结果样本"),
            Entry(path="result.licence_type", title="证照类型代码", empty=None, hint="21 位"),
            Entry(path="result.number_format", title="编号规则", hint="例如：株示〔{year}〕{serial:4}号"),
            Entry(
                path="result.number_choice.question",
                title="编号随哪个问题变",
                kind="choice",
                choices=(("", "不变"),),
                offer="questions",
            ),
            Entry(
                path="result.number_choice.codes",
                title="答案和编号中的代码",
                kind="pairs",
                hint="一行一个：答案的代号，空格，代码",
            ),
            Entry(
                path="result.validity_months",
                title="有效期（月）",
                kind="number",
                empty=None,
                hint="长期有效或者由决定写明的不填",
            ),
            Entry(
                path="result.valid_to_field",
                title="有效期到表单中的哪一天",
                kind="choice",
                empty=None,
                choices=(("", "不按表单"),),
                offer="date_fields",
            ),
            Entry(path="delivery", title="送达方式", kind="choices", required=True, choices=DELIVERIES),
        ),
    ),
    Section(
        key="places",
        title="办理方式与地点",
        parts=(
            Entry(path="handle_forms", title="办理形式", kind="choices", required=True, choices=HANDLE_FORMS),
            Entry(path="online_depth", title="网办深度", kind="choice", empty=None, choices=DEPTHS),
            Entry(path="onsite_visits", title="到办事现场次数", kind="number", required=True),
            Entry(path="onsite_reason", title="必须到现场的原因", kind="text", hint="不用到现场的不填"),
            Entry(
                path="assurance_level",
                title="网上申请要求的实名等级",
                kind="number_choice",
                required=True,
                choices=ASSURANCE,
            ),
            Entry(path="cross_region_scope", title="通办范围", kind="choice", empty=None, choices=SCOPES),
            Entry(path="windows", title="办理地点", kind="codes", required=True, offer="places"),
            Entry(path="window_organisations", title="可以代收的单位", kind="codes", offer="units"),
        ),
    ),
    Section(
        key="contact",
        title="咨询监督救济",
        parts=(
            Entry(path="consult_phone", title="咨询电话", required=True, hint="带区号，例如 0731-28680860"),
            Entry(path="complaint_phone", title="监督投诉电话", required=True, hint="不能与咨询电话相同"),
            Entry(path="remedies.review_body", title="行政复议机关", required=True),
            Entry(path="remedies.review_days", title="申请复议的期限（日）", kind="number", required=True),
            Entry(path="remedies.court", title="行政诉讼的法院", required=True),
            Entry(path="remedies.suit_months", title="起诉的期限（月）", kind="number", required=True),
            Entry(path="contest.review.address", title="复议机关地址"),
            Entry(path="contest.review.phone", title="复议机关电话"),
            Entry(path="contest.review.url", title="复议机关网址"),
            Entry(path="contest.court.address", title="法院地址"),
            Entry(path="contest.court.phone", title="法院电话"),
            Entry(path="contest.court.url", title="法院网址"),
        ),
    ),
    Section(key="faq", title="常见问题", parts=(FAQ,)),
    Section(
        key="search",
        title="检索词",
        parts=(
            Entry(path="topics", title="主题", kind="choices", required=True, choices=TOPICS),
            Entry(path="search_words", title="群众的说法", kind="lines", hint="一行一个，例如：开饭店、准生证"),
        ),
    ),
)

_ELEMENTS: Final = (
    Entry(path="name", title="事项名称", required=True),
    Entry(path="catalog_code", title="基本编码", required=True, hint="12 位"),
    Entry(path="kind", title="事项类型", kind="choice", required=True, choices=KINDS),
    Entry(path="levels", title="行使层级", kind="choices", required=True, choices=LEVELS),
)
#: Sections of the draft of an entry of the directory.
BASE_SECTIONS: Final = (Section(key="elements", title="基本要素", parts=(*_ELEMENTS, LAWS)),)
#: Sections of a draft that splits or merges entries.
INTO_SECTIONS: Final = (
    Section(
        key="into",
        title="新事项",
        hint="拆分成两个以上，合并成一个；设定依据和行使层级各写各的。",
        parts=(
            Rows(
                path="into",
                title="新事项",
                noun="新事项",
                heading="name",
                most=10,
                entries=_ELEMENTS,
                inner=LAWS,
                blank={"name": "", "catalog_code": "", "kind": "01", "levels": [], "legal_basis": []},
            ),
        ),
    ),
)
_OF: Final = {name: section.key for section in SECTIONS for name in section.paths}


def section_of(path: str) -> str:
    """Key of the section to which a fault's path belongs; `basics` for what is in none."""
    return _OF.get(path.partition(".")[0], "basics")
