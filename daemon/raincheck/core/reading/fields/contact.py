"""The human to answer: whom the mail tells to answer, else who signs, else who sends; never a team, never the person.

Owns the reading of signatures and of sentences that name somebody to turn to.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.core.model import Evidence
from raincheck.core.reading.fields.names import skip, spellings, squashed
from raincheck.core.reading.fields.persons import person, persons
from raincheck.core.reading.fields.role import is_occupation
from raincheck.core.reading.fields.text import Found, Passage, Span
from raincheck.core.recipients import is_no_reply, registrable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.model import Address
    from raincheck.core.reading.fields.phrase import Blank
    from raincheck.core.reading.fields.words import FieldWords

_SIGNED_LINES = 4  # of a signature that may hold the name
_MAX_NAME = 40  # characters
_MAX_LINE = 60
_CLOSING_LINES = 6
_PARAGRAPH_LINES = 9  # at the end of a text that may hold its last paragraphs
_MAX_CAPITALS = 400  # words of a passage at which a name may begin
_GREETED = re.compile(r"(?:[^.,!?\n–—-]{1,40}[,!–—-])?\s{0,3}")  # what may stand before somebody who tells their name
_CAPITAL = re.compile(r"(?<![\w'@.-])[^\W\d_a-zß-öø-ÿ][\w'.-]{0,30}")
_TEXTS = ("body", "forwarded", "disclaimer")
_BESIDE = 48  # characters between a name and its address
_ASIDE = re.compile(r"(?<!\s)\s*[/|,]\s|\s[-–—]\s")  # from the first blank of a row alone: linear time
_BRACKET = re.compile(r"[ ,]{0,2}\(([^()\n]{2,40})\)")
_BEGINS_LARGE = re.compile(r"(?:^|[.!?]\s|\n)[ ]{0,4}[^\W\d_a-zß-öø-ÿ]")
_TOWN = re.compile(r"[^,]{2,40}, [A-Z]{2}(?: [\d-]{4,10})?")
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")
_JOINED = re.compile(r",\s+(?=[^\W\d_])|\s[-–—|·•]\s|\s{3,}|\s+(?:and|und|&|\+|@)\s+")


def find_contact(
    passages: Sequence[Passage],
    senders: Sequence[Address],
    words: FieldWords,
    not_persons: Sequence[str] = (),
    answer: Found[str] | None = None,
    company: str = "",
    earlier: Sequence[Passage] = (),
    besides: Sequence[Address] = (),
) -> Found[str] | None:
    """The contact as written; a first name alone only where the mail knows no more of them.

    senders: Reply-To, then From. besides: others whose names the mail knows: organizer, copies. earlier: quoted mails,
    which only complete a name. company: what was found to be it, which may be who signs. answer: where answers go.
    Whoever bears its name comes first when the text names the address itself, else last.
    """
    senders = [replace(sender, display_name=_without_degrees(sender.display_name, words)) for sender in senders]
    words = _knowing((*senders, *besides), words)
    told = [(name, sender) for sender in (*senders, *besides) for name in _sent(sender, words)]
    bare, _, form = company.rpartition(" ")
    longer = bool(bare) and (form.isupper() or form.lower().strip(".") in words.legal_forms)  # "Acme Rail AR"
    not_persons = (*not_persons, company, *((bare,) if longer else ()))
    firms = {squashed(name) for name in not_persons if name and " " not in name}
    mine = {squashed(name) for name in not_persons}
    below = [name for name in _signed(passages, words) if squashed(name.value) not in mine]
    firsts = {squashed(name.value.split()[0]): name.value for name in below}
    own = [
        name
        for name, sender in told
        if sender not in besides
        and _is_theirs(name.value, sender)
        and squashed(name.value) not in firms
        and (squashed(name.value.split()[0]) in firsts or not _is_house(name.value, sender, words))
    ]
    known = any(map(words.person.is_given, firsts.values()))
    if known:  # not "Contest Lago", where a person signs
        own = [n for n in own if words.person.is_given(n.value) or squashed(n.value.split()[0]) in firsts]
    sent = own or [
        name
        for name, sender in told
        if _is_relay(sender)
        or words.at_company.search(sender.display_name)
        or (" " in name.value and words.person.is_given(name.value))
    ]
    houses = {squashed(registrable(sender.domain).partition(".")[0]) for sender in senders}
    strangers = {squashed(name) for name in not_persons if name} - {squashed(name.value) for name in own}
    strangers |= {squashed(sender.display_name) for sender in senders if _is_system(sender, words)}
    heads = squashed(" ".join(part for sender in senders for part in (sender.display_name, sender.domain)))
    asked = answer is not None and answer.evidence.source in _TEXTS
    signed = [
        name
        for name in below
        if not _is_firm(name.value, sent, houses) and (not own or any(_agree(name.value, one.value) for one in own))
    ]
    signed.sort(key=lambda name: _is_doubtful(name.value, heads, words))
    inline = list(_inline(passages, words))
    whose = (name.value for name in (*signed, *inline) if squashed(name.value) == squashed(company))
    if any(_is_alone_in_mail(name, heads, words) for name in whose):
        strangers.discard(squashed(company))
    found = (
        *(_addressed(passages, answer, words) if asked else ()),
        *(_beside(passages, answer, words) if answer is not None and asked else ()),
        *(name for name in _named(passages, words) if _is_known(name.value, passages, (*senders, *besides), words)),
        *_as_sent(passages, senders, words),
        *signed,
        *inline,
        *(name for name in _closing(passages, senders, words) if not _is_firm(name.value, sent, houses)),
        *sent,
        *_relayed(passages, words),
        *(() if asked else _addressed(passages, answer, words)),
        *_introduced(passages, words),
        *_left_alone(passages, words),
    )
    all_ = [name for one in found for name in _alone(one, strangers, words)]
    if not all_:
        return None
    first = next((name for name, _ in told if _turned(name.value, all_[0].value)), all_[0])
    if words.person.is_given(all_[0].value) and not words.person.is_given(first.value):
        first = all_[0]  # "Ray Jo" sends what Jo Ray signs
    boxed = [  # Magdalena Ray, lena@..., where "Lena" signs
        name
        for name, sender in told
        if " " in name.value
        and words.person.is_given(name.value)
        and squashed(sender.local_part) == first.value.lower()
    ]
    others = (*all_[1:], *(name for name, _ in told))
    below = [name for passage in earlier for name in _lines_of(first.value, passage, words)]
    fullest = boxed[0] if boxed else _fullest(first, (*others, *below), passages, words)
    return next(_alone(fullest, strangers, words), all_[0])


def _knowing(senders: Sequence[Address], words: FieldWords) -> FieldWords:
    """The words with the names that senders bear, also where they mean something else: Jo Monday, jo.monday@...; Dev
    Ray, dev@..."""
    borne, called = set[str](), set[str]()
    for sender in senders:
        via = words.at_company.search(sender.display_name)
        display = sender.display_name[: via.start()] if via is not None else sender.display_name
        first, *rest = re.findall(r"[^\W\d_][\w'-]*", display) or [""]
        if rest and not words.person.forbids(first, first=True) and words.person.forbids(rest[-1], first=False):
            box = squashed(sender.local_part)
            both = any(way in box for way in spellings(rest[-1])) and box != squashed(rest[-1])
            known = words.person.is_given(first) or box.startswith(squashed(first)[:1]) or box.endswith(squashed(first))
            if via is not None or (both and known):
                borne.add(rest[-1].lower())
        given = bool(rest) and words.person.is_given(first) and words.person.forbids(first, first=True)
        if given and squashed(sender.local_part).startswith(squashed(first)):
            called.add(first.lower())
    if not (borne or called):
        return words
    person_words = replace(words.person, surnames=words.person.surnames | borne, others=words.person.others - called)
    return words._replace(person=person_words)


def _alone(found: Found[str], strangers: set[str], words: FieldWords) -> Iterator[Found[str]]:
    """The person without the company behind the name: "Ada von Acme" -> "Ada"; nothing when that is all."""
    parts = found.value.split()
    for index in range(len(parts)):
        if squashed(" ".join(parts[index:])) not in strangers:
            continue
        bare = index
        while index and parts[index - 1].lower() in words.person.particles:
            index -= 1
        if index == bare == 1:
            break  # "Uwe Ohlendorf" of Ohlendorf: a firm bears its owner's name
        if index:
            yield Found(" ".join(parts[:index]), found.evidence)
        return
    yield found


def _is_theirs(name: str, sender: Address) -> bool:
    """True when a display name and the address under it are of the same person: "Jo Ray" <jray@...>."""
    local = squashed(sender.local_part)
    parts = [way for part in re.split(r"[ -]", name) for way in spellings(part)]
    initials = "".join(squashed(part)[:1] for part in re.split(r"[ -]", name))
    return (
        any(len(part) > 1 and part in local for part in parts)
        or any(way.startswith(local) for way in _locals(name))
        or initials.startswith(local)
    )


def _is_house(name: str, sender: Address, words: FieldWords) -> bool:
    """True for a house that writes from an address of its own name: "Bar La Luna" <laluna@la-luna.example>."""
    local, house = squashed(sender.local_part), squashed(sender.domain.rpartition(".")[0])
    if words.person.is_given(name):
        return False
    long = [part for part in re.split(r"[ -]", name) if len(part) > 3]
    return (len(local) > 3 and local in house) or (
        len(long) > 1 and all(any(way in house for way in spellings(part)) for part in long)
    )


def _is_relay(sender: Address) -> bool:
    """True for an address from which something writes for a person, not for an office: no-reply, notifications."""
    return is_no_reply(sender.addr_spec) or not sender.local_part.isalpha()


def _without_degrees(display: str, words: FieldWords) -> str:
    """A name without the degrees behind its comma: "Jo Ray, MSc"; behind "Ray, Jo" stands a given name."""
    name, _, rest = display.partition(",")
    degrees = rest.replace(".", "").lower().replace(",", " ").split()
    return name if len(name.split()) > 1 and degrees and words.person.degrees.issuperset(degrees) else display


def _is_system(sender: Address, words: FieldWords) -> bool:
    """True for what sends by itself under the name of its domain: "Heron Prism" <noreply@prism.heron.example>."""
    parts, domain = sender.display_name.split(), squashed(sender.domain)
    whole = bool(parts) and all(squashed(part) in domain for part in parts)
    return whole and is_no_reply(sender.addr_spec) and not words.person.is_given(sender.display_name)


def _is_doubtful(name: str, heads: str, words: FieldWords) -> bool:
    """True for what signs like a person and may be a house or a greeting: "Stadtbibliothek", "Fraternally".

    It begins with no given name, and is a single word or holds one of any sentence, or of the headers.
    """
    parts = name.split()
    if words.person.is_given(name) or len(parts[0].rstrip(".")) == 1:
        return False
    return len(parts) == 1 or any(part.lower() in words.person.common or squashed(part) in heads for part in parts)


def _is_alone_in_mail(name: str, heads: str, words: FieldWords) -> bool:
    """True for who signs with a full name that no header holds: a person, where it was taken for the company, too."""
    parts = name.split()
    return len(parts) > 1 and not _is_doubtful(name, heads, words) and squashed(parts[0]) not in heads


def _turned(one: str, other: str) -> bool:
    """True for the same names in another order: "Ray Jo" signs what Jo Ray sends."""
    mine, theirs = one.lower().split(), other.lower().split()
    return len(mine) > 1 and mine != theirs and sorted(mine) == sorted(theirs)


def _agree(one: str, other: str) -> bool:
    """True for names that share a word: of one person, under two forms."""
    mine, theirs = ({squashed(part) for part in name.split()} for name in (one, other))
    short = {part for part in mine if any(whole.startswith(part) for whole in theirs)}
    return not mine.isdisjoint(theirs) or bool(short)


def _is_firm(name: str, sent: Sequence[Found[str]], houses: set[str]) -> bool:
    """True for "Rainer Zimmerei" where Sepp Rainer sends: a firm that bears a family's name; for the domain's name."""
    parts = [squashed(part) for part in name.split()]
    if len(parts) == 1 and len(parts[0]) > 3:
        return any(parts[0] in house for house in houses)
    for one in sent:
        known = [squashed(part) for part in one.value.split()]
        if len(known) > 1 and len(parts) > 1 and parts[0] == known[-1] and parts[-1] not in known:
            return True
    return False


def _fullest(
    short: Found[str], others: Sequence[Found[str]], passages: Sequence[Passage], words: FieldWords
) -> Found[str]:
    """The same person under the full name, when the mail knows it."""
    parts = short.value.split()
    if short.value.isupper() and len(parts) == 1:
        spelled = next((other for other in others if _initials(other.value) == short.value), None)
        if spelled is not None:
            return spelled
    if len(parts) > 1:
        longer = (other for other in others if _goes_on(parts, other.value.split(), words))
        sent = (other for other in others if other.evidence.source == "header:from")
        family = (other for other in sent if _leads_in(parts, other.value.split(), words))
        written = (other for other in others if other.evidence.source != "header:from")
        full = (other for other in written if _spells_out(parts, other.value.split()))
        return next(itertools.chain(longer, family, full), short)
    first = squashed(short.value)
    for other in others:
        parts = [squashed(word) for word in other.value.split()]
        if len(parts) > 1 and (first in parts or (len(first) > 1 and parts[0].startswith(first))):
            return other
    name = re.escape(short.value)
    forms = (rf"(?<!\w){name}[ ]", rf"(?<!\w)[^\W\d_][\w'-]{{1,30}}[ ]{name}(?!\w)")
    for passage, form in itertools.product(passages, forms):
        for match in re.finditer(form, passage.flow):
            span = persons(passage.flow, match.start(), words.person, words.grammar.stop)
            for found in _person(passage, span, words, single=False) if span else ():
                return found
    return short


def _lines_of(first: str, passage: Passage, words: FieldWords) -> Iterator[Found[str]]:
    """A full name that begins with that first one, alone on its line: who signed an earlier mail."""
    for line in passage.lines():
        if line.end - line.start <= _MAX_NAME and passage.flow.startswith(f"{first} ", line.start):
            yield from _person(passage, line, words, single=False)


def _initials(name: str) -> str:
    """ "JMT" of "Jean-Marc Tissot"."""
    return "".join(part[0] for part in re.split(r"[ -]", name) if part[:1].isupper())


def _goes_on(short: Sequence[str], long: Sequence[str], words: FieldWords) -> bool:
    """True for "Beth Anne Corrigan" behind "Beth Anne", which are given names alone."""
    return len(long) > len(short) and long[: len(short)] == short and all(map(words.person.is_given, short))


def _leads_in(short: Sequence[str], long: Sequence[str], words: FieldWords) -> bool:
    """True for "Goh Wei Ling" behind "Wei Ling": where the family's name stands first."""
    before = len(long) == len(short) + 1 and long[1:] == short and all(part.istitle() for part in long)
    return before and not words.person.is_given(short[0])


