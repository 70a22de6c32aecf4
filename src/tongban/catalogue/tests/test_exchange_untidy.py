"""Files as others make them: each untidiness by itself."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from tongban.catalogue.exchange import cells, source, workbook
from tongban.catalogue.exchange.dictionaries import GBT39046
from tongban.catalogue.tests import factories
from tongban.catalogue.tests.exchanging import item, read_back, written
from tongban.files.queries import screen_workbook
from tongban.kernel.problems import Refusal

CODE = factories.TASK_CODE
HEAD = ["task_code", "task_name", "promise_day", "promise_type"]
ROW = [CODE, "示例许可", "5", "1"]


def book(*rows, title="事项", more=None):
    """A workbook with one sheet of such rows; `more` may add to sheet and book."""
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = made.add_worksheet(title)
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, date | datetime):
                sheet.write_datetime(line, place, cell, made.add_format({"num_format": "yyyy-mm-dd"}))
            else:
                sheet.write(line, place, cell)
    if more:
        more(sheet, made)
    made.close()
    return target.getvalue()


def read(data, name="items.xlsx"):
    return source.read(name, data, source.format_of(name, data), GBT39046)


def only(made):
    assert [str(one) for one in made.findings if one.severity == "error"] == []
    [record] = made.records
    return record


def test_the_head_may_stand_further_down_and_come_again():
    record = only(read(book(["株洲市事项清单"], [], ["填表日期：2024年"], HEAD, ROW, [], HEAD)))
    assert record.values["definition.name"] == "示例许可"
    assert record.place.row == 5


def test_the_head_may_be_in_the_words_of_the_standard_with_stars_and_remarks():
    record = only(read(book(["*实施编码", "事项名称（必填）", " 承诺办结时限 ", "承诺办结时限单位"], ROW)))
    assert record.values["definition.promised"] == {"amount": 5, "unit": "working_days"}


def test_a_table_may_begin_anywhere_on_its_sheet():
    record = only(read(book([], [], ["", "", *HEAD], ["", "", *ROW])))
    assert (record.place.row, record.task_code) == (4, CODE)


def test_merged_cells_say_the_same_in_each_of_their_rows():
    def merge(sheet, made):
        materials = made.add_worksheet("材料")
        for place, name in enumerate(["task_code", "material_name"]):
            materials.write(0, place, name)
        materials.merge_range(1, 0, 3, 0, CODE)
        for line, name in enumerate(["申请表", "身份证", "合同"], 1):
            materials.write(line, 1, name)

    record = only(read(book(HEAD, ROW, more=merge)))
    assert [one["name"] for one in record.lists["definition.materials"]] == ["申请表", "身份证", "合同"]


def test_full_width_figures_and_blanks_that_nobody_sees_do_not_matter():
    wide = "".join(chr(ord(one) + 0xFEE0) for one in CODE)
    record = only(read(book(HEAD, [f"\u00a0{wide}\u3000", "\ufeff示例许可 \u200b", "５", "１"])))
    assert record.task_code == CODE
    assert record.values["definition.name"] == "示例许可"
    assert record.values["definition.promised"]["amount"] == 5


def test_numbers_of_a_spreadsheet_are_whole_numbers():
    assert only(read(book(HEAD, [CODE, "示例许可", 5.0, 1]))).values["definition.promised"]["amount"] == 5


def test_a_code_that_became_a_number_is_named():
    made = read(book(HEAD, [1.1430200e30, *ROW[1:]]))
    assert "文本" in next(one.hint for one in made.findings if one.field == "实施编码")


@pytest.mark.parametrize(
    "text", ["2024-01-05", "2024.1.5", "2024/1/5", "2024年1月5日", "20240105", "２０２４．１．５", "45296", "2024-01-05 00:00:00", date(2024, 1, 5), datetime(2024, 1, 5)]
)  # fmt: skip
def test_days_are_read_in_every_form(text):
    record = only(read(book([*HEAD, "plan_effective_date"], [*ROW, text])))
    assert record.values["definition.extras"] == {"事项.plan_effective_date": "2024-01-05"}


@pytest.mark.parametrize("text", ["2024-13-01", "2024.2.30", "明年", "5"])
def test_what_is_no_day_is_named_with_its_row(text):
    made = read(book([*HEAD, "计划取消日期"], [*ROW, text]))
    [wrong] = [one for one in made.findings if one.severity == "error"]
    assert (wrong.row, wrong.field, wrong.value) == (2, "计划取消日期", text)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_in_every_encoding_and_with_every_separator(codec, separator):
    text = "\r\n".join(separator.join(row) for row in (HEAD, ROW))
    assert only(read(text.encode(codec), "事项.csv")).values["definition.name"] == "示例许可"


def test_csv_files_in_a_zip_are_sheets_even_under_names_in_gbk():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("事项.csv", ",".join(HEAD) + "\n" + ",".join(ROW))
        archive.writestr("材料.csv", f"task_code,material_name\n{CODE},申请表")
    record = only(read(target.getvalue(), "items.zip"))
    assert record.lists["definition.materials"][0]["name"] == "申请表"


def test_a_formula_counts_by_the_value_that_was_saved_with_it():
    record = only(
        read(book(HEAD, ROW, more=lambda sheet, _: sheet.write_formula(1, 1, '="示例"&"许可"', None, "示例许可")))
    )
    assert record.values["definition.name"] == "示例许可"


def test_a_formula_without_a_value_is_an_error():
    data = book(HEAD, ROW, more=lambda sheet, _: sheet.write_formula(1, 1, "=A2", None, ""))
    data = rewritten(data, "xl/worksheets/sheet1.xml", b' t="str"', b"")
    [wrong] = [one for one in read(data).findings if "公式" in one.message]
    assert (wrong.row, wrong.severity) == (2, "error")


def test_a_formula_that_failed_is_an_error():
    data = book(HEAD, ROW, more=lambda sheet, _: sheet.write_formula(1, 1, "=A2/0", None, "#DIV/0!"))
    assert any("错误值" in one.message for one in read(data).findings)


def test_a_text_is_never_written_as_a_formula():
    it = factories.definition(name="=HYPERLINK(1)", flow="+1 受理")
    data = written([item(it)], "xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    with zipfile.ZipFile(io.BytesIO(written([item(it)], "csv"))) as archive:
        assert "'=HYPERLINK(1)" in archive.read("事项.csv").decode("utf-8-sig")
    assert only(read_back([item(it)], "csv")).values["definition.name"] == "=HYPERLINK(1)"


def test_columns_that_are_not_known_are_named_and_kept():
    made = read(book([*HEAD, "transact_addr", "transact_addr", ""], [*ROW, "天元区", "荷塘区", "没有列名"]))
    told = [one.field for one in made.findings]
    assert told == ["transact_addr", "transact_addr（第6列）", "第7列"]
    assert {one.severity for one in made.findings} == {"warning"}
    assert made.records[0].values["definition.extras"] == {
        "事项.transact_addr": "天元区",
        "事项.transact_addr（第6列）": "荷塘区",
        "事项.第7列": "没有列名",
    }


def test_a_column_that_comes_twice_is_an_error():
    assert any("有两列" in one.message for one in read(book([*HEAD, "事项名称"], [*ROW, "另一个"])).findings)


def test_an_item_in_two_rows_is_an_error_that_names_both():
    [wrong] = read(book(HEAD, ROW, ROW)).findings
    assert (wrong.row, "第 2 行" in wrong.message) == (3, True)


def test_a_material_of_no_item_is_an_error():
    def other(_sheet, made):
        page = made.add_worksheet("材料")
        page.write_row(0, 0, ["task_code", "material_name"])
        page.write_row(1, 0, ["11430200YL3X50R68C3000131016999", "身份证"])

    [wrong] = read(book(HEAD, ROW, more=other)).findings
    assert (wrong.sheet, wrong.row) == ("材料", 2)


def test_hidden_sheets_and_sheets_of_notes_are_not_read():
    def notes(_sheet, made):
        made.add_worksheet("填表说明").write_row(0, 0, ["请按要求填写", "谢谢"])
        hidden = made.add_worksheet("旧")
        hidden.write_row(0, 0, HEAD)
        hidden.write_row(1, 0, ROW)
        hidden.hide()

    made = read(book(HEAD, ROW, more=notes))
    assert len(made.records) == 1
    assert [(one.sheet, one.severity) for one in made.findings] == [("填表说明", "warning")]


def rewritten(data, part, old, new):
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source_zip, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for one in source_zip.infolist():
            content = source_zip.read(one)
            made.writestr(one.filename, content.replace(old, new) if one.filename == part else content)
    return target.getvalue()


def packed(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("_", "."), content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "空"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, ".xls"),
        (b"%PDF-1.7", "PDF"),
        (packed(photo_jpg=b"x"), "压缩文件"),
        (packed(a_csv=b"x")[:30], "不完整"),
        (b"\x00\x01\x02" * 50, "编码"),
        (b'task_code,task_name\n"x', "引号"),
    ],
    ids=["empty", "old Excel", "PDF", "a renamed ZIP", "cut off", "no text", "open quotation mark"],
)
def test_another_kind_of_file_is_refused_with_what_to_do(data, sentence):
    with pytest.raises(workbook.UnreadableError, match=sentence):
        read(data, "items.xlsx" if data.startswith(b"PK") else "items.csv")


def test_more_than_50_megabytes_are_refused():
    with pytest.raises(workbook.UnreadableError, match="50 MB"):
        source.format_of("a.csv", b"a" * (source.BYTES_MAX + 1))


def test_more_rows_than_are_read_are_refused(monkeypatch):
    monkeypatch.setattr(workbook, "ROWS_MAX", 1)
    with pytest.raises(workbook.UnreadableError, match="1 行"):
        read(book(HEAD, ROW))


def test_macros_bombs_and_document_types_are_refused():
    good = book(HEAD, ROW)
    screen_workbook(good)
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}

    def made(**changed):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in {**files, **changed}.items():
                archive.writestr(name, content)
        return target.getvalue()

    sheet = "xl/worksheets/sheet1.xml"
    for data, code in (
        (made(**{"xl/vbaProject.bin": b"x"}), "file_has_macros"),
        (made(**{sheet: files[sheet] + b" " * 400_000_000}), "file_unpacks_too_large"),
        (made(**{sheet: b'<!DOCTYPE x [<!ENTITY a "b">]>' + files[sheet]}), "file_damaged"),
        (good[:-40], "file_archive_truncated"),
    ):
        with pytest.raises(Refusal) as caught:
            screen_workbook(data)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1"), (1.5, "1.5"), (True, "是"), (None, ""), (datetime(2024, 1, 5, 8, 30), "2024-01-05 08:30:00"), ("a\r\nb", "a\nb"), ("\u00a0 a\u3000", "a")],
)  # fmt: skip
def test_a_cell_is_a_text_whatever_a_spreadsheet_made_of_it(value, text):
    assert cells.text(value) == text


def test_long_texts_are_cut_in_their_column_and_whole_beside_it():
    it = factories.definition(conditions=["字" * 4000] * 10)
    record = only(read_back([item(it)], "xlsx"))
    assert tuple(record.definition({})["conditions"]) == it.conditions


def test_a_column_that_somebody_changed_counts_more_than_what_was_kept_beside_it():
    it = factories.definition(conditions=["一\n二"])
    data = written([item(it)], "csv").replace(b"", b"")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}
    files["事项.csv"] = files["事项.csv"].replace("一\n二".encode(), "三".encode())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    assert only(read(target.getvalue(), "a.zip")).definition({})["conditions"] == ["三"]
