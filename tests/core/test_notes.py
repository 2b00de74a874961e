"""Notes to the person: what they say, and that they stand apart from every conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from raincheck import assets
from raincheck.core.model import (
    Address,
    Case,
    CaseState,
    Decision,
    Evidence,
    Hold,
    Kind,
    Outcome,
    Period,
    Reading,
    Reply,
    Slot,
    Unsure,
)
from raincheck.core.notes import NoteText, alert, brief, case_note, health_note, note_bytes, preparation
from raincheck.core.settings import Approval, Me, Settings
from raincheck.core.specimens import NOW
from raincheck.core.wording import parse_language

if TYPE_CHECKING:
    from collections.abc import Callable

TEMPLATES = assets.templates()
GOLDEN = Path(__file__).parent / "golden"
LONDON, BERLIN = ZoneInfo("Europe/London"), ZoneInfo("Europe/Berlin")
SLOT = Slot(datetime(2026, 12, 1, 14, 30, tzinfo=LONDON), datetime(2026, 12, 1, 15, 15, tzinfo=LONDON))
OFFERS = tuple(
    Period(start, start + timedelta(minutes=45))
    for start in (datetime(2026, 12, 3, 10, tzinfo=BERLIN), datetime(2026, 12, 4, 14, 30, tzinfo=BERLIN))
)
READING = Reading(
    Kind.INVITATION,
    actionable=True,
    confidence=1.0,
    lang="en",
    role="Backend Engineer",
    company="Brightwave",
    contact="Dana Whitfield",
    reply_to="dana@brightwave.example",
    stage="technical",
    format="video",
    phone="+44 20 7946 0000",
    slots=(SLOT,),
    unsure=(Unsure("reply_by", "“next Friday” can be two days", ("2026-11-27", "2026-12-04")),),
    evidence=(
        Evidence("role", "for the role of Backend Engineer", "body"),
        Evidence("slots", "Tuesday 1 December, 2:30 pm", "body"),
    ),
)
CASE = Case(
    "k7f2", "main", CaseState.DRAFTED, NOW, NOW, role="Backend Engineer", company="Brightwave",
    contact="Dana Whitfield", deadline=datetime(2026, 11, 25, 18, tzinfo=BERLIN), outcome=Outcome.RESCHEDULE,
)  # fmt: skip
RESCHEDULE = Decision(Outcome.RESCHEDULE, "the time is taken in your calendar", alternatives=OFFERS, appointment=SLOT)
REPLY = Reply(
    Address("Robin Meyer", "robin.meyer@example.net"),
    (Address("Dana Whitfield", "dana@brightwave.example"),),
    (Address("", "ann@brightwave.example"),),
    "Re: Interview", "…", "", None, (), "en/reschedule",
)  # fmt: skip


def person(lang: str = "en") -> Settings:
    return Settings(me=Me("Robin Meyer", ("robin.meyer@example.net",), "Europe/Berlin", languages=(lang,)))


def noted(
    decision: Decision = RESCHEDULE, *, lang: str = "en", reply: Reply | None = REPLY, reading: Reading = READING
) -> NoteText:
    return case_note(
        CASE, reading, decision, person(lang), TEMPLATES, now=NOW, reply=reply, held_until=NOW + timedelta(hours=48)
    )


def full(note: NoteText) -> str:
    return f"Subject: {note.subject}\n\n{note.body}\n"


LEAVE = Decision(Outcome.LEAVE, "the calendar could not be read")


@pytest.mark.parametrize("lang", ["en", "de"])
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("note", lambda lang: noted(lang=lang)),
        (
            "note.decline",
            lambda lang: noted(
                Decision(Outcome.DECLINE, "your rule says so", rule="no PHP", told_reason="…"), lang=lang
            ),
        ),
        ("note.call", lambda lang: noted(replace(RESCHEDULE, call_first=True), lang=lang)),
        (
            "note.free",
            lambda lang: noted(Decision(Outcome.LEAVE, "the time is free", free=SLOT), lang=lang, reply=None),
        ),
        ("note.left", lambda lang: noted(LEAVE, lang=lang, reply=None)),
        (
            "note.alert",
            lambda lang: alert(
                CASE, "the time in it is no longer free", person(lang), TEMPLATES, now=NOW, draft="Drafts"
            ),
        ),
        (
            "note.uncertain",
            lambda lang: alert(
                replace(CASE, state=CaseState.UNCERTAIN), "the answer was lost", person(lang), TEMPLATES, now=NOW
            ),
        ),
        ("note.health", lambda lang: health_note("calendar:private", "HTTP 404", person(lang), TEMPLATES, since=NOW)),
        (
            "note.brief",
            lambda lang: brief(
                [CASE, replace(CASE, id="q1", state=CaseState.CONFIRMED, appointment=Slot(NOW + timedelta(days=2)))],
                [Hold("k7f2", OFFERS[0], firm=False, expires=NOW + timedelta(hours=4))],
                ["account main: the login was refused"],
                person(lang),
                TEMPLATES,
                now=NOW,
            ),
        ),
    ],
)
def test_every_note_reads_well(
    lang: str, name: str, make: Callable[[str], NoteText], golden: Callable[[Path, str], None]
) -> None:
    golden(GOLDEN / lang / f"{name}.txt", full(make(lang)))


def test_a_note_quotes_the_words_and_tells_what_to_do() -> None:
    body = noted().body
    assert "“Tuesday 1 December, 2:30 pm”" in body
    assert "Tuesday, 1 December 2026, 15:30 – 16:15" in body  # in the person's zone
    assert "Wednesday, 25 November 2026 at 10:00" in body  # held until
    assert "dana@brightwave.example, with a copy to ann@brightwave.example" in body
    assert "Raincheck/Approved" in body
    assert "raincheck status k7f2" in body


def test_days_that_they_ask_about_are_told_as_days() -> None:
    def day(number: int, hour: int = 0) -> datetime:
        return datetime(2026, 12, number, hour, tzinfo=BERLIN)

    asked = (
        Slot(day(7), day(12)),
        Slot(day(15), day(16)),
        Slot(day(21, 12), day(22, 18)),
        Slot(day(29, 9), day(29, 12)),
    )
    body = noted(reading=replace(READING, periods=asked)).body
    assert (
        "Monday, 7 December 2026 – Friday, 11 December 2026; Tuesday, 15 December 2026; "
        "Monday, 21 December 2026, 12:00 – Tuesday, 22 December 2026, 18:00; Tuesday, 29 December 2026, 09:00 – 12:00\n"
    ) in body


@pytest.mark.parametrize(
    ("lang", "minutes", "said"),
    [
        ("en", 1, "sent in a minute,"),
        ("en", 10, "sent in 10 minutes,"),
        ("de", 1, "in einer Minute gesendet"),
        ("de", 10, "in 10 Minuten gesendet"),
    ],
)
def test_the_undo_time_is_said_in_the_right_number(lang: str, minutes: int, said: str) -> None:
    hurried = replace(person(lang), approval=Approval(undo=timedelta(minutes=minutes)))
    assert said in case_note(CASE, READING, RESCHEDULE, hurried, TEMPLATES, now=NOW, reply=REPLY).body


def test_gestures_that_are_switched_off_are_not_named() -> None:
    quiet = replace(person(), approval=Approval(flag=False, folder=""))
    body = case_note(CASE, READING, RESCHEDULE, quiet, TEMPLATES, now=NOW, reply=REPLY).body
    assert "star" not in body.replace("starts", "")
    assert "move it" not in body
    assert "send it yourself" in body


def test_a_call_comes_first_within_a_day() -> None:
    note = noted(replace(RESCHEDULE, call_first=True))
    assert note.subject.startswith("Call first: ")
    assert "+44 20 7946 0000" in note.body.split("\n\n")[0]


def test_preparation_is_for_this_company_role_and_stage_and_not_for_a_decline() -> None:
    language = parse_language(TEMPLATES["en/language"])
    items = list(preparation(READING, CASE, language))
    assert any("Brightwave" in item for item in items)
    assert any("camera" in item for item in items)
    unknown = list(preparation(Reading(Kind.INVITATION), replace(CASE, role=None, company=None), language))
    assert unknown
    assert all("None" not in item and "{" not in item for item in unknown)
    assert "To prepare" not in noted(Decision(Outcome.DECLINE, "rule")).body


def test_the_brief_comes_even_when_nothing_waits() -> None:
    note = brief([], [], [], person(), TEMPLATES, now=NOW)
    assert "nothing waits" in note.subject
    assert note.body == "Nothing waits for you."


def test_a_person_whose_language_has_no_notes_gets_english() -> None:
    assert "To approve" in noted(lang="nl").body


def test_a_note_is_tied_to_no_thread_and_marked_as_automatic() -> None:
    raw = note_bytes(
        noted(), account=Address("Robin Meyer", "robin.meyer@example.net"), message_id="<n@example.net>", date=NOW
    )
    message = message_from_bytes(raw, policy=default)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Loop"] == "raincheck"
    assert "In-Reply-To" not in message
    assert "References" not in message
    assert message["From"].addresses[0].addr_spec == message["To"].addresses[0].addr_spec == "robin.meyer@example.net"


@hypothesis_settings(max_examples=50, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_no_words_of_a_mail_break_a_note(role: str, quote: str, why: str) -> None:
    reading = replace(READING, role=role, company=quote, evidence=(Evidence("role", quote, "body"),))
    note = noted(replace(RESCHEDULE, reason=why), reading=reading)
    assert len(note.subject.splitlines()) == 1
    assert "To approve: send it yourself" in note.body
    raw = note_bytes(note, account=REPLY.from_, message_id="<n@example.net>", date=NOW)
    assert message_from_bytes(raw, policy=default)["Bcc"] is None
