"""Names in running text: how far a role's or company's name reaches.

Owns the walk over words from the edge of a phrase, by structure (capitals, connecting words, brackets, quotes) and by
the word lists of `rules/reading`; and the comparison of names with each other and with a domain.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from raincheck.core.reading.fields.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from raincheck.core.reading.fields.phrase import Phrase

WORD = re.compile(
    r"(?:Gebr|Dipl|Sr|Jr|Snr|Jnr|Asst|Assoc|Exec|Stv|Stellv|stellv|stv|Wiss|wiss|Techn|techn|Kaufm|kaufm|f|u)\.(?=[ ])"
    r"|[^\W_](?:[\w'+#.-]{0,60}[\w+#])?(?:(?:[/:*]-?|/-)(?:in|innen|frau|r|e|n)(?!\w)|\((?:in|r|e|n)\))?"
    r"(?:-(?=[ ][^\W\d_]{1,4}[ ][^\W\d_]))?|\.NET\b"  # "Gesundheits- und Krankenpfleger"
)
_GAP = re.compile(r"[ ]{0,4}(?:([/&+|:]|[-–—](?=[ ]))[ ]{0,4})?")
_COMMA = re.compile(r"(),[ ](?=[^\W\d_a-zß-öø-ÿ])")  # before a field of work; its empty group is no sign of a gap
_BRACKET = re.compile(r"[ ]{0,2}\(([^()\n]{1,40})\)")
_GENDER = re.compile(
    r"\b(?:[mwfdxi](?:/[mwfdxi]){1,3}|m/[wf]/div(?:erse)?\.?|all genders|gn|div)\b"
    r"|^[mwfdxi](?:[|, *]{1,2}[mwfdxi]){1,2}$",
    re.IGNORECASE,
)
_BARE_GENDER = re.compile(r"[ ]{0,2}(?:[mwfdxi](?:[/|][mwfdxi]){2})(?!\w)", re.IGNORECASE)
_QUOTE = re.compile(r"""["']([^"\n]{2,90}?)["'](?!\w)""")
_SKIP = re.compile(r"[ :*]{0,4}")
_MAXWORDS = 9
_PIECE = 3  # letters of a word that a domain must hold
_BEGUN = 6  # letters of a name's end with which a domain begins
_PART = re.compile(r"[^\W\d_]{3,40}")
_RUN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """What bounds a name in one language; all words in lower case.

    stop: words no name goes over; connectors: words inside a name, before a capital; articles: words skipped in front;
    heads: nouns that a role may end with, also in small letters; suffixes: how other such nouns end; no_heads: words
    with such an end that are none.
    """

    stop: frozenset[str]
    connectors: frozenset[str]
    articles: frozenset[str]
    heads: frozenset[str]
    suffixes: frozenset[str]
    no_heads: frozenset[str] = frozenset()
    indefinite: frozenset[str] = frozenset()  # those of the articles that name what is not known yet
    possessive: frozenset[str] = frozenset()  # and those of somebody's own people: our cook
    qualities: frozenset[str] = frozenset()  # how adjectives end that belong to a role: wissenschaftliche
    joins_article: frozenset[str] = frozenset()  # those of the joins after which a role goes on with an article only
    scholars: frozenset[str] = frozenset()  # occupations that go on with "in" and a subject: Fellow in Acoustics
    inside: frozenset[str] = frozenset()  # that "in"
    aides: frozenset[str] = frozenset()  # occupations that go on with "to" and somebody: Assistant to the Director
    aide_to: frozenset[str] = frozenset()  # that "to"
    joins: frozenset[str] = frozenset()  # words after which a role may go on: Professor for, Head of
    links: frozenset[str] = frozenset()  # words inside the name of a company: Bank of Westmere
    nouns_capital: bool = False  # a capital does not make a name
    joins_always: frozenset[str] = frozenset()  # those behind which stands a part of the name: Teacher of, and
    joins_tight: frozenset[str] = frozenset()  # those without what follows which the name is none: Chef de Rang
    trades: frozenset[str] = frozenset()  # words of the talk that also belong to an occupation: Application Engineer
    trade_heads: frozenset[str] = (
        frozenset()
    )  # with what such an occupation goes on: "Application Engineer", "Call Centre"
    coordinators: frozenset[str] = frozenset()  # "and" between words of one name
    name_links: frozenset[str] = frozenset()  # of any language, between capitals: Musée des Landes
    name_articles: frozenset[str] = frozenset()  # the same behind one of those only: Huis van der Lund

    @lru_cache(maxsize=8192)  # noqa: B019 - a lexicon lives as long as the process
    def is_head(self, word: str) -> bool:
        """True for a word that names an occupation."""
        word = word.lower().rstrip(".")
        if word in self.heads or not self.suffixes:
            return word in self.heads
        return word not in self.no_heads and any(word[at:] in self.suffixes for at in range(len(word)))

    @lru_cache(maxsize=8192)  # noqa: B019
    def is_quality(self, word: str) -> bool:
        """True for an adjective that belongs to the role behind it."""
        word = word.lower()
        return bool(self.qualities) and any(word[at:] in self.qualities for at in range(len(word)))


