"""Cue phrases: a small language for telling phrases of a mail apart, and the scan that finds them in a text.

Owns the phrase language of `rules/reading/<lang>.toml`, its compilation, and `find`. What cues mean is not known here.

A phrase is a row of words; case, punctuation inside a sentence, hyphens and line breaks do not count::

    we (would|want) to [really] meet ... team   alternatives, an optional part, a gap of up to six words
    reschedul*   *gespräch                      any word with that beginning, or that end
    # minutes                                   a number, also a clock time such as 9:30
    put * in touch                              any one word
    the <job>                                   a word group, defined once in the table `words`

A phrase never reaches over the end of a sentence or paragraph. Every phrase is compiled into a regular expression
without unbounded nesting and is tried only where a word begins like one of its first words, in a text that holds the
words it cannot do without, so the time a text costs grows with its length alone.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from functools import lru_cache
from string import digits
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set

MAX_TEXT = 16_384  # characters of one text that are looked at; the point of a mail stands in its first pages
_KEY = 3  # characters of a word that stand for it where a phrase holds a part of a word alone
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
# A full stop that ends no sentence: inside a word or number, after an initial or title, before a small letter or digit,
# behind the figure of a day ("9. Mai"): before its language is known, so those that write a stop there share the names.
MONTH_BEHIND_STOP = (
    r"(?:J[aä]n(?:uar|ner|\.)|Feb(?:ruar|er)?|März?|Apr(?:il)?|Mai|Ju[nl]i?|Aug(?:ust)?|Sep(?:t|tember)?|Okt(?:ober)?"
    r"|Nov(?:ember)?|Dez(?:ember)?)(?!\w)"
)
_INNER_STOP = re.compile(  # a plain dot in front, which is soon found
    r"\.(?:(?=\w)|(?<=\b[A-Z]\.)|(?<=\b[A-Z][a-zß-öø-ÿ]\.)|(?=[ \t]{1,3}[a-zß-öø-ÿ0-9])"
    rf"|(?<=\d\.)(?=[ \t]{{0,3}}{MONTH_BEHIND_STOP}))"
)
_PLAIN = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "\xa0": " ", "\u202f": " ", "\u2011": "-", "_": " "})

Needs = tuple[frozenset[str], ...]
_Step = tuple[frozenset[str], bool, str, str, Needs]


class PhraseError(ValueError):
    """A phrase in the lexicon that cannot be read; the text names it."""


@lru_cache(maxsize=8)  # the readers of kind, lengths and times ask for the same text
def normalise(text: str) -> str:
    """The text in lower case, with plain quotes and without web addresses; every character stays in its place."""
    text = text[:MAX_TEXT].translate(_PLAIN)
    if "://" in text or "www." in text:
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


class Hit(NamedTuple):
    """A cue met in a text: where (half-open character range), and in which sentence of it (counted from 0)."""

    cue: Cue
    start: int
    end: int
    sentence: int


class _Phrase(NamedTuple):
    """A compiled phrase: the words, beginnings* and *endings of words where it can start; what must match there.

    needs: the other words (see _keys_of) that a text must hold, one of each set.
    """

    keys: frozenset[str]
    pattern: str
    needs: Needs


class _Entry(NamedTuple):
    """A phrase of a cue, in the index."""

    pattern: str
    cue: Cue
    needs: Needs


class _Words(NamedTuple):
    """The words of a text: where each stands, in reading order; all of them; what phrases look them up by."""

    places: Sequence[tuple[int, str]]
    words: Set[str]
    keys: Set[str]


class CueBook:
    """Every cue of every language, indexed by how its phrases begin.

    A phrase is compiled when a text first calls for it: most of what is needed to start is needed by few texts.
    """

    def __init__(self, cues: Iterable[tuple[Cue, Mapping[str, str]]]) -> None:
        """From cues, each with the word groups of its lexicon. Raises PhraseError."""
        entries: dict[str, list[_Entry]] = {}
        for cue, words in cues:
            for phrase in cue.phrases:
                compiled = _Reader(phrase, words).read()
                for key in compiled.keys:
                    entries.setdefault(key, []).append(_Entry(compiled.pattern, cue, compiled.needs))
        self._entries = entries
        self._ending_lengths = sorted({len(key) - 1 for key in entries if key.startswith("*")})
        self._by_word: dict[str, tuple[_Entry, ...]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}

    def find(self, text: str, zone: str) -> tuple[Hit, ...]:
        """Every cue met in the normalised text, in reading order. The text is that of the zone (see Cue.zones)."""
        places, words, keys = _words_of(text)
        phrases = {word: self._possible(entries, keys, zone) for word in words if (entries := self._started_by(word))}
        found: list[tuple[Cue, int, int]] = []
        for start, word in places if phrases else ():
            for match, cue in phrases.get(word, ()):
                if (met := match(text, start)) is not None:
                    found.append((cue, start, met.end()))
        ends = [m.start() for m in _SENTENCE_END.finditer(text)] if found else []
        return tuple([Hit(cue, start, end, bisect.bisect_left(ends, start)) for cue, start, end in found])

    def _possible(
        self, entries: Iterable[_Entry], keys: Set[str], zone: str
    ) -> list[tuple[Callable[..., re.Match[str] | None], Cue]]:
        """Those of the phrases that a text with these keys may hold, ready to be tried."""
        possible = []
        for pattern, cue, needs in entries:
            for need in needs:
                if need.isdisjoint(keys):
                    break
            else:
                if zone in cue.zones:
                    possible.append((self._compiled(pattern).match, cue))
        return possible

    def _started_by(self, word: str) -> tuple[_Entry, ...]:
        """The phrases that can start with that word; remembered for the words that come again and again."""
        entries = self._by_word.get(word)
        if entries is None:
            entries = tuple([entry for key in self._keys(word) for entry in self._entries.get(key, ())])
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

    def _compiled(self, pattern: str) -> re.Pattern[str]:
        if pattern not in self._patterns:
            self._patterns[pattern] = re.compile(pattern)
        return self._patterns[pattern]


@lru_cache(maxsize=8)  # the readers of kind, lengths and times ask for the same text
def _words_of(text: str) -> _Words:
    places = [(word.start(), word[0]) for word in _WORD_START.finditer(text)]
    words = {word for _, word in places}
    return _Words(places, words, set[str]().union(*map(_keys_of, words)))


@lru_cache(maxsize=4096)  # texts share most of their words
def _keys_of(word: str) -> tuple[str, ...]:
    """What a word of a text is known by where phrases need it: whole, by its beginning and by its end."""
    return word, word[:_KEY] + "*", "*" + word[-_KEY:]


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
        keys, empty, first, _, needs = self._alternatives()
        if self._at != len(self._tokens):
            raise PhraseError(f"unbalanced brackets in the phrase {self._phrase!r}")
        if empty or not keys:
            raise PhraseError(f"the phrase {self._phrase!r} can be empty or begins with a gap")
        others = {need for need in needs if not need <= keys}  # its first word is met wherever it is tried
        return _Phrase(keys, first, tuple(sorted(others, key=_rarity, reverse=True)))

    # Each step returns: keys of its first words, whether it may be empty, its pattern as the beginning of a phrase, its
    # pattern behind other words (with the separator in front), and what it needs.

    def _alternatives(self) -> _Step:
        parts = [self._row()]
        while self._peek() == "|":
            self._at += 1
            parts.append(self._row())
        if len(parts) == 1:
            return parts[0]
        keys = frozenset[str]().union(*(p[0] for p in parts))
        ones = [max(p[4], key=_rarity) for p in parts if p[4]]  # one word of each alternative
        needs = (frozenset[str]().union(*ones),) if len(ones) == len(parts) else ()
        return keys, any(p[1] for p in parts), _any_of([p[2] for p in parts]), _any_of([p[3] for p in parts]), needs

    def _row(self) -> _Step:
        keys = frozenset[str]()
        empty, first, after = True, "", ""
        needs: Needs = ()
        beginnings: list[str] = []  # what an all-optional beginning may look like, longest first
        while self._peek() not in (None, ")", "]", "|"):
            part_keys, part_empty, part_first, part_after, part_needs = self._item()
            needs += part_needs
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
        return keys, empty, first, after, needs

    def _item(self) -> _Step:
        piece = self._tokens[self._at]
        self._at += 1
        if piece == "...":
            return frozenset(), True, "", rf"(?:{_SEPARATOR}{_WORD}){{0,{_GAP}}}?", ()
        if piece in "([":
            keys, empty, first, after, needs = self._alternatives()
            if self._peek() != (")" if piece == "(" else "]"):
                raise PhraseError(f"unbalanced brackets in the phrase {self._phrase!r}")
            self._at += 1
            return (keys, empty, first, after, needs) if piece == "(" else (keys, True, first, f"(?:{after})?", ())
        return _word(piece)

    def _peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None


def _any_of(patterns: list[str]) -> str:
    return patterns[0] if len(patterns) == 1 else f"(?:{'|'.join(patterns)})"


@lru_cache(maxsize=4096)  # the phrases of a lexicon share most of their words
def _word(piece: str) -> _Step:
    pattern, keys = _word_pattern(piece)
    return keys, False, pattern, _SEPARATOR + pattern, _needs(piece)


def _word_pattern(piece: str) -> tuple[str, frozenset[str]]:
    if piece == "#":
        return _NUMBER + _AFTER, frozenset(digits)
    if piece == "*":
        return _WORD, frozenset()
    stem = piece.strip("*")
    if piece.startswith("*"):
        return rf"\w{{0,40}}{re.escape(stem)}{_AFTER}", frozenset({"*" + stem})
    begin = _WORD_START.match(stem)
    if begin is None or (piece.endswith("*") and len(begin[0]) < _KEY):
        raise PhraseError(f"a word too short to look up: {piece!r}")
    if piece.endswith("*"):
        return re.escape(stem) + r"\w{0,40}" + _AFTER, frozenset({begin[0][:_KEY] + "*"})
    return re.escape(stem) + _AFTER, frozenset({begin[0][0] if begin[0][0] in digits else begin[0]})


def _needs(piece: str) -> tuple[frozenset[str], ...]:
    """The keys (see _keys_of) that a word of a phrase needs; none for any word, numbers and short parts of words."""
    parts = _WORD_START.findall(piece)
    if piece.startswith("*") and parts:
        parts[0] = "*" + parts[0][-_KEY:] if len(parts[0]) >= _KEY else ""
    if piece.endswith("*") and parts:
        parts[-1] = parts[-1][:_KEY] + "*" if len(parts[-1]) >= _KEY and not parts[-1].startswith("*") else ""
    return tuple([frozenset({part}) for part in parts if part])


def _rarity(need: frozenset[str]) -> int:
    """Long words are rare."""
    return min(map(len, need))


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
