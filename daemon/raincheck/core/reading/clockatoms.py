"""Clocks and ranges of clocks in a text, with the part of the day and the zone that follow them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from raincheck.core.reading.atom import Atom
from raincheck.core.reading.clock import Clock, half_of
from raincheck.core.reading.dateatoms import QUARTERS
from raincheck.core.reading.dayrows import DayRowAtoms

if TYPE_CHECKING:
    from raincheck.core.reading.zones import Zone

_AGAIN = 3  # tokens from a range of hours to the next in figures alone
_FARTHEST = "08"  # hours west of Greenwich: "T10:00-11:00" is rather a range
_TWO_HOURS = 120  # minutes
_EARLIEST = 7  # o'clock: before it "1h30" is a length
_AT_WORK = 7  # o'clock: from then on figures with a dot head a list, or their day
_HALF_EIGHT = 7  # o'clock: "halb acht" is more often the morning
_SENTENCE = 12  # tokens between a day and a clock with a dot that belongs to it
_BETWEEN = 8  # tokens between a clock and the "or" before another one
_GOES_ON = 4  # tokens from a clock to figures behind ", or between"
_ASKING = 3  # tokens of the words with which a question begins
_BEFORE_QUESTION = frozenset(".!?:;,-")
_PADDED_MORNING = 6  # from this hour on a leading zero alone tells the morning
_NOON = 12  # o'clock
_DAYBREAK = (6, 7)  # o'clock
_MORNINGS = range(8, 12)  # hours that "AM" leaves as they are
_FIRST_YEAR, _LAST_YEAR = 1990, 2060  # between these, four figures may be a year
_LED_YEAR = 2040  # the last one that "at" may stand before
_AFTERNOON = re.compile(r"(?<![\d.:+/-])(?:1[3-9]|2[0-3]):[0-5]\d(?!\d)")
_MONEY = ("$", "€", "£")
_HOURS = ("fixed", "before_hour", "number")  # the meanings of words with which a clock begins
_HALVES = re.compile(r"\d ?[ap]\.?m\b", re.IGNORECASE)


def _is_year(figures: int) -> bool:
    return _FIRST_YEAR <= figures <= _LAST_YEAR


class _Naming(NamedTuple):
    """What stands behind a clock and belongs to it: "EST (16:00 CET)", "ET/16:00 CET"."""

    zone: Zone | None
    end: int  # the token behind it
    again: Clock | None = None  # the clock that says it again
    again_zone: Zone | None = None


class ClockAtoms(DayRowAtoms):
    """Finds clocks."""

    def _clock(self, index: int) -> Atom | None:
        """A clock or a range of clocks, with the part of the day and the zone that follow it."""
        if self.tokens[index].kind != "number" and self.entry(index).keys().isdisjoint(_HOURS):
            return None
        led = self._led(index)
        read = self._one_clock(index, led)
        if read is None:
            return None
        start, end_at, weak = read
        end_at = self._past_emphasis(start, end_at)
        if (offset := self._offset_west(index, end_at)) is not None:
            return Atom("clock", index, offset[1], start=start, zone=offset[0])
        if (zoned := self._zoned_range(index, start, end_at, weak)) is not None:
            return zoned
        part, after_part = self._part_after(end_at)
        if part is not None:  # "between nine in the morning and five in the afternoon"
            halved = replace(start, half=start.half or half_of(start, part))
            finish, last, finish_weak = self._range_end(index, after_part, weak)
            if finish is not None:
                start, weak = halved, False
            else:
                finish, last, finish_weak = self._range_end(index, end_at, weak)
        else:
            finish, last, finish_weak = self._range_end(index, end_at, weak)
        if finish is not None:
            last = self._past_emphasis(finish, last)
        if finish is None and weak and part is not None and self.length(end_at) > 1 and self._dated(index, after_part):
            weak = False  # "Tuesday 5 January, six in the evening"
        told = led or self._asked_hour(index, end_at) or self._listed_hour(index) or self._zoned_again(index, end_at)
        told = told or self._instead_of_clock(index, end_at) or self._from_then_on(index, end_at)
        if finish is None and weak and not told:
            return None
        pronoun = finish is None and weak and start.hour == 1 and self.tokens[index].kind == "word"
        if pronoun and not (self.led_by(index, "clock_lead") or self._after_date(index)):
            return None  # "asked to speak about one"
        if finish is None and weak and self.led_by(index, "range_lead") and "onwards" not in self.entry(last):
            return None  # "a team of 7"
        listed = self._continues_list(index)
        row = self.gap(index) == "\n" and (self.gap(last) == "\t" or self.zone_after(last) is not None)
        bare = finish is not None and weak and finish_weak and not (led or listed or row or self._after_date(index))
        worded = bare and self.length(last) > 1 and self._part_after(last)[0] is not None  # "8 to 10 in the morning"
        if bare and not worded and not self._bare_range(index, last):
            return None
        counted = weak and not led and self.tokens[index].kind == self.tokens[min(last, self.count - 1)].kind == "word"
        if counted and last < self.count and (not self.entry(last) or self._names_thing(last)):
            return None  # "four to five possible dates"
        listed_day = self._month_of_list(end_at) is not None and not self.led_by(index, "clock_lead")
        if finish is None and weak and (listed_day or self._counts_noun(index, last)):
            return None
        if ((weak and finish is None) or finish_weak) and not self._believable_end(last):
            if finish is not None and not weak:
                finish, last, finish_weak = None, end_at, False
            else:
                return None
        part, last = self._part_after(last)
        open_end = finish is None and self._open(index, last)
        if finish is not None and (self.led_by(index, "between") or index - 1 in self.between_ends):
            self.between_ends.add(last)
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
            zone=named[0] if named else None, vague="vague" in self.entry(index),
            weak=weak and (finish is None or finish_weak),
        )  # fmt: skip

    def _offset_west(self, index: int, at: int) -> tuple[Zone, int] | None:
        """The offset of "2026-12-03T10:00-05:00" and "10:00:00 -0500" (ISO 8601, RFC 3339): no end of a range."""
        seconds = self.glued(index + 1) == self.glued(index + 3) == ":"
        precise = seconds or (self.low(index - 1) == "t" and self.low(at + 1)[:2] <= _FARTHEST)
        close = self.low(at) == "-" and self.gap(at) in ("", " ") and self.gap(at + 1) == ""
        if not (precise and close) or self.number(at + 1, 4) is None or len(self.low(at + 1)) not in (2, 4):
            return None
        offset = self._offset(at)
        return None if offset is None or self.glued(offset[1]) == ":" else offset

    def _zoned_range(self, index: int, start: Clock, at: int, weak: bool) -> Atom | None:
        """A range whose begin has a zone or a second naming of its own: "2:00 PM ET - 3:00 PM ET", "10:00 EST
        (16:00 CET) to 11:45 EST (17:45 CET)". What "10am ET - 4pm CET" says is one time, in two zones."""
        begin = self._naming(at)
        finish, last, _ = self._range_end(index, begin.end, weak) if begin.end > at else (None, at, weak)
        if finish is None:
            return None
        ending = self._naming(last)
        twice = begin.again is not None and ending.again is not None
        if begin.zone is None and twice and begin.again_zone == ending.again_zone:
            if begin.again_zone is not None:  # "10:00 (16:00 CET) - 11:45 (17:45 CET)": the naming that tells its zone
                start, finish = begin.again or start, ending.again or finish
            return Atom("clock", index, ending.end, start=start, end=finish, zone=begin.again_zone)
        if begin.zone is None or (begin.again is None) != (ending.again is None):
            return None
        told = ending.zone is not None and ending.zone.names == begin.zone.names
        if not told and (ending.end > last or not self._may_leave_out_zone(last)):
            return None
        return Atom("clock", index, ending.end, start=start, end=finish, zone=begin.zone)

    def _may_leave_out_zone(self, at: int) -> bool:
        """True behind the end of "9:00 AM CET to 10:00 AM" where nothing can tell another zone."""
        return self._halts(at) or self._on_day(at) or self.low(at) == "|" or "or" in self.entry(at)

    def _naming(self, at: int) -> _Naming:
        """The zone and the second naming of the clock that ends there."""
        zone, end = self.zone_after(at) or (None, at)
        mark = self.low(end)
        if mark not in ("(", "/") or end + 1 >= self.count:
            return _Naming(zone, end)
        ended, self.clock_end = self.clock_end, end  # behind a clock, what follows the slash is one, too
        read = self._one_clock(end + 1, led=False)
        self.clock_end = ended
        if read is None:
            return _Naming(zone, end)
        there, behind = self.zone_after(read[1]) or (None, read[1])
        closed = self.low(behind) == ")" if mark == "(" else zone is not None and there is not None
        return _Naming(zone, behind + (mark == "("), read[0], there) if closed else _Naming(zone, end)

    def _zoned_again(self, index: int, end: int) -> bool:
        """True for the second hour of "11 ET / 8 PT"."""
        joined = index - self.clock_end == 1 and "or" in self.entry(index - 1)
        return joined and self.zone_after(end) is not None

    def _past_emphasis(self, clock: Clock, at: int) -> int:
        """Behind what only says a clock again: "8:00am sharp - 1:30pm", "12.00 noon to 12.30pm"."""
        noon = clock.hour == 12 and not clock.minute and clock.half is None and "fixed" in self.entry(at)
        again = noon and self.gap(at) in ("", " ")
        return at + self.length(at) if again or self.entry(at).get("after_hour") == 0 else at

    def _bare_range(self, index: int, end: int) -> bool:
        """True for figures that end a phrase behind "free", or behind a comma where a day was just named:
        "I'm free 12-2", "Thursday morning works for us, 9 to 12"."""
        free = self.led_by(index, "free_lead")
        if free and self._on_weekday(end):
            return True  # "I'm free 12-2 on Wednesday"
        any_day = self.led_by(index, "any_day")
        if free and "any_day" in self.entry(end):
            return True  # "free 9-12 all next week"
        if not self._halts(end):
            return False
        if free or any_day:
            return True
        between = range(self.clock_end, index)
        if 0 < len(between) <= _AGAIN and all(self.tokens[at].kind == "word" for at in between):
            return True  # "I'm around 9-4 but lecturing 10-12"
        if self.low(index - 1) not in (",", "("):
            return False
        for at in range(index - 1, max(index - _SENTENCE, -1), -1):
            if (self.low(at) in ".!?" and self.gap(at + 1) != "") or self.gap(at + 1) == "¶":
                return False
            if self._names_day(at):
                return True
        return False

    def _halts(self, at: int) -> bool:
        """True where a part of the sentence, a line or the text ends."""
        return at >= self.count or self._closes(at) or self.gap(at) in ("\n", "¶")

    def _on_day(self, at: int) -> bool:
        """True for "on Wednesday", "am 3.12."."""
        return "on" in self.entry(at) and self._another_time(at + self.length(at))

    def _on_weekday(self, at: int) -> bool:
        """True for "on Wednesday"."""
        return "on" in self.entry(at) and "weekday" in self.entry(at + self.length(at))

    def _dated(self, index: int, end: int) -> bool:
        """True where a date stands before a clock, or behind it: "seven in the evening on Thursday"."""
        return self._after_date(index) or self._on_weekday(end)

    def _counts_noun(self, index: int, last: int) -> bool:
        """True for "um ein Treffen": a number in words before a noun that has a capital."""
        if last >= self.count or self.tokens[index].kind != "word" or self.gap(last) != " ":
            return False
        return self._names_thing(last)

    def _names_thing(self, at: int) -> bool:
        """True for a word with a capital that tells no time: "Zeitfenster"."""
        word = self.tokens[at]
        return len(word.text) > 1 and word.text[:1].isupper() and self.entry(at).keys() <= {"verb", "label"}

    def _asked_hour(self, index: int, end: int) -> bool:
        """ "Otherwise Friday 10 or 11?": a bare hour behind a weekday, where no day of a month can be meant."""
        hour = self.number(index)
        if hour is None or not 8 <= hour <= 12 or self.gap(index) != " ":
            return False
        named = any(entry.keys() & {"weekday", "day"} for entry in self.ending(index))
        day = named and not self._month_of_list(end)
        ahead = "or" in self.entry(end) and self.number(end + 1) is not None and self._believable_end(end + 2)
        return day and (ahead or self.glued(end) == "?")

    def _from_then_on(self, index: int, end: int) -> bool:
        """True for the hour of "Thursday 25 June - 2 onwards": behind a date, at the end of a phrase."""
        hour = self.number(index)
        behind = index - (self.low(index - 1) in ("-", ":"))
        if hour is None or not 1 <= hour <= 23 or not self._after_date(behind):
            return False
        return "onwards" in self.entry(end) and self.closes_phrase(end + self.length(end))

    def _listed_hour(self, index: int) -> bool:
        """True for the hours of "Mon 8 - 2, 3 or 4"."""
        if not self.in_day_row(index) or self.number(index) is None:
            return False
        behind_day = self.low(index - 1) in ("-", ":", "|", ",") and self.tokens[index - 2].start in self.dated_lines
        return behind_day or self._continues_list(index)

    def _instead_of_clock(self, index: int, end: int) -> bool:
        """True for the hour of "4 instead of 3 pm", "16 statt um 15 Uhr": it takes the place of a clock."""
        hour = self.number(index)
        at = end + self.length(end)
        if hour is None or not 1 <= hour <= 24 or "former_before" not in self.entry(end) or self.gap(end) != " ":
            return False
        at += self.length(at) if "at" in self.entry(at) else 0
        behind = self.entry(at + 1).keys() & {"hour", "half"}
        return self.number(at) is not None and (bool(behind) or self.glued(at + 1) == ":")

    def _another_time(self, index: int) -> bool:
        return self.number(index, 4) is not None or bool(
            self.entry(index).keys() & {"weekday", "month", "day", "date_lead", "modifier"}
        )

    def _led(self, index: int) -> bool:
        """True behind a word that makes a bare number a clock ("at", "um"); the head of a table's last column makes the
        first cell of the row below it none."""
        if self.names_row(index):
            return False
        if self.led_by(index, "sharp") and self._after_date(index - 1):
            return self.tokens[index].kind == "word" and not self._counts_of(index + 1)  # "Freitag Punkt elf"
        return self.led_by(index, "at") and not self.led_by(index, "unclocked")

    def _counts_of(self, index: int) -> bool:
        """True before "der Tagesordnung": what is counted follows; not before "zum Gespräch", "in der Kanzlei"."""
        return "item_of" in self.entry(index) and index + 1 < self.count and self.tokens[index + 1].text[:1].isupper()

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
            or (bool(digits) and self._day_of_weekday(back))
            or (back > 0 and self.entry(back - 1).keys() >= {"month"})
            or (self.low(back) in self.words.day_suffixes)
        )

    def _day_of_weekday(self, at: int) -> bool:
        """True for the figures of "Mo 23", "Mo 9.": no hour."""
        marked = self.glued(at + 1) in self.words.day_suffixes
        named = any("weekday" in entry for entry in self.ending(at))
        return named and (marked or int(self.tokens[at].text) > _NOON)

    def _open(self, index: int, last: int) -> bool:
        return self.led_by(index, "after") and self.low(last) != "-"

    def _one_clock(self, index: int, led: bool) -> tuple[Clock, int, bool] | None:
        """(clock, end, weak) at that token."""
        entry = self.entry(index)
        if "fixed" in entry and not self._is_surname(index):
            hour, minute = entry["fixed"]
            return Clock(hour, minute, certain=True, midnight=hour == 0), index + self.length(index), False
        if "before_hour" in entry:
            return self._offset_clock(index, entry["before_hour"])
        if self.tokens[index].kind == "number":
            return self._digits(index, led)
        if "number" in entry:
            return self._worded(index, entry["number"])
        return None

    def _is_surname(self, index: int) -> bool:
        """True for the "Noon" of "Dr. Noon"."""
        titled = index - (self.low(index - 1) == ".")
        return self.led_by(titled, "title") and self.tokens[index].text[:1].isupper()

    def _offset_clock(self, index: int, shift: int) -> tuple[Clock, int, bool] | None:
        at = index + self.length(index)
        hour = self.entry(at).get("number", self.number(at))
        if hour is None or not 1 <= hour <= 12:
            return None
        at += self.length(at)
        minutes = (hour * 60 + shift) % (12 * 60)
        clock = Clock(minutes // 60 or 12, minutes % 60)
        clock = replace(clock, literal=self.words.hour24 and clock.hour == _HALF_EIGHT)
        return (*self._with_half(clock, self._skip_hour(at)), False)

    def _worded(self, index: int, hour: int) -> tuple[Clock, int, bool] | None:
        at = index + self.length(index)
        if hour > 24 or "fraction" in self.entry(at):
            return None
        hour_word = "hour" in self.entry(at)
        clock, end = self._with_half(Clock(hour, certain=hour > 12), self._skip_hour(at))
        end, clock = self._minutes_behind(end, clock) if hour_word else (end, clock)
        suffix = self.entry(end).get("after_hour")
        if suffix is not None:
            return Clock(*divmod((clock.hour * 60 + suffix) % 1440, 60)), end + self.length(end), False
        return clock, end, not hour_word and clock.half is None

    def _minutes_behind(self, end: int, clock: Clock) -> tuple[int, Clock]:
        worded = self.entry(end).get("number")
        if worded is not None and worded % 5 == 0 and worded < 60 and self.gap(end) == " ":
            free = end + 1 >= self.count or not self.tokens[end + 1].text[:1].isupper()  # "um neun Uhr zehn Bewerber"
            return (end + 1, replace(clock, minute=worded)) if free else (end, clock)
        minute = self.number(end)
        if minute is None or not 1 <= minute < 60 or self.gap(end) not in ("", " ") or len(self.tokens[end].text) != 2:
            return end, clock
        stop = self.low(end + 1) == "." and not (self.tokens[end].text in QUARTERS and self._closes(end + 1))
        if not self.ends_free(end + 1) or stop or self.entry(end + 1).keys() & {"month", "unit"}:
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
            return self._halved(clock, entry["half"]), self._skip_hour(end)
        if clock.hour in _MORNINGS and self._morning_in_capitals(at):
            return self._halved(clock, "am"), at + 1
        free = self.ends_free(at + 1) or self._range_after(at + 1)  # "11a-12p"
        if "half_letter" in entry and self.gap(at) == "" and 1 <= clock.hour <= 12 and free:
            return self._halved(clock, entry["half_letter"]), at + 1
        return clock, at

    def _morning_in_capitals(self, at: int) -> bool:
        """True for the "AM" of "10:00 AM" where "am" is another word: notices of services mix languages. None before a
        day or a part of one: "UM 10:00 AM MONTAG"."""
        if not (0 < at < self.count) or self.tokens[at].text != "AM" or self.gap(at) not in ("", " "):
            return False
        minutes = self.tokens[at - 1].kind == "number" and self.glued(at - 1) != "" and self.low(at - 2) == ":"
        behind = self.entry(at + 1).keys() & {"weekday", "month", "part", "modifier"}
        return minutes and not behind and self.number(at + 1) is None

    def _lettered_hour(self, index: int, end: int) -> bool:
        """True for the "9a" of "Tuesday 9a, 11a PT"; "12a Church Road" and "room 9a" are none."""
        named = self.tokens[end].text[:1].isupper() if end < self.count else False
        if named and self.gap(end) == " " and self.zone_at(end, bare=True) is None and not self.entry(end):
            return False
        listed = index - self.clock_end <= 2 and ("or" in self.entry(index - 1) or self.low(index - 1) in (",", "-"))
        lettered = "half_letter" in self.entry(index - 2) and self.gap(index - 2) == ""
        begin = index - 2 - lettered  # of "2-3p", "11a-12p"
        dashed = self.low(index - 1) == "-" and (
            self._after_date(index - 1) or (self.number(begin) is not None and self._after_date(begin))
        )
        return self._after_date(index) or dashed or listed or self._lettered_range(index) or self._lettered_range(begin)

    def _lettered_range(self, at: int) -> bool:
        """True for "11a-12p on Friday"."""
        figures = self.number(at) is not None and self.number(at + 3) is not None and self.low(at + 2) == "-"
        lettered = all("half_letter" in self.entry(i) and self.gap(i) == "" for i in (at + 1, at + 4))
        return figures and lettered and self._on_weekday(at + 5)

    def _halved(self, clock: Clock, half: str) -> Clock:
        return replace(clock, half=half, certain=clock.hour == 0, padded=False)

    def _written_in_24_hours(self, hour: int) -> bool:
        """True where a leading zero means the morning: no writer of am and pm puts one before 6 or 7."""
        return hour >= _PADDED_MORNING or self.words.hour24 or _AFTERNOON.search(self.text) is not None

    def _literal(self, hour: int) -> bool:
        """True where figures are more likely meant as they stand: "Monday at 18:00 or Tuesday at 7:30"."""
        if self.words.hour24:
            return True
        return hour in _DAYBREAK and _AFTERNOON.search(self.text) is not None and _HALVES.search(self.text) is None

    def _digits(self, index: int, led: bool) -> tuple[Clock, int, bool] | None:
        if not self.stands_free(index) and not self._range_before(index):
            return None
        text = self.tokens[index].text
        if len(text) == 4:
            return self._military(index)
        if len(text) == 3:
            return self._glued_minutes(index)
        hour = self.number(index)
        if hour is None or hour > 24 or "fraction" in self.entry(index + 1):
            return None
        if hour == 24 and self.low(index + 1) == "h" and not self._after_date(index):
            return None  # "24h service"
        minute = self.number(index + 2)
        two = minute is not None and len(self.tokens[index + 2].text) == 2 and minute < 60 and self.gap(index + 2) == ""
        if two and minute is not None and self.glued(index + 1) == ":":
            return self._after_minutes(index, hour, minute, dotted=False, led=led)
        if two and minute is not None and self.glued(index + 1) in (".", ","):
            return self._after_minutes(index, hour, minute, dotted=True, led=led)
        hour_sign = "hour" in self.entry(index + 1) or self.low(index + 1) == "h"
        spaced = self.low(index + 1) == "h" and {self.gap(index + 1), self.gap(index + 2)} <= {" ", "\n"}
        spaced = spaced and "unit" not in self.entry(index + 3)  # "2 h 30 min" is a length
        if spaced and minute is not None and minute < 60 and len(self.tokens[index + 2].text) == 2:
            return Clock(hour, minute, certain=hour > 12), index + 3, False  # 9 h 30
        if hour_sign and self.low(index + 1) == "h" and hour < _EARLIEST and not self._after_date(index):
            return None  # "1h30" is a length
        if two and minute is not None and hour_sign and self.gap(index + 1) == "":
            padded = 0 < hour < 10 and len(text) == 2
            return Clock(hour, minute, certain=hour > 12 or padded, padded=padded, literal=True), index + 3, False
        if minute is not None and minute < 60 and self._spaced_colon(index, led=led):
            bare = Clock(hour, minute, certain=hour > 12 or hour == 0, literal=self._literal(hour))
            clock, end = self._with_half(bare, index + 3)
            return clock, self._skip_hour(end), False
        at = index + 1
        if self._spaced_minutes(index, led=led):
            return Clock(hour, int(self.tokens[at].text), certain=hour > 12), at + 1, False
        if "hour" in self.entry(at) and self.gap(at) in ("", " ", "\n"):
            end = at + self.length(at)
            clock = Clock(hour, certain=hour > 12 or hour == 0, literal=self.words.hour24)
            end, clock = self._minutes_behind(end, clock)
            suffix = self.entry(end).get("after_hour")
            if suffix is not None:
                return Clock(*divmod((hour * 60 + suffix) % 1440, 60)), end + self.length(end), False
            clock, end = self._with_half(clock, end)
            return clock, end, False
        dated = led or self._after_date(index) or self.led_by(index, "from")
        if (
            self.low(at) == "h"
            and self.gap(at) in ("", " ", "\n")
            and 7 <= hour <= 22
            and dated
            and self._hour_ends(at + 1)
        ):
            return Clock(hour, certain=hour > 12), at + 1, False
        clock, end = self._with_half(Clock(hour, certain=hour > 12 or hour == 0), at)
        if clock.half is not None:
            lettered = "half_letter" in self.entry(at) and not self._lettered_hour(index, end)
            return (clock, end, False) if 1 <= hour <= 12 and not lettered else None
        suffix = self.entry(at).get("after_hour")
        if suffix is not None:
            return Clock(*divmod((hour * 60 + suffix) % 1440, 60)), at + self.length(at), False
        if not self.ends_free(at) and not self._range_after(at):
            return None
        if self.glued(at) in (".", ",") and self.gap(at + 1) == "" and self.number(at + 1) is not None:
            return None
        return replace(clock, literal=self.words.hour24), at, True

    def _spaced_minutes(self, index: int, *, led: bool) -> bool:
        """True for the hour of "thurs, say 12 30", "next mon 7 30": the quarters of an hour behind a space."""
        minutes = self.tokens[index + 1] if index + 1 < self.count else None
        led = led or (self.clock_end == index - 1 and "or" in self.entry(index - 1))  # "um 15 30 oder 16 15"
        if minutes is None or minutes.text not in QUARTERS or self.gap(index + 1) != " ":
            return False
        hour = self.number(index) or 0
        weekday = any("weekday" in entry for entry in self.ending(index))
        return 1 <= hour <= 23 and (led or weekday) and self._believable_end(index + 2) and self.ends_free(index + 2)

    def _spaced_colon(self, index: int, *, led: bool) -> bool:
        """True for the hour of "um 15 : 30", "at 15: 30", "15 : 30 Uhr": a colon with spaces, which else parts a label
        from what it names."""
        end = index + 3
        spaces = {self.gap(index + 1), self.gap(index + 2)}
        if self.low(index + 1) != ":" or not spaces <= {"", " ", "\n"} or len(self.tokens[index + 2].text) != 2:
            return False
        if "unit" in self.entry(end) or not (self.ends_free(end) or self._range_after(end)):
            return False
        if self.entry(end).keys() & {"hour", "half"}:
            return True
        noun = end < self.count and self.tokens[end].kind == "word" and not self.entry(end)
        return led and not noun  # "at 10: 20 people will come"

    def _hour_ends(self, at: int) -> bool:
        return self.ends_free(at) or self._range_after(at)

    def _range_before(self, index: int) -> bool:
        """True for the second figure of "9-5", "10:00am/11:00am"."""
        return self.low(index - 1) == "-" or (self.low(index - 1) == "/" and self.clock_end == index - 1)

    def _after_minutes(
        self, index: int, hour: int, minute: int, *, dotted: bool, led: bool
    ) -> tuple[Clock, int, bool] | None:
        """The clock with two figures of minutes: seconds, am/pm and hour word behind it; dotted forms need a reason."""
        end = index + 3
        if not dotted and self.glued(end) == ":" and self.number(end + 1) is not None:
            end += 2
        slashed = self.glued(end) == "/" and self.glued(end + 2) == ":"  # 9:00/10:30
        follows = self.glued(end) in (".", "/", ":") and self.gap(end + 1) == ""
        if follows and not slashed and self.number(end + 1, 4) is not None:
            return None
        if hour == 24 and minute:
            return None
        padded = 0 < hour < 10 and len(self.tokens[index].text) == 2 and self._written_in_24_hours(hour)
        certain = hour > 12 or hour == 0 or padded
        clock, after = self._with_half(
            Clock(hour, minute, certain=certain, padded=padded, literal=self._literal(hour)), end
        )
        plain = clock.half is None
        roughly = self.low(end) == "-" and self.gap(end) == self.gap(end + 1) == "" and "hour" in self.entry(end + 1)
        after = self._skip_hour(after + roughly) if plain else after  # "3:30-ish PM"
        if plain and after == end and self.low(end) == "h" and self.gap(end) in ("", " ") and self._hour_ends(end + 1):
            after = end + 1  # 14.00 h
        if plain and after == end and self.gap(end) == " " and self._named_unit(end):
            after = end + 1  # "10.00 hrs to 10.45 hrs"
        if plain and after > end:
            clock, after = self._with_half(clock, after)
        listed = self.glued(after) == "/" and self.number(after + 1) is not None
        listed = listed and (clock.half is not None or slashed)
        if not (listed or self.ends_free(after) or self._range_after(after) or self.glued(after) == "z"):
            return None
        led = led and self.glued(index + 1) != ","  # "ab 21,50" is a wage
        if dotted and plain and after == end and not (led or self._reason(index, end)):
            return None
        if dotted and self.glued(end) == "." and self.glued(end + 1) in (",", ";", ")") and minute <= 12:
            return None  # "10.-12.02., so ...": a date
        if not dotted and plain and after == end and self._counted(index, minute):
            return None
        return clock, after, False

    def _named_unit(self, at: int) -> bool:
        """True for the "hrs" of "10.00 hrs" that ends a phrase, or that a range goes on behind."""
        behind = self.entry(at + 1)
        ends = self.closes_phrase(at + 1) or bool(behind.keys() & {"to", "on", "weekday", "or"})
        return "military" in self.entry(at) and ends

    def _reason(self, index: int, end: int) -> bool:
        """What makes "14.20" a clock: a date before it, a range, a row of a plan, "scheduled for"; no price is one."""
        if "unclocked" in self.entry(end) or self.led_by(index, "unclocked"):
            return False
        return (
            self._after_date(index)
            or self._dotted_range(index, end)
            or self.led_by(index, "set_for")
            or self.led_by(index, "same_day")
            or self._shared(index, end)
            or self._begins_there(end)
            or "fixed" in self.entry(end)
            or (self.low(index - 1) == ":" and self.led_by(index - 1, "ending"))
            or self.tokens[index].start in self.rows
            or self._in_dated_sentence(index)
            or self._goes_on(index, end)
            or self._leads_list(index, end)
            or self._heads_day(index, end)
            or self._proposed_on_day(index, end)
            or self._proposed_that_day(index, end)
            or self._other_choice(index, end)
        )

    def _shared(self, index: int, end: int) -> bool:
        """True for the clock of "both days 9.30 is good", "9.30 on both days"."""
        behind = end + (self.length(end) if "on" in self.entry(end) else 0)
        if 1 <= (self.number(index + 2) or 0) <= 12:
            return False  # "jeweils 7.10 oder 8.10"
        return self._is_dotted(index) and (self.led_by(index, "shared") or "shared" in self.entry(behind))

    def _is_dotted(self, index: int, earliest: int = 1) -> bool:
        """True for figures that may be a clock with a dot, of an hour of the day: "9.15", in fives of minutes."""
        hour, minute = self.number(index), self.number(index + 2)
        return hour is not None and minute is not None and earliest <= hour <= 20 and minute % 5 == 0

    def _other_choice(self, index: int, end: int) -> bool:
        """True for the second clock of "8am before the gates open or 12.30 over lunch": behind an "or" and a few words
        that hold no sum of money, where its sentence has named a clock."""
        if not self._is_dotted(index) or not self._believable_end(end):
            return False
        words = range(max(self.clock_end, 0), index - 1)
        if "or" not in self.entry(index - 1) or self.clock_end <= 0 or len(words) > _BETWEEN:
            return False
        plain = all(self.tokens[at].kind == "word" or self.low(at) == "," for at in words)
        return plain and not any("unclocked" in self.entry(at) for at in words)

    def _heads_day(self, index: int, end: int) -> bool:
        """True for the clock that begins an item of a list, with its day behind it: "10.00 on Thursday 3 December"."""
        if not self._is_dotted(index, _AT_WORK):
            return False
        item = index == 0 or self.gap(index) in ("\n", "¶") or self.low(index - 1) in (")", ":", "-", "*", "•", ".")
        at = end + (self.length(end) if "on" in self.entry(end) or self.low(end) in (",", "-", "|") else 0)
        dated = self.number(at) is not None and bool(self.entry(at + 1).keys() & {"month"})  # "10.00, 3 December"
        return item and self.gap(at) != "¶" and (dated or self._names_day(at))

    def _proposed_on_day(self, index: int, end: int) -> bool:
        """True for the clock of "can you do 12.15 on Monday?", "ginge 14.30 am Freitag?", "is 9.15 on Thursday any
        good?": words that ask for a time stand before it, and its day behind."""
        if not self._is_dotted(index):
            return False
        named = "on" in self.entry(end) and self._names_day(end + self.length(end))
        if not named or "at" in self.entry(end):
            return False
        return self.led_by(index, "figures_lead") or self._begins_question(index, end)

    def _begins_question(self, index: int, end: int) -> bool:
        """True for the clock right behind the verb with which a question begins: "is 9.15 on Thursday any good?"; in
        the middle of a sentence such a verb tells of anything. "Is" asks for anything, too: "is 4.50 on Thursday the
        price?". Behind it the question judges the time, or names the person whom it is to fit."""
        asking = (at for at in range(max(index - _ASKING, 0), index) if at + self.length(at) == index)
        first = next((at for at in asking if "asks_clock" in self.entry(at)), None)
        if first is None or (first and not (self.low(first - 1) in _BEFORE_QUESTION or self.gap(first) in ("\n", "¶"))):
            return False
        ends = (at for at in range(end, min(end + _SENTENCE, self.count)) if self.low(at) in ".!?")
        last = next(ends, self.count)
        return self.low(last) == "?" and ("asks_anything" not in self.entry(first) or self._judges(end, last))

    def _judges(self, begin: int, end: int) -> bool:
        """True where a range ends a judgement ("any good", "ok with you", "möglich"; not "a good price"), or names who
        is asked."""
        for at in range(begin, end):
            judged = self.said(at, self.words.judged)
            behind = at + judged
            if judged and (self.closes_phrase(behind) or self.said(behind, self.words.judged_by)):
                return True
            if self.said(at, self.words.fits):
                return True
        return False

    def _proposed_that_day(self, index: int, end: int) -> bool:
        """True for the clock of "would 3.15 the same day suit?", "ginge 15.15 am Folgetag?"."""
        if not self._is_dotted(index):
            return False
        return bool(self.entry(end).keys() & {"same_day", "next_day"}) and self.led_by(index, "figures_lead")

    def _begins_there(self, end: int) -> bool:
        """True before "start" that ends a phrase: "a prompt 9.00 start on Friday", not "a 13.50 start salary"."""
        behind = end + self.length(end)
        return "starting" in self.entry(end) and (self.closes_phrase(behind) or "on" in self.entry(behind))

    def _leads_list(self, index: int, end: int) -> bool:
        """True for the first member of "10.00, 11.30 or 14.15 on Thursday", and for the next row of a plan in one
        sentence: "10.15 interview, 11.00 tour"."""
        if not self._is_dotted(index, _AT_WORK):
            return False
        told = end < self.count and self.tokens[end].kind == "word"
        if self.low(index - 1) == "," and 1 < index - self.clock_end <= _SENTENCE and told:
            return not any(self.low(at) in ".!?" and self.gap(at + 1) != "" for at in range(self.clock_end, index))
        if not self._lists_clocks(end):
            return False
        if self.led_by(index, "has_open") and self._ends_list(end):
            return True
        return self._hour_said_last(end) or any(map(self._names_day, range(end, min(end + _SENTENCE, self.count))))

    def _ends_list(self, at: int) -> bool:
        """True where the list of clocks that goes on there ends its phrase: "we still have 9.00, 10.15 and 13.45."; no
        goods or sums are counted in it."""
        while self._lists_clocks(at):
            at += self.length(at) + 3  # "13", ".", "45"
        return self.closes_phrase(at) or "on" in self.entry(at)

    def _hour_said_last(self, end: int) -> bool:
        """True where a list of figures ends with the word for the hour: "9.00, 10.30 oder 14.15 Uhr"."""
        for at in range(end, min(end + _SENTENCE, self.count)):
            if "hour" in self.entry(at):
                return True
            if not (self.tokens[at].kind == "number" or self.low(at) in (".", ",") or "or" in self.entry(at)):
                return False
        return False

    def _goes_on(self, index: int, end: int) -> bool:
        """True for the next member of a list of clocks: "at 10.00, 11.30 or 14.00"."""
        minute = self.number(index + 2)
        ended = self._believable_end(end) or "military" in self.entry(end)  # "9.00, 10.30 or 14.15 hours"
        return self._continues_list(index) and minute is not None and minute % 5 == 0 and ended

    def _continues_list(self, index: int) -> bool:
        """True behind a clock and a comma or an "or"."""
        return index - self.clock_end <= 2 and ("or" in self.entry(index - 1) or self.low(index - 1) == ",")

    def _names_day(self, at: int) -> bool:
        """True for a word that names a day; "Mo", "So" and "am" are too short to be sure of."""
        return len(self.low(at)) > 2 and bool(self.entry(at).keys() & {"weekday", "month", "day"})

    def _in_dated_sentence(self, index: int) -> bool:
        """True behind a mark or a small word ("Friday lunch, 12.30", "8.00 or 15.00") where a day was just named."""
        before = self.low(index - 1) in (",", "(", "-", "/", ":") or bool(
            self.entry(index - 1).keys() & {"or", "at", "on"}
        )
        before = before or self._lists_clocks(index + 3)
        if not before or not self._is_dotted(index, _AT_WORK) or not self._believable_end(index + 3):
            return False
        for at in range(index - 1, max(index - _SENTENCE, -1), -1):
            if "unclocked" in self.entry(at) or self.low(at) in _MONEY:
                return False
            ends = self.low(at) in ".!?" and self.gap(at + 1) != "" and self.number(at - 1, 4) is None
            if ends or self.gap(at + 1) == "¶":
                return False
            if self._names_day(at):
                return True
        return False

    def _lists_clocks(self, at: int) -> bool:
        """True where a clock of the same form goes on the list: ", 10.30 and 15.00"."""
        joined = self.low(at) == "," or "or" in self.entry(at)
        then = at + self.length(at)
        dotted = self.number(then) is not None and self.glued(then + 1) == "." and len(self.low(then + 2)) == 2
        return joined and dotted and (self.number(then + 2) or 0) % 5 == 0 and self.ends_free(then + 3)

    def _counted(self, index: int, minute: int) -> bool:
        """True for "page 14:30", "score 3:2"; and for "Somebody 3:16", where no schedule names such minutes."""
        if self.led_by(index, "unclocked"):
            return True
        before = self.tokens[index - 1] if index > 1 else None
        inside = before is not None and self.gap(index - 1) == " " and self.low(index - 2) not in ".!?:"
        return (
            before is not None
            and inside
            and before.kind == "word"
            and before.text[:1].isupper()
            and not self.entry(index - 1)
            and not any(self.ending(index))
            and minute % 5 != 0
        )

    def _dotted_range(self, index: int, end: int) -> bool:
        """ "10.30 - 11.30": the other end of the range, or a day behind it, speaks for a clock."""
        if self.low(index - 1) == "-" or "to" in self.entry(index - 1):
            return True
        if self.entry(end).keys() & {"day", "weekday"} and self.gap(end) == " ":
            return True
        at = end + self.length(end) if self.low(end) == "-" or "to" in self.entry(end) else 0
        if not at:
            return False
        if self.number(at) is None or self.glued(at + 1) != "." or len(self.low(at + 2)) != 2:
            return False
        return (
            self.entry(at + 3).keys() >= {"hour"} or "half" in self.entry(at + 3) or self._alike_on_the_dial(index, at)
        )

    def _alike_on_the_dial(self, index: int, at: int) -> bool:
        """True for "12.30 to 1.15": two times of a working day, and no prices."""
        hours, minutes = (self.number(index), self.number(at)), (self.number(index + 2), self.number(at + 2))
        if not all(hour is not None and hour <= 20 for hour in hours):
            return False
        if not all(minute is not None and minute < 60 and minute % 5 == 0 for minute in minutes):
            return False
        quarters = all(self.low(i + 2) in QUARTERS for i in (index, at))
        if not (hours[0] or 0) >= 7 and not (quarters and self._later_on_the_dial(index, at)):
            return False
        money = (*_MONEY, "%")
        return not (
            "unclocked" in self.entry(at + 3)
            or self.low(at + 3) in money
            or self.low(index - 1) in money
            or self.low(at - 1) in money
        ) and self._believable_end(at + 3)

    def _later_on_the_dial(self, index: int, at: int) -> bool:
        """True for "14.20 to 15.10": hours and minutes that go on within a talk or two."""
        first, last = ((self.number(i) or 0) * 60 + (self.number(i + 2) or 0) for i in (index, at))
        return first < last <= first + _TWO_HOURS and self.gap(at + 2) == ""

    def _glued_minutes(self, index: int) -> tuple[Clock, int, bool] | None:
        """ "630am", "1030 am": minutes glued to the hour, where am or pm says that it is a clock."""
        hour, minute = divmod(int(self.tokens[index].text), 100)
        if not 1 <= hour <= 12 or minute > 59:
            return None
        clock, end = self._with_half(Clock(hour, minute), index + 1)
        if clock.half is None and minute % 5 == 0 and (self._short_time(index) or self._day_at(index)):
            return clock, end, False  # "thurs 230, ...", "sat at 230"
        code = self.tokens[index].text.startswith("0") and "half_letter" in self.entry(index + 1)  # "0301A"
        return (clock, end, False) if clock.half is not None and not code else None

    def _day_at(self, index: int) -> bool:
        """True for figures behind a weekday and "at", where no name follows that would make them a house."""
        if not self._led(index) or not any("weekday" in entry for entry in self.ending(index - 1)):
            return False
        end = index + 1
        return self.ends_free(end) and (self.closes_phrase(end) or bool(self.entry(end)))

    def _short_time(self, index: int) -> bool:
        """True for figures between a weekday and the end of a phrase: no more is said of what they count."""
        named = any("weekday" in entry for entry in self.ending(index))
        end = index + 1
        closed = self._halts(end) or bool(self.entry(end).keys() & {"or", "at", "to"})
        return named and closed and self.gap(index) == " " and not self.entry(end).keys() & {"unit", "hour"}

    def _military(self, index: int) -> tuple[Clock, int, bool] | None:
        """ "1400 hrs", "0930h", and "0700-0900" behind a date."""
        text = self.tokens[index].text
        hour, minute = int(text[:2]), int(text[2:])
        halved = self._glued_minutes(index)
        if halved is not None:
            return halved
        if hour > 23 or minute > 59:
            return None
        end = index + 1
        clock = Clock(hour, minute, certain=True)
        if "military" in self.entry(end):
            return clock, end + self.length(end), False
        if self.glued(end) in ("h", "l") and self.ends_free(end + 1):
            return clock, end + 1, False  # 1345h., 1330L: "L" is the letter of local time; "1330 l" are litres
        if self.tokens[index].start in self.rows:
            return clock, end, False
        if not self.ends_free(end) and not self._range_after(end):
            return None
        other = self.tokens[end + 1] if end + 1 < self.count else None
        ranged = self.low(end) == "-" and other is not None and other.kind == "number" and len(other.text) == 4
        if self.low(index - 1) == "-" and self.number(index - 2, 4) is not None:
            return clock, end, True
        if ranged and other is not None and int(other.text[:2]) < 25 and int(other.text[2:]) < 60:
            return clock, end, True
        joins = "to" in self.entry(index - 1) or self._between_military(index - 2, index - 1)
        begins = self.tokens[index - 2] if index > 1 and joins else None
        if begins is not None and begins.kind == "number" and len(begins.text) == 4 and self.clock_end < index - 2:
            return clock, end, True  # the end of 1430 to 1515
        if "to" in self.entry(end) and self._military_behind(end + self.length(end)):
            return clock, end, False  # 0900 to 1030 hrs
        if self._between_military(index, end):
            return clock, end, False
        if self._after_date(index) and "to" in self.entry(end) and self._same_day(index, end + self.length(end)):
            return clock, end, False  # Friday 4 December 1400 to 1530
        alone = self.gap(end) in ("\n", "¶", "\t") or end >= self.count
        plain = not _is_year(int(text)) and minute % 5 == 0
        if self._after_date(index) and alone and plain:
            return clock, end, False  # Tuesday 26 January, 0815
        if self._after_date(index) and self.zone_after(end) is not None:
            return clock, end, False  # 2026-09-03 1400 UTC
        if plain and (self._lists_military(index, end) or self._in_military_row(index)):
            return clock, end, False
        celled = self.gap(index) == "\t" and alone and plain
        if (self.led_by(index, "label") or celled) and ("to" in self.entry(end) or alone):
            return clock, end, False  # HOURS 1430 to 1515
        if self._after_date(index) and self._closes(end) and plain:
            return clock, end, False  # thu 1530, we look at your code
        led = (self._led(index) or self.led_by(index, "set_for")) and not _FIRST_YEAR <= int(text) <= _LED_YEAR
        return (clock, end, True) if led else None

    def _between_military(self, index: int, end: int) -> bool:
        """True for the figures of "between 0900 and 1130", and of "between 1500 and 1700" that goes on behind it: by
        themselves such figures may be money."""
        if index < 0 or "with" not in self.entry(end) or not self.led_by(index, "between"):
            return False
        begins = self.tokens[index].text.startswith("0") or index - self.clock_end <= _GOES_ON
        return begins and self._same_day(index, end + self.length(end))

    def _in_military_row(self, index: int) -> bool:
        """True for the figures of "Monday 11 May   0930   1045   1330": a day of a month, and clocks up to the end of
        the line, two at least."""
        first, last = index, index
        while self._is_military(first - 1) and self.gap(first) in (" ", "\t"):
            first -= 1
        while self._is_military(last + 1) and self.gap(last + 1) in (" ", "\t"):
            last += 1
        ended = last + 1 >= self.count or self.gap(last + 1) in ("\n", "¶")
        return ended and first < last and self._after_date(first)

    def _is_military(self, at: int) -> bool:
        """True for four figures that are a clock and no year."""
        figures = self.number(at, 4)
        if figures is None or len(self.tokens[at].text) != 4 or _is_year(figures):
            return False
        return figures < 2400 and figures % 100 < 60 and figures % 5 == 0

    def _lists_military(self, index: int, end: int) -> bool:
        """True for "Mon 2 Nov 1030 or 1430", "could you do 1430 on Wed 18 Feb": a date stands before the figures, or
        behind them where nothing before names what else they count ("rooms 1030 and 1430 on Wednesday")."""
        joined = "or" in self.entry(index - 1) and index - self.clock_end <= 2
        if (self._after_date(index) or joined) and "or" in self.entry(end):
            return True
        if joined and self._believable_end(end):
            return True
        heads = index == 0 or self.gap(index) in ("\n", "¶") or self.low(index - 1) in (":", "?", ";")
        again = "or" in self.entry(index - 1) or self.low(index - 1) == ","
        again = again and index - self.clock_end <= _SENTENCE and self._after_date(index - 1)
        if not (joined or heads or again or self._led(index) or self.led_by(index, "figures_lead")):
            return False
        then = end + self.length(end)
        dated = then < self.count and self._numeric_date(then) is not None
        named = dated or bool(self.entry(then).keys() & {"weekday", "day"})
        return "on" in self.entry(end) and "at" not in self.entry(end) and named

    def _military_behind(self, at: int) -> bool:
        """True for "1030 hrs"."""
        digits = self.number(at, 4)
        return (
            digits is not None
            and len(self.tokens[at].text) == 4
            and digits // 100 < 24
            and digits % 100 < 60
            and "military" in self.entry(at + 1)
        )

    def _same_day(self, index: int, at: int) -> bool:
        """True for the four figures of a begin and of an end that follows it on that day, where neither is a year."""
        first, last = self.number(index, 4) or 0, self.number(at, 4) or 0
        if len(self.low(at)) != len(self.low(index)) or _is_year(first) or _is_year(last):
            return False
        whole = all(figures % 100 < 60 and figures % 5 == 0 for figures in (first, last))
        return whole and first < last < 2400 and (self._closes(at + 1) or self._believable_end(at + 1))

    def _range_end(self, index: int, at: int, weak: bool) -> tuple[Clock | None, int, bool]:
        """The second clock of a range that goes on at `at`, as (clock, end, weak)."""
        joined = self.entry(at)
        is_range = "to" in joined or self.low(at) == "-" or (self.low(at) == "/" and self.led_by(index, "from_to"))
        if not is_range and "with" in joined and self.led_by(index, "between"):
            is_range = True
        if not is_range and "with" in joined and index - 1 in self.between_ends and "or" in self.entry(index - 1):
            is_range = True  # "between 9 and 12 or 14 and 16"
        if not is_range and (self.led_by(index, "earliest") or self.led_by(index, "after")):
            at += self.low(at) == "," and "latest" in self.entry(at + 1)
            is_range = "latest" in self.entry(at)
        if not is_range or self.gap(at) == "¶" or (self.gap(at) == "\n" and self.low(at) == "-"):
            return None, at, weak
        then = at + self.length(at)
        if self.gap(then) == "¶" or then >= self.count:
            return None, at, weak
        if "at" in self.entry(then) and "fixed" not in self.entry(then):
            then += self.length(then)
        if then >= self.count or (self.tokens[then].kind == "mark"):
            return None, at, weak
        alike = (
            self.glued(index + 1) == "." and self.number(index + 2) is not None and self._alike_on_the_dial(index, then)
        )
        day = self._date_like(then) and not (alike and self._later_on_the_dial(index, then))
        if day and not self._ends_half(index, then):
            return None, at, weak
        read = self._one_clock(then, led=True)
        return (None, at, weak) if read is None and (read := self._past_begin(index, then)) is None else read

    def _past_begin(self, index: int, at: int) -> tuple[Clock, int, bool] | None:
        """The end in "a quarter to eight until quarter past": minutes past the hour that comes next."""
        shift = self.entry(at).get("before_hour", 0)
        begin = self._one_clock(index, led=True)
        if not 0 < shift < 60 or begin is None:
            return None
        clock = begin[0]
        hour = clock.hour if clock.minute < shift else clock.hour % 12 + 1
        return Clock(hour, shift, half=clock.half if hour > clock.hour else None), at + self.length(at), False

    def _ends_half(self, index: int, then: int) -> bool:
        """True for the end of "von 9:30 bis 11. Oder ...": the stop is the sentence's, where minutes stand before."""
        minutes = (
            self.glued(index + 1) in (":", ".") and self.gap(index + 2) == "" and self.number(index + 2) is not None
        )
        behind = self.tokens[then + 2].text if then + 2 < self.count else ""
        closed = self.glued(then + 1) == "." and behind[:1].isupper() and "month" not in self.entry(then + 2)
        return minutes and closed and (self.number(then) or 99) <= 24

    def _date_like(self, index: int) -> bool:
        """True for "5 October" behind a joiner: a day, no clock."""
        if self.tokens[index].kind != "number":
            return False
        return self._numeric_date(index) is not None or self._day(index, {}) is not None

    def _part_after(self, at: int) -> tuple[str | None, int]:
        entry = self.entry(at)
        if "part" in entry and self.gap(at) in ("", " ", "\n") and at < self.count and not self.names_row(at):
            return entry["part"], at + (0 if "day" in entry else self.length(at))  # "this afternoon" is a day, too
        if self.low(at) == "(" and "part" in self.entry(at + 1):
            return self.entry(at + 1)["part"], at + 2
        return None, at