def _spells_out(short: Sequence[str], long: Sequence[str]) -> bool:
    """True for "Ralf Pfeiffer" behind "R. Pfeiffer"."""
    initial = short[0].rstrip(".")
    return (
        len(initial) == 1
        and len(long[0]) > 1 + long[0].endswith(".")
        and long[0][0] == initial
        and (squashed(short[-1]) == squashed(long[-1]))
    )


def asked_to_answer(passages: Sequence[Passage], words: Sequence[FieldWords]) -> Iterator[Found[str]]:
    """Those whom a sentence names for the answer: "please reply to my colleague Jo Ray", and not for an errand."""
    for w, passage in itertools.product(words, passages):
        for sentence in _sentences(passage) if passage.source in _TEXTS else ():
            asks = w.answer.search(sentence.flow) and not any(p.search(sentence.flow) for p in (w.aside, w.errands))
            if asks:
                yield from _after(sentence, w.contact, w, single=False)


def _sentences(passage: Passage) -> Iterator[Passage]:
    at = 0
    while at < len(passage.flow):
        span = passage.sentence(at)
        yield Passage(passage.source, passage.text[at : span.end], passage.flow[at : span.end])
        at = max(span.end, at) + 1


def is_of(name: str, address: Address) -> bool:
    """True for the address of that person: its display name holds the whole name, or its local part is made of it."""
    parts = {squashed(part) for part in name.split()}
    shown = [squashed(part) for part in re.split(r"[\s,]+", address.display_name) if part]
    local = squashed(address.local_part)
    if len(parts) == 1:
        return bool(shown) and shown[-1] in parts and any(part in local for part in parts)
    return parts <= set(shown) or local in _locals(name)


