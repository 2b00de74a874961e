"""The machine finds what a regular expression for each phrase finds at each word."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.core.reading.phrasemachine import Met, PhraseError, PhraseMachine

SEPARATOR = r"[^\w.!?;\x1e]{1,6}"
WORD = r"(?>\w+(?:'\w+)*)"
AFTER = r"(?!\w|'\w)"

Wording = tuple[str, str]  # a phrase, or a part of one; a regular expression with a separator in front of each word


def plain(word: str) -> Wording:
    return word, SEPARATOR + word + AFTER


def row(parts: list[Wording]) -> Wording:
    return " ".join(phrase for phrase, _ in parts), "".join(pattern for _, pattern in parts)


def choice(parts: list[Wording]) -> Wording:
    return f"({'|'.join(phrase for phrase, _ in parts)})", f"(?:{'|'.join(pattern for _, pattern in parts)})"


def optional(part: Wording) -> Wording:
    return f"[{part[0]}]", f"(?:{part[1]})?"


def led(rows: st.SearchStrategy[Wording]) -> st.SearchStrategy[Wording]:
    """Rows with a word in front."""
    return st.tuples(st.sampled_from(FIRST), rows).map(lambda both: row(list(both)))


FIRST: list[Wording] = [
    *map(plain, ("ab", "abc", "cd", "it's", "12")),
    ("abc*", rf"{SEPARATOR}abc\w{{0,40}}{AFTER}"),
    ("*cd", rf"{SEPARATOR}\w{{0,40}}cd{AFTER}"),
    ("#", rf"{SEPARATOR}\d{{1,4}}(?:[:,]\d{{1,3}})?{AFTER}"),
]
FIRST += [choice(FIRST[:2]), row([optional(FIRST[5]), FIRST[1]]), row([optional(FIRST[2]), FIRST[5]])]
WORDS = st.sampled_from([*FIRST, ("*", SEPARATOR + WORD), ("...", rf"(?:{SEPARATOR}{WORD}){{0,6}}?")])
ROWS = st.recursive(
    st.lists(WORDS, min_size=1, max_size=4).map(row),
    # No part in brackets can be empty: expressions differ in what they make of an empty one that is left out.
    lambda rows: st.one_of(
        st.lists(led(rows), min_size=2, max_size=3).map(choice),
        led(rows).map(optional),
        st.lists(rows, min_size=1, max_size=3).map(row),
    ),
    max_leaves=6,
)
TEXTS = st.lists(
    st.tuples(
        st.sampled_from(["ab", "abc", "abcd", "cd", "xcd", "abcd's", "it's", "12", "5", "30", "12345", "x"]),
        st.sampled_from([" ", " ", ", ", "-", ":", ",", "' ", ". ", "\x1e", " " * 7]),
    ),
    max_size=12,
).map(lambda pairs: "".join(word + between for word, between in pairs))


PHRASES = st.lists(led(ROWS), min_size=1, max_size=4)


@given(PHRASES, TEXTS)
def test_it_finds_what_regular_expressions_find(rows: list[Wording], text: str) -> None:
    machine = PhraseMachine((phrase, {}) for phrase, _ in rows)
    patterns = [re.compile(pattern) for _, pattern in rows]
    framed = " " + text
    expected = [
        Met(word.start(), match.end() - 1, number)
        for word in re.finditer(WORD, text)
        for number, pattern in enumerate(patterns)
        if (match := pattern.match(framed[: word.start()] + " " + framed[word.start() + 1 :], word.start()))
    ]
    assert machine.find(text) == expected
    assert machine.find(text) == expected  # by what it remembers


@pytest.mark.parametrize("phrase", ["* ab", "(ab|*) cd", "... ab", "[ab]"])
def test_phrases_that_may_begin_with_any_word_are_refused(phrase: str) -> None:
    with pytest.raises(PhraseError, match=re.escape(repr(phrase))):
        PhraseMachine([(phrase, {})])
