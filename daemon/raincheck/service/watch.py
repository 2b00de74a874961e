"""One pass over the watched mailboxes and Sent: what is new, read once, in batches, the watermark after each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from raincheck.errors import CredentialsRejected, LedgerError, MailboxChanged, Unreachable
from raincheck.ports import MailRecord, Watermark
from raincheck.service import fetching, intake
from raincheck.service.session import Session, log, where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raincheck.core.model import Case
    from raincheck.ports import Fetched

BATCH = 50
MAIL_LIMIT = 512 * 1024  # bytes read of one mail: texts and calendar parts stand before attachments
FRESH = timedelta(hours=24)  # at the first start, older mail only enters the brief


@dataclass(slots=True)
class Scan:
    """What one pass over the mailboxes showed."""

    begun: datetime
    last_pass: datetime | None
    complete: bool = False
    read: int = 0


def scan(session: Session) -> Scan:
    """Reads everything new. `complete` is true when nothing had to be left out."""
    last = session.ledger.value(f"last_pass:{session.name}")
    result = Scan(begun=session.clock(), last_pass=datetime.fromisoformat(last) if last else None)
    for mailbox in session.account.watch:
        _scan_mailbox(session, mailbox, result)
    result.complete = True
    _scan_sent(session, result)
    return result


def finished(session: Session, result: Scan) -> None:
    """Remembers that a pass came to its end."""
    if result.complete:
        session.ledger.set_value(f"last_pass:{session.name}", result.begun.isoformat())


def batches(uids: Iterable[int]) -> Iterator[list[int]]:
    """UIDs in groups small enough for one FETCH."""
    rest = iter(uids)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _new_uids(session: Session, mailbox: str, result: Scan) -> tuple[int, Sequence[int], bool]:
    """UIDVALIDITY, the UIDs to read, and whether this is the mailbox's first pass ever."""
    status = session.mail.status(mailbox)
    mark = session.ledger.watermark(session.name, mailbox)
    if mark is not None and mark.uidvalidity == status.uidvalidity:
        new = session.mail.uids(mailbox, above=mark.uid) if status.uidnext > mark.uid + 1 else ()
        return status.uidvalidity, new, False
    if mark is None:
        since = result.begun - session.account.lookback
    else:
        log.warning("%s: UIDVALIDITY changed, reading again from the last pass", session.name)
        since = min(result.last_pass or result.begun, result.begun) - timedelta(days=1)  # clocks are set back, too
    uids = session.mail.uids(mailbox, since=since.date())
    if not uids:
        session.ledger.set_watermark(session.name, mailbox, Watermark(status.uidvalidity, status.uidnext - 1))
    return status.uidvalidity, uids, mark is None


def _scan_mailbox(session: Session, mailbox: str, result: Scan) -> None:
    uidvalidity, uids, first = _new_uids(session, mailbox, result)
    session.set_aside.clear()  # of a pass that broke off: those mails come again
    for batch in batches(uids):
        for fetched in fetching.fetch(session, mailbox, batch, MAIL_LIMIT):
            session.beat()
            old = first and fetched.internal_date is not None and fetched.internal_date < result.begun - FRESH
            take_one(session, fetched, brief_only=old)
            result.read += 1
        with session.ledger.transaction():
            for record in session.set_aside:
                session.ledger.record_mail(record)
            session.ledger.set_watermark(session.name, mailbox, Watermark(uidvalidity, batch[-1]))
        session.set_aside.clear()


def take_one(session: Session, fetched: Fetched, *, brief_only: bool = False) -> Case | None:
    """One mail, see `intake.take_in`; whatever is wrong with it costs only itself."""
    try:
        return intake.take_in(session, fetched, brief_only=brief_only)
    except (Unreachable, MailboxChanged, CredentialsRejected, LedgerError):
        raise
    except Exception as why:  # noqa: BLE001 - whatever a mail does to us, it is set aside and the rest goes on
        log.error("a mail could not be handled: %s", where(why))
        intake.newer_in_thread(session, intake.named_in(fetched.raw))
        identity = f"unhandled:{fetched.ref.uidvalidity}:{fetched.ref.uid}"
        session.set_aside.append(MailRecord(session.name, identity, "unreadable", None, session.clock(), fetched.ref))
        return None


# --- Sent ---------------------------------------------------------------------------------------------------------


def _scan_sent(session: Session, result: Scan) -> None:
    """Finds the person's own answers among what is new in Sent."""
    sent = session.boxes.sent
    if sent is None:
        return
    status = session.mail.status(sent)
    mark = session.ledger.watermark(session.name, sent)
    if mark is None or mark.uidvalidity != status.uidvalidity:
        uids: Sequence[int] = session.mail.uids(sent, since=(result.begun - session.account.lookback).date())
    else:
        uids = session.mail.uids(sent, above=mark.uid) if status.uidnext > mark.uid + 1 else ()
    for batch in batches(uids):
        for fetched in fetching.fetch(session, sent, batch, MAIL_LIMIT):
            intake.own_mail(session, fetched)
    session.ledger.set_watermark(session.name, sent, Watermark(status.uidvalidity, status.uidnext - 1))
