"""The items of Zhuzhou: complete, true to their own rules, and every way through them ends."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.base.pack import Pack
from tongban.base.pack.located import read_yaml
from tongban.catalogue.forms import form_view, in_words, validate
from tongban.catalogue.numbers import NumberFormatError, mod_11_10, result_number
from tongban.catalogue.pack.section import CatalogueSection
from tongban.catalogue.rules import faults
from tongban.catalogue.situation import fees_for, materials_for, paths, relevant_answers, walk
from tongban.catalogue.tests.factories import CITY, definition, planned
from tongban.directory.pack.section import DirectorySection
from tongban.kernel.codes import task_code

ITEMS = planned()
SLUGS = sorted(ITEMS)
DEFINITIONS = {slug: ITEMS[slug].bodies[0][1] for slug in SLUGS}
SAMPLES = {one.stem: read_yaml(one.stem, one.read_text()).data for one in (CITY / "samples").glob("*.yaml")}
SAMPLED = sorted(SAMPLES)


def test_each_item_has_a_shape_of_its_own():
    assert set(SAMPLES) <= set(SLUGS)
    it = DEFINITIONS
    assert it["birth-registration"].project_type == "instant"
    assert [step.after for step in it["hr-service-licence"].steps] == [(), ("examine",), ("review",)]
    assert len({step.unit for step in it["road-excavation"].steps if not step.after}) == 2
    assert it["id-card-replacement"].fee[0].amount_fen == 4000
    assert it["resident-pension-enrolment"].result.kind == "none"
    assert it["tour-guide-licence"].runs_in is not None
    assert {body.level for body, _ in ITEMS["food-business-licence"].bodies} == {"4"}
    assert len(ITEMS["food-business-licence"].bodies) == 9
    assert len(ITEMS["birth-registration"].bodies) == 112


@pytest.mark.parametrize("slug", SLUGS)
def test_every_body_s_definition_is_lawful_and_has_its_own_code(slug):
    codes = set()
    for body, it in ITEMS[slug].bodies:
        assert faults(it) == ()
        parsed = task_code.parse(it.task_code)
        assert parsed.uscc is not None
        assert (parsed.uscc.code, parsed.use_level, parsed.base.code) == (body.row.code, body.level, it.catalog_code)
        assert it.windows
        assert "${" not in it.model_dump_json()
        codes.add(it.task_code)
    assert len(codes) == len(ITEMS[slug].bodies)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_way_through_the_questions_ends(slug):
    it = DEFINITIONS[slug]
    ways = list(paths(it))
    assert ways
    for answers in ways:
        at = walk(it, answers)
        assert at.question is None
        assert at.finished is (at.stop is None)
        assert relevant_answers(it, answers) == answers
        if at.finished:
            names = [material.key for material in materials_for(it, answers)]
            assert names
            assert form_view(it.form, {}, answers=answers).groups


@pytest.mark.parametrize("slug", SLUGS)
@given(data=st.data())
def test_answers_of_any_kind_never_break_the_walk(slug, data):
    it = DEFINITIONS[slug]
    keys = [question.key for question in it.questions]
    values = [option.value for question in it.questions for option in question.options]
    value = (
        st.sampled_from([*values, "gone", ""])
        | st.lists(st.sampled_from(values), max_size=3)
        | st.none()
        | st.integers()
    )
    answers = data.draw(st.dictionaries(st.sampled_from([*keys, "gone"]), value, max_size=8))
    at = walk(it, answers)
    kept = relevant_answers(it, answers)
    assert walk(it, kept) == at
    assert set(kept) <= set(keys)
    materials_for(it, kept)
    fees_for(it, kept, {"carriageway_area": "nan", "footway_area": -1})


@pytest.mark.parametrize("slug", SAMPLED)
def test_the_sample_application_is_complete(slug):
    it, sample = DEFINITIONS[slug], SAMPLES[slug]
    assert walk(it, sample["answers"]).finished
    assert validate(it.form, sample["form"], answers=sample["answers"]) == {}
    assert in_words(it.form, sample["form"], answers=sample["answers"])
    assert "示例" in sample["note"]


@pytest.mark.parametrize("slug", SAMPLED)
def test_leaving_any_required_field_out_is_noticed(slug):
    it, sample = DEFINITIONS[slug], SAMPLES[slug]
    for name in it.form["required"]:
        rest = {key: value for key, value in sample["form"].items() if key != name}
        assert name in validate(it.form, rest, answers=sample["answers"])


def test_the_answers_decide_the_materials():
    it = DEFINITIONS["food-business-licence"]
    own = {"goods": "food", "business": "sale", "vending": "no", "agent": "self"}
    assert [m.key for m in materials_for(it, own)] == ["application", "business_licence", "layout", "rules"]
    more = {m.key for m in materials_for(it, own | {"vending": "yes", "agent": "agent"})}
    assert {"device_plan", "power_of_attorney"} <= more


def test_fees_are_the_amount_times_the_quantity():
    it = DEFINITIONS["road-excavation"]
    lines = fees_for(it, {}, {"carriageway_area": 12.5, "footway_area": 30})
    assert [line.amount_fen for line in lines] == [350000, 450000]
    assert [line.fee.key for line in fees_for(it, {}, {"carriageway_area": 0, "footway_area": 1})] == ["footway"]
    assert fees_for(it, {}, {}) == ()
    assert fees_for(DEFINITIONS["id-card-replacement"], {})[0].amount_fen == 4000


def test_the_food_licence_number_tells_business_and_division_and_checks():
    result = DEFINITIONS["food-business-licence"].result
    number = result_number(result, year=2026, division="430212000000", serial=68, answers={"business": "catering"})
    assert number[:-1] == "JY2430212000068"
    assert number[-1] == mod_11_10("2430212000068")
    with pytest.raises(NumberFormatError):
        result_number(result, year=2026, division="430212", serial=1, answers={})
    with pytest.raises(NumberFormatError):
        result_number(result, year=2026, division="430212", serial=1_000_000, answers={"business": "sale"})


def test_mod_11_10_is_that_of_the_standard():
    assert mod_11_10("0794") == "5"  # ISO 7064 example


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_two_licences_never_have_one_number(one, other):
    result = definition().result
    make = lambda serial: result_number(result, year=2026, division="430200", serial=serial)  # noqa: E731
    assert (make(one) == make(other)) is (one == other)


def _findings(tmp_path: Path, slug: str, old: str, new: str) -> list[str]:
    text = (CITY / f"items/{slug}.yaml").read_text()
    assert old in text
    root = tmp_path / "city"
    (root / "items").mkdir(parents=True)
    for file in ("city.yaml", "divisions.csv", "division-history.yaml", "organisations.yaml", "places.yaml"):
        (root / file).symlink_to(CITY / file)
    (root / f"items/{slug}.yaml").write_text(text.replace(old, new, 1))
    pack = Pack(root)
    list(DirectorySection().check(pack))
    return [*map(str, CatalogueSection().check(pack)), *map(str, pack.faults)]


@pytest.mark.parametrize(("slug", "old", "new", "said"), [
    ("hr-service-licence", "complaint_phone: 0731-12345", "complaint_phone: 0731-28680860", "监督投诉电话不能与咨询电话相同"),
    ("hr-service-licence", '["430200:rsj"]', '["430200:rsx"]', "是否应为 430200:rsj"),
    ("hr-service-licence", "role: leader", "role: boss", "不在允许的值之内"),
    ("hr-service-licence", "${hall}", "${saal}", "不认识的占位符"),
    ("hr-service-licence", '["${hall}"]', '["nowhere"]', "找不到场所 nowhere"),
    ("road-excavation", '"430200:jjzd"', '"430200:gone"', "找不到机构 430200:gone"),
    ("hr-service-licence", "after: [review]", "after: [reviews]", "不存在"),
    ("hr-service-licence", "  conditions:", "  condition:", "不认识“condition”"),
    ("road-excavation", "\ndefinition:", '\n  - {organisations: ["430212:cgj"], overrides: {name: 自己的名称}}\ndefinition:', "事项名称由基本目录统一确定"),
    ("road-excavation", "\ndefinition:", '\n  - {organisations: ["430212:cgj"], overrides: {complaint_phone: "12345"}}\ndefinition:', "电话要带区号"),
])  # fmt: skip
def test_a_fault_in_a_pack_is_told_with_file_and_line(tmp_path, slug, old, new, said):
    found = _findings(tmp_path, slug, old, new)
    assert any(said in one and one.startswith(f"items/{slug}.yaml:") for one in found), found
