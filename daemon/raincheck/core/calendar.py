"""A feed's bytes and a window → the person's busy time in it (RFC 5545; what outranks what: docs/calendar.md).

An unreadable calendar is not a free calendar: what is no whole calendar raises, a broken event costs only itself and
leaves a warning, a rule too large to expand is busy throughout. Nothing outside the window is decoded.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Literal, NamedTuple
from zoneinfo import ZoneInfo

from raincheck.core import ical
from raincheck.core.ical import Duration, Line, Stamp
from raincheck.core.model import BusyPeriod, Period
from raincheck.core.prefilter import ENDLESS, earlier, later, prefilter, value_of
from raincheck.core.recurrence import Budget, expand, instant, parse_rule
from raincheck.core.tzid import defined_zone, named_zone, zone_id
from raincheck.core.vevent import Event, Length, number

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

_MARGIN = timedelta(days=2)  # wider than any two zones differ
_UNREADABLE_LENGTH = timedelta(hours=1)  # of an event whose end cannot be read
_MOST_WARNINGS = 50
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Busy:
    """Busy time of one feed. `periods` are whole (not cut to the window) and unmerged, each with its event's words."""

    window: Period
    periods: tuple[BusyPeriod, ...]
    warnings: tuple[str, ...] = ()  # what was guessed or passed over; names zones and UIDs, never titles
    events: int = 0  # VEVENTs and VFREEBUSYs of the whole feed

    def merged(self) -> tuple[Period, ...]:
        """The busy stretches of the window: cut to it, joined where they touch or overlap, ascending, in UTC."""
        return merge((item.period for item in self.periods), self.window)


def merge(periods: Iterable[Period], window: Period) -> tuple[Period, ...]:
    """Periods cut to a window, joined where they touch or overlap, ascending, in UTC."""
    low, high = window.start.astimezone(UTC), window.end.astimezone(UTC)
    joined: list[list[datetime]] = []
    for period in sorted(periods):
        start, end = max(low, period.start.astimezone(UTC)), min(high, period.end.astimezone(UTC))
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return tuple(Period(start, end) for start, end in joined)


def busy(
    feed: bytes | bytearray,
    window: Period,
    *,
    tz: str,
    me: Collection[str] = (),
    name: str = "",
    tentative: Literal["busy", "free"] = "busy",
) -> Busy:
    """What keeps the person busy in the window.

    `tz` is the person's zone (all-day events, floating times), `me` their addresses, `name` the feed's;
    `tentative` says what an unconfirmed event counts as. Raises FeedUnavailable for what is no whole calendar.
    """
    reader = _Reader(window, ZoneInfo(tz), frozenset(address.lower() for address in me), name, tentative == "free")
    reader.read(feed)
    periods = sorted(reader.busy(), key=lambda item: (item.period, item.uid or "", item.words))
    return Busy(reader.window, tuple(dict.fromkeys(periods)), tuple(reader.warnings), reader.events)


# --- the feed -----------------------------------------------------------------------------------------------------


