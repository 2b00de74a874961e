"""The words for dates in every language (the sole importer of dateparser), and what a written date means.

dateparser brings the CLDR names of months, weekdays, units and relative days for 205 locales; only that data is used.
Its parser is not: it gets four dates in ten wrong when a clock, a weekday or no year stands with them. The meaning of
a date (which year, which week) is decided here, and every doubt that a careful reader would have is kept.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DateOrder = Literal["DMY", "MDY"]
Doubt = Literal["weekday", "order", "next", "hour", "midnight", "zone"]

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}
_RELATIVE = {"0 day ago": 0, "in 1 day": 1, "in 2 day": 2, "in 3 day": 3, "1 day ago": -1, "2 day ago": -2}
_WEEKS = {"0 week ago": 0, "in 1 week": 1, "1 week ago": -1}
PARTS_OF_MONTH = {  # the days that a sign for a part of a month means, the first and the last
    "early": (1, 10),
    "middle": (11, 20),
    "late": (21, 31),
    "first_half": (1, 15),
    "second_half": (16, 31),
    "second_week": (8, 14),
    "third_week": (15, 21),
}
FAR = 300  # days: an agreeing weekday so far ahead does not outweigh the date that is near
_NEAR = 120
_WEEK = 7  # days


@dataclass(frozen=True, slots=True)
class DateNames:
    """What dateparser's data say of a language; all names in lower case.

    units are in minutes. relative are days from today; weeks from this one.
    """

    months: Mapping[str, int]
    weekdays: Mapping[str, int]  # Monday is 0
    units: Mapping[str, int]
    relative: Mapping[str, int]
    weeks: Mapping[str, int]
    am: tuple[str, ...]
    pm: tuple[str, ...]


@lru_cache(maxsize=16)
def date_names(lang: str) -> DateNames:
    """The names of a language (two letters); LookupError when dateparser does not know it."""
    if not (lang.isalpha() and lang.isascii()):
        raise LookupError(f"no language: {lang!r}")
    try:
        info: dict[str, Any] = importlib.import_module(f"dateparser.data.date_translation_data.{lang.lower()}").info
    except ImportError as problem:
        raise LookupError(f"no date names for the language {lang!r}") from problem
    relative: dict[str, list[str]] = info.get("relative-type", {})
    return DateNames(
        months=dict(_numbered(info, _MONTHS, 1)),
        weekdays=dict(_numbered(info, _WEEKDAYS, 0)),
        units={name.lower(): size for unit, size in _UNITS.items() for name in info.get(unit, ())},
        relative={name.lower(): days for key, days in _RELATIVE.items() for name in relative.get(key, ())},
        weeks={name.lower(): weeks for key, weeks in _WEEKS.items() for name in relative.get(key, ())},
        am=tuple(name.lower() for name in info.get("am", ())),
        pm=tuple(name.lower() for name in info.get("pm", ())),
    )


def _numbered(info: Mapping[str, Any], keys: tuple[str, ...], first: int) -> Iterator[tuple[str, int]]:
    for number, key in enumerate(keys, first):
        for name in info.get(key, ()):
            yield name.lower().rstrip("."), number


# --- what a written date means --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """The parts of a date as a text names them; None for what it leaves out.

    month and day may be swapped when `swappable`. modifier is "this", "next", "after_next", "coming" or "last" before a
    weekday; weeks counts from this ISO week; later are weeks after the weekday's next day ("Thursday week") or
    after the relative one ("today in a week"); from_now says that weeks or later may be counted from today as well as
    from that weekday ("Thursday in three weeks"); relative are days from today; isoweek is a week's number; month_end
    is the last day of this month; nth counts the weekday's days in the month (-1 is the last); easter are days from
    Easter Sunday; after is the weekday that follows the day ("Tuesday after Easter").
    """

    weekday: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    relative: int | None = None
    modifier: str | None = None
    weeks: int | None = None
    later: int = 0
    from_now: bool = False
    isoweek: int | None = None
    month_end: bool = False
    nth: int | None = None
    easter: int | None = None
    after: int | None = None
    swappable: bool = False

    @property
    def bare_weekday(self) -> bool:
        """Only a weekday: today counts while the clock is still ahead."""
        return (
            self.weekday is not None
            and self.day is None
            and self.relative is None
            and self.modifier is None
            and self.weeks is None
            and self.isoweek is None
            and self.nth is None
            and not self.later
        )


@dataclass(frozen=True, slots=True)
class Meaning:
    """The days that a written date can mean, likeliest first; a doubt says why there are two."""

    days: tuple[date, ...]
    doubt: Doubt | None = None


def meaning(written: WrittenDate, today: date) -> Meaning | None:
    """Which day is meant, seen from today; None when there is no such day (30 February) or no day is said."""
    if written.after is not None:
        feast = meaning(replace(written, after=None), today - timedelta(days=_WEEK))
        if feast is None:
            return None
        return Meaning((weekday_after(feast.days[0], written.after),))
    if written.easter is not None:
        feasts = (easter(today.year + ahead) + timedelta(days=written.easter) for ahead in (0, 1))
        return Meaning((next(day for day in feasts if day >= today or day.year > today.year),))
    if written.month_end:
        return Meaning((date(today.year + today.month // 12, today.month % 12 + 1, 1) - timedelta(days=1),))
    if written.nth is not None:
        return _nth_weekday(written, today)
    if written.month is not None and written.day is not None:
        found = _calendar_date(written, today)
        if found and written.relative is not None and found.days[0] != today + timedelta(days=written.relative):
            return Meaning((found.days[0], today + timedelta(days=written.relative)), "weekday")
        return found
    if written.relative is not None:
        return _relative(written, today)
    if written.weekday is not None:
        return (
            _weekday_and_day(written, today) if written.day is not None else _weekday(written, written.weekday, today)
        )
    if written.day is not None:
        return _next_day_of_month(written.day, None, today)
    return None


def _nth_weekday(written: WrittenDate, today: date) -> Meaning | None:
    """The first, second … or last such weekday of a month: of the year, or else of the next month of that name."""
    if written.month is None or written.weekday is None or written.nth is None:
        return None
    year = written.year or today.year + (written.month < today.month)
    if not MINYEAR <= year < MAXYEAR:
        return None
    if written.nth < 0:
        day = date(year + written.month // 12, written.month % 12 + 1, 1)
        return Meaning((day - timedelta(days=(day.weekday() - written.weekday - 1) % _WEEK + 1),))
    day = date(year, written.month, 1)
    return Meaning((day + timedelta(days=(written.weekday - day.weekday()) % _WEEK + _WEEK * (written.nth - 1)),))


def weekday_after(day: date, weekday: int) -> date:
    """The next day of that name; a week later for the day's own name."""
    return day + timedelta(days=(weekday - day.weekday() - 1) % _WEEK + 1)


