"""Clock times as they are written, and which hour of the day they mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raincheck.core.reading.dates import Doubt

_NEXT_DAY = 24 * 60
_LONGEST = 11 * 60  # of a range within one day
_EARLY = (6, 7)  # hours that may begin a working day
_SMALL_HOURS = (12, 1, 2, 3, 4, 5)  # of the night
_FORENOON = range(8, 13)  # "7:30-9:00" ends in it
_LATE = 18 * 60  # a range that starts from here on may cross midnight
_HOLDS = {"afternoon": (12, *range(1, 8)), "evening": (12, *range(4, 11))}  # hours of the dial


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour and minute as written. half is "am", "pm" or None; certain: a 24-hour form ("0700", "19:00")."""

    hour: int
    minute: int = 0
    half: str | None = None
    certain: bool = False
    padded: bool = False  # certain for its leading zero alone ("06:30"): am/pm elsewhere outweighs it
    midnight: bool = False  # the word, not the figures
    literal: bool = False  # in figures, in a language of the 24-hour clock: "7 Uhr" is more often the morning

    @property
    def open(self) -> bool:
        """True where only custom tells morning from afternoon."""
        return self.half is None and not self.certain and 1 <= self.hour <= 12

    def minutes(self, half: str | None = None) -> int:
        """Minutes since midnight, read in that half of the day; 24:00 is 1440."""
        half = self.half or half
        hour = self.hour
        if half is not None and not self.certain and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        return hour * 60 + self.minute


@dataclass(frozen=True, slots=True)
class ClockReading:
    """Start and end in minutes since midnight of the day (an end past midnight is above 1440)."""

    start: int
    end: int | None = None


def readings(start: Clock, end: Clock | None, part: str | None) -> tuple[tuple[ClockReading, ...], Doubt | None]:
    """What a clock or a range of clocks means, likeliest first, and the doubt where there are two.

    part is a word for the part of the day that stands with it: "morning", "afternoon", "evening", "night". "Tuesday, 1
    at night" may lie before or behind that day, "Tuesday afternoon at 11" is a slip of one or the other.
    """
    if start.midnight:
        return (_with_end(0, end, None), _with_end(_NEXT_DAY, end, None)), "midnight"
    if start.padded and (part is not None or (end is not None and end.half is not None)):
        start = replace(start, certain=False)
    if start.open and part == "night" and start.hour in _SMALL_HOURS:
        early = start.minutes("am")
        return (_with_end(early, end, "am"), _with_end(early + _NEXT_DAY, None, None)), "midnight"
    if start.open and part is not None and not _holds(part, start):
        if end is None:
            halves = ("am", "pm") if part == "afternoon" and start.hour >= _FORENOON.start else ("pm", "am")
            return tuple(ClockReading(start.minutes(half)) for half in halves), "hour"
        part = None  # "in the afternoon, 11 to 1"
    if start.open and part is not None:
        start = replace(start, half=half_of(start, part))
    if start.open and end is not None and end.half is not None:
        start = replace(start, half=_half_before(start, end))
    if not start.open:
        return (_with_end(start.minutes(), end, start.half),), None
    if end is not None and end.certain and end.hour > 12 and end.minutes() - start.minutes() <= _LONGEST:
        return (_with_end(start.minutes(), end, None),), None  # "7:00 bis 13:00": both as written
    if end is not None and end.hour == 12 and start.hour in (6, 7):
        return (_with_end(start.minutes("am"), end, "am"),), None  # "7:30 bis 12:00": no evening ends there
    if start.hour == 12:
        return (_with_end(12 * 60 + start.minute, end, "pm"),), None
    if start.hour >= 8:
        return (_with_end(start.minutes("am"), end, "am"),), None
    early = _early(start) and (start.literal or (end is not None and end.open and end.hour in _FORENOON))
    halves = ("am", "pm") if early else ("pm", "am")
    return tuple(_with_end(start.minutes(half), end, half) for half in halves), "hour"


def _early(start: Clock) -> bool:
    """Whether a working day may begin at an hour: 6 or 7, or half past five in figures."""
    return start.hour in _EARLY or (start.hour == _EARLY[0] - 1 and start.minute > 0 and start.literal)


def _holds(part: str, clock: Clock) -> bool:
    """Whether an hour of the dial lies in a part of the day: no afternoon has an 11 o'clock."""
    return clock.hour in _HOLDS.get(part, range(13))


def half_of(clock: Clock, part: str) -> str:
    """The half of the day of an hour in a part of the day."""
    if part == "morning":
        return "pm" if clock.hour == 12 else "am"
    return "pm"


def _half_before(start: Clock, end: Clock) -> str | None:
    """The half of the day for the start of "9:30-4:30pm": that of the end, unless the start would come after it."""
    other = "am" if end.half == "pm" else "pm"
    return end.half if start.minutes(end.half) < end.minutes() else other


def _with_end(start: int, end: Clock | None, half: str | None) -> ClockReading:
    if end is None:
        return ClockReading(start)
    if end.padded and end.minutes() <= start < _LATE:
        end = replace(end, certain=False)
    if not end.open:
        finish = _NEXT_DAY if end.midnight else end.minutes()
        if finish <= start:
            finish += _NEXT_DAY if start >= _LATE or end.half or end.certain or finish > 12 * 60 else 12 * 60
        return ClockReading(start, finish)
    first, second = end.minutes("am"), end.minutes("pm")
    finish = first if first > start else second if second > start else first + _NEXT_DAY
    finish += _NEXT_DAY if finish <= start else 0
    return ClockReading(start, finish)


def to_time(minutes: int) -> time:
    """Minutes since midnight as a time of day."""
    return time(minutes // 60 % 24, minutes % 60)
