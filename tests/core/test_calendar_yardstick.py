"""Whole feeds against icalendar + recurring-ical-events, where those two are right: zoned series with changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import icalendar
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from raincheck.core.calendar import merge
from raincheck.core.model import Period
from tests.core.feeds import component, event, feed, read

if TYPE_CHECKING:
    from collections.abc import Iterator

LOW, HIGH = datetime(2026, 10, 19, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC)  # the clocks go back inside
RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3;COUNT=9",
    "FREQ=WEEKLY;BYDAY=MO,TH",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=WEEKLY;UNTIL=20261027T120000Z",
    "FREQ=YEARLY",
)


@st.composite
def series(draw: st.DrawFn) -> str:
    """A series in a zone with excluded, moved and cancelled occurrences; by day, so that every length is exact."""
    uid, zone = draw(st.uuids()), draw(st.sampled_from(("Europe/Berlin", "America/New_York", "Asia/Kathmandu")))
    first = datetime.fromisoformat("2026-08-20T06:00") + timedelta(hours=draw(st.integers(0, 70 * 24)))
    first = first.replace(hour=6 + first.hour // 2)
    length = draw(st.integers(15, 180))

    def times(start: datetime) -> tuple[str, str]:
        end = start + timedelta(minutes=length)
        return f"DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}", f"DTEND;TZID={zone}:{end:%Y%m%dT%H%M%S}"

    rule = draw(st.none() | st.sampled_from(RULES))
    if rule is None:
        return event(f"UID:{uid}", *times(first))
    later = [first + timedelta(days=n) for n in draw(st.lists(st.integers(1, 60), max_size=4, unique=True))]
    without = tuple(f"EXDATE;TZID={zone}:{day:%Y%m%dT%H%M%S}" for day in later[:1])
    moved = [
        component(
            "VEVENT",
            f"UID:{uid}",
            f"RECURRENCE-ID;TZID={zone}:{day:%Y%m%dT%H%M%S}",
            *times(day + timedelta(hours=draw(st.integers(-5, 5)))),
        )
        for day in later[1:]
    ]
    return "".join([event(f"UID:{uid}", *times(first), f"RRULE:{rule}", *without), *moved])


def by_the_yardstick(data: bytes) -> Iterator[Period]:
    calendar = icalendar.Calendar.from_ical(data)
    for item in recurring_ical_events.of(calendar).between(LOW - timedelta(days=1), HIGH + timedelta(days=1)):
        yield Period(item.start.astimezone(UTC), item.end.astimezone(UTC))


@settings(deadline=None, max_examples=40)
@given(st.lists(series(), min_size=1, max_size=4))
def test_the_same_busy_time_as_the_yardstick(parts: list[str]) -> None:
    data = feed(*parts)
    assert read(data, Period(LOW, HIGH)).merged() == merge(by_the_yardstick(data), Period(LOW, HIGH))
