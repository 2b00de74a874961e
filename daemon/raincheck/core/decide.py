"""What to do with a mail, and why: the person's rules first, then the table, then free times.

Deterministic and total: the same values give the same Decision, and there is one for every mail. Nothing doubtful is
acted on: it is left to the person with a plain reason. `case` is expected to know the mail already (case.updated).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from raincheck.core.case import AnswerKind, read_answer
from raincheck.core.facts import Facts, Situation
from raincheck.core.likeness import same_company, same_person
from raincheck.core.model import Automatic, BusyPeriod, Decision, Kind, Outcome, Period, Slot, Trace
from raincheck.core.proposed import duration_of, judge_times
from raincheck.core.rules import asks_for, first_match, judge
from raincheck.core.settings import WEEKDAYS
from raincheck.core.slots import SlotSearch, Verdict, find_slots

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from raincheck.core.model import Answered, CalendarView, Case, Hold, Message, Reading
    from raincheck.core.proposed import Proposed
    from raincheck.core.settings import Account, Rule, Settings

CALL_FIRST = timedelta(hours=24)
_FAR = timedelta(days=5 * 365)
_LONG = timedelta(days=31)
TIME_TO_APPROVE = timedelta(hours=12)  # an offered time must still have its notice when the person says yes later
_RULED = frozenset({Kind.INVITATION, Kind.OUTREACH, Kind.AVAILABILITY_REQUEST, Kind.SELF_SCHEDULE, Kind.RESCHEDULE})
_MACHINES = frozenset({Automatic.BOUNCE, Automatic.AUTO_REPLY, Automatic.LIST, Automatic.OWN_NOTE})
_OF_TIMES = frozenset({"times", "notice", "same_day", "interviews_that_week"})
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
    account: Account | str,
    calendar: CalendarView,
    holds: Sequence[Hold],
    interviews: Sequence[Period],
    history: Sequence[Answered],
    now: datetime,
) -> Decision:
    """The decision about one mail of theirs, with a trace of every step in words."""
    name = account if isinstance(account, str) else account.name
    reading, nonsense = _plausible(reading, now)
    proposed = (
        judge_times(reading, case, settings.availability, calendar.busy, now=now, holds=holds, interviews=interviews)
        if calendar.known
        else None
    )
    situation = Situation(
        reading=reading,
        message=message,
        case=case,
        account=name,
        authserv_id=next((a.authserv_id for a in settings.accounts if a.name == name), None),
        timezone=settings.me.timezone,
        now=now,
        proposed=proposed,
        holds=holds,
        interviews=interviews,
        history=history,
    )
    desk = _Desk(situation, settings, calendar, nonsense=nonsense)
    decision = _decide(desk)
    return replace(decision, call_first=desk.starts_soon and reading.kind in _TALKS)


def _plausible(reading: Reading, now: datetime) -> tuple[Reading, bool]:
    """The reading without times that nobody means (the year 9999), and whether there were such."""

    def near(slot: Slot) -> bool:
        return abs(slot.start - now) <= _FAR and (slot.end is None or slot.end - slot.start <= _LONG)

    kept = replace(
        reading,
        slots=tuple(filter(near, reading.slots)),
        windows=tuple(filter(near, reading.windows)),
        previous_slots=tuple(filter(near, reading.previous_slots)),
    )
    return kept, (kept.slots, kept.windows) != (reading.slots, reading.windows)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What lies on the table while one mail is decided: the situation, the settings, the steps so far."""

    situation: Situation
    settings: Settings
    calendar: CalendarView
    trace: tuple[Trace, ...] = ()
    rule: Rule | None = None
    nonsense: bool = False  # a time in the mail cannot be meant

    @property
    def reading(self) -> Reading:
        return self.situation.reading

    @property
    def case(self) -> Case | None:
        return self.situation.case

    @property
    def now(self) -> datetime:
        return self.situation.now

    @property
    def starts_soon(self) -> bool:
        """All of their times that are still ahead begin within 24 hours: a mail may come too late."""
        ahead = [slot.start for slot in (*self.reading.slots, *self.reading.windows) if slot.start > self.now]
        return bool(ahead) and max(ahead) - self.now < CALL_FIRST

    @property
    def only_time(self) -> Slot | None:
        """The appointment that can be named, when there is one alone."""
        ahead = [slot for slot in self.reading.slots if slot.start > self.now] or self.reading.slots
        return ahead[0] if len(ahead) == 1 else None

    @property
    def own_word(self) -> bool:
        """The person's order for this case and no rule of a file: what guards against haste does not bind it."""
        return self.rule is not None and not self.rule.origin

    def noting(self, step: str, detail: str, *, hit: bool = False) -> _Desk:
        return replace(self, trace=(*self.trace, Trace(step, detail, hit)))

    def leave(self, reason: str, step: str = "table", *, retry: bool = False, free: Slot | None = None) -> Decision:
        """Left to the person."""
        return Decision(
            Outcome.LEAVE,
            reason,
            rule=self.rule.name if self.rule else None,
            trace=(*self.trace, Trace(step, reason, hit=True)),
            appointment=self.only_time,
            check_in=self.rule.check_in if self.rule else None,
            retry=retry,
            free=free,
            from_rule=self.rule is not None,
        )

    def say(self, moment: datetime) -> str:
        """A moment on the person's clock, for reasons."""
        local = self.situation.local(moment)
        return f"{WEEKDAYS[local.weekday()].title()} {local:%Y-%m-%d %H:%M}"


