"""How far the name of a role reaches: as far as the mail says it the same way twice, or in a line of its own label.

"Research Engineer in Cryo-Electron Microscopy" stands in the subject and in the text, and what follows it there
differs: where both go on alike, the name goes on. One place alone does not tell a name from the sentence around it,
unless a mark of all genders does.
"""

from __future__ import annotations

import re
from itertools import combinations, islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from raincheck.core.reading.fields.names import is_gender_mark, squashed
from raincheck.core.reading.fields.persons import person
from raincheck.core.reading.fields.text import Passage, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raincheck.core.reading.fields.words import FieldWords

_MAX_PLACES = 8  # of a name in one mail that are looked at
_LIST = 3  # pieces of "for Loans and Grants" without the last
_FIELD = 3  # pieces of " - Soil Data"
_SHORT = 2  # letters of a part of a name that may stand in any word
_MAX_WORDS = 9  # with which a name goes on
_PIECE = re.compile(r"[^\W_][\w'’/*:.-]*[^\W_]|[^\W_]|[^\s\w]")
_ENDS = frozenset('.!?;|"“”„»«<>()[]•·')
_QUOTES = frozenset('"“”„»«')  # behind a name
_ENCLOSED = frozenset({"()", "[]", '""', "“”", "„“", "»«", "«»"})
_LISTED = re.compile(
    r"(?:^|\n|[:–—-] |\b([a-zß-öø-ÿ]{2,12}) )"
    r"((?:[A-ZÀ-Þ][\w-]{2,30}, ){1,3}(?:[A-ZÀ-Þ][\w-]{2,30} (?:&|[a-z]{1,4}) )?)$"
)
_BLANKS = 3  # between two words of a name
_DASHES = frozenset("-–—")
_REACH = 90  # characters before a name in which a list may begin
_STROKES = _DASHES | frozenset(":&/+")
_BRACKET = re.compile(r"[ ]{0,2}\(([^()\n]{1,12})\)")
_DIGIT = re.compile(r"\d")


class _Tail(NamedTuple):
    """What follows a name on its line, in pieces.

    labelled: the line is that of a label for the role. marked: the mark of all genders stands before them, or behind.
    one_of_many: the article before the name says that what follows tells of a person: "a cook with German".
    enclosed: name and pieces fill brackets or quotes.
    """

    passage: Passage
    pieces: tuple[re.Match[str], ...]
    labelled: bool
    marked: str
    one_of_many: bool
    enclosed: bool


def whole_name(
    name: str,
    passages: Sequence[Passage],
    words: Sequence[FieldWords],
    skills: re.Pattern[str],
    not_roles: Iterable[str] = (),
) -> tuple[Passage, Span] | None:
    """The stretch of text with which a name goes on; None where it does not.

    words: of the mail's language first; skills: technologies; not_roles: names of the person and of companies.
    """
    tails = list(islice(_tails(name, passages, words[0]), _MAX_PLACES))
    reaches = [
        (_reach(tail.pieces, len(tail.pieces), words[0], closed=tail.marked == "behind"), tail)
        for tail in tails
        if tail.labelled or _is_closed(tail, words[0])
    ]
    reaches += [(_field(tail.pieces, words[0], skills), tail) for tail in tails]
    reaches += [
        (_spoken(tail.pieces, words[0]) * (not name.islower()), tail)
        for tail in tails
        if not (tail.one_of_many or tail.marked)
    ]
    reaches += [(_reach(tail.pieces, len(tail.pieces), words[0]), tail) for tail in tails if _is_in_one(tail, words[0])]
    lists = [(_listed_on(name, tail.pieces, words[0]), tail) for tail in tails]
    reaches += [found for found in lists if found[0] and _ends_surely(*found, words[0])]
    for one, other in combinations(tails, 2):
        alike = _alike(one.pieces, other.pieces)
        reaches += [(count, tail) for count, tail in lists if 0 < count == alike and (tail is one or tail is other)]
        if (shorter := next((tail for tail in (one, other) if _ends_at(tail.pieces, alike)), None)) is not None:
            reaches.append((_reach(shorter.pieces, alike, words[0]), shorter))
    count, tail = max(reaches, key=lambda found: found[0], default=(0, None))
    if not count or tail is None:
        return None
    span = Span(tail.pieces[0].start(), tail.pieces[count - 1].end())
    text = tail.passage.flow[span.start : span.end]
    told = squashed(text)
    if told.startswith(squashed(name)) or _names_somebody(text, words[0]):
        return None
    others = _with_parts(not_roles)
    if _is_in_one(tail, words[0]):  # the field of work may share a word with the house
        return None if all(squashed(word) in others for word in text.split()[1:]) else (tail.passage, span)
    return None if any(len(other) > _SHORT and other in told for other in others) else (tail.passage, span)


