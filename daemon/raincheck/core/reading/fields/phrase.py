"""Phrases, also with a blank: `for the <job> of {role}`, `{company} is looking for`, `you will be talking to`.

Owns this small language of the tables `[fields]` and its matching. A phrase is a row of words; case and the number of
blanks between words do not count::

    for (the|our) position [of|as] {role}    alternatives, optional words, and the blank that is to be filled
    the <job> as {role}                      a word group of the table `words`, alternatives separated by |
    reschedul*   *termin   our * office      any word with that beginning; with that end; any one word
    floor #   office \\( {place}             a number, also 4b; a bracket that stands in the text

What fits into a blank is not known here: the caller walks from the phrase's edge. A phrase stays within a line.

A lexicon holds a thousand phrases, a mail the words of a few: before it is read, phrases are narrowed to those whose
words occur in it at all (Index). Only these are ever compiled.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_BLANK = re.compile(r"\{(\w+)\}")
_TOKEN = re.compile(r"\\[()\[\]|]|<\w+>|[()\[\]|]|[^\s()\[\]|<>]+")
_GROUP = re.compile(r"<(\w+)>")
_PART = re.compile(r"\w+")
_ON = r"[\w'-]"  # how one word goes on, as a phrase counts them: "we'll"
_RUN = re.compile(rf"\w{_ON}*")
_CLASS = {"(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|"}
_ANY = {"*": rf"\b\w{_ON}{{0,40}}[ ]{{0,8}}", "#": r"\b\d{1,7}[a-z]?\b[ ]{0,8}"}
_WHOLE = 1 << 30  # beyond the end of any text
_FEW = 4  # phrases that are sooner tried than told apart by the word in their place
_ANY_WORD, _NUMBER = "**", "#"  # keys of all words, and of those that begin with a digit
_EDGE = 3  # letters of a word's beginning or end that are looked up
_SIGNS = frozenset("@&,/|(':")  # with which phrases begin

Needs = tuple[frozenset[str], ...]  # each of these sets must share a key with the mail
Beginning = TypeVar("Beginning", "Phrase", "Blank")


class PhraseError(ValueError):
    """A phrase of the lexicon that cannot be read; the text names it."""


def keys_of(texts: Iterable[str]) -> frozenset[str]:
    """What the words of texts are known by where phrases look for them (see _known_by)."""
    return frozenset().union(*map(_keys_in, texts))


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase without a blank. The methods are those of a compiled expression.

    source: the phrase as a regular expression; needs: the words without which it cannot match; starts: keys of the
    words that it can begin with, None where that can be any word; odd: more of them, of which the keys of a text do not
    tell (see _is_odd); led: how many words of any kind may stand before; _expression: once it is asked for.
    """

    source: str
    needs: Needs = ()
    starts: frozenset[str] | None = None
    led: int = 0
    odd: frozenset[str] = frozenset()
    _expression: re.Pattern[str] | None = field(default=None, init=False, compare=False, repr=False)

    @classmethod
    def of(cls, text: str, words: Mapping[str, str]) -> Phrase:
        """Raises PhraseError."""
        pieces = tuple(_pieces(text, words, 0))
        _check(text, pieces)
        led, rest = _led(pieces)
        source, needs, starts = "".join(map(_regex, pieces)), tuple(_Needs(pieces).sequence()), _Starts(rest).keys()
        odd = frozenset(filter(_is_odd, starts or ()))
        if starts is None or (led and odd):
            return cls(source, needs, None, led)
        return cls(source, needs, starts - odd, led, odd)

    def _compile(self) -> re.Pattern[str]:
        pattern = _compiled(self.source)
        object.__setattr__(self, "_expression", pattern)
        return pattern

    def search(self, text: str, start: int = 0, end: int = _WHOLE) -> re.Match[str] | None:
        """The first match that begins at `start` or later."""
        if self.starts is None:
            return (self._expression or self._compile()).search(text, start, end)
        if _keys_in(text).isdisjoint(self.starts) and not (self.odd and _holds_one(text, self.odd)):
            return None  # most phrases, in most texts
        begins = _begins(text, self.starts, self.odd, self.led)
        for at in begins[bisect.bisect_left(begins, start) :] if start else begins:
            if at >= end:
                break
            if (match := (self._expression or self._compile()).match(text, at, end)) is not None:
                return match
        return None

    def is_nowhere(self, text: str, start: int) -> bool:
        """True where the text does not even hold, from there on, a word that it can begin with."""
        if self.starts is None:
            return False
        begins = _begins(text, self.starts, self.odd, self.led)
        return not begins or begins[-1] < start

    def match(self, text: str, start: int = 0, end: int = _WHOLE) -> re.Match[str] | None:
        """The match that begins at `start`."""
        return (self._expression or self._compile()).match(text, start, end)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match that is the whole text."""
        return (self._expression or self._compile()).fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every match, none over another."""
        if self.starts is None:
            return (self._expression or self._compile()).finditer(text)
        found: list[re.Match[str]] = []
        if begins := _beginnings(text, self.starts, self.odd, self.led):
            pattern, end = self._expression or self._compile(), 0
            for at in begins:
                if at >= end and (match := pattern.match(text, at)) is not None:
                    found.append(match)
                    end = match.end()
        return iter(found)


