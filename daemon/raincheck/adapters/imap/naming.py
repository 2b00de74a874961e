"""What mailboxes are called: in modified UTF-7 on the line, with the server's prefix and delimiter."""

from __future__ import annotations

from dataclasses import dataclass

from imapclient.imap_utf7 import decode as decode_utf7


@dataclass(frozen=True, slots=True)
class Naming:
    """How the server names mailboxes: those there are, what the person's own begin with, what separates levels."""

    known: frozenset[str]
    prefix: str = ""  # "INBOX." on some
    delimiter: str = "/"

    def of(self, name: str) -> str:
        """The server's name for one that LIST told, or that a person wrote as everywhere else: "Raincheck/Approved"."""
        if name.upper() == "INBOX" or name in self.known:
            return name
        path = name.replace("/", self.delimiter)
        return path if path.startswith(self.prefix) else self.prefix + path


def decoded(name: bytes | str) -> list[str]:
    """The mailbox name from modified UTF-7 (RFC 3501, 5.1.3); nothing for what is none: it could not be opened."""
    try:
        return [str(decode_utf7(name))]
    except ValueError:
        return []
