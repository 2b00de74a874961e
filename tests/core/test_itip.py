"""Scheduling objects as programs write them, read; the REPLY that declines; held times as a calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.core.itip import decline_reply, holds_calendar, parse_scheduling
from raincheck.core.model import Address, CalendarPart, Hold, Period, SchedulingRequest
from tests.core.feeds import ME, component, event, feed, read

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
ROBIN = Address("Robin Meyer", ME)
PEOPLE = (
    "ORGANIZER;CN=Dana Roe:mailto:dana@corp.example",
    f"ATTENDEE;CN=Robin;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{ME}",
    "ATTENDEE;CN=Dana Roe;PARTSTAT=ACCEPTED:mailto:dana@corp.example",
)


def invitation(*lines: str, method: str = "REQUEST", zone: str = "") -> bytes:
    return feed(zone, event("UID:abc@corp.example", *PEOPLE, *lines), head=f"METHOD:{method}")


def request(*lines: str, method: str = "REQUEST", zone: str = "") -> SchedulingRequest:
    found = parse_scheduling([CalendarPart(invitation(*lines, method=method, zone=zone), method)], [ME])
    assert found is not None
    return found


# --- what an invitation says --------------------------------------------------------------------------------------


def test_a_request_is_read_whole() -> None:
    found = request(
        "SUMMARY:Interview\\, Backend", "LOCATION:Room 5\\; 2nd floor", "DESCRIPTION:Hi\\nthere", "STATUS:CONFIRMED"
    )
    assert (found.method, found.uid, found.sequence, found.is_update) == ("REQUEST", "abc@corp.example", 0, False)
    assert found.organizer == Address("Dana Roe", "dana@corp.example")
    assert [(a.address.addr_spec, a.partstat) for a in found.attendees] == [
        (ME, "NEEDS-ACTION"),
        ("dana@corp.example", "ACCEPTED"),
    ]
    assert (found.summary, found.location, found.description) == (
        "Interview, Backend",
        "Room 5; 2nd floor",
        "Hi\nthere",
    )
    assert (found.status, found.my_partstat, found.tz, found.all_day) == ("CONFIRMED", "NEEDS-ACTION", "UTC", False)
    assert (found.start, found.end) == (datetime(2026, 12, 3, 14, tzinfo=UTC), datetime(2026, 12, 3, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    ("lines", "is_update"),
    [((), False), (("SEQUENCE:0",), False), (("SEQUENCE:2",), True), (("RECURRENCE-ID:20261203T140000Z",), True)],
)
def test_sequence_or_recurrence_id_make_an_update(lines: tuple[str, ...], is_update: bool) -> None:
    assert request(*lines).is_update is is_update


@pytest.mark.parametrize(
    ("start", "tz", "offset"),
    [
        (";TZID=America/New_York:20261203T100000", "America/New_York", -5),
        (";TZID=America/New_York:20260703T100000", "America/New_York", -4),
        (";TZID=W. Europe Standard Time:20261203T100000", "Europe/Berlin", 1),
        (';TZID="(UTC-05:00) Eastern Time (US & Canada)":20260703T100000', "America/New_York", -4),
        (":20261203T100000Z", "UTC", 0),
    ],
)
def test_the_zone_of_a_start(start: str, tz: str, offset: int) -> None:
    found = request(f"DTSTART{start}", "DURATION:PT45M")
    assert found.start is not None
    assert (found.tz, found.start.utcoffset(), found.floating) == (tz, timedelta(hours=offset), False)
    assert found.end == found.start + timedelta(minutes=45)


def test_the_objects_own_definition_outranks_the_name() -> None:
    standard = component("STANDARD", "DTSTART:16010101T000000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0200").strip()
    for tzid in ("America/New_York", "Customized Time Zone"):
        zone = component("VTIMEZONE", f"TZID:{tzid}", standard)
        found = request(f"DTSTART;TZID={tzid}:20261203T100000", "DURATION:PT1H", zone=zone)
        assert found.start == datetime(2026, 12, 3, 8, tzinfo=UTC)
        assert not found.floating


def test_floating_times_and_dates_say_so() -> None:
    floating = request("DTSTART:20261203T100000", "DURATION:PT1H")
    assert (floating.floating, floating.tz, floating.all_day) == (True, None, False)
    assert floating.start == datetime(2026, 12, 3, 10, tzinfo=UTC)
    data = invitation("DTSTART:20261203T100000", "DURATION:PT1H")
    placed = parse_scheduling([CalendarPart(data)], [ME], tz="Europe/Berlin")
    assert placed is not None
    assert (placed.start, placed.floating) == (datetime(2026, 12, 3, 9, tzinfo=UTC), True)
    day = request("DTSTART;VALUE=DATE:20261203")
    assert (day.all_day, day.tz, day.floating) == (True, None, False)
    assert (day.start, day.end) == (datetime(2026, 12, 3, tzinfo=UTC), datetime(2026, 12, 4, tzinfo=UTC))


def test_a_length_is_exact_over_a_change_of_clock() -> None:
    found = request("DTSTART;TZID=Europe/Berlin:20261025T010000", "DURATION:PT3H")
    assert found.end is not None
    assert found.end.astimezone(UTC) == datetime(2026, 10, 25, 2, tzinfo=UTC)


def test_the_master_speaks_for_a_series_wherever_it_stands() -> None:
    override = component("VEVENT", "UID:1", "RECURRENCE-ID:20261210T140000Z", "DTSTART:20261210T160000Z")
    data = feed(override, event("UID:1", "RRULE:FREQ=WEEKLY", *PEOPLE), head="METHOD:REQUEST")
    found = parse_scheduling([CalendarPart(data)], [ME])
    assert found is not None
    assert (found.recurring, found.recurrence_id, found.start) == (True, None, datetime(2026, 12, 3, 14, tzinfo=UTC))


def test_the_method_of_the_body_outranks_that_of_the_header() -> None:
    found = parse_scheduling([CalendarPart(invitation(method="cancel"), "REQUEST")], [ME])
    assert found is not None
    assert found.method == "CANCEL"
    without = parse_scheduling([CalendarPart(feed(event("UID:1", *PEOPLE)), "REQUEST")], [ME])
    assert without is not None
    assert without.method == "REQUEST"
    bare = parse_scheduling([CalendarPart(feed(event("UID:1")))], [ME])
    assert bare is not None
    assert bare.method == "PUBLISH"


def test_of_several_parts_the_most_telling_speaks_and_broken_ones_are_none() -> None:
    parts = [
        CalendarPart(b"<html>"),
        CalendarPart(invitation(method="PUBLISH"), None, "invite.ics"),
        CalendarPart(invitation("SUMMARY:this one")),
    ]
    found = parse_scheduling(parts, [ME])
    assert found is not None
    assert found.summary == "this one"
    assert parse_scheduling([CalendarPart(invitation()[:200])], [ME]) is None
    assert parse_scheduling([CalendarPart(feed())], [ME]) is None
    assert parse_scheduling([], [ME]) is None


@pytest.mark.parametrize(
    ("attendee", "partstat"),
    [
        (f"ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:{ME.upper()}", "ACCEPTED"),
        (f"ATTENDEE;EMAIL={ME};PARTSTAT=tentative:urn:uuid:7", "TENTATIVE"),
        (f"ATTENDEE:mailto:{ME}", "NEEDS-ACTION"),
        ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:someone@example.org", None),
    ],
)
def test_my_own_answer(attendee: str, partstat: str | None) -> None:
    data = feed(event("UID:1", attendee), head="METHOD:REQUEST")
    found = parse_scheduling([CalendarPart(data)], [ME])
    assert found is not None
    assert found.my_partstat == partstat


def test_an_organizer_with_an_address_for_people() -> None:
    """RFC 7986, 6.2: EMAIL is for people where the value is for machines."""
    lines = ("ORGANIZER;CN=Dana;EMAIL=dana@corp.example:mailto:c_188x@resource.calendar.example",)
    found = parse_scheduling([CalendarPart(feed(event("UID:1", *lines)))], [ME])
    assert found is not None
    assert found.organizer == Address("Dana", "dana@corp.example")


@pytest.mark.parametrize(
    ("lines", "url"),
    [
        (
            (
                "CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://video.corp.example/1",
                "X-GOOGLE-CONFERENCE:https://meet.google.com/a",
            ),
            "https://video.corp.example/1",
        ),
        (
            ("CONFERENCE;VALUE=URI;FEATURE=PHONE:tel:+15555550100", "X-GOOGLE-CONFERENCE:https://meet.google.com/abc"),
            "https://meet.google.com/abc",
        ),
        (
            ("X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/meetup-join/19",),
            "https://teams.microsoft.com/l/meetup-join/19",
        ),
        (("LOCATION:https://corp.zoom.us/j/123?pwd=x",), "https://corp.zoom.us/j/123?pwd=x"),
        (("LOCATION:Zoom (https://corp.zoom.us/j/123)",), "https://corp.zoom.us/j/123"),
        (
            (
                "LOCATION:Room 5",
                "DESCRIPTION:Cancel: https://calendly.com/cancellations/1\\nJoin: https://us02web.zoom.us/j/9.",
            ),
            "https://us02web.zoom.us/j/9",
        ),
        (
            (
                "DESCRIPTION:Join https://teams.microsoft.com/l/meetup-join/7 options https://teams.microsoft.com/meetingOptions/?x",
            ),
            "https://teams.microsoft.com/l/meetup-join/7",
        ),
        (("DESCRIPTION:see https://corp.example/careers and https://zoom.us/",), None),
        (("DESCRIPTION:reschedule at https://zoom.us/reschedule/5",), None),
        (("DESCRIPTION:https://notzoom.us.evil.example/j/1",), None),
        ((), None),
    ],
)
def test_the_link_of_a_video_meeting(lines: tuple[str, ...], url: str | None) -> None:
    assert request(*lines).conference_url == url


def test_whether_a_counter_proposal_is_welcome() -> None:
    assert request().counter_allowed
    assert not request("X-MICROSOFT-DISALLOW-COUNTER:TRUE").counter_allowed


def test_no_control_character_of_a_name_survives() -> None:
    data = feed(event("UID:1", "ORGANIZER;CN=Da\x07na\u202eRoe:mailto:dana@corp.example"))
    found = parse_scheduling([CalendarPart(data)], [ME])
    assert found is not None
    assert found.organizer is not None
    assert found.organizer.display_name == "Da na Roe"


@given(
    st.binary(max_size=300)
    | st.text('DTSTARTENDUIDORGANIZER;:=\n20261203T14Z\\,"/http:/zoom.us', max_size=300).map(str.encode)
)
def test_reading_never_raises(noise: bytes) -> None:
    wrapped = b"BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\n" + noise + b"\nEND:VEVENT\nEND:VCALENDAR"
    for data in (noise, wrapped):
        found = parse_scheduling([CalendarPart(data)], [ME])
        assert found is None or found.method
        decline_reply(data, ROBIN, NOW)


# --- the answer ---------------------------------------------------------------------------------------------------


def test_a_decline_is_a_reply_as_the_standard_asks() -> None:
    """RFC 5546, 3.2.3: the request's UID, ORGANIZER and SEQUENCE, a new DTSTAMP, me alone, PARTSTAT=DECLINED."""
    data = decline_reply(invitation("SEQUENCE:3", "SUMMARY:Interview\\, Backend"), ROBIN, NOW, "Thanks, but no")
    assert data is not None
    calendar = icalendar.Calendar.from_ical(data)
    (answer,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REPLY"
    assert (answer["UID"], answer.decoded("SEQUENCE")) == ("abc@corp.example", 3)
    assert str(answer["ORGANIZER"]).lower() == "mailto:dana@corp.example"
    assert answer.decoded("DTSTAMP") == NOW
    assert str(answer["ATTENDEE"]) == f"mailto:{ME}"  # one alone is no list
    assert answer["ATTENDEE"].params["PARTSTAT"] == "DECLINED"
    assert (str(answer["COMMENT"]), str(answer["SUMMARY"])) == ("Thanks, but no", "Interview, Backend")


def test_a_decline_of_one_occurrence_names_it() -> None:
    data = decline_reply(invitation("RECURRENCE-ID;TZID=Europe/Berlin:20261203T150000"), ROBIN, NOW)
    assert data is not None
    assert b"RECURRENCE-ID;TZID=Europe/Berlin:20261203T150000\r\n" in data


def test_the_bytes_of_a_reply_are_folded_lines_in_crlf() -> None:
    long = "ORGANIZER;CN=" + "Zoë " * 40 + ":mailto:dana@corp.example"
    data = feed(event("UID:1", long, f"ATTENDEE:mailto:{ME}"), head="METHOD:REQUEST")
    answer = decline_reply(data, ROBIN, NOW, "Grüße, " * 30)
    assert answer is not None
    assert all(len(line) <= 75 for line in answer.split(b"\r\n"))
    assert b"\n" not in answer.replace(b"\r\n", b"")
    assert all(line.decode("utf-8") is not None for line in answer.split(b"\r\n"))  # no character is cut
    (event_,) = icalendar.Calendar.from_ical(answer).walk("VEVENT")
    assert str(event_["COMMENT"]).startswith("Grüße, Grüße")


@pytest.mark.parametrize("method", ["PUBLISH", "CANCEL", "REPLY", "COUNTER", "DECLINECOUNTER"])
def test_only_a_request_is_answered(method: str) -> None:
    assert decline_reply(invitation(method=method), ROBIN, NOW) is None


@pytest.mark.parametrize(
    "lines",
    [
        ("ORGANIZER:mailto:dana@corp.example",),  # forwarded: I am no attendee
        (f"ATTENDEE:mailto:{ME}",),  # nobody to tell
        ("ORGANIZER:https://calendar.example/7", f"ATTENDEE:mailto:{ME}"),
        (f"ORGANIZER:mailto:{ME}", f"ATTENDEE:mailto:{ME}"),  # my own
    ],
)
def test_nothing_is_answered_where_nothing_is_due(lines: tuple[str, ...]) -> None:
    assert decline_reply(feed(event("UID:1", *lines), head="METHOD:REQUEST"), ROBIN, NOW) is None


@given(st.text(max_size=80), st.text(max_size=40))
def test_no_text_adds_a_line_to_a_reply(comment: str, name: str) -> None:
    answer = decline_reply(invitation(), Address(name, ME), NOW, comment)
    assert answer is not None
    names = [line.split(b":")[0].split(b";")[0] for line in answer.replace(b"\r\n ", b"").split(b"\r\n") if line]
    allowed = {
        b"BEGIN",
        b"END",
        b"PRODID",
        b"VERSION",
        b"METHOD",
        b"UID",
        b"ORGANIZER",
        b"SEQUENCE",
        b"DTSTAMP",
        b"DTSTART",
    }
    assert set(names) <= allowed | {b"ATTENDEE", b"SUMMARY", b"COMMENT"}
    assert names.count(b"ATTENDEE") == 1
    (answered,) = icalendar.Calendar.from_ical(answer).walk("VEVENT")
    assert str(answered["ATTENDEE"]) == f"mailto:{ME}"


# --- held times ---------------------------------------------------------------------------------------------------


def test_held_times_can_be_subscribed_to() -> None:
    """Firm holds and interviews are busy there, soft and expired holds are not."""
    day = datetime(2026, 12, 3, 9, tzinfo=UTC)
    hour = timedelta(hours=1)
    holds = [
        Hold("a", Period(day, day + hour), True, NOW + 9 * hour),
        Hold("b", Period(day + 2 * hour, day + 3 * hour), False, NOW + 9 * hour),
        Hold("c", Period(day + 4 * hour, day + 5 * hour), True, NOW),
    ]
    data = holds_calendar(holds, [Period(day + 6 * hour, day + 7 * hour)], NOW)
    calendar = icalendar.Calendar.from_ical(data)
    assert len(calendar.walk("VEVENT")) == 3
    assert len({str(item["UID"]) for item in calendar.walk("VEVENT")}) == 3
    assert [(p.start, p.end) for p in read(data).merged()] == [(day, day + hour), (day + 6 * hour, day + 7 * hour)]
    assert holds_calendar([], [], NOW).startswith(b"BEGIN:VCALENDAR\r\n")
