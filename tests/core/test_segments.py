"""Cutting a mail's text: what is new, what is history, who signed, what lawyers added."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.assets import reading_data
from raincheck.core.model import Address, SegmentKind
from raincheck.core.segments import SegmentWords, cut

WORDS = SegmentWords.from_tables(reading_data())
ANNA = Address("Anna Beck", "anna.beck@acme.example")
ROBIN = Address("Robin Meyer", "robin@example.net")
CET = timezone(timedelta(hours=1))


def kinds(text: str, words: SegmentWords = WORDS, *, forwarded: bool = False) -> dict[str, str]:
    """Kind -> its text, of a mail that Anna wrote."""
    segments = cut(text, words, sender=ANNA, forwarded=forwarded)
    return {
        kind: "\n".join(s.text.strip() for s in segments if s.kind is kind) for kind in SegmentKind
        if any(s.kind is kind for s in segments)
    }  # fmt: skip


def test_a_plain_letter_has_text_and_signature() -> None:
    read = kinds("Dear Robin,\n\nMonday at 10?\n\nKind regards,\nAnna Beck\nAcme Ltd\n+44 1632 960001")
    assert read == {
        SegmentKind.NEWEST: "Dear Robin,\n\nMonday at 10?",
        SegmentKind.SIGNATURE: "Kind regards,\nAnna Beck\nAcme Ltd\n+44 1632 960001",
    }


@pytest.mark.parametrize(
    "closing",
    [
        "Best,", "Best", "Best Regards", "KIND REGARDS", "Yours sincerely", "Mit freundlichen Grüßen", "MfG",
        "Viele Grüße aus Berlin",
        "Beste Grüße und bis bald", "Cheers Anna", "Best, Anna Beck", "-- ", "Thanks,",
        "Herzliche Grüße / Best regards", "LG",
        "Anna", "Anna Beck", "– Anna",
    ],
)  # fmt: skip
def test_closings(closing: str) -> None:
    assert kinds(f"Monday at 10?\n\n{closing}\nAnna\nAcme")[SegmentKind.NEWEST] == "Monday at 10?"


@pytest.mark.parametrize(
    "line",
    [
        "Best case we meet on Monday at 10 in our office", "Thanks for your application to the role",
        "Regards your question: Monday is fine, at ten",
        "Thank you, Robin!", "Danke für Ihre Bewerbung.", "Best of all worlds would be to see you on Monday",
    ],
)  # fmt: skip
def test_sentences_that_only_begin_like_a_closing(line: str) -> None:
    assert kinds(f"{line}\n\nWe could talk on Tuesday at 15:00, would that suit you?") == {
        SegmentKind.NEWEST: f"{line}\n\nWe could talk on Tuesday at 15:00, would that suit you?"
    }


def test_a_closing_on_the_last_line_of_the_text() -> None:
    read = kinds("How about Monday at 10? Kind regards, Anna Beck")
    assert read[SegmentKind.NEWEST] == "How about Monday at 10?"
    assert read[SegmentKind.SIGNATURE] == "Kind regards, Anna Beck"


def test_a_greeting_of_closing_words_on_top_opens_the_text() -> None:
    text = "Sunny greetings first!\n\n" + "We would like to meet you at the boathouse on Monday. " * 3
    assert kinds(text) == {SegmentKind.NEWEST: text.strip()}


def test_what_a_board_shows_of_its_sender_is_text_in_a_mail_that_answers_none() -> None:
    text = (
        "Otter Ltd wrote about your profile.\n\n> Hello Robin, could you come to us on Monday at 10?\n\nOpen the page"
    )
    assert SegmentKind.QUOTED in kinds(text)
    shown = cut(text, WORDS, sender=ANNA, answers=False)
    assert [s.kind for s in shown] == [SegmentKind.NEWEST]
    assert "could you come to us" in shown[0].text


def test_the_senders_name_in_a_list_is_no_signature() -> None:
    text = "You will meet:\nAnna Beck\nBo Lind\n\nTuesday 10 March, 10:00"
    assert kinds(text) == {SegmentKind.NEWEST: text}


def test_somebody_wrote_something_is_no_quotation() -> None:
    text = "As Anna wrote:\nwe would be glad to see you.\n\nTuesday at ten?"
    assert kinds(text) == {SegmentKind.NEWEST: text}


@pytest.mark.parametrize("name", ["Ann", "Ann Beck"])
def test_a_short_first_name_signs(name: str) -> None:
    read = kinds(f"Would Tuesday at ten suit you?\n\n{name}\nPractice Manager, Otter Vets")
    assert read[SegmentKind.SIGNATURE] == f"{name}\nPractice Manager, Otter Vets"


def test_somebody_of_a_name_like_the_senders_signs_nothing_in_the_midst_of_a_text() -> None:
    text = "You will meet:\n\nAnn,\nLou\n\nWe look forward to it."
    assert kinds(text) == {SegmentKind.NEWEST: text}


def test_a_postscript_is_text_again() -> None:
    read = kinds("Monday at 10?\n\nBest\nAnna\n\nP.S. Wednesday at 3 works as well.")
    assert read[SegmentKind.NEWEST] == "Monday at 10?\nP.S. Wednesday at 3 works as well."


def test_details_below_the_signature_are_text() -> None:
    read = kinds("Please see below.\n\nBest regards\nAnna\n\nInterview details\nDate: 3 May\nTime: 10:00")
    assert "Date: 3 May\nTime: 10:00" in read[SegmentKind.NEWEST]


@pytest.mark.parametrize(
    "footer",
    [
        "This email and any attachments are confidential.",
        "You are receiving this email because you applied at Acme.\nUnsubscribe",
        "Sitz der Gesellschaft: Bremen, Amtsgericht Bremen HRB 00000\nGeschäftsführer: Dr. Jan Ahrens",
        "Office hours: Mon-Thu 9:00-15:00",
        "Registered in England and Wales No. 00000000",
    ],
)
def test_footers(footer: str) -> None:
    read = kinds(f"Monday at 10?\n\nBest\nAnna\n\n{footer}")
    assert read[SegmentKind.NEWEST] == "Monday at 10?"
    assert read[SegmentKind.DISCLAIMER] == footer


def test_a_warning_on_top_does_not_swallow_the_mail() -> None:
    read = kinds("CAUTION: This email originated from outside the organisation.\n\nMonday at 10?")
    assert read[SegmentKind.NEWEST] == "Monday at 10?"


@pytest.mark.parametrize(
    "header",
    [
        "On Mon, 2 Mar 2026 at 10:15, Robin Meyer <robin@example.net> wrote:",
        "On Mon, Mar 2, 2026 at 10:15 AM Robin Meyer <robin@example.net>\nwrote:",
        "Am 02.03.2026 um 10:15 schrieb Robin Meyer <robin@example.net>:",
        "Am Mo., 2. März 2026 um 10:15 Uhr schrieb Robin Meyer <\nrobin@example.net>:",
        "Le lun. 2 mars 2026 à 10:15, Robin Meyer <robin@example.net> a écrit :",
    ],
)
def test_quotes_below(header: str) -> None:
    segments = cut(
        f"Monday it is!\n\n{header}\n> Could we meet on Tuesday at 9?\n>\n> Robin", WORDS, sender=ANNA, zone=CET
    )
    assert [s.kind for s in segments] == [SegmentKind.NEWEST, SegmentKind.QUOTED]
    assert segments[0].text == "Monday it is!"
    assert segments[1].text == "Could we meet on Tuesday at 9?\n\nRobin"
    assert segments[1].from_ is not None
    assert segments[1].from_.addr_spec == "robin@example.net"
    if "mars" not in header:
        assert segments[1].date == datetime(2026, 3, 2, 10, 15, tzinfo=CET)


def test_each_mail_of_a_quoted_thread_stands_alone() -> None:
    text = "Fine!\n\nOn 2 March 2026, Robin wrote:\n> Tuesday?\n>\n> On 1 March 2026, Anna wrote:\n> > When?\n"
    segments = cut(text, WORDS, sender=ANNA, zone=CET)
    assert [(s.kind, s.text) for s in segments] == [
        (SegmentKind.NEWEST, "Fine!"),
        (SegmentKind.QUOTED, "Tuesday?"),
        (SegmentKind.QUOTED, "When?"),
    ]


def test_a_forwarded_mail_inside_a_quotation() -> None:
    text = f"fyi\n\n> Begin forwarded message:\n>\n> {HEADERS_EN.replace(chr(10), chr(10) + '> ')}\n>\n> Tuesday?\n"
    forwarded = [s for s in cut(text, WORDS, sender=ANNA) if s.kind is SegmentKind.FORWARDED]
    assert [(s.text, s.from_) for s in forwarded] == [("Tuesday?", ROBIN)]


def test_a_quote_that_lost_its_marks() -> None:
    read = kinds("Monday it is!\n\nOn 2 March 2026, Robin wrote:\nCould we meet on Tuesday at 9?\n\nRobin")
    assert read[SegmentKind.NEWEST] == "Monday it is!"
    assert "Tuesday at 9" in read[SegmentKind.QUOTED]


def test_answers_between_quoted_lines_are_new() -> None:
    read = kinds("Hi Robin,\n\n> When could we talk?\n\nTuesday at 10.\n\n> And where?\n\nOn Zoom.\n\nBest\nAnna")
    assert read[SegmentKind.NEWEST] == "Hi Robin,\nTuesday at 10.\nOn Zoom."
    assert read[SegmentKind.QUOTED] == "When could we talk?\nAnd where?"
    assert read[SegmentKind.SIGNATURE] == "Best\nAnna"


HEADERS_EN = (
    "From: Robin Meyer <robin@example.net>\nSent: Monday, March 2, 2026 10:15 AM\n"
    "To: Anna Beck\nCc: Bo\nSubject: Re: Talk"
)
HEADERS_DE = (
    "Von: Robin Meyer <robin@example.net>\nGesendet: Montag, 2. März 2026 10:15\nAn: Anna Beck\nBetreff: Re: Talk"
)
HEADERS_IT = "Da: Robin Meyer <robin@example.net>\nInviato: lunedì 2 marzo 2026 10:15\nA: Anna Beck\nOggetto: Re: Talk"


@pytest.mark.parametrize("rule", ["", "-----Original Message-----\n", "________________________________\n"])
@pytest.mark.parametrize("block", [HEADERS_EN, HEADERS_DE, HEADERS_IT, HEADERS_EN.replace("\n", "\n\n")])
def test_the_header_block_of_outlook(block: str, rule: str) -> None:
    if rule.startswith("-") and block is HEADERS_IT:
        rule = "\n"
    text = f"Monday it is!\n\nAnna\n\n{rule}\n{block}\n\nCould we meet on Tuesday at 9?"
    quoted = [s for s in cut(text, WORDS, sender=ANNA, zone=CET) if s.kind is SegmentKind.QUOTED]
    assert [s.text for s in quoted] == ["Could we meet on Tuesday at 9?"]
    assert quoted[0].from_ == ROBIN
    if block is not HEADERS_IT:
        assert quoted[0].date == datetime(2026, 3, 2, 10, 15, tzinfo=CET)
        assert quoted[0].subject == "Re: Talk"
    assert kinds(text)[SegmentKind.NEWEST].splitlines()[0] == "Monday it is!"


def test_the_details_of_an_appointment_are_no_header_block() -> None:
    text = "We invite you.\n\nDate: Monday, 2 March 2026\nFrom: 10:00\nTo: 11:00\nSubject: Interview"
    assert kinds(text) == {SegmentKind.NEWEST: text}


@pytest.mark.parametrize(
    ("marker", "block"),
    [
        ("---------- Forwarded message ---------", HEADERS_EN.replace("Sent", "Date")),
        (
            "Begin forwarded message:",
            "From: Robin Meyer <robin@example.net>\nSubject: Re: Talk\nDate: 2 March 2026 at 10:15:00\nTo: Anna",
        ),
        ("Anfang der weitergeleiteten Nachricht:", HEADERS_DE.replace("Gesendet", "Datum")),
        ("-------- Weitergeleitete Nachricht --------", HEADERS_DE.replace("Gesendet", "Datum")),
    ],
)
@pytest.mark.parametrize("quoted", [False, True])
def test_forwarded_mails(marker: str, block: str, quoted: bool) -> None:
    inner = f"{block}\n\nWe invite you on 5 March at 9:00.\n\nKind regards\nRobin Meyer\nHR"
    if quoted:
        inner = "\n".join(f"> {line}" for line in inner.split("\n"))
    segments = cut(f"fyi\n\n{marker}\n\n{inner}", WORDS, sender=ANNA, zone=CET)
    assert [s.kind for s in segments] == [SegmentKind.NEWEST, SegmentKind.FORWARDED, SegmentKind.SIGNATURE]
    assert segments[1].text.strip() == "We invite you on 5 March at 9:00."
    assert (segments[1].from_, segments[1].subject) == (ROBIN, "Re: Talk")
    assert segments[1].date == datetime(2026, 3, 2, 10, 15, tzinfo=CET)


def test_outlook_marks_a_forwarded_mail_only_in_the_subject() -> None:
    text = f"fyi\n\n{HEADERS_EN}\n\nWe invite you on 5 March."
    assert SegmentKind.QUOTED in kinds(text)
    assert kinds(text, forwarded=True)[SegmentKind.FORWARDED] == "We invite you on 5 March."
    assert WORDS.is_forward("WG: Talk")
    assert WORDS.is_forward("Fwd: Talk")
    assert not WORDS.is_forward("Re: Fwd: Talk")


@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize("block", [HEADERS_EN, HEADERS_DE])
def test_a_header_block_is_passed_on_where_subject_or_text_says_so(block: str, *, quoted: bool) -> None:
    inner = f"{block}\n\nWe invite you on 5 March."
    if quoted:
        inner = "\n".join(f"> {line}" for line in inner.split("\n"))
    told = f"Forwarding what I have just got.\n\n{inner}"
    plain = f"Thursday suits us.\n\n{inner}"
    for text, forwarded, answers, passed_on in (
        (plain, True, True, True),
        (told, False, False, True),
        (told, False, True, False),  # in an answer, headers stand above what is answered
        (plain, False, False, False),
    ):
        found = [s for s in cut(text, WORDS, sender=ANNA, forwarded=forwarded, answers=answers) if "invite" in s.text]
        assert (found[0].kind is SegmentKind.FORWARDED) is passed_on


@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize(
    "reader", [ROBIN, Address("Robin Meyer", "other@example.net"), Address("", "Robin@Example.net")]
)
@pytest.mark.parametrize("block", [HEADERS_EN, HEADERS_DE])
def test_the_own_words_of_who_gets_the_mail_are_never_passed_on(block: str, reader: Address, *, quoted: bool) -> None:
    if reader.addr_spec == "other@example.net":  # then the header names no address
        block = block.replace(" <robin@example.net>", "")
    inner = f"{block}\n\nCould we do Tuesday at 9?"
    if quoted:
        inner = "\n".join(f"> {line}" for line in inner.split("\n"))
    for forwarded in (False, True):
        text = f"Forwarding this so that you have it at hand.\n\n{inner}"
        found = cut(text, WORDS, sender=ANNA, readers=(reader,), forwarded=forwarded, answers=False)
        kind = next(s.kind for s in found if "Tuesday" in s.text)
        assert kind is SegmentKind.QUOTED


@pytest.mark.parametrize(
    "told", ["I'm forwarding the slides tomorrow.", "We are passing on the good news to the team."]
)
def test_who_passes_on_something_else_passes_on_no_mail(told: str) -> None:
    text = f"{told}\n\n{HEADERS_EN}\n\nWe invite you on 5 March."
    found = [s for s in cut(text, WORDS, sender=ANNA, answers=False) if "invite" in s.text]
    assert [s.kind for s in found] == [SegmentKind.QUOTED]


def test_a_name_above_the_text_is_a_letterhead_and_no_signature() -> None:
    text = (
        "Anna Beck\nTalent Partner at Norvik\n\nHello Robin,\n\nWould you be free for a talk about the post on "
        "Tuesday at ten, at our house by the harbour? Please tell me by Monday.\n\nAnna"
    )
    assert cut(text, WORDS, sender=ANNA, forwarded=False, zone=UTC)[0].text.startswith("Anna Beck")
    assert "harbour" in kinds(text)[SegmentKind.NEWEST]


def test_a_name_above_a_message_that_a_network_announces_is_no_signature() -> None:
    notice = "Jobwerk\n\nHello Robin Meyer, there is a new message for you:\n\nAnna Beck\nHead of Service at Norvik\n\n"
    text = (
        "Hello, we are opening a workshop in Husum and look for fitters. Would you like to talk on the phone one day? "
        "I should be glad to tell you how we work by the harbour, and what a day there is like for all of us."
    )
    assert "harbour" in kinds(notice + text)[SegmentKind.NEWEST]
    signed = kinds(f"{text}\n\nAnna Beck\nHead of Service at Norvik")
    assert signed[SegmentKind.SIGNATURE] == "Anna Beck\nHead of Service at Norvik"


def test_a_footer_in_the_last_sentence_leaves_the_sentences_before_it() -> None:
    text = "Please answer to our secretary by noon on Friday. To leave the list, unsubscribe here."
    assert kinds(text) == {
        SegmentKind.NEWEST: "Please answer to our secretary by noon on Friday.",
        SegmentKind.DISCLAIMER: "To leave the list, unsubscribe here.",
    }


def test_a_short_phrase_of_footers_is_no_beginning_of_a_word() -> None:
    words = SegmentWords(disclaimers=("HRB",))
    assert kinds("You would meet our HRBP.", words) == {SegmentKind.NEWEST: "You would meet our HRBP."}
    assert kinds("Amtsgericht Jena HRB 1234", words) == {SegmentKind.DISCLAIMER: "Amtsgericht Jena HRB 1234"}


@pytest.mark.parametrize("above", ["", "of " * 6_000 + "\n"])
def test_a_name_on_every_line_costs_linear_time(above: str) -> None:
    began = time.process_time()
    cut(above + "Anna\n" * 9_000, WORDS, sender=ANNA, forwarded=False)
    assert time.process_time() - began < 2


def test_without_words_the_structure_speaks() -> None:
    read = kinds("Ja!\n-- \nAnna\n\nDen 2 mars 2026 skrev Robin:\n> Tisdag?", SegmentWords())
    assert read == {SegmentKind.NEWEST: "Ja!", SegmentKind.SIGNATURE: "-- \nAnna", SegmentKind.QUOTED: "Tisdag?"}


_LINES = st.sampled_from(
    (
        *("", "> quoted", ">> twice", "On 2 May 2026 x wrote:", "Hello", "Best", "-- ", "unsubscribe", ">"),
        *("10:00 - 11:00", "P.S. more", "---------- Forwarded message ---------", "-----Original Message-----", "Anna"),
        *HEADERS_EN.split("\n"),
    )
)


@given(st.lists(_LINES | st.text(max_size=30), max_size=40).map("\n".join), st.booleans())
def test_every_line_is_kept_once_and_only_headers_are_dropped(text: str, forwarded: bool) -> None:
    segments = cut(text, WORDS, sender=ANNA, forwarded=forwarded, zone=UTC)
    kept = [line.strip() for s in segments for line in s.text.split("\n") if line.strip()]
    assert len(kept) <= len([line for line in text.split("\n") if line.strip()])
    assert kept.count("10:00 - 11:00") <= text.count("10:00 - 11:00")
    assert kept.count("Hello") <= text.count("Hello")
