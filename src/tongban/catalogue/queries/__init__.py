"""Reads of the catalogue, for every room above."""

from __future__ import annotations

from tongban.catalogue.forms.blanks import paper
from tongban.catalogue.numbers import result_number
from tongban.catalogue.queries.bases import base_item, base_versions, bodies_of, list_bases, numbers_of_bodies
from tongban.catalogue.queries.changes import changes
from tongban.catalogue.queries.definitions import definition_of
from tongban.catalogue.queries.deviations import Deviating, Deviation, OddBody, OddGroup, deviating, questions_in_reach
from tongban.catalogue.queries.divisions import address_choices, county_choices, division_name, division_stated
from tongban.catalogue.queries.guide import Fact, FlowStage, FlowStep, Guide, MaterialRow, guide
from tongban.catalogue.queries.history import Moment, changed_by, history
from tongban.catalogue.queries.items import (
    current_version,
    implementation,
    implementations_of,
    lent_to,
    list_implementations,
    popular,
    search_items,
    version,
)
from tongban.catalogue.queries.listing import KINDS_OF_LIST, list_context
from tongban.catalogue.queries.lists import (
    DutyRow,
    Forbidden,
    Industry,
    Responsible,
    listed_bodies,
    listed_body,
    negative_list,
    power_list,
    responsibility_list,
)
from tongban.catalogue.queries.reach import reads_catalogue, within_reach
from tongban.catalogue.queries.table import TableFilters, implementation_table, table_estimate
from tongban.catalogue.queries.versions import numbered_version, versions_of
from tongban.catalogue.searching.facets import Facet, Facets, facets, life_events
from tongban.catalogue.searching.finding import Found, bases_found, find
from tongban.catalogue.searching.narrowing import Narrow
from tongban.catalogue.searching.rows import ItemRow
from tongban.catalogue.searching.suggesting import Suggestion, suggest
from tongban.catalogue.situation import (
    FeeLine,
    Walk,
    chosen_options,
    fees_for,
    handling_item_for,
    materials_for,
    relevant_answers,
    situation_words,
    walk,
)
from tongban.catalogue.words import DELIVERIES, fee_words, limit_words, visits_words

#: The next question, stop or end for these answers (the contract's name).
next_question = walk

__all__ = [
    "DELIVERIES",
    "KINDS_OF_LIST",
    "Deviating",
    "Deviation",
    "DutyRow",
    "Facet",
    "Facets",
    "Fact",
    "FeeLine",
    "FlowStage",
    "FlowStep",
    "Forbidden",
    "Found",
    "Guide",
    "Industry",
    "ItemRow",
    "MaterialRow",
    "Moment",
    "Narrow",
    "OddBody",
    "OddGroup",
    "Responsible",
    "Suggestion",
    "TableFilters",
    "Walk",
    "address_choices",
    "base_item",
    "base_versions",
    "bases_found",
    "bodies_of",
    "changed_by",
    "changes",
    "chosen_options",
    "county_choices",
    "current_version",
    "definition_of",
    "deviating",
    "division_name",
    "division_stated",
    "facets",
    "fee_words",
    "fees_for",
    "find",
    "guide",
    "handling_item_for",
    "history",
    "implementation",
    "implementation_table",
    "implementations_of",
    "lent_to",
    "life_events",
    "limit_words",
    "list_bases",
    "list_context",
    "list_implementations",
    "listed_bodies",
    "listed_body",
    "materials_for",
    "negative_list",
    "next_question",
    "numbered_version",
    "numbers_of_bodies",
    "paper",
    "popular",
    "power_list",
    "questions_in_reach",
    "reads_catalogue",
    "relevant_answers",
    "responsibility_list",
    "result_number",
    "search_items",
    "situation_words",
    "suggest",
    "table_estimate",
    "version",
    "versions_of",
    "visits_words",
    "walk",
    "within_reach",
]
