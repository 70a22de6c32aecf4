"""Issuing once, identifiers, versions, one live licence per holder, status, verification, what is already held."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.urls import reverse

from tongban.base import chain
from tongban.documents.models import Document
from tongban.documents.queries import by_verify_code, pdf
from tongban.documents.tests.conftest import make_body
from tongban.kernel.actor import SYSTEM, Actor, AppointmentRef, Role
from tongban.kernel.codes import licence_id
from tongban.kernel.problems import NotFound
from tongban.licences import commands, queries
from tongban.licences.models import Licence
from tongban.licences.refusals import LicenceRefusal
from tongban.licences.status import NEXT, may_follow
from tongban.licences.tests.conftest import (
    AT,
    BIRTH,
    BUSINESS,
    CASE_NO,
    COMPANY,
    FOOD,
    FORM,
    HR,
    IDENTITY,
    PERSON,
    issue_licence,
    make_types,
)

CLERK = Actor(kind="staff", account_id=7)


def leader(organisation):
    post = AppointmentRef(1, Role.LEADER, "局长", organisation.pk, organisation.name, organisation.division_id)
    return Actor(kind="staff", account_id=9, appointments=(post,))


def imported(**changes):
    order: dict[str, Any] = {
        "actor": SYSTEM,
        "type_code": BUSINESS,
        "holder_name": "渌口区陈䶮面馆",
        "holder_code": COMPANY,
        "holder_code_type": "001",
        "number": COMPANY,
        "issuer_name": "渌口区市场监督管理局",
        "issuer_code": "11430212MB1F07267M",
        "division_code": "430212000000",
        "issued_on": dt.date(2024, 1, 1),
        "valid_from": dt.date(2024, 1, 1),
        "valid_to": None,
        "fields": {},
        "sample": True,
    }
    return commands.import_existing(**(order | changes))


def test_a_case_ends_in_exactly_one_licence(body):
    first = issue_licence(body, CLERK)
    again = issue_licence(body, CLERK, number="JY24302120000018")
    assert again.pk == first.pk
    assert queries.of_case(CASE_NO) == [first]
    assert Document.objects.filter(kind="licence").count() == 1
    assert [one.kind for one in chain.events(f"licence:{first.licence_id}")] == ["LicenceIssued"]


def test_many_at_once_issue_one(live_database):
    make_types()
    body = make_body()
    barrier, found = threading.Barrier(4), []

    def make():
        barrier.wait()
        found.append(issue_licence(body, CLERK).pk)
        connections.close_all()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert Document.objects.count() == 1


def test_the_identifier_is_right_and_names_type_body_and_number(body):
    licence = issue_licence(body, CLERK)
    parts = licence_id.parse(licence.licence_id)
    assert (parts.type_code, parts.issuer, parts.serial, parts.version) == (FOOD, body.code, "JY24302120000017", "001")


def test_numbers_with_chinese_words_make_unique_identifiers(body):
    numbers = ("（湘）人服证字〔2026〕第0001号", "（赣）人服证字〔2026〕第0001号", "临时")
    found = [
        issue_licence(body, CLERK, number=number, case_no=f"{CASE_NO[:-1]}{index}")
        for index, number in enumerate(numbers)
    ]
    assert len({one.licence_id for one in found}) == 3
    assert all(licence_id.parse(one.licence_id) for one in found)
    assert [one.number for one in found] == list(numbers)


def test_the_face_shows_what_the_type_names_and_nothing_else(body, text_of, pdfsig):
    licence = issue_licence(body, CLERK)
    assert licence.document is not None
    file = pdf(licence.document)
    text = text_of(file)
    for shown in (
        "食品经营许可证",
        "JY24302120000017",
        "渌口区陈䶮面馆",
        COMPANY,
        "陈桂兰",
        "津口路128号",
        "2031年11月22日",
        licence.licence_id,
    ):
        assert shown in text
    assert FORM["法定代表人（负责人、经营者）公民身份号码"] not in text
    assert "外设仓库" not in text
    assert "Signature is Valid" in pdfsig(file)


def test_types_say_who_may_hold_and_what_is_issued_here(body):
    for changes, code in (
        ({"type_code": BIRTH}, "holder_not_allowed"),
        ({"type_code": BUSINESS}, "not_issued_here"),
    ):
        with pytest.raises(LicenceRefusal, match=code):
            issue_licence(body, CLERK, **changes)
    with pytest.raises(NotFound):
        issue_licence(body, CLERK, type_code="11430200YL3X50R68C999")
    assert not Licence.objects.exists()
    assert not Document.objects.exists()


def test_one_live_licence_per_type_and_holder(body):
    issue_licence(body, CLERK, type_code=HR)
    with pytest.raises(LicenceRefusal, match="licence_exists"):
        issue_licence(body, CLERK, type_code=HR, case_no=f"{CASE_NO[:-1]}9", number="2")
    assert Licence.objects.count() == 1
    # 食品经营许可 is held per place of business: several are lawful.
    issue_licence(body, CLERK)
    issue_licence(body, CLERK, case_no=f"{CASE_NO[:-1]}9", number="JY24302120000025")
    assert len(queries.held_by(COMPANY, type_code=FOOD)) == 2


def test_the_database_itself_holds_one_live_licence(body):
    one = issue_licence(body, CLERK, type_code=HR)
    one.pk, one.licence_id, one.case_no, one.document, one.source = None, "x", "y", None, "imported"
    with pytest.raises(IntegrityError, match="one_live"), transaction.atomic():
        one.save(force_insert=True)


def test_a_licence_that_ran_out_makes_room(body):
    old = issue_licence(body, CLERK, type_code=HR, valid_from=dt.date(2020, 1, 1), valid_to=dt.date(2026, 11, 22))
    new = issue_licence(body, CLERK, type_code=HR, case_no=f"{CASE_NO[:-1]}9", number="2")
    old.refresh_from_db()
    assert (old.status, new.status) == ("05", "01")


def test_reissue_raises_the_version_and_lets_the_old_one_lapse(body):
    old = issue_licence(body, CLERK, type_code=HR)
    new_case = f"{CASE_NO[:-1]}9"
    new = commands.reissue(
        actor=CLERK, licence=old, case_no=new_case, item_code=CASE_NO[:31], holder_name="渌口区新名面馆", at=AT
    )
    again = commands.reissue(actor=CLERK, licence=old, case_no=new_case, item_code=CASE_NO[:31], at=AT)
    assert again.pk == new.pk
    assert licence_id.parse(new.licence_id).version == "002"
    assert (new.number, new.serial, new.holder_name) == (old.number, old.serial, "渌口区新名面馆")
    assert [one.status for one in queries.versions(new)] == ["05", "01"]
    old.refresh_from_db()
    with pytest.raises(LicenceRefusal, match="not_reissuable"):
        commands.reissue(actor=CLERK, licence=old, case_no="z", item_code="", at=AT)


def test_status_follows_the_standard_and_only_the_body_changes_it(body):
    licence = issue_licence(body, CLERK)
    for actor in (
        CLERK,
        Actor(kind="citizen", account_id=1),
        leader(make_body("11430202MB1A00000A", "x:y", "他局", "他")),
    ):
        with pytest.raises(NotFound):
            commands.change_status(actor=actor, licence=licence, status="07", reason="x")
    with pytest.raises(LicenceRefusal, match="reason_missing"):
        commands.change_status(actor=leader(body), licence=licence, status="07", reason=" ")
    assert commands.change_status(actor=leader(body), licence=licence, status="02", reason="调查期间").status == "02"
    assert commands.change_status(actor=leader(body), licence=licence, status="01", reason="解除").status == "01"
    assert commands.change_status(actor=leader(body), licence=licence, status="07", reason="违法经营").status == "07"
    with pytest.raises(LicenceRefusal, match="status_not_allowed"):
        commands.change_status(actor=SYSTEM, licence=licence, status="01", reason="x")
    kinds = [one.kind for one in chain.events(f"licence:{licence.licence_id}")]
    assert kinds == ["LicenceIssued", *["LicenceStatusChanged"] * 3]


def test_what_has_ended_never_comes_back():
    assert {"03", "04", "05", "06", "07"}.isdisjoint(NEXT)
    assert not any(may_follow(old, "01") for old in ("03", "04", "05", "06", "07"))


def test_the_verify_page_follows_the_status(client, body, freeze):
    licence = issue_licence(body, CLERK)
    assert licence.document is not None
    code = licence.document.verify_code
    for day, expected in ((dt.date(2026, 12, 1), "核验结果：有效"), (dt.date(2031, 11, 23), "核验结果：已过有效期")):
        with freeze(dt.datetime(day.year, day.month, day.day, 4, tzinfo=dt.UTC)):
            assert expected in client.get(reverse("documents:verify", args=[code])).content.decode()
    commands.change_status(actor=SYSTEM, licence=licence, status="07", reason="违法经营")
    thing = by_verify_code(code)
    assert thing is not None
    assert (thing.standing.code, thing.standing.words, thing.standing.valid) == ("ended", "已吊销", False)
    page = client.get(reverse("documents:verify", args=[code])).content.decode()
    assert "核验结果：已吊销" in page
    assert licence.licence_id in page


def test_nobody_is_asked_for_what_the_library_holds(body):
    licence = imported()
    assert imported().pk == licence.pk
    held = queries.held_by(queries.holder_code_of("001", f" {COMPANY.lower()} "))
    assert held == [licence]
    assert held[0].is_live
    assert held[0].type.code == BUSINESS
    assert queries.held_by("") == []
    assert queries.held_by(PERSON) == []
    with pytest.raises(LicenceRefusal, match="licence_exists"):
        imported(number="OTHER")
    with pytest.raises(NotFound):
        imported(actor=CLERK)


def test_numbers_of_persons_are_neither_in_identifiers_nor_in_clear(body):
    licence = imported(
        type_code=IDENTITY, holder_name="王小䶮", holder_code=PERSON, holder_code_type="111", number="身份证"
    )
    assert PERSON not in licence.licence_id
    assert licence_id.parse(licence.licence_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(l)::text FROM licences_licence l")
        (row,) = cursor.fetchone()
    assert PERSON not in row
    assert "王小" not in row


def test_equal_numbers_of_different_documents_are_different_holders():
    assert queries.holder_code_of("414", "e12345678") == "414:E12345678"
    assert queries.holder_code_of("111", "43021119920825001x") == "43021119920825001X"


def test_metadata_bear_the_names_of_the_standard(body):
    found = queries.metadata(issue_licence(body, CLERK))
    assert found["ZZLXDM"] == FOOD
    assert found["ZZBFRQ"] == "20261123"
    assert found["ZZYXQJZRQ"] == "20311122"
    assert found["CZZTDMLX"] == "统一社会信用代码"
    assert found["GXSDBM"] == "430212"
    assert found["KZ_经营场所"] == FORM["经营场所"]
