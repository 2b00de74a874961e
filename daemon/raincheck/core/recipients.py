"""Whom a reply goes to, and who gets a copy: never an address that a stranger slipped into a mail.

The order is that of the letter of the law (design: the address that the newest text names, Reply-To, ORGANIZER,
From); an address from body or calendar counts only when its domain has to do with the sender.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from email_validator import EmailNotValidError, validate_email
from publicsuffixlist import PublicSuffixList

from raincheck.core.model import Address, Automatic
from raincheck.errors import NotWritable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.core.model import Message, Reading

MAX_COPIES = 5
# What the name of an address says in the languages of the mails, whatever stands between the words.
_NO_REPLY = re.compile(
    r"(?:^|[.+_-])(?:"
    r"(?:no|not|non|nao|do[._-]?not|dont|ne[._-]?pas|nicht|bitte[._-]?nicht|niet|geen|keine?|pas[._-]?de)[._-]?"
    r"(?:reply|respon\w{1,5}|repond\w{1,3}|reponse|rispond\w{1,4}|contestar|answer|antwort\w{0,2}|antwoord\w{0,2}|beantwoorden)"
    r"|unmonitored)|^(?:mailer-daemon|postmaster)$|^bounces?(?:[+._-]|$)",
    re.IGNORECASE,
)

RESERVED = frozenset({"example.com", "example.net", "example.org"})  # domains of nobody (RFC 2606 section 3)


@dataclass(frozen=True, slots=True)
class Senders:
    """What is known about sending domains: hiring platforms, which write for many companies, and public mailboxes."""

    platforms: frozenset[str] = frozenset()  # registrable domains
    mailboxes: frozenset[str] = frozenset()  # providers where neighbours are strangers
    platform_labels: frozenset[str] = frozenset()  # names of platforms inside other domains (greenhouse-mail.example)

    def is_platform(self, domain: str) -> bool:
        """True for the domain of a hiring platform, or one that carries a platform's name."""
        return registrable(domain) in self.platforms or not self.platform_labels.isdisjoint(re.split(r"[.-]", domain))


NOTHING_KNOWN = Senders()


@dataclass(frozen=True, slots=True)
class Recipients:
    """Where a reply goes; remarks are for the person's note."""

    to: Address
    cc: tuple[Address, ...] = ()
    remarks: tuple[str, ...] = ()


def choose(reading: Reading, message: Message, own: Iterable[str], senders: Senders = NOTHING_KNOWN) -> Recipients:
    """The addresses of a reply to this mail. Raises NotWritable, with what to tell the person, when there is none."""
    mine = frozenset(address.lower() for address in own)
    if message.automatic in (Automatic.BOUNCE, Automatic.AUTO_REPLY, Automatic.LIST, Automatic.OWN_NOTE):
        raise NotWritable("this mail was sent automatically or to a list; nobody waits for an answer to it")
    if reading.reply_to is None:
        raise NotWritable("the mail has no address that can be answered")
    to = _named(message, reading) or Address("", reading.reply_to)
    to = Address(to.display_name, _usable(to.addr_spec, mine))
    if to.addr_spec.lower() not in _headers(message):
        _vouched(to, reading, message, senders)
    return Recipients(to, _copies(message, to, mine, senders), tuple(_remarks(to, message)))


@lru_cache(maxsize=256)  # a mail is asked for the same few domains again and again
def registrable(domain: str) -> str:
    """The domain that somebody registered (mail.acme.co.uk -> acme.co.uk), in lower case; "" when there is none."""
    try:
        ascii_domain = domain.strip().rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        return ""
    return str(_suffixes().privatesuffix(ascii_domain) or "")


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def is_no_reply(addr_spec: str) -> bool:
    """True for addresses whose very name says that nobody reads there."""
    return bool(_NO_REPLY.search(addr_spec.rpartition("@")[0]))