def _decide(desk: _Desk) -> Decision:
    reading = desk.reading
    if reading.kind is Kind.SCAM:
        return desk.leave("this looks like a swindle; it is never answered", "safety")
    if (obstacle := _sent_by_no_one(desk)) is not None:
        return desk.leave(obstacle, "safety")
    if reading.public_body:
        return desk.leave(
            "from a public body: not appearing can have legal effects, so it is yours to answer", "safety"
        )
    if reading.kind not in _RULED:
        return desk.leave(_NOTHING_TO_ANSWER[reading.kind])
    if not reading.sure("kind"):
        return desk.leave(f"it is not clear what this mail asks for{_candidates(reading, 'kind')}", "reading")
    rule, trace = first_match(desk.settings.rules, Facts(desk.situation), desk.situation.local(desk.now).date())
    desk = replace(desk, trace=trace, rule=rule)
    if rule is not None:
        return _by_rule(desk, rule)
    return _by_table(desk)


def _sent_by_no_one(desk: _Desk) -> str | None:
    """Why there is nobody to answer: machines, lists (RFC 3834, RFC 2919), and mail that the person forwarded."""
    mail = desk.situation.message
    if mail.automatic in _MACHINES:
        return "this mail was sent automatically or to a list; nobody waits for an answer to it"
    if mail.from_ is not None and mail.from_.addr_spec.lower() in desk.settings.me.addresses:
        return "you sent or forwarded this yourself; whom to answer is for you to say"
    return None


def _candidates(reading: Reading, *fields: str) -> str:
    found = [candidate for item in reading.unsure if item.field in fields for candidate in item.candidates]
    return f" ({' or '.join(found[:4])})" if found else ""


# --- rules --------------------------------------------------------------------------------------------------------


def _by_rule(desk: _Desk, rule: Rule) -> Decision:
    match rule.then:
        case Outcome.LEAVE:
            return desk.leave(f"your rule “{rule.name}” leaves it to you", f"rule: {rule.name}")
        case Outcome.DECLINE:
            return _decline(desk, rule)
        case _ if desk.reading.kind is Kind.SELF_SCHEDULE or _portal_only(desk):
            return _hand_over(desk)
        case Outcome.PROPOSE:
            return _offer(desk, Outcome.PROPOSE, f"your rule “{rule.name}”")
        case Outcome.ACCEPT:
            return _by_table(desk, accept=True)
        case Outcome.RESCHEDULE:
            return _reschedule_by_rule(desk, rule)


def _decline(desk: _Desk, rule: Rule) -> Decision:
    if obstacle := _cannot_write(desk):
        return desk.leave(obstacle, "reply")
    told = _told_reason(desk, rule)
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


def _reschedule_by_rule(desk: _Desk, rule: Rule) -> Decision:
    """Times of theirs from `not_before` on are tested first; without such a day the rule speaks of all of them."""
    why = f"your rule “{rule.name}”"
    if (doubt := _doubtful_times(desk)) is not None:
        return doubt
    if not (desk.reading.slots or desk.reading.windows):
        return _offer(desk, Outcome.PROPOSE, why, rule.not_before)
    if rule.not_before is not None and (free := _free(desk, rule.not_before)):
        return _accept(desk, free)
    return _offer(desk, Outcome.RESCHEDULE, why, rule.not_before)


def _told_reason(desk: _Desk, rule: Rule) -> str | None:
    """The phrase for the letter in the mail's language; what this company was told before is told again."""
    lang = desk.reading.lang or ""
    before = _told_before(desk, rule.then)
    if before is None:
        return rule.reason.get(lang)
    for other in (rule, *desk.settings.rules):
        if before in other.reason.values():
            return other.reason.get(lang)
    return before if (lang,) == desk.settings.me.languages else None


