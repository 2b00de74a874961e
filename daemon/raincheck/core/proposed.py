"""The times that they propose, held against calendar, promises and hours; the case's own event does not count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from raincheck.core.model import BusyPeriod, Period, Slot
from raincheck.core.slots import Fit, Verdict, assess, assess_window, same_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from raincheck.core.model import Case, Hold, Reading
    from raincheck.core.settings import Availability


@dataclass(frozen=True, slots=True)
class Proposed:
    """One of their times and how it suits. For a window, `slot` is the best start in it."""

    slot: Slot
    fit: Fit
    unclear: bool = False  # an equal event of nobody's lies in the calendar: perhaps the invitation itself

    @property
    def free(self) -> bool:
        """True when nothing speaks against it."""
        return self.fit.verdict is Verdict.FREE and not self.unclear

    @property
    def busy(self) -> bool:
        """True when it collides."""
        return self.fit.verdict is Verdict.BUSY and not self.unclear


def duration_of(reading: Reading, case: Case | None, availability: Availability) -> timedelta:
    """How long the talk takes: as this mail says, else as the case knows, else as the person assumes."""
    known = reading.duration_minutes or (case.duration_minutes if case else None)
    return timedelta(minutes=known if known and 0 < known <= 24 * 60 else availability.duration)


def judge_times(
    reading: Reading,
    case: Case | None,
    availability: Availability,
    busy: Sequence[BusyPeriod],
    *,
    now: datetime,
    holds: Iterable[Hold] = (),
    interviews: Iterable[Period] = (),
) -> tuple[Proposed, ...]:
    """Their slots, then their windows, each judged; those that have begun are left out."""
    length = duration_of(reading, case, availability)
    agreed = case.appointment.start if case and case.appointment else None
    talks = tuple(talk for talk in interviews if talk.start != agreed)
    promised = tuple(holds)
    name = case.id if case else None
    found: list[Proposed] = []
    for slot in reading.slots:
        if slot.start > now:
            period = _utc(slot.period(length))
            others, unclear = _others(busy, reading, case, period)
            fit = assess(availability, others, period, now=now, holds=promised, interviews=talks, case=name)
            found.append(Proposed(slot, fit, unclear and fit.verdict is not Verdict.BUSY))
    for window in reading.windows:
        period = _utc(window.period(max(length, timedelta(hours=4))))
        if period.end > now:
            others, _ = _others(busy, reading, case, period)
            fit = assess_window(
                availability, others, period, length, now=now, holds=promised, interviews=talks, case=name
            )
            zone = window.start.tzinfo
            found.append(Proposed(Slot(fit.period.start.astimezone(zone), fit.period.end.astimezone(zone)), fit))
    return tuple(found)


def beside_the_talk(busy: Iterable[BusyPeriod], case: Case, promised: Iterable[Period]) -> tuple[BusyPeriod, ...]:
    """The busy periods without the talk itself, which stands in the calendar once it was invited to or accepted."""
    talks = tuple(map(_utc, promised))

    def is_it(item: BusyPeriod) -> bool:
        about = {"uid": case.ical_uid, "organizer": case.counterpart, "company": case.company}
        return any(same_case(item, period=period, **about) == "same" for period in talks)

    return tuple(item for item in busy if not is_it(item))


def _utc(period: Period) -> Period:
    return Period(period.start.astimezone(UTC), period.end.astimezone(UTC))


def _others(
    busy: Sequence[BusyPeriod], reading: Reading, case: Case | None, period: Period
) -> tuple[tuple[BusyPeriod, ...], bool]:
    """The busy periods that are not this case's, and whether an equal one stands there of which nobody can tell."""
    scheduling = reading.scheduling
    uid = (scheduling.uid if scheduling else None) or (case.ical_uid if case else None)
    organizer = scheduling.organizer.addr_spec if scheduling and scheduling.organizer else None
    organizer = organizer or reading.reply_to or (case.counterpart if case else None)
    company = reading.company or (case.company if case else None)
    others: list[BusyPeriod] = []
    unclear = False
    for item in busy:
        verdict = same_case(item, uid=uid, period=period, organizer=organizer, company=company)
        if verdict == "other":
            others.append(item)
        unclear = unclear or verdict == "unclear"
    return tuple(others), unclear