def easter(year: int) -> date:
    """Easter Sunday in the calendar of the West."""
    century = year // 100
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (year % 100 // 4) - moon - year % 100 % 4) % 7
    late = (year % 19 + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _calendar_date(written: WrittenDate, today: date) -> Meaning | None:
    assert written.month is not None
    assert written.day is not None
    first = _with_year(written, written.day, written.month, today)
    if not written.swappable or written.day == written.month or written.day > 12 or written.month > 12:
        return first
    other = _with_year(written, written.month, written.day, today)
    if first is None or other is None:
        return first or other
    if written.weekday is not None:
        agree = [found for found in (first, other) if found.doubt is None and not _moved(found, written)]
        near = [found for found in agree if 0 <= (found.days[0] - today).days <= _NEAR]
        if len(near) == 1 and len(agree) == 2 and _years_apart(agree, near[0], today):
            return near[0]
        if len(agree) == 1:
            return agree[0]
        return Meaning((first.days[0], other.days[0]), "order") if agree else first
    return Meaning((first.days[0], other.days[0]), "order")


def _years_apart(found: list[Meaning], near: Meaning, today: date) -> bool:
    """True when the other meaning lies so far ahead that its writer would have named the year."""
    return all(each is near or (each.days[0] - today).days > FAR for each in found)


def swapped(written: WrittenDate, today: date) -> Meaning | None:
    """The meaning of a date whose day and month stand in the order that is not the writer's custom, where only so its
    weekday agrees: "Wednesday 3/11" in March is the 11th."""
    if written.weekday is None or written.day is None or written.month is None or written.day > 12:
        return None
    found = _with_year(replace(written, day=written.month, month=written.day), written.month, written.day, today)
    if found is None or found.doubt is not None or not 0 <= (found.days[0] - today).days <= _NEAR:
        return None
    return None if _moved(found, written) else found


def _moved(found: Meaning, written: WrittenDate) -> bool:
    """True when the written year was taken for a slip."""
    return written.year is not None and found.days[0].year != written.year


def _with_year(written: WrittenDate, day: int, month: int, today: date) -> Meaning | None:
    if written.year is not None:
        named = _date(written.year, month, day)
        if named is None or written.weekday in (None, named.weekday()):
            return None if named is None else Meaning((named,))
        return _healed(written.weekday, named, today) or _disagreeing(named, written.weekday)
    years = [found for year in range(today.year - 1, today.year + 9) if (found := _date(year, month, day))]
    ahead = next((found for found in years if found >= today), None)
    if ahead is None:
        return None
    if written.weekday is None:
        return Meaning((ahead,))
    agreeing = [found for found in years if found.weekday() == written.weekday and abs(found.year - today.year) <= 1]
    future = [found for found in agreeing if found >= today]
    if future and ((future[0] - today).days <= FAR or (ahead - today).days > _NEAR):
        return Meaning((future[0],))
    recent = [found for found in agreeing if 0 < (today - found).days <= _NEAR]
    if recent:
        return Meaning((recent[0],))
    return _disagreeing(ahead, written.weekday)


def _healed(weekday: int, named: date, today: date) -> Meaning | None:
    """The year after, where the written one lies in the past: a letter of January with last year's number."""
    if named >= today:
        return None
    following = _date(named.year + 1, named.month, named.day)
    if following is None or following.weekday() != weekday or not 0 <= (following - today).days <= FAR:
        return None
    return Meaning((following,))


def _disagreeing(named: date, weekday: int) -> Meaning:
    """The date as written, and the nearest day that has the weekday."""
    shift = (weekday - named.weekday() + 3) % 7 - 3
    return Meaning((named, named + timedelta(days=shift)), "weekday")


def _relative(written: WrittenDate, today: date) -> Meaning:
    assert written.relative is not None
    day = today + timedelta(days=written.relative, weeks=written.later)
    if written.weekday not in (None, day.weekday()):
        return _disagreeing(day, written.weekday)
    if written.day not in (None, day.day):
        other = _next_day_of_month(written.day, None, today)
        return Meaning((day, *other.days), "weekday") if other else Meaning((day,), "weekday")
    return Meaning((day,))


def _weekday(written: WrittenDate, weekday: int, today: date) -> Meaning | None:
    monday = today - timedelta(days=today.weekday())
    nearest = today + timedelta(days=(weekday - today.weekday()) % 7)
    this_week = monday + timedelta(days=weekday)
    if written.isoweek is not None:
        return _in_iso_week(written.isoweek, weekday, written.year, today)
    if written.weeks is not None:
        ahead = timedelta(weeks=written.weeks)
        return _counted(this_week + ahead, nearest + ahead, written, today)
    if written.later:
        day = nearest + timedelta(weeks=written.later)
        return _counted(day, day - timedelta(weeks=1), written, today)
    if written.modifier == "next":
        following = this_week + timedelta(weeks=1)
        return Meaning((following, this_week), "next") if this_week > today else Meaning((following,))
    if written.modifier == "after_next":
        second = this_week + timedelta(weeks=2)
        return Meaning((this_week + timedelta(weeks=1), second), "next") if this_week > today else Meaning((second,))
    if written.modifier == "last":
        return Meaning((this_week - timedelta(weeks=1) if this_week >= today else this_week,))
    if written.modifier == "coming" and nearest == today:
        return Meaning((today + timedelta(weeks=1),))
    return Meaning((nearest,))


def _counted(day: date, otherwise: date, written: WrittenDate, today: date) -> Meaning:
    """A weekday some weeks ahead, and what it is when they are counted otherwise; today's can be counted in one way."""
    sure = not written.from_now or otherwise == day or day.weekday() == today.weekday()
    return Meaning((day,)) if sure else Meaning((day, otherwise), "next")


def _weekday_and_day(written: WrittenDate, today: date) -> Meaning | None:
    assert written.day is not None
    return _next_day_of_month(written.day, written.weekday, today)


def _next_day_of_month(day: int | None, weekday: int | None, today: date) -> Meaning | None:
    if day is None:
        return None
    first: date | None = None
    for months in range(14):
        month = today.month - 1 + months
        found = _date(today.year + month // 12, month % 12 + 1, day)
        if found is None or found < today:
            continue
        first = first or found
        if weekday is None or found.weekday() == weekday:
            far = (found - today).days > _NEAR
            return _disagreeing(first, weekday) if far and weekday is not None else Meaning((found,))
    return None if first is None or weekday is None else _disagreeing(first, weekday)


def _in_iso_week(week: int, weekday: int, year: int | None, today: date) -> Meaning | None:
    for candidate in (year,) if year else (today.year, today.year + 1):
        try:
            found = date.fromisocalendar(candidate, week, weekday + 1)
        except ValueError:
            continue
        if year or found >= today - timedelta(days=6):
            return Meaning((found,))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