def _told_before(desk: _Desk, outcome: Outcome) -> str | None:
    """The reason that was last given for this: of a decline to the same company, of a move in the same case.

    Why a talk is moved may truly differ from one month to the next; why one does not want to work there may not.
    """
    told = [
        answer
        for answer in desk.situation.history
        if answer.outcome is outcome and answer.reason
        if (_same_listener(answer, desk) if outcome is Outcome.DECLINE else desk.case and answer.case == desk.case.id)
    ]
    return max(told, key=lambda answer: answer.at).reason if told else None


def _same_listener(answer: Answered, desk: _Desk) -> bool:
    """The same company; where one is not named, the same person at the same domain."""
    company, domain = desk.reading.company, desk.case.domain if desk.case else None
    if answer.company and company:
        return same_company(answer.company, company)
    same_house = domain is not None and answer.domain == domain
    return same_house and same_person(answer.contact, desk.reading.contact)


# --- the table ----------------------------------------------------------------------------------------------------


def _by_table(desk: _Desk, *, accept: bool = False) -> Decision:
    reading = desk.reading
    if reading.kind is Kind.OUTREACH and not accept:
        return desk.leave("somebody asks whether you are interested; no rule of yours says what to answer")
    if reading.kind is Kind.SELF_SCHEDULE or _portal_only(desk):
        return _hand_over(desk)
    if (doubt := _doubtful_times(desk)) is not None:
        return doubt
    proposed = desk.situation.proposed
    if _asks_when(reading, proposed):
        return _offer(desk, Outcome.PROPOSE, "they ask when you can")
    if proposed is None:
        return _no_calendar(desk)
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


def _none_free(desk: _Desk, proposed: Sequence[Proposed]) -> Decision:
    left = [item for item in proposed if not item.busy]
    if not left:
        return _offer(desk, Outcome.RESCHEDULE, "you are busy at every time they propose")
    best = min(left, key=lambda item: (list(Verdict).index(item.fit.verdict), item.slot.start))
    if desk.settings.replies.outside_hours == "reschedule" and not desk.starts_soon:
        return _offer(desk, Outcome.RESCHEDULE, f"{desk.say(best.slot.start)} is {_phrase(best)}")
    return desk.leave(f"{desk.say(best.slot.start)} does not collide, but: {_phrase(best)}", "calendar")


def _phrase(item: Proposed) -> str:
    return item.fit.why


def _doubtful_times(desk: _Desk) -> Decision | None:
    if desk.nonsense:
        return desk.leave("a time in it lies years away, which cannot be meant", "reading")
    for name in ("slots", "windows"):
        if not desk.reading.sure(name):
            why = next(item.why for item in desk.reading.unsure if item.field == name)
            return desk.leave(f"their time can be taken in two ways: {why}{_candidates(desk.reading, name)}", "reading")
    return None


def _chosen(desk: _Desk) -> Decision | None:
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


def _free(desk: _Desk, not_before: date | None = None) -> Proposed | None:
    """The earliest of their times that suits, on or after a day on the person's clock."""
    fitting = [
        item
        for item in desk.situation.proposed or ()
        if item.free and (not_before is None or desk.situation.local(item.slot.start).date() >= not_before)
    ]
    return min(fitting, key=lambda item: item.slot.start, default=None)


def _accept(desk: _Desk, free: Proposed, *, rule_accepts: bool = False) -> Decision:
    """One of theirs fits: accepted where the person wants that, else told. Never a draft within 24 hours."""
    told = f"{desk.say(free.slot.start)} is free for you" if free.free else "you accept it yourself"
    wanted = rule_accepts or desk.settings.replies.accept == "draft"
    too_late = free.slot.start - desk.now < CALL_FIRST and not desk.own_word
    if not wanted or too_late:
        return desk.leave(told, "calendar", free=free.slot)
    if obstacle := _cannot_write(desk):
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


# --- offering times -----------------------------------------------------------------------------------------------


def _offer(desk: _Desk, outcome: Outcome, why: str, not_before: date | None = None) -> Decision:
    """A reschedule or a proposal with free times, or the reason why there is none."""
    if obstacle := _cannot_write(desk) or (_budget_used(desk) if outcome is Outcome.RESCHEDULE else None):
        return desk.leave(f"{why}, but {obstacle}", "reply")
    if not desk.calendar.known:
        return _no_calendar(desk)
    told, ours = _offer_reason(desk, outcome)
    if ours is None:
        return desk.leave(f"{why}, but the rule has no reason in the language of the mail", "reason")
    found = _search(desk, not_before, within=outcome is Outcome.PROPOSE)
    if not found.slots:
        return desk.leave(f"{why}, but there is {found.reason or 'no free time'}", "slots")
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
    )


