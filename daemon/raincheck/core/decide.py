"""What to do with a mail, and why: the person's rules first, then the table, then free times.

Deterministic and total: the same values give the same Decision, and there is one for every mail. Nothing doubtful is
acted on: it is left to the person with a plain reason. `case` is expected to know the mail already (case.updated).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from raincheck.core.case import AnswerKind, read_answer
from raincheck.core.desk import (
    CALL_FIRST,
    Desk,
    candidates,
    cannot_write,
    doubtful_times,
    no_calendar,
    plausible,
    portal_only,
)
from raincheck.core.facts import Facts, Situation
from raincheck.core.model import ACTIONABLE, OPEN_DRAFT_STATES, Automatic, Decision, Kind, Outcome, SegmentKind
from raincheck.core.offering import hand_over, offer
from raincheck.core.proposed import judge_times
from raincheck.core.rules import first_match
from raincheck.core.slots import Verdict
from raincheck.core.told import told_reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from raincheck.core.model import Answered, CalendarView, Case, Hold, Message, Period, Reading
    from raincheck.core.proposed import Proposed
    from raincheck.core.settings import Rule, Settings

_MACHINES = frozenset({Automatic.BOUNCE, Automatic.AUTO_REPLY, Automatic.LIST, Automatic.OWN_NOTE})
_TALKS = frozenset({Kind.INVITATION, Kind.AVAILABILITY_REQUEST, Kind.RESCHEDULE})
_NOTHING_TO_ANSWER: Final[Mapping[Kind, str]] = {
    Kind.CANCELLATION: "they cancelled; nothing has to be answered",
    Kind.REMINDER: "a reminder; nothing has to be answered",
    Kind.CONFIRMATION: "the time is confirmed; nothing has to be answered",
    Kind.ASSESSMENT: "a test or a recorded interview: that is for you to do",
    Kind.REJECTION: "they decided against it; nothing has to be answered",
    Kind.OFFER: "an offer: that is for you to answer",
    Kind.ACKNOWLEDGEMENT: "they only confirm that they got your application",
    Kind.OTHER: "no invitation to an interview",
}


def decide(
    reading: Reading,
    message: Message,
    case: Case | None,
    settings: Settings,
    *,
    account: str,
    calendar: CalendarView,
    holds: Sequence[Hold],
    interviews: Sequence[Period],
    history: Sequence[Answered],
    now: datetime,
) -> Decision:
    """The decision about one mail of theirs, with a trace of every step in words. `account` is the account's name."""
    reading, nonsense = plausible(reading, now)
    proposed = (
        judge_times(reading, case, settings.availability, calendar.busy, now=now, holds=holds, interviews=interviews)
        if calendar.known
        else None
    )
    situation = Situation(
        reading=reading,
        message=message,
        case=case,
        account=account,
        authserv_id=next((a.authserv_id for a in settings.accounts if a.name == account), None),
        timezone=settings.me.timezone,
        now=now,
        proposed=proposed,
        holds=holds,
        interviews=interviews,
        history=history,
    )
    desk = Desk(situation, settings, calendar, nonsense=nonsense)
    decision = _decide(desk)
    return replace(decision, call_first=desk.starts_soon and reading.kind in _TALKS)


def _decide(desk: Desk) -> Decision:
    reading = desk.reading
    if reading.kind is Kind.SCAM:
        return desk.leave("this looks like a swindle; it is never answered", "safety")
    if (obstacle := _sent_by_no_one(desk)) is not None:
        return desk.leave(obstacle, "safety")
    if reading.public_body:
        return desk.leave(
            "from a public body: not appearing can have legal effects, so it is yours to answer", "safety"
        )
    if reading.kind not in ACTIONABLE and not reading.may_ask:
        return desk.leave(_nothing_to_answer(desk))
    if not reading.sure("kind"):
        return desk.leave(f"it is not clear what this mail asks for{candidates(reading, 'kind')}", "reading")
    rule, trace = first_match(desk.settings.rules, Facts(desk.situation), desk.situation.local(desk.now).date())
    desk = replace(desk, trace=trace, rule=rule)
    if rule is not None:
        return _by_rule(desk, rule)
    return _by_table(desk)


