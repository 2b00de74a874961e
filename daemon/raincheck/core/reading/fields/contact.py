"""The human to answer: whom the mail tells to answer, else who signs, else who sends; never a team, never the person.

Owns the reading of signatures and of sentences that name somebody to turn to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.core.model import Evidence
from raincheck.core.reading.fields.names import squashed
from raincheck.core.reading.fields.persons import person, persons
from raincheck.core.reading.fields.role import is_occupation
from raincheck.core.reading.fields.text import Found, Passage, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.model import Address
    from raincheck.core.reading.fields.words import FieldWords

_SIGNED_LINES = 4  # of a signature that may hold the name
_MAX_NAME = 40  # characters
_MAX_LINE = 60
_CLOSING_LINES = 6
_MAX_CAPITALS = 400  # words of a passage at which a name may begin
_CAPITAL = re.compile(r"(?<![\w'@.-])[^\W\d_a-zß-öø-ÿ][\w'.-]{0,30}")
_TEXTS = ("body", "forwarded")
_JOINED = re.compile(r",\s+(?=[^\W\d_])|\s[-–—|·•]\s|\s{3,}|\s+(?:and|und|&|\+)\s+")


def find_contact(
    passages: Sequence[Passage],
    senders: Sequence[Address],
    words: FieldWords,
    not_persons: Sequence[str] = (),
    answer: Found[str] | None = None,
) -> Found[str] | None:
    """The contact as written; a first name alone only where the mail knows no more of them.

    senders: Reply-To, then From. answer: where answers go. Whoever bears its name comes first when the text names the
    address itself, else last.
    """
    strangers = {squashed(name) for name in not_persons if name}
    asked = answer is not None and answer.evidence.source in _TEXTS
    found = (
        *(_addressed(passages, answer, words) if asked else ()),
        *_named(passages, words),
        *_signed(passages, words),
        *_closing(passages, senders, words),
        *(name for sender in senders for name in _sent(sender, words)),
        *(() if asked else _addressed(passages, answer, words)),
    )
    all_ = [name for one in found for name in _alone(one, strangers, words)]
    if not all_:
        return None
    fullest = _fullest(all_[0], all_[1:], passages, words)
    return next(_alone(fullest, strangers, words), all_[0])


def _alone(found: Found[str], strangers: set[str], words: FieldWords) -> Iterator[Found[str]]:
    """The person without the company behind the name: "Ada von Acme" -> "Ada"; nothing when that is all."""
    parts = found.value.split()
    for index in range(len(parts)):
        if squashed(" ".join(parts[index:])) not in strangers:
            continue
        while index and parts[index - 1].lower() in words.person.particles:
            index -= 1
        if index:
            yield Found(" ".join(parts[:index]), found.evidence)
        return
    yield found


def _fullest(
    short: Found[str], others: Sequence[Found[str]], passages: Sequence[Passage], words: FieldWords
) -> Found[str]:
    """The same person under the full name, when the mail knows it."""
    parts = short.value.split()
    if len(parts) > 1:
        written = (other for other in others if other.evidence.source != "header:from")
        return next((other for other in written if _spells_out(parts, other.value.split())), short)
    first = squashed(short.value)
    for other in others:
        parts = [squashed(word) for word in other.value.split()]
        if len(parts) > 1 and (first in parts or (len(first) > 2 and parts[0].startswith(first))):
            return other
    for passage in passages:
        name = re.escape(short.value)
        for match in re.finditer(rf"(?<!\w)(?:{name}[ ]|[^\W\d_][\w'-]{{1,30}}[ ]{name}(?!\w))", passage.flow):
            span = persons(passage.flow, match.start(), words.person, words.grammar.stop)
            for found in _person(passage, span, words, single=False) if span else ():
                return found
    return short


def _spells_out(short: Sequence[str], long: Sequence[str]) -> bool:
    """True for "Ralf Pfeiffer" behind "R. Pfeiffer"."""
    initial = short[0].rstrip(".")
    return (
        len(initial) == 1
        and len(long[0]) > 1 + long[0].endswith(".")
        and long[0][0] == initial
        and (squashed(short[-1]) == squashed(long[-1]))
    )


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
            for line in _last_block(passage, lines):
                start = line.start
                if (behalf := words.on_behalf.match(passage.flow, start, line.end)) is not None:
                    start = behalf.end()
                yield from _person(passage, Span(start, line.end), words, single=_titled(passage, line, words))


def _last_block(passage: Passage, lines: Sequence[Span]) -> list[Span]:
    """The short lines at the end, behind the last sentence."""
    block: list[Span] = []
    for line in reversed(lines[-_CLOSING_LINES:]):
        text = passage.flow[line.start : line.end]
        if len(text) > _MAX_LINE or text[-1] in ".!?:":
            break
        block.append(line)
    return block[::-1]


def _titled(passage: Passage, line: Span, words: FieldWords) -> bool:
    """True when the next line is an occupation: what stands above it is a name."""
    following = passage.flow[line.end + 1 :].partition("\n")[0]
    return is_occupation(following, words)


def _signer(passage: Passage, line: Span, words: FieldWords) -> Iterator[Found[str]]:
    flow = passage.flow[line.start : line.end]
    if len(flow) > 100 or "@" in flow or words.robot.search(flow):
        return
    if flow.endswith(",") and " " not in flow:
        return  # a closing formula: "Warmly,"
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


def _addressed(passages: Sequence[Passage], answer: Found[str] | None, words: FieldWords) -> Iterator[Found[str]]:
    """Somebody in the text whose name is that of the address: jo.ray@acme.example, "Jo Ray"."""
    local = squashed((answer.value if answer else "").partition("@")[0])
    if len(local) < 3:
        return
    for passage in passages:
        for count, start in enumerate(_CAPITAL.finditer(passage.flow)):
            if count > _MAX_CAPITALS:
                break
            if squashed(start[0])[0] not in local:
                continue
            span = persons(passage.flow, start.start(), words.person, words.grammar.stop)
            if span is None or passage.flow[span.end : span.end + 1] == "@":
                continue
            beside = "@" in passage.flow[span.end : span.end + 8 + len(local)]
            for found in _person(passage, span, words, single=beside):
                if local in _locals(found.value):
                    yield found
                    return


def _locals(name: str) -> frozenset[str]:
    """The local parts, squashed, that addresses of a person have: joray, jray, rayjo, rayj, ray, jor."""
    parts = [squashed(part) for part in name.split()]
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return frozenset(parts)
    first, last, all_ = parts[0], parts[-1], "".join(parts)
    inner = "".join(part[0] for part in parts[:-1])
    return frozenset((
        all_, first + last, first[0] + last, inner + last, last + first, last + first[0], last, first + last[0]
    ))  # fmt: skip


def _closing(passages: Sequence[Passage], senders: Sequence[Address], words: FieldWords) -> Iterator[Found[str]]:
    """A name without a closing formula on the last lines, also a first name or in small letters: the sender's."""
    known = [squashed(text) for sender in senders for text in (sender.local_part, *sender.display_name.split()) if text]
    for passage in passages:
        if passage.source != "body":
            continue
        for line in passage.lines()[-3:]:
            text = passage.text[line.start : line.end]
            if len(text) > _MAX_NAME or not text.replace(" ", "").replace("-", "").strip(".,").isalpha():
                continue
            if not any(squashed(word) in known for word in text.split()):
                continue
            name = person(text if text != text.lower() else text.title(), words.person, single=True)
            if name is not None:
                yield Found(name, passage.evidence("contact", line))


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
