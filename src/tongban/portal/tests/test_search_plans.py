"""What is asked while somebody searches is found by an index, however many items there are."""

import pytest
from django.db import connection
from django.test import Client

from tongban.cases.tests.test_plans import heard, nodes, read_through

pytestmark = pytest.mark.usefixtures("city")

ASKED = (
    "/search/?q=许可", "/search/?q=我想开饭店怎么办理", "/search/?q=sfz&target=person", "/search/?q=身份正",
    "/search/?q=生育&division=430212100000", "/search/?q=许可&department=scjgj&level=4",
    "/search/suggest/?q=开", "/search/suggest/?q=kf",
)  # fmt: skip


@pytest.mark.parametrize("path", ASKED)
def test_every_statement_of_a_search_has_its_index(path):
    visitor = Client()
    assert visitor.get(path).status_code == 200, "what is kept in memory is there from now on"
    with heard() as statements:
        assert visitor.get(path).status_code == 200
    assert statements
    assert not read_through(statements)


@pytest.mark.parametrize("condition", [
    "e.search @@ '''n许可'':*'::tsquery", "e.facets @> '{l:4}'::varchar[]", "e.places && '{in:430212000000}'::varchar[]",
])  # fmt: skip
def test_what_the_database_s_function_gathers_has_its_index_too(condition):
    with connection.cursor() as cursor:
        cursor.execute("SELECT proconfig::text FROM pg_proc WHERE proname = 'tongban_search_hits'")
        assert "enable_seqscan=off" in cursor.fetchone()[0]
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM catalogue_searchentry e WHERE {condition} LIMIT 1001")
        plan = cursor.fetchone()[0]
    names = {node.get("Index Name") for node in nodes(plan[0]["Plan"])}
    assert names & {"search_entry_words"}
