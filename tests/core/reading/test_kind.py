from __future__ import annotations

import itertools
import textwrap
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincheck.assets import reading_data
from raincheck.core.model import ACTIONABLE, Address, Automatic, Kind, Message, SchedulingRequest, Segment, SegmentKind
from raincheck.core.reading.kind import KindCues, KindReading, Signals, classify, look
from tests.core.reading.mails import Labelled, labelled, mail

CUES = KindCues.from_tables(reading_data())
CASES = labelled()
INVITATION = "Dear Robin, we would like to invite you to an interview for the position of Analyst on Monday at 10:00."


def told(message: Message, signals: Signals) -> KindReading:
    return classify(look(message, CUES, signals.scheduling), message, CUES, signals)


def read(text: str, subject: str = "", signals: Signals | None = None, **more: object) -> KindReading:
    return told(mail(text, subject, **more), signals or Signals())  # type: ignore[arg-type] # keywords of mail


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_kind_of_a_mail(case: Labelled) -> None:
    reading = told(case.message, case.signals)
    assert reading.kind == case.kind
    assert reading.actionable == (case.kind in ACTIONABLE)
    assert reading.public_body == case.public


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_line_breaks_and_typography_change_nothing(case: Labelled) -> None:
    paragraphs = case.message.newest.split("\n\n")
    wrapped = "\n\n".join(
        textwrap.fill(p, 50, break_on_hyphens=False) if "\n" not in p.strip() else p for p in paragraphs
    )
    wrapped = wrapped.replace("'", "’")
    segments = (Segment(SegmentKind.NEWEST, wrapped), *case.message.segments[1:])
    assert told(replace(case.message, segments=segments), case.signals).kind == case.kind


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_footer_changes_nothing(case: Labelled) -> None:
    footer = Segment(SegmentKind.DISCLAIMER, "This message is confidential. If you received it in error, delete it.")
    message = replace(case.message, segments=(*case.message.segments, footer))
    assert told(message, case.signals).kind == case.kind


@pytest.mark.parametrize(
    ("asserted", "not_asserted"),
    [
        (
            "We would like to invite you to an interview for the role.",
            "We are unable to invite you to an interview for the role.",
        ),
        (
            "We would like to schedule an interview for the role.",
            "If selected, we would like to schedule an interview for the role.",
        ),
        (
            "Wir laden Sie zum Vorstellungsgespräch ein.",
            "Wir können Sie leider nicht zum Vorstellungsgespräch einladen.",
        ),
    ],
)
def test_what_is_denied_or_conditional_does_not_count(asserted: str, not_asserted: str) -> None:
    assert read(asserted).kind is Kind.INVITATION
    assert not read(not_asserted).actionable


@pytest.mark.parametrize("automatic", [a for a in Automatic if a is not Automatic.BULK])
def test_machines_and_lists_are_never_actionable(automatic: Automatic) -> None:
    assert read(INVITATION).actionable
    assert not read(INVITATION, automatic=automatic).actionable


def test_a_bulk_mail_may_be_a_true_invitation() -> None:
    text = "Dear Robin, thank you for your application. " + INVITATION
    assert read(text, signals=Signals(has_slots=True), automatic=Automatic.BULK).kind is Kind.INVITATION


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (SchedulingRequest("REQUEST", "1"), Kind.INVITATION),
        (SchedulingRequest("REQUEST", "1", sequence=1), Kind.RESCHEDULE),
        (SchedulingRequest("CANCEL", "1", sequence=2), Kind.CANCELLATION),
        (SchedulingRequest("REQUEST", "1", status="CANCELLED"), Kind.CANCELLATION),
    ],
)
def test_the_calendar_object_speaks(request_: SchedulingRequest, kind: Kind) -> None:
    signals = Signals(scheduling=replace(request_, summary="Interview: Data Engineer"))
    assert read("See the calendar entry.", signals=signals).kind is kind
    assert (
        read("See you there.", signals=Signals(scheduling=replace(request_, summary="Sprint review"))).kind
        is Kind.OTHER
    )


