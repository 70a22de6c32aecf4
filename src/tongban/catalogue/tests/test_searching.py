"""The one search over the items of Zhuzhou, asked as people ask."""

import pytest

from tongban.catalogue import commands, queries
from tongban.catalogue.models import BaseItem, Implementation, SearchEntry
from tongban.catalogue.queries import Narrow, facets, find, suggest
from tongban.catalogue.searching import asking, indexing, statements, words
from tongban.kernel.actor import SYSTEM
from tongban.kernel.problems import Invalid

pytestmark = pytest.mark.usefixtures("city")


COMMON = [("许可", {}), ("登记", {"level": "4"}), ("", {"target": "company"}), ("身份证", {}), ("", {})]


def slugs(text="", **narrowed):
    return [row.slug for row in find(text, Narrow(**narrowed), size=100).page.items]


@pytest.mark.parametrize(("text", "first"), [
    ("我想开饭店怎么办理", "food-business-licence"), ("开饭店", "food-business-licence"),
    ("准生证", "birth-registration"), ("请问身份证丢了怎么办？", "id-card-replacement"),
    ("小孩上户口需要什么材料", "newborn-household-registration"), ("驾照到期了", "driving-licence-renewal"),
    ("ＫＴＶ", "entertainment-venue-licence"), ("sfz", "id-card-replacement"), ("jumin", "id-card-replacement"),
    ("jumin shenfenzheng", "id-card-replacement"), ("sfzhl", "id-card-renewal"), ("居民身份证换领", "id-card-renewal"),
])  # fmt: skip
def test_what_people_say_leads_to_the_item(text, first):
    assert slugs(text)[0] == first


def test_equal_words_find_what_is_called_otherwise():
    literal = {row.slug for row in find("电动单车").page.items}
    assert "electric-bicycle-registration" in literal
    assert "driving-licence-renewal" in slugs("驾驶执照")
    assert slugs("开饭店") == ["food-business-licence"], "what is called exactly so needs no equal words"


@pytest.mark.parametrize(("typed", "meant"), [
    ("身分证", "身份证"), ("身份正", "身份证"), ("驾使证", "驾驶证"), ("住居证", "居住证"),
    ("生育登计", "生育登记"), ("身证丢了", "身份证丢了"),
])  # fmt: skip
def test_a_slip_is_set_right_and_said(typed, meant):
    found = find(typed)
    assert found.meant == meant
    assert [row.slug for row in found.page.items] == slugs(meant)


def test_what_finds_something_is_never_set_right():
    assert find("身份证").meant == ""
    assert find("居居住证").page.items


def test_where_nothing_has_all_words_what_has_most_of_them_is_shown():
    found = find("孩子丢了身份证")
    assert found.partly
    assert found.page.items[0].slug == "id-card-replacement"


def test_names_come_before_everyday_words_and_these_before_results():
    found = find("经营", size=100).page.items
    named = ["经营" in row.name for row in found]
    assert named == sorted(named, reverse=True)
    assert {True, False} == set(named)
    assert slugs("卫生许可证")[0] == "food-business-licence", "called exactly so"


@pytest.mark.parametrize("text", [
    "' OR 1=1 --", "a & | !", "身份证:*B", "\\' & \\", "((", "%", "，。！", "\x00", "'身份证' <-> '丢'", "🙂", "𠀀",
])  # fmt: skip
def test_signs_of_a_query_are_only_text(text):
    find(text)
    suggest(text)
    facets(text)
    queries.list_implementations(text)


def test_a_text_is_read_up_to_a_hundred_characters():
    assert slugs("身份证丢了" + "啊" * 95 + "开饭店") == slugs("身份证丢了" + "啊" * 95)
    assert find("x" * 100_000).page.items == []


def test_what_was_searched_for_is_marked_as_data():
    row = find("结婚登记").page.items[0]
    assert row.parts == (("内地居民", False), ("结婚登记", True))
    row = find("准生证").page.items[0]
    assert (row.parts, row.also) == ((("生育登记", False),), (("准生证", True),))


def test_a_search_goes_on_where_its_page_ended_and_back():
    every = slugs("许可")
    walked, cursor = [], None
    while True:
        page = find("许可", size=5, cursor=cursor).page
        walked.append([row.slug for row in page.items])
        cursor = page.next
        if cursor is None:
            break
    assert [slug for part in walked for slug in part] == every
    back = [walked[-1]]
    while page.previous:
        page = find("许可", size=5, cursor=page.previous).page
        back.insert(0, [row.slug for row in page.items])
    assert back == walked
    with pytest.raises(Invalid):
        find("许可", cursor="forged")


