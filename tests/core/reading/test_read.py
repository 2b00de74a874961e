"""Whole mails: own labelled cases, the same mail in other clothes, hostile input, and the contract of the report."""

from __future__ import annotations

import base64
import email
import json
import quopri
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from email.policy import SMTP
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincheck.core.message import parse_message
from raincheck.core.reading import read
from raincheck.core.reading.report import reading_json
from raincheck.demo.sample import mails
from tests.accuracy import CORPUS, ME, UNSEEN, cases, misses
from tests.core.reading.letters import lexica, reading

if TYPE_CHECKING:
    from raincheck.core.model import Reading

CASES = cases()
PLAIN = sorted(
    name for name, (raw, _) in CASES.items() if email.message_from_bytes(raw).get_content_type() == "text/plain"
)
KEYS = [
    "kind", "actionable", "confidence", "unsure", "lang", "formal", "role", "company", "contact", "reply_to", "agency",
    "stage", "format", "location", "url", "scheduling_link", "phone", "duration_minutes", "reply_by", "slots",
    "windows", "salary", "remote", "seniority", "skills", "evidence",
]  # fmt: skip

# Shares of rightly read fields below which something broke.
FLOORS = {
    "role": 0.97, "company": 0.97, "contact": 0.97, "reply_to": 0.99, "agency": 0.95, "format": 0.97, "url": 0.99,
    "scheduling_link": 0.97, "actionable": 0.9,
}  # fmt: skip


UNSEEN_FLOORS = {
    "kind": 0.92, "actionable": 0.97, "slots": 0.9, "windows": 0.93, "role": 0.91, "company": 0.86, "contact": 0.9,
    "reply_to": 0.93, "agency": 0.96, "format": 0.93, "scheduling_link": 0.97, "duration_minutes": 0.89,
    "reply_by": 0.92,
}  # fmt: skip


def understood(raw: bytes) -> Reading:
    return read(parse_message(raw, None, lexica().segments), lexica(), ME)


@cache
def known(name: str) -> Reading:
    return understood(CASES[name][0])


@pytest.mark.parametrize("language", ["en", "de"])
def test_own_mails_are_read_rightly(language: str) -> None:
    names = [name for name in CASES if name.startswith(f"{language}-")]
    wrong = {name: misses(reading_json(known(name)), CASES[name][1]) for name in names}
    for field, floor in FLOORS.items():
        missed = {name: found[field] for name, found in wrong.items() if field in found}
        assert 1 - len(missed) / len(names) >= floor, f"{field}: {missed}"


@pytest.mark.parametrize("language", ["en", "de"])
def test_mails_that_nothing_was_learned_from_are_read_rightly(language: str) -> None:
    samples = [(name, *case) for name, case in cases(UNSEEN).items() if name.startswith(language)]
    read_ = [(expected, reading_json(understood(raw))) for _, raw, expected in samples]
    wrong = [misses(found, expected) for expected, found in read_]
    for field, floor in UNSEEN_FLOORS.items():
        asked = sum(field in expected for expected, _ in read_)
        assert 1 - sum(field in missed for missed in wrong) / asked >= floor, field


def test_every_quote_stands_in_the_mail() -> None:
    for name, (raw, _) in CASES.items():
        message = parse_message(raw, None, lexica().segments)
        sender = f"{message.from_.display_name} {message.from_.addr_spec}" if message.from_ else ""
        links = " ".join(f"{link.text} {link.href}" for link in message.links)
        others = " ".join(address.addr_spec for address in message.reply_to)
        whole = squeezed(" ".join((message.subject, message.text(), sender, others, links, str(message.date))))
        for item in known(name).evidence:
            if item.source not in ("calendar", "header:date"):
                assert squeezed(item.quote) in whole, (name, item)


def squeezed(text: str) -> str:
    return " ".join(text.split())


SHOWN = {  # what the README shows of the demo
    "Tidewater Labs": "Senior Backend Engineer",
    "Larkfield Media": "Lead PHP Developer",
    "Fernworks": "Platform Engineer",
    "Hansen & Söhne GmbH": "Vertriebsmitarbeiter (m/w/d)",
    "Quillmark": "Site Reliability Engineer",
    "Northgate Robotics": "Robotics Software Engineer",
}


@pytest.mark.parametrize("days", range(0, 365, 13))
def test_the_mails_of_the_demo_are_read_as_the_readme_shows(days: int) -> None:
    morning = datetime(2026, 1, 5, 8, tzinfo=UTC) + timedelta(days=days)
    asked = [reading for sample in mails(morning) if (reading := understood(sample.raw)).actionable]
    assert {reading.company: reading.role for reading in asked} == SHOWN


# --- languages that are not read ------------------------------------------------------------------------------------


