"""Calendar parts of mails ↔ SchedulingRequest; the REPLY that declines; held times as a calendar (RFC 5546, 6047).

Reading never raises: a part that cannot be read is no part. METHOD in the body decides, the master speaks for a
series, and what writers of invitations add on their own (Google, Outlook, Teams, Zoom, Calendly) is understood.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from raincheck.core import ical
from raincheck.core.model import Address, Attendee, CalendarPart, Hold, Period, SchedulingRequest
from raincheck.core.tzid import defined_zone, named_zone, zone_id
from raincheck.core.vevent import number
from raincheck.errors import FeedUnavailable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from raincheck.core.ical import Line, Stamp

_MOST_BYTES = 4 << 20
_MOST_ATTENDEES = 500
_PRODID = "-//raincheck//raincheck//EN"  # of what the person subscribes to
_SENT_PRODID = "-//iCalendar//EN"  # a recipient learns nothing of what wrote it
_VIDEO_HOSTS = (
    "zoom.us",
    "zoom.com",
    "zoomgov.com",
    "meet.google.com",
    "teams.microsoft.com",
    "teams.live.com",
    "teams.microsoft.us",
    "webex.com",
    "whereby.com",
    "gotomeeting.com",
    "gotomeet.me",
    "bluejeans.com",
    "chime.aws",
    "meet.jit.si",
    "skype.com",
    "around.co",
    "livestorm.co",
    "bigbluebutton.org",
    "ringcentral.com",
    "meet.starface.de",
    "hangouts.google.com",
    "facetime.apple.com",
)
_URL = re.compile(r"https?://[^\s<>\"'\\)\]]{4,2000}", re.IGNORECASE)
_NOT_A_ROOM = re.compile(
    r"cancel|reschedul|unsubscrib|dial-?in|meetingoptions|support|/help|download|/legal|privacy", re.IGNORECASE
)


# --- reading ------------------------------------------------------------------------------------------------------


def parse_scheduling(
    parts: Sequence[CalendarPart], me: Collection[str], *, tz: str | None = None
) -> SchedulingRequest | None:
    """What the calendar parts of a mail say, the most telling one of them; None when none can be read. Never raises.

    `me` are the person's addresses. A floating time (`floating`) is placed in `tz`, the person's zone; without one it
    is given in UTC as the clock reads. An all-day event's start is midnight UTC of its date.
    """
    own = frozenset(address.lower() for address in me)
    zone = ZoneInfo(tz) if tz else UTC
    read = [request for part in parts[:20] if (request := _read(part, own, zone))]
    order = ("REQUEST", "CANCEL", "COUNTER", "DECLINECOUNTER", "REPLY", "ADD", "REFRESH", "PUBLISH")
    return min(read, key=lambda r: order.index(r.method) if r.method in order else len(order), default=None)


def _read(part: CalendarPart, me: frozenset[str], floating: tzinfo) -> SchedulingRequest | None:
    try:
        return _request(part, me, floating)
    except (ValueError, OverflowError, FeedUnavailable):
        return None


class _Object:
    """The first VEVENT that speaks for an iCalendar object, with the calendar's own properties and zones."""

    def __init__(self, data: bytes, floating: tzinfo = UTC) -> None:
        """`floating` is the zone of times that nothing places."""
        self.floating = floating
        data = data[:_MOST_BYTES]
        blocks = [(part.kind, part.bytes) for part in ical.components(data)]
        whole = ical.decode(ical.unfold(data.removeprefix(b"\xef\xbb\xbf")))
        self.properties: dict[str, Line] = {}
        for raw in whole.split("\n"):
            if raw[:12].upper() in ("BEGIN:VEVENT", "BEGIN:VTIMEZ", "BEGIN:VFREEB", "BEGIN:VTODO"):
                break
            if line := ical.content_line(raw.rstrip("\r")):
                self.properties.setdefault(line.name, line)
        self.method = self.properties["METHOD"].keyword if "METHOD" in self.properties else None
        self.zones = {zone_id(block): block for kind, block in blocks if kind == b"VTIMEZONE"}
        events = [list(ical.lines(ical.decode(block))) for kind, block in blocks if kind == b"VEVENT"]
        if not events:
            raise ValueError("no VEVENT")
        self.event = next((e for e in events if all(line.name != "RECURRENCE-ID" for line in e)), events[0])

    def first(self, name: str) -> Line | None:
        """The event's first property of a name."""
        return next((line for line in self.event if line.name == name), None)

    def all(self, name: str) -> list[Line]:
        """The event's properties of a name."""
        return [line for line in self.event if line.name == name]

    def text(self, name: str) -> str | None:
        """The event's first property of a name as text; None where it says nothing."""
        line = self.first(name)
        return (line.text or None) if line else None

    def _default_zone(self) -> str | None:
        line = self.properties.get("X-WR-TIMEZONE")
        return line.value.strip() or None if line else None

    def floats(self, at: Stamp) -> bool:
        """True for a clock reading that nothing places in a zone, or only a name that nobody knows."""
        tzid = at.zone or self._default_zone()
        return tzid is None or (tzid != "Z" and tzid not in self.zones and named_zone(tzid) is None)

    def zone(self, at: Stamp) -> tuple[tzinfo, str | None]:
        """The zone of a stamp and its IANA name, where it has one."""
        tzid = at.zone or (self._default_zone() if not at.is_date else None)
        if tzid is None:
            return (UTC if at.is_date else self.floating), None
        if tzid == "Z":
            return UTC, "UTC"
        named = named_zone(tzid)
        name = named.key if isinstance(named, ZoneInfo) else "UTC" if named is UTC else None
        if block := self.zones.get(tzid):
            return _defined(block, at, named, self.floating), name
        return named or self.floating, name


