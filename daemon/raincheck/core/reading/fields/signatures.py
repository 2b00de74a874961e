"""Who signs: the persons whose names end a mail.

Owns the reading of signatures and of the last lines of a text: closing formulas, what stands on a line beside a name,
names in small letters; and what makes characters of a text a find of a person.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from raincheck.core.reading.fields.names import squashed
from raincheck.core.reading.fields.persons import CAPITAL, MAX_NAME, is_title, person, persons
from raincheck.core.reading.fields.role import is_occupation
from raincheck.core.reading.fields.sameperson import is_theirs
from raincheck.core.reading.fields.text import Found, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.model import Address
    from raincheck.core.reading.fields.text import Passage
    from raincheck.core.reading.fields.words import FieldWords

_SIGNED_LINES = 4  # of a signature that may hold the name
_MAX_LINE = 60
_CLOSING_LINES = 6
_PARAGRAPH_LINES = 9  # at the end of a text that may hold its last paragraphs
_ASIDE = re.compile(r"(?<!\s)\s*[/|,]\s|\s[-–—]\s")  # from the first blank of a row alone: linear time
_BEGINS_LARGE = re.compile(r"(?:^|[.!?]\s|\n)[ ]{0,4}[^\W\d_a-zß-öø-ÿ]")
_TOWN = re.compile(r"[^,]{2,40}, [A-Z]{2}(?: [\d-]{4,10})?")
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")
_BEHIND_DASH = re.compile(r"[.!?)][ ]{1,2}[–—-]{1,2}[ ]?([^\W\d_a-zß-öø-ÿ][^\n.!?]{1,40})$")
_AND = frozenset({"&", "+"})
_AROUND = " .,!*~–—-"  # a line, and no part of it
_JOINED = re.compile(r",\s+(?=[^\W\d_])|\s[-–—|·•]\s|\s{3,}|\s+(?:and|und|&|\+|@)\s+")


def signers(passages: Sequence[Passage], words: FieldWords, house: str = "") -> Iterator[Found[str]]:
    """The name in the signature: on one of its first lines, perhaps behind the closing formula.

    house: what was found to be the company. The line that is its name, and no person's, holds no name of anybody
    either, nor does that of a team: "Stadtwerke Otterau", "Otterby Fire and Rescue", "Lund & Ray Talent Team".
    """
    house = "" if person(house, words.person, single=True) else squashed(house)

    def is_house(passage: Passage, line: Span) -> bool:
        text = passage.flow[line.start : line.end]
        if _is_of_all(text, words):
            return True
        if not house:
            return False
        name = squashed(text)
        return name == house or (name.startswith(house) and _is_teams(text, words))

    for passage in passages:
        if passage.source != "signature":
            continue
        for line in passage.lines()[:_SIGNED_LINES]:
            if not is_house(passage, line):
                yield from _signer(passage, line, words)
    for passage in passages:
        if passage.source in ("body", "forwarded") and (lines := passage.lines()):
            for line, below in itertools.pairwise(lines[-_CLOSING_LINES:]):
                if is_house(passage, below):
                    continue
                if line.end - line.start <= _MAX_LINE and words.closing_line.match(passage.flow, line.start, line.end):
                    yield from _signer(passage, below, words)
                elif _is_formula(passage, line, words):
                    yield from _below(passage, below, words, head=True)
            for line in lines[-_SIGNED_LINES:]:
                yield from _signed_off(passage, line, words, last=line is lines[-1])
            for line in _last_block(passage, lines):
                if not is_house(passage, line):
                    yield from _below(passage, line, words)
            for line in _last_paragraphs(passage, lines, words):
                if not is_house(passage, line):
                    yield from _below(passage, line, words, head=True)


def _is_teams(text: str, words: FieldWords) -> bool:
    """True for a line that ends with a word for those who write for a company: "Lund & Ray Talent Team"."""
    return text.lower().rstrip(" .,!").rpartition(" ")[2] in words.team


def _is_of_all(text: str, words: FieldWords) -> bool:
    """True for a line in which all sign together, whatever they are called by: "The Lund Ray Crew", "Your Lund & Ray
    Team", "The team at Lund Ray"; not for "Your Jo from the Talent Team" and "Your Jo & Team"."""
    first, *rest = text.strip(_AROUND).split() or [""]
    if first.lower() not in words.crew_leads:
        return False
    joins = words.grammar.coordinators | _AND
    for at, word in enumerate(rest):
        if word.lower().rpartition("-")[2] in words.crews:
            following = "".join(rest[at + 1 :][:1])
            return joins.isdisjoint(rest[max(0, at - 1) : at]) and (not following or following.islower())
        if not word[0].isupper() and word not in joins and word not in words.grammar.links:
            return False
    return False


