"""`ports.MailAccount` over IMAP: which connection, which commands, and how to wait."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from raincheck.adapters.imap.alarm import Alarm
from raincheck.adapters.imap.connection import Connection, Snapshot, internal_date
from raincheck.adapters.imap.login import quoted
from raincheck.core.model import Marks, MessageRef
from raincheck.errors import MailboxChanged, RaincheckError
from raincheck.ports import Fetched, Folder, MailboxStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date, datetime
    from typing import Any

    from raincheck.adapters.imap.naming import Naming
    from raincheck.core.settings import Account
    from raincheck.ports import Secrets

RENEW = 285.0  # seconds of one IDLE: below the 5 minutes after which some networks forget a silent line
_BATCH = 200  # messages in one FETCH: 40 MB at most for usual mails
_PATIENCE = 4.0  # seconds for the answer to DONE when somebody wants to stop
_SHORTEST = 1.0  # seconds: a server that chatters during IDLE is not answered more often
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FIELD_NAME = re.compile(r"[!-9;-~]+")  # RFC 5322, 2.2
_NOT_PRINTABLE_ASCII = re.compile(r"[^ -~]+")
_SEARCH_TEXT = 500  # characters; command lines are limited to 8,000 (RFC 9051, 4)


class ImapAccount:
    """One account: a connection for the watched mailboxes, a second one for Drafts and all others."""

    def __init__(self, account: Account, secrets: Secrets, *, timeout: float = 30.0) -> None:
        """`timeout`: seconds without any answer after which the server counts as gone."""
        self.name = account.name
        self._timeout = timeout
        self._watched = frozenset(_canonical(mailbox) for mailbox in account.watch)
        self._watching = Connection(account, secrets, timeout)
        self._other = Connection(account, secrets, timeout)
        self._looked: dict[str, Snapshot] = {}  # each mailbox as it was when it was last looked through
        self._naming: Naming | None = None
        self._alarm = Alarm()

    # --- folders --------------------------------------------------------------------------------------------------

    def folders(self) -> Sequence[Folder]:
        """See `ports.MailAccount`."""
        return [
            Folder(name, frozenset(map(_attribute, attributes)), delimiter.decode() if delimiter else None)
            for attributes, delimiter, name in self._other.list_folders()
        ]

    def ensure_folder(self, name: str) -> None:
        """See `ports.MailAccount`."""
        # A parent that exists only in name is listed too (RFC 9051, 7.3.1), and is no folder yet.
        real = {_canonical(f.name) for f in self.folders() if not f.attributes & {"noselect", "nonexistent"}}
        if _canonical(path := self._path(name)) not in real:
            self._other.create(path)

    def status(self, mailbox: str) -> MailboxStatus:
        """See `ports.MailAccount`."""
        _, seen = self._opened(mailbox)
        return MailboxStatus(seen.uidvalidity, seen.uidnext, seen.exists)

    # --- reading --------------------------------------------------------------------------------------------------

    def uids(
        self, mailbox: str, *, above: int = 0, since: date | None = None, header: tuple[str, str] | None = None
    ) -> Sequence[int]:
        """See `ports.MailAccount`."""
        connection, seen = self._opened(mailbox)
        if header is None:
            self._looked[_canonical(mailbox)] = seen
        if not seen.exists or above + 1 >= seen.uidnext:
            return []
        # "n:*" always finds the last message, even when its UID is below n
        return [uid for uid in connection.search(_criteria(above, since, header)) if uid > above]

    def marks(self, mailbox: str) -> dict[int, Marks]:
        """See `ports.MailAccount`."""
        connection, seen = self._opened(mailbox)
        self._looked[_canonical(mailbox)] = seen
        rows = connection.fetch(None, _marking(connection, seen)) if seen.exists else {}
        return {uid: Marks(_flags(row), _modseq(row)) for uid, row in sorted(rows.items())}

    def fetch(self, mailbox: str, uids: Iterable[int], *, limit: int | None = None) -> Sequence[Fetched]:
        """See `ports.MailAccount`."""
        wanted = sorted(set(uids))
        if not wanted:
            return []
        connection, seen = self._opened(mailbox)
        body = "BODY.PEEK[]" if limit is None else f"BODY.PEEK[]<0.{limit}>"
        found: dict[int, dict[bytes, Any]] = {}
        for at in range(0, len(wanted), _BATCH):
            items = f"{_marking(connection, seen)} RFC822.SIZE INTERNALDATE {body}"
            found |= connection.fetch(wanted[at : at + _BATCH], items)
        return [
            Fetched(
                MessageRef(mailbox, seen.uidvalidity, uid),
                _flags(row),
                row.get(b"RFC822.SIZE", len(row[b"BODY[]"])),
                row[b"BODY[]"],
                internal_date(row),
                _modseq(row),
            )
            for uid in wanted
            if isinstance((row := found.get(uid, {})).get(b"BODY[]"), bytes)
        ]

    # --- writing --------------------------------------------------------------------------------------------------

    def append(
        self, mailbox: str, message: bytes, flags: Iterable[str], date: datetime | None = None
    ) -> MessageRef | None:
        """See `ports.MailAccount`."""
        told = self._connection(mailbox).append(self._path(mailbox), message, flags, date)
        return MessageRef(mailbox, *told) if told else None

    def add_flags(self, ref: MessageRef, flags: Iterable[str]) -> bool:
        """See `ports.MailAccount`."""
        return self._store(ref, b"+", flags)

    def remove_flags(self, ref: MessageRef, flags: Iterable[str]) -> bool:
        """See `ports.MailAccount`."""
        return self._store(ref, b"-", flags)

    def expunge(self, ref: MessageRef) -> bool:
        """See `ports.MailAccount`."""
        connection = self._selected(ref)
        if not connection.fetch([ref.uid], "FLAGS"):
            return True
        connection.store(ref.uid, b"+", ["\\Deleted"])
        if not connection.capabilities & {"UIDPLUS", "IMAP4REV2"}:
            return False
        connection.expunge(ref.uid)
        return not connection.fetch([ref.uid], "FLAGS")

    def _store(self, ref: MessageRef, change: bytes, flags: Iterable[str]) -> bool:
        connection = self._selected(ref)
        connection.store(ref.uid, change, flags)
        return ref.uid in connection.fetch([ref.uid], "FLAGS")  # STORE says OK for a message that is gone

    def _selected(self, ref: MessageRef) -> Connection:
        """The connection with the message's mailbox selected for writing, still of the same UIDVALIDITY."""
        connection, seen = self._opened(ref.mailbox, write=True)
        if seen.uidvalidity != ref.uidvalidity:
            raise MailboxChanged(f"mailbox {ref.mailbox!r} was made anew (UIDVALIDITY {seen.uidvalidity})")
        return connection

    # --- waiting --------------------------------------------------------------------------------------------------

    def wait(self, mailboxes: Sequence[str], timeout: float) -> bool:
        """See `ports.MailAccount`. A change since `uids` or `marks` last looked at a mailbox counts too.

        IDLE watches one mailbox a connection, the first named; the others are looked at before each IDLE.
        """
        deadline = time.monotonic() + timeout
        connections = list(dict.fromkeys(self._connection(mailbox) for mailbox in mailboxes))
        while (left := deadline - time.monotonic()) > 0:
            if self._alarm.wait(0):
                return False
            for connection in connections:  # now, so that no login lies between a look and its IDLE
                connection.connect()
            moved = [self._moved(mailbox) for mailbox in reversed(mailboxes)]  # the first named stays selected
            if any(moved):
                return True
            began = time.monotonic()
            changed, woken = self._idle(connections, min(left, RENEW))
            if changed or woken:
                return changed
            pause = min(_SHORTEST - (time.monotonic() - began), deadline - time.monotonic())
            if pause > 0 and self._alarm.wait(pause):
                return False
        return False

    def wake(self) -> None:
        """See `ports.MailAccount`."""
        self._alarm.ring()

    def close(self) -> None:
        """See `ports.MailAccount`."""
        self._watching.close()
        self._other.close()
        self._alarm.close()

    def _moved(self, mailbox: str) -> bool:
        """True when the mailbox is not as it was when it was last looked at; told once."""
        _, now = self._opened(mailbox)
        before = self._looked.setdefault(_canonical(mailbox), now)
        self._looked[_canonical(mailbox)] = now
        return now != before

    def _idle(self, connections: Collection[Connection], seconds: float) -> tuple[bool, bool]:
        """One IDLE on all connections that can: whether something changed, and whether `wake` was called."""
        try:
            idling = [connection for connection in connections if connection.can_idle and connection.idle()]
            told = any(connection.pending() for connection in idling)
            told |= any(connection.can_idle and connection not in idling for connection in connections)
            woken = self._alarm.wait(0 if told else seconds, [connection.descriptor() for connection in idling])
            patience = min(_PATIENCE, self._timeout) if woken else self._timeout
            changed = [connection.done(patience) for connection in idling]
            return any(changed), woken
        except RaincheckError:
            for connection in connections:  # in the middle of IDLE they are good for nothing else
                connection.drop()
            raise

    def _opened(self, mailbox: str, *, write: bool = False) -> tuple[Connection, Snapshot]:
        """The mailbox selected on its connection, and how it is right now."""
        connection = self._connection(mailbox)
        return connection, connection.examine(self._path(mailbox), write=write)

    def _path(self, mailbox: str) -> str:
        """The server's name of the mailbox."""
        if _canonical(mailbox) == "INBOX":
            return mailbox
        if self._naming is None:
            self._naming = self._other.naming()
        return self._naming.of(mailbox)

    def _connection(self, mailbox: str) -> Connection:
        return self._watching if _canonical(mailbox) in self._watched else self._other


