"""The human to answer: whom the mail tells to answer, else who signs, else who sends, else whom it names otherwise.

Owns the choice among those found: whom it leaves out (the reader, the company unless a person signs under its name,
what sends by itself), the person in a sender's display name, and the fullest form of a name that the mail knows.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.core.model import Evidence
from raincheck.core.reading.fields.named import (
    TEXTS,
    introduced,
    is_known,
    named_beside_address,
    named_for_answer,
    named_like_address,
    owners,
    relayed,
)
from raincheck.core.reading.fields.names import spellings, squashed
from raincheck.core.reading.fields.persons import CAPITAL, MAX_NAME, person, persons
from raincheck.core.reading.fields.role import is_occupation
from raincheck.core.reading.fields.sameperson import (
    agree,
    ends_with_family,
    goes_on,
    initials_of,
    is_alone_in_mail,
    is_doubtful,
    is_firm,
    is_house,
    is_office,
    is_relay,
    is_system,
    is_theirs,
    is_turned,
    leads_in,
    local_parts,
    spells_out,
)
from raincheck.core.reading.fields.signatures import (
    person_in,
    signed_alone,
    signed_as_sent,
    signed_inline,
    signed_plainly,
    signers,
    with_capitals,
)
from raincheck.core.reading.fields.text import Found, Passage
from raincheck.core.recipients import is_no_reply, registrable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from raincheck.core.model import Address
    from raincheck.core.reading.fields.words import FieldWords

_CERTIFICATE = re.compile(r"[A-Z]{2,5}(?:-[A-Z]{2,5})?")
_BOX_PARTS = re.compile(r"[._-]")  # between the names in a mailbox


def find_contact(
    passages: Sequence[Passage],
    senders: Sequence[Address],
    words: FieldWords,
    not_persons: Sequence[str] = (),
    answer: Found[str] | None = None,
    company: str = "",
    earlier: Sequence[Passage] = (),
    besides: Sequence[Address] = (),
    wrote: Sequence[Address] = (),
) -> Found[str] | None:
    """The contact as written; a first name alone only where the mail knows no more of them.

    senders: Reply-To, then From. besides: others whose names the mail knows: organizer, copies. earlier: quoted mails,
    which only complete a name. company: what was found to be it, which may be who signs. answer: where answers go.
    Whoever bears its name comes first when the text names the address itself, else last; wrote: who has that address
    and wrote the mail below.
    """
    senders = [replace(sender, display_name=_without_degrees(sender.display_name, words)) for sender in senders]
    besides = (*besides, *wrote)
    words = _knowing((*senders, *besides), words)
    shown = {squashed(word) for sender in (*senders, *besides) for word in sender.display_name.split()}
    readers = {squashed(name.split()[0]) for name in not_persons if name.split()} - shown
    told = [(name, sender) for sender in (*senders, *besides) for name in _sent(sender, words)]
    bare, _, form = company.rpartition(" ")
    longer = bool(bare) and (form.isupper() or form.lower().strip(".") in words.legal_forms)  # "Acme Rail AR"
    not_persons = (*not_persons, company, *((bare,) if longer else ()))
    firms = {squashed(name) for name in not_persons if name and " " not in name}
    mine = {squashed(name) for name in not_persons}
    below = [name for name in signers(passages, words, company) if squashed(name.value) not in mine]
    firsts = {squashed(name.value.split()[0]): name.value for name in below}
    own = [
        name
        for name, sender in told
        if sender not in besides
        and is_theirs(name.value, sender)
        and not (squashed(name.value) == squashed(company) and (answer is None or _signs_for(name.value, below, words)))
        and squashed(name.value) not in firms
        and (squashed(name.value.split()[0]) in firsts or not is_house(name.value, sender, words))
        and not (is_office(name.value, sender, words) and _signs_apart(name.value, sender, below))
    ]
    known = any(map(words.person.is_given, firsts.values()))
    if known:  # not "Contest Lago", where a person signs
        own = [n for n in own if words.person.is_given(n.value) or squashed(n.value.split()[0]) in firsts]
    sent = own or [
        name
        for name, sender in told
        if is_relay(sender)
        or words.at_company.search(sender.display_name)
        or (" " in name.value and words.person.is_given(name.value))
    ]
    houses = {squashed(registrable(sender.domain).partition(".")[0]) for sender in senders}
    strangers = {squashed(name) for name in not_persons if name} - {squashed(name.value) for name in own}
    strangers |= {squashed(sender.display_name) for sender in senders if is_system(sender, words)}
    heads = squashed(" ".join(part for sender in senders for part in (sender.display_name, sender.domain)))
    asked = answer is not None and answer.evidence.source in TEXTS
    signed = [
        name
        for name in below
        if not is_firm(name.value, sent, houses) and (not own or any(agree(name.value, one.value) for one in own))
    ]
    signed.sort(key=lambda name: is_doubtful(name.value, heads, words))
    inline = list(signed_inline(passages, words))
    whose = (name.value for name in (*signed, *inline) if squashed(name.value) == squashed(company))
    if any(is_alone_in_mail(name, heads, words) for name in whose):
        strangers.discard(squashed(company))
    found = (
        *(named_like_address(passages, answer, words) if asked else ()),
        *(named_beside_address(passages, answer, (*senders, *besides), words) if answer is not None and asked else ()),
        *(name for name, sender in told if asked and sender in wrote),
        *(
            name
            for name in named_for_answer(passages, words)
            if is_known(name.value, passages, (*senders, *besides), words)
        ),
        *signed_as_sent(passages, senders, words),
        *signed,
        *inline,
        *(name for name in signed_plainly(passages, senders, words) if not is_firm(name.value, sent, houses)),
        *sent,
        *relayed(passages, words),
        *(() if asked else named_like_address(passages, answer, words)),
        *introduced(passages, words),
        *signed_alone(passages, words),
        *owners(passages, words),
    )
    all_ = [name for one in found if not _greeted(one, readers, passages) for name in _alone(one, strangers, words)]
    if not all_:
        return None
    turned = next(((name, sender) for name, sender in told if is_turned(name.value, all_[0].value)), None)
    first = turned[0] if turned is not None else all_[0]
    if turned is not None and ends_with_family(all_[0].value, turned[1], passages, words):
        first = all_[0]
    if words.person.is_given(all_[0].value) and not words.person.is_given(first.value):
        first = all_[0]  # "Ray Jo" sends what Jo Ray signs
    boxed = [  # Magdalena Ray, lena@..., where "Lena" signs
        name
        for name, sender in told
        if " " in name.value
        and words.person.is_given(name.value)
        and squashed(sender.local_part) == first.value.lower()
    ]
    if not boxed and any(name.value == first.value for name in below if " " not in name.value):
        # "Zeke" signs, and below stands "Ezekiel Marsh", who sends the mail
        repeated = {squashed(name.value) for name in below if " " in name.value}
        boxed = [name for name, sender in told if sender not in besides and squashed(name.value) in repeated]
    others = (*all_[1:], *(name for name, _ in told))
    below = [name for passage in earlier for name in _lines_of(first.value, passage, words)]
    boxes = frozenset(squashed(part) for sender in senders for part in _BOX_PARTS.split(sender.local_part))
    fullest = boxed[0] if boxed else _fullest(first, (*others, *below), passages, words, boxes)
    if " " not in fullest.value:
        nameless = [(sender.addr_spec, "header:from") for sender in senders if not sender.display_name]
        nameless += [(answer.value, answer.evidence.source)] if answer is not None and asked else []
        whole = (name for box, source in nameless for name in _of_mailbox(box, source, words))
        fullest = next((name for name in whole if _completes(name.value, fullest.value, words)), fullest)
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


def _greeted(found: Found[str], readers: Set[str], passages: Sequence[Passage]) -> bool:
    """True for the reader's first name, unless a namesake signs with it alone on a line: "Ciao Robin, see you"."""
    if squashed(found.value) not in readers:
        return False
    return not any(
        passage.flow[line.start : line.end].strip(" ,.!-–—") == found.value
        for passage in passages
        if passage.source != "subject"
        for line in passage.lines()
    )


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


