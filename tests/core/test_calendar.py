"""What counts as busy and as free, occurrence by occurrence (RFC 5545; MS-OXCICAL for Outlook's property)."""

from __future__ import annotations

import pytest

from raincheck.core.model import Period
from tests.core.feeds import DECEMBER, FREE, ME, TAKEN, component, event, feed, read, shown, span, times

# --- one event: which property decides ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((), TAKEN),
        (("STATUS:CANCELLED",), FREE),  # RFC 5545, 3.8.1.11
        (("status:cancelled",), FREE),  # names and enumerated values know no case (RFC 5545, 2)
        (("STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY"), FREE),
        (("STATUS:TENTATIVE",), TAKEN),
        (("STATUS:CONFIRMED",), TAKEN),
        (("TRANSP:TRANSPARENT",), FREE),  # RFC 5545, 3.8.2.7
        (("TRANSP:Transparent",), FREE),
        (("TRANSP:OPAQUE",), TAKEN),
        (("TRANSP:SOMETHING",), TAKEN),
        (("X-MICROSOFT-CDO-BUSYSTATUS:FREE",), FREE),  # MS-OXCICAL, 2.1.3.1.1.20.31: it outranks TRANSP
        (("X-MICROSOFT-CDO-BUSYSTATUS:FREE", "TRANSP:OPAQUE"), FREE),
        (("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", "TRANSP:OPAQUE"), FREE),
        (("X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "TRANSP:TRANSPARENT"), TAKEN),
        (("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", "TRANSP:TRANSPARENT"), TAKEN),
        (("X-MICROSOFT-CDO-BUSYSTATUS:OOF", "TRANSP:TRANSPARENT"), TAKEN),
        (("X-MICROSOFT-CDO-BUSYSTATUS:nonsense", "TRANSP:TRANSPARENT"), FREE),
        (("CLASS:PRIVATE",), TAKEN),
        (("CLASS:PUBLIC", "TRANSP:TRANSPARENT"), FREE),
    ],
)
def test_the_first_property_that_speaks_decides(lines: tuple[str, ...], expected: list[str]) -> None:
    assert times(event("UID:1", *lines)) == expected


@pytest.mark.parametrize(
    ("attendee", "expected"),
    [
        (f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ME}", FREE),  # RFC 5545, 3.2.12
        (f"ATTENDEE;PARTSTAT=DECLINED:MAILTO:{ME.upper()}", FREE),
        (f"attendee;partstat=declined:mailto:{ME}", FREE),
        (f'ATTENDEE;CN="Meyer: Robin";PARTSTAT=DECLINED:mailto:{ME}', FREE),
        (f"ATTENDEE;EMAIL={ME};PARTSTAT=DECLINED:https://calendar.example/users/7", FREE),  # RFC 7986, 6.2
        (f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{ME}", TAKEN),
        (f"ATTENDEE;PARTSTAT=TENTATIVE:mailto:{ME}", TAKEN),
        (f"ATTENDEE:mailto:{ME}", TAKEN),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:someone@example.net", TAKEN),
        (f"ATTENDEE;PARTSTAT=DECLINED:mailto:not-{ME}", TAKEN),  # the whole address, not its end
        (f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ME}.example.org", TAKEN),
    ],
)
def test_only_my_own_refusal_makes_free(attendee: str, expected: list[str]) -> None:
    assert times(event("UID:1", attendee)) == expected


def test_my_refusal_outranks_outlooks_busy_status() -> None:
    lines = (f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ME}", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY")
    assert times(event("UID:1", *lines)) == FREE


def test_an_attendee_of_an_alarm_is_not_me_refusing() -> None:
    alarm = component("VALARM", "ACTION:EMAIL", f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ME}", "TRIGGER:-PT5M").strip()
    assert times(event("UID:1", alarm)) == TAKEN


