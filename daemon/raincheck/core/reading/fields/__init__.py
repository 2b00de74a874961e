"""The facts of a mail apart from its kind and its times: who, what, where, how, and the words that say so.

Each module owns one group of fields and takes values only: passages of text, the words of a language, the headers.
Nothing here guesses: a field without evidence is None. The mail's own language is asked first; where it finds nothing
the other languages are asked, since titles and signatures are often in another one than the mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from raincheck.core.model import SegmentKind
from raincheck.core.reading.fields.address import ReplyAddress, find_reply_to
from raincheck.core.reading.fields.agency import find_agency, side_of
from raincheck.core.reading.fields.bystander import passed_on, signatures_below
from raincheck.core.reading.fields.company import company_pool, find_company
from raincheck.core.reading.fields.companynames import bare_name
from raincheck.core.reading.fields.contact import find_contact
from raincheck.core.reading.fields.format import find_format
from raincheck.core.reading.fields.links import MAX_LINKS, find_links
from raincheck.core.reading.fields.named import asked_to_answer
from raincheck.core.reading.fields.pay import find_remote, find_salary, find_seniority, find_skills
from raincheck.core.reading.fields.phone import find_phone
from raincheck.core.reading.fields.phrase import keys_of
from raincheck.core.reading.fields.place import MEETS, find_location
from raincheck.core.reading.fields.role import find_role, is_occupation, without_house
from raincheck.core.reading.fields.sender import sender_of
from raincheck.core.reading.fields.stage import find_stage
from raincheck.core.reading.fields.text import MAX_PASSAGES, Found, Passage
from raincheck.core.recipients import registrable
from raincheck.core.subject import strip_prefixes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from raincheck.core.model import Evidence, Format, Message, Salary, SchedulingRequest, Stage, Unsure
    from raincheck.core.reading.fields.ranking import Weights
    from raincheck.core.reading.fields.words import FieldWords, Names
    from raincheck.core.reading.learned import Linear
    from raincheck.core.reading.senders import Senders
    from raincheck.core.settings import Me

_SOURCES = {
    SegmentKind.NEWEST: "body",
    SegmentKind.FORWARDED: "forwarded",
    SegmentKind.SIGNATURE: "signature",
    SegmentKind.QUOTED: "quoted",
    SegmentKind.DISCLAIMER: "disclaimer",
}
_TALKING = ("subject", "body", "forwarded", "calendar", "signature")
_HEAD_LINES = 3  # of a mail, in which its reader is greeted

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the fields readers found; None where the mail does not say.

    occupation: the role holds a word for an occupation, and not for a course or a guest.
    """

    role: Found[str] | None
    company: Found[str] | None
    contact: Found[str] | None
    reply: ReplyAddress
    agency: Found[bool]
    stage: Found[Stage] | None
    format: Found[Format] | None
    location: Found[str] | None
    url: Found[str] | None
    scheduling_link: Found[str] | None
    phone: Found[str] | None
    salary: Found[Salary] | None
    remote: Found[bool] | None
    seniority: Found[str] | None
    skills: tuple[Found[str], ...]
    unsure: tuple[Unsure, ...] = ()
    occupation: bool = False

    def evidence(self) -> Iterator[Evidence]:
        """The words of every field that was found."""
        one = (
            self.role,
            self.company,
            self.contact,
            self.reply.found,
            self.agency,
            self.stage,
            self.format,
            self.location,
        )
        two = (self.url, self.scheduling_link, self.phone, self.salary, self.remote, self.seniority, *self.skills)
        for found in (*one, *two):
            if found is not None and found.evidence.quote:
                yield found.evidence


@dataclass(frozen=True, slots=True)
class FieldLexicon:
    """The words of all languages, with what is the same in each."""

    languages: dict[str, FieldWords]
    names: Names
    senders: Senders
    schedulers: frozenset[str]
    weights: Mapping[str, Weights]
    formats: Linear

    def ordered(self, lang: str | None, known: Sequence[str]) -> tuple[FieldWords, ...]:
        """The words of the mail's language, then those of the languages that the person knows, then the others."""
        order = dict.fromkeys((*((lang,) if lang else ()), *known, *self.languages))
        return tuple(self.languages[code] for code in order if code in self.languages)