@lru_cache(maxsize=64)
def words_in(flow: str) -> tuple[re.Match[str], ...]:
    """The words of a text: houses and occupations are sought among the same."""
    return tuple(WORD.finditer(flow))


def gender_marks(flow: str) -> Iterator[int]:
    """Where marks such as "(m/w/d)" begin: right behind the name of a role."""
    if "(" in flow:
        for match in _BRACKET.finditer(flow):
            if is_gender_mark(match[1]):
                yield match.start()
    if "/" in flow or "|" in flow:
        for match in _BARE_GENDER.finditer(flow):
            if match[0].startswith(" "):
                yield match.start()


def is_gender_mark(text: str) -> bool:
    """True for what stands in the brackets of "(m/f/d)", "(w/m/d)", "(all genders)"."""
    return _GENDER.search(text) is not None


def forward(flow: str, at: int, grammar: Grammar, after: Phrase | None = None) -> Span | None:
    """The name that begins at a place. With `after`, only one that reaches to where that expression matches."""
    if after is not None and after.is_nowhere(flow, at):
        return None
    start = _first(flow, at, grammar)
    quoted = _QUOTE.match(flow, start)
    if quoted and (after is None or after.match(flow, skip(flow, quoted.end()))):
        return _trimmed_span(flow, quoted.start(1), quoted.end(1))
    end = at = start
    capital = False
    text = ""
    for count in range(_MAXWORDS):
        gap = _GAP.match(flow, at)
        assert gap is not None
        if count and after is not None and grammar.is_head(text):
            gap = _COMMA.match(flow, at) or gap  # "the Director, Network Planning position"
        if count and after is not None and after.match(flow, gap.end()):
            return Span(start, end)
        word = WORD.match(flow, gap.end())
        if word is None or (count and gap[1] in ("|", ":", "-", "–", "—") and after is None) or (not count and gap[1]):
            break
        text = word[0]
        if count and text.lower() in grammar.inside and _is_subject(flow, at, word, grammar):
            at = end = word.end()
            continue
        if count and after is not None and text.lower() in grammar.articles:
            return None  # "your profile for the QA Engineer opening": the phrase begins again at the article
        ended = count and not capital and after is None and grammar.is_head(flow[start:end].rpartition(" ")[2])
        if ended and not grammar.is_head(text) and text[0].islower():
            break  # "barista for weekends": an occupation in small letters ends the name
        if not _belongs(flow, word, grammar, capital=capital, bounded=after is not None, first=not count):
            break
        capital = capital or _is_capital(text)
        at = end = word.end()
        bracket = _BRACKET.match(flow, at)
        if bracket:
            at = end = bracket.end()
            if is_gender_mark(bracket[1]) and after is None:
                break
        elif bare := _BARE_GENDER.match(flow, at):
            at = end = bare.end()
        if after is not None and after.match(flow, skip(flow, at)):
            return Span(start, end)
    if after is not None or end == start:
        return None
    return Span(start, end)


