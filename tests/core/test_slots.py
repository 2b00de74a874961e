"""What is offered keeps every rule, there are as many as the rules allow, and fewer come with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincheck.core.model import BusyPeriod, Hold, Period
from raincheck.core.settings import WEEKDAYS, Availability, ClockRange, OtherSide
from raincheck.core.slots import SlotSearch, Verdict, assess, assess_window, find_slots, same_case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raincheck.core.settings import Weekday

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # a Monday, 09:00 in Berlin
MINUTES = timedelta(minutes=45)
PLAIN = Availability(timezone="Europe/Berlin", buffer_before=0, buffer_after=0, both_halves=False)


def local(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def period(start: str, minutes: int = 60) -> Period:
    return Period(local(start), local(start) + timedelta(minutes=minutes))


def busy(start: str, minutes: int = 60) -> BusyPeriod:
    return BusyPeriod(period(start, minutes))


def hold(start: str, *, firm: bool, case: str = "other", made: datetime = NOW, minutes: int = 45) -> Hold:
    return Hold(case, period(start, minutes), firm, NOW + timedelta(days=5), made)


def offered(found: SlotSearch) -> list[str]:
    return [f"{slot.start.astimezone(BERLIN):%a %d %H:%M}" for slot in found.slots]


# --- hours, grid, notice, horizon ---------------------------------------------------------------------------------


def test_the_first_times_on_different_days_after_the_notice() -> None:
    found = find_slots(PLAIN, (), now=NOW, duration=MINUTES)
    assert offered(found) == ["Tue 01 09:00", "Wed 02 09:00", "Thu 03 09:00"]
    assert found.reason is None
    assert all(slot.duration == MINUTES for slot in found.slots)


def test_a_start_exactly_at_the_notice_is_allowed_one_later_is_not_needed() -> None:
    assert offered(find_slots(PLAIN, (), now=NOW - timedelta(seconds=1), duration=MINUTES))[0] == "Tue 01 09:00"
    assert offered(find_slots(PLAIN, (), now=NOW + timedelta(seconds=1), duration=MINUTES))[0] == "Tue 01 09:30"


def test_the_horizon_is_exclusive_and_counts_days_of_24_hours() -> None:
    near = replace(PLAIN, horizon_days=2, min_notice=timedelta(0), count=9, max_per_day=20)
    found = find_slots(near, (), now=NOW, duration=MINUTES)
    assert found.slots[-1].start < NOW + timedelta(hours=48)
    later = find_slots(replace(near, count=99), (), now=NOW, duration=MINUTES)
    assert offered(later)[-1] == "Tue 01 16:00"
    assert "Wed" not in "".join(offered(later))


def test_the_horizon_runs_from_not_before() -> None:
    found = find_slots(PLAIN, (), now=NOW, duration=MINUTES, not_before=date(2027, 1, 11))
    assert offered(found) == ["Mon 11 09:00", "Tue 12 09:00", "Wed 13 09:00"]
    past = find_slots(PLAIN, (), now=NOW, duration=MINUTES, not_before=date(2026, 1, 1))
    assert offered(past)[0] == "Tue 01 09:00"


def test_the_grid_is_that_of_the_local_clock() -> None:
    hours: Mapping[Weekday, tuple[ClockRange, ...]] = {"tue": (ClockRange(9 * 60 + 10, 12 * 60),)}
    grid = replace(PLAIN, hours=hours, count=9, max_per_day=9, increment=40, horizon_days=3)
    assert offered(find_slots(grid, (), now=NOW, duration=timedelta(minutes=40))) == [
        "Tue 01 09:20",
        "Tue 01 10:00",
        "Tue 01 10:40",
        "Tue 01 11:20",
    ]
    kathmandu = replace(PLAIN, timezone="Asia/Kathmandu")
    first = find_slots(kathmandu, (), now=NOW, duration=MINUTES).slots[0]
    assert first.start.astimezone(ZoneInfo("Asia/Kathmandu")).time() == time(14, 0)


def test_a_talk_lies_inside_one_range_of_hours() -> None:
    hours: Mapping[Weekday, tuple[ClockRange, ...]] = {
        "tue": (ClockRange(9 * 60, 10 * 60), ClockRange(10 * 60, 10 * 60 + 45))
    }
    split = replace(PLAIN, hours=hours, count=9, max_per_day=9, horizon_days=3)
    assert offered(find_slots(split, (), now=NOW, duration=timedelta(minutes=60))) == ["Tue 01 09:00"]
    found = find_slots(split, (), now=NOW, duration=timedelta(minutes=90))
    assert found.slots == ()
    assert found.reason is not None
    assert "long enough" in found.reason


def test_hours_until_midnight() -> None:
    late = replace(PLAIN, hours={"tue": (ClockRange(23 * 60, 24 * 60),)}, horizon_days=3)
    assert offered(find_slots(late, (), now=NOW, duration=timedelta(minutes=60))) == ["Tue 01 23:00"]


def test_on_change_days_the_clock_is_followed_and_lengths_are_exact() -> None:
    """2026-03-29 has no 02:00-03:00 in Berlin, 2026-10-25 has it twice."""
    night = replace(
        PLAIN, hours={"sun": (ClockRange(60, 4 * 60),)}, count=9, max_per_day=9, min_notice=timedelta(0), horizon_days=1
    )
    spring = find_slots(night, (), now=local("2026-03-29T00:00"), duration=timedelta(minutes=30))
    assert offered(spring) == ["Sun 29 01:00", "Sun 29 01:30", "Sun 29 03:00", "Sun 29 03:30"]
    autumn = find_slots(night, (), now=local("2026-10-25T00:00"), duration=timedelta(minutes=60))
    assert [slot.duration for slot in autumn.slots] == [timedelta(hours=1)] * len(autumn.slots)
    assert all(a.end <= b.start for a, b in pairwise(autumn.slots))


# --- the other side -----------------------------------------------------------------------------------------------


def test_both_sides_hours_each_in_its_own_zone() -> None:
    found = find_slots(PLAIN, (), now=NOW, duration=MINUTES, other_zone="America/New_York")
    assert offered(found) == ["Tue 01 15:00", "Wed 02 15:00", "Thu 03 15:00"]
    side = replace(PLAIN, other_side=OtherSide("America/New_York", (ClockRange(10 * 60, 11 * 60),)))
    assert offered(find_slots(side, (), now=NOW, duration=MINUTES))[0] == "Tue 01 16:00"


def test_the_mails_zone_outranks_the_configured_one() -> None:
    side = replace(PLAIN, other_side=OtherSide("America/New_York"))
    assert offered(find_slots(side, (), now=NOW, duration=MINUTES, other_zone="+01:00"))[0] == "Tue 01 09:00"
    assert offered(find_slots(side, (), now=NOW, duration=MINUTES, other_zone="no such zone"))[0] == "Tue 01 15:00"


def test_the_weekday_is_read_in_each_ones_own_zone() -> None:
    """Friday evening in Los Angeles is Saturday morning in Berlin, Sunday evening there Monday morning here."""
    evening = OtherSide("America/Los_Angeles", (ClockRange(20 * 60, 24 * 60),), ("sun",))
    found = find_slots(
        replace(PLAIN, other_side=evening, hours={"mon": (ClockRange(0, 600),), "sun": (ClockRange(0, 600),)}),
        (),
        now=NOW,
        duration=MINUTES,
    )
    assert offered(found) == ["Mon 07 05:00", "Mon 14 05:00"]


def test_no_common_hours_is_a_reason() -> None:
    found = find_slots(PLAIN, (), now=NOW, duration=MINUTES, other_zone="America/Los_Angeles")
    assert found.slots == ()
    assert found.reason is not None
    assert "other side" in found.reason


# --- calendar, buffers, closed days, load -------------------------------------------------------------------------


def test_buffers_are_kept_on_both_sides() -> None:
    wide = replace(PLAIN, buffer_before=30, buffer_after=15, count=1, horizon_days=2)
    taken = (busy("2026-12-01T08:00", 61), busy("2026-12-01T10:44", 500))
    assert offered(find_slots(wide, taken, now=NOW, duration=MINUTES)) == []
    taken = (busy("2026-12-01T08:00", 60), busy("2026-12-01T10:45", 500))
    assert offered(find_slots(wide, taken, now=NOW, duration=timedelta(minutes=60))) == ["Tue 01 09:30"]


def test_confirmed_interviews_are_busy_with_buffers() -> None:
    found = find_slots(
        replace(PLAIN, buffer_before=15), (), now=NOW, duration=MINUTES, interviews=[period("2026-12-01T09:00")]
    )
    assert offered(found)[0] == "Tue 01 10:30"


def test_blackouts_and_public_holidays_are_closed() -> None:
    closed = replace(PLAIN, blackout=((date(2026, 12, 1), date(2026, 12, 2)),))
    assert offered(find_slots(closed, (), now=NOW, duration=MINUTES))[0] == "Thu 03 09:00"
    christmas = find_slots(replace(PLAIN, country="DE"), (), now=NOW, duration=MINUTES, not_before=date(2026, 12, 25))
    assert offered(christmas)[0] == "Mon 28 09:00"
    regional = find_slots(replace(PLAIN, country="DE-BY"), (), now=NOW, duration=MINUTES, not_before=date(2027, 1, 6))
    assert offered(regional)[0] == "Thu 07 09:00"


def test_load_limits_count_interviews_and_cases_that_hold_times() -> None:
    day = replace(PLAIN, interviews_per_day=1)
    assert (
        offered(find_slots(day, (), now=NOW, duration=MINUTES, interviews=[period("2026-12-01T09:00")]))[0]
        == "Wed 02 09:00"
    )
    held = [hold("2026-12-01T16:00", firm=True), hold("2026-12-02T16:00", firm=True)]
    assert offered(find_slots(day, (), now=NOW, duration=MINUTES, holds=held))[0] == "Thu 03 09:00"
    week = replace(PLAIN, interviews_per_week=2)
    assert offered(find_slots(week, (), now=NOW, duration=MINUTES, holds=held))[0] == "Tue 01 09:00"
    held.append(hold("2026-12-03T16:00", firm=True, case="third"))
    found = find_slots(week, (), now=NOW, duration=MINUTES, holds=held)
    assert offered(found)[0] == "Mon 07 09:00"


# --- holds --------------------------------------------------------------------------------------------------------


def test_firm_holds_of_others_are_taken_with_buffers_those_of_the_case_are_not() -> None:
    wide = replace(PLAIN, buffer_before=15)
    held = [hold("2026-12-01T09:00", firm=True)]
    assert offered(find_slots(wide, (), now=NOW, duration=MINUTES, holds=held, case="mine"))[0] == "Tue 01 10:00"
    assert offered(find_slots(wide, (), now=NOW, duration=MINUTES, holds=held, case="other"))[0] == "Tue 01 09:00"


def test_expired_holds_do_not_count() -> None:
    old = replace(hold("2026-12-01T09:00", firm=True), expires=NOW)
    assert offered(find_slots(PLAIN, (), now=NOW, duration=MINUTES, holds=[old]))[0] == "Tue 01 09:00"


def test_times_promised_elsewhere_are_taken() -> None:
    elsewhere = replace(PLAIN, held=(period("2026-12-01T08:00", 9 * 60),))
    assert offered(find_slots(elsewhere, (), now=NOW, duration=MINUTES))[0] == "Wed 02 09:00"


def test_soft_holds_are_avoided_and_reused_last_the_oldest_first() -> None:
    hour = {day: (ClockRange(9 * 60, 9 * 60 + 45),) for day in WEEKDAYS[:4]}
    few = replace(PLAIN, hours=hour, horizon_days=4, count=2)
    held = [
        hold("2026-12-01T09:00", firm=False, made=NOW - timedelta(hours=1)),
        hold("2026-12-02T09:00", firm=False, made=NOW - timedelta(hours=2)),
    ]
    assert offered(find_slots(few, (), now=NOW, duration=MINUTES, holds=held)) == ["Wed 02 09:00", "Thu 03 09:00"]
    assert offered(find_slots(replace(few, count=3), (), now=NOW, duration=MINUTES, holds=held)) == [
        "Tue 01 09:00",
        "Wed 02 09:00",
        "Thu 03 09:00",
    ]


# --- spread -------------------------------------------------------------------------------------------------------


def test_a_morning_and_an_afternoon_when_possible() -> None:
    found = find_slots(replace(PLAIN, both_halves=True), (), now=NOW, duration=MINUTES)
    assert offered(found) == ["Tue 01 09:00", "Wed 02 12:00", "Thu 03 09:00"]
    mornings = {day: (ClockRange(9 * 60, 12 * 60),) for day in WEEKDAYS[:4]} | {"fri": (ClockRange(13 * 60, 15 * 60),)}
    found = find_slots(replace(PLAIN, both_halves=True, hours=mornings), (), now=NOW, duration=MINUTES)
    assert offered(found) == ["Tue 01 09:00", "Wed 02 09:00", "Fri 04 13:00"]


def test_different_days_before_a_second_time_on_one() -> None:
    two = replace(PLAIN, max_per_day=2, horizon_days=3, min_notice=timedelta(0), count=4)
    assert offered(find_slots(two, (), now=NOW, duration=MINUTES)) == [
        "Mon 30 09:00",
        "Mon 30 16:00",
        "Tue 01 09:00",
        "Wed 02 09:00",
    ]


def test_without_spread_the_earliest_days_fill_up() -> None:
    early = replace(PLAIN, max_per_day=3, spread="none")
    assert {text[:3] for text in offered(find_slots(early, (), now=NOW, duration=MINUTES))} == {"Tue"}


def test_fewer_than_wished_says_which_limit_took_the_most() -> None:
    found = find_slots(PLAIN, [busy("2026-12-02T00:00", 60 * 24 * 20)], now=NOW, duration=MINUTES)
    assert offered(found) == ["Tue 01 09:00"]
    assert found.reason is not None
    assert "only 1 of 3" in found.reason
    assert "calendar" in found.reason
    one_day = find_slots(replace(PLAIN, horizon_days=2, min_notice=timedelta(0)), (), now=NOW, duration=MINUTES)
    assert one_day.reason is not None
    assert "1 a day" in one_day.reason
    short = replace(PLAIN, hours={"tue": (ClockRange(540, 585),)}, min_notice=timedelta(0))
    last = find_slots(short, (), now=NOW, duration=MINUTES)
    assert last.reason == "only 2 of 3 times of 45 minutes within 14 days: your hours leave no more"


# --- every rule, whatever the input -------------------------------------------------------------------------------

_RANGES = st.lists(
    st.tuples(st.integers(0, 46), st.integers(1, 20)).map(
        lambda p: ClockRange(p[0] * 30, min(1440, (p[0] + p[1]) * 30))
    ),
    max_size=2,
).map(tuple)
_OFFSETS = st.integers(0, 6 * 24 * 4)


@st.composite
def availabilities(draw: st.DrawFn) -> Availability:
    return Availability(
        timezone=draw(st.sampled_from(("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"))),
        count=draw(st.integers(1, 5)),
        increment=draw(st.sampled_from((15, 30, 60))),
        buffer_before=draw(st.sampled_from((0, 15, 45))),
        buffer_after=draw(st.sampled_from((0, 10))),
        min_notice=timedelta(hours=draw(st.integers(0, 40))),
        horizon_days=draw(st.integers(1, 6)),
        max_per_day=draw(st.integers(1, 3)),
        spread=draw(st.sampled_from(("days", "none"))),
        both_halves=draw(st.booleans()),
        interviews_per_day=draw(st.none() | st.integers(0, 2)),
        interviews_per_week=draw(st.none() | st.integers(1, 3)),
        blackout=draw(st.sampled_from(((), ((date(2026, 10, 26), date(2026, 10, 26)),)))),
        hours={day: draw(_RANGES) for day in WEEKDAYS},
        other_side=draw(st.none() | st.builds(OtherSide, st.just("America/Chicago"), _RANGES, st.just(WEEKDAYS[:5]))),
    )


@st.composite
def periods(draw: st.DrawFn) -> Period:
    begin = EVE + timedelta(minutes=15 * draw(_OFFSETS))
    return Period(begin, begin + timedelta(minutes=draw(st.integers(1, 600))))


EVE = datetime(2026, 10, 23, 6, 10, tzinfo=UTC)  # two days before the clocks go back in Berlin


def allowed(a: Availability, slot: Period, taken: list[Period], talks: list[Period], now: datetime) -> bool:
    """Every rule, minute by minute and as plainly as can be."""
    minutes = [slot.start + timedelta(minutes=n) for n in range(int(slot.duration.total_seconds() // 60))]
    zone = ZoneInfo(a.timezone)
    start = slot.start.astimezone(zone)
    before, after = timedelta(minutes=a.buffer_before), timedelta(minutes=a.buffer_after)

    def inside(ranges: Mapping[Weekday, tuple[ClockRange, ...]], zone: ZoneInfo) -> bool:
        first, last = slot.start.astimezone(zone), slot.end.astimezone(zone)
        ends = last.hour * 60 + last.minute + (1440 if last.date() > first.date() else 0)
        return any(
            r.start <= first.hour * 60 + first.minute and ends <= r.end
            for r in ranges.get(WEEKDAYS[first.weekday()], ())
        )

    day = start.date()
    same_day = {p for p in talks if p.start.astimezone(zone).date() == day}
    same_week = {p for p in talks if p.start.astimezone(zone).isocalendar()[:2] == start.isocalendar()[:2]}
    return (
        now + a.min_notice <= slot.start < now + timedelta(hours=24 * a.horizon_days)
        and (start.hour * 60 + start.minute) % a.increment == 0
        and inside(a.hours, zone)
        and (
            a.other_side is None
            or inside(dict.fromkeys(a.other_side.days, a.other_side.hours), ZoneInfo(a.other_side.timezone))
        )
        and not any(first <= day <= last for first, last in a.blackout)
        and not any(p.start < slot.end + after and slot.start - before < p.end for p in [*taken, *talks])
        and (a.interviews_per_day is None or len(same_day) < a.interviews_per_day)
        and (a.interviews_per_week is None or len(same_week) < a.interviews_per_week)
        and len(minutes) * 60 == slot.duration.total_seconds()
    )


@settings(deadline=None, max_examples=60)
@given(
    availabilities(), st.lists(periods(), max_size=6), st.lists(periods(), max_size=2), st.sampled_from((30, 45, 90))
)
def test_every_offer_keeps_every_rule_and_there_are_as_many_as_the_rules_allow(
    a: Availability, taken: list[Period], talks: list[Period], minutes: int
) -> None:
    length = timedelta(minutes=minutes)
    found = find_slots(a, [BusyPeriod(p) for p in taken], now=EVE, duration=length, interviews=talks)
    again = find_slots(a, [BusyPeriod(p) for p in reversed(taken)], now=EVE, duration=length, interviews=talks[::-1])
    assert found == again
    zone = ZoneInfo(a.timezone)
    assert all(slot.duration == length and allowed(a, slot, taken, talks, EVE) for slot in found.slots)
    assert all(one.end <= two.start for one, two in pairwise(found.slots))
    a_day = [slot.start.astimezone(zone).date() for slot in found.slots]
    assert all(a_day.count(day) <= a.max_per_day for day in a_day)

    room: dict[date, list[Period]] = {}
    for step in range(0, 24 * 60 * (a.horizon_days + 1), 5):
        begin = EVE + timedelta(minutes=step)
        if begin.astimezone(zone).fold or not allowed(a, candidate := Period(begin, begin + length), taken, talks, EVE):
            continue
        of_day = room.setdefault(begin.astimezone(zone).date(), [])
        if not of_day or of_day[-1].end <= candidate.start:
            of_day.append(candidate)
    possible = sum(min(a.max_per_day, len(of_day)) for of_day in room.values())
    assert len(found.slots) == min(a.count, possible)
    assert (found.reason is None) == (len(found.slots) == a.count)
    if a.spread == "days":
        assert len(set(a_day)) == min(len(found.slots), len(room))


# --- what they propose --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "verdict"),
    [
        ("2026-12-01T10:00", Verdict.FREE),
        ("2026-12-01T13:55", Verdict.BUSY),
        ("2026-12-01T14:00", Verdict.BUSY),
        ("2026-12-01T15:00", Verdict.FREE),  # buffers limit only what is offered
        ("2026-11-30T09:30", Verdict.FREE),  # and so does notice
        ("2026-12-01T18:00", Verdict.OUTSIDE_HOURS),
        ("2026-12-05T10:00", Verdict.OUTSIDE_HOURS),
        ("2026-12-03T10:00", Verdict.OUTSIDE_HOURS),  # blacked out
        ("2026-12-02T10:00", Verdict.OVER_LOAD),
        ("2026-12-02T16:00", Verdict.BUSY),  # another interview
        ("2026-12-04T09:15", Verdict.BUSY),  # promised elsewhere
    ],
)
def test_how_a_proposed_time_suits(start: str, verdict: Verdict) -> None:
    a = replace(
        PLAIN,
        buffer_before=30,
        buffer_after=30,
        interviews_per_day=1,
        blackout=((date(2026, 12, 3), date(2026, 12, 3)),),
    )
    fit = assess(
        a,
        [busy("2026-12-01T14:00")],
        period(start, 45),
        now=NOW,
        interviews=[period("2026-12-02T16:00")],
        holds=[hold("2026-12-04T09:00", firm=True), hold("2026-12-01T10:00", firm=False)],
    )
    assert fit.verdict is verdict
    assert fit.why


def test_a_window_suits_when_any_start_inside_it_does() -> None:
    window = period("2026-12-01T13:30", 150)
    fit = assess_window(PLAIN, [busy("2026-12-01T13:00", 120)], window, MINUTES, now=NOW)
    assert (fit.verdict, fit.period.start) == (Verdict.FREE, local("2026-12-01T15:00"))
    taken = assess_window(PLAIN, [busy("2026-12-01T13:00", 180)], window, MINUTES, now=NOW)
    assert taken.verdict is Verdict.BUSY
    night = assess_window(PLAIN, (), period("2026-12-01T20:00", 120), MINUTES, now=NOW)
    assert night.verdict is Verdict.OUTSIDE_HOURS
    assert assess_window(PLAIN, (), period("2026-12-01T10:00", 20), MINUTES, now=NOW).verdict is Verdict.BUSY


# --- the invitation itself ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (BusyPeriod(period("2026-12-01T10:00"), uid="abc"), "same"),
        (BusyPeriod(period("2026-12-08T10:00"), uid="abc"), "same"),
        (BusyPeriod(period("2026-12-01T10:00"), uid="x", organizer="dana@corp.example", words="chat"), "same"),
        (BusyPeriod(period("2026-12-01T10:00"), uid="x", words="interview acme gmbh"), "same"),
        (BusyPeriod(period("2026-12-01T10:00"), uid="x", words="acmeville dentist"), "other"),
        (BusyPeriod(period("2026-12-01T10:00"), uid="x", words="dentist"), "other"),
        (BusyPeriod(period("2026-12-01T10:00"), uid="x"), "unclear"),
        (BusyPeriod(period("2026-12-01T10:00"), uid="x", words="busy"), "unclear"),
        (BusyPeriod(period("2026-12-01T10:00"), uid="x", words="vorstellungsgespräch"), "unclear"),
        (BusyPeriod(period("2026-12-01T10:00", 61), uid="x", words="interview acme gmbh"), "other"),
        (BusyPeriod(period("2026-12-01T10:00", 61), uid="x"), "other"),
    ],
)
def test_the_invitation_itself_is_recognised_in_the_calendar(entry: BusyPeriod, expected: str) -> None:
    found = same_case(
        entry, uid="abc", period=period("2026-12-01T10:00"), organizer="Dana@corp.example", company="Acme GmbH"
    )
    assert found == expected
