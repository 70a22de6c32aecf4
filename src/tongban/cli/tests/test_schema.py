"""The stamp of the tables: a second start is quick, an old state is told in a sentence."""

import pytest
from django.db import ProgrammingError, connection

from tongban.cli import schema
from tongban.cli.trouble import Trouble


def test_the_program_reads_the_stamp_that_the_owner_wrote_and_cannot_change_it(live_database):
    assert schema.stamp("schema") is None
    schema.put_stamp("schema", "one")
    schema.put_stamp("schema", "two")
    assert schema.stamp("schema") == "two"
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("UPDATE setup_stamp SET value = 'three'")


def test_nothing_is_done_twice(live_database, monkeypatch):
    schema.put_stamp("schema", schema.schema_digest())
    monkeypatch.setattr(schema, "migrate", lambda: pytest.fail("migrated again"))
    assert not schema.migrate_if_needed()
    schema.require_current()


def test_a_change_of_the_migrations_is_noticed(live_database, monkeypatch):
    done = []
    schema.put_stamp("schema", "another state")
    monkeypatch.setattr(schema, "migrate", lambda: done.append("migrated"))
    with pytest.raises(Trouble, match=r"请先运行 ./tongban migrate"):
        schema.require_current()
    assert schema.migrate_if_needed()
    assert done == ["migrated"]


def test_the_digest_sees_names_contents_and_order_apart(tmp_path):
    (tmp_path / "a").write_text("1", encoding="ascii")
    (tmp_path / "b").write_text("2", encoding="ascii")
    first = schema.digest([tmp_path / "a", tmp_path / "b"])
    assert schema.digest([tmp_path / "b", tmp_path / "a"]) == first
    (tmp_path / "b").write_text("3", encoding="ascii")
    assert schema.digest([tmp_path / "a", tmp_path / "b"]) != first
