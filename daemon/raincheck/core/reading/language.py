"""Which language a mail is written in, and whether it addresses the person formally.

Owns `[language]` of `rules/reading/<lang>.toml`: function words (words that every text of the language is full of), the
words of formal and familiar address and the marks of a text too short for function words; and `unread.toml`, the
function words of languages that are only told apart, so that nobody takes a mail for understood that was not. No
library: counting function words is a thousand times cheaper and enough.

A mail that is wrongly called unread loses an invitation, one that is wrongly read is left in doubt anyway: so only a
mail that is clearly in another language is called unread, and nothing of it may be in one that is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from raincheck.core.model import SegmentKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raincheck.core.model import Message

MAX_TEXT = 4_096  # characters that are counted; more never change the answer
_ENOUGH = 3  # function words that a decision needs
_SHARE = 0.12  # share of all words that they must make up: below it the text is in a language without a lexicon
_AHEAD = 1.25  # how far the first must be ahead of the second to stand against the Content-Language header
_SEVERAL = 5  # function words of its own that an unread language must show
_VARIED = 4  # different ones: a street or a title repeats its "de la"
_CLEARLY = 4  # how many times those of any language that is read it must show
_OWN = 3  # function words that make a line or paragraph one in a language that is read
_MAX_PIECES = 16_384  # characters in which such a paragraph is looked for
_PARTICLES = 3  # words that may stand between two names and belong to them
_SOME = 10  # letters that show a script
_SKIPPED = " \t\n\"'„“»("  # between a sentence's end and its first word

_URL = re.compile(r"(?:https?://|www\.|\S{1,80}@)\S{1,2000}")
_WORD = re.compile(r"\b[^\W\d_]+(?:'[^\W\d_]+)?")  # not the "am" of "10am"
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_PIECE = re.compile(r"[\n\t]|(?<=[.!?]) ")  # ends of lines, cells and sentences


@dataclass(frozen=True, slots=True)
class LanguageWords:
    """What of a language's lexicon tells it apart.

    function_words are lower case. formal and familiar are the words of address: one written with a capital counts
    only with it, and not at the beginning of a sentence (German "Sie"); one in small letters counts in any case.
    marks are weekdays, months and the like that no other language has. name is that of a language that is not read.
    """

    function_words: frozenset[str]
    formal: frozenset[str] = frozenset()
    familiar: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    name: str = ""

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> LanguageWords:
        """From the table `[language]`: function_words, formal, familiar, marks, each a string of words; name."""
        function_words, formal, familiar, marks = (
            frozenset(str(table.get(key, "")).split()) for key in ("function_words", "formal", "familiar", "marks")
        )
        return cls(function_words, formal, familiar, marks, str(table.get("name", "")))


def detect(
    message: Message, words: Mapping[str, LanguageWords], unread: Mapping[str, LanguageWords] | None = None
) -> str | None:
    """The mail's language (two letters), decided once for the whole mail; None when nothing decides.

    words: of the languages that are read, in which a mail of two languages is; unread: of others. The function words
    of what the sender wrote now decide (else of what was forwarded, else with the subject); Content-Language breaks
    ties and speaks for texts too short to tell: mail clients set it by their own language.
    """
    foreign, home = _foreign(_written(message), words, unread or {})
    if foreign is not None:
        return foreign
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
    return home or declared


def not_read(
    message: Message, lang: str | None, words: Mapping[str, LanguageWords], unread: Mapping[str, LanguageWords]
) -> str | None:
    """Why nobody should believe that the mail was understood, as a clause; None where it is in a language that is read,
    or in doubt. lang: as `detect` found it."""
    text = _written(message)
    known = unread.get(lang or "")
    if known is not None and _foreign(text, words, unread)[0] == lang:  # not by its header alone
        return f"it is written in {known.name or lang}, which is not read yet"
    strange = _other_script(text) and not any(_read_in(piece, words, frozenset()) for piece in _pieces(text))
    return "it is written in a language that is not read yet" if strange else None


def _written(message: Message) -> str:
    """What the sender wrote now, without signature and footer; what was passed on where that is nothing."""
    newest = message.newest
    return newest if newest.strip() else message.text(SegmentKind.FORWARDED)


def _foreign(
    text: str, words: Mapping[str, LanguageWords], unread: Mapping[str, LanguageWords]
) -> tuple[str | None, str | None]:
    """The unread language that the text is clearly written in; else the one that is read of a piece in it, beside
    words of an unread one.

    Words that a language that is read has too count for neither; names and addresses, which are foreign in every
    language, do not count.
    """
    cut = text[:MAX_TEXT]
    said = _said(cut, [language.function_words for language in unread.values()])
    total = sum(said.values())
    strange = {word for word, n in said.items() if n}  # of a mail, fewer words than the languages have
    for language in words.values():
        strange = strange - language.function_words - language.marks
    most, best = 0, ""
    for code, language in unread.items():
        own = strange & language.function_words
        count = sum(map(said.__getitem__, own))
        if count > most and count >= _SEVERAL and len(own) >= _VARIED and count >= _SHARE * total:
            most, best = count, code
    if not best:
        return None, None
    theirs = unread[best].function_words
    alone = theirs.difference(*(language.function_words | language.marks for language in words.values()))
    home = next(filter(None, (_read_in(piece, words, alone) for piece in _pieces(text))), None)
    found = _found(cut)
    rival = max((_told(found, (it.function_words | it.marks) - theirs) for it in words.values()), default=0)
    clearly = home is None and (not rival or most >= _CLEARLY * (rival + 1))
    return best if clearly else None, home


def _read_in(piece: str, words: Mapping[str, LanguageWords], theirs: frozenset[str]) -> str | None:
    """The language that is read of a line, sentence or paragraph: by a weekday or month of it, or function words, and
    more of them than there are of the other language's own (`theirs`)."""
    found = _found(piece)
    foreign = _told(found, theirs)
    best, most = None, foreign
    for code, language in words.items():
        marked = _told(found, language.marks)
        own = _told(found, language.function_words - theirs)
        if own + marked > most and (marked or own >= _OWN):
            best, most = code, own + marked
    return best


