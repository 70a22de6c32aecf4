"""The lists of a draft: what one member of each asks, and how a new one begins."""

from __future__ import annotations

from typing import Final

from tongban.catalogue.editing.choices import FORMATS, LAW_KINDS, LIMIT_UNITS, NEEDS, ROLES, SOURCES, STEP_KINDS
from tongban.catalogue.editing.entries import Entry, Rows

WHEN: Final = Entry(path="when", title="什么情形要", kind="condition", empty=None, hint="都不选，表示所有情形都要")
_BASIS_HINT: Final = "法律、法规、规章的名称和条款；没有依据的不得要求"

_MATERIAL: Final = (
    Entry(path="name", title="材料名称", required=True),
    Entry(path="need", title="必要性", kind="choice", required=True, choices=NEEDS),
    Entry(path="generated_from_form", title="由表单生成，不用上传", kind="flag"),
    Entry(path="original_count", title="原件份数", kind="number", required=True),
    Entry(path="copy_count", title="复印件份数", kind="number", required=True),
    Entry(path="format", title="形式", kind="choice", required=True, choices=FORMATS),
    Entry(path="source", title="来源", kind="choice", required=True, choices=SOURCES),
    Entry(path="issuer", title="出具机构", hint="政府部门核发的要填"),
    Entry(path="licence_type", title="证照类型代码", empty=None, hint="21 位；电子证照库里有的，申请人免交"),
    Entry(path="basis", title="要求提交的依据", hint=_BASIS_HINT),
    Entry(path="accept_standard", title="受理标准", kind="text"),
    Entry(path="fill_note", title="填报须知", kind="text"),
    Entry(path="form_file", title="空白表格", rare=True),
    Entry(path="sample", title="样例", rare=True),
    WHEN,
    Entry(path="key", title="代号", rare=True, required=True),
)
OPTIONS: Final = Rows(
    path="options",
    title="答案",
    noun="答案",
    heading="label",
    key="value",
    prefix="option",
    most=30,
    blank={"value": "", "label": "", "help": "", "next": None, "end": False, "stop": None},
    entries=(
        Entry(path="label", title="答案", required=True),
        Entry(path="help", title="说明"),
        Entry(path="", title="选了以后", kind="leads", offer="later_questions"),
        Entry(path="value", title="代号", rare=True, required=True),
    ),
)
STEPS: Final = Rows(
    path="steps",
    title="办理环节",
    noun="环节",
    heading="name",
    key="key",
    prefix="step",
    hint="从受理到作出决定之间的环节。要等的环节都办完才轮到这一环节；等同样环节的，同时办理（并行）。",
    blank={
        "key": "",
        "name": "",
        "kind": "review",
        "role": "section_head",
        "unit": None,
        "after": [],
        "limit": None,
        "checklist": [],
    },
    entries=(
        Entry(path="name", title="环节名称", required=True),
        Entry(path="kind", title="种类", kind="choice", required=True, choices=STEP_KINDS),
        Entry(path="role", title="谁来办", kind="choice", required=True, choices=ROLES),
        Entry(
            path="unit",
            title="承办单位",
            empty=None,
            offer="units",
            hint="不填就是实施机构自己；别的单位填统一社会信用代码",
        ),
        Entry(path="limit", title="环节时限", kind="limit", choices=LIMIT_UNITS),
        Entry(path="after", title="要等哪些环节", kind="choices", offer="steps", hint="都不选，表示受理后马上开始"),
        Entry(path="checklist", title="审查要点", kind="lines", hint="一行一条"),
        Entry(path="key", title="代号", rare=True, required=True),
    ),
)
SPECIALS: Final = Rows(
    path="special_procedures",
    title="特别程序",
    noun="特别程序",
    heading="name",
    key="key",
    prefix="special",
    most=10,
    hint="听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审、现场核查等（行政许可法第四十五条），事先告知申请人。",
    blank={
        "key": "",
        "name": "",
        "during": "",
        "limit": {"amount": None, "unit": "working_days"},
        "basis": "",
        "counts_in_limit": False,
        "fee": "不收费",
    },
    entries=(
        Entry(path="name", title="名称", required=True),
        Entry(path="during", title="在哪个环节", kind="choice", required=True, offer="steps"),
        Entry(path="limit", title="时限", kind="limit", required=True, choices=LIMIT_UNITS),
        Entry(path="counts_in_limit", title="计入办理时限", kind="flag"),
        Entry(path="basis", title="依据", required=True),
        Entry(path="fee", title="收费"),
        Entry(path="key", title="代号", rare=True, required=True),
    ),
)
FEES: Final = Rows(
    path="fee",
    title="收费项目",
    noun="收费项目",
    heading="name",
    key="key",
    prefix="fee",
    most=20,
    hint="不收费的，不列收费项目。",
    blank={
        "key": "",
        "name": "",
        "amount_fen": None,
        "unit": "",
        "basis": "",
        "when": None,
        "reducible": False,
        "reduce_note": "",
        "quantity_field": None,
    },
    entries=(
        Entry(path="name", title="收费项目名称", required=True),
        Entry(path="amount_fen", title="收费标准（元）", kind="money", required=True),
        Entry(path="unit", title="计量单位", required=True, hint="例如：证、本、平方米"),
        Entry(path="basis", title="收费依据", required=True, hint="批准收费的文件和文号"),
        Entry(
            path="quantity_field",
            title="乘以表单中的数量",
            kind="choice",
            empty=None,
            choices=(("", "不乘，收一份"),),
            offer="number_fields",
        ),
        Entry(path="reducible", title="允许减免", kind="flag"),
        Entry(path="reduce_note", title="减免条件", kind="text"),
        WHEN,
        Entry(path="key", title="代号", rare=True, required=True),
    ),
)
LAWS: Final = Rows(
    path="legal_basis",
    title="设定依据",
    noun="依据",
    heading="title",
    blank={"title": "", "article": "", "text": "", "kind": "law", "number": ""},
    entries=(
        Entry(path="title", title="名称", required=True),
        Entry(path="article", title="条款"),
        Entry(path="kind", title="效力", kind="choice", required=True, choices=LAW_KINDS),
        Entry(path="number", title="文号"),
        Entry(path="text", title="条文", kind="text"),
    ),
)