def _headers(message: Message) -> frozenset[str]:
    """Addresses that the sender's own headers name for answers."""
    return frozenset(a.addr_spec.lower() for a in (*message.reply_to, message.from_) if a is not None)


def _named(message: Message, reading: Reading) -> Address | None:
    """The address with the display name under which the mail itself knows it."""
    organizer = reading.scheduling.organizer if reading.scheduling else None
    known = (*message.reply_to, message.from_, organizer, *message.cc, *message.to)
    wanted = (reading.reply_to or "").lower()
    return next((a for a in known if a is not None and a.addr_spec.lower() == wanted and a.display_name), None)


def _usable(addr_spec: str, mine: frozenset[str]) -> str:
    """The address in the form that goes on the wire (RFC 5321); NotWritable when it is none to write to."""
    try:
        checked = validate_email(addr_spec, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as problem:
        raise NotWritable(f"the address {addr_spec[:80]!r} cannot be written to: {problem}") from problem
    address = checked.ascii_email or checked.normalized
    if address.lower() in mine:
        raise NotWritable("the answer would go to yourself")
    if is_no_reply(address):
        raise NotWritable(f"nobody reads answers at {address}")
    return address


def _vouched(to: Address, reading: Reading, message: Message, senders: Senders) -> None:
    """An address from body or calendar must share its domain with the sender, or be the company's behind a platform."""
    organizer = reading.scheduling.organizer if reading.scheduling else None
    domain = registrable(to.domain)
    others = [a for a in (message.from_, *message.reply_to) if a is not None]
    if organizer is not None and organizer.addr_spec.lower() != to.addr_spec.lower():
        others.append(organizer)
    if domain and domain in {registrable(a.domain) for a in others}:
        return
    if (
        message.from_
        and senders.is_platform(message.from_.domain)
        and reading.company
        and _carries(domain, reading.company)
    ):
        return
    raise NotWritable(
        f"the mail asks for the answer to go to {to.addr_spec}, which has nothing to do with its sender "
        f"({message.from_.addr_spec if message.from_ else 'unknown'})"
    )


def _carries(domain: str, company: str) -> bool:
    """True when the domain's label is made of the company's name (Brightwave Labs GmbH: brightwave-labs.example)."""
    label = re.sub(r"[^a-z0-9]", "", domain.partition(".")[0])
    words = re.findall(r"[a-z0-9]+", company.casefold())
    if not words or len(label) < 3:
        return False
    return "".join(words).startswith(label) or (len(words[0]) >= 4 and label.startswith(words[0]))


def _copies(message: Message, to: Address, mine: frozenset[str], senders: Senders) -> tuple[Address, ...]:
    """Colleagues of the sender who were on the mail; strangers at a public mailbox provider are not colleagues."""
    domain = registrable(message.from_.domain) if message.from_ else ""
    if message.from_ is None or not domain or domain in senders.mailboxes or senders.is_platform(message.from_.domain):
        return ()
    named = (*message.to, *message.cc)
    if named and mine.isdisjoint(address.addr_spec.lower() for address in named):
        return ()  # it came by way of an alias or a list of all candidates, and those are no colleagues
    seen = {*mine, to.addr_spec.lower()}
    copies = []
    for address in named:
        if address.addr_spec.lower() in seen or registrable(address.domain) != domain:
            continue
        seen.add(address.addr_spec.lower())
        try:
            copies.append(Address(address.display_name, _usable(address.addr_spec, mine)))
        except NotWritable:
            continue
    return tuple(copies[:MAX_COPIES])


def _remarks(to: Address, message: Message) -> Iterable[str]:
    sender = message.from_
    if sender is not None and registrable(to.domain) != registrable(sender.domain):
        yield f"the answer goes to {to.addr_spec}, while the mail came from {sender.addr_spec}"
    if len(message.reply_to) > 1:
        yield f"the mail names {len(message.reply_to)} addresses for answers; only the first is used"