def _is_formula(passage: Passage, line: Span, words: FieldWords) -> bool:
    """True for a short line that ends with a comma, and is no name: a greeting, in whatever words."""
    text = passage.flow[line.start : line.end]
    short = text.endswith(",") and len(text) < MAX_NAME and not any(map(str.isdigit, text))
    return short and line.start > 0 and not words.person.is_given(text[:-1])


def _below(passage: Passage, line: Span, words: FieldWords, *, head: bool = False) -> Iterator[Found[str]]:
    """The name on a line below the text; one that begins a paragraph may be a first name alone."""
    flow = passage.flow
    behalf = words.on_behalf.match(flow, line.start, line.end)
    single = behalf is not None or _titled(passage, line, words)
    lead = behalf or words.yours.match(flow, line.start, line.end)
    start, end = lead.end() if lead else line.start, _before_team(passage, line, words)
    house = words.signs_for.search(flow, line.start + 2, line.end) if end == line.end else None
    if house is not None and house.start() > start and line.end - house.end() < MAX_NAME:
        yield from person_in(passage, Span(start, house.start()), words, single=True)
        return
    text = flow[start:end]
    if end == line.end < len(flow) and _is_formula(passage, line, words):
        return
    titled = text.split(maxsplit=1)[:1]
    single = single or bool(titled and titled[0].lower().replace(".", "") in words.person.titles)
    known = head and words.person.is_given(text.strip(" -–—,"))
    found = list(person_in(passage, Span(start, end), words, single=single or end < line.end or known))
    yield from found
    if not found and (cut := _JOINED.search(text)) is not None and not cut[0].startswith(","):
        yield from person_in(passage, Span(start, start + cut.start()), words, single=head)  # "Jo Ray und Al Fox"
    if found:
        return
    for word in itertools.islice(CAPITAL.finditer(text), 1, 4):  # "Wirt Jo Ray", "Watch Manager Jo Ray"
        if is_occupation(text[: word.start()].strip(), words.grammar):
            given = words.person.is_given(word[0])
            yield from person_in(passage, Span(start + word.start(), end), words, single=given)


def _last_paragraphs(passage: Passage, lines: Sequence[Span], words: FieldWords) -> Iterator[Span]:
    """The short lines with which the last two paragraphs begin: names stand there, above an office and a house.

    Also those in them that begin with a given name: a greeting may stand above.
    """
    flow, tail = passage.flow, lines[-_PARAGRAPH_LINES:]
    heads = [n for n in range(1, len(tail)) if "\n\n" in flow[tail[n - 1].end : tail[n].start].replace(" ", "")][-2:]
    for number, line in enumerate(tail):
        begins = number in heads
        if not heads or number < heads[0] or flow[tail[number - 1].end - 1] == ":":
            continue
        text = flow[line.start : line.end]
        following = tail[number + 1] if number + 1 < len(tail) else None
        dated = following is not None and _CLOCK.match(flow, following.start, following.end) is not None
        if len(text) > _MAX_LINE or text[-1] in ".!?:" or dated:
            continue
        if begins or (len(text.split()) > 1 and words.person.is_given(text)):
            yield line


def _signed_off(passage: Passage, line: Span, words: FieldWords, *, last: bool) -> Iterator[Found[str]]:
    """The name behind a closing formula at the start of a line; on the last line, anywhere in it."""
    if not (words.sign_off.phrases or words.wishes.phrases):
        return
    flow = passage.flow[line.start : line.end]
    offs = [match.end() for match in words.sign_off.finditer(flow) if last or match.start() == 0]
    wished = [match.end() for match in words.wishes.finditer(flow)]  # "A pleasant evening wishes Jo Ray"
    if wished:
        yield from person_in(passage, Span(line.start + max(wished), line.end), words, single=True)
    if not offs:
        return
    rest = flow[max(offs) :]
    if len(rest) < MAX_NAME and (name := person(with_capitals(rest), words.person, single=True)):
        yield Found(name, passage.evidence("contact", Span(line.end - len(rest), line.end)))
    else:
        found = list(person_in(passage, Span(line.end - len(rest), line.end), words, single=False))
        yield from found or (_behind_greeting(passage, Span(line.end - len(rest), line.end), words) if last else ())


def _behind_greeting(passage: Passage, rest: Span, words: FieldWords) -> Iterator[Found[str]]:
    """The name at the end of a greeting: "Gruß aus der Backstube, Jo", "Cheers from the yard J. Ray"."""
    for start in CAPITAL.finditer(passage.flow, rest.start, rest.end):
        initial = passage.flow[start.end() : start.end() + 1] == "." or start[0][1:] == "."
        if initial or words.person.is_given(start[0]):
            yield from person_in(passage, Span(start.start(), rest.end), words, single=not initial)
            return


