"""What lies on the table while one mail is decided, and what stands against writing a letter at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from raincheck.core.model import Decision, Outcome, Trace
from raincheck.core.settings import WEEKDAYS

if TYPE_CHECKING:
    from datetime import datetime

    from raincheck.core.facts import Situation
    from raincheck.core.model import CalendarView, Case, Reading, Slot
    from raincheck.core.settings import Rule, Settings

CALL_FIRST = timedelta(hours=24)
_FAR = timedelta(days=5 * 365)
_LONG = timedelta(days=31)


def plausible(reading: Reading, now: datetime) -> tuple[Reading, bool]:
    """The reading without times that nobody means (the year 9999), and whether there were such."""

    def near(slot: Slot) -> bool:
        return abs(slot.start - now) <= _FAR and (slot.end is None or slot.end - slot.start <= _LONG)

    kept = replace(
        reading,
        slots=tuple(filter(near, reading.slots)),
        windows=tuple(filter(near, reading.windows)),
        periods=tuple(filter(near, reading.periods)),
        previous_slots=tuple(filter(near, reading.previous_slots)),
    )
    return kept, (kept.slots, kept.windows) != (reading.slots, reading.windows)


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on the table while one mail is decided: the situation, the settings, the steps so far."""

    situation: Situation
    settings: Settings
    calendar: CalendarView
    trace: tuple[Trace, ...] = ()
    rule: Rule | None = None
    nonsense: bool = False  # a time in the mail cannot be meant

    @property
    def reading(self) -> Reading:
        """What was read in the mail."""
        return self.situation.reading

    @property
    def case(self) -> Case | None:
        """The case, which knows the mail already."""
        return self.situation.case

    @property
    def now(self) -> datetime:
        """The moment of the decision."""
        return self.situation.now

    @property
    def starts_soon(self) -> bool:
        """All of their times that are still ahead begin within 24 hours: a mail may come too late."""
        ahead = [slot.start for slot in (*self.reading.slots, *self.reading.windows) if slot.start > self.now]
        return bool(ahead) and max(ahead) - self.now < CALL_FIRST

    @property
    def only_time(self) -> Slot | None:
        """The appointment that can be named, when it is all that they offer."""
        ahead = [slot for slot in self.reading.slots if slot.start > self.now] or self.reading.slots
        return ahead[0] if len(ahead) == 1 and not self.reading.windows else None

    @property
    def own_word(self) -> bool:
        """The person's order for this case and no rule of a file: what guards against haste does not bind it."""
        return self.rule is not None and not self.rule.origin

    def noting(self, step: str, detail: str, *, hit: bool = False) -> Desk:
        """The same with one step more in the trace."""
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


def candidates(reading: Reading, *fields: str) -> str:
    """What a doubtful field could be, in brackets; "" when nothing is told."""
    found = [candidate for item in reading.unsure if item.field in fields for candidate in item.candidates]
    return f" ({' or '.join(found[:4])})" if found else ""


def cannot_write(desk: Desk) -> str | None:
    """Why no letter can be written, as a clause."""
    reading, languages = desk.reading, desk.settings.me.languages
    if reading.reply_to is None:
        return "the mail has no address that can be answered"
    if not reading.sure("reply_to"):
        return f"it is not clear which address to answer{candidates(reading, 'reply_to')}"
    if reading.lang not in languages:
        return f"it is written in a language you do not answer in ({reading.lang or 'unknown'})"
    return None


def budget_used(desk: Desk) -> str | None:
    """Why the next move is the person's, as a clause."""
    moved = desk.case.reschedules_by_me if desk.case else 0
    if desk.own_word or moved < desk.settings.replies.max_reschedules:
        return None
    return f"you asked them for another time {'once' if moved == 1 else f'{moved} times'} already"


def portal_only(desk: Desk) -> bool:
    """True when there is a page to book at and no address to write to."""
    return desk.reading.reply_to is None and desk.reading.scheduling_link is not None


def no_calendar(desk: Desk) -> Decision:
    """Left until the calendar is back."""
    why = f": {desk.calendar.detail}" if desk.calendar.detail else ""
    return desk.leave(f"your calendar is not known at the moment{why}", "calendar", retry=True)


def doubtful_times(desk: Desk) -> Decision | None:
    """Left, when their times can be taken in two ways; None when they are clear."""
    if desk.nonsense:
        return desk.leave("a time in it lies years away, which cannot be meant", "reading")
    for name in ("slots", "windows"):
        if not desk.reading.sure(name):
            why = next(item.why for item in desk.reading.unsure if item.field == name)
            return desk.leave(f"their time can be taken in two ways: {why}{candidates(desk.reading, name)}", "reading")
    return None
