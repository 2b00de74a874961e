"""The words for times of one language or two, compiled for look-up: CLDR names and the `[times]` tables.

Nothing here knows a language: which words there are, and what they mean, is data (rules/reading/en.toml explains it).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from raincheck.core.reading.dates import date_names
from raincheck.core.reading.normal import normalise
from raincheck.core.wordlist import any_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_TOKEN = re.compile(r"(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)|(?P<number>\d+)|(?P<mark>\S)")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
FREE_SIGNS = frozenset("✓✔✅☑🟢")
TAKEN_SIGNS = frozenset("✗✘❌✖☒🚫⛔🔴❎")


class Token(NamedTuple):
    """A word, a number or a mark; gap is the white space before it: "", " ", tab, line break or "¶" (empty line)."""

    kind: str
    text: str
    low: str
    start: int
    end: int
    gap: str


def tokens(text: str) -> list[Token]:
    """The tokens of a normalised text, in order."""
    found: list[Token] = []
    last = 0
    for match in _TOKEN.finditer(text):
        piece, (start, end) = match[0], match.span()
        gap = _gap(text[last:start]) if start else "\n"
        found.append(Token(match.lastgroup or "", piece, piece.lower(), start, end, gap))
        last = end
    return found


@lru_cache(maxsize=256)  # texts have few that differ
def _gap(space: str) -> str:
    if space in ("", " "):
        return space
    breaks = space.count("\n")
    if breaks:
        return "¶" if breaks > 1 else "\n"
    return "\t" if "\t" in space else " "


Entry = dict[str, Any]  # category → value: {"month": 5}, {"to": True, "deadline": True}
_Rests = dict[str, list[tuple[tuple[str, ...], Entry]]]
_Trie = dict[str, _Rests]

Wording = tuple[str, ...]  # words in small letters


@dataclass(frozen=True, slots=True)
class TimeWords:
    """Phrases by their first word and their second ("" for none), longest first, each with what follows the first word
    and all that it can mean."""

    phrases: _Trie
    hour24: bool = False
    date_order: str | None = None
    weekday_letters: int = 3
    bare_day: bool = False
    day_suffixes: frozenset[str] = frozenset()
    known: dict[str, re.Pattern[str]] = field(default_factory=dict, compare=False)
    free: frozenset[str] = frozenset()  # what a cell of a table says of a time that is on offer
    taken: frozenset[str] = frozenset()  # and of one that is gone
    judged: frozenset[Wording] = frozenset()  # with what a question judges a clock, before a mark or judged_by
    judged_by: frozenset[Wording] = frozenset()
    fits: frozenset[Wording] = frozenset()  # and whom it is to fit

    @classmethod
    def from_tables(cls, *languages: tuple[str, Mapping[str, Any]]) -> TimeWords:
        """From (language code, its `[times]` table), the mail's language first; at most two are sensible.

        A phrase that the first language knows has only the meaning it has there.
        """
        merged: dict[tuple[str, ...], Entry] = {}
        for code, table in languages:
            ignored = {_key(word) for word in table.get("ignore", ())}
            own: dict[tuple[str, ...], Entry] = {}
            for phrase, category, value in _cldr(code, table.get("possessive", "")):
                for spelling in spellings(phrase):
                    key = _key(spelling)
                    if key and key not in ignored:
                        own.setdefault(key, {})[category] = value
            for phrase, category, value in _meanings(code, table):
                for spelling in spellings(phrase):
                    key = _key(spelling)
                    if key:
                        own.setdefault(key, {})[category] = value
            blocked = set(merged) | ({_key(word) for word in languages[0][1].get("ignore", ())} if merged else set())
            merged |= {key: entry for key, entry in own.items() if key not in blocked}
        first = languages[0][1] if languages else {}

        def said(name: str) -> frozenset[Wording]:
            words = (spelling for _, table in languages for word in table.get(name, ()) for spelling in spellings(word))
            return frozenset(map(_key, words))

        return cls(
            phrases=_trie(merged),
            hour24=bool(first.get("hour24", False)),
            date_order=first.get("date_order"),
            weekday_letters=int(first.get("weekday_letters", 3)),
            bare_day=bool(first.get("bare_day", False)),
            free=FREE_SIGNS | frozenset(word for _, table in languages for word in table.get("free", ())),
            taken=TAKEN_SIGNS | frozenset(word for _, table in languages for word in table.get("taken", ())),
            day_suffixes=frozenset(suffix for _, table in languages for suffix in table.get("day_suffixes", ())),
            judged=said("judged"),
            judged_by=said("judged_by"),
            fits=said("fits"),
        )

    def every(self, found: Sequence[Token]) -> list[tuple[Entry, int]]:
        """What `find` says of each token; most texts hold more words that begin no phrase."""
        phrases = self.phrases
        nothing: tuple[Entry, int] = ({}, 0)
        return [self.find(found, at) if token.low in phrases else nothing for at, token in enumerate(found)]

    def find(self, found: Sequence[Token], index: int) -> tuple[Entry, int]:
        """The longest phrase that begins with that token, as (meaning, number of tokens); ({}, 0) when none does."""
        rests = self.phrases.get(found[index].low)
        if rests is None:
            return {}, 0
        following = found[index + 1].low if index + 1 < len(found) else ""
        for rest, entry in rests.get(following, ()):
            end = index + 1 + len(rest)
            behind = found[index + 1 : end]
            if len(behind) < len(rest) or any(
                token.low != word or token.gap == "¶" for token, word in zip(behind, rest, strict=True)
            ):
                continue
            if "before_hour" in entry and (end == len(found) or found[end].kind == "mark") and self._splits(rest):
                continue  # the "zehn vor" of "ich schlage Viertel nach zehn vor."
            return entry, 1 + len(rest)
        return (rests[""][0][1], 1) if "" in rests else ({}, 0)

    def _splits(self, rest: Wording) -> bool:
        """Whether a phrase ends with what may be the end of a verb: "vor", not "past" or "to"."""
        return bool(rest) and self.means(rest[-1], "ahead") is not None

    def means(self, word: str, category: str) -> Any:
        """What a single word in small letters means in that category (a weekday counts from Monday, 0); None where it
        means nothing there."""
        entries = self.phrases.get(word, {}).get("", ())
        return next((entry[category] for _, entry in entries if category in entry), None)

    def says(self, category: str, text: str) -> bool:
        """Whether a text holds a phrase of that category."""
        if category not in self.known:
            said = any_word(map(" ".join, self._of(category)), lambda rest: re.escape(rest).replace(r"\ ", r"\s+"))
            self.known[category] = re.compile(rf"(?<!\w)(?:{said})(?!\w)", re.IGNORECASE)
        return self.known[category].search(text) is not None

    def words(self, category: str) -> frozenset[str]:
        """The single words of a category, in small letters."""
        return frozenset(first for first, *rest in self._of(category) if not rest)

    def _of(self, category: str) -> Iterator[tuple[str, ...]]:
        for first, rests in self.phrases.items():
            yield from ((first, *rest) for found in rests.values() for rest, entry in found if category in entry)

    def score(self, text: str) -> int:
        """How many words of the text are known here: tells the language of texts too short for anything else."""
        found = tokens(text[:2000])
        return sum(1 for index in range(len(found)) if found[index].kind == "word" and self.find(found, index)[1])


def spellings(phrase: str) -> tuple[str, ...]:
    """A phrase as it is written, and as it is on a keyboard without umlauts: "für", "fuer"."""
    plain = phrase.translate(_UMLAUTS)
    return (phrase,) if plain == phrase else (phrase, plain)


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(token.low for token in tokens(normalise(phrase).text))


def _trie(merged: Mapping[tuple[str, ...], Entry]) -> _Trie:
    trie: _Trie = {}
    for (first, *rest), entry in sorted(merged.items(), key=lambda phrase: -len(phrase[0])):
        trie.setdefault(first, {}).setdefault(rest[0] if rest else "", []).append((tuple(rest), entry))
    return trie


def _meanings(code: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for name, values in (
        ("fixed", table.get("fixed", {})),
        ("before_hour", table.get("before_hour", {})),
        ("after_hour", table.get("after_hour", {})),
        ("day", table.get("days", {})),
        ("weeks", table.get("weeks", {})),
        ("later", table.get("later", {})),
        ("later_before", table.get("later_before", {})),
        ("day_out", dict.fromkeys(table.get("day_out", ()), True)),
        ("ends", table.get("ends", {})),
        ("feast", table.get("feasts", {})),
        ("season", table.get("seasons", {})),
        ("number", table.get("numbers", {})),
        ("ordinal", table.get("ordinals", {})),
    ):
        for phrase, value in values.items():
            yield phrase, name, tuple(value) if isinstance(value, list) else value
    yield from _named(table.get("parts", {}), "part")
    yield from _named(table.get("modifiers", {}), "modifier")
    yield from _named(table.get("half_letters", {}), "half_letter")
    for weekday, phrases in table.get("weekdays", {}).items():
        for phrase in phrases:
            yield phrase, "weekday", _WEEKDAYS.index(weekday)
    yield from _recurring(code, table)
    yield from _compounds(code, table)
    for category, phrases in table.get("phrases", {}).items():
        for phrase in phrases:
            yield phrase, category, True


def _cldr(code: str, possessive: str) -> Iterator[tuple[str, str, Any]]:
    try:
        names = date_names(code)
    except LookupError:
        return
    for category, values in (
        ("month", names.months),
        ("weekday", names.weekdays),
        ("unit", names.units),
        ("day", names.relative),
        ("weeks", names.weeks),
    ):
        for phrase, value in values.items():
            yield phrase, category, value
            if possessive and category in ("weekday", "day") and len(phrase) > 4:
                yield phrase + possessive, category, value
    for category, phrases in (("am", names.am), ("pm", names.pm)):
        for phrase in phrases:
            yield phrase, "half", category
            if len(phrase) == 2:
                yield ".".join(phrase) + ".", "half", category
                yield ".".join(phrase), "half", category


def _named(values: Mapping[str, Iterable[str]], category: str) -> Iterator[tuple[str, str, Any]]:
    for value, phrases in values.items():
        for phrase in phrases:
            yield phrase, category, value


def _compounds(code: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """ "Dienstagvormittag", "Freitagmittag": a weekday and a part of the day, or an hour, in one word; and
    "Januarwoche"."""
    for name, month in date_names(code).months.items():
        for ending in table.get("month_weeks", ()):
            yield name + ending, "month_week", month
    if not table.get("compounds", False):
        return
    for name, weekday in date_names(code).weekdays.items():
        for ending in table["compounds"] if len(name) > 4 else ():
            yield name + ending, "weekday", weekday
            if ending in table.get("fixed", {}):
                yield name + ending, "day_hour", tuple(table["fixed"][ending])
        for part, phrases in table.get("parts", {}).items():
            for phrase in phrases if len(name) > 4 else ():
                yield name + phrase, "weekday", weekday
                yield name + phrase, "part", part


def _recurring(code: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    ending = table.get("recurring", "")
    if not ending:
        return
    try:
        weekdays = date_names(code).weekdays
    except LookupError:
        return
    for name, weekday in weekdays.items():
        if len(name) > 4:
            yield name + ending, "recurring", weekday
