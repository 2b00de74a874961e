from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.core.reading.cues import MAX_TEXT, Cue, CueBook, normalise
from raincheck.core.reading.phrasemachine import PhraseError


def found(text: str, *phrases: str, words: dict[str, str] | None = None) -> list[str]:
    cue = Cue("sign", 1.0, frozenset({"body"}), "en", phrases)
    book = CueBook([(cue, words or {})])
    return [text[hit.start : hit.end] for hit in book.find(normalise(text), "body")]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("look forward", "We LOOK forward to it"),
        ("follow up call", "a follow-up\ncall"),
        ("we're happy", "We’re happy"),
        ("we (would|want to) meet", "we want to meet"),
        ("we [really] want", "we want"),
        ("we [really] want", "we really want"),
        ("[quick] reminder", "Reminder:"),
        ("invite you ... interview", "invite you to a very short first interview"),
        ("reschedul*", "Rescheduling"),
        ("*gespräch", "Kennenlerngespräch"),
        ("# minutes", "about 45 minutes"),
        ("at #", "at 9:30"),
        ("put * in touch", "put me in touch"),
        ("the <job>", "the open position"),
        ("first interview", "a first   (digital) interview"[:9] + " interview"),
    ],
)
def test_phrase_matches(phrase: str, text: str) -> None:
    assert found(text, phrase, words={"job": "[open] (role|position)"})


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("interview", "interviewed"),
        ("we want", "we. Want"),
        ("invite you ... interview", "invite you. The interview"),
        ("invite you ... interview", "invite you\n\ninterview"),
        ("invite you ... interview", "invite you a b c d e f g interview"),
        ("*gespräch", "Gesprächspartner"),
        ("can", "can't"),
        ("interview", "https://jobs.example/interview"),
        ("# minutes", "few minutes"),
    ],
)
def test_phrase_does_not_match(phrase: str, text: str) -> None:
    assert not found(text, phrase)


def test_full_stops_inside_numbers_and_before_small_letters_end_no_sentence() -> None:
    assert found("takes place on 16.03.2026 at noon", "takes place ... at noon")
    assert found("approx. one hour", "approx one hour")


@pytest.mark.parametrize("phrase", ["(we", "we)", "...", "[we]", "we + you", "<nobody>", "a*", "we | you )"])
def test_a_phrase_that_cannot_be_read_is_named(phrase: str) -> None:
    with pytest.raises(PhraseError):
        found("we", phrase)


def test_word_groups_that_name_each_other_end() -> None:
    with pytest.raises(PhraseError):
        found("we", "<a>", words={"a": "<b>", "b": "<a>"})


def test_zones_and_sentences() -> None:
    cue = Cue("sign", 1.0, frozenset({"subject"}), "en", ("interview",))
    book = CueBook([(cue, {})])
    assert not book.find("interview", "body")
    assert [hit.sentence for hit in book.find("an interview. one interview; interview", "subject")] == [0, 1, 2]


@given(st.text(max_size=300))
def test_normalising_keeps_every_character_in_its_place(text: str) -> None:
    assert len(normalise(text)) == len(text)


def test_long_text_is_cut() -> None:
    assert len(normalise("a" * 100_000)) == MAX_TEXT


@pytest.mark.parametrize("unit", ["we ", "invite you ", "1 ", "(", "gespräch", ". ", "a-"])
def test_repetition_costs_linear_time(unit: str) -> None:
    phrases = ("invite you ... (interview|call)", "[we] [would] like ... ... you", "*gespräch ... *gespräch", "# # # #")
    start = time.process_time()
    found(unit * (65_536 // len(unit)), *phrases)
    assert time.process_time() - start < 2


def test_signs_are_found_in_any_text() -> None:
    cues = [
        Cue(sign, 1.0, frozenset(), "en", (phrase,)) for sign, phrase in (("talk", "interview"), ("ask", "can you"))
    ]
    book = CueBook((cue, {}) for cue in cues)
    assert book.signs("can you come? interview") == [("ask", 0, 7), ("talk", 14, 23)]
