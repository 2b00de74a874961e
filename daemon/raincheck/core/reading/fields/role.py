"""Which vacancy a mail is about.

Owns the candidates (phrases around a blank, labelled lines, chunks of the subject) and the choice among them: how
plainly the words announce a role, whether an occupation or a gender mark is in it, and whether it is named twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.core.reading.fields.names import backward, forward, gender_marks, is_gender_mark, squashed
from raincheck.core.reading.fields.text import Found, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raincheck.core.reading.fields.phrase import Blank
    from raincheck.core.reading.fields.text import Passage
    from raincheck.core.reading.fields.words import FieldWords

MAX_ROLE = 100  # characters
_MAX_MATCHES = 40  # of one phrase in one passage
_CHUNK = re.compile(r"\s+[-–—|:·•/@]+\s+|:\s+|\s*[|·•]\s*|[?!]\s+|\s+<>\s+|[\[\]]|,\s+(?=\d|\w+day)")
_PREFIX = re.compile(r"^(?:\s*[A-Za-z]{2,3}\s?(?:\[\d+\])?:)+\s*")
JOB_ID = re.compile(
    r"\(?\b(?:ref(?:erence|erenz)?|req(?:uisition)?|job|id|nr|no|kennziffer|stellen-?id|ref-nr|vacancy)\b[.:#]?\s{0,3}"
    r"(?:id|no|nr)?[.:#]?\s{0,3}(?=[\w./-]{0,40}\d)[\w./-]{1,40}\)?"
    r"|\b[A-Z]{1,4}[-_ ]?\d[\w/-]{2,39}\d\w?\b|\b\w{1,6}-\w{1,6}-\d{2,20}\b|\b\d{4,20}(?:[-/]\d{1,9}){0,3}\b"
    r"|#\s?\d{1,20}|\bVA\s\d{1,9}/\d{1,9}",
    re.IGNORECASE,
)
_EDGE = " \t,;:.!?-–—|/&+\"'*·•"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that may be the role, where it stands and how much speaks for it."""

    text: str
    passage: Passage
    span: Span
    weight: float


def find_role(
    passages: Sequence[Passage], words: FieldWords, not_roles: Iterable[str] = (), *, occupations: bool = False
) -> Found[str] | None:
    """The role as written, without job numbers; None when no words announce one.

    Passages in the order of their importance; not_roles are names of the person and of companies; with `occupations`
    only what holds a known occupation counts (for the words of another language than the mail's).
    """
    excluded = frozenset(squashed(name) for name in not_roles if name)
    found = [
        candidate
        for passage in passages
        for candidate in _candidates(passage, words)
        if squashed(candidate.text) not in excluded and (not occupations or names_occupation(candidate.text, words))
    ]
    if not found:
        return None
    best = max(found, key=lambda c: (_score(c, found, words), -c.span.start))
    return Found(best.text, best.passage.evidence("role", best.span))


def _candidates(passage: Passage, words: FieldWords) -> Iterator[Candidate]:
    for blank in words.role:
        for span in filled(passage.flow, blank, words):
            yield from _candidate(passage, span, blank.weight, words)
    yield from _labelled(passage, words)
    yield from _marked(passage, words)
    if passage.source in ("subject", "calendar"):
        yield from _chunks(passage, words)


def filled(flow: str, blank: Blank, words: FieldWords) -> Iterator[Span]:
    """Every name that fills the blank of a phrase in a text."""
    if blank.before is None:
        assert blank.after is not None
        for count, match in enumerate(blank.after.pattern.finditer(flow)):
            if count > _MAX_MATCHES:
                return
            if (span := backward(flow, match.start(), words.grammar)) is not None:
                yield span
        return
    for count, match in enumerate(blank.before.pattern.finditer(flow)):
        if count > _MAX_MATCHES:
            return
        if (span := forward(flow, match.end(), words.grammar, blank.after)) is not None:
            yield span


def _labelled(passage: Passage, words: FieldWords) -> Iterator[Candidate]:
    for line in passage.lines():
        if (label := words.role_label.match(passage.flow, line.start, line.end)) is not None:
            yield from _candidate(passage, Span(label.end(), line.end), 3.0, words)


def _marked(passage: Passage, words: FieldWords) -> Iterator[Candidate]:
    """What stands before a gender mark: "Bauleiter (m/w/d)"."""
    for count, at in enumerate(gender_marks(passage.flow)):
        if count > _MAX_MATCHES:
            return
        if (span := backward(passage.flow, at, words.grammar)) is not None:
            mark = re.compile(r"[ ]{0,2}(?:\([^()\n]{1,40}\)|[a-zA-Z/|]+)").match(passage.flow, at)
            yield from _candidate(passage, Span(span.start, mark.end() if mark else span.end), 2.0, words)


