"""The small language of phrases, and their narrowing to the words of a mail."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, reject
from hypothesis import strategies as st

from raincheck.core.reading.fields.phrase import Index, Phrase, PhraseError, Phrases, blanks, keys_of

WORDS = {"job": "position|role|job opening"}


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("for (the|our) position [of|as]", "FOR our  position of Cook", "FOR our  position of "),
        ("for (the|our) position [of|as]", "for a position", None),
        ("the <job> as", "the job opening as", "the job opening as"),
        ("reschedul*", "we are rescheduling it", "rescheduling "),
        ("*termin", "Ihr Gesprächstermin passt", "Gesprächstermin "),
        ("our * office", "at our new office", "our new office"),
        ("our * office", "at our brand new office", None),
        ("* apply", "we'll apply", "we'll apply"),
        ("* apply", "an on-call apply", "on-call apply"),
        ("floor #", "on floor 12", "floor 12"),
        ("office \\(", "our office (Main St)", "office ("),
        ("Location :", "Location\tRoom 4", "Location\t"),
        ("role", "roles", None),
        ("at the", "at\nthe", None),
    ],
)
def test_a_phrase_finds_its_words_and_nothing_else(phrase: str, text: str, found: str | None) -> None:
    match = Phrases.of([phrase], WORDS).search(text)
    assert (match[0] if match else None) == found


@pytest.mark.parametrize("phrase", ["(a|b", "a)", "[a]", "a | b", "the <unknown>", "", "[a] [b]"])
def test_a_phrase_that_cannot_be_meant_is_refused_by_name(phrase: str) -> None:
    with pytest.raises(PhraseError):
        Phrase.of(phrase, WORDS)


@pytest.mark.parametrize("phrase", ["{role}", "a {role} b {role}", "no blank"])
def test_a_blank_needs_words_beside_it_and_stands_once(phrase: str) -> None:
    with pytest.raises(PhraseError):
        blanks([phrase], WORDS, 1.0)


TEXT_WORDS = ("apply", "for", "the", "our", "a", "position", "role", "scheduling", "Montag", "12", ":", "work")
PIECES = ("apply", "for", "(the|our)", "[a|an]", "<job>", "schedul*", "*tag", "*", "#", ":")


any_phrase_and_text = given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map(" ".join),
    st.lists(st.sampled_from(TEXT_WORDS), max_size=9).map(" ".join),
)


def phrases_of(phrase: str) -> Phrases:
    """The phrase, unless it is one that the lexicon refuses."""
    try:
        return Phrases.of([phrase], WORDS)
    except PhraseError:
        reject()


@any_phrase_and_text
def test_narrowing_never_loses_a_match(phrase: str, text: str) -> None:
    phrases = phrases_of(phrase)
    kept = Index({"say": phrases}).narrowed(keys_of([text]))["say"]
    assert (kept.search(text) is None) == (phrases.search(text) is None)


@any_phrase_and_text
def test_places_where_a_phrase_may_begin_are_not_passed_over(phrase: str, text: str) -> None:
    """Long texts are searched at few places: the same is found there as in the same text by a plain search."""
    phrases = phrases_of(phrase)
    far = ".\n" * 100
    short = [(m.start(), m.end()) for m in phrases.finditer(text)]
    long = [(m.start() - len(far), m.end() - len(far)) for m in phrases.finditer(far + text)]
    assert long == short


@given(
    st.lists(st.sampled_from((*PIECES, "*edul*", "*y", "f*", ",", "@", "'ll", "*:30", "\\(")), min_size=1, max_size=4),
    st.lists(st.sampled_from((*TEXT_WORDS, ",", "@", "we'll", "on-call", "9:30", ":30", "(", "of", "y")), max_size=9),
)
@example(["*", "apply"], ["we'll", "apply"])  # a word of two parts is one
@example(["[*]", "*", "apply"], ["a", "-work-", "we'll", "on-call-apply"])
def test_signs_and_parts_of_words_begin_phrases_where_a_plain_search_finds_them(
    row: list[str], words: list[str]
) -> None:
    (phrase,) = phrases_of(" ".join(row)).phrases
    text = " ".join(words)
    plain = re.finditer(phrase.source, text, re.IGNORECASE)
    assert [match.span() for match in phrase.finditer(text)] == [match.span() for match in plain]
    found = phrase.search(text, 1)
    plainly = re.compile(phrase.source, re.IGNORECASE).search(text, 1)
    assert (found and found.span()) == (plainly and plainly.span())


def test_every_shape_of_entry_is_narrowed_in_its_order() -> None:
    wanted = Phrases.of(["the job", "a post", "*ing at"], {})
    around = blanks(["for the {role}", "as {role} at", "{role} wanted"], {}, 1.0)
    rows = (("one", wanted, 2.0), ("two", Phrases.of(["no"], {}), 1.0))
    index = Index({"wanted": wanted, "around": around, "rows": rows, "plain": frozenset({"x"})})
    kept = index.narrowed(keys_of(["Working at a post, for the pay; wanted"]))
    assert kept["wanted"].phrases == wanted.phrases[1:]
    assert kept["around"] == (around[0], around[2])
    assert kept["rows"] == (("one", kept["wanted"], 2.0),)
    assert "plain" not in kept
    assert index.narrowed(keys_of(["nothing"]))["around"] == ()
