"""Weeks and months that a text names without a day in them: "the week of 14 December", "KW 50", "early in January"."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING

from raincheck.core.reading.timebinding import BoundAtoms
from raincheck.core.reading.timespan import Role, TimeSpan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.core.reading.atom import Atom

_STAGES = ("early", "middle", "late", "first_half", "second_half")
_OF_WEEK = {"early": (0, 2), "middle": (1, 3), "late": (2, 4), "first_half": (0, 2), "second_half": (2, 4)}
_OF_MONTH = {"early": (1, 10), "middle": (11, 20), "late": (21, 31), "first_half": (1, 15), "second_half": (16, 31)}
_BESIDE = 4  # tokens between a week and the part of the day that is meant


class PeriodAtoms(BoundAtoms):
    """The atoms with the periods that weeks and months mean."""

    def _loose_periods(self) -> Iterator[TimeSpan]:
        """A span for each week and month; those that are over, or that a deadline names, are left out."""
        for index, atom in enumerate(self.atoms):
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

    def _stage(self, atom: Atom) -> str | None:
        return next((stage for stage in _STAGES if self.grammar.led_by(atom.first, stage)), None)

    def _week(self, atom: Atom) -> tuple[date, date] | None:
        weeks = self._weeks(atom)
        if not isinstance(weeks, int) or weeks < 0:
            return None
        monday = self.today + timedelta(weeks=weeks, days=-self.today.weekday())
        first, last = _OF_WEEK.get(self._stage(atom) or "", (0, 6))
        return monday + timedelta(days=first), monday + timedelta(days=last)

    def _month(self, atom: Atom) -> tuple[date, date] | None:
        if atom.date is None or atom.date.month is None:
            return None
        month = atom.date.month
        year = atom.date.year or self.today.year + (month < self.today.month)
        first, last = _OF_MONTH.get(self._stage(atom) or "", (1, 31))
        return date(year, month, first), date(year, month, min(last, monthrange(year, month)[1]))
