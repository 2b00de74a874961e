"""Learns what tells an offered time from a deadline and from others: rules/reading/learned/times.json.

From the times of tests/corpus and the whole mails that ask for an answer; one table for all languages.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from raincheck import assets
from raincheck.core.message import parse_message
from raincheck.core.reading.appointments import read_appointments
from raincheck.core.reading.language import detect
from raincheck.core.reading.learned import Linear
from raincheck.core.reading.lexicon import Lexica
from raincheck.core.reading.purpose import DEADLINE, OTHER, SLOT, WINDOW, Purpose, Purposes, seen
from raincheck.core.reading.roles import Role
from tests.accuracy import CORPUS, addressee, cases
from tests.core.reading.wordings import WORDINGS, ZONE, wording
from tests.learning import linear
from tests.learning.linear import Example, Teaching
from tests.learning.material import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from raincheck.core.model import Message
    from raincheck.core.reading.context import Context
    from raincheck.core.reading.offer import Time

OUT = FOLDER.parents[1] / "rules" / "reading" / "learned" / "times.json"
_TIMES = Teaching(rare=3, least=0.02, bound=0.1, options=(("max_iter", 2000),))
_AGREED = ("confirmation", "reminder", "cancellation")
_BY_CUES: dict[Role | None, str] = {Role.PROPOSED: SLOT, Role.FINISH: SLOT, Role.ARRIVAL: SLOT, Role.DEADLINE: DEADLINE}
_PLAIN = 3.0  # how much a wording counts, which shows one thing alone


@dataclass(frozen=True, slots=True)
class Watcher(Purposes):
    """Decides nothing, and notes the times of the first text that it is asked about, with their signs."""

    seen: list[tuple[Time, frozenset[str], Role | None]] = field(default_factory=list)

    def of(self, context: Context, times: Sequence[Time], today: date, length: int | None) -> list[Purpose]:
        """What the cues say."""
        found = [
            (item, signs, first)
            for item, (first, signs) in zip(times, seen(context, times, today, length), strict=True)
        ]
        if not self.seen:
            self.seen.extend(found)
        return [Purpose(first, first) for *_, first in found]


@dataclass(frozen=True, slots=True)
class Expected:
    """The times of a labelled mail: begin and end of slots and windows, and the last day or moment to answer."""

    slots: tuple[tuple[datetime, datetime | None], ...]
    windows: tuple[tuple[datetime, datetime | None], ...]
    reply_by: date | datetime | None

    @classmethod
    def of(cls, label: Mapping[str, Any]) -> Expected:
        """From the label of a case."""
        moment = datetime.fromisoformat
        slots, windows = (
            tuple((moment(t["start"]), moment(t["end"]) if t["end"] else None) for t in label[name] if t["start"])
            for name in ("slots", "windows")
        )
        by = label.get("reply_by")
        return cls(slots, windows, (moment(by) if "T" in by else date.fromisoformat(by)) if by else None)

    @classmethod
    def of_wording(cls, case: Mapping[str, Any]) -> Expected:
        """From a case of appointments.toml: MM-DDTHH:MM, perhaps with an offset, perhaps with /HH:MM for its end."""
        year = parsedate_to_datetime(case["date"]).year if "date" in case else 2026

        def times(key: str) -> Iterator[tuple[datetime, datetime | None]]:
            for text in case.get(key, ()):
                first, _, last = text.partition("/")
                begin = datetime.fromisoformat(f"{year}-{first}{':00' if len(first) > 11 else ''}")
                begin = begin if begin.tzinfo else begin.replace(tzinfo=ZoneInfo(ZONE))
                end = begin.replace(hour=int(last[:2]), minute=int(last[3:5])) if last else None
                yield begin, end if end is None or end > begin else None

        by = case.get("reply_by")
        return cls(
            tuple(times("slots")),
            tuple(times("windows")),
            (datetime.fromisoformat(by).replace(tzinfo=ZoneInfo(ZONE)) if "T" in by else date.fromisoformat(by))
            if by
            else None,
        )

    def purpose(self, item: Time) -> str | None:
        """What a time is for; None where the label does not tell."""
        deadline = self._is_deadline(item)
        slot, window = self._is_in(self.slots, item, parts=True), self._is_in(self.windows, item, parts=False)
        if slot or window:
            return None if deadline else SLOT if slot else WINDOW
        return DEADLINE if deadline else OTHER

    @staticmethod
    def _is_in(ranges: Sequence[tuple[datetime, datetime | None]], item: Time, *, parts: bool) -> bool:
        """Whether a time is one of the ranges: its begin, or (parts) any time of it."""
        clock = item.start or item.clock
        if clock is None:
            return any(begin.date() <= item.day <= (end or begin).date() for begin, end in ranges if item.day)
        for begin, end in ranges:
            # a clock read for the wrong half of the day, or in the wrong zone, is meant for the same all the same
            same = (begin.hour % 12, begin.minute) == (clock.hour % 12, clock.minute)
            if item.start == begin or (same and (not item.at.has_date or item.day in (None, begin.date()))):
                return True
            if parts and end is not None:
                bare = not item.at.has_date and begin.time() <= _time(clock) <= end.time()
                if bare or (item.start is not None and begin <= item.start <= end < begin + _DAY):
                    return True
        return False

    def _is_deadline(self, item: Time) -> bool:
        by = self.reply_by
        if by is None:
            return False
        if isinstance(by, datetime):
            return item.start == by or (item.day is None and item.clock == by.time()) or self._last_day(item, by.date())
        return (item.start.date() == by if item.start else False) or self._last_day(item, by)

    def _last_day(self, item: Time, by: date) -> bool:
        return item.start is None and item.day is not None and item.day in (by, by - timedelta(days=1))


_DAY = timedelta(days=1)


def _time(clock: Any) -> Any:
    return clock.time() if isinstance(clock, datetime) else clock


def examples() -> list[Example]:
    """Every time of the labelled mails that ask for an answer, and of the wordings that tests name.

    Of mails that tell of what is agreed the times are not labelled: what the cues say of them is taken as right.
    """
    lexica = Lexica.from_data(assets.reading_data())
    found: list[Example] = []
    for name, (raw, label) in (case for folder in (CORPUS, FOLDER / "mails") for case in cases(folder).items()):
        if label.get("kind") in _AGREED or ("slots" in label and "windows" in label):
            message = parse_message(raw, None, lexica.segments)
            zone = addressee(message).timezone
            meant = Expected.of(label) if "slots" in label else None
            found += _seen(name, message, detect(message, lexica.languages), zone, lexica, meant)
    for number, case in enumerate(tomllib.loads(WORDINGS.read_text("utf-8"))["case"]):
        message = wording(case, lexica.segments)
        expected = Expected.of_wording(case)
        found += _seen(f"wording-{number}", message, case.get("lang", "en"), ZONE, lexica, expected, case)
    return found


def _seen(
    name: str,
    message: Message,
    lang: str | None,
    zone: str,
    lexica: Lexica,
    expected: Expected | None,
    case: Mapping[str, Any] = MappingProxyType({}),
) -> Iterator[Example]:
    """The times of one mail."""
    watcher = Watcher(Linear({}, {}))
    lexicon = replace(lexica.appointments, purposes=watcher)
    read_appointments(message, lexicon, lang=lang, own_zone=zone, date_order=case.get("date_order"))
    for item, signs, first in watcher.seen:
        purpose = expected.purpose(item) if expected else _BY_CUES.get(first, OTHER)
        if purpose is not None:
            yield Example(name, dict.fromkeys(sorted(signs), 1.0), purpose, _PLAIN if case else 1.0)


def main(*, write: bool = True) -> None:
    """Learns and writes the table; without `write` it only tells how well that goes."""
    taught = examples()
    if write:
        linear.write(OUT, linear.fit(taught, _TIMES))
    else:
        sys.stdout.write(f"times {linear.share_right(taught, _TIMES):.3f} of {len(taught)}\n")
