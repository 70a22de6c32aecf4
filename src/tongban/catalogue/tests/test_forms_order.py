"""Fields keep the order in which the pack writes them, through a database that keeps none."""

import json

import pytest

from tongban.catalogue.form_order import in_order
from tongban.catalogue.models import ItemVersion
from tongban.catalogue.queries import definition_of

WRITTEN = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "id": {"type": "string"},
        "staff": {
            "type": "array",
            "items": {"type": "object", "properties": {"post": {"type": "string"}, "id": {"type": "string"}}},
        },
    },
}


def test_what_jsonb_sorted_comes_back_as_written_at_every_level():
    stored = json.loads(json.dumps(in_order(WRITTEN), sort_keys=True))
    assert list(stored["properties"]) == ["id", "name", "staff"]
    back = in_order(stored)
    assert list(back["properties"]) == ["name", "id", "staff"]
    assert list(back["properties"]["staff"]["items"]["properties"]) == ["post", "id"]
    assert in_order(back) == back


@pytest.mark.usefixtures("city")
def test_a_published_form_begins_as_the_pack_writes_it():
    version = ItemVersion.objects.filter(implementation__base__slug="road-excavation").latest("number")
    names = list(definition_of(version).form["properties"])
    assert names[:2] == ["company_name", "uscc"]
    assert names.index("starts_on") < names.index("ends_on")
