"""Recurrence rules (RFC 5545, 3.3.10): against dateutil where it is right, and bounded where it is not."""

from __future__ import annotations

import time
import warnings
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from raincheck.core.recurrence import Budget, Expansion, expand, parse_rule
from tests.core.feeds import FREE, event, times

_MONDAY = datetime(2026, 11, 30, tzinfo=UTC)


def starts(rule: str, start: datetime, low: datetime, days: int) -> list[datetime]:
    """Clock readings of a rule's instances in UTC."""
    found = expand(parse_rule(rule), start, UTC, low, low + timedelta(days=days), Budget())
    assert found.whole is None
    return [moment.replace(tzinfo=None) for moment in found.starts]


def naive(text: str) -> datetime:
    return datetime.fromisoformat(text)


# --- the examples of the standard ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;COUNT=3", ["02", "03", "04"]),
        ("FREQ=DAILY;INTERVAL=10;COUNT=3", ["02", "12", "22"]),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,TH;COUNT=5", ["02", "04", "16", "18", "30"]),
        ("FREQ=MONTHLY;BYMONTHDAY=2,15", ["02", "15"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["02", "30"]),
        ("FREQ=MONTHLY;BYDAY=1FR,-1SU", ["02", "05", "28"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", ["02", "29"]),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", ["02"]),
        ("FREQ=YEARLY;BYMONTH=9;BYDAY=2TU", ["02", "09"]),
        ("FREQ=YEARLY;BYYEARDAY=250", ["02", "07"]),
        ("FREQ=YEARLY;BYWEEKNO=37;BYDAY=MO", ["02", "08"]),
        ("FREQ=YEARLY;BYDAY=36WE", ["02", "03"]),
    ],
)
def test_rules_of_september_1997(rule: str, expected: list[str]) -> None:
    """DTSTART:19970902T090000, a Tuesday, as in the examples of RFC 5545, 3.8.5.3; it counts itself."""
    found = starts(rule, datetime(1997, 9, 2, 9), datetime(1997, 9, 1, tzinfo=UTC), 30)  # noqa: DTZ001
    assert [f"{moment:%d}" for moment in found] == expected


def test_the_week_start_matters() -> None:
    """RFC 5545, 3.8.5.3: the same rule with WKST=MO and WKST=SU."""
    low, start = datetime(1997, 8, 1, tzinfo=UTC), naive("1997-08-05T09:00")
    monday = starts("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", start, low, 60)
    sunday = starts("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", start, low, 60)
    assert [moment.day for moment in monday] == [5, 10, 19, 24]
    assert [moment.day for moment in sunday] == [5, 17, 19, 31]


def test_29_february_and_31st_are_skipped_where_they_are_missing() -> None:
    leap = starts("FREQ=YEARLY", naive("2024-02-29T09:00"), datetime(2025, 1, 1, tzinfo=UTC), 5 * 365)
    assert leap == [naive("2028-02-29T09:00")]
    last = starts("FREQ=MONTHLY", naive("2026-01-31T09:00"), datetime(2026, 2, 1, tzinfo=UTC), 100)
    assert last == [naive("2026-03-31T09:00")]


# --- any rule, against dateutil -----------------------------------------------------------------------------------