def backward(flow: str, at: int, grammar: Grammar) -> Span | None:
    """The name that ends right before a place: capitals with connecting words between them."""
    line = flow.rfind("\n", 0, at) + 1
    words = list(WORD.finditer(flow, max(line, at - 120), at))
    end = len(flow[line:at].rstrip(' "')) + line
    if flow[end - 1 : end] == ")":
        opening = flow.rfind("(", line, end)
        words = [word for word in words if word.end() <= opening]
    start: int | None = None
    edge = end
    for index in range(len(words) - 1, max(-1, len(words) - 1 - _MAXWORDS), -1):
        word = words[index]
        between = flow[word.end() : edge]
        if start is not None and not re.fullmatch(r"[ ]{0,4}[/&+]?[ ]{0,4}", between):
            break
        lower = word[0].lower()
        if lower in grammar.stop or lower in grammar.articles:
            break
        if _is_capital(word[0]) or grammar.is_head(lower):
            start = word.start()
        elif not (index and _is_capital(words[index - 1][0]) and lower in grammar.connectors) and not (
            _links_back(words, index, grammar)
        ):
            break
        edge = word.start()
    return None if start is None else Span(start, end)


def _links_back(words: Sequence[re.Match[str]], index: int, grammar: Grammar) -> bool:
    """True for a small word of any language behind a capital, with at most one other between: "Ferme de la Heron"."""
    lower = words[index][0].lower()
    if lower in grammar.stop | grammar.articles:
        return False
    if index > 1 and lower in grammar.name_links | grammar.name_articles and words[index - 1][0] in grammar.name_links:
        return _is_capital(words[index - 2][0])
    return index > 0 and lower in grammar.name_links and _is_capital(words[index - 1][0])


def _links_on(flow: str, word: re.Match[str], grammar: Grammar) -> bool:
    """True for a small word of another language before a capital, or before one more such word: "van der Lund"."""
    if word[0] not in grammar.name_links or word[0] in grammar.stop | grammar.articles:
        return False
    following = WORD.match(flow, skip(flow, word.end()))
    if following is not None and following[0] in grammar.name_links | grammar.name_articles:
        following = WORD.match(flow, skip(flow, following.end()))
    return following is not None and following[0][0].isupper() and following[0].lower() not in grammar.stop


def _is_behind_link(flow: str, at: int, grammar: Grammar) -> bool:
    """True for a place behind a small word of any language: the second of "van der"."""
    return flow[:at].rstrip().rpartition(" ")[2] in grammar.name_links


def _is_subject(flow: str, before: int, word: re.Match[str], grammar: Grammar) -> bool:
    """True for the "in" between a scholar and what they study."""
    previous = flow[:before].rstrip().rpartition(" ")[2].lower()
    following = WORD.match(flow, skip(flow, word.end()))
    if following is None or not following[0][0].isupper():
        return False
    return previous in grammar.scholars


def _first(flow: str, at: int, grammar: Grammar) -> int:
    """Where the name itself begins: after blanks and articles."""
    at = skip(flow, at)
    for _ in range(3):
        word = WORD.match(flow, at)
        if word is None or word[0].lower() not in grammar.articles:
            break
        at = skip(flow, word.end())
    return at


def skip(flow: str, at: int) -> int:
    """The place behind blanks and colons."""
    match = _SKIP.match(flow, at)
    return match.end() if match else at


def _belongs(flow: str, word: re.Match[str], grammar: Grammar, *, capital: bool, bounded: bool, first: bool) -> bool:
    text, lower = word[0], word[0].lower()
    if capital and _links_on(flow, word, grammar):
        return True
    if capital and text in grammar.name_articles and _is_behind_link(flow, word.start(), grammar):
        return True
    if lower in grammar.stop and not (_is_shout(text) and len(text) > 1 and capital):
        return False
    if lower in grammar.connectors:
        following = WORD.match(flow, skip(flow, word.end()))
        return not first and following is not None and (bounded or _leads_on(flow, following, grammar))
    if _is_capital(text) or grammar.is_head(lower):
        return True
    return bounded or not capital


def _leads_on(flow: str, word: re.Match[str], grammar: Grammar) -> bool:
    """True when a connecting word before this word is followed by more of the name."""
    if word[0].lower() in grammar.connectors:
        following = WORD.match(flow, skip(flow, word.end()))
        return following is not None and _is_capital(following[0]) and following[0].lower() not in grammar.stop
    return _is_capital(word[0]) and word[0].lower() not in grammar.stop


