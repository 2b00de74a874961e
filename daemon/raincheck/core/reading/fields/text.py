"""Passages of a mail, laid out for pattern search, and what is found in them.

Owns the smoothing of text: typographic quotes and spaces become plain, hard-wrapped lines become one line again. Every
character keeps its place, so that a find can always be quoted as it stands in the mail.
"""

from __future__ import annotations

import bisect
import itertools
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from raincheck.core.model import Evidence

MAX_PASSAGE = 16_384  # characters of one passage that are read; the point of a mail stands in its first pages
MAX_QUOTE = 200
MAX_PASSAGES = 30  # of one mail that are read

T = TypeVar("T")

BLOT = "\ufffc"

_WRAP_WIDTH = 100  # a text with longer lines was not wrapped by hand
_MIN_WRAP = 56
_REACH = 600  # characters of a sentence on either side that are looked at: what goes on for longer is none
_PLAIN = str.maketrans({
    "’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‚": "'",
    "\xa0": " ", "\u202f": " ", "\u2007": " ", "\u2009": " ", "\u200b": " ", "\u2011": "-", "\u2010": "-",
    "\r": " ",
})  # fmt: skip
_URL = re.compile(r"<?\bhttps?://[^\s<>]{1,2000}>?|\bwww\.[^\s<>]{1,500}")
_LABEL = re.compile(r"[-•·*>–]|\d{1,2}[.)]\s|[^\W\d_][^:\n]{1,30}:(?!//)")
_LINE = re.compile(r"[^\n]+")
_SENTENCE_END = re.compile(r"[.!?…](?=[\s\"')]|$)|\n")
_NUMBERED = re.compile(r"\b(?i:no|nr|ref|vac)\. ?[A-Z]{0,4}[ /-]?\d")  # "vacancy no. 17"
_ABBREVIATION = re.compile(
    r"(?:\b[A-Z]|\b(?:Dr|Mr|Mrs|Ms|Prof|Sr|Jr|Hr|Fr|Mag|Dipl|Ing|St|Str|Nr|No|Zi|Rm|Geb|Abt|Bldg|Dept|Ext|Tel|Asst|Assoc|Mgr"
    r"|Inc|Ltd|Co|Az|Sept|approx|ca|z|bzw|ggf|evtl|zzgl|inkl|incl|etc|vs|e\.g|i\.e|a\.m|p\.m))$"
)


class Span(NamedTuple):
    """A half-open range of characters of a passage."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the mail's text. `flow` is `text` smoothed for search: same length, same places."""

    source: str  # as in Evidence.source
    text: str
    flow: str = field(default="", repr=False)

    @classmethod
    def of(cls, source: str, text: str) -> Passage:
        """The passage of a text, cut at MAX_PASSAGE."""
        text = text[:MAX_PASSAGE]
        flow = _without_urls(text).translate(_PLAIN)
        return cls(source, text, flow if source == "signature" else _unwrap(flow))

    def evidence(self, name: str, span: Span) -> Evidence:
        """The words of that span as they stand in the mail, as evidence for the field."""
        quote = self.text[span.start : span.end].strip()
        return Evidence(name, quote[:MAX_QUOTE].rstrip(), self.source)

    def sentence(self, at: int) -> Span:
        """The sentence (or line) around a character, as far as it reaches (see _REACH)."""
        ends, begins = _sentence_ends(self.flow)
        before = bisect.bisect_right(begins, at)
        start = begins[before - 1] if before else 0
        after = bisect.bisect_left(ends, at, before)
        end = ends[after] if after < len(ends) else len(self.flow)
        return Span(max(start, at - _REACH), min(end, at + _REACH))

    def lines(self) -> tuple[Span, ...]:
        """The lines that hold anything, without surrounding blanks, in reading order."""
        return _lines(self.flow)


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value with the words it rests on."""

    value: T
    evidence: Evidence


@lru_cache(maxsize=64)
def _sentence_ends(flow: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Where the sentences of a text end, and where what follows each begins."""
    found = [match for match in _SENTENCE_END.finditer(flow) if match[0] == "\n" or not _is_inside(flow, match.start())]
    return tuple(match.start() for match in found), tuple(match.end() for match in found)


def _is_inside(flow: str, at: int) -> bool:
    """True for the stop of an abbreviation."""
    numbered = any(_NUMBERED.match(flow, max(0, at - size)) for size in (2, 3))
    return numbered or _ABBREVIATION.search(flow, max(0, at - 6), at) is not None


@lru_cache(maxsize=64)
def _lines(flow: str) -> tuple[Span, ...]:
    return tuple(
        Span(match.start() + len(match[0]) - len(match[0].lstrip()), match.start() + len(match[0].rstrip()))
        for match in _LINE.finditer(flow)
        if match[0].strip()
    )


def _without_urls(text: str) -> str:
    """The text with web addresses blotted out, so that no name or number is read out of one."""
    if "://" not in text and "www." not in text:
        return text  # most
    return _URL.sub(lambda match: BLOT * len(match[0]), text)


def _unwrap(flow: str) -> str:
    """The text with the line breaks of hard wrapping made spaces: the next word would not have fit into the line.

    The row of a table begins a line of its own.
    """
    lines = flow.split("\n")
    widths = [len(line) for line in lines if " " in line.strip() and BLOT not in line]
    longest = max(widths, default=0)
    if longest > _WRAP_WIDTH:
        return flow
    limit = max(longest, _MIN_WRAP)
    joined = [lines[0]]
    for before, line in itertools.pairwise(lines):
        word = line.split(maxsplit=1)[:1]
        wrapped = bool(word and before.strip()) and len(before) + 1 + len(word[0]) > limit and "\t" not in line
        joined.append((" " if wrapped and not _LABEL.match(line.lstrip()) else "\n") + line)
    return "".join(joined)
