"""The human to answer: whom the mail tells to answer, else who signs, else who sends; never a team, never the person.

Owns the reading of signatures and of sentences that name somebody to turn to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.core.model import Evidence
from raincheck.core.reading.fields.names import squashed
from raincheck.core.reading.fields.persons import person, persons
from raincheck.core.reading.fields.text import Found, Passage, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.model import Address
    from raincheck.core.reading.fields.words import FieldWords

_SIGNED_LINES = 4  # of a signature that may hold the name
_JOINED = re.compile(r",\s+(?=[^\W\d_])|\s[-–—|·•]\s|\s{3,}|\s+(?:and|und|&|\+)\s+")


def find_contact(
    passages: Sequence[Passage],
    sender: Address | None,
    words: FieldWords,
    not_persons: Sequence[str] = (),
    address: str | None = None,
) -> Found[str] | None:
    """The contact as written; a first name alone only where the mail knows no more of them.

    `address` is where answers go: whoever in the text bears its name is the last resort.
    """
    strangers = {squashed(name) for name in not_persons if name}
    named = (f for f in _named(passages, words) if squashed(f.value) not in strangers)
    signed = (f for f in _signed(passages, words) if squashed(f.value) not in strangers)
    sent = (f for f in _sent(sender, words) if squashed(f.value) not in strangers)
    all_ = (*named, *signed, *sent, *_addressed(passages, address, words))
    if not all_:
        return None
    return _fullest(all_[0], all_[1:], passages, words)


def _fullest(
    short: Found[str], others: Sequence[Found[str]], passages: Sequence[Passage], words: FieldWords
) -> Found[str]:
    """The same person under the full name, when the mail knows it."""
    if len(short.value.split()) > 1:
        return short
    first = squashed(short.value)
    for other in others:
        if first in {squashed(word) for word in other.value.split()} and len(other.value.split()) > 1:
            return other
    for passage in passages:
        name = re.escape(short.value)
        for match in re.finditer(rf"(?<!\w)(?:{name}[ ]|[^\W\d_][\w'-]{{1,30}}[ ]{name}(?!\w))", passage.flow):
            span = persons(passage.flow, match.start(), words.person, words.grammar.stop)
            for found in _person(passage, span, words, single=False) if span else ():
                return found
    return short


def _named(passages: Sequence[Passage], words: FieldWords) -> Iterator[Found[str]]:
    """Somebody whom a sentence or a labelled line names for the answer."""
    for passage in passages:
        if passage.source == "subject":
            continue
        for blank in words.contact:
            if blank.before is None:
                continue
            for match in blank.before.pattern.finditer(passage.flow):
                span = persons(passage.flow, match.end(), words.person, words.grammar.stop)
                if span is None or (blank.after and not blank.after.pattern.match(passage.flow, span.end + 1)):
                    continue
                yield from _person(passage, span, words, single=False)
        lines = passage.lines()
        for number, line in enumerate(lines):
            label = words.contact_label.match(passage.flow, line.start, line.end)
            if label is None:
                continue
            rest = Span(label.end(), line.end)
            if not passage.flow[rest.start : rest.end].strip(" :") and number + 1 < len(lines):
                rest = lines[number + 1]
            yield from _person(passage, rest, words, single=False)


def _signed(passages: Sequence[Passage], words: FieldWords) -> Iterator[Found[str]]:
    """The name in the signature: on one of its first lines, perhaps behind the closing formula."""
    for passage in passages:
        if passage.source != "signature":
            continue
        for line in passage.lines()[:_SIGNED_LINES]:
            yield from _signer(passage, line, words)
    for passage in passages:
        if passage.source in ("body", "forwarded") and (lines := passage.lines()):
            offs = list(words.sign_off.finditer(passage.flow[lines[-1].start : lines[-1].end]))
            if offs:
                rest = Span(lines[-1].start + max(match.end() for match in offs), lines[-1].end)
                yield from _person(passage, rest, words, single=rest.end - rest.start < 40)
            for line in lines[-3:]:
                if len(passage.flow[line.start : line.end]) <= 60:
                    yield from _person(passage, line, words, single=False)


def _signer(passage: Passage, line: Span, words: FieldWords) -> Iterator[Found[str]]:
    flow = passage.flow[line.start : line.end]
    if len(flow) > 100 or "@" in flow or words.robot.search(flow):
        return
    start = line.start
    if (behalf := words.on_behalf.match(passage.flow, start)) is not None:
        start = behalf.end()
    end = line.end
    for pattern in (words.from_company, words.at_company):
        if (of := pattern.search(passage.flow, start + 2, end)) is not None:
            end = of.start()
    found = list(_person(passage, Span(start, end), words, single=True))
    if found:
        yield from found
        return
    for cut in _JOINED.finditer(flow):
        before = list(_person(passage, Span(start, line.start + cut.start()), words, single=True))
        after = list(_person(passage, Span(line.start + cut.end(), line.end), words, single=True))
        if before or after:
            yield from before or after
            return
    words_ = flow.split()
    for size in (1, 2, 3, 4):  # "rgds Bex", "Best wishes Anna Lund"
        rest = " ".join(words_[size:])
        if len(words_) > size and words_[size - 1].lower() in words.grammar.stop:
            continue  # "Best wishes from Leeds"
        if 0 < len(rest.split()) <= 4 and len(words_) > size and person(rest, words.person, single=True):
            at = passage.flow.find(words_[size], line.start)
            yield from _person(passage, Span(at, line.end), words, single=True)
            return


def _addressed(passages: Sequence[Passage], address: str | None, words: FieldWords) -> Iterator[Found[str]]:
    """Somebody in the text whose name is that of the address: jo.ray@acme.example, "Jo Ray"."""
    parts = re.split(r"[._-]", (address or "").partition("@")[0])
    if len(parts) < 2 or not all(len(part) > 1 and part.isalpha() for part in parts):
        return
    pattern = re.compile(r"(?<!\w)" + r"[ ]".join(map(re.escape, parts)) + r"(?!\w)", re.IGNORECASE)
    for passage in passages:
        if (match := pattern.search(passage.flow)) is not None and match[0][0].isupper():
            yield from _person(passage, Span(*match.span()), words, single=False)


def _sent(sender: Address | None, words: FieldWords) -> Iterator[Found[str]]:
    """The person in the display name: "Dana Field", "Field, Dana", "Dana from Acme"."""
    if sender is None or not sender.display_name:
        return
    display = sender.display_name
    passage = Passage.of("header:from", display)
    flow = passage.flow
    single = False
    for pattern in (words.from_company, words.at_company):
        if (of := pattern.search(flow)) is not None and of.start() > 0:
            flow, single = flow[: of.start()], True
    flow = re.sub(r"\s*[(|].*$|\s+[-–—]\s.*$", "", flow)
    single = single or squashed(sender.local_part).startswith(squashed(flow))
    name = person(flow, words.person, single=single and bool(squashed(flow)))
    if name is None and (turned := re.fullmatch(r"\s*([^,]{2,40}),\s*([^,]{2,40})\s*", flow)):
        name = person(f"{turned[2]} {turned[1]}", words.person)
    elif name is not None and (turned := re.fullmatch(r"\s*([^,]{2,40}),\s*([^,]{2,40})\s*", flow)):
        name = person(f"{turned[2]} {turned[1]}", words.person) or name
    if name is not None:
        yield Found(name, Evidence("contact", display, "header:from"))


def _person(passage: Passage, span: Span, words: FieldWords, *, single: bool) -> Iterator[Found[str]]:
    text = passage.text[span.start : span.end].replace("*", " ")
    name = person(text, words.person, single=single)
    if name is not None:
        yield Found(name, passage.evidence("contact", span))
