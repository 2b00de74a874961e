"""One received mail on its way in: read, joined to its case, decided, and all of it journalled in one commit.

No effect happens here: the draft and the note are intents in the journal, which the rest of the pass carries out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from raincheck.core import case as joining
from raincheck.core import ownmail, recipients
from raincheck.core.compose import Letter, compose
from raincheck.core.counted import counted
from raincheck.core.draftmail import ORIGINAL_ID, mark, parse_draft
from raincheck.core.message import parse_message
from raincheck.core.model import (
    OPEN_DRAFT_STATES,
    Automatic,
    Case,
    CaseState,
    Decision,
    Entry,
    EntryState,
    Hold,
    Kind,
    Message,
    Outcome,
    Period,
    Reading,
    Reply,
)
from raincheck.core.ownmail import Whose
from raincheck.core.plan import Known, confirming, plan
from raincheck.core.reading import read
from raincheck.core.rfc5322 import CASE_HEADER, digest, message_ids, new_message_id, to_bytes
from raincheck.core.settings import All, Rule
from raincheck.errors import MailboxChanged, NotWritable, Unreadable
from raincheck.ports import MailRecord
from raincheck.service import cases, notes
from raincheck.service.session import Session, log

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from raincheck.core.model import CalendarView
    from raincheck.core.reading.lexicon import Lexica
    from raincheck.core.settings import Settings
    from raincheck.ports import Fetched, Ledger

_NEVER_ANSWERED = frozenset({Automatic.BOUNCE, Automatic.AUTO_REPLY, Automatic.LIST, Automatic.OWN_NOTE})
HORIZON = timedelta(days=120)  # how far ahead the calendar is looked at
OWN_WORD = "your own word"  # the name of the rule that an order of the person's is
FARTHEST = timedelta(days=5 * 366)  # beyond it no time in a mail is meant


def take_in(session: Session, fetched: Fetched, *, brief_only: bool = False) -> Case | None:
    """Reads one mail and journals what follows from it; the case as it stands then, None where the mail decides
    nothing. A mail known from before does nothing.

    `brief_only`: mail from before the first start is only listed in the daily brief.
    """
    try:
        message = parse_message(fetched.raw, fetched.ref, session.lexica.segments)
    except Unreadable as problem:
        log.warning("an unreadable mail was set aside: %s", problem)
        newer_in_thread(session, named_in(fetched.raw))
        _set_aside(session, f"unreadable:{fetched.ref.uidvalidity}:{fetched.ref.uid}", "unreadable", fetched)
        return None
    if _known(session, message.identity):
        return None
    names = {message.message_id, message.header(ORIGINAL_ID)}
    if names & session.ledger.own_message_ids(session.name):
        _set_aside(session, message.identity, "own", fetched)
        return None
    if message.automatic in _NEVER_ANSWERED:
        if message.automatic is Automatic.LIST:  # a company may write through a group of its own
            newer_in_thread(session, (*message.in_reply_to, *message.references))
        _set_aside(session, message.identity, message.automatic.value, fetched)
        return None
    if message.from_ is not None and message.from_.addr_spec.lower() in session.settings.me.addresses:
        _own_copy(session, message, fetched)
        return None
    reading = _read(session, message)
    nothing = reading.kind in (Kind.OTHER, Kind.SCAM)
    apart = nothing and not (message.references or message.in_reply_to or reading.scheduling or reading.company)
    case = None if apart else joining.join(reading, message, session.ledger.cases(session.name))
    if case is None:
        newer_in_thread(session, (*message.in_reply_to, *message.references))
    if case is None and nothing:
        _set_aside(session, message.identity, reading.kind, fetched)
        return None
    return _take_up(session, message, reading, case, fetched, brief_only=brief_only)


def _read(session: Session, message: Message) -> Reading:
    """What the mail says; one that may ask for an answer is kept like one that does, its doubt with it."""
    reading = read(message, session.lexica, session.settings.me)
    return reading.taken_to_ask() if reading.may_ask else reading


def _seen(session: Session, identity: str, kind: str, case: str | None, fetched: Fetched) -> None:
    session.ledger.record_mail(MailRecord(session.name, identity, kind, case, session.clock(), fetched.ref))


def _known(session: Session, identity: str) -> bool:
    """True for a mail that was read before, in this batch or at any time."""
    if any(record.identity == identity for record in session.set_aside):
        return True
    return session.ledger.mail(session.name, identity) is not None


def _set_aside(session: Session, identity: str, kind: str, fetched: Fetched) -> None:
    """A mail that decides nothing: it is written with the batch's watermark, in one commit for all of them."""
    session.set_aside.append(MailRecord(session.name, identity, kind, None, session.clock(), fetched.ref))


