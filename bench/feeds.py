"""Three weeks' busy time of a large feed: raincheck against icalendar + recurring-ical-events on the same feed.

    python bench/feeds.py [--events 100000] [--recurring 0.01] [--seed 7]

Prints seconds, the ratio and the peak memory of each, measured in processes of their own (about a minute at 100,000
events; try --events 10000 first), and whether both found the same busy time.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

WINDOW = (datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 22, tzinfo=UTC))
ZONE = "Europe/Berlin"
ME = "robin.meyer@example.net"
_RULES = (
    "FREQ=WEEKLY;BYDAY=MO,WE",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    "FREQ=DAILY;COUNT=10",
    "FREQ=DAILY;UNTIL=20190301T000000Z",
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=MONTHLY;BYMONTHDAY=15",
    "FREQ=YEARLY",
    "FREQ=WEEKLY;COUNT=30;BYDAY=TH",
    "FREQ=WEEKLY;UNTIL=20240101T000000Z;BYDAY=FR",
    "FREQ=MONTHLY;BYDAY=-1FR;COUNT=24",
)
_VTIMEZONE = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


def feed(events: int, recurring: float, seed: int) -> bytes:
    """A seeded feed of ten years, as a large calendar program writes it."""
    draw = random.Random(seed)
    first = datetime(2017, 1, 1)  # noqa: DTZ001 - a clock reading
    parts = ["BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//bench//EN\n", _VTIMEZONE]
    for number in range(events):
        start = first + timedelta(minutes=15 * draw.randrange(10 * 365 * 96))
        repeats = draw.random() < recurring
        parts.append(_event(number, start, draw.choice(_RULES) if repeats else None, draw))
    return "".join([*parts, "END:VCALENDAR\n"]).replace("\n", "\r\n").encode()


def _event(number: int, start: datetime, rule: str | None, draw: random.Random) -> str:
    end = start + timedelta(minutes=draw.choice((30, 45, 60, 90)))
    if draw.random() < 0.05:
        times = f"DTSTART;VALUE=DATE:{start:%Y%m%d}\nDTEND;VALUE=DATE:{start + timedelta(1):%Y%m%d}\n"
    elif draw.random() < 0.5:
        times = f"DTSTART;TZID=Europe/Berlin:{start:%Y%m%dT%H%M%S}\nDTEND;TZID=Europe/Berlin:{end:%Y%m%dT%H%M%S}\n"
    else:
        times = f"DTSTART:{start:%Y%m%dT%H%M%SZ}\nDTEND:{end:%Y%m%dT%H%M%SZ}\n"
    return (
        f"BEGIN:VEVENT\nUID:{number:06d}-{draw.getrandbits(48):012x}@calendar.example\nDTSTAMP:20261101T080000Z\n"
        f"{times}{f'RRULE:{rule}' + chr(10) if rule else ''}SEQUENCE:{draw.choice((0, 0, 1))}\n"
        f"SUMMARY:Meeting {number} about the plan\nDESCRIPTION:Agenda and notes for this meeting\\, as sent around\n"
        f" before. Please read them.\nLOCATION:Room {number % 40}\nSTATUS:CONFIRMED\nTRANSP:OPAQUE\nEND:VEVENT\n"
    )


def own(path: Path) -> list[tuple[str, str]]:
    """Busy time by raincheck."""
    from raincheck.core.calendar import busy
    from raincheck.core.model import Period

    found = busy(path.read_bytes(), Period(*WINDOW), tz=ZONE, me=(ME,))
    return [(p.start.isoformat(), p.end.isoformat()) for p in found.merged()]


def baseline(path: Path) -> list[tuple[str, str]]:
    """Busy time by icalendar and recurring-ical-events, as their documentation shows it."""
    from zoneinfo import ZoneInfo

    import icalendar
    import recurring_ical_events

    from raincheck.core.calendar import merge
    from raincheck.core.model import Period

    zone, day = ZoneInfo(ZONE), timedelta(days=1)

    def moment(value: object) -> datetime:
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return datetime(value.year, value.month, value.day, tzinfo=zone).astimezone(UTC)  # type: ignore[attr-defined]

    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    events = recurring_ical_events.of(calendar).between(WINDOW[0] - day, WINDOW[1] + day)
    pairs = [(moment(event.start), moment(event.end)) for event in events]
    return [
        (p.start.isoformat(), p.end.isoformat())
        for p in merge((Period(*pair) for pair in pairs if pair[0] < pair[1]), Period(*WINDOW))
    ]


def _measure(which: str, path: Path) -> dict[str, object]:
    """One run in a process of its own."""
    command = [sys.executable, __file__, "--run", which, str(path)]
    output = subprocess.run(command, check=True, capture_output=True)
    return dict(json.loads(output.stdout))


def _run(which: str, path: Path) -> None:
    begin = time.perf_counter()
    found = {"own": own, "baseline": baseline}[which](path)
    seconds = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "mib": memory, "busy": found}))


def main() -> None:
    """Measures and prints."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--events", type=int, default=100_000)
    options.add_argument("--recurring", type=float, default=0.01)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--run", nargs=2, metavar=("WHICH", "FILE"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.run:
        _run(chosen.run[0], Path(chosen.run[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed.ics"
        path.write_bytes(feed(chosen.events, chosen.recurring, chosen.seed))
        print(f"{chosen.events} events, {chosen.recurring:.0%} recurring, {path.stat().st_size / 2**20:.0f} MiB")
        ours, theirs = _measure("own", path), _measure("baseline", path)
    for name, result in (("raincheck", ours), ("icalendar + recurring-ical-events", theirs)):
        print(f"{name:36} {result['seconds']:8.2f} s {result['mib']:8.0f} MiB")
    ratio = float(str(ours["seconds"])) / float(str(theirs["seconds"]))
    print(f"ratio 1/{1 / ratio:.1f}; the same busy time: {'yes' if ours['busy'] == theirs['busy'] else 'NO'}")


if __name__ == "__main__":
    main()
