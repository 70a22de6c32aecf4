"""Kinds of events of the assembled program, on the subject "city-pack:<name>"; counts and digests only."""

from __future__ import annotations

CITY_PACK_LOADED = "CityPackLoaded"