def newer_in_thread(session: Session, thread: Sequence[str]) -> None:
    """A mail that joins no case may still continue its thread (another company's name in it, two cases that fit, a
    list, unreadable): what was approved before it came is not sent unread."""
    for case in session.ledger.cases(session.name) if thread else ():
        if case.state in OPEN_DRAFT_STATES and not set(thread).isdisjoint(case.message_ids):
            session.ledger.save_case(replace(case, newer_mail_at=session.clock()))


def named_in(raw: bytes) -> tuple[str, ...]:
    """Every Message-ID that stands at the head of a mail, however broken the rest of it is."""
    return message_ids(raw[:65536].decode("latin-1"))


def _own_copy(session: Session, message: Message, fetched: Fetched) -> None:
    """A mail of the person's own in a watched folder (a copy to themselves): their answer, else only remembered."""
    if message.references or message.in_reply_to:
        with session.ledger.transaction():
            case = own_mail(session, fetched)
            if case is not None:
                _seen(session, message.identity, "own", case.id, fetched)
                return
    _set_aside(session, message.identity, "own", fetched)


def own_mail(session: Session, fetched: Fetched) -> Case | None:
    """A mail that the person sent; the case that it answers, which is brought up to date: its open draft has no
    purpose any more, or is this mail."""
    mail = parse_draft(fetched.raw, fetched.ref)
    replied = ownmail.replied_uid(fetched.raw, session.settings.me.addresses)
    at = fetched.internal_date
    case = ownmail.answered_case(mail, replied, at, session.ledger.cases(session.name))
    if case is None or mail.message_id is None:
        return case
    entry = session.ledger.entry(case.id)
    whose = ownmail.whose(mail, at, entry)
    # A copy of what the journal does not call sent is news: of a sending that was uncertain, or given up for lost.
    if whose is not Whose.COPY or (entry is not None and entry.state is not EntryState.SENT):
        now = session.clock()
        answered = joining.own_answer(case, mail.message_id, ours=whose is not Whose.OWN, now=now)
        if answered != case:
            session.ledger.save_case(answered, "you answered")
    return case


# --- deciding -----------------------------------------------------------------------------------------------------


def _take_up(
    session: Session, message: Message, reading: Reading, case: Case | None, fetched: Fetched, *, brief_only: bool
) -> Case:
    now = session.clock()
    view = session.calendars.view(window(reading, now))
    with session.ledger.transaction():
        known = joining.with_mail(case, reading, message, account=session.name, now=now)
        known = replace(
            known, own_answer=None, own_answer_is_ours=False, newer_mail_at=now if case is not None else None
        )
        _seen(session, message.identity, reading.kind, known.id, fetched)
        if brief_only:
            session.ledger.save_case(replace(known, reason="came in before raincheck started"), "from before the start")
            return known
        known, chosen = _answered(session, case, known, reading, message)
        return _decide(session, message, reading, known, view, now, chosen=chosen)


