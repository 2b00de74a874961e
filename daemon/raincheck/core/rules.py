"""What a rule may ask, and the answer in three values: true, false, or None for "the mail does not say".

Facts come as a plain mapping from name to value or UNKNOWN. A rule fires on true alone, never on an unknown (Kleene).
Texts: a string is a case-insensitive search, a list is equality with any; docs/rules.md tells every fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import Enum, StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import regex

from raincheck.core.counted import counted
from raincheck.core.model import Salary, Slot, Trace
from raincheck.core.settings import WEEKDAYS, All, AnyOf, Condition, Not, Rule, Test, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime, tzinfo

MAX_PATTERN = 500  # characters of a rule's pattern
SEARCH_SECONDS = 0.05
Truth = bool | None


class Missing(Enum):
    """The value of a fact that the mail does not tell."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Missing.UNKNOWN


@dataclass(frozen=True, slots=True)
class Times:
    """The value of the fact `times`: the instants that count of each of their times, on the person's clock.

    A proposed time counts by its start; a window by its first and its last moment.
    """

    moments: tuple[datetime, ...]

    @classmethod
    def of(cls, slots: Sequence[Slot], windows: Sequence[Slot], zone: tzinfo) -> Times:
        """From what a mail proposes, which must be at least one time."""
        ends = [window.end - timedelta(seconds=1) for window in windows if window.end is not None]
        starts = [time_.start for time_ in (*slots, *windows)]
        return cls(tuple(moment.astimezone(zone) for moment in (*starts, *ends)))


# --- the facts ----------------------------------------------------------------------------------------------------


class Expects(StrEnum):
    """What a condition is held against, as it stands in TOML."""

    TEXT = "a text or a list of texts"
    FLAG = "true or false"
    COUNT = "a whole number"
    MONEY = '{ amount = 70000, currency = "EUR", period = "year" }'
    MINUTES = "minutes"
    LENGTH = 'a length of time such as "24h"'
    WEEKDAY = 'a weekday such as "fri", or a list of them'
    CLOCK = 'a time of day such as "09:00"'
    DAY = "a date such as 2026-12-01"


@dataclass(frozen=True, slots=True)
class Fact:
    """One name that a rule may ask for: what it expects, from which value it is judged, and how."""

    expects: Expects
    source: str
    holds: Callable[[Any, Any], Truth]


def _search(value: str | tuple[str, ...], expected: str | tuple[str, ...]) -> Truth:
    texts = (value,) if isinstance(value, str) else value
    if isinstance(expected, tuple):
        wanted = {text.casefold() for text in expected}
        return any(text.casefold() in wanted for text in texts)
    pattern = compiled(expected)
    try:
        return any(pattern.search(text, timeout=SEARCH_SECONDS) is not None for text in texts)
    except TimeoutError:
        return None


@lru_cache(maxsize=512)
def compiled(pattern: str) -> regex.Pattern[str]:
    """The pattern as it is searched for. Raises regex.error."""
    return regex.compile(pattern, regex.IGNORECASE | regex.V0)


def _domain(value: str, expected: str | tuple[str, ...]) -> Truth:
    names = (expected,) if isinstance(expected, str) else expected
    return any(f".{value}".endswith("." + name.lower().strip(".@")) for name in names)


def _count(value: float, expected: float) -> Truth:
    return value == 0 if expected == 0 else value >= expected


_HOURS_A_YEAR = {"hour": 52 * 40, "day": 52 * 5, "month": 12, "year": 1}


def _yearly(salary: Salary) -> float | None:
    """The pay of a full-time year; None when the period is not said."""
    return salary.amount * _HOURS_A_YEAR[salary.period] if salary.period in _HOURS_A_YEAR else None


def _pay(compare: Callable[[float, float], bool]) -> Callable[[Salary, Salary], Truth]:
    def holds(value: Salary, expected: Salary) -> Truth:
        stated, wanted = _yearly(value), _yearly(expected)
        if stated is None or wanted is None:
            return None
        if expected.currency is not None and value.currency != expected.currency:
            return None
        return compare(stated, wanted)

    return holds


def _every(test: Callable[[datetime, Any], bool]) -> Callable[[Times, Any], Truth]:
    return lambda value, expected: all(test(moment, expected) for moment in value.moments)


def _weekday(moment: datetime, expected: str | tuple[str, ...]) -> bool:
    return WEEKDAYS[moment.weekday()] in ((expected,) if isinstance(expected, str) else expected)


def _text(name: str) -> Fact:
    return Fact(Expects.TEXT, name, _search)


def _flag(name: str) -> Fact:
    return Fact(Expects.FLAG, name, lambda value, expected: value is expected)


_TEXTS = (
    *("role", "company", "contact", "sender", "subject", "text", "location", "language", "stage", "format"),
    *("kind", "account", "seniority", "skills", "previous_outcome"),
)
_FLAGS = (
    *("agency", "scam", "remote", "same_day", "busy", "free", "outside_hours", "has_itip", "asks_availability"),
    *("authenticated", "role_changed"),
)
_COUNTS = ("offers_open", "interviews_that_week", "reschedules_by_them", "reschedules_by_me")

