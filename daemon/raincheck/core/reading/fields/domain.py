"""What the sender's domain tells of a company: how far a name is like it, and the name that it makes by itself.

A domain shortens (bfgd, unispital-limmatau), leaves out umlauts and blanks, and adds words that make a domain of a
name (getheron). Which of the names it is, `company` says.
"""

from __future__ import annotations

import re
from collections import ChainMap
from functools import lru_cache
from typing import TYPE_CHECKING

from raincheck.core.reading.fields.names import fits_domain, spellings, squashed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raincheck.core.reading.fields.sender import Sender
    from raincheck.core.reading.fields.text import Passage
    from raincheck.core.reading.fields.words import FieldWords, Names

SAME = 0.75  # likeness to the domain from which a name is the sender's own
OWN_NAME = 0.9  # likeness to the domain of a name that is that of its owner
OWN_HOUSE = 0.7  # likeness to the domain from which what may be a person is a house
PART_OF_NAME = 4  # letters of either part of a domain that is parted
PART_OF_DOMAIN = 5  # letters of a name with which the domain begins
WHOLE = 4  # letters of a part of a domain that is no abbreviation
LETTERS = 3  # letters of an abbreviation
_SPANNED = 0.85  # likeness of a name that begins like each part of the domain
_SHORT_LABEL = 5  # letters of a domain that may be an abbreviation as a whole
_BEGUN = 6  # letters of a part of a domain with which a word of a name begins
_MAX_LABEL, _MAX_WORD = 40, 16  # letters of a domain that is parted, of a word in it
_WORDS = re.compile(r"[^\W_]+")
_ARTICLE = re.compile(r"the(?![amors]|lm|t)\w{5}")  # "thegranary", but "theatre"
_MARKED = re.compile(r"(?<!\w)[A-ZÄÖÜ][a-z]{0,20}[äöüßåæøé][a-zäöüß]{0,20}(?!\w)|(?<!\w)[ÄÖÜ][a-z]{1,30}(?!\w)")
_UMLAUT = re.compile("[äöüß]")


def likeness(name: str, sender: Sender) -> float:
    """How much a name is like the sender's domain, also where one of them is abbreviated; 0 for strangers."""
    if not sender.label or sender.address is None:
        return 0.0
    best = fits_domain(name, sender.label)
    if best >= SAME:
        return best
    if spans(name, sender.label):
        return _SPANNED
    for label in sender.address.domain.split(".")[:-1]:
        if len(label) > 4 and label != sender.label:
            best = max(best, fits_domain(name, label) * 0.9)
    return max(best, _abbreviated(name, sender.label))


def _abbreviated(name: str, label: str) -> float:
    """Likeness of a name to a domain of shortened words (unispital-limmatau) or of single letters (bfgd)."""
    words = [word for word in _WORDS.findall(name) if squashed(word)]
    parts = [part for part in label.lower().split("-") if part]
    if len(words) < 2 and len(parts) < 2:
        return 0.0  # most
    first = "".join([squashed(word)[0] for word in words])
    if len(parts) > 1 and any(part[0] in first for part in parts):
        ways = {way for word in words for way in spellings(word)}
        known = [part for part in parts if any(_shortens(part, way) for way in ways)]
        if any(len(part) >= WHOLE and any(way.startswith(part) for way in ways) for part in known):
            return 0.65 if len(known) == len(parts) else 0.4
    if len(words) < 2:
        return 0.0
    if any(len(part) >= LETTERS and first.startswith(part) for part in parts):
        return 0.6
    target = squashed(label)
    return 0.3 if LETTERS <= len(target) <= _SHORT_LABEL and _is_within(target, squashed(name)) else 0.0


@lru_cache(maxsize=1024)  # a name is asked for again where another may be its rival
def spans(name: str, label: str) -> bool:
    """True when each part of a domain begins like a word of the name, or ends with a long one: "Sonnenwende Tirol" of
    sonnen-tirol, "Lough Garrow Co-op" of lochgarrow-coop; a few letters may shorten what stands before a part that is
    written out: "Grundschule Am Moor" of gs-ammoor and of gsammoor."""
    words = _WORDS.findall(name)
    parts = [part for part in label.lower().split("-") if part] if "-" in label else _parted(words, label.lower())
    if len(parts) < 2:
        return False
    plain = [squashed(word) for word in words]
    long = tuple([word for word in plain if len(word) >= _BEGUN])
    begun = {word[:1] for word in plain}
    if not all(part[0] in begun or part.endswith(long) for part in parts):
        return False  # most
    ways = [way for at in range(len(words)) for way in spellings("".join(words[at:]))]
    single = {way for word in words for way in spellings(word)}
    whole = any(len(part) >= PART_OF_DOMAIN and part in ways and part not in single for part in parts)
    return all(
        part.endswith(long)
        or any(way.startswith(part[:_BEGUN]) for way in ways)
        or (whole and len(part) <= WHOLE and any(_shortens(part, way) for way in ways))
        for part in parts
    )