def _defined(block: bytes, at: Stamp, named: tzinfo | None, floating: tzinfo) -> tzinfo:
    """The zone as defined in the object; the one of that name where both agree at the time or the definition fails."""
    try:
        zone = defined_zone(block, at.local.replace(tzinfo=UTC) + timedelta(days=800))
        offset = zone.utcoffset(at.local)
    except (ValueError, OverflowError):
        return named or floating
    if named is not None and at.local.replace(tzinfo=named).utcoffset() == offset:
        return named
    return timezone(offset)


def _request(part: CalendarPart, me: frozenset[str], floating: tzinfo) -> SchedulingRequest | None:
    found = _Object(part.data, floating)
    start_line, rid = found.first("DTSTART"), found.first("RECURRENCE-ID")
    start = ical.line_stamp(start_line) if start_line else None
    zone, tz = found.zone(start) if start else (UTC, None)
    begin = start.local.replace(tzinfo=zone) if start else None
    attendees = tuple(_attendee(line) for line in found.all("ATTENDEE")[:_MOST_ATTENDEES])
    mine = [line for line in found.all("ATTENDEE") if not me.isdisjoint(line.addresses)]
    organizer = found.first("ORGANIZER")
    sequence = found.first("SEQUENCE")
    counter = found.first("X-MICROSOFT-DISALLOW-COUNTER")
    status = found.first("STATUS")
    uid = found.first("UID")
    return SchedulingRequest(
        method=(found.method or part.method or "PUBLISH").upper(),
        uid=uid.value.strip() or None if uid else None,
        sequence=number(sequence.value) if sequence else 0,
        start=begin,
        end=_end(found, start, begin),
        tz=tz,
        all_day=bool(start and start.is_date),
        recurring=bool(found.first("RRULE") or found.first("RDATE")),
        recurrence_id=rid.value.strip() if rid else None,
        organizer=_address(organizer) if organizer else None,
        attendees=attendees,
        summary=found.text("SUMMARY"),
        description=found.text("DESCRIPTION"),
        location=found.text("LOCATION"),
        conference_url=_conference(found),
        status=status.keyword or None if status else None,
        my_partstat=mine[0].params.get("PARTSTAT", "NEEDS-ACTION").upper() if mine else None,
        counter_allowed=not (counter and counter.keyword == "TRUE"),
        floating=bool(start and not start.is_date and found.floats(start)),
    )


def _end(found: _Object, start: Stamp | None, begin: datetime | None) -> datetime | None:
    """Where the event ends; None where it does not say, or ends before it starts. Lengths are exact."""
    if start is None or begin is None:
        return None
    try:
        if line := found.first("DTEND"):
            at = ical.line_stamp(line)
            end = at.local.replace(tzinfo=found.zone(at)[0] if at.zone or at.is_date else begin.tzinfo)
        elif line := found.first("DURATION"):
            days, exact = ical.duration(line.value)
            end = ((begin + timedelta(days=days)).astimezone(UTC) + exact).astimezone(begin.tzinfo)
        else:
            end = begin + timedelta(days=1) if start.is_date else begin
    except (ValueError, OverflowError):
        return None
    if start.is_date and end == begin:
        return begin + timedelta(days=1)
    return end if end.astimezone(UTC) > begin.astimezone(UTC) else None


