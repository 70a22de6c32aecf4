"""How complete guides are: what is missed is named, and the city's are nearly whole."""

from fractions import Fraction

import pytest

from tongban.catalogue.completeness import POINTS, score, shared
from tongban.catalogue.pack.remarks import remarks
from tongban.catalogue.tests.factories import definition, planned

WHOLE = {
    "conditions": ["有固定场所", "有专职人员"],
    "flow": "网上或者窗口申请，五个工作日内受理，经办人审查，负责人审批决定，办结后网上送达。",
    "faq": [{"question": f"问题{number}？", "answer": "按指南办理。"} for number in range(3)],
    "search_words": ["办证", "开业", "许可"],
    "materials__1__fill_note": "租期一年以上",
    "steps": [
        {"key": "examine", "name": "审查", "kind": "handling", "role": "case_officer", "checklist": ["材料齐全"],
         "limit": {"amount": 5, "unit": "working_days"}},
        {"key": "decide", "name": "决定", "kind": "approval", "role": "leader", "after": ["examine"],
         "checklist": ["符合条件"], "limit": {"amount": 2, "unit": "working_days"}},
    ],
}  # fmt: skip


def test_a_whole_guide_has_the_full_score():
    found = score(definition(**WHOLE))
    assert (found.share, found.percent, found.missed) == (Fraction(1), 100, ())


@pytest.mark.parametrize(("change", "code"), [
    ({"conditions": ["有固定场所"]}, "conditions"),
    ({"flow": "申请、受理、审查、审批决定、办结、送达。"}, "flow"),
    ({"faq": [{"question": "要多久？", "answer": "十天。"}]}, "faq"),
    ({"search_words": []}, "words"),
    ({"statutory_basis": "有关规定"}, "statutory"),
    ({"legal_basis": [{"title": "示例条例", "kind": "regulation"}]}, "laws"),
    ({"materials__1__fill_note": ""}, "prepared"),
    ({"materials__1__basis": ""}, "material_basis"),
])  # fmt: skip
def test_what_is_missed_is_named_and_costs_its_point(change, code):
    found = score(definition(**(WHOLE | change)))
    assert [point.code for point in found.missed] == [code]
    assert found.percent < 100


def test_sentences_that_many_guides_have_are_found():
    long = "这一句话在每一份指南里都一个字不差地出现，没有告诉任何人任何事情。"
    guides = [
        definition(**(WHOLE | {"name": f"事项{n}", "faq": [{"question": "问？", "answer": long}]})) for n in range(3)
    ]
    assert shared(guides) == [(long, ("事项0", "事项1", "事项2"))]
    assert shared(guides[:2]) == []


def test_the_city_s_guides_are_nearly_whole_and_the_check_says_how_many_there_are():
    items = list(planned().values())
    scores = [score(item.bodies[0][1]) for item in items]
    assert min(one.percent for one in scores) >= 75
    assert sum(one.share for one in scores) / len(scores) >= Fraction(9, 10)
    first, second, *rest = remarks(items)
    assert first.startswith(f"事项 {len(items)} 个")
    assert f"（{len(POINTS)} 条规则）平均 " in second
    assert any("个没有做到" in line for line in rest)


def test_a_pack_without_items_has_no_remark():
    assert list(remarks([])) == []
