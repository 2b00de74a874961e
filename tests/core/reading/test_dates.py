"""What a written date means, and the names of months and weekdays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.core.reading.dates import WrittenDate, date_names, meaning

MONDAY = date(2026, 11, 23)
days = st.dates(date(2024, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("lang", "month", "weekday"),
    [("en", "december", "thursday"), ("de", "dezember", "donnerstag"), ("fr", "décembre", "jeudi"),
     ("es", "diciembre", "jueves"), ("nl", "december", "donderdag"), ("it", "dicembre", "giovedì"),
     ("pt", "dezembro", "quinta-feira")],
)  # fmt: skip
def test_names_of_every_language_to_come(lang: str, month: str, weekday: str) -> None:
    names = date_names(lang)
    assert (names.months[month], names.weekdays[weekday]) == (12, 3)


@pytest.mark.parametrize("lang", ["xx", "..", "", "en/../de"])
def test_an_unknown_language_is_said(lang: str) -> None:
    with pytest.raises(LookupError):
        date_names(lang)


def test_a_date_without_year_is_the_next_one_and_today_counts() -> None:
    for day, month, expected in [(23, 11, MONDAY), (22, 11, date(2027, 11, 22)), (24, 11, date(2026, 11, 24))]:
        found = meaning(WrittenDate(day=day, month=month), MONDAY)
        assert found is not None
        assert (found.days, found.doubt) == ((expected,), None)


def test_leap_day_waits_for_its_year() -> None:
    found = meaning(WrittenDate(day=29, month=2), MONDAY)
    assert found is not None
    assert found.days == (date(2028, 2, 29),)


@pytest.mark.parametrize("written", [WrittenDate(day=30, month=2), WrittenDate(day=31, month=4, year=2027)])
def test_a_day_that_does_not_exist_means_nothing(written: WrittenDate) -> None:
    assert meaning(written, MONDAY) is None


@given(today=days, weekday=st.integers(0, 6))
def test_a_weekday_is_the_next_such_day(today: date, weekday: int) -> None:
    found = meaning(WrittenDate(weekday=weekday), today)
    assert found is not None
    assert found.days[0].weekday() == weekday
    assert timedelta(0) <= found.days[0] - today < timedelta(days=7)


@given(today=days, weekday=st.integers(0, 6))
def test_next_weekday_lies_in_the_next_iso_week_and_is_doubtful_while_one_is_still_to_come(
    today: date, weekday: int
) -> None:
    found = meaning(WrittenDate(weekday=weekday, modifier="next"), today)
    assert found is not None
    monday = today - timedelta(days=today.weekday())
    assert found.days[0] == monday + timedelta(days=7 + weekday)
    assert (found.doubt == "next") is (weekday > today.weekday())


@given(today=days, ahead=st.integers(0, 80))
def test_a_weekday_with_its_date_is_always_sure(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    found = meaning(WrittenDate(weekday=day.weekday(), day=day.day, month=day.month), today)
    assert found is not None
    assert (found.days, found.doubt) == ((day,), None)


@given(today=days, ahead=st.integers(0, 80), wrong=st.integers(1, 6))
def test_a_wrong_weekday_in_the_written_year_is_never_sure(today: date, ahead: int, wrong: int) -> None:
    day = today + timedelta(days=ahead)
    weekday = (day.weekday() + wrong) % 7
    found = meaning(WrittenDate(weekday=weekday, day=day.day, month=day.month, year=day.year), today)
    assert found is not None
    assert found.doubt == "weekday"
    assert found.days[0] == day
    assert found.days[1].weekday() == weekday
    assert abs(found.days[1] - day) <= timedelta(days=3)


@given(day=days, today=days)
def test_iso_weeks(day: date, today: date) -> None:
    year, week, _ = day.isocalendar()
    found = meaning(WrittenDate(weekday=day.weekday(), isoweek=week, year=year), today)
    assert found is not None
    assert found.days == (day,)
