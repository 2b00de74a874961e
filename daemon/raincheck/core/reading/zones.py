"""Time zones as mails name them: letters, places, IANA and Windows names, offsets. Data: rules/reading/zones.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OFFSET = re.compile(r"(?:(?:UTC|GMT) ?)?([+-])(\d{1,2})(?::?([0-5]\d))?\Z")
_IANA = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{1,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}\Z")
_OF_CITY = re.compile(r"(?P<doubled>\w{2,20}(?P<letter>[bdfgklmnprst]))(?P=letter)er|(?P<city>\w{3,20})er")
_AREAS = ("Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "Indian")


@dataclass(frozen=True, slots=True)
class Zone:
    """What zone letters or a place mean: IANA names (or ±HH:MM), likeliest first.

    standard: the letters name a standard time ("EST"), which on a summer date is doubtful.
    """

    names: tuple[str, ...]
    standard: bool = False
    regions: Mapping[str, str] = field(default_factory=dict)  # country code → IANA name

    @property
    def name(self) -> str:
        """The likeliest."""
        return self.names[0]

    def for_region(self, region: str | None) -> Zone:
        """The zone as somebody in that country (two letters) means it."""
        named = self.regions.get(region or "")
        return replace(self, names=(named,)) if named else self


@dataclass(frozen=True, slots=True)
class ZoneTable:
    """The known zones. letters are matched as written (upper case), names in any case (keys are lower case).

    adjectives: those of the names that a word for "time" follows, or no word at all ("10:00 Irish time", "10 German").
    vehicles: what is called after a place and tells no zone: "the 4:50 Frankfurt flight".
    places: as written; they tell a zone only behind a clock and before a word for "time" ("10:00 Korea time").
    persons: names, in small letters, that places share with persons.
    """

    letters: Mapping[str, Zone]
    names: Mapping[str, Zone]
    places: Mapping[str, Zone]
    persons: frozenset[str] = frozenset()
    adjectives: frozenset[str] = frozenset()
    vehicles: frozenset[str] = frozenset()

    @classmethod
    def from_data(cls, data: Mapping[str, Mapping[str, Any]], overrides: Mapping[str, str] | None = None) -> ZoneTable:
        """From the parsed files of rules/reading by stem: `[letters]`, `[names]` and `[adjectives]` of zones.toml,
        `[zones]` and the vehicles of places.toml; overrides are the person's own letters → zone."""
        table, places = data.get("zones", {}), data.get("places", {})
        letters = {key: _zone(value) for key, value in table.get("letters", {}).items()}
        letters |= {key: Zone((value,)) for key, value in (overrides or {}).items()}
        adjectives = table.get("adjectives", {})
        named = {**table.get("names", {}), **adjectives}
        names = {str(key).lower(): _zone(value) for key, value in named.items()}
        found = {place: Zone((zone,)) for zone, named in places.get("zones", {}).items() for place in named}
        persons = frozenset(table.get("persons", {}).get("names", ()))
        vehicles = frozenset(places.get("things", {}).get("vehicles", ()))
        return cls(letters, names, found, persons, frozenset(map(str.lower, adjectives)), vehicles)

    def place(self, words: str) -> Zone | None:
        """The zone of a city ("Berlin", "New York"), whose name is the last part of an IANA name."""
        known = self.names.get(words.lower())
        if known is not None:
            return known
        city = words.strip().replace(" ", "_")
        for area in _AREAS:
            if load_zone(f"{area}/{city}") is not None:
                return Zone((f"{area}/{city}",))
        adjective = _OF_CITY.fullmatch(city)  # "Lissabonner Zeit"
        return self.place(adjective["doubled"] or adjective["city"]) if adjective else None

    def windows(self, words: str) -> Zone | None:
        """The zone of a Windows name ("W. Europe Standard Time")."""
        name = _windows_names().get(words.lower())
        return Zone((name,)) if name else None


def _zone(value: Any) -> Zone:
    if isinstance(value, str):
        return Zone((value,))
    names = (value["zone"], *value.get("also", ()))
    return Zone(tuple(names), bool(value.get("standard", False)), dict(value.get("regions", {})))


@lru_cache(maxsize=1)
def _windows_names() -> Mapping[str, str]:
    # Late: the table lies in a package that costs 0.1 s to import, and few mails name such a zone.
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return {key.lower(): value for key, value in WINDOWS_TO_OLSON.items()}


@lru_cache(maxsize=512)
def load_zone(name: str) -> tzinfo | None:
    """The zone of an IANA name, "UTC", "±HH:MM", "GMT+2"; None when there is none."""
    offset = _OFFSET.match(name)
    if offset:
        shift = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(-shift if offset[1] == "-" else shift) if shift <= timedelta(hours=14) else None
    if not _IANA.match(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: a folder such as "America"
        return None


def readings(zone: Zone, wall: datetime, hint: timedelta | None) -> Iterator[tzinfo]:
    """The zones that the letters can mean for this wall clock, likeliest first.

    hint is the mail's own offset: where one of the meanings has it, the letters mean that one. A standard time on a
    summer date is read as the wall clock of the place, then as the letters say it.
    """
    zones = [loaded for name in zone.names if (loaded := load_zone(name))]
    if not zones:
        return
    near = [loaded for loaded in zones if hint is not None and wall.replace(tzinfo=loaded).utcoffset() == hint]
    zones = near[:1] or zones
    for loaded in zones:
        yield loaded
        moment = wall.replace(tzinfo=loaded)
        saving = moment.dst()
        if zone.standard and saving and not near:
            offset = moment.utcoffset()
            assert offset is not None
            yield timezone(offset - saving)