MATERIALS: Final = Rows(
    path="materials",
    title="申请材料",
    noun="材料",
    heading="name",
    key="key",
    prefix="material",
    most=60,
    entries=_MATERIAL,
    blank={
        "key": "",
        "name": "",
        "need": "required",
        "original_count": 0,
        "copy_count": 0,
        "format": "electronic",
        "source": "own",
        "issuer": "",
        "licence_type": None,
        "basis": "",
        "accept_standard": "",
        "fill_note": "",
        "form_file": "",
        "sample": "",
        "when": None,
        "generated_from_form": False,
    },
)
FAQ: Final = Rows(
    path="faq",
    title="常见问题",
    noun="问题",
    heading="question",
    most=40,
    blank={"question": "", "answer": ""},
    entries=(
        Entry(path="question", title="问题", required=True),
        Entry(path="answer", title="答复", kind="text", required=True),
    ),
)
QUESTIONS: Final = Rows(
    path="questions",
    title="问题",
    noun="问题",
    heading="text",
    key="key",
    prefix="question",
    inner=OPTIONS,
    blank={
        "key": "",
        "text": "",
        "help": "",
        "when": None,
        "multiple": False,
        "options": [
            {"value": "yes", "label": "是", "help": "", "next": None, "end": False, "stop": None},
            {"value": "no", "label": "否", "help": "", "next": None, "end": False, "stop": None},
        ],
    },
    entries=(
        Entry(path="text", title="问题", required=True),
        Entry(path="help", title="说明"),
        Entry(path="multiple", title="可以多选", kind="flag"),
        Entry(
            path="when", title="什么情形才问", kind="condition", empty=None, hint="都不选，表示都问；只能选前面的问题"
        ),
        Entry(path="key", title="代号", rare=True, required=True),
    ),
)
HANDLING_ITEMS: Final = Rows(
    path="handling_items",
    title="业务办理项",
    noun="业务办理项",
    heading="name",
    key="number",
    most=40,
    hint="每种能办的情形对应且只对应一个。不分办理项的不填。",
    blank={"number": "", "name": "", "when": None},
    entries=(
        Entry(path="name", title="名称", required=True),
        Entry(path="when", title="对应的情形", kind="condition", empty=None, hint="都不选，表示所有情形"),
        Entry(path="number", title="序号（两位数字）", required=True),
    ),
)
