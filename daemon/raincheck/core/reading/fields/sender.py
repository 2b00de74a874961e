"""Who sent the mail, as far as the address tells: the own house, a platform, a board, or a mail provider."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.core.reading.fields.names import squashed
from raincheck.core.recipients import registrable

if TYPE_CHECKING:
    from raincheck.core.model import Address
    from raincheck.core.reading.fields.words import Names

_ATS = "ats"  # label of the systems by which employers manage applications
_TENANT = 5  # letters of a label that names an employer


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
        platform = platform or _ATS in address.domain.split(".")[:-1]
        hidden = behind if platform else None
        label = registrable((hidden or address).domain).partition(".")[0]
        freemail = freemail or (_is_mailbox(label, names) and bears_name(address))
        if platform and not hidden and (tenant := _tenant(address, names)):
            return cls(address, tenant, platform, board=False)
        parts = [part for part in re.split(r"[-_]", label) if part]
        kept = [part for part in parts if part not in names.domain_words] or parts
        brand = "-".join(kept)
        board = any(word in brand for word in names.boards)
        return cls(address, None if (platform and not hidden) or freemail or not label else brand, platform, board)


def _is_mailbox(label: str, names: Names) -> bool:
    """True for a domain named like that of a mail provider."""
    return any(label.startswith(part) if part.endswith("-") else label.endswith(part) for part in names.mailboxes)


def bears_name(address: Address) -> bool:
    """True for a mailbox with the name, or first name, that the display name tells: "Ada Lund" of ada.lund."""
    box = squashed(address.local_part)
    return any(len(part) > 1 and squashed(part) in box for part in address.display_name.split())


def _tenant(address: Address, names: Names) -> str | None:
    """The employer for which a platform keeps a domain of its own: acme of acme.platform.com."""
    rest = address.domain.removesuffix(registrable(address.domain)).rstrip(".")
    first = rest.rpartition(".")[2]
    plain = len(first) >= _TENANT and first.isalpha()
    return first if plain and first not in names.common | names.domain_words | names.room_labels else None
