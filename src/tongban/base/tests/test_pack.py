"""The reading of pack files: lines, plain scalars, near misses, and the register of sections."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.base import pack as packs
from tongban.base.pack import Changes, Pack, PackFileError, PackSection, Shape, parse, read_city
from tongban.base.pack import section as register_module
from tongban.base.pack.located import dotted, read_csv, read_json, read_yaml


def test_scalars_are_read_as_they_are_written():
    data = read_yaml(
        "x.yaml", "a: no\nb: 0731\nc: 12:30\nd: 430200\ne: 1.5\nf: true\ng:\nh: 2027-10-01\ni: -3\nj: 1e5"
    ).data
    assert data == {
        "a": "no", "b": "0731", "c": "12:30", "d": 430200, "e": 1.5, "f": True, "g": None, "h": "2027-10-01",
        "i": -3, "j": "1e5",
    }  # fmt: skip


def test_every_value_knows_its_line():
    document = read_yaml("x.yaml", "top:\n  - a: 1\n    b:\n      c: 2\n  - a: 3\n")
    assert document.line(("top", 0, "b", "c")) == 4
    assert document.line(("top", 1, "a")) == 5
    assert document.line(("top", 0, "missing")) == 2, "what is missing is reported where it should stand"
    assert document.line(("top", "tagged-union", 0, "b")) == 3, "steps that are not in the file are passed over"
    assert document.line(("elsewhere",)) == 1
    assert dotted(("top", 0, "b")) == "top[0].b"


def test_an_empty_file_is_null_and_not_a_crash():
    assert read_yaml("x.yaml", "").data is None


def refusal(read):
    """The findings with which a file was refused, or None."""
    try:
        read()
    except PackFileError as error:
        return error.findings
    return None


@given(st.text())
def test_any_text_is_read_or_refused_with_findings(text):
    found = refusal(lambda: read_yaml("x.yaml", text))
    assert found is None or (found and all(finding.line >= 1 for finding in found))


@given(st.text())
def test_any_table_is_read_or_refused_with_findings(text):
    found = refusal(lambda: read_csv("x.csv", "a,b\n" + text, ("a", "b")))
    if found is None:
        assert all(set(row) == {"a", "b"} for row in read_csv("x.csv", "a,b\n" + text, ("a", "b")).data)
    else:
        assert found


@pytest.mark.parametrize("reader", [read_yaml, read_json])
def test_endless_nesting_is_refused_and_not_a_crash(reader):
    assert refusal(lambda: reader("x", "[" * 100_000 + "]" * 100_000))


def test_a_number_too_long_to_be_one_stays_text():
    assert read_yaml("x.yaml", "a: " + "9" * 5000).data == {"a": "9" * 5000}


class _Inner(Shape):
    day: date
    count: int = 0


class _Outer(Shape):
    name: str
    inner: tuple[_Inner, ...] = ()


def test_a_shape_is_read_and_numbers_become_text_where_text_is_meant():
    outer, found = parse(read_yaml("x.yaml", "name: 430200\ninner:\n  - day: 2026-01-01\n"), _Outer)
    assert found == []
    assert outer == _Outer(name="430200", inner=(_Inner(day=date(2026, 1, 1)),))


@pytest.mark.parametrize(
    ("text", "line", "path", "message", "hint"),
    [
        ("name: a\ninner:\n  - dai: 2026-01-01\n", 3, "inner[0].dai", "不认识“dai”", "day"),
        ("name: a\ninner:\n  - count: 1\n", 3, "inner[0].day", "缺少“day”", "必填"),
        ("name: a\ninner:\n  - day: soon\n", 3, "inner[0].day", "应为日期", "2027-10-01"),
        ("name: a\ninner:\n  - day: 2026-01-01\n    count: many\n", 4, "inner[0].count", "应为整数", "many"),
        ("name: a\ninner: b\n", 2, "inner", "应为列表", ""),
        ("- a\n", 1, "", "应为键值对", ""),
    ],
)
def test_what_is_wrong_is_said_in_chinese_at_its_line(text, line, path, message, hint):
    outer, found = parse(read_yaml("x.yaml", text), _Outer)
    assert outer is None
    assert any(
        (each.line, each.path) == (line, path) and message in each.message and hint in each.hint for each in found
    ), [str(each) for each in found]


def test_a_reference_that_leads_nowhere_names_its_neighbour(tmp_path):
    pack = Pack(tmp_path)
    assert pack.define("organisation", "430200:fgw", "value")
    assert not pack.define("organisation", "430200:fgw", "again")
    assert pack.resolve("organisation", "430200:fgw") == "value"
    finding = pack.unknown("organisation", "430200:fgv", read_yaml("x.yaml", "a: 430200:fgv"), ("a",), "机构")
    assert "430200:fgw" in finding.hint


def test_the_digest_changes_with_a_byte_and_with_a_name_and_not_with_hidden_files(tmp_path):
    (tmp_path / "a.yaml").write_text("a: 1")
    first = Pack(tmp_path).digest()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x").write_text("x")
    assert Pack(tmp_path).digest() == first
    (tmp_path / "a.yaml").write_text("a: 2")
    second = Pack(tmp_path).digest()
    (tmp_path / "a.yaml").rename(tmp_path / "b.yaml")
    assert len({first, second, Pack(tmp_path).digest()}) == 3


def test_the_card_of_a_city_is_read_or_explained(tmp_path):
    with pytest.raises(PackFileError, match="缺少这个文件"):
        read_city(tmp_path)
    (tmp_path / "city.yaml").write_text("name: 小城市\n", encoding="utf-8")
    with pytest.raises(PackFileError, match="缺少“division”"):
        read_city(tmp_path)


class _Section(PackSection):
    name, title, order = "one", "一", 1

    def check(self, _pack):
        return []

    def load(self, _pack, _actor):
        return Changes()


class _Other(_Section):
    pass


def test_sections_are_registered_once_and_by_class(monkeypatch):
    monkeypatch.setattr(register_module, "_sections", {})
    packs.register(_Section())
    packs.register(_Section())
    assert [section.name for section in packs.sections()] == ["one"]
    with pytest.raises(TypeError, match="Two pack sections"):
        packs.register(_Other())
    with pytest.raises(TypeError, match="not a PackSection"):
        packs.register("one")  # type: ignore[arg-type]
