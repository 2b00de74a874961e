"""The values of the grammar of times: what it is told (TimeContext) and what it answers (TimeSpan)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from raincheck.core.reading.zones import load_zone

if TYPE_CHECKING:
    from raincheck.core.reading.dates import Doubt
    from raincheck.core.reading.timewords import TimeWords
    from raincheck.core.reading.zones import ZoneTable

Moment = datetime | date | time
Pair = tuple[Moment, Moment | None]  # begin and end


class Role(StrEnum):
    """What a time is for its writer."""

    PROPOSAL = "proposal"  # a time offered, fixed or asked about
    DEADLINE = "deadline"  # "by Friday": the last moment for something
    LEFT_OUT = "left out"  # "any day but Tuesday", "not on Monday"
    HABIT = "habit"  # office hours, "Mondays", "Mon-Fri 9-17"
    FORMER = "former"  # the moved-from time of a reschedule
    ARRIVAL = "arrival"  # "please arrive at"
    SPAN = "span"  # a clock for a range of dates: "between 5 and 12 March, 9:00-18:00"
    DAILY = "daily"  # the same clocks on each of several days: "Monday to Wednesday, 9 to 12"
    WEEKDAYS = "weekdays"  # the same of weekdays that no week is named for: an offer, or a custom
    WEEKLY = "weekly"  # "Mondays", without a clock; the date is the next one
    PERIOD = "period"  # a week or a month, without a day in it
    PAST = "past"  # before the reference


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """One time that a text names: a moment or a range.

    A datetime is aware when the text names a zone, else it is the wall clock of `TimeContext.tz`. text is the given
    text from from_ to to. When not sure, alternatives holds every reading as (start, end), the likeliest first and
    equal to start and end; doubt says why.
    """

    start: Moment
    end: Moment | None
    kind: Literal["datetime", "date", "time"]
    text: str
    from_: int
    to: int
    zone: str | None = None
    sure: bool = True
    alternatives: tuple[tuple[Moment, Moment | None], ...] = ()
    doubt: Doubt | None = None
    role: Role = Role.PROPOSAL
    open_end: bool = False  # "after 3": a range without end
    between: bool = False  # "between 3 and 5": a range inside which something shorter lies
    date_from: int | None = None  # where the date stands; it may lie far from the clock, or serve several
    date_to: int | None = None
    clock_from: int | None = None
    clock_to: int | None = None
    part: str | None = None  # of the day, named with days that have no clock


@dataclass(frozen=True, slots=True)
class TimeContext:
    """What the reader knows beside the text.

    reference is the mail's date, aware; tz (IANA, ±HH:MM) the zone of wall clocks without zone; date_order and region
    (two-letter country of the sender) decide 3/12/2026; words are those of the mail's language, then English; agreed
    are begin and end of the talk as earlier mails told them, for "same time".
    """

    reference: datetime
    tz: str
    words: TimeWords
    zones: ZoneTable
    lang: str | None = None
    date_order: Literal["DMY", "MDY"] | None = None
    region: str | None = None
    agreed: tuple[time, time | None] | None = None

    @property
    def now(self) -> datetime:
        """The reference as a wall clock in tz."""
        zone = load_zone(self.tz)
        return (self.reference.astimezone(zone) if zone else self.reference).replace(tzinfo=None)
