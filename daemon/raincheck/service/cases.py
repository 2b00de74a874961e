"""Writes what becomes of a draft into its case: state, history, holds and the memory of what was answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from raincheck.core.case import add_working_days
from raincheck.core.lifecycle import NEWER_MAIL, SEVERAL
from raincheck.core.model import OPEN_DRAFT_STATES, Answered, Case, CaseState, Entry, EntryState, Hold, Outcome, Period
from raincheck.errors import CredentialsRejected, SecretError, Unreachable
from raincheck.ports import Health
from raincheck.service.session import Session, log

if TYPE_CHECKING:
    from raincheck.errors import RaincheckError
    from raincheck.ports import Side

OF_SERVERS = (Unreachable, CredentialsRejected, SecretError)  # about which the configuration tells what to do
_STATES = {
    EntryState.INTENDED: CaseState.DRAFTED,
    EntryState.DRAFTED: CaseState.DRAFTED,
    EntryState.APPROVED: CaseState.APPROVED,
    EntryState.SENDING: CaseState.SENDING,
    EntryState.SENT: CaseState.SENT,
    EntryState.UNCERTAIN: CaseState.UNCERTAIN,
    EntryState.REFUSED: CaseState.REFUSED,
    EntryState.WITHDRAWN: CaseState.WITHDRAWN,
}


def save_entry(session: Session, entry: Entry, event: str = "") -> None:
    """Commits a draft's state and all that follows from it, at once."""
    with session.ledger.transaction():
        before = session.ledger.entry(entry.case)
        session.ledger.save_entry(entry)
        case = session.ledger.case(entry.case)
        if case is None or before is None or before.revision > entry.revision:
            return
        state = _case_state(case, entry)
        told = entry.voided == NEWER_MAIL and before.voided != NEWER_MAIL
        newer = None if told else case.newer_mail_at  # once told of it, the person's next yes stands
        session.ledger.save_case(replace(case, state=state, newer_mail_at=newer, updated=session.clock()), event)
        if entry.state is EntryState.SENT and before.state is not EntryState.SENT:
            _sent(session, case, entry)
        elif entry.state in (EntryState.REFUSED, EntryState.WITHDRAWN) and before.state is not entry.state:
            session.ledger.set_holds(entry.case, [])
    if event:
        log.info("case %s: %s", entry.case, event)


def _case_state(case: Case, entry: Entry) -> CaseState:
    if entry.state is EntryState.WITHDRAWN and case.state not in OPEN_DRAFT_STATES:
        return case.state  # the case has moved on: the draft only followed
    if case.state is CaseState.CONFIRMED and entry.outcome is Outcome.LEAVE and entry.state is not EntryState.UNCERTAIN:
        return case.state  # whatever becomes of the letter that confirms it, the talk is agreed
    if entry.state is EntryState.DRAFTED and (entry.voided or entry.reason == SEVERAL):
        return CaseState.ASKING
    return _STATES[entry.state]


def _sent(session: Session, case: Case, entry: Entry) -> None:
    """Offered times are promised now; the company is remembered with what it was told."""
    now = session.clock()
    expires = add_working_days(now, session.settings.replies.hold_sent_days, session.settings.me.timezone)
    if entry.outcome is not Outcome.LEAVE:  # a follow-up or check-in promises and tells nothing new
        session.ledger.set_holds(
            case.id,
            [
                Hold(
                    case.id,
                    period,
                    firm=True,
                    expires=period.end if entry.outcome is Outcome.ACCEPT else expires,
                    made=now,
                )
                for period in promised(session, case, entry)
            ],
        )
        told = Answered(case.id, case.company, case.domain, case.contact, entry.outcome, entry.told_reason, now)
        session.ledger.record_answer(told)
    again = entry.outcome is Outcome.RESCHEDULE
    days = session.settings.replies.follow_up_days
    due = add_working_days(now, days, session.settings.me.timezone) if days else None
    current = session.ledger.case(case.id) or case
    session.ledger.save_case(
        replace(
            current,
            reschedules_by_me=current.reschedules_by_me + again,
            follow_up_at=due if entry.outcome in (Outcome.RESCHEDULE, Outcome.PROPOSE) else None,
            message_ids=(*current.message_ids, *filter(None, [entry.message_id, entry.sent_message_id])),
        )
    )


def promised(session: Session, case: Case, entry: Entry) -> tuple[Period, ...]:
    """The times that a letter promises: those that it offers, or the one of theirs that it accepts."""
    if entry.outcome is not Outcome.ACCEPT or entry.appointment is None:
        return entry.offered
    minutes = case.duration_minutes or session.settings.availability.duration
    return (entry.appointment.period(timedelta(minutes=minutes)),)


def refresh(session: Session, entry: Entry) -> None:
    """The draft's times are gone: the next pass decides the case again and writes a new revision in its place."""
    case = session.ledger.case(entry.case)
    if case is not None:
        session.ledger.save_case(
            replace(case, retry=True, updated=session.clock()), "to be refreshed: its times are gone"
        )


def part_of(account: str) -> str:
    """What an account is called among the parts whose health is known."""
    return f"account:{account}"


def cause(problem: RaincheckError, side: Side) -> str:
    """What failed and how, where the configuration tells what to do about it; else nothing."""
    return f"{side} {type(problem).__name__}" if isinstance(problem, OF_SERVERS) else ""


def unhealthy(session: Session, detail: str, cause: str = "") -> None:
    """The account works only in part: said in `status`, and in a health note after a while.

    What to do about the cause is made where it is told: it names users and files, which no log may keep, and lines of a
    configuration that is edited meanwhile.
    """
    hint = "; `raincheck status` says what to do" if cause else ""
    log.warning("account %s: %s%s", session.name, detail.rstrip(".") if cause else detail, hint)
    session.troubles.append(detail)
    health = failing(session, detail, cause)
    known = next((one for one in session.ledger.health() if one.name == health.name and not one.ok), None)
    session.ledger.set_health(replace(health, at=known.at) if known else health)


def failing(session: Session, detail: str, cause: str) -> Health:
    """The account as it is now, when something fails."""
    return Health(part_of(session.name), ok=False, detail=detail, at=session.clock(), cause=cause)
