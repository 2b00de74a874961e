"""In which zone a mail speaks that names none: the place of the talk, else the sender's place, else the Date header.

The names of places, states, domains and telephone prefixes are data: rules/reading/places.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, timedelta, tzinfo
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from raincheck.core.model import SegmentKind
from raincheck.core.reading.cues import normalise
from raincheck.core.reading.phrasemachine import PhraseMachine
from raincheck.core.reading.zones import load_zone
from raincheck.core.wordlist import any_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Set
    from datetime import datetime

    from raincheck.core.model import Message

_SIDE_BY_SIDE = 30  # characters between "Portland" and "Maine"
_MAX_TEXT = 16_384
_MAX_MENTIONS = 40  # of places in one text
_MAX_SENTENCE = 300  # characters before and behind a name
_SOON = 200  # characters behind a sentence in which a time is offered
_CLOCK = re.compile(r"(?<!\d)\d{1,2}(?:[:.]\d\d(?![.\d])| ?(?:[ap]\.?m\b|uhr\b|h\b|o'clock))", re.IGNORECASE)
_AGAIN = 120  # characters before a place in which a clock and its second naming stand
_URL = re.compile(r"(?:https?://|www\.)\S{1,2000}|\S{1,64}@\S{1,200}")
_TOWN = re.compile(r"\b[A-Z][a-z][\w.'-]*$")  # what stands before ", OR" in an address
_SAID_AGAIN = re.compile(
    rf"{_CLOCK.pattern}[^.!?\n()]{{0,40}}\([^()\n]{{0,24}}{_CLOCK.pattern}[^()\n]{{0,24}}$", re.IGNORECASE
)
_ZIP = re.compile(r"\b[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}\b|\b(?:[A-Z]{1,2}-)?(?!(?:19|20)\d\d\b)\d{4,5}\b")
_SIGNS = ("venue", "whereabouts_reader", "job", "meeting", "stay")
_PHONE = re.compile(r"(?:\+|\b00)(\d[\d\s()./-]{6,18}\d)")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A zone, the words it rests on, and whether it is more than the offset of the Date header."""

    zone: tzinfo
    quote: str = ""
    source: str = "header:date"
    sure: bool = True

    @property
    def name(self) -> str:
        """The zone's IANA name, or its offset."""
        return str(self.zone)


@dataclass(frozen=True, slots=True)
class _Mention:
    zone: str
    start: int
    quote: str
    strong: bool


@dataclass(frozen=True, slots=True)
class PlaceCues:
    """Phrases that tell what a sentence says of a place: that the talk is there (venue), that the reader or others are
    there (whereabouts_reader), that it speaks of the job, that it speaks of a meeting, that the writer is there (stay).

    home: the zones of all countries that the language is written in, where they share their offset; empty otherwise.
    """

    phrases: PhraseMachine = field(default_factory=lambda: PhraseMachine(()))
    signs: tuple[str, ...] = ()  # of the phrases, by their numbers
    home: tuple[str, ...] = ()

    @classmethod
    def from_lists(cls, lists: Mapping[str, Sequence[str]], home: Iterable[str] = ()) -> PlaceCues:
        """From the phrases of `[appointments]`. Raises phrasemachine.PhraseError."""
        said = [(sign, phrase) for sign in _SIGNS for phrase in lists.get(sign, ())]
        machine = PhraseMachine((phrase, {}) for _, phrase in said)
        return cls(machine, tuple(sign for sign, _ in said), tuple(home))

    def signs_of(self, sentence: str) -> frozenset[str]:
        """What a normalised sentence says of its place."""
        return frozenset(self.signs[met.phrase] for met in self.phrases.find(sentence))


def _is_venue(signs: Set[str], around: str) -> bool:
    """Whether the talk is at the place of a sentence with these signs; where only the job is ("the role is in our
    London office") it is not, nor where the writer is some day when no time is offered ("I am in London on Wednesday").
    """
    if "stay" in signs and ("meeting" in signs or _CLOCK.search(around)):
        return True
    return "venue" in signs and ("job" not in signs or "meeting" in signs)