def _is_capital(word: str) -> bool:
    return not word[0].islower() or any(map(str.isupper, word[1:]))


def _is_shout(word: str) -> bool:
    return word.isupper()


def _trimmed_span(flow: str, start: int, end: int) -> Span:
    text = flow[start:end]
    return Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip()))


# --- comparison ---------------------------------------------------------------------------------------------------


_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
_UNFOLDED = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


@lru_cache(maxsize=4096)
def squashed(name: str) -> str:
    """Letters and digits alone, in lower case without accents: "Café & Co" -> "cafeco"."""
    plain = name.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain.translate(_UNFOLDED))
    return plain if plain.isalnum() else "".join(filter(str.isalnum, plain))


@lru_cache(maxsize=4096)
def spellings(name: str) -> frozenset[str]:
    """The ways a name may stand in a domain: squashed, with umlauts written out, with "and" for the ampersand."""
    plain = name.casefold()
    forms = {plain} if plain.isascii() else {plain, plain.translate(_WRITTEN_OUT)}
    if "&" in name or "+" in name:
        forms = {re.sub(r"[&+]", word, form) for form in forms for word in ("", "and", "und", "et", "y", "en", "e")}
    return frozenset(map(squashed, forms)) - {""}


def commonness(words: Sequence[str], common: AbstractSet[str]) -> str:
    """How many of the words are such as any sentence holds: "all", "some", "first", "none"."""
    known = [part.lower() in common for part in _PART.findall(" ".join(words))]
    if not known:
        return "empty"
    return "all" if all(known) else "none" if not any(known) else "first" if known[0] else "some"


@lru_cache(maxsize=4096)  # each name of a mail is asked for again and again, and it has few labels
def fits_domain(name: str, label: str) -> float:
    """How well a name fits the label of a domain: 1 the same, 0.8 one begins with the other, 0.6 initials, 0 not."""
    target = squashed(label)
    if len(target) < 2:
        return 0.0
    ways = spellings(name)
    if target in ways:
        return 1.0
    inside = any(min(len(way), len(target)) >= 6 and (way in target or target in way) for way in ways)
    words = _RUN.findall(name)
    if {"", target[0]}.isdisjoint([begun[:1] for begun in (*ways, *map(squashed, words))]):
        return 0.5 if inside else 0.0  # most: no word begins like the domain
    if len(target) > 4 and any(way.startswith(target) for way in ways):
        return 0.95
    if len(target) > 3 and any(squashed(word) == target for word in words):
        return 0.8
    if any(len(word) > (5 if index else 3) and target.startswith(squashed(word)) for index, word in enumerate(words)):
        return 0.7
    if any(len(way) >= 4 and target.startswith(way) for way in ways):
        return 0.8
    initials = squashed("".join(word[0] for word in words if word[0].isupper() or word[0].isdigit()))
    if len(words) > 1 and len(initials) > 1 and (initials == target or "".join(w[0] for w in words).lower() == target):
        return 0.6
    if len(words) > 1 and _composed([squashed(word) for word in words], target):
        return 0.7
    if any(target.startswith(squashed("".join(words[at:])[:_BEGUN])) for at in range(1, len(words) - 1)):
        return 0.7  # Taqueria La Milpa -> lamilpa-kreuzberg
    return 0.5 if inside else 0.0


def _composed(words: list[str], target: str) -> bool:
    """True when the label is made of beginnings of words in a row: Bayview Medical -> bayviewmed, sfraser, dbchor."""
    reached = {0: 0}  # how far, and the longest beginning that was used
    for place, word in enumerate(words):
        following: dict[int, int] = {}
        if 0 < place < len(words) - 1 and len(word) > _BEGUN:
            following = dict(reached)  # Salt Spring Regional Libraries of saltspringlibraries
        for at, longest in reached.items():
            for size in range(1, len(word) + 1):
                if not target.startswith(word[:size], at):
                    break
                following[at + size] = max(following.get(at + size, 0), longest, size)
        if place and following.get(len(target), 0) >= _PIECE:
            return True
        reached = following
    return False
