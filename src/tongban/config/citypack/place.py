"""Where the city pack lies."""

from pathlib import Path

from django.conf import settings

from tongban.kernel.problems import NotFound


def locate(city: str) -> Path:
    """The folder of a city: a name under `cities/`, or a path to a folder anywhere.

    Raises:
        NotFound: there is no such folder.
    """
    base = Path(settings.ROOT) / "cities"
    for candidate in (base / city, Path(city)):
        if city and candidate.is_dir():
            return candidate
    raise NotFound(f"城市包“{city}”(cities 下的文件夹名，或者文件夹路径)", code="city_not_found")


def city_root() -> Path:
    """The folder of the city that this installation serves (`TONGBAN_CITY`).

    Raises:
        NotFound: there is no such folder.
    """
    return locate(settings.CITY)
