"""What one mail leads to: the decision and, where there is one, the letter. The dry run and the service share it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raincheck.core import recipients
from raincheck.core.compose import Letter, compose
from raincheck.core.decide import decide
from raincheck.core.model import Decision, Outcome
from raincheck.core.proposed import judge_times
from raincheck.errors import NotWritable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from raincheck.core.model import Answered, CalendarView, Case, Hold, Message, Period, Reading, Reply
    from raincheck.core.recipients import Senders
    from raincheck.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the mail: settings and templates, the calendar, what was promised and told."""

    settings: Settings
    templates: Mapping[str, str]
    senders: Senders
    calendar: CalendarView
    holds: Sequence[Hold] = ()  # not expired
    interviews: Sequence[Period] = ()
    history: Sequence[Answered] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The decision, its letter if it has one, and what is odd about the letter's recipients."""

    decision: Decision
    reply: Reply | None = None
    remarks: tuple[str, ...] = ()


def plan(
    message: Message, reading: Reading, case: Case, known: Known, *, account: str, now: datetime, obstacle: str = ""
) -> Plan:
    """Decides and writes. `obstacle` is why no draft may be written whatever is decided; a letter that cannot be
    written tactfully, or to nobody safe, is left to the person with the reason."""
    decision = decide(
        reading,
        message,
        case,
        known.settings,
        account=account,
        calendar=known.calendar,
        holds=known.holds,
        interviews=known.interviews,
        history=known.history,
        now=now,
    )
    if decision.outcome is Outcome.LEAVE:
        return Plan(decision)
    if obstacle:
        return Plan(_left(decision, obstacle))
    settings = known.settings
    try:
        chosen = recipients.choose(reading, message, settings.me.addresses, known.senders)
        reply = compose(decision, reading, message, case, settings, known.templates, now=now, to=chosen)
    except NotWritable as problem:
        return Plan(_left(decision, str(problem)))
    return Plan(decision, reply, chosen.remarks)


def confirming(made: Plan, message: Message, reading: Reading, case: Case, known: Known, *, now: datetime) -> Plan:
    """The plan for a mail that chose one of the offered times, with a letter that confirms it; as it was where the
    calendar does not show the time free, or no letter can be written."""
    agreed = case.appointment
    if agreed is None or made.decision.outcome is not Outcome.LEAVE or not known.calendar.known:
        return made
    judged = judge_times(
        replace(reading, slots=(agreed,), windows=()),
        case,
        known.settings.availability,
        known.calendar.busy,
        now=now,
        holds=known.holds,
        interviews=known.interviews,
    )
    if not judged or judged[0].busy:
        return made
    decision = replace(made.decision, appointment=agreed, reason="they took a time that you had offered")
    settings = known.settings
    try:
        chosen = recipients.choose(reading, message, settings.me.addresses, known.senders)
        reply = compose(
            decision, reading, message, case, settings, known.templates, now=now, letter=Letter.CONFIRM, to=chosen
        )
    except NotWritable:
        return made
    return Plan(decision, reply, chosen.remarks)


def _left(decision: Decision, reason: str) -> Decision:
    return replace(decision, outcome=Outcome.LEAVE, reason=reason, alternatives=(), free=None)
