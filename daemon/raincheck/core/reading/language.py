"""Which language a mail is written in, and whether it addresses the person formally.

Owns `[language]` of `rules/reading/<lang>.toml`: function words (words that every text of the language is full of) and
the words of formal and familiar address. No library: counting function words is a thousand times cheaper and enough.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from raincheck.core.model import SegmentKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raincheck.core.model import Message

MAX_TEXT = 4_096  # characters that are counted; more never change the answer
_ENOUGH = 3  # function words that a decision needs
_SHARE = 0.12  # share of all words that they must make up: below it the text is in a language without a lexicon
_AHEAD = 1.25  # how far the first must be ahead of the second to stand against the Content-Language header
_SKIPPED = " \t\n\"'„“»("  # between a sentence's end and its first word

_URL = re.compile(r"(?:https?://|www\.|\S{1,80}@)\S{1,2000}")
_WORD = re.compile(r"(?<![\d\w])[^\W\d_]+(?:'[^\W\d_]+)?")  # not the "am" of "10am"


@dataclass(frozen=True, slots=True)
class LanguageWords:
    """What of a language's lexicon tells it apart.

    function_words are lower case. formal and familiar are the words of address: one written with a capital counts
    only with it, and not at the beginning of a sentence (German "Sie"); one in small letters counts in any case.
    """

    function_words: frozenset[str]
    formal: frozenset[str] = frozenset()
    familiar: frozenset[str] = frozenset()

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> LanguageWords:
        """From the table `[language]`: function_words, formal, familiar, each a string of words."""
        return cls(*(frozenset(str(table.get(key, "")).split()) for key in ("function_words", "formal", "familiar")))


def detect(message: Message, words: Mapping[str, LanguageWords]) -> str | None:
    """The mail's language (two letters), decided once for the whole mail; None when nothing decides.

    The function words of what the sender wrote now decide (else of what was forwarded, else with the subject);
    Content-Language breaks ties and speaks for texts too short to tell: mail clients set it by their own language.
    """
    declared = message.content_language
    newest = f"{message.subject}\n{message.newest}"
    for text in (message.newest, message.text(SegmentKind.FORWARDED), newest):
        ranking = _ranking(text, words)
        if not ranking:
            continue
        (first, most), (_, second) = (*ranking, ("", 0))[:2]
        if most > second * _AHEAD or first == declared:
            return first
        if declared is not None and any(code == declared for code, _ in ranking):
            return declared
        return first if most > second else None
    return declared


def formality(text: str, words: LanguageWords) -> bool | None:
    """True for formal address (Sie, vous, usted …), false for familiar, None where neither shows."""
    text = text[:MAX_TEXT].replace("’", "'")
    formal = familiar = 0
    either = {word.lower() for word in words.formal | words.familiar}
    for match in _WORD.finditer(text):
        if match[0].lower() in either:  # few words
            formal += _addresses(match, text, words.formal)
            familiar += _addresses(match, text, words.familiar)
    return None if formal == familiar else formal > familiar


def _addresses(match: re.Match[str], text: str, address: frozenset[str]) -> bool:
    word = match[0]
    if word.lower() in address:
        return True
    return word in address and text[: match.start()].rstrip(_SKIPPED)[-1:] not in (".", "!", "?", ":", "")


def _ranking(text: str, words: Mapping[str, LanguageWords]) -> list[tuple[str, int]]:
    """Languages by the number of their function words in the text, most first; only those with enough of them."""
    text = text[:MAX_TEXT]
    if "@" in text or "://" in text or "www." in text:
        text = _URL.sub(" ", text)
    found = Counter(_WORD.findall(text.replace("’", "'").lower()))
    total = sum(found.values())
    counts = [
        (code, sum(count for word, count in found.items() if word in language.function_words))
        for code, language in words.items()
    ]
    enough = [(code, n) for code, n in counts if n >= (_ENOUGH if n < total / 4 else 2) and n >= _SHARE * total]
    return sorted(enough, key=lambda entry: -entry[1])
