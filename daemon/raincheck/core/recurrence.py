"""Recurrence rules (RFC 5545, 3.3.10): which instants of a window a rule names, in bounded time whatever the rule.

Days, weeks, months and years are counted on the local clock; hours, minutes and seconds exactly, in UTC. The
expansion starts near the window, not at DTSTART, and what would take too many steps is answered with more than
the rule says (every step, or the whole window), never with less.
"""

from __future__ import annotations

import itertools
import re
from calendar import isleap
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from raincheck.core.ical import Stamp, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import tzinfo

_SECONDS = {"SECONDLY": 1, "MINUTELY": 60, "HOURLY": 3600}
_DAYS = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_RANGES = {
    "BYMONTH": (1, 12, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYSETPOS": (1, 366, True),
    "BYHOUR": (0, 23, False),
    "BYMINUTE": (0, 59, False),
    "BYSECOND": (0, 60, False),
}
_MOST_STEPS = 100_000  # of one rule
_MOST_STARTS = 20_000  # of one rule in one window
_DAY = timedelta(days=1)


class Budget:
    """Steps left for all rules of one calendar: a feed of bombs costs little more than one.

    What every rule may need in its window is free, unless `generous` is false; only steps beyond that are drawn from
    the common stock.
    """

    def __init__(self, steps: int = 500_000, *, generous: bool = True) -> None:
        self._left = steps
        self._generous = generous
        self._free = 0

    def begin(self, low: datetime, high: datetime) -> None:
        """A new rule for a window."""
        self._free = (high - low).days + 40 if self._generous else 0

    def spend(self, steps: int = 1) -> None:
        """Raises TooMuch when there are not so many steps left."""
        self._free -= steps
        if self._free < 0:
            self._left += max(self._free, -steps)
            if self._left < 0:
                raise TooMuch


class TooMuch(Exception):
    """A rule is not worth its steps: it is answered with more than it says."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A parsed RRULE. Empty tuples: the part is not there. by_day holds (0, weekday) or (nth, weekday), Monday 0."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: Stamp | None = None
    by_month: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_week_no: tuple[int, ...] = ()
    by_day: tuple[tuple[int, int], ...] = ()
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_second: tuple[int, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    week_start: int = 0


@dataclass(frozen=True, slots=True)
class Expansion:
    """Starts (UTC) that a rule names. `whole`: too many to tell apart, the stretch from..to counts as one."""

    starts: tuple[datetime, ...] = ()
    whole: tuple[datetime, datetime] | None = None


def parse_rule(text: str) -> Rule:
    """Reads the value of an RRULE; ValueError when it is broken. INTERVAL=0 counts as 1."""
    parts = {k.strip().upper(): v.strip().upper() for k, _, v in (p.partition("=") for p in text.split(";")) if k}
    freq = parts.get("FREQ", "")
    if freq not in _DAYS and freq not in _SECONDS:
        raise ValueError(f"no FREQ: {text[:60]!r}")
    if parts.get("RSCALE", "GREGORIAN") != "GREGORIAN":
        raise ValueError("a calendar scale that is not Gregorian")
    count = _number(parts["COUNT"]) if "COUNT" in parts else None
    if count == 0:
        raise ValueError("COUNT=0")
    lists = {name: _numbers(parts[name], *_RANGES[name]) for name in _RANGES if parts.get(name)}
    return Rule(
        freq=freq,
        interval=max(1, _number(parts.get("INTERVAL", "1"))),
        count=count,
        until=stamp(parts["UNTIL"]) if parts.get("UNTIL") else None,
        by_month=lists.get("BYMONTH", ()),
        by_month_day=lists.get("BYMONTHDAY", ()),
        by_year_day=lists.get("BYYEARDAY", ()),
        by_week_no=lists.get("BYWEEKNO", ()) if freq == "YEARLY" else (),
        by_day=_by_day(parts["BYDAY"]) if parts.get("BYDAY") else (),
        by_hour=lists.get("BYHOUR", ()),
        by_minute=lists.get("BYMINUTE", ()),
        by_second=tuple(min(second, 59) for second in lists.get("BYSECOND", ())),
        by_set_pos=lists.get("BYSETPOS", ()),
        week_start=_WEEKDAYS.index(parts.get("WKST", "MO")),
    )


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise ValueError(f"no number: {text[:20]!r}")
    return int(text)


def _numbers(text: str, low: int, high: int, negative: bool) -> tuple[int, ...]:
    numbers = tuple(sorted({int(item) for item in text.split(",") if item.strip()}))
    if not numbers or not all(low <= (abs(n) if negative else n) <= high for n in numbers):
        raise ValueError(f"out of range: {text[:40]!r}")
    return numbers


def _by_day(text: str) -> tuple[tuple[int, int], ...]:
    found = [re.fullmatch(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", item.strip(), re.ASCII) for item in text.split(",")]
    if not all(found):
        raise ValueError(f"no weekday: {text[:40]!r}")
    return tuple(sorted({(int(m[1] or 0), _WEEKDAYS.index(m[2])) for m in found if m}))


# --- expansion ----------------------------------------------------------------------------------------------------


def expand(rule: Rule, start: datetime, zone: tzinfo, low: datetime, high: datetime, budget: Budget) -> Expansion:
    """The instants of a rule in [low, high), UTC, ascending. `start` is DTSTART's clock reading in `zone`.

    DTSTART is always the first instance (RFC 5545, 3.8.5.3), also where it does not match the rule.
    """
    until = _until(rule, zone)
    first = instant(start, zone)
    high = min(high, until + timedelta(microseconds=1)) if until else high
    if high <= low or high <= first:
        return Expansion()
    budget.begin(low, high)
    try:
        if rule.freq in _SECONDS:
            found = _expand_exact(rule, first, zone, low, high, budget)
        else:
            found = _expand_days(rule, start, zone, low, high, budget)
    except TooMuch:
        return Expansion(whole=(max(low, first), high))
    return Expansion(tuple(sorted({first, *found} if low <= first < high else found)))


def instant(local: datetime, zone: tzinfo) -> datetime:
    """The UTC instant of a clock reading: in a gap by the offset before it, in a fold the first (RFC 5545, 3.3.5)."""
    return local.replace(tzinfo=zone).astimezone(UTC)


def _until(rule: Rule, zone: tzinfo) -> datetime | None:
    """The last allowed instant. A local form is read in the start's zone; a date includes its whole day."""
    if rule.until is None:
        return None
    if rule.until.is_date:
        return instant(rule.until.local + _DAY, zone) - timedelta(microseconds=1)
    return instant(rule.until.local, UTC if rule.until.zone == "Z" else zone)


def _expand_days(
    rule: Rule, start: datetime, zone: tzinfo, low: datetime, high: datetime, budget: Budget
) -> set[datetime]:
    rule = _implied(rule, start)
    times = [
        timedelta(hours=h, minutes=m, seconds=s)
        for h in rule.by_hour or (start.hour,)
        for m in rule.by_minute or (start.minute,)
        for s in rule.by_second or (start.second,)
    ]
    local_low = max(start, low.astimezone(zone).replace(tzinfo=None) - _DAY)
    local_high = high.astimezone(zone).replace(tzinfo=None) + _DAY
    found = set()
    for local in _local_starts(rule, start, times, local_low, local_high, budget):
        moment = instant(local, zone)
        if low <= moment < high:
            found.add(moment)
            if len(found) > _MOST_STARTS:
                raise TooMuch
    return found


def _implied(rule: Rule, start: datetime) -> Rule:
    """The rule with what DTSTART says where the rule is silent (RFC 5545, 3.3.10)."""
    if rule.by_day or rule.by_month_day or rule.by_year_day or rule.by_week_no or rule.freq == "DAILY":
        return rule
    if rule.freq == "WEEKLY":
        return _replace(rule, by_day=((0, start.weekday()),))
    by_month = rule.by_month or ((start.month,) if rule.freq == "YEARLY" else ())
    return _replace(rule, by_month=by_month, by_month_day=(start.day,))


def _replace(rule: Rule, **changes: object) -> Rule:
    values = {name: getattr(rule, name) for name in Rule.__slots__}
    return Rule(**(values | changes))


def _local_starts(
    rule: Rule, start: datetime, times: list[timedelta], low: datetime, high: datetime, budget: Budget
) -> Iterator[datetime]:
    """Clock readings from low on, a little more than asked at both ends; counted from DTSTART where COUNT says so."""
    units = _Units(rule, start.date())
    near = units.index(low.date())
    if rule.count is None:
        yield from _in_units(rule, units, times, start, near, high, budget)
        return
    # DTSTART counts as the first occurrence; whole units of the same size are counted without being walked.
    left, index = rule.count, 0
    if (size := _per_unit(rule, times)) is not None and near > 1:
        first_unit = [x for x in _unit_starts(rule, units, times, 0) if x >= start]
        left -= len(first_unit) + (start not in first_unit) + size * (near - 1)
        index = near
    elif near > _MOST_STEPS:
        left, index = _MOST_STEPS, near  # too long ago to count: as if it went on
    else:
        left -= start not in set(_unit_starts(rule, units, times, 0))
    yield from itertools.islice(_in_units(rule, units, times, start, index, high, budget), max(0, left))


def _in_units(
    rule: Rule, units: _Units, times: list[timedelta], start: datetime, index: int, high: datetime, budget: Budget
) -> Iterator[datetime]:
    while units.first_day(index) <= high.date().toordinal():
        found = _unit_starts(rule, units, times, index)
        budget.spend(1 + len(found) // 8)
        yield from (x for x in found if x >= start)
        index += 1


def _unit_starts(rule: Rule, units: _Units, times: list[timedelta], index: int) -> list[datetime]:
    midnight = datetime.min  # noqa: DTZ901 - a clock reading
    days = units.days(index)
    if len(days) * len(times) > _MOST_STARTS:
        raise TooMuch
    found = [midnight + timedelta(days=day - 1) + at for day in days for at in times]
    if not rule.by_set_pos:
        return found
    chosen = {p - 1 if p > 0 else len(found) + p for p in rule.by_set_pos}
    return [x for place, x in enumerate(found) if place in chosen]


def _per_unit(rule: Rule, times: list[timedelta]) -> int | None:
    """How many starts every unit has, when they all have the same number; else None."""
    if rule.by_set_pos or rule.by_year_day or rule.by_week_no:
        return None
    monthly = rule.freq == "MONTHLY"
    if rule.freq == "DAILY" and not (rule.by_month or rule.by_month_day or rule.by_day):
        return len(times)
    if rule.freq == "WEEKLY" and not (rule.by_month or rule.by_month_day):
        return len({weekday for _, weekday in rule.by_day}) * len(times)
    if monthly and rule.by_day and not (rule.by_month or rule.by_month_day):
        one_each = len(rule.by_day) == 1 and 1 <= abs(rule.by_day[0][0]) <= 4
        return len(times) if one_each else None
    if rule.by_day or not rule.by_month_day or (monthly and rule.by_month) or not (monthly or rule.by_month):
        return None
    if not all(1 <= day <= 28 for day in rule.by_month_day):
        return None
    return len(rule.by_month_day) * max(1, len(rule.by_month)) * len(times)


class _Units:
    """The days, weeks, months or years of a rule, numbered from the one that DTSTART is in; days as ordinals."""

    def __init__(self, rule: Rule, start: date) -> None:
        self.rule = rule
        day = start.toordinal()
        self.base = {
            "DAILY": day,
            "WEEKLY": day - (start.weekday() - rule.week_start) % 7,
            "MONTHLY": start.year * 12 + start.month - 1,
            "YEARLY": start.year,
        }[rule.freq]
        self.filters = list(_filters(rule))

    def index(self, day: date) -> int:
        """The number of the last unit that begins on or before a day; 0 for earlier days."""
        at = {"MONTHLY": day.year * 12 + day.month - 1, "YEARLY": day.year}.get(self.rule.freq, day.toordinal())
        size = self.rule.interval * (7 if self.rule.freq == "WEEKLY" else 1)
        return max(0, (at - self.base) // size)

    def first_day(self, index: int) -> int:
        """The first day of a unit; beyond the year 9999 a day that never comes."""
        at = self.base + index * self.rule.interval * (7 if self.rule.freq == "WEEKLY" else 1)
        if self.rule.freq in ("DAILY", "WEEKLY"):
            return at
        year, month = (at // 12, at % 12 + 1) if self.rule.freq == "MONTHLY" else (at, 1)
        return date(year, month, 1).toordinal() if year <= date.max.year else date.max.toordinal() + 1

    def days(self, index: int) -> list[int]:
        """The days of a unit that the rule names."""
        return [day for day in self._candidates(self.first_day(index)) if all(fits(day) for fits in self.filters)]

    def _candidates(self, first: int) -> Iterable[int]:
        if first > date.max.toordinal():
            return ()
        if self.rule.freq == "DAILY":
            return (first,)
        if self.rule.freq == "WEEKLY":
            return range(max(1, first), min(first + 7, date.max.toordinal() + 1))
        start = date.fromordinal(first)
        if self.rule.freq == "MONTHLY":
            months: tuple[int, ...] = (start.month,)
        elif self.rule.by_week_no or self.rule.by_year_day or not self.rule.by_month:
            months = tuple(range(1, 13))
        else:
            months = self.rule.by_month
        return itertools.chain.from_iterable(self._month_days(start.year, month) for month in months)

    def _month_days(self, year: int, month: int) -> Iterable[int]:
        length = _month_length(year, month)
        first = date(year, month, 1).toordinal()
        if not self.rule.by_month_day:
            return _nth_weekdays(self.rule, first, length) or range(first, first + length)
        days = {day if day > 0 else length + 1 + day for day in self.rule.by_month_day}
        return (first + day - 1 for day in sorted(days) if 1 <= day <= length)


def _month_length(year: int, month: int) -> int:
    return (31, 28 + isleap(year), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def _nth_weekdays(rule: Rule, first: int, length: int) -> list[int]:
    """The candidates of a month for BYDAY such as 2TU,-1FR alone; empty for rules that need a closer look."""
    in_month = rule.freq == "MONTHLY" or (rule.freq == "YEARLY" and rule.by_month and not rule.by_week_no)
    if not in_month or not rule.by_day or not all(n for n, _ in rule.by_day):
        return []
    days = []
    for n, weekday in rule.by_day:
        ahead = (weekday - (first + 6)) % 7  # from the first of the month to the first such weekday
        count = (length - ahead + 6) // 7
        days.append(first + ahead + 7 * (n - 1 if n > 0 else count + n))
    return sorted({day for day in days if first <= day < first + length})


def _filters(rule: Rule) -> Iterator[Callable[[int], bool]]:
    """A test of a day (as ordinal) for every BY part; a day must pass all."""
    if rule.by_day:
        yield _weekday_filter(rule)
    if rule.by_month:
        yield lambda day: date.fromordinal(day).month in rule.by_month
    if rule.by_month_day:
        yield lambda day: _either_end(
            (at := date.fromordinal(day)).day, _month_length(at.year, at.month), rule.by_month_day
        )
    if rule.by_year_day:
        yield lambda day: _either_end(*_day_of_year(day), rule.by_year_day)
    if rule.by_week_no:
        yield lambda day: _either_end(*_week_of_year(day, rule.week_start), rule.by_week_no)


def _weekday_filter(rule: Rule) -> Callable[[int], bool]:
    nth = rule.freq in ("MONTHLY", "YEARLY") and not rule.by_week_no
    plain = frozenset(weekday for n, weekday in rule.by_day if not n or not nth)
    counted = frozenset(item for item in rule.by_day if item[0] and nth)
    if not counted:
        return lambda day: (day + 6) % 7 in plain
    in_month = rule.freq == "MONTHLY" or bool(rule.by_month)

    def fits(day: int) -> bool:
        weekday = (day + 6) % 7
        if weekday in plain:
            return True
        at = date.fromordinal(day)
        number, length = (at.day, _month_length(at.year, at.month)) if in_month else _day_of_year(day)
        return ((number - 1) // 7 + 1, weekday) in counted or (-((length - number) // 7 + 1), weekday) in counted

    return fits


def _either_end(number: int, length: int, wanted: tuple[int, ...]) -> bool:
    return number in wanted or number - length - 1 in wanted


def _day_of_year(day: int) -> tuple[int, int]:
    year = date.fromordinal(day).year
    first = date(year, 1, 1).toordinal()
    return day - first + 1, date(year, 12, 31).toordinal() - first + 1


def _week_of_year(day: int, week_start: int) -> tuple[int, int]:
    """Week number and number of weeks of its year: week 1 has at least four days in the year."""
    middle = date.fromordinal(min(day - (day + 6 - week_start) % 7 + 3, date.max.toordinal()))
    last = date(middle.year, 12, 28).toordinal()
    last_middle = date.fromordinal(last - (last + 6 - week_start) % 7 + 3)
    return (middle.timetuple().tm_yday - 1) // 7 + 1, (last_middle.timetuple().tm_yday - 1) // 7 + 1


# --- hours, minutes, seconds --------------------------------------------------------------------------------------


def _expand_exact(
    rule: Rule, first: datetime, zone: tzinfo, low: datetime, high: datetime, budget: Budget
) -> set[datetime]:
    """HOURLY, MINUTELY, SECONDLY: exact steps from DTSTART; BY parts are read on the local clock."""
    step = timedelta(seconds=_SECONDS[rule.freq]) * rule.interval
    filters = list(_filters(rule))
    plain = not (filters or rule.by_hour or rule.by_minute or rule.by_second)
    if rule.count is not None and plain:
        high = min(high, first + step * (min(rule.count, 10**8) - 1) + timedelta(microseconds=1))
    near = max(0, (low - first) // step)
    counted = rule.count is not None and not plain and near <= _MOST_STEPS
    index = 0 if counted else near
    steps = max(0, (high - first) // step + 1 - index)
    if steps > (_MOST_STARTS if plain else _MOST_STEPS):
        raise TooMuch
    budget.spend(steps)
    starts: Iterator[datetime] = (
        moment
        for number in range(index, index + steps)
        for moment in _exact_starts(rule, first + step * number, zone, filters)
        if first <= moment < high
    )
    if counted:
        named = first in _exact_starts(rule, first, zone, filters)  # DTSTART counts, named by the rule or not
        starts = itertools.islice(starts, (rule.count or 0) - (not named))
    found = set(itertools.islice((moment for moment in starts if moment >= low), _MOST_STARTS + 1))
    if len(found) > _MOST_STARTS:
        raise TooMuch
    return found


def _exact_starts(
    rule: Rule, moment: datetime, zone: tzinfo, filters: list[Callable[[int], bool]]
) -> Iterator[datetime]:
    """The instants that one step stands for: none, itself, or the minutes and seconds that BY parts add to it."""
    if not (filters or rule.by_hour or rule.by_minute or rule.by_second):
        yield moment
        return
    local = moment.astimezone(zone)
    if not all(fits(local.toordinal()) for fits in filters) or (rule.by_hour and local.hour not in rule.by_hour):
        return
    hourly, secondly = rule.freq == "HOURLY", rule.freq == "SECONDLY"
    if rule.by_minute and not hourly and local.minute not in rule.by_minute:
        return
    if rule.by_second and secondly and local.second not in rule.by_second:
        return
    for minute in (rule.by_minute if hourly else ()) or (local.minute,):
        for second in (() if secondly else rule.by_second) or (local.second,):
            yield moment + timedelta(minutes=minute - local.minute, seconds=second - local.second)