def _nothing_to_answer(desk: Desk) -> str:
    case = desk.situation.case
    if desk.reading.kind is Kind.CONFIRMATION and case is not None and case.state in OPEN_DRAFT_STATES:
        return "they write as if a time were agreed, and name none; your draft stays as it is"
    return desk.reading.not_understood or _NOTHING_TO_ANSWER[desk.reading.kind]


def _sent_by_no_one(desk: Desk) -> str | None:
    """Why there is nobody to answer: machines, lists (RFC 3834, RFC 2919), and mail that the person forwarded."""
    mail = desk.situation.message
    if mail.automatic in _MACHINES:
        return "this mail was sent automatically or to a list; nobody waits for an answer to it"
    if mail.from_ is not None and mail.from_.addr_spec.lower() in desk.settings.me.addresses:
        return "you sent or forwarded this yourself; whom to answer is for you to say"
    if mail.automatic is Automatic.BULK and not _to_me_alone(desk):
        return "this mail went out in bulk, and not to you alone; nobody waits for an answer to it"
    if _passed_on(desk):
        return "somebody passed this invitation on; whether it is meant for you, and whom to answer, is for you to say"
    return None


def _to_me_alone(desk: Desk) -> bool:
    """True when nobody but the person is named in To and Cc."""
    mail = desk.situation.message
    named = {address.addr_spec.lower() for address in (*mail.to, *mail.cc)}
    return bool(named) and named <= set(desk.settings.me.addresses)


def _passed_on(desk: Desk) -> bool:
    """True when the sender's own words say nothing of a talk: all of it stands in a mail that they forwarded."""
    mail = desk.situation.message
    passed = "\n".join(part.text for part in mail.segments if part.kind is SegmentKind.FORWARDED)
    quotes = [e.quote for e in desk.reading.evidence if e.field == "kind" and e.source in ("body", "forwarded")]
    return bool(passed and quotes) and not any(_holds(mail.newest, quote) for quote in quotes)


def _holds(text: str, quote: str) -> bool:
    return " ".join(quote.split()) in " ".join(text.split())


# --- rules ----------------------------------------------------------------------------------------------------------


def _by_rule(desk: Desk, rule: Rule) -> Decision:
    match rule.then:
        case Outcome.LEAVE:
            return desk.leave(f"your rule “{rule.name}” leaves it to you", f"rule: {rule.name}")
        case Outcome.DECLINE:
            return _decline(desk, rule)
        case _ if desk.reading.kind is Kind.SELF_SCHEDULE or portal_only(desk):
            return hand_over(desk)
        case Outcome.PROPOSE:
            return offer(desk, Outcome.PROPOSE, f"your rule “{rule.name}”")
        case Outcome.ACCEPT:
            return _by_table(desk, accept=True)
        case Outcome.RESCHEDULE:
            return _reschedule_by_rule(desk, rule)


def _decline(desk: Desk, rule: Rule) -> Decision:
    if obstacle := cannot_write(desk):
        return desk.leave(obstacle, "reply")
    told = told_reason(desk, rule)
    if told is None and rule.reason:
        desk = desk.noting("reason", "told without a reason: there is none in the language of the mail")
    return Decision(
        Outcome.DECLINE,
        f"your rule “{rule.name}” declines it",
        rule=rule.name,
        trace=desk.trace,
        appointment=desk.only_time,
        told_reason=told,
        template=rule.template,
        referral=rule.referral.get(desk.reading.lang or ""),
        check_in=rule.check_in,
        from_rule=True,
    )


def _reschedule_by_rule(desk: Desk, rule: Rule) -> Decision:
    """Times of theirs from `not_before` on are tested first; without such a day the rule speaks of all of them."""
    why = f"your rule “{rule.name}”"
    if (doubt := doubtful_times(desk)) is not None:
        return doubt
    if not (desk.reading.slots or desk.reading.windows):
        return offer(desk, Outcome.PROPOSE, why, rule.not_before)
    if rule.not_before is not None and (free := _free(desk, rule.not_before)):
        return _accept(desk, free)
    return offer(desk, Outcome.RESCHEDULE, why, rule.not_before)


# --- the table ------------------------------------------------------------------------------------------------------


