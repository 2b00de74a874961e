"""Small calendars for tests: VEVENTs as lines, a feed around them, busy time as readable pairs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from raincheck.core.calendar import Busy, busy
from raincheck.core.model import Period

BERLIN = "Europe/Berlin"
ME = "robin.meyer@example.net"
DECEMBER = Period(datetime(2026, 11, 30, tzinfo=UTC), datetime(2026, 12, 21, tzinfo=UTC))


def component(name: str, *lines: str) -> str:
    """One component with its lines."""
    return "\n".join([f"BEGIN:{name}", *lines, f"END:{name}", ""])


def event(*lines: str) -> str:
    """A VEVENT; where no line says when, from 14:00Z to 15:00Z on 3 December 2026."""
    when = () if any(line.startswith("DTSTART") for line in lines) else AFTERNOON
    return component("VEVENT", *when, *lines)


def feed(*components: str, head: str = "") -> bytes:
    """A whole calendar in CRLF lines."""
    text = component("VCALENDAR", "VERSION:2.0", "PRODID:-//tests//EN", *filter(None, [head, *components]))
    return "\n".join(filter(None, text.split("\n"))).replace("\n", "\r\n").encode() + b"\r\n"


def read(data: bytes | bytearray, window: Period = DECEMBER, tz: str = BERLIN, **options: str) -> Busy:
    """The feed's busy time as raincheck reads it for Robin."""
    return busy(data, window, tz=tz, me=(ME,), **options)  # type: ignore[arg-type] # tentative is one of two words


def times(*components: str, window: Period = DECEMBER, tz: str = BERLIN, head: str = "", **options: str) -> list[str]:
    """Merged busy time as "2026-12-03 14:00/15:00" in UTC."""
    return shown(read(feed(*components, head=head), window, tz, **options).merged())


def shown(periods: tuple[Period, ...]) -> list[str]:
    """Periods as short text; the end with its date where that is another day."""
    pairs = ((p.start.astimezone(UTC), p.end.astimezone(UTC)) for p in periods)
    return [
        f"{a:%Y-%m-%d %H:%M}/{b:%H:%M}" if a.date() == b.date() else f"{a:%Y-%m-%d %H:%M}/{b:%Y-%m-%d %H:%M}"
        for a, b in pairs
    ]


def span(start: str, days: float) -> Period:
    """A window from a UTC time on."""
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
    return Period(begin, begin + timedelta(days=days))


AFTERNOON = ("DTSTART:20261203T140000Z", "DTEND:20261203T150000Z")
TAKEN = ["2026-12-03 14:00/15:00"]
FREE: list[str] = []
