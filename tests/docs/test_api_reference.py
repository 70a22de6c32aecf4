"""The reference of the JSON API names the operations that exist, with their scopes, and its example can be sent."""

import json
import re

from tongban.base.web.api import Bearer
from tongban.cases.api.filing import CaseIn
from tongban.cli.places import ROOT
from tongban.config.api import api
from tongban.config.urls import urlpatterns

PAGE = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")


def operations() -> dict[str, str]:
    """Every operation of the program, with the scope that it asks for."""
    assert urlpatterns, "routers within routers are joined when the addresses are built"
    found = {}
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                scopes = [guard.scope for guard in operation.auth_callbacks or [] if isinstance(guard, Bearer)]
                address = f"/api/v1{prefix.rstrip('/')}{path}"
                for method in operation.methods:
                    found[f"{method} {address}"] = scopes[0] if scopes else "none"
    return found


def test_the_reference_lists_the_operations_with_their_scopes():
    rows = re.findall(r"^\| `((?:GET|POST|PUT|PATCH|DELETE) [^`]+)` \| `?([\w:]+)`? \|", PAGE, re.MULTILINE)
    assert dict(rows) == operations()


def test_the_example_of_a_filing_fits_the_schema():
    found = re.search(r"^```json filing\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    filing = CaseIn(**json.loads(found[1]))
    assert filing.materials
