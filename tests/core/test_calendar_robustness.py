"""Feeds as they come: odd bytes, broken events, hostile sizes; what is no whole calendar is refused, never free."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.core.calendar import busy
from raincheck.core.model import Period
from raincheck.errors import FeedUnavailable
from tests.core.feeds import DECEMBER, TAKEN, component, event, feed, read, shown, times

# --- no whole calendar --------------------------------------------------------------------------------------------

WHOLE = feed(event("UID:1"), event("UID:2", "DTSTART:20261205T090000Z", "DURATION:PT1H"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \r\n",
        b"<!doctype html><title>Log in</title>",
        b'{"error": "gone"}',
        b"BEGIN:VCARD\r\nEND:VCARD\r\n",
        b"<html>BEGIN:VCALENDAR</html>",
        b"\x00\x01\x02",
        b"END:VCALENDAR\r\n",
    ],
)
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(FeedUnavailable, match="no calendar"):
        read(data)


def test_a_feed_that_is_cut_off_anywhere_is_refused() -> None:
    for cut in range(len(WHOLE) - len(b"END:VCALENDAR\r\n")):
        with pytest.raises(FeedUnavailable):
            read(WHOLE[:cut])


def test_a_second_calendar_that_is_cut_off_is_refused_too() -> None:
    with pytest.raises(FeedUnavailable, match="cut off"):
        read(WHOLE + WHOLE[:-20])


def test_an_empty_calendar_is_a_free_one() -> None:
    found = read(feed())
    assert (found.merged(), found.events, found.warnings) == ((), 0, ())


def test_several_calendars_in_one_stream_count_together() -> None:
    other = feed(event("UID:3", "DTSTART:20261207T090000Z", "DURATION:PT1H"))
    assert len(read(WHOLE + other).merged()) == 3
    assert read(WHOLE + other).events == 3


# --- the same calendar, written differently -----------------------------------------------------------------------

PARTS = (
    "X-WR-TIMEZONE:America/New_York",
    component(
        "VTIMEZONE",
        "TZID:Office — Zürich",
        component("STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100").strip(),
    ),
    event(
        "UID:a",
        "DTSTART;TZID=Office — Zürich:20261202T100000",
        "DURATION:PT1H",
        "SUMMARY:Besprechung über Müller — 面接",
    ),
    event(
        "UID:b",
        "DTSTART:20261126T083000",
        "DTEND:20261126T091500",
        "RRULE:FREQ=WEEKLY;BYDAY=TH,FR",
        "EXDATE:20261210T083000",
    ),
    component("VEVENT", "UID:b", "RECURRENCE-ID:20261217T133000Z", "DTSTART:20261218T190000Z", "DURATION:PT20M"),
    event(
        "UID:c",
        "DTSTART;VALUE=DATE:20261208",
        "DTEND;VALUE=DATE:20261210",
        component("VALARM", "TRIGGER:-PT15M", "DURATION:PT9H").strip(),
    ),
    event("UID:d", "SEQUENCE:1"),
    event("UID:d", "SEQUENCE:3", "DTSTART:20261204T200000Z", "DURATION:PT45M"),
    component("VFREEBUSY", "UID:e", "FREEBUSY:20261214T060000Z/PT30M"),
)
TEXT = "\n".join(line for line in component("VCALENDAR", "VERSION:2.0", *PARTS).split("\n") if line) + "\n"
EXPECTED = read(TEXT.encode()).merged()


def test_the_calendar_of_these_tests_is_as_busy_as_one_reads_it() -> None:
    assert shown(EXPECTED) == [
        "2026-12-02 09:00/10:00",
        "2026-12-03 13:30/14:15",
        "2026-12-04 13:30/14:15",
        "2026-12-04 20:00/20:45",
        "2026-12-07 23:00/2026-12-09 23:00",
        "2026-12-11 13:30/14:15",
        "2026-12-14 06:00/06:30",
        "2026-12-18 13:30/14:15",
        "2026-12-18 19:00/19:20",
    ]


@given(st.permutations(PARTS))
def test_the_order_of_components_does_not_matter(parts: list[str]) -> None:
    """RFC 5545 imposes none, also between events and the zones that they use."""
    text = "\n".join(line for line in component("VCALENDAR", *parts).split("\n") if line)
    assert read(text.encode()).merged() == EXPECTED


@given(
    width=st.integers(1, 80),
    fold=st.sampled_from((b"\r\n ", b"\n\t", b"\r\n\t", b"\n ")),
    end=st.sampled_from((b"\r\n", b"\n")),
)
def test_folding_does_not_matter(width: int, fold: bytes, end: bytes) -> None:
    """RFC 5545, 3.1: a fold may stand anywhere, in the middle of a character and of a name too."""
    lines = [
        fold.join(line[at : at + width] for at in range(0, len(line), width)) for line in TEXT.encode().split(b"\n")
    ]
    assert read(end.join(lines)).merged() == EXPECTED


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace("\n", "\r\n", 9).encode(),
        TEXT.replace("\n", "\n\n").encode(),
        TEXT.replace("\n", "\njunk without a colon\n").encode(),
        TEXT.replace("\n", '\nX-UNKNOWN;A="b:c;d":value\n').encode(),
        TEXT.replace("\n", " \n").encode(),
        ("\n\n" + TEXT + "\n\n\x1a").encode(),
    ],
)
def test_bytes_as_programs_write_them(data: bytes) -> None:
    assert read(data).merged() == EXPECTED


def test_text_in_latin_1_spoils_nothing() -> None:
    data = feed(event("UID:1", "SUMMARY:Gespräch in Zürich")).decode().encode("latin-1")
    (period,) = read(data).periods
    assert "gespräch in zürich" in period.words


def test_names_and_values_know_no_case() -> None:
    """RFC 5545, 2: property names, parameter names and enumerated values; UIDs and zone ids stay as they are."""
    lower = TEXT
    for word in (
        "BEGIN",
        "END",
        "VCALENDAR",
        "VEVENT",
        "VTIMEZONE",
        "VFREEBUSY",
        "STANDARD",
        "DTSTART",
        "DTEND",
        "RRULE",
        "FREQ=WEEKLY;BYDAY=TH,FR",
        "DURATION",
        "TZID",
        "VALUE=DATE",
        "EXDATE",
        "RECURRENCE-ID",
        "SEQUENCE",
        "UID",
        "TZOFFSETFROM",
        "TZOFFSETTO",
        "X-WR-TIMEZONE",
        "FREEBUSY:",
    ):
        lower = lower.replace(word, word.lower())
    assert read(lower.encode()).merged() == EXPECTED


# --- broken events ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:nonsense", "DTEND:20261204T090000Z"),
        ("DTSTART:20261399T000000Z", "DURATION:PT1H"),
        ("DTSTART:", "RRULE:FREQ=DAILY"),
        ("DTSTART;VALUE=DATE:2026-13-45",),
        ("DTSTART:20261204T990000Z", "DURATION:PT1H"),
        ("SUMMARY:no start at all", "DTSTART:"),
    ],
)
def test_a_broken_event_costs_only_itself(lines: tuple[str, ...]) -> None:
    found = read(feed(event("UID:1"), event("UID:broken", *lines)))
    assert shown(found.merged()) == TAKEN
    assert found.warnings


def test_an_event_without_its_end_ends_where_the_next_begins() -> None:
    text = feed(event("UID:1"), event("UID:2", "DTSTART:20261205T090000Z", "DURATION:PT1H")).replace(
        b"END:VEVENT\r\n", b"", 1
    )
    assert len(read(text).merged()) == 2


@pytest.mark.parametrize("line", ["DTEND:nonsense", "DURATION:an hour", "DTEND:"])
def test_an_end_that_cannot_be_read_is_an_hour_not_nothing(line: str) -> None:
    assert times(event("UID:1", "DTSTART:20261203T140000Z", line)) == TAKEN


def test_an_endless_length_is_busy_to_the_end() -> None:
    assert times(event("UID:1", "DTSTART:20261203T140000Z", "DURATION:P999999999W")) == [
        "2026-12-03 14:00/2026-12-21 00:00"
    ]
    assert times(event("UID:1", "DTSTART:20261203T140000Z", "DURATION:PT999999999H")) == [
        "2026-12-03 14:00/2026-12-21 00:00"
    ]


@pytest.mark.parametrize(
    "start",
    [
        "20261203T140000z",
        "20261203t140000Z",
        "2026-12-03T14:00:00Z",
        "20261203T1400Z",
        " 20261203T140000Z ",
        "20261203T160000+0200",
    ],
)
def test_sloppy_times_are_read(start: str) -> None:
    assert times(event("UID:1", f"DTSTART:{start}", "DURATION:PT1H")) == TAKEN


def test_24_oclock_is_the_next_midnight() -> None:
    assert times(event("UID:1", "DTSTART:20261203T230000Z", "DTEND:20261203T240000Z")) == [
        "2026-12-03 23:00/2026-12-04 00:00"
    ]


# --- size ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        ("RRULE:FREQ=DAILY", *(f"EXDATE:2030{n % 12 + 1:02}{n % 28 + 1:02}T{n % 24:02}0000Z" for n in range(50_000))),
        tuple(f"RDATE:2031{n % 12 + 1:02}{n % 28 + 1:02}T{n % 24:02}0000Z" for n in range(50_000)),
        tuple(f"ATTENDEE;PARTSTAT=DECLINED:mailto:guest{n}@example.org" for n in range(20_000)),
        ("DESCRIPTION:" + "long " * 400_000,),
        ("DESCRIPTION:" + "\n ".join(["x"] * 300_000),),
        ("BEGIN:X\n" * 50_000,),
    ],
)
def test_an_event_of_any_size_is_read_in_short_time(lines: tuple[str, ...]) -> None:
    data = feed(event("UID:1", *lines))
    begun = time.process_time()
    assert shown(read(data).merged())[0] == TAKEN[0]
    assert time.process_time() - begun < 2


def test_a_feed_larger_than_one_piece_is_read_whole() -> None:
    filler = [
        event(f"UID:f{n}", "DTSTART:20200101T000000Z", "DURATION:PT1H", "SUMMARY:" + "x" * 300) for n in range(12_000)
    ]
    found = read(feed(event("UID:1"), *filler, event("UID:2", "DTSTART:20261205T090000Z", "DURATION:PT1H")))
    assert len(found.merged()) == 2
    assert found.events == 12_002


@given(
    st.binary(max_size=400)
    | st.text("BEGIN:VCALENDARVEVENTEND\r\n ;=RRULEDTSTART2026T14Z", max_size=400).map(str.encode)
)
def test_whatever_comes_it_is_read_or_refused(data: bytes) -> None:
    for noise in (data, b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + data + b"\nEND:VEVENT\nEND:VCALENDAR\n"):
        try:
            read(noise)
        except FeedUnavailable:
            continue


# --- against a slow and plain reference ---------------------------------------------------------------------------

_HOUR = timedelta(hours=1)


@given(
    st.lists(
        st.tuples(
            st.integers(-60, 500), st.integers(0, 50), st.sampled_from(("", "DAILY", "WEEKLY")), st.integers(1, 3)
        ),
        max_size=8,
    )
)
def test_busy_hours_are_those_that_walking_hour_by_hour_finds(drawn: list[tuple[int, int, str, int]]) -> None:
    events, busy_hours = [], set()
    low = datetime(2026, 12, 1, tzinfo=UTC)
    for start, length, freq, interval in drawn:
        begin = low + start * _HOUR
        rule = (f"RRULE:FREQ={freq};INTERVAL={interval}",) if freq else ()
        events.append(event(f"DTSTART:{begin:%Y%m%dT%H%M%SZ}", f"DURATION:PT{length}H", *rule))
        step = {"DAILY": 24, "WEEKLY": 168}.get(freq, 10**6) * interval
        for first in range(start, 480, step):
            busy_hours |= set(range(first, first + length))
    found = busy(feed(*events), Period(low, low + 480 * _HOUR), tz="Europe/Berlin").merged()
    assert [
        n for n in range(480) if any(p.contains(Period(low + n * _HOUR, low + (n + 1) * _HOUR)) for p in found)
    ] == sorted(n for n in busy_hours if 0 <= n < 480)
    assert all(a.end < b.start for a, b in pairwise(found))


def test_the_same_feed_gives_the_same_answer() -> None:
    assert read(TEXT.encode()) == read(TEXT.encode())
    assert read(TEXT.encode(), DECEMBER).periods == read(bytearray(TEXT.encode()), DECEMBER).periods


@pytest.mark.parametrize("sequence", ["9" * 5000, "-1", "x", "²", ""])
def test_a_sequence_that_is_no_number_is_none(sequence: str) -> None:
    """Also of an event outside the window, of which little is read."""
    away = event("UID:1", "DTSTART:20280105T090000Z", f"SEQUENCE:{sequence}")
    assert times(event("UID:1", f"SEQUENCE:{sequence}"), away) == TAKEN


@pytest.mark.parametrize(
    "period", ["99991231T235959Z/P9999D", "00010101T000000/PT1H", "99991231T235959/99991231T235959Z"]
)
def test_published_time_at_the_edge_of_time_costs_only_itself(period: str) -> None:
    edge = component("VFREEBUSY", "UID:f", f"FREEBUSY:{period}")
    assert times(edge, event("UID:1"), head="X-WR-TIMEZONE:Asia/Tokyo") == TAKEN


def test_a_window_may_be_all_of_time() -> None:
    ever = Period(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
    series = event("UID:2", "DTSTART:20261205T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=3")
    assert len(read(feed(event("UID:1"), series), ever).merged()) == 4