def _chunks(passage: Passage, words: FieldWords) -> Iterator[Candidate]:
    """Parts of a subject such as "Interview – Data Engineer – Acme"."""
    prefix = _PREFIX.match(passage.flow)
    at = prefix.end() if prefix else 0
    edges = [*_CHUNK.finditer(passage.flow, at), None]
    for edge in edges:
        end = len(passage.flow) if edge is None else edge.start()
        text = _before_stop(passage.flow[at:end], words)
        if any(char.isupper() for char in text) and names_occupation(text, words) and not words.talk.search(text):
            yield from _candidate(passage, Span(at, at + len(text)), 1.5, words)
        for bracket in re.finditer(r"\(([^()]{4,60})\)", text):
            if names_occupation(bracket[1], words):
                yield from _candidate(passage, Span(at + bracket.start(1), at + bracket.end(1)), 1.5, words)
        at = end if edge is None else edge.end()


def _before_stop(text: str, words: FieldWords) -> str:
    """The part before a small word that no role goes over: "Data Engineer at Acme" -> "Data Engineer"."""
    for word in re.finditer(r"(?<=[ ])[^\W\d_]{1,20}(?= )", text):
        if word[0].islower() and word[0] in words.grammar.stop and names_occupation(text[: word.start()], words):
            return text[: word.start()].rstrip()
    return text


def _candidate(passage: Passage, span: Span, weight: float, words: FieldWords) -> Iterator[Candidate]:
    text = _without_talk(cleaned(passage.text[span.start : span.end]), words)
    if text.partition(" ")[0] in words.grammar.connectors:
        return
    bracket = re.search(r"\(([^(),]{3,60})", text)
    if bracket and is_occupation(bracket[1], words) and not names_occupation(text[: bracket.start()], words):
        text = bracket[1].strip()  # "Acme Hospital (Night Nurse, part time)"
    if (
        not 2 < len(text) <= MAX_ROLE
        or not any(char.isalpha() for char in text)
        or words.not_role.fullmatch(text.lower() + " ")
    ):
        return
    if words.not_role.match(text.lower()) and not names_occupation(text, words):
        return
    small = not any(char.isupper() for char in text)
    if small and not (names_occupation(text, words) and len(text.split()) <= 5):
        return
    yield Candidate(text, passage, span, weight - (0.5 if small else 0))


def _without_talk(text: str, words: FieldWords) -> str:
    """The text without words in front that name the talk: "Interview Data Engineer" -> "Data Engineer"."""
    first, _, rest = text.partition(" ")
    while rest and words.talk.fullmatch(first.strip(_EDGE)) and not words.grammar.is_head(first):
        text = rest.strip(_EDGE)
        first, _, rest = text.partition(" ")
    return text


def cleaned(text: str) -> str:
    """A role without job numbers and stray punctuation, on one line; gender marks stay as written."""
    text = " ".join(text.split())
    text = JOB_ID.sub(" ", text)
    text = re.sub(r"\(\s*\)|\(\s*[^\w()]*\s*$", " ", text)
    text = " ".join(text.split()).strip(_EDGE)
    if text.count("(") != text.count(")"):
        text = text.replace("(", " ").replace(")", " ")
    text = " ".join(text.split()).strip(_EDGE)
    return re.sub(r"'s$", "", text)


def is_occupation(text: str, words: FieldWords) -> bool:
    """True for what ends in an occupation: "Claims Adjuster II", not "Manager Magazin"."""
    plain = re.sub(r"\([^()]*\)", " ", text).split()
    while len(plain) > 1 and (plain[-1].isdigit() or set(plain[-1]) <= set("IVX")):
        plain.pop()
    return bool(plain) and words.grammar.is_head(plain[-1].strip(".,;:!?"))


def names_occupation(text: str, words: FieldWords) -> bool:
    """True when some word of the text names an occupation, or a gender mark is in it."""
    if is_gender_mark(text) and "/" in text:
        return True
    plain = re.sub(r"\([^()]*\)", " ", text)
    return any(
        words.grammar.is_head(part.strip("/"))
        for word in plain.split()
        for part in (word.strip(".,;:!?"), *word.split("/"), *word.split("-"))
    )


def _score(candidate: Candidate, all_: Sequence[Candidate], words: FieldWords) -> float:
    key = squashed(re.sub(r"\([^()]*\)", "", candidate.text))
    score = candidate.weight
    occupation = names_occupation(candidate.text, words)
    score += 1.5 if occupation else 0
    score += 0.5 if is_gender_mark(candidate.text) else 0
    twins = [
        c for c in all_ if c is not candidate and (squashed(c.text).startswith(key) or key.startswith(squashed(c.text)))
    ]
    score += 1.0 if any(c.passage is not candidate.passage for c in twins) else 0.3 if twins else 0
    sentence = candidate.passage.sentence(candidate.span.start)
    if words.refused.search(candidate.passage.flow, sentence.start, sentence.end):
        score -= 3
    if not occupation and words.talk.search(candidate.text):
        score -= 2
    score -= 0.6 * (candidate.passage.source == "subject")
    return score + min(len(candidate.text), 40) / 200