def _with_parts(names: Iterable[str]) -> frozenset[str]:
    """Names and each of their words, squashed."""
    return frozenset(squashed(part) for name in names for part in (name, *name.split()))


def _field(pieces: Sequence[re.Match[str]], words: FieldWords, skills: re.Pattern[str]) -> int:
    """How many of the first pieces are a dash and a field of work: a technology alone, or what stands there up to a
    word for the vacancy: "Technical Lead - Java", "Test Engineer - Embedded Systems role"."""
    if len(pieces) < 2 or pieces[0][0] not in _DASHES:
        return 0
    count = next((n for n, piece in enumerate(pieces) if n and piece[0] in _DASHES), len(pieces))
    job = next((n for n, piece in enumerate(pieces[:count]) if piece[0].lower() in words.job), 0)
    told = [piece[0] for piece in pieces[1 : job or count]]
    if job:
        return job if told and all(part[0].isupper() or part in _STROKES for part in told) else 0
    return count if skills.fullmatch(" ".join(told)) else 0


def _spoken(pieces: Sequence[re.Match[str]], words: FieldWords) -> int:
    """How many of the first pieces name the languages of the work: "with German", "with French and Dutch"; none where
    they go on to tell of skills."""
    if len(pieces) < 2 or pieces[0][0].lower() not in words.speaking:
        return 0
    end = 1
    while end < len(pieces) and pieces[end][0][0].isupper() and pieces[end][0].lower() in words.languages:
        end += 1
        following = [piece[0] for piece in pieces[end : end + 2]]
        joined = len(following) > 1 and (following[0] in _STROKES or following[0].lower() in words.grammar.coordinators)
        if not (joined and following[1].lower() in words.languages):
            break
        end += 1
    rest = pieces[end][0].lower() if end < len(pieces) else ","
    ends = not rest[0].isalnum() or rest in words.job or rest in words.grammar.joins
    return end if end > 1 and ends else 0


def _listed_on(name: str, pieces: Sequence[re.Match[str]], words: FieldWords) -> int:
    """How many of the first pieces end a list that the name begins: ", Culture and Sports" of "Officer for Education,
    Culture and Sports"."""
    grammar = words.grammar
    lead = name.lower().split()[-2:-1]
    if (grammar.joins - grammar.joins_article - grammar.inside).isdisjoint(lead):
        return 0
    pairs = [(one[0], other[0]) for one, other in zip(pieces[::2], pieces[1::2], strict=False)]
    parts = len(list(takewhile(lambda pair: pair[0] == "," and _is_part(pair[1], words), pairs)))
    joint, last = pairs[parts] if parts and parts < len(pairs) else ("", "")
    return 2 * parts + 2 if joint.lower() in grammar.coordinators and _is_part(last, words) else 0


def _ends_surely(count: int, tail: _Tail, words: FieldWords) -> bool:
    """True where a list of so many pieces is the end of the name for sure, and does not begin another clause: "Teacher
    of Maths, Zoom and Teams both work"."""
    if count < len(tail.pieces):
        return tail.pieces[count][0].lower() in words.job
    flow, end = tail.passage.flow, tail.pieces[-1].end()
    return (
        tail.marked == "behind"
        or flow[end : end + 1] in _QUOTES
        or (tail.labelled and flow[end : end + 1] in ("", "\n"))
    )


