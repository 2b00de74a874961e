"""Bytes of iCalendar: unfolding, components, content lines and the simple values in them (RFC 5545, 3.1 and 3.3).

Made for feeds of a hundred thousand events: components are found in the raw bytes, and only those that matter are
ever decoded. What a sloppy producer may write is read (BOM, bare LF, folds inside a character, latin-1, junk lines).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from raincheck.errors import FeedUnavailable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_CHUNK = 1 << 20
_MARK = re.compile(rb"\n(BEGIN|END):(VCALENDAR|VEVENT|VFREEBUSY|VTIMEZONE)[ \t\r]*(?=\n|\Z)")
_STAMP = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?)?", re.IGNORECASE | re.ASCII
)
_DURATION = re.compile(
    r"([+-])?P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?",
    re.IGNORECASE | re.ASCII,
)
_MOST_DAYS = 4_000_000  # longer than all time
_NO_PARAMS: Mapping[str, str] = MappingProxyType({})
_ESCAPE = re.compile(r"\\([\\;,nN])")


# --- components ---------------------------------------------------------------------------------------------------


class Component(NamedTuple):
    """One component of a stream, as a stretch of unfolded bytes; `upper` is the same stretch in upper case.

    kind is b"VEVENT", b"VFREEBUSY", b"VTIMEZONE", or b"VCALENDAR" for properties of the calendar itself;
    calendar numbers the VCALENDAR of the stream it stands in.
    """

    kind: bytes
    calendar: int
    text: bytes
    upper: bytes
    start: int
    end: int

    @property
    def bytes(self) -> bytes:
        """The lines between BEGIN and END, each after a line feed."""
        return self.text[self.start : self.end]


def components(feed: bytes | bytearray) -> Iterator[Component]:
    """Every component of an iCalendar stream (RFC 5545, 3.4), in order, in constant memory.

    Raises FeedUnavailable, possibly only at the end, for what is no whole calendar: no VCALENDAR, or one cut off.
    A component that lacks its END ends where the next begins.
    """
    calendars = opened = 0
    kind, carry = b"", b"\n"
    for chunk in _unfolded_chunks(feed):
        text = carry + chunk
        upper = text.upper()
        begin = place = 0  # where the open component begins; how far the rest is used up
        for mark in _MARK.finditer(upper):
            if kind:
                yield Component(kind, calendars, text, upper, begin, mark.start())
            elif opened and upper.find(b"\nX-WR-TIMEZONE", place, mark.start()) >= 0:
                yield Component(b"VCALENDAR", calendars, text, upper, place, mark.start())
            verb, name = mark.groups()
            place = begin = mark.end()
            kind = b""
            if name == b"VCALENDAR":
                calendars += verb == b"BEGIN"
                opened += 1 if verb == b"BEGIN" else -1
            elif verb == b"BEGIN" and opened:
                kind = name
        carry = text[begin:] if kind else text[place:]
    if not calendars:
        raise FeedUnavailable(f"is no calendar: {_looks_like(feed)}")
    if opened > 0 or kind:
        raise FeedUnavailable("is cut off: the calendar does not end (END:VCALENDAR is missing)")


def _looks_like(feed: bytes | bytearray) -> str:
    start = bytes(feed[:512]).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        return "it holds nothing at all"
    if start.startswith(b"<"):
        return "a web page came instead, perhaps a login form"
    return "there is no BEGIN:VCALENDAR"


def _unfolded_chunks(feed: bytes | bytearray) -> Iterator[bytes]:
    """The feed in pieces of whole unfolded lines with bare line feeds (RFC 5545, 3.1), without a BOM."""
    if feed[:2] in (b"\xff\xfe", b"\xfe\xff"):
        feed = feed.decode("utf-16", "replace").encode()
    if b"\n" not in feed:
        feed = feed.replace(b"\r", b"\n")
    place = 3 if feed[:3] == b"\xef\xbb\xbf" else 0
    while place < len(feed):
        stop = _line_end(feed, place + _CHUNK)
        yield unfold(bytes(feed[place:stop]))
        place = stop


def _line_end(feed: bytes | bytearray, place: int) -> int:
    """Where the next unfolded line begins at or after `place`."""
    while (place := feed.find(b"\n", place) + 1) and feed[place : place + 1] in (b" ", b"\t"):
        pass
    return place or len(feed)


def unfold(data: bytes) -> bytes:
    """Lines joined where they were folded, in bytes (a fold may cut a character in two), ending in bare line feeds."""
    return data.replace(b"\r\n", b"\n").replace(b"\n ", b"").replace(b"\n\t", b"")


def decode(data: bytes) -> str:
    """Text of a component: UTF-8, else what Windows and older programs wrote."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


# --- content lines ------------------------------------------------------------------------------------------------


