import json

import pytest
from django.test import Client
from django.urls import include, path
from ninja import NinjaAPI

from tongban.catalogue import commands, queries
from tongban.catalogue.tests.factories import TASK_CODE, body, definition, planned, published
from tongban.directory.models import Place
from tongban.kernel.actor import SYSTEM
from tongban.kernel.codes import task_code
from tongban.kernel.problems import Invalid, NotFound

pytestmark = pytest.mark.django_db

COUNTIES = {"11430202YL4MEQEC6F": "430202000000", "11430200YL9DL6NP4U": "430203000000"}


@pytest.fixture
def items():
    """One city item, and one of two counties."""
    published()
    county = definition(name="开小饭馆许可", catalog_code="000131017000", service_targets=["person"], topics=["p:040"])
    for code, division in COUNTIES.items():
        organisation = body(code, division, "county", f"局{code[-3:]}")
        own = county.model_copy(update={"task_code": task_code.make(code, "4", county.catalog_code)})
        published(own, organisation, slug="county-permit", rank=2)


def names(page):
    return [row.name for row in page.items]


def test_an_item_of_one_body_leads_to_its_guide_and_one_of_many_to_a_choice(items):
    one, many = queries.search_items().items
    assert (one.task_code, one.choices, one.organisation) == (TASK_CODE, 1, "株洲市示例局")
    assert (many.task_code, many.choices) == ("", 2)
    assert len(queries.implementations_of("county-permit")) == 2
    assert (one.limit, one.visits, one.fee, one.online) == ("10 个工作日", "不用跑", "不收费", True)


def test_in_a_county_its_own_body_and_the_city_s_are_in_reach(items):
    rows = queries.search_items(division="430202000000").items
    assert [row.choices for row in rows] == [1, 1]
    assert rows[1].task_code.startswith("11430202")
    assert [row.choices for row in queries.search_items(division="430200000000").items] == [1, 2]
    assert names(queries.search_items(division="430299000000")) == []


@pytest.mark.parametrize(("text", "found"), [
    ("饭馆", ["开小饭馆许可"]), ("kxfg", ["开小饭馆许可"]), ("许可", ["示例许可", "开小饭馆许可"]), ("示例许可证", ["示例许可", "开小饭馆许可"]),
    ("没有这种", []), ("，。！", []), ("' OR 1=1 --", []), ("%", []), ("x" * 5000, []),
])  # fmt: skip
def test_people_find_items_by_words_and_initials(items, text, found):
    assert names(queries.search_items(text)) == found


def test_search_narrows_by_target_topic_and_level(items):
    assert names(queries.search_items(target="person")) == ["开小饭馆许可"]
    assert names(queries.search_items(topic="c:010")) == ["示例许可"]
    assert names(queries.search_items(level="4")) == ["开小饭馆许可"]
    assert names(queries.search_items(target="nobody")) == []


def test_facets_count_what_each_value_leaves(items):
    found = queries.facets()
    assert [(one.value, one.label, one.count) for one in found["target"]] == [
        ("person", "自然人", 1),
        ("company", "企业法人", 1),
    ]
    assert [(one.value, one.count) for one in found["level"]] == [("3", 1), ("4", 1)]
    assert {one.label for one in found["topic"]} == {"准营准办"}
    assert [one.value for one in found["initial"]] == ["K", "S"]


def test_a_page_goes_on_where_the_last_one_ended(items):
    first = queries.search_items(size=1)
    second = queries.search_items(size=1, cursor=first.next)
    assert names(first) + names(second) == ["示例许可", "开小饭馆许可"]
    assert second.next is None
    assert names(queries.search_items(size=1, cursor=second.previous)) == ["示例许可"]
    with pytest.raises(Invalid):
        queries.search_items(cursor="abc")


