"""One line to an IMAP server: made when it is first needed, dropped on any trouble, made again at the next call.

Every command that reads a mailbox is preceded by EXAMINE: a session is told of other sessions' changes only when the
server finds it convenient, and an approval must not rest on flags of yesterday.
"""

from __future__ import annotations

import logging
import re
import socket
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.datetime_util import parse_to_datetime
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError
from imapclient.response_parser import parse_response

from raincheck.adapters.imap.failures import RAISED, answered, lost, translated, translated_login
from raincheck.adapters.imap.login import log_in
from raincheck.adapters.imap.naming import Naming, decoded
from raincheck.errors import CredentialsRejected, MailboxChanged, RaincheckError, Refused, Uncertain
from raincheck.wire import Login, login, tls_context

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from raincheck.core.settings import Account
    from raincheck.ports import Secrets

# imapclient logs what goes over the line, mails and mailbox names included.
logging.getLogger("imapclient").setLevel(logging.CRITICAL)

_APPENDUID = re.compile(rb"\[APPENDUID ([1-9]\d*) ([1-9]\d*)\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A mailbox as EXAMINE describes it; two that are equal hold the same messages (and, with CONDSTORE, flags)."""

    uidvalidity: int
    uidnext: int
    exists: int
    highestmodseq: int | None = None  # RFC 7162


class Connection:
    """One connection of an account. Methods raise as `ports.MailAccount` says."""

    def __init__(self, account: Account, secrets: Secrets, timeout: float) -> None:
        self._account = account
        self._secrets = secrets
        self._timeout = timeout
        self._client: Any = None  # imapclient carries no types
        self._exists = 0
        self._idle_refused = False
        self.capabilities: frozenset[str] = frozenset()

    @property
    def server(self) -> str:
        """host:port, for people."""
        return f"{self._account.imap.host}:{self._account.imap.port}"

    def connect(self) -> None:
        """Makes the connection if there is none; every other method does so too."""
        with self._talking():
            pass

    # --- mailboxes ------------------------------------------------------------------------------------------------

    def examine(self, mailbox: str, *, write: bool = False) -> Snapshot:
        """Selects the mailbox, read-only unless `write`; MailboxChanged when it cannot be."""
        with self._talking() as client:
            try:
                said = client.select_folder(mailbox, readonly=not write)
            except RAISED as problem:
                error = translated(problem, self.server)
                if isinstance(error, Refused) and not isinstance(problem, IMAPClientReadOnlyError):
                    raise MailboxChanged(f"mailbox {mailbox!r} cannot be opened: {error}") from problem
                raise
            self._exists = said[b"EXISTS"]
            uidnext = said.get(b"UIDNEXT") or client.folder_status(mailbox, ["UIDNEXT"])[b"UIDNEXT"]
            return Snapshot(said[b"UIDVALIDITY"], uidnext, said[b"EXISTS"], said.get(b"HIGHESTMODSEQ"))

    def list_folders(self) -> list[tuple[tuple[bytes, ...], bytes | None, str]]:
        """LIST "" "*": attributes, delimiter and Unicode name of every mailbox."""
        with self._talking() as client:
            client.folder_encode = False  # else one name that cannot be decoded hides all others
            try:
                listed = client.list_folders()
            finally:
                client.folder_encode = True
            return [(attributes, delimiter, name) for attributes, delimiter, raw in listed for name in decoded(raw)]

    def naming(self) -> Naming:
        """How mailboxes are named here, by LIST and NAMESPACE (RFC 2342)."""
        listed = self.list_folders()
        with self._talking() as client:
            spaces = client.namespace().personal if "NAMESPACE" in self.capabilities else None
            told = [delimiter.decode() for _, delimiter, _ in listed if delimiter]
            prefix, delimiter = spaces[0] if spaces else ("", None)
            return Naming(frozenset(name for _, _, name in listed), prefix or "", delimiter or (told or ["/"])[0])

    def create(self, mailbox: str) -> None:
        """CREATE and SUBSCRIBE."""
        with self._talking() as client:
            client.create_folder(mailbox)
            client.subscribe_folder(mailbox)

    # --- messages of the selected mailbox -------------------------------------------------------------------------

    def search(self, criteria: str) -> list[int]:
        """UIDs in ascending order. The criteria are ASCII, quoted by the caller."""
        with self._talking() as client:
            # IMAPClient.search gives up when the answer comes in more than one line.
            lines = client._raw_command_untagged(b"SEARCH", [criteria.encode("ascii")])
            return sorted({int(uid) for line in lines if line for uid in line.split() if uid.isdigit()})

    def fetch(self, uids: Iterable[int] | None, items: str) -> dict[int, dict[bytes, Any]]:
        """The items by UID; None: of all messages. Messages that are gone are not in the answer."""
        numbers = b"1:*" if uids is None else b",".join(b"%d" % uid for uid in uids)
        with self._talking() as client:
            # IMAPClient.fetch takes an unasked-for flag change ("* 3 FETCH (FLAGS …)", a sequence number) for the
            # message with UID 3: somebody's star would be on another draft. Only what names its UID counts here.
            answer = client._raw_command_untagged(b"FETCH", [numbers, f"(UID {items})".encode("ascii")])
            found: dict[int, dict[bytes, Any]] = {}
            for item in parse_response(answer):
                if isinstance(item, tuple) and b"UID" in (row := _row(item)):
                    found.setdefault(int(row[b"UID"]), {}).update(row)
            return found

    def store(self, uid: int, change: bytes, flags: Iterable[str]) -> None:
        """UID STORE without an answer; whether it worked is for the caller to see."""
        with self._talking() as client:
            act = client.add_flags if change == b"+" else client.remove_flags
            act([uid], tuple(flags), silent=True)

    def expunge(self, uid: int) -> None:
        """UID EXPUNGE (RFC 4315): this one alone, whatever else is marked \\Deleted."""
        with self._talking() as client:
            client.uid_expunge([uid])

    def append(
        self, mailbox: str, message: bytes, flags: Iterable[str], date: datetime | None
    ) -> tuple[int, int] | None:
        """APPEND; UIDVALIDITY and UID where the server tells them. Uncertain when the line breaks meanwhile."""
        with self._talking() as client:
            client.noop()  # a line that died in the meantime is noticed here, where it is harmless
            try:
                said = client.append(mailbox, message, tuple(flags), date)
            except RAISED as problem:
                if answered(problem):
                    raise
                self.drop()
                raise Uncertain(f"{lost(problem, self.server)} (while a message was filed in {mailbox!r})") from problem
            told = _APPENDUID.search(said or b"")
            return (int(told[1]), int(told[2])) if told else None

    # --- IDLE (RFC 2177) ------------------------------------------------------------------------------------------

    @property
    def can_idle(self) -> bool:
        """True when the server offers IDLE and has not refused it; known after `connect`."""
        return "IDLE" in self.capabilities and not self._idle_refused

    def idle(self) -> bool:
        """Begins IDLE on the selected mailbox; nothing but `done` may follow.

        False, with the line dropped, when something else than "+ idling" came: a refusal, for which IDLE is not tried
        again, or news, which the next look will find.
        """
        with self._talking() as client:
            try:
                client.idle()
            except IMAPClientError as problem:
                if isinstance(problem, IMAPClientAbortError):
                    raise
                self._idle_refused = "b'* " not in str(problem)
                self.drop()
                return False
            return True

    def descriptor(self) -> int:
        """What to poll while idling."""
        return int(self._client.socket().fileno())

    def pending(self) -> bool:
        """True when there is news that no poll can see: read ahead by imaplib with "+ idling", or decrypted already."""
        with self._talking() as client:
            ahead = getattr(client._imap, "_readbuf", None)  # since Python 3.14; its `file` must not be touched there
            if ahead is not None:
                look = getattr(client.socket(), "pending", None)
                return bool(ahead or (look and look()))
            client.socket().settimeout(0)
            try:
                return bool(client._imap.file.peek(1))
            except ssl.SSLWantReadError:
                return False
            finally:
                client.socket().settimeout(self._timeout)

    def done(self, patience: float) -> bool:
        """Ends IDLE; true when the server told of a change. Half-open lines show here, after `patience` seconds.

        idle_check is not used: it returns at once, for ever, on a dead line, and breaks on a line that comes in two
        pieces. What came during IDLE is all in the answer to DONE.
        """
        with self._talking() as client:
            client.socket().settimeout(patience)
            _, responses = client.idle_done()
            client.socket().settimeout(self._timeout)
            return any(self._is_change(response) for response in responses)

    def _is_change(self, response: Any) -> bool:
        if len(response) < 2 or not isinstance(response[0], int):
            return b"VANISHED" in response[:1]
        return response[1] in (b"EXPUNGE", b"FETCH") or (response[1] == b"EXISTS" and response[0] != self._exists)

    # --- the line itself ------------------------------------------------------------------------------------------

    def drop(self) -> None:
        """Forgets the connection without a word to the server."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(*RAISED):
                client.shutdown()

    def close(self, patience: float = 3.0) -> None:
        """Logs out, quietly and soon."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(*RAISED):
                client.socket().settimeout(patience)
                client.logout()
            with suppress(*RAISED):
                client.shutdown()

    @contextmanager
    def _talking(self) -> Iterator[Any]:
        """The logged-in client; whatever it raises is translated, and the line dropped unless the server said no."""
        if self._client is None:
            self._client = self._connected()
        try:
            yield self._client
        except RaincheckError:
            raise
        except RAISED as problem:
            error = translated(problem, self.server)
            # After a mailbox turned out to be read-only imaplib says so for ever, whatever is asked for next.
            if not answered(problem) or isinstance(problem, IMAPClientReadOnlyError):
                self.drop()
            raise error from problem

    def _connected(self) -> Any:
        """A client that is logged in. A stale token is fetched once more; a wrong password is not tried again."""
        try:
            return self._attempt()
        except CredentialsRejected:
            if self._account.oauth2_token is None or self._account.imap.password is not None:
                raise
        return self._attempt()

    def _attempt(self) -> Any:
        client = self._encrypted()
        who: Login | None = None
        try:
            who = login(self._account, self._account.imap, self._secrets)  # asked for when the server answers
            log_in(client, who, self.server)
            self.capabilities = frozenset(name.decode("ascii", "replace").upper() for name in client.capabilities())
            if {"CONDSTORE", "ENABLE"} <= self.capabilities:
                with suppress(IMAPClientError):  # a no is no rejected login; a broken line shows in the next command
                    client.enable("CONDSTORE")  # RFC 5161; Dovecot counts changes only from here on
        except RAISED as problem:
            _hang_up(client)
            # `from None`: the original may hold the secret (UnicodeEncodeError does)
            raise translated_login(problem, self.server, *([who.secret, who.username] if who else [])) from None
        except RaincheckError:
            _hang_up(client)
            raise
        return client

    def _encrypted(self) -> Any:
        """A client before its login: connected, TLS as configured, small commands sent at once."""
        server = self._account.imap
        context = tls_context(server, self._account.ca_file)
        client: Any = None
        try:
            client = IMAPClient(
                server.host,
                server.port,
                ssl=server.tls == "implicit",
                ssl_context=context,
                timeout=SocketTimeout(self._timeout, self._timeout),
            )
            client._imap.debug = 0  # else imaplib formats every literal for a log that nobody reads
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # 44 ms → 1 ms a command (Nagle)
            if server.tls == "starttls":
                client.starttls(context)
        except RAISED as problem:
            if client is not None:
                _hang_up(client)
            raise lost(problem, self.server) from problem
        return client


def internal_date(row: Mapping[bytes, Any]) -> datetime | None:
    """The row's INTERNALDATE in UTC; None where the server sent none that can be read."""
    try:
        moment: datetime = parse_to_datetime(row[b"INTERNALDATE"], normalise=False)
    except (KeyError, ValueError, TypeError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo is not None else None


def _row(attributes: tuple[Any, ...]) -> dict[bytes, Any]:
    """A FETCH response's attributes by name, "BODY[]<0>" as "BODY[]"."""
    pairs = zip(attributes[::2], attributes[1::2], strict=True)
    return {name.upper().partition(b"<")[0]: value for name, value in pairs}


def _hang_up(client: Any) -> None:
    with suppress(*RAISED):
        client.shutdown()
