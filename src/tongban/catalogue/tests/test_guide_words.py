"""Conditions in words, the flow as a picture, forms on paper: pure."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.catalogue.condition_words import when_words
from tongban.catalogue.definition import Material
from tongban.catalogue.flow_picture import WIDTH, cut, flow_picture
from tongban.catalogue.forms import validate
from tongban.catalogue.forms.blanks import paper, paper_kind
from tongban.catalogue.forms.samples import sample_data
from tongban.catalogue.queries.guide import FlowStage, FlowStep
from tongban.catalogue.situation import paths, walk
from tongban.catalogue.tests.factories import definition, planned

DAY = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (None, ""),
        ({"answer": "place", "in": ["rented"]}, "“场所是谁的？”选“租赁”"),
        ({"not": {"field": "area", "given": True}}, "不是（“面积”已填写）"),
        (
            {"any": [{"answer": "place", "in": ["own", "rented"]}, {"field": "area", "given": False}]},
            "“场所是谁的？”选“自有”或“租赁”，或者“面积”没有填写",
        ),
    ],
)
def test_a_condition_is_told_in_the_words_of_the_questions(condition: Any, words: str) -> None:
    assert when_words(definition(), condition) == words


steps = st.builds(
    FlowStep, st.text("审查a1", min_size=1, max_size=60), st.text("局b", max_size=40), st.text(max_size=9)
)
stages = st.lists(st.builds(FlowStage, st.lists(steps, min_size=1, max_size=4).map(tuple)), min_size=1, max_size=9)


@given(stages)
def test_boxes_stay_inside_the_picture_and_never_touch(found: list[FlowStage]) -> None:
    picture = flow_picture(found)
    assert len(picture.boxes) == sum(len(stage.steps) for stage in found)
    for box in picture.boxes:
        assert box.x >= 0
        assert box.x + box.width <= WIDTH
        assert box.y + box.height <= picture.height
        assert all(box.y < line.y < box.y + box.height for line in box.words)
    for one, other in pairwise(picture.boxes):
        assert other.y >= one.y + one.height or other.x >= one.x + one.width


@given(st.text("政务abc12", max_size=80), st.floats(1, 20))
def test_cut_lines_lose_nothing_and_are_never_too_long(text: str, width: float) -> None:
    lines = cut(text, width)
    assert "".join(lines) == text
    assert all(len(line) <= max(width / 0.6 + 1, 1) for line in lines)


def test_every_filled_sample_of_the_pack_would_be_accepted_as_a_form() -> None:
    refused: dict[str, dict[str, str]] = {}
    items = planned()
    for slug, item in items.items():
        it = item.bodies[0][1]
        way = [answers for answers in paths(it, limit=500) if walk(it, answers).finished][-1]
        found = validate(it.form, sample_data(it.form, way, on=DAY), answers=way)
        # A pattern of its own may want what nobody can make up: the printed form then says how to fill it in.
        known = {name: told for name, told in found.items() if "pattern" not in it.form["properties"].get(name, {})}
        if known:
            refused[slug] = known
    assert len(items) >= 41
    assert refused == {}


def test_what_is_printed_for_a_material_follows_its_blank_form() -> None:
    def one(form_file: str) -> Material:
        return Material(key="m", name="材料", copy_count=1, form_file=form_file)

    kinds = ("空白授权委托书", "空白图框（A4）", "空白目录清单", "空白承诺书", "公司章程参考文本", "")
    assert [paper_kind(one(text)) for text in kinds] == ["authority", "frame", "list", "statement", "", ""]
    assert paper(definition(), one("公司章程参考文本")) == []
    assert paper(definition(), one("空白承诺书"), filled_on=DAY) == []
    assert paper(definition(), one("空白授权委托书"), filled_on=DAY) != paper(definition(), one("空白授权委托书"))


def test_the_paper_form_asks_the_questions_and_every_field_and_the_sample_fills_them_in() -> None:
    form = definition().materials[0]
    blank, filled = paper(definition(), form), paper(definition(), form, filled_on=DAY)
    assert [group["title"] for group in blank] == ["申请情形", ""]
    assert [field["label"] for group in blank for field in group["fields"]] == ["场所是谁的？", "名称", "面积"]
    assert not any(choice["on"] for choice in blank[0]["fields"][0]["choices"])
    assert [choice["on"] for choice in filled[0]["fields"][0]["choices"]] == [True, False]
    assert blank[1]["fields"][1]["value"] == ""
    assert filled[1]["fields"][1]["value"] == "10"