@dataclass(slots=True)
class Phrases:
    """Phrases of one meaning. The methods are those of a compiled expression; the earliest match wins.

    _by_key: the phrases by the words that they can begin with, once that is asked.
    """

    phrases: tuple[Phrase, ...] = ()
    _by_key: Mapping[str, Sequence[Phrase]] | None = field(default=None, init=False, compare=False, repr=False)

    @classmethod
    def of(cls, texts: Iterable[str], words: Mapping[str, str]) -> Phrases:
        """Raises PhraseError."""
        return cls(tuple(Phrase.of(text, words) for text in texts))

    def search(self, text: str, start: int = 0, end: int = _WHOLE) -> re.Match[str] | None:
        """The earliest match of any phrase; of those that begin together the longest."""
        if len(self.phrases) < 2:
            return self.phrases[0].search(text, start, end) if self.phrases else None
        found = [m for phrase in self._within(text) if (m := phrase.search(text, start, end)) is not None]
        return min(found, key=lambda m: (m.start(), -m.end())) if found else None

    def match(self, text: str, start: int = 0, end: int = _WHOLE) -> re.Match[str] | None:
        """The longest match that begins at `start`."""
        if len(self.phrases) < 2:
            return self.phrases[0].match(text, start, end) if self.phrases else None
        phrases = self._beginning(text, start)
        found = [m for phrase in phrases if (m := phrase.match(text, start, end)) is not None]
        return max(found, key=lambda m: m.end()) if found else None

    def fullmatch(self, text: str) -> bool:
        """True when a phrase is the whole text."""
        for phrase in self._beginning(text, 0):  # noqa: SIM110 - asked of every word
            if phrase.fullmatch(text) is not None:
                return True
        return False

    def _beginning(self, text: str, start: int) -> Iterable[Phrase]:
        """The phrases that may begin there."""
        if len(self.phrases) <= _FEW:
            return self.phrases
        if (by_key := self._by_key) is None:
            by_key = self._by_key = _by_start(self.phrases)
        word = _PART.match(text, start)
        keys = _known_by(word[0]) if word else (_ANY_WORD,)
        if by_key.keys().isdisjoint(keys):
            return ()  # most
        return [phrase for key in keys if key in by_key for phrase in by_key[key]]

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every match of every phrase."""
        if len(self.phrases) < 2:
            return self.phrases[0].finditer(text) if self.phrases else iter(())
        return itertools.chain.from_iterable([phrase.finditer(text) for phrase in self._within(text)])

    def _within(self, text: str) -> Sequence[Phrase]:
        """The phrases that may begin somewhere in a text."""
        return beginning_in(text, self.phrases)


def beginning_in(text: str, phrases: Iterable[Beginning]) -> Sequence[Beginning]:
    """Those phrases, with a blank or without, that may begin somewhere in a text: of those of its mail, the fewer."""
    keys = _keys_in(text)
    return [
        one
        for one in phrases
        if one.starts is None or not keys.isdisjoint(one.starts) or (one.odd and _holds_one(text, one.odd))
    ]


def _by_start(phrases: Iterable[Phrase]) -> Mapping[str, Sequence[Phrase]]:
    """Phrases by the keys of the words that they can begin with."""
    found: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        for key in (_ANY_WORD,) if phrase.led or phrase.odd or phrase.starts is None else phrase.starts:
            found.setdefault(key, []).append(phrase)
    return found


@dataclass(frozen=True, slots=True)
class Blank:
    """A phrase around one blank: what stands before and after it. Either may be missing, not both.

    starts, odd: as those of the side that is looked for first.
    """

    before: Phrase | None
    after: Phrase | None
    weight: float
    starts: frozenset[str] | None
    odd: frozenset[str]

    @property
    def needs(self) -> Needs:
        """The words without which it cannot match."""
        return tuple(need for side in (self.before, self.after) if side is not None for need in side.needs)


class _Row(NamedTuple):
    """Where phrases (or blanks, when `bare`) stand in an entry: they are all of it, or a part of it that is listed,
    with names and weights before and after them."""

    entry: str
    bare: bool = False
    listed: bool = False
    before: tuple[Any, ...] = ()
    after: tuple[Any, ...] = ()


_NONE = Phrases()


class Index:
    """The entries of a lexicon by the rarest word that each of their phrases needs.

    So a text is asked for its words, and not for every phrase. An entry is Phrases, a row of blanks, or a tuple of
    tuples that hold Phrases beside names and weights; others are not looked at.
    """

    def __init__(self, entries: Mapping[str, Any]) -> None:
        self._rows: list[_Row] = []
        self._members: list[tuple[int, Phrase | Blank, Needs]] = []  # in the order of the lexicon: row, and more needs
        self._needing: dict[str, list[int]] = defaultdict(list)  # members by the keys of their first need
        self._needless: list[int] = []
        self._bare: dict[str, Any] = {}  # the entries without any phrase
        for name, entry in entries.items():
            if isinstance(entry, Phrases):
                self._enter(_Row(name), entry.phrases, _NONE)
            elif isinstance(entry, tuple) and entry and isinstance(entry[0], Blank):
                self._enter(_Row(name, bare=True), entry, ())
            elif isinstance(entry, tuple):
                for part in entry:
                    cells = part if isinstance(part, tuple) else ()
                    for at, cell in enumerate(cells):
                        if isinstance(cell, Phrases):
                            row = _Row(name, listed=True, before=cells[:at], after=cells[at + 1 :])
                            self._enter(row, cell.phrases, ())

    def narrowed(self, keys: frozenset[str]) -> dict[str, Any]:
        """Every entry with those phrases alone that may match in a text with these keys, in the same shape; without the
        parts of a list of which no phrase may."""
        met = set(self._needless).union(*map(self._needing.__getitem__, keys & self._needing.keys()))
        kept: dict[int, list[Phrase | Blank]] = {}
        for number in sorted(met):
            place, member, others = self._members[number]
            for need in others:
                if need.isdisjoint(keys):
                    break
            else:
                kept.setdefault(place, []).append(member)
        found = self._bare.copy()
        for place, members in kept.items():
            name, bare, listed, before, after = self._rows[place]
            phrases: Any = tuple(members) if bare else Phrases(tuple(members))  # type: ignore[arg-type]
            found[name] = (*found[name], (*before, phrases, *after)) if listed else phrases
        return found

    def _enter(self, row: _Row, members: Iterable[Phrase | Blank], none: Any) -> None:
        self._bare[row.entry] = none
        for member in members:
            needs = sorted(member.needs, key=lambda need: -min(map(len, need)))  # long words are rare
            for key in needs[0] if needs else ():
                self._needing[key].append(len(self._members))
            if not needs:
                self._needless.append(len(self._members))
            self._members.append((len(self._rows), member, tuple(needs[1:])))
        self._rows.append(row)


def blanks(phrases: Iterable[str], words: Mapping[str, str], weight: float) -> tuple[Blank, ...]:
    """Reads phrases that hold exactly one blank. Raises PhraseError."""
    return tuple(_blank(phrase, words, weight) for phrase in phrases)


def _blank(phrase: str, words: Mapping[str, str], weight: float) -> Blank:
    before, *rest = _BLANK.split(phrase)
    if len(rest) != 2 or not (before.strip() or rest[1].strip()):
        raise PhraseError(f"the phrase {phrase!r} needs one blank such as {{role}} and words beside it")
    sides = [Phrase.of(part, words) if part.strip() else None for part in (before, rest[1])]
    first = next(side for side in sides if side is not None)
    return Blank(sides[0], sides[1], weight, first.starts, first.odd)


@cache  # a lexicon lives as long as the process
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


@lru_cache(maxsize=256)
def _keys_in(text: str) -> frozenset[str]:
    """What the words of a text are known by, without their places: most phrases begin nowhere in a text."""
    return frozenset().union(*map(_known_by, _PART.findall(text)))


class _Places(dict[str, list[int]]):
    """Where the words of a text begin, by what they are known by; those of a part of a word, and signs, when they are
    asked for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        for match in _PART.finditer(text):
            self.setdefault(match[0].lower(), []).append(match.start())
        self._words = tuple(self.items())
        self._text = text
        self._runs: list[int] | None = None

    def __missing__(self, key: str) -> list[int]:
        part = key.strip("*")
        if key == _ANY_WORD:
            alike = [begun for _, begun in self._words]
        elif key == _NUMBER:
            alike = [begun for word, begun in self._words if "0" <= word[0] <= "9"]
        elif part in _SIGNS:
            places = [at for at, char in enumerate(self._text) if char == part]
            alike = [places if key == part else [self._word_ending(at) for at in places]]
        elif key.startswith("*") and key.endswith("*"):
            alike = [begun for word, begun in self._words if part in word]
        elif key.endswith("*"):
            alike = [begun for word, begun in self._words if word.startswith(part)]
        else:
            alike = [begun for word, begun in self._words if word.endswith(part)]
        found = self[key] = sorted(itertools.chain.from_iterable(alike))
        return found

    def before(self, at: int, led: int) -> Sequence[int]:
        """Where a word or a part of one begins that is at most so many words before the one around a place: "we'll" is
        one word of two parts."""
        if (runs := self._runs) is None:
            runs = self._runs = [match.start() for match in _RUN.finditer(self._text)]
        every = self[_ANY_WORD]
        first = runs[max(0, bisect.bisect_right(runs, at) - 1 - led)]
        return every[bisect.bisect_left(every, first) : bisect.bisect_right(every, at)]

    def _word_ending(self, at: int) -> int:
        """Where the word begins that ends at a place; the place itself where none does."""
        while at and (self._text[at - 1].isalnum() or self._text[at - 1] == "_"):
            at -= 1
        return at