@pytest.mark.parametrize("line", ["STATUS:TENTATIVE", "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"])
def test_who_wants_unconfirmed_time_free_gets_it(line: str) -> None:
    assert times(event("UID:1", line), tentative="free") == FREE
    assert times(event("UID:1", "STATUS:CONFIRMED"), tentative="free") == TAKEN


# --- VFREEBUSY and other components -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("FREEBUSY:20261203T140000Z/20261203T150000Z", TAKEN),  # RFC 5545, 3.8.2.6
        ("FREEBUSY;FBTYPE=BUSY:20261203T140000Z/PT1H", TAKEN),
        ("FREEBUSY;FBTYPE=FREE:20261203T140000Z/PT1H", FREE),
        ("freebusy;fbtype=free:20261203T140000Z/PT1H", FREE),
        ("FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20261203T140000Z/PT1H", TAKEN),
        ("FREEBUSY;FBTYPE=X-WHATEVER:20261203T140000Z/PT1H", TAKEN),  # unknown is treated as BUSY (3.2.9)
        (
            "FREEBUSY:20261203T140000Z/PT1H,20261204T080000Z/20261204T083000Z",
            [*TAKEN, "2026-12-04 08:00/08:30"],
        ),
        ("FREEBUSY:nonsense,20261203T140000Z/PT1H", TAKEN),
    ],
)
def test_published_busy_time_counts(line: str, expected: list[str]) -> None:
    assert times(component("VFREEBUSY", "UID:f", "DTSTART:20261201T000000Z", line)) == expected


def test_tasks_journals_and_alarms_take_no_time() -> None:
    todo = component("VTODO", "UID:t", "DTSTART:20261203T140000Z", "DUE:20261203T150000Z")
    journal = component("VJOURNAL", "UID:j", "DTSTART:20261203T140000Z")
    assert times(todo, journal) == FREE


def test_the_length_of_an_alarm_is_not_the_length_of_its_event() -> None:
    alarm = component("VALARM", "ACTION:AUDIO", "TRIGGER:-PT30M", "REPEAT:4", "DURATION:PT4H").strip()
    assert times(event("UID:1", "DTSTART:20261203T140000Z", alarm, "DURATION:PT30M")) == ["2026-12-03 14:00/14:30"]
    assert times(event("UID:1", "DTSTART:20261203T140000Z", alarm)) == FREE


# --- several versions, overrides, series --------------------------------------------------------------------------

WEEKLY = ("UID:1", "DTSTART:20261126T140000Z", "DTEND:20261126T150000Z", "RRULE:FREQ=WEEKLY")
THIRD, TENTH, SEVENTEENTH = "2026-12-03 14:00/15:00", "2026-12-10 14:00/15:00", "2026-12-17 14:00/15:00"


def test_the_higher_sequence_wins() -> None:
    """RFC 5545, 3.8.7.4; also where the winner lies far outside the window."""
    old, new = event("UID:1", "SEQUENCE:1"), event("UID:1", "DTSTART:20261205T090000Z", "DURATION:PT1H", "SEQUENCE:2")
    away = event("UID:1", "DTSTART:20280105T090000Z", "DURATION:PT1H", "SEQUENCE:3")
    assert times(old, new) == times(new, old) == ["2026-12-05 09:00/10:00"]
    assert times(old, away, new) == times(away, old, new) == FREE


def test_a_cancelled_higher_sequence_wins_too() -> None:
    assert times(event("UID:1"), event("UID:1", "SEQUENCE:1", "STATUS:CANCELLED")) == FREE


def test_versions_of_equal_sequence_all_count() -> None:
    assert times(event("UID:1"), event("UID:1", "DTSTART:20261205T090000Z", "DURATION:PT1H")) == [
        *TAKEN,
        "2026-12-05 09:00/10:00",
    ]


