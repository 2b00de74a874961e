"""Days told in a row with one month for all of them, and perhaps with a row of their weekdays before it: "17./18.03.",
"Di/Mi, 17./18. März", "Tuesday and Wednesday, 17 and 18 March", "Tue/Wed March 17/18". Each weekday is that of the day
in its place of the row.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from raincheck.core.reading.atom import Atom
from raincheck.core.reading.dateatoms import DateAtoms
from raincheck.core.reading.dates import WrittenDate

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST = 5  # days of a row
_BETWEEN = 3  # marks and small words between a row of weekdays and that of their days


class _Day(NamedTuple):
    """One number of a row, where it stands, and whether something marks it as a day ("17.", "17th")."""

    value: int
    first: int
    last: int
    ordinal: bool


class _Month(NamedTuple):
    """The month of a row, with its year where that is written, and the token behind it."""

    month: int
    year: int | None
    last: int


class DayRowAtoms(DateAtoms):
    """Finds rows of days."""

    def _day_row(self, index: int) -> list[Atom]:
        """The dates of the row that begins there, in order; none where no row does."""
        if not self._row_may_begin(index):
            return []
        weekdays, at = self._weekday_row(index)
        if len(weekdays) == 1 or (not weekdays and self.number(index) is None):
            return []
        at = self._into_days(at) if weekdays else at
        ahead = self.entry(at).get("month") if self.number(at) is None else None
        days = self._numbers(at + self.length(at) if ahead is not None else at)
        if len(days) < 2 or (weekdays and len(days) != len(weekdays)):
            return []
        month = _Month(ahead, None, days[-1].last) if ahead is not None else self._month_behind(days[-1])
        if month is None and not (weekdays and all(day.ordinal for day in days)):
            return []
        if not weekdays and not self._dates_alone(index, days, month):
            return []
        last = month.last if month is not None else days[-1].last
        names: Sequence[int | None] = weekdays or [None] * len(days)
        return [
            Atom(
                "date",
                index if place == 0 else day.first,
                last if place == len(days) - 1 else day.last,
                date=WrittenDate(
                    weekday=name,
                    day=day.value,
                    month=month.month if month is not None else None,
                    year=month.year if month is not None else None,
                ),
                whole=True,
            )
            for place, (name, day) in enumerate(zip(names, days, strict=True))
        ]

    def _row_may_begin(self, index: int) -> bool:
        """Whether something joins a first day, or its weekday, to another: where a row could begin, it seldom does."""
        if self.tokens[index].kind == "number":
            marked = index + 1 < self.count and self.tokens[index + 1].low in self.words.day_suffixes
            return marked and self._past_joint(index + 2) is not None
        entry = self.entries[index][0]
        at = index + self.length(index) if "modifier" in entry else index
        if "weekday" not in self.entry(at):
            return False
        at += self.length(at)
        return self._past_joint(at + (self.glued(at) == ".")) is not None

    def _dates_alone(self, index: int, days: list[_Day], month: _Month | None) -> bool:
        """True for days without weekdays that only figures name ("10./11.3."), where nothing else can be meant: what
        the name of a month makes days needs no row."""
        if month is None or month.last == days[-1].last or "month" in self.entry(month.last - 1):
            return False
        if not all(day.ordinal for day in days) or not self.stands_free(index):
            return False
        rising = all(one.value < two.value for one, two in pairwise(days))
        return rising and (self.led_by(index, "date_lead") or self._at_clock(month.last) or self._after_label(index))

    def _after_label(self, index: int) -> bool:
        """True at the begin of a line, or behind a colon."""
        return index == 0 or self.gap(index) in ("\n", "¶", "\t") or self.low(index - 1) in (":", "-", "*", "•")

    def _weekday_row(self, index: int) -> tuple[list[int], int]:
        """The weekdays of a row that begins there, and the token behind it."""
        found: list[int] = []
        at = index + self.length(index) if "modifier" in self.entry(index) else index  # "next Tuesday or Wednesday"
        while len(found) < _MOST and "weekday" in (entry := self.entry(at)):
            named = self.tokens[at].text[:1].isupper() or len(self.low(at)) > 3
            if not named or "part" in entry:
                break
            found.append(entry["weekday"])
            at += self.length(at)
            at += self.glued(at) == "."
            joined = self._past_joint(at)
            if joined is None or "weekday" not in self.entry(joined) or self.gap(joined) == "¶":
                break
            at = joined
        return found, at

    def _past_joint(self, at: int) -> int | None:
        """The token behind what joins two members of a row: "/", "and", ","; None where nothing does."""
        if self.gap(at) == "¶" or not (self.low(at) in ("/", ",", "+") or self.entry(at).keys() & {"or", "with"}):
            return None
        then = at + self.length(at)
        return then + self.length(then) if self.low(at) == "," and "or" in self.entry(then) else then

    def _into_days(self, at: int) -> int:
        """Behind what may stand between the weekdays and the days: ", the", " (", "den"."""
        for _ in range(_BETWEEN):
            small = self.entry(at).keys() & {"date_glue", "date_lead"} and "month" not in self.entry(at)
            if self.gap(at) == "¶" or not (self.low(at) in (",", "(", ":") or small):
                break
            at += self.length(at)
        return at

    def _numbers(self, at: int) -> list[_Day]:
        """The days of a row from there on."""
        found: list[_Day] = []
        while len(found) < _MOST and (value := self.number(at)) is not None and 1 <= value <= 31:
            last = at + 1
            if self.glued(last) == ":" or "hour" in self.entry(last):
                return []
            ordinal = self.glued(last) in self.words.day_suffixes
            last += ordinal
            found.append(_Day(value, at, last, ordinal))
            joined = self._past_joint(last)
            if joined is None or self.number(joined) is None:
                break
            at = joined
        return found

    def _month_behind(self, day: _Day) -> _Month | None:
        """The month behind the last day of a row: "18. März", "18 of March 2026", "18.03.26"."""
        at = day.last
        if self.low(at - 1) == "." and self.number(at) is not None and self.gap(at) in ("", " "):
            read = self._day_month(day.first, day.value, self.number(at) or 0, ".") if self.gap(at) == "" else None
            if read is None or self.low(at + 1) != ".":
                return None
            year = read[0].get("year")
            return _Month(int(str(read[0]["month"])), year if isinstance(year, int) else None, read[1])
        while "date_glue" in self.entry(at) and "month" not in self.entry(at) and self.gap(at) == " ":
            at += self.length(at)
        month = self.entry(at).get("month")
        if month is None or self.gap(at) not in ("", " ", "\n"):
            return None
        at += self.length(at)
        year = self.number(at, 4) if len(self.low(at)) == 4 and not self._clock_behind(at + 1) else None
        return _Month(month, year, at + (year is not None))