def _fullest(
    short: Found[str],
    others: Sequence[Found[str]],
    passages: Sequence[Passage],
    words: FieldWords,
    boxes: Set[str] = frozenset(),
) -> Found[str]:
    """The same person under the full name, when the mail knows it; boxes: the parts of the senders' mailboxes."""
    parts = short.value.split()
    if short.value.isupper() and len(parts) == 1:
        spelled = next((other for other in others if initials_of(other.value) == short.value), None)
        if spelled is not None:
            return spelled
    if len(parts) > 1:
        longer = (other for other in others if goes_on(parts, other.value.split(), words, boxes))
        sent = [other for other in others if other.evidence.source == "header:from"]
        family = (other for other in sent if leads_in(parts, other.value.split(), words, boxes))
        told = (other for other in others if other not in sent)  # who signs "T. Marsh" wants to be called so
        full = (other for other in told if spells_out(parts, other.value.split(), words))
        return next(itertools.chain(longer, family, full), short)
    first = squashed(short.value)
    for other in others:
        parts = [squashed(word) for word in other.value.split()]
        if len(parts) > 1 and (first in parts or (len(first) > 1 and parts[0].startswith(first))):
            return other
    name = re.escape(short.value)
    forms = (
        (f"{short.value} ", rf"(?<!\w){name}[ ]"),
        (f" {short.value}", rf"(?<!\w)[^\W\d_][\w'-]{{1,30}}[ ]{name}(?!\w)"),
    )
    for passage, (held, form) in itertools.product(passages, forms):
        if held not in passage.flow:
            continue  # an expression for each name is dear
        for match in re.finditer(form, passage.flow):
            span = persons(passage.flow, match.start(), words.person, words.grammar.stop)
            for found in person_in(passage, span, words, single=False) if span else ():
                return found
    return next(_in_bracket(short.value, passages, words), short)


