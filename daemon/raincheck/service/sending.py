"""Sends an approved draft once, exactly as it stands, and tidies up afterwards.

Both hand back the steps that follow from what the servers answered; `drafts` carries them out like all others.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from raincheck.core import promises
from raincheck.core.draftmail import ORIGINAL_ID, READ_LIMIT, parse_draft
from raincheck.core.itip import decline_reply, parse_scheduling
from raincheck.core.lifecycle import APPEND_PATIENCE, Remove, Save, Step, Tell, void, within
from raincheck.core.message import parse_message
from raincheck.core.model import Address, Entry, EntryState, Hold, MessageRef, Outcome, Period, SegmentKind
from raincheck.core.proposed import beside_the_talk
from raincheck.core.rfc5322 import for_sending, new_message_id, recipients, recipients_are_clear, with_itip
from raincheck.errors import CredentialsRejected, MailboxChanged, Refused, Uncertain, Unreachable, Unreadable
from raincheck.ports import Envelope
from raincheck.service import cases, intake
from raincheck.service.session import Session, log

if TYPE_CHECKING:
    from raincheck.core.rfc5322 import Outgoing
    from raincheck.ports import Fetched

FEED_AGE = 60.0  # seconds: how fresh the calendar must be when times are promised
FEED_PATIENCE = timedelta(hours=1)  # how long what is due to be sent waits for the calendar
COPY_PATIENCE = timedelta(hours=1)  # how long filing the copy in Sent is tried


class _TakenBack(Exception):
    """The approval is no longer there in the very moment of sending."""


@dataclass(frozen=True, slots=True)
class _Obstacle:
    """What stands against sending; nothing when `why` (a clause) is empty."""

    why: str = ""
    own_time: bool = False  # a time that the person wrote collides: their next yes counts
    passes: bool = False  # the calendar cannot be had just now: it is waited for


def send(session: Session, entry: Entry, ref: MessageRef) -> tuple[Step, ...]:
    """The last checks, then the submission. Nothing comes of it while the calendar is waited for."""
    raw = _as_it_stands(session, entry, ref, approved=True)
    if raw is None:
        session.drafts_seen.pop(ref, None)  # some servers change a message in place: then it is read anew
        return ()  # gone or changed since the look: the next look decides
    try:
        named = _named(session, entry, raw)
        obstacle = _obstacle(session, entry, named)
        if not recipients_are_clear(raw):
            obstacle = _Obstacle("one of its recipients is no mail address")
    except Unreadable as problem:
        named, obstacle = promises.NamedTimes(), _Obstacle(f"it cannot be read: {problem}")
    if obstacle.passes:
        return ()
    if obstacle.why:
        if entry.approved_digest == entry.digest:
            cases.refresh(session, entry)
        if obstacle.own_time:
            entry = replace(entry, warned=entry.approved_digest or "")
        return void(entry, ref, session.clock(), obstacle.why)
    ready = replace(
        entry,
        sent_message_id=new_message_id(parse_draft(raw, ref).sender.rpartition("@")[2], session.token()),
        sent_at=session.clock(),
        updated=session.clock(),
    )
    cases.save_entry(session, ready)
    promised = replace(ready, offered=(*named.offered, *named.own))
    return _submit(session, ready, ref, _outgoing(session, ready, raw), promised)


def _as_it_stands(session: Session, entry: Entry, ref: MessageRef, *, approved: bool = False) -> bytes | None:
    """The draft's bytes, read again; None unless they are those that were approved and, with `approved`, still are.

    The digest is of the part that the look at Drafts reads; the rest of a UID cannot change (RFC 9051, 2.3.1.1).
    """
    try:
        fetched: Fetched | None = next(iter(session.mail.fetch(ref.mailbox, [ref.uid])), None)
    except MailboxChanged:  # its folder was renamed or deleted
        return None
    if fetched is None or fetched.ref != ref:
        return None
    starred = "\\flagged" in fetched.flags or ref.mailbox == session.approval_folder
    if approved and ("\\deleted" in fetched.flags or not starred or fetched.modseq != entry.approved_modseq):
        return None
    return fetched.raw if parse_draft(fetched.raw[:READ_LIMIT], ref).digest == entry.approved_digest else None


def _outgoing(session: Session, entry: Entry, raw: bytes) -> Outgoing:
    """What leaves: the same bytes each time it is asked for, so that the copy in Sent is what was sent."""
    assert entry.sent_message_id is not None
    assert entry.sent_at is not None
    calendar = _calendar_answer(session, entry, raw)
    if calendar is not None:
        token = "".join(letter for letter in entry.sent_message_id.partition("@")[0] if letter.isalnum())
        raw = with_itip(raw, calendar, boundary=f"calendar{token}"[:60])
    return for_sending(raw, message_id=entry.sent_message_id, date=entry.sent_at)


def _calendar_answer(session: Session, entry: Entry, raw: bytes) -> bytes | None:
    """METHOD:REPLY (RFC 5546) beside a decline that is still ours to the byte, when it goes to the organizer."""
    case = session.ledger.case(entry.case)
    wanted = session.settings.replies.itip == "decline" and entry.outcome is Outcome.DECLINE
    if case is None or not wanted or entry.approved_digest != entry.digest or case.ical_uid is None:
        return None
    message = intake.invitation_of(session, case)
    request = parse_scheduling(message.calendar_parts, session.settings.me.addresses) if message else None
    if message is None or request is None or request.organizer is None or entry.sent_at is None:
        return None
    if request.organizer.addr_spec.lower() not in (address.lower() for address in recipients(raw, ["To"])):
        return None
    invited = {attendee.address.addr_spec.lower() for attendee in request.attendees}
    mine = next((address for address in session.settings.me.addresses if address in invited), None)
    if mine is None:
        return None
    me = Address(session.settings.me.name, mine)
    answers = (decline_reply(part.data, me, entry.sent_at) for part in message.calendar_parts)
    return next((answer for answer in answers if answer is not None), None)


def _named(session: Session, entry: Entry, raw: bytes) -> promises.NamedTimes:
    """The times that the letter names as it now stands, wherever the person wrote them: below their name, too."""
    case = session.ledger.case(entry.case)
    message = parse_message(raw, words=session.lexica.segments)
    text = message.text(SegmentKind.NEWEST, SegmentKind.SIGNATURE, SegmentKind.DISCLAIMER)
    kept = cases.promised(session, case, entry) if case else entry.offered
    lang = case.lang if case else None
    return promises.named_times(text, entry, kept, session.lexica, session.settings, lang, session.clock())


def _obstacle(session: Session, entry: Entry, named: promises.NamedTimes) -> _Obstacle:
    """What stands against the times in it."""
    now = session.clock()
    if not named.offered and not named.own and not named.begun:
        return _Obstacle()
    ends = [period.end for period in (*named.offered, *named.own) if period.end < now + intake.FARTHEST]
    window = Period(now - timedelta(days=1), max([now + timedelta(days=1), *ends]))
    view = session.calendars.view(window, max_age=FEED_AGE)
    if not view.known:
        assert entry.approved_at is not None
        if now - entry.approved_at < session.settings.approval.undo + FEED_PATIENCE:
            return _Obstacle(passes=True)
        return _Obstacle(f"the calendar could not be checked ({view.detail})")
    holds = [hold for hold in session.ledger.holds() if hold.case != entry.case and hold.expires > now]
    talks = intake.interviews(session.ledger, session.settings, besides=entry.case)
    holds += [Hold("", talk, firm=True, expires=talk.end) for talk in talks]
    case = session.ledger.case(entry.case)
    busy, notice = view.busy, session.settings.availability.min_notice
    ours, theirs = replace(named, own=()), promises.NamedTimes(own=named.own)
    if case is not None and entry.outcome is Outcome.ACCEPT:  # a time of theirs: no notice of ours limits it
        busy, notice = beside_the_talk(busy, case, named.offered), timedelta()
        if case.rule == intake.OWN_WORD:  # the person took it whatever the calendar says
            ours = replace(ours, offered=())
    why = promises.broken(ours, busy, holds, notice, now)
    if why or entry.warned == entry.approved_digest:
        return _Obstacle(why)
    why = promises.broken(theirs, busy, holds, notice, now)
    told = why and f"{why}; you wrote it yourself, so approve the draft once more to send it all the same"
    return _Obstacle(told, own_time=bool(why))


def _submit(session: Session, entry: Entry, ref: MessageRef, outgoing: Outgoing, promised: Entry) -> tuple[Step, ...]:
    """MAIL, RCPT, a last look at the approval, then "sending" goes to disk, then DATA. What comes back decides the
    state; nothing is repeated."""

    def commit() -> None:
        if _as_it_stands(session, entry, ref, approved=True) is None:
            raise _TakenBack
        session.ledger.reserve()  # a disk that fills up now must not make uncertain what was accepted
        cases.save_entry(session, replace(entry, state=EntryState.SENDING, updated=session.clock()), "sending")

    try:
        session.submission.submit(Envelope(session.account.address, outgoing.recipients), outgoing.raw, commit)
    except Refused as problem:
        return void(entry, ref, session.clock(), f"the mail server refused it: {problem}")
    except CredentialsRejected as problem:  # each further try with a wrong password may lock the person's account
        failed = f"the login for sending failed: {str(problem).rstrip('.')}"
        told = session.told(cases.failing(session, failed, cases.cause(problem, "smtp")))
        return void(entry, ref, session.clock(), failed, told.rstrip("."))
    except Unreachable as problem:
        cases.save_entry(session, replace(entry, state=EntryState.APPROVED, updated=session.clock()))
        detail = f"not sent yet, will be tried again: {problem}"
        cases.unhealthy(session, detail, cases.cause(problem, "smtp"))
        return ()
    except _TakenBack:
        return ()  # the next look sees what became of it
    except Uncertain:  # the next look asks Sent, then the person
        return (Save(replace(entry, state=EntryState.SENDING, updated=session.clock())),)
    log.info("sent: case %s", entry.case)
    return (Save(replace(promised, state=EntryState.SENT, updated=session.clock(), reason=""), "sent"),)


# --- afterwards ---------------------------------------------------------------------------------------------------


def in_sent(session: Session, entry: Entry) -> bool:
    """True when Sent holds what we sent."""
    return entry.sent_message_id is not None and _filed(session, entry.sent_message_id)


def _filed(session: Session, message_id: str) -> bool:
    """True when Sent holds the mail, by the name that it has or had when it was submitted."""
    sent = session.boxes.sent
    if sent is None:
        return False
    found = {uid for name in ("Message-ID", ORIGINAL_ID) for uid in session.mail.uids(sent, header=(name, message_id))}
    return any(
        message_id in parse_draft(fetched.raw, fetched.ref).names
        for fetched in session.mail.fetch(sent, found, limit=READ_LIMIT)
    )


def tidy(session: Session, entry: Entry) -> tuple[Step, ...]:
    """Copy to Sent, the draft removed, \\Answered on the original: each looked up before it is done, so repeatable."""
    rest: tuple[Step, ...] = ()
    ref = entry.approved_ref
    if ref is not None:
        raw = _as_it_stands(session, entry, ref)
        known = raw or (entry.text if entry.approved_digest == entry.digest else None)
        filed = _file_copy(session, entry, known) if known else True
        if not filed and session.clock() - (entry.sent_at or entry.updated) < COPY_PATIENCE:
            return ()  # the draft stays: so far it is all that the person has of what was sent
        if not filed:
            rest = (Tell("It was sent, but no copy could be filed in Sent; the draft is left there."),)
        elif raw is not None:
            session.mail.expunge(ref)
    if entry.removing is not None:  # the person sent a copy of it
        rest = (*rest, Remove(entry, entry.removing))
    if session.account.mark_answered:
        _mark_answered(session, entry)
    done = replace(entry, tidied=True, removing=None, missing_since=None, updated=session.clock())
    return (*rest, Save(done))


def _file_copy(session: Session, entry: Entry, raw: bytes) -> bool:
    """True when the copy is where it belongs. An APPEND that broke off may still arrive, and is waited for."""
    sent = session.boxes.sent
    if session.boxes.sent_by_server or in_sent(session, entry):
        return True
    if sent is None:  # renamed or deleted: it may come back
        return False
    case = session.ledger.case(entry.case)
    if (
        case is not None
        and case.own_answer is not None
        and case.own_answer_is_ours
        and _filed(session, case.own_answer)
    ):
        return True  # the person sent it themselves when it was uncertain: theirs is the one that certainly went
    now = session.clock()
    if entry.missing_since is not None and within(entry.missing_since, APPEND_PATIENCE, now):
        return False
    session.ledger.save_entry(replace(entry, missing_since=now))
    copy = _outgoing(session, entry, raw)
    try:
        session.mail.append(sent, copy.filed, ["\\Seen"], entry.sent_at)
    except Uncertain as problem:
        raise Unreachable(str(problem)) from problem
    except Refused as problem:
        cases.unhealthy(session, f"the copy of a sent mail could not be filed: {problem}")
        return False
    return True


def _mark_answered(session: Session, entry: Entry) -> None:
    case = session.ledger.case(entry.case)
    if case is None or case.invitation is None:
        return
    with suppress(MailboxChanged, Refused):  # moved away, or read-only: a courtesy, no more
        ref = _as_numbered_now(session, case.invitation, case.invitation_id, entry.invitation_id)
        if ref is not None:
            session.mail.add_flags(ref, ["\\Answered"])


def _as_numbered_now(
    session: Session, newest: MessageRef, newest_id: str | None, message_id: str | None
) -> MessageRef | None:
    """The mail that was answered: the case's newest question, unless another came since or its mailbox was restored;
    then whatever mail there has its Message-ID, if there is exactly one."""
    if newest_id == message_id and session.mail.status(newest.mailbox).uidvalidity == newest.uidvalidity:
        return newest
    if message_id is None:
        return None
    uids = session.mail.uids(newest.mailbox, header=("Message-ID", message_id))
    found = [
        fetched.ref
        for fetched in session.mail.fetch(newest.mailbox, uids, limit=READ_LIMIT)
        if parse_draft(fetched.raw, fetched.ref).message_id == message_id
    ]
    return found[0] if len(found) == 1 else None