def _pieces(text: str) -> list[str]:
    """Every paragraph of the text, and every line, cell and sentence."""
    paragraphs = _PARAGRAPH.split(text[:_MAX_PIECES])
    return [*paragraphs, *(piece for piece in _PIECE.split(text[:_MAX_PIECES]) if piece)]


def _said(text: str, particles: Sequence[frozenset[str]]) -> Counter[str]:
    """The words of the text without names: those with a capital, save the first of a sentence that no second one
    follows, and the particles of any language between two of them ("Maria do Carmo")."""
    said: Counter[str] = Counter()
    for line in _without_addresses(text).replace("’", "'").split("\n"):
        name = -1  # where the last one ends
        matches = list(_WORD.finditer(line))
        for place, match in enumerate(matches):
            word = match[0]
            if word[0].islower():
                said[word] += 1
                continue
            between = line[name : match.start()].split() if name >= 0 else []
            if len(between) <= _PARTICLES and all(any(word in each for each in particles) for word in between):
                said.subtract(between)
            follower = matches[place + 1][0] if place + 1 < len(matches) else word
            if line[: match.start()].rstrip(_SKIPPED)[-1:] in (".", "!", "?", "") and follower[0].islower():
                said[word.lower()] += 1
            name = match.end()
    return said


def _other_script(text: str) -> bool:
    """True where most letters are not Latin ones."""
    if text.isascii():
        return False
    letters = [c for c in unicodedata.normalize("NFKC", text[:MAX_TEXT]) if c.isalpha()]
    strange = sum(c > "\u024f" and not unicodedata.name(c, "").startswith("LATIN") for c in letters)
    return strange >= _SOME and 2 * strange > len(letters)


def formality(text: str, words: LanguageWords) -> bool | None:
    """True for formal address (Sie, vous, usted …), false for familiar, None where neither shows."""
    if not (words.formal or words.familiar):
        return None
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
    found = _found(text)
    total = sum(found.values())
    counts = ((code, _told(found, language.function_words)) for code, language in words.items())
    enough = [(code, n) for code, n in counts if n >= (_ENOUGH if n < total / 4 else 2) and n >= _SHARE * total]
    return sorted(enough, key=lambda entry: -entry[1])


def _found(text: str) -> Counter[str]:
    """Every word of the text, and how often it stands there."""
    return Counter(_WORD.findall(_without_addresses(text[:MAX_TEXT]).replace("’", "'").lower()))


def _without_addresses(text: str) -> str:
    return _URL.sub(" ", text) if "@" in text or "://" in text or "www." in text else text


def _told(found: Counter[str], function_words: frozenset[str]) -> int:
    """How many of the words are among these."""
    return sum(map(found.__getitem__, function_words.intersection(found)))
