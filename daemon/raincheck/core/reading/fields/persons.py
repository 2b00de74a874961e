"""What looks like a person's name, on a line of its own or in running text.

Owns the shape of such names: titles before, degrees behind, particles inside, and words that none of them holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from raincheck.core.reading.fields.names import skip
from raincheck.core.reading.fields.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_NAME = 40  # characters
CAPITAL = re.compile(r"(?<![\w'@.-])[^\W\d_a-zß-öø-ÿ][\w'.-]{0,30}")  # with which a name may begin

_PERSON_WORD = re.compile(r"[^\W\d_](?:\.|(?:[^\W\d_]|['-](?=[^\W\d_])){1,30})?(?!\w)")
_ASIDE = re.compile(r"\([^()]{0,40}\)")
_PARTING = re.compile(r",|\t| [-–—|/·•] ")
_DATED = re.compile(r"\W*[^\W\d_]+\.?,\s*\d")  # "Wed, 3 Feb 2027"
_KISSES = re.compile(r"(?<=\w)[ ,.!]{1,4}[xX]{1,4}$")  # "Bex xx"
_TITLE = re.compile(r"([^\W\d_]{1,12}(?:\.[^\W\d_]{1,2})?)\.?[ ]{1,3}(?:med\.[ ])?")  # "Dr. ", "Mag.a "


@dataclass(frozen=True, slots=True, eq=False)
class PersonWords:
    """What helps to tell a person's name; all words in lower case.

    titles stand before it, degrees behind it, particles inside it; others are words that no person's name holds,
    unless they are among the surnames: occupations that families bear. articles: particles that stand behind another
    one, or a known given name ("van der", "Jan den Uyl"). ends: how compounds end that name a firm or an
    office; forms: legal forms of two letters; given: with what a person's name begins; common: words of any sentence.
    """

    titles: frozenset[str]
    degrees: frozenset[str]
    particles: frozenset[str]
    others: frozenset[str]
    surnames: frozenset[str] = frozenset()
    ends: tuple[str, ...] = ()
    forms: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()

    def is_given(self, name: str) -> bool:
        """True for what begins with a known given name, or with the first part of one: "Jo Ray", "Jo-Ann Ray"."""
        first = name.split(maxsplit=1)[0].lower() if name else ""
        return first in self.given or first.partition("-")[0] in self.given

    def forbids(self, word: str, *, first: bool) -> bool:
        """True for a word that no name holds, or that none begins with."""
        if len(word) == 2 and word[1] == ".":
            return False  # an initial
        word = word.lower().rstrip(".")
        if not first and word in self.surnames:
            return False
        last = word.rpartition("-")[2]
        compound = word.endswith(self.ends) and word not in self.surnames
        return word in self.others or compound or (last != word and last in self.others)


@lru_cache(maxsize=4096)
def person(text: str, words: PersonWords, *, single: bool = False) -> str | None:
    """The person's name that a text (a line, a display name) consists of, without titles and degrees; else None.

    A single word counts only where the caller says so.
    """
    if not single and "(" not in text and len(text.split(maxsplit=1)) < 2:
        return None
    parts = _person_parts(text, words)
    if len(parts) == 1 and _DATED.match(text):
        return None
    if not parts or len(parts) > 5 or (len(parts) == 1 and not single):
        return None
    real = [part for at, part in enumerate(parts) if part.lower() not in words.particles or _begins(at, part, words)]
    if not real:
        return None
    for part in real:
        if not part[0].isupper() or not _PERSON_WORD.fullmatch(part):
            return None
        if part.endswith("'s"):
            return None  # "Vergelt's Gott", "Jo's Bakery"
    family = len(real) > 1 and _is_initial(real[-2]) and _is_titled(text, words)
    for index, part in enumerate(real[:-1] if family else real):
        if words.forbids(part, first=not index):
            return None
    if (
        not words.articles.isdisjoint(parts)
        and any(part in words.articles and before.lower() not in words.particles for before, part in pairwise(parts))
        and not words.is_given(parts[0])
    ):
        return None  # "Angabe der Geschäftszahl"
    if any(len(part) == 2 and part.isupper() and part.lower() in words.forms for part in real[1:]):
        return None  # "Heron AG"
    if len(real) == 1 and parts[0].lower() in words.particles and real[0] != parts[0]:
        return None  # "von Solvanta" is where somebody comes from, "Der Dekan" an office
    if not any(len(part) > 2 for part in real) and not (len(real) == 1 and real[0][1:].islower()):
        return None
    if len(real) > 3 and all(part.isupper() and len(part) > 3 for part in real):
        return None
    return " ".join(parts)


def _is_initial(part: str) -> bool:
    """True for a letter that stands for a given name: "J.", "J"."""
    return len(part.removesuffix(".")) == 1 and part[0].isupper()


def _is_titled(text: str, words: PersonWords) -> bool:
    """True for a name with a title before it: what stands behind initials then is a family's, "Mrs J. Thatcher"."""
    parts = text.strip(" \t*").split()
    return len(parts) > 1 and is_title(parts, words)


def _begins(at: int, part: str, words: PersonWords) -> bool:
    """True for a particle that is the given name where it stands first: "Jun Park"."""
    return not at and part[0].isupper() and words.is_given(part)


def _person_parts(text: str, words: PersonWords) -> list[str]:
    text = _PARTING.split(_ASIDE.sub(" ", text) if "(" in text else text, maxsplit=1)[0]
    text = text.replace("\xa0", " ").strip(" \t.,;:!-–—*~\"'")
    parts = (_KISSES.sub("", text) if text[-1:] in "xX" else text).split()
    while len(parts) > 1 and not any(map(str.isalnum, parts[-1])):
        parts = parts[:-1]  # an emoji
    while parts and is_title(parts, words):
        parts = parts[1:]
    while len(parts) > 1 and parts[-1].lower().replace(".", "") in words.degrees:
        parts = parts[:-1]
    while len(parts) > 2 and parts[-1][:2].isupper() and len(parts[-1]) > 2 and not parts[0][:2].isupper():
        parts = parts[:-1]  # letters of a chamber or society: "CEng MICE"
    return parts


def is_title(parts: Sequence[str], words: PersonWords) -> bool:
    """True for a title before a name; one that is a particle by its letters has capitals alone: "DI Jo Ray", not "Di
    Marco"."""
    title = parts[0].lower().replace(".", "")
    if title not in words.titles:
        return False
    return title not in words.particles or (parts[0].isupper() and len(parts) > 1 and not parts[1].isupper())


def persons(flow: str, at: int, words: PersonWords, stop: Iterable[str]) -> Span | None:
    """The person's name that begins at a place of running text, titles included in the way but not in the span."""
    stop_words = frozenset(stop)
    at = skip(flow, at)
    for _ in range(3):
        match = _TITLE.match(flow, at)
        if match is None or not is_title([match[1], flow[match.end() : match.end() + 2]], words):
            break
        at = match.end()
    start = end = after = at
    for count in range(5):
        begin = skip(flow, after)
        word = _PERSON_WORD.match(flow, begin)
        if word is None or (count and begin == after and flow[after - 1] != "."):
            break
        lower = word[0].lower().rstrip(".")
        if lower in words.particles and count:
            after = word.end()  # part of the name only when more of it follows
            continue
        if lower in stop_words or words.forbids(lower, first=not count) or not word[0][0].isupper():
            break
        end = after = word.end()
    text = flow[start:end]
    return Span(start, end) if text and person(text, words, single=True) else None
