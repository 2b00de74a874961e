"""Single values of config.toml: durations, clock ranges, dates, zones, addresses ... from text to value.

Each function takes what TOML gave and returns the value, or raises Wrong with what is wrong and what to write.
"""

from __future__ import annotations

import difflib
import ipaddress
import itertools
import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

import regex
from email_validator import EmailNotValidError, validate_email

from raincheck.core.rules import MAX_PATTERN, compiled
from raincheck.core.settings import WEEKDAYS, ClockRange, Weekday
from raincheck.core.slots import holiday_regions

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"(\d{1,6})\s*([smhd])")
_SIZE = re.compile(r"(\d{1,9})\s*([KMG]i?B|B)?", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")
_LONGEST = timedelta(days=3660)


class Wrong(ValueError):
    """A value that cannot be: what it is, and what to write instead."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def shown(value: object) -> str:
    """A value as the person wrote it, short."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The likely word, as a question; "" when nothing is near."""
    by_lower = {name.lower(): str(name) for name in known}
    near = difflib.get_close_matches(str(word).lower(), by_lower, n=1, cutoff=0.6)
    return f"Did you mean {by_lower[near[0]]!r}?" if near else ""


# --- lengths and sizes --------------------------------------------------------------------------------------------


def duration(value: Any) -> timedelta:
    """ "90s" "15m" "24h" "10d", or whole minutes."""
    remedy = 'Write a length such as "90s", "15m", "24h" or "10d"; a bare number means minutes.'
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LONGEST // timedelta(minutes=1):
        return timedelta(minutes=value)
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise Wrong(f"{shown(value)} is no length of time", remedy)
    length = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if length > _LONGEST:
        raise Wrong(f"{shown(value)} is longer than ten years", remedy)
    return length


def minutes(value: Any) -> int:
    """A duration of whole minutes."""
    length = duration(value)
    if length % timedelta(minutes=1):
        raise Wrong(f"{shown(value)} is not a whole number of minutes", 'Write minutes, such as 45 or "45m".')
    return length // timedelta(minutes=1)


def whole_days(value: Any) -> int:
    """A duration of whole days."""
    length = duration(value)
    if length % timedelta(days=1):
        raise Wrong(f"{shown(value)} is not a whole number of days", 'Write days, such as "5d".')
    return length.days


def size(value: Any) -> int:
    """ "64MiB", "500 kB", or bytes."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    found = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or int(found[1]) == 0:
        raise Wrong(f"{shown(value)} is no size", 'Write a size such as "64MiB", or a number of bytes.')
    unit = (found[2] or "B").upper()
    base = 1024 if "I" in unit else 1000
    return int(found[1]) * int(base ** "BKMG".index(unit[0]))


# --- clock and calendar -------------------------------------------------------------------------------------------


def clock(value: Any) -> time:
    """ "09:00", or a TOML time."""
    if isinstance(value, time):
        return value
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise Wrong(f"{shown(value)} is no time of day", 'Write a time on the 24-hour clock such as "09:00".')
    return time(int(found[1]), int(found[2]))


def clock_range(value: Any) -> ClockRange:
    """ "09:00-12:30"; the end may be "24:00"."""
    remedy = 'Write a range on the 24-hour clock such as "09:00-12:30"; "24:00" may be its end.'
    parts = [part.strip() for part in re.split(r"[-–]", value)] if isinstance(value, str) else []
    if len(parts) != 2:
        raise Wrong(f"{shown(value)} is no range of hours", remedy)
    ends = []
    for part in parts:
        moment = time() if part == "24:00" else clock(part)
        ends.append(24 * 60 if part == "24:00" else moment.hour * 60 + moment.minute)
    if ends[0] >= ends[1]:
        raise Wrong(f"{shown(value)} ends before it starts", remedy)
    return ClockRange(*ends)


def clock_ranges(values: Any) -> tuple[ClockRange, ...]:
    """A list of ranges that do not overlap, in order."""
    if not isinstance(values, list):
        raise Wrong(f"{shown(values)} is no list", 'Write a list of ranges such as ["09:00-12:00", "13:00-17:00"].')
    ranges = sorted(clock_range(value) for value in values)
    for one, next_one in itertools.pairwise(ranges):
        if next_one.start < one.end:
            raise Wrong("two of its ranges overlap", "Join them, or let the second start when the first has ended.")
    return tuple(ranges)


def day(value: Any) -> date:
    """A TOML date, or the same as a text."""
    remedy = "Write year, month and day: 2026-12-24."
    try:
        is_date = isinstance(value, date) and not isinstance(value, datetime)
        found: date = value if is_date else date.fromisoformat(value.strip())
    except (ValueError, AttributeError, TypeError):
        raise Wrong(f"{shown(value)} is no date", remedy) from None
    if not 2000 <= found.year < 2200:
        raise Wrong(f"the year {found.year} is not meant", remedy)
    return found


def date_range(value: Any) -> tuple[date, date]:
    """ "2026-12-24/2026-12-31", both included, or one day."""
    parts = value.split("/") if isinstance(value, str) else [value]
    if len(parts) > 2:
        raise Wrong(f"{shown(value)} is no range of days", 'Write "2026-12-24/2026-12-31", or one day.')
    first, last = day(parts[0]), day(parts[-1])
    if last < first:
        raise Wrong(f"{shown(value)} ends before it starts", "Write the earlier day first.")
    return first, last


def moment(value: Any) -> datetime:
    """A date and time with offset, as TOML or as text."""
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (ValueError, TypeError):
        found = None
    if found is None or found.utcoffset() is None:
        raise Wrong(f"{shown(value)} is no time with an offset", 'Write it such as "2026-12-01T08:00:00Z".')
    return found.astimezone(UTC)


def weekday(value: Any) -> Weekday:
    """ "mon" ... "sun"; whole English names and capitals are fine."""
    short = value.strip().lower()[:3] if isinstance(value, str) else ""
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for known, name in zip(WEEKDAYS, names, strict=True):
        if short == known and name.startswith(value.strip().lower().rstrip(".")):
            return known
    hint = did_you_mean(short, WEEKDAYS)
    raise Wrong(f"{shown(value)} is no weekday", f"{hint} Write one of {', '.join(WEEKDAYS)}.".strip())


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone(value: Any) -> str:
    """The name of a zone in the IANA database."""
    if isinstance(value, str) and value in _zones():
        return ZoneInfo(value).key
    hint = did_you_mean(str(value), _zones())
    raise Wrong(f"{shown(value)} is no time zone", f"{hint} Write an IANA name such as Europe/Berlin.".strip())


# --- people, places and words -------------------------------------------------------------------------------------


def address(value: Any) -> str:
    """An addr-spec in lower case (syntax alone is checked)."""
    try:
        return validate_email(value, check_deliverability=False).normalized.lower()
    except (EmailNotValidError, TypeError, AttributeError) as problem:
        what = str(problem).rstrip(".") if isinstance(problem, EmailNotValidError) else "that is no text"
        raise Wrong(
            f"{shown(value)} is no e-mail address ({what})", "Write it such as robin.meyer@example.net."
        ) from None


def country(value: Any) -> str:
    """ISO 3166-1 alpha-2, or with a subdivision whose public holidays count ("DE-BY")."""
    from babel import Locale  # heavy, and only for those who name a country

    found = re.fullmatch(r"([A-Z]{2})(?:-([A-Z0-9]{1,3}))?", value) if isinstance(value, str) else None
    regions = holiday_regions(found[1]) if found and found[1] in Locale("en").territories else None
    if found is None or regions is None:
        raise Wrong(f"{shown(value)} is no country", 'Write two letters of ISO 3166 such as "DE", or "DE-BY".')
    if found[2] and found[2] not in regions:
        parts = ", ".join(region for region in regions if re.fullmatch(r"[A-Z0-9]{1,3}", region))
        remedy = f'Write "{found[1]}"' + (f', or behind it and a "-" one of {parts}.' if parts else ".")
        raise Wrong(f"{shown(value)} is no part of {found[1]} with public holidays that are known", remedy)
    return str(value)


def language(value: Any) -> str:
    """Two letters, lower case."""
    if isinstance(value, str) and re.fullmatch(r"[a-z]{2}", value):
        return value
    raise Wrong(f"{shown(value)} is no language", 'Write two letters of ISO 639-1 such as "en" or "de".')


def is_loopback(host: str) -> bool:
    """True for this machine's own addresses."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def host_name(value: Any) -> str:
    """A host name or an IP address, without scheme, path or port."""
    plain = isinstance(value, str) and re.fullmatch(r"[\w.-]{1,253}|\[?[0-9a-fA-F:.]{2,45}\]?", value)
    if not plain:
        raise Wrong(f"{shown(value)} is no host name", "Write the name alone, such as imap.example.net.")
    return str(value)


def pattern(value: str) -> str:
    """A regular expression that compiles and is not too long."""
    if not value.strip():
        raise Wrong("the pattern is empty and would fit everything", "Write a word to search for.")
    if len(value) > MAX_PATTERN:
        raise Wrong(f"the pattern is longer than {MAX_PATTERN} characters", "Write several rules, or a list of texts.")
    try:
        compiled(value)
    except regex.error as problem:
        remedy = "Put a backslash before characters such as ( [ + ? * when they are meant as they stand."
        raise Wrong(f"the pattern {shown(value)} is not right: {problem}", remedy) from None
    return value


def phrase(value: Any) -> str:
    """A phrase that a letter can hold: one line, no full stop, no placeholder."""
    if not isinstance(value, str) or not value.strip():
        raise Wrong("a phrase is missing", 'Write what you would say, such as "I am in my exam weeks".')
    text = value.strip()
    if "\n" in text or len(text) > 300 or not text.isprintable():
        raise Wrong("the phrase is no single short line", "Write one clause of at most 300 characters.")
    if text.endswith((".", "!", "?")) or "{{" in text or "{%" in text:
        raise Wrong(f"{shown(text)} does not fit into a sentence", "Leave out the full stop and any placeholder.")
    return text
