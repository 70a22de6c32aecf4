"""Sections of a draft: opening and saving changes nothing; what is typed becomes content; rows come and go."""

import copy
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.catalogue.checking import check
from tongban.catalogue.definition import Definition
from tongban.catalogue.editing import (
    BASE_SECTIONS,
    SECTIONS,
    act,
    conditions,
    fields,
    parse_act,
    read,
    section_of,
    show,
)
from tongban.catalogue.editing.entries import Offers, value_at
from tongban.catalogue.forms import designing
from tongban.catalogue.tests.factories import definition, planned, raw
from tongban.catalogue.tests.posting import posted_of
from tongban.kernel.problems import Invalid, NotFound

NOTHING = Offers()
BY_KEY = {section.key: section for section in SECTIONS}


def content(**changes):
    return definition(**changes).model_dump(mode="json")


@cache
def items():
    return {slug: item.bodies[0][1] for slug, item in planned().items()}


def saved(key, data, changes=None):
    section = BY_KEY[key]
    return read(section, data, posted_of(show(section, data, (), NOTHING)) | (changes or {}))


def test_every_field_of_a_definition_stands_in_one_section():
    named = [name for section in SECTIONS for name in section.paths]
    assert sorted(named) == sorted(Definition.model_fields)
    assert section_of("materials.2.basis") == "materials"


@pytest.mark.django_db
def test_opening_and_saving_a_section_of_any_item_of_the_city_changes_nothing():
    assert items()
    for slug, it in items().items():
        data = it.model_dump(mode="json")
        for section in SECTIONS:
            sent = posted_of(show(section, data, (), NOTHING))
            assert read(section, data, sent) == data, (slug, section.key)


def test_what_is_typed_becomes_content():
    data = content()
    data = saved(
        "limits", data, {"promised.amount": ["８"], "promised.unit": ["working_days"], "correction_days": ["5"]}
    )
    data = saved("conditions", data, {"conditions": ["一\r\n\r\n 二 "]})
    data = saved("materials", data, {"materials.1.name": [" 合同 "], "materials.1.when": ['answer:place:"own"']})
    data = saved("places", data, {"windows.add": ["zz-new 新大厅"], "assurance_level": ["3"]})
    data = saved("result", data, {"result.validity_months": ["36"]})
    it = Definition.model_validate(data)
    assert (it.promised.amount, it.correction_days, it.conditions) == (8, 5, ("一", "二"))
    assert (it.materials[1].name, it.materials[1].when) == ("合同", {"answer": "place", "in": ["own"]})
    assert (it.windows, it.assurance_level, it.result.validity_months) == (("zz-hall", "zz-new"), 3, 36)


def test_what_cannot_be_read_is_kept_as_it_was_typed_and_told_there():
    data = saved("limits", content(), {"promised.amount": ["十"], "correction_days": [""]})
    assert data["promised"]["amount"] == "十"
    view = show(BY_KEY["limits"], data, check(data), NOTHING)
    faults = {part.path: part.faults for part in view.parts}
    assert faults["promised"] == ("请填写整数",)
    assert faults["correction_days"] == ("请填写整数",)
    assert posted_of(view)["promised.amount"] == ["十"]


def test_the_money_of_a_fee_is_read_in_yuan():
    data, at = act(BY_KEY["fee"], content(), parse_act("add:fee"))
    assert at == "fee.0"
    made = saved("fee", data, {"fee.0.amount_fen": ["40.5"], "fee.0.name": ["工本费"]})
    assert made["fee"][0]["amount_fen"] == 4050
    assert saved("fee", data, {"fee.0.amount_fen": ["很多"]})["fee"][0]["amount_fen"] == "很多"


def test_rows_are_added_moved_and_removed():
    section = BY_KEY["materials"]
    data, at = act(section, content(), parse_act("add:materials"))
    assert (at, data["materials"][2]["key"], data["materials"][2]["name"]) == ("materials.2", "material_1", "")
    data, at = act(section, data, parse_act("up:materials.2"))
    assert (at, [one["key"] for one in data["materials"]]) == ("materials.1", ["application", "material_1", "contract"])
    same, at = act(section, data, parse_act("up:materials.0"))
    assert (at, same) == ("materials.0", data)
    data, at = act(section, data, parse_act("down:materials.1"))
    data, at = act(section, data, parse_act("remove:materials.2"))
    assert at == "materials.1"
    assert data == content()


def test_an_answer_is_added_to_a_question_and_led_somewhere():
    section = BY_KEY["questions"]
    data, at = act(section, content(), parse_act("add:questions.0.options"))
    assert at == "questions.0.options.2"
    sent = {f"{at}.label": ["借用"], f"{at}.to": ["stop:not_eligible"], f"{at}.message": ["不能办"]}
    option = saved("questions", data, sent)["questions"][0]["options"][2]
    assert (option["value"], option["label"], option["stop"]) == (
        "option_1", "借用", {"kind": "not_eligible", "message": "不能办"},
    )  # fmt: skip


