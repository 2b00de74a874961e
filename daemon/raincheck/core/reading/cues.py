"""Cues: families of phrases with one meaning, and the scan that finds them in a text.

Owns the form in which texts are looked at (`normalise`), zones and sentences. The language in which the phrases are
written is told in `phrasemachine`. What cues mean is not known here.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from raincheck.core.reading.normal import without_smileys
from raincheck.core.reading.phrasemachine import END_OF_PARAGRAPH, PhraseMachine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_TEXT = 16_384  # characters of one text that are looked at; the point of a mail stands in its first pages
_SENTENCE_END = re.compile(rf"[.!?;{END_OF_PARAGRAPH}]")
_URL = re.compile(r"(?:https?://|www\.)\S{1,2000}")
_PARAGRAPH = re.compile(r"\n(?=[ \t]{0,20}\n)")
# A full stop that ends no sentence: inside a word or number, after an initial or title, before a small letter or digit,
# behind the figure of a day ("9. Mai"): before its language is known, so those that write a stop there share the names.
MONTH_BEHIND_STOP = (
    r"(?:J[aä]n(?:uar|ner|\.)|Feb(?:ruar|er)?|März?|Apr(?:il)?|Mai|Ju[nl]i?|Aug(?:ust)?|Sep(?:t|tember)?|Okt(?:ober)?"
    r"|Nov(?:ember)?|Dez(?:ember)?)(?!\w)"
)
_WITHIN = rf"(?=\w)|(?<=\b[A-Z]\.)|(?<=\b[A-Z][a-zß-öø-ÿ]\.)|(?<=\d\.)(?=[ \t]{{0,3}}{MONTH_BEHIND_STOP})"
_INNER_STOP = re.compile(rf"\.(?:{_WITHIN}|(?=[ \t]{{1,3}}[a-zß-öø-ÿ0-9]))")  # a plain dot in front is soon found
# Words that end with a stop, where sentences begin with small letters: a text is normalised before its language is
# known, so that they stand here, and not in a lexicon.
_SHORTENED = (
    r"mon|tues?|weds?|thu(?:r?s)?|fri|sat|sun|jan|feb|mar|apr|jun|jul|aug|sept?|oct|okt|nov|dec|dez|approx|ca|mr|mrs|ms|dr"
    r"|prof|st|no|nr|min|mins|hrs?|max|incl|inkl|bzw|evtl|ggf|tel|fr|hr|str|mo|di|mi|do|sa|so"
)
_BEHIND_SHORT = re.compile(rf"\b({_SHORTENED})\.(?=[ \t]{{1,3}}[a-zß-öø-ÿ0-9])", re.IGNORECASE)
_STOP_IN_SMALL = re.compile(  # where sentences begin with small letters
    rf"\.(?:{_WITHIN}|(?<=\d\.)(?=[ \t]{{1,3}}[a-zß-öø-ÿ])|(?=[ \t]{{1,3}}[0-9]))"
)
_BEGIN = r"(?:[a-zß-öø-ÿ]{3}[)\"]?[.!?][ \t]{1,3}|\n[ \t]{0,20}\n)"  # of a sentence, or of a paragraph
_BEGINS_SMALL = re.compile(rf"{_BEGIN}[a-zß-öø-ÿ]")
_BEGINS_BIG = re.compile(rf"{_BEGIN}[A-ZÀ-Þ]")
_PLAIN = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "\xa0": " ", "\u202f": " ", "\u2011": "-", "_": " "})


@lru_cache(maxsize=8)  # the readers of kind, lengths and times ask for the same text
def normalise(text: str) -> str:
    """The text in lower case, with plain quotes and without web addresses; every character stays in its place."""
    text = text[:MAX_TEXT].translate(_PLAIN)
    if "://" in text or "www." in text:
        text = _URL.sub(lambda m: " " * len(m[0]), text)
    text = without_smileys(text)
    if _begins_small(text):
        text = _STOP_IN_SMALL.sub(",", _BEHIND_SHORT.sub(r"\1,", text))
    else:
        text = _INNER_STOP.sub(",", text)
    text = _PARAGRAPH.sub(END_OF_PARAGRAPH, text)
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)


def _begins_small(text: str) -> bool:
    """Whether a text begins its sentences with small letters, so that a stop before one is the end of a sentence."""
    small = len(_BEGINS_SMALL.findall(text))
    return small > len(_BEGINS_BIG.findall(text))


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


class CueBook:
    """Every cue of every language, looked for in one pass (see phrasemachine)."""

    def __init__(self, cues: Iterable[tuple[Cue, Mapping[str, str]]]) -> None:
        """From cues, each with the word groups of its lexicon. Raises PhraseError."""
        said = [(cue, phrase, groups) for cue, groups in cues for phrase in cue.phrases]
        self._cues = [cue for cue, *_ in said]
        self._machine = PhraseMachine((phrase, groups) for _, phrase, groups in said)

    def find(self, text: str, zone: str) -> tuple[Hit, ...]:
        """Every cue met in the normalised text, in reading order. The text is that of the zone (see Cue.zones)."""
        met = [(self._cues[phrase], start, end) for start, end, phrase in self._machine.find(text)]
        found = [one for one in met if zone in one[0].zones]
        ends = [m.start() for m in _SENTENCE_END.finditer(text)] if found else []
        return tuple([Hit(cue, start, end, bisect.bisect_left(ends, start)) for cue, start, end in found])

    def signs(self, text: str) -> list[tuple[str, int, int]]:
        """Where in the normalised text each sign stands (half-open character ranges), in reading order: all that is
        asked of a text which is no zone of a mail."""
        cues = self._cues
        return [(cues[phrase].sign, start, end) for start, end, phrase in self._machine.find(text)]
