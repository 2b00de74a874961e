"""What the check finds in a letter that lacks tact, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from raincheck import assets
from raincheck.core import tact
from raincheck.core.model import Address, Decision, Kind, Outcome, Period, Reading, Reply, Slot
from raincheck.core.settings import Me
from raincheck.core.specimens import NOW
from raincheck.core.wording import parse_language, wording

EN = parse_language(assets.templates()["en/language"])
BERLIN = ZoneInfo("Europe/Berlin")
ME = Me("Robin Meyer", ("robin.meyer@example.net",), "Europe/Berlin")
READING = Reading(
    Kind.INVITATION,
    lang="en",
    role="Backend Engineer",
    company="Brightwave",
    contact="Dana Whitfield",
    zone="Europe/Berlin",
)
OFFERS = (
    Period(datetime(2026, 12, 3, 10, tzinfo=BERLIN), datetime(2026, 12, 3, 11, tzinfo=BERLIN)),
    Period(datetime(2026, 12, 4, 14, 30, tzinfo=BERLIN), datetime(2026, 12, 4, 15, tzinfo=BERLIN)),
)
DECLINE = Decision(Outcome.DECLINE, "rule", from_rule=True)
RESCHEDULE = Decision(
    Outcome.RESCHEDULE, "busy", alternatives=OFFERS, appointment=Slot(datetime(2026, 12, 1, 9, tzinfo=BERLIN))
)

GOOD_DECLINE = """Dear Dana,

Thank you very much for inviting me to an interview for the Backend Engineer position at Brightwave. After careful \
thought I have decided not to go ahead with it.

I appreciate your time and wish you every success in finding the right person for your team.

Kind regards,
Robin Meyer"""

GOOD_RESCHEDULE = """Dear Dana,

Thank you for the invitation to an interview for the Backend Engineer position on Tuesday, 1 December 2026 at 09:00. \
Unfortunately I cannot make that time, as I have a commitment then, and I am sorry for the inconvenience.

Would one of these times suit you instead (all in Berlin time)?

- Thursday, 3 December 2026, 10:00
- Friday, 4 December 2026, 14:30

I am still very interested and look forward to speaking with you.

Kind regards,
Robin Meyer"""


def problems(body: str, decision: Decision = DECLINE, reading: Reading = READING, letter: str | None = None) -> str:
    reply = Reply(Address("", ME.addresses[0]), (), (), "Re: x", body, "", None, (), "en/any")
    words = wording(EN, reading, "Europe/Berlin")
    found = tact.check(reply, decision, reading, EN, words, letter=letter or decision.outcome, now=NOW, me=ME)
    return "; ".join(found)


def test_a_good_letter_passes() -> None:
    assert problems(GOOD_DECLINE) == ""
    assert problems(GOOD_RESCHEDULE, RESCHEDULE) == ""


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (" and wish you every success in finding the right person for your team", "", "wish"),
        ("decided not to go ahead", "wondered whether to go ahead", "decision"),
        ("After careful", "It was good to hear from you. I have looked into it. After careful", "decision"),
        ("Backend Engineer", "{{ role }}", "placeholder"),
        ("Dana", "[Name]", "placeholder"),
        ("for the Backend Engineer position", "for the None position", "placeholder"),
        ("Brightwave", "XXX", "placeholder"),
        ("at Brightwave", "at ", "missing"),
        ("Dear Dana,", "Dear ,", "missing"),
        ("position at Brightwave", "position ()", "missing"),
        ("your team", "<b>your</b> team", "markup"),
        ("your team", "your\u202eteam", "markup"),
        ("your team", "your team. The salary is too low", "salary"),
        ("your team", "your team. I have another interview", "another interview"),
        ("your team", "your team on Friday", "time"),
        ("your team", "your team by 14:30", "time"),
        ("your team", "your team at 3 pm", "time"),
        ("your team", "your team. " + "I wish you well. " * 50, "words"),
    ],
)
def test_each_fault_of_a_decline_is_named(old: str, new: str, complaint: str) -> None:
    assert old in GOOD_DECLINE
    assert complaint in problems(GOOD_DECLINE.replace(old, new, 1))


def test_a_letter_needs_a_word_of_thanks() -> None:
    body = GOOD_DECLINE.replace("Thank you very much for inviting", "You invited").replace("appreciate", "noticed")
    assert "thanks" in problems(body)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("and I am sorry for the inconvenience", "alas", "apology"),
        ("I am still very", "I apologise again. I am still very", "more than once"),
        ("Unfortunately I cannot make that time", "That time is not good", "cannot"),
        ("I am still very interested and look forward to speaking with you.", "Goodbye.", "interest"),
        ("- Thursday, 3 December 2026, 10:00\n", "", "does not offer"),
        ("Thursday, 3 December 2026, 10:00", "Wednesday, 3 December 2026, 10:00", "time"),
        ("Friday, 4 December 2026, 14:30", "Friday, 4 December 2026, 15:30", "time"),
        ("- Friday", "- Saturday, 5 December 2026, 10:00\n- Friday", "time"),
    ],
)
def test_each_fault_of_a_reschedule_is_named(old: str, new: str, complaint: str) -> None:
    assert old in GOOD_RESCHEDULE
    assert complaint in problems(GOOD_RESCHEDULE.replace(old, new, 1), RESCHEDULE)


def test_a_time_that_has_passed_is_not_offered() -> None:
    past = tuple(Period(p.start - timedelta(days=14), p.end - timedelta(days=14)) for p in OFFERS)
    body = GOOD_RESCHEDULE.replace("3 December 2026, 10", "19 November 2026, 10").replace(
        "4 December 2026, 14", "20 November 2026, 14"
    )
    assert "passed" in problems(body, replace(RESCHEDULE, alternatives=past))


def test_the_persons_own_words_are_theirs() -> None:
    reason = "I look for a salary above the range until 8 January, 10:00"
    body = GOOD_DECLINE.replace("ahead with it", f"ahead with it, because {reason}")
    assert problems(body, replace(DECLINE, told_reason=reason)) == ""
    assert "salary" in problems(body)


def test_words_of_the_mail_are_no_faults_of_the_letter() -> None:
    company = "Salary Monday GmbH"
    assert problems(GOOD_DECLINE.replace("Brightwave", company), reading=replace(READING, company=company)) == ""


def test_the_signature_is_not_counted() -> None:
    assert problems(GOOD_DECLINE + "\n-- \n" + "Robin Meyer, Monday 10:00 [Office]\n" * 40) == ""


def test_a_letter_in_another_language_than_the_mail() -> None:
    assert "language" in problems(GOOD_DECLINE, reading=replace(READING, lang="de"))


def test_words_are_counted_as_a_person_counts_them() -> None:
    assert tact.words("Dear Dana,\n\nI can't make 14:30 – sorry.\n-- \nRobin") == 8
