"""The atoms of times: what the grammar finds and the composer joins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from raincheck.core.reading.clock import Clock
    from raincheck.core.reading.dates import WrittenDate
    from raincheck.core.reading.zones import Zone

AtomKind = Literal["date", "clock", "number", "length", "zone", "week", "month", "same_time", "next_day", "habit"]


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of a time: tokens [first, last). Only the fields of its kind are set."""

    kind: AtomKind
    first: int
    last: int
    date: WrittenDate | None = None  # of a week: a day in it
    part: str | None = None  # part of the day named with the date or the clock
    start: Clock | None = None
    end: Clock | None = None
    open_end: bool = False
    zone: Zone | None = None
    minutes: int = 0  # of a length
    weeks: int | str = 0  # of "next week" standing alone; of a "next day" the days from the one before
    isoweek: int | None = None  # of "KW 50" standing alone
    vague: bool = False  # "lunchtime": a time only beside its day
    weak: bool = False  # a bare number, believed for the word before it
    whole: bool = False  # the date carries more than a weekday
    day_like: bool = False  # a loose number that looks like a day ("3rd", "3.")
    again: int = 0  # of a clock: the token behind what says it again: "(16:00 CET)"; 0 where nothing does

    @property
    def told(self) -> int:
        """The token behind all that names this time."""
        return self.again or self.last
