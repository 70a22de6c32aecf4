from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel import chinese, money
from tongban.kernel.actor import SYSTEM, VISITOR, Actor, AppointmentRef, Role
from tongban.kernel.hashchain import RollingRoot, canonical, event_hash, plain
from tongban.kernel.paging import Cursor, Page, page_size
from tongban.kernel.personal import personal_kind
from tongban.kernel.problems import Invalid, NotFound, Refusal, TooMany, problem


def test_search_text_holds_words_and_their_initials():
    found = chinese.search_text("居住证办理，Apple 株洲").split()
    assert {"居住证", "居住", "jzz", "apple", "株洲", "zz"} <= set(found)
    assert chinese.search_text("") == ""
    assert chinese.search_text("！？ …") == ""


@given(st.text(max_size=300))
def test_any_text_becomes_words_that_a_tsvector_takes(text):
    assert not set(chinese.search_text(text)) & set("'\"\\:&|!()<>*,。，")
    assert len(chinese.query_words(text)) <= 12


def test_sorting_goes_by_pinyin():
    assert sorted(["株洲", "醴陵", "茶陵", "炎陵"], key=chinese.sort_key) == ["茶陵", "醴陵", "炎陵", "株洲"]


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (chinese.mask_name, "张三丰", "张**"),
        (chinese.mask_name, "张", "*"),
        (chinese.mask_name, "", ""),
        (chinese.mask_phone, "13812345678", "138****5678"),
        (chinese.mask_phone, "12345", "***45"),
        (chinese.mask_id, "430204199001011234", "430*************34"),
        (chinese.mask_id, "12345", "*****"),
        (chinese.mask_address, "株洲市天元区长江北路12号3栋", "株洲市天元区长江北路***"),
        (chinese.mask_address, "某处", "某***"),
        (chinese.mask_email, "zhang@example.com", "z***@example.com"),
    ],
)
def test_masks_keep_only_what_one_needs_to_recognise(mask, text, shown):
    assert mask(text) == shown


@given(st.text(max_size=40))
def test_masks_never_show_the_whole(text):
    assert chinese.mask_id(text) != text or not text.strip() or set(text) <= {"*"}
    assert chinese.mask_name(text) != text or not text.strip() or set(text[1:]) <= {"*"}


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (1_500, "壹拾伍元整"),
        (1_505, "壹拾伍元零伍分"),
        (168_032, "壹仟陆佰捌拾元叁角贰分"),
        (10_700_053, "壹拾万柒仟元伍角叁分"),
        (10_000_100, "壹拾万零壹元整"),
        (100_001_000_000, "壹拾亿零壹万元整"),
    ],
)
def test_capital_amounts_are_written_as_receipts_need_them(fen, text):
    assert money.capital_yuan(fen) == text


@given(st.integers(-(10**14), 10**14))
def test_yuan_reads_back(fen):
    assert money.yuan(1_500) == "¥ 15.00"
    if fen >= 0:
        assert money.parse_yuan(money.yuan(fen)) == fen


@pytest.mark.parametrize("text", ["", "1.234", "-1", "1e3", "一元", "1.2.3"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match="金额"):
        money.parse_yuan(text)


@given(st.lists(st.one_of(st.text(max_size=20), st.integers(-(10**12), 10**12)), min_size=1, max_size=4), st.booleans())
def test_a_cursor_reads_back_and_nobody_can_make_one_up(values, backwards):
    cursor = Cursor(tuple(values), backwards)
    text = cursor.encode(b"secret")
    assert Cursor.decode(text, b"secret") == cursor
    for bad in (text[:-1], text + "A", "x" + text[1:] if text[0] != "x" else "y" + text[1:], ""):
        with pytest.raises(Invalid):
            Cursor.decode(bad, b"secret")
    with pytest.raises(Invalid):
        Cursor.decode(text, b"other")


@given(st.text(max_size=1200))
def test_any_text_as_a_cursor_is_refused_politely(text):
    with pytest.raises(Invalid):
        Cursor.decode(text, b"secret")


def test_pages_are_bounded_and_can_be_mapped():
    assert [page_size(n) for n in (None, 0, -5, 7, 1_000)] == [20, 20, 1, 7, 100]
    assert Page([1, 2], "n").map(str) == Page(["1", "2"], "n")


def test_a_problem_document_follows_rfc_9457():
    found = problem(Invalid(fields={"phone": "请填写手机号"}), "/api/v1/cases")
    assert found["status"] == 422
    assert found["instance"] == "/api/v1/cases"
    assert found["errors"] == [{"field": "phone", "message": "请填写手机号"}]
    assert {"type", "title", "code"} <= set(found)
    assert NotFound("这件办件").status == 404
    assert problem(TooMany("请稍后", retry_after_s=3), "/")["data"] == {"retry_after_s": 3}
    assert str(Refusal("case_closed", "已办结")) == "case_closed: 已办结"


def test_actors_name_themselves_without_personal_data():
    appointment = AppointmentRef(1, Role.LEADER, "局长", 2, "某局", "430200000000")
    assert Actor("staff", 12, "张三", (appointment,)).ref == "staff:12"
    assert Actor("citizen", 5).ref == "citizen:5"
    assert Actor("client", client_id=3, scopes=frozenset({"cases:submit"})).ref == "client:3"
    assert (SYSTEM.ref, VISITOR.ref) == ("system:clock", "visitor:anonymous")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("身份证 11010519491231002X 号", "resident-id"),
        ("电话:13812345678。", "mobile"),
        ("+86 13812345678", "mobile"),
        ("11430200006310345X", None),  # a government body's unified code
        ("110105194912310021", None),  # wrong check digit
        ("114302000063103450202611240013800138000", None),
        ("2026-11-24", None),
    ],
)
def test_personal_numbers_are_found_in_clear_text(text, kind):
    assert personal_kind(text) == kind


def test_what_json_would_change_has_no_place_in_an_event():
    assert plain({"at": datetime(2026, 1, 2, 3, tzinfo=UTC), "r": Role.LEADER, "t": (1, None)}) == {
        "at": "2026-01-02T03:00:00.000000Z",
        "r": "leader",
        "t": [1, None],
    }
    deep: list[object] = []
    for _ in range(20):
        deep = [deep]
    for bad in (1.5, b"x", {1: 2}, object()):
        with pytest.raises(TypeError):
            plain(bad)
    for worse in ("\x00", datetime(2026, 1, 1), deep):
        with pytest.raises(ValueError):
            plain(worse)
    with pytest.raises(ValueError):
        canonical("x" * 70_000)


def test_hashes_depend_on_everything_before_them():
    one, two = event_hash(bytes(32), {"a": 1, "b": 2}), event_hash(bytes(32), {"b": 2, "a": 1})
    assert one == two
    assert event_hash(one, {"a": 1}) != event_hash(bytes(32), {"a": 1})
    roots = set()
    for heads in ([("a", 1, b"x")], [("a", 2, b"x")], [("a", 1, b"x"), ("b", 1, b"y")], []):
        root = RollingRoot("t")
        for head in heads:
            root.add(*head)
        roots.add(root.digest())
    assert len(roots) == 4