def _parted(words: Sequence[str], label: str) -> Sequence[str]:
    """A domain without hyphens, parted behind a few letters that shorten the beginning of a name whose end is the rest:
    gs, ammoor."""
    if len(words) < 2 or not any(label.endswith(way) for way in spellings(words[-1])):
        return ()
    for at in range(1, len(words)):
        size = next((len(label) - len(way) for way in spellings("".join(words[at:])) if label.endswith(way)), 0)
        if not (1 < size <= WHOLE and len(label) - size >= PART_OF_DOMAIN):
            continue
        if any(_shortens(label[:size], way) for way in spellings("".join(words[:at]))):
            return label[:size], label[size:]
    return ()


def initials(name: str) -> str:
    """The first letters of a name of three words and more."""
    words = [word for word in _WORDS.findall(name) if word[0].isupper()]
    return squashed("".join(word[0] for word in words)) if len(words) >= LETTERS else ""


def _shortens(part: str, word: str) -> bool:
    """True when the letters of a part stand in a word in their order, its first letter first."""
    return bool(word) and part[0] == word[0] and _is_within(part, word)


def _is_within(part: str, word: str) -> bool:
    rest = iter(word)
    return bool(word) and part[:1] == word[:1] and all(letter in rest for letter in part)


def name_of(sender: Sender, words: Sequence[FieldWords], names: Names, passages: Sequence[Passage]) -> str | None:
    """The company that the sender's own domain names: klima-institut.example -> Klima Institut.

    Its words are written as the mail writes them: kaefer -> Käfer, where somebody of that name signs.
    """
    if not sender.label or sender.address is None:
        return None
    labels = [label for label in re.split(r"[-_]", sender.label) if label]
    if "the" in words[0].grammar.articles and _ARTICLE.match(labels[0]):
        labels[:1] = ["the", labels[0][3:]]
    labels = [_without_affix(label, passages, names) for label in labels]
    parted = len(sender.label) > len(labels[0]) + 1 and labels[0] != "the"  # hyphens part all of it
    parts = [part for label in labels for part in ((label,) if parted else _divided(label, words, names))]
    texts = (sender.address.display_name, *(passage.flow for passage in passages))
    marked = {word for text in texts if not text.isascii() for word in _MARKED.findall(text)}
    own = {way: word for word in marked for way in spellings(word)}
    written: Mapping[str, str] = ChainMap(own, _with_umlauts(names.common))
    return " ".join(
        word
        if any(char.isdigit() for char in word) and len(word) < 4
        else written.get(word, word if word == "and" else word.capitalize())
        for word in parts
    )


def _without_affix(label: str, passages: Sequence[Passage], names: Names) -> str:
    """The label without a word that only makes a domain of it, where the mail writes the rest: getheron -> Heron."""
    rests = [label[size:] for size in range(3, len(label)) if label[:size] in names.domain_words]
    rests += [label[:-size] for size in range(2, len(label)) if label[-size:] in names.domain_words]
    for rest in rests:
        if len(rest) >= PART_OF_NAME and any(_is_written(rest, passage) for passage in passages):
            return rest
    return label


def _is_written(name: str, passage: Passage) -> bool:
    if name not in passage.flow.lower():
        return False  # most: an expression for each name is dear
    return re.search(rf"(?<![\w@./-]){re.escape(name)}(?![\w@./-])", passage.flow, re.IGNORECASE) is not None


@lru_cache(maxsize=4)
def _with_umlauts(common: frozenset[str]) -> dict[str, str]:
    """The words of any sentence that have an umlaut, by how a domain spells them: sued -> Süd."""
    marked = [word for word in common if _UMLAUT.search(word)]
    return {way: word.capitalize() for word in marked for way in spellings(word) if way not in common}


def _divided(label: str, words: Sequence[FieldWords], names: Names) -> tuple[str, ...]:
    """A label of a domain, parted where all of it is words, or before the noun that it ends with: lagoon media."""
    whole = _words_of(label, words, names)
    if whole:
        return whole
    for language in words:
        if language.company_ends or label in language.company_nouns:
            continue  # a language that writes compounds in one word
        for size in range(len(label) - PART_OF_NAME, PART_OF_NAME - 1, -1):
            if label[-size:] in language.company_nouns and label[:-size].endswith("and"):
                return *_divided(label[: -size - 3], words, names), "and", label[-size:]  # thwaiteandsons
            if {label[-size:], label[-size:].removesuffix("s")} & language.company_nouns:
                return *(_words_of(label[:-size], words, names) or (label[:-size],)), label[-size:]
    return (label,)


def _words_of(label: str, words: Sequence[FieldWords], names: Names) -> tuple[str, ...]:
    """The words that a label is made of, the longest first ones; none where it is one word, or not of words alone."""
    if words[0].company_ends or not label.isalpha() or len(label) > _MAX_LABEL:
        return ()  # a language that writes compounds in one word
    ends: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(label) + 1):
        sizes = range(min(end, _MAX_WORD), 2, -1)
        parts = ((ends[end - size], label[end - size : end]) for size in sizes)
        found = [(*before, part) for before, part in parts if before is not None and _is_word(part, words, names)]
        ends.append(min(found, key=len, default=None))
    whole = ends[-1]
    return whole if whole and len(whole) > 1 else ()


def _is_word(part: str, words: Sequence[FieldWords], names: Names) -> bool:
    known = part in names.common or part in words[0].company_nouns
    return known and (len(part) >= PART_OF_NAME or part in words[0].grammar.links or part in words[0].company_nouns)