FACTS: Final[Mapping[str, Fact]] = {
    **{name: _text(name) for name in _TEXTS},
    "domain": Fact(Expects.TEXT, "domain", _domain),
    **{name: _flag(name) for name in _FLAGS},
    **{name: Fact(Expects.COUNT, name, _count) for name in _COUNTS},
    "salary_below": Fact(Expects.MONEY, "salary", _pay(lambda stated, wanted: stated < wanted)),
    "salary_above": Fact(Expects.MONEY, "salary", _pay(lambda stated, wanted: stated > wanted)),
    "duration_below": Fact(Expects.MINUTES, "duration", lambda value, expected: value < expected),
    "duration_above": Fact(Expects.MINUTES, "duration", lambda value, expected: value > expected),
    "notice_below": Fact(Expects.LENGTH, "notice", lambda value, expected: value < expected),
    "weekday": Fact(Expects.WEEKDAY, "times", _every(_weekday)),
    "time_before": Fact(Expects.CLOCK, "times", _every(lambda moment, clock: moment.time() < clock)),
    "time_after": Fact(Expects.CLOCK, "times", _every(lambda moment, clock: moment.time() >= clock)),
    "interview_from": Fact(Expects.DAY, "times", _every(lambda moment, day: moment.date() >= day)),
    "interview_until": Fact(Expects.DAY, "times", _every(lambda moment, day: moment.date() <= day)),
}
SOURCES: Final = frozenset(fact.source for fact in FACTS.values())


# --- judging ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a condition holds, and what is so, in words (for true, false and unknown alike)."""

    truth: Truth
    words: str


def judge(condition: Condition, facts: Mapping[str, object]) -> Judgement:
    """Holds a condition against the facts."""
    match condition:
        case Test():
            return _test(condition, facts)
        case Unknown(facts=names):
            known = [name for name in names if facts[_source(name)] is not UNKNOWN]
            words = ", ".join(f"{name} is {'known' if name in known else 'not known'}" for name in names)
            return Judgement(not known, words)
        case Not(part=part):
            inner = judge(part, facts)
            return Judgement(None if inner.truth is None else not inner.truth, inner.words)
        case All(parts=parts):
            return _joined([judge(part, facts) for part in parts], decisive=False)
        case AnyOf(parts=parts):
            return _joined([judge(part, facts) for part in parts], decisive=True)


def asks_for(condition: Condition) -> frozenset[str]:
    """The names of the values on which a condition rests."""
    match condition:
        case Test(fact=name):
            return frozenset((_source(name),))
        case Unknown(facts=names):
            return frozenset(map(_source, names))
        case Not(part=part):
            return asks_for(part)
        case All(parts=parts) | AnyOf(parts=parts):
            return frozenset[str]().union(*map(asks_for, parts))


def _source(name: str) -> str:
    return FACTS[name].source if name in FACTS else name


def _joined(parts: Sequence[Judgement], *, decisive: bool) -> Judgement:
    """Kleene's and (decisive false) or or (decisive true): a decisive part decides, then an unknown one."""
    for truth in (decisive, None):
        found = next((part for part in parts if part.truth is truth), None)
        if found is not None:
            return found
    return Judgement(not decisive, " and ".join(part.words for part in parts) or "it asks for nothing")


def _test(test: Test, facts: Mapping[str, object]) -> Judgement:
    fact = FACTS[test.fact]
    value = facts[fact.source]
    if value is UNKNOWN:
        return Judgement(None, f"{test.fact} is not known")
    truth = fact.holds(value, test.expected)
    if truth is None:
        return Judgement(None, f"{test.fact} ({_said(value)}) cannot be compared with {_said(test.expected)}")
    return Judgement(
        truth, f"{test.fact} ({_said(value)}) {'fits' if truth else 'does not fit'} {_said(test.expected)}"
    )


def _said(value: object) -> str:
    """A value in words, short."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return f"“{value[:60]}…”" if len(value) > 60 else f"“{value}”"
        case tuple():
            return ", ".join(_said(item) for item in value[:5]) or "none"
        case Times():
            return ", ".join(f"{WEEKDAYS[m.weekday()].title()} {m:%Y-%m-%d %H:%M}" for m in value.moments[:4])
        case Salary():
            return " ".join(filter(None, (f"{value.amount:.0f}", value.currency, value.period and f"a {value.period}")))
        case timedelta():
            return counted(round(value.total_seconds() / 3600), "hour")
        case time():
            return f"{value:%H:%M}"
        case float():
            return f"{value:g}"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def first_match(
    rules: Iterable[Rule], facts: Mapping[str, object], today: date
) -> tuple[Rule | None, tuple[Trace, ...]]:
    """The first rule that is active today and whose condition is true, and a line for every rule that was tried."""
    trace: list[Trace] = []
    for rule in rules:
        if not active(rule, today):
            trace.append(Trace(f"rule: {rule.name}", "not active today"))
            continue
        found = judge(rule.when, facts)
        trace.append(Trace(f"rule: {rule.name}", found.words, hit=found.truth is True))
        if found.truth is True:
            return rule, tuple(trace)
    return None, tuple(trace)


def active(rule: Rule, today: date) -> bool:
    """True on the days from `active_from` to `active_until`, both included."""
    begun = rule.active_from is None or rule.active_from <= today
    return begun and (rule.active_until is None or today <= rule.active_until)