def _canonical(mailbox: str) -> str:
    """INBOX is the one name that has no case (RFC 9051, 5.1)."""
    return "INBOX" if mailbox.upper() == "INBOX" else mailbox


def _attribute(name: bytes) -> str:
    return name.decode("ascii", "replace").removeprefix("\\").lower()


def _marking(connection: Connection, seen: Snapshot) -> str:
    """What to fetch of a message's marks; MODSEQ only of a mailbox that has it (RFC 7162, 3.1.2.2: NOMODSEQ)."""
    counts = "CONDSTORE" in connection.capabilities and seen.highestmodseq is not None
    return "FLAGS MODSEQ" if counts else "FLAGS"


def _modseq(row: dict[bytes, Any]) -> int | None:
    match row.get(b"MODSEQ"):
        case (int(number),):
            return number
        case _:
            return None


def _flags(row: dict[bytes, Any]) -> frozenset[str]:
    """In lower case; \\Recent left out, which says nothing about the message but which session saw it first."""
    names = (
        flag.decode("ascii", "replace")
        if isinstance(flag, bytes)
        else str(flag)  # the parser takes "2024" for a number
        for flag in row.get(b"FLAGS", ())
    )
    return frozenset(name.lower() for name in names) - {"\\recent"}


def _criteria(above: int, since: date | None, header: tuple[str, str] | None) -> str:
    """SEARCH keys (RFC 9051, 6.4.4) in ASCII: no charset to agree on, nothing in the text can leave its quotes."""
    keys = [f"UID {above + 1}:*"]
    if since is not None:
        keys.append(f"SINCE {since.day:02}-{_MONTHS[since.month - 1]}-{since.year:04}")
    if header is not None:
        name, text = header
        if not _FIELD_NAME.fullmatch(name):
            raise ValueError(f"no header field name: {name!r}")
        # The longest plain part finds the message too; what else it finds the caller sorts out.
        longest = max(_NOT_PRINTABLE_ASCII.split(text), key=len)[:_SEARCH_TEXT]
        keys.append(f"HEADER {name} {quoted(longest)}")
    return " ".join(keys)
