"""`raincheck busy`: the busy time of one calendar feed."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from raincheck.cli.configuration import config_option, person
from raincheck.core.model import Period
from raincheck.errors import FeedUnavailable, RaincheckError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.core.settings import SecretSource

    _ParamType = click.ParamType[datetime]
else:
    _ParamType = click.ParamType  # generic only for type checkers: older versions of click are not


_TRY = (
    "Try the address in a private browser window: it must give a file that begins with BEGIN:VCALENDAR; "
    "a login may stand in it (https://user:password@…)."
)


class Moment(_ParamType):
    """An ISO 8601 time; without an offset it is read in the command's zone."""

    name = "ISO"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The time, perhaps without a zone yet."""
        try:
            return datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time; write 2026-12-03T09:00 or 2026-12-03T09:00:00Z", param, ctx)


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment in UTC; one without an offset is read in the zone."""
    try:
        return (moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise click.UsageError(f"{moment.isoformat()} is at the edge of what calendars can say.") from None


def zone_option(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Refuses a zone that nobody knows."""
    if value is None:
        return None
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise click.BadParameter(f"{value!r} is no time zone; write a name such as Europe/Berlin") from None
    return value


def iso(moment: datetime) -> str:
    """A time as UTC, e.g. 2026-12-03T09:00:00Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def as_json(periods: Iterable[Period]) -> list[dict[str, str]]:
    """Periods as the contracts write them."""
    return [{"start": iso(period.start), "end": iso(period.end)} for period in periods]


def calendar_bytes(ics: Path) -> bytes:
    """The calendar file, - for standard input."""
    if str(ics) == "-":
        return sys.stdin.buffer.read()
    if ics.is_dir():
        raise RaincheckError(f"{ics}: it is a folder. Name the iCalendar file (.ics) in it.")
    return ics.read_bytes()


class _NoSecrets:
    """The commands take no secrets: a login stands in the address."""

    def get(self, source: SecretSource, *, username: str = "") -> str:
        """Never called."""
        raise FeedUnavailable("needs a password that this command does not take")


@click.command(
    epilog="""\b
Examples:
  raincheck busy --ics calendar.ics --from 2026-12-01 --to 2026-12-22 --tz Europe/Berlin
  raincheck busy --url https://cal.example.net/me.ics --from 2026-12-01 --to 2026-12-08 --me me@example.net --json
"""
)
@click.option("--ics", type=click.Path(path_type=Path), help="A calendar file.")
@click.option("--url", help="A feed: http, https or webcal; a login may stand in it (user:password@).")
@click.option(
    "--cache", type=click.Path(path_type=Path), help="Folder for a copy, used when the feed is not to be had."
)
@click.option("--allow-private-networks", is_flag=True, help="The feed may lie on this machine or in its network.")
@click.option("--from", "start", type=Moment(), required=True, help="Start of the window.")
@click.option("--to", "end", type=Moment(), required=True, help="End of the window.")
@click.option(
    "--tz",
    callback=zone_option,
    help="Your zone; default: [me] timezone, else UTC.",
)
@click.option(
    "--me",
    multiple=True,
    help="Your address; what it has declined leaves you free; default: [me] addresses.",
)
@config_option("Your config.toml: who you are")
@click.option("--json", "machine", is_flag=True, help="For programs.")
def command(
    ics: Path | None,
    url: str | None,
    cache: Path | None,
    allow_private_networks: bool,
    start: datetime,
    end: datetime,
    tz: str | None,
    me: tuple[str, ...],
    config: Path | None,
    machine: bool,
) -> int:
    """Shows when a calendar keeps you busy.

    An unreadable calendar is not a free one: it ends with an error and exit code 1.
    """
    if (ics is None) == (url is None):
        raise click.UsageError("Give one calendar: --ics FILE or --url URL.")
    if tz is None or not me:
        who = person(config)
        tz, me = tz or who.timezone, me or who.addresses
    zone = ZoneInfo(tz)
    begin, finish = in_zone(start, zone), in_zone(end, zone)
    if begin >= finish:
        raise click.UsageError("--to must be later than --from.")
    window = Period(begin, finish)
    if ics is not None:
        periods, warnings, stale_since = (*_of_file(ics, window, tz, me), None)
    else:
        assert url is not None
        periods, warnings, stale_since = _of_url(url, window, tz, me, cache, allow_private_networks)
    for warning in warnings:
        click.echo(f"raincheck: {warning}", err=True)
    if machine:
        found = as_json(periods)
        old = {"busy": found, "stale": True, "fetched_at": iso(stale_since)} if stale_since else None
        click.echo(json.dumps(old or found))
    else:
        _show(periods, zone)
    return 0


def _of_file(ics: Path, window: Period, tz: str, me: tuple[str, ...]) -> tuple[tuple[Period, ...], tuple[str, ...]]:
    from raincheck.core.calendar import busy

    try:
        found = busy(calendar_bytes(ics), window, tz=tz, me=me)
    except FeedUnavailable as problem:
        raise FeedUnavailable(f"{ics} {problem}. Export the calendar again as iCalendar (.ics).") from None
    return found.merged(), found.warnings


def _of_url(
    url: str, window: Period, tz: str, me: tuple[str, ...], cache: Path | None, private: bool
) -> tuple[tuple[Period, ...], tuple[str, ...], datetime | None]:
    from hashlib import sha256

    from raincheck.adapters.feed import PERMISSION, Feeds
    from raincheck.core.calendar import merge
    from raincheck.core.settings import Calendar

    if "://" not in url or url.lower().startswith("file:"):
        raise click.UsageError("--url takes an address (https://…); for a file use --ics.")
    now = datetime.now(UTC)
    own = cache and cache / sha256(url.encode()).hexdigest()[:16]  # several feeds may share the folder
    calendar = Calendar(_host(url), url, max_age=timedelta(0), allow_private_networks=private)
    view = Feeds((calendar,), _NoSecrets(), cache=own, tz=tz, me=me, clock=lambda: now).view(window)
    detail = view.detail.replace(PERMISSION, "--allow-private-networks")
    if view.fetched_at is None:
        remedy = "" if PERMISSION in view.detail else f" {_TRY}"  # a permission that lacks is its own remedy
        raise FeedUnavailable(f"The {detail}.{remedy} Nothing is known about your time, so nothing is shown.")
    warnings = () if view.known else (detail,)
    return merge((item.period for item in view.busy), window), warnings, None if view.known else view.fetched_at


def _host(url: str) -> str:
    """What a feed is called in errors: its server, since the rest of an address is a secret."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if not host:
        raise FeedUnavailable("--url names no server. Write the whole address, such as https://cal.example.net/me.ics.")
    return host


def _show(periods: tuple[Period, ...], zone: ZoneInfo) -> None:
    from rich.console import Console
    from rich.table import Table

    if not periods:
        click.echo(f"Free all the time ({zone.key}).")
        return
    table = Table(f"busy from ({zone.key})", "to", "length", box=None)
    for period in periods:
        start, end = period.start.astimezone(zone), period.end.astimezone(zone)
        table.add_row(f"{start:%a %Y-%m-%d %H:%M}", f"{end:%a %Y-%m-%d %H:%M}", str(period.duration))
    Console().print(table)
