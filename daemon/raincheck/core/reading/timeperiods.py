"""Weeks and months that a text names without a day in them: "the week of 14 December", "KW 50", "early in January"."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from raincheck.core.reading.dates import WrittenDate, weekday_after
from raincheck.core.reading.timebinding import BoundAtoms
from raincheck.core.reading.timedates import MEMBERS
from raincheck.core.reading.timespan import Role, TimeSpan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from raincheck.core.reading.atom import Atom

_OF_WEEK = {"early": (0, 2), "middle": (1, 3), "late": (2, 4), "first_half": (0, 2), "second_half": (2, 4)}
_HOURS = {"morning": range(12), "afternoon": range(12, 18), "evening": range(17, 24), "night": range(20, 24)}
_SATURDAY = 5  # of the days from Monday, 0
_LONGEST = 20  # days after the first of a range whose days all have the same hours
_BESIDE = 4  # tokens between a week and the part of the day that is meant


class PeriodAtoms(BoundAtoms):
    """The atoms with the periods that weeks and months mean."""

    def _loose_periods(self) -> Iterator[TimeSpan]:
        """A span for each week, month and "Mondays"; those that are over, or that a deadline names, are left out."""
        for index, atom in enumerate(self.atoms):
            if atom.kind == "habit":
                begin, end = self._offsets(atom)
                day = weekday_after(self.today, self.grammar.entry(atom.first)["recurring"])
                yield TimeSpan(
                    start=day, end=None, kind="date", text="", from_=begin, to=end, role=Role.WEEKLY, date_from=begin,
                    date_to=end,
                )  # fmt: skip
            days = self._week(atom) if atom.kind == "week" else self._month(atom) if atom.kind == "month" else None
            if days is None or days[1] < self.today:
                continue
            begin, end = self._offsets(atom)
            role = self._role(index, index)
            if role is Role.DEADLINE and atom.kind == "month" and self._stage(atom) == "late":
                yield TimeSpan(  # "by the end of March"
                    start=days[1], end=None, kind="date", text="", from_=begin, to=end, role=role, date_from=begin,
                    date_to=end,
                )  # fmt: skip
            if role not in (Role.PROPOSAL, Role.HABIT):
                continue
            yield TimeSpan(
                start=max(days[0], self.today), end=days[1], kind="date", text="", from_=begin, to=end,
                role=Role.PERIOD, date_from=begin, date_to=end, part=self._part_near(index),
            )  # fmt: skip

    def _every_day(self, clock: int) -> tuple[date, ...]:
        """The days of a range of clocks that holds for all working days of a week or of a range of dates, but for
        those that are left out: "any evening next week between 8 and 9 except Wednesday"."""
        if self.atoms[clock].end is None or not (self.ranges or self._names_weeks):
            return ()
        if clock + 1 < len(self.atoms) and self.atoms[clock + 1].kind == "clock" and self._again(clock, clock + 1):
            return self._every_day(clock + 1)
        around = self._sentence_of(clock)
        first, last = self.atoms[around[0]].first, self.atoms[around[-1]].last
        period = self._only_period(around) or self._period_before(around[0])
        named = [index for index in around if index in self.meanings]
        bare = [index for index in named if (self.atoms[index].date or WrittenDate()).bare_weekday]
        left_out = [index for index in bare if self._left_out(index)]
        weekly = next((i for i in bare if self.ranges.get(i) in bare and i not in left_out), None)
        if weekly is not None and any(self.atoms[index].kind == "week" for index in around):
            return ()  # "Monday to Wednesday next week"
        bounds = {index for begin, end in self.ranges.items() for index in (begin, end) if begin in named}
        said = any("any_day" in self.grammar.entry(at) for at in range(max(first - _BESIDE, 0), last + _BESIDE))
        if period is None or not (said or weekly is not None) or set(named) - set(left_out) - bounds:
            return ()
        wanted = self._weekdays(weekly) if weekly is not None else range(5)
        if weekly is None and bounds and max(day.weekday() for day in period) >= _SATURDAY:
            wanted = range(7)  # "every day from Thursday 19 to Saturday 21 March"
        without = {self.meanings[index].days[0].weekday() for index in left_out}
        length = min((period[1] - period[0]).days, _LONGEST)
        days = [period[0] + timedelta(days=ahead) for ahead in range(length + 1)]
        return tuple(
            day for day in days if day > self.today and day.weekday() in wanted and day.weekday() not in without
        )

    @cached_property
    def _names_weeks(self) -> bool:
        return any(atom.kind == "week" for atom in self.atoms)

    def _sentence_of(self, index: int) -> list[int]:
        """The atoms of the sentence of a clock up to the next clock on both sides, in order."""
        found = [index]
        for step in (-1, 1):
            at = index
            while 0 <= at + step < len(self.atoms) and len(found) < MEMBERS:
                left, right = sorted((at, at + step))
                gap = self._gap(self.atoms[left], self.atoms[right])
                if gap.sentence or gap.paragraph or self.atoms[at + step].kind == "clock":
                    break
                at += step
                found.append(at)
        return sorted(found)

    def _only_period(self, around: list[int]) -> tuple[date, date] | None:
        """The one week or range of dates among atoms; None where there are several or none."""
        weeks = [self._week(self.atoms[index]) for index in around if self.atoms[index].kind == "week"]
        spans = [
            (self.meanings[begin].days[0], self.meanings[end].days[0])
            for begin, end in self.ranges.items()
            if begin in around and not self.written.get(begin, WrittenDate()).bare_weekday
        ]
        found = [*weeks, *spans]
        return found[0] if len(found) == 1 else None

    def _period_before(self, index: int) -> tuple[date, date] | None:
        """The week, or the range of dates, right before, in the same paragraph: "When are you free next week? Any day,
        from 9 to 12."."""
        before = self.atoms[index - 1] if index > 0 else None
        if before is None or self._gap(before, self.atoms[index]).paragraph:
            return None
        if before.kind == "week":
            return self._week(before)
        return self._only_period([index - 2]) if self.ranges.get(index - 2) == index - 1 else None

    def _weekdays_left_out(self, index: int, hour: int) -> set[int]:
        """The weekdays that the sentence of a clock leaves out: "Monday to Friday, except Wednesday"; with a part of
        the day named, only for hours in it: "nur Dienstagabend nicht"."""
        around = self._sentence_of(index)
        bounds = {bound for pair in self.ranges.items() for bound in pair}
        return {
            self.meanings[at].days[0].weekday()
            for at in around
            if at in self.meanings and at not in bounds and self._left_out(at) and hour in self._hours_in(at)
        }

    def _hours_in(self, index: int) -> range:
        """The hours of the part of a day that is named with it."""
        return _HOURS.get(self.atoms[index].part or "", range(24))

    def _weekdays(self, index: int) -> range:
        first, last = (self.written[at].weekday or 0 for at in (index, self.ranges[index]))
        return range(first, last + 1)

    def _part_near(self, index: int) -> str | None:
        """The part of the day that is named with days: "one afternoon next week", "next week, in the morning"."""
        grammar, atom = self.grammar, self.atoms[index]
        if atom.part is not None:
            return atom.part
        neighbours = self.atoms[max(index - 1, 0) : index + 2]
        taken = {at for other in neighbours for at in range(other.first, other.last)}
        before = range(atom.first - 1, max(atom.first - 1 - _BESIDE, -1), -1)
        for run in (range(atom.last, min(atom.last + _BESIDE, grammar.count)), before):
            for at in run:
                if at in taken or grammar.low(at) in ".!?;" or grammar.gap(at) == "¶":
                    break
                if "part" in grammar.entry(at):
                    return str(grammar.entry(at)["part"])
        return None

    def _week(self, atom: Atom) -> tuple[date, date] | None:
        weeks = self._weeks(atom)
        if not isinstance(weeks, int) or weeks < 0:
            return None
        monday = self.today + timedelta(weeks=weeks, days=-self.today.weekday())
        first, last = _OF_WEEK.get(self._stage(atom) or "", (0, 6))
        return monday + timedelta(days=first), monday + timedelta(days=last)