def _answered(
    session: Session, before: Case | None, known: Case, reading: Reading, message: Message
) -> tuple[Case, bool]:
    """The case with what they answered to our offer, and whether they chose a time of it: that is agreed then; a
    filled position ends the case."""
    if before is None:
        return known, False
    known = replace(known, follow_up_at=None)
    answer = joining.read_answer(reading, message, before, session.ledger.holds())
    match answer.kind:
        case joining.AnswerKind.CHOSEN:
            offered = before.state is CaseState.SENT and before.outcome is not Outcome.ACCEPT
            return replace(known, state=CaseState.CONFIRMED, appointment=answer.slot), offered
        case joining.AnswerKind.FILLED:
            return replace(known, state=CaseState.CLOSED), False
        case _:
            return known, False


def window(reading: Reading, now: datetime) -> Period:
    """The time for which the calendar is looked at: from yesterday to well after the times that the mail names."""
    named = (*reading.slots, *reading.windows, *reading.periods)
    starts = [slot.start for slot in named if slot.start < now + FARTHEST]
    return Period(now - timedelta(days=1), max([now, *starts]) + HORIZON)


def what_is_known(
    ledger: Ledger, settings: Settings, templates: Mapping[str, str], lexica: Lexica, view: CalendarView, now: datetime
) -> Known:
    """All that a decision looks at beside the mail and its case."""
    return Known(
        settings=settings,
        templates=templates,
        senders=lexica.senders,
        calendar=view,
        holds=[hold for hold in ledger.holds() if hold.expires > now],
        interviews=interviews(ledger, settings),
        history=ledger.answered(),
    )


def _decide(
    session: Session,
    message: Message,
    reading: Reading,
    case: Case,
    view: CalendarView,
    now: datetime,
    *,
    chosen: bool = False,
) -> Case:
    """Decides and journals: the case, the intent of a draft, holds, the note. Inside a transaction: two invitations
    that are decided at the same moment see each other's holds. `chosen`: the mail chose a time that we offered."""
    ledger = session.ledger
    settings = _ordered(session.settings, case)
    known = what_is_known(ledger, settings, session.templates, session.lexica, view, now)
    obstacle = _obstacle(session, case, now)
    made = plan(message, reading, case, known, account=session.name, now=now, obstacle=obstacle)
    if chosen and settings.replies.accept == "draft" and not obstacle:
        made = confirming(made, message, reading, case, known, now=now)
    decision, reply = made.decision, made.reply
    chosen = chosen and decision.outcome is Outcome.LEAVE
    state = CaseState.CONFIRMED if chosen else _state(case, reading, decision)
    case = replace(
        case,
        ordered=None,
        check_in_at=now + decision.check_in if decision.check_in else case.check_in_at,
        state=state,
        outcome=decision.outcome,
        rule=decision.rule,
        reason=decision.reason,
        retry=decision.retry,
        trace=decision.trace,
        obsolete=_obsolete(case, reading, decision) or case.obsolete if reply is None else "",
        newer_mail_at=case.newer_mail_at if reply is None else None,  # the draft to come answers it
        appointment=case.appointment if chosen else decision.appointment or case.appointment,
        updated=now,
    )
    if reply is not None:
        _intend(session, case, decision, reply, now)
    if state in (CaseState.CONFIRMED, CaseState.CLOSED):
        ledger.set_holds(case.id, [])  # an agreed talk is busy by itself
    elif reply is None and decision.free is not None:
        length = timedelta(minutes=reading.duration_minutes or session.settings.availability.duration)
        _hold(session, case, (decision.free.period(length),), now)
    ledger.save_case(case, _event(reading, decision))
    notes.about_case(
        session,
        reading,
        case,
        replace(decision, outcome=Outcome.ACCEPT) if chosen and reply is not None else decision,
        reply,
        free=decision.alternatives if reply is None else (),
        remarks=made.remarks,
        now=now,
    )
    log.info("case %s: %s, %s (rule: %s)", case.id, reading.kind, decision.outcome, decision.rule or "-")
    return case


