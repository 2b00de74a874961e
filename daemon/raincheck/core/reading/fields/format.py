"""How the talk is held: by phone, by video, or at a place.

Phrases of the lexicon, a video room, an address and a number are signs, and so are the words of every sentence; what
each of them says for a format, or for none, is learned from labelled mails (`tests/learning/formats.py`, which writes
`rules/reading/learned/formats.json`). Words of all languages stand in one table: a young language has the other signs.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from raincheck.core.model import Evidence, Format, Unsure
from raincheck.core.reading.fields.phone import PHONE
from raincheck.core.reading.fields.text import Found, Span
from raincheck.core.reading.learned import features, sentences

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from raincheck.core.reading.fields.phrase import Phrases
    from raincheck.core.reading.fields.text import Passage
    from raincheck.core.reading.fields.words import FieldWords, Names
    from raincheck.core.reading.learned import Linear

FORMATS: tuple[Format, ...] = ("phone", "video", "onsite")
NONE = "none"  # the label of mails that leave the format open

_SOURCES = ("subject", "body", "calendar", "forwarded", "quoted")
_LABELLED, _PLAIN, _NAMED = 4.0, 3.0, 2.2  # weights of a format: in a labelled line, plainly said, by a room's name
_ASIDE = 1.5
_ROOM, _PLACE, _CHOICE = 3.0, 2.0, 3.0  # values of signs: the larger, the less mails teach what they say
_SCALE = 1.5
_SURE = 0.5  # the least probability of a format
_BESIDE = 0.9  # that of one that would do, too, beside another
_UNSAID = 0.7  # that of a format that no phrase says, only the words of mails like it
_TELLING = 0.27  # what one of its words must weigh: "come by tomorrow", not "would 10 o'clock suit you?"
_LIKELY = 0.25  # that of one to be named where none is sure
_SMALL_WORD = 4  # letters of "or", "oder"
_MAX_CHOICES = 60  # words of choice in a passage that are looked at


@dataclass(slots=True)
class _Seen:
    """The signs of a mail with their values, and for each format the plainest words that say it."""

    signs: dict[str, float] = field(default_factory=dict)
    said: dict[str, tuple[float, Evidence]] = field(default_factory=dict)
    choice: tuple[tuple[str, ...], ...] = ()

    def say(self, name: str, weight: float, evidence: Evidence) -> None:
        if weight > self.said.get(name, (0.0, None))[0]:
            self.said[name] = (weight, evidence)
            self.signs[f"said:{name}"] = weight / _SCALE


def find_format(
    passages: Sequence[Passage],
    url: str | None,
    address: tuple[Evidence, float] | None,
    words: Sequence[FieldWords],
    names: Names,
    model: Linear,
) -> tuple[Found[Format] | None, tuple[Unsure, ...], bool]:
    """The format of the talk, its doubts, and whether the mail names it; two to choose from are None and reported."""
    if not model.bias:
        return None, (), False
    talking = [passage for passage in passages if passage.source in _SOURCES]
    seen = _look(talking, url, address, words, names)
    probable = model.probabilities(seen.signs)
    best = max(FORMATS, key=lambda name: probable.get(name, 0.0))
    sure = _SURE if best in seen.said else _UNSAID
    if any(len(choice) > 1 and best in choice for choice in seen.choice):
        sure = _UNSAID  # of two that a sentence names side by side
    if len(seen.said) > 1 and (best,) in seen.choice:
        sure = _BESIDE
    if probable.get(best, 0.0) >= sure:
        evidence = seen.said[best][1] if best in seen.said else _plainest(talking, best, model)
        if evidence is not None:
            return Found(best, evidence), (), best in seen.said
    if seen.choice:
        return None, (Unsure("format", "the mail leaves it to you", seen.choice[0]),), False
    likely = tuple(name for name in seen.said if probable.get(name, 0.0) >= _LIKELY)
    return None, (Unsure("format", "the mail names more than one", likely),) if len(likely) > 1 else (), False


def _look(
    passages: Sequence[Passage],
    url: str | None,
    address: tuple[Evidence, float] | None,
    words: Sequence[FieldWords],
    names: Names,
) -> _Seen:
    """Everything in the mail that may tell the format."""
    heard = (features(sentence) for passage in passages for sentence in sentences(passage.flow))
    seen = _Seen(dict.fromkeys(itertools.chain.from_iterable(heard), 1.0))
    for passage in passages:
        for name, weight, span in _formats(passage, words, names):
            seen.say(name, weight, passage.evidence("format", span))
    if url is not None:
        seen.signs["has:room"] = _ROOM
        seen.said.setdefault("video", (0.0, Evidence("format", url[:190], "link")))
    if address is not None:
        evidence, strength = address
        seen.signs[f"place:{strength:g}"] = _PLACE
        seen.said.setdefault("onsite", (0.0, Evidence("format", evidence.quote, evidence.source)))
    if any(PHONE.search(passage.flow) for passage in passages):
        seen.signs["has:number"] = 1.0
    place = address[0].quote if address is not None else ""
    seen.choice = tuple(itertools.chain.from_iterable(_choices(passage, words, names, place) for passage in passages))
    if seen.choice:
        seen.signs["choice"] = _CHOICE
    return seen


def _sentences(passages: Iterable[Passage]) -> Iterator[tuple[Evidence, frozenset[str]]]:
    for passage in passages:
        for sentence in sentences(passage.flow):
            yield Evidence("format", sentence[:200], passage.source), features(sentence)


def _plainest(passages: Iterable[Passage], name: Format, model: Linear) -> Evidence | None:
    """The sentence whose words say most for a format, where no phrase of the lexicon does; None: none says much."""
    place = list(model.bias).index(name)

    def weight(found: frozenset[str]) -> float:
        return math.fsum(model.of(sign)[place] for sign in found)

    spoken = ((weight(found), evidence, found) for evidence, found in _sentences(passages))
    best = max(spoken, key=lambda entry: entry[0], default=None)
    telling = best is not None and any(model.of(sign)[place] >= _TELLING for sign in best[2])
    return best[1] if best is not None and telling else None


def _choices(passage: Passage, words: Sequence[FieldWords], names: Names, place: str) -> Iterator[tuple[str, ...]]:
    """The formats between which a sentence lets one choose: "at our office or by Teams", "Teams is fine, too".

    place: the address at which one would meet, as it is written.
    """
    for w in words[:1]:
        told: dict[Span, list[re.Match[str]]] = {}
        for match in itertools.islice(w.format_choice.finditer(passage.flow), _MAX_CHOICES):
            small = len(match[0].strip()) <= _SMALL_WORD
            sentence = _with_before(passage, match.start()) if small else passage.sentence(match.start())
            told.setdefault(sentence, []).append(match)
        for sentence, matches in told.items():
            if w.past.search(passage.flow, sentence.start, sentence.end):
                continue  # "between our call and your visit"
            named = _named(passage, sentence, w, names, place)
            if any(_lets_choose(match, named) for match in matches):
                yield tuple(named)
        for name, pattern in w.format_else:
            if pattern.search(passage.flow):
                yield (name,)


def _with_before(passage: Passage, at: int) -> Span:
    """The sentence around a word of choice; one that begins with it belongs to the one before: "A call? Or Zoom"."""
    sentence = passage.sentence(at)
    before = passage.flow[: sentence.start].rstrip()
    if passage.flow[sentence.start : at].strip(" \"'(-–") or before[-1:] not in tuple(".!?"):
        return sentence
    return Span(passage.sentence(len(before) - 1).start, sentence.end)


def _lets_choose(match: re.Match[str], named: Mapping[str, Sequence[int]]) -> bool:
    """True for words of choice in a sentence that names several formats; "or" stands between those that it joins."""
    if len(match[0].strip()) > _SMALL_WORD:
        return len(named) > 1
    before = {name for name, at in named.items() if min(at) < match.start()}
    behind = {name for name, at in named.items() if max(at) > match.start()}
    return bool(before and behind) and len(before | behind) > 1


def _named(
    passage: Passage, sentence: Span, words: FieldWords, names: Names, place: str
) -> Mapping[str, Sequence[int]]:
    """The formats that a sentence names, and where; place: the address at which one would meet, as it is written."""
    found: dict[str, list[int]] = {name: [] for name in FORMATS}
    rooms = ("video", names.room_names)
    for name, phrases in (*((name, phrases) for name, phrases, _ in words.formats), rooms):
        at = [m.start() for m in phrases.finditer(passage.flow) if sentence.start <= m.start() < sentence.end]
        found[name] += at
    address = passage.text.find(place, sentence.start, sentence.end) if place else -1
    found["onsite"] += [address] if address >= 0 else []
    return {name: at for name, at in found.items() if at}


def _formats(passage: Passage, words: Sequence[FieldWords], names: Names) -> Iterable[tuple[str, float, Span]]:
    for number, w in enumerate(words):
        for line in passage.lines() if w.format_label.phrases else ():
            label = w.format_label.match(passage.flow, line.start, line.end)
            if label is None:
                continue
            for name, pattern, weight in w.formats:
                match = pattern.search(passage.flow, label.end(), line.end)
                if match is not None and weight >= 1:
                    yield name, _LABELLED, Span(*match.span())
            if (room := names.room_names.search(passage.flow, label.end(), line.end)) is not None:
                yield "video", _LABELLED, Span(*room.span())
        for name, pattern, weight in w.formats:
            if number and weight < _PLAIN:
                continue  # small words of another language mean something else: "Digital Marketing"
            yield from _present(passage, name, pattern, weight, words)
    for room in names.room_names.finditer(passage.flow):
        if room[0] != room[0].lower() or " " in room[0].strip():  # "tools for data teams" names no room
            yield "video", _NAMED, Span(*room.span())
            break


def _present(
    passage: Passage, name: str, phrases: Phrases, weight: float, words: Sequence[FieldWords]
) -> Iterator[tuple[str, float, Span]]:
    """The matches that are not in a sentence about a talk that has been.

    They weigh less where one would call for something else ("if you get lost"), or when all went well.
    """
    for match in phrases.finditer(passage.flow):
        sentence = passage.sentence(match.start())
        if any(w.past.search(passage.flow, sentence.start, sentence.end) for w in words):
            continue
        aside = any(w.format_later.search(passage.flow, sentence.start, sentence.end) for w in words) or (
            name == "phone" and any(w.format_aside.search(passage.flow, sentence.start, sentence.end) for w in words)
        )
        yield name, weight - _ASIDE * aside, Span(*match.span())