FRENCH = (
    "Bonjour Alex,\n\nnous vous invitons à un entretien le mardi 1er décembre à 14h00. Ce jour vous convient-il ?\n"
)
EVENT = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//acme//EN\r
METHOD:REQUEST\r
BEGIN:VEVENT\r
UID:1@acme.example\r
DTSTAMP:20261123T083000Z\r
DTSTART:20261201T130000Z\r
DTEND:20261201T140000Z\r
SUMMARY:Interview: Backend Engineer\r
ORGANIZER:mailto:dana.field@acme.example\r
ATTENDEE;RSVP=TRUE:mailto:alex.kaya@example.net\r
END:VEVENT\r
END:VCALENDAR\r
"""


def with_event(text: str, description: str = "") -> Reading:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "dana.field@acme.example", "alex.kaya@example.net", "Interview"
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 +0100"
    mail.set_content(text)
    event = EVENT.replace("SUMMARY:", f"DESCRIPTION:{description}\r\nSUMMARY:") if description else EVENT
    mail.add_alternative(event, subtype="calendar", params={"method": "REQUEST"})
    return understood(mail.as_bytes(policy=SMTP))


def test_a_mail_in_a_language_that_is_not_read_is_not_called_understood() -> None:
    found = reading(FRENCH, subject="Entretien")
    assert (str(found.kind), found.actionable, found.lang) == ("other", False, "fr")
    assert found.confidence < 0.5
    assert found.not_understood == "it is written in French, which is not read yet"
    assert not any(item.field == "kind" for item in found.evidence)
    assert not found.slots
    assert found.reply_to == "dana.field@acme.example"


def test_of_a_mail_in_a_language_that_is_not_read_the_calendar_part_is() -> None:
    found = with_event(FRENCH)
    assert (str(found.kind), found.lang) == ("invitation", "fr")
    assert [slot.start for slot in found.slots] == [datetime(2026, 12, 1, 13, tzinfo=UTC)]
    assert found.confidence < 0.5
    assert not found.sure("kind")


@pytest.mark.parametrize("text", ["", "\n", "Alex / Dana\n"])
def test_a_calendar_part_alone_is_in_no_strange_language(text: str) -> None:
    found = with_event(text)
    assert found.actionable
    assert found.sure("kind")
    assert found.confidence > 0.5


def test_the_last_day_in_a_calendar_part_is_none_for_colleagues_and_tests() -> None:
    told = "Please confirm by Thursday 26 November."
    asked = with_event("We would like to invite you to an interview, please find it attached.\n", told)
    assert asked.actionable
    assert str(asked.reply_by) == "2026-11-26"
    told = "Dear panel\\, please hand in your scorecard by Monday 30 November."
    for_colleagues = with_event("Please find your interview attached.\n", told)
    assert not for_colleagues.actionable
    assert for_colleagues.reply_by is None
    assert not any(item.field == "reply_by" for item in for_colleagues.evidence)


def test_a_bounce_is_one_in_any_language() -> None:
    bounce = "Votre message n'a pas pu être remis à son destinataire, nous vous prions de vérifier l'adresse.\n"
    found = reading(bounce, sender="MAILER-DAEMON@mx.example", Auto_Submitted="auto-replied")
    assert found.not_understood is None
    assert found.confidence > 0.9


# --- the same mail in other clothes ---------------------------------------------------------------------------------


def essence(reading: Reading) -> dict[str, Any]:
    """What must not change; where words stand may."""
    return reading_json(replace(reading, evidence=(), unsure=(), confidence=0.0))


def encoded(raw: bytes, encoding: str, charset: str = "utf-8") -> bytes | None:
    """The same text/plain mail in another transfer encoding and charset; None where the charset lacks a letter."""
    mail = email.message_from_bytes(raw)
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    try:
        data = payload.decode("utf-8").encode(charset)
    except UnicodeEncodeError:
        return None
    body = base64.encodebytes(data) if encoding == "base64" else quopri.encodestring(data)
    return head(mail, charset, encoding) + body


def head(mail: Message, charset: str, encoding: str) -> bytes:
    kept = [(name, value) for name, value in mail.items() if not name.lower().startswith(("content-", "mime-"))]
    lines = [f"{name}: {value}" for name, value in kept]
    lines += [
        f"Content-Type: text/plain; charset={charset}",
        f"Content-Transfer-Encoding: {encoding}",
        "MIME-Version: 1.0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")


@pytest.mark.parametrize(("encoding", "charset"), [("base64", "utf-8"), ("quoted-printable", "windows-1252")])
def test_another_encoding_changes_nothing(encoding: str, charset: str) -> None:
    for name in PLAIN:
        raw = encoded(CASES[name][0], encoding, charset)
        if raw is not None:
            assert essence(understood(raw)) == essence(known(name)), name


def rebuilt(name: str, body: str, **extra: str) -> EmailMessage:
    original = email.message_from_bytes(CASES[name][0])
    mail = EmailMessage()
    for header in ("From", "To", "Subject", "Date", "Reply-To", "Sender", "Message-ID"):
        if header in original:
            mail[header] = " ".join(str(email.header.make_header(email.header.decode_header(original[header]))).split())
    mail.set_content(body)
    return mail


def text_of(name: str) -> str:
    payload = email.message_from_bytes(CASES[name][0]).get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode("utf-8").replace("\r\n", "\n")


@pytest.mark.parametrize("name", [name for name in PLAIN if "quoted" not in name and ">" not in text_of(name)][::3])
def test_a_quoted_thread_below_changes_nothing(name: str) -> None:
    thread = "\n\nOn Mon, 5 Oct 2026 at 10:00, Sam Stone <sam@elsewhere.example> wrote:\n"
    thread += "> Are you free on Friday at 9:00?\n> Sam\n"
    mail = rebuilt(name, text_of(name) + thread)
    assert essence(understood(mail.as_bytes(policy=SMTP))) == essence(known(name))


@pytest.mark.parametrize("name", PLAIN[::3])
def test_line_feeds_alone_change_nothing(name: str) -> None:
    assert essence(understood(CASES[name][0].replace(b"\r\n", b"\n"))) == essence(known(name))


@pytest.mark.parametrize("name", PLAIN[1::4])
def test_an_html_twin_in_either_order_changes_nothing(name: str) -> None:
    text = text_of(name)
    paragraphs = "".join(
        f"<p>{part}</p>" for part in re.split(r"\n{2,}", text.replace("\n", "<br>\n").replace("<br>\n<br>\n", "\n\n"))
    )
    if "<" in text or "&" in text:
        return
    mail = rebuilt(name, text)
    mail.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    assert essence(understood(mail.as_bytes(policy=SMTP)))["role"] == known(name).role
    swapped = mail.as_bytes(policy=SMTP)
    mail.get_payload().reverse()  # type: ignore[union-attr]  # a multipart's payload is a list
    assert essence(understood(mail.as_bytes(policy=SMTP))) == essence(understood(swapped))


NAMES = st.sampled_from(["Mia Holm", "Jean-Luc Roy", "Zoë Ángel", "Oluwaseun Adeyemi", "Anna van der Berg", "Li Wei"])
ROLES = st.sampled_from(["Data Engineer", "Night Nurse", "Head of Sales", "Bauleiterin", "Sous Chef", "QA Lead II"])
COMPANIES = st.sampled_from([("Blue Harbour", "blueharbour"), ("Nordlicht", "nordlicht"), ("Acme & Sons", "acmesons")])


@settings(max_examples=40, deadline=None)
@given(person=NAMES, role=ROLES, company=COMPANIES, day=st.integers(1, 28), hour=st.integers(9, 17))
def test_other_names_and_dates_give_the_same_shape(
    person: str, role: str, company: tuple[str, str], day: int, hour: int
) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"{person} <hello@{company[1]}.example>", "Alex Kaya <alex.kaya@example.net>"
    mail["Subject"], mail["Date"] = "Interview", "Mon, 23 Nov 2026 09:00:00 +0100"
    mail.set_content(
        f"Dear Alex,\n\nthank you for applying for the {role} position at {company[0]}. "
        f"We would like to invite you to an interview on {day} December 2026 at {hour}:00 via Teams.\n\n"
        f"Kind regards\n{person}\n{company[0]}\n"
    )
    found = understood(mail.as_bytes(policy=SMTP))
    assert (found.role, found.company, found.contact, found.format) == (role, company[0], person, "video")
    assert [(s.start.month, s.start.day, s.start.hour) for s in found.slots] == [(12, day, hour)]


# --- hostile input ---------------------------------------------------------------------------------------------------

FRAGMENTS = (
    "a", "A", "Aa ", "(", "((((", "position of ", "the ", "The Role ", "at ", ", ", "\n", "@", "a@b.example ",
    "1 ", "0", "https://x.example/a ", "&", "(m/w/d)", "Engineer ", "\u202e", "“", "- ", "+49 ", "12:00 ", "Street ",
    "für die Stelle als ", "_ ", "one of my clients, ", "Recruitment ", "in January ", "ab dem 7. ", "Sp. z o.o. ",
)  # fmt: skip


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_endless_repetition_is_bounded(fragment: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        "x@acme.example",
        "alex.kaya@example.net",
        fragment.replace("\n", "")[:60] * 10,
    )
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 +0100"
    mail.set_content("Interview for the " + fragment * (64 * 1024 // len(fragment)), cte="base64")
    began = time.process_time()
    understood(mail.as_bytes(policy=SMTP))
    assert time.process_time() - began < 2


def test_blanks_inside_the_last_line_cost_little() -> None:
    raw = b"From: x@acme.example\n\nPlease come to an interview.\n\nMia" + b" " * 16_000 + b"Holm\n"
    began = time.process_time()
    understood(raw)
    assert time.process_time() - began < 1


def test_a_letter_that_is_spelled_with_none_is_no_beginning_of_a_name() -> None:
    text = "Please come to an interview. Answer to mia.holm@acme.example. \ufc5e Mia Holm"
    raw = f"From: x@acme.example\nContent-Type: text/plain; charset=utf-8\n\n{text}\n".encode()
    assert understood(raw).contact == "Mia Holm"


def test_a_name_with_a_stroke_for_a_word_is_held_against_the_domain() -> None:
    raw = b"From: x@harbour-boats.example\n\nPlease come to an interview.\n\nRegards\nMia Holm\nAcme _ Sails Ltd\n"
    assert understood(raw).contact == "Mia Holm"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from((*FRAGMENTS, "Interview ", "Best regards\n", "Mia Holm\n")), max_size=60).map("".join))
def test_no_text_makes_it_raise(text: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "x@acme.example", "Interview"
    mail.set_content(text)
    json.dumps(reading_json(understood(mail.as_bytes(policy=SMTP))))


# --- the report -----------------------------------------------------------------------------------------------------


def test_the_report_has_every_key_of_the_contract_in_order() -> None:
    assert list(reading_json(known(PLAIN[0]))) == KEYS
    empty = reading_json(understood(b"From: a@b.example\r\n\r\nhello\r\n"))
    assert list(empty) == KEYS
    assert (empty["role"], empty["slots"], empty["skills"], empty["actionable"]) == (None, [], [], False)


def test_the_corpus_is_there() -> None:
    assert CORPUS.is_dir()
    assert len(CASES) >= 100


@pytest.mark.parametrize(
    ("clock", "sure"),
    [
        ("on Thursday 3 December at 7pm our time", False),
        ("on Thursday 3 December at 7pm NZDT, our time", True),
        ("on Thursday 3 December at 7pm here in the packhouse", True),
        ("on Thursday 3 December at 7pm? We take our time to meet people", True),
    ],
)
def test_our_time_in_a_mail_passed_on_is_that_of_whoever_wrote_it(clock: str, sure: bool) -> None:
    found = reading(
        "Hi Alex, look what came in from my old boss!\n\nDana\n\n---------- Forwarded message ---------\n"
        "From: Tama Paewai <tama@kowhaiorchards.example>\nDate: Sun, 22 Nov 2026 at 21:10\nSubject: Packer\n"
        f"To: Dana Field <dana.field@acme.example>\n\nHi Alex,\n\ncan you jump on a video interview {clock}?\n\nTama\n"
    )
    assert [doubt.field for doubt in found.unsure] == ([] if sure else ["slots"])
    assert len(found.slots) == 1


@pytest.mark.parametrize(
    ("own", "sender", "doubted"),
    [
        ("alex@weaverhall.example", "dana@weaverhall.example", True),
        ("alex@students.weaverhall.example", "dana@weaverhall.example", False),
        ("alex@weaverhall.example", "alex+jobs@weaverhall.example", False),
        ("alex@weaverhall.example", "dana@otherhall.example", False),
        ("alex+jobs@weaverhall.example", "Alex@weaverhall.example", False),  # who sends it to oneself
        ("alex@gmail.com", "dana@gmail.com", False),
        ("alex@example.net", "dana@example.net", False),
    ],
)
def test_whoever_shares_the_persons_own_domain_may_be_a_colleague(own: str, sender: str, doubted: bool) -> None:
    asks = "we would like to invite you to an interview for the post of Archivist"
    applied = f"thank you for your application. We have reviewed your CV, and {asks}"
    lent = "can you take the interview with Lou Marsh (Archivist) for me"
    for said, expected in ((asks, doubted), (lent, doubted), (applied, False)):
        assert _may_be_of_a_colleague(own, sender, said) == expected


def _may_be_of_a_colleague(own: str, sender: str, said: str) -> bool:
    raw = (
        f"From: Dana Field <{sender}>\nTo: {own}\nDate: Mon, 5 Oct 2026 09:00:00 +0200\nSubject: Interview\n\n"
        f"Hi Alex,\n\n{said} on Friday at 14:00?\n\nBest regards\nDana Field\n"
    ).encode()
    found = read(parse_message(raw, None, lexica().segments), lexica(), replace(ME, addresses=(own,)))
    assert found.actionable
    return "your own domain" in "".join(doubt.why for doubt in found.unsure if doubt.field == "kind")
