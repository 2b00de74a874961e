"""Cue phrases: a small language for telling phrases of a mail apart, and the scan that finds them in a text.

Owns the phrase language of `rules/reading/<lang>.toml`, its compilation, and `find`. What cues mean is not known here.

A phrase is a row of words; case, punctuation inside a sentence, hyphens and line breaks do not count::

    we (would|want) to [really] meet ... team   alternatives, an optional part, a gap of up to six words
    reschedul*   *gespräch                      any word with that beginning, or that end
    # minutes                                   a number, also a clock time such as 9:30
    put * in touch                              any one word
    the <job>                                   a word group, defined once in the table `words`

A phrase never reaches over the end of a sentence or paragraph. Every phrase is compiled into a regular expression
without unbounded nesting and is tried only where a word begins like one of its first words, so the time a text costs
grows with its length alone.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from string import digits
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MAX_TEXT = 16_384  # characters of one text that are looked at; the point of a mail stands in its first pages
_KEY = 3  # characters of a word that choose the phrases to try which begin with a part of a word
_END = "\x1e"  # stands for the end of a paragraph
_GAP = 6
_REMEMBERED = 20_000  # words whose phrases are remembered
_LONGEST = 30  # characters of such a word

_SEPARATOR = rf"[^\w.!?;{_END}]{{1,6}}"
_WORD = r"\w+(?:'\w+)?"
_NUMBER = r"\d{1,4}(?:[.:,]\d{1,3})?"
_AFTER = r"(?!\w|'\w)"  # the end of a word

_TOKEN = re.compile(r"\.\.\.|[()\[\]|]|<\w+>|#|\*?[\w']+\*?|\*")
_BETWEEN = re.compile(r"[\s-]*")  # what may stand between tokens
_WORD_START = re.compile(r"\w+")
_SENTENCE_END = re.compile(rf"[.!?;{_END}]")
_URL = re.compile(r"(?:https?://|www\.)\S{1,2000}")
_PARAGRAPH = re.compile(r"\n(?=[ \t]{0,20}\n)")
# A full stop that ends no sentence: inside a word or number, after an initial or title, before a small letter or digit.
_INNER_STOP = re.compile(r"\.(?=\w)|(?<=\b[A-Z])\.|(?<=\b[A-Z]\w)\.|\.(?=[ \t]{1,3}[a-zß-öø-ÿ0-9])")
_PLAIN = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "\xa0": " ", "\u202f": " ", "\u2011": "-", "_": " "})


class PhraseError(ValueError):
    """A phrase in the lexicon that cannot be read; the text names it."""


def normalise(text: str) -> str:
    """The text in lower case, with plain quotes and without web addresses; every character stays in its place."""
    text = text[:MAX_TEXT].translate(_PLAIN)
    text = _URL.sub(lambda m: " " * len(m[0]), text)
    text = _INNER_STOP.sub(",", text)
    text = _PARAGRAPH.sub(_END, text)
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)


@dataclass(frozen=True, slots=True, eq=False)
class Cue:
    """A family of phrases with one meaning: it counts once however often it is met.

    sign: what it speaks for; weight: how strongly; zones: parts of the mail where it counts; language: its lexicon.
    """

    sign: str
    weight: float
    zones: frozenset[str]
    language: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue met in a text: where (half-open character range), and in which sentence of it (counted from 0)."""

    cue: Cue
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A compiled phrase: the words, beginnings* and *endings of words where it can start; what must match there."""

    keys: frozenset[str]
    pattern: str


class CueBook:
    """Every cue of every language, indexed by how its phrases begin.

    A phrase is compiled when a text first calls for it: most of what is needed to start is needed by few texts.
    """

    def __init__(self, cues: Iterable[tuple[Cue, Mapping[str, str]]]) -> None:
        """From cues, each with the word groups of its lexicon. Raises PhraseError."""
        sources: dict[str, list[tuple[str, Cue]]] = {}
        for cue, words in cues:
            for phrase in cue.phrases:
                compiled = _Reader(phrase, words).read()
                for key in compiled.keys:
                    sources.setdefault(key, []).append((compiled.pattern, cue))
        self._sources = sources
        self._ending_lengths = sorted({len(key) - 1 for key in sources if key.startswith("*")})
        self._ready: dict[str, tuple[tuple[re.Pattern[str], Cue], ...]] = {}
        self._by_word: dict[str, tuple[tuple[re.Pattern[str], Cue], ...]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}

    def find(self, text: str, zone: str) -> tuple[Hit, ...]:
        """Every cue met in the normalised text, in reading order. The text is that of the zone (see Cue.zones)."""
        ends = [m.start() for m in _SENTENCE_END.finditer(text)]
        return tuple(
            Hit(cue, start, match.end(), bisect.bisect_left(ends, start))
            for start, pattern, cue in self._candidates(text)
            if zone in cue.zones and (match := pattern.match(text, start)) is not None
        )

    def _candidates(self, text: str) -> Iterator[tuple[int, re.Pattern[str], Cue]]:
        for word in _WORD_START.finditer(text):
            for pattern, cue in self._started_by(word[0]):
                yield word.start(), pattern, cue

    def _started_by(self, word: str) -> tuple[tuple[re.Pattern[str], Cue], ...]:
        """The phrases that can start with that word; remembered for the words that come again and again."""
        entries = self._by_word.get(word)
        if entries is None:
            entries = tuple(entry for key in self._keys(word) for entry in self._beginning_with(key))
            if len(self._by_word) < _REMEMBERED and len(word) <= _LONGEST:
                self._by_word[word] = entries
        return entries

    def _keys(self, word: str) -> Iterator[str]:
        """What phrases that can start with that word are looked up by."""
        if word[0] in digits:
            yield word[0]
            return
        yield word
        yield word[:_KEY] + "*"
        for length in self._ending_lengths:
            if length > len(word):
                return
            yield "*" + word[-length:]

    def _beginning_with(self, key: str) -> tuple[tuple[re.Pattern[str], Cue], ...]:
        entries = self._ready.get(key)
        if entries is None:
            if key not in self._sources:
                return ()
            entries = tuple((self._compiled(pattern), cue) for pattern, cue in self._sources[key])
            self._ready[key] = entries
        return entries

    def _compiled(self, pattern: str) -> re.Pattern[str]:
        if pattern not in self._patterns:
            self._patterns[pattern] = re.compile(pattern)
        return self._patterns[pattern]


def any_of(phrases: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern that finds any of the phrases in a normalised text; None for no phrase. Raises PhraseError."""
    patterns = [_Reader(phrase, {}).read().pattern for phrase in phrases]
    return re.compile(rf"(?<!\w){_any_of(patterns)}") if patterns else None