def _is_part(word: str, words: FieldWords) -> bool:
    """True for a field of work; not for a person, another occupation, or a word of the mail's own matter."""
    lower = word.lower()
    if not word[0].isupper() or lower in words.grammar.stop or lower in words.job or lower in words.person.titles:
        return False
    return not (words.talk.fullmatch(word) or words.grammar.is_head(word) or words.person.is_given(word))


def _names_somebody(text: str, words: FieldWords) -> bool:
    """True for the name of a person or of a company with its legal form, not for a field of work."""
    plain = text.strip(" " + "".join(_STROKES))
    firm = any(part.lower().strip(".,") in words.legal_forms for part in plain.split()[1:])
    return firm or (words.person.is_given(plain) and person(plain, words.person, single=True) is not None)


def _tails(name: str, passages: Sequence[Passage], words: FieldWords) -> Iterator[_Tail]:
    for passage in passages:
        for start, at in _places(name, passage.flow):
            line = passage.flow.rfind("\n", 0, start) + 1
            label = words.role_label.match(passage.flow, line, start)
            labelled = label is not None and not passage.flow[label.end() : start].strip()
            end = passage.flow.find("\n", at)
            end = end if end >= 0 else len(passage.flow)
            before = _mark_at(passage.flow, at, end)
            pieces = _pieces(passage.flow, before, end)
            behind = _mark_at(passage.flow, pieces[-1].end(), end) - pieces[-1].end() if pieces else 0
            own = name.endswith(")") and is_gender_mark(name.rpartition("(")[2])
            marked = "before" if own or before > at else "behind" if behind else ""
            article = passage.flow[line:start].rstrip().rpartition(" ")[2].lower()
            last = pieces[-1].end() if pieces else at
            enclosed = passage.flow[start - 1 : start] + passage.flow[last : last + 1] in _ENCLOSED
            yield _Tail(passage, pieces, labelled, marked, article in words.grammar.indefinite, enclosed)


def _places(name: str, flow: str) -> Iterator[Span]:
    """Where the words of a name stand in a row, in capitals or not. An expression that is used once would cost more
    than the search."""
    first, *others = name.lower().split()
    lower = flow.lower()
    lower = lower if len(lower) == len(flow) else flow  # "İ" is two letters then
    start = lower.find(first)
    while start >= 0:
        end: int | None = start + len(first)
        for word in others:
            end = _end_behind(lower, end, word) if end is not None else None
        if end is None or _is_inside(lower[start - 1 : start]) or _is_inside(lower[end : end + 1]):
            start = lower.find(first, start + 1)
        else:
            yield Span(start, end)
            start = lower.find(first, end)


def _end_behind(text: str, at: int, word: str) -> int | None:
    """Where a word ends that stands behind one to three blanks."""
    for begin in range(at + 1, at + 1 + _BLANKS):
        if text.startswith(word, begin):
            return begin + len(word) if text[at:begin].isspace() else None
    return None


def _is_inside(char: str) -> bool:
    """True for a character beside which no word ends."""
    return char.isalnum() or char == "_"


def _mark_at(flow: str, at: int, end: int) -> int:
    """Where the mark of all genders ends that stands there; the place itself where none does."""
    bracket = _BRACKET.match(flow, at, end)
    return bracket.end() if bracket is not None and is_gender_mark(bracket[1]) else at


def _is_closed(tail: _Tail, words: FieldWords) -> bool:
    """True for what the mark of all genders shows to be of the name: "Nurse in outpatient care (m/f/d)", "Clerk (m/f/d)
    Loans", "Clerk (m/f/d) for Loans and Grants"; other words that lead on behind it tell of a place or a season."""
    if not tail.pieces or not tail.marked:
        return False
    grammar = words.grammar
    pieces = [piece[0] for piece in tail.pieces]
    first = pieces[0].lower()
    if tail.marked == "behind":
        return first in grammar.joins
    listed = len(pieces) > _LIST and pieces[1][0].isupper() and pieces[2].lower() in grammar.coordinators
    return pieces[0][0].isupper() or (first in grammar.joins - grammar.joins_article and listed)


