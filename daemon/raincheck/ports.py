"""What raincheck needs of the outside world, as Protocols: bytes and values go in and out, parsing is the core's.

Every method is synchronous and may block; each object belongs to one thread. Adapters implement them over real
servers, `tests/fakes` in memory, and `tests/contracts` holds both to the same suite.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager
    from datetime import date, datetime

    from raincheck.core.model import Answered, CalendarView, Case, Entry, Hold, Marks, MessageRef, NoteEntry, Period
    from raincheck.core.settings import SecretSource

Side = Literal["imap", "smtp"]  # of an account


# --- IMAP ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Folder:
    """One LIST line: name as Unicode, attributes in lower case without backslash ("drafts", "noselect")."""

    name: str
    attributes: frozenset[str]
    delimiter: str | None


@dataclass(frozen=True, slots=True)
class MailboxStatus:
    """UIDVALIDITY, UIDNEXT and the number of messages (RFC 9051, 6.3.11)."""

    uidvalidity: int
    uidnext: int
    messages: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """A message as the server has it. `raw` may be cut at the asked limit; flags in lower case (r"\\flagged")."""

    ref: MessageRef
    flags: frozenset[str]
    size: int
    raw: bytes
    internal_date: datetime | None = None
    modseq: int | None = None  # see `Marks`


class MailAccount(Protocol):
    """One IMAP account over at most two connections. Mailbox names are Unicode, as LIST tells them or as a
    person writes them, levels separated by "/"; flags are compared without case.

    Raises Unreachable (wait), CredentialsRejected (stop), MailboxChanged (start over), Refused (NO) as errors.py says.
    Nothing here ever sets \\Seen: mailboxes are read with EXAMINE and BODY.PEEK.
    """

    name: str

    def folders(self) -> Sequence[Folder]:
        """Every folder, as LIST tells (RFC 9051, 6.3.9; attributes RFC 6154)."""

    def ensure_folder(self, name: str) -> None:
        """Creates and subscribes the folder when it is missing; does nothing else when it is there."""

    def status(self, mailbox: str) -> MailboxStatus:
        """The mailbox's state as of now."""

    def uids(
        self, mailbox: str, *, above: int = 0, since: date | None = None, header: tuple[str, str] | None = None
    ) -> Sequence[int]:
        """UIDs in ascending order: greater than `above`, internal date on or after `since`, header containing a text.

        A server's header search may be by whole words (Gmail) or find too much: look at what comes back.
        """

    def marks(self, mailbox: str) -> dict[int, Marks]:
        """What stands on every message of a mailbox, by UID."""

    def fetch(self, mailbox: str, uids: Iterable[int], *, limit: int | None = None) -> Sequence[Fetched]:
        """The messages that still exist, in the order of their UIDs; `limit` cuts each to its first bytes."""

    def append(
        self, mailbox: str, message: bytes, flags: Iterable[str], date: datetime | None = None
    ) -> MessageRef | None:
        """APPEND; the new reference where the server tells it (APPENDUID: a hint).

        Raises Uncertain when the connection broke after the literal began, Refused on NO (quota, read-only).
        """

    def add_flags(self, ref: MessageRef, flags: Iterable[str]) -> bool:
        """STORE +FLAGS; true when the message was there."""

    def remove_flags(self, ref: MessageRef, flags: Iterable[str]) -> bool:
        """STORE -FLAGS; true when the message was there."""

    def expunge(self, ref: MessageRef) -> bool:
        """Removes this one message for good (\\Deleted + UID EXPUNGE, RFC 4315), nothing else; true when it is gone.

        Without UIDPLUS the message is only marked \\Deleted, and false is returned.
        """

    def wait(self, mailboxes: Sequence[str], timeout: float) -> bool:
        """Waits (IDLE where the server has it) until something changes in one of the mailboxes, `wake` is called,
        or `timeout` seconds passed; true when it was a change. Never longer than the timeout."""

    def wake(self) -> None:
        """Ends a running or the next `wait`; the only method that other threads may call."""

    def close(self) -> None:
        """Logs out and closes, quietly."""


# --- SMTP ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Envelope:
    """The SMTP envelope (RFC 5321, 2.3.1): addr-specs."""

    sender: str
    recipients: tuple[str, ...]


class Submission(Protocol):
    """A submission server (RFC 6409)."""

    def submit(self, envelope: Envelope, message: bytes, before_data: Callable[[], None]) -> str:
        """Hands over one message; returns the server's last words.

        `before_data` is called when every recipient was accepted, right before DATA: it commits "sending"; when it
        raises, nothing is sent. Raises Unreachable (nothing was sent, try later: connection, 4xx before DATA),
        Refused (nothing was sent, will not work: a recipient or the message was rejected), CredentialsRejected,
        Uncertain (the answer to DATA was lost).
        """

    def check(self) -> str:
        """Connects and logs in; returns what the server is, in a few words."""


