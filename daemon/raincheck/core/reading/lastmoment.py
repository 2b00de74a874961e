"""Deadlines: of which day an hour is, and the last moment that the words leave."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from raincheck.core.reading.roles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.core.reading.context import Context
    from raincheck.core.reading.offer import Offer, Time

_BREAK = re.compile(r"[.!?;\n]")
_JOINED = 6  # characters of an "or" between two days, with its blanks
_BESIDE = 26  # characters between a day and its clock
_DAY_OUT = re.compile(r"(?<!\d)24(?:[:.]00|\s?(?:h|uhr))", re.IGNORECASE)


def last_moment(context: Context, item: Time) -> Time:
    """A deadline as the last moment: "before 13 March" ends with the 12th, midnight is the end of the day named."""
    ends = _DAY_OUT.search(context.text, item.at.start, item.at.end)  # 24:00 is the next day's midnight
    if item.start is not None and (item.doubt == "midnight" or ends):
        day = item.start.date() - timedelta(days=1 if ends else 0)
        return replace(item, day=day, start=None, clock=None, end=None)
    exclusive = item.start is None and item.day is not None and context.before("exclusive_before", item.at)
    exclusive = exclusive and not (context.inside("inclusive", item.at) or context.before("inclusive_before", item.at))
    return replace(item, day=item.day - timedelta(days=1)) if exclusive and item.day else item


def at_the_latest(context: Context, offer: Offer, times: Sequence[Time]) -> Offer:
    """A last day with another behind it as the later one: "please answer today or tomorrow"."""
    item = offer.time
    if offer.role is not Role.DEADLINE or item.day is None or item.start is not None:
        return offer
    days = [
        other.day
        for other in times
        if other.day is not None
        and not other.at.has_clock
        and 0 < other.at.start - item.at.end <= _JOINED
        and context.hits_within("or_else_day", (item.at.end, other.at.start))
        and "," not in context.normal[item.at.end : other.at.start]
        and (context.ends_clause(other.at.end) or context.after("latest_after", other.at))
    ]
    return replace(offer, time=replace(item, day=max((item.day, *days))))


def on_day_meant(context: Context, offer: Offer, times: Sequence[Time], now: datetime | None) -> Offer | None:
    """A deadline with an hour alone as that of the day right before it, else as today's, whatever day was named before;
    None where that is over."""
    item = offer.time
    if now is None or offer.role is not Role.DEADLINE or item.start is None or item.at.has_date:
        return offer
    if context.before_day(item.at):  # "before we close (4 pm) on Monday"
        day = next((other.day for other in times if other.at.start > item.at.end), None)
        start = datetime.combine(day, item.start.timetz()) if day else None
        return replace(offer, time=replace(item, day=day, start=start)) if day else None
    nearer = [other for other in times if other.at.start == item.at.start and _behind_day(other) < _behind_day(item)]
    if any(_on_its_day(context, other) for other in nearer):
        return None  # "tomorrow, or else Wednesday by 11"
    if _on_its_day(context, item) or any(_day_before(context, item, other) for other in times):
        return offer  # "Wednesday by 11", "by Wednesday, close of business 15:30"
    start = datetime.combine(now.date(), item.start.timetz())
    return replace(offer, time=replace(item, day=now.date(), start=start)) if start.replace(tzinfo=None) > now else None


def _on_its_day(context: Context, item: Time) -> bool:
    """Whether nothing but a few words that say no more stand between a clock and the day before it."""
    return item.at.named is not None and _linked(context, item.at.named[1], item.at.start)


def _linked(context: Context, left: int, right: int) -> bool:
    words = context.normal[left:right]
    return 0 <= right - left <= _BESIDE and not _BREAK.search(words) and not context.within("answer", (left, right))


def _behind_day(item: Time) -> float:
    """The characters between a day and the clock behind it; infinite where no day stands before."""
    distance = item.at.start - item.at.named[1] if item.at.named is not None else -1
    return distance if distance >= 0 else math.inf


def _day_before(context: Context, item: Time, other: Time) -> bool:
    """Whether the day of a clock is what stands shortly before it."""
    bare = other.day == item.day and not other.at.has_clock
    return bare and _linked(context, other.at.end, item.at.start)
