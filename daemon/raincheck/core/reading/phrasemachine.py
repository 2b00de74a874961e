"""The language of cue phrases, and the machine that finds thousands of them in one pass over the words of a text.

A phrase is a row of words; case, punctuation inside a sentence, hyphens and line breaks do not count::

    we (would|want) to [really] meet ... team   alternatives, an optional part, a gap of up to six words
    reschedul*   *gespräch                      any word with that beginning, or that end
    # minutes                                   a number, also a clock time such as 9:30
    put * in touch                              any one word
    the <job>                                   a word group, defined once in the table `words`

A phrase never reaches over the end of a sentence or paragraph. Of the ways in which it can be met from one word on, the
first alternative, the optional part and the shorter gap come first.

The phrases are steps of one nondeterministic machine (Thompson, "Regular Expression Search Algorithm", 1968), in that
order of preference; what it can be doing behind a row of words is a state, made when a text first leads there. So a
text costs a look-up or two for each of its words, however many phrases there are, and time grows with its length alone.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from enum import Enum, IntEnum, auto
from functools import cache, lru_cache
from string import digits
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

END_OF_PARAGRAPH = "\x1e"

_GAP = 6  # words at most
_KEY = 3  # letters by which the beginning of a word is looked up
_ELIDED = 4  # letters of a word that is known without its apostrophe
_AFFIX = 40  # letters at most beside the given end or beginning of a word
_NUMBER, _DECIMALS = 4, 3  # figures at most before and behind the point of a number
_REMEMBERED = 20_000  # words that are remembered: texts hold new ones without end
_WAYS = 60_000  # from state to state that are remembered before all are forgotten
_STATES = 20_000  # that are remembered for longer
_DEPTH = 4  # of word groups inside one another

_TOKEN = re.compile(r"\.\.\.|[()\[\]|]|<\w+>|#|\*?[\w']+\*?|\*")
_BETWEEN = re.compile(r"[\s-]*")  # what may stand between tokens
_WORD_START = re.compile(r"\w+")
_WORD = re.compile(rf"(\w+(?:'\w+)*)(?:([^\w.!?;{END_OF_PARAGRAPH}]{{1,6}})(?=\w))?")  # and what parts it from the next
_POINT = ":"  # stands in front of figures that may belong to the number before them


class PhraseError(ValueError):
    """A phrase in the lexicon that cannot be read; the text names it."""


class Met(NamedTuple):
    """A phrase met in a text: where (half-open character range), and which, by its number."""

    start: int
    end: int
    phrase: int


class _Plain(IntEnum):
    """What a step of the machine takes that names no word, or does instead; numbers below those of named words."""

    FORK = 0
    DONE = 1
    ANY = 2
    NUMBER = 3
    DECIMALS = 4


class _Part(Enum):
    """What of a word a step names."""

    WHOLE = auto()
    BEGINNING = auto()
    ENDING = auto()


_Named = tuple[_Part, str]  # the word, or part of one, that a step takes
_Class = frozenset[int]  # of words: the numbers of what they are and have, and so of the steps that take them
_NOTHING: _Class = frozenset()


class _State:
    """What the machine can be doing: the steps that it may take, best first, and the phrases that have just ended.

    known: the states behind it by the class of the next word, as far as texts have led there; ways: the same by what of
    the class a step takes, which very many words have in common.
    """

    __slots__ = ("done", "known", "steps", "takes", "ways")

    def __init__(self, steps: tuple[int, ...], done: tuple[int, ...], takes: _Class) -> None:
        self.steps = steps
        self.done = done
        self.takes = takes
        self.known: dict[_Class, _State | None] = {}
        self.ways: dict[_Class, _State | None] = {_NOTHING: None}


class PhraseMachine:
    """Many phrases, known by their numbers in the order in which they are given."""

    def __init__(self, phrases: Iterable[tuple[str, Mapping[str, str]]]) -> None:
        """From phrases, each with the word groups that it may name. Raises PhraseError."""
        self._named: dict[_Named, int] = {}
        # The steps, in columns, since there are very many: what each takes (forks and ends of phrases take nothing),
        # its phrase, the step behind it, and the second choice of a fork.
        self._takes = array("I")  # _Plain, or a number of what is named
        self._phrase = array("I")
        self._then = array("I")
        self._other = array("I")
        self._first: list[int] = []  # the steps that begin phrases, best first
        for number, (phrase, groups) in enumerate(phrases):
            self._first += self._first_steps(number, phrase, groups)
        self._starting: dict[int, list[int]] = defaultdict(list)  # places among them, by what they take
        for place, step in enumerate(self._first):
            self._starting[self._takes[step]].append(place)
        self._classes = _Classes(self._named)
        self._begins: dict[_Class, _State | None] = {}
        self._states: dict[tuple[tuple[int, ...], tuple[int, ...]], _State] = {}
        self._ways = 0  # from state to state that are remembered
        self._after: dict[int, tuple[tuple[int, ...], bool]] = {}

    def find(self, text: str) -> list[Met]:
        """Every phrase met in the normalised text, by where it begins, then by its number."""
        words, starts, ends, following = _words_of(text)
        heads = list(map(self._classes.__getitem__, words))
        ahead = list(map(self._classes.__getitem__, following))
        found: list[Met] = []
        begins = self._begins
        for at, head in enumerate(heads):
            assert head is not None
            state = begins[head] if head in begins else self._begin(head)
            if state is None:
                continue
            met: dict[int, int] = {}
            here = at
            while state is not None:
                for phrase in state.done:
                    met[phrase] = ends[here]
                here += 1
                next_ = ahead[here]
                if next_ is None:
                    break
                known = state.known
                state = known[next_] if next_ in known else self._go(state, next_)
            if met:
                found += [Met(starts[at], end, phrase) for phrase, end in sorted(met.items())]
        return found

    # --- building -----------------------------------------------------------------------------------------------

    def _first_steps(self, number: int, phrase: str, groups: Mapping[str, str]) -> tuple[int, ...]:
        """Adds the steps of a phrase."""
        steps = tuple(self._reached(self._row(_parsed(phrase, groups), self._step(_Plain.DONE, number))))
        if any(self._takes[step] in (_Plain.DONE, _Plain.ANY) for step in steps):
            raise PhraseError(f"the phrase {phrase!r} can be empty or begins with a gap")
        return steps

    def _step(self, takes: int, phrase: int, then: int = 0, other: int = 0) -> int:
        self._takes.append(takes)
        self._phrase.append(phrase)
        self._then.append(then)
        self._other.append(other)
        return len(self._takes) - 1

    def _row(self, row: _Row, then: int) -> int:
        """The first of the steps for a row of items, before the step `then`."""
        phrase = self._phrase[then]
        for item in reversed(row):
            if isinstance(item, _Choice):
                entries = [self._row(one, then) for one in item.rows] + ([then] if item.optional else [])
                first = entries.pop()
                while entries:
                    first = self._step(_Plain.FORK, phrase, entries.pop(), first)
                then = first
            elif item == "...":
                first = then
                for _ in range(_GAP):
                    longer = self._step(_Plain.ANY, phrase, first)
                    first = self._step(_Plain.FORK, phrase, then, longer)
                then = first
            elif item == "#":
                decimals = self._step(_Plain.DECIMALS, phrase, then)
                then = self._step(_Plain.NUMBER, phrase, self._step(_Plain.FORK, phrase, decimals, then))
            elif item == "*":
                then = self._step(_Plain.ANY, phrase, then)
            else:
                number = self._named.setdefault(_named(item), len(_Plain) + len(self._named))
                then = self._step(number, phrase, then)
        return then

    # --- running ------------------------------------------------------------------------------------------------

    def _reached(self, start: int) -> Iterator[int]:
        """The steps that take a word or end a phrase and can be next, best first."""
        waiting, seen = [start], {start}
        while waiting:
            at = waiting.pop()
            if self._takes[at] == _Plain.FORK:
                for choice in (self._other[at], self._then[at]):
                    if choice not in seen:
                        seen.add(choice)
                        waiting.append(choice)
            else:
                yield at

    def _begin(self, word: _Class) -> _State | None:
        """The state behind a first word of that class."""
        places = sorted(place for taken in word for place in self._starting.get(taken, ()))
        state = self._begins[word] = self._behind([self._first[place] for place in places])
        return state

    def _go(self, state: _State, word: _Class) -> _State | None:
        """The state behind a word of that class."""
        if self._ways >= _WAYS:
            self._forget()
        self._ways += 1
        taken = word & state.takes
        if taken not in state.ways:
            takes = self._takes
            state.ways[taken] = self._behind([step for step in state.steps if takes[step] in taken])
        next_ = state.known[word] = state.ways[taken]
        return next_

    def _forget(self) -> None:
        """Forgets ways, and where texts have led to very many states those, too. What replaces them is new: another
        thread may look into the old."""
        self._ways = 0
        if len(self._states) >= _STATES:
            self._states, self._begins = {}, {}
        for state in list(self._states.values()):
            state.known = {}

    def _behind(self, steps: Sequence[int]) -> _State | None:
        """The state behind these steps; None where no phrase goes on or ends."""
        if not steps:
            return None
        ahead: dict[int, None] = {}
        done: dict[int, None] = {}
        for step in steps:
            phrase = self._phrase[step]
            if phrase not in done:  # else a better way has ended it
                found, ends = self._after.get(step) or self._look_after(step)
                ahead.update(dict.fromkeys(found))
                if ends:
                    done[phrase] = None
        key = tuple(ahead), tuple(done)
        state = self._states.get(key)
        if state is None:
            state = self._states[key] = _State(*key, frozenset(map(self._takes.__getitem__, ahead)))
        return state

    def _look_after(self, step: int) -> tuple[tuple[int, ...], bool]:
        """The steps that can be next behind one, best first, up to one that ends the phrase; whether there is one."""
        found: list[int] = []
        ends = False
        for next_ in self._reached(self._then[step]):
            ends = self._takes[next_] == _Plain.DONE
            if ends:
                break
            found.append(next_)
        after = self._after[step] = tuple(found), ends
        return after


class _Classes(dict[str | None, _Class | None]):
    """The class of each word of a text as it stands in _Words.following; None for the end of a sentence."""

    def __init__(self, named: Mapping[_Named, int]) -> None:
        super().__init__({None: None})
        self._affixes: dict[str, list[tuple[_Part, str, int]]] = defaultdict(list)
        for (part, given), number in named.items():
            self._affixes[_key(part, given)].append((part, given, number))
        self._elided = {given.replace("'", ""): given for part, given in named if _is_elided(part, given)}
        self._lengths = sorted({len(key) - 1 for key in self._affixes if key.startswith("*")})
        self._alike: dict[_Class, _Class] = {}  # one object for each class: they are compared often

    def __missing__(self, word: str) -> _Class:
        taken = frozenset(self._taken(word))
        class_ = self._alike.setdefault(taken, taken)
        if len(self) < _REMEMBERED:
            self[word] = class_
        return class_

    def _taken(self, symbol: str) -> Iterator[int]:
        """What a word is and has that steps take."""
        word = symbol.lstrip(_POINT)
        if word in self._elided:
            yield from self._taken(self._elided[word])
        yield _Plain.ANY
        if word.isdecimal() and len(word) <= _NUMBER:
            yield _Plain.NUMBER
            if word != symbol and len(word) <= _DECIMALS:
                yield _Plain.DECIMALS
        ends = ["*" + word[-length:] for length in self._lengths if length <= len(word)]
        for key in (word, word[:_KEY] + "*", *ends):
            for part, given, number in self._affixes.get(key, ()):
                if _fits(part, given, word):
                    yield number


def _is_elided(part: _Part, given: str) -> bool:
    """Whether a word is often typed without its apostrophe and is no other one then: those in "n't" are, "were" is."""
    return part is _Part.WHOLE and given.endswith("'t") and len(given) > _ELIDED


def _key(part: _Part, given: str) -> str:
    """What words are looked up by that a step takes."""
    return given[:_KEY] + "*" if part is _Part.BEGINNING else "*" + given if part is _Part.ENDING else given


def _fits(part: _Part, given: str, word: str) -> bool:
    """Whether a word is the given one, or has that beginning or end."""
    rest = len(word) - len(given)
    if part is _Part.BEGINNING:
        return word.startswith(given) and rest <= _AFFIX and "'" not in word[len(given) :]
    return part is _Part.WHOLE or (rest <= _AFFIX and "'" not in word[:rest])


class _Words(NamedTuple):
    """The words of a text in reading order: each, where it begins and ends, and as what it follows the one before:
    itself, with a point in front where the two may be one number; None behind the end of a sentence. `following` has
    one entry more, for the end of the text."""

    words: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    following: Sequence[str | None]


@lru_cache(maxsize=8)  # the readers of kind, lengths and times ask for the same text
def _words_of(text: str) -> _Words:
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    following: list[str | None] = []
    between = None  # what parts the word from the one before in the same sentence
    for match in _WORD.finditer(text):
        word, behind = match.groups()
        number = between in (":", ",") and word[0] in digits
        following.append(None if between is None else _POINT + word if number else word)
        words.append(word)
        starts.append(match.start())
        ends.append(match.end(1))
        between = behind
    return _Words(words, starts, ends, [*following, None])


# --- reading phrases ----------------------------------------------------------------------------------------------


class _Choice(NamedTuple):
    """Alternatives, which are perhaps all left out."""

    rows: tuple[_Row, ...]
    optional: bool


_Row = tuple["str | _Choice", ...]


def _parsed(phrase: str, groups: Mapping[str, str]) -> _Row:
    tokens = _tokens(phrase, groups)
    row, at = _alternatives(phrase, tokens, 0)
    if at != len(tokens):
        raise PhraseError(f"unbalanced brackets in the phrase {phrase!r}")
    return row


def _alternatives(phrase: str, tokens: Sequence[str], at: int) -> tuple[_Row, int]:
    """The alternatives from a piece on, up to a closing bracket or the end; and where that stands."""
    rows: list[_Row] = []
    items: list[str | _Choice] = []
    while at < len(tokens) and tokens[at] not in ")]":
        piece = tokens[at]
        at += 1
        if piece in "([":
            inner, at = _alternatives(phrase, tokens, at)
            if tokens[at : at + 1] != [")" if piece == "(" else "]"]:
                raise PhraseError(f"unbalanced brackets in the phrase {phrase!r}")
            at += 1
            items.append(_Choice((inner,), optional=piece == "["))
        elif piece == "|":
            rows.append(tuple(items))
            items = []
        else:
            items.append(piece)
    if not rows:
        return tuple(items), at
    return (_Choice((*rows, tuple(items)), optional=False),), at


def _tokens(phrase: str, groups: Mapping[str, str], depth: int = 0) -> list[str]:
    if depth > _DEPTH:
        raise PhraseError(f"word groups that name each other, in {phrase!r}")
    if not _BETWEEN.fullmatch(_TOKEN.sub("", phrase)):
        raise PhraseError(f"the phrase {phrase!r} holds a sign that means nothing in a phrase")
    tokens: list[str] = []
    for piece in _TOKEN.findall(phrase.lower()):
        if not piece.startswith("<"):
            tokens.append(piece)
        elif piece[1:-1] in groups:
            tokens += ["(", *_tokens(groups[piece[1:-1]], groups, depth + 1), ")"]
        else:
            raise PhraseError(f"the phrase {phrase!r} uses the unknown word group {piece}")
    return tokens


@cache  # the phrases of a lexicon share most of their words
def _named(piece: str) -> _Named:
    """What a word of a phrase names."""
    stem = piece.strip("*")
    if piece.startswith("*"):
        return _Part.ENDING, stem
    begin = _WORD_START.match(stem)
    if begin is None or (piece.endswith("*") and len(begin[0]) < _KEY):
        raise PhraseError(f"a word too short to look up: {piece!r}")
    return (_Part.BEGINNING if piece.endswith("*") else _Part.WHOLE), stem