# --- calendar -----------------------------------------------------------------------------------------------------


class CalendarSource(Protocol):
    """The person's feeds, all of them."""

    def view(self, window: Period, *, max_age: float | None = None) -> CalendarView:
        """Busy periods that touch the window. `max_age` in seconds: fetch again what is older. Never raises for a
        feed: what cannot be had makes the view unknown."""

    def refresh(self) -> None:
        """Fetches what is due."""

    def health(self) -> Sequence[FeedHealth]:
        """How each feed is."""


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """State of one feed: fresh, stale, unavailable, broken or empty; age in seconds of what is in use."""

    name: str
    state: str
    age_seconds: int | None
    events: int
    detail: str

    @property
    def ok(self) -> bool:
        """True when busy times may be trusted."""
        return self.state in ("fresh", "empty")


# --- secrets ------------------------------------------------------------------------------------------------------


class Secrets(Protocol):
    """Where passwords and tokens come from."""

    def get(self, source: SecretSource, *, username: str = "") -> str:
        """The secret, fetched anew. Raises SecretError, which never holds the secret."""


# --- ledger -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far a mailbox was read: every UID up to this one, under this UIDVALIDITY."""

    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class MailRecord:
    """A mail ever seen: its identity (Message-ID, else fingerprint), and the case it belongs to, if any."""

    account: str
    identity: str
    kind: str
    case: str | None
    seen_at: datetime
    ref: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """How a connection or feed is: since when, and in words."""

    name: str  # "account:main", "calendar:private"
    ok: bool
    detail: str
    at: datetime  # of the last success, or of the first failure
    cause: str = ""  # "imap Unreachable": what failed and how, where the configuration tells what to do about it


class Ledger(Protocol):
    """What raincheck must not forget. Each writing method commits (to disk) unless it is inside `transaction`."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing; exclusive: decisions of several accounts see each other's holds."""

    def reserve(self) -> None:
        """Makes sure of room on the disk for what is to be written next. Raises LedgerError when there is none."""

    def watermark(self, account: str, mailbox: str) -> Watermark | None:
        """How far the mailbox was read; None when it never was."""

    def set_watermark(self, account: str, mailbox: str, mark: Watermark) -> None:
        """Remembers how far the mailbox was read."""

    def mail(self, account: str, identity: str) -> MailRecord | None:
        """The record of a mail seen before."""

    def record_mail(self, record: MailRecord) -> None:
        """Remembers a mail; the newest record of an identity counts."""

    def case(self, case_id: str) -> Case | None:
        """The case of that id."""

    def cases(self, account: str | None = None) -> Sequence[Case]:
        """All cases, newest first."""

    def save_case(self, case: Case, event: str = "") -> None:
        """Writes the case; a non-empty event goes into its history."""

    def history(self, case_id: str) -> Sequence[tuple[datetime, str]]:
        """What happened in the case, oldest first."""

    def entry(self, case_id: str) -> Entry | None:
        """The newest revision of the case's draft."""

    def entries(self, account: str) -> Sequence[Entry]:
        """The newest revision of every case of the account whose journey is not over."""

    def save_entry(self, entry: Entry) -> None:
        """Writes one revision."""

    def own_message_ids(self, account: str) -> frozenset[str]:
        """Message-IDs of all drafts, sent mails and notes that raincheck made."""

    def holds(self) -> Sequence[Hold]:
        """All holds that have not been released, expired ones included."""

    def set_holds(self, case_id: str, holds: Iterable[Hold]) -> None:
        """Replaces the case's holds."""

    def answered(self) -> Sequence[Answered]:
        """What was answered to whom, oldest first."""

    def record_answer(self, answer: Answered) -> None:
        """Remembers what a company was told."""

    def written_notes(self, key: str) -> Sequence[NoteEntry]:
        """Notes of that key that lie in the mailbox, oldest first."""

    def notes_due(self, account: str) -> Sequence[NoteEntry]:
        """Notes that are not in the mailbox yet."""

    def save_note(self, note: NoteEntry) -> None:
        """Writes a note's state."""

    def health(self) -> Sequence[Health]:
        """How everything is."""

    def set_health(self, health: Health) -> None:
        """Remembers how one part is."""

    def value(self, name: str) -> str | None:
        """A small remembered value ("paused", "last_pass:main"), None when not set."""

    def set_value(self, name: str, value: str | None) -> None:
        """Remembers or (None) forgets a small value."""

    def forget(self, case_id: str) -> None:
        """Removes every trace of the case, but not the identities that keep its mails from being read again."""

    def prune(self, before: datetime) -> int:
        """Removes what was last touched before that time (retention `keep`); returns the number of cases removed."""

    def close(self) -> None:
        """Closes the file."""