class _Reader:
    """A recursive-descent reader of one phrase."""

    def __init__(self, phrase: str, words: Mapping[str, str]) -> None:
        self._phrase = phrase
        self._tokens = _tokens(phrase, words)
        self._at = 0

    def read(self) -> _Phrase:
        keys, empty, first, _ = self._alternatives()
        if self._at != len(self._tokens):
            raise PhraseError(f"unbalanced brackets in the phrase {self._phrase!r}")
        if empty or not keys:
            raise PhraseError(f"the phrase {self._phrase!r} can be empty or begins with a gap")
        return _Phrase(frozenset(keys), first)

    # Each step returns: keys of its first words, whether it may be empty, its pattern as the beginning of a phrase, and
    # its pattern behind other words (with the separator in front).

    def _alternatives(self) -> tuple[set[str], bool, str, str]:
        parts = [self._row()]
        while self._peek() == "|":
            self._at += 1
            parts.append(self._row())
        keys = set().union(*(p[0] for p in parts))
        return keys, any(p[1] for p in parts), _any_of([p[2] for p in parts]), _any_of([p[3] for p in parts])

    def _row(self) -> tuple[set[str], bool, str, str]:
        keys: set[str] = set()
        empty, first, after = True, "", ""
        beginnings: list[str] = []  # what an all-optional beginning may look like, longest first
        while self._peek() not in (None, ")", "]", "|"):
            part_keys, part_empty, part_first, part_after = self._item()
            if empty:
                keys |= part_keys
                beginnings = [b + part_after for b in beginnings] + ([part_first] if part_first else [])
                first = _any_of(beginnings)
            else:
                first += part_after
            after += part_after
            empty = empty and part_empty
            if empty and not part_keys:
                raise PhraseError(f"a gap at the beginning of {self._phrase!r}")
        return keys, empty, first, after

    def _item(self) -> tuple[set[str], bool, str, str]:
        piece = self._tokens[self._at]
        self._at += 1
        if piece == "...":
            return set(), True, "", rf"(?:{_SEPARATOR}{_WORD}){{0,{_GAP}}}?"
        if piece in "([":
            keys, empty, first, after = self._alternatives()
            if self._peek() != (")" if piece == "(" else "]"):
                raise PhraseError(f"unbalanced brackets in the phrase {self._phrase!r}")
            self._at += 1
            return (keys, empty, first, after) if piece == "(" else (keys, True, first, f"(?:{after})?")
        pattern, word_keys = _word(piece)
        return word_keys, False, pattern, _SEPARATOR + pattern

    def _peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None


def _any_of(patterns: list[str]) -> str:
    return patterns[0] if len(patterns) == 1 else f"(?:{'|'.join(patterns)})"


def _word(piece: str) -> tuple[str, set[str]]:
    if piece == "#":
        return _NUMBER + _AFTER, set(digits)
    if piece == "*":
        return _WORD, set()
    stem = piece.strip("*")
    if piece.startswith("*"):
        return rf"\w{{0,40}}{re.escape(stem)}{_AFTER}", {"*" + stem}
    begin = _WORD_START.match(stem)
    if begin is None or (piece.endswith("*") and len(begin[0]) < _KEY):
        raise PhraseError(f"a word too short to look up: {piece!r}")
    if piece.endswith("*"):
        return re.escape(stem) + r"\w{0,40}" + _AFTER, {begin[0][:_KEY] + "*"}
    return re.escape(stem) + _AFTER, {begin[0][0] if begin[0][0] in digits else begin[0]}


def _tokens(phrase: str, words: Mapping[str, str], depth: int = 0) -> list[str]:
    if depth > 4:
        raise PhraseError(f"word groups that name each other, in {phrase!r}")
    if not _BETWEEN.fullmatch(_TOKEN.sub("", phrase)):
        raise PhraseError(f"the phrase {phrase!r} holds a sign that means nothing in a phrase")
    tokens: list[str] = []
    for piece in _TOKEN.findall(phrase.lower()):
        if not piece.startswith("<"):
            tokens.append(piece)
        elif piece[1:-1] in words:
            tokens += ["(", *_tokens(words[piece[1:-1]], words, depth + 1), ")"]
        else:
            raise PhraseError(f"the phrase {phrase!r} uses the unknown word group {piece}")
    return tokens
