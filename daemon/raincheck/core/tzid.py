"""What a TZID means: the VTIMEZONE of its own calendar, else a name that people and programs use for a zone.

Names: IANA names and aliases, the tail of a /vendor/Area/City id, Windows names ("Eastern Standard Time" is the zone,
summer time included) and the names that Windows shows ("(UTC-05:00) Eastern Time (US & Canada)").
"""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from raincheck.core.ical import Line, decode, line_stamp, line_stamps, lines, offset
from raincheck.core.recurrence import Budget, expand, parse_rule

# What Windows shows where no city of the text names the zone; compared without "(UTC+hh:mm)", case and punctuation.
_SHOWN = {
    "eastern time us canada": "America/New_York",
    "central time us canada": "America/Chicago",
    "mountain time us canada": "America/Denver",
    "pacific time us canada": "America/Los_Angeles",
    "eastern time": "America/New_York",
    "central time": "America/Chicago",
    "mountain time": "America/Denver",
    "pacific time": "America/Los_Angeles",
    "atlantic time canada": "America/Halifax",
    "arizona": "America/Phoenix",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "aleutian islands": "America/Adak",
    "newfoundland": "America/St_Johns",
    "indiana east": "America/Indiana/Indianapolis",
    "saskatchewan": "America/Regina",
    "yukon": "America/Whitehorse",
    "baja california": "America/Tijuana",
    "chetumal": "America/Cancun",
    "central america": "America/Guatemala",
    "easter island": "Pacific/Easter",
    "georgetown la paz manaus san juan": "America/La_Paz",
    "cayenne fortaleza": "America/Cayenne",
    "city of buenos aires": "America/Argentina/Buenos_Aires",
    "salvador": "America/Bahia",
    "greenland": "America/Nuuk",
    "brasilia": "America/Sao_Paulo",
    "saint pierre and miquelon": "America/Miquelon",
    "turks and caicos": "America/Grand_Turk",
    "azores": "Atlantic/Azores",
    "cabo verde is": "Atlantic/Cape_Verde",
    "cape verde is": "Atlantic/Cape_Verde",
    "coordinated universal time": "UTC",
    "greenwich mean time dublin edinburgh lisbon london": "Europe/London",
    "dublin edinburgh lisbon london": "Europe/London",
    "monrovia reykjavik": "Atlantic/Reykjavik",
    "west central africa": "Africa/Lagos",
    "belgrade bratislava budapest ljubljana prague": "Europe/Budapest",
    "brussels copenhagen madrid paris": "Europe/Paris",
    "amsterdam berlin bern rome stockholm vienna": "Europe/Berlin",
    "helsinki kyiv riga sofia tallinn vilnius": "Europe/Kyiv",
    "athens bucharest": "Europe/Bucharest",
    "gaza hebron": "Asia/Hebron",
    "harare pretoria": "Africa/Johannesburg",
    "kuwait riyadh": "Asia/Riyadh",
    "moscow st petersburg": "Europe/Moscow",
    "moscow st petersburg volgograd": "Europe/Moscow",
    "abu dhabi muscat": "Asia/Dubai",
    "izhevsk samara": "Europe/Samara",
    "port louis": "Indian/Mauritius",
    "ekaterinburg": "Asia/Yekaterinburg",
    "islamabad karachi": "Asia/Karachi",
    "chennai kolkata mumbai new delhi": "Asia/Kolkata",
    "sri jayawardenepura": "Asia/Colombo",
    "yangon rangoon": "Asia/Yangon",
    "bangkok hanoi jakarta": "Asia/Bangkok",
    "beijing chongqing hong kong urumqi": "Asia/Shanghai",
    "kuala lumpur singapore": "Asia/Singapore",
    "osaka sapporo tokyo": "Asia/Tokyo",
    "canberra melbourne sydney": "Australia/Sydney",
    "guam port moresby": "Pacific/Port_Moresby",
    "solomon is new caledonia": "Pacific/Guadalcanal",
    "anadyr petropavlovsk kamchatsky": "Asia/Kamchatka",
    "auckland wellington": "Pacific/Auckland",
    "fiji": "Pacific/Fiji",
    "chatham islands": "Pacific/Chatham",
    "samoa": "Pacific/Apia",
    "kiritimati island": "Pacific/Kiritimati",
    "marquesas islands": "Pacific/Marquesas",
    "international date line west": "Etc/GMT+12",
}
_PREFIX = re.compile(r"\((?:UTC|GMT)\s*(?:([+\-−])(\d{1,2}):?(\d\d)?)?\)\s*", re.IGNORECASE)
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+\-−])(\d{1,2}):?(\d\d)?", re.IGNORECASE)


def named_zone(name: str) -> tzinfo | None:
    """The zone that a TZID names, without any VTIMEZONE; None for a name that nobody knows."""
    return _named_zone(name.strip().strip('"').strip()[:200])


@cache
def _iana() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


@cache
def _cities() -> dict[str, str]:
    """IANA names by the words of their last part."""
    areas = ("Europe/", "America/", "Asia/", "Africa/", "Australia/", "Pacific/", "Atlantic/", "Indian/")
    return {_words(n.rpartition("/")[2].replace("_", " ")): n for n in sorted(_iana().values()) if n.startswith(areas)}


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _named_zone(name: str) -> tzinfo | None:
    if not name:
        return None
    if name.upper() in ("Z", "UTC", "GMT"):
        return UTC
    parts = name.strip("/").split("/")
    for tail in ["/".join(parts[place:]) for place in range(len(parts))]:
        if found := _iana().get(tail.replace(" ", "_").lower()):
            return ZoneInfo(found)
    if fixed := _OFFSET.fullmatch(name):
        return _fixed(fixed)
    return _windows_zone(parts[-1]) or _shown_zone(name)