def _last_block(passage: Passage, lines: Sequence[Span]) -> list[Span]:
    """The short lines at the end, behind the last sentence."""
    block: list[Span] = []
    for line in reversed(lines[-_CLOSING_LINES:]):
        text = passage.flow[line.start : line.end]
        if len(text) > _MAX_LINE or text[-1] in ".!?:":
            break
        block.append(line)
    return block[::-1]


def _before_team(passage: Passage, line: Span, words: FieldWords) -> int:
    """Where a name ends behind which the team stands: "Jo from the Talent Team", "Jo Ray for the team"."""
    of = words.from_company.search(passage.flow, line.start + 2, line.end)
    rest = passage.flow[of.end() : line.end].lower().split() if of is not None else []
    return of.start() if of is not None and not words.team.isdisjoint(rest) else line.end


def _titled(passage: Passage, line: Span, words: FieldWords) -> bool:
    """True when the next line is an occupation, a department or a firm: what stands above it is a name."""
    following = passage.flow[line.end + 1 :].partition("\n")[0]
    parts = following.lower().split()
    firm = len(parts) > 1 and (parts[0] in words.team or re.sub(r"\W", "", parts[-1]) in words.legal_forms)
    return firm or is_occupation(following, words.grammar)


def _signer(passage: Passage, line: Span, words: FieldWords) -> Iterator[Found[str]]:
    flow = passage.flow[line.start : line.end]
    if len(flow) > 100 or "@" in flow or words.robot.search(flow):
        return
    if (flow.endswith(",") and " " not in flow) or _TOWN.fullmatch(flow):
        return  # a closing formula: "Warmly,"
    start = line.start
    if (lead := words.on_behalf.match(passage.flow, start) or words.yours.match(passage.flow, start)) is not None:
        start = lead.end()
    end = line.end
    for pattern in (words.from_company, words.at_company):
        if (of := pattern.search(passage.flow, start + 2, end)) is not None:
            end = of.start()
    found = list(person_in(passage, Span(start, end), words, single=True))
    if found:
        yield from found
        return
    for cut in _JOINED.finditer(flow):
        if not words.person.is_given(flow) and words.street.search(flow, cut.end()):
            return  # "Turm Nord | Hafenstraße 3"
        before = list(person_in(passage, Span(start, line.start + cut.start()), words, single=True))
        behind = (
            ()
            if cut[0].startswith(",")
            else person_in(passage, Span(line.start + cut.end(), line.end), words, single=False)
        )
        after = list(behind)  # behind a comma stands a place or an office
        title = passage.flow[line.start + cut.end() : line.end].split(maxsplit=1)
        if title and title[0].lower().rstrip(".") in words.person.titles:  # "Heron Pottery, Mr Lund"
            yield from person_in(passage, Span(line.start + cut.end(), line.end), words, single=True)
        if before or after:
            yield from before or after
            return
    if _is_of_all(flow.partition(",")[0], words):
        return  # "The Lund Crew, Otterby"
    for word in re.finditer(r"\S+", flow):  # "rgds Bex", "Best wishes Anna Lund", not "Best wishes from Leeds"
        lower = word[0].lower().strip(".,!")
        if word.start() and (lower in words.grammar.stop or lower in words.person.particles):
            return
        if lower in words.person.others:
            continue
        if word.start():
            span = persons(passage.flow, line.start + word.start(), words.person, words.grammar.stop)
            yield from person_in(passage, span, words, single=True) if span else ()
        return


def signed_alone(passages: Sequence[Passage], words: FieldWords) -> Iterator[Found[str]]:
    """A first name that is the whole last line of the text: where nobody else is known."""
    for passage in passages:
        lines = passage.lines()
        if passage.source == "body" and len(lines) > 1 and passage.flow[lines[-1].start : lines[-1].end].isalpha():
            yield from person_in(passage, lines[-1], words, single=True)


def signed_plainly(passages: Sequence[Passage], senders: Sequence[Address], words: FieldWords) -> Iterator[Found[str]]:
    """A name without a closing formula on the last lines, also a first name or in small letters: the sender's.

    Whoever writes in small letters signs in them, too: there the last line need not be known.
    """
    known = {squashed(text) for sender in senders for text in (sender.local_part, *sender.display_name.split()) if text}
    for passage in passages:
        if passage.source not in ("body", "signature"):
            continue
        for line in passage.lines()[-3:]:
            text = _ASIDE.split(passage.text[line.start : line.end], maxsplit=1)[0]
            text = _JOINED.split(text, maxsplit=1)[0] if text.islower() else text  # "jo & the team"
            if len(text) > MAX_NAME or not text.replace(" ", "").replace("-", "").strip(".,").isalpha():
                continue
            if not any(squashed(word) in known for word in text.split()) and not (
                _small_letters(passage, line, words) or _small_below_closing(passage, line, text, words)
            ):
                continue
            name = person(with_capitals(text), words.person, single=True)
            if name is not None:
                yield Found(name, passage.evidence("contact", line))