_laid_out = lru_cache(maxsize=64)(_Places)  # few texts are, and a list for each word takes room


@lru_cache(maxsize=4096)  # texts share most of their words
def _known_by(word: str) -> tuple[str, ...]:
    """What a word is known by where phrases look for it: whole, by its beginning ("res*") and by its end ("*min"), as
    any word, and as a number."""
    word = word.lower()
    keys = (word, word[:_EDGE] + "*", "*" + word[-_EDGE:], _ANY_WORD)
    return (*keys, _NUMBER) if "0" <= word[0] <= "9" else keys


def _is_odd(key: str) -> bool:
    """True for a key under which no word is known, since few phrases begin so: a sign, also behind a word ("*:"), the
    middle of a word ("*call*"), a short beginning or end ("*am")."""
    middle = key.startswith("*") and key.endswith("*")
    return key in _SIGNS or middle or ("*" in key and len(key) <= _EDGE)


def _holds_one(text: str, odd: Iterable[str]) -> bool:
    """True for a text with the letters, or the sign, of one of these keys."""
    lower = text.lower()
    for key in odd:  # noqa: SIM110 - asked of every name
        if key.strip("*") in lower:
            return True
    return False


def _beginnings(text: str, starts: frozenset[str], odd: frozenset[str], led: int) -> Sequence[int]:
    """Where a phrase can begin that starts with one of these words: far fewer places than the text has letters."""
    keys = starts & _keys_in(text) | odd
    if not keys:
        return ()
    places = _laid_out(text)
    if len(keys) == 1 and not led:
        return places[next(iter(keys))]  # most
    begun = [places[key] for key in keys]
    if led:
        begun = [[at for found in begun for first in found for at in places.before(first, led)]]
    return sorted(set().union(*begun))


