"""A whole service in memory: MemoryAccount, a calendar that answers as told, a recording submission, a real ledger.

::

    desk = Desk(tmp_path)
    desk.arrives(invitation())
    desk.passes()                      # one pass; desk.passes(times=3, minutes=1) lets a minute go by before each
    draft, = desk.mail.messages("Drafts")
    desk.stars(draft)
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

from raincheck import assets
from raincheck.adapters.ledger import SqliteLedger
from raincheck.core.model import BusyPeriod, CalendarView, MessageRef, Outcome, Period
from raincheck.core.reading.lexicon import Lexica
from raincheck.core.settings import Account, Me, Rule, Server, Settings, Test
from raincheck.ports import FeedHealth
from raincheck.service import mailpass
from raincheck.service.session import Session
from tests.fakes.account import MemoryAccount, Stored
from tests.fakes.submission import RecordingSubmission

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from raincheck.core.model import Case, Entry

START = datetime(
    2025, 12, 1, 8, 0, tzinfo=UTC
)  # a Monday, 09:00 in Berlin; past, as Dovecot takes no INTERNALDATE of the future
ME = "robin.meyer@example.net"
SETTINGS = Settings(
    me=Me("Robin Meyer", (ME,), "Europe/Berlin", languages=("en", "de"), signature="Robin Meyer"),
    accounts=(Account("main", ME, Server("127.0.0.1", 1, "none"), Server("127.0.0.1", 2, "none"), ME),),
    rules=(
        Rule(
            "no PHP",
            Test("role", "PHP"),
            Outcome.DECLINE,
            {"en": "I am concentrating on Python", "de": "ich konzentriere mich auf Python"},
        ),
    ),
)
SETTINGS = replace(
    SETTINGS,
    availability=replace(SETTINGS.availability, timezone="Europe/Berlin"),
    notes=replace(SETTINGS.notes, brief=None),
)


@cache
def lexica() -> Lexica:
    """The shipped data, compiled once for all tests."""
    return Lexica.from_data(assets.reading_data())


@dataclass
class FixedCalendar:
    """`ports.CalendarSource` that answers as told."""

    busy: list[Period] = field(default_factory=list)
    known: bool = True

    def view(self, window: Period, *, max_age: float | None = None) -> CalendarView:
        if not self.known:
            return CalendarView((), known=False, detail="calendar private: cannot be had")
        inside = [
            BusyPeriod(p, uid=f"busy-{n}", words="something else")
            for n, p in enumerate(self.busy)
            if p.overlaps(window)
        ]
        return CalendarView(tuple(inside), known=True)

    def refresh(self) -> None:
        pass

    def health(self) -> Sequence[FeedHealth]:
        return [FeedHealth("private", "fresh" if self.known else "unavailable", 0, len(self.busy), "")]


class Desk:
    """One account of one person, with everything around it; see the module."""

    def __init__(self, folder: Path, settings: Settings = SETTINGS) -> None:
        self.folder = folder
        self.now = START
        self.settings = settings
        self.mail = MemoryAccount("main", clock=lambda: self.now)
        self.submission = RecordingSubmission()
        self.calendar = FixedCalendar()
        self._tokens = count(1)
        self.session = self.opened()

    def opened(self) -> Session:
        """A session as after a start: nothing in memory, everything from the ledger."""
        return Session(
            settings=self.settings,
            account=self.settings.accounts[0],
            mail=self.mail,
            submission=self.submission,
            ledger=SqliteLedger(self.folder / "ledger.sqlite3"),
            calendars=self.calendar,
            lexica=lexica(),
            templates=assets.templates(),
            folder_names=assets.folder_names(),
            clock=lambda: self.now,
            token=lambda: f"token{next(self._tokens):06d}",
        )

    def restarts(self) -> None:
        """The process ends and begins again."""
        self.session.ledger.close()
        self.session = self.opened()

    def passes(self, times: int = 1, *, minutes: float = 0) -> None:
        """So many passes, the time going on before each."""
        for _ in range(times):
            self.now += timedelta(minutes=minutes)
            mailpass.run(self.session)

    def arrives(self, raw: bytes) -> MessageRef:
        """A mail comes in."""
        return self.mail.put("INBOX", raw)

    @property
    def drafts(self) -> list[Stored]:
        """What lies in Drafts."""
        return self.mail.messages("Drafts")

    def draft_ref(self) -> MessageRef:
        """The only draft."""
        (draft,) = self.drafts
        return MessageRef("Drafts", self.mail.status("Drafts").uidvalidity, draft.uid)

    def stars(self) -> None:
        """The person stars the only draft."""
        self.mail.flag(self.draft_ref(), "\\Flagged")

    def case(self) -> Case:
        """The only case."""
        (case,) = self.session.ledger.cases()
        return case

    def entry(self) -> Entry:
        """The newest revision of the only case's draft."""
        entry = self.session.ledger.entry(self.case().id)
        assert entry is not None
        return entry

    def briefs(self) -> list[str]:
        """The daily briefs in the inbox."""
        return [raw for raw in self.notes() if "Subject: Raincheck" in raw]

    def notes(self) -> list[str]:
        """The texts of all notes, wherever they lie."""
        folders = [name for name in ("Raincheck", "INBOX") if name in {f.name for f in self.mail.folders()}]
        stored = [message for folder in folders for message in self.mail.messages(folder)]
        return [m.raw.decode("utf-8", "replace") for m in stored if b"Auto-Submitted: auto-generated" in m.raw]


_numbers = count(1)


def mail(
    text: str,
    *,
    subject: str = "Interview",
    sender: str = "Maya Lindqvist <maya@tidewater.example>",
    **headers: str,
) -> bytes:
    """A received mail of the START; `headers` in Python spelling (In_Reply_To)."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = f"Robin Meyer <{ME}>"
    message["Subject"] = subject
    message["Date"] = format_datetime(START)
    message["Message-ID"] = headers.pop("Message_ID", f"<mail-{next(_numbers)}@tidewater.example>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text, cte="8bit")
    return message.as_bytes()


def invitation(**changes: str) -> bytes:
    """An invitation for Thursday, 4 December 2025, 10:00 in Berlin."""
    return mail(
        """\
Hi Robin,

Thank you for applying for the Senior Backend Engineer position at Tidewater Labs. We would like to invite you to a
first video interview on Thursday, 4 December 2025 at 10:00 (Berlin time). It takes about 45 minutes.

Does that suit you?

Best regards
Maya Lindqvist
Tidewater Labs
""",
        **{"subject": "Interview for Senior Backend Engineer", **changes},
    )


def php_invitation(**changes: str) -> bytes:
    """An invitation for a role that the rules exclude."""
    return mail(
        """\
Hi Robin,

We would like to invite you to an interview for the PHP Developer position at Larkfield Media on Friday, 5 December
2025 at 15:00 (Berlin time). Does that suit you?

Kind regards
Colin Ashdown
Larkfield Media
""",
        **{"subject": "Interview: PHP Developer", "sender": "Colin Ashdown <colin@larkfield.example>", **changes},
    )


THURSDAY_TEN = datetime(2025, 12, 4, 9, 0, tzinfo=UTC)
APPOINTMENT = Period(THURSDAY_TEN, THURSDAY_TEN + timedelta(minutes=45))  # what `invitation` proposes
