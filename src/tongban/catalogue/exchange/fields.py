"""The national field names (domain.md 3.3: basic, extend, material, fee, faq) and the elements here: one table. Pure.

What GB/T 39046 names in Chinese only, or a definition has beside the standards, bears a name of this platform.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

from tongban.catalogue.exchange.elements import (
    Column,
    Element,
    code_text,
    coded,
    data,
    flag,
    limit,
    lines,
    listed,
    several,
    text,
    whole,
)
from tongban.catalogue.exchange.parts import counts, fee_standard, phone, topics

#: Over whose rows the code of the implementation stands in every sheet.
TASK_CODE: Final = Column(name="task_code", words="实施编码", due=True, also=("事项编码", "实施清单编码"))
#: Place of a row among its item's rows.
ORDER: Final = Column(name="order_num", words="序号", also=("排序号", "顺序"))

_ours = partial(Column, origin="platform")


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """One table: its national name, its title, and its elements; `path` is the list that its rows make, or empty."""

    name: str
    title: str
    elements: tuple[Element, ...]
    path: str = ""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Every column in order."""
        own = tuple(column for one in self.elements for column in one.columns)
        return own if not self.path else (TASK_CODE, ORDER, *own)

    @cached_property
    def by_path(self) -> dict[str, Element]:
        """The element of each path."""
        return {path: one for one in self.elements for path in one.paths}