def test_events_without_uid_are_each_their_own() -> None:
    assert times(event(), event("DTSTART:20261205T090000Z", "DURATION:PT1H", "SEQUENCE:4")) == [
        *TAKEN,
        "2026-12-05 09:00/10:00",
    ]


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        (("STATUS:CANCELLED",), [THIRD, SEVENTEENTH]),
        (("TRANSP:TRANSPARENT", "DTSTART:20261210T140000Z", "DURATION:PT1H"), [THIRD, SEVENTEENTH]),
        ((f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ME}",), [THIRD, SEVENTEENTH]),
        (("DTSTART:20261211T090000Z", "DTEND:20261211T093000Z"), [THIRD, "2026-12-11 09:00/09:30", SEVENTEENTH]),
        (("DTSTART:20270111T090000Z", "DURATION:PT1H"), [THIRD, SEVENTEENTH]),  # moved out of the window
    ],
)
def test_one_occurrence_may_differ(override: tuple[str, ...], expected: list[str]) -> None:
    """RECURRENCE-ID (RFC 5545, 3.8.4.4)."""
    changed = component("VEVENT", "UID:1", "RECURRENCE-ID:20261210T140000Z", *override)
    master = event(*WEEKLY)
    assert times(master, changed) == times(changed, master) == expected


def test_an_occurrence_moved_into_the_window_counts() -> None:
    moved = component("VEVENT", "UID:1", "RECURRENCE-ID:20280106T140000Z", "DTSTART:20261204T080000Z", "DURATION:PT1H")
    assert times(event(*WEEKLY), moved) == [THIRD, "2026-12-04 08:00/09:00", TENTH, SEVENTEENTH]


def test_an_occurrence_without_its_master_counts() -> None:
    orphan = component("VEVENT", "UID:1", "RECURRENCE-ID:20261210T140000Z", "DTSTART:20261204T080000Z", "DURATION:PT1H")
    assert times(orphan) == ["2026-12-04 08:00/09:00"]


def test_of_two_versions_of_an_occurrence_the_higher_sequence_wins() -> None:
    first = component(
        "VEVENT", "UID:1", "RECURRENCE-ID:20261210T140000Z", "SEQUENCE:1", "DTSTART:20261210T080000Z", "DURATION:PT1H"
    )
    second = component(
        "VEVENT", "UID:1", "RECURRENCE-ID:20261210T140000Z", "SEQUENCE:2", "DTSTART:20261210T100000Z", "DURATION:PT1H"
    )
    expected = [THIRD, "2026-12-10 10:00/11:00", SEVENTEENTH]
    assert times(event(*WEEKLY), first, second) == times(second, first, event(*WEEKLY)) == expected


def test_a_recurrence_id_names_an_instant_in_any_form() -> None:
    """In UTC while the master has a TZID, in another zone, as the local clock, or as the day alone."""
    master = event("UID:1", "DTSTART;TZID=Europe/Berlin:20261126T150000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")
    for written in (
        ":20261210T140000Z",
        ";TZID=America/New_York:20261210T090000",
        ":20261210T150000",
        ";VALUE=DATE:20261210",
    ):
        changed = component("VEVENT", "UID:1", f"RECURRENCE-ID{written}", "STATUS:CANCELLED")
        assert times(master, changed) == [THIRD, SEVENTEENTH], written


def test_this_and_future_moves_all_later_ones() -> None:
    """RANGE=THISANDFUTURE (RFC 5545, 3.2.13): new time, new length; a later single override still counts."""
    future = component(
        "VEVENT",
        "UID:1",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261210T140000Z",
        "DTSTART:20261211T100000Z",
        "DTEND:20261211T103000Z",
    )
    assert times(event(*WEEKLY), future) == [THIRD, "2026-12-11 10:00/10:30", "2026-12-18 10:00/10:30"]
    single = component("VEVENT", "UID:1", "RECURRENCE-ID:20261217T140000Z", "STATUS:CANCELLED")
    assert times(event(*WEEKLY), single, future) == [THIRD, "2026-12-11 10:00/10:30"]