_WEEKDAYS = st.lists(st.sampled_from(("MO", "TU", "WE", "TH", "FR", "SA", "SU")), min_size=1, max_size=3, unique=True)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules that dateutil reads as the standard does."""
    freq = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 5))}"]
    if draw(st.booleans()):
        counted = freq in ("MONTHLY", "YEARLY") and draw(st.booleans())  # dateutil loses a mixture of both
        nth = st.sampled_from(("1", "2", "-1", "5")) if counted else st.just("")
        parts.append("BYDAY=" + ",".join(draw(nth) + day for day in draw(_WEEKDAYS)))
    for name, numbers, freqs in (
        ("BYMONTH", st.integers(1, 12), "DAILY WEEKLY MONTHLY YEARLY"),
        ("BYMONTHDAY", st.integers(1, 31) | st.integers(-31, -1), "DAILY MONTHLY YEARLY"),
        ("BYYEARDAY", st.integers(1, 366) | st.integers(-366, -1), "YEARLY"),
        ("BYHOUR", st.integers(0, 23), "DAILY WEEKLY MONTHLY YEARLY"),
        ("BYMINUTE", st.integers(0, 59), "DAILY WEEKLY MONTHLY YEARLY"),
    ):
        if freq in freqs.split() and draw(st.integers(0, 3)) == 0:
            parts.append(f"{name}=" + ",".join(map(str, draw(st.lists(numbers, min_size=1, max_size=3, unique=True)))))
    if len(parts) > 2 and draw(st.integers(0, 3)) == 0:
        parts.append(f"BYSETPOS={draw(st.sampled_from((1, 2, -1)))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(('MO', 'SU', 'TH')))}")
    end = draw(st.integers(0, 2))
    parts += [[], [f"COUNT={draw(st.integers(1, 400))}"], [f"UNTIL={draw(_MOMENTS):%Y%m%dT%H%M%SZ}"]][end]
    return ";".join(parts)


_MOMENTS = st.datetimes(naive("2010-01-01"), naive("2027-06-01")).map(lambda m: m.replace(second=0, microsecond=0))


def by_dateutil(rule: str, start: datetime, high: datetime) -> list[datetime]:
    """All instances before `high`, from DTSTART on, DTSTART always the first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = rrulestr(rule, dtstart=start.replace(tzinfo=UTC))
        except ValueError:  # "generates an empty set"
            return [start.replace(tzinfo=UTC)]
    count = parse_rule(rule).count
    every: list[datetime] = []
    for moment in found:
        if moment >= high:
            break
        every.append(moment)
    first = start.replace(tzinfo=UTC)
    until = parse_rule(rule).until
    if (not every or every[0] != first) and (until is None or first <= until.local.replace(tzinfo=UTC)):
        every.insert(0, first)
    return every[:count]


@settings(deadline=None)  # dateutil is slow from time to time
@given(rules(), _MOMENTS, st.integers(0, 6000), st.integers(1, 60))
@example("FREQ=WEEKLY;INTERVAL=2;COUNT=30;BYDAY=MO,SU;WKST=SU", naive("2020-01-05T09:00"), 200, 30)
@example("FREQ=MONTHLY;INTERVAL=1;COUNT=40;BYDAY=-1FR", naive("2020-01-31T09:00"), 1000, 60)
def test_any_rule_names_the_same_instants_as_in_dateutil(rule: str, start: datetime, away: int, days: int) -> None:
    assume(start.year < 2027)
    low = start.replace(tzinfo=UTC) + timedelta(days=away)
    high = low + timedelta(days=days)
    assume(high.year < 2032)
    try:
        mine = starts(rule, start, low, days)
    except ValueError:
        assume(False)
    bounded = rule if "UNTIL" in rule or "COUNT" in rule else f"{rule};UNTIL={high:%Y%m%dT%H%M%SZ}"
    theirs = [moment for moment in by_dateutil(bounded, start, high) if low <= moment]
    assert [moment.replace(tzinfo=UTC) for moment in mine] == theirs


def test_plain_and_counted_weekdays_may_stand_together() -> None:
    found = starts("FREQ=MONTHLY;BYDAY=MO,1TU", naive("2026-12-01T09:00"), _MONDAY, 21)
    assert [moment.day for moment in found] == [1, 7, 14]


@settings(deadline=None)
@given(
    st.sampled_from(("HOURLY", "MINUTELY")),
    st.integers(7, 90),
    _MOMENTS,
    st.integers(0, 40),
    st.sampled_from(("", ";COUNT=50", ";BYHOUR=9,10", ";BYDAY=MO,TU;COUNT=70", ";BYMINUTE=0,20")),
)
def test_hours_and_minutes_are_as_in_dateutil(freq: str, interval: int, start: datetime, away: int, more: str) -> None:
    rule = f"FREQ={freq};INTERVAL={interval}{more}"
    low = start.replace(tzinfo=UTC) + timedelta(days=away)
    high = low + timedelta(days=3)
    theirs = by_dateutil(rule if "COUNT" in rule else f"{rule};UNTIL={high:%Y%m%dT%H%M%SZ}", start, high)
    assert [m.replace(tzinfo=UTC) for m in starts(rule, start, low, 3)] == [m for m in theirs if m >= low]


