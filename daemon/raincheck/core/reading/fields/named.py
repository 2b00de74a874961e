"""Whom the text names: to be answered, beside or like the address for answers, as who has written.

Owns the sentences, labelled lines and phrases that name somebody.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from raincheck.core.reading.fields.names import skip, squashed
from raincheck.core.reading.fields.persons import CAPITAL, MAX_NAME, persons
from raincheck.core.reading.fields.phrase import beginning_in
from raincheck.core.reading.fields.sameperson import local_parts
from raincheck.core.reading.fields.signatures import person_in
from raincheck.core.reading.fields.text import Passage, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.model import Address
    from raincheck.core.reading.fields.phrase import Blank
    from raincheck.core.reading.fields.text import Found
    from raincheck.core.reading.fields.words import FieldWords

TEXTS = ("body", "forwarded", "disclaimer")  # in which somebody may be named for the answer
_MAX_CAPITALS = 400  # words of a passage at which a name may begin
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_GREETED = re.compile(r"(?:[^.,!?\n–—-]{1,40}[,!–—-])?\s{0,3}")  # what may stand before somebody who tells their name
_REFUSAL = 30  # characters before a phrase in which it may be turned into its contrary
_BESIDE = 48  # characters between a name and its address
_OWNER_LINES = 6  # at the end of a text, or of a signature
_PARTS = re.compile(r"[|·•,]|\s[-–—]\s")
_BRACKET = re.compile(r"[ ,]{0,2}\(([^()\n]{2,40})\)")


def asked_to_answer(passages: Sequence[Passage], words: Sequence[FieldWords]) -> Iterator[Found[str]]:
    """Those whom a sentence names for the answer: "please reply to my colleague Jo Ray", and not for an errand."""
    for w, passage in itertools.product(words, passages):
        for sentence in _sentences(passage) if passage.source in TEXTS else ():
            asks = w.answer.search(sentence.flow) is not None
            if asks and not any(p.search(sentence.flow) for p in (w.aside, w.errands, w.refusal)):
                yield from _after(sentence, w.contact, w, single=False)


def _sentences(passage: Passage) -> Iterator[Passage]:
    at = 0
    while at < len(passage.flow):
        span = passage.sentence(at)
        yield Passage(passage.source, passage.text[at : span.end], passage.flow[at : span.end])
        at = max(span.end, at) + 1


def named_for_answer(passages: Sequence[Passage], words: FieldWords) -> Iterator[Found[str]]:
    """Somebody whom a sentence or a labelled line names for the answer."""
    for passage in passages:
        if passage.source == "subject":
            continue
        yield from _after(passage, words.contact, words, single=False)
        lines = passage.lines() if words.contact_label.phrases else ()
        for number, line in enumerate(lines):
            label = words.contact_label.match(passage.flow, line.start, line.end)
            rest = Span(label.end(), line.end) if label else line
            alone = (
                label is None
                and passage.source != "signature"
                and words.contact_label.fullmatch(passage.flow[line.start : line.end] + ":")
            )
            if label is None and not alone:
                continue  # the cell of a table is a label without its colon
            if alone or not passage.flow[rest.start : rest.end].strip(" :"):
                rest = lines[number + 1] if number + 1 < len(lines) else rest
            yield from person_in(passage, rest, words, single=False)


def is_known(name: str, passages: Sequence[Passage], senders: Sequence[Address], words: FieldWords) -> bool:
    """True for a full name, and for the surname of somebody of whom the mail knows more: "answer Ms Ray", and below
    "Jo Ray", or her address."""
    if " " in name:
        return True
    full = re.compile(rf"(?<![\w.])([^\W\d_a-zß-öø-ÿ][\w'-]{{2,30}}) {re.escape(name)}(?!\w)|(?i:\b{re.escape(name)}@)")
    before = (match[1] or "" for passage in passages for match in full.finditer(passage.flow))
    headers = squashed(" ".join(sender.display_name + sender.local_part for sender in senders))
    return squashed(name) in headers or any(word.lower() not in words.person.titles for word in before)


def _after(passage: Passage, phrases: Sequence[Blank], words: FieldWords, *, single: bool) -> Iterator[Found[str]]:
    """Persons that fill the blank of these phrases."""
    for blank in beginning_in(passage.flow, phrases):
        for match in blank.before.finditer(passage.flow) if blank.before is not None else ():
            span = persons(passage.flow, match.end(), words.person, words.grammar.stop)
            if span is None or (blank.after and not blank.after.match(passage.flow, skip(passage.flow, span.end))):
                continue
            if _is_refused(passage, match.start(), words) or _is_of_name(passage.flow, match, words):
                continue
            titled = passage.flow[match.end() : span.start].strip(" ,:") != ""  # "answer Ms Ray"
            yield from person_in(passage, span, words, single=single or titled)


def _is_refused(passage: Passage, at: int, words: FieldWords) -> bool:
    """Whether what a phrase asks shall not be done: "please don't" before "contact Jo Ray"."""
    before = passage.flow[max(passage.sentence(at).start, at - _REFUSAL) : at]
    return any(not before[match.end() :].strip() for match in words.refusal.finditer(before))


def _is_of_name(flow: str, phrase: re.Match[str], words: FieldWords) -> bool:
    """Whether the one word of a phrase has its capital from the name that it is a part of: "in our hall, Ring Road
    West", "at Ring Road West"."""
    if words.grammar.nouns_capital or not phrase[0].strip().istitle() or not phrase[0].strip().isalpha():
        return False
    before = flow[max(0, phrase.start() - MAX_NAME) : phrase.start()].rstrip(" ")
    return before.endswith(",") or before.rpartition(" ")[2].lower() in words.place_at


