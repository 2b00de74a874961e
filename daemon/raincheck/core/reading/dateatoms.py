"""Written dates in a text: numeric ones, worded ones, weekdays, weeks, each as long as it can be."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from raincheck.core.reading.atom import Atom
from raincheck.core.reading.dates import PARTS_OF_MONTH, WrittenDate
from raincheck.core.reading.timewords import FREE_SIGNS, TAKEN_SIGNS
from raincheck.core.reading.zoneatoms import ZoneAtoms

_LAST_HOUR_OF_CUSTOM = 12  # a number above it behind a weekday is no hour of am or pm
_PADDED = 2  # figures of a day or month with its leading zero
_HOURS, _EARLY = 24, 7  # hours of a day; from which on people meet
_SLASHED = 3  # tokens of "12/3"
_MOST_SLASHED = 8  # dates of a list that are joined to the first
_ROW = 4  # tokens of "09.30 -"
_MONTH_LEADS = frozenset(("month_lead", *PARTS_OF_MONTH))
QUARTERS = frozenset(("00", "15", "30", "45"))  # minutes behind a space: others are as likely to count something else
_YEARS = (2000, 2100)
_MONTH_OF_LIST = 14  # tokens from "7" to the month in "Monday 7, Tuesday 8 and Friday 11 December"
_SHORT_YEAR = 2  # figures of the year in "18DEC26"
_LISTED = 3  # names of weekdays that make a list
_PAIRS = frozenset({"or", "to"})  # join two names of weekdays
_WRAPPED = frozenset(("", " ", "\n"))
_LEADS = 3  # words between a day and its hour
_INFORMAL = 3  # letters of a weekday's short name that may be written small
_ABBREVIATED = 5  # letters of a name that a dot shortens
_NTH = (-1, 1, 2, 3, 4)  # of a weekday's days in a month; -1 is the last
DAY, WEEK = 24 * 60, 7 * 24 * 60  # minutes
_MOST_WEEKS = 12  # that somebody counts to a day
_DATE_GLUE_MARKS = frozenset(",.()")


class DateAtoms(ZoneAtoms):
    """Finds dates."""

    def _date(self, index: int) -> Atom | None:
        fields: dict[str, object] = {}
        if "day_out" in self.entry(index) and self._alone_in_time(index):
            return Atom("date", index, index + self.length(index), date=WrittenDate(relative=0), whole=True)
        ends = self.entry(index).get("ends")
        if ends is not None:
            return self._end_of(index, ends)
        if "weekday" in self.entry(index) and (beside := self._beside_feast(index)) is not None:
            return self._after_feast(index, *beside)
        feast = self.entry(index).get("feast")
        if feast is not None and (found := self._feast(index, feast)) is not None:
            return found
        if (counted := self._nth_weekday(index)) is not None:
            return counted
        at = last = self._counted_ahead(index, fields)
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
        if self.low(last) == ")" and sum((t.text == "(") - (t.text == ")") for t in self.tokens[index:last]) > 0:
            last += 1
        if not fields or not self._complete(fields):
            return None
        if fields.keys() == {"weekday"} and "season" in self.entry(index - 1) and self.gap(index) == " ":
            return None  # "Easter Thursday"
        if fields.keys() == {"weekday"} and self._counts_on(last):
            return None  # "Tuesday in a month", "Tuesday in ten days"
        written = WrittenDate(**fields)  # type: ignore[arg-type]  # the components set these fields only
        whole = written.day is not None or written.relative is not None
        return Atom("date", index, last, date=written, part=str(part) if part else None, whole=whole)

    def _counted_ahead(self, index: int, fields: dict[str, object]) -> int:
        """Where the day stands to which weeks are counted ("three weeks from Friday", "in 3 weeks on Tuesday"), which
        the fields then tell; else that token."""
        if not self._speaks_of_weeks:
            return index
        led = bool(self.words.means(self.low(index), "weeks_ahead"))
        told = self.entry(index).get("later") if led else None  # "in 14 Tagen"
        counted = self._weeks_counted(index + led) if told is None else (int(told), index + self.length(index))
        if counted is None:
            return index
        weeks, at = counted
        if led:
            at += self.low(at) == ","
            at += self.length(at) if "on" in self.entry(at) else 0
            if "weekday" in self.entry(at) and self.gap(at) in (" ", "\n"):
                fields |= {"weeks": weeks, "from_now": True}
                return at
        elif "weeks_from" in self.entry(at):
            day = self._past_this(at + self.length(at))
            if self.entry(day).keys() & {"weekday", "day"}:
                fields["later"] = weeks
                return day
        elif "from_now" in self.entry(at) and "at" in self.entry(day := at + self.length(at)):
            fields |= {"relative": 0, "later": weeks}
            return day
        return index

    @cached_property
    def _speaks_of_weeks(self) -> bool:
        """Whether the text counts weeks at all: few do, and every token would be asked."""
        return "later" in self.places or any(self.entry(at)["unit"] == WEEK for at in self.places.get("unit", ()))

    def _past_this(self, at: int) -> int:
        """The token behind "this", where it stands: "two weeks from this Friday"."""
        return at + self.length(at) if self.entry(at).get("modifier") == "this" else at

    def _weeks_counted(self, at: int) -> tuple[int, int] | None:
        """(weeks, end) of "three weeks", "3 Wochen"."""
        count = self.number(at) if self.tokens[at : at + 1] else None
        count = self.entry(at).get("number") if count is None else count
        end = at + self.length(at)
        if count is None or not 0 < count <= _MOST_WEEKS or self.gap(end) != " ":
            return None
        return (int(count), end + self.length(end)) if self.entry(end).get("unit") == WEEK else None

    def _counts_on(self, at: int) -> bool:
        """True for "in a month", "in ten days" behind a weekday: which day is meant is not told for sure."""
        if "weeks_ahead" not in self.entry(at) or self.gap(at) != " ":
            return False
        number = self.number(at + 1, 3) is not None or bool(self.entry(at + 1).keys() & {"number", "single"})
        units = self.entry(at + 1 + self.length(at + 1))
        return number and (units.get("unit", 0) >= DAY or "months" in units)

    def _feast(self, index: int, what: object) -> Atom | None:
        """A day of the year by its name, where no date beside it says more: "Maundy Thursday at 8"; no person of that
        name, and nothing that is called after it, or told to be before or behind it."""
        end = index + self.length(index)
        if "feast_name" in self.entry(index) and not self.led_by(index, "deadline"):
            return None
        if self.entry(index - 1).keys() & {"feast_after", "feast_before", "title"} or "feast_noun" in self.entry(end):
            return None
        name = self.tokens[end] if end < self.count else None
        named = name is not None and name.kind == "word" and name.text[:1].isupper() and not self.entry(end)
        if named and self.gap(end) in ("", " ") and not self.led_by(index, "deadline"):
            return None  # "Boxing Day Sale", but "bis Pfingstsonntag Bescheid"
        told = any(
            self.entry(at).keys() & {"weekday", "month"}
            or (self.number(at) is not None and self.glued(at + 1) in (".", "/"))
            for at in (*range(max(index - 4, 0), index), *range(end, min(end + 5, self.count)))
        )
        if told:
            return None
        return Atom("date", index, end, date=self._feast_day(what), whole=True)

    def _feast_day(self, what: object) -> WrittenDate:
        month, day = (int(part) for part in what.split("-")) if isinstance(what, str) else (None, None)
        return WrittenDate(month=month, day=day, easter=what if isinstance(what, int) else None)

    def _beside_feast(self, index: int) -> tuple[int, bool] | None:
        """Where the feast stands that a weekday is told to be behind or before, and whether it is behind."""
        at = index + self.length(index)
        if not self.entry(at).keys() & {"feast_after", "feast_before"}:
            return None
        behind = "feast_after" in self.entry(at)
        at += 1
        if not self.entry(at).keys() & {"feast", "season", "holidays"}:
            return None
        return at, behind

    def _after_feast(self, index: int, at: int, behind: bool) -> Atom | None:
        """ "Tuesday after Easter"; a Monday is none, since the feast itself may last as long. A date behind says all:
        "Monday after the holidays, 20.04."."""
        weekday = self.entry(index)["weekday"]
        told = at + self.length(at)
        told += self.low(told) in (",", "(") or "on" in self.entry(told)
        dated = self._numeric_date(told) or self._day(told, {})
        if dated is not None and "month" in dated[0]:
            fields: dict[str, object] = {"weekday": weekday} | dated[0]
            return Atom("date", index, dated[1], date=WrittenDate(**fields), whole=True)  # type: ignore[arg-type]
        entry = self.entry(at)
        if not behind or "holidays" in entry or ("season" in entry and weekday == 0):
            return None
        written = replace(self._feast_day(entry.get("feast", entry.get("season"))), after=weekday)
        return Atom("date", index, at + self.length(at), date=written, whole=True)

    def _nth_weekday(self, index: int) -> Atom | None:
        """ "the first Monday in December", "2nd Tuesday of May 2027", "am letzten Freitag im Mai"."""
        entry, at = self.entry(index), index + self.length(index)
        nth = -1 if entry.get("modifier") == "last" else entry.get("ordinal")
        if nth is None and (nth := self.number(index)) is not None:
            if self.glued(at) not in self.words.day_suffixes:
                return None
            at += 1
        weekday, end = self.entry(at).get("weekday"), at + self.length(at)
        if nth not in _NTH or weekday is None or self.gap(at) not in (" ", "") or "date_glue" not in self.entry(end):
            return None
        end += self.length(end)
        month = self.entry(end).get("month")
        if month is None or self.gap(end) == "¶":
            return None
        end += self.length(end)
        year = self.number(end, 4) if len(self.low(end)) == 4 else None
        written = WrittenDate(weekday=weekday, month=month, nth=nth, year=year)
        return Atom("date", index, end + (year is not None), date=written, whole=True)

    def _alone_in_time(self, index: int) -> bool:
        """True for "by close of play" with no day beside it: today's."""
        around = (*range(index - 4, index), *range(index + self.length(index), index + self.length(index) + 3))
        return not any(
            self.entry(at).keys() & {"weekday", "month", "day", "weeks", "modifier"} or self.number(at, 4) is not None
            for at in around
            if 0 <= at < self.count
        )

    def _end_of(self, index: int, what: object) -> Atom | None:
        """ "by the end of the week", "before the month is out": a last day, where a word for deadlines leads to it."""
        if not self.led_by(index, "deadline"):
            return None
        written = WrittenDate(month_end=True) if what == "month" else WrittenDate(weekday=4, weeks=int(str(what)))
        return Atom("date", index, index + self.length(index), date=written, whole=True)

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
                if self.low(at) == "." and (self.gap(at) != "" or self._ends_sentence(at)):
                    break
                at += 1
            elif "date_glue" in self.entry(at) and "month" not in self.entry(at) and "weeks" not in self.entry(at):
                if self.low(at - 1) == "." and self.gap(at) != "" and self.tokens[at].text[:1].isupper():
                    break  # "17. März. Am Montag"
                at += self.length(at)
            else:
                break
        return at

    def _ends_sentence(self, dot: int) -> bool:
        """True for the dot of "not this afternoon. Wednesday": no short name stands before it."""
        before = self.tokens[dot - 1]
        return before.kind == "word" and len(before.text) > _ABBREVIATED and "weekday" in self.entry(dot + 1)

    def _component(self, at: int, fields: dict[str, object], *, first: bool) -> tuple[dict[str, object], int] | None:
        if self.gap(at) == "¶" and not first:
            return None
        if fields.keys() in ({"weekday"}, {"relative"}) and "weeks_ahead" in self.entry(at - 1):
            counted = self._weeks_counted(at)
            if counted is not None:
                return {"later": counted[0], "from_now": "weekday" in fields}, counted[1]
        if self.tokens[at].kind == "number":
            return self._number_component(at, fields)
        entry = self.entry(at)
        end = at + self.length(at)
        if "weekday" in entry and "day" in fields and self._ranges_weekdays(end):
            return None  # "13 to 24 September, Mon-Fri"
        if "weekday" in entry and "weekday" not in fields and self._believable_weekday(at, end, fields):
            named: dict[str, object] = {"weekday": entry["weekday"]}
            if "part" in entry:
                named["part"] = entry["part"]
            return named, end + (self.glued(end) == "." and len(self.low(at)) <= 4)
        if "month" in entry and "month" not in fields:
            return self._month_first(at, end, entry["month"], fields)
        if "ordinal" in entry and "day" not in fields:
            return self._worded_day(end, entry["ordinal"], fields)
        beside = not fields.keys() & {"weekday", "day"} or self.low(at - 1) == "("
        if "day" in entry and "relative" not in fields and beside:
            return {"relative": entry["day"]} | (
                {"part": entry["part"]} if "part" in entry and not entry["day"] else {}
            ), end
        if self.names_row(at):
            return None  # "Tue 1 Dec", and below it "Morning", with cells of its own
        if "part" in entry and "part" not in fields and fields.keys() & {"weekday", "relative", "day"}:
            return {"part": entry["part"]}, end
        if "later_before" in entry and not fields:
            day = self._past_this(end)
            if self.entry(day).keys() & {"weekday", "day"}:
                return {"later": entry["later_before"]}, day
        if "later" in entry and fields.keys() in ({"weekday"}, {"relative"}):
            return {"later": entry["later"]}, end
        if "weeks" in entry and "weeks" not in fields and isinstance(entry["weeks"], int):
            return self._weeks(entry["weeks"], end, fields)
        if "isoweek" in entry and "isoweek" not in fields:
            return self._isoweek(end, fields)
        if "modifier" in entry and not fields:
            return self._modified(entry["modifier"], end)
        return None

    def _ranges_weekdays(self, at: int) -> bool:
        """True where a weekday goes on to another: "-Fri"."""
        joined = self.low(at) == "-" or "to" in self.entry(at)
        return joined and "weekday" in self.entry(at + self.length(at))

    def _believable_weekday(self, at: int, end: int, fields: dict[str, object]) -> bool:
        """Full names and long abbreviations ("Weds") always; short ones only with a capital, beside a digit, comma or
        clock."""
        token = self.tokens[at]
        if len(token.text) > _INFORMAL + (not token.text[:1].isupper()):
            return True
        if len(token.text) >= _INFORMAL and self._in_pair(at, end):
            return True
        named = len(token.text) >= self.words.weekday_letters and token.text[:1].isupper()
        if named and (self._last_day(at, end) or self._in_list(at, end) or self._labels_row(at, end)):
            return True
        if len(token.text) < self.words.weekday_letters or self.gap(end) == "¶":
            return False
        if named and self.led_by(at, "short_day_lead") and self.gap(end) in ("", " "):
            return True  # "Magst du am Do vorbeischauen?"
        if not token.text[:1].isupper():
            return self._informal_weekday(token.text, end)
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
        return bool(
            entry.keys()
            & {"month", "part", "fixed", "before_hour", "same_time", "ordinal", "later", "weeks", "isoweek"}
        ) or bool(self.entry(end).keys() & {"or", "to"} and "weekday" in self.entry(end + self.length(end)))

    def _last_day(self, at: int, end: int) -> bool:
        """True for the "Fri" of "let me know by Fri."."""
        closed = (
            "deadline_after" in self.entry(end)
            or self.low(end) in (".", ",", "!", "?", ")", "")
            or self.gap(end) in ("\n", "¶")
        )
        return closed and self.led_by(at, "deadline")

    def _in_list(self, at: int, end: int) -> bool:
        """True for each name of "Mo, Di und Mi" and "Mi oder Do": joined names with capitals are no other words."""
        if any(
            "or" in self.entry(join) and self._short_name(name) and self.low(name) != self.low(at)
            for join, name in ((at - 1, at - 2), (end, end + 1))
        ):
            return True
        row = 1
        while at > 1 and row < _LISTED and self._joins_names(at - 1) and self._short_name(at - 2):
            at, row = at - 2, row + 1
        while row < _LISTED and self._joins_names(end) and self._short_name(end + 1):
            end, row = end + 2, row + 1
        return row >= _LISTED

    def _joins_names(self, at: int) -> bool:
        return self.glued(at) in (",", "/") or (self.gap(at) == " " and bool(self.entry(at).keys() & {"or", "with"}))

    def _short_name(self, at: int) -> bool:
        return 0 <= at < self.count and "weekday" in self.entry(at) and self.tokens[at].text[:1].isupper()

    def _labels_row(self, at: int, end: int) -> bool:
        """True for "Tue: 10am, 11.15am" at the begin of a line."""
        figure = self.number(end + 1) is not None and self.gap(end + 1) in (" ", "")
        return (at == 0 or self.gap(at) in ("\n", "¶")) and self.glued(end) == ":" and figure

    def _in_pair(self, at: int, end: int) -> bool:
        """True for both names of "thurs or fri", "Wed and Thu"."""
        pairs = []
        if at > 1 and self._pairs(at - 1) and {self.gap(at), self.gap(at - 1)} <= _WRAPPED:
            pairs.append(at - 2)
        behind = end + self.length(end)
        if self._pairs(end) and {self.gap(end), self.gap(behind)} <= _WRAPPED:
            pairs.append(behind)
        return any(
            (self._names_weekday(other) or self._closes_pair(max(at, other)))
            and self._names_weekday(at, self.tokens[other].text)
            and self._names_weekday(other, self.tokens[at].text)
            for other in pairs
        )

    def _pairs(self, at: int) -> bool:
        """True for what joins two names of weekdays: "or", "/"."""
        return bool(self.entry(at).keys() & _PAIRS) or self.low(at) == "/"

    def _closes_pair(self, last: int) -> bool:
        """True where a pair in small letters ends a phrase, or a clock follows: "sat or sun btw 2 & 4"."""
        end = last + self.length(last)
        return self._closes(end) or self.number(end) is not None or bool(self.entry(end).keys() & {"at", "part"})

    def _names_weekday(self, at: int, other: str = "") -> bool:
        """True for a weekday's name with a capital, or of which more than three letters are written, or the other's."""
        if "weekday" not in self.entry(at):
            return False
        named = self.tokens[at].text[:1].isupper() or max(len(self.tokens[at].text), len(other)) > _INFORMAL
        return named or (
            bool(other) and min(len(self.tokens[at].text), len(other)) == _INFORMAL and self.low(at) != other
        )

    def _informal_weekday(self, word: str, end: int) -> bool:
        """ "tues 7am", "thurs at half 10", "mi (11.2.)": a short name in small letters with a time behind it."""
        at = aside = self._past_aside(end)
        at += self.low(at) in ("(", ",")
        at += self.length(at) if "instead" in self.entry(at) else 0
        numeric = self._numeric_date(at)
        if numeric is not None:
            return "month" in numeric[0]
        if len(word) < _INFORMAL:
            return self._hour_behind(end)
        of = at + self.length(at) if "date_glue" in self.entry(at) else at  # "wed the 17th"
        day = self.number(of) is not None and self.glued(of + 1) in self.words.day_suffixes and self.low(of + 1) != "."
        if day or self.entry(at).keys() & {"part", "fixed", "before_hour", "same_time"}:
            return True
        then = at + self.length(at) if "at" in self.entry(at) else at
        if self.entry(then).keys() & {"fixed", "before_hour", "number"}:
            return True
        if self.number(then, 4) is None:
            return False
        ranged = self.low(then + 1) == "-" and self.number(then + 2) is not None
        ranged = ranged or (len(self.tokens[then].text) == 4 and int(self.tokens[then].text) % 5 == 0)
        behind = self.tokens[then + 1].text if then + 1 < self.count else ""
        dotted = behind == "." and self.gap(then + 1) == self.gap(then + 2) == "" and self._minutes(then + 2)
        if aside > end:
            return dotted or self._clock_behind(then + 1)  # not "we sat after work, about 10 of us"
        ranged = ranged or dotted or (self.gap(then + 1) == " " and behind in QUARTERS)
        ranged = ranged or (self.glued(then + 1) == "?" and self.gap(then) == " ")  # "thu 11?"
        return ranged or "at" in self.entry(at) or self._clock_behind(then + 1) or len(word) > _INFORMAL

    def _past_aside(self, at: int) -> int:
        """Behind what tells more of a day and no more: "sat after we close, say half 3", "fri after work at 6"."""
        told = "date_glue" in self.entry(at) and self.length(at) > 1 and not self.entry(at).keys() & {"on", "date_lead"}
        return at + self.length(at) if told and self.gap(at) in (" ", "\n") else at

    def _hour_behind(self, end: int) -> bool:
        """True for "mi um 15 uhr", "di 14. gegen 16 uhr": two small letters that mean nothing else, and an hour in so
        many words, or a clock behind "or"."""
        if self.entry(end - 1).keys() != {"weekday"}:
            return False
        day = self.number(end) is not None and self.glued(end + 1) == "."
        clock = self.number(end) is not None and self.glued(end + 1) in (":", ".") and self.gap(end + 2) == ""
        if clock and self._minutes(end + 2) and "or" in self.entry(end - 2):
            return True  # "heute um 15 uhr oder do 10.30"
        at = end + 2 * day
        for _ in range(_LEADS):
            if self.number(at) is not None and not self._numeric_date(at):
                return "hour" in self.entry(at + 1) or (self._minutes(at + 2) and "hour" in self.entry(at + 3))
            at += self.length(at)
        return False

    def _minutes(self, at: int) -> bool:
        """True for two figures that may be minutes of a clock in a mail."""
        return (self.number(at) or 0) % 5 == 0 and len(self.low(at)) == 2 and self.low(at).isdigit()

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
            (self.glued(after) == ":" and self.gap(after + 1) == "")
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
        short = self.tokens[end].text
        if len(short) <= 4 and not short[:1].isupper() and not self._informal_weekday(short, end + 1):
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
            if self.gap(at) == "" and len(self.low(at)) == _SHORT_YEAR and self.tokens[at - 1].kind == "word":
                return {"year": _YEARS[0] + int(self.low(at))}, at + 1  # "18DEC26"
            if year is not None and 1900 <= year <= 2099 and not self._clock_behind(at + 1):
                if self.low(at + 1) == "-" and self.gap(at + 1) == "" and self.number(at + 2, 9) is not None:
                    return None
                return {"year": year}, at + 1
        return None

    def _clock_behind(self, at: int) -> bool:
        """True when what follows a number makes it a clock."""
        if self.glued(at) == ":" and self.number(at + 1) is not None and self.gap(at + 1) == "":
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
            or self.low(end + 1) in ",-/)?!;" or "month" in self.entry(end + 1)
        )  # fmt: skip
        if ordinal:
            end += 1
        if ordinal and self._numbers_noun(end):
            return None
        after = end
        if (self.low(after) == "-" and self.gap(after) == "" and "month" in self.entry(after + 1)) or (
            self.glued(after) == "." and "month" in self.entry(after + 1)
        ):
            after += 1
        while "date_glue" in self.entry(after) and "month" not in self.entry(after) and self.gap(after) == " ":
            after += self.length(after)
        month, size = self.entry(after).get("month"), self.length(after)
        if "noise" in self.entry(after) and self.tokens[after].text[:1].isupper():
            month, size = self.words.means(self.low(after), "month"), 1  # "on 28 May we could"
        if month is not None and self._numbered(at, after):
            return None
        if month is not None and self.gap(after) in ("", " ", "\n"):
            after += size
            if self.glued(after) == "." and self.gap(after + 1) in (" ", "\n", ""):
                after += self.number(after + 1, 4) is not None or len(self.low(after - 1)) <= 4
            elif self.glued(after) == "-" and self.number(after + 1, 4) is not None:
                after += 1
            return {"day": day, "month": month}, after
        if fields.keys() == {"weekday"} and self.tokens[at].start in self.dated_lines:
            return {"day": day}, end
        if self._clock_behind(end):
            return None
        if ordinal and self.low(at + 1) == "." and self.gap(end) == "¶" and "weekday" not in fields:
            return None
        if ordinal and fields.keys() & {"weekday", "relative"}:
            told = self.number(end, 4) is not None or "noise" in self.entry(end)  # "Sat 23rd any good?"
            suffixed = told and self.low(at + 1) != "." and self.gap(end) in (" ", "\t")
            if suffixed or self._believable_end(end) or self._at_clock(end):  # "Wed 4th 1pm", "Fri 13th @ 1.15pm"
                return {"day": day}, end
        if self.words.bare_day and fields.keys() == {"weekday"} and self.gap(at) == " " and self._believable_end(end):
            return {"day": day}, end
        beside = fields.keys() == {"weekday"} and self.gap(at) == " " and not ordinal
        if beside and day > _LAST_HOUR_OF_CUSTOM and self._ends_bare_day(end):
            return {"day": day}, end  # "Friday 20, same hour"
        if beside and self.glued(end) == "," and self._hours_behind(end + 1):
            return {"day": day}, end  # "Mon 9, 10:30-11:15"
        if beside:
            month = self._month_of_list(end)
            if month is not None:
                return {"day": day, "month": month}, end
        if ordinal and fields.keys() == {"weekday"} and (month := self._month_of_list(end)) is not None:
            return {"day": day, "month": month}, end  # "Di 17./Mi 18.03."
        small = self.low(at + 1) == "." and end < self.count and self.tokens[end].text.islower()
        if ordinal and not fields and small and self.led_by(at, "deadline") and self.gap(end) == " ":
            return {"day": day}, end  # "sollten wir bis zum 8. nichts hören"
        if ordinal and not fields and self.led_by(at, "date_lead") and self._ends_day(end):
            return {"day": day}, end
        if not ordinal and not fields and self.led_by(at, "bare_day_lead") and self._hour_told(end):
            return {"day": day}, end
        return None

    def _hour_told(self, at: int) -> bool:
        """True behind the day of "the 28 between 17:30 and 19:00", "the 6, same hour": nothing else is counted so."""
        if self.low(at) == ",":
            at += 1
        if "same_time" in self.entry(at):
            return True
        then = at + self.length(at)
        if not self.entry(at).keys() & {"at", "from"} or self.number(then) is None:
            return False
        return self._clock_behind(then + 1) or (self.glued(then + 1) in (".", "h") and self.ends_free(then + 3))

    def _hours_behind(self, at: int) -> bool:
        """True for "10:30-11:15" and "same time": what follows the day of a list."""
        if "same_time" in self.entry(at):
            return True
        minutes = self.number(at) is not None and self.glued(at + 1) in (":", ".") and self.number(at + 2) is not None
        return minutes and self.low(at + 3) == "-" and self.number(at + 4) is not None

    def _numbered(self, at: int, month: int) -> bool:
        """True for the "1." of a list's row "1. February 8 (Mon) 17:00": the month has a day of its own behind it."""
        day = month + self.length(month)
        heads = at == 0 or self.gap(at) in ("\n", "¶")
        if self.gap(day) == "":
            return False  # "18DEC26 (Friday)"
        if not heads and self.number(day) is not None and self.low(day + 1) == "(" and "weekday" in self.entry(day + 2):
            return True  # "Option 1   June 3 (Wed)"
        if not heads or self.low(at + 1) != "." or self.number(day) is None or self.words.date_order == "DMY":
            return False
        return self.gap(day) == " " and not self._clock_behind(day + 1) and self.glued(day + 1) != "."

    def _ends_bare_day(self, at: int) -> bool:
        """What may stand behind a number that is the day of a weekday: a mark, or a clock."""
        spaced = self.gap(at) in (" ", "\t") and self.number(at) is not None
        if spaced and (self._clock_behind(at + 1) or (self.glued(at + 1) == "." and len(self.glued(at + 2)) == 2)):
            return True  # "Thu 29   6.30 pm"
        noise = "noise" in self.entry(at)  # "Sat 23 any good?"
        spaced = self.gap(at) == " " and (noise or self.low(at) == "(" or self._at_clock(at))
        return self.glued(at) in (",", ")") or spaced

    def _at_clock(self, at: int) -> bool:
        """True for "at 9" and "@ 1400" behind a day."""
        led = "at" in self.entry(at) and "to" not in self.entry(at)
        return led and self.number(at + self.length(at), 4) is not None

    def _month_of_list(self, at: int) -> int | None:
        """The month behind a later day of "Monday 7 to Friday 11 December", "Di 17./Mi 18.03."."""
        if not (self.entry(at).keys() & {"or", "to"} or self.low(at) in ("-", ",", "/")):
            return None
        for index in range(at + 1, at + _MONTH_OF_LIST):
            if self.number(index) is not None:
                behind = index + 1 + (self.glued(index + 1) in self.words.day_suffixes)
                if (month := self.entry(behind).get("month")) is not None:
                    return int(month)
                if self.low(behind - 1) == "." and self.glued(behind + 1) == "." and self.gap(behind) == "":
                    return month if (month := self.number(behind)) is not None and 1 <= month <= 12 else None
            elif not (
                self.entry(index).keys() & {"or", "to", "weekday", "on"} or self.low(index) in ("-", ",", "/", ".")
            ):
                return None
        return None

    def _ends_day(self, at: int) -> bool:
        """What may stand behind "on the 5th": the end, a mark or a word for times; "the 5th floor" is no day."""
        if at >= self.count or self.gap(at) == "¶":
            return True
        token = self.tokens[at]
        if token.kind == "mark":
            return token.text in ",;:!?)(" or (token.text == "." and self.gap(at + 1) != "")
        return token.kind == "word" and bool(
            self.entry(at).keys() & {"at", "or", "on", "from", "to", "fixed", "part", "before_hour", "verb"}
        )

    def _numbers_noun(self, at: int) -> bool:
        """True where the list goes on with what is numbered: "in der 3. und 4. Stunde"."""
        then = at + self.length(at)
        if (
            "or" not in self.entry(at)
            or self.number(then) is None
            or self.glued(then + 1) not in self.words.day_suffixes
        ):
            return False
        noun = then + 2
        if noun >= self.count or self.gap(noun) != " " or self.tokens[noun].kind != "word":
            return False
        named = self.low(then + 1) == "." and self.tokens[noun].text[:1].isupper() and not self.entry(noun)
        return named or "unit" in self.entry(noun)

    def _numeric_date(self, at: int) -> tuple[dict[str, object], int] | None:
        """2026-12-03, 2026/12/03, 2026. 12. 3, 03.12.2026, 3.12., 12/04/2026, 3/12, 16-09-2026."""
        if not self.stands_free(at) or self._in_row(at) or self._between_clocks(at):
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

    def _in_row(self, at: int) -> bool:
        """True for both clocks of a plan's row "09.30 - 10.10 Coffee"."""
        if self.tokens[at].start in self.rows:
            return True
        return at >= _ROW and self.low(at - 1) == "-" and self.tokens[at - _ROW].start in self.rows

    def _between_clocks(self, at: int) -> bool:
        """True for the begin of "11.10 - 12.00", "between 9.05 and 9.20": the figures behind its end are no month."""
        joint = at + 3
        ranged = self.low(joint) == "-" or "to" in self.entry(joint)
        ranged = ranged or ("or" in self.entry(joint) and self.led_by(at, "between"))
        if self.glued(at + 1) != "." or not ranged:
            return False
        then = joint + max(self.length(joint), 1)
        figures = [self.tokens[minute].text for minute in (at + 2, then + 2) if minute < self.count]
        if len(figures) < 2 or any(len(text) != 2 or not text.isdigit() for text in figures):
            return False
        if self.glued(then + 1) != "." or self.gap(then + 2) != "":
            return False
        ends = self.number(then)
        return int(figures[0]) < 60 and not 1 <= int(figures[1]) <= 12 and int(figures[1]) < 60 and (ends or 99) <= 24

    def _iso(self, at: int, year: int, month: int, separator: str) -> tuple[dict[str, object], int] | None:
        day = self.number(at + 4)
        spaced = separator == "." and self.gap(at + 2) == self.gap(at + 4) == " "  # "2026. 12. 3": in Korea
        if self.glued(at + 3) != separator or day is None or not 2000 <= year <= 2099:
            return None
        if self.gap(at + 4) != "" and not spaced:
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
        elif separator == "." and len(self.low(at + 2)) == 2 and second % 5 == 0 and self._clock_behind(end):
            return None  # "9.10 Uhr"
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
        if self.low(end - 1) == "." and self.low(at + 1) == "." and self.led_by(at, "deadline"):
            return True
        if self.low(at + 1) == "." and self.led_by(at, "deadline") and self._no_clock(at):
            return True  # "till 30.09 in return mail"
        if self.low(end - 1) == "." and self.low(at - 1) == "(" and self.low(end) == ")":
            return True  # "bis Nikolaus (6.12.)"
        if self.low(at - 1) == ":" and self.entry(at - 2).keys() & {"label", "date_lead"}:
            return True
        after = end + (self.low(end) in (",", "-", "|", ":"))
        if self.low(after) == "(" and "weekday" in self.entry(after + 1):
            return True
        if self._weekday_behind(after):
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
        if self.low(end - 1) == "." and (self._dotted_date_before(at) or self._dotted_date_behind(end)):
            return True
        last = self._last_slashed(at, end)
        if last != at:
            return self._short_date_fits(last, last + _SLASHED, {})
        if self.number(after) is None:
            return False
        if self.low(end - 1) != "." and self.low(at + 1) == "." and self.gap(end) in ("\n", "¶"):
            return False  # the figures of a room, above the next row
        if self.low(after + 1) == "-" and self.number(after + 2) is not None and not self.ends_free(after + 1):
            return True  # "10.03. 9-12 Uhr"
        return self.glued(after + 1) in (":", ".") or self._clock_behind(after + 1)

    def _no_clock(self, at: int) -> bool:
        """True for figures that are a day and a month, and no hour of the day: "30.09", "01.10"."""
        day = self.number(at) or 0
        padded = len(self.tokens[at].text) == len(self.tokens[at + 2].text) == _PADDED
        return padded and (day > _HOURS or day < _EARLY)

    def _last_slashed(self, at: int, end: int) -> int:
        """Where the last date of "12/3, 13/3 or 16/3" begins; the first itself where no other follows."""
        if self.low(at + 1) != "/" or end != at + _SLASHED:
            return at
        last = at
        for _ in range(_MOST_SLASHED):
            joined = last + _SLASHED
            if not ("or" in self.entry(joined) or self.low(joined) == ","):
                break
            then = joined + self.length(joined)
            if self.number(then) is None or self.glued(then + 1) != "/" or not self.glued(then + 2).isdigit():
                break
            last = then
        return last

    def _weekday_behind(self, at: int) -> bool:
        """True for the weekday of "12/2 Wed, 8:00"; not for that of "24/7, Monday to Friday"."""
        named = "weekday" in self.entry(at) and self.gap(at) in (" ", "\n")
        return named and not self._ranges_weekdays(at + self.length(at))

    def _dotted_date_before(self, at: int) -> bool:
        """True for the second date of "08.09., 10.09., 15.09."."""
        return (
            self.low(at - 1) == ","
            and self.glued(at - 2) == self.glued(at - 4) == "."
            and all(self.number(at - back) is not None for back in (3, 5))
        )

    def _dotted_date_behind(self, end: int) -> bool:
        """True for the first one of such a list."""
        return (
            self.glued(end) == ","
            and self.glued(end + 2) == self.glued(end + 4) == "."
            and all(self.number(end + ahead) is not None for ahead in (1, 3))
        )

    def _week(self, index: int) -> Atom | None:
        entry = self.entry(index)
        end = index + self.length(index)
        if "weeks" in entry:
            return Atom("week", index, end, weeks=entry["weeks"])
        number = self.number(end) if "isoweek" in entry else None
        if number is not None and 1 <= number <= 53 and not self._clock_behind(end + 1):
            return Atom("week", index, end + 1, isoweek=number)
        return None

    def _month(self, index: int) -> Atom | None:
        """ "In January", "early in May 2027", "January or February", "ersten Januarwoche": a month without a day."""
        month = self.entry(index).get("month", self.entry(index).get("month_week"))
        if month is None or not self.tokens[index].text[:1].isupper() or len(self.tokens[index].text) < _INFORMAL:
            return None
        led = any(entry.keys() & _MONTH_LEADS for entry in self.ending(index))
        listed = self.month_end == index - 1 and "or" in self.entry(index - 1)
        if not (led or listed):
            return None
        end = index + self.length(index)
        year = self.number(end, 4)
        named = year is not None and _YEARS[0] <= year <= _YEARS[1]
        self.month_end = end
        return Atom("month", index, end + named, date=WrittenDate(month=month, year=year if named else None))

    def _closes(self, at: int) -> bool:
        """True for a mark that ends a part of the sentence."""
        return self.glued(at) in (",", "?", "!", ")", ".", ";") and self.gap(at + 1) != ""

    def _range_after(self, at: int) -> bool:
        return self.glued(at) == "-" and self.number(at + 1, 4) is not None

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
            told = token.text in FREE_SIGNS or token.text in TAKEN_SIGNS  # "13-15 ✔"
            return told or (token.text in ",.;:!?)(-/|•·]\"'*" and self.ends_free(at))
        entry = self.entry(at)
        if entry.keys() & {"unit", "month", "ordinal"} or entry.keys() == {"all_times"}:
            return False  # "nine times"
        if token.low == "of" or "noise" in entry or ("counted" in entry and "counting" in self.entry(at - 2)):
            return False
        if entry.keys() - {"counted"}:
            return True
        if token.text in self.zones.letters or self.zone_at(at) is not None or self._bare_zone(at):
            return True
        return token.text[:1].islower() and not token.low.endswith(("s", "en"))

    def _bare_zone(self, at: int) -> bool:
        """True for the zone of "at 3 Central"; not for the street of "at 3 Central Avenue", "3 Eastern road"."""
        named = self.zone_at(at, bare=True) if self.tokens[at].text[:1].isupper() else None
        if named is None or self.gap(at) not in (" ", "\n"):
            return False
        behind = named[1]
        return self.closes_phrase(behind) or (self.tokens[behind].text[:1].islower() and bool(self.entry(behind)))
