"""How long the talk of a mail takes: of all lengths of time in it, the ones that are the talk's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.core.reading.roles import Context, Stretch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.core.reading.durations import Duration, DurationWords
    from raincheck.core.reading.roles import RoleCues

_MAX_FOUND = 40  # lengths of one text
_JOINED = 90  # characters between two lengths that are summed
_SHORTEST, _LONGEST = 10, 240  # minutes: what nothing around it explains is the talk's between these
_BRACKETS = re.compile(r"[(\[]\s*(?:[^\W\d]{1,7}\.?|~)?\s*$")  # "(ca. 45 min"
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Length:
    """The length of the talk in minutes, and its words."""

    minutes: int
    quote: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    duration: Duration
    weight: int


def talk_length(text: str, cues: RoleCues, words: DurationWords) -> Length | None:
    """The stated length (upper bound of a range, parts of one appointment added); None where the text says none."""
    found = words.find(text.lower() if len(text.lower()) == len(text) else text)[:_MAX_FOUND]
    if not found:
        return None
    context = Context(text, cues, [Stretch(item.start, item.end, has_clock=False) for item in found])
    rated = [_Candidate(item, _weight(context, item)) for item in found]
    rated = [candidate for candidate in rated if candidate.weight > 0]
    if not rated:
        return None
    best = max(candidate.weight for candidate in rated)
    chosen = [candidate.duration for candidate in rated if candidate.weight == best]
    total = next((item for item in chosen if context.beside("total", _stretch(item))), None)
    if total is not None:
        return _length(text, total)
    times = _how_many(context, chosen[0], words)
    if times > 1:
        return Length(chosen[0].minutes * times, text[chosen[0].start : chosen[0].end])
    return _sum(text, context, [chosen[0], *(c.duration for c in rated if c.duration.start > chosen[0].end)])


def _stretch(item: Duration) -> Stretch:
    return Stretch(item.start, item.end, has_clock=False)


def _length(text: str, item: Duration) -> Length:
    return Length(item.minutes, text[item.start : item.end])


def _weight(context: Context, item: Duration) -> int:
    """How surely a length is the talk's: 0 for "within 24 hours", "10 minutes early", "30 minutes by train"."""
    here = _stretch(item)
    if context.before("not_before", here) or context.after("not_after", here):
        return 0
    lasts, talk = context.beside("lasts", here), context.beside("talk", here)
    if lasts or talk:
        return 3 + (lasts and talk)
    if context.near("lasts", here) or context.near("talk", here):
        return 2
    alone = _alone(context, item)
    return 1 if alone or _SHORTEST <= item.minutes <= _LONGEST else 0


def _alone(context: Context, item: Duration) -> bool:
    """Whether a length stands in brackets, or is nearly all of its sentence ("50 min.")."""
    if _BRACKETS.search(context.normal[max(0, item.start - 12) : item.start]):
        return True
    left, right = context.sentence(item.start, item.end)
    return len(_WORD.findall(context.normal[left:right])) <= 5


def _how_many(context: Context, item: Duration, words: DurationWords) -> int:
    """Two for "two interviews of 45 minutes each"; 1 otherwise."""
    here = _stretch(item)
    if not context.near("each", here):
        return 1
    left, right = context.sentence(item.start, item.end)
    for start, end in context.hits.get("plural", ()):
        if left <= start and end <= right:
            before = _WORD.findall(context.normal[left:start])[-3:]
            numbers = [number for word in before if (number := words.number(word)) and 1 < number <= 8]
            if numbers:
                return numbers[-1]
    return 1


def _sum(text: str, context: Context, chosen: Sequence[Duration]) -> Length:
    """The first length, with those that are joined to it ("45 minutes with A and 30 minutes with B")."""
    total, last = chosen[0].minutes, chosen[0]
    for item in chosen[1:]:
        gap = (last.end, item.start)
        joined = context.within("plus", gap) or "+" in context.normal[slice(*gap)]
        if item.start - last.end > _JOINED or not joined or re.search(r"[.!?;\n]", context.normal[slice(*gap)]):
            break
        total, last = total + item.minutes, item
    return Length(total, text[chosen[0].start : last.end])
