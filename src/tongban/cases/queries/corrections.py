"""What a correction notice names: the part of the form, and the materials, that its answer may hold."""

from collections.abc import Mapping
from typing import Any

from tongban.cases.applicants import Applicant
from tongban.cases.models import Case
from tongban.cases.window_forms import form_schema
from tongban.catalogue.queries import definition_of


def named_schema(case: Case) -> dict[str, Any]:
    """The item's form with only the fields that the notice names; empty properties where it names none."""
    names = {one["key"] for one in case.correction.defects if one["kind"] == "field"}
    schema: Mapping[str, Any] = form_schema(
        definition_of(case.item_version).form, applicant=Applicant.from_json(case.applicant), channel=case.channel
    )
    return {
        **schema,
        "properties": {key: value for key, value in schema.get("properties", {}).items() if key in names},
        "required": [key for key in schema.get("required", ()) if key in names],
    }


def named_materials(case: Case) -> list[dict[str, str]]:
    """The materials that the notice names: key, name, what is to be done."""
    return [dict(one) for one in case.correction.defects if one["kind"] == "material"]