def _named(passages: Sequence[Passage], words: FieldWords) -> Iterator[Found[str]]:
    """Somebody whom a sentence or a labelled line names for the answer."""
    for passage in passages:
        if passage.source == "subject":
            continue
        yield from _after(passage, words.contact, words, single=False)
        lines = passage.lines()
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
            yield from _person(passage, rest, words, single=False)


def _is_known(name: str, passages: Sequence[Passage], senders: Sequence[Address], words: FieldWords) -> bool:
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
    for blank in phrases:
        for match in blank.before.finditer(passage.flow) if blank.before is not None else ():
            span = persons(passage.flow, match.end(), words.person, words.grammar.stop)
            if span is None or (blank.after and not blank.after.match(passage.flow, skip(passage.flow, span.end))):
                continue
            titled = passage.flow[match.end() : span.start].strip(" ,:") != ""  # "answer Ms Ray"
            yield from _person(passage, span, words, single=single or titled)


def _signed(passages: Sequence[Passage], words: FieldWords) -> Iterator[Found[str]]:
    """The name in the signature: on one of its first lines, perhaps behind the closing formula."""
    for passage in passages:
        if passage.source != "signature":
            continue
        for line in passage.lines()[:_SIGNED_LINES]:
            yield from _signer(passage, line, words)
    for passage in passages:
        if passage.source in ("body", "forwarded") and (lines := passage.lines()):
            for line, below in itertools.pairwise(lines[-_CLOSING_LINES:]):
                if line.end - line.start <= _MAX_LINE and words.closing_line.match(passage.flow, line.start, line.end):
                    yield from _signer(passage, below, words)
                elif _is_formula(passage, line, words):
                    yield from _below(passage, below, words, head=True)
            for line in lines[-_SIGNED_LINES:]:
                yield from _signed_off(passage, line, words, last=line is lines[-1])
            for line in _last_block(passage, lines):
                yield from _below(passage, line, words)
            for line in _last_paragraphs(passage, lines, words):
                yield from _below(passage, line, words, head=True)