def test_a_new_step_goes_before_the_decision_and_the_draft_stays_sound():
    data, at = act(BY_KEY["steps"], content(), parse_act("add:steps"))
    assert at == "steps.1"
    assert [(one["key"], one["after"]) for one in data["steps"]] == [
        ("examine", []), ("step_1", ["examine"]), ("decide", ["step_1"]),
    ]  # fmt: skip
    named = saved("steps", data, {"steps.1.name": ["会审"]})
    assert check(named) == ()


@pytest.mark.parametrize("text", ["add:form", "add:", "drop:materials", "up:materials.9", "remove:materials.x", "add:questions.0.text"])  # fmt: skip
def test_an_act_that_the_section_does_not_have_is_refused(text):
    section = BY_KEY["materials"]
    with pytest.raises((NotFound, Invalid)):
        act(section, content(), parse_act(text))


def test_there_is_an_end_to_rows():
    data = content()
    for _number in range(20):
        data, _at = act(BY_KEY["fee"], data, parse_act("add:fee"))
    with pytest.raises(Invalid):
        act(BY_KEY["fee"], data, parse_act("add:fee"))


def test_a_condition_that_ticks_cannot_say_stands_in_words_and_is_kept():
    when = {"any": [{"answer": "place", "in": ["own"]}, {"not": {"field": "name", "given": True}}]}
    data = content(materials__1__when=when)
    assert saved("materials", data) == data
    assert conditions.words(data, when) == "“场所是谁的？”为自有，或者不是（“name”已填）"
    assert saved("materials", data, {"materials.1.when.json": ["{"]})["materials"][1]["when"] == "{"


def test_a_condition_on_a_question_that_is_gone_is_not_lost_silently():
    data = content(questions=[])
    assert saved("materials", data)["materials"][1]["when"] == {"answer": "place", "in": ["rented"]}


def test_the_base_elements_of_an_entry_are_edited_in_the_same_way():
    section = BASE_SECTIONS[0]
    data = {
        "name": "示例",
        "catalog_code": "000131016000",
        "kind": "01",
        "levels": ["3"],
        "legal_basis": raw()["legal_basis"],
    }
    data, at = act(section, data, parse_act("add:legal_basis"))
    sent = posted_of(show(section, data, (), NOTHING)) | {f"{at}.title": ["示例法"]}
    assert read(section, data, sent)["legal_basis"][1]["title"] == "示例法"


def test_a_field_of_the_form_is_asked_about_and_becomes_what_was_typed():
    field = {"type": "integer", "title": "面积", "minimum": 1, "x-prefill": "company.name", "x-unit": "平方米"}
    data = content()
    data["form"]["properties"]["size"] = field
    section = fields.section_of_field("size", field, column=False, groups=())
    inside = fields.content_of("size", field, data, required=True)
    sent = posted_of(show(section, inside, (), fields.sources()))
    to, name = fields.change_of(section, "size", inside, sent)
    form = designing.change(data["form"], "size", to)
    assert (form["properties"]["size"], name) == (field, "size")
    assert "size" in form["required"]
    licence = "licence.11100000MB0143028R001.name"
    changes = {
        "fields.size.prefill": [f"{licence} 名称"],
        "fields.size.most": ["9"],
        "fields.size.when": ['answer:place:"own"'],
    }
    to, _name = fields.change_of(section, "size", inside, sent | changes)
    made = designing.change(data["form"], "size", to)["properties"]["size"]
    assert (made["x-prefill"], made["maximum"], made["x-required"]) == (licence, 9, True)
    assert made["x-when"] == {"answer": "place", "in": ["own"]}


@pytest.mark.django_db
def test_saving_any_field_of_any_form_of_the_city_changes_nothing():
    for slug, it in items().items():
        data = it.model_dump(mode="json")
        form = data["form"]
        for name, field in form["properties"].items():
            groups = form.get("x-groups", ())
            section = fields.section_of_field(name, field, column=False, groups=groups)
            inside = fields.content_of(name, field, data, required=name in form.get("required", ()))
            sent = posted_of(show(section, inside, (), fields.sources()))
            to, same = fields.change_of(section, name, inside, sent)
            made = designing.rename(designing.change(form, name, to), name, same)
            assert made["properties"] == form["properties"], (slug, name)
            assert sorted(made["required"]) == sorted(form.get("required", ())), (slug, name)


TEXTS = st.sampled_from(
    ["", "1", "十", "at_once", "next:place", "stop:x", 'answer:place:"own"', "{}", "x" * 30, "\x00"]
)


@given(st.sampled_from(SECTIONS), st.dictionaries(st.integers(0, 60), st.lists(TEXTS, max_size=2), max_size=8))
def test_whatever_is_sent_is_read_checked_and_shown_again(section, changes):
    data = content()
    sent = posted_of(show(section, data, (), NOTHING))
    names = list(sent)
    for place, texts in changes.items():
        if names:
            sent[names[place % len(names)]] = texts
    before = copy.deepcopy(data)
    made = read(section, data, sent)
    assert data == before
    assert all(made[name] == before[name] for name in before if name not in section.paths)
    again = show(section, made, check(made), NOTHING)
    assert value_at(made, "task_code") == before["task_code"]
    assert len(again.parts) == len(section.parts)
