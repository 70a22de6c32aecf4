"""The check of a pack names file and line of everything that is wrong, and stops nothing that is right."""

import shutil
from pathlib import Path

import pytest

from tongban.base.pack import Finding
from tongban.config.citypack import check

XIAOCHENG = Path(__file__).parent / "packs" / "xiaocheng"


@pytest.fixture
def pack(tmp_path):
    upper = shutil.ignore_patterns("items", "samples", "posts.yaml", "demo-accounts.yaml")
    return Path(shutil.copytree(XIAOCHENG, tmp_path / "xiaocheng", ignore=upper))


def errors(pack: Path) -> list[Finding]:
    return [finding for finding in check(pack) if finding.severity == "error"]


def replace(pack: Path, file: str, old: str, new: str) -> int:
    """Change the file and say in which line."""
    text = (pack / file).read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{old} is not in {file}"
    (pack / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_tiny_pack_is_right(pack):
    assert errors(pack) == []


def test_a_folder_that_is_not_there_is_said_in_words(tmp_path):
    (finding,) = check(tmp_path / "nowhere")
    assert "没有这个文件夹" in finding.message


def test_every_missing_required_file_is_named(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert {"city.yaml", "divisions.csv"} <= {finding.file for finding in check(empty)}


@pytest.mark.parametrize(
    ("file", "old", "new", "says", "hint"),
    [
        ("city.yaml", "hotline:", "hotlin:", "不认识“hotlin”", "是否应为 hotline"),
        ("city.yaml", 'division: "439900000000"', 'division: "439800000000"', "找不到本市的区划", ""),
        ("divisions.csv", "439902001000,河东", "43990200100,河东", "区划代码不对", ""),
        ("divisions.csv", "439902001000,河东", "4399020O1000,河东", "区划代码不对", ""),
        ("divisions.csv", "439902001001,桥头", "439903001001,桥头", "上级写成“439902001000”", "439903001000"),
        ("divisions.csv", "430000000000,湖南省,province,", "430000000000,湖南省,province,9", "上级写成“9”", ""),
        ("divisions.csv", "西山镇,town,", "西山镇,county,", "按代码是 town,这里写的是 county", ""),
        ("divisions.csv", "西山镇,town,", "西山镇,hamlet,", "不认识的级别“hamlet”", "village"),
        ("divisions.csv", "西山镇,town,", "西山镇,", "应有 4 列，实际 3 列", ""),
        ("divisions.csv", "code,name,level", "code,title,level", "表头应为", ""),
        ("division-history.yaml", "439922000000", "439902000000", "已在 divisions.csv 里", ""),
        ("division-history.yaml", "valid_to: 2015-01-01", "valid_to: 2015-13-01", "应为日期", "2027-10-01"),
        ("division-history.yaml", "internal: true", "internal: perhaps", "应为 true 或 false", ""),
        ("division-history.yaml", "on: 2015-01-01", "on: 2016-01-01", "承继日期", "应相同"),
        ("organisations.yaml", "{city}教育局", "{place}教育局", "不认识的占位符 {place}", "{city}"),
        ("organisations.yaml", "key: gaj", "key: sjj", "机构 439900:sjj 写了两次", ""),
        ("organisations.yaml", "vertical: true", "vertical: sideways", "应为 true 或 false", ""),
        ("organisations.yaml", "4399Z1:gwh", "4399Z7:gwh", "找不到区划 4399Z7000000", ""),
        ("organisation-history.yaml", 'new: "439900:scjgj"', 'new: "439900:scjgi"', "找不到机构 439900:scjgi", ""),
        ("organisation-codes.csv", "11430000006122244L", "1143000000612224", "统一社会信用代码不对", ""),
        ("organisation-codes.csv", "439900:jyj", "439900:jyx", "找不到机构 439900:jyx", ""),
        ("places.yaml", "439900:sjj", "439900:sjx", "找不到机构 439900:sjx", ""),
        ("places.yaml", "kind: hall", "kind: castle", "不在允许的值之内", "hall"),
        ("places.yaml", "lat: 27.5", "lat: north", "应为数字", "north"),
        ("calendar.yaml", "basis: 示例通告第1号, ", "", "缺少“basis”", "必填"),
        ("calendar.yaml", "439921000000", "439929000000", "找不到区划 439929000000", "是否应为"),
    ],
)
def test_an_error_is_explained_with_file_and_line(pack, file, old, new, says, hint):
    line = replace(pack, file, old, new)
    found = errors(pack)
    assert any(
        finding.file == file and finding.line == line and says in finding.message and hint in finding.hint
        for finding in found
    ), [str(finding) for finding in found]


@pytest.mark.parametrize(
    ("file", "text", "line", "says"),
    [
        ("places.yaml", "places:\n  - code: a\n   name: b\n", 3, "不是合法的 YAML"),
        ("places.yaml", "places: []\nplaces: []\n", 2, "“places”写了两次"),
        ("places.yaml", "places: &again\n  - *again\n", 1, "嵌套过深"),
        ("places.yaml", "places: !!python/name:os.system x\n", 1, "不认识的标记"),
        ("places.yaml", "", 1, "应为键值对"),
        ("county-boundaries.geojson", '{\n"features": [,]\n}', 2, "不是合法的 JSON"),
        (
            "county-boundaries.geojson",
            '{"features": [{"properties": {"code": "439902000000"}, "geometry": 7}]}',
            1,
            "缺少",
        ),
        ("divisions.csv", 'code,name,level,parent\n430000000000,"湖南"省,province,\n', 2, "不是合法的 CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_pointed_at(pack, file, text, line, says):
    (pack / file).write_text(text, encoding="utf-8")
    found = [finding for finding in errors(pack) if finding.file == file]
    assert any(finding.line == line and says in finding.message for finding in found), [str(each) for each in found]


def test_a_file_in_another_encoding_is_said_so_with_its_line(pack):
    (pack / "places.yaml").write_bytes("places:\n  # 大厅\n".encode("gbk"))
    assert any(finding.line == 2 and "UTF-8" in finding.message for finding in errors(pack))


def test_all_errors_are_found_at_once_and_in_order(pack):
    replace(pack, "places.yaml", "kind: hall", "kind: castle")
    replace(pack, "places.yaml", "phone: 0731", "phone: tel")
    replace(pack, "city.yaml", "hotline:", "hotlin:")
    found = errors(pack)
    assert [finding.file for finding in found] == ["city.yaml", "city.yaml", "places.yaml", "places.yaml"]
    assert [finding.line for finding in found if finding.file == "places.yaml"] == [4, 8]


def test_a_duplicate_division_is_found_at_its_second_line(pack):
    table = pack / "divisions.csv"
    table.write_text(
        table.read_text(encoding="utf-8") + "439921100201,上村村委会,village,439921100000\n", encoding="utf-8"
    )
    assert any("写了两次" in finding.message and finding.line == 10 for finding in errors(pack))


def test_a_circle_of_successions_is_refused(pack):
    text = (pack / "organisation-history.yaml").read_text(encoding="utf-8")
    circle = '  - {old: "439900:scjgj", new: "439900:gsj", on: 2019-01-01, basis: 反过来}\n'
    (pack / "organisation-history.yaml").write_text(text + circle, encoding="utf-8")
    assert any("循环" in finding.message and finding.line == 7 for finding in errors(pack))


def test_a_file_that_nothing_reads_is_a_warning_and_no_error(pack):
    (pack / "place.yaml").write_text("places: []\n", encoding="utf-8")
    assert any(f.file == "place.yaml" and f.severity == "warning" for f in check(pack))
    assert errors(pack) == []


def test_a_credit_code_with_a_wrong_check_is_a_warning(pack):
    replace(pack, "organisation-codes.csv", "11430000006122244L", "11430000006122244M")
    assert any("校验位" in finding.message and finding.severity == "warning" for finding in check(pack))
    assert errors(pack) == []


def test_codes_and_phones_without_quotation_marks_stay_as_written(pack):
    replace(pack, "city.yaml", '"12345"', "12345")
    replace(pack, "city.yaml", '"439900000000"', "439900000000")
    assert errors(pack) == []
