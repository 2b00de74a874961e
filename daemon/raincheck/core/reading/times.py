"""The grammar of times: text → the times that it proposes, and where a careful reader would be in doubt.

`read_times` finds every time of a text with its role; `find_times` keeps the proposals. The way: fold the text
(normal.py), cut it into tokens (timewords.py), read atoms (timegrammar.py), and here: say which clock belongs to which
date, which zone holds, what is no proposal, and compute the moments. A wrong time is worse than none: what can be read
in two ways is not sure and carries both readings.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from raincheck.core.reading import clock as clocks
from raincheck.core.reading import zones as zone_table
from raincheck.core.reading.dates import Doubt, WrittenDate
from raincheck.core.reading.normal import normalise
from raincheck.core.reading.timegrammar import Grammar
from raincheck.core.reading.timeperiods import PeriodAtoms
from raincheck.core.reading.timespan import Moment, Pair, Role, TimeContext, TimeSpan
from raincheck.core.reading.timewords import TimeWords, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.reading.atom import Atom
    from raincheck.core.reading.timebinding import Bound
    from raincheck.core.reading.zones import Zone

__all__ = ["Role", "TimeContext", "TimeSpan", "TimeWords", "find_times", "read_times"]

_DAY = 24 * 60  # minutes
_SATURDAY = 5  # of the days from Monday, 0
_MOST_WORKDAYS = 30
_DAWN = (5, 6, 7)  # o'clock
_NEAR_DAWN = 15  # tokens
_DAYTIME = range(6, 18)  # o'clock
_LEADS = frozenset({"at", "on", "or", "from", "between", "after", "part"})  # between a part of the day and its clock
_SOME_DAYS = 3  # from the first weekday of a range to its last: "Monday to Friday" are office hours
_WEEK_LONG = 7  # days of a range that has hours for each of its days
_WEST, _EAST = timedelta(hours=-11), timedelta(hours=13)  # offsets between which people write
_SOON = 3  # words between a range of dates and the hours of each
_QUOTED = re.compile(r"^[ \t]*(?:>|\|[ \t]*>).*$", re.MULTILINE)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_LINKING = ("://", "@", "+")  # one of which links and numbers hold, unless they begin with "www."
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+|(?<!\w)\+\d[\d ()/.-]{5,24}\d", re.IGNORECASE
)


def find_times(text: str, context: TimeContext) -> tuple[TimeSpan, ...]:
    """The times that the text proposes, in reading order: no deadlines, office hours, quoted, old or past times."""
    return tuple(span for span in read_times(text, context) if span.role is Role.PROPOSAL)


def read_times(text: str, context: TimeContext) -> tuple[TimeSpan, ...]:
    """Every time of the text with its role, in reading order. Quoted lines and what follows "-- " are not read."""
    normal = normalise(text)
    folded = _masked(normal.text)
    grammar = Grammar(folded, tokens(folded), context.words, context.zones)
    found = _Composer(grammar, context).spans()
    placed = (
        replace(
            span,
            text=text[normal.offset(span.from_) : normal.offset(span.to)],
            from_=normal.offset(span.from_),
            to=normal.offset(span.to),
            date_from=None if span.date_from is None else normal.offset(span.date_from),
            date_to=None if span.date_to is None else normal.offset(span.date_to),
            clock_from=None if span.clock_from is None else normal.offset(span.clock_from),
            clock_to=None if span.clock_to is None else normal.offset(span.clock_to),
        )
        for span in found
    )
    return tuple(sorted(placed, key=lambda span: (span.from_, span.to)))


def _earlier(moment: Moment, days: int) -> Moment:
    """The same clock that many days before."""
    return moment - timedelta(days=days) if isinstance(moment, datetime) else moment


def _masked(text: str) -> str:
    """Quoted lines, the signature, links and telephone numbers struck out, every offset kept."""
    if "--" in text and (signature := _SIGNATURE.search(text)):
        text = text[: signature.start()]
    if ">" in text:
        text = _QUOTED.sub(_strike, text)
    if not any(sign in text for sign in _LINKING) and "www." not in text.lower():
        return text  # most
    return _LINK.sub(_strike, text)


def _strike(match: re.Match[str]) -> str:
    return "_" * len(match[0])


def _working_day(day: date, count: int) -> date:
    """So many working days from a day on; a few weeks at most, beyond which nobody counts so."""
    for _ in range(min(count, _MOST_WORKDAYS)):
        day += timedelta(days=1)
        while day.weekday() >= _SATURDAY:
            day += timedelta(days=1)
    return day


class _Composer(PeriodAtoms):
    """Computes the moments of the bound atoms: spans."""

    def spans(self) -> Iterator[TimeSpan]:
        """All spans of the text."""
        bound = self._bind()
        self._copy_same_times(bound)
        self.zones = self._zones()
        timed = [item for item in bound if self.atoms[item.clock].start is not None]
        self.clocks = {day: [item.clock for item in timed if day in item.dates] for day in self.meanings}
        used: set[int] = set()
        merged: set[int] = set()
        for position, item in enumerate(bound):
            atom = self.atoms[item.clock]
            if (
                item.clock in merged
                or item.gone
                or atom.start is None
                or (atom.vague and (atom.open_end or not item.beside))
            ):
                continue
            twin: int | None = None
            before = item
            for following in bound[position + 1 : position + 4]:
                again = self._twin(item, before, following)
                if again is None:
                    break
                twin = again if twin is None else twin
                before = following
                merged.add(again)
            used.update(item.dates)
            used.update(later for day in item.dates if (later := self.ranges.get(day)) is not None)
            found = list(self._clock_spans(item, twin))
            if self._every_day(item.clock):
                used.update(self._sentence_of(item.clock))
            if any(span.role is Role.WEEKDAYS for span in found):
                used.update(first for first, last in self.ranges.items() if last in item.dates)
            yield from found
        for index in self.sequence:
            if index in self.meanings and index not in used and index not in self.ranges.values():
                span = self._date_span(index)
                if span is not None:
                    yield span
        yield from self._loose_periods()
        yield from self._terms()

    def _terms(self) -> Iterator[TimeSpan]:
        """ "Within three days", "72 hours from now": a last day, or a last moment."""
        for atom in self.atoms:
            if atom.kind != "length" or atom.minutes < _DAY:
                continue
            counted = "from_now" in self.grammar.entry(atom.last)
            led = self.grammar.led_by(atom.first, "term") or "term_after" in self.grammar.entry(atom.last)
            if not (counted or led):
                continue
            begin, end = self._offsets(atom)
            days = atom.minutes // _DAY
            last: Moment = self.today + timedelta(minutes=atom.minutes)
            if any("workdays" in self.grammar.entry(at) for at in range(atom.first, atom.last)):
                last = _working_day(self.today, days)
            exact = counted and bool(atom.minutes % (7 * _DAY)) and self._in_hours(atom)
            if exact:
                last = self.now.replace(second=0, microsecond=0) + timedelta(minutes=atom.minutes)
            yield TimeSpan(
                start=last, end=None, kind="datetime" if exact else "date", text="", from_=begin, to=end,
                role=Role.DEADLINE, date_from=begin, date_to=end, clock_from=begin if exact else None,
                clock_to=end if exact else None,
            )  # fmt: skip

    def _in_hours(self, atom: Atom) -> bool:
        """True for a length that is counted in hours."""
        return any(self.grammar.entry(at).get("unit") == 60 for at in range(atom.first, atom.last))

    def _clock_spans(self, item: Bound, twin: int | None) -> Iterator[TimeSpan]:
        atom = self.atoms[item.clock]
        days = self._every_day(item.clock)
        if days:
            yield from self._daily(item.clock, days)
            return
        if not item.dates:
            if not atom.weak or self._alone(atom):
                told = twin if twin in self.retold and twin is not None else item.clock
                span = self._time_span(told)
                if span is not None:
                    yield span
            return
        for day in item.dates:
            last = self.ranges.get(day)
            if last in item.dates:
                continue  # told with its end
            if last is not None and item.beside and atom.end is not None and item.clock < day:
                day = last  # "between 3 and 4 pm, Monday to Wednesday"
            span = self._datetime_span(item, day, twin)
            if span is not None:
                ranged = any(self.ranges.get(first) == day for first in item.dates)  # as those of a clock before it
                beside = item.beside or ranged or self._soon(day, item.clock)
                yield from self._each_day(span, day, item.clock, beside=beside) if span.role is Role.SPAN else (span,)

    def _soon(self, day: int, clock: int) -> bool:
        """True for a range of clocks a few words behind a date: "until Thursday 23 April, any time from 12 to 4"."""
        gap = self._gap(self.atoms[day], self.atoms[clock]) if day < clock else None
        return gap is not None and not (gap.sentence or gap.paragraph) and gap.words <= _SOON

    def _daily(self, index: int, days: Sequence[date]) -> Iterator[TimeSpan]:
        """A range of clocks on several days."""
        bounds = {bound for pair in self.ranges.items() for bound in pair}
        periods = [at for at in self._sentence_of(index) if at in bounds or self.atoms[at].kind == "week"]
        own = self.atoms[index].part or self._part_before(index)
        part = own or next((p for at in periods if (p := self._part_near(at))), None)
        readings, doubt = clocks.readings(self.atoms[index].start or clocks.Clock(0), self.atoms[index].end, part)
        zone = self.zones.get(index)
        begin, end = self._offsets(self.atoms[index])
        period = periods[0] if periods else index
        date_from, date_to = self._offsets(self.atoms[period])
        for day in days:
            pairs, zone_doubt = self._moments((day,), readings, zone)
            yield TimeSpan(
                start=pairs[0][0], end=pairs[0][1], kind="datetime", text="", from_=begin, to=end,
                zone=zone.name if zone else None, sure=not (doubt or zone_doubt),
                alternatives=tuple(pairs) if doubt or zone_doubt else (), doubt=doubt or zone_doubt, role=Role.DAILY,
                between=self._is_between(self.atoms[index]), date_from=date_from, date_to=date_to, clock_from=begin,
                clock_to=end,
            )  # fmt: skip

    def _each_day(self, span: TimeSpan, last: int, clock: int, *, beside: bool) -> Iterator[TimeSpan]:
        """A range of clocks on every day of a range of dates, but for weekends that do not bound it and for weekdays
        that are left out."""
        first = next((begin for begin, end in self.ranges.items() if end == last), None)
        if first is None or not beside:
            yield span
            return
        if not isinstance(span.start, datetime) or (span.end is None and not span.open_end):
            yield span
            return
        begin, end = self.meanings[first].days[0], self.meanings[last].days[0]
        length = (end - begin).days
        bare = self.written.get(first, WrittenDate()).bare_weekday
        if not 0 < length <= (_SOME_DAYS if bare else _WEEK_LONG):
            yield span
            return
        weekend = {begin.weekday(), end.weekday()} & {5, 6}
        without = self._weekdays_left_out(clock, span.start.hour)
        for days in range(length, -1, -1):
            weekday = (end - timedelta(days=days)).weekday()
            if (weekend or weekday < _SATURDAY) and weekday not in without:
                yield replace(
                    span,
                    role=Role.WEEKDAYS if bare else Role.DAILY,
                    start=_earlier(span.start, days),
                    end=None if span.end is None else _earlier(span.end, days),
                    alternatives=tuple(
                        (_earlier(one, days), None if other is None else _earlier(other, days))
                        for one, other in span.alternatives
                    ),
                )

    def _alone(self, atom: Atom) -> bool:
        """True when nothing but a mark or a known word follows a bare number."""
        grammar = self.grammar
        return (
            atom.last >= grammar.count
            or grammar.tokens[atom.last].kind == "mark"
            or bool(grammar.entry(atom.last))
            or grammar.gap(atom.last) in ("\n", "¶")
        )

    def _readings(self, index: int, day: int | None) -> tuple[tuple[clocks.ClockReading, ...], Doubt | None]:
        atom = self.atoms[index]
        assert atom.start is not None
        dated = (
            next((p for at in (day, *self.groups[day][-1:]) if (p := self.atoms[at].part)), None)
            if day is not None
            else None
        )
        part = atom.part or self._part_before(index) or dated or self._part_between(index, day) or self._dawn(index)
        return clocks.readings(atom.start, atom.end, part)

    def _part_before(self, index: int) -> str | None:
        """The part of the day right before a clock: "tomorrow morning at 9 or in the afternoon at 3"."""
        grammar = self.grammar
        first = self.atoms[index].first
        while first and "at" in grammar.entry(first - 1) and "part" not in grammar.entry(first - 1):
            first -= 1
        return next((str(e["part"]) for e in grammar.ending(first) if "part" in e and "day" not in e), None)

    def _dawn(self, index: int) -> str | None:
        """The morning for 6 or 7 o'clock where the sentence says that one begins early ("we start early, come at
        6:30"), or all other clocks are of the morning ("8am is off, Friday 7.45 instead")."""
        clock = self.atoms[index].start
        if clock is None or not clock.open or clock.hour not in _DAWN:
            return None
        grammar = self.grammar
        first = self.atoms[index - 1].last if index else 0
        last = self.atoms[index + 1].first if index + 1 < len(self.atoms) else grammar.count
        atom = self.atoms[index]
        for run in (range(atom.first - 1, first - 1, -1), range(atom.last, last)):
            for at in run[:_NEAR_DAWN]:
                if self._breaks(at + 1 if at < atom.first else at):
                    break
                if "dawn" in grammar.entry(at):
                    return "morning"
        return "morning" if self._all_morning and clock.hour > _DAWN[0] else None

    @cached_property
    def _all_morning(self) -> bool:
        """Whether the clocks that say so are all of the morning."""
        halves = {
            clock.half for atom in self.atoms if atom.kind == "clock" for clock in (atom.start, atom.end) if clock
        }
        return "am" in halves and "pm" not in halves

    def _part_between(self, index: int, day: int | None) -> str | None:
        """The part of the day between a date and its clock. With other words behind it, it may tell of something else,
        and turns no clock: "on Friday I am out in the evening, could you come at 10?"."""
        if day is None or day != index - 1:
            return None
        grammar, clock = self.grammar, self.atoms[index]
        for at in range(self.atoms[day].last, clock.first):
            part = grammar.entry(at).get("part")
            if part is not None:
                own = all(
                    grammar.tokens[behind].kind == "mark" or grammar.entry(behind).keys() & _LEADS
                    for behind in range(at + grammar.length(at), clock.first)
                )
                fits = (
                    clock.start is not None and clock.start.minutes(clocks.half_of(clock.start, part)) // 60 in _DAYTIME
                )
                return str(part) if own or fits else None
        return None

    def _time_span(self, index: int) -> TimeSpan | None:
        readings, doubt = self._readings(index, None)
        pairs: list[Pair] = [
            (clocks.to_time(r.start), None if r.end is None else clocks.to_time(r.end)) for r in readings
        ]
        role = self._role(index, index)
        atom = self.atoms[index]
        if self._before_habit(index):
            role = Role.HABIT
        zone = self.zones.get(index)
        begin, end = self._offsets(atom)
        return TimeSpan(
            start=pairs[0][0], end=pairs[0][1], kind="time", text="", from_=begin, to=end,
            zone=zone.name if zone else None, sure=doubt is None, alternatives=tuple(pairs) if doubt else (),
            doubt=doubt, role=role, open_end=atom.open_end, between=self._is_between(atom),
            clock_from=begin, clock_to=end,
        )  # fmt: skip

    def _before_habit(self, index: int) -> bool:
        before = next((at for at in range(index - 1, -1, -1) if self.atoms[at].kind in ("habit", "date")), None)
        return before is not None and self.atoms[before].kind == "habit"

    def _is_between(self, atom: Atom) -> bool:
        """True for "between 9 and 12", "from 9 at the earliest to 12 at the latest"."""
        grammar = self.grammar
        if atom.end is None or any(grammar.led_by(atom.first, lead) for lead in ("between", "earliest")):
            return atom.end is not None
        return atom.first - 1 in grammar.between_ends and "or" in grammar.entry(atom.first - 1)

    def _date_span(self, index: int) -> TimeSpan | None:
        found = self.meanings[index]
        last = self.ranges.get(index)
        role = self._role(index, index)
        finish = self.meanings[last].days[0] if last is not None else None
        if last is not None and self.written.get(index, WrittenDate()).bare_weekday:
            role = Role.HABIT
        if role is Role.PROPOSAL and self._cue_before(index, "thanks"):
            role = Role.FORMER
        days = found.days
        if role is Role.DEADLINE and days == (self.today,) and self.written.get(index, WrittenDate()).bare_weekday:
            days = (self.today + timedelta(weeks=1),)  # nobody who means today names the weekday
        if (
            days == (self.today,)
            and self.written.get(index, WrittenDate()).bare_weekday
            and self._later_day_before(index)
        ):
            days = (self.today + timedelta(weeks=1),)
        if days[0] < self.today and role is Role.PROPOSAL:
            if all(day < self.today for day in days):
                role = Role.PAST
            else:
                days = days[::-1]
        begin, end = self._offsets(self.atoms[index], *((self.atoms[last],) if last is not None else ()))
        if finish is not None and finish <= days[0]:
            return None
        hour = self._hour_within(index) if finish is None else None
        if hour is not None and role is Role.PROPOSAL and self.grammar.led_by(self.atoms[index].first, "ahead"):
            role = Role.DEADLINE  # "vor Mittwochmittag" has no start
        hour = hour if role is Role.DEADLINE else None
        moments: tuple[Moment, ...] = days if hour is None else tuple(datetime.combine(day, hour) for day in days)
        return TimeSpan(
            start=moments[0], end=finish, kind="date" if hour is None else "datetime", text="", from_=begin, to=end,
            sure=found.doubt is None, alternatives=tuple((one, finish) for one in moments) if found.doubt else (),
            doubt=found.doubt, role=role, date_from=begin, date_to=end, part=self._part_near(self.groups[index][-1]),
            clock_from=None if hour is None else begin, clock_to=None if hour is None else end,
        )  # fmt: skip

    def _hour_within(self, index: int) -> time | None:
        """The hour that the word of a weekday holds: "Mittwochmittag"."""
        atom = self.atoms[index]
        named = (self.grammar.entry(at).get("day_hour") for at in range(atom.first, atom.last))
        return next((time(*hour) for hour in named if hour is not None), None)

    def _cue_before(self, index: int, category: str) -> bool:
        """True when a phrase of that category stands before the atom in its sentence, near."""
        begin = self.atoms[index].first
        for at in range(begin - 1, max(begin - 12, -1), -1):
            if self._breaks(at + 1):
                return False
            if category in self.grammar.entry(at):
                return True
        return False

    def _datetime_span(self, item: Bound, day: int, twin: int | None) -> TimeSpan | None:
        atom = self.atoms[item.clock]
        days, day_doubt = self._days(item.clock, day)
        readings, hour_doubt = self._readings(item.clock, day)
        zone = self.zones.get(item.clock)
        pairs, zone_doubt = self._moments(days, readings, zone)
        length = self._length_behind(item.clock)
        if length and atom.end is None:
            pairs = [(start, self._later(start, length)) for start, _ in pairs]
        doubt: Doubt | None = day_doubt or hour_doubt or zone_doubt
        if twin is not None and zone is None and (zone := self.zones.get(twin)) is not None:
            there, hour_doubt = self._readings(twin, day)
            each = ([self._moments((one,), *said)[0] for said in ((readings, None), (there, zone))] for one in days)
            pairs = [pair for bare, zoned in each for pair in self._retold(bare, zoned)]
            doubt = day_doubt or hour_doubt
        elif twin is not None and not self._same_instant(item, twin, day):
            doubt = doubt or "zone"
            pairs += self._moments(days, self._readings(twin, day)[0], self.zones.get(twin))[0]
        role = self._span_role(item, day, [start for start, _ in pairs])
        if role is Role.PROPOSAL and len(days) > 1 and not self._ahead(pairs[0][0]):
            pairs.sort(key=lambda pair: not self._ahead(pair[0]))
        whole = (
            [self.atoms[day], atom] if item.beside and len(item.dates) == 1 and abs(day - item.clock) <= 3 else [atom]
        )
        begin, end = self._offsets(*whole, *((self.atoms[twin],) if twin is not None else ()))
        date_from, date_to = self._offsets(self.atoms[day])
        clock_from, clock_to = self._offsets(atom)
        return TimeSpan(
            start=pairs[0][0], end=pairs[0][1], kind="datetime", text="", from_=begin, to=end,
            zone=zone.name if zone else None, sure=doubt is None,
            alternatives=tuple(dict.fromkeys(pairs)) if doubt else (),
            doubt=doubt, role=role, open_end=atom.open_end and pairs[0][1] is None, between=self._is_between(atom),
            date_from=date_from, date_to=date_to, clock_from=clock_from, clock_to=clock_to,
        )  # fmt: skip

    def _days(self, index: int, day: int) -> tuple[tuple[date, ...], Doubt | None]:
        """The days of a date; a bare weekday that is today means next week once a clock listed for it has passed."""
        found = self.meanings[day]
        written = self.written.get(day)
        if written is not None and written.bare_weekday and found.days == (self.today,):
            passed = (not self._ahead(self._first(clock, day)) for clock in self._alternatives(index, day))
            if any(passed) or self._later_day_before(day):
                return (self.today + timedelta(weeks=1),), None
        return found.days, found.doubt

    def _alternatives(self, index: int, day: int) -> list[int]:
        """The clocks of a day that are listed with one of them, which is among them: "9:30, 11:00 or 15:00"."""
        found = [index]
        for step in (-1, 1):
            at = index
            while at + step in self.clocks.get(day, ()):
                gap = self._gap(*(self.atoms[each] for each in sorted((at, at + step))))
                if not (gap.option or gap.comma) or gap.sentence or gap.paragraph or gap.bracket:
                    break
                at += step
                found.append(at)
        return found

    def _first(self, clock: int, day: int) -> Moment:
        """When a clock of a day is, as it is likeliest read."""
        readings, _ = self._readings(clock, day)
        pairs, _ = self._moments(self.meanings[day].days, readings, self.zones.get(clock))
        return pairs[0][0]

    def _later_day_before(self, day: int) -> bool:
        """True where a day to come was offered before: "Friday at 11, else Monday" on a Monday is not today."""
        return any(index < day and found.days[0] > self.today for index, found in self.meanings.items())

    def _moments(
        self, days: tuple[date, ...], readings: tuple[clocks.ClockReading, ...], zone: Zone | None
    ) -> tuple[list[Pair], Doubt | None]:
        pairs: list[Pair] = []
        doubt: Doubt | None = None
        for day in days:
            for reading in readings:
                start = datetime.combine(day, time()) + timedelta(minutes=reading.start)
                end = None if reading.end is None else datetime.combine(day, time()) + timedelta(minutes=reading.end)
                if zone is None:
                    pairs.append((start, end))
                    continue
                means = list(zone_table.readings(zone, start, self.context.reference.utcoffset()))
                if len({start.replace(tzinfo=tz).utcoffset() for tz in means}) > 1:
                    doubt = "zone"
                pairs += [(start.replace(tzinfo=tz), end and end.replace(tzinfo=tz)) for tz in means] or [(start, end)]
        return pairs, doubt

    def _later(self, start: Moment, minutes: int) -> Moment:
        assert isinstance(start, datetime)
        return start + timedelta(minutes=minutes)

    def _ahead(self, start: Moment) -> bool:
        assert isinstance(start, datetime)
        return start >= (self.context.reference if start.tzinfo else self.now)

    def _length_behind(self, index: int) -> int:
        """Minutes of "for 45 minutes" right behind a clock."""
        if index + 1 >= len(self.atoms) or self.atoms[index + 1].kind != "length":
            return 0
        length = self.atoms[index + 1]
        led = self.grammar.led_by(length.first, "for")
        gap = self._gap(self.atoms[index], length)
        return length.minutes if led and not gap.sentence and gap.words <= 3 else 0

    def _same_instant(self, item: Bound, twin: int, day: int) -> bool:
        here = self._moments(
            self.meanings[day].days[:1], self._readings(item.clock, day)[0], self.zones.get(item.clock)
        )[0]
        there = self._moments(self.meanings[day].days[:1], self._readings(twin, day)[0], self.zones.get(twin))[0]
        starts = [(a[0], b[0]) for a in here for b in there]
        return any(
            isinstance(a, datetime)
            and isinstance(b, datetime)
            and (a.tzinfo is None) == (b.tzinfo is None)
            and (a - b).total_seconds() % 86400 == 0
            for a, b in starts
        )

    def _retold(self, here: Sequence[Pair], there: Sequence[Pair]) -> list[Pair]:
        """What a clock means that is said again with a zone, "9:00 AM (3:00 PM CET)": that instant, on the day that
        gives the first naming an offset there is on earth; likeliest the sender's own."""
        own = self.now - self.context.reference.astimezone(UTC).replace(tzinfo=None)
        found: list[tuple[timedelta, Pair]] = []
        for (wall, _), (start, end) in itertools.product(here, there):
            if not (isinstance(wall, datetime) and isinstance(start, datetime) and start.tzinfo):
                continue
            for days in (-1, 0, 1):
                moved = start + timedelta(days=days)
                offset = wall.replace(tzinfo=UTC) - moved.astimezone(UTC)
                if _WEST < offset <= _EAST:
                    finish = end + timedelta(days=days) if isinstance(end, datetime) else None
                    found.append((abs(offset - own), (moved, finish)))
        return [pair for _, pair in sorted(found, key=lambda one: one[0])] or list(there)

    def _span_role(self, item: Bound, day: int, starts: Sequence[Moment]) -> Role:
        if day in self.ranges or day in self.ranges.values():
            return Role.SPAN
        atom = self.atoms[item.clock]
        between = range(self.atoms[day].last, atom.first) if item.beside else ()
        if any("habit" in self.grammar.entry(at) for at in between):
            return Role.HABIT  # "between 25 Feb and 6 March, weekdays 9 to 6"
        if item.forward and self._weekday_alone(day) and self.grammar.led_by(self.atoms[day].first, "indefinite"):
            return Role.HABIT  # "at 10am each Monday"
        held = item.beside and self.grammar.led_by(self.atoms[min(day, item.clock)].first, "held")
        if day < item.clock and atom.end is None and self.grammar.led_by(atom.first, "deadline") and not held:
            return Role.DEADLINE  # "Friday before noon" has no start
        role = Role.PROPOSAL
        if item.beside:
            first, last = sorted((day, item.clock))
            role = self._role(first, last, held=held)
            if role is Role.PROPOSAL and not held and self.atoms[item.clock].kind == "clock" and item.forward:
                role = self._role(item.clock, last)
        else:
            role = self._role(item.clock, item.clock)
            of_day = self._role(day, day)
            if role is Role.PROPOSAL and of_day in (Role.HABIT, Role.LEFT_OUT, Role.FORMER):
                role = Role.FORMER if of_day is Role.FORMER else Role.HABIT
        if role is Role.PROPOSAL and not any(self._ahead(start) for start in starts):
            return Role.PAST
        return role
