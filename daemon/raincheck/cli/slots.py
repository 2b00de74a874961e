"""`raincheck slots`: the times that would be offered, by your hours and a calendar."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from raincheck.cli.busy import Moment, as_json, calendar_bytes, in_zone
from raincheck.cli.configuration import config_option
from raincheck.core.model import BusyPeriod, Period
from raincheck.errors import FeedUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from raincheck.core.settings import Availability, Me
    from raincheck.core.slots import SlotSearch

_CELL = 30  # minutes


@click.command(
    epilog="""\b
Examples:
  raincheck slots --ics calendar.ics --config config.toml
  raincheck slots --ics calendar.ics --config config.toml --duration 60 --other-zone America/New_York
  raincheck slots --ics calendar.ics --config config.toml --now 2026-12-01T09:00:00Z --json
"""
)
@click.option("--ics", type=click.Path(path_type=Path), required=True, help="A calendar file.")
@config_option("A config.toml, of which only [availability] is needed")
@click.option("--now", type=Moment(), help="Look from this time on instead of now.")
@click.option("--duration", type=click.IntRange(1, 24 * 60), help="Minutes; default: the configured ones.")
@click.option("--other-zone", help="The other side's time zone, e.g. America/New_York.")
@click.option("--json", "machine", is_flag=True, help="For programs.")
def command(
    ics: Path, config: Path | None, now: datetime | None, duration: int | None, other_zone: str | None, machine: bool
) -> int:
    """Shows the times that a reply would offer, and when there are fewer than you wish for, why."""
    from raincheck.core.slots import find_slots
    from raincheck.core.tzid import named_zone

    availability, me = _settings(config)
    if other_zone and named_zone(other_zone) is None:
        raise click.BadParameter(f"{other_zone!r} is no time zone; write a name such as America/New_York")
    moment = in_zone(now or datetime.now(UTC), ZoneInfo(availability.timezone))
    busy = _busy(ics, moment, availability, me)
    found = find_slots(
        availability,
        busy,
        now=moment,
        duration=timedelta(minutes=duration or availability.duration),
        other_zone=other_zone,
    )
    if machine:
        click.echo(json.dumps({"slots": as_json(found.slots), "reason": found.reason}, ensure_ascii=False))
    else:
        _show(found, availability, busy, moment, other_zone)
    return 0


def _settings(config: Path | None) -> tuple[Availability, Me]:
    from raincheck.config import load_availability

    return load_availability(config)


def _busy(ics: Path, now: datetime, availability: Availability, me: Me) -> Sequence[BusyPeriod]:
    from raincheck.core.calendar import busy

    data = calendar_bytes(ics)
    window = Period(now - timedelta(days=1), now + timedelta(days=availability.horizon_days + 2))
    try:
        found = busy(data, window, tz=availability.timezone, me=me.addresses, tentative=availability.tentative)
    except FeedUnavailable as problem:
        raise FeedUnavailable(f"{ics} {problem}. Export the calendar again as iCalendar (.ics).") from None
    for warning in found.warnings:
        click.echo(f"raincheck: {warning}", err=True)
    return found.periods


# --- for people ---------------------------------------------------------------------------------------------------


def _show(
    found: SlotSearch, availability: Availability, busy: Sequence[BusyPeriod], now: datetime, other_zone: str | None
) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    zone = ZoneInfo(availability.timezone)
    if other_zone is None and availability.other_side:
        other_zone = availability.other_side.timezone
    for slot in found.slots:
        console.print(_line(slot, zone, other_zone))
    if found.reason:
        console.print(f"{found.reason[:1].upper()}{found.reason[1:]}.")
    if console.is_terminal:
        console.print()
        console.print(_grid(found, availability, busy, now, other_zone))


def _line(slot: Period, zone: ZoneInfo, other: str | None) -> str:
    from raincheck.core.tzid import named_zone

    start, end = slot.start.astimezone(zone), slot.end.astimezone(zone)
    line = f"{start:%a %d %b %Y  %H:%M}-{end:%H:%M} {zone.key}"
    theirs = named_zone(other) if other else None
    if theirs is None or start.astimezone(theirs).utcoffset() == start.utcoffset():
        return line
    return f"{line}  =  {start.astimezone(theirs):%a %H:%M}-{end.astimezone(theirs):%H:%M} {other}"


def _grid(
    found: SlotSearch, availability: Availability, busy: Sequence[BusyPeriod], now: datetime, other_zone: str | None
) -> RenderableType:
    """The coming working days side by side, half an hour a line, with the other side's clock where it differs."""
    from rich.table import Table
    from rich.text import Text

    from raincheck.core.tzid import named_zone

    zone = ZoneInfo(availability.timezone)
    theirs = named_zone(other_zone) if other_zone else None
    if theirs and now.astimezone(theirs).utcoffset() == now.astimezone(zone).utcoffset():
        theirs = None
    days = _days(found, availability, now.astimezone(zone).date())
    opening = [clock for ranges in availability.hours.values() for clock in ranges]
    low = min((clock.start for clock in opening), default=9 * 60) // 60 * 60
    high = max((clock.end for clock in opening), default=17 * 60)
    clocks = [zone.key.rpartition("/")[2].replace("_", " ")]
    clocks += [str(other_zone).rpartition("/")[2].replace("_", " ")] if theirs else []
    table = Table(*clocks, *(f"{day:%a %d}" for day in days), box=None, pad_edge=False)
    for minute in range(low, high, _CELL):
        begins = [datetime(d.year, d.month, d.day, minute // 60, minute % 60, tzinfo=zone) for d in days]
        cells = [_cell(begin.astimezone(UTC), found, availability, busy, now) for begin in begins]
        full = minute % 60 == 0
        times = [f"{begins[0].astimezone(at):%H:%M}" if full else "" for at in (zone, theirs) if at]
        table.add_row(*times, *(Text(word, style) for word, style in cells))
    table.caption = "offer: would be offered   busy: calendar   held: promised   · free   blank: closed"
    return table


def _days(found: SlotSearch, availability: Availability, first: date) -> list[date]:
    """A week from now on and as far as the offers reach, at most ten days that have hours."""
    from raincheck.core.settings import WEEKDAYS

    last = max([first + timedelta(days=6), *(slot.end.date() for slot in found.slots)])
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if availability.hours.get(WEEKDAYS[day.weekday()])][:10] or [first]


def _cell(
    begin: datetime, found: SlotSearch, availability: Availability, busy: Sequence[BusyPeriod], now: datetime
) -> tuple[str, str]:
    from raincheck.core.slots import Verdict, assess

    cell = Period(begin, begin + timedelta(minutes=_CELL))
    if any(slot.overlaps(cell) for slot in found.slots):
        return "offer", "bold green"
    if any(period.overlaps(cell) for period in availability.held):
        return "held", "yellow"
    if any(item.period.overlaps(cell) for item in busy):
        return "busy", "red"
    fit = assess(availability, (), cell, now=now)
    return ("", "dim") if fit.verdict is Verdict.OUTSIDE_HOURS else ("·", "dim")