def _clean(text: str) -> str:
    """One line without control and bidi characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _address(line: Line) -> Address:
    specs = [_clean(spec) for spec in line.addresses]
    return Address(_clean(line.params.get("CN", "")), specs[0] if specs else "")


def _attendee(line: Line) -> Attendee:
    role = line.params.get("ROLE", "REQ-PARTICIPANT").upper()
    return Attendee(_address(line), line.params.get("PARTSTAT", "NEEDS-ACTION").upper(), role)


def _conference(found: _Object) -> str | None:
    """The link of a video meeting (RFC 7986, 5.11, then what programs write instead)."""
    for line in found.all("CONFERENCE"):
        features = line.params.get("FEATURE", "").upper()
        if line.value.strip().lower().startswith("http") and (not features or "VIDEO" in features):
            return line.text
    for name in ("X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-MICROSOFT-ONLINEMEETINGCONFLINK"):
        if (text := found.text(name)) and text.lower().startswith("http"):
            return text
    if (location := found.text("LOCATION")) and (url := _URL.search(location)):
        return url[0].rstrip(".,;")
    texts = (found.text("DESCRIPTION"), found.text("X-ALT-DESC"), found.text("URL"))
    urls = [u.rstrip(".,;") for text in texts if text for u in _URL.findall(text[:50_000])[:200]]
    return next((url for url in urls if _is_room(url)), None)


def _is_room(url: str) -> bool:
    host = url.split("/")[2].rpartition("@")[2].partition(":")[0].lower()
    known = any(host == name or host.endswith("." + name) for name in _VIDEO_HOSTS)
    return known and not _NOT_A_ROOM.search(url) and len(url.split("/", 3)) > 3 and bool(url.split("/", 3)[3])


# --- writing ------------------------------------------------------------------------------------------------------


def decline_reply(request_part: bytes, me: Address, now: datetime, comment: str | None = None) -> bytes | None:
    """The REPLY that declines a request (RFC 5546, 3.2.3), CRLF and folded; None where none is due.

    None for anything but a METHOD:REQUEST with an organizer that names `me` as attendee (a forwarded invitation,
    a publication, a cancellation).
    """
    try:
        found = _Object(request_part)
    except (ValueError, OverflowError, FeedUnavailable):
        return None
    organizer, uid, start = found.first("ORGANIZER"), found.first("UID"), found.first("DTSTART")
    mine = [line for line in found.all("ATTENDEE") if me.addr_spec.lower() in line.addresses]
    if found.method != "REQUEST" or not organizer or not uid or not mine or not organizer.addresses:
        return None
    if me.addr_spec.lower() in organizer.addresses:
        return None
    event = [
        _written(uid),
        _written(organizer),
        f"SEQUENCE:{_sequence(found)}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"ATTENDEE{_cn(me)};PARTSTAT=DECLINED:mailto:{me.addr_spec}",
        *([_written(start)] if start and "TZID" not in start.params else []),  # a TZID would need its VTIMEZONE
        *([_written(rid)] if (rid := found.first("RECURRENCE-ID")) else []),
        *([_written(summary)] if (summary := found.first("SUMMARY")) else []),
        *([f"COMMENT:{_escaped(comment)}"] if comment else []),
    ]
    head = ["BEGIN:VCALENDAR", f"PRODID:{_SENT_PRODID}", "VERSION:2.0", "METHOD:REPLY"]
    return _bytes([*head, "BEGIN:VEVENT", *event, "END:VEVENT", "END:VCALENDAR"])


def _sequence(found: _Object) -> int:
    line = found.first("SEQUENCE")
    return number(line.value) if line else 0


def _written(line: Line) -> str:
    """A property of the request as a line again, without anything that could end it."""
    params = "".join(f";{_clean(name)}={_quoted(value)}" for name, value in line.params.items())
    return f"{line.name}{params}:{_clean(line.value)}"


def _quoted(value: str) -> str:
    value = _clean(value).replace('"', "'")
    return f'"{value}"' if re.search(r"[:;,]", value) else value


def _cn(me: Address) -> str:
    return f";CN={_quoted(me.display_name)}" if me.display_name else ""


def _escaped(text: str) -> str:
    lines = [_clean(line) for line in text.splitlines()]
    return re.sub(r"([\\;,])", r"\\\1", "\n".join(lines)).replace("\n", "\\n")


def _bytes(lines: Iterable[str]) -> bytes:
    """Content lines as bytes: folded at 75 octets, never inside a character (RFC 5545, 3.1)."""
    folded = []
    for line in lines:
        piece, size = "", 75
        for letter in line:
            if len((piece + letter).encode()) > size:
                folded.append(piece)
                piece = " "
            piece += letter
        folded.append(piece)
    return ("\r\n".join(folded) + "\r\n").encode()


def holds_calendar(holds: Iterable[Hold], interviews: Iterable[Period], now: datetime) -> bytes:
    """A calendar to subscribe to: times held for cases (firm ones busy, soft ones not) and confirmed interviews."""
    stamp = f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VCALENDAR", f"PRODID:{_PRODID}", "VERSION:2.0", "METHOD:PUBLISH", "X-WR-CALNAME:Raincheck"]
    marks = [
        (hold.period, "Held: offered" if hold.firm else "Held: drafted", "TENTATIVE", hold.firm, f"hold-{hold.case}")
        for hold in holds
        if hold.expires > now
    ]
    marks += [(period, "Interview", "CONFIRMED", True, "interview") for period in interviews]
    for period, summary, status, opaque, mark in sorted(marks):
        begin, end = (f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" for moment in (period.start, period.end))
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_clean(mark)}-{begin}@raincheck.invalid",
            stamp,
            f"DTSTART:{begin}",
            f"DTEND:{end}",
            f"SUMMARY:{_escaped(summary)}",
            f"STATUS:{status}",
            f"TRANSP:{'OPAQUE' if opaque else 'TRANSPARENT'}",
            "END:VEVENT",
        ]
    return _bytes([*lines, "END:VCALENDAR"])