def _offer_reason(desk: _Desk, outcome: Outcome) -> tuple[str | None, bool | None]:
    """The phrase to tell, and whether a rule speaks; (None, None): the rule cannot speak in this language.

    A collision has its own true phrase, which also serves an order without a reason. A proposal needs no reason.
    """
    rule = desk.rule
    if rule is None:
        return None, False
    told = _told_reason(desk, rule) if outcome is rule.then else rule.reason.get(desk.reading.lang or "")
    if told is not None or outcome is Outcome.PROPOSE:
        return told, True
    collides = bool(desk.situation.proposed) and all(item.busy for item in desk.situation.proposed or ())
    ordered = desk.own_word and not rule.reason
    return (None, False) if collides or ordered else (None, None)


def _search(desk: _Desk, not_before: date | None = None, *, within: bool = False) -> SlotSearch:
    """Free times (`within` the hours that they ask about); those that they proposed themselves, or that are to be
    moved, are no alternatives to themselves."""
    length = duration_of(desk.reading, desk.case, desk.settings.availability)
    theirs = [slot.period(length) for slot in (*desk.reading.slots, *desk.reading.previous_slots)]
    suits = (_inside_windows(desk, length) if within else None) or _outside_rule(desk)
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


def _inside_windows(desk: _Desk, length: timedelta) -> Callable[[Period], bool] | None:
    """Who asks when I can on certain days is offered times on those days."""
    if desk.reading.kind is not Kind.AVAILABILITY_REQUEST or not desk.reading.windows:
        return None
    windows = [window.period(max(length, timedelta(hours=4))) for window in desk.reading.windows]
    return lambda period: any(window.contains(period) for window in windows)


def _outside_rule(desk: _Desk) -> Callable[[Period], bool] | None:
    """A rule about times does not offer what it would move again."""
    rule = desk.rule
    if rule is None or rule.then is not Outcome.RESCHEDULE or not asks_for(rule.when) & _OF_TIMES:
        return None

    def suits(period: Period) -> bool:
        offered = replace(desk.reading, slots=(Slot(period.start, period.end),), windows=(), unsure=())
        return judge(rule.when, Facts(replace(desk.situation, reading=offered))).truth is not True

    return suits


def _with_deadline(desk: _Desk, found: SlotSearch) -> _Desk:
    deadline = desk.case.deadline if desk.case else None
    if deadline is None:
        return desk
    if deadline <= desk.now:
        return desk.noting("deadline", f"an answer was asked for by {desk.say(deadline)}, which is over")
    late = "; the first free time is after it" if found.slots[0].start > deadline else ""
    return desk.noting("deadline", f"answer by {desk.say(deadline)}{late}")


def _hand_over(desk: _Desk) -> Decision:
    """A booking page or a portal: the person books; link and free times go into the note."""
    link = desk.reading.scheduling_link or desk.reading.url
    page = f"you book this yourself{f' at {link}' if link else ''}"
    if not desk.calendar.known:
        return desk.leave(f"{page}; your calendar is not known at the moment", "slots", retry=True)
    found = _search(desk)
    times = ", ".join(desk.say(period.start) for period in found.slots)
    reason = f"{page}; free for you: {times}" if times else f"{page}; there is {found.reason or 'no free time'}"
    return replace(desk.leave(reason, "slots"), worth_knowing=found.slots)


# --- what stands against a letter ---------------------------------------------------------------------------------


def _cannot_write(desk: _Desk) -> str | None:
    """Why no letter can be written, as a clause."""
    reading, languages = desk.reading, desk.settings.me.languages
    if reading.reply_to is None:
        return "the mail has no address that can be answered"
    if not reading.sure("reply_to"):
        return f"it is not clear which address to answer{_candidates(reading, 'reply_to')}"
    if reading.lang not in languages:
        return f"it is written in a language you do not answer in ({reading.lang or 'unknown'})"
    return None


def _budget_used(desk: _Desk) -> str | None:
    moved = desk.case.reschedules_by_me if desk.case else 0
    if desk.own_word or moved < desk.settings.replies.max_reschedules:
        return None
    return f"you asked them for another time {moved} times already"


def _portal_only(desk: _Desk) -> bool:
    return desk.reading.reply_to is None and desk.reading.scheduling_link is not None


def _no_calendar(desk: _Desk) -> Decision:
    why = f": {desk.calendar.detail}" if desk.calendar.detail else ""
    return desk.leave(f"your calendar is not known at the moment{why}", "calendar", retry=True)
