"""Which day each written date of a text means, seen together: the order of 3/12, weeks named beside weekdays."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from raincheck.core.reading.dates import FAR, PARTS_OF_MONTH, Meaning, WrittenDate, meaning, swapped, weekday_after
from raincheck.core.reading.timegaps import AtomView

if TYPE_CHECKING:
    from raincheck.core.reading.atom import Atom
    from raincheck.core.reading.timegrammar import Grammar
    from raincheck.core.reading.timespan import TimeContext

_NEXT_SENTENCE = 12  # words between a week and a weekday that may be in it
_ASKED = 40  # as many where the sentence before is a question: "Shall we talk next week? ..."
_SPOKEN_OF = 60  # days until a date that a bare weekday may stand for
_LEAD_IN = 3  # words between a week and the list of its days: "... in the week of the 19th? We can do"
_SOON = 21  # days until a date that is spoken of where no clock stands beside it
_NEXT = 1  # sentences between a date and a weekday
_DAYS = 7  # of a week
MEMBERS = 10  # dates that may share a clock or a week


class DatedAtoms(AtomView):
    """The atoms with the meaning of each date."""

    def __init__(self, grammar: Grammar, context: TimeContext) -> None:
        super().__init__(grammar, context)
        self.meanings: dict[int, Meaning] = {}
        self.written: dict[int, WrittenDate] = {}
        self.named: dict[tuple[int, int], set[date]] = {}  # (paragraph, weekday) → its days that are named in full
        self.dated: dict[tuple[int, int], set[date]] = {}  # the same without weekday and clock
        self.listed: set[int] = set()  # weekdays that a list puts behind a full date
        self.in_week: set[int] = set()  # weekdays in the sentence behind one that names their week
        self.order = self._date_order()
        self._resolve_dates()
        self._named_behind()

    def _date_order(self) -> str | None:
        """What decides 3/12: the person's setting, the sender's country, the language, another date of the text."""
        if self.context.date_order:
            return self.context.date_order
        if self.context.region:
            return "MDY" if self.context.region == "US" else "DMY"
        if self.context.words.date_order:
            return self.context.words.date_order
        for atom in self.atoms:
            if atom.date is not None and atom.date.swappable and atom.date.weekday is not None:
                found = meaning(atom.date, self.today)
                if found is not None and found.doubt is None:
                    return "DMY" if found.days[0].day == atom.date.day else "MDY"
            if atom.kind == "date" and atom.date and atom.date.day != atom.date.month and not atom.date.swappable:
                for index in range(atom.first + 1, atom.last - 1):
                    first, second = self.grammar.number(index - 1), self.grammar.number(index + 1)
                    if self.grammar.low(index) == "/" and (first, second) == (atom.date.day, atom.date.month):
                        return "DMY"
                    if self.grammar.low(index) == "/" and (second, first) == (atom.date.day, atom.date.month):
                        return "MDY"
        return None

    def _resolve_dates(self) -> None:
        """The meaning of every date atom, weeks named beside them applied."""
        week: int | str | None = None
        week_at = -1
        last: date | None = None
        for index, atom in enumerate(self.atoms):
            if atom.kind == "week":
                week, week_at = self._week_after(self._weeks(atom), week, last), index
                continue
            if atom.kind == "next_day" and atom.weeks == _DAYS and self._leads_weekday(index):
                week, week_at = self._week_after("after", week, last), index
                continue
            if atom.kind == "next_day" and last is not None:
                last = self._counted_from(index) + timedelta(days=atom.weeks if isinstance(atom.weeks, int) else 1)
                self.meanings[index] = Meaning((last,))
                continue
            if atom.kind != "date" or atom.date is None:
                continue
            written = self._ordered(atom.date)
            if self.grammar.entry(atom.first).keys() & {"weeks", "isoweek"}:
                week, week_at = self._weeks_of(written), index
            after = self._after_last(index, written, last)
            if written.bare_weekday and after is None:
                named = self._week_after(self._named_week(index, week, week_at), week, last)
                if named == "same" and last is not None and written.weekday is not None:
                    self.meanings[index] = Meaning((last + timedelta(days=written.weekday - last.weekday()),))
                    self.written[index] = replace(written, weeks=0)
                    continue
                if isinstance(named, int):
                    written = replace(written, weeks=named)
            if after is None and last is None and written.bare_weekday and self._said_after(atom):
                continue  # "the Tuesday after" what another text says
            after = after or self._definite(index, written, last)
            found = after or self._named_before(index, written)
            found = found or self._next_in_list(index, written) or self._behind_full(index, written)
            found = found or self._perhaps_named(index, written) or meaning(written, self.today)
            if atom.date.swappable and found is not None and self._unlikely(found):
                found = swapped(written, self.today) or found
            if found is not None and written.bare_weekday and self._week_said_before(index, week, week_at):
                self.in_week.add(index)
                assert isinstance(week, int)
                assert written.weekday is not None
                there = self.today + timedelta(days=written.weekday - self.today.weekday(), weeks=week)
                if there != found.days[0]:
                    found = Meaning((there, *found.days), "next")
            if found is not None and after is None and (then := self._in_week_of(index, written)) is not None:
                found = Meaning(tuple(dict.fromkeys((then, *found.days))), "next")
            if found is not None and written.bare_weekday and (days := self._in_stage(index, found.days[0])):
                found = Meaning((*days, found.days[0]), "next")
            if found is not None:
                self.written[index] = written
                self.meanings[index] = found
                last = found.days[0]
                self._note_named(index, written, found)

    def _counted_from(self, index: int) -> date:
        """The day before "the same day" or "the day after" from which these count: the last one named that is to come,
        and neither a deadline nor one on which somebody is away; the last one named where each is such, or where the
        day that is counted is itself a deadline ("by 5 pm on that day")."""
        named = list(reversed(self.meanings))
        if self._due(index):
            return self.meanings[named[0]].days[0]
        likely = (at for at in named if self.meanings[at].days[0] >= self.today and not self._stands_aside(at, index))
        return self.meanings[next(likely, named[0])].days[0]

    def _stands_aside(self, day: int, index: int) -> bool:
        """Whether a day that is told before "the same day" or "the day after" is another than the one that is meant:
        "Tuesday at 9:15. Answer by Friday. I have another slot at 13:40 the same day"."""
        gap = self._gap(self.atoms[day], self.atoms[index])
        near = self.atoms[index].weeks != 0 and not (gap.sentence or gap.paragraph)
        return not near and (self._due(day) or self._away(day))  # "by Friday, or the day after"

    def _due(self, day: int) -> bool:
        """Whether a date is a deadline, with a clock beside it or alone: "by noon on Friday", "on Friday until 12"."""
        spans = [(day, day)]
        for clock in (day - 1, day + 1):
            if 0 <= clock < len(self.atoms) and self.atoms[clock].kind == "clock":
                first, last = sorted((day, clock))
                if self._gap(self.atoms[first], self.atoms[last]).together:
                    spans += [(first, last), (clock, clock)]
        alone = self._range_begin(day) is None  # not "from Monday until Wednesday"
        return alone and any(self._deadline(self.atoms[one].first, self.atoms[two].last) for one, two in spans)

    def _is_last_day(self, day: int) -> bool:
        """Whether "by" stands right before a date, or before the clock that leads it: "by noon on Friday"."""
        led = [day]
        if day and self.atoms[day - 1].kind == "clock" and self._gap(self.atoms[day - 1], self.atoms[day]).together:
            led.append(day - 1)
        return any(self.grammar.led_by(self.atoms[at].first, "deadline") for at in led)

    def _named_behind(self) -> None:
        """Bare weekdays whose days are named further on in their sentence mean these: "Tuesday or Wednesday at 10, 10
        or 11 March"."""
        bare = [index for index, written in self.written.items() if written.bare_weekday]
        for index in bare:
            for then in range(index + 1, min(index + MEMBERS, len(self.atoms))):
                gap = self._gap(self.atoms[then - 1], self.atoms[then])
                if gap.sentence or gap.paragraph:
                    break
                found, written = self.meanings.get(then), self.written.get(then)
                if found is None or written is None or written.day is None or written.weekday is not None:
                    continue
                if found.days[0].weekday() == self.written[index].weekday and not self._clocked(then):
                    self.meanings[index] = found

    def _after_last(self, index: int, written: WrittenDate, last: date | None) -> Meaning | None:
        """ "The Wednesday after", "am Montag drauf": counted from the date before it."""
        if (
            last is None
            or not written.bare_weekday
            or written.weekday is None
            or not self._said_after(self.atoms[index])
        ):
            return None
        return Meaning((weekday_after(last, written.weekday),))

    def _definite(self, index: int, written: WrittenDate, last: date | None) -> Meaning | None:
        """ "Thursday, 3 September, or failing that the Friday": the day of that name beside the date before it, where
        the nearest such day lies in an earlier week."""
        if last is None or index == 0 or not written.bare_weekday or written.weekday is None:
            return None
        grammar, begin = self.grammar, self.atoms[index].first
        if not grammar.led_by(begin, "definite") or grammar.led_by(begin, "deadline"):
            return None
        before = next(reversed(self.written), None)
        if before is None or self.written[before].day is None or self.written[before].weekday is None:
            return None
        if self._paragraphs[self.atoms[before].last - 1] != self._paragraphs[begin]:
            return None
        nearest = meaning(written, self.today)
        monday = last - timedelta(days=last.weekday())
        if nearest is None or nearest.days[0] >= monday:
            return None
        return Meaning((weekday_after(last, written.weekday),))

    def _said_after(self, atom: Atom) -> bool:
        grammar = self.grammar
        if "thereafter" not in grammar.entry(atom.last):
            return grammar.led_by(atom.first, "thereupon")
        behind = atom.last + grammar.length(atom.last)  # "Tuesday after 15:00" is another thing
        clocked = grammar.number(behind) is not None or grammar.entry(behind).keys() & {
            "number",
            "fixed",
            "before_hour",
        }
        return "after" not in grammar.entry(atom.last) or not clocked

    def _next_in_list(self, index: int, written: WrittenDate) -> Meaning | None:
        """The day of a bare weekday that goes on a list ("next Tuesday at 10 or Thursday at 5"): the next after the one
        before it. Where no week is named ("Monday or Friday", on a Wednesday), it may also be the nearest."""
        at = index - 1
        if at > 0 and self.atoms[at].kind == "clock":
            at -= 1
        before = self.written.get(at)
        if not written.bare_weekday or written.weekday is None or before is None or before.weekday is None:
            return None
        if at in self.listed:
            return None
        gaps = [self._gap(self.atoms[i], self.atoms[i + 1]) for i in range(at, index)]
        goes_on = gaps[-1].option or (gaps[-1].comma and before.bare_weekday and self._list_goes_on(index))
        if not all(gap.together for gap in gaps) or not goes_on:
            return None
        day = self.meanings[at].days[0]
        if before.day is not None or before.month:
            found = self._after_full(written, self.meanings[at])
            if found is not None and found.doubt is None:
                self.listed.add(index)
            return found
        if before.bare_weekday and at not in self.in_week:
            nearest = meaning(written, self.today)
            if nearest is None or nearest.days[0] >= day:
                return None
            later = nearest.days[0] + timedelta(weeks=1)
            return Meaning((later,)) if nearest.days[0] == self.today else Meaning((later, nearest.days[0]), "next")
        return Meaning((weekday_after(day, written.weekday),), self.meanings[at].doubt)

    def _list_goes_on(self, index: int) -> bool:
        """Whether another day follows in the list of a day, with or without a clock between: "Tuesday, Wednesday or
        Thursday"."""
        then = index + 1
        if then < len(self.atoms) and self.atoms[then].kind == "clock":
            then += 1
        if then >= len(self.atoms) or self.atoms[then].kind != "date":
            return False
        gaps = [self._gap(self.atoms[at], self.atoms[at + 1]) for at in range(index, then)]
        return all(gap.together for gap in gaps) and (gaps[-1].option or gaps[-1].comma)

    def _after_full(self, written: WrittenDate, before: Meaning) -> Meaning | None:
        """ "Wednesday 2 December at 10:00 or Friday at 11:00": the Friday of that week, where the nearest one lies in
        an earlier week; a weekday that the week has behind it may be of the next, and is in doubt."""
        nearest, day = meaning(written, self.today), before.days[0]
        assert written.weekday is not None
        monday = day - timedelta(days=day.weekday())
        if nearest is None or nearest.days[0] >= monday or before.doubt is not None:
            return None
        ahead = weekday_after(day, written.weekday)
        if written.weekday > day.weekday():
            return Meaning((ahead,))
        return Meaning((ahead, nearest.days[0]), "next")

    def _behind_full(self, index: int, written: WrittenDate) -> Meaning | None:
        """A bare weekday behind a full date of a later week. In one list it is of that week: "Tue 17 March 10am,
        Wednesday 2pm"; else it may be, too: "The 17th at 10am is taken. How about Wednesday at 2pm?" """
        if (
            not written.bare_weekday
            or written.weekday is None
            or self.grammar.led_by(self.atoms[index].first, "deadline")
        ):
            return None
        before = next((at for at in range(index - 1, -1, -1) if self._is_full(at)), None)
        if before is not None and self._away(before) and not self._due_between(before, index):
            return self._after_return(before, index, written.weekday)
        nearest = meaning(written, self.today)
        if before is None or nearest is None or index - before > MEMBERS:
            return None
        begin = self._range_begin(before)
        first, last = self.meanings[before if begin is None else begin].days[0], self.meanings[before].days[0]
        late = last > self.today + timedelta(days=_SPOKEN_OF)
        if late or nearest.days[0] >= first - timedelta(days=first.weekday()):
            return None
        ahead = weekday_after(first - timedelta(days=begin is not None), written.weekday)
        gaps = [self._gap(self.atoms[at], self.atoms[at + 1]) for at in range(before, index)]
        if all(gap.together for gap in gaps) and (begin is None or self.grammar.low(self.atoms[before].last) == ":"):
            sure = written.weekday > first.weekday() or (begin is not None and ahead <= last)
            self.listed.add(index)
            return Meaning((ahead,)) if sure else Meaning((ahead, nearest.days[0]), "next")
        breaks = sum(gap.sentence for gap in gaps)
        soon = last <= self.today + timedelta(days=_SOON)
        clocked = self.atoms[before + 1].kind == "clock" or begin is not None or soon
        if any(at in self.meanings and self.meanings[at].doubt != "next" for at in range(before + 1, index)):
            return None  # another day between them, and none of that week
        if any(gap.paragraph for gap in gaps) or breaks > clocked or self._in_deadline(index):
            return None
        beyond = weekday_after(last, written.weekday)
        days = (ahead, beyond, nearest.days[0])
        if soon and breaks and begin is None and self.atoms[before + 1].kind != "clock":
            days = (nearest.days[0], ahead, beyond)  # a day that is only spoken of
        return Meaning(tuple(dict.fromkeys(days)), "next")

    def _away(self, index: int) -> bool:
        """True for a date in a sentence that tells that somebody is away, or back."""
        grammar, first = self.grammar, self.atoms[index].first
        if "away" not in grammar.places:
            return False
        begin = next((at + 1 for at in range(first - 1, -1, -1) if self._ends_clause(at)), 0)
        end = next((at for at in range(self.atoms[index].last, grammar.count) if self._ends_clause(at)), grammar.count)
        return any("away" in grammar.entry(at) for at in range(begin, end))

    def _due_between(self, before: int, index: int) -> bool:
        """Whether "by" or "until" stands between two dates: "... by noon on Thursday, as the holidays follow"."""
        between = range(self.atoms[before].last, self.atoms[index].first)
        return any("deadline" in self.grammar.entry(at) for at in between)

    def _after_return(self, before: int, index: int, weekday: int) -> Meaning | None:
        """The day of a weekday behind a date on which somebody is back, or until which they are away."""
        last, nearest = self.meanings[before].days[0], meaning(WrittenDate(weekday=weekday), self.today)
        gaps = [self._gap(self.atoms[at], self.atoms[at + 1]) for at in range(before, index)]
        if nearest is None or nearest.days[0] > last or any(gap.paragraph for gap in gaps):
            return None
        if sum(gap.sentence for gap in gaps) > _NEXT or last > self.today + timedelta(days=_SPOKEN_OF):
            return None
        return Meaning((weekday_after(last, weekday), nearest.days[0]), "next")

    def _in_deadline(self, index: int) -> bool:
        """True where the sentence of a day says "by", "before" or "until" ahead of it."""
        grammar = self.grammar
        for at in range(self.atoms[index].first - 1, -1, -1):
            if grammar.entry(at).keys() & {"deadline", "deadline_after"}:
                return True
            if grammar.gap(at + 1) == "¶" or self._ends_clause(at):
                return False
        return False

    def _deadline(self, begin: int, end: int) -> bool:
        grammar = self.grammar
        then = end + (grammar.low(end) == ",")
        behind = then + grammar.length(then)
        if "deadline_after" in grammar.entry(then) and (then == end or grammar.number(behind, 4) is None):
            return True  # but "14:00, at the latest 14:30"
        at = begin
        for _ in range(5):
            if grammar.led_by(at, "between"):
                return False
            if grammar.led_by(at, "deadline"):
                return not (grammar.gap(at) == "\n" and grammar.gap(at - 1) == "\t")  # the last cell of a table's head
            before = at - 1
            if before < 0 or self._breaks(at):
                return False
            entry = grammar.entry(before)
            if not (
                grammar.low(before) in (":", ",", "(")
                or entry.keys() & {"on", "at", "date_glue", "modifier", "label", "late"}
            ):
                return False
            at = before
        return False

    def _is_full(self, index: int) -> bool:
        """True for a date to come that names its day, or takes it from such a one before it in the list."""
        written, found = self.written.get(index), self.meanings.get(index)
        if written is None or found is None or found.doubt is not None or found.days[0] <= self.today:
            return False
        until = self._until(self.atoms[index].first) and not self._away(index)
        return index in self.listed or (written.day is not None and not until)

    def _range_begin(self, index: int) -> int | None:
        """The date from which a range goes to this one."""
        if index == 0 or self.atoms[index - 1].kind != "date" or index - 1 not in self.meanings:
            return None
        return index - 1 if self._gap(self.atoms[index - 1], self.atoms[index]).to else None

    def _named_before(self, index: int, written: WrittenDate) -> Meaning | None:
        """The day of a bare weekday that its paragraph has named in full: "Thurs 12 March ... on Thursday"."""
        days = self._days_named(index, written, self.named)
        return Meaning(tuple(days)) if len(days) == 1 else None

    def _perhaps_named(self, index: int, written: WrittenDate) -> Meaning | None:
        """The nearest such day, or a far one that its paragraph has named without the weekday: "Work starts on 1 April.
        Can we talk on Wednesday?" """
        days = self._days_named(index, written, self.dated)
        nearest = meaning(written, self.today)
        if len(days) != 1 or nearest is None or days == {nearest.days[0]}:
            return None
        return Meaning((nearest.days[0], *days), "next")

    def _days_named(self, index: int, written: WrittenDate, named: dict[tuple[int, int], set[date]]) -> set[date]:
        if not written.bare_weekday or self.grammar.led_by(self.atoms[index].first, "deadline"):
            return set()
        assert written.weekday is not None
        return named.get((self._paragraphs[self.atoms[index].first], written.weekday), set())

    @cached_property
    def _paragraphs(self) -> list[int]:
        """The number of the paragraph of each token."""
        return list(accumulate(token.gap == "¶" for token in self.grammar.tokens))

    def _note_named(self, index: int, written: WrittenDate, found: Meaning) -> None:
        """Keep a day that is named in full, no mere "until the 22nd", for weekdays that its paragraph goes on with."""
        day, atom = found.days[0], self.atoms[index]
        full = written.weekday is not None or not self._until(atom.first)
        told = (written.day is not None and full) or index in self.listed
        if told and found.doubt is None and 0 < (day - self.today).days <= _SPOKEN_OF and not self._away(index):
            soon = (day - self.today).days <= _SOON
            sure = written.weekday is not None or index in self.listed or soon or self._clocked(index)
            days = self.named if sure else self.dated
            days.setdefault((self._paragraphs[atom.last - 1], day.weekday()), set()).add(day)

    def _clocked(self, index: int) -> bool:
        """Whether a clock stands right behind a date."""
        then = self.atoms[index + 1] if index + 1 < len(self.atoms) else None
        return then is not None and then.kind == "clock" and self._gap(self.atoms[index], then).together

    def _until(self, begin: int) -> bool:
        """True behind "until" and "until the"."""
        grammar = self.grammar
        article = begin - 1 if grammar.entry(begin - 1).keys() & {"on", "date_glue", "definite"} else begin
        return any(grammar.led_by(at, "deadline") for at in {begin, article})

    def _week_said_before(self, index: int, week: int | str | None, week_at: int) -> bool:
        """True for a bare weekday in the sentence behind one that names a week to come: perhaps a day of that week."""
        if not isinstance(week, int) or week < 1 or week_at != index - 1:
            return False
        if self._is_last_day(index):
            return False  # "the week of the 9th? Please answer by Wednesday"
        between = self._gap(self.atoms[week_at], self.atoms[index])
        question = any(self.grammar.low(at) == "?" for at in range(self.atoms[week_at].last, self.atoms[index].first))
        return not between.paragraph and between.words <= (_ASKED if question else _NEXT_SENTENCE)

    def _in_week_of(self, index: int, written: WrittenDate) -> date | None:
        """The day of a bare weekday with a clock behind a weekday with a clock for which a later week is named: "next
        week on Wednesday at 9? It is quiet then. Otherwise Thursday at 13:00"."""
        day, clock = index - 2, index - 1
        before = self.written.get(day)
        if not written.bare_weekday or written.weekday is None or before is None or before.weekday is None:
            return None
        if self.atoms[clock].kind != "clock" or not before.weeks or before.weeks < 1 or not self._clocked(index):
            return None
        gap = self._gap(self.atoms[clock], self.atoms[index])
        if gap.paragraph or gap.words > _NEXT_SENTENCE or self._in_deadline(index):
            return None
        meant = self.meanings[day].days[0]
        there = meant + timedelta(days=written.weekday - meant.weekday())
        nearest = meaning(written, self.today)
        return there if there > meant and nearest is not None and nearest.days[0] < there else None

    def _in_stage(self, index: int, nearest: date) -> tuple[date, ...]:
        """The days that a bare weekday may mean in whose sentence a part of a month was named ("early in January, say
        on Tuesday"); none where the nearest such day lies in it."""
        before = range(index - 1, max(index - MEMBERS, -1), -1)
        at = next((at for at in before if self.atoms[at].kind == "month" or self._is_full(at)), None)
        if at is None or self._stage(self.atoms[at]) is None or self._in_deadline(index):
            return ()
        gap = self._gap(self.atoms[at], self.atoms[index])
        period = self._month(self.atoms[at])
        if gap.sentence or gap.paragraph or period is None or period[0] <= nearest <= period[1]:
            return ()
        first = weekday_after(period[0] - timedelta(days=1), nearest.weekday())
        return tuple(day for day in (first, first + timedelta(weeks=1)) if day <= period[1])

    def _unlikely(self, found: Meaning) -> bool:
        """True where the weekday speaks against a date, or puts it into another year."""
        return found.doubt == "weekday" or (found.days[0] - self.today).days > FAR

    def _ordered(self, written: WrittenDate) -> WrittenDate:
        if not written.swappable:
            return written
        order = self.order
        if order == "MDY":
            written = replace(written, day=written.month, month=written.day)
        return replace(written, swappable=order is None)

    def _begins_line(self, index: int) -> bool:
        return self.grammar.gap(self.atoms[index].first) in ("\n", "¶")

    def _heads_list(self, index: int, week_at: int) -> bool:
        """Whether a week was named right above a list of weekdays, each in a line of its own, to which this one
        belongs."""
        atoms = range(week_at + 1, index)
        days = [*(at for at in atoms if self.atoms[at].kind == "date"), index]
        if any(self.atoms[at].kind not in ("date", "clock") for at in atoms) or not all(map(self._begins_line, days)):
            return False
        if any(self.written[at].weekday is None or self.written[at].day for at in days[:-1]):
            return False
        first = self._gap(self.atoms[week_at], self.atoms[days[0]])
        headed = first.paragraph or self.grammar.low(self.atoms[days[0]].first - 1) == ":"
        return headed and first.words <= _LEAD_IN

    def _weeks(self, atom: Atom) -> int | str:
        """A week as a number of weeks from this one; "same" for that of the date before, "after" for the next."""
        if atom.date is not None:
            found = meaning(self._ordered(atom.date), self.today)
            return self._weeks_until(found.days[0]) if found else 0
        return atom.weeks if atom.isoweek is None else self._weeks_of(WrittenDate(isoweek=atom.isoweek))

    def _week_behind(self, index: int) -> int | None:
        """The week that is named a few words behind a weekday and its clock: "Tuesday at 3 would do in week 11"."""
        then = index + 1
        if self.grammar.led_by(self.atoms[index].first, "deadline"):
            return None
        if then < len(self.atoms) and self.atoms[then].kind == "clock":
            then += 1
        if then >= len(self.atoms) or self.atoms[then].kind != "week" or self.atoms[then].isoweek is None:
            return None
        gaps = [self._gap(self.atoms[at], self.atoms[at + 1]) for at in range(index, then)]
        apart = any(gap.sentence or gap.paragraph or gap.option or gap.comma or gap.newline for gap in gaps)
        return None if apart or gaps[-1].words > _LEAD_IN + 1 else then

    def _leads_weekday(self, index: int) -> bool:
        """True for "the week after" right before a weekday of it."""
        then = self.atoms[index + 1] if index + 1 < len(self.atoms) else None
        if then is None or then.date is None or not then.date.bare_weekday:
            return False
        gap = self._gap(self.atoms[index], then)
        return gap.together and not gap.newline

    def _week_after(self, named: int | str | None, week: int | str | None, last: date | None) -> int | str | None:
        """What "the week after" means: the one behind the week or the date that was named before."""
        if named != "after":
            return named
        before = week if isinstance(week, int) else self._weeks_until(last) if last is not None else 1
        return before + 1

    def _weeks_of(self, written: WrittenDate) -> int:
        if written.isoweek is None:
            return written.weeks or 0
        found = meaning(WrittenDate(weekday=0, isoweek=written.isoweek), self.today)
        return self._weeks_until(found.days[0]) if found else 0

    def _weeks_until(self, day: date) -> int:
        monday = self.today - timedelta(days=self.today.weekday())
        return (day - monday).days // 7

    def _named_week(self, index: int, week: int | str | None, week_at: int) -> int | str | None:
        """The week of a bare weekday: named right behind it (or its list), or before it in the sentence."""
        at = index
        while at + 1 < min(len(self.atoms), index + MEMBERS):
            gap = self._gap(self.atoms[at], self.atoms[at + 1])
            if not gap.together:
                break
            at += 1
            atom = self.atoms[at]
            if atom.kind == "week" and gap.newline and self.grammar.low(atom.last) == ":":
                break  # it heads the next line
            if atom.kind == "week":
                return self._weeks(atom)
            if atom.kind == "date" and atom.date is not None:
                if atom.date.weeks is not None:
                    return atom.date.weeks
                if not atom.date.bare_weekday:
                    break
            elif atom.kind != "clock":
                break
        if (then := self._week_behind(index)) is not None:
            return self._weeks(self.atoms[then])
        ends = index > 0 and self.atoms[index - 1].kind == "date"  # "next week, Monday until Wednesday"
        ends = ends and self._gap(self.atoms[index - 1], self.atoms[index]).together
        by = not ends and self._is_last_day(index)
        if week is not None and week_at >= 0 and not by:
            between = self._gap(self.atoms[week_at], self.atoms[index])
            if not between.sentence and not between.paragraph:
                return week
            if self._heads_list(index, week_at):
                return week
            behind = self.grammar.low(self.atoms[week_at].last)
            if (behind == "." and between.words == 0 and not between.paragraph) or behind == ":":
                return week
        return None

    def _stage(self, atom: Atom) -> str | None:
        return next((stage for stage in PARTS_OF_MONTH if self.grammar.led_by(atom.first, stage)), None)

    def _month(self, atom: Atom) -> tuple[date, date] | None:
        if atom.date is None or atom.date.month is None:
            return None
        month = atom.date.month
        year = atom.date.year or self.today.year + (month < self.today.month)
        first, last = PARTS_OF_MONTH.get(self._stage(atom) or "", (1, 31))
        return date(year, month, first), date(year, month, min(last, monthrange(year, month)[1]))
