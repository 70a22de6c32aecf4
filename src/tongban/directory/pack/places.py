"""Reads the halls and service points of a pack."""

from tongban.base.pack import Pack, parse
from tongban.directory.pack.rows import PlaceRow, Plan
from tongban.directory.pack.shapes import PlacesShape

TABLE = "places.yaml"


def read_places(pack: Pack, plan: Plan) -> None:
    """Fill the plan with the places of the pack."""
    document = pack.yaml(TABLE)
    if document is None:
        return
    shape, found = parse(document, PlacesShape)
    plan.findings.extend(found)
    for number, item in enumerate(shape.places if shape else ()):
        path = ("places", number)
        if item.code in plan.places:
            plan.findings.append(document.finding((*path, "code"), f"{item.code} 写了两次", "每个场所一项"))
            continue
        if plan.divisions and item.division not in plan.divisions:
            hint = "核对 divisions.csv"
            plan.findings.append(document.finding((*path, "division"), f"找不到区划 {item.division}", hint))
        # With no organisation at all their own file is to blame, not every place.
        if plan.organisations and item.organisation not in plan.organisations:
            message = f"找不到机构 {item.organisation}"
            plan.findings.append(document.finding((*path, "organisation"), message, "核对 organisations.yaml"))
        if (item.lon is None) != (item.lat is None):
            plan.findings.append(document.finding(path, "经度和纬度要么都写，要么都不写"))
        plan.places[item.code] = PlaceRow(**item.model_dump())