def _is_formula(passage: Passage, line: Span, words: FieldWords) -> bool:
    """True for a short line that ends with a comma, and is no name: a greeting, in whatever words."""
    text = passage.flow[line.start : line.end]
    short = text.endswith(",") and len(text) < _MAX_NAME and not any(map(str.isdigit, text))
    return short and line.start > 0 and not words.person.is_given(text[:-1])


def _below(passage: Passage, line: Span, words: FieldWords, *, head: bool = False) -> Iterator[Found[str]]:
    """The name on a line below the text; one that begins a paragraph may be a first name alone."""
    flow = passage.flow
    behalf = words.on_behalf.match(flow, line.start, line.end)
    single = behalf is not None or _titled(passage, line, words)
    lead = behalf or words.yours.match(flow, line.start, line.end)
    start, end = lead.end() if lead else line.start, _before_team(passage, line, words)
    house = words.signs_for.search(flow, line.start + 2, line.end) if end == line.end else None
    if house is not None and house.start() > start and line.end - house.end() < _MAX_NAME:
        yield from _person(passage, Span(start, house.start()), words, single=True)
        return
    text = flow[start:end]
    if end == line.end < len(flow) and _is_formula(passage, line, words):
        return
    titled = text.split(maxsplit=1)[:1]
    single = single or bool(titled and titled[0].lower().replace(".", "") in words.person.titles)
    known = head and words.person.is_given(text.strip(" -–—,"))
    found = list(_person(passage, Span(start, end), words, single=single or end < line.end or known))
    yield from found
    if not found and (cut := _JOINED.search(text)) is not None and not cut[0].startswith(","):
        yield from _person(passage, Span(start, start + cut.start()), words, single=head)  # "Jo Ray und Al Fox"
    if found:
        return
    for word in itertools.islice(_CAPITAL.finditer(text), 1, 4):  # "Wirt Jo Ray", "Watch Manager Jo Ray"
        if is_occupation(text[: word.start()].strip(), words.grammar):
            given = words.person.is_given(word[0])
            yield from _person(passage, Span(start + word.start(), end), words, single=given)


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
    flow = passage.flow[line.start : line.end]
    offs = [match.end() for match in words.sign_off.finditer(flow) if last or match.start() == 0]
    wished = [match.end() for match in words.wishes.finditer(flow)]  # "A pleasant evening wishes Jo Ray"
    if wished:
        yield from _person(passage, Span(line.start + max(wished), line.end), words, single=True)
    if not offs:
        return
    rest = flow[max(offs) :]
    if len(rest) < _MAX_NAME and (name := person(_capitals(rest), words.person, single=True)):
        yield Found(name, passage.evidence("contact", Span(line.end - len(rest), line.end)))
    else:
        found = list(_person(passage, Span(line.end - len(rest), line.end), words, single=False))
        yield from found or (_behind_greeting(passage, Span(line.end - len(rest), line.end), words) if last else ())


