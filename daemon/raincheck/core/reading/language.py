"""Which language a mail is written in, and whether it addresses the person formally.

Owns `[language]` of `rules/reading/<lang>.toml`: function words (words that every text of the language is full of) and
the words of formal and familiar address; and `unread.toml`, the function words of languages that are only told apart,
so that nobody takes a mail for understood that was not. No library: counting function words is a thousand times
cheaper and enough.
"""

from __future__ import annotations

import re
import unicodedata
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
_PART = 2  # how far an unread language must be ahead of those that are read: a mail may be written in two
_LONG = 40  # words from which a text would show its language
_HARDLY = 0.06  # share of function words below which a long text is in none of the languages that are read
_SOME = 10  # letters that show a script
_SKIPPED = " \t\n\"'„“»("  # between a sentence's end and its first word

_URL = re.compile(r"(?:https?://|www\.|\S{1,80}@)\S{1,2000}")
_WORD = re.compile(r"(?<![\d\w])[^\W\d_]+(?:'[^\W\d_]+)?")  # not the "am" of "10am"


@dataclass(frozen=True, slots=True)
class LanguageWords:
    """What of a language's lexicon tells it apart.

    function_words are lower case. formal and familiar are the words of address: one written with a capital counts
    only with it, and not at the beginning of a sentence (German "Sie"); one in small letters counts in any case.
    name is that of a language that is not read.
    """

    function_words: frozenset[str]
    formal: frozenset[str] = frozenset()
    familiar: frozenset[str] = frozenset()
    name: str = ""

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> LanguageWords:
        """From the table `[language]`: function_words, formal, familiar, each a string of words; name."""
        function_words, formal, familiar = (
            frozenset(str(table.get(key, "")).split()) for key in ("function_words", "formal", "familiar")
        )
        return cls(function_words, formal, familiar, str(table.get("name", "")))


def detect(
    message: Message, words: Mapping[str, LanguageWords], unread: Mapping[str, LanguageWords] | None = None
) -> str | None:
    """The mail's language (two letters), decided once for the whole mail; None when nothing decides.

    words: of the languages that are read, in which a mail of two languages rather is; unread: of others. The function
    words of what the sender wrote now decide (else of what was forwarded, else with the subject); Content-Language
    breaks ties and speaks for texts too short to tell: mail clients set it by their own language.
    """
    declared = message.content_language
    newest = f"{message.subject}\n{message.newest}"
    for text in (message.newest, message.text(SegmentKind.FORWARDED), newest):
        ranking = _ranking(text, words, unread or {})
        if not ranking:
            continue
        (first, most), (_, second) = (*ranking, ("", 0))[:2]
        if most > second * _AHEAD or first == declared:
            return first
        if declared is not None and any(code == declared for code, _ in ranking):
            return declared
        return first if most > second else None
    return declared


def not_read(
    message: Message, lang: str | None, words: Mapping[str, LanguageWords], unread: Mapping[str, LanguageWords]
) -> str | None:
    """Why nobody should believe that the mail was understood, as a clause; None where it is in a language that is read,
    or has too few words to tell. lang: as `detect` found it."""
    text = f"{message.subject}\n{message.text(SegmentKind.NEWEST, SegmentKind.FORWARDED)}"
    found = _found(text)
    known = unread.get(lang or "")
    if known is not None and _told(found, known):  # not by its header alone
        return f"it is written in {known.name or lang}, which is not read yet"
    total = sum(found.values())
    foreign = total >= _LONG and all(_told(found, language) < _HARDLY * total for language in words.values())
    return "it is written in a language that is not read yet" if foreign or _other_script(text) else None


def _other_script(text: str) -> bool:
    """True where most letters are not Latin ones."""
    letters = [c for c in unicodedata.normalize("NFKC", text[:MAX_TEXT]) if c.isalpha()]
    strange = sum(c > "\u024f" and not unicodedata.name(c, "").startswith("LATIN") for c in letters)
    return strange >= _SOME and 2 * strange > len(letters)


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


def _ranking(
    text: str, words: Mapping[str, LanguageWords], unread: Mapping[str, LanguageWords]
) -> list[tuple[str, int]]:
    """Languages by the number of their function words in the text, most first; only those with enough of them."""
    found = _found(text)
    total = sum(found.values())
    counts = [(code, _told(found, language)) for code, language in words.items()]
    most = max((n for _, n in counts), default=0)
    others = ((code, _told(found, language)) for code, language in unread.items())
    counts += [(code, n) for code, n in others if n > _PART * most]
    enough = [(code, n) for code, n in counts if n >= (_ENOUGH if n < total / 4 else 2) and n >= _SHARE * total]
    return sorted(enough, key=lambda entry: -entry[1])


def _found(text: str) -> Counter[str]:
    """Every word of the text, and how often it stands there."""
    text = text[:MAX_TEXT]
    if "@" in text or "://" in text or "www." in text:
        text = _URL.sub(" ", text)
    return Counter(_WORD.findall(text.replace("’", "'").lower()))


def _told(found: Counter[str], language: LanguageWords) -> int:
    """How many of the words are function words of the language."""
    return sum(count for word, count in found.items() if word in language.function_words)
