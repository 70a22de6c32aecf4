import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.catalogue.definition import Limit
from tongban.catalogue.limits import in_days
from tongban.catalogue.rules import faults
from tongban.catalogue.tests.factories import definition, raw

STEP = {"key": "more", "name": "会签", "kind": "review", "role": "section_head"}
FEE = {"key": "fee", "name": "工本费", "amount_fen": 4000, "unit": "证", "basis": "发改价格〔2003〕2322号"}
QUESTION = {
    "key": "late",
    "text": "还有问题吗？",
    "options": [{"value": "y", "label": "有"}, {"value": "n", "label": "没有"}],
}
STOP = {"kind": "not_eligible", "message": "不能办"}
TEXT = {"type": "string", "title": "字", "maxLength": 10}


def properties(**fields):
    return raw()["form"]["properties"] | fields


def test_the_plain_item_has_no_fault():
    assert faults(definition()) == ()


@pytest.mark.parametrize(("code", "changes"), [
    ("limit.promise_over_statutory", {"promised": {"amount": 21, "unit": "working_days"}}),
    ("limit.promise_over_statutory", {"promised": {"amount": 1, "unit": "months"}, "statutory": {"amount": 29, "unit": "calendar_days"}}),
    ("limit.zero", {"promised": {"amount": 0, "unit": "working_days"}}),
    ("limit.zero", {"promised": {"amount": 1, "unit": "at_once"}}),
    ("limit.instant", {"project_type": "instant"}),
    ("limit.instant", {"promised": {"amount": 0, "unit": "at_once"}}),
    ("limit.permit_20_days", {"statutory": {"amount": 21, "unit": "working_days"}}),
    ("result.kind", {"result__name": "示例批复"}),
    ("result.kind", {"result__kind": "other"}),
    ("result.sample", {"result__sample": ""}),
    ("result.name", {"result__name": ""}),
    ("result.licence", {"result__licence_type": None}),
    ("result.none", {"result": {"kind": "none", "name": "证"}}),
    ("result.number_format", {"result__number_format": "示〔{year}〕号"}),
    ("visits.reason", {"onsite_visits": 1}),
    ("visits.needless_reason", {"onsite_reason": "采集指纹"}),
    ("visits.no_other_way", {"handle_forms": ["window"]}),
    ("visits.collection", {"delivery": ["window"]}),
    ("fee.amount", {"fee": [FEE | {"amount_fen": 0}]}),
    ("fee.reduction", {"fee": [FEE | {"reducible": True}]}),
    ("fee.quantity", {"fee": [FEE | {"quantity_field": "name"}]}),
    ("phone.same", {"complaint_phone": "0731-28680860"}),
    ("phone.area_code", {"consult_phone": "28680860"}),
    ("topics.targets", {"topics": ["p:010"]}),
    ("topics.targets", {"service_targets": ["person", "company"]}),
    ("permit.faq", {"faq": []}),
    ("permit.flow", {"flow": "申请、受理、决定。"}),
    ("power.entrusting", {"power_source": "5"}),
    ("power.entrusting", {"entrusting_body": "省厅"}),
    ("material.basis", {"materials__0__basis": ""}),
    ("material.generated", {"materials__0__copy_count": 1}),
    ("material.licence", {"materials__1__licence_type": "11100000MB0143028R001"}),
    ("material.count", {"materials__1__format": "paper", "materials__1__copy_count": 0}),
    ("material.issuer", {"materials__1__source": "government"}),
    ("special.step", {"special_procedures": [{"key": "s", "name": "核查", "during": "gone", "limit": {"amount": 1, "unit": "working_days"}, "basis": "法", "counts_in_limit": True}]}),
    ("key.twice", {"materials__1__key": "application"}),
    ("step.after", {"steps__1__after": ["examine", "gone"]}),
    ("step.one_approval", {"steps__0__kind": "approval"}),
    ("step.one_approval", {"steps__1__kind": "review"}),
    ("step.cycle", {"steps__0__after": ["decide"]}),
    ("step.dead_end", {"steps": [*raw()["steps"], STEP | {"after": ["examine"]}]}),
    ("step.dead_end", {"steps": [*raw()["steps"], STEP | {"after": ["decide"]}]}),
    ("step.limit_zero", {"steps__0__limit": {"amount": 0, "unit": "hours"}}),
    ("step.limits_over_promise", {"steps__0__limit": {"amount": 8, "unit": "working_days"}, "steps__1__limit": {"amount": 3, "unit": "working_days"}}),
    ("special.over_promise", {"special_procedures": [{"key": "s", "name": "核查", "during": "examine", "limit": {"amount": 11, "unit": "working_days"}, "basis": "法", "counts_in_limit": True}]}),
    ("option.next", {"questions__0__options__0__next": "place"}),
    ("option.next", {"questions__0__options__0__next": "gone"}),
    ("option.ways", {"questions__0__options__0__end": True, "questions__0__options__0__stop": STOP}),
    ("option.multiple", {"questions__0__multiple": True, "questions__0__options__0__end": True}),
    ("question.unreachable", {"questions": [*[raw(questions__0__options=[o | {"end": True} for o in raw()["questions"][0]["options"]])["questions"][0]], QUESTION]}),
    ("question.no_application", {"questions__0__options": [o | {"stop": STOP} for o in raw()["questions"][0]["options"]]}),
    ("condition.question", {"materials__1__when": {"answer": "gone", "in": ["rented"]}}),
    ("condition.question", {"questions__0__when": {"answer": "place", "in": ["own"]}}),
    ("condition.answer", {"materials__1__when": {"answer": "place", "in": ["gone"]}}),
    ("condition.field", {"materials__1__when": {"field": "gone", "in": [1]}}),
    ("form.object", {"form": {"type": "string"}}),
    ("form.closed", {"form__additionalProperties": True}),
    ("form.schema", {"form__properties": properties(x={"type": "strng", "title": "字"})}),
    ("form.required", {"form__required": ["gone"]}),
    ("form.required_when", {"form__properties": properties(name=TEXT | {"x-when": {"answer": "place", "in": ["own"]}})}),
    ("form.bound", {"form__properties": properties(x={"type": "string", "title": "字"})}),
    ("form.title", {"form__properties": properties(x={"type": "string", "maxLength": 3})}),
    ("form.word", {"form__properties": properties(x=TEXT | {"if": {}})}),
    ("form.widget", {"form__properties": properties(x=TEXT | {"x-widget": "map"})}),
    ("form.labels", {"form__properties": properties(x={"title": "选", "enum": ["a"]})}),
    ("form.format", {"form__properties": properties(x=TEXT | {"format": "uri"})}),
    ("form.prefill", {"form__properties": properties(x=TEXT | {"x-prefill": "person.salary"})}),
    ("form.when", {"form__properties": properties(x=TEXT | {"x-when": {"answer": "place", "in": []}})}),
    ("form.name", {"form__properties": properties(**{"x.y": TEXT})}),
    ("form.address", {"form__properties": properties(x={"type": "object", "title": "地址", "x-widget": "address", "properties": {}})}),
    ("form.table", {"form__properties": properties(x={"type": "array", "title": "表", "x-widget": "table"})}),
    ("form.table_rows", {"form__properties": properties(x={"type": "array", "title": "表", "x-widget": "table", "items": {"type": "object", "additionalProperties": False, "properties": {"a": TEXT}}})}),
    ("form.table_column", {"form__properties": properties(x={"type": "array", "title": "表", "x-widget": "table", "maxItems": 3, "items": {"type": "object", "additionalProperties": False, "properties": {"a": TEXT | {"x-widget": "textarea"}}}})}),
    ("form.group", {"form__x-groups": [{"key": "g", "title": "组"}]}),
])  # fmt: skip
def test_each_rule_finds_its_fault(code, changes):
    found = faults(definition(**changes))
    assert code in {fault.code for fault in found}
    assert all(fault.message and fault.path for fault in found)


def test_certificates_and_vouchers_need_not_be_licences():
    kinds = {
        "result__name": "登记凭证",
        "result__kind": "other",
        "result__licence_type": None,
        "result__number_format": "",
    }
    assert faults(definition(**kinds)) == ()
    assert faults(definition(**(kinds | {"result__name": "居住证明"}))) == ()


def test_a_question_that_jumps_back_cannot_loop():
    it = definition(questions__0__options__0__next="place")
    assert "option.next" in {fault.code for fault in faults(it)}


UNITS = st.sampled_from(["working_days", "calendar_days", "hours", "months"])


@given(st.integers(1, 60), UNITS, st.integers(1, 60), UNITS)
def test_a_promise_is_faulted_exactly_when_it_is_longer_than_the_law(promised, unit, statutory, other):
    it = definition(
        kind="20", promised={"amount": promised, "unit": unit}, statutory={"amount": statutory, "unit": other}
    )
    longer = in_days(Limit(amount=promised, unit=unit)) > in_days(Limit(amount=statutory, unit=other))
    assert ("limit.promise_over_statutory" in {fault.code for fault in faults(it)}) is longer