def test_this_and_future_reaches_into_the_window_from_far_away() -> None:
    future = component(
        "VEVENT",
        "UID:1",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20270107T140000Z",
        "DTSTART:20261210T100000Z",
        "DURATION:PT30M",
    )
    assert times(event(*WEEKLY), future) == [
        THIRD,
        "2026-12-10 10:00/10:30",
        TENTH,
        "2026-12-17 10:00/10:30",
        SEVENTEENTH,
    ]


def test_a_cancelled_this_and_future_ends_the_series() -> None:
    future = component("VEVENT", "UID:1", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261210T140000Z", "STATUS:CANCELLED")
    assert times(event(*WEEKLY), future) == [THIRD]


def test_a_cancelled_master_frees_its_occurrences_but_not_an_override() -> None:
    kept = component("VEVENT", "UID:1", "RECURRENCE-ID:20261210T140000Z", "DTSTART:20261210T140000Z", "DURATION:PT1H")
    assert times(event(*WEEKLY, "STATUS:CANCELLED"), kept) == [TENTH]


@pytest.mark.parametrize(
    "line",
    [
        "EXDATE:20261210T140000Z",  # RFC 5545, 3.8.5.1
        "EXDATE;TZID=America/New_York:20261210T090000",
        "EXDATE:20261210T150000",
        "EXDATE;VALUE=DATE:20261210",
        "EXDATE:20261210",
        "EXDATE:20250101T000000Z,20261210T140000Z",
        "EXDATE:nonsense,20261210T140000Z",
    ],
)
def test_an_excluded_date_is_free_in_any_form(line: str) -> None:
    master = event("UID:1", "DTSTART;TZID=Europe/Berlin:20261126T150000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY", line)
    assert times(master) == [THIRD, SEVENTEENTH]


@pytest.mark.parametrize(
    "line",
    ["EXDATE;VALUE=DATE:20261210", "EXDATE:20261210T000000", "EXDATE:20261209T230000Z", "EXDATE:20261210T000000Z"],
)
def test_an_excluded_day_of_an_all_day_series_is_free_in_any_form(line: str) -> None:
    days = times(event("UID:1", "DTSTART;VALUE=DATE:20261203", "RRULE:FREQ=WEEKLY;COUNT=3", line))
    assert days == ["2026-12-02 23:00/2026-12-03 23:00", "2026-12-16 23:00/2026-12-17 23:00"]


def test_excluded_dates_do_not_extend_count() -> None:
    """COUNT counts what the rule names, excluded or not (RFC 5545, 3.8.5.1)."""
    master = event(
        "UID:1", "DTSTART:20261203T140000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:20261203T140000Z"
    )
    assert times(master) == [TENTH]


def test_more_dates_and_periods_with_their_own_length() -> None:
    """RDATE (RFC 5545, 3.8.5.2)."""
    lines = (
        "RDATE:20261204T080000Z,20261207T080000Z",
        "RDATE;VALUE=PERIOD:20261208T080000Z/20261208T083000Z,20261209T080000Z/PT3H",
        "RDATE;TZID=Europe/Berlin:20261211T090000",
    )
    assert times(event("UID:1", *lines)) == [
        *TAKEN,
        "2026-12-04 08:00/09:00",
        "2026-12-07 08:00/09:00",
        "2026-12-08 08:00/08:30",
        "2026-12-09 08:00/11:00",
        "2026-12-11 08:00/09:00",
    ]


def test_until_is_inclusive() -> None:
    for until in ("20261210T140000Z", "20261210T150000", "20261210"):
        rule = f"RRULE:FREQ=WEEKLY;UNTIL={until}"
        master = event("UID:1", "DTSTART;TZID=Europe/Berlin:20261126T150000", "DURATION:PT1H", rule)
        assert times(master) == [THIRD, TENTH], until
    rule = "RRULE:FREQ=WEEKLY;UNTIL=20261210T135959Z"
    assert times(event("UID:1", "DTSTART;TZID=Europe/Berlin:20261126T150000", "DURATION:PT1H", rule)) == [THIRD]


def test_the_first_instance_counts_even_where_the_rule_does_not_name_it() -> None:
    """DTSTART is the first instance, and the first that COUNT counts (RFC 5545, 3.8.5.3 and 3.3.10)."""
    thursday = ("UID:1", "DTSTART:20261203T140000Z", "DURATION:PT1H")
    assert times(event(*thursday, "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3")) == [
        *TAKEN,
        "2026-12-07 14:00/15:00",
        "2026-12-14 14:00/15:00",
    ]


def test_a_series_that_ends_before_it_begins_is_none() -> None:
    """Programs write so what was deleted from its first instance on."""
    master = ("UID:1", "DTSTART:20261203T140000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;UNTIL=20261203T135959Z")
    assert times(event(*master)) == FREE
    assert times(event(*master, "RRULE:FREQ=WEEKLY;COUNT=1")) == TAKEN


def test_an_excluded_date_does_not_free_a_rule_of_too_many() -> None:
    master = ("UID:1", "DTSTART:20261203T140000Z", "DURATION:PT1H", "RRULE:FREQ=SECONDLY", "EXDATE:20261203T140000Z")
    assert times(event(*master)) == ["2026-12-03 14:00/2026-12-21 00:00"]


# --- the window ---------------------------------------------------------------------------------------------------


def test_what_reaches_into_the_window_counts_and_merged_is_cut_to_it() -> None:
    long = event("UID:1", "DTSTART:20200101T000000Z", "DTEND:20261201T060000Z")
    series = event("UID:2", "DTSTART:20251219T000000Z", "DURATION:P5D", "RRULE:FREQ=YEARLY")
    assert times(long, series) == ["2026-11-30 00:00/2026-12-01 06:00", "2026-12-19 00:00/2026-12-21 00:00"]
    whole = read(feed(long)).periods[0].period
    assert shown((whole,)) == ["2020-01-01 00:00/2026-12-01 06:00"]


def test_a_long_duration_from_long_ago_still_counts() -> None:
    assert times(event("UID:1", "DTSTART:20150101T000000Z", "DURATION:PT200000H")) == [
        "2026-11-30 00:00/2026-12-21 00:00"
    ]
    assert times(event("UID:1", "DTSTART:20150101T000000Z", "DURATION:PT2H")) == FREE


def test_touching_and_overlapping_periods_are_joined() -> None:
    pairs = (("T080000Z", "T090000Z"), ("T090000Z", "T100000Z"), ("T093000Z", "T110000Z"), ("T120000Z", "T130000Z"))
    events = [event(f"DTSTART:20261203{start}", f"DTEND:20261203{end}") for start, end in pairs]
    assert times(*events) == ["2026-12-03 08:00/11:00", "2026-12-03 12:00/13:00"]


def test_a_window_ends_before_its_end() -> None:
    window = Period(DECEMBER.start.replace(month=12, day=3, hour=15), DECEMBER.end)
    assert times(event("UID:1"), window=window) == FREE
    assert times(event("UID:1", "DTSTART:20261221T000000Z", "DURATION:PT1H")) == FREE


def test_each_period_keeps_what_tells_whose_appointment_it_is() -> None:
    lines = (
        "UID:abc@corp.example",
        "SUMMARY:Interview\\, Acme GmbH",
        "LOCATION:Room 5",
        "ORGANIZER;CN=Dana Roe:mailto:Dana@corp.example",
        f"ATTENDEE;CN=Robin:mailto:{ME}",
    )
    (period,) = read(feed(event(*lines)), name="work").periods
    assert (period.uid, period.organizer, period.calendar) == ("abc@corp.example", "dana@corp.example", "work")
    assert "interview, acme gmbh" in period.words
    assert "room 5" in period.words


def test_a_window_of_one_hour_on_a_change_day() -> None:
    assert times(
        event("UID:1", "DTSTART:20261025T003000Z", "DURATION:PT2H"), window=span("2026-10-25T01:00", 1 / 24)
    ) == ["2026-10-25 01:00/02:00"]
