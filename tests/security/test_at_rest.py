"""What lies in the database, in logs, jobs and events after whole cases: no personal data in clear."""

import json
import logging
from typing import Any

import pytest
from django.db import connection, transaction

from tongban.base import append_only, grants
from tongban.cases import commands as cases
from tongban.cases.models import Case
from tongban.cases.tests import story

pytestmark = pytest.mark.usefixtures("city")

#: Columns in which a person's data may stand in clear, and why.
MAY_BE_CLEAR = {
    # The name on a trade sign and a shop's address stand in the public register of enterprises.
    "identity_company": {"name", "address"},
    # Which official did a step stands on the papers of the case: an official's name, in office.
    "cases_casestep": {"done_by_title"},
}
STRANGER = cases.Applicant(
    kind="person", name="欧阳示范", document_kind="414", document_number="E98765432", phone="19912345678",
    address="醴陵市示例路七号",
)  # fmt: skip
AGENT = cases.Agent(
    name="司徒样本", document_kind="111", document_number="430212197803120021", phone="19912345679",
    authority="2026年11月20日委托办理申请、领取证照",
)  # fmt: skip


def people(cast: Any) -> set[str]:
    """Names, numbers, phones and addresses that occur in the cases below."""
    found = {STRANGER.name, STRANGER.document_number, STRANGER.phone, STRANGER.address}
    found |= {AGENT.name, AGENT.document_number, AGENT.phone, "渌口区津口路128号"}
    for who in ("citizen", "other_citizen", "operator"):
        account = cast.account(who)
        found |= {account.name, account.phone, account.person.document_number}
    found |= {cast.account(who).name for who in ("clerk", "officer", "head", "leader")}
    return {one for one in found if one}


def columns() -> dict[str, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2"
        )
        found: dict[str, list[str]] = {}
        for table, column in cursor.fetchall():
            found.setdefault(table, []).append(column)
    return found


def clear(needles: set[str]) -> list[str]:
    """Where in the whole database one of the needles stands in clear: text, JSON with escapes, or bytes."""
    forms = {one for word in needles for one in (word, word.encode("unicode_escape").decode().lower())}
    forms = {one.replace("\\", "\\\\") for one in forms}
    patterns = [f"%{one}%" for one in forms] + [f"%{word.encode().hex()}%" for word in needles]
    places = []
    with connection.cursor() as cursor:
        for table, names in columns().items():
            kept = [name for name in names if name not in MAY_BE_CLEAR.get(table, set())]
            row = "concat_ws('|', " + ", ".join(f'"{name}"::text' for name in kept) + ")"
            cursor.execute(f'SELECT {row} FROM "{table}" WHERE {row} LIKE ANY(%s) LIMIT 1', [patterns])
            hit = cursor.fetchone()
            if hit:
                which = [word for word in needles if word in hit[0] or word.encode().hex() in hit[0]]
                places.append(f"{table}: {which or 'escaped'} in {hit[0][:300]}")
    return places


@pytest.fixture
def lived(cast: Any, caplog: Any) -> Case:
    """A citizen's case to its end, one of a company with a bill, one of a stranger with an agent at the window."""
    caplog.set_level(logging.DEBUG)
    done = story.walk().to_the_end(cast.citizen)
    road = story.walk("road-excavation").receive().accept().to_decision().pay().decide().issue().pay()
    ready = story.window_draft(cast.clerk, "resident-pension-enrolment", STRANGER, AGENT)
    proof = cases.SignatureProof(method="handwritten", sha256=cases.look_over(ready).sha256)
    filed = cases.submit(actor=cast.clerk, draft_id=ready.public_id, proof=proof).case
    story.Walk(filed).receive().accept()
    road.case.refresh_from_db()
    return done.case


def test_no_personal_data_stands_in_clear_anywhere_in_the_database(cast, lived, caplog):
    assert not clear(people(cast) | {lived.query_password})
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert not [word for word in people(cast) | {lived.query_password} if word in said]


def test_an_encrypted_value_moved_to_another_row_or_column_is_not_read(cast, lived):
    from tongban.kernel.crypto import CryptoError

    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET form = applicant WHERE id = %s", [lived.pk])
    with pytest.raises(CryptoError):
        Case.objects.get(pk=lived.pk)


def test_the_programs_role_owns_nothing_and_only_adds_to_what_is_append_only(city):
    assert grants.problems() == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r','p','S','v')"
            " AND pg_get_userbyid(relowner) = current_user"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r','p')"
            " AND has_table_privilege(oid, 'TRUNCATE, REFERENCES, TRIGGER')"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute(
            "SELECT has_schema_privilege('public', 'CREATE'), has_database_privilege(current_database(), 'CREATE')"
        )
        assert cursor.fetchone() == (False, False)
    tables = grants.append_only_tables()
    assert {"base_event", "base_dailyseal", "identity_unmasklog"} <= set(tables)
    assert append_only.forbid("base_event").table == "base_event"


def test_the_look_for_clear_text_sees_what_is_there(city):
    """The test above proves something: a name put into a log table is found as text, as JSON and as bytes."""
    name = STRANGER.name
    insert = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, now())"
    for written in (f"x{name}x", json.dumps({"a": name}), name.encode().hex()):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(insert, ["k", written])
            assert [place for place in clear({name}) if place.startswith("django_session")]
            transaction.set_rollback(True)