@dataclass(frozen=True)
class Places:
    """What is known of places: name -> IANA zone."""

    names: Mapping[str, str]
    states: Mapping[str, str]
    domains: Mapping[str, str]
    phones: Mapping[str, str]
    likely: tuple[str, ...]  # zones, the most likely first
    namesakes: Mapping[str, str]  # smaller places of the same name
    things: tuple[str, ...] = ()  # what bears the name of a place and lies elsewhere: Room, Road, flight

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Places:
        """From rules/reading/places.toml."""

        def turned(key: str) -> dict[str, str]:
            return {name: zone for zone, names in table.get(key, {}).items() for name in names}

        return cls(
            turned("zones"),
            turned("states"),
            dict(table.get("domains", {})),
            dict(table.get("phone", {})),
            tuple(table.get("offsets", {}).get("zones", ())),
            turned("namesakes"),
            tuple(word for key in ("words", "vehicles") for word in table.get("things", {}).get(key, ())),
        )

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        if not self.names:
            return None
        names = any_word(sorted(self.names, key=len, reverse=True))
        states, things = any_word(self.states), any_word(self.things)
        capitals = re.escape("".join(sorted({name[0] for name in self.names})))
        return re.compile(
            rf"(?=[{capitals}])(?<!\w)(?P<name>{names})(?!\w)(?! (?:{things})(?!\w))"
            rf"|,?\s(?P<zip_state>{states})(?=\s\d{{5}}\b)|,\s?(?P<state>{states})(?=\s*(?:[.,;)\n]|$))"
        )

    def mentions(self, text: str, cues: PlaceCues, moment: datetime | None = None) -> list[_Mention]:
        """Places named in a text; strong where the sentence or address shows that the talk is there.

        Sentences that speak of where the reader is ("as you are in Germany") name no place of the talk, nor does what
        says a clock again ("15:00 our time (16:00 in Berlin)"). Of two places with one name the one is meant that has
        the moment's offset.
        """
        if self._pattern is None:
            return []
        text = text[:_MAX_TEXT]
        if "@" in text or "://" in text or "www." in text:
            text = _URL.sub(lambda found: " " * len(found[0]), text)
        found: list[_Mention] = []
        for match in islice(self._pattern.finditer(text), _MAX_MENTIONS):
            left, right = _sentence(text, match.start(), match.end())
            sentence = normalise(text[left:right])
            signs = cues.signs_of(sentence)
            if "whereabouts_reader" in signs or _SAID_AGAIN.search(text, max(0, match.start() - _AGAIN), match.start()):
                continue
            if match["state"] and not _TOWN.search(text, max(0, match.start() - 40), match.start()):
                continue  # "your passport, ID." is no place in Idaho
            code = match["state"] or match["zip_state"]
            zone = self.states[code] if code else self._of_name(match["name"], moment)
            near = text[max(0, match.start() - 20) : match.end() + 12]
            strong = bool(_ZIP.search(near)) or _is_venue(signs, sentence + text[right : right + _SOON])
            if (
                found
                and match.start() - found[-1].start <= _SIDE_BY_SIDE
                and "\n" not in text[found[-1].start : match.start()]
            ):
                strong = strong or found[-1].strong
                found.pop()
            found.append(_Mention(zone, match.start(), (code or match[0]).strip(" ,"), strong))
        return found

    def _of_name(self, name: str, moment: datetime | None) -> str:
        zone, other = self.names[name], self.namesakes.get(name)
        if other is None or moment is None or has_offset(zone, moment):
            return zone
        return other if has_offset(other, moment) else zone

    def named(self, text: str) -> list[tuple[int, int, str]]:
        """Every place that a text names, as (start, end, zone)."""
        if self._pattern is None:
            return []
        found = islice(self._pattern.finditer(text[:_MAX_TEXT]), _MAX_MENTIONS)
        return [(match.start(), match.end(), self.names[match["name"]]) for match in found if match["name"]]

    def of_domain(self, domain: str) -> str | None:
        """The zone of a country's top-level domain."""
        return self.domains.get(domain.rpartition(".")[2])

    def of_phone(self, text: str) -> str | None:
        """The zone of the first telephone number with a country's prefix."""
        for number in _PHONE.findall(text[:_MAX_TEXT]):
            digits = re.sub(r"\D", "", number)
            for length in (3, 2, 1):
                if digits[:length] in self.phones:
                    return self.phones[digits[:length]]
        return None

    def country(self, zone_name: str) -> str | None:
        """The country (two letters) that a zone lies in, where only one is known for it."""
        if zone_name in self.states.values():
            return "US" if zone_name not in ("America/Toronto", "America/Vancouver", "America/Edmonton") else "CA"
        return next((code.upper() for code, name in self.domains.items() if name == zone_name), None)

    def of_offset(self, moment: datetime, first: Iterable[str] = ()) -> str | None:
        """The likeliest zone that has the moment's offset on its day; `first` are tried before the others."""
        return next((name for name in (*first, *self.likely) if has_offset(name, moment)), None)


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    marks = ("\n", ". ", "! ", "? ")
    first, last = max(0, start - _MAX_SENTENCE), min(len(text), end + _MAX_SENTENCE)
    left = max(first - 1, *(text.rfind(mark, first, start) for mark in marks)) + 1
    rights = [at for mark in marks if (at := text.find(mark, end, last)) >= 0]
    return left, min(rights, default=last)