class _Reader:
    """One pass over one feed for one window."""

    def __init__(self, window: Period, zone: tzinfo, me: frozenset[str], name: str, tentative_is_free: bool) -> None:
        self.window = Period(window.start.astimezone(UTC), window.end.astimezone(UTC))
        self.zone, self.me, self.name, self.tentative_is_free = zone, me, name, tentative_is_free
        self.warnings: dict[str, None] = {}
        self.events = 0
        self._groups: dict[object, list[Event]] = defaultdict(list)
        self._outranking: dict[str, int] = {}  # SEQUENCE of events that were passed over, by UID
        self._published: list[BusyPeriod] = []
        self._definitions: dict[tuple[int, str], bytes] = {}
        self._floating: dict[int, str] = {}
        self._zones: dict[tuple[int, str | None], tzinfo] = {}
        self._budget = Budget()
        self._zone_budget = Budget(200_000, generous=False)

    def warn(self, text: str) -> None:
        """Remembers what was guessed or passed over, once."""
        if len(self.warnings) < _MOST_WARNINGS:
            self.warnings.setdefault(text)

    def read(self, feed: bytes | bytearray) -> None:
        """Takes from the feed what may matter in the window."""
        may_matter = prefilter(self.window)
        freebusy = []
        for part in ical.components(feed):
            if part.kind == b"VEVENT":
                self.events += 1
                if may_matter(part.upper, part.start, part.end):
                    self._keep(part.bytes, part.calendar)
                else:
                    self._pass_over(part)
            elif part.kind == b"VFREEBUSY":
                self.events += 1
                freebusy.append((part.bytes, part.calendar))
            elif part.kind == b"VTIMEZONE":
                self._definitions.setdefault((part.calendar, zone_id(part.bytes)), part.bytes)
            else:
                self._calendar_properties(part)
        for block, calendar in freebusy:
            try:
                self._published += self._read_freebusy(block, calendar)
            except (ValueError, OverflowError) as problem:
                self.warn(f"published busy time was passed over: {problem}")

    def _keep(self, block: bytes, calendar: int) -> None:
        try:
            event = Event.parse(block, calendar, self.me, self.tentative_is_free)
        except (ValueError, OverflowError) as problem:
            self.warn(f"an event was passed over: {problem}")
            return
        if event.start is None and event.recurrence is None:
            self.warn("an event without DTSTART was passed over")
            return
        self._groups[event.uid or object()].append(event)

    def _pass_over(self, part: ical.Component) -> None:
        """Of an event outside the window only this matters: that it may outrank one inside."""
        sequence = number(ical.decode(value_of(part, b"\nSEQUENCE")))
        if sequence and (uid := ical.decode(value_of(part, b"\nUID"))):
            self._outranking[uid] = max(sequence, self._outranking.get(uid, 0))

    def _calendar_properties(self, part: ical.Component) -> None:
        for line in ical.lines(ical.decode(part.bytes)):
            if line.name == "X-WR-TIMEZONE" and line.value.strip():
                self._floating.setdefault(part.calendar, line.value.strip())

    # --- zones and instants ---

    def zone_of(self, calendar: int, tzid: str | None) -> tzinfo:
        """The zone that a TZID (None: floating time) means in one calendar of the stream."""
        key = (calendar, tzid)
        if key not in self._zones:
            self._zones[key] = self._resolve(calendar, tzid)
        return self._zones[key]

    def _resolve(self, calendar: int, tzid: str | None) -> tzinfo:
        if tzid is None:
            default = self._floating.get(calendar)
            return self.zone_of(calendar, default) if default else self.zone
        if tzid == "Z":
            return UTC
        if block := self._definitions.get((calendar, tzid)):
            try:
                return defined_zone(block, later(self.window.end, timedelta(days=800)), self._zone_budget)
            except (ValueError, OverflowError) as problem:
                self.warn(f"the definition of the time zone {tzid!r} is broken ({problem})")
        if zone := named_zone(tzid):
            return zone
        self.warn(f"unknown time zone {tzid[:80]!r}, read as {self.zone}")
        return self.zone

    def start_zone(self, event: Event, at: Stamp) -> tzinfo:
        """The zone in which an event's clock runs; the person's for dates."""
        return self.zone if at.is_date else self.zone_of(event.calendar, at.zone)

    def utc(self, event: Event, at: Stamp, zone: tzinfo | None = None) -> datetime:
        """The instant of a stamp; one without zone is read in `zone`, where given. A date is the person's midnight."""
        if zone is None or at.is_date or at.zone:
            zone = self.start_zone(event, at)
        return instant(at.local, zone)

    # --- occurrences ---

    def busy(self) -> Iterator[BusyPeriod]:
        """Every busy period that touches the window."""
        yield from self._published
        for group in self._groups.values():
            try:
                yield from self._busy_of(group)
            except (ValueError, OverflowError) as problem:
                self.warn(f"the event {group[0].uid or 'without UID'!r} was passed over: {problem}")

    def _busy_of(self, group: list[Event]) -> Iterator[BusyPeriod]:
        """The occurrences of all components of one UID."""
        masters = _latest([event for event in group if event.recurrence is None])
        if masters and self._outranking.get(masters[0].uid or "", 0) > masters[0].sequence:
            masters = []
        changes = self._changes([event for event in group if event.recurrence is not None], masters)
        for change in changes:
            start, length = self._own_time(change, masters)
            if start is not None:
                yield from self._period(change, start, start.astimezone(self._clock(change, start)), length)
        for master in masters:
            yield from self._series(master, changes)

    def _changes(self, overrides: list[Event], masters: list[Event]) -> list[Event]:
        """The overrides that count: of several for one instance the highest SEQUENCE."""
        by_instance: dict[object, list[Event]] = defaultdict(list)
        zone = self.start_zone(masters[0], masters[0].start) if masters and masters[0].start else None
        for event in overrides:
            assert event.recurrence is not None
            by_instance[self.utc(event, event.recurrence, zone)].append(event)
        return [event for same in by_instance.values() for event in _latest(same)]

    def _own_time(self, event: Event, masters: list[Event]) -> tuple[datetime | None, Length]:
        """Start and length of an override; where it says neither, of the instance that it overrides."""
        if event.start is None and event.recurrence is not None:
            event.start = event.recurrence
            if event.end is None and event.duration is None and masters and masters[0].start:
                return self.utc(event, event.start), self._length(masters[0])
        return (self.utc(event, event.start) if event.start else None), self._length(event)

    def _clock(self, event: Event, _start: datetime) -> tzinfo:
        return self.start_zone(event, event.start) if event.start else self.zone

    def _length(self, event: Event) -> Length:
        """How long an event's occurrences are; one that cannot be read is taken for an hour."""
        assert event.start is not None
        try:
            if event.end is not None:
                return self._length_to(event, event.start, ical.line_stamp(event.end))
            if event.duration is not None:
                days, exact = ical.duration(event.duration)
                return Length(max(1, days) if event.start.is_date and not exact else days, exact)
        except (ValueError, OverflowError) as problem:
            self.warn(f"the end of the event {event.uid or 'without UID'!r} cannot be read: {problem}")
            return Length(1, timedelta(0)) if event.start.is_date else Length(0, _UNREADABLE_LENGTH)
        return Length(1 if event.start.is_date else 0, timedelta(0))

    def _length_to(self, event: Event, start: Stamp, end: Stamp) -> Length:
        if start.is_date and end.is_date:
            return Length(max(1, (end.local - start.local).days), timedelta(0))
        zone = self.start_zone(event, start)
        return Length(0, max(timedelta(0), self.utc(event, end, zone) - self.utc(event, start)))

    def _series(self, master: Event, changes: list[Event]) -> Iterator[BusyPeriod]:
        """The occurrences of a master, without those that EXDATE or an override takes away."""
        assert master.start is not None
        zone = self.start_zone(master, master.start)
        length = self._length(master)
        if not (master.rules or master.more or master.without or changes):  # nearly all events
            start = instant(master.start.local, zone)
            yield from self._period(master, start, start.astimezone(zone), length)
            return
        futures = self._futures(master, changes, zone)
        reach = max([length.most, *(f.length.most + abs(f.shift) for f in futures)]) + _DAY
        ahead = max([abs(f.shift) for f in futures], default=timedelta(0)) + _DAY
        low, high = earlier(self.window.start, reach), later(self.window.end, ahead)
        without = self._without(master, changes, zone, low, high)
        starts, wholes = self._starts(master, zone, low, high)
        for begin, end in wholes if length > (0, timedelta(0)) else ():
            yield from self._period(master, begin, begin.astimezone(zone), Length(0, end - begin))
        for start, own_length in starts.items():
            local = start.astimezone(zone)
            if without(start, local):
                continue
            future = next((f for f in reversed(futures) if f.since <= start), None)
            if future is None:
                yield from self._period(master, start, local, own_length or length)
            else:
                moved = local.replace(tzinfo=None) + future.shift
                clock = self._clock(future.event, start)
                begin = instant(moved, clock)
                yield from self._period(future.event, begin, begin.astimezone(clock), future.length)

    def _starts(
        self, master: Event, zone: tzinfo, low: datetime, high: datetime
    ) -> tuple[dict[datetime, Length | None], list[tuple[datetime, datetime]]]:
        """The starts of a series in [low, high): DTSTART, RRULE, RDATE, each once; a length only where RDATE says.

        Then the stretches in which a rule names too many to tell apart. A series whose rules all end before they
        begin is none: that is how programs write one that was deleted from its first instance on.
        """
        assert master.start is not None
        first = self.utc(master, master.start)
        alone: dict[datetime, Length | None] = {first: None} if first < high else {}
        starts = alone.copy() if not master.rules else {}
        wholes = []
        for text in master.rules:
            try:
                found = expand(parse_rule(text), master.start.local, zone, low, high, self._budget)
            except (ValueError, OverflowError) as problem:
                self.warn(f"a rule of the event {master.uid or 'without UID'!r} is broken: {problem}")
                starts |= alone
                continue
            starts |= dict.fromkeys(found.starts)
            if found.whole:
                self.warn(f"the event {master.uid or 'without UID'!r} repeats too often to tell its times apart")
                wholes.append(found.whole)
        for line in master.more:
            starts |= self._more(master, line, zone, low, high)
        return starts, wholes

    def _more(
        self, master: Event, line: Line, zone: tzinfo, low: datetime, high: datetime
    ) -> dict[datetime, Length | None]:
        """The starts of an RDATE; a PERIOD brings its own length (RFC 5545, 3.8.5.2)."""
        found: dict[datetime, Length | None] = {}
        for at in ical.line_stamps(line):
            if _near(at, low, high) and low <= (start := self.utc(master, at, zone)) < high:
                found[start] = None
        for at, end in ical.line_periods(line):
            start = self.utc(master, at, zone)
            if start < high:
                length = Length(*end) if isinstance(end, Duration) else Length(0, self.utc(master, end, zone) - start)
                found[start] = length
        return found

    def _without(
        self, master: Event, changes: list[Event], zone: tzinfo, low: datetime, high: datetime
    ) -> Callable[[datetime, datetime], bool]:
        """A test for occurrences that EXDATE or an override takes away: same instant, or a DATE on its local day."""
        assert master.start is not None
        instants, dates = set(), set()
        given = [at for line in master.without for at in ical.line_stamps(line)]
        given += [change.recurrence for change in changes if change.recurrence]
        for at in given:
            if not _near(at, low, high):
                continue
            if at.is_date:
                dates.add(at.local.date())
                continue
            instants.add(self.utc(master, at, zone))
            if master.start.is_date and at.local == at.local.replace(hour=0, minute=0, second=0):
                dates.add(at.local.date())
        return lambda start, local: start in instants or local.date() in dates

    def _futures(self, master: Event, changes: list[Event], zone: tzinfo) -> list[_Future]:
        """The overrides that hold for all later instances too (RANGE=THISANDFUTURE), in order."""
        found = []
        for event in changes:
            if not event.and_future or event.start is None or event.recurrence is None:
                continue
            since = self.utc(event, event.recurrence, zone)
            shift = event.start.local - since.astimezone(self.start_zone(event, event.start)).replace(tzinfo=None)
            found.append(_Future(since, shift, self._length(event), event))
        return sorted(found, key=lambda future: future.since)

    def _period(self, event: Event, start: datetime, local: datetime, length: Length) -> Iterator[BusyPeriod]:
        if event.free or length == (0, timedelta(0)):
            return
        try:
            begin = local.replace(tzinfo=None) + timedelta(days=length.days)
            end = (instant(begin, local.tzinfo or UTC) if length.days else start) + length.exact
        except OverflowError:
            end = ENDLESS
        if start < end and start < self.window.end and self.window.start < end:
            organizer, words = event.words()
            yield BusyPeriod(Period(start, end), event.uid, organizer, words, self.name)

    # --- published busy time ---

    def _read_freebusy(self, block: bytes, calendar: int) -> Iterator[BusyPeriod]:
        """The periods of a VFREEBUSY (RFC 5545, 3.6.4); an unknown FBTYPE is busy."""
        event = Event(block, calendar, free=False)
        free_types = ("FREE", "BUSY-TENTATIVE") if self.tentative_is_free else ("FREE",)
        for line in ical.lines(ical.decode(block)):
            if line.name == "UID":
                event.uid = line.value.strip() or None
            if line.name != "FREEBUSY" or line.params.get("FBTYPE", "BUSY").upper() in free_types:
                continue
            for at, end in ical.line_periods(line):
                if not isinstance(end, Duration):
                    end = Duration(0, self.utc(event, end) - self.utc(event, at))
                start = self.utc(event, at)
                yield from self._period(event, start, start, Length(*end))


class _Future(NamedTuple):
    """From `since` on: occurrences are moved by `shift` on the local clock and are as `event` says."""

    since: datetime
    shift: timedelta
    length: Length
    event: Event


def _latest(events: list[Event]) -> list[Event]:
    """Of several versions those with the highest SEQUENCE; equals all count, so that their order does not matter."""
    highest = max((event.sequence for event in events), default=0)
    return [event for event in events if event.sequence == highest]


def _near(at: Stamp, low: datetime, high: datetime) -> bool:
    return low - _MARGIN <= at.local.replace(tzinfo=UTC) <= high + _MARGIN