def named_like_address(
    passages: Sequence[Passage], answer: Found[str] | None, words: FieldWords
) -> Iterator[Found[str]]:
    """Somebody in the text whose name is that of the address: jo.ray@acme.example, "Jo Ray"."""
    local = squashed((answer.value if answer else "").partition("@")[0])
    if len(local) < 3:
        return
    for passage in passages:
        flow = passage.flow
        held = [word.start() for word in _LETTERS.finditer(flow) if word[0][0].isupper() and squashed(word[0]) in local]
        for count, start in enumerate(CAPITAL.finditer(flow) if held else ()):
            if count > _MAX_CAPITALS:
                break
            following = bisect_left(held, start.start())
            if following == len(held) or "\n" in flow[start.start() : held[following]]:
                continue  # most: the address of a person holds one of their names
            if squashed(start[0])[:1] not in local:
                continue
            span = persons(flow, start.start(), words.person, words.grammar.stop)
            if span is None or flow[span.end : span.end + 1] == "@":
                continue
            beside = "@" in flow[span.end : span.end + 8 + len(local)]
            for found in person_in(passage, span, words, single=beside):
                if local in local_parts(found.value):
                    yield found
                    return


def named_beside_address(
    passages: Sequence[Passage], answer: Found[str], headers: Sequence[Address], words: FieldWords
) -> Iterator[Found[str]]:
    """Whoever is named right before the address for answers, or in brackets behind it; by a first name alone where the
    address has it, or the display name under which a header holds the address."""
    shown = squashed(" ".join(one.display_name for one in headers if one.addr_spec.lower() == answer.value.lower()))
    told = squashed(answer.value.partition("@")[0]) + " " + shown
    for passage in passages:
        at = passage.flow.find(answer.value) if passage.source == answer.evidence.source else -1
        if at < 0:
            continue
        low = max(passage.sentence(at).start, at - _BESIDE - MAX_NAME)
        for start in CAPITAL.finditer(passage.flow, low, at):
            span = persons(passage.flow, start.start(), words.person, words.grammar.stop)
            if span is None or not 0 <= at - span.end <= _BESIDE:
                continue
            titled = passage.flow[start.start() : span.start].strip() != ""
            known = squashed(passage.flow[span.start : span.end]) in told
            yield from person_in(passage, span, words, single=titled or known)
        behind = at + len(answer.value)
        if (bracket := _BRACKET.match(passage.flow, behind)) is not None:
            span = persons(passage.flow, bracket.start(1), words.person, words.grammar.stop)
            if span is not None:
                yield from person_in(passage, span, words, single=True)


def relayed(passages: Sequence[Passage], words: FieldWords) -> Iterator[Found[str]]:
    """Whoever a platform says has written: "Jo Ray sent you a message"."""
    for passage in passages:
        yield from _beside_phrase(passage, words.relayed, words, single=False)


def _beside_phrase(
    passage: Passage, phrases: Sequence[Blank], words: FieldWords, *, single: bool, opening: bool = False
) -> Iterator[Found[str]]:
    """Persons whom a phrase names before or behind it.

    opening: those before it open a sentence, or follow a greeting: "Hi Robin, Gwen here from Acme".
    """
    for blank in beginning_in(passage.flow, phrases):
        if blank.before is not None:
            yield from _after(passage, (blank,), words, single=single)
        elif blank.after is not None:
            for match in blank.after.finditer(passage.flow):
                yield from _ending(passage, match.start(), words, single=single, opening=opening)


def _ending(passage: Passage, end: int, words: FieldWords, *, single: bool, opening: bool) -> Iterator[Found[str]]:
    """The name that ends right before a place."""
    for start in CAPITAL.finditer(passage.flow, max(0, end - MAX_NAME), end):
        span = persons(passage.flow, start.start(), words.person, words.grammar.stop)
        if span is not None and not passage.flow[span.end : end].strip():
            first = passage.sentence(span.start).start
            span = Span(span.start, len(passage.flow[: min(span.end, end)].rstrip()))  # not "Jo Ray von der Mill"
            if not opening or _GREETED.fullmatch(passage.flow, first, span.start):
                yield from person_in(passage, span, words, single=single)
            return


def introduced(passages: Sequence[Passage], words: FieldWords) -> Iterator[Found[str]]:
    """Whoever introduces themselves: "this is Jo from Acme"."""
    for passage in passages:
        if passage.source in ("body", "forwarded"):
            yield from _beside_phrase(passage, words.introduced, words, single=True, opening=True)


def owners(passages: Sequence[Passage], words: FieldWords) -> Iterator[Found[str]]:
    """Whose house it is by the lines below the text, at the head of a part of them: "Proprietor: Jo Ray"."""
    if not words.owner_label.phrases:
        return  # most: the mail has no such word
    for passage in passages:
        for line in passage.lines()[-_OWNER_LINES:] if passage.source in ("body", "signature") else ():
            at = line.start
            for edge in (*_PARTS.finditer(passage.flow, line.start, line.end), None):
                end = edge.start() if edge is not None else line.end
                label = words.owner_label.match(passage.flow, skip(passage.flow, at), end)
                if label is not None:
                    yield from person_in(passage, Span(label.end(), end), words, single=False)
                at = edge.end() if edge is not None else end