class Line(NamedTuple):
    """A content line (RFC 5545, 3.1): names in upper case, the value as written."""

    name: str
    params: Mapping[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value as TEXT (RFC 5545, 3.3.11): escapes undone, nothing split."""
        return _ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], self.value).strip()

    @property
    def keyword(self) -> str:
        """The value as an enumerated word: upper case, no white space around."""
        return self.value.strip().upper()

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addr-specs of a calendar user, lower case: the EMAIL parameter, then the mailto: value."""
        found = (self.params.get("EMAIL", ""), self.value)
        specs = (re.sub(r"(?i)^mailto:", "", item.strip()).partition("?")[0].strip("<> ").lower() for item in found)
        return tuple(dict.fromkeys(spec for spec in specs if "@" in spec))


def lines(text: str, wanted: Collection[str] | None = None) -> Iterator[Line]:
    """The content lines of a component, without those of components inside it (VALARM and the like).

    Lines that are none are passed over, and those whose name is not wanted.
    """
    depth = 0
    for raw in text.split("\n"):
        name = raw.partition(":")[0].partition(";")[0].strip().upper()
        if name == "BEGIN":
            depth += 1
        elif name == "END":
            depth -= 1
        elif depth <= 0 and (wanted is None or name in wanted) and (line := content_line(raw)):
            yield line


def content_line(raw: str) -> Line | None:
    """One unfolded line as name, parameters and value; None for a line that is none."""
    head, colon, value = raw.partition(":")
    if '"' in head and head.count('"') % 2:  # a colon in a quoted parameter value
        head, colon, value = _outside_quotes(raw)
    if not colon:
        return None
    name, _, rest = head.partition(";")
    return Line(name.strip().upper(), _params(rest) if rest else _NO_PARAMS, value)


def _outside_quotes(raw: str) -> tuple[str, str, str]:
    quoted = False
    for place, letter in enumerate(raw):
        if letter == '"':
            quoted = not quoted
        elif letter == ":" and not quoted:
            return raw[:place], ":", raw[place + 1 :]
    return raw, "", ""


def _params(text: str) -> dict[str, str]:
    parts = re.findall(r'(?:"[^"]*"|[^;"]|")+', text) if '"' in text else text.split(";")
    pairs = (part.partition("=") for part in parts)
    return {name.strip().upper(): value.strip().replace('"', "") for name, equals, value in pairs if equals}


# --- values -------------------------------------------------------------------------------------------------------


class Stamp(NamedTuple):
    """A DATE or DATE-TIME as written (RFC 5545, 3.3.4 and 3.3.5): clock reading, and in which zone it is meant.

    zone is "Z" for UTC, an offset, a TZID, or None where it floats.
    """

    local: datetime
    is_date: bool
    zone: str | None


def stamp(text: str, tzid: str | None = None) -> Stamp:
    """Reads one DATE or DATE-TIME; ValueError when it is none. A Z outranks TZID (RFC 5545, 3.2.19)."""
    match = _STAMP.fullmatch(text.strip())
    if not match:
        raise ValueError(f"no date or time: {text[:40]!r}")
    year, month, day, hour, minute, second, zone = match.groups()
    if hour is None:
        return Stamp(datetime(int(year), int(month), int(day)), True, None)  # noqa: DTZ001 - a clock reading
    if (hour, minute) == ("24", "00"):
        midnight = datetime(int(year), int(month), int(day)) + timedelta(1)  # noqa: DTZ001 - a clock reading
        return Stamp(midnight, False, zone.upper() if zone else tzid)
    local = datetime(int(year), int(month), int(day), int(hour), int(minute), min(int(second or 0), 59))  # noqa: DTZ001 - as above
    return Stamp(local, False, zone.upper() if zone else tzid)


def line_stamp(line: Line) -> Stamp:
    """The DATE or DATE-TIME of a property; ValueError when there is none."""
    return stamp(*_value_and_zone(line, line.value))


def line_stamps(line: Line) -> Iterator[Stamp]:
    """The DATEs and DATE-TIMEs of a list (EXDATE, RDATE); those that are none, and PERIODs, are passed over."""
    value, zone = _value_and_zone(line, line.value)
    for item in value.split(","):
        try:
            yield stamp(item, zone)
        except ValueError:
            continue


def line_periods(line: Line) -> Iterator[tuple[Stamp, Stamp | Duration]]:
    """The PERIODs of a list (RFC 5545, 3.3.9): a start, and an end or a length. Broken ones are passed over."""
    value, zone = _value_and_zone(line, line.value)
    for item in value.split(","):
        start, slash, end = item.partition("/")
        if not slash:
            continue
        try:
            yield stamp(start, zone), duration(end) if "P" in end.upper() else stamp(end, zone)
        except ValueError:
            continue


def _value_and_zone(line: Line, value: str) -> tuple[str, str | None]:
    """A date's text and TZID; heals an unquoted colon in TZID=(UTC-05:00) Eastern Time, as some programs write."""
    zone = line.params.get("TZID")
    if (zone is not None and not value.strip()[:4].isdigit()) or ") " in value:
        more, _, value = value.rpartition(":")
        zone = f"{zone}:{more}" if more else zone
    return value.strip(), zone or None


class Duration(NamedTuple):
    """A DURATION (RFC 5545, 3.3.6): nominal days on the local clock, then an exact length."""

    days: int
    exact: timedelta


def duration(text: str) -> Duration:
    """Reads one DURATION; ValueError when it is none. A negative one has no length."""
    match = _DURATION.fullmatch(text.strip())
    if not match or not any(match.groups()[1:]):
        raise ValueError(f"no duration: {text[:40]!r}")
    weeks, days, hours, minutes, seconds = (int(item or 0) for item in match.groups()[1:])
    if match[1] == "-":
        return Duration(0, timedelta(0))
    exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return Duration(min(weeks * 7 + days, _MOST_DAYS), exact)


def offset(text: str) -> timezone:
    """A UTC-OFFSET (RFC 5545, 3.3.14), also "+01:00"; ValueError when it is none."""
    match = re.fullmatch(r"([+-])(\d\d):?(\d\d)(?::?(\d\d))?", text.strip())
    if not match:
        raise ValueError(f"no offset: {text[:20]!r}")
    size = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=int(match[4] or 0))
    return timezone(-size if match[1] == "-" else size) if size else UTC
