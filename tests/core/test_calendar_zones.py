"""When a written time is: dates, floating times, zone names, definitions, gaps and folds (RFC 5545, 3.3.5, 3.6.5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.core.tzid import defined_zone, named_zone
from tests.core.feeds import BERLIN, FREE, TAKEN, component, event, feed, read, span, times

# --- dates --------------------------------------------------------------------------------------------------------


def test_a_day_runs_from_midnight_to_midnight_in_the_persons_zone() -> None:
    day = event("UID:1", "DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261204")
    assert times(day, tz=BERLIN) == ["2026-12-02 23:00/2026-12-03 23:00"]
    assert times(day, tz="America/New_York") == ["2026-12-03 05:00/2026-12-04 05:00"]
    assert times(day, tz="Asia/Kathmandu", head="X-WR-TIMEZONE:Europe/Berlin") == ["2026-12-02 18:15/2026-12-03 18:15"]


@pytest.mark.parametrize("line", ["DTSTART;VALUE=DATE:20261203", "DTSTART:20261203"])
@pytest.mark.parametrize("end", ["DTEND;VALUE=DATE:20261203", "DTEND:20261203", "DURATION:P1D", ""])
def test_a_day_that_ends_where_it_starts_or_says_no_end_is_one_day(line: str, end: str) -> None:
    assert times(event("UID:1", line, end) if end else event("UID:1", line)) == ["2026-12-02 23:00/2026-12-03 23:00"]


def test_days_on_which_the_clock_changes_have_23_and_25_hours() -> None:
    for day, expected in (
        ("20260329", "2026-03-28 23:00/2026-03-29 22:00"),
        ("20261025", "2026-10-24 22:00/2026-10-25 23:00"),
    ):
        window = span(f"{day[:4]}-{day[4:6]}-{day[6:]}", 1).start
        around = span((window - timedelta(days=2)).strftime("%Y-%m-%d"), 5)
        assert times(event("UID:1", f"DTSTART;VALUE=DATE:{day}"), window=around) == [expected]


def test_the_end_of_days_is_exclusive() -> None:
    assert times(event("UID:1", "DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261205")) == [
        "2026-12-02 23:00/2026-12-04 23:00"
    ]


@pytest.mark.parametrize(
    "end", ["", "DTEND:20261203T140000Z", "DURATION:PT0S", "DTEND:20261203T130000Z", "DURATION:-PT1H"]
)
def test_a_time_without_length_takes_no_time(end: str) -> None:
    """RFC 5545, 3.6.1: it ends on the instant at which it starts."""
    lines = ("UID:1", "DTSTART:20261203T140000Z", end) if end else ("UID:1", "DTSTART:20261203T140000Z")
    assert times(event(*lines)) == FREE


# --- zones by name ------------------------------------------------------------------------------------------------


def test_a_floating_time_is_in_the_calendars_zone_else_in_the_persons() -> None:
    floating = event("UID:1", "DTSTART:20261203T150000", "DTEND:20261203T160000")
    assert times(floating, tz=BERLIN) == TAKEN
    assert times(floating, head="X-WR-TIMEZONE:America/New_York") == ["2026-12-03 20:00/21:00"]
    assert times(floating, head="X-WR-TIMEZONE:nowhere at all") == TAKEN


def test_the_calendars_zone_may_stand_after_its_events() -> None:
    data = feed(event("UID:1", "DTSTART:20261203T150000", "DTEND:20261203T160000"), "X-WR-TIMEZONE:America/New_York")
    assert [p.period.start.hour for p in read(data).periods] == [20]


@pytest.mark.parametrize(
    ("tzid", "offset"),
    [
        ("Europe/Berlin", 1),
        ("europe/berlin", 1),
        ("America/New_York", -5),
        ("US/Eastern", -5),  # an alias
        ("/freeassociation.sourceforge.net/Tzfile/America/New_York", -5),
        ("/mozilla.org/20070129_1/Europe/Berlin", 1),
        ("/softwarestudio.org/Olson_20011030_5/America/Argentina/Buenos_Aires", -3),
        ("Eastern Standard Time", -5),
        ("W. Europe Standard Time", 1),
        ("India Standard Time", 5.5),
        ("UTC", 0),
        ("GMT", 0),
        ("Etc/GMT+5", -5),
        ("UTC+02:00", 2),
        ("(UTC-05:00) Eastern Time (US & Canada)", -5),
        ("(GMT-05:00) Eastern Time (US & Canada)", -5),
        ("Eastern Time (US & Canada)", -5),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", 1),
        ("(UTC+01:00) Sarajevo, Skopje, Warsaw, Zagreb", 1),
        ("(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", 5.5),
        ("(UTC+00:00) Dublin, Edinburgh, Lisbon, London", 0),
        ("(UTC) Coordinated Universal Time", 0),
        ("(UTC-03:30) Newfoundland", -3.5),
        ("(UTC+08:45) Eucla", 8.75),
        ("(UTC+04:00) A place that nobody knows", 4),
    ],
)
def test_zone_names_of_people_and_programs(tzid: str, offset: float) -> None:
    found = named_zone(tzid)
    assert found is not None
    assert datetime(2026, 12, 3, 12, tzinfo=found).utcoffset() == timedelta(hours=offset)


@pytest.mark.parametrize(
    "tzid", ["Eastern Standard Time", "(UTC-05:00) Eastern Time (US & Canada)", "Eastern Daylight Time"]
)
def test_a_windows_name_means_the_place_summer_time_included(tzid: str) -> None:
    found = named_zone(tzid)
    assert found is not None
    assert datetime(2026, 7, 3, 12, tzinfo=found).utcoffset() == timedelta(hours=-4)


@pytest.mark.parametrize("tzid", ["", "Nowhere", "Customized Time Zone", "../../etc/passwd", "/", "Europe", "x" * 5000])
def test_a_name_that_nobody_knows_is_no_zone(tzid: str) -> None:
    assert named_zone(tzid) is None


def test_every_windows_name_is_known() -> None:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    assert [name for name in WINDOWS_TO_OLSON if named_zone(name) is None] == []


def test_an_unknown_zone_is_the_persons_and_leaves_a_warning() -> None:
    found = read(feed(event("UID:1", "DTSTART;TZID=Middle Earth:20261203T150000", "DURATION:PT1H")))
    assert [(p.period.start.hour, p.period.end.hour) for p in found.periods] == [(14, 15)]
    assert any("Middle Earth" in warning for warning in found.warnings)


@pytest.mark.parametrize("quote", ['"', ""])
def test_a_zone_name_with_a_colon_quoted_or_not(quote: str) -> None:
    line = f"DTSTART;TZID={quote}(UTC-05:00) Eastern Time (US & Canada){quote}:20261203T090000"
    assert times(event("UID:1", line, "DURATION:PT1H")) == TAKEN


def test_z_outranks_a_zone_name() -> None:
    """TZID must not stand beside a UTC time (RFC 5545, 3.2.19); where it does, Z counts."""
    assert times(event("UID:1", "DTSTART;TZID=America/New_York:20261203T140000Z", "DURATION:PT1H")) == TAKEN


# --- zones by definition ------------------------------------------------------------------------------------------


def fixed(tzid: str, offset: str) -> str:
    standard = component("STANDARD", "DTSTART:16010101T000000", f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}")
    return component("VTIMEZONE", f"TZID:{tzid}", standard.strip())


EUROPE = component(
    "VTIMEZONE",
    "TZID:Home",
    component(
        "DAYLIGHT",
        "DTSTART:19700329T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    ).strip(),
    component(
        "STANDARD",
        "DTSTART:19701025T030000",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    ).strip(),
)


def test_the_calendars_own_definition_outranks_every_name() -> None:
    """Even if the name looks like something else, and wherever the definition stands."""
    there = event("UID:1", "DTSTART;TZID=America/New_York:20261203T160000", "DURATION:PT1H")
    for parts in ((fixed("America/New_York", "+0200"), there), (there, fixed("America/New_York", "+0200"))):
        assert times(*parts) == TAKEN


def test_a_definition_holds_in_its_own_calendar_only() -> None:
    there = event("DTSTART;TZID=America/New_York:20261203T090000", "DURATION:PT1H")
    data = feed(fixed("America/New_York", "+0200")) + feed(there)
    assert [p.period.start.hour for p in read(data).periods] == [14]


def test_a_broken_definition_costs_only_itself() -> None:
    broken = component("VTIMEZONE", "TZID:America/New_York", component("STANDARD", "DTSTART:nonsense").strip())
    there = event("UID:1", "DTSTART;TZID=America/New_York:20261203T090000", "DURATION:PT1H")
    found = read(feed(broken, there))
    assert [p.period.start.hour for p in found.periods] == [14]
    assert any("New_York" in warning for warning in found.warnings)


def test_a_defined_zone_changes_its_clock_as_it_says() -> None:
    winter = event("DTSTART;TZID=Home:20261203T150000", "DURATION:PT1H")
    assert times(EUROPE, winter) == TAKEN
    summer = event("DTSTART;TZID=Home:20260703T160000", "DURATION:PT1H")
    assert times(EUROPE, summer, window=span("2026-07-01", 7)) == ["2026-07-03 14:00/15:00"]


BLOCK = "\n" + "\n".join(EUROPE.strip().split("\n")[1:-1])


@given(st.datetimes(datetime.fromisoformat("1996-01-01"), datetime.fromisoformat("2035-01-01")), st.integers(0, 1))
def test_a_defined_zone_is_like_the_real_one(moment: datetime, fold: int) -> None:
    """The definition says what Berlin has done since 1996: the same offsets, gaps and folds both ways."""
    moment = moment.replace(fold=fold)
    zone, real = defined_zone(BLOCK.encode(), datetime(2037, 1, 1, tzinfo=UTC)), ZoneInfo(BERLIN)
    assert moment.replace(tzinfo=zone, fold=0).astimezone(UTC) == moment.replace(tzinfo=real, fold=0).astimezone(UTC)
    utc = moment.replace(tzinfo=UTC)
    mine, theirs = utc.astimezone(zone), utc.astimezone(real)
    assert mine.replace(tzinfo=None) == theirs.replace(tzinfo=None)
    assert mine.fold == theirs.fold
    assert mine.astimezone(UTC) == utc


# --- gaps, folds, exact and nominal lengths -----------------------------------------------------------------------


@pytest.mark.parametrize("tzid", ["Europe/Berlin", "Home"])
def test_a_time_in_a_gap_has_the_offset_before_it(tzid: str) -> None:
    """RFC 5545, 3.3.5: 02:30 on the last Sunday in March is 01:30Z."""
    there = event("UID:1", f"DTSTART;TZID={tzid}:20260329T023000", "DURATION:PT1H")
    assert times(EUROPE, there, window=span("2026-03-28", 3)) == ["2026-03-29 01:30/02:30"]


@pytest.mark.parametrize("tzid", ["Europe/Berlin", "Home"])
def test_a_time_that_occurs_twice_is_the_first(tzid: str) -> None:
    there = event("UID:1", f"DTSTART;TZID={tzid}:20261025T023000", "DURATION:PT30M")
    assert times(EUROPE, there, window=span("2026-10-24", 3)) == ["2026-10-25 00:30/01:00"]


def test_hours_are_exact_and_days_nominal_over_a_change() -> None:
    """RFC 5545, 3.3.6 and 3.8.5.3."""
    window = span("2026-10-23", 5)
    start = "DTSTART;TZID=Europe/Berlin:20261024T120000"
    assert times(event("UID:1", start, "DURATION:PT24H"), window=window) == ["2026-10-24 10:00/2026-10-25 10:00"]
    assert times(event("UID:1", start, "DURATION:P1D"), window=window) == ["2026-10-24 10:00/2026-10-25 11:00"]
    assert times(event("UID:1", start, "DURATION:P1DT1H"), window=window) == ["2026-10-24 10:00/2026-10-25 12:00"]
    series = event(
        "UID:1",
        "DTSTART;TZID=Europe/Berlin:20261017T230000",
        "DTEND;TZID=Europe/Berlin:20261018T050000",
        "RRULE:FREQ=WEEKLY",
    )
    assert times(series, window=window) == ["2026-10-24 21:00/2026-10-25 03:00"]


def test_a_series_keeps_its_local_clock_over_a_change_and_hours_their_distance() -> None:
    window = span("2026-10-24", 3)
    daily = event("UID:1", "DTSTART;TZID=Europe/Berlin:20261020T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY")
    assert times(daily, window=window) == ["2026-10-24 07:00/08:00", "2026-10-25 08:00/09:00", "2026-10-26 08:00/09:00"]
    hourly = event("UID:1", "DTSTART;TZID=Europe/Berlin:20261025T010000", "DURATION:PT10M", "RRULE:FREQ=HOURLY;COUNT=4")
    assert times(hourly, window=window) == [
        "2026-10-24 23:00/23:10",
        "2026-10-25 00:00/00:10",
        "2026-10-25 01:00/01:10",
        "2026-10-25 02:00/02:10",
    ]