def _is_in_one(tail: _Tail, words: FieldWords) -> bool:
    """True for a name with a field of work in brackets or quotes of their own, "(Research Officer - Soil Data)"; one
    word alone is as likely a town, whose name also ends with no word of any sentence: "(Cook - Port Heron)"."""
    if not tail.enclosed or len(tail.pieces) < _FIELD or tail.pieces[0][0] not in _DASHES:
        return False
    last = tail.pieces[-1][0].lower()
    return last in words.person.common or words.is_institution(last)


def listed_before(flow: str, start: int, name: str, words: FieldWords, not_roles: Iterable[str] = ()) -> int:
    """Where a name begins whose last parts are joined by "and", the others by commas: "Water, Soil and Air Officer"."""
    grammar = words.grammar
    listed = _LISTED.search(flow, max(0, start - _REACH), start)
    leads = grammar.articles | (grammar.joins - grammar.joins_article - grammar.inside)
    if listed is None or (listed[1] is not None and listed[1] not in leads):
        return start
    *led, last = listed[2].replace(",", "").split()
    small = not last[0].isupper()
    joint = {last} if small else set(name.lower().split()[1:])
    if grammar.coordinators.isdisjoint(joint):
        return start
    parts = led if small else [*led, last]
    other = _with_parts(not_roles)
    outside = (
        words.talk.fullmatch(part)
        or part.lower() in grammar.stop
        or squashed(part) in other
        or grammar.is_head(part)
        or words.person.is_given(part)
        for part in parts
    )
    return start if any(outside) else listed.start(2)


def _pieces(flow: str, at: int, end: int) -> tuple[re.Match[str], ...]:
    """Words and strokes behind a name, as far as they go on without an end.

    A word before a number counts with it: "Band 6", "Station 3".
    """
    found: list[re.Match[str]] = []
    for piece in islice(_PIECE.finditer(flow, at, end), _MAX_WORDS):
        if piece[0] in _ENDS:
            break
        if _DIGIT.search(piece[0]):
            return tuple(found[:-1])
        found.append(piece)
    return tuple(found)


def _alike(one: Sequence[re.Match[str]], other: Sequence[re.Match[str]]) -> int:
    """How many pieces two tails begin with alike."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine[0].lower() != theirs[0].lower() and not (mine[0] in _DASHES and theirs[0] in _DASHES):
            break
        count += 1
    return count


def _ends_at(pieces: Sequence[re.Match[str]], count: int) -> bool:
    """True where nothing follows the first pieces, or a colon does: "Nurse - Renal: your interview"."""
    return len(pieces) == count or pieces[count][0] == ":"


def _reach(pieces: Sequence[re.Match[str]], count: int, words: FieldWords, *, closed: bool = False) -> int:
    """How many of the first pieces belong to the name: capitals, and what joins them; none where they tell of a talk.

    closed: all of them do, whatever stands between the capitals.
    """
    grammar = words.grammar
    joined = False
    reach = 0
    for number, piece in enumerate(pieces[:count]):
        lower = piece[0].lower()
        if piece[0] in _STROKES or lower in grammar.joins or (joined and lower in grammar.articles):
            joined = True
            continue
        pair = " ".join(one[0] for one in pieces[number : number + 2])
        if lower in words.job or words.talk.fullmatch(piece[0]) or words.talk.fullmatch(pair):
            return 0
        if lower in grammar.stop or lower in words.heralds:
            break  # "Filiale Nord" is where, not what
        if not piece[0][0].isupper():
            if joined and (closed or grammar.is_quality(lower)):
                continue  # "in der ambulanten Pflege"
            break
        if len(piece[0]) > 1:
            reach = number + 1
        joined = False
    return reach
