"""The times that a letter names as it now stands: which of them are ours, and whether each can still be kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from raincheck.core.model import Outcome, Period
from raincheck.core.reading.times import TimeContext, find_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.core.model import BusyPeriod, Entry, Hold
    from raincheck.core.reading.lexicon import Lexica
    from raincheck.core.settings import Settings


@dataclass(frozen=True, slots=True)
class NamedTimes:
    """Times in a letter. `offered` are those we put there that are still in it, `own` those that the person wrote."""

    offered: tuple[Period, ...] = ()
    own: tuple[Period, ...] = ()
    begun: bool = False  # the appointment that it moves or accepts has begun


def named_times(
    text: str,
    entry: Entry,
    promised: Sequence[Period],
    lexica: Lexica,
    settings: Settings,
    lang: str | None,
    now: datetime,
) -> NamedTimes:
    """What the letter says of times. `text` is the letter without the quoted original, `promised` what it was written
    to promise; the appointment that it moves or declines is no promise."""
    known = {period.start: period for period in promised}
    length = promised[0].duration if promised else timedelta(minutes=settings.availability.duration)
    appointment = entry.appointment.start if entry.appointment else None
    starts = _starts(text, entry, lexica, settings, lang)
    holds_then = entry.outcome in (Outcome.RESCHEDULE, Outcome.ACCEPT)
    return NamedTimes(
        offered=tuple(known[start] for start in starts if start in known),
        own=tuple(Period(start, start + length) for start in starts if start not in known and start != appointment),
        begun=holds_then and appointment is not None and appointment <= now,
    )


def _starts(text: str, entry: Entry, lexica: Lexica, settings: Settings, lang: str | None) -> tuple[datetime, ...]:
    """Every moment that the letter names, in UTC. A letter names the zone wherever it is not the person's own."""
    context = TimeContext(
        reference=entry.created,
        tz=settings.me.timezone,
        words=lexica.times(lang),
        zones=lexica.zones,
        lang=lang,
        date_order=settings.me.date_order,
        region=settings.me.country,
    )
    mine = ZoneInfo(settings.me.timezone)
    starts = (span.start for span in find_times(text, context) if isinstance(span.start, datetime))
    aware = (start if start.utcoffset() is not None else start.replace(tzinfo=mine) for start in starts)
    return tuple(dict.fromkeys(start.astimezone(UTC) for start in aware))


def broken(
    named: NamedTimes, busy: Sequence[BusyPeriod], holds: Sequence[Hold], notice: timedelta, now: datetime
) -> str:
    """Why the letter must not be sent with these times, as a clause; "" when every one can be kept. `notice` is what
    lies at least between now and the times that we put there."""
    if named.begun:
        return "the appointment it is about has begun"
    for period in (*named.offered, *named.own):
        when = f"{period.start.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        if period.start <= now:
            return f"the time {when} in it is past"
        if period in named.offered and period.start < now + notice:
            return f"the time {when} in it is too near now"
        if any(item.period.overlaps(period) for item in busy):
            return f"the time {when} in it is no longer free"
        if any(hold.firm and hold.period.overlaps(period) for hold in holds):
            return f"the time {when} in it is promised elsewhere"
    return ""