_begins = lru_cache(maxsize=1024)(_beginnings)  # long texts are searched for the same, from place to place


def _pieces(phrase: str, words: Mapping[str, str], depth: int) -> Iterator[str]:
    """The phrase's pieces, with word groups written out."""
    for match in _TOKEN.finditer(phrase):
        group = _GROUP.fullmatch(match[0])
        if group is None:
            yield match[0]
        elif group[1] not in words or depth > 3:
            raise PhraseError(f"the phrase {phrase!r} uses an unknown word group <{group[1]}>")
        else:
            yield "("
            yield from _pieces(words[group[1]], words, depth + 1)
            yield ")"


def _check(phrase: str, pieces: tuple[str, ...]) -> None:
    """Refuses brackets that do not close and phrases that fit everywhere."""
    opened: list[str] = []
    for piece in pieces:
        if piece in "([":
            opened.append({"(": ")", "[": "]"}[piece])
        elif piece in ")]" and (not opened or opened.pop() != piece):
            raise PhraseError(f"unbalanced brackets in the phrase {phrase!r}")
        elif piece == "|" and not opened and "<" not in phrase:
            raise PhraseError(f"alternatives need brackets around them in the phrase {phrase!r}")
    if opened:
        raise PhraseError(f"unbalanced brackets in the phrase {phrase!r}")
    if not pieces or _is_empty(pieces):
        raise PhraseError(f"the phrase {phrase!r} fits everywhere")


