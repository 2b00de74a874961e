"""Which times of a mail are proposed: wordings side by side with what is read in them, and what outranks what."""

from __future__ import annotations

import sys
import tomllib
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from raincheck.assets import reading_data
from raincheck.core.message import parse_message
from raincheck.core.model import Message, SchedulingRequest, Slot
from raincheck.core.reading.appointments import AppointmentLexicon, Appointments, read_appointments
from raincheck.core.reading.context import RoleCues
from raincheck.core.reading.durations import DurationWords
from raincheck.core.reading.length import talk_length
from raincheck.core.segments import SegmentWords
from tests.core.reading.wordings import WORDINGS, ZONE, wording

DATA = reading_data()
LEXICON = AppointmentLexicon.from_data(DATA)
SEGMENTS = SegmentWords.from_tables(DATA)
CASES = tomllib.loads(WORDINGS.read_text("utf-8"))["case"]
BERLIN = ZoneInfo("Europe/Berlin")


def mail(text: str, **case: Any) -> Message:
    """A mail of a Monday; the keys are those of a case."""
    return wording({"text": text, **case}, SEGMENTS)


def read(text: str, scheduling: SchedulingRequest | None = None, **case: Any) -> Appointments:
    return read_appointments(
        mail(text, **case),
        LEXICON,
        lang=case.get("lang", "en"),
        own_zone=ZONE,
        scheduling=scheduling,
        date_order=case.get("date_order"),
        now=case.get("now"),
    )


def written(slots: tuple[Slot, ...], like: list[str], *, loose: bool) -> list[str]:
    """The slots in the form of a case, with the offset and the end only where the case has them."""
    found = []
    for number, slot in enumerate(slots):
        expected = like[number] if number < len(like) else ""
        offset = f"{slot.start:%z}"[:3] if expected[11:12] in ("+", "-") else ""
        end = f"/{slot.end:%H:%M}" if slot.end and not (loose and "/" not in expected) else ""
        if "/" in expected and expected.partition("/")[2][5:]:
            end += f"{slot.end:%z}"[:3] if slot.end else ""
        found.append(f"{slot.start:%m-%dT%H:%M}{offset}{end}")
    return found


def days(period: Slot) -> str:
    """A period in the form of a case: its days, with the hours where it is a part of one."""
    if period.end is None:
        return f"{period.start:%m-%d}.."
    if (period.start.hour, period.end.hour) != (0, 0):
        return f"{period.start:%m-%dT%H}..{period.end:%H}"
    return f"{period.start:%m-%d}..{period.end - timedelta(days=1):%m-%d}"


def names() -> list[str]:
    return [f"{number} {' '.join(case['text'].split())[:50]}" for number, case in enumerate(CASES, 1)]


@pytest.mark.parametrize("case", CASES, ids=names())
def test_wordings(case: dict[str, Any]) -> None:
    found = read(**case)
    if "periods" in case:
        assert [days(period) for period in found.periods] == case["periods"]
    loose = case.get("loose", False)
    for slots, key in ((found.slots, "slots"), (found.windows, "windows"), (found.previous_slots, "previous")):
        if key in case or key != "previous":
            like = sorted(case.get(key, []))
            assert written(slots, like, loose=loose) == like
    reply_by = found.reply_by.isoformat()[:16] if found.reply_by else None
    assert loose or reply_by == case.get("reply_by")
    if "minutes" in case or not (loose or any("/" in slot for slot in case.get("slots", ()))):
        assert found.duration_minutes == case.get("minutes")
    assert bool(found.unsure) == case.get("unsure", False)


def test_every_field_has_its_words() -> None:
    found = read("A 30-minute call on Thursday at 2pm? Please confirm by Wednesday.", subject="Call")
    quotes = {(item.field, item.quote, item.source) for item in found.evidence}
    assert ("slots", "Thursday at 2pm", "body") in quotes
    assert ("duration_minutes", "30-minute", "body") in quotes
    assert ("reply_by", "Wednesday", "body") in quotes


def test_slots_keep_the_zone_in_which_they_were_written() -> None:
    found = read("Thursday 5 March 2026, 10:00 Lisbon time")
    assert found.slots[0].start == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert str(found.slots[0].start.tzinfo) == "Europe/Lisbon"
    assert found.zone == "Europe/Lisbon"