def _fixed(match: re.Match[str]) -> tzinfo | None:
    sign, hours, minutes = match.groups()
    try:
        return offset(f"{'-' if sign in '-−' else '+'}{int(hours):02}{minutes or '00'}")
    except ValueError:
        return None


def _windows_zone(name: str) -> tzinfo | None:
    if " time" not in name.lower() and not name.upper().startswith("UTC"):
        return None
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # a rare and heavy import

    wanted = re.sub(r"(?i)\bdaylight time\b|\bsummer time\b", "Standard Time", name).lower()
    found = next((zone for windows, zone in WINDOWS_TO_OLSON.items() if windows.lower() == wanted), None)
    return ZoneInfo(found) if found else None


def _shown_zone(name: str) -> tzinfo | None:
    """A name as Windows shows it: looked up, else the first of its cities, else its offset alone."""
    prefix = _PREFIX.match(name)
    place = name[prefix.end() :] if prefix else name
    if found := _SHOWN.get(_words(place)):
        return ZoneInfo(found)
    if not prefix:
        return None
    standard = _fixed(prefix) if prefix[1] else UTC
    for city in place.split(","):
        zone = _cities().get(_words(city))
        if zone and standard and standard_offset(ZoneInfo(zone)) == standard.utcoffset(None):
            return ZoneInfo(zone)
    return standard


def standard_offset(zone: tzinfo) -> timedelta | None:
    """The offset without daylight saving; None where the zone tells none."""
    offsets = [zone.utcoffset(datetime(2026, month, 1)) for month in (1, 7)]  # noqa: DTZ001 - clock readings
    return min((item for item in offsets if item is not None), default=None)


# --- VTIMEZONE ----------------------------------------------------------------------------------------------------


class DefinedZone(tzinfo):
    """A zone as its VTIMEZONE defines it (RFC 5545, 3.6.5), whatever its name looks like."""

    def __init__(self, name: str, onsets: list[tuple[datetime, timedelta, timedelta]]) -> None:
        """`onsets`: the clock reading at which each offset begins (in the offset before it), offset before, after."""
        self._name = name
        self._onsets = sorted(onsets, key=lambda item: item[0] - item[1])
        self._local = [max(local, local + after - before) for local, before, after in self._onsets]
        self._utc = [local - before for local, before, _ in self._onsets]

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """The offset of a clock reading: in a gap the one before it, in a fold by `fold`."""
        if moment is None:
            return self._onsets[0][1]
        local = moment.replace(tzinfo=None)
        place = bisect_right(self._local, local)
        if moment.fold and place < len(self._onsets):
            onset, before, after = self._onsets[place]
            if min(onset, onset + after - before) <= local:
                return after
        return self._onsets[place - 1][2] if place else self._onsets[0][1]

    def fromutc(self, moment: datetime) -> datetime:
        """The local clock at a UTC instant."""
        utc = moment.replace(tzinfo=None)
        place = bisect_right(self._utc, utc)
        shift = self._onsets[place - 1][2] if place else self._onsets[0][1]
        local = (utc + shift).replace(tzinfo=self)
        return local.replace(fold=1) if self.utcoffset(local) != shift else local

    def dst(self, _moment: datetime | None) -> timedelta:
        """Not told apart: only whole offsets count here."""
        return timedelta(0)

    def tzname(self, _moment: datetime | None) -> str:
        """The TZID."""
        return self._name


def zone_id(block: bytes) -> str:
    """The TZID of a VTIMEZONE; "" when it has none."""
    return next((line.value.strip().strip('"') for line in lines(decode(block)) if line.name == "TZID"), "")


def defined_zone(block: bytes, until: datetime, budget: Budget | None = None) -> DefinedZone:
    """The zone that a VTIMEZONE defines, exact from 1970 up to `until` (UTC); ValueError when it is broken.

    `budget` bounds the work of all zones of a calendar together.
    """
    budget = budget or Budget(20_000, generous=False)
    text = decode(block)
    pattern = r"(?is)\nBEGIN:(STANDARD|DAYLIGHT)[ \t\r]*\n(.*?)(?=\nEND:\1)"
    onsets = [onset for _, body in re.findall(pattern, text) for onset in _onsets(body, until, budget)]
    if not onsets:
        raise ValueError("a VTIMEZONE without STANDARD or DAYLIGHT")
    return DefinedZone(zone_id(block), onsets)


def _onsets(observance: str, until: datetime, budget: Budget) -> list[tuple[datetime, timedelta, timedelta]]:
    found: dict[str, Line] = {}
    extra: list[datetime] = []
    for line in lines(observance):
        found.setdefault(line.name, line)
        if line.name == "RDATE":
            extra += [item.local for item in line_stamps(line)]
    if not {"DTSTART", "TZOFFSETTO"} <= found.keys():
        raise ValueError("an observance without DTSTART or TZOFFSETTO")
    start = line_stamp(found["DTSTART"]).local
    after = offset(found["TZOFFSETTO"].value).utcoffset(None)
    before = offset(found.get("TZOFFSETFROM", found["TZOFFSETTO"]).value).utcoffset(None)
    starts = {start, *extra}
    if "RRULE" in found:
        # UNTIL is given in UTC, onsets as the clock reads in the offset before (RFC 5545, 3.6.5)
        zone = offset(found.get("TZOFFSETFROM", found["TZOFFSETTO"]).value)
        low = max(start.replace(tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)) - timedelta(1)
        rule = parse_rule(found["RRULE"].value)
        steps = expand(rule, start, zone, low, until, budget)
        starts |= {moment.astimezone(zone).replace(tzinfo=None) for moment in steps.starts}
    return [(onset, before, after) for onset in starts]
