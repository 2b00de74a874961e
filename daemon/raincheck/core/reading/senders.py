"""What an address tells about who writes: hiring platform, freemail provider, public body.

Owns the use of `rules/reading/platforms.toml` (its format is told there) and the domains of `public-bodies.toml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from raincheck.core.recipients import registrable
from raincheck.core.wordlist import any_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raincheck.core.model import Address

_MAX_PARTS = 5  # of a label that is made of words for systems
_NOTHING = re.compile(r"(?!)")
_LABEL_PART = re.compile(r"[^.-]+")


@dataclass(frozen=True, slots=True)
class Senders:
    """Domains by what they tell. A label is a name within a domain: a hint, where a domain is knowledge."""

    platforms: frozenset[str]
    platform_labels: frozenset[str]
    freemail: frozenset[str]
    freemail_labels: frozenset[str]
    public_bodies: frozenset[str]
    boards: frozenset[str] = frozenset()
    board_labels: frozenset[str] = frozenset()
    systems: re.Pattern[str] = _NOTHING

    @classmethod
    def from_tables(cls, platforms: Mapping[str, Any], public_bodies: Mapping[str, Any]) -> Senders:
        """From the parsed platforms.toml and public-bodies.toml."""
        hiring = [entry for entry in platforms.get("platform", ()) if entry.get("kind") != "scheduler"]
        boards = [entry for entry in hiring if entry.get("kind") == "board"]
        freemail = platforms.get("freemail", {})
        return cls(
            platforms=frozenset(domain for entry in hiring for domain in entry.get("domains", ())),
            platform_labels=frozenset(label for entry in hiring for label in entry.get("labels", ())),
            freemail=frozenset(freemail.get("domains", ())),
            freemail_labels=frozenset(freemail.get("labels", ())),
            public_bodies=frozenset(public_bodies.get("domains", ())),
            boards=frozenset(domain for entry in boards for domain in entry.get("domains", ())),
            board_labels=frozenset(label for entry in boards for label in entry.get("labels", ())),
            systems=_made_of(platforms.get("systems", {})),
        )

    def is_platform(self, address: Address | None) -> bool:
        """True when the address looks like that of a service that sends hiring mail for companies."""
        if self.is_known_platform(address):
            return True
        label = registrable(address.domain).partition(".")[0] if address is not None else ""
        return self.systems.fullmatch(label) is not None

    def is_known_platform(self, address: Address | None) -> bool:
        """The same by its name, not by what its domain is made of, which anybody can register."""
        if address is None:
            return False
        domain = address.domain
        return within(domain, self.platforms) or _labelled(domain, self.platform_labels)

    def is_board(self, address: Address | None) -> bool:
        """True for the address of a job board or network, whose mails are answered on its own pages."""
        return address is not None and (
            within(address.domain, self.boards) or _labelled(address.domain, self.board_labels)
        )

    def is_freemail(self, address: Address | None) -> bool:
        """True for an address that anybody can have."""
        if address is None:
            return False
        domain = address.domain
        return domain in self.freemail or domain.partition(".")[0] in self.freemail_labels

    def is_public_body(self, address: Address | None) -> bool:
        """True for the address of a public employment service."""
        return address is not None and within(address.domain, self.public_bodies)


def _made_of(systems: Mapping[str, str]) -> re.Pattern[str]:
    """What matches a label of such words alone, two of them or more, one of which tells; nothing for an empty table."""
    telling, others = (systems.get(key, "").split() for key in ("telling", "others"))
    told, word = any_word(telling), any_word([*telling, *others])
    return re.compile(rf"(?=.*(?:{told}))(?:-?(?:{word})){{2,{_MAX_PARTS}}}")


def within(domain: str, known: frozenset[str]) -> bool:
    """True when the domain, or one above it, is known."""
    labels = domain.split(".")
    return any(".".join(labels[i:]) in known for i in range(len(labels) - 1))


def _labelled(domain: str, labels: frozenset[str]) -> bool:
    return not labels.isdisjoint(_LABEL_PART.findall(domain))