# --- broken rules and bombs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=FORTNIGHTLY",
        "nonsense",
        "",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;COUNT=-3",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=MONTHLY;BYMONTHDAY=99",
        "FREQ=YEARLY;BYMONTH=x",
        "RSCALE=HEBREW;FREQ=YEARLY",
        "FREQ=DAILY;COUNT=0",
    ],
)
def test_a_broken_rule_keeps_the_first_instance(rule: str) -> None:
    assert times(event("UID:1", f"RRULE:{rule}")) == ["2026-12-03 14:00/15:00"]


ALL = ["2026-11-30 00:00/2026-12-21 00:00"]
_SIXTY = ",".join(map(str, range(60)))
_EVERY_SECOND = f"BYHOUR={','.join(map(str, range(24)))};BYMINUTE={_SIXTY};BYSECOND={_SIXTY}"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=SECONDLY", ALL),
        ("FREQ=MINUTELY;INTERVAL=1", ALL),
        ("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", ALL),  # too many steps to tell: never free
        (
            f"FREQ=YEARLY;BYYEARDAY={','.join(map(str, range(1, 367)))};{_EVERY_SECOND}",
            ALL,
        ),
        (f"FREQ=DAILY;{_EVERY_SECOND}", ALL),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", FREE),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", FREE),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=999999999", FREE),
        ("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30", FREE),
        ("FREQ=DAILY;INTERVAL=999999999", FREE),
        ("FREQ=SECONDLY;INTERVAL=999999999", FREE),
    ],
)
def test_no_rule_takes_long_and_none_becomes_free_by_its_size(rule: str, expected: list[str]) -> None:
    begun = time.process_time()
    found = times(event("UID:1", "DTSTART:19980101T000000Z", "DURATION:PT1H", f"RRULE:{rule}"))
    assert time.process_time() - begun < 2
    assert found == expected


def test_an_interval_of_zero_counts_as_one() -> None:
    lines = ("UID:1", "DTSTART:20261203T140000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;INTERVAL=0;COUNT=2")
    assert times(event(*lines)) == ["2026-12-03 14:00/15:00", "2026-12-04 14:00/15:00"]


def test_a_feed_of_bombs_costs_little_more_than_one() -> None:
    rules_ = ("FREQ=DAILY;COUNT=99999;BYMONTH=2;BYMONTHDAY=30", "FREQ=MINUTELY;BYDAY=MO", "FREQ=SECONDLY")
    bombs = [
        event(f"UID:{n}", "DTSTART:00010101T000000Z", "DURATION:PT1H", f"RRULE:{rules_[n % 3]}") for n in range(600)
    ]
    begun = time.process_time()
    assert times(*bombs) == ALL
    assert time.process_time() - begun < 8


def test_a_rule_at_the_end_of_time_does_no_harm() -> None:
    late = event("UID:1", "DTSTART:99991231T235959Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")
    early = event("UID:2", "DTSTART:00010101T000000Z", "DURATION:P99999999D")
    assert times(late, event("UID:3")) == ["2026-12-03 14:00/15:00"]
    assert times(early) == ALL


@given(st.text("FREQDAILYWK=;,BMONTHSPU0123456789-+:Z", max_size=60) | rules(), _MOMENTS)
def test_whatever_a_rule_says_it_is_answered_or_refused_as_broken(text: str, start: datetime) -> None:
    try:
        rule = parse_rule(text)
    except ValueError:
        return
    assert isinstance(expand(rule, start, UTC, _MONDAY, _MONDAY + timedelta(days=21), Budget()), Expansion)


@given(rules(), _MOMENTS, st.sampled_from(("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")))
def test_days_and_weeks_follow_the_local_clock_in_any_zone(rule: str, start: datetime, name: str) -> None:
    """The clock readings are those of a zone without changes, each placed in the zone (RFC 5545, 3.3.10)."""
    zone = ZoneInfo(name)
    rule = ";".join(part for part in rule.split(";") if not part.startswith("UNTIL"))
    low = start.replace(tzinfo=UTC) + timedelta(days=100)
    high = low + timedelta(days=90)
    day = timedelta(days=1)
    try:
        readings = starts(rule, start, low - day, 92)
    except AssertionError:
        return
    found = expand(parse_rule(rule), start, zone, low, high, Budget()).starts
    placed = {reading.replace(tzinfo=zone).astimezone(UTC) for reading in readings}
    assert set(found) == {moment for moment in placed if low <= moment < high}
