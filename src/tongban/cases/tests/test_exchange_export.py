"""Batches as files: what goes in comes out, the same bytes each time; columns hold what they promise."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.base.models import Event
from tongban.cases import commands, queries
from tongban.cases.ends import ENDS
from tongban.cases.exchange import dictionaries, values
from tongban.cases.exchange.columns import Column, Table, fitting
from tongban.cases.exchange.envelope import enveloped, header
from tongban.cases.exchange.export import FORMS
from tongban.cases.exchange.tables import ENVELOPE, TABLES
from tongban.cases.models import ExchangeBatch, ExchangeRow
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import story
from tongban.cases.tests.test_exchange import CITY, report
from tongban.kernel.actor import SYSTEM
from tongban.kernel.codes import code_lists
from tongban.kernel.problems import Invalid

COLUMNS = [(table, column) for table in TABLES.values() for column in table.columns]
NAMES = [f"{table.name}.{column.name}" for table, column in COLUMNS]
FITTING: dict[str, Any] = {
    "text": lambda column: "甲" * column.length,
    "number": lambda column: 10**column.length - 1,
    "code": lambda column: next(iter(column.codes)),
    "moment": lambda _: "20261124235959",
    "day": lambda _: "20261231",
    "amount": lambda _: "0.05",
}
ODD = ["", "a,b", '他说"好"', "第一行\r\n第二行", "第一行\r第二行", "=1+1", "<&>]]>", "〓𠮷", " 前后空格 "]


@pytest.fixture
def batch(city: Any) -> ExchangeBatch:
    story.walk().receive().accept()
    return report()


def packed(batch: ExchangeBatch, form: str) -> zipfile.ZipFile:
    target = io.BytesIO()
    queries.write_batch(batch, form, target)
    return zipfile.ZipFile(target)


def lines(content: bytes, form: str) -> list[dict[str, str]]:
    """The rows of a file as a receiver reads them."""
    if form == "json":
        found = [json.loads(line) for line in content.decode().splitlines()]
        return [{name: "" if value is None else str(value) for name, value in one.items()} for one in found]
    if form == "csv":
        return list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    rows = ET.fromstring(content).findall("row")
    return [{cell.tag: cell.text or "" for cell in row} for row in rows]


@pytest.mark.parametrize("form", FORMS)
def test_what_was_collected_is_what_a_receiver_reads(batch, form):
    files = packed(batch, form)
    manifest = json.loads(files.read("manifest.json"))
    assert (manifest["batch"], manifest["cases"], manifest["held"]) == (batch.number, 1, 0)
    assert [one["table"] for one in manifest["tables"]] == list(TABLES)
    for one in manifest["tables"]:
        content = files.read(one["file"])
        assert hashlib.sha256(content).hexdigest() == one["sha256"]
        kept = ExchangeRow.objects.filter(batch=batch, table=one["table"]).order_by("pk")
        read = lines(content, form)
        assert len(read) == one["rows"] == len(kept)
        for row, got in zip(kept, read, strict=True):
            wanted = {name: "" if value is None else str(value) for name, value in enveloped(row, batch).items()}
            assert tuple(wanted) == header(one["table"])
            assert wanted == {name: got.get(name, "") for name in wanted}
    assert sum(one["rows"] for one in manifest["tables"]) == batch.rows > 0


@pytest.mark.parametrize("form", FORMS)
def test_text_of_every_kind_survives(form):
    table = "up_pro_process"
    made = [dict.fromkeys(header(table)) | {"handle_explain": text} for text in ODD]
    content = b"".join(FORMS[form](table, made))
    assert [one.get("handle_explain", "") for one in lines(content, form)] == ODD


def test_the_same_batch_gives_the_same_bytes(batch):
    first, second = io.BytesIO(), io.BytesIO()
    queries.write_batch(batch, "csv", first)
    queries.write_batch(batch, "csv", second)
    assert first.getvalue() == second.getvalue()


def test_a_zip_is_sent_as_it_grows_and_the_same_as_the_file(batch, monkeypatch):
    whole = io.BytesIO()
    queries.write_batch(batch, "xml", whole)
    monkeypatch.setattr("tongban.cases.exchange.export._PIECE_BYTES", 100)
    sent = list(queries.batch_pieces(batch, "xml"))
    assert len(sent) > 5
    assert b"".join(sent) == whole.getvalue()
    broken_off = io.BytesIO(b"".join(sent[:-1]))
    assert not zipfile.is_zipfile(broken_off)


def test_the_envelope_fits_its_own_description(batch):
    described = Table(name="envelope", title="", standard="", columns=ENVELOPE)
    for row in ExchangeRow.objects.filter(batch=batch):
        outside = {one.name: enveloped(row, batch)[one.name] for one in ENVELOPE}
        assert described.faults(outside) == ()


def test_an_unknown_form_and_an_unfinished_batch_are_refused(batch):
    with pytest.raises(Invalid) as refused:
        commands.give_out(actor=SYSTEM, number=batch.number, form="exe")
    assert refused.value.code == "form_unknown"
    assert not Event.objects.filter(kind="ExchangeBatchExported").exists()
    unfinished = commands.order_batch(actor=SYSTEM, reach=CITY, now=True)
    with pytest.raises(CaseRefusal) as caught:
        commands.give_out(actor=SYSTEM, number=unfinished.number, form="csv")
    assert caught.value.code == "batch_at_work"


def test_giving_out_leaves_a_trace_without_personal_data(batch, cast):
    commands.give_out(actor=cast.supervisor, number=batch.number, form="csv")
    events = list(Event.objects.filter(subject=batch.subject).order_by("seq"))
    assert [one.kind for one in events] == ["ExchangeBatchOrdered", "ExchangeBatchMade", "ExchangeBatchExported"]
    assert events[-1].actor_ref == cast.supervisor.ref
    assert events[-1].payload == {"form": "csv", "rows": batch.rows}


def test_pages_of_rows_skip_nothing_and_repeat_nothing(batch, cast):
    story.walk()
    report()
    cursor, read, more = None, [], True
    while more:
        page = commands.read_rows(actor=cast.supervisor, after=cursor, size=7)
        read += [one.pk for one in page.rows]
        cursor, more = page.next, page.more
    assert read == list(ExchangeRow.objects.order_by("batch_id", "pk").values_list("pk", flat=True))
    assert commands.read_rows(actor=cast.supervisor, after=cursor).rows == []
    commands.order_batch(actor=SYSTEM, reach=CITY, now=True)
    assert commands.read_rows(actor=cast.supervisor, after=cursor).next == cursor
    logged = Event.objects.filter(kind="ExchangeBatchExported")
    assert sum(one.payload["rows"] for one in logged) == len(read)


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=NAMES)
def test_a_column_takes_what_fits_and_nothing_else(table: Table, column: Column):
    fits = FITTING[column.kind](column)
    assert column.fault(fits) is None
    for empty in (None, ""):
        assert column.fault(empty) == ("missing" if column.required else None)
    long = 10**column.length if column.kind == "number" else "9" * (column.length + 1)
    assert column.fault(long) == "too_long"
    if column.kind == "code":
        assert column.fault("?") == "not_in_dictionary"
        assert all(len(code) <= column.length for code in column.codes or ())
    if column.kind in {"moment", "day", "amount"}:
        assert column.fault("2026-1") == "wrong_shape"
    if column.kind == "text" and column.length > 1:
        assert column.fault("a\x00"[: column.length]) == "control_character"
    assert [one.column for one in table.faults({column.name: fits, "unheard_of": 1})].count("unheard_of") == 1


def test_a_name_stands_once_in_a_table_and_none_is_the_envelopes():
    for table in TABLES.values():
        assert len(set(header(table.name))) == len(header(table.name))


def test_completion_needs_what_its_code_asks_for():
    done = TABLES["ea_jc_step_done"]
    base = {"projid": "1", "done_time": "20261124120000", "result_type": "99", "is_fee": "0", "is_courier": "0"}
    certificate = ["cert_no", "cert_valid_from", "cert_valid_to"]
    assert set(dictionaries.DONE_RESULTS) == {str(code) for code in ENDS}
    for code, end in ENDS.items():
        wanted = certificate if end.needs == "certificate" else ["reason"]
        assert [one.column for one in done.faults(base | {"doneresult": str(code)})] == wanted


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=40), st.integers(min_value=20, max_value=200))
def test_a_list_never_grows_over_its_column(parts, length):
    text = fitting(parts, length)
    assert 0 < len(text) <= length
    whole = "；".join(parts)
    assert text == whole or text.endswith(f"等{len(parts)}项")


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2099, 12, 30), timezones=st.just(UTC)))
def test_moments_and_days_keep_the_shape_of_their_columns(at):
    moment = next(one for _, one in COLUMNS if one.kind == "moment")
    day = next(one for _, one in COLUMNS if one.kind == "day")
    assert moment.fault(values.moment(at)) is None
    assert day.fault(values.day(at.date())) is None
    assert day.fault(values.ENDLESS) is None


@given(st.integers(min_value=0, max_value=10**17 - 1))
def test_amounts_keep_every_fen(fen):
    text = values.yuan(fen)
    assert next(one for _, one in COLUMNS if one.kind == "amount").fault(text) is None
    assert int(text.replace(".", "")) == fen


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("430212000000", "430212"),
        ("430212101000", "430212101"),
        ("430212101203", "430212101"),
        ("430200000000", "430200"),
    ],
)
def test_a_division_is_written_in_six_or_nine_figures(code, written):
    assert values.division(code) == written


@pytest.mark.parametrize(
    ("kind", "code", "written"),
    [("person", "", "1"), ("company", "91430200MA4L000000", "2"), ("company", "92430212YL00090174", "6"),
     ("company", "12430200000000000X", "3"), ("company", "52430200000000000X", "4"), ("company", "11430200006282000X", "5")],
)  # fmt: skip
def test_the_kind_of_an_applicant_follows_from_the_credit_code(kind, code, written):
    assert dictionaries.applyer_type(kind, code) == written


@pytest.mark.parametrize(
    ("amount", "unit", "written"),
    [(20, "working_days", (20, "G")), (0, "at_once", (0, "G")), (3, "months", (90, "Z")), (25, "hours", (2, "Z")),
     (45, "calendar_days", (45, "Z"))],
)  # fmt: skip
def test_a_statutory_limit_is_written_in_days(amount, unit, written):
    assert code_lists.statutory_days(amount, unit) == written