def test_daylight_saving_that_begins_between_mail_and_talk_is_seen() -> None:
    found = read("Could we meet on 30 March at 10:00?")
    assert found.slots == (Slot(datetime(2026, 3, 30, 10, tzinfo=BERLIN)),)
    assert found.slots[0].start.utcoffset() != datetime(2026, 3, 2, tzinfo=BERLIN).utcoffset()


def test_a_contradiction_of_weekday_and_date_is_unsure() -> None:
    found = read("Our interview is on Friday, 5 March 2026, 10:00.")
    assert [doubt.field for doubt in found.unsure] == ["slots"]
    assert len(found.unsure[0].candidates) == 2


def request(
    start: datetime | None, end: datetime | None = None, method: str = "REQUEST", **more: Any
) -> SchedulingRequest:
    return SchedulingRequest(method=method, uid="u@acme.example", start=start, end=end, tz="Europe/Berlin", **more)


TEN = datetime(2026, 3, 5, 10, tzinfo=BERLIN)
ELEVEN = datetime(2026, 3, 5, 11, tzinfo=BERLIN)


def test_the_calendar_part_outranks_prose() -> None:
    found = read("See the invitation: Thursday 5 March, 10:00. Reply by Wednesday.", request(TEN, ELEVEN))
    assert found.slots == (Slot(TEN, ELEVEN),)
    assert found.duration_minutes == 60
    assert found.unsure == ()
    assert found.reply_by == date(2026, 3, 4)
    assert found.zone == "Europe/Berlin"
    assert ("duration_minutes", "60 min", "calendar") in {
        (item.field, item.quote, item.source) for item in found.evidence
    }


@pytest.mark.parametrize(
    ("text", "description", "reply_by"),
    [
        ("See the attached invitation.", "Please accept or decline by Tuesday.", date(2026, 3, 3)),
        ("See the attached invitation. Please answer today.", "Kindly confirm by Tuesday.", date(2026, 3, 2)),
        ("See the attached invitation.", "Please confirm by 20 March 2026.", None),  # when the talk is over
        ("See the attached invitation.", "Please confirm by 5 March 2026, 10:30.", None),  # when it has begun
        ("See the attached invitation.", "Bring your papers. Lunch is at 12.", None),
    ],
)
def test_the_last_day_may_stand_in_the_calendar_part(text: str, description: str, reply_by: date | None) -> None:
    assert read(text, request(TEN, ELEVEN, description=description)).reply_by == reply_by


def test_a_calendar_part_that_says_another_time_is_a_contradiction() -> None:
    found = read("Thursday 5 March, 9:00.", request(TEN, ELEVEN))
    assert found.slots == (Slot(TEN, ELEVEN),)
    assert [doubt.field for doubt in found.unsure] == ["slots"]
    assert found.unsure[0].candidates == (TEN.isoformat(), datetime(2026, 3, 5, 9, tzinfo=BERLIN).isoformat())


def test_other_calendar_objects_propose_nothing() -> None:
    assert read("Sorry.", request(TEN, method="CANCEL")).previous_slots == (Slot(TEN),)
    assert read("Sorry.", request(TEN, method="CANCEL")).slots == ()
    assert read("Hello.", request(TEN, method="REPLY")).slots == ()
    assert read("Hello.", request(TEN, all_day=True)).slots == ()
    assert read("Hello.", request(None)).slots == ()


def test_the_text_outranks_the_subject() -> None:
    found = read("It is on Thursday 5 March at 11:00.", subject="Interview Friday 6 March, 9:00")
    assert [f"{slot.start:%d %H}" for slot in found.slots] == ["05 11"]


def test_tables_of_html_mails() -> None:
    table = (
        "<table><tr><th>Option</th><th>Date</th><th>Time</th></tr><tr><td>A</td><td>Thu 5 March</td><td>10:00</td></tr>"
        "<tr><td>B</td><td>Fri 6 March</td><td>14:30</td></tr></table>"
    )
    found = read(f"<p>Please choose:</p>{table}", type="text/html")
    assert [f"{slot.start:%d %H:%M}" for slot in found.slots] == ["05 10:00", "06 14:30"]


def test_now_may_stand_for_the_date_of_the_mail() -> None:
    found = read("Tomorrow at 10:00?", now=datetime(2026, 5, 4, 9, tzinfo=BERLIN))
    assert f"{found.slots[0].start:%m-%d}" == "05-05"


def test_without_any_date_nothing_relative_is_guessed() -> None:
    message = parse_message(b"From: a@b.example\nSubject: x\n\nTomorrow at 10:00?\n")
    assert read_appointments(message, LEXICON, lang="en", own_zone="Europe/Berlin").slots == ()


