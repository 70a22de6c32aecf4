"""Sample codes, names, outlines and search words: pure parts of the directory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.directory import outline
from tongban.directory.pack.organisations import stem, village_name
from tongban.directory.sample_codes import is_sample_code, sample_code
from tongban.directory.search_words import search_words
from tongban.kernel.codes import org_code, uscc

REFS = st.builds(
    "{}:{}".format,
    st.from_regex(r"430[0-9]{3}([0-9]{3}){0,2}", fullmatch=True) | st.just("4302Z1"),
    st.from_regex(r"[a-z][a-z0-9-]{0,19}", fullmatch=True),
)


@given(REFS, st.sampled_from(["11", "12", "13"]))
def test_a_sample_code_is_valid_and_marked_and_always_the_same(ref, registration):
    code = sample_code(ref, registration)
    parsed = uscc.parse(code)
    assert not parsed.pseudo
    assert parsed.org_code_fits
    assert org_code.parse(parsed.org_code).body.startswith("YL")
    assert is_sample_code(code)
    assert sample_code(ref, registration) == code


def test_sample_codes_differ_between_bodies():
    codes = {sample_code(f"430202001{number:03}:bmz", "12") for number in range(1, 600)}
    assert len(codes) == 599


def test_a_real_code_is_not_taken_for_a_sample():
    assert not is_sample_code("11430000006122244L")


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("东湖社区居委会", "东湖社区"),
        ("月塘居委会", "月塘社区"),
        ("荷塘铺村委会", "荷塘铺村"),
        ("红旗村", "红旗村"),
        ("上坪村民委员会", "上坪村"),
        ("醴陵市经济开发区虚拟社区", "醴陵市经济开发区虚拟社区"),
    ],
)
def test_a_service_station_bears_the_name_of_the_village_not_of_its_committee(name, unit):
    assert village_name(name) == unit


@pytest.mark.parametrize(
    ("name", "short"), [("荷塘区", "荷塘"), ("茶陵县", "茶陵"), ("醴陵市", "醴陵"), ("攸县", "攸县")]
)
def test_branch_offices_bear_the_place_without_its_kind(name, short):
    assert stem(name) == short


@pytest.mark.parametrize("typed", ["市场监管局", "scjgj", "sscjgj", "市场监督管理局", "scjdglj"])
def test_people_find_a_body_without_naming_the_city(typed):
    assert typed in search_words("株洲市市场监督管理局", "市市场监管局").split()


SQUARE = [[[[113.0, 27.0], [114.0, 27.0], [114.0, 28.0], [113.0, 28.0], [113.0, 27.0]]]]
NEXT = [[[[114.0, 27.0], [115.0, 27.0], [115.0, 28.0], [114.0, 28.0], [114.0, 27.0]]]]


def test_neighbours_keep_their_border_in_one_frame():
    around = outline.frame([SQUARE, NEXT])
    assert around.view_box == "0 0 1000 564"
    assert outline.svg_path(SQUARE, around) == "M0 564L500 564L500 0L0 0Z"
    assert outline.svg_path(NEXT, around) == "M500 564L1000 564L1000 0L500 0Z"
    assert outline.label_point(SQUARE, around) == (250, 282)


@given(
    st.lists(st.tuples(st.floats(113, 114), st.floats(27, 28)), min_size=3, max_size=40),
    st.floats(0.01, 0.5),
)
def test_every_point_of_a_path_lies_in_the_view_box(points, margin):
    shape = [[[*map(list, points), list(points[0])]], [[[112.9 - margin, 26.9], [114.1, 26.9], [114.1, 28.1]]]]
    around = outline.frame([shape])
    path = outline.svg_path(shape, around)
    numbers = [int(word) for word in path.replace("M", " ").replace("L", " ").replace("Z", " ").split()]
    assert all(0 <= x <= around.width for x in numbers[::2])
    assert all(0 <= y <= around.height + outline.GRID for y in numbers[1::2])


def test_a_shape_smaller_than_the_grid_draws_nothing():
    tiny = [[[[113.5, 27.5], [113.5001, 27.5], [113.5001, 27.5001], [113.5, 27.5]]]]
    assert outline.svg_path(tiny, outline.frame([SQUARE])) == ""


def test_nothing_to_draw_is_said():
    with pytest.raises(ValueError, match="no boundary"):
        outline.frame([])
