"""The days that a mail asks about without naming hours: "in the week of 14 December", "in January".

They are no times of the talk. They say where the times must lie that are offered in answer; so only what is asked or
offered counts, and what is refused ("any day but Wednesday") is taken out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from raincheck.core.reading.context import Stretch
from raincheck.core.reading.roles import OFFERED
from raincheck.core.reading.times import Role as FirstSight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from raincheck.core.reading.context import Context
    from raincheck.core.reading.offer import Offer
    from raincheck.core.reading.times import TimeSpan

MAX_PERIODS = 20
_DAY = timedelta(days=1)
_HOURS = {"morning": (0, 12), "afternoon": (12, 18), "evening": (17, 24), "night": (20, 24)}
_LISTED = 6  # characters between two days of a list
_JOINED = 40  # characters between a time and a looser one beside it
_ELSE = ("past", "foreign", "travel")


@dataclass(frozen=True, slots=True)
class NamedDays:
    """Days that a text names without a clock, both included; last None: open."""

    at: Stretch
    first: date
    last: date | None
    part: str | None = None  # of the day
    left_out: bool = False  # "any day but", "not on"
    weekly: bool = False  # "Mondays": never asked about, but perhaps refused

    @property
    def broad(self) -> bool:
        """Several days, among which single ones may be named."""
        return self.last is None or self.last > self.first


@dataclass(frozen=True, slots=True)
class AskedPeriod:
    """A stretch of time in which the talk may lie; end None: open."""

    start: datetime
    end: datetime | None
    quote: str


def named_days(spans: Iterable[TimeSpan]) -> list[NamedDays]:
    """The spans without clocks that may be asked about, and those that are left out."""
    found = []
    for span in spans:
        at = Stretch(span.from_, span.to, has_clock=False, first=FirstSight.PROPOSAL)
        if span.role in (FirstSight.LEFT_OUT, FirstSight.WEEKLY) and isinstance(span.start, date):
            day = span.start.date() if isinstance(span.start, datetime) else span.start
            weekly = span.role is FirstSight.WEEKLY
            found.append(NamedDays(at, day, day, left_out=not weekly, weekly=weekly))
            continue
        if not isinstance(span.start, date) or isinstance(span.start, datetime) or span.doubt == "weekday":
            continue
        if span.role not in (FirstSight.PROPOSAL, FirstSight.PERIOD, FirstSight.HABIT):
            continue
        last = span.end if isinstance(span.end, date) else span.start
        if span.role is FirstSight.HABIT and last == span.start:
            continue
        found.append(NamedDays(at, span.start, last, span.part))
    return found


def periods(
    context: Context, named: Sequence[NamedDays], offers: Sequence[Offer], zone: tzinfo, today: date
) -> list[AskedPeriod]:
    """What is asked about or offered of the days that a text names, in order of time, without those it refuses."""
    refused = [item for item in named if item.left_out or _refused(context, item.at)]
    named = [item for item in named if item in refused or not item.weekly]
    asked = [item for item in named if item not in refused and _wanted(context, item.at, offers)]
    for last, item in pairwise(named):  # "14., 15. und 17."
        if last in asked and item not in (*asked, *refused) and 0 <= item.at.start - last.at.end <= _LISTED:
            asked.append(item)
    wanted = [_widened(context, item, today) for item in asked]
    times = [offer.start for offer in offers if offer.role in OFFERED and offer.time.start]
    kept = [item for item in wanted if not _narrowed(item, wanted, times)]
    found = [
        AskedPeriod(*ends, context.text[item.at.start : item.at.end])
        for item in kept
        for ends in _ends(item, refused, zone)
    ]
    return sorted(dict.fromkeys(found), key=lambda period: period.start)[:MAX_PERIODS]


def _refused(context: Context, at: Stretch) -> bool:
    return any(context.beside(sign, at) or context.before(sign, at) for sign in ("negative", "not_days"))


def _wanted(context: Context, at: Stretch, offers: Sequence[Offer]) -> bool:
    """Whether days are asked about: the question or the head of the list says so, or a time or day beside them."""
    if any(context.reaches(sign, at) for sign in _ELSE) or context.near("elsewhen", at):
        return False
    hours = context.hits_within("hours", context.sentence(at.start, at.end))
    if any(start < at.start or end > at.end for start, end in hours):  # "in der Woche" may itself be what is asked
        return False
    if context.before("until_before", at) or context.before("deadline", at):
        return False
    if context.before("previous", at) or context.near("previous_after", at) or context.before("own_talk", at):
        return False
    if context.near("asks", at) or context.listed_under("asks", at):
        return True
    beside = (context.preceding(at), context.following(at))
    if context.near("days_open", at) and any(context.within("asks", sentence) for sentence in beside):
        return True
    return any(offer.role in OFFERED and _joined(context, offer.time.at, at) for offer in offers)


def _joined(context: Context, time_: Stretch, at: Stretch) -> bool:
    """Whether "or" joins a time and days: "tomorrow at 11 or Monday afternoon"."""
    left, right = min(time_.end, at.end), max(time_.start, at.start)
    return left <= right <= left + _JOINED and context.within("joins_days", (left, right))


def _widened(context: Context, item: NamedDays, today: date) -> NamedDays:
    """With what stands before single dates: "after 10 December", "between now and the 23rd", "weeks of 5 and 12"."""
    if item.broad:
        return item
    if context.within("weeks_of", (item.at.start - _JOINED, item.at.start)):
        monday = item.first - item.first.weekday() * _DAY
        return replace(item, first=monday, last=monday + 6 * _DAY)
    if context.before("from_now", item.at):
        return replace(item, first=min(today, item.first))
    if context.before("exclusive_after", item.at):
        return replace(item, first=item.first + _DAY, last=None)
    return replace(item, last=None) if context.before("from_day", item.at) else item


def _narrowed(item: NamedDays, all_: Sequence[NamedDays], times: Sequence[datetime]) -> bool:
    """Whether days or times inside a period say more exactly what is meant."""
    days = [other.first for other in all_ if other is not item and not other.broad] if item.broad else []
    days += [moment.date() for moment in times] if item.part is None or item.broad else []
    return any(item.first <= day and (item.last is None or day <= item.last) for day in days)


def _ends(item: NamedDays, refused: Sequence[NamedDays], zone: tzinfo) -> Iterator[tuple[datetime, datetime | None]]:
    """The period as moments; day by day where only a part of each day is meant or a day is taken out."""
    weekdays = {other.first.weekday() for other in refused if other.weekly}
    if item.last is None:
        yield datetime.combine(item.first, time(), zone), None
        return
    days = [item.first + n * _DAY for n in range((item.last - item.first).days + 1)]
    closed = {other.first for other in refused if not (other.broad or other.weekly)}
    closed.update(day for day in days if day.weekday() in weekdays)
    if item.part is None and not closed.intersection(days):
        yield datetime.combine(item.first, time(), zone), datetime.combine(item.last + _DAY, time(), zone)
        return
    begin, end = _HOURS.get(item.part or "", (0, 24))
    for day in days:
        if day not in closed:
            finish = datetime.combine(day + _DAY, time(), zone) if end == 24 else datetime.combine(day, time(end), zone)
            yield datetime.combine(day, time(begin), zone), finish
