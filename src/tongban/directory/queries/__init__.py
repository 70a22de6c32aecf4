"""Reads of the directory, for every room above."""

from tongban.directory.queries.boundaries import Outline, OutlineMap, outline, outline_map
from tongban.directory.queries.divisions import (
    breadcrumb,
    division,
    division_history,
    division_successor,
    divisions_under,
    search_divisions,
)
from tongban.directory.queries.organisations import (
    OrganisationNode,
    acting,
    acts_for,
    children,
    counterparts,
    keys_of,
    name_on,
    organisation,
    organisation_by_ref,
    search_organisations,
    successor,
    tree,
)
from tongban.directory.queries.places import city_hall, place, places_in

__all__ = [
    "OrganisationNode",
    "Outline",
    "OutlineMap",
    "acting",
    "acts_for",
    "breadcrumb",
    "children",
    "city_hall",
    "counterparts",
    "division",
    "division_history",
    "division_successor",
    "divisions_under",
    "keys_of",
    "name_on",
    "organisation",
    "organisation_by_ref",
    "outline",
    "outline_map",
    "place",
    "places_in",
    "search_divisions",
    "search_organisations",
    "successor",
    "tree",
]