def passages_of(message: Message, request: SchedulingRequest | None) -> tuple[Passage, ...]:
    """The mail's texts, the most telling first: subject, newest, forwarded, calendar object, signature, the rest."""
    found = [Passage.of("subject", message.subject)] if message.subject else []
    found += [Passage.of(_SOURCES[s.kind], s.text) for s in message.segments[:MAX_PASSAGES] if s.text.strip()]
    if request is not None:
        texts = (request.summary, request.description)
        found += [Passage.of("calendar", text) for text in texts if text]
    order = (*_TALKING, "disclaimer", "quoted")
    return tuple(sorted(found, key=lambda passage: order.index(passage.source)))


def _earlier_subjects(message: Message, words: Sequence[FieldWords]) -> tuple[Passage, ...]:
    """What the mails were about to which this one answers, where it bears another subject itself and they speak of a
    talk or a vacancy."""
    earlier = (s.subject for s in message.segments[:MAX_PASSAGES] if s.kind is SegmentKind.QUOTED and s.subject)
    plain = (strip_prefixes(subject) for subject in earlier)
    others = dict.fromkeys(subject for subject in plain if subject and subject not in message.subject)
    return tuple(Passage.of("quoted", subject) for subject in others if _is_about_work(subject, words))


def _is_about_work(subject: str, words: Sequence[FieldWords]) -> bool:
    spoken = subject.lower().split()
    return any(language.talk.search(subject) or not language.job.isdisjoint(spoken) for language in words)


