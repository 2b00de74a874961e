"""The real IMAP servers, and the way in which each names mailboxes.

::

    pytestmark = on_every_server      # or above one test: `mailbox` is a fresh user on each server that is here
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.servers import cyrus


@dataclass(frozen=True, slots=True)
class Layout:
    """A server (the fixture's name), and the port at which it names mailboxes in this way."""

    server: str
    port: str = "imap_port"
    below_inbox: bool = False  # "INBOX.Drafts", as Debian configures Cyrus, and Courier knows no other way

    def __str__(self) -> str:
        return f"{self.server}, below INBOX" if self.below_inbox else self.server


DOVECOT, CYRUS = Layout("dovecot"), Layout("cyrus")
CYRUS_BELOW_INBOX = Layout("cyrus", "inbox_port", below_inbox=True)
SERVERS = (DOVECOT, CYRUS) if cyrus.installed() else (DOVECOT,)
LAYOUTS = (*SERVERS, CYRUS_BELOW_INBOX) if CYRUS in SERVERS else SERVERS

on_every_server = pytest.mark.parametrize("mailbox", SERVERS, indirect=True, ids=str)
on_every_layout = pytest.mark.parametrize("mailbox", LAYOUTS, indirect=True, ids=str)