def _behind_greeting(passage: Passage, rest: Span, words: FieldWords) -> Iterator[Found[str]]:
    """The name at the end of a greeting: "Gruß aus der Backstube, Jo", "Cheers from the yard J. Ray"."""
    for start in _CAPITAL.finditer(passage.flow, rest.start, rest.end):
        initial = passage.flow[start.end() : start.end() + 1] == "." or start[0][1:] == "."
        if initial or words.person.is_given(start[0]):
            yield from _person(passage, Span(start.start(), rest.end), words, single=not initial)
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
    found = list(_person(passage, Span(start, end), words, single=True))
    if found:
        yield from found
        return
    for cut in _JOINED.finditer(flow):
        if not words.person.is_given(flow) and words.street.search(flow, cut.end()):
            return  # "Turm Nord | Hafenstraße 3"
        before = list(_person(passage, Span(start, line.start + cut.start()), words, single=True))
        behind = (
            ()
            if cut[0].startswith(",")
            else _person(passage, Span(line.start + cut.end(), line.end), words, single=False)
        )
        after = list(behind)  # behind a comma stands a place or an office
        title = passage.flow[line.start + cut.end() : line.end].split(maxsplit=1)
        if title and title[0].lower().rstrip(".") in words.person.titles:  # "Heron Pottery, Mr Lund"
            yield from _person(passage, Span(line.start + cut.end(), line.end), words, single=True)
        if before or after:
            yield from before or after
            return
    for word in re.finditer(r"\S+", flow):  # "rgds Bex", "Best wishes Anna Lund", not "Best wishes from Leeds"
        lower = word[0].lower().strip(".,!")
        if word.start() and (lower in words.grammar.stop or lower in words.person.particles):
            return
        if lower in words.person.others:
            continue
        if word.start():
            span = persons(passage.flow, line.start + word.start(), words.person, words.grammar.stop)
            yield from _person(passage, span, words, single=True) if span else ()
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
            if squashed(start[0])[:1] not in local:
                continue
            span = persons(passage.flow, start.start(), words.person, words.grammar.stop)
            if span is None or passage.flow[span.end : span.end + 1] == "@":
                continue
            beside = "@" in passage.flow[span.end : span.end + 8 + len(local)]
            for found in _person(passage, span, words, single=beside):
                if local in _locals(found.value):
                    yield found
                    return