def _state(case: Case, reading: Reading, decision: Decision) -> CaseState:
    if decision.outcome is not Outcome.LEAVE:
        return CaseState.DRAFTED
    if (
        case.state is CaseState.CONFIRMED
        and reading.kind is not Kind.RESCHEDULE
        and reading.kind is not Kind.CANCELLATION
    ):
        return case.state
    match reading.kind:
        case Kind.CANCELLATION | Kind.REJECTION:
            return CaseState.CLOSED
        case Kind.CONFIRMATION | Kind.REMINDER | Kind.ACKNOWLEDGEMENT | Kind.OTHER:
            return case.state  # a confirmation that agrees a time has confirmed it already
        case _:
            return CaseState.LEFT


def _event(reading: Reading, decision: Decision) -> str:
    return f"{reading.kind} read; {decision.outcome}" + (f" by rule “{decision.rule}”" if decision.rule else "")


def _ordered(settings: Settings, case: Case) -> Settings:
    """The person's own word over a case stands before all rules."""
    if case.ordered is None:
        return settings
    word = Rule(OWN_WORD, All(()), case.ordered)
    return replace(settings, rules=(word, *settings.rules))


def _obstacle(session: Session, case: Case, now: datetime) -> str:
    """Why no draft may be written whatever was decided; "" when one may."""
    entry = session.ledger.entry(case.id)
    if entry is not None and entry.state in (EntryState.SENDING, EntryState.UNCERTAIN):
        return "it is uncertain whether the last answer was sent; settle that first (raincheck resolve)"
    declined = any(told.case == case.id and told.outcome is Outcome.DECLINE for told in session.ledger.answered())
    if declined and case.ordered is None:
        return "you declined this already; what they write after that is yours to answer"
    if case.state is CaseState.REFUSED and case.ordered is None:
        return "you threw an earlier draft of this case away (raincheck reopen takes that back)"
    if _braked(session, now):
        return (
            f"more than {counted(session.settings.replies.drafts_per_hour, 'draft')} within an hour; "
            "raincheck stopped to be safe"
        )
    return ""


def _braked(session: Session, now: datetime) -> bool:
    recent = [
        entry
        for case in session.ledger.cases(session.name)
        if case.updated > now - timedelta(hours=1) and (entry := session.ledger.entry(case.id)) is not None
        if entry.created > now - timedelta(hours=1)
    ]
    return len(recent) >= session.settings.replies.drafts_per_hour


def _obsolete(case: Case, reading: Reading, decision: Decision) -> str:
    """Why a draft that is still open has lost its purpose, as a clause; "" where the mail changes nothing."""
    match reading.kind:
        case Kind.CANCELLATION:
            return "they cancelled"
        case Kind.REJECTION:
            return "they closed the application"
        case Kind.CONFIRMATION:
            return "the time is agreed" if case.state is CaseState.CONFIRMED else ""
        case _:
            changed = reading.actionable and decision.outcome is Outcome.LEAVE
            return "a newer mail of theirs changed what is asked" if changed else ""


# --- the intent ---------------------------------------------------------------------------------------------------


def _intend(session: Session, case: Case, decision: Decision, reply: Reply, now: datetime) -> None:
    """Journals the draft that is to be written, with the times it promises."""
    before = session.ledger.entry(case.id)
    revision = before.revision + 1 if before else 1
    message_id = new_message_id(session.account.address.rpartition("@")[2], session.token())
    text = to_bytes(reply, message_id=message_id, date=now, headers={CASE_HEADER: mark(case.id, revision)})
    entry = Entry(
        case=case.id,
        revision=revision,
        account=session.name,
        state=EntryState.INTENDED,
        message_id=message_id,
        digest=digest(text),
        text=text,
        mailbox=session.drafts,
        uidvalidity=0,
        uidnext_before=0,
        uid=None,
        created=now,
        updated=now,
        outcome=decision.outcome,
        offered=decision.alternatives,
        appointment=decision.appointment,
        told_reason=decision.told_reason,
        invitation_id=case.invitation_id,
    )
    session.ledger.save_entry(entry)
    if kept := cases.promised(session, case, entry):
        _hold(session, case, kept, now)
    elif decision.outcome is Outcome.DECLINE:  # what a letter has promised stands until this one is sent
        firm = [hold for hold in session.ledger.holds() if hold.case == case.id and hold.firm]
        session.ledger.set_holds(case.id, firm)


