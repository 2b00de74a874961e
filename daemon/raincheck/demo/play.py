"""The demo's story: the real service over the stage, told as it happens, and counted where the servers hold it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.core.draftmail import mark
from raincheck.core.message import parse_message
from raincheck.core.model import SegmentKind
from raincheck.core.reading import read
from raincheck.core.rfc5322 import CASE_HEADER
from raincheck.demo.stage import client
from raincheck.service import mailpass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.core.model import Case, Message, Reading
    from raincheck.demo.stage import Stage
    from raincheck.service.session import Session

_PATIENCE = 30.0  # seconds for what a pass has to bring about


@dataclass(frozen=True, slots=True)
class Scene:
    """One mail of the morning: what it said, what was understood, what became of it, and the letter."""

    message: Message
    reading: Reading
    case: Case | None
    letter: str  # the draft's text as it lies in Drafts; "" for none


@dataclass(frozen=True, slots=True)
class Result:
    """What `demo --once` found on the servers."""

    invitations: int  # actionable mails that were found
    drafts: int  # drafts written
    sent: int  # of them sent, after an approval
    left: int  # mails left to the person or left alone
    seconds: float


def scenes(session: Session) -> Iterator[Scene]:
    """Every mail of the inbox with what became of it; drafts are read back from the server."""
    letters = _letters(session)
    inbox = session.mail.uids("INBOX")
    for fetched in session.mail.fetch("INBOX", inbox):
        message = parse_message(fetched.raw, fetched.ref, session.lexica.segments)
        record = session.ledger.mail(session.name, message.identity)
        case = session.ledger.case(record.case) if record and record.case else None
        entry = session.ledger.entry(case.id) if case else None
        letter = letters.get(mark(entry.case, entry.revision), "") if entry else ""
        yield Scene(message, read(message, session.lexica, session.settings.me), case, letter)


def _letters(session: Session) -> dict[str, str]:
    """The texts of our drafts as they lie on the server, without the quoted original, by case and revision."""
    drafts = session.mail.fetch(session.drafts, session.mail.uids(session.drafts))
    messages = [parse_message(draft.raw, draft.ref, session.lexica.segments) for draft in drafts]
    written = (SegmentKind.NEWEST, SegmentKind.SIGNATURE)
    return {
        message.header(CASE_HEADER) or "": "\n\n".join(s.text.strip() for s in message.segments if s.kind in written)
        for message in messages
    }


def approve_one(stage: Stage, session: Session) -> None:
    """Stars the first draft, as the person would in a mail client, and passes until it is sent.

    Raises TimeoutError when it is not sent in time.
    """
    mine = client(stage.imap_port, stage.folder)
    try:
        first = mine.fetch(session.drafts, mine.uids(session.drafts)[:1])[0]
        mine.add_flags(first.ref, ["\\Flagged"])
    finally:
        mine.close()
    deadline = time.monotonic() + _PATIENCE
    while not stage.sink.messages:
        if time.monotonic() > deadline:
            raise TimeoutError("the approved draft was not sent")
        mailpass.run(session)


def count(stage: Stage, session: Session, shown: list[Scene], written: int, seconds: float) -> Result:
    """The figures, as the servers hold them. Raises AssertionError where journal and servers disagree."""
    drafts = len(session.mail.uids(session.drafts))
    filed = len(session.mail.uids(session.boxes.sent)) if session.boxes.sent else 0
    sent = len(stage.sink.messages)
    if (drafts, filed) != (written - sent, sent):
        raise AssertionError(f"{written} drafts were written and {sent} sent, but Drafts holds {drafts}, Sent {filed}")
    return Result(
        invitations=sum(scene.reading.actionable for scene in shown),
        drafts=written,
        sent=sent,
        left=len(shown) - written,
        seconds=round(seconds, 2),
    )
