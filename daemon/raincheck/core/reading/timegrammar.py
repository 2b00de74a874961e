"""Tokens → the atoms of times: written dates, clocks and ranges of clocks, lengths, zones. What they mean together is
decided in times.py.

One pass from left to right, each atom as long as it can be; a number that could be a clock or a day only beside others
("10, 11 or 14:00", "3 or 4 December") is kept as a loose number and joined to its neighbour afterwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from raincheck.core.reading.clock import Clock
from raincheck.core.reading.dates import WrittenDate
from raincheck.core.reading.zones import Zone, load_zone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.reading.timewords import Entry, TimeWords, Token
    from raincheck.core.reading.zones import ZoneTable

AtomKind = Literal["date", "clock", "number", "length", "zone", "week", "same_time", "next_day", "habit"]

MAX_ATOMS = 300  # what a text names beyond so many dates and clocks is not read
_IANA = re.compile(r"[A-Z][A-Za-z]{2,12}(?:/[A-Z][A-Za-z_+-]{1,20}){1,2}")
_WINDOWS = " Standard Time"
_OPENING = frozenset("([")
_DATE_GLUE_MARKS = frozenset(",.()")


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of a time: tokens [first, last). Only the fields of its kind are set."""

    kind: AtomKind
    first: int
    last: int
    date: WrittenDate | None = None
    part: str | None = None  # part of the day named with the date or the clock
    start: Clock | None = None
    end: Clock | None = None
    open_end: bool = False
    zone: Zone | None = None
    minutes: int = 0  # of a length
    weeks: int | str = 0  # of "next week" standing alone
    isoweek: int | None = None  # of "KW 50" standing alone
    weak: bool = False  # a bare number, believed for the word before it
    whole: bool = False  # the date carries more than a weekday
    day_like: bool = False  # a loose number that looks like a day ("3rd", "3.")


