from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.assets import reading_data
from raincheck.core.model import Segment, SegmentKind
from raincheck.core.reading.language import LanguageWords, detect, formality
from tests.core.reading.mails import Labelled, labelled, mail

WORDS = {
    name: LanguageWords.from_table(table["language"]) for name, table in reading_data().items() if "language" in table
}


@pytest.mark.parametrize("case", labelled(), ids=lambda case: case.name)
def test_language_of_a_mail(case: Labelled) -> None:
    assert detect(case.message, WORDS) == case.language


def test_the_words_outrank_a_header_that_mail_programs_set_by_themselves() -> None:
    message = mail("We would like to meet you and talk about the role.", content_language="de")
    assert detect(message, WORDS) == "en"


def test_content_language_speaks_where_the_words_do_not() -> None:
    assert detect(mail("OK!", content_language="de"), WORDS) == "de"
    assert detect(mail("OK!"), WORDS) is None


def test_a_language_without_a_lexicon_is_not_taken_for_another() -> None:
    swedish = "Hej Robin! Tack för din ansökan. Vi skulle gärna vilja träffa dig på kontoret, passar det på torsdag?"
    assert detect(mail(swedish), WORDS) is None
    assert detect(mail(swedish, content_language="sv"), WORDS) == "sv"


def test_the_hours_of_a_calendar_are_no_words() -> None:
    assert (
        detect(mail("Call with Jo\nWhen: Fri Sep 18, 2026 10am - 10:20am\nCalendar: Robin", subject="@ 10am"), WORDS)
        != "de"
    )


def test_quoted_history_does_not_decide() -> None:
    quoted = "We would like to invite you to our office. " * 9
    assert detect(mail("Sehr gerne, das passt mir gut und ich freue mich.", quoted=quoted), WORDS) == "de"


def test_a_forwarded_mail_decides_where_nothing_was_written() -> None:
    forwarded = Segment(SegmentKind.FORWARDED, "Wir möchten Sie gern zu einem Gespräch in unserem Haus einladen.")
    assert detect(replace(mail("FYI"), segments=(forwarded,)), WORDS) == "de"


@pytest.mark.parametrize(
    ("text", "formal"),
    [
        ("wir laden Sie zu einem Gespräch ein und bitten um Ihre Antwort", True),
        ("Wir haben Ihnen den Link geschickt", True),
        ("passt dir der Termin, oder hast du einen anderen Vorschlag?", False),
        ("Sie kommt morgen. Sie bringt ihre Unterlagen mit.", None),
        ("Das Gespräch dauert eine Stunde.", None),
        ("gerne laden wir\nSie ein", True),
    ],
)
def test_formality(text: str, formal: bool | None) -> None:
    assert formality(text, WORDS["de"]) is formal


def test_english_shows_no_formality() -> None:
    assert formality("Dear Ms Meyer, would you be available? Thank you.", WORDS["en"]) is None


@given(st.text(max_size=2_000))
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert detect(mail(text), WORDS) in {None, *WORDS}
    assert formality(text, WORDS["de"]) in {None, True, False}
