"""One time of a text and what it is for: what the modules on slots, plans of a day and windows hand to each other."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, time, tzinfo

    from raincheck.core.reading.context import Stretch
    from raincheck.core.reading.roles import Role

LONG = timedelta(minutes=90)  # a range from which on "I am free" means somewhere inside it
DESCRIPTION = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Time:
    """A time as written: a day, a clock, or both (then `start` is set, with its zone)."""

    at: Stretch
    day: date | None = None
    clock: time | None = None
    end_clock: time | None = None
    start: datetime | None = None
    end: datetime | None = None
    zone: tzinfo | None = None  # stated with it
    sure: bool = True
    alternatives: tuple[str, ...] = ()
    open_end: bool = False
    between: bool = False
    doubt: str = ""
    stated: bool = False  # a zone stands with it, or holds for the whole list
    alone: Role | None = None  # what it is for where it is no part of a day's plan (see Purpose)
    loose: bool | None = None  # a window rather than a slot, or not, where labelled mails say so plainly

    def on(self, day: date, zone: tzinfo) -> Time:
        """A bare clock on that day."""
        assert self.clock is not None
        tz = self.zone or zone
        start = datetime.combine(day, self.clock, tz)
        end = datetime.combine(day, self.end_clock, tz) if self.end_clock else None
        if end is not None and end <= start:
            end = None
        return replace(self, day=day, start=start, end=end, zone=tz)


@dataclass(frozen=True, slots=True)
class Offer:
    """A time and what it is for."""

    role: Role
    time: Time
    quote: str
    whole: bool = False  # put together from the parts of a day
    answer: bool = False  # a deadline for an answer in so many words
    wish: bool = False  # a deadline only where times are offered from which to choose
    taken: bool = False  # told, but gone: nobody is free then

    @property
    def start(self) -> datetime:
        """The instant; only offers with one are kept."""
        assert self.time.start is not None
        return self.time.start
