"""Reads of halls and service points."""

from django.db.models import QuerySet

from tongban.directory.models import Place
from tongban.directory.queries.divisions import in_force
from tongban.kernel.problems import NotFound


def place(code: str) -> Place:
    """The hall or service point with this code.

    Raises:
        NotFound: unknown code.
    """
    found = Place.objects.select_related("division", "organisation").filter(code=code).first()
    if found is None:
        raise NotFound("这个大厅或服务点")
    return found


def places_in(division_code: str, *, kind: str = "") -> QuerySet[Place]:
    """Places in force in a division and under it, by division; all kinds when `kind` is empty."""
    rows = Place.objects.filter(in_force(None), division__code__startswith=division_code.rstrip("0"))
    if kind:
        rows = rows.filter(kind=kind)
    return rows.select_related("division", "organisation").order_by("division_id", "name")


def city_hall() -> Place | None:
    """The hall of the city itself; where it has none, the first hall of a county; None without any."""
    return Place.objects.filter(in_force(None), kind=Place.Kind.HALL).order_by("division_id", "pk").first()