def _beside(passages: Sequence[Passage], answer: Found[str], words: FieldWords) -> Iterator[Found[str]]:
    """Whoever is named right before the address for answers, or in brackets behind it."""
    for passage in passages:
        at = passage.flow.find(answer.value) if passage.source == answer.evidence.source else -1
        if at < 0:
            continue
        low = max(passage.sentence(at).start, at - _BESIDE - _MAX_NAME)
        for start in _CAPITAL.finditer(passage.flow, low, at):
            span = persons(passage.flow, start.start(), words.person, words.grammar.stop)
            if span is None or not 0 <= at - span.end <= _BESIDE:
                continue
            titled = passage.flow[start.start() : span.start].strip() != ""
            known = squashed(passage.flow[span.start : span.end]) in squashed(answer.value.partition("@")[0])
            yield from _person(passage, span, words, single=titled or known)
        behind = at + len(answer.value)
        if (bracket := _BRACKET.match(passage.flow, behind)) is not None:
            span = persons(passage.flow, bracket.start(1), words.person, words.grammar.stop)
            if span is not None:
                yield from _person(passage, span, words, single=True)


def _left_alone(passages: Sequence[Passage], words: FieldWords) -> Iterator[Found[str]]:
    """A first name that is the whole last line of the text: where nobody else is known."""
    for passage in passages:
        lines = passage.lines()
        if passage.source == "body" and len(lines) > 1 and passage.flow[lines[-1].start : lines[-1].end].isalpha():
            yield from _person(passage, lines[-1], words, single=True)