def _is_empty(pieces: tuple[str, ...]) -> bool:
    """True when all words are optional."""
    depth = 0
    for piece in pieces:
        depth += (piece == "[") - (piece == "]")
        if depth == 0 and piece not in "()[]|":
            return False
    return True


def _regex(piece: str) -> str:
    if piece in _CLASS:
        return _CLASS[piece]
    if piece in _ANY:
        return _ANY[piece]
    if piece == ":":
        return r"[ ]{0,24}[:\t][ \t]{0,8}"  # a cell of a table ends like a label, a column of labels in blanks
    if piece.startswith("\\"):
        return re.escape(piece[1:]) + "[ ]{0,8}"
    body = re.escape(piece.strip("*"))
    start = r"(?<!\w)\w{0,40}" if piece.startswith("*") else r"\b" if piece[0].isalnum() else ""
    end = r"\w{0,40}" if piece.endswith("*") else r"\b" if piece[-1].isalnum() else ""
    return f"{start}{body}{end}[ ]{{0,8}}"


@dataclass(slots=True)
class _Needs:
    """Which words a row of pieces cannot do without."""

    pieces: tuple[str, ...]
    at: int = field(default=0)

    def sequence(self) -> list[frozenset[str]]:
        """The needs of all alternatives up to the closing bracket: of several, one set with a need of each."""
        rows = [self._row()]
        while self.at < len(self.pieces) and self.pieces[self.at] == "|":
            self.at += 1
            rows.append(self._row())
        if len(rows) == 1:
            return rows[0]
        if any(not row for row in rows):
            return []
        return [frozenset[str]().union(*(row[0] for row in rows))]

    def _row(self) -> list[frozenset[str]]:
        found: list[frozenset[str]] = []
        while self.at < len(self.pieces) and self.pieces[self.at] not in (")", "]", "|"):
            piece = self.pieces[self.at]
            self.at += 1
            if piece in ("(", "["):
                inner = self.sequence()
                self.at += 1
                found += inner if piece == "(" else []
            else:
                found += _keys(piece)
        return found


