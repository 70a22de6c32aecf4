"""The tables at the desk read a page, not the catalogue: 20,000 implementations, planned as PostgreSQL plans them."""

import json
from typing import Any

import pytest
from django.db import connection, connections

from tongban.catalogue import queries
from tongban.catalogue.models import BaseItem, Implementation
from tongban.catalogue.queries.deviations import _compared, _kinds
from tongban.catalogue.queries.table import TableFilters, _rows
from tongban.catalogue.tests.factories import base_item, body, definition
from tongban.catalogue.tests.test_desk import EDITOR
from tongban.directory.models import Organisation

BASES, BODIES = 40, 500
_ITEMS = """
INSERT INTO catalogue_implementation
    (base_id, organisation_id, division_id, level, task_code, state, state_reason, summary, windows, pack_digest)
SELECT base.id, body.id, body.division_id, '3', 'T' || lpad(body.id::text, 8, '0') || base.catalog_code, 'suspended', 'x',
    jsonb_build_object(
        'promised', jsonb_build_object('amount', 5 + (body.id %% 50 = 0)::int, 'unit', 'working_days'),
        'promised_days', 7, 'statutory', jsonb_build_object('amount', 20, 'unit', 'working_days'), 'statutory_days', 28,
        'visits', (body.id %% 100 = 0)::int, 'materials', jsonb_build_array('申请书', '身份证明'), 'fees', '[]'::jsonb,
        'steps', jsonb_build_array('审查', '决定'), 'handle_forms', jsonb_build_array('web'), 'online', true,
        'result', '示例证', 'handling_items', '[]'::jsonb, 'runs_in', ''),
    '{}', ''
FROM catalogue_baseitem AS base CROSS JOIN directory_organisation AS body
"""
_VERSIONS = """
INSERT INTO catalogue_itemversion (implementation_id, number, definition, digest, published_at, published_by)
SELECT item.id, 1, base.elements, md5(item.id::text), now(), 'system:test'
FROM catalogue_implementation AS item JOIN catalogue_baseitem AS base ON base.id = item.base_id
"""
_CURRENT = """
UPDATE catalogue_implementation AS item SET current_id = version.id, state = 'active', state_reason = ''
FROM catalogue_itemversion AS version WHERE version.implementation_id = item.id
"""


@pytest.fixture
def many(live_database):
    """So many implementations, with the figures that the planner goes by."""
    first = body()
    Organisation.objects.bulk_create(
        Organisation(
            code=f"{number:018d}", ref=f"430200:{number}", name=f"示例局{number}", short_name=f"局{number}",
            kind="department", division_id=first.division_id, search_text="", sort_key=str(number),
        )
        for number in range(BODIES - 1)
    )  # fmt: skip
    for number in range(BASES):
        base_item(definition(name=f"示例许可{number}", catalog_code=f"000131016{number:03d}"), slug=f"item-{number}")
    with connection.cursor() as cursor:
        for statement in (_ITEMS, _VERSIONS, _CURRENT):
            cursor.execute(statement, [])
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "ANALYZE catalogue_implementation, catalogue_baseitem, catalogue_itemversion, directory_organisation"
        )
    assert Implementation.objects.count() == BASES * BODIES
    return first


def rows_read(rows: Any) -> int:
    """How many implementations a statement touches when it is carried out."""
    plan = json.loads(rows.explain(format="json", analyze=True))[0]["Plan"]
    return sum(
        one["Actual Rows"] * one["Actual Loops"] + one.get("Rows Removed by Filter", 0) * one["Actual Loops"]
        for one in nodes(plan)
        if one.get("Relation Name") == "catalogue_implementation"
    )


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(one for below in plan.get("Plans", []) for one in nodes(below))]


@pytest.mark.parametrize("filters", [{}, {"level": "3"}, {"promised": "week"}, {"state": "active"}, {"sort": "recent"}])
def test_a_page_of_the_table_reads_a_page(many, filters):
    asked = TableFilters(**filters)
    order = "-current_id" if filters.get("sort") else "task_code"
    page = _rows(EDITOR, asked).select_related("organisation", "base").order_by(order)[:51]
    assert rows_read(page) <= 200
    assert len(queries.implementation_table(EDITOR, asked, size=50).items) == 50
    assert 10_000 <= queries.table_estimate(EDITOR, TableFilters()) <= 40_000


def test_a_page_of_deviations_reads_the_bodies_of_its_entries(many):
    rows = _compared(queries.within_reach(EDITOR))
    page = BaseItem.objects.filter(_kinds(rows, ("promised",))).order_by("catalog_code")[:6]
    assert rows_read(page) <= 7 * BODIES
    found = queries.deviating(EDITOR, field="promised", size=5)
    assert [one.deviations[0].usual_count for one in found.items] == [BODIES - BODIES // 50] * 5