def _hold(session: Session, case: Case, periods: tuple[Period, ...], now: datetime) -> None:
    expires = now + session.settings.replies.hold_draft
    session.ledger.set_holds(case.id, [Hold(case.id, p, firm=False, expires=expires, made=now) for p in periods])


def interviews(ledger: Ledger, settings: Settings, *, besides: str | None = None) -> tuple[Period, ...]:
    """Confirmed interviews but that of the case `besides`: busy time of its own, and what the load limits count."""
    default = timedelta(minutes=settings.availability.duration)
    return tuple(
        case.appointment.period(timedelta(minutes=case.duration_minutes) if case.duration_minutes else default)
        for case in ledger.cases()
        if case.state is CaseState.CONFIRMED and case.appointment is not None and case.id != besides
    )


def decide_again(session: Session) -> None:
    """Cases left only because the calendar was not known, once it is back; and those the person gave their word on."""
    waiting = [case for case in session.ledger.cases(session.name) if case.retry or case.ordered is not None]
    if not waiting:
        return
    now = session.clock()
    known = session.calendars.view(Period(now, now + HORIZON)).known
    for case in waiting:
        if case.ordered is None and not known:
            continue
        session.beat()
        message = invitation_of(session, case)
        if message is None:
            gone = replace(case, retry=False, ordered=None, reason="the mail it answers is no longer there")
            session.ledger.save_case(gone, gone.reason)
            continue
        reading = _read(session, message)
        view = session.calendars.view(window(reading, now))
        with session.ledger.transaction():
            _decide(session, message, reading, case, view, now)


def invitation_of(session: Session, case: Case) -> Message | None:
    """The mail that the case's answer answers, read again from its mailbox; None when it is no longer there."""
    ref = case.invitation
    try:
        if ref is None or session.mail.status(ref.mailbox).uidvalidity != ref.uidvalidity:
            return None
        found = session.mail.fetch(ref.mailbox, [ref.uid])
    except MailboxChanged:  # its folder was renamed or deleted
        return None
    return parse_message(found[0].raw, found[0].ref, session.lexica.segments) if found else None


def write_later(session: Session, case: Case, letter: Letter) -> None:
    """A letter that time asks for (follow-up, check-in): journalled like any other draft, for the person to approve."""
    now = session.clock()
    message = invitation_of(session, case)
    done = replace(case, follow_up_at=None, check_in_at=None if letter is Letter.CHECK_IN else case.check_in_at)
    if message is None:
        session.ledger.save_case(done, f"no {letter} draft: the mail it answers is no longer there")
        return
    reading = _read(session, message)
    decision = Decision(Outcome.LEAVE, f"{letter.replace('_', ' ')} is due", appointment=case.appointment)
    try:
        chosen = recipients.choose(reading, message, session.settings.me.addresses, session.lexica.senders)
        reply = compose(
            decision, reading, message, case, session.settings, session.templates, now=now, letter=letter, to=chosen
        )
    except NotWritable as problem:
        session.ledger.save_case(done, f"no {letter} draft: {problem}")
        return
    with session.ledger.transaction():
        drafted = replace(done, state=CaseState.DRAFTED, newer_mail_at=None, own_answer=None, updated=now)
        session.ledger.save_case(drafted, f"{letter} draft is due")
        _intend(session, drafted, decision, reply, now)
