"""Choosing one name among many: what is seen of each candidate, and learned weights that say what speaks for it.

Owns the pool of candidates (one for each spelling, however often it stands in the mail), the signs of the words around
a place, and the sum of weights. A sign is a short word such as `phrase.strong` or `before:as`; their weights are data,
`rules/reading/weights.toml`, written by `tests/learning/names.py`. A sign without a weight says nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import fsum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from raincheck.core.reading.fields.text import Passage, Span

MAX_POOL = 240  # candidates of one field in one mail
NONE = "none"  # the sign of the choice of no candidate at all
BENEATH = "in.beneath"  # that of a name in the signature of a mail that is passed on
_MAX_TOKENS = 12  # words of a name
_TELLS_MORE = re.compile(r"\s*[(,]")  # what follows tells more of the same
_REACH = 60  # characters beside a name that are looked at
_PIECE = re.compile(r"[^\W_][\w'-]{0,40}|[^\w\s\"'*]")


@dataclass(slots=True)
class Candidate:
    """A name that may be the one looked for: how it is written, where it stands, and what is seen of it.

    places: the stretches of text that hold it, by passage and span; counted is in how many places it begins.
    """

    text: str
    passage: Passage
    span: Span
    signs: set[str] = field(default_factory=set)
    places: dict[tuple[int, Span], Passage] = field(default_factory=dict)

    @property
    def counted(self) -> int:
        """How often the name stands in the mail, in whatever spelling."""
        return len({(passage, span.start) for passage, span in self.places})

    @property
    def sources(self) -> int:
        """In how many parts of the mail the name was found; the signature of a mail that is passed on is one."""
        return len({passage.source for passage in self.places.values()}) + (BENEATH in self.signs)


@dataclass(slots=True)
class Pool:
    """The candidates of one field, pooled by a key of their spelling."""

    candidates: dict[str, Candidate] = field(default_factory=dict)

    def add(self, key: str, text: str, passage: Passage, span: Span, signs: Iterable[str]) -> Candidate | None:
        """Adds a place of a name with what is seen there; None when the pool is full."""
        known = self.candidates.get(key)
        if known is None:
            if len(self.candidates) >= MAX_POOL or not key:
                return None
            known = self.candidates[key] = Candidate(text, passage, span)
        known.signs.update(signs)
        known.places[id(passage), span] = passage
        return known


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign weighs; one table for each field."""

    of: Mapping[str, float]

    def best(self, candidates: Iterable[Candidate], none: Iterable[str]) -> Candidate | None:
        """The candidate for which most speaks; None when more speaks for none of them."""
        limit = self.sum(none)
        found, most = None, limit
        for candidate in candidates:
            if (score := self.sum(candidate.signs)) > most:
                found, most = candidate, score
        return found

    def holds(self, signs: Iterable[str]) -> bool:
        """True when more speaks for what shows these signs than against it."""
        return self.sum(signs) > self.sum((NONE,))

    def sum(self, signs: Iterable[str]) -> float:
        """How much speaks for what shows these signs, exactly: the order of a set must decide nothing."""
        return fsum(filter(None, map(self.of.get, signs)))


def compare(pool: Pool, key: Callable[[str], str]) -> None:
    """Adds the signs of names that begin or end with another: which of the two stands more often."""
    for candidate in pool.candidates.values():
        tokens = without_more(candidate.text).split()[:_MAX_TOKENS]
        for size in range(1, len(tokens)):
            for side, part in (("begins", tokens[:size]), ("ends", tokens[size:])):
                shorter = pool.candidates.get(key(" ".join(part)))
                if shorter is not None and shorter is not candidate:
                    often = shorter.counted > candidate.counted
                    shorter.signs.add(f"longer.{side}.{'rare' if often else 'same'}")
                    candidate.signs.add(f"shorter.{side}.{'often' if often else 'same'}")


def without_more(name: str) -> str:
    """A name up to the bracket or comma behind which more of the same is told."""
    return _TELLS_MORE.split(name, maxsplit=1)[0] if "(" in name or "," in name else name


def around(passage: Passage, span: Span) -> Iterator[str]:
    """The signs of the words before and after a place of a passage; "^" and "$" are the ends of its line."""
    yield before(passage, span.start)
    yield after(passage, span.end)


def before(passage: Passage, at: int) -> str:
    """The sign of the word before a name that begins there."""
    left = passage.flow[max(0, at - _REACH) : at].rpartition("\n")[2]
    for chunk in reversed(left.split()):
        if pieces := _PIECE.findall(chunk):
            return f"before:{_form(pieces[-1])}"
    return "before:^"


def after(passage: Passage, at: int) -> str:
    """The sign of the word after a name that ends there."""
    right = passage.flow[at : at + _REACH].partition("\n")[0]
    piece = _PIECE.search(right)
    return f"after:{_form(piece[0] if piece else '$')}"


def _form(piece: str) -> str:
    return "#" if piece[0].isdigit() else piece.lower()


def bucket(count: int, most: int) -> str:
    """A number as part of a sign: "3", or "4+" from `most` on."""
    return f"{most}+" if count >= most else str(count)