def read_fields(
    message: Message, request: SchedulingRequest | None, lang: str | None, lexicon: FieldLexicon, me: Me
) -> Facts:
    """Every field of the mail, each with its evidence."""
    passages = passages_of(message, request)
    talking = tuple(p for p in passages if p.source in _TALKING)
    keys = keys_of(_texts(message, passages, request))
    words, names = tuple(w.narrowed(keys) for w in lexicon.ordered(lang, me.languages)), lexicon.names
    platform = lexicon.senders.is_known_platform(message.from_)
    sender = sender_of(message, talking, names, words, lexicon.senders, lexicon.schedulers)
    private = sender.sort == "free"
    myself = (me.name, *(a.display_name for a in (*message.to, *message.cc) if a.addr_spec.lower() in me.addresses))
    passed = passed_on(message, sender, myself, frozenset(map(str.lower, me.addresses)), words)
    everything, mail = passages, passed.mail if passed else message
    if mail is not message:
        passages = passages_of(mail, request)
        talking = tuple(p for p in passages if p.source in _TALKING)
        if not _of_one_house(mail, message):  # else its name may stand with whoever passed the mail on
            sender = sender_of(mail, talking, names, words, lexicon.senders, lexicon.schedulers)

    assert words, "reading needs the words of at least one language"
    side = side_of(talking, sender, words[0], names)
    quoted = tuple(p for p in passages if p.source == "quoted")
    fine = tuple(p for p in passages if p.source == "disclaimer")
    beneath = signatures_below(message) if mail is message else frozenset()
    companies = company_pool((*talking, *fine, *quoted), sender, words, names, myself, beneath)
    agency = find_agency(side, companies.candidates.values(), lexicon.weights["agency"])
    company = find_company(companies, sender, side, words[0], names, lexicon.weights["company"], agency=agency.value)
    theirs = mail.from_.display_name if mail.from_ is not None else ""
    house = company.value if company else ""
    about = (*talking, *quoted, *_earlier_subjects(message, words))
    role = find_role(about, words, names, lexicon.weights["role"], (*myself, house, theirs))
    role = without_house(role, myself, (house, bare_name(house, names)))
    links = find_links(message, passages, request, words, names, lexicon.schedulers)
    place, strength = find_location(talking, request, words)
    address = (place.evidence, strength) if place is not None else None
    room = links.url.value if links.url else None
    where = (Passage.of("calendar", request.location),) if request is not None and request.location else ()
    form, doubts, named = find_format((*talking, *where), room, address, words, names, lexicon.formats)
    if form is None and not doubts and room is None and address is None:
        to_me = tuple(passage for passage in quoted if _greets(passage, myself))
        earlier, _, told = find_format(to_me, None, None, words, names, lexicon.formats)
        form = earlier if told else None
    value = form.value if form else None
    if value == "onsite" and not agency.value and (place is None or " " not in place.value):
        below, _ = find_location(talking, None, words, sources=("signature",))  # "come by": their address is below
        place = below if place is None or _is_address(below) else place
    reply = find_reply_to(
        message,
        everything,
        request,
        company.value if company else None,
        words,
        names,
        platform=platform,
        board=lexicon.senders.is_board,
        shared=lexicon.senders.is_freemail,
        mine=me.addresses,
        asked_of=asked_to_answer(talking, words),
        passed=passed,
        private=private,
    )
    organizer = request.organizer if request is not None else None
    answering = reply.found.value if reply.found is not None else ""
    copied = (a for a in message.cc if a.addr_spec == answering)
    senders = tuple(a for a in (*mail.reply_to[:2], mail.from_) if a is not None)
    besides = tuple(a for a in (organizer, *copied) if a is not None and a not in senders)
    writers = (s.from_ for s in message.segments[:MAX_PASSAGES] if s.kind is SegmentKind.FORWARDED)
    wrote = tuple(a for a in writers if a is not None and a not in senders and a.addr_spec == answering)
    contact = _first(
        words,
        lambda w: find_contact(
            (*talking, *fine),
            senders,
            w,
            myself,
            reply.found,
            house,
            earlier=quoted,
            besides=besides,
            wrote=wrote,
        ),
    )
    return Facts(
        role=role,
        company=company,
        contact=contact,
        reply=reply,
        agency=agency,
        stage=find_stage(talking, form, words[:1], named=named),
        format=form,
        location=place if value == "onsite" or (value is None and strength > MEETS and _is_address(place)) else None,
        url=links.url,
        scheduling_link=links.scheduling_link,
        phone=find_phone(talking, value, words, me.phone),
        salary=find_salary(talking, words),
        remote=find_remote(talking, words),
        seniority=find_seniority(role, words),
        skills=find_skills(talking, names),
        unsure=(*doubts, *reply.unsure),
        occupation=role is not None and _names_occupation(role.value, words),
    )


def _of_one_house(one: Message, other: Message) -> bool:
    """Whether two mails come from addresses of one registrable domain."""
    domains = {registrable(mail.from_.domain) for mail in (one, other) if mail.from_ is not None}
    return len(domains) == 1


def _greets(passage: Passage, names: Sequence[str]) -> bool:
    """True for a quoted mail to the person, not for what they wrote themselves: its first lines hold their name."""
    parts = {part.lower() for name in names for part in name.split()}
    head = " ".join(passage.flow[line.start : line.end] for line in passage.lines()[:_HEAD_LINES]).lower()
    return not parts.isdisjoint(re.findall(r"[^\W\d_]+", head))


def _names_occupation(role: str, words: Sequence[FieldWords]) -> bool:
    return any(is_occupation(word, language.grammar) for word in role.split() for language in words)


def _is_address(place: Found[str] | None) -> bool:
    return place is not None and any(char.isdigit() for char in place.value)


def _texts(message: Message, passages: Sequence[Passage], request: SchedulingRequest | None) -> Iterator[str]:
    """Everything in which phrases are looked for."""
    yield from (passage.flow for passage in passages)
    if request is not None and request.location:
        yield request.location
    for link in message.links[:MAX_LINKS]:
        yield link.text
        yield link.href.replace("_", " ")
    if message.from_ is not None:
        yield message.from_.display_name


def _first(words: Sequence[FieldWords], find: Callable[[FieldWords], Found[T] | None]) -> Found[T] | None:
    return next((found for w in words if (found := find(w)) is not None), None)
