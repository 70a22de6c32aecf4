"""`city.yaml`: the card of the city, read without a database."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from tongban.base.pack.located import PackFileError
from tongban.base.pack.pack import Pack
from tongban.base.pack.shapes import Shape, parse

CITY_FILE = "city.yaml"


class City(Shape):
    """Name, division and public numbers of the city whose pack is loaded."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    short_name: Annotated[str, Field(min_length=1, max_length=20)]
    name_en: Annotated[str, Field(min_length=1, max_length=60)]
    division: Annotated[str, Field(pattern=r"^[0-9]{12}$")]
    province: Annotated[str, Field(min_length=1, max_length=40)]
    portal_name: Annotated[str, Field(min_length=1, max_length=60)]
    portal_name_en: Annotated[str, Field(min_length=1, max_length=60)]
    hotline: Annotated[str, Field(pattern=r"^[0-9-]{5,20}$")]
    demonstration: bool = False
    sources: tuple[str, ...] = ()


def read_city(root: Path) -> City:
    """The city of the pack in folder `root`.

    Raises:
        PackFileError: no `city.yaml`, or something is wrong in it.
    """
    pack = Pack(root)
    document = pack.yaml(CITY_FILE, required=True)
    if document is None:
        raise PackFileError(pack.faults)
    city, found = parse(document, City)
    if city is None:
        raise PackFileError(found)
    return city