def signed_as_sent(passages: Sequence[Passage], senders: Sequence[Address], words: FieldWords) -> Iterator[Found[str]]:
    """A sender's name as it is, where a line or the last sentence at the end repeats it: "A. St.J. Ray"."""
    for sender in senders:
        name = " ".join(sender.display_name.split())
        parts = name.split()
        whole = squashed(name) == squashed(sender.local_part)  # Blessing Eze <blessing.eze@...>
        forbidden = sum(words.person.forbids(p, first=True) for p in parts)
        if len(parts) < 2 or not is_theirs(name, sender) or forbidden > whole:
            continue
        for passage in passages:
            if passage.source not in ("body", "signature"):
                continue
            lines = passage.lines()
            for line in lines[:_SIGNED_LINES] if passage.source == "signature" else lines[-_CLOSING_LINES:]:
                if passage.flow[line.start : line.end].rstrip(" .,") == name.rstrip("."):
                    at = next((at for at in range(len(parts) - 2) if not is_title(parts[at:], words.person)), -2)
                    yield Found(" ".join(parts[at:]), passage.evidence("contact", line))


def signed_inline(passages: Sequence[Passage], words: FieldWords) -> Iterator[Found[str]]:
    """The name with which the last line of the text ends behind its last sentence: "Let me know. Jo Ray"; behind a
    dash that of any paragraph, below which a table may stand: "Let me know. – Jo Ray"."""
    for passage in passages:
        lines = passage.lines() if passage.source == "body" else ()
        for line in lines:
            signed = _BEHIND_DASH.search(passage.flow, max(line.start, line.end - MAX_NAME - 4), line.end)
            if signed is not None and (" " in signed[1] or line is not lines[-1]):
                yield from person_in(passage, Span(*signed.span(1)), words, single=words.person.is_given(signed[1]))
        if not lines or any(p.source == "signature" for p in passages):
            continue
        flow = passage.flow[lines[-1].start : lines[-1].end]
        at = max(flow.rfind(mark) for mark in ("! ", "? ", ") ")) + 2
        at = max(at, passage.sentence(lines[-1].end - 1).start - lines[-1].start)
        if flow[:at].endswith("i. ") and flow[at : at + 3] == "R. ":  # "Pfr. i. R. Jo Ray": retired
            at += 3
        if at > 1 and len(flow) - at <= MAX_NAME:
            yield from person_in(passage, Span(lines[-1].start + at, lines[-1].end), words, single=False)


def _small_letters(passage: Passage, line: Span, words: FieldWords) -> bool:
    """True for a last line of one word, or for a given name and a surname alone on their line, in a text whose
    sentences begin with small letters."""
    text = passage.flow[line.start : line.end]
    before = passage.flow[: line.start]
    if not before.endswith("\n\n") or not text.islower() or len(before) <= MAX_NAME or _BEGINS_LARGE.search(before):
        return False
    full = len(text.split()) == 2 and words.person.is_given(text)
    return full or (not passage.flow[line.end :].strip() and text.isalpha())


def _small_below_closing(passage: Passage, line: Span, text: str, words: FieldWords) -> bool:
    """True for a given name in small letters below a closing formula in small letters: "cheers", and "timo"."""
    before = passage.flow[: line.start]
    above = before.rstrip("\n").rpartition("\n")[2]
    small = text.islower() and not _BEGINS_LARGE.search(before) and words.person.is_given(text)
    return small and words.closing_line.match(above) is not None


def with_capitals(text: str) -> str:
    """A name that was written in small letters, as it should be."""
    return text if text != text.lower() else text.title()


def person_in(passage: Passage, span: Span, words: FieldWords, *, single: bool) -> Iterator[Found[str]]:
    """The person whose name these characters are, or end with behind "p.p."; single: also a first name alone."""
    text = passage.text[span.start : span.end].replace("*", " ")
    if text.startswith("(") and text.endswith(")"):
        text, single = text[1:-1], False  # as one signs in India: "(J. Ray)"
    if (behalf := words.on_behalf.search(text, 1)) is not None:
        text = text[behalf.end() :]  # "Personnel, p.p. Jo Ray"
    name = person(text, words.person, single=single)
    if name is not None:
        yield Found(name, passage.evidence("contact", span))