def test_what_signals_decide() -> None:
    text = "Thanks for applying for the role of Analyst! Please pick a time for the interview that suits you."
    assert read(text, signals=Signals(scheduling_link=True)).kind is Kind.SELF_SCHEDULE
    text = "We have to cancel the interview for the position of Analyst on Monday. Could you do another time?"
    assert read(text, signals=Signals(has_slots=True)).kind is Kind.RESCHEDULE
    text = "Please send me your availability for an interview for the Analyst role."
    assert read(text).kind is Kind.AVAILABILITY_REQUEST
    assert read(text, signals=Signals(has_slots=True)).kind is Kind.INVITATION


def test_a_no_for_one_post_and_an_invitation_for_another_is_an_invitation() -> None:
    no = "Unfortunately we have chosen another candidate for the position of Team Lead."
    assert read(no).kind is Kind.REJECTION
    more = " However, we have another role as Analyst that we would like to discuss with you on Monday at 10."
    assert read(no + more, signals=Signals(has_slots=True)).kind is Kind.INVITATION


def test_answers_led_to_a_private_box_are_suspicious() -> None:
    text = "Kindly add our hiring manager. Your resume was shortlisted for an interview."
    box = (Address("HR", "hexagon.hiring@gmail.com"),)
    assert read(text, reply_to=box, signals=Signals(reply_to_mismatch=True)).kind is Kind.SCAM
    assert read(text).kind is not Kind.SCAM


def test_a_forwarded_mail_may_be_the_invitation() -> None:
    message = replace(
        mail(""), segments=(Segment(SegmentKind.NEWEST, "fyi"), Segment(SegmentKind.FORWARDED, INVITATION))
    )
    assert told(message, Signals()).kind is Kind.INVITATION


def test_quoted_history_asks_for_nothing() -> None:
    assert not read("Thank you, I will come back to you.", quoted=INVITATION).actionable


def test_evidence_is_quoted_as_it_stands() -> None:
    reading = read(INVITATION, "Interview – Analyst")
    assert reading.cues
    for evidence in reading.cues:
        source = {"subject": "Interview – Analyst", "body": INVITATION, "sender": "Kim Doe"}[evidence.source]
        assert evidence.quote in source


def test_public_bodies_are_known_by_their_domain_too() -> None:
    assert read(INVITATION, sender="Beratung <team@lahr.arbeitsagentur.de>").public_body
    assert not read(INVITATION).public_body


WORDS = sorted({word for case in CASES for word in case.message.newest.split()})


@settings(max_examples=200)
@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join), st.booleans(), st.booleans(), st.text(max_size=80))
def test_every_mail_has_a_kind(text: str, slots: bool, link: bool, subject: str) -> None:
    message: Message = mail(text, subject)
    reading = told(message, Signals(has_slots=slots, scheduling_link=link))
    assert reading.actionable == (reading.kind in ACTIONABLE)
    assert 0 <= reading.confidence <= 1
    assert len(reading.cues) <= 12


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mail_that_looks_idle_stays_other_whatever_is_found(case: Labelled) -> None:
    if not look(case.message, CUES, case.signals.scheduling).idle:
        return
    for times, link, role in itertools.product((False, True), (False, True), (None, "Analyst")):
        signals = Signals(has_slots=times, scheduling_link=link, role=role, scheduling=case.signals.scheduling)
        assert told(case.message, signals).kind is Kind.OTHER


def test_ordinary_mail_looks_idle_and_job_mail_does_not() -> None:
    assert look(mail("Your parcel is on its way and arrives on Monday.", "Order 7"), CUES, None).idle
    assert not look(mail(INVITATION), CUES, None).idle


@pytest.mark.parametrize("unit", ["we would like to ", "interview ", "your ", "if you ", "1 1 ", "xgespräch ", "a"])
def test_hostile_length_costs_little(unit: str) -> None:
    start = time.process_time()
    read(unit * (65_536 // len(unit)), unit * 200)
    assert time.process_time() - start < 3
