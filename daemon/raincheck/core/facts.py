"""Where the facts of rules come from: a reading, its message, the case, history, promises and the calendar.

Every fact is worked out when a rule first asks for it. What the mail does not say, or says so that it can be taken in
two ways, is UNKNOWN; so is all that needs a calendar while none is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from raincheck.core.authentication import authenticated
from raincheck.core.likeness import role_within, same_company
from raincheck.core.model import Kind
from raincheck.core.rules import SOURCES, UNKNOWN, Times
from raincheck.core.slots import Verdict

if TYPE_CHECKING:
    from datetime import datetime

    from raincheck.core.model import Answered, Case, Hold, Message, Period, Reading
    from raincheck.core.proposed import Proposed

# The fields whose doubt makes a fact unknown, where it is not a field of the same name.
_TIMES = ("slots", "windows")
_FIELDS = {
    "language": ("lang",),
    "duration": ("duration_minutes",),
    **dict.fromkeys(("times", "notice", "same_day", "busy", "free", "outside_hours", "interviews_that_week"), _TIMES),
}


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a rule may look at. `proposed` is None while the calendar is not known."""

    reading: Reading
    message: Message
    case: Case | None
    account: str
    authserv_id: str | None
    timezone: str  # of the person
    now: datetime
    proposed: tuple[Proposed, ...] | None = None
    holds: Sequence[Hold] = ()
    interviews: Sequence[Period] = ()
    history: Sequence[Answered] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The person's zone."""
        return ZoneInfo(self.timezone)

    def local(self, moment: datetime) -> datetime:
        """The moment on the person's clock."""
        return moment.astimezone(self.zone)


@dataclass(frozen=True, slots=True)
class Facts(Mapping[str, object]):
    """The facts of one situation by name, each computed once and only when asked for."""

    situation: Situation
    _known: dict[str, object] = field(default_factory=dict)

    def __getitem__(self, name: str) -> object:
        if name not in self._known:
            self._known[name] = self._compute(name)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_FACTS)

    def __len__(self) -> int:
        return len(_FACTS)

    def _compute(self, name: str) -> object:
        compute = _FACTS[name]
        if not all(self.situation.reading.sure(part) for part in _FIELDS.get(name, (name,))):
            return UNKNOWN
        value = compute(self.situation)
        return UNKNOWN if value is None or value == "" else value


# --- texts --------------------------------------------------------------------------------------------------------


def _field(name: str) -> Callable[[Situation], object]:
    return lambda s: getattr(s.reading, name)


def _sender(s: Situation) -> object:
    sender = s.message.from_
    return tuple(filter(None, (sender.addr_spec, sender.display_name))) if sender else None


def _domain(s: Situation) -> object:
    return s.message.from_.domain if s.message.from_ else None


def _previous_outcome(s: Situation) -> object:
    """What this company was told last; no value when nothing was."""
    if s.reading.company is None:
        return None
    told = [answer for answer in s.history if same_company(answer.company, s.reading.company)]
    return (max(told, key=lambda answer: answer.at).outcome.value,) if told else ()


# --- flags --------------------------------------------------------------------------------------------------------


def _same_day(s: Situation) -> object:
    times = _times(s)
    return all(m.date() == s.local(s.now).date() for m in times.moments) if times else None


def _verdicts(s: Situation) -> tuple[Proposed, ...] | None:
    """Their judged times; None when there are none or one of them may be the invitation itself."""
    return s.proposed if s.proposed and not any(p.unclear for p in s.proposed) else None


def _busy(s: Situation) -> object:
    judged = _verdicts(s)
    return all(p.busy for p in judged) if judged else None


def _free(s: Situation) -> object:
    judged = _verdicts(s)
    return any(p.free for p in judged) if judged else None


def _outside_hours(s: Situation) -> object:
    """Everything that does not collide lies outside the hours."""
    judged = _verdicts(s)
    left = [p for p in judged or () if not p.busy]
    return bool(left) and all(p.fit.verdict is Verdict.OUTSIDE_HOURS for p in left) if judged else None


def _asks_availability(s: Situation) -> object:
    asked = s.reading.kind is Kind.AVAILABILITY_REQUEST
    return asked or (s.reading.kind is Kind.INVITATION and not (s.reading.slots or s.reading.windows))


def _authenticated(s: Situation) -> object:
    domain = _domain(s)
    if s.authserv_id is None or not isinstance(domain, str):
        return None
    return authenticated(s.message.authentication_results, s.authserv_id, domain)


def _role_changed(s: Situation) -> object:
    """Two titles were named in the thread of which neither only says the other more closely."""
    seen = (*(s.case.roles_seen if s.case else ()), *filter(None, [s.reading.role]))
    if not seen:
        return None
    return any(not role_within(one, other) for one in seen for other in seen)


# --- numbers and times --------------------------------------------------------------------------------------------


def _times(s: Situation) -> Times | None:
    if not (s.reading.slots or s.reading.windows):
        return None
    return Times.of(s.reading.slots, s.reading.windows, s.zone)


def _notice(s: Situation) -> object:
    """From now to the first of their times."""
    starts = [slot.start for slot in (*s.reading.slots, *s.reading.windows)]
    return min(starts) - s.now if starts else None


def _offers_open(s: Situation) -> object:
    """Other cases to which times are on offer now."""
    own = s.case.id if s.case else None
    return len({hold.case for hold in s.holds if hold.expires > s.now and hold.case != own})


def _interviews_that_week(s: Situation) -> object:
    """Other confirmed interviews in the week of their times; of several weeks the emptiest."""
    times = _times(s)
    if times is None:
        return None
    agreed = s.case.appointment.start if s.case and s.case.appointment else None
    weeks = [s.local(talk.start).isocalendar()[:2] for talk in s.interviews if talk.start != agreed]
    return min(weeks.count(moment.isocalendar()[:2]) for moment in times.moments)


_FACTS: Final[Mapping[str, Callable[[Situation], object]]] = {
    **{name: _field(name) for name in ("role", "company", "contact", "location", "stage", "format", "seniority")},
    **{name: _field(name) for name in ("agency", "remote", "salary")},
    "skills": lambda s: s.reading.skills or None,
    "language": _field("lang"),
    "kind": lambda s: s.reading.kind.value,
    "duration": _field("duration_minutes"),
    "sender": _sender,
    "domain": _domain,
    "subject": lambda s: s.message.subject,
    "text": lambda s: s.message.newest,
    "account": lambda s: s.account,
    "previous_outcome": _previous_outcome,
    "scam": lambda s: s.reading.kind is Kind.SCAM,
    "same_day": _same_day,
    "busy": _busy,
    "free": _free,
    "outside_hours": _outside_hours,
    "has_itip": lambda s: s.reading.scheduling is not None,
    "asks_availability": _asks_availability,
    "authenticated": _authenticated,
    "role_changed": _role_changed,
    "times": _times,
    "notice": _notice,
    "offers_open": _offers_open,
    "interviews_that_week": _interviews_that_week,
    "reschedules_by_them": lambda s: s.case.reschedules_by_them if s.case else 0,
    "reschedules_by_me": lambda s: s.case.reschedules_by_me if s.case else 0,
}
assert _FACTS.keys() >= SOURCES
