"""Busy time, hours, holds and limits → the times to offer, or the plain reason for fewer; and whether a time that
they propose suits. The same input gives the same answer.

Hours, blackouts and limits are read on the person's local clock, lengths and buffers are exact. A rule is never
bent to reach the wished number: fewer times and a reason instead.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from raincheck.core.calendar import merge
from raincheck.core.counted import counted
from raincheck.core.model import BusyPeriod, Hold, Period
from raincheck.core.recurrence import instant
from raincheck.core.settings import WEEKDAYS, Availability, ClockRange, OtherSide
from raincheck.core.tzid import named_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from raincheck.core.settings import Weekday

_NOON = 12
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SlotSearch:
    """Times to offer (UTC, ascending, not overlapping); `reason` says in words why there are fewer than wished."""

    slots: tuple[Period, ...]
    reason: str | None = None


class Verdict(StrEnum):
    """How a proposed time suits, best first."""

    FREE = "free"
    OVER_LOAD = "over_load"
    OUTSIDE_HOURS = "outside_hours"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a proposed time suits; `why` is a phrase for the trace, `period` the time that was judged."""

    verdict: Verdict
    why: str
    period: Period


# --- offering -----------------------------------------------------------------------------------------------------


def find_slots(
    availability: Availability,
    busy: Iterable[BusyPeriod],
    *,
    now: datetime,
    duration: timedelta,
    other_zone: str | None = None,
    holds: Iterable[Hold] = (),
    interviews: Iterable[Period] = (),
    not_before: date | None = None,
    case: str | None = None,
    suits: Callable[[Period], bool] | None = None,
) -> SlotSearch:
    """Up to `availability.count` times of exactly `duration` that keep every rule of the availability.

    `other_zone` is the zone in which the other side speaks (IANA name or offset); `interviews` are confirmed talks;
    firm `holds` of other cases than `case` are taken, soft ones are used only when nothing else is left, the oldest
    first. `not_before` is a local date; the horizon then runs from it. `suits` is one more condition on each time.
    """
    if duration <= timedelta(0):
        raise ValueError("a talk takes some time")
    now = now.astimezone(UTC)
    rules = _Rules(availability, busy, now, holds, interviews, case)
    first, last = _span(availability, now, not_before)
    limits = (
        ("the notice you ask for", lambda p: p.start >= now + availability.min_notice),
        ("days you closed", lambda p: not rules.closed(p)),
        ("the other side's working hours", rules.other_side(other_zone)),
        ("your calendar", rules.calendar_leaves),
        ("times promised to others", rules.promises_leave),
        ("your limit of interviews", lambda p: not rules.over_load(p)),
        ("your rule or the hours they ask for", suits or (lambda _: True)),
    )
    taken: Counter[str] = Counter()
    free: list[Period] = []
    for candidate in _candidates(availability, first, last, duration):
        limit = next((name for name, keeps in limits if not keeps(candidate)), None)
        if limit:
            taken[limit] += 1
        else:
            free.append(candidate)
    chosen = _choose(free, availability, rules.soft)
    return SlotSearch(tuple(chosen), _why_fewer(chosen, free, taken, availability, duration))


def _span(availability: Availability, now: datetime, not_before: date | None) -> tuple[datetime, datetime]:
    """Where candidates begin (inclusive) and the horizon lies (exclusive), UTC."""
    first = now
    if not_before is not None:
        first = max(now, _clock(not_before, 0, ZoneInfo(availability.timezone)))
    return first, first + timedelta(hours=24 * availability.horizon_days)


def _candidates(availability: Availability, first: datetime, last: datetime, duration: timedelta) -> Iterator[Period]:
    """Every grid start in [first, last) whose talk fits into one range of the person's hours, ascending."""
    zone = ZoneInfo(availability.timezone)
    day = first.astimezone(zone).date()
    while day <= last.astimezone(zone).date():
        for hours in sorted(availability.hours.get(WEEKDAYS[day.weekday()], ())):
            for candidate in _in_range(day, hours, zone, availability.increment, duration):
                if first <= candidate.start < last:
                    yield candidate
        day += _DAY