def test_lists_cost_the_same_number_of_queries_however_long(items, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        queries.search_items()
    with django_assert_max_num_queries(2):
        queries.popular()
    with django_assert_max_num_queries(1):
        queries.list_implementations()


def test_an_unknown_item_is_not_found():
    for read in (queries.implementation, queries.current_version, queries.implementations_of):
        with pytest.raises(NotFound):
            read("gone")
    with pytest.raises(NotFound):
        queries.version(0)


def test_the_guide_gives_the_five_facts_and_the_whole_flow():
    it = planned()["road-excavation"].bodies[0][1]
    organisation = body(it.task_code[:18], name="株洲市城市管理和综合执法局")
    police = body(it.steps[1].unit or "", name="株洲市公安局交通警察支队")
    Place.objects.filter(code="zz-hall").update(name="株洲市民中心")
    guide = queries.guide(published(it, organisation))
    assert [(fact.label, fact.value) for fact in guide.facts] == [
        ("谁能办", "企业法人、事业法人、行政机关、其他组织"), ("几天", "8 个工作日"), ("跑几次", "不用跑"),
        ("多少钱", "按标准收费"), ("在哪办", "网上，或株洲市民中心"),
    ]  # fmt: skip
    flow = [[(step.name, step.days) for step in stage.steps] for stage in guide.stages]
    assert flow[:3] == [
        [("申请", "随时")], [("受理", "5 个工作日内")],
        [("道路技术审查", "4 个工作日"), ("交通影响审查", "4 个工作日")],
    ]  # fmt: skip
    assert guide.stages[2].parallel
    assert guide.stages[2].steps[1].unit == police.name
    assert [stage.steps[0].name for stage in guide.stages[3:]] == ["现场勘查", "审核", "决定", "送达"]
    assert guide.fees[0].amount == "¥ 280.00/平方米"
    assert guide.material_counts == {"all": 7, "exempt": 0, "generated": 1, "own": 6}
    assert [label for label, _ in guide.stops] == ["是公路", "是小区、厂区内部道路"]
    assert "株洲市人民政府" in guide.remedies


@pytest.fixture
def api(settings):
    settings.ROOT_URLCONF = __name__
    return Client()


def test_the_api_reads_items_and_answers_304_to_who_has_them(items, api):
    page = api.get("/api/v1/items?size=2").json()
    assert len(page["items"]) == 2
    rest = api.get("/api/v1/items", {"size": 2, "cursor": page["next"]}).json()
    assert {row["task_code"] for row in page["items"]}.isdisjoint(row["task_code"] for row in rest["items"])
    answer = api.get(f"/api/v1/items/{TASK_CODE}")
    detail = answer.json()
    assert detail["definition"]["materials"][1]["when"] == {"answer": "place", "in": ["rented"]}
    assert detail["version"] == 1
    again = api.get(f"/api/v1/items/{TASK_CODE}", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    form = api.get(f"/api/v1/items/{TASK_CODE}/form").json()
    assert form["schema"] == json.loads(json.dumps(definition().form))


def test_a_new_version_gets_a_new_etag(items, api):
    before = api.get(f"/api/v1/items/{TASK_CODE}")["ETag"]
    commands.publish_version(actor=SYSTEM, task_code=TASK_CODE, definition=definition(conditions=["有自己的场所"]))
    answer = api.get(f"/api/v1/items/{TASK_CODE}", headers={"If-None-Match": before})
    assert answer.status_code == 200
    assert answer.json()["definition"]["conditions"] == ["有自己的场所"]


def test_the_api_leads_through_an_item_question_by_question(items, api):
    there = f"/api/v1/items/{TASK_CODE}"
    guide = api.get(f"{there}/guide")
    assert [one["key"] for one in guide.json()["facts"]][:2] == ["who", "days"]
    assert api.get(f"{there}/guide", headers={"If-None-Match": guide["ETag"]}).status_code == 304
    answers: dict[str, str] = {}
    while True:
        told = api.get(f"{there}/questions", {"answers": json.dumps(answers)}).json()
        assert told["asked"] == list(answers)
        if told["question"] is None:
            break
        answers[told["question"]["key"]] = told["question"]["options"][0]["value"]
    assert told["finished"] != bool(told["stop"])
    materials = api.get(f"{there}/materials", {"answers": json.dumps(answers)}).json()["items"]
    wanted = queries.materials_for(definition(), answers)
    assert [one["key"] for one in materials] == [one.key for one in wanted]
    assert api.get(f"{there}/questions", {"answers": '{"place": "nowhere"}'}).status_code == 200


@pytest.mark.parametrize("answers", ["{", "[]", "3", "[" * 3000])
@pytest.mark.parametrize("part", ["questions", "materials"])
def test_answers_that_are_no_object_are_refused(items, api, part, answers):
    answer = api.get(f"/api/v1/items/{TASK_CODE}/{part}", {"answers": answers})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "answers"


def _urls():
    from tongban.catalogue.api import router

    api = NinjaAPI(urls_namespace="catalogue-tests", openapi_url=None)
    api.add_router("", router)
    return [path("api/v1/", api.urls)]


urlpatterns = [path("", include((_urls(), "catalogue_tests")))]