BASIC: Final = Sheet(
    name="basic",
    title="事项",
    elements=(
        code_text(TASK_CODE, "task_code"),
        text(Column(name="task_name", words="事项名称", due=True, also=("名称",)), "definition.name"),
        code_text(
            Column(name="catalog_code", words="基本编码", due=True, also=("目录编码",)), "definition.catalog_code"
        ),
        coded(Column(name="task_type", words="事项类型", due=True, table="task_type"), "definition.kind"),
        coded(Column(name="use_level", words="行使层级", table="use_level"), "level"),
        coded(Column(name="task_state", words="事项状态", table="task_state"), "state", empty="active"),
        code_text(Column(name="dept_code", words="实施主体编码", due=True, also=("统一社会信用代码",)), "organisation"),
        text(Column(name="dept_name", words="实施主体", also=("实施机关", "实施主体名称")), "organisation_name"),
        coded(Column(name="dept_type", words="实施主体性质", table="dept_type"), "definition.body_kind", empty="1"),
        coded(
            Column(name="power_source", words="权力来源", table="power_source"), "definition.power_source", empty="1"
        ),
        text(Column(name="entrust_name", words="委托部门"), "definition.entrusting_body", empty=""),
        coded(Column(name="project_type", words="办件类型", due=True, table="project_type"), "definition.project_type"),
        several(
            Column(name="server_type", words="服务对象", due=True, table="server_type"), "definition.service_targets"
        ),
        limit(
            Column(name="anticipate_day", words="法定办结时限", due=True),
            Column(name="anticipate_type", words="法定办结时限单位", due=True, table="anticipate_type"),
            "definition.statutory",
        ),
        text(Column(name="anticipate_explain", words="法定办结时限说明", due=True), "definition.statutory_basis"),
        limit(
            Column(name="promise_day", words="承诺办结时限", due=True),
            Column(name="promise_type", words="承诺办结时限单位", due=True, table="promise_type"),
            "definition.promised",
        ),
        lines(Column(name="accept_condition", words="受理条件", due=True), "definition.conditions"),
        text(Column(name="handle_flow", words="办理流程", due=True), "definition.flow"),
        several(Column(name="handle_type", words="办理形式", due=True, table="handle_type"), "definition.handle_forms"),
        whole(Column(name="limit_scene_num", words="到办事现场次数"), "definition.onsite_visits", empty=0),
        text(Column(name="limit_scene_explain", words="必须现场办理原因说明"), "definition.onsite_reason", empty=""),
        phone(Column(name="link_way", words="咨询方式", due=True, also=("咨询电话",)), "definition.consult_phone"),
        phone(
            Column(name="supervise_way", words="监督投诉方式", due=True, also=("监督投诉电话", "投诉电话")),
            "definition.complaint_phone",
        ),
        coded(
            Column(name="handle_area", words="通办范围", table="handle_area"),
            "definition.cross_region_scope",
            empty=None,
        ),
        listed(Column(name="service_type", words="中介服务"), "definition.agency_services", empty=[]),
        text(Column(name="limit_explain", words="数量限制"), "definition.quantity_limit", empty=""),
        coded(Column(name="result_type", words="办理结果类型", table="result_type"), "definition.result.kind"),
        text(Column(name="result_name", words="办理结果名称"), "definition.result.name", empty=""),
        text(Column(name="result_guid", words="办理结果样本"), "definition.result.sample", empty=""),
        coded(
            Column(name="online_handle_depth", words="网上办理深度", table="online_handle_depth", also=("网办深度",)),
            "definition.online_depth",
            empty=None,
        ),
        topics(
            Column(name="user_topic_type", words="面向自然人的主题", table="user_topic_type"),
            Column(name="corp_topic_type", words="面向法人的主题", table="corp_topic_type"),
            "definition.topics",
        ),
        code_text(
            _ours(name="result_licence_type", words="证照类型代码"), "definition.result.licence_type", empty=None
        ),
        whole(_ours(name="result_validity", words="有效期（月）"), "definition.result.validity_months", empty=None),
        text(_ours(name="result_number", words="编号规则"), "definition.result.number_format", empty=""),
        whole(_ours(name="assurance_level", words="实名等级"), "definition.assurance_level", empty=2),
        whole(_ours(name="correction_days", words="补正期限（工作日）"), "definition.correction_days", empty=15),
        text(_ours(name="review_body", words="行政复议机关"), "definition.remedies.review_body"),
        text(_ours(name="court", words="行政诉讼管辖法院"), "definition.remedies.court"),
        listed(_ours(name="transact_place", words="办理地点编号"), "definition.windows"),
        listed(
            _ours(name="receive_dept_code", words="可以代收的机构编码"), "definition.window_organisations", empty=[]
        ),
        listed(_ours(name="search_words", words="检索词"), "definition.search_words", empty=[]),
        text(_ours(name="slug", words="事项标识"), "base.slug"),
        flag(_ours(name="official_code", words="基本编码是否正式"), "base.official_code", empty=False),
        whole(_ours(name="rank", words="常用排序"), "base.rank", empty=1000),
        listed(_ours(name="sample_fields", words="示例内容"), "base.sample_fields", empty=[]),
    ),
)
BASIS: Final = Sheet(
    name="basis",
    title="设定依据",
    path="definition.legal_basis",
    elements=(
        text(_ours(name="law_name", words="法律法规名称", due=True), "title"),
        text(_ours(name="law_number", words="文号"), "number", empty=""),
        text(_ours(name="law_article", words="条款号"), "article", empty=""),
        text(_ours(name="law_content", words="条款内容"), "text", empty=""),
        coded(_ours(name="law_kind", words="依据类别", due=True, table="law_kind"), "kind"),
    ),
)
MATERIAL: Final = Sheet(
    name="material",
    title="材料",
    path="definition.materials",
    elements=(
        text(_ours(name="material_key", words="材料标识"), "key"),
        text(Column(name="material_name", words="材料名称", due=True), "name"),
        coded(
            Column(name="is_need", words="材料必要性", table="is_need", also=("是否必要",)), "need", empty="required"
        ),
        counts(
            Column(name="material_type", words="材料类型", table="material_type"),
            Column(name="page_num", words="纸质材料份数", also=("份数",)),
            _ours(name="original_num", words="原件份数"),
            _ours(name="copy_num", words="复印件份数"),
        ),
        coded(Column(name="material_format", words="材料形式", table="material_format"), "format", empty="electronic"),
        coded(Column(name="source_type", words="来源渠道", table="source_type"), "source", empty="own"),
        text(Column(name="source_explain", words="来源渠道说明", also=("出具机构",)), "issuer", empty=""),
        text(Column(name="by_law", words="要求提供材料的依据"), "basis", empty=""),
        text(Column(name="accept_stand", words="受理标准"), "accept_standard", empty=""),
        text(Column(name="fill_explain", words="填报须知"), "fill_note", empty=""),
        text(Column(name="form_guid", words="空白表格"), "form_file", empty=""),
        text(Column(name="example_guid", words="示例样表"), "sample", empty=""),
        code_text(_ours(name="material_licence_type", words="证照类型代码"), "licence_type", empty=None),
        flag(_ours(name="generated_from_form", words="由表单生成"), "generated_from_form", empty=False),
        data(_ours(name="material_when", words="何种情形需要"), "when", empty=None),
    ),
)
FEE: Final = Sheet(
    name="fee",
    title="收费",
    path="definition.fee",
    elements=(
        text(_ours(name="fee_key", words="收费标识"), "key"),
        text(Column(name="fee_name", words="收费项目名称", due=True), "name"),
        fee_standard(Column(name="fee_stand", words="收费标准", due=True)),
        text(Column(name="by_law", words="收费依据", due=True), "basis"),
        flag(Column(name="is_desc", words="是否允许减免"), "reducible", empty=False),
        text(Column(name="desc_explain", words="减免说明", also=("允许减免依据",)), "reduce_note", empty=""),
        text(_ours(name="quantity_field", words="计费数量取自"), "quantity_field", empty=None),
        data(_ours(name="fee_when", words="何种情形收取"), "when", empty=None),
    ),
)
FAQ: Final = Sheet(
    name="faq",
    title="常见问题",
    path="definition.faq",
    elements=(
        text(Column(name="question", words="问题", due=True), "question"),
        text(Column(name="answer", words="解答", due=True, also=("答案", "回答")), "answer"),
    ),
)
HANDLING: Final = Sheet(
    name="handle_item",
    title="业务办理项",
    path="definition.handling_items",
    elements=(
        code_text(_ours(name="handle_item_no", words="业务办理项序号", due=True), "number"),
        text(_ours(name="handle_item_name", words="业务办理项名称", due=True), "name"),
        data(_ours(name="handle_item_when", words="适用情形"), "when", empty=None),
    ),
)
SHEETS: Final = (BASIC, BASIS, MATERIAL, FEE, FAQ, HANDLING)

#: The sheet of what no column holds: a path and its JSON, in pieces that fit into cells.
OTHER_TITLE: Final = "其他要素"
OTHER_NAME: Final = "other"
OTHER: Final = (
    TASK_CODE,
    _ours(name="element", words="要素", due=True),
    _ours(name="piece", words="段", due=True),
    _ours(name="content", words="内容（JSON）", due=True),
)


def columns() -> Iterator[tuple[Sheet, Column]]:
    """Every column of every sheet, for the reference."""
    for sheet in SHEETS:
        for column in sheet.columns:
            yield sheet, column
