"""A mail that the person sent: which case it answers, and whether it is raincheck's own letter."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from raincheck.core.itip import parse_scheduling
from raincheck.core.lifecycle import SIMILAR
from raincheck.core.message import parse_message
from raincheck.core.model import Entry, EntryState
from raincheck.core.rfc5322 import similarity, visible_text
from raincheck.core.subject import strip_prefixes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from raincheck.core.draftmail import DraftMail
    from raincheck.core.model import Case

_SKEW = timedelta(minutes=5)  # between the clocks of two servers
_FILING = timedelta(minutes=10)  # within which a provider files what it accepted


class Whose(StrEnum):
    """Who wrote and sent it."""

    COPY = "copy"  # filed by raincheck or by the provider, of what raincheck sent
    OURS = "ours"  # our draft, edited or not, sent by the person
    OWN = "own"  # the person's own words


def answered_case(mail: DraftMail, replied_uid: str | None, at: datetime | None, cases: Sequence[Case]) -> Case | None:
    """The case that a sent mail answers: by its thread, the nearest mail of it first; by the calendar object that it
    replies to; by recipient and subject where it names no thread, and was sent (`at`) after the question."""
    for reference in reversed(mail.references):
        for case in cases:
            if reference in case.message_ids:
                return case
    if replied_uid is not None:
        return next((case for case in cases if case.ical_uid == replied_uid), None)
    if mail.references:
        return None
    subject = strip_prefixes(mail.subject)
    same = [
        case
        for case in cases
        if case.counterpart in mail.recipients and strip_prefixes(case.subject) == subject and _after(at, case.asked_at)
    ]
    return same[0] if len(same) == 1 else None


def _after(at: datetime | None, asked: datetime | None) -> bool:
    return at is None or asked is None or at > asked - _SKEW


def replied_uid(raw: bytes, me: Sequence[str]) -> str | None:
    """UID of the calendar object that the mail answers (METHOD:REPLY, RFC 5546, 3.2.3); None when it answers none."""
    if b"text/calendar" not in raw.lower():
        return None
    reply = parse_scheduling(parse_message(raw).calendar_parts, me)
    return reply.uid if reply is not None and reply.method == "REPLY" else None


def whose(mail: DraftMail, at: datetime | None, entry: Entry | None) -> Whose:
    """Whether a mail that answers the entry's case is what raincheck sent, its draft sent by the person, or theirs.

    A provider may give what it files a Message-ID of its own, and code it anew: what is filed in the minutes of our
    own sending is that.
    """
    if entry is None:
        return Whose.OWN
    if entry.sent_message_id in mail.names:
        return Whose.COPY
    if entry.message_id in mail.names or similarity(visible_text(entry.text), mail.text) >= SIMILAR:
        return Whose.COPY if entry.state is EntryState.SENT and entry.approved_ref is not None else Whose.OURS
    sent_at = entry.sent_at if entry.state is EntryState.SENT and entry.approved_ref is not None else None
    filing = sent_at is not None and at is not None and -_SKEW < at - sent_at < _FILING
    return Whose.COPY if filing else Whose.OWN