class Grammar:
    """Reads one text; holds nothing beyond it."""

    def __init__(self, text: str, found: Sequence[Token], words: TimeWords, zones: ZoneTable) -> None:
        self.text = text
        self.tokens = found
        self.words = words
        self.zones = zones
        self.count = len(found)
        self.entries: list[tuple[Entry, int]] = [words.find(found, index) for index in range(len(found))]

    # --- looking at tokens ----------------------------------------------------------------------------------------

    def entry(self, index: int) -> Entry:
        """What the phrase at that token means; {} past the end."""
        return self.entries[index][0] if 0 <= index < self.count else {}

    def length(self, index: int) -> int:
        """The number of tokens of the phrase at that token, at least 1."""
        return (self.entries[index][1] or 1) if 0 <= index < self.count else 1

    def low(self, index: int) -> str:
        """The token in lower case, "" past the ends."""
        return self.tokens[index].low if 0 <= index < self.count else ""

    def gap(self, index: int) -> str:
        """The white space before the token; an empty line past the ends."""
        return self.tokens[index].gap if 0 <= index < self.count else "¶"

    def number(self, index: int, digits: int = 2) -> int | None:
        """The value of a number token with at most so many digits."""
        if not 0 <= index < self.count:
            return None
        token = self.tokens[index]
        return int(token.text) if token.kind == "number" and len(token.text) <= digits else None

    def glued(self, index: int) -> str:
        """The token if it stands without space behind the one before it, else ""."""
        return self.low(index) if self.gap(index) == "" else ""

    def stands_free(self, index: int) -> bool:
        """False for a number that is part of something longer: "v3", "#3", "2026-118", "1.3"."""
        if index > 0 and self.gap(index) == "":
            before = self.tokens[index - 1]
            if before.low == "t" and self.number(index - 2) is not None:
                return True  # 2026-12-03T14:30
            if before.kind == "word" or before.text in "#$€£+=_%&'\\":
                return False
            if before.text in ":./-" and index > 1 and self.gap(index - 1) == "":
                return self.tokens[index - 2].kind == "word" and before.text in ":-"
        return True

    def ends_free(self, end: int) -> bool:
        """False when what follows directly makes the number another thing: "5%", "5€", "5-fold"."""
        after = self.glued(end)
        if not after:
            return True
        token = self.tokens[end]
        if token.kind != "mark":
            return False
        if after in "%€$£°_#'\\" or (after == "+" and self.number(end + 1, 4) is None):
            return False
        return not (after in "./:-" and self.gap(end + 1) == "" and self.low(end + 1)[:1].isalnum())

    # --- the pass -------------------------------------------------------------------------------------------------

    def atoms(self) -> list[Atom]:
        """All atoms in reading order."""
        found: list[Atom] = []
        index = 0
        while index < self.count and len(found) < MAX_ATOMS:
            token = self.tokens[index]
            if token.kind == "mark" or (token.kind == "word" and not self.entries[index][1]):
                atom = self._iana(index) if token.kind == "word" and self.glued(index + 1) == "/" else None
            elif "noise" in self.entry(index):
                index += self.length(index)
                continue
            else:
                atom = self._atom(index)
            if atom is None and token.kind == "word" and self._zone_may_stand(index):
                atom = self._standing_zone(index)
            if atom is None:
                index += 1
                continue
            found.append(atom)
            index = max(atom.last, index + 1)
        return self._join_numbers(found)

    def _standing_zone(self, index: int) -> Atom | None:
        named = self.zone_at(index, bare=self._all_times(index))
        if named is None:
            return None
        zone, end = named
        if self.low(index - 1) in _OPENING and self.low(end) in (")", "]"):
            zone, end = self._displayed(zone, end + 1), end + 1
        return Atom("zone", index, end, zone=zone)

    def _zone_may_stand(self, index: int) -> bool:
        before = self.low(index - 1)
        return self.gap(index) in ("\n", "¶", "\t") or before in (",", "(", ".", ":") or self._all_times(index)

    def _all_times(self, index: int) -> bool:
        """True behind "all times (in)", "Time zone:"."""
        return any("all_times" in self.entry(index - back) for back in (1, 2, 3, 4))

    def _iana(self, index: int) -> Atom | None:
        named = self.zone_at(index)
        return Atom("zone", index, named[1], zone=named[0]) if named else None

    def _atom(self, index: int) -> Atom | None:
        entry = self.entry(index)
        for kind in ("same_time", "next_day"):
            if kind in entry:
                return Atom("same_time" if kind == "same_time" else "next_day", index, index + self.length(index))
        if "recurring" in entry:
            return Atom("habit", index, index + self.length(index))
        return (
            self._length(index)
            or self._date(index)
            or self._week(index)
            or self._clock(index)
            or self._loose_number(index)
        )

    # --- lengths --------------------------------------------------------------------------------------------------

    def _length(self, index: int) -> Atom | None:
        """ "45 minutes", "1.5 hours", "30-45 min", "an hour" (with `for` before it)."""
        value: float | None = self.number(index, 3)
        end = index + 1
        if value is not None and self.glued(end) in (".", ",") and self.number(end + 1, 1) is not None:
            value += (self.number(end + 1, 1) or 0) / 10
            end += 2
        if value is None and "number" in self.entry(index):
            value, end = self.entry(index)["number"], index + self.length(index)
        if value is None:
            return None
        upper_at = end + 1
        if self.low(end) == "-" or "to" in self.entry(end):
            upper = self.number(upper_at, 3)
            if upper is not None and self._unit(upper_at + 1):
                value, end = upper, upper_at + 1
        elif self.glued(end) == "" and "or" in self.entry(end):
            return None
        if self.low(end) == "-" and self.gap(end) == "":
            end += 1
        unit = self._unit(end)
        if not unit or ("hour" in self.entry(end) and unit == 60):
            return None
        return Atom("length", index, end + self.length(end), minutes=int(value * unit))

    def _unit(self, index: int) -> int:
        entry = self.entry(index)
        return int(entry.get("unit", 0)) if self.tokens[index : index + 1] else 0

    # --- clocks ---------------------------------------------------------------------------------------------------

    def _clock(self, index: int) -> Atom | None:
        """A clock or a range of clocks, with the part of the day and the zone that follow it."""
        led = self._led(index)
        read = self._one_clock(index, led)
        if read is None:
            return None
        start, end_at, weak = read
        finish, last, finish_weak = self._range_end(index, end_at, weak)
        if finish is None and weak and not led:
            return None
        if finish is not None and weak and finish_weak and not led and not self._after_date(index):
            return None
        if ((weak and finish is None) or finish_weak) and not self._believable_end(last):
            if finish is not None and not weak:
                finish, last, finish_weak = None, end_at, False
            else:
                return None
        part, last = self._part_after(last)
        open_end = finish is None and self._open(index, last)
        if finish is None and "onwards" in self.entry(last) and not self._another_time(last + self.length(last)):
            last += self.length(last)
            open_end = True
        named = self.zone_after(last)
        if named:
            last = named[1]
        if part is None:
            part, last = self._part_after(last)
        return Atom(
            "clock", index, last, start=start, end=finish, part=part, open_end=open_end,
            zone=named[0] if named else None, weak=weak and (finish is None or finish_weak),
        )  # fmt: skip

    def _another_time(self, index: int) -> bool:
        return self.number(index, 4) is not None or bool(
            self.entry(index).keys() & {"weekday", "month", "day", "date_lead", "modifier"}
        )

    def _led(self, index: int) -> bool:
        """True behind a word that makes a bare number a clock ("at", "um")."""
        return self.led_by(index, "at")

    def led_by(self, index: int, category: str) -> bool:
        """True when a phrase of that category ends right before the token."""
        return any(category in entry for entry in self.ending(index))

    def ending(self, index: int) -> Iterator[Entry]:
        """The meanings of the phrases that end right before the token; a phrase that is noise hides the others."""
        for back in (4, 3, 2, 1):
            if index >= back and self.entries[index - back][1] == back:
                entry = self.entries[index - back][0]
                if "noise" in entry:
                    return
                yield entry

    def _after_date(self, index: int) -> bool:
        """True when the words right before look like the end of a date: weekday, month, year, day."""
        back = index - 1
        while back >= 0 and index - back < 4 and (self.low(back) in ",.:()|" or "on" in self.entry(back)):
            back -= 1
        if any(entry.keys() & {"weekday", "month", "day", "part", "weeks", "later"} for entry in self.ending(back + 1)):
            return True
        digits = self.tokens[back].text if back >= 0 and self.tokens[back].kind == "number" else ""
        if len(digits) == 4:
            return digits.startswith("20")
        return (
            (bool(digits) and self.low(back - 1) in (".", "/", "-"))
            or (back > 0 and self.entry(back - 1).keys() >= {"month"})
            or (self.low(back) in self.words.day_suffixes)
        )

    def _open(self, index: int, last: int) -> bool:
        return self.led_by(index, "after") and self.low(last) != "-"

    def _one_clock(self, index: int, led: bool) -> tuple[Clock, int, bool] | None:
        """(clock, end, weak) at that token."""
        entry = self.entry(index)
        if "fixed" in entry:
            hour, minute = entry["fixed"]
            return Clock(hour, minute, certain=True, midnight=hour == 0), index + self.length(index), False
        if "before_hour" in entry:
            return self._offset_clock(index, entry["before_hour"])
        if self.tokens[index].kind == "number":
            return self._digits(index, led)
        if "number" in entry:
            return self._worded(index, entry["number"])
        return None

    def _offset_clock(self, index: int, shift: int) -> tuple[Clock, int, bool] | None:
        at = index + self.length(index)
        hour = self.entry(at).get("number", self.number(at))
        if hour is None or not 1 <= hour <= 12:
            return None
        at += self.length(at)
        minutes = (hour * 60 + shift) % (12 * 60)
        clock = Clock(minutes // 60 or 12, minutes % 60)
        return (*self._with_half(clock, self._skip_hour(at)), False)

    def _worded(self, index: int, hour: int) -> tuple[Clock, int, bool] | None:
        at = index + self.length(index)
        if hour > 24:
            return None
        hour_word = "hour" in self.entry(at)
        clock, end = self._with_half(Clock(hour, certain=hour > 12), self._skip_hour(at))
        end, clock = self._minutes_behind(end, clock) if hour_word else (end, clock)
        suffix = self.entry(end).get("after_hour")
        if suffix is not None:
            return Clock(*divmod((clock.hour * 60 + suffix) % 1440, 60)), end + self.length(end), False
        return clock, end, not hour_word and clock.half is None

    def _minutes_behind(self, end: int, clock: Clock) -> tuple[int, Clock]:
        minute = self.number(end)
        if minute is None or not 1 <= minute < 60 or self.gap(end) not in ("", " ") or len(self.tokens[end].text) != 2:
            return end, clock
        if not self.ends_free(end + 1) or self.low(end + 1) == "." or self.entry(end + 1).keys() & {"month", "unit"}:
            return end, clock
        return end + 1, replace(clock, minute=minute)

    def _skip_hour(self, at: int) -> int:
        return at + self.length(at) if "hour" in self.entry(at) else at

    def _with_half(self, clock: Clock, at: int) -> tuple[Clock, int]:
        entry = self.entry(at)
        if "half" in entry and self.gap(at) in ("", " ", "\n") and clock.hour <= 12:
            nearby = self.tokens[at]
            if (
                self.gap(at) == " "
                and nearby.low == nearby.text
                and self._another_time(at + self.length(at))
                and ("on" in entry)
            ):
                return clock, at
            end = at + self.length(at)
            return replace(clock, half=entry["half"], certain=clock.hour == 0), self._skip_hour(end)
        return clock, at

    def _digits(self, index: int, led: bool) -> tuple[Clock, int, bool] | None:
        if not self.stands_free(index) and not self._range_before(index):
            return None
        text = self.tokens[index].text
        if len(text) == 4:
            return self._military(index)
        hour = self.number(index)
        if hour is None or hour > 24:
            return None
        minute = self.number(index + 2)
        two = minute is not None and len(self.tokens[index + 2].text) == 2 and minute < 60 and self.gap(index + 2) == ""
        if two and minute is not None and self.glued(index + 1) == ":":
            return self._after_minutes(index, hour, minute, dotted=False, led=led)
        if two and minute is not None and self.glued(index + 1) == ".":
            return self._after_minutes(index, hour, minute, dotted=True, led=led)
        if two and minute is not None and "hour" in self.entry(index + 1) and self.gap(index + 1) == "":
            return Clock(hour, minute, certain=hour > 12), index + 3, False
        at = index + 1
        if "hour" in self.entry(at) and self.gap(at) in ("", " ", "\n"):
            end = at + self.length(at)
            clock = Clock(hour, certain=hour > 12 or hour == 0)
            end, clock = self._minutes_behind(end, clock)
            suffix = self.entry(end).get("after_hour")
            if suffix is not None:
                return Clock(*divmod((hour * 60 + suffix) % 1440, 60)), end + self.length(end), False
            clock, end = self._with_half(clock, end)
            return clock, end, False
        clock, end = self._with_half(Clock(hour, certain=hour > 12 or hour == 0), at)
        if clock.half is not None:
            return (clock, end, False) if 1 <= hour <= 12 else None
        suffix = self.entry(at).get("after_hour")
        if suffix is not None:
            return Clock(*divmod((hour * 60 + suffix) % 1440, 60)), at + self.length(at), False
        if not self.ends_free(at) and not self._range_after(at):
            return None
        if self.glued(at) == "." and self.number(at + 1) is not None:
            return None
        return clock, at, True

    def _range_before(self, index: int) -> bool:
        """True for the second figure of "9-5"."""
        return self.low(index - 1) == "-"

    def _range_after(self, at: int) -> bool:
        return self.glued(at) == "-" and self.number(at + 1, 4) is not None

    def _after_minutes(
        self, index: int, hour: int, minute: int, *, dotted: bool, led: bool
    ) -> tuple[Clock, int, bool] | None:
        """The clock with two figures of minutes: seconds, am/pm and hour word behind it; dotted forms need a reason."""
        end = index + 3
        if not dotted and self.glued(end) == ":" and self.number(end + 1) is not None:
            end += 2
        if self.glued(end) in (".", "/", ":") and self.gap(end + 1) == "" and self.number(end + 1, 4) is not None:
            return None
        if hour == 24 and minute:
            return None
        certain = hour > 12 or hour == 0
        clock, after = self._with_half(Clock(hour, minute, certain=certain), end)
        plain = clock.half is None
        after = self._skip_hour(after) if plain else after
        if plain and after > end:
            clock, after = self._with_half(clock, after)
        if not self.ends_free(after) and not self._range_after(after) and self.glued(after) != "z":
            return None
        if dotted and plain and after == end and not (led or self._after_date(index) or self._dotted_range(index, end)):
            return None
        return clock, after, False

    def _dotted_range(self, index: int, end: int) -> bool:
        """ "10.30 - 11.30": the other end of the range, or a line that begins with it, speaks for a clock."""
        if self.low(index - 1) == "-" or "to" in self.entry(index - 1):
            return True
        at = end + self.length(end) if self.low(end) == "-" or "to" in self.entry(end) else 0
        if not at:
            return False
        return (
            self.number(at) is not None
            and self.glued(at + 1) == "."
            and len(self.low(at + 2)) == 2
            and ("hour" in self.entry(at + 3) or "half" in self.entry(at + 3))
        )

    def _military(self, index: int) -> tuple[Clock, int, bool] | None:
        """ "1400 hrs", "0930h", and "0700-0900" behind a date."""
        text = self.tokens[index].text
        hour, minute = int(text[:2]), int(text[2:])
        if hour > 23 or minute > 59:
            return None
        end = index + 1
        clock = Clock(hour, minute, certain=True)
        if "military" in self.entry(end):
            return clock, end + self.length(end), False
        if not self.ends_free(end) and not self._range_after(end):
            return None
        other = self.tokens[end + 1] if end + 1 < self.count else None
        ranged = self.low(end) == "-" and other is not None and other.kind == "number" and len(other.text) == 4
        if self.low(index - 1) == "-" and self.number(index - 2, 4) is not None:
            return clock, end, True
        if ranged and other is not None and int(other.text[:2]) < 25 and int(other.text[2:]) < 60:
            return clock, end, True
        led = self._led(index) and not 1990 <= int(text) <= 2040
        return (clock, end, True) if led else None

    def _range_end(self, index: int, at: int, weak: bool) -> tuple[Clock | None, int, bool]:
        """The second clock of a range that goes on at `at`, as (clock, end, weak)."""
        joined = self.entry(at)
        is_range = "to" in joined or self.low(at) == "-"
        if not is_range and "with" in joined and self.led_by(index, "between"):
            is_range = True
        if not is_range or self.gap(at) == "¶" or (self.gap(at) == "\n" and self.low(at) == "-"):
            return None, at, weak
        then = at + self.length(at)
        if self.gap(then) == "¶" or then >= self.count:
            return None, at, weak
        if "at" in self.entry(then) and "fixed" not in self.entry(then):
            then += self.length(then)
        if then >= self.count or (self.tokens[then].kind == "mark"):
            return None, at, weak
        if self._date_like(then):
            return None, at, weak
        read = self._one_clock(then, led=True)
        if read is None:
            return None, at, weak
        return read

    def _date_like(self, index: int) -> bool:
        """True for "5 October" behind a joiner: a day, no clock."""
        if self.tokens[index].kind != "number":
            return False
        return self._numeric_date(index) is not None or self._day(index, {}) is not None

    def _believable_end(self, at: int) -> bool:
        """What may stand behind a bare number that is a clock: the end, a mark, a known word, a common small word."""
        if at >= self.count:
            return True
        token = self.tokens[at]
        if token.gap in ("¶", "\n"):
            return True
        if token.kind == "number":
            return False
        if token.kind == "mark":
            return token.text in ",.;:!?)(-/|•·]\"'*" and self.ends_free(at)
        entry = self.entry(at)
        if entry.keys() & {"unit", "month", "ordinal"}:
            return False
        if token.low == "of" or "noise" in entry:
            return False
        if entry:
            return True
        if token.text in self.zones.letters or self.zone_at(at) is not None:
            return True
        return token.text[:1].islower() and not token.low.endswith(("s", "en"))

    def _part_after(self, at: int) -> tuple[str | None, int]:
        entry = self.entry(at)
        if "part" in entry and self.gap(at) in ("", " ", "\n") and at < self.count:
            return entry["part"], at + self.length(at)
        if self.low(at) == "(" and "part" in self.entry(at + 1):
            return self.entry(at + 1)["part"], at + 2
        return None, at

    # --- zones ----------------------------------------------------------------------------------------------------

    def zone_after(self, at: int) -> tuple[Zone, int] | None:
        """A zone right behind a clock: "CET", "(Europe/Berlin)", "Berlin time", "Pacific"."""
        if self.glued(at) == "z":
            return Zone(("UTC",)), at + 1
        if self.glued(at) in ("+", "-") and self.number(at + 1, 4) is not None and self.gap(at + 1) == "":
            return self._offset(at) if self.glued(at + 2) == ":" or len(self.tokens[at + 1].text) == 4 else None
        skip = at
        for _ in range(2):
            if self.low(skip) in ("(", "[", ",", "-") and self.gap(skip) in ("", " "):
                skip += 1
        if self.gap(skip) not in ("", " ", "\n", "\t"):
            return None
        if "on" in self.entry(skip) and not (self.tokens[skip : skip + 1] and self.tokens[skip].text[:1].isupper()):
            skip += self.length(skip)
        named = self.zone_at(skip, bare=True)
        if named is None:
            return None
        zone, end = named
        opened = any(self.low(index) in _OPENING for index in range(at, skip))
        if opened and self.low(end) in (")", "]"):
            end += 1
            zone = self._displayed(zone, end)
        return zone, end

    def _displayed(self, zone: Zone, at: int) -> Zone:
        """Calendars write "(UTC+01:00) Amsterdam, Berlin" all year: the place is meant, not its standard offset."""
        if zone.name[0] not in "+-" or self.gap(at) not in ("", " ") or at >= self.count:
            return zone
        token = self.tokens[at]
        if token.kind != "word" or not token.text[:1].isupper():
            return zone
        named = self._named_zone(at, bare=False)
        place = named[0] if named else self.zones.place(token.text)
        offset, there = load_zone(zone.name), load_zone(place.name) if place else None
        if place is None or offset is None or there is None:
            return zone
        moment = datetime(2026, 1, 1, tzinfo=there), datetime(2026, 7, 1, tzinfo=there)
        standard = {m.utcoffset() for m in moment if not m.dst()}
        return place if offset.utcoffset(None) in standard else zone

    def zone_at(self, index: int, *, bare: bool = False) -> tuple[Zone, int] | None:
        """The zone named at that token, and where it ends; bare allows a known name without a word for "time"."""
        if not 0 <= index < self.count or self.tokens[index].kind != "word":
            return None
        token = self.tokens[index]
        if token.text in ("GMT", "UTC") and self.low(index + 1) in ("+", "-") and self.number(index + 2, 4) is not None:
            return self._offset(index + 1)
        if token.text in self.zones.letters:
            return self.zones.letters[token.text], index + 1
        if not token.text[:1].isupper():
            return None
        if self.glued(index + 1) == "/":
            return self._matched(_IANA.match(self.text, token.start))
        return self._named_zone(index, bare=bare)

    def _named_zone(self, index: int, *, bare: bool) -> tuple[Zone, int] | None:
        for size in (1, 2, 3, 4):
            at = index + size
            if at > self.count or any(token.kind == "number" for token in self.tokens[index:at]):
                break
            if "zone" not in self.entry(at) or self.gap(at) not in (" ", "\n"):
                continue
            place = " ".join(token.text for token in self.tokens[index:at])
            zone = None if place.lower() in self.zones.names else self._windows_zone(index, at + self.length(at))
            zone = zone or self.zones.place(place)
            if zone is not None:
                return zone, at + self.length(at)
        if bare:
            for size in range(min(3, self.count - index), 0, -1):
                words = " ".join(token.low for token in self.tokens[index : index + size])
                if words in self.zones.names:
                    return self.zones.names[words], index + size
        return None

    def _windows_zone(self, first: int, last: int) -> Zone | None:
        """The zone of "W. Europe Standard Time"; the table is loaded only for words that end so."""
        words = " ".join(self.text[self.tokens[first].start : self.tokens[min(last, self.count) - 1].end].split())
        return self.zones.windows(words) if words.endswith(_WINDOWS) else None

    def _matched(self, match: re.Match[str] | None) -> tuple[Zone, int] | None:
        if match is None or load_zone(match[0]) is None:
            return None
        return Zone((match[0],)), self._index_at(match.end())

    def _index_at(self, offset: int) -> int:
        low, high = 0, self.count
        while low < high:
            middle = (low + high) // 2
            if self.tokens[middle].start < offset:
                low = middle + 1
            else:
                high = middle
        return low

    def _offset(self, index: int) -> tuple[Zone, int] | None:
        digits = self.tokens[index + 1].text
        end = index + 2
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "00")
        if self.glued(end) == ":" and self.number(end + 1) is not None:
            minutes = self.tokens[end + 1].text
            end += 2
        name = f"{self.low(index)}{int(hours):02d}:{minutes}"
        return (Zone((name,)), end) if load_zone(name) else None

    # --- dates ----------------------------------------------------------------------------------------------------

    def _week(self, index: int) -> Atom | None:
        entry = self.entry(index)
        end = index + self.length(index)
        if "weeks" in entry:
            return Atom("week", index, end, weeks=entry["weeks"])
        number = self.number(end) if "isoweek" in entry else None
        if number is not None and 1 <= number <= 53 and not self._clock_behind(end + 1):
            return Atom("week", index, end + 1, isoweek=number)
        return None

    def _date(self, index: int) -> Atom | None:
        fields: dict[str, object] = {}
        at = last = index
        steps = 0
        while at < self.count and steps < 8:
            steps += 1
            read = self._component(at, fields, first=at == index)
            if read is None:
                break
            update, at = read
            fields |= update
            last = at
            at = self._skip_date_glue(at)
        part = fields.pop("part", None)
        opened = sum((t.text == "(") - (t.text == ")") for t in self.tokens[index:last])
        if opened > 0 and self.low(last) == ")":
            last += 1
        if not fields or not self._complete(fields):
            return None
        written = WrittenDate(**fields)  # type: ignore[arg-type]  # the components set these fields only
        whole = written.day is not None or written.relative is not None
        return Atom("date", index, last, date=written, part=str(part) if part else None, whole=whole)

    def _complete(self, fields: dict[str, object]) -> bool:
        if fields.keys() & {"relative", "weekday"}:
            return True
        return "day" in fields and ("month" in fields or "ordinal_only" not in fields)

    def _skip_date_glue(self, at: int) -> int:
        for _ in range(3):
            if self.gap(at) in ("¶", "\t"):
                break
            if self.low(at) in _DATE_GLUE_MARKS:
                if self.low(at) == ")":
                    break
                if self.low(at) == "." and self.gap(at) != "":
                    break
                at += 1
            elif "date_glue" in self.entry(at) and "month" not in self.entry(at) and "weeks" not in self.entry(at):
                at += self.length(at)
            else:
                break
        return at

    def _component(self, at: int, fields: dict[str, object], *, first: bool) -> tuple[dict[str, object], int] | None:
        if self.gap(at) == "¶" and not first:
            return None
        if self.tokens[at].kind == "number":
            return self._number_component(at, fields)
        entry = self.entry(at)
        end = at + self.length(at)
        if "weekday" in entry and "weekday" not in fields and self._believable_weekday(at, end, fields):
            named: dict[str, object] = {"weekday": entry["weekday"]}
            if "part" in entry:
                named["part"] = entry["part"]
            return named, end + (self.glued(end) == ".")
        if "month" in entry and "month" not in fields:
            return self._month_first(at, end, entry["month"], fields)
        if "ordinal" in entry and "day" not in fields:
            return self._worded_day(end, entry["ordinal"], fields)
        beside = not fields.keys() & {"weekday", "day"} or self.low(at - 1) == "("
        if "day" in entry and "relative" not in fields and beside:
            return {"relative": entry["day"]} | (
                {"part": entry["part"]} if "part" in entry and not entry["day"] else {}
            ), end
        if "part" in entry and "part" not in fields and fields.keys() & {"weekday", "relative", "day"}:
            return {"part": entry["part"]}, end
        if "later" in entry and fields.keys() == {"weekday"}:
            return {"later": entry["later"]}, end
        if "weeks" in entry and "weeks" not in fields and entry["weeks"] != "same":
            return self._weeks(entry["weeks"], end, fields)
        if "isoweek" in entry and "isoweek" not in fields:
            return self._isoweek(end, fields)
        if "modifier" in entry and not fields:
            return self._modified(entry["modifier"], end)
        return None

    def _believable_weekday(self, at: int, end: int, fields: dict[str, object]) -> bool:
        """Full names always; abbreviations only with a capital, beside a digit, comma or clock."""
        token = self.tokens[at]
        if len(token.text) > 4:
            return True
        if len(token.text) < self.words.weekday_letters or not token.text[:1].isupper() or self.gap(end) == "¶":
            return False
        if fields.keys() & {"day", "relative", "modifier"}:
            return self.low(end) in (")", ",", ".", "") or self.low(at - 1) in ("(", ",") or "at" in self.entry(end)
        dotted = self.glued(end) == "."
        after = end + 1 if dotted else end
        comma = self.low(after) == "," and self.gap(after) == ""
        if comma:
            after += 1
        if self.low(after) in ("/", "-", "&") and "weekday" in self.entry(after + 1):
            return True
        if "date_glue" in self.entry(after) or "at" in self.entry(after) or "part" in self.entry(after):
            after += self.length(after) if "part" not in self.entry(after) else 0
        entry = self.entry(after)
        if len(token.text) == 2 and comma and not dotted and self.number(after) is not None:
            # "So, 3 ..." begins a sentence as often as it names a day
            return self._numeric_date(after) is not None or self._day(after, {"weekday": 0}) is not None
        if self.number(after, 4) is not None:
            return True
        return bool(entry.keys() & {"month", "part", "fixed", "before_hour", "same_time", "ordinal", "later"}) or (
            "or" in self.entry(end) and "weekday" in self.entry(end + self.length(end))
        )

    def _month_first(
        self, at: int, end: int, month: int, fields: dict[str, object]
    ) -> tuple[dict[str, object], int] | None:
        end += self.glued(end) == "." and self.gap(end + 1) in ("", " ")
        if "day" in fields:
            return ({"month": month}, end) if fields.pop("ordinal_only", None) else None
        while "date_glue" in self.entry(end) and "ordinal" not in self.entry(end):
            end += self.length(end)
        ordinal = self.entry(end).get("ordinal")
        if ordinal is not None:
            return {"month": month, "day": ordinal}, end + self.length(end)
        day = self.number(end)
        if day is None or not 1 <= day <= 31 or self.gap(end) not in (" ", "", "\n"):
            return None
        after = end + 1
        if self.glued(after) in self.words.day_suffixes and self.low(after) != ".":
            after += 1
        elif (
            self.glued(after) == ":"
            or (self.entry(after).keys() & {"half", "hour"} and self.gap(after) in ("", " "))
            or (not self.ends_free(after) and not self._range_after(after) and self.glued(after) != "/")
        ):
            return None
        return {"month": month, "day": day}, after

    def _worded_day(self, end: int, day: int, fields: dict[str, object]) -> tuple[dict[str, object], int] | None:
        at = end
        while "date_glue" in self.entry(at):
            at += self.length(at)
        month = self.entry(at).get("month")
        if month is not None and self.gap(at) != "¶":
            return {"day": day, "month": month}, at + self.length(at)
        if "weekday" in fields and self.gap(end) != " ":
            return {"day": day}, end
        return None

    def _weeks(self, weeks: int, end: int, fields: dict[str, object]) -> tuple[dict[str, object], int] | None:
        if "weekday" in fields:
            return {"weeks": weeks}, end
        at = self._skip_date_glue(end)
        if "weekday" in self.entry(at) and len(self.low(at)) > 3 and self.gap(at) != "¶":
            return {"weeks": weeks}, end
        return None

    def _isoweek(self, end: int, fields: dict[str, object]) -> tuple[dict[str, object], int] | None:
        week = self.number(end)
        if week is None or not 1 <= week <= 53:
            return None
        at = self._skip_date_glue(end + 1)
        if "weekday" in fields or ("weekday" in self.entry(at) and self.gap(at) != "¶"):
            return {"isoweek": week}, end + 1
        return None

    def _modified(self, modifier: str, end: int) -> tuple[dict[str, object], int] | None:
        if "weekday" not in self.entry(end) or self.gap(end) == "¶":
            return None
        if len(self.tokens[end].text) <= 4 and not self.tokens[end].text[:1].isupper():
            return None
        return {"modifier": modifier, "weekday": self.entry(end)["weekday"]}, end + self.length(end)

    def _number_component(self, at: int, fields: dict[str, object]) -> tuple[dict[str, object], int] | None:
        if "day" not in fields or "ordinal_only" in fields:
            numeric = self._numeric_date(at) if not fields.keys() & {"day", "month"} else None
            if numeric is not None and (numeric[0].get("year") or self._short_date_fits(at, numeric[1], fields)):
                return numeric
            return self._day(at, fields)
        if "month" in fields and "year" not in fields:
            year = self.number(at, 4)
            if year is not None and 2000 <= year <= 2099 and not self._clock_behind(at + 1):
                if self.low(at + 1) == "-" and self.gap(at + 1) == "" and self.number(at + 2, 9) is not None:
                    return None
                return {"year": year}, at + 1
        return None

    def _clock_behind(self, at: int) -> bool:
        """True when what follows a number makes it a clock."""
        if self.glued(at) == ":" and self.number(at + 1) is not None:
            return True
        if self.entry(at).keys() & {"half", "hour", "military"} and self.gap(at) in ("", " "):
            return "on" not in self.entry(at) or self.tokens[at].text.isupper()
        return "after_hour" in self.entry(at)

    def _day(self, at: int, fields: dict[str, object]) -> tuple[dict[str, object], int] | None:
        """A day number with its month ("3rd of December"), or one that its weekday or lead word makes a day."""
        day = self.number(at)
        if day is None or not 1 <= day <= 31 or not (self.stands_free(at) or self.low(at - 1) in ("-", "/")):
            return None
        end = at + 1
        ordinal = self.glued(end) in self.words.day_suffixes and (
            self.low(end) != "." or self.gap(end + 1) != "" or self.tokens[end + 1 : end + 2] == []
            or self.low(end + 1) in ",-/)" or "month" in self.entry(end + 1)
        )  # fmt: skip
        if ordinal:
            end += 1
        after = end
        if (self.low(after) == "-" and self.gap(after) == "" and "month" in self.entry(after + 1)) or (
            self.glued(after) == "." and "month" in self.entry(after + 1)
        ):
            after += 1
        while "date_glue" in self.entry(after) and "month" not in self.entry(after) and self.gap(after) == " ":
            after += self.length(after)
        month = self.entry(after).get("month")
        if month is not None and self.gap(after) in ("", " ", "\n"):
            after += self.length(after)
            if self.glued(after) == "." and self.gap(after + 1) in (" ", "\n", ""):
                after += self.number(after + 1, 4) is not None or len(self.low(after - 1)) <= 4
            elif self.glued(after) == "-" and self.number(after + 1, 4) is not None:
                after += 1
            return {"day": day, "month": month}, after
        if self._clock_behind(end):
            return None
        if ordinal and self.low(at + 1) == "." and self.gap(end) == "¶" and "weekday" not in fields:
            return None
        if ordinal and fields.keys() & {"weekday", "relative"} and self._believable_end(end):
            return {"day": day}, end
        if self.words.bare_day and fields.keys() == {"weekday"} and self.gap(at) == " " and self._believable_end(end):
            return {"day": day}, end
        if fields.keys() == {"weekday"} and self.gap(at) == " " and not ordinal:
            month = self._month_of_list(end)
            if month is not None:
                return {"day": day, "month": month}, end
        if ordinal and not fields and self.led_by(at, "date_lead") and self._ends_day(end):
            return {"day": day}, end
        return None

    def _month_of_list(self, at: int) -> int | None:
        """The month behind the second day of "Monday 7 to Friday 11 December"."""
        if not (self.entry(at).keys() & {"or", "to"} or self.low(at) in ("-", ",", "/")):
            return None
        for index in range(at + 1, at + 6):
            if self.number(index) is not None:
                month = self.entry(index + 1 + (self.glued(index + 1) in self.words.day_suffixes)).get("month")
                return int(month) if month is not None else None
        return None

    def _ends_day(self, at: int) -> bool:
        """What may stand behind "on the 5th": the end, a mark or a word for times; "the 5th floor" is no day."""
        if at >= self.count or self.gap(at) == "¶":
            return True
        token = self.tokens[at]
        if token.kind == "mark":
            return token.text in ",;:!?)(" or (token.text == "." and self.gap(at + 1) != "")
        return token.kind == "word" and bool(
            self.entry(at).keys() & {"at", "or", "on", "from", "to", "fixed", "part", "before_hour"}
        )

    def _numeric_date(self, at: int) -> tuple[dict[str, object], int] | None:
        """2026-12-03, 2026/12/03, 03.12.2026, 3.12., 12/04/2026, 3/12, 16-09-2026."""
        if not self.stands_free(at):
            return None
        separator = self.glued(at + 1)
        if separator not in (".", "/", "-") or not separator:
            return None
        year_first = self.number(at, 4)
        spaced = separator == "." and self.gap(at + 2) == " "
        if self.gap(at + 2) not in ("", " ") or (self.gap(at + 2) == " " and not spaced):
            return None
        second = self.number(at + 2)
        if second is None or year_first is None:
            return None
        if len(self.tokens[at].text) == 4:
            return self._iso(at, year_first, second, separator)
        first = self.number(at)
        if first is None or not (1 <= first <= 31 and 1 <= second <= 31) or (first > 12 and second > 12):
            return None
        return self._day_month(at, first, second, separator)

    def _iso(self, at: int, year: int, month: int, separator: str) -> tuple[dict[str, object], int] | None:
        day = self.number(at + 4)
        if self.glued(at + 3) != separator or day is None or self.gap(at + 4) != "" or not 2000 <= year <= 2099:
            return None
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return None
        end = at + 5
        if self.glued(end) == "t" and self.number(end + 1) is not None:
            end += 1  # 2026-12-03T14:30
        elif self.glued(end).startswith("t") or not self.ends_free(end):
            return None
        return {"year": year, "month": month, "day": day}, end

    def _day_month(self, at: int, first: int, second: int, separator: str) -> tuple[dict[str, object], int] | None:
        end = at + 3
        year: int | None = None
        closed = self.glued(end) == separator
        behind = end + 1 if closed else end
        value = self.number(behind, 4)
        if closed and value is not None and self.gap(behind) in (("", " ") if separator == "." else ("",)):
            digits = len(self.tokens[behind].text)
            if digits == 4 and 2000 <= value <= 2099:
                year = value
            elif digits == 2 and 20 <= value <= 60 and self.gap(behind) == "" and not self._clock_behind(behind + 1):
                year = 2000 + value
            elif self.gap(behind) == "":
                return None
        if year is not None:
            end = behind + 1
            if not self.ends_free(end):
                return None
        elif separator == "." and closed:
            end += 1
        elif not self.ends_free(end) or separator == "-":
            return None
        fields: dict[str, object] = {"year": year} if year else {}
        if separator == ".":
            return (fields | {"day": first, "month": second}, end) if second <= 12 else None
        if first > 12:
            return fields | {"day": first, "month": second}, end
        if second > 12:
            return fields | {"day": second, "month": first}, end
        return fields | {"day": first, "month": second, "swappable": first != second}, end

    def _short_date_fits(self, at: int, end: int, fields: dict[str, object]) -> bool:
        """A date without year ("3/12", "3.12.") needs a weekday, a lead word or a clock beside it."""
        if "weekday" in fields or "relative" in fields or self.led_by(at, "date_lead"):
            return True
        if self.low(at - 1) == ":" and self.entry(at - 2).keys() & {"label", "date_lead"}:
            return True
        after = end + (self.low(end) in (",", "-", "|", ":"))
        if self.low(after) == "(" and "weekday" in self.entry(after + 1):
            return True
        if "at" in self.entry(after) or "on" in self.entry(after):
            after += self.length(after)
        if (
            self.low(end - 1) == "."
            and self.low(at + 1) == "."
            and (
                "or" in self.entry(after)
                or "to" in self.entry(after)
                or self.low(at - 1) in ("-", "/")
                or "or" in self.entry(at - 1)
            )
        ):
            return True
        if "or" in self.entry(at - 1) and self.number(at - 2) is not None:
            return True
        if self.number(after) is None:
            return False
        return self.glued(after + 1) in (":", ".") or self._clock_behind(after + 1)

    # --- loose numbers --------------------------------------------------------------------------------------------

    def _loose_number(self, index: int) -> Atom | None:
        value = self.number(index)
        if value is None or value > 31 or not (self.stands_free(index) or self.low(index - 1) in ("-", "/")):
            return None
        end = index + 1
        suffixed = self.glued(end) in self.words.day_suffixes and self.low(end) != ""
        dotted = self.glued(end) == "." and self.gap(end + 1) != "" and not suffixed
        if suffixed:
            end += 1
        elif not dotted and not self.ends_free(end) and self.glued(end) not in ("/", "-"):
            return None
        return Atom("number", index, end, start=Clock(value, certain=value > 12), day_like=suffixed)

    def _join_numbers(self, found: list[Atom]) -> list[Atom]:
        """Loose numbers beside a date or a clock become one, from the right ("3 or 4 December"), then from the left."""
        for index in range(len(found) - 2, -1, -1):
            if found[index].kind == "number" and self._listed(found[index], found[index + 1]):
                found[index] = self._likened(found[index], found[index + 1], leftwards=True)
        for index in range(1, len(found)):
            if found[index].kind == "number" and self._listed(found[index - 1], found[index]):
                found[index] = self._likened(found[index], found[index - 1], leftwards=False)
        return [atom for atom in found if atom.kind != "number"]

    def _listed(self, left: Atom, right: Atom) -> bool:
        between = range(left.last, right.first)
        if not 1 <= len(between) <= 3 or any(self.gap(index) == "¶" for index in (*between, right.first)):
            return False
        return all(
            self.low(index) in (",", "/", "-") or self.entry(index).keys() & {"or", "to", "on", "at"}
            for index in between
        ) and any(self.low(index) in (",", "/", "-") or self.entry(index).keys() & {"or", "to"} for index in between)

    def _likened(self, number: Atom, neighbour: Atom, *, leftwards: bool) -> Atom:
        value = number.start.hour if number.start else 0
        date = neighbour.date
        if neighbour.kind == "date" and leftwards and date is not None and date.day is not None and date.month:
            first = self.tokens[neighbour.first]
            if first.kind == "number" and 1 <= value <= 31 and not date.swappable and value != date.day:
                return replace(number, kind="date", date=replace(date, day=value, weekday=None), start=None, whole=True)
        if neighbour.kind != "clock" or number.day_like or value > 24:
            return number
        if not leftwards and not self._believable_end(number.last):
            return number
        if not leftwards and self.low(number.first - 1) == "-":
            return number
        if neighbour.start is None:
            return number
        clock = Clock(value, half=neighbour.start.half if value <= 12 and leftwards else None, certain=value > 12)
        return replace(number, kind="clock", start=clock, part=neighbour.part if leftwards else None, weak=True)