def _keys(piece: str) -> list[frozenset[str]]:
    """The keys that a word of a phrase needs; none for any word, numbers and short beginnings."""
    body = piece.strip("*").lower()
    parts = _PART.findall(body)
    if piece in _ANY or piece.startswith("\\") or not parts:
        return []
    if piece.startswith("*") and piece.endswith("*"):
        return []
    if piece.endswith("*"):
        last = parts.pop()
        edges = [frozenset({last[:_EDGE] + "*"})] if len(last) >= _EDGE else []
    elif piece.startswith("*"):
        first = parts.pop(0)
        edges = [frozenset({"*" + first[-_EDGE:]})] if len(first) >= _EDGE else []
    else:
        edges = []
    return [frozenset({part}) for part in parts] + edges


@dataclass(slots=True)
class _Starts:
    """Which words or signs a row of pieces can begin with."""

    pieces: tuple[str, ...]
    at: int = field(default=0)

    def keys(self) -> frozenset[str] | None:
        """Keys of the words (see _known_by, _is_odd); None when any word may begin it, or none needs to."""
        found, empty = self._alternatives()
        return None if empty or "" in found else found

    def _alternatives(self) -> tuple[frozenset[str], bool]:
        """The keys of all alternatives up to the closing bracket, "" for any word; whether one of them can be empty."""
        rows = [self._row()]
        while self.at < len(self.pieces) and self.pieces[self.at] == "|":
            self.at += 1
            rows.append(self._row())
        return frozenset[str]().union(*(row[0] for row in rows)), any(row[1] for row in rows)

    def _row(self) -> tuple[frozenset[str], bool]:
        found, open_ = frozenset[str](), True
        while self.at < len(self.pieces) and self.pieces[self.at] not in (")", "]", "|"):
            piece = self.pieces[self.at]
            self.at += 1
            if piece in ("(", "["):
                keys, empty = self._alternatives()
                self.at += 1
                empty = empty or piece == "["
            else:
                keys, empty = _start(piece), False
            found, open_ = (found | keys, empty) if open_ else (found, False)
        return found, open_


def _led(pieces: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """How many words of any kind lead a row, each of them there or optional; and the rest of the row."""
    led = 0
    while pieces and (pieces[0] == "*" or pieces[:3] == ("[", "*", "]")):
        led, pieces = led + 1, pieces[1 if pieces[0] == "*" else 3 :]
    return led, pieces


def _start(piece: str) -> frozenset[str]:
    """The keys of the words and signs with which a piece begins; "" for any."""
    if piece == "#":
        return frozenset({_NUMBER})
    body = piece.strip("*").lower().removeprefix("\\")
    parts = _PART.findall(body)
    if piece in _ANY or piece == ":" or not (body[0] in _SIGNS or (parts and body.startswith(parts[0]))):
        return frozenset({""})
    if body[0] in _SIGNS:
        return frozenset({"*" + body[0] if piece.startswith("*") else body[0]})  # "*:30", "'ll"
    if piece.startswith("*") and piece.endswith("*"):
        return frozenset({piece.lower() if len(parts) == 1 else ""})
    if piece.startswith("*"):
        return frozenset({"*" + parts[0][-_EDGE:]})
    if piece.endswith("*") and len(parts) == 1:
        return frozenset({parts[0][:_EDGE] + "*"})
    return frozenset({str(parts[0])})
