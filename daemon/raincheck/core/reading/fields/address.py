"""The address a reply must go to, or None where nobody would read it.

Order: the address that the newest text names for answers (under the conditions that keep strangers out), or that of
somebody in copy whom it names, Reply-To, ORGANIZER, From; where none of these is read, the address that the text names
for questions. An address of a foreign domain in text or calendar is never taken, but reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raincheck.core.model import Address, Evidence, Unsure
from raincheck.core.reading.fields.names import fits_domain, squashed
from raincheck.core.reading.fields.sameperson import is_of
from raincheck.core.reading.fields.text import Found, Span
from raincheck.core.recipients import is_no_reply, registrable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence, Set

    from raincheck.core.model import Message, SchedulingRequest
    from raincheck.core.reading.fields.bystander import Passed
    from raincheck.core.reading.fields.phrase import Phrases
    from raincheck.core.reading.fields.text import Passage
    from raincheck.core.reading.fields.words import FieldWords, Names

_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}(?!\w)")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_DAY_NUMBER = re.compile(r"\b\d{1,2}\.\s?\Z")
_PROSE = 3  # words in small letters that make a sentence
_EDGES = re.compile(r"[.+_-]")
_CARRIES = 0.7  # likeness of a company's name and a domain's label
_TEXTS = ("body", "forwarded", "disclaimer")  # "do not reply here, but to Jo" makes a paragraph a disclaimer
_LOOK_BACK = 240  # characters before an address in which a sentence may say what it is for
_LOOK_ON = 100
_NEXT_TO = 40  # characters beside an address in which a word may say that it gets a copy
# What may stand between a word for a copy and the address: ", my colleague Jo Ray ("
_ADDRESSEE = re.compile(r"[\s:,]{0,3}(?:[a-zß-ÿ]{2,20} ){0,2}(?:[A-ZÀ-Þ][\w'’.-]{0,30} ){0,3}[\s:(<\[]{0,3}")
# A name before a bracket that says what else it gets: "to Jo (in "
_OPENS = re.compile(r"(?:[A-ZÀ-Þ][\w'’.-]{0,30} ){1,3}\((?:[a-z]{2,20} ){0,2}\Z")
_CLOSES = re.compile(r"[\s>)\]]{0,3}(?:[a-z]{2,20} ){0,2}[(]?")


@dataclass(frozen=True, slots=True)
class ReplyAddress:
    """Where answers go: `found` is None when nobody reads them; `unsure` names addresses that were not trusted."""

    found: Found[str] | None
    unsure: tuple[Unsure, ...] = ()


@dataclass(frozen=True, slots=True)
class _Mention:
    """An address in a text: its sentence, and what of it is said near the address."""

    passage: Passage
    address: re.Match[str]
    sentence: Span
    said: Span

    def found(self) -> Found[str]:
        """The address with the words before it."""
        return Found(self.address[0], self.passage.evidence("reply_to", Span(self.said.start, self.address.end())))


def find_reply_to(
    message: Message,
    passages: Sequence[Passage],
    request: SchedulingRequest | None,
    company: str | None,
    words: Sequence[FieldWords],
    names: Names,
    *,
    platform: bool,
    board: Callable[[Address], bool],
    shared: Callable[[Address], bool],
    mine: Sequence[str],
    asked_of: Iterable[Found[str]] = (),
    passed: Passed | None = None,
    private: bool = False,
) -> ReplyAddress:
    """The reply address by the words and the headers.

    `platform`: From is a hiring platform; `board`, `shared`: whether an address is that of a job board or network, or
    of a domain that anybody can have; `mine`: own addresses; `asked_of`: persons whom the text names for the answer,
    who may be among those that get a copy; `passed`: the mail that a bystander passed on; `private`: their mailbox is
    of a domain that anybody can have. A mailbox of the company's name that nobody reads counts as a platform. What a
    board sends is answered on its pages, unless it says that an answer by mail is passed on.
    """
    own = frozenset(address.lower() for address in mine)
    organizer = request.organizer if request is not None else None
    trusted = {
        registrable(a.domain) for a in (message.from_, *message.reply_to, organizer) if a is not None and a.domain
    }

    sends_for = company is not None and _sends_for(message.from_, company) and _unread(passages, words)

    def carries(domain: str) -> bool:
        label = registrable(domain).partition(".")[0]
        return (platform or sends_for) and company is not None and fits_domain(company, label) >= _CARRIES

    def vouched(address: str) -> bool:
        domain = address.rpartition("@")[2]
        return registrable(domain) in trusted or carries(domain)

    asked = list(_named(passages, own, words, lambda w: (w.answer,)))
    if asked:
        found = next((one for one in asked if vouched(one.value)), None)
        why = "the mail asks for answers at an address that has nothing to do with its sender"
        doubtful = tuple(dict.fromkeys(one.value for one in asked))
        return ReplyAddress(found, () if found else (Unsure("reply_to", why, doubtful),))
    if passed is not None:
        return _of_writer(passed.writer, () if private or platform else (message.from_, *message.reply_to))
    if (told := next((one for one in _told(passages, own, words) if vouched(one.value)), None)) is not None:
        return ReplyAddress(told)
    house = message.from_ is not None and not (platform or shared(message.from_))
    if house and (copied := _asked_in_copy(message, asked_of, own, trusted)) is not None:
        return ReplyAddress(copied)
    if not _unread(passages, words):
        known = {registrable(a.domain) for a in (message.from_, *message.reply_to) if a is not None}
        fits = organizer is not None and (registrable(organizer.domain) in known or carries(organizer.domain))
        found = _from_headers(message, organizer if fits else None, own, names)
        if found is not None and not (board(Address("", found.value)) and not _passed_on(passages, words)):
            return ReplyAddress(found)
    read = _named(passages, own, words, lambda w: (w.questions, w.contact_label))
    return ReplyAddress(next((one for one in read if vouched(one.value)), None))


def _of_writer(writer: Address | None, headers: Sequence[Address | None]) -> ReplyAddress:
    """Header lines in a text are anybody's to write: only an address of the very house that sent the mail counts, and
    none beside a Reply-To that says otherwise."""
    domains = {registrable(address.domain) for address in headers if address is not None}
    if writer is not None and domains == {registrable(writer.domain)}:
        return ReplyAddress(Found(writer.addr_spec, Evidence("reply_to", writer.addr_spec, "forwarded")))
    why = "the mail was passed on, and whoever wrote it shall be answered, whose address nothing but its text tells"
    return ReplyAddress(None, (Unsure("reply_to", why, (writer.addr_spec,) if writer is not None else ()),))


def _asked_in_copy(
    message: Message, asked_of: Iterable[Found[str]], own: frozenset[str], trusted: Set[str]
) -> Found[str] | None:
    """The address of the one who gets a copy and shall get the answer: "reply to my colleague Jo Ray (in copy)"."""
    copied = [
        address
        for address in message.cc
        if address.addr_spec.lower() not in own
        and registrable(address.domain) in trusted
        and not is_no_reply(address.addr_spec)
    ]
    for person in asked_of if copied else ():  # to look for them costs much
        found = [address.addr_spec for address in copied if is_of(person.value, address)]
        if len(found) == 1:
            return Found(found[0], replace(person.evidence, field="reply_to"))
    return None


def _sends_for(sender: Address | None, company: str) -> bool:
    """True for a mailbox of the company's name at somebody else's domain: heronfoods@recruiting.example."""
    return sender is not None and squashed(company) == squashed(sender.local_part)


def _named(
    passages: Sequence[Passage],
    own: frozenset[str],
    words: Sequence[FieldWords],
    purposes: Callable[[FieldWords], tuple[Phrases, ...]],
) -> Iterator[Found[str]]:
    """Addresses in sentences that hold words of those purposes, in reading order."""
    for one in _mentions(passages, own, _TEXTS):
        flow, start, end = one.passage.flow, one.said.start, one.said.end
        aside = _is_aside(one, words) or _copied(flow, one.address, one.sentence, words)
        about = [phrases for w in words for phrases in purposes(w)]
        if not aside and any(phrases.search(flow, start, end) for phrases in about):
            yield one.found()


def _is_aside(one: _Mention, words: Sequence[FieldWords]) -> bool:
    """Whether an address is for something else than the answer.

    Not where it is for that, too, by what stands behind it ("answer to jo@..., also for technical questions"; "write to
    jo@... to say whether you come, and for any needs"), nor where its person is asked for the answer ("confirm to Jo
    Ray (jo@...), and let her know of any needs").
    """
    flow, begin, behind, end = one.passage.flow, one.said.start, one.address.end(), one.said.end
    asked = _is_asked(flow[begin : one.address.start()], words)
    for w in words:
        if w.aside.search(flow, begin, behind):
            return True
        other = w.aside.search(flow, behind, end)
        if other is None or asked:
            continue
        first = any(p.search(flow, behind, other.start()) for v in words for p in (v.aside_too, v.answer, v.telling))
        if not first:
            return True
    return False


def _mentions(passages: Sequence[Passage], own: frozenset[str], sources: Sequence[str]) -> Iterator[_Mention]:
    """Every address in those texts that somebody may read, and is not the reader's own."""
    for passage in passages:
        if passage.source not in sources:
            continue
        for match in _ADDRESS.finditer(passage.flow) if "@" in passage.flow else ():
            if match[0].lower() in own or is_no_reply(match[0]):
                continue
            sentence = _sentence(passage, match.start())
            start = max(_lead_in(passage, sentence.start), match.start() - _LOOK_BACK)
            yield _Mention(passage, match, sentence, Span(start, min(sentence.end, match.end() + _LOOK_ON)))


def _sentence(passage: Passage, at: int) -> Span:
    """The sentence around a character; one that breaks off behind the number of a day goes on: "bis 15. März an"."""
    found = passage.sentence(at)
    while found.start and _DAY_NUMBER.search(passage.flow, max(0, found.start - 5), found.start):
        earlier = passage.sentence(found.start - 2)
        if earlier.start >= found.start:
            break
        found = Span(earlier.start, found.end)
    return found


def _told(passages: Sequence[Passage], own: frozenset[str], words: Sequence[FieldWords]) -> Iterator[Found[str]]:
    """Addresses in prose that asks to tell somebody something: "Tell Callum, who runs the day, whether you come:
    callum@..."; none for questions and errands, none of a list or of a line below the name."""
    for one in _mentions(passages, own, _TEXTS[:2]):
        said = one.passage.flow[one.said.start : one.said.end]
        if len(_ADDRESS.findall(said)) > 1:
            continue
        plain = [word for word in _WORDS.findall(_ADDRESS.sub(" ", said)) if word[0].islower()]
        at = one.address.end() - one.said.start
        told = min(
            (match.start() for w in words for match in w.telling.finditer(said) if match.start() > at), default=-1
        )
        before = said if told < 0 else said[:told]  # "... to say whether you come, and to tell her of any needs"
        other = any(p.search(before) for w in words for p in (w.aside, w.contact_label, w.errands))
        behind = _sentence_behind(one)
        tells = any(w.telling.search(said) for w in words) or any(
            w.telling_them.match(behind) and not w.errands.search(behind) for w in words
        )
        copied = _copied(one.passage.flow, one.address, one.sentence, words)
        if tells and len(plain) >= _PROSE and not (other or copied):
            yield one.found()


def _sentence_behind(one: _Mention) -> str:
    """The sentence behind that of an address, in the next line where no stop ends it: "Jo (jo@...) keeps my diary. Let
    her know"."""
    end = one.sentence.end + 1
    return one.passage.flow[end : one.passage.sentence(end + 1).end].partition("\n")[0].lstrip()


def _copied(flow: str, address: re.Match[str], sentence: Span, words: Sequence[FieldWords]) -> bool:
    """Whether an address is to get a copy alone: "confirm to me, and cc Jo (jo@...)", "with jo@... in copy"; not where
    the sentence goes on to ask for an answer there, nor where somebody else gets the copy: "with Jo in copy, to"."""
    lead = flow[max(sentence.start, address.start() - _NEXT_TO) : address.start()]
    right = min(sentence.end, address.end() + _NEXT_TO)
    led = any(
        _ADDRESSEE.fullmatch(lead, match.end())
        and not w.sender_too.search(lead, match.end())
        and not _is_asked(flow[sentence.start : address.start() - len(lead) + match.start()], words)
        for w in words
        for match in w.copied.finditer(lead)
    )
    behind = [match for w in words if (match := w.copied_after.search(flow, address.end(), right))]
    followed = any(_CLOSES.fullmatch(flow, address.end(), match.start()) for match in behind)
    return (led or followed) and not any(w.answer.search(flow, address.end(), sentence.end) for w in words)


def _is_asked(said: str, words: Sequence[FieldWords]) -> bool:
    """Whether words end with somebody to whom the answer shall go, before a bracket: "please confirm to Jo (in "."""
    if (name := _OPENS.search(said)) is None:
        return False
    before = said[: name.start()].rstrip()
    asks = any(match.end() >= len(before) for w in words for match in w.asking.finditer(before))
    return asks and not any(w.refusal.search(before) for w in words)


def _lead_in(passage: Passage, start: int) -> int:
    """Where a sentence begins that goes over the end of its line: "Please answer to:", and the address below."""
    before = passage.flow[max(0, start - _LOOK_BACK) : start].rstrip()
    goes_on = before.endswith((":", ",")) or (passage.flow[start : start + 1] == "(" and before[-1:].isalnum())
    if start and goes_on and passage.flow[:start].endswith("\n"):
        return passage.sentence(len(passage.flow[:start].rstrip()) - 1).start
    return start


def _unread(passages: Sequence[Passage], words: Sequence[FieldWords]) -> bool:
    """True when the mail says that nobody reads what is sent to its sender; not, that nobody does so on a Sunday."""
    for passage in passages:
        if passage.source == "quoted":
            continue
        for w in words:
            if any(not w.partly.match(passage.flow, match.end()) for match in w.unread.finditer(passage.flow)):
                return True
    return False


def _passed_on(passages: Sequence[Passage], words: Sequence[FieldWords]) -> bool:
    return any(w.passed_on.search(passage.flow) for passage in passages if passage.source != "quoted" for w in words)


def _from_headers(message: Message, organizer: Address | None, own: frozenset[str], names: Names) -> Found[str] | None:
    headers = [(address, "header:reply-to") for address in message.reply_to]
    if headers and all(is_no_reply(address.addr_spec) for address, _ in headers):
        return None
    if organizer is not None:
        headers.append((organizer, "calendar"))
    if message.from_ is not None:
        headers.append((message.from_, "header:from"))
    for address, source in headers:
        if address.addr_spec and address.addr_spec.lower() not in own and not _is_machine(address, names):
            return Found(address.addr_spec, Evidence("reply_to", address.addr_spec, source))
    return None


def _is_machine(address: Address | None, names: Names) -> bool:
    """True for the mailboxes from which calendars send for somebody else."""
    if address is None:
        return False
    local = address.local_part.lower()
    edges = {local, _EDGES.split(local, maxsplit=1)[0], _EDGES.split(local)[-1]}
    return is_no_reply(address.addr_spec) or local in names.calendar_senders or not edges.isdisjoint(names.no_reply)