def test_a_language_without_words_is_read_with_those_of_english() -> None:
    assert read("10:00 - 11:00, 5 March 2026", lang="xx").slots


def test_without_any_words_only_the_calendar_speaks() -> None:
    empty = AppointmentLexicon.from_data({})
    message = mail("Thursday at 10:00")
    assert read_appointments(message, empty, lang="en", own_zone="UTC") == Appointments()
    assert read_appointments(message, empty, lang=None, own_zone="UTC", scheduling=request(TEN)).slots == (Slot(TEN),)


TABLES = {code: DATA[code]["appointments"] for code in ("en", "de")}
CUES = RoleCues.from_tables(TABLES)
DURATIONS = DurationWords.from_tables(table["duration"] for table in TABLES.values())


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("The interview takes about 50 minutes.", 50),
        ("a chat of 30–45 min about the role", 45),
        ("a 45 to 60 minute conversation", 60),
        ("an hour and a half interview", 90),
        ("We need about one and a half hours", 90),
        ("1h30 interview", 90),
        ("a 1.5-hour technical interview", 90),
        ("2½ hours on site visit", 150),
        ("20 mins max, I'll ring you", 20),
        ("50 min.", 50),
        ("(Panel, 2 hours)", 120),
        ("two interviews of 45 minutes each", 90),
        ("the interview lasts 2 x 45 minutes", 90),
        ("45 minutes with Anna and 30 minutes with Bo for the interview", 75),
        ("You will have 90 minutes in total: 60 min interview, 30 min tour", 90),
        ("The call: 30 min, our office is 10 minutes walk away", 30),
        ("Please arrive 10 minutes early.", None),
        ("We reply within 24 hours.", None),
        ("3 hours per week", None),
        ("a five minute presentation", None),
        ("in den nächsten 30 Minuten", None),
        ("ein etwa 30-minütiges Telefoninterview", 30),
        ("Dauer\tca. 1,5 Stunden", 90),
        ("Bitte planen Sie etwa 60 Minuten ein.", 60),
        ("Es dauert eine Stunde", 60),
        ("anderthalb Stunden für das Gespräch", 90),
        ("Das Gespräch wird ungefähr eine Dreiviertelstunde dauern", 45),
        ("ein halbstündiges Telefonat", 30),
        ("ein kurzes Telefonat (15-20 Min.)", 20),
        ("zwei Stunden Probearbeiten", 120),
        ("999999 minutes of interview", None),
        ("interview at 10h00 or 14h30", None),
        ("probably 45 mins to an hour for the call", 60),
        ("a half-hour call", 30),
        ("a good hour of talk", 60),
        ("forty-five minutes for the interview", 45),
        ("an interview of an hour and a quarter", 75),
        ("the interview takes 1 1/2 hours", 90),
        ("an hour and ten minutes with the panel", 70),
        ("20 mins this week to see if it fits us both?", 20),
        ("we are ten hours behind you for the call", None),
        ("please offer no fewer than 8 hours for the interview", None),
        ("nimm dir für das Gespräch eine gute Stunde", 60),
        ("ein Viertelstündchen am Telefon", 15),
        ("dreiviertelstündiges Gespräch", 45),
        ("das Gespräch dauert anderthalb Stunden", 90),
        ("The interview is a 10-minute presentation, followed by 35 minutes of questions.", 45),
        ("The interview takes 70 minutes and includes a presentation of 15 minutes.", 70),
        ("The call takes 40 minutes: 15 minutes about you, 25 minutes about us.", 40),
        ("It consists of a written task (40 min) and a discussion (20 min).", 60),
        ("A chat of around 25 minutes, before the board meets", 25),
        ("I'll ring you, 15 min, maybe 25 if we drift", 25),
        ("the interview takes an hour or two", 120),
        ("Duration: 0:40", 40),
        ("Duration\t1h 10m", 70),
        ("DURATION: Fifty (50) minutes", 50),
        ("a 25\u2011minute call", 25),
        ("two lots of 40 minutes for the interview", 80),
        ("You would have half an hour with each of the four directors.", 120),
        ("Part\tMinutes\nCase\t40\nTeam\t25\n", 65),
        ("Plan 20 minutes to read the paper", None),
        ("I would need some 25 minutes to introduce you to our clinics.", 25),
        ("We would take 20 minutes to present the fund to you.", 20),
        ("You need some 15 minutes to present your project.", None),
        ("Zuerst ein 15-minütiger Impuls und danach das Gespräch.", None),
        ("A 25-minute trial lesson followed by an interview", None),
        ("We would keep you for an hour, then Anna shows you round and you talk with the team.", 60),
        ("Wir telefonieren vorher zehn Minuten zur Vorbereitung", None),
        ("Vorgesehen sind 20 Minuten Vortrag und anschließend 25 Minuten Gespräch.", 45),
        ("Das Gespräch dauert 60 Minuten, davon 15 Minuten Präsentation.", 60),
        ("The journey takes about 2 h 20 min. The interview takes 40 minutes.", 40),
        ("ein Stündchen oder zwei, je nachdem", 120),
        ("zwei Gespräche à 40 Minuten", 80),
        ("Praxis mit 20-Minuten-Takt", None),
        ("First comes a brief HR chat (video, around 25 min).", 25),
        ("An HR interview and then one with the team.", None),
        ("A CALL OF ONE HR", 60),
        ("The interview takes 2 HRS.", 120),
        ('We plan a 15 minute presentation by you ("Who moved the shelf?") plus 20 minutes of questions.', 35),
        ("Wir planen 20 Minuten Vortrag („Wozu Archive?“) und anschließend 40 Minuten Gespräch.", 60),
    ],
)
def test_lengths(text: str, minutes: int | None) -> None:
    found = talk_length(text, CUES, DURATIONS)
    assert (found.minutes if found else None) == minutes


