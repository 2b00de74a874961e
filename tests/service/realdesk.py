"""The whole service over real servers, in this process, with a clock that tests set: `Desk`'s counterpart.

::

    desk = RealDesk(mailbox, submission, tmp_path)
    desk.deliver(invitation())
    desk.passes(2, minutes=1)
    desk.at("Drafts")                    # [Lying(uid, flags, raw)], as the person's own client sees them
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from raincheck import assets
from raincheck.adapters.imap import ImapAccount
from raincheck.adapters.ledger import SqliteLedger
from raincheck.adapters.smtp import SmtpSubmission
from raincheck.core.settings import Server
from raincheck.errors import MailboxChanged, Refused, Unreachable
from raincheck.service import mailpass
from raincheck.service.session import Session
from tests.fakes.secrets import FixedSecrets
from tests.servers.submission import PASSWORD, USERNAME
from tests.service.desk import APPOINTMENT, SETTINGS, START, FixedCalendar, lexica

if TYPE_CHECKING:
    from pathlib import Path

    from imapclient import IMAPClient

    from raincheck.core.model import Case, Entry
    from raincheck.ports import MailAccount, Submission
    from tests.servers.mailbox import Mailbox
    from tests.servers.submission import SubmissionServer


@dataclass(frozen=True)
class Lying:
    """A message that lies in a folder."""

    uid: int
    flags: frozenset[str]
    raw: bytes


class RealDesk:
    """One person on a real IMAP and a real submission server; see the module."""

    def __init__(
        self,
        mailbox: Mailbox,
        submission: SubmissionServer,
        state: Path,
        *,
        imap_port: int | None = None,
        smtp_port: int | None = None,
        smtp_password: str = PASSWORD,
        patience: float = 10.0,
        imap_secret: str | None = None,
        **account: Any,
    ) -> None:
        self.mailbox = mailbox
        self.server = submission
        self.state = state
        self.now = START
        self.calendar = FixedCalendar([APPOINTMENT])
        self._tokens = count(1)
        self._patience = patience
        self._smtp_password = smtp_password
        self._imap_secret = imap_secret or mailbox.password
        self.account = mailbox.account(
            port=imap_port,
            smtp=Server("localhost", smtp_port or submission.port, "starttls", username=USERNAME),
            ca_file=str(submission.certificate.ca_file),
            **account,
        )
        self.settings = replace(
            SETTINGS, accounts=(self.account,), me=replace(SETTINGS.me, addresses=(mailbox.address,))
        )
        self.session = self._opened()

    def _opened(self) -> Session:
        imap: MailAccount = ImapAccount(self.account, FixedSecrets(self._imap_secret), timeout=self._patience)
        smtp: Submission = SmtpSubmission(
            self.account, FixedSecrets(self._smtp_password), timeout=self._patience, verdict=self._patience
        )
        self.mailbox.opened.append(imap)  # type: ignore[arg-type] # closed by the fixture
        return Session(
            settings=self.settings.of(self.account),
            account=self.account,
            mail=imap,
            submission=smtp,
            ledger=SqliteLedger(self.state / "ledger.sqlite3"),
            calendars=self.calendar,
            lexica=lexica(),
            templates=assets.templates(),
            folder_names=assets.folder_names(),
            clock=lambda: self.now,
            token=lambda: f"real{next(self._tokens):06d}",
        )

    def restarts(self) -> None:
        """The process ends and begins again."""
        self.session.mail.close()
        self.session.ledger.close()
        self.session = self._opened()

    def passes(self, times: int = 1, *, minutes: float = 0) -> int:
        """So many passes, the time going on before each; how many were stopped by network or mailbox trouble."""
        stopped = 0
        for _ in range(times):
            self.now += timedelta(minutes=minutes)
            try:
                mailpass.run(self.session)
            except (Unreachable, MailboxChanged, Refused):
                stopped += 1
        return stopped

    def deliver(self, raw: bytes) -> None:
        """A mail comes in, at the time of the desk's clock."""
        with self.mailbox.client() as client:
            client.append("INBOX", raw, msg_time=self.now)

    def at(self, folder: str) -> list[Lying]:
        """What lies in the folder; nothing where there is none."""
        with self.mailbox.client() as client:
            return lying(client, self.mailbox.named(folder))

    def the_draft(self) -> Lying:
        """The only message in Drafts."""
        (draft,) = self.at("Drafts")
        return draft

    def stars(self, uid: int | None = None) -> None:
        """The person stars a draft; the only one unless told."""
        chosen = self.the_draft().uid if uid is None else uid
        with self.mailbox.client() as client:
            client.select_folder(self.mailbox.named("Drafts"))
            client.add_flags([chosen], ["\\Flagged"])

    def case(self) -> Case:
        """The only case."""
        (case,) = self.session.ledger.cases()
        return case

    def entry(self) -> Entry:
        """The newest revision of the only case's draft."""
        entry = self.session.ledger.entry(self.case().id)
        assert entry is not None
        return entry

    def notes(self) -> str:
        """The texts of all notes, in one line."""
        stored = [m.raw for folder in ("Raincheck", "INBOX") for m in self.at(folder)]
        return " ".join(b"\n".join(raw for raw in stored if b"Auto-Submitted: auto-generated" in raw).decode().split())


def lying(client: IMAPClient, folder: str) -> list[Lying]:
    """What lies in the folder, by UID."""
    if not client.folder_exists(folder):
        return []
    client.select_folder(folder, readonly=True)
    found = client.fetch(client.search(), ["FLAGS", "BODY.PEEK[]"])
    return [
        Lying(uid, frozenset(flag.decode().lower() for flag in row[b"FLAGS"]) - {"\\recent"}, row[b"BODY[]"])
        for uid, row in sorted(found.items())
    ]