def _in_bracket(short: str, passages: Sequence[Passage], words: FieldWords) -> Iterator[Found[str]]:
    """The full name in a bracket right behind what somebody is called: "Bets (Elspeth Marsh, Bursar)"."""
    for passage in passages:
        at = passage.flow.find(f"{short} (")
        if at < 0 or passage.flow[max(0, at - 1) : at].isalnum():
            continue
        span = persons(passage.flow, at + len(short) + 2, words.person, words.grammar.stop)
        if span is None:
            continue
        office = passage.flow[span.end :].partition(")")[0].strip(" ,")
        if words.person.is_given(passage.flow[span.start : span.end]) or is_occupation(office, words.grammar):
            yield from person_in(passage, span, words, single=False)  # and not "Bets (Otter Optics)"


def _lines_of(first: str, passage: Passage, words: FieldWords) -> Iterator[Found[str]]:
    """A full name that begins with that first one, alone on its line: who signed an earlier mail."""
    for line in passage.lines():
        if line.end - line.start <= MAX_NAME and passage.flow.startswith(f"{first} ", line.start):
            yield from person_in(passage, line, words, single=False)


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
        flow = with_capitals(flow)
    name = person(flow, words.person, single=single and bool(squashed(flow))) or _behind_office(flow, sender, words)
    if (turned := re.fullmatch(r"\s*([^,]{2,40}),\s*([^,]{2,40})\s*", flow)) is not None:
        name = person(f"{turned[2]} {turned[1]}", words.person) or name
    house = squashed(registrable(sender.domain).partition(".")[0])
    if name is not None and is_no_reply(sender.addr_spec) and not words.person.is_given(name.split()[0]):
        return  # "LinkJobs Messages" <messages-noreply@...>
    if name is not None and (squashed(name) != house or squashed(sender.local_part) in local_parts(name)):
        yield Found(name, Evidence("contact", display, "header:from"))


def _of_mailbox(box: str, source: str, words: FieldWords) -> Iterator[Found[str]]:
    """The person whose whole name the address has: jo.ray@..."""
    first, dot, last = box.partition("@")[0].partition(".")
    name = f"{first} {last}".title()
    if dot and min(len(first), len(last)) > 1 and name.replace(" ", "").isalpha():
        whole = person(name, words.person)
        if whole is not None:
            yield Found(whole, Evidence("contact", box, source))


def _completes(whole: str, part: str, words: FieldWords) -> bool:
    """True for a name that begins with that first name, or with a given one and ends with that surname."""
    first, *_, last = whole.split()
    return first == part or (last == part and words.person.is_given(first))


def _signs_for(house: str, below: Sequence[Found[str]], words: FieldWords) -> bool:
    """True where somebody else signs with a full name: what sends under the name of the house is the house."""
    if words.person.is_given(house):
        return False
    return any(" " in name.value and not agree(name.value, house) for name in below)


def _signs_apart(office: str, sender: Address, below: Sequence[Found[str]]) -> bool:
    """True where somebody signs with a full name of which neither an office nor its domain holds a word."""
    house = squashed(sender.domain)
    return any(
        " " in name.value
        and not agree(name.value, office)
        and not any(squashed(part) in house for part in name.value.split())
        for name in below
    )


def _behind_office(flow: str, sender: Address, words: FieldWords) -> str | None:
    """The person behind what they are: "Head Chef Jo Ray" <jo@...>."""
    for word in itertools.islice(CAPITAL.finditer(flow), 1, 4):
        name = person(flow[word.start() :], words.person)
        if name is not None and is_occupation(flow[: word.start()].strip(), words.grammar) and is_theirs(name, sender):
            return name
    return None


def _without_degrees(display: str, words: FieldWords) -> str:
    """A name without the degrees behind its comma, or the letters of a certificate: "Jo Ray, MSc", "Jo Ray, CPX, XRN";
    behind "Ray, Jo" stands a given name."""
    name, _, rest = display.partition(",")
    behind = rest.replace(".", "").replace(",", " ").split()
    letters = (part.lower() in words.person.degrees or _CERTIFICATE.fullmatch(part) for part in behind)
    return name if len(name.split()) > 1 and not name.isupper() and behind and all(letters) else display