def _relayed(passages: Sequence[Passage], words: FieldWords) -> Iterator[Found[str]]:
    """Whoever a platform says has written: "Jo Ray sent you a message"."""
    for passage in passages:
        yield from _beside_phrase(passage, words.relayed, words, single=False)


def _beside_phrase(
    passage: Passage, phrases: Sequence[Blank], words: FieldWords, *, single: bool, opening: bool = False
) -> Iterator[Found[str]]:
    """Persons whom a phrase names before or behind it.

    opening: those before it open a sentence, or follow a greeting: "Hi Robin, Gwen here from Acme".
    """
    for blank in phrases:
        if blank.before is not None:
            yield from _after(passage, (blank,), words, single=single)
        elif blank.after is not None:
            for match in blank.after.finditer(passage.flow):
                yield from _ending(passage, match.start(), words, single=single, opening=opening)


def _ending(passage: Passage, end: int, words: FieldWords, *, single: bool, opening: bool) -> Iterator[Found[str]]:
    """The name that ends right before a place."""
    for start in _CAPITAL.finditer(passage.flow, max(0, end - _MAX_NAME), end):
        span = persons(passage.flow, start.start(), words.person, words.grammar.stop)
        if span is not None and not passage.flow[span.end : end].strip():
            first = passage.sentence(span.start).start
            if not opening or _GREETED.fullmatch(passage.flow, first, span.start):
                yield from _person(passage, span, words, single=single)
            return


def _introduced(passages: Sequence[Passage], words: FieldWords) -> Iterator[Found[str]]:
    """Whoever introduces themselves: "this is Jo from Acme"."""
    for passage in passages:
        if passage.source in ("body", "forwarded"):
            yield from _beside_phrase(passage, words.introduced, words, single=True, opening=True)


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
    """A name without a closing formula on the last lines, also a first name or in small letters: the sender's.

    Whoever writes in small letters signs in them, too: there the last line need not be known.
    """
    known = {squashed(text) for sender in senders for text in (sender.local_part, *sender.display_name.split()) if text}
    for passage in passages:
        if passage.source not in ("body", "signature"):
            continue
        for line in passage.lines()[-3:]:
            text = _ASIDE.split(passage.text[line.start : line.end], maxsplit=1)[0]
            if len(text) > _MAX_NAME or not text.replace(" ", "").replace("-", "").strip(".,").isalpha():
                continue
            if not any(squashed(word) in known for word in text.split()) and not _small_letters(passage, line, words):
                continue
            name = person(_capitals(text), words.person, single=True)
            if name is not None:
                yield Found(name, passage.evidence("contact", line))


