"""Decisions that offer times: a reschedule or a proposal with verified free times, or the plain reason for none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from raincheck.core.desk import budget_used, cannot_write, no_calendar
from raincheck.core.facts import Facts
from raincheck.core.model import BusyPeriod, Decision, Kind, Outcome, Period, Slot
from raincheck.core.proposed import duration_of
from raincheck.core.rules import asks_for, judge
from raincheck.core.slots import SlotSearch, find_slots
from raincheck.core.told import told_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from raincheck.core.desk import Desk

TIME_TO_APPROVE = timedelta(hours=12)  # an offered time must still have its notice when the person says yes later
_OPEN = timedelta(days=90)  # "after 10 December"
_OF_TIMES = frozenset({"times", "notice", "same_day", "interviews_that_week"})


def offer(desk: Desk, outcome: Outcome, why: str, not_before: date | None = None) -> Decision:
    """A reschedule or a proposal with free times, or the reason why there is none."""
    if obstacle := cannot_write(desk) or (budget_used(desk) if outcome is Outcome.RESCHEDULE else None):
        return desk.leave(f"{why}, but {obstacle}", "reply")
    if not desk.calendar.known:
        return no_calendar(desk)
    told, ours = _offer_reason(desk, outcome)
    if ours is None:
        return desk.leave(f"{why}, but the rule has no reason in the language of the mail", "reason")
    asked = _asked(desk, outcome)
    found = _search(desk, not_before, asked)
    if not found.slots:
        when = " in the time they ask about" if asked else ""
        return desk.leave(f"{why}, but{when} there is {found.reason or 'no free time'}", "slots")
    desk = desk.noting("slots", ", ".join(desk.say(period.start) for period in found.slots), hit=True)
    if found.reason:
        desk = desk.noting("slots", found.reason)
    desk = _with_deadline(desk, found)
    return Decision(
        outcome,
        why,
        rule=desk.rule.name if desk.rule else None,
        trace=desk.trace,
        alternatives=found.slots,
        appointment=desk.only_time if outcome is Outcome.RESCHEDULE else None,
        told_reason=told,
        template=desk.rule.template if desk.rule else None,
        referral=desk.rule.referral.get(desk.reading.lang or "") if desk.rule else None,
        check_in=desk.rule.check_in if desk.rule else None,
        from_rule=ours,
        collides=_collides(desk),
    )


def _collides(desk: Desk) -> bool:
    """True when every time of theirs is taken: only then may a letter speak of a commitment."""
    proposed = desk.situation.proposed or ()
    return bool(proposed) and all(item.busy for item in proposed)


def _offer_reason(desk: Desk, outcome: Outcome) -> tuple[str | None, bool | None]:
    """The phrase to tell, and whether a rule speaks; (None, None): the rule cannot speak in this language.

    A collision has its own true phrase, which also serves an order without a reason. A proposal needs no reason.
    """
    rule = desk.rule
    if rule is None:
        return None, False
    told = told_reason(desk, rule) if outcome is rule.then else rule.reason.get(desk.reading.lang or "")
    if told is not None or outcome is Outcome.PROPOSE:
        return told, True
    ordered = desk.own_word and not rule.reason
    return (None, False) if _collides(desk) or ordered else (None, None)


def _search(desk: Desk, not_before: date | None = None, asked: Sequence[Period] = ()) -> SlotSearch:
    """Free times, inside what they ask about, from whose begin the horizon runs; those that they proposed themselves,
    or that are to be moved, are no alternatives to themselves."""
    length = duration_of(desk.reading, desk.case, desk.settings.availability)
    theirs = [slot.period(length) for slot in (*desk.reading.slots, *desk.reading.previous_slots)]
    if asked:
        first = min(asked).start.astimezone(ZoneInfo(desk.settings.availability.timezone)).date()
        not_before = max(first, not_before or first)
    outside = _outside_rule(desk)

    def suits(period: Period) -> bool:
        inside = not asked or any(stretch.contains(period) for stretch in asked)
        return inside and (outside is None or outside(period))

    taken = [BusyPeriod(Period(p.start.astimezone(UTC), p.end.astimezone(UTC))) for p in theirs]
    availability = desk.settings.availability
    return find_slots(
        replace(availability, min_notice=availability.min_notice + TIME_TO_APPROVE),
        (*desk.calendar.busy, *taken),
        now=desk.now,
        duration=length,
        other_zone=desk.reading.zone,
        holds=desk.situation.holds,
        interviews=desk.situation.interviews,
        not_before=not_before,
        case=desk.case.id if desk.case else None,
        suits=suits,
    )


def _asked(desk: Desk, outcome: Outcome) -> tuple[Period, ...]:
    """The time that they ask about: the days they name and, where they only ask when I can, the hours."""
    reading = desk.reading
    hours = outcome is Outcome.PROPOSE and reading.kind is Kind.AVAILABILITY_REQUEST
    length = max(duration_of(reading, desk.case, desk.settings.availability), timedelta(hours=4))
    windows = [window.period(length) for window in reading.windows] if hours else []
    return (*windows, *(period.period(_OPEN) for period in reading.periods))


def _outside_rule(desk: Desk) -> Callable[[Period], bool] | None:
    """A rule about times does not offer what it would move again."""
    rule = desk.rule
    if rule is None or rule.then is not Outcome.RESCHEDULE or not asks_for(rule.when) & _OF_TIMES:
        return None

    def suits(period: Period) -> bool:
        offered = replace(desk.reading, slots=(Slot(period.start, period.end),), windows=(), unsure=())
        return judge(rule.when, Facts(replace(desk.situation, reading=offered))).truth is not True

    return suits


def _with_deadline(desk: Desk, found: SlotSearch) -> Desk:
    deadline = desk.case.deadline if desk.case else None
    if deadline is None:
        return desk
    if deadline <= desk.now:
        return desk.noting("deadline", f"an answer was asked for by {desk.say(deadline)}, which is over")
    late = "; the first free time is after it" if found.slots[0].start > deadline else ""
    return desk.noting("deadline", f"answer by {desk.say(deadline)}{late}")


def hand_over(desk: Desk) -> Decision:
    """A booking page or a portal: the person books; link and free times go into the note."""
    link = desk.reading.scheduling_link or desk.reading.url
    page = f"you book this yourself{f' at {link}' if link else ''}"
    if not desk.calendar.known:
        return desk.leave(f"{page}; your calendar is not known at the moment", "slots", retry=True)
    found = _search(desk)
    times = ", ".join(desk.say(period.start) for period in found.slots)
    reason = f"{page}; free for you: {times}" if times else f"{page}; there is {found.reason or 'no free time'}"
    return replace(desk.leave(reason, "slots"), worth_knowing=found.slots)
