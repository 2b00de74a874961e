"""Values for tests of rules, decisions and cases: a person in Berlin on a Monday morning, and mails to her."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from raincheck.core.case import opened, updated
from raincheck.core.decide import decide
from raincheck.core.model import (
    Address,
    Answered,
    BusyPeriod,
    CalendarView,
    Case,
    Decision,
    Hold,
    Kind,
    Message,
    MessageRef,
    Outcome,
    Period,
    Reading,
    Salary,
    Segment,
    SegmentKind,
    Slot,
    Unsure,
)
from raincheck.core.settings import Availability, Me, Replies, Rule, Settings

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=BERLIN)  # a Monday
ME = Me(name="Robin", addresses=("robin@example.net",), timezone="Europe/Berlin", languages=("en", "de"))


def at(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    """A time in Berlin; the first of December 2026 is a Tuesday."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def slot(day: int, hour: int, minutes: int = 45) -> Slot:
    return Slot(at(day, hour), at(day, hour) + timedelta(minutes=minutes))


def busy(day: int, start: int, end: int, words: str = "dentist", uid: str | None = None) -> BusyPeriod:
    return BusyPeriod(Period(at(day, start).astimezone(UTC), at(day, end).astimezone(UTC)), uid=uid, words=words)


def settings(*rules: Rule, replies: Replies | None = None, **availability: Any) -> Settings:
    return Settings(
        me=ME,
        rules=rules,
        replies=replies or Replies(),
        availability=Availability(timezone="Europe/Berlin", **availability),
    )


def message(number: int = 1, **fields: Any) -> Message:
    standard: dict[str, Any] = {
        "message_id": f"<m{number}@acme.example>",
        "date": NOW - timedelta(minutes=5),
        "from_": Address("Dana Reed", "dana@acme.example"),
        "subject": "Interview",
        "segments": (Segment(SegmentKind.NEWEST, "Could we talk?"),),
        "ref": MessageRef("INBOX", 1, number),
    }
    return Message(**{**standard, **fields})


def reading(kind: Kind = Kind.INVITATION, *slots: Slot, **fields: Any) -> Reading:
    standard: dict[str, Any] = {
        "actionable": True,
        "lang": "en",
        "role": "Go Engineer",
        "company": "Acme",
        "contact": "Dana Reed",
        "reply_to": "dana@acme.example",
        "slots": slots,
    }
    return Reading(kind, **{**standard, **fields})


def case_of(found: Reading, mail: Message | None = None, **fields: Any) -> Case:
    return replace(opened(found, mail or message(), account="main", now=NOW), **fields)


def decided(
    found: Reading,
    config: Settings | None = None,
    *calendar: BusyPeriod,
    known: bool = True,
    case: Case | None = None,
    mail: Message | None = None,
    holds: tuple[Hold, ...] = (),
    interviews: tuple[Period, ...] = (),
    history: tuple[Answered, ...] = (),
    now: datetime = NOW,
) -> Decision:
    """The decision about a mail that opens its case, unless a case is given."""
    mail = mail or message()
    known_case = updated(case, found, mail, now=now) if case else opened(found, mail, account="main", now=now)
    return decide(
        found,
        mail,
        known_case,
        config or settings(),
        account="main",
        calendar=CalendarView(calendar, known=known),
        holds=holds,
        interviews=interviews,
        history=history,
        now=now,
    )


def answered(outcome: Outcome, reason: str | None, company: str | None = "Acme", **fields: Any) -> Answered:
    standard: dict[str, Any] = {
        "case": "earlier",
        "company": company,
        "domain": "acme.example",
        "contact": "Dana Reed",
        "outcome": outcome,
        "reason": reason,
        "at": NOW - timedelta(days=20),
    }
    return Answered(**{**standard, **fields})


# --- anything at all ----------------------------------------------------------------------------------------------

_LENGTHS = st.sampled_from([15, 30, 45, 60, 120, 600])
_MOMENTS = st.integers(-3 * 96, 40 * 96).map(
    lambda quarter: (NOW.astimezone(UTC) + timedelta(minutes=15 * quarter)).astimezone(BERLIN)
)
NEAR_SLOTS = st.builds(
    lambda start, minutes: Slot(
        start, None if minutes is None else (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(BERLIN)
    ),
    _MOMENTS,
    st.none() | _LENGTHS,
)
ANY_SLOTS = st.one_of(
    *[NEAR_SLOTS] * 9,
    st.sampled_from(
        [
            Slot(datetime.max.replace(tzinfo=UTC)),
            Slot(datetime.min.replace(tzinfo=UTC)),
            Slot(at(3, 9), datetime.max.replace(tzinfo=UTC)),
        ]
    ),
)
PERIODS = st.builds(
    lambda start, minutes: Period(start.astimezone(UTC), start.astimezone(UTC) + timedelta(minutes=minutes)),
    _MOMENTS,
    _LENGTHS,
)
COMPANIES = st.none() | st.sampled_from(
    ["Acme", "ACME GmbH", "Acme Robotics", "Meta", "Metaverse", "Ärzte AG", "( [", "   "]
)
ROLES = st.none() | st.sampled_from(["Go Engineer", "Go Engineer (m/f/d)", "PHP Developer", "Engineer", "(", ""])
PEOPLE = st.none() | st.sampled_from(["Dana Reed", "Reed", "Kim Park", "Dr. Dana Reed"])
_UNSURE = st.builds(
    Unsure,
    st.sampled_from(["slots", "windows", "kind", "reply_to", "company", "role", "lang"]),
    st.just("two readings"),
    st.just(("one", "other")),
)


def _readings(slots: st.SearchStrategy[Slot]) -> st.SearchStrategy[Reading]:
    return st.builds(
        Reading,
        kind=st.sampled_from(list(Kind)),
        actionable=st.booleans(),
        unsure=st.lists(_UNSURE, max_size=1).map(tuple),
        lang=st.sampled_from([None, "en", "de", "fr"]),
        role=ROLES,
        company=COMPANIES,
        contact=PEOPLE,
        reply_to=st.sampled_from([None, "dana@acme.example", "hr@meta.example"]),
        agency=st.sampled_from([None, True, False]),
        format=st.sampled_from([None, "phone", "video", "onsite"]),
        location=st.sampled_from([None, "Berlin", "Munich"]),
        scheduling_link=st.sampled_from([None, "https://book.example/x"]),
        duration_minutes=st.sampled_from([None, 0, 30, 90, 100000]),
        reply_by=st.sampled_from([None, date(2026, 12, 2), at(1, 12), date.max, datetime.max.replace(tzinfo=UTC)]),
        slots=st.lists(slots, max_size=3).map(tuple),
        windows=st.lists(slots, max_size=2).map(tuple),
        salary=st.none()
        | st.builds(
            Salary,
            st.floats(0, 1e6),
            st.sampled_from([None, "EUR", "USD"]),
            st.sampled_from([None, "year", "hour", "era"]),
        ),
        remote=st.sampled_from([None, True, False]),
        zone=st.sampled_from([None, "Europe/Berlin", "America/New_York", "+05:30", "Nowhere/Land"]),
        previous_slots=st.lists(slots, max_size=1).map(tuple),
        public_body=st.sampled_from([False, False, False, True]),
    )


READINGS = _readings(NEAR_SLOTS)
ANY_READINGS = _readings(ANY_SLOTS)
