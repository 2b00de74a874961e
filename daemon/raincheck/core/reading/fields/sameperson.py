"""Whether two names, or a name and an address, are of one person.

Owns the signs of it: the local parts that addresses of a person have, names in another order, in short or spelled out;
and what only seems to be a person: a house, a firm, a system under a display name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.core.reading.fields.names import spellings, squashed
from raincheck.core.recipients import is_no_reply, registrable

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from raincheck.core.model import Address
    from raincheck.core.reading.fields.text import Found, Passage
    from raincheck.core.reading.fields.words import FieldWords


def is_of(name: str, address: Address) -> bool:
    """True for the address of that person: its display name holds the whole name, or its local part is made of it."""
    parts = {squashed(part) for part in name.split()}
    shown = [squashed(part) for part in re.split(r"[\s,]+", address.display_name) if part]
    local = squashed(address.local_part)
    if len(parts) == 1:
        return bool(shown) and shown[-1] in parts and any(part in local for part in parts)
    return parts <= set(shown) or local in local_parts(name)


def is_theirs(name: str, sender: Address) -> bool:
    """True when a display name and the address under it are of the same person: "Jo Ray" <jray@...>."""
    local = squashed(sender.local_part)
    parts = [way for part in re.split(r"[ -]", name) for way in spellings(part)]
    initials = "".join(squashed(part)[:1] for part in re.split(r"[ -]", name))
    return (
        any(len(part) > 1 and part in local for part in parts)
        or any(way.startswith(local) for way in local_parts(name))
        or initials.startswith(local)
    )


def local_parts(name: str) -> frozenset[str]:
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


def is_house(name: str, sender: Address, words: FieldWords) -> bool:
    """True for a house that writes from an address of its own name: "Bar La Luna" <laluna@la-luna.example>."""
    local, house = squashed(sender.local_part), squashed(sender.domain.rpartition(".")[0])
    if words.person.is_given(name):
        return False
    long = [part for part in re.split(r"[ -]", name) if len(part) > 3]
    return (len(local) > 3 and local in house) or (
        len(long) > 1 and all(any(way in house for way in spellings(part)) for part in long)
    )


def is_office(name: str, sender: Address, words: FieldWords) -> bool:
    """True for an office with the name of its house, in any language: "Equipo Talento Otter" of talento@otter."""
    parts = [squashed(part) for part in name.split()]
    house = squashed(registrable(sender.domain).partition(".")[0])
    own = squashed(sender.local_part) in parts[:-1] and len(parts[-1]) > 3 and house.startswith(parts[-1])
    return own and not words.person.is_given(name)


def is_relay(sender: Address) -> bool:
    """True for an address from which something writes for a person, not for an office: no-reply, notifications."""
    return is_no_reply(sender.addr_spec) or not sender.local_part.isalpha()


def is_system(sender: Address, words: FieldWords) -> bool:
    """True for what sends by itself under the name of its domain: "Heron Prism" <noreply@prism.heron.example>."""
    parts, domain = sender.display_name.split(), squashed(sender.domain)
    whole = bool(parts) and all(squashed(part) in domain for part in parts)
    return whole and is_no_reply(sender.addr_spec) and not words.person.is_given(sender.display_name)


def is_doubtful(name: str, heads: str, words: FieldWords) -> bool:
    """True for what signs like a person and may be a house or a greeting: "Stadtbibliothek", "Fraternally".

    It begins with no given name, and is a single word or holds one of any sentence, or of the headers.
    """
    parts = name.split()
    if words.person.is_given(name) or len(parts[0].rstrip(".")) == 1:
        return False
    return len(parts) == 1 or any(part.lower() in words.person.common or squashed(part) in heads for part in parts)


def is_alone_in_mail(name: str, heads: str, words: FieldWords) -> bool:
    """True for who signs with a full name that no header holds: a person, where it was taken for the company, too."""
    parts = name.split()
    return len(parts) > 1 and not is_doubtful(name, heads, words) and squashed(parts[0]) not in heads


def is_turned(one: str, other: str) -> bool:
    """True for the same names in another order: "Ray Jo" signs what Jo Ray sends."""
    mine, theirs = one.lower().split(), other.lower().split()
    return len(mine) > 1 and mine != theirs and sorted(mine) == sorted(theirs)


def ends_with_family(name: str, sender: Address, passages: Sequence[Passage], words: FieldWords) -> bool:
    """True for a name whose last word the mail shows to be the family's: by j.ray@... or by "Ms Ray"."""
    first, *_, last = name.split()
    if words.person.is_given(last):
        return False
    initial, dot, rest = sender.local_part.lower().rpartition(".")
    if dot and len(initial) == 1:
        return initial == squashed(first)[:1] and rest in spellings(last)
    called = re.compile(rf"(?<!\w)([^\W\d_]{{1,12}})\.?[ ]{re.escape(last)}(?!\w)")
    return any(m[1].lower() in words.person.titles for p in passages for m in called.finditer(p.flow))


def agree(one: str, other: str) -> bool:
    """True for names that share a word: of one person, under two forms."""
    mine, theirs = ({squashed(part) for part in name.split()} for name in (one, other))
    short = {part for part in mine if any(whole.startswith(part) for whole in theirs)}
    return not mine.isdisjoint(theirs) or bool(short)


def is_firm(name: str, sent: Sequence[Found[str]], houses: set[str]) -> bool:
    """True for "Rainer Zimmerei" where Sepp Rainer sends: a firm that bears a family's name; for the domain's name."""
    parts = [squashed(part) for part in name.split()]
    if len(parts) == 1 and len(parts[0]) > 3:
        return any(parts[0] in house for house in houses)
    for one in sent:
        known = [squashed(part) for part in one.value.split()]
        if len(known) > 1 and len(parts) > 1 and parts[0] == known[-1] and parts[-1] not in known:
            return True
    return False


def initials_of(name: str) -> str:
    """ "JMT" of "Jean-Marc Tissot"."""
    return "".join(part[0] for part in re.split(r"[ -]", name) if part[:1].isupper())


def goes_on(short: Sequence[str], long: Sequence[str], words: FieldWords, boxes: Set[str] = frozenset()) -> bool:
    """True for "Beth Anne Corrigan" behind "Beth Anne", which are given names alone.

    boxes: the parts of mailboxes, which show where one of them is the family's: grace.lim@ of Grace Lim Mei Xin."""
    if {squashed(word) for word in short} <= boxes:
        return False
    return len(long) > len(short) and long[: len(short)] == short and all(map(words.person.is_given, short))


def leads_in(short: Sequence[str], long: Sequence[str], words: FieldWords, boxes: Set[str] = frozenset()) -> bool:
    """True for "Goh Wei Ling", "GOH Wei Ling" behind "Wei Ling": where the family's name stands first.

    boxes: the parts of mailboxes, which show which is which: weiling.goh@...
    """
    family, *others = long
    before = len(family) > 1 and others == short and all(map(str.istitle, (*others, family.title())))
    boxed = {squashed(family), squashed("".join(short))} <= boxes
    return before and (boxed or not words.person.is_given(short[0]))


def spells_out(short: Sequence[str], long: Sequence[str], words: FieldWords) -> bool:
    """True for "Ralf Pfeiffer" behind "R. Pfeiffer", but not for "Roofer Pfeiffer"."""
    initial = short[0].rstrip(".")
    return (
        len(initial) == 1
        and not words.grammar.is_head(long[0])
        and len(long[0]) > 1 + long[0].endswith(".")
        and long[0][0] == initial
        and (squashed(short[-1]) == squashed(long[-1]))
    )