HOSTILE = {
    "clocks": "10:00 " * 3_000,
    "weekdays": "Monday 10:00 or " * 1_000,
    "moves": "move from 10:00 to 11:00 " * 700,
    "lengths": "30 minutes and " * 1_100,
    "rows": "10:00 a b\n" * 1_600,
    "places": "Berlin, " * 2_000,
    "digits": "1 " * 8_000,
    "days named and taken up": "Interview. " + "Monday 5th, " * 150 + "x " * 3_500 + ". " + "Friday. " * 150,
    "days and weekdays by turns": ("Monday 5th " + "x " * 40 + ". Friday. ") * 150,
    "days and the day after": "Thursday 3 December, the Friday, " * 500,
    "phones": "+1 2 3 4 5 6 7 8 9 " * 800,
    "clocks in one sentence": "swap " + "Monday at 9 for " * 1_000,
}


def _calls(text: str) -> int:
    """How many functions are called to read a text: the work, on any machine and under any load."""
    counted = 0

    def count(*_event: object) -> None:
        nonlocal counted
        counted += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        read(text)
    finally:
        sys.setprofile(before)
    return counted


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_cost_work_in_proportion_to_their_length(name: str) -> None:
    text = HOSTILE[name]
    whole, half = _calls(text), _calls(text[: len(text) // 2])
    assert whole < 2.2 * half
    assert whole < 800 * len(text)


_WORDS = st.sampled_from(
    (
        *("Thursday", "at", "10:00", "or", "between", "10 and 12", "by", "Friday", "5 March", "we moved", "from", "to"),
        *("free", "30 minutes", "\n", "\n\n", ".", "Date:", "Time:", "-", "CET", "Berlin", "confirm", "9am", "2026"),
        *("until", "arrive", "1)", "\t", "tomorrow", "same time", "24:00", "12/13", "0", "99:99"),
    )
)


@settings(max_examples=150, deadline=2000)
@given(st.lists(_WORDS, max_size=25).map(" ".join), st.sampled_from(["en", "de", "fr"]))
@example(
    "Our talk is on Thursday 5 March at 10:00. Confirm by 24:00.", "en"
)  # a deadline without an hour behind a talk
def test_whatever_is_written_comes_out_sane(text: str, lang: str) -> None:
    found = read(text, lang=lang)
    for slot in (*found.slots, *found.windows, *found.previous_slots):
        assert slot.start.utcoffset() is not None
        assert slot.end is None or slot.end > slot.start
    starts = [slot.start for slot in found.slots]
    assert starts == sorted(set(starts))
    assert found.duration_minutes is None or 0 < found.duration_minutes <= 24 * 60


@pytest.mark.parametrize(
    "glue", ["after we close at", "after we shut, around", "after closing, about", "before we open,"]
)
def test_the_hours_of_a_house_stand_between_a_day_and_its_clock(glue: str) -> None:
    found = read(f"Can you come in for an interview on Thursday 5 March {glue} 7.30pm?")
    assert [slot.start for slot in found.slots] == [datetime(2026, 3, 5, 19, 30, tzinfo=BERLIN)]
