"""Phrases with a blank: `for the <job> of {role}`, `{company} is looking for`, `you will be talking to`.

Owns this small language of the tables `[fields]` and its compilation. A phrase is a row of words; case and the kind of
blank between words do not count::

    for (the|our) position [of|as] {role}    alternatives, optional words, and the blank that is to be filled
    the <job> as {role}                      a word group of the table `words`, alternatives separated by |
    reschedul*                               any word with that beginning; *termin any with that end
    our * office   floor #                   any one word; a number
    office \\( {place}                        a bracket that stands in the text

What fits into a blank is not known here: the caller walks from the phrase's edge. A phrase stays within a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_BLANK = re.compile(r"\{(\w+)\}")
_TOKEN = re.compile(r"\\[()\[\]|]|<\w+>|[()\[\]|]|[^\s()\[\]|<>]+")
_GROUP = re.compile(r"<(\w+)>")
_ANY = {"*": r"(?<!\w)\w[\w'-]{0,40}[ ]{0,8}", "#": r"(?<!\w)\d{1,7}(?!\w)[ ]{0,8}"}
_CLASS = {"(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|"}


class PhraseError(ValueError):
    """A phrase of the lexicon that cannot be read; the text names it."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A phrase around one blank: what stands before and after it. Either may be missing, not both."""

    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    weight: float


def blanks(phrases: Iterable[str], words: Mapping[str, str], weight: float) -> tuple[Blank, ...]:
    """Compiles phrases that hold exactly one blank. Raises PhraseError."""
    return tuple(_blank(phrase, words, weight) for phrase in phrases)


def matcher(phrases: Iterable[str], words: Mapping[str, str]) -> re.Pattern[str]:
    """One expression that finds any of the phrases (without blanks); it finds nothing when there are none."""
    parts = [_source(phrase, words) for phrase in phrases]
    return _compiled("|".join(parts)) if parts else re.compile(r"(?!)")


def _blank(phrase: str, words: Mapping[str, str], weight: float) -> Blank:
    before, *rest = _BLANK.split(phrase)
    if len(rest) != 2 or not (before.strip() or rest[1].strip()):
        raise PhraseError(f"the phrase {phrase!r} needs one blank such as {{role}} and words beside it")
    return Blank(*(_compiled(_source(part, words)) if part.strip() else None for part in (before, rest[1])), weight)


def _compiled(source: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(source, re.I)
    except re.error as problem:
        raise PhraseError(f"unbalanced brackets in a phrase: {problem}: {source[:200]}") from problem
    if pattern.match(""):
        raise PhraseError(f"a phrase that fits everywhere: {source[:200]}")
    return pattern


def _source(phrase: str, words: Mapping[str, str]) -> str:
    return "".join(_pieces(phrase, words))


def _pieces(phrase: str, words: Mapping[str, str]) -> Iterator[str]:
    for match in _TOKEN.finditer(phrase):
        token = match[0]
        if group := _GROUP.fullmatch(token):
            if group[1] not in words:
                raise PhraseError(f"the phrase {phrase!r} uses an unknown word group <{group[1]}>")
            yield f"(?:{_source(words[group[1]], words)})"
        elif token in _CLASS:
            yield _CLASS[token]
        else:
            yield _word(token)


def _word(token: str) -> str:
    if token in _ANY:
        return _ANY[token]
    if token.startswith("\\"):
        return re.escape(token[1:]) + "[ ]{0,8}"
    body = re.escape(token.strip("*"))
    start = r"\w{0,40}" if token.startswith("*") else r"(?<!\w)" if token[0].isalnum() else ""
    end = r"\w{0,40}" if token.endswith("*") else r"(?!\w)" if token[-1].isalnum() else ""
    return f"{start}{body}{end}[ ]{{0,8}}"