def _as_sent(passages: Sequence[Passage], senders: Sequence[Address], words: FieldWords) -> Iterator[Found[str]]:
    """A sender's name as it is, where a line or the last sentence at the end repeats it: "A. St.J. Ray"."""
    for sender in senders:
        name = " ".join(sender.display_name.split())
        parts = name.split()
        whole = squashed(name) == squashed(sender.local_part)  # Blessing Eze <blessing.eze@...>
        forbidden = sum(words.person.forbids(p, first=True) for p in parts)
        if len(parts) < 2 or not _is_theirs(name, sender) or forbidden > whole:
            continue
        for passage in passages:
            if passage.source not in ("body", "signature"):
                continue
            lines = passage.lines()
            for line in lines[:_SIGNED_LINES] if passage.source == "signature" else lines[-_CLOSING_LINES:]:
                if passage.flow[line.start : line.end].rstrip(" .,") == name.rstrip("."):
                    titled = parts[0].lower().replace(".", "") in words.person.titles and len(parts) > 2
                    yield Found(" ".join(parts[titled:]), passage.evidence("contact", line))


def _inline(passages: Sequence[Passage], words: FieldWords) -> Iterator[Found[str]]:
    """The name with which the last line of the text ends behind its last sentence: "Let me know. Jo Ray"."""
    for passage in passages:
        lines = passage.lines() if passage.source == "body" else ()
        if not lines or any(p.source == "signature" for p in passages):
            continue
        flow = passage.flow[lines[-1].start : lines[-1].end]
        at = max(flow.rfind(mark) for mark in ("! ", "? ", ") ")) + 2
        at = max(at, passage.sentence(lines[-1].end - 1).start - lines[-1].start)
        if flow[:at].endswith("i. ") and flow[at : at + 3] == "R. ":  # "Pfr. i. R. Jo Ray": retired
            at += 3
        if at > 1 and len(flow) - at <= _MAX_NAME:
            yield from _person(passage, Span(lines[-1].start + at, lines[-1].end), words, single=False)


def _small_letters(passage: Passage, line: Span, words: FieldWords) -> bool:
    """True for a last line of one word, or for a given name and a surname alone on their line, in a text whose
    sentences begin with small letters."""
    text = passage.flow[line.start : line.end]
    before = passage.flow[: line.start]
    if not before.endswith("\n\n") or not text.islower() or len(before) <= _MAX_NAME or _BEGINS_LARGE.search(before):
        return False
    full = len(text.split()) == 2 and words.person.is_given(text)
    return full or (not passage.flow[line.end :].strip() and text.isalpha())


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
    if any(squashed(word) and squashed(word) in squashed(sender.local_part) for word in flow.split()):
        flow = _capitals(flow)
    name = person(flow, words.person, single=single and bool(squashed(flow)))
    if name is None and (turned := re.fullmatch(r"\s*([^,]{2,40}),\s*([^,]{2,40})\s*", flow)):
        name = person(f"{turned[2]} {turned[1]}", words.person)
    elif name is not None and (turned := re.fullmatch(r"\s*([^,]{2,40}),\s*([^,]{2,40})\s*", flow)):
        name = person(f"{turned[2]} {turned[1]}", words.person) or name
    house = squashed(registrable(sender.domain).partition(".")[0])
    if name is not None and is_no_reply(sender.addr_spec) and not words.person.is_given(name.split()[0]):
        return  # "LinkJobs Messages" <messages-noreply@...>
    if name is not None and (squashed(name) != house or squashed(sender.local_part) in _locals(name)):
        yield Found(name, Evidence("contact", display, "header:from"))


def _capitals(text: str) -> str:
    """A name that was written in small letters, as it should be."""
    return text if text != text.lower() else text.title()


def _person(passage: Passage, span: Span, words: FieldWords, *, single: bool) -> Iterator[Found[str]]:
    text = passage.text[span.start : span.end].replace("*", " ")
    if (behalf := words.on_behalf.search(text, 1)) is not None:
        text = text[behalf.end() :]  # "Personnel, p.p. Jo Ray"
    name = person(text, words.person, single=single)
    if name is not None:
        yield Found(name, passage.evidence("contact", span))
