"""Who sent the mail, as far as the address tells: the own house, a platform, a board, or a mail provider."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from string import digits
from typing import TYPE_CHECKING

from raincheck.core.reading.fields.names import squashed
from raincheck.core.reading.fields.persons import person
from raincheck.core.recipients import RESERVED, is_no_reply, registrable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.core.model import Address, Message
    from raincheck.core.reading.fields.text import Passage
    from raincheck.core.reading.fields.words import FieldWords, Names
    from raincheck.core.reading.senders import Senders

_ATS = "ats"  # label of the systems by which employers manage applications
_LETTERS = 2  # before a word for a mailbox that make no name
_TENANT = 5  # letters of a label that names an employer
_ADDRESSES = re.compile(r"\S{0,200}(?:@|://|www\.)\S{1,400}")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent the mail, as far as it tells of the company.

    label: the brand in the registrable domain ("acme" of mail.acme.co.uk); None for hiring platforms and freemail.
    board: the domain looks like that of a service for many employers.
    """

    address: Address | None
    label: str | None
    platform: bool = False
    board: bool = False

    @property
    def sort(self) -> str:
        """Whose the address is: of a board, a platform, the own house, or a mail provider."""
        return "board" if self.board else "platform" if self.platform else "own" if self.label else "free"

    @classmethod
    def of(
        cls, address: Address | None, *, platform: bool, freemail: bool, names: Names, behind: Address | None = None
    ) -> Sender:
        """The sender of that address; its domain may belong to a hiring platform or to a mail provider.

        behind: the address for answers of those for whom a platform writes.
        """
        if address is None:
            return cls(None, None)
        tenant = _tenant(address, names)
        shown = squashed(address.display_name)
        host = _house(address)
        rents = (
            tenant is not None and squashed(tenant) in shown and host not in shown and is_no_reply(address.addr_spec)
        )
        platform = platform or rents or _ATS in address.domain.split(".")[:-1]
        hidden = behind if platform else None
        domain = registrable((hidden or address).domain)
        label = (_tenant(hidden or address, names) or "") if domain in RESERVED else domain.partition(".")[0]
        freemail = freemail or (_is_mailbox(label, names) and bears_name(address))
        if platform and tenant and (rents or not hidden):
            return cls(address, tenant, platform, board=False)
        parts = [part for part in re.split(r"[-_]", label) if part]
        kept = [part for part in parts if part not in names.domain_words] or parts
        brand = "-".join(kept)
        board = any(word in brand for word in names.boards)
        return cls(address, None if (platform and not hidden) or freemail or not label else brand, platform, board)


def sender_of(
    message: Message,
    passages: Sequence[Passage],
    names: Names,
    words: Sequence[FieldWords],
    senders: Senders,
    schedulers: frozenset[str],
) -> Sender:
    """The sender of a mail; who stands behind a system that writes for others, its address for answers tells."""
    address = message.from_
    theirs = (a for a in message.reply_to if not (_serves_many(a, senders, schedulers) or senders.is_freemail(a)))
    behind = next(theirs, None)
    relayed = address is not None and any(_relays(address, a, passages, names, words) for a in message.reply_to)
    if relayed and address is not None and behind is not None and _house(behind) == _house(address):
        behind = None
    system = address is not None and (
        relayed
        or _serves_many(address, senders, schedulers)
        or (behind is not None and _passes_on(address, behind, passages, names))
    )
    if address is not None and address.local_part.lower() in names.calendar_services:
        system, address = True, replace(address, display_name="")  # "Google Calendar" writes for everybody
    return Sender.of(address, platform=system, freemail=senders.is_freemail(address), names=names, behind=behind)


def _serves_many(address: Address, senders: Senders, schedulers: frozenset[str]) -> bool:
    """True for an address of a hiring platform, or of a service with which appointments are booked."""
    labels = (address.domain, *re.split(r"[.-]", address.domain))
    return senders.is_platform(address) or not schedulers.isdisjoint(labels)


def _relays(
    address: Address, answers: Address, passages: Sequence[Passage], names: Names, words: Sequence[FieldWords]
) -> bool:
    """True where the name for answers says that the sender's house only passes on what another house of the text mails:
    "Acme via HireDesk"; a person's mail "via" their house is the house's own."""
    if answers.addr_spec.lower() == address.addr_spec.lower():
        return False
    shown, system = answers.display_name.split(), _house(address)
    for at, word in enumerate(shown):
        if not at or word.lower() not in names.relayed_by or squashed(" ".join(shown[at + 1 :])) != system:
            continue
        client = " ".join(shown[:at]).strip("\"'()")
        parts = client.lower().split()
        office = system in squashed(client) or any({*parts[:1], *parts[-1:]} & w.team for w in words)
        somebody = any(w.person.is_given(client) or person(client, w.person) is not None for w in words)
        if client and not (office or somebody) and squashed(client) in _said(passages):
            return True
    return False


def _said(passages: Sequence[Passage]) -> str:
    """The text without addresses, as names are compared."""
    return squashed(_ADDRESSES.sub(" ", "\n".join(passage.text for passage in passages)))


def _house(address: Address) -> str:
    """The first part of the registrable domain, as names are compared."""
    return squashed(registrable(address.domain).partition(".")[0])


def _passes_on(address: Address, behind: Address, passages: Sequence[Passage], names: Names) -> bool:
    """True where the text names the house of the address for answers, and that of the sender at most as what the mail
    was sent with: a system wrote."""
    if bears_name(address):
        return False
    own, theirs = _house(address), _house(behind)
    said = _said(passages)
    if own == theirs or len(theirs) < _TENANT or theirs not in said:
        return False
    return said.count(own) == sum(_sent_with(own, passage, names) for passage in passages)


def _sent_with(house: str, passage: Passage, names: Names) -> int:
    """How often a text names a house right behind a word for what a mail was sent with: "Versendet mit Panelist"."""
    words = _ADDRESSES.sub(" ", passage.text).split()
    return sum(squashed(word) == house and before.lower() in names.sent_with for before, word in pairwise(words))


def _is_mailbox(label: str, names: Names) -> bool:
    """True for a domain named like that of a mail provider."""
    return any(
        label.startswith(part) if part.endswith("-") else _ends_with_mailbox(label, part, names)
        for part in names.mailboxes
    )


def _ends_with_mailbox(label: str, part: str, names: Names) -> bool:
    """True for "gmailbox", "my-inbox" and "fastmail", but not for "tiffinbox", whose first part makes it a name."""
    before = label.removesuffix(part)
    return label.endswith(part) and (len(before) <= _LETTERS or before.endswith("-") or before in names.common)


def bears_name(address: Address) -> bool:
    """True for a mailbox with the name, or first name, that the display name tells: "Ada Lund" of ada.lund."""
    box = squashed(address.local_part)
    return any(len(part) > 1 and squashed(part) in box for part in address.display_name.split())


def _tenant(address: Address, names: Names) -> str | None:
    """The employer for which a platform keeps a domain: acme of acme.platform.com, of acme.jobs.platform.com."""
    rest = address.domain.removesuffix(registrable(address.domain)).rstrip(".")
    usual = (names.common, names.domain_words, names.room_labels)
    own = (label for label in reversed(rest.split(".")) if not any(label.rstrip(digits) in words for words in usual))
    return next((label for label in own if len(label) >= _TENANT and label.rstrip(digits).isalpha()), None)