def _in_range(day: date, hours: ClockRange, zone: tzinfo, increment: int, duration: timedelta) -> Iterator[Period]:
    close = _clock(day, hours.end, zone)
    for minute in range(-(-hours.start // increment) * increment, hours.end, increment):
        start = _clock(day, minute, zone)
        if start.astimezone(zone).replace(tzinfo=None) != _naive(day, minute):
            continue  # a clock reading that a change of offset leaves out
        if start + duration <= close:
            yield Period(start, start + duration)


def _naive(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - a clock reading


def _clock(day: date, minute: int, zone: tzinfo) -> datetime:
    return instant(_naive(day, minute), zone)


class _Rules:
    """What stands against a time: calendar, promises, limits, closed days."""

    def __init__(
        self,
        availability: Availability,
        busy: Iterable[BusyPeriod],
        now: datetime,
        holds: Iterable[Hold],
        interviews: Iterable[Period],
        case: str | None,
    ) -> None:
        self.availability = availability
        self.zone = ZoneInfo(availability.timezone)
        others = [hold for hold in holds if hold.expires > now and (case is None or hold.case != case)]
        firm = [hold for hold in others if hold.firm]
        self.interviews = list(interviews)
        self.busy = _Taken([item.period for item in busy])
        self.talks = _Taken(self.interviews)
        self.promised = _Taken([*(hold.period for hold in firm), *availability.held])
        self.soft = [hold for hold in others if not hold.firm]
        self._days, self._weeks = self._load(firm)

    def _load(self, firm: Sequence[Hold]) -> tuple[Counter[date], Counter[tuple[int, int]]]:
        """Interviews a day and a week: confirmed ones, and one for each case that holds times there."""
        days: dict[date, set[object]] = defaultdict(set)
        weeks: dict[tuple[int, int], set[object]] = defaultdict(set)
        marks: list[tuple[Period, object]] = [(hold.period, hold.case) for hold in firm]
        marks += [(period, period) for period in {*self.interviews, *self.availability.held}]
        for period, mark in marks:
            day = period.start.astimezone(self.zone).date()
            days[day].add(mark)
            weeks[day.isocalendar()[:2]].add(mark)
        return Counter({k: len(v) for k, v in days.items()}), Counter({k: len(v) for k, v in weeks.items()})

    def _with_buffers(self, period: Period) -> Period:
        before = timedelta(minutes=self.availability.buffer_before)
        return Period(period.start - before, period.end + timedelta(minutes=self.availability.buffer_after))

    def calendar_leaves(self, period: Period) -> bool:
        """True when calendar and confirmed talks leave the time and its buffers free."""
        wide = self._with_buffers(period)
        return not (self.busy.touches(wide) or self.talks.touches(wide))

    def promises_leave(self, period: Period) -> bool:
        """True when the time and its buffers are promised to nobody else."""
        return not self.promised.touches(self._with_buffers(period))

    def closed(self, period: Period) -> str | None:
        """Why the day is closed: blackout or public holiday; None for an open one."""
        day = period.start.astimezone(self.zone).date()
        if any(first <= day <= last for first, last in self.availability.blackout):
            return "a day that you blacked out"
        if self.availability.country and (name := _holiday(self.availability.country, day)):
            return f"a public holiday ({name})"
        return None

    def over_load(self, period: Period) -> str | None:
        """Which limit of interviews is reached on the time's day or in its week; None when none is."""
        day = period.start.astimezone(self.zone).date()
        a_day, a_week = self.availability.interviews_per_day, self.availability.interviews_per_week
        if a_day is not None and self._days[day] >= a_day:
            return f"you already have {counted(self._days[day], 'interview')} that day"
        if a_week is not None and self._weeks[day.isocalendar()[:2]] >= a_week:
            return f"you already have {counted(self._weeks[day.isocalendar()[:2]], 'interview')} that week"
        return None

    def other_side(self, other_zone: str | None) -> Callable[[Period], bool]:
        """A test for times inside one range of the other side's hours, in their zone, on their weekday."""
        side = self.availability.other_side
        zone = named_zone(other_zone) if other_zone else None
        if zone is None:
            if side is None:
                return lambda _: True
            zone = ZoneInfo(side.timezone)
        hours = side or OtherSide(timezone="UTC")
        return lambda period: _inside(period, dict.fromkeys(hours.days, hours.hours), zone)

    def within_hours(self, period: Period) -> bool:
        """True for times inside one range of the person's hours."""
        return _inside(period, self.availability.hours, self.zone)


def _inside(period: Period, hours: Mapping[Weekday, tuple[ClockRange, ...]], zone: tzinfo) -> bool:
    day = period.start.astimezone(zone).date()
    ranges = hours.get(WEEKDAYS[day.weekday()], ())
    return any(_clock(day, r.start, zone) <= period.start and period.end <= _clock(day, r.end, zone) for r in ranges)


class _Taken:
    """Periods joined, for quick questions."""

    def __init__(self, periods: Sequence[Period]) -> None:
        whole = Period(min(p.start for p in periods), max(p.end for p in periods)) if periods else None
        merged = merge(periods, whole) if whole else ()
        self._starts = [period.start for period in merged]
        self._ends = [period.end for period in merged]

    def touches(self, period: Period) -> bool:
        """True when some of the period is taken."""
        place = bisect_left(self._starts, period.end)  # of those that begin before its end, only the last can reach it
        return place > 0 and self._ends[place - 1] > period.start


def holiday_regions(country: str) -> tuple[str, ...] | None:
    """The parts of a country ("BY") whose own public holidays are known; None where not even the country's are."""
    import holidays  # heavy, and only for those who name a country

    try:
        return tuple(holidays.country_holidays(country).subdivisions)
    except NotImplementedError:
        return None


@lru_cache(maxsize=8)
def _holidays(country: str, year: int) -> dict[date, str]:
    import holidays  # heavy, and only for those who name a country

    code, _, part = country.partition("-")
    try:
        found = holidays.country_holidays(code, subdiv=part or None, years=year)
    except NotImplementedError:
        return {}
    return dict(found.items())


def _holiday(country: str, day: date) -> str | None:
    return _holidays(country, day.year).get(day)


# --- choosing -----------------------------------------------------------------------------------------------------


def _choose(free: Sequence[Period], availability: Availability, soft: Sequence[Hold]) -> list[Period]:
    """As many as wished and possible: on different days, both halves of the day, soft holds of others last."""
    zone = ZoneInfo(availability.timezone)
    unheld = [p for p in free if not any(hold.period.overlaps(p) for hold in soft)]
    chosen = _spread(unheld, availability, zone)
    held = [(max(h.made for h in soft if h.period.overlaps(p)), p) for p in free if p not in set(unheld)]
    for _, candidate in sorted(held, key=lambda item: (item[0], item[1].start)):
        same_day = [p for p in chosen if _day(p, zone) == _day(candidate, zone)]
        if len(chosen) >= availability.count:
            break
        if len(same_day) < availability.max_per_day and not any(p.overlaps(candidate) for p in chosen):
            chosen.append(candidate)
    return sorted(chosen)


def _day(period: Period, zone: tzinfo) -> date:
    return period.start.astimezone(zone).date()


def _morning(period: Period, zone: tzinfo) -> bool:
    return period.start.astimezone(zone).hour < _NOON


def _spread(free: Sequence[Period], availability: Availability, zone: tzinfo) -> list[Period]:
    days: dict[date, list[Period]] = defaultdict(list)
    for period in free:
        days[_day(period, zone)].append(period)
    shares = _shares({day: len(_packed(of_day)) for day, of_day in days.items()}, availability)
    if availability.both_halves and len(shares) > 1:
        shares = _with_both_halves(shares, days, zone)
    chosen: list[Period] = []
    for day, share in shares.items():
        chosen += _of_day(days[day], share, chosen, availability.both_halves, zone)
    return _mixed(chosen, days, zone) if availability.both_halves else chosen


def _shares(room: dict[date, int], availability: Availability) -> dict[date, int]:
    """How many times each day gives: one each in turn, or (spread "none") as many as fit, early days first."""
    shares: Counter[date] = Counter()
    most = {day: min(size, availability.max_per_day) for day, size in sorted(room.items())}
    while shares.total() < availability.count:
        open_days = [day for day in most if shares[day] < most[day]]
        if not open_days:
            break
        turn = open_days if availability.spread == "days" else open_days[:1]
        for day in turn[: availability.count - shares.total()]:
            shares[day] += 1
    return dict(sorted(shares.items()))


def _with_both_halves(shares: dict[date, int], days: dict[date, list[Period]], zone: tzinfo) -> dict[date, int]:
    """The last day exchanged for the next that has the missing half of the day, when all have only one."""
    halves = {_morning(p, zone) for day in shares for p in days[day]}
    if len(halves) != 1:
        return shares
    missing = not halves.pop()
    last = max(shares)
    further = (day for day in sorted(days) if day not in shares)
    other = next((day for day in further if any(_morning(p, zone) is missing for p in days[day])), None)
    if other is None or shares[last] != 1:
        return shares
    return dict(sorted({**{day: share for day, share in shares.items() if day != last}, other: 1}.items()))


def _packed(periods: Sequence[Period]) -> list[Period]:
    """As many as fit without overlap: the earliest first."""
    packed: list[Period] = []
    for period in sorted(periods):
        if not packed or packed[-1].end <= period.start:
            packed.append(period)
    return packed


def _of_day(
    periods: Sequence[Period], share: int, before: Sequence[Period], halves: bool, zone: tzinfo
) -> list[Period]:
    """`share` times of one day: the first, or the first of the half that was not offered last; several far apart."""
    if share > 1:
        packed = _packed(periods)
        return [packed[round(n * (len(packed) - 1) / (share - 1))] for n in range(share)]
    wanted = not _morning(before[-1], zone) if before and halves else None
    return [next((p for p in periods if _morning(p, zone) is wanted), periods[0])]


def _mixed(chosen: list[Period], days: dict[date, list[Period]], zone: tzinfo) -> list[Period]:
    """One exchanged for the other half of its day, when all lie in the same half."""
    if len(chosen) < 2 or len({_morning(p, zone) for p in chosen}) > 1:
        return chosen
    present = _morning(chosen[0], zone)
    for place in range(len(chosen) - 1, -1, -1):
        rest = chosen[:place] + chosen[place + 1 :]
        for period in days[_day(chosen[place], zone)]:
            if _morning(period, zone) is not present and not any(p.overlaps(period) for p in rest):
                return sorted([*rest, period])
    return chosen


def _why_fewer(
    chosen: Sequence[Period],
    free: Sequence[Period],
    taken: Counter[str],
    availability: Availability,
    duration: timedelta,
) -> str | None:
    """Which limit took the most of the possible starts; None when as many were found as are wished."""
    if len(chosen) >= availability.count:
        return None
    minutes = int(duration.total_seconds() // 60)
    start = f"only {len(chosen)} of {availability.count} times" if chosen else "no time"
    start += f" of {counted(minutes, 'minute')} within {counted(availability.horizon_days, 'day')}"
    if not free and not taken:
        return f"{start}: no range of your hours there is long enough"
    why = [f"most is taken by {taken.most_common(1)[0][0]}"] if taken else []
    if len(_packed(free)) > len(chosen):
        why.append(f"no more than {availability.max_per_day} a day is offered")
    return f"{start}: {', and '.join(why)}" if why else f"{start}: your hours leave no more"


# --- judging what they propose ------------------------------------------------------------------------------------


def assess(
    availability: Availability,
    busy: Iterable[BusyPeriod],
    slot: Period,
    *,
    now: datetime,
    interviews: Iterable[Period] = (),
    holds: Iterable[Hold] = (),
    case: str | None = None,
) -> Fit:
    """How a time suits that the other side proposes.

    Busy is what overlaps the calendar, a confirmed talk or a time firmly promised to another case. Buffers and notice
    limit only what is offered, never what they proposed.
    """
    return _judge(_Rules(availability, busy, now, holds, interviews, case), slot)


def assess_window(
    availability: Availability,
    busy: Iterable[BusyPeriod],
    window: Period,
    duration: timedelta,
    *,
    now: datetime,
    interviews: Iterable[Period] = (),
    holds: Iterable[Hold] = (),
    case: str | None = None,
) -> Fit:
    """How the best start inside a proposed window suits: its own start, and those on the grid of the local clock."""
    rules = _Rules(availability, busy, now, holds, interviews, case)
    starts = [max(window.start, now), *_grid(window, availability)]
    fits = [_judge(rules, Period(s, s + duration)) for s in starts if s >= now and s + duration <= window.end]
    order = list(Verdict)
    if not fits:
        return Fit(Verdict.BUSY, "the window is too short or over", window)
    return min(fits, key=lambda fit: (order.index(fit.verdict), fit.period.start))


def _grid(window: Period, availability: Availability) -> Iterator[datetime]:
    zone = ZoneInfo(availability.timezone)
    local = window.start.astimezone(zone)
    minute = -(-(local.hour * 60 + local.minute) // availability.increment) * availability.increment
    start = _clock(local.date(), minute, zone)
    for _ in range(2000):  # three weeks of quarter hours
        if start >= window.end:
            return
        yield start
        start += timedelta(minutes=availability.increment)


def _judge(rules: _Rules, slot: Period) -> Fit:
    if rules.busy.touches(slot):
        return Fit(Verdict.BUSY, "your calendar has something then", slot)
    if rules.talks.touches(slot):
        return Fit(Verdict.BUSY, "another interview is confirmed then", slot)
    if rules.promised.touches(slot):
        return Fit(Verdict.BUSY, "the time is promised to someone else", slot)
    if closed := rules.closed(slot):
        return Fit(Verdict.OUTSIDE_HOURS, closed, slot)
    if not rules.within_hours(slot):
        return Fit(Verdict.OUTSIDE_HOURS, "outside your hours", slot)
    if load := rules.over_load(slot):
        return Fit(Verdict.OVER_LOAD, load, slot)
    return Fit(Verdict.FREE, "free", slot)


# --- the invitation itself in the calendar ------------------------------------------------------------------------

# Titles that tell nothing about whose appointment it is.
_SAYS_NOTHING = frozenset(
    (
        "appointment",
        "beschäftigt",
        "busy",
        "call",
        "entretien",
        "entrevista",
        "free",
        "gebucht",
        "gespräch",
        "interview",
        "job",
        "meeting",
        "occupato",
        "occupé",
        "ocupado",
        "private",
        "privat",
        "privé",
        "telefon",
        "termin",
        "unavailable",
        "videocall",
        "vorstellungsgespräch",
    )
)


def same_case(
    busy: BusyPeriod, *, uid: str | None, period: Period, organizer: str | None, company: str | None
) -> Literal["same", "unclear", "other"]:
    """Whether a busy period is the invitation itself, put into the calendar by a mail provider or the person.

    Same UID; else same start and end with organizer or company in it. Equal times with a title that tells nothing
    are "unclear": ask the person.
    """
    if uid is not None and busy.uid == uid:
        return "same"
    if (busy.period.start, busy.period.end) != (period.start, period.end):
        return "other"
    if organizer and organizer.lower() in (busy.organizer, *re.findall(r"\S+@\S+", busy.words)):
        return "same"
    if company and re.search(rf"(?<!\w){re.escape(company.casefold())}(?!\w)", busy.words):
        return "same"
    told = set(re.findall(r"[^\W\d_]{2,}", busy.words)) - _SAYS_NOTHING
    return "other" if told or busy.organizer else "unclear"