def has_offset(name: str, moment: datetime) -> bool:
    """Whether a zone had this moment's offset at that moment."""
    found = load_zone(name)
    return found is not None and moment.astimezone(found).utcoffset() == moment.utcoffset()


def whereabouts(message: Message, places: Places, own_zone: str | None, cues: PlaceCues) -> Whereabouts:
    """The zone in which the mail's bare clock times are meant, after design: place of the talk > sender > Date offset.

    `own_zone` is the reader's zone: it names an equal offset. A server in UTC says nothing about its sender: then the
    sender's country counts, or that of the mail's language.
    """
    text = message.text(SegmentKind.NEWEST, SegmentKind.FORWARDED)
    date = message.date
    here = places.mentions(f"{message.subject}\n{text}", cues, date)
    strong = {mention.zone for mention in here if mention.strong}
    if strong and (date is None or len(strong) == 1 or not any(has_offset(name, date) for name in strong)):
        return _named(next(m for m in here if m.strong), "body")
    signed = places.mentions(message.text(SegmentKind.SIGNATURE), PlaceCues(), date)
    if date is None:
        home = next(iter((*here, *signed)), None) if len({m.zone for m in (*here, *signed)}) == 1 else None
        return _named(home, "body") if home else Whereabouts(load_zone(own_zone or "UTC") or UTC, sure=False)
    near = [mention for mention in (*here, *signed) if has_offset(mention.zone, date)]
    if near:
        return _named(min(near, key=lambda m: not m.strong), "body")
    return _of_sender(message, date, places, own_zone, here + signed, cues.home)


def _of_sender(
    message: Message,
    date: datetime,
    places: Places,
    own_zone: str | None,
    mentions: list[_Mention],
    home: tuple[str, ...],
) -> Whereabouts:
    """Without a place that fits the Date header: the sender's country, else the likeliest zone with that offset."""
    domain = message.from_.domain if message.from_ else ""
    phone = places.of_phone(message.text(SegmentKind.SIGNATURE, SegmentKind.NEWEST))
    countries = [name for name in (phone, places.of_domain(domain)) if name]
    fitting = next((name for name in countries if has_offset(name, date)), None)
    if fitting:
        return Whereabouts(load_zone(fitting) or UTC, domain if fitting != phone else "", "header:from")
    elsewhere = {*countries, *(mention.zone for mention in mentions)}
    if date.utcoffset() == timedelta(0) and len(elsewhere) == 1:
        name = next(iter(elsewhere))
        return Whereabouts(load_zone(name) or UTC, "", "signature" if mentions else "header:from")
    if date.utcoffset() == timedelta(0) and home and not elsewhere:
        return Whereabouts(load_zone(own_zone if own_zone in home else home[0]) or UTC)
    likely = places.of_offset(date, (own_zone,) if own_zone else ())
    sure = not elsewhere or date.utcoffset() != timedelta(0)
    return Whereabouts((load_zone(likely) if likely else None) or date.tzinfo or UTC, sure=sure)


def _named(mention: _Mention, source: str) -> Whereabouts:
    return Whereabouts(load_zone(mention.zone) or UTC, mention.quote, source)
