"""Items in files: nothing is lost on the way there and back, whatever stands in them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tongban.catalogue.definition import Definition
from tongban.catalogue.exchange import source
from tongban.catalogue.exchange.dictionaries import DICTIONARIES
from tongban.catalogue.tests import factories
from tongban.catalogue.tests.exchanging import definitions, item, read_back

ROUND = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assert_same(it: Definition, form: source.Format, dictionary: str = "gbt39046") -> None:
    made = read_back([item(it)], form, DICTIONARIES[dictionary])
    assert [one for one in made.findings if one.severity == "error"] == []
    [record] = made.records
    assert Definition.model_validate(record.definition({})) == it
    assert (record.task_code, record.organisation, record.level, record.state) == (
        it.task_code, it.task_code[:18], it.task_code[18], "active",
    )  # fmt: skip
    assert record.base == {
        "slug": "sample-permit",
        "official_code": False,
        "rank": 1,
        "sample_fields": ["catalog_code"],
    }


@ROUND
@given(definitions)
def test_a_workbook_gives_back_every_definition(it):
    assert_same(it, "xlsx")


@ROUND
@given(definitions)
def test_csv_files_give_back_every_definition(it):
    assert_same(it, "csv")


@ROUND
@given(definitions)
def test_yaml_gives_back_every_definition(it):
    assert_same(it, "yaml")


@pytest.mark.parametrize("dictionary", DICTIONARIES)
def test_every_item_of_the_pack_comes_back_by_every_dictionary(dictionary):
    bodies = [one for planned in factories.planned().values() for one in planned.bodies[:1]]
    wanted = [definition for _, definition in bodies]
    made = read_back([item(one) for one in wanted], "xlsx", DICTIONARIES[dictionary])
    assert [one for one in made.findings if one.severity == "error"] == []
    assert [Definition.model_validate(record.definition({})) for record in made.records] == wanted
