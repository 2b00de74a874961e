"""One person's mailbox on a test server, from the three sides that see it.

::

    mailbox.deliver(raw)                  # the world writes to it (INBOX)
    with mailbox.client() as client:      # the person's own mail client: a logged-in IMAPClient
        client.select_folder("Drafts")
    account = mailbox.account()           # raincheck.core.settings.Account, ready for the adapters
    imap = mailbox.open()                 # the adapter itself (ImapAccount), closed by the fixture
"""

from __future__ import annotations

import socket
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient

from raincheck.adapters.imap import ImapAccount
from raincheck.core.settings import Account, SecretSource, Server
from tests.fakes.secrets import FixedSecrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raincheck.ports import Secrets


@dataclass
class Mailbox:
    """A fresh user; `port` speaks IMAP without TLS."""

    user: str
    password: str
    port: int
    deliver_to: Callable[[bytes, str], None]
    ca_file: str | None = None
    tls_port: int | None = None  # implicit TLS
    wipe_of: Callable[[str], None] | None = None
    below_inbox: bool = False  # the server names its mailboxes "INBOX.Raincheck.Approved"
    opened: list[ImapAccount] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The person's address."""
        return f"{self.user}@example.org"

    def deliver(self, raw: bytes) -> None:
        """Delivers a mail to INBOX; it is there when this returns."""
        self.deliver_to(raw, self.user)

    def wipe(self) -> None:
        """The server loses all mailboxes of the user; the next login finds new ones."""
        assert self.wipe_of is not None
        self.wipe_of(self.user)

    def named(self, folder: str) -> str:
        """The server's name of the folder, as clients have to write it."""
        return f"INBOX.{folder.replace('/', '.')}" if self.below_inbox and folder != "INBOX" else folder

    @contextmanager
    def client(self) -> Iterator[Any]:
        """The person's own client, logged in."""
        with IMAPClient("127.0.0.1", self.port, ssl=False, timeout=10) as client:
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.plain_login(self.user, self.password)
            yield client

    def account(self, *, port: int | None = None, **changes: Any) -> Account:
        """Settings of this mailbox; `port` puts something between (a proxy), other keywords replace fields."""
        made = Account(
            name="main",
            address=self.address,
            imap=Server("127.0.0.1", port or self.port, "none"),
            smtp=Server("127.0.0.1", 9, "none"),
            username=self.user,
            password=SecretSource(env="IMAP_PASSWORD"),
            ca_file=self.ca_file,
        )
        return replace(made, **changes)

    def open(
        self, *, port: int | None = None, secrets: Secrets | None = None, timeout: float = 30.0, **changes: Any
    ) -> ImapAccount:
        """The adapter on this mailbox; keywords as in `account`."""
        account = ImapAccount(
            self.account(port=port, **changes), secrets or FixedSecrets(self.password), timeout=timeout
        )
        self.opened.append(account)
        return account
