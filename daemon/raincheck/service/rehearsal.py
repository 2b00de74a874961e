"""The dry run: what would be decided and written, on the same path as the service, without an effect on the mailbox.

One mail alone is weighed against what the ledger knows (`rehearse`). Mails of the past are taken in again, each as if
it had just arrived, into a ledger that forgets everything afterwards (`replay`): cases join and holds accumulate.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import merge
from typing import TYPE_CHECKING

from raincheck.core import case as joining
from raincheck.core.plan import Plan, plan
from raincheck.service import intake, watch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from raincheck.core.model import Case, Message, Reading
    from raincheck.core.reading.lexicon import Lexica
    from raincheck.core.settings import Settings
    from raincheck.ports import CalendarSource, Fetched, Ledger, MailAccount
    from raincheck.service.session import Session


@dataclass(frozen=True, slots=True)
class Stage:
    """What one mail is weighed with; the ledger is only read."""

    settings: Settings
    lexica: Lexica
    templates: Mapping[str, str]
    calendars: CalendarSource
    ledger: Ledger
    account: str


def rehearse(stage: Stage, message: Message, reading: Reading, now: datetime) -> Plan:
    """The decision and the letter that a mail would lead to, had it come in at this moment."""
    before = joining.join(reading, message, stage.ledger.cases())
    case = joining.with_mail(before, reading, message, account=stage.account, now=now)
    view = stage.calendars.view(intake.window(reading, now))
    known = intake.what_is_known(stage.ledger, stage.settings, stage.templates, stage.lexica, view, now)
    return plan(message, reading, case, known, account=stage.account, now=now)


def replay(session: Session, fetched: Fetched, at: datetime) -> Case | None:
    """One mail of the past taken in as if it arrived at that time: the case as decided, None for a mail that decides
    nothing. The session must have a ledger of its own; nothing else of it is written to."""
    session.clock = lambda: at
    return watch.take_one(session, fetched)


@dataclass(frozen=True, slots=True)
class Past:
    """The mails of one account's watched folders since a day, by UID."""

    mail: MailAccount
    uids: Mapping[str, Sequence[int]]

    @classmethod
    def since(cls, mail: MailAccount, watched: Sequence[str], start: datetime) -> Past:
        """Looks which mails there are; none is fetched yet."""
        return cls(mail, {mailbox: mail.uids(mailbox, since=start.date()) for mailbox in watched})

    def __len__(self) -> int:
        return sum(map(len, self.uids.values()))

    def mails(self, now: datetime) -> Iterator[tuple[datetime, Fetched]]:
        """Every mail with the time it arrived (`now` where the server does not say), oldest first."""
        return merge(*(self._of(mailbox, now) for mailbox in self.uids), key=lambda item: item[0])

    def _of(self, mailbox: str, now: datetime) -> Iterator[tuple[datetime, Fetched]]:
        for batch in watch.batches(self.uids[mailbox]):
            for fetched in self.mail.fetch(mailbox, batch, limit=watch.MAIL_LIMIT):
                yield fetched.internal_date or now, fetched
