"""Tokens → the atoms of times: written dates, clocks and ranges of clocks, lengths, zones. What they mean together is
decided in times.py.

One pass from left to right, each atom as long as it can be; a number that could be a clock or a day only beside others
("10, 11 or 14:00", "3 or 4 December") is kept as a loose number and joined to its neighbour afterwards.
"""

from __future__ import annotations

from dataclasses import replace

from raincheck.core.reading.atom import Atom
from raincheck.core.reading.clock import Clock
from raincheck.core.reading.clockatoms import ClockAtoms
from raincheck.core.reading.dateatoms import DAY, WEEK

_EARLIEST = 7  # o'clock: from here on "9h" behind a date is a clock, no length
_BEGINS = frozenset({  # the meanings of phrases with which an atom begins
    "same_time", "same_day", "next_day", "day_before", "week_later", "recurring", "number", "later_before",
    "week_of", "day_out", "ends", "weekday", "feast", "modifier", "ordinal", "month", "day", "weeks", "isoweek",
    "fixed", "before_hour", "month_week",
})  # fmt: skip
MAX_ATOMS = 300  # what a text names beyond so many dates and clocks is not read


class Grammar(ClockAtoms):
    """Reads one text; holds nothing beyond it."""

    def atoms(self) -> list[Atom]:
        """All atoms in reading order."""
        found: list[Atom] = []
        index = 0
        while index < self.count and len(found) < MAX_ATOMS:
            token = self.tokens[index]
            entry, length = self.entries[index]
            atom = None
            if token.kind == "mark":
                index += 1
                continue
            if token.kind == "word" and not length:
                if self.low(index + 1) == "/" and self.gap(index + 1) == "":
                    atom = self._iana(index)
            elif "noise" in entry:
                index += length
                continue
            elif self._may_begin(index):
                if row := self._day_row(index):
                    found += row
                    index = row[-1].last
                    continue
                atom = self._atom(index)
            if atom is None and token.kind == "word" and self._zone_may_stand(index):
                atom = self._standing_zone(index)
            if atom is None:
                index += 1
                continue
            found.append(atom)
            if atom.kind == "clock":
                self.clock_end = atom.last
            index = max(atom.last, index + 1)
        return self._join_numbers(found)

    def _may_begin(self, index: int) -> bool:
        """Whether an atom can begin there at all: most known words only join others."""
        entry = self.entry(index)
        return (
            self.tokens[index].kind == "number"
            or not _BEGINS.isdisjoint(entry)
            or ("single" in entry and self.led_by(index, "term"))  # "within a week"
            or (self._speaks_of_weeks and bool(self.words.means(self.low(index), "weeks_ahead")))
        )

    def _iana(self, index: int) -> Atom | None:
        named = self.zone_at(index)
        return Atom("zone", index, named[1], zone=named[0]) if named else None

    def _atom(self, index: int) -> Atom | None:
        entry = self.entry(index)
        end = index + self.length(index)
        if "same_time" in entry:
            return Atom("same_time", index, end, part=entry.get("part"))
        for kind, days in (("same_day", 0), ("next_day", 1), ("day_before", -1), ("week_later", 7)):
            if kind in entry:
                return Atom("next_day", index, end, part=entry.get("part"), weeks=days)
        if "recurring" in entry:
            return Atom("habit", index, index + self.length(index))
        return (
            self._length(index)
            or self._week_of(index)
            or self._date(index)
            or self._week(index)
            or self._month(index)
            or self._clock(index)
            or self._loose_number(index)
        )

    def _week_of(self, index: int) -> Atom | None:
        """ "the week of 7 December": a week, no day."""
        if "week_of" not in self.entry(index):
            return None
        at = self._skip_date_glue(index + self.length(index))
        if "definite" in self.entry(at):
            at += self.length(at)
        ranged = self._week_ranged(index, at)
        if ranged is not None:
            return ranged
        named = self._date(at) if at < self.count else None
        if named is None or named.date is None or named.date.day is None:
            return None
        last, written = named.last, replace(named.date, weekday=None)
        joiner = last + (self.low(last) == ".")
        if "to" in self.entry(joiner) or self.low(joiner) == "-":  # "the week of 8 June to 12 June"
            then = self._skip_date_glue(joiner + self.length(joiner))
            ending = self._date(then) if then < self.count else None
            if ending is not None:
                return Atom("week", index, ending.last, date=written)
        for behind in range(at + 1, last):
            if "weekday" in self.entry(behind):  # "the week of March 9, Tuesday at 10": a day of that week
                last = behind
                break
        while last > at + 1 and self.low(last - 1) in (",", "(", "."):
            last -= 1
        return Atom("week", index, self._past_weeks(last), date=written)

    def _past_weeks(self, last: int) -> int:
        """Behind the other weeks of "the weeks of 11 May and 18 May": days without a weekday and a clock."""
        while "or" in self.entry(last):
            then = self._skip_date_glue(last + self.length(last))
            other = self._date(then) if then < self.count else None
            if other is None or other.date is None or other.date.day is None or other.date.weekday is not None:
                break
            if "at" in self.entry(other.last) or self.number(other.last) is not None:
                break
            last = other.last
        return last

    def _week_ranged(self, index: int, at: int) -> Atom | None:
        """ "the week of 9 to 13 March", "in der Woche vom 22. bis 26.02.": the month stands behind its last day."""
        day = self.number(at)
        joiner = at + 1 + (self.glued(at + 1) in self.words.day_suffixes)
        if day is None or not ("to" in self.entry(joiner) or self.low(joiner) == "-"):
            return None
        then = self._skip_date_glue(joiner + self.length(joiner))
        last = self._date(then) if then < self.count else None
        if last is None or last.date is None or last.date.month is None or last.date.day is None:
            return None
        written = replace(last.date, day=day, weekday=None) if day < last.date.day else last.date
        return Atom("week", index, last.last, date=written)

    def _length(self, index: int) -> Atom | None:
        """ "45 minutes", "1.5 hours", "30-45 min", "an hour" (with `for` before it)."""
        if self._counted_ahead(index, {}) != index:
            return None  # "three weeks from Friday"
        value: float | None = self.number(index, 3)
        end = index + 1
        if value is not None and self.glued(end) in (".", ",") and self.number(end + 1, 1) is not None:
            value += (self.number(end + 1, 1) or 0) / 10
            end += 2
        if value is None and "number" in self.entry(index):
            value, end = self.entry(index)["number"], index + self.length(index)
            if self.low(end) == "(" and self.number(end + 1, 3) is not None and self.low(end + 2) == ")":
                end += 3  # "one (1) hour"
        if "later_before" in self.entry(index) and self.led_by(index, "term"):
            weeks = int(self.entry(index)["later_before"])
            return Atom("length", index, index + self.length(index), minutes=weeks * WEEK)
        if value is None and "single" in self.entry(index) and self.led_by(index, "term"):
            value, end = 1, index + self.length(index)  # "within a week"
        if value is None:
            return None
        upper_at = end + 1
        if self.low(end) == "-" or "to" in self.entry(end):
            upper = self.number(upper_at, 3)
            if upper is not None and self._unit(upper_at + 1):
                value, end = upper, upper_at + 1
        elif self.glued(end) == "" and "or" in self.entry(end):
            return None
        if self.low(end) == "-" and self.gap(end) == "":
            end += 1
        unit = DAY if "workdays" in self.entry(end) else self._unit(end)
        if not unit or ("hour" in self.entry(end) and unit == 60):
            return None
        if self.glued(end + 1)[:1].isdigit() or (self.low(end) == "h" and self._minutes_at(end + 1)):
            return None  # 10h30, 10 h 30
        led = self._after_date(index) or any(self.led_by(index, sign) for sign in ("from", "clock_lead", "after"))
        if self.low(end) == "h" and value >= _EARLIEST and led:
            return None  # 10 March 15h, from 18h, between 9 h and 10 h 30, at 17 h
        return Atom("length", index, end + self.length(end), minutes=int(value * unit))

    def _minutes_at(self, index: int) -> bool:
        minute = self.number(index)
        return minute is not None and minute < 60 and len(self.tokens[index].text) == 2

    def _unit(self, index: int) -> int:
        entry = self.entry(index)
        return int(entry.get("unit", 0)) if self.tokens[index : index + 1] else 0

    def _loose_number(self, index: int) -> Atom | None:
        value = self.number(index)
        if value is None and "or" in self.entry(index + 1) and (self.low(index - 1) == "," or self._led(index)):
            value = self.entry(index).get("number")  # "Monday, ten or half past eleven"
        if value is None or value > 31 or not (self.stands_free(index) or self.low(index - 1) in ("-", "/")):
            return None
        end = index + 1
        suffixed = self.glued(end) in self.words.day_suffixes and self.low(end) != ""
        dotted = self.glued(end) == "." and self.gap(end + 1) != "" and not suffixed
        if suffixed:
            end += 1
        elif not dotted and not self.ends_free(end) and self.glued(end) not in ("/", "-"):
            return None
        return Atom("number", index, end, start=Clock(value, certain=value > 12), day_like=suffixed)

    def _join_numbers(self, found: list[Atom]) -> list[Atom]:
        """Loose numbers beside a date or a clock become one, from the right ("3 or 4 December"), then from the left."""
        for index in range(1, len(found)):
            following = found[index + 1] if index + 1 < len(found) else None
            hours = following is not None and self._hours(found[index], following)
            if found[index].kind == "number" and not hours and self._lists_day(found[index - 1], found[index]):
                date = found[index - 1].date
                assert date is not None
                value = start.hour if (start := found[index].start) else 0
                found[index] = replace(
                    found[index], kind="date", date=replace(date, day=value, weekday=None), start=None, whole=True
                )
        for index in range(len(found) - 2, -1, -1):
            if found[index].kind == "number" and self._listed(found[index], found[index + 1]):
                right = found[index + 1]
                found[index] = self._likened(found[index], right, leftwards=True)
                if self._spans(found[index], right):  # "9-10 and 15-16:30"
                    found[index] = replace(found[index], end=right.start, last=right.last)
                    found[index + 1] = replace(right, kind="number")
        for index in range(1, len(found)):
            if found[index].kind == "number" and self._listed(found[index - 1], found[index]):
                found[index] = self._likened(found[index], found[index - 1], leftwards=False)
        return [atom for atom in found if atom.kind != "number"]

    def _hours(self, number: Atom, following: Atom) -> bool:
        """True for the 14 of "March 11, 14 or 16 o'clock"."""
        joined = following.first - number.last == 1 and "or" in self.entry(number.last)
        return joined and following.kind == "clock"

    def _lists_day(self, left: Atom, right: Atom) -> bool:
        """True for the 17 and 19 of "March 16, 17 and 19": days behind a month that stands before its day."""
        if left.kind != "date" or left.date is None or left.date.day is None or right.start is None:
            return False
        month = "month" in self.entry(left.first) or (
            self.tokens[left.first].kind == "number" and left.first == left.last - 1
        )
        bare = left.date.month is None and left.date.relative is None and right.day_like  # "the 20th and 21st"
        between = range(left.last, right.first)
        joined = all(self.low(at) in (",", "&") or self.entry(at).keys() >= {"or"} for at in between)
        ranged = len(between) == 1 and self.low(left.last) == "-" and self.gap(left.last) == ""  # "July 6-8, 10am-4pm"
        joined = joined or (ranged and month and left.date.month is not None)
        return (
            ((month and left.date.month is not None) or bare)
            and len(between) in (1, 2)
            and joined
            and left.date.day < right.start.hour
        )

    def _spans(self, left: Atom, right: Atom) -> bool:
        """True for two bare hours with a dash between."""
        bare = left.kind == right.kind == "clock" and right.weak and right.end is None and right.last - right.first == 1
        return bare and right.first - left.last == 1 and self.low(left.last) == "-"

    def _listed(self, left: Atom, right: Atom) -> bool:
        between = range(left.last, right.first)
        if not 1 <= len(between) <= 3 or any(self.gap(index) == "¶" for index in (*between, right.first)):
            return False
        return all(
            self.low(index) in (",", "/", "-") or self.entry(index).keys() & {"or", "to", "on", "at"}
            for index in between
        ) and any(self.low(index) in (",", "/", "-") or self.entry(index).keys() & {"or", "to"} for index in between)

    def _likened(self, number: Atom, neighbour: Atom, *, leftwards: bool) -> Atom:
        value = number.start.hour if number.start else 0
        date = neighbour.date
        clocked = self.led_by(number.first, "clock_lead")  # "1 April at 14 and 2 April at 9"
        if (
            neighbour.kind == "date"
            and not clocked
            and leftwards
            and date is not None
            and date.day is not None
            and date.month
        ):
            first = self.tokens[neighbour.first]
            if first.kind == "number" and 1 <= value <= 31 and not date.swappable and value != date.day:
                return replace(number, kind="date", date=replace(date, day=value, weekday=None), start=None, whole=True)
        if neighbour.kind != "clock" or number.day_like or value > 24:
            return number
        if not leftwards and not self._believable_end(number.last):
            return number
        if not leftwards and self.low(number.first - 1) == "-":
            return number
        if neighbour.start is None:
            return number
        half = neighbour.start.half if value <= 12 and leftwards else None
        if half == "pm" and Clock(value, half=half).minutes() > neighbour.start.minutes():
            half = "am"  # "10, 11 or 1 pm"
        clock = Clock(value, half=half, certain=value > 12)
        return replace(number, kind="clock", start=clock, part=neighbour.part if leftwards else None, weak=True)