def _by_table(desk: Desk, *, accept: bool = False) -> Decision:
    reading = desk.reading
    if reading.kind is Kind.OUTREACH and not accept:
        return desk.leave("somebody asks whether you are interested; no rule of yours says what to answer")
    if reading.kind is Kind.SELF_SCHEDULE or portal_only(desk):
        return hand_over(desk)
    if (doubt := doubtful_times(desk)) is not None:
        return doubt
    proposed = desk.situation.proposed
    if accept and desk.own_word and not (reading.slots or reading.windows):
        return desk.leave(
            "they name no time that could be accepted (raincheck draft CASE propose offers yours)", "reading"
        )
    if _asks_when(reading, proposed):
        return offer(desk, Outcome.PROPOSE, "they ask when you can")
    if proposed is None:
        return no_calendar(desk)
    if not proposed:
        return desk.leave("the times in it are over", "calendar")
    for item in proposed:
        desk = desk.noting("calendar", f"{desk.say(item.fit.period.start)}: {item.fit.why}", hit=item.free)
    if (chosen := _chosen(desk)) is not None:
        return chosen
    if free := _free(desk):
        return _accept(desk, free, rule_accepts=accept)
    if accept and desk.own_word:
        if len(proposed) > 1:
            return desk.leave("none of their times is free; write to them which one you take", "calendar")
        return _accept(desk, proposed[0], rule_accepts=True)
    if any(item.unclear for item in proposed):
        return desk.leave("an event at exactly that time is in your calendar; is it this one?", "calendar")
    return _none_free(desk, proposed)


def _asks_when(reading: Reading, proposed: Sequence[Proposed] | None) -> bool:
    """No time is named; or hours are, in which some start is free, and the question is which."""
    if not (reading.slots or reading.windows):
        return True
    asks = reading.kind is Kind.AVAILABILITY_REQUEST and not reading.slots
    return asks and any(item.free for item in proposed or ())


def _none_free(desk: Desk, proposed: Sequence[Proposed]) -> Decision:
    left = [item for item in proposed if not item.busy]
    if not left:
        return offer(desk, Outcome.RESCHEDULE, "you are busy at every time they propose")
    best = min(left, key=lambda item: (list(Verdict).index(item.fit.verdict), item.slot.start))
    if desk.settings.replies.outside_hours == "reschedule" and not desk.starts_soon:
        return offer(desk, Outcome.RESCHEDULE, f"{desk.say(best.slot.start)} is {best.fit.why}")
    return desk.leave(f"{desk.say(best.slot.start)} does not collide, but: {best.fit.why}", "calendar")


def _chosen(desk: Desk) -> Decision | None:
    """They took one of the times that were offered to them."""
    if desk.case is None:
        return None
    answer = read_answer(desk.reading, desk.situation.message, desk.case, desk.situation.holds)
    if answer.kind is not AnswerKind.CHOSEN or answer.slot is None:
        return None
    free = any(item.free and item.slot.start == answer.slot.start for item in desk.situation.proposed or ())
    state = "it is still free" if free else "but look again: it does not seem free any more"
    return desk.leave(
        f"they chose {desk.say(answer.slot.start)}, which you had offered; {state}", free=answer.slot if free else None
    )


def _free(desk: Desk, not_before: date | None = None) -> Proposed | None:
    """The earliest of their times that suits, on or after a day on the person's clock."""
    fitting = [
        item
        for item in desk.situation.proposed or ()
        if item.free and (not_before is None or desk.situation.local(item.slot.start).date() >= not_before)
    ]
    return min(fitting, key=lambda item: item.slot.start, default=None)


def _accept(desk: Desk, free: Proposed, *, rule_accepts: bool = False) -> Decision:
    """One of theirs fits: accepted where the person wants that, else told. Never a draft within 24 hours."""
    told = f"{desk.say(free.slot.start)} is free for you" if free.free else "you accept it yourself"
    wanted = rule_accepts or desk.settings.replies.accept == "draft"
    too_late = free.slot.start - desk.now < CALL_FIRST and not desk.own_word
    if not wanted or too_late:
        return desk.leave(told, "calendar", free=free.slot)
    if obstacle := cannot_write(desk):
        return desk.leave(f"{told}; {obstacle}", "reply", free=free.slot)
    return Decision(
        Outcome.ACCEPT,
        told,
        rule=desk.rule.name if desk.rule else None,
        trace=desk.trace,
        appointment=free.slot,
        free=free.slot if free.free else None,
        template=desk.rule.template if desk.rule else None,
        from_rule=desk.rule is not None,
    )
