"""What becomes due with time: the daily brief, the alarm when nothing worked for long, and forgetting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from raincheck.core.case import follow_up_due
from raincheck.core.compose import Letter
from raincheck.core.model import CaseState, EntryState, MessageRef, Note
from raincheck.core.notes import brief, health_note
from raincheck.ports import Health
from raincheck.service import cases, intake, notes

if TYPE_CHECKING:
    from collections.abc import Callable

    from raincheck.ports import Ledger
    from raincheck.service.session import Session


def due(session: Session) -> None:
    """Queues what is due now: the brief once a day, a health note once for each trouble that lasts."""
    _brief(session)
    _calendars(session)
    _alarms(session)
    _stale_drafts(session)
    _later_letters(session)


def _brief(session: Session) -> None:
    """One brief a day over all accounts, written by the first account that passes after the hour."""
    hour = session.settings.notes.brief
    now = session.clock()
    local = now.astimezone(ZoneInfo(session.settings.me.timezone))
    if hour is None or local.time() < hour or session.ledger.value("brief") == f"{local:%F}":
        return
    if session.ledger.value("brief") is None:  # the first start: the first brief comes at its hour, not at once
        session.ledger.set_value("brief", f"{local:%F}")
        return
    with session.ledger.transaction():
        if session.ledger.value("brief") == f"{local:%F}":
            return
        troubles = [f"{h.name}: {session.told(h)}" for h in session.ledger.health() if not h.ok]
        text = brief(
            session.ledger.cases(),
            [h for h in session.ledger.holds() if h.expires > now],
            troubles,
            session.settings,
            session.templates,
            now=now,
        )
        notes.queue(session, f"brief:{local:%F}", Note.BRIEF, text, now)
        session.ledger.set_value("brief", f"{local:%F}")


def _calendars(session: Session) -> None:
    """What changed about the feeds goes into the ledger: since when each is ill."""
    known = {health.name: health for health in session.ledger.health()}
    for feed in session.calendars.health():
        name = f"calendar:{feed.name}"
        before = known.get(name)
        if feed.age_seconds is not None and (before is None or before.ok is not feed.ok):
            session.ledger.set_health(Health(name, feed.ok, feed.detail, session.clock()))


def _later_letters(session: Session) -> None:
    """Silence after an offer of times: one follow-up. Months after a decline, where a rule says so: a check-in."""
    now = session.clock()
    for case in session.ledger.cases(session.name):
        if follow_up_due(case, now):
            intake.write_later(session, case, Letter.FOLLOW_UP)
        elif case.check_in_at is not None and case.check_in_at <= now and case.state is CaseState.SENT:
            intake.write_later(session, case, Letter.CHECK_IN)


def _stale_drafts(session: Session) -> None:
    """A draft that still offers a time which has begun is decided again; one that the person touched is not."""
    now = session.clock()
    for entry in session.ledger.entries(session.name):
        gone = any(period.start <= now for period in entry.offered)
        untouched = entry.appended == MessageRef(entry.mailbox, entry.uidvalidity, entry.uid or 0)
        if entry.state is EntryState.DRAFTED and gone and untouched and not entry.voided:
            case = session.ledger.case(entry.case)
            newest = session.ledger.entry(entry.case)
            if case is not None and not case.retry and newest is not None and newest.revision == entry.revision:
                cases.refresh(session, entry)


def _alarms(session: Session) -> None:
    """Another account's or a calendar's trouble that lasts longer than `alarm_after` is told once, and its end too."""
    now = session.clock()
    for health in session.ledger.health():
        told = f"alarm:{health.name}"
        raised = session.ledger.value(told)
        lasting = not health.ok and now - health.at > session.settings.notes.alarm_after
        if lasting and raised is None:
            session.ledger.set_value(told, health.at.isoformat())
        elif health.ok and raised is not None:
            session.ledger.set_value(told, None)
        else:
            continue
        detail = health.detail if health.ok else session.told(health)
        text = health_note(health.name, detail, session.settings, session.templates, since=health.at, ok=health.ok)
        notes.queue(session, f"health:{health.name}", Note.HEALTH, text, now)


def clean_up(ledger: Ledger, keep: timedelta, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> int:
    """Forgets what is older than the retention `keep`; returns how many cases that were."""
    return ledger.prune(clock() - keep)