def test_of_what_is_common_the_list_is_walked_to_the_same_order(monkeypatch):
    few = [slugs(text, **narrowed) for text, narrowed in COMMON]
    monkeypatch.setattr(statements, "GATHERED_MAX", 1)
    assert [slugs(text, **narrowed) for text, narrowed in COMMON] == few
    walked, page = [], find("许可", size=3).page
    while True:
        walked.append([row.slug for row in page.items])
        if page.next is None:
            break
        page = find("许可", size=3, cursor=page.next).page
    assert [slug for part in walked for slug in part] == few[0]
    back = find("许可", size=3, cursor=page.previous).page
    assert [row.slug for row in back.items] == walked[-2]


def test_facets_count_what_their_values_leave():
    for text in ("", "许可"):
        for field, values in facets(text, Narrow(level="4") if text else None).items():
            for one in values[:3]:
                narrowed = {"level": "4"} if text else {}
                assert len(slugs(text, **(narrowed | {field: one.value}))) == min(one.count, 100), (field, one)


def test_two_things_asked_of_a_body_must_be_true_of_one():
    city, towns = Narrow(level="3", department="bmzx"), Narrow(level="5", department="bmzx")
    assert find("", city).page.items == []
    assert "birth-registration" in {row.slug for row in find("", towns).page.items}


def test_in_a_place_its_own_body_is_shown():
    row = next(r for r in find("生育登记", Narrow(division="430212100000")).page.items)
    assert (row.choices, row.organisation) == (1, "渌口区渌口镇便民服务中心")
    assert find("生育登记", Narrow(division="999999999999")).page.items == []


def test_events_of_life_have_their_items():
    assert {"food-business-licence", "individual-business-registration"} <= set(slugs(event="catering"))
    assert {one.side for one in queries.life_events("company")} == {"company"}


def test_while_typing_at_most_ten_are_offered():
    for typed in ("s", "开", "开饭", "kf", "kaifan", "许可", "居民身"):
        assert 0 < len(suggest(typed)) <= 10, typed
    assert suggest("") == []
    assert [one.slug for one in suggest("开饭")] == ["food-business-licence"]


def test_an_item_that_takes_no_cases_is_not_found_and_comes_back():
    item = Implementation.objects.select_related("base").get(base__slug="hr-service-licence")
    commands.suspend(actor=SYSTEM, task_code=item.task_code, reason="系统升级")
    assert "hr-service-licence" not in slugs("劳务中介")
    assert not SearchEntry.objects.filter(base=item.base).exists()
    commands.resume(actor=SYSTEM, task_code=item.task_code)
    assert slugs("劳务中介") == ["hr-service-licence"]


def test_written_anew_an_entry_is_the_same():
    before = list(SearchEntry.objects.order_by("base_id").values())
    indexing.refresh(BaseItem.objects.values_list("pk", flat=True))
    assert list(SearchEntry.objects.order_by("base_id").values()) == before


@pytest.mark.parametrize(("typed", "meant", "near"), [
    ("身份证", "身份正", True), ("身证", "身份证", True), ("身份份证", "身份证", True), ("住居证", "居住证", True),
    ("结婚登记", "离婚证", False), ("开饭店", "开药店铺", False), ("", "", True),
])  # fmt: skip
def test_one_slip_is_near_two_are_not(typed, meant, near):
    assert words.close(typed, meant) is near


def test_what_only_surrounds_a_wish_is_left_out_but_never_everything():
    assert words.core("我想办理居住证需要什么材料") == "居住证"
    assert words.core("怎么办") == "怎么办"
    assert asking.read("，。").empty


def test_a_page_of_a_search_takes_a_bounded_number_of_statements(django_assert_max_num_queries):
    # What changes seldom (equal words, halls, divisions) is read once a process, by whoever searches first.
    for read in (find, suggest, facets):
        read("身份证")
    with django_assert_max_num_queries(4):
        find("身份证")
    with django_assert_max_num_queries(4):
        suggest("身份证")
    with django_assert_max_num_queries(4):
        facets("身份证", Narrow(level="4"))
