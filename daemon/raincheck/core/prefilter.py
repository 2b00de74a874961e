"""Which VEVENTs of a feed may matter in a window, told from a few bytes: what it is unsure about is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from raincheck.core.ical import Component
    from raincheck.core.model import Period

_MARGIN = timedelta(days=2)  # wider than any two zones differ
_LONG_AGO = timedelta(days=500)  # longer than any DURATION of up to seven characters in hours
ENDLESS = datetime.max.replace(tzinfo=UTC) - timedelta(days=3)


def prefilter(window: Period) -> Callable[[bytes, int, int], bool]:
    """A test on the upper-case bytes of a VEVENT: false only when it surely leaves the window alone."""
    first = _digits(earlier(window.start, _MARGIN))
    long_ago = _digits(earlier(window.start, _MARGIN + _LONG_AGO))
    last = _digits(later(window.end, _MARGIN))

    def may_matter(upper: bytes, begin: int, end: int) -> bool:
        start = _date_of(upper, b"\nDTSTART", begin, end)
        if start is None or (first <= start <= last):
            return True
        if any(upper.find(sign, begin, end) >= 0 for sign in (b"\nRRULE", b"\nRDATE", b"\nRECURRENCE-ID")):
            return True
        if start > last:
            return False
        finish = _date_of(upper, b"\nDTEND", begin, end)
        if finish is not None:
            return finish >= first
        if upper.find(b"\nDTEND", begin, end) >= 0:
            return True
        place = upper.find(b"\nDURATION", begin, end)
        return place >= 0 and (start >= long_ago or not _short(upper, place, end))

    return may_matter


def _digits(moment: datetime) -> bytes:
    return moment.strftime("%Y%m%d").rjust(8, "0").encode()


def _date_of(upper: bytes, name: bytes, begin: int, end: int) -> bytes | None:
    """The eight digits that a date property's value begins with; None when they are not there."""
    place = upper.find(name, begin, end)
    if place < 0:
        return None
    stop = upper.find(b"\n", place + 1, end)
    colon = upper.rfind(b":", place, stop if stop >= 0 else end)
    digits = upper[colon + 1 : colon + 9]
    return digits if len(digits) == 8 and digits.isdigit() and digits[4:] <= b"1231" else None


def value_of(part: Component, name: bytes) -> bytes:
    """The value of a property without parameters, as written; b"" when it is not there."""
    place = part.upper.find(name + b":", part.start, part.end)
    if place < 0:
        return b""
    stop = part.text.find(b"\n", place + 1, part.end)
    return part.text[place + len(name) + 1 : stop if stop >= 0 else part.end].strip()


def _short(upper: bytes, place: int, end: int) -> bool:
    """True for a DURATION of at most 9999 hours."""
    stop = upper.find(b"\n", place + 1, end)
    value = upper[upper.rfind(b":", place, stop if stop >= 0 else end) + 1 : stop if stop >= 0 else end].strip()
    return value.startswith(b"PT") and len(value) <= 7


def earlier(moment: datetime, length: timedelta) -> datetime:
    """The moment so much before, or the beginning of time."""
    earliest = datetime.min.replace(tzinfo=UTC) + timedelta(days=5)
    return moment - length if moment - earliest > length else earliest


def later(moment: datetime, length: timedelta) -> datetime:
    """The moment so much after, or the end of time."""
    return moment + length if ENDLESS - moment > length else ENDLESS
