"""The grammar of times: text → the times that it proposes, and where a careful reader would be in doubt.

`read_times` finds every time of a text with its role; `find_times` keeps the proposals. The way: fold the text
(normal.py), cut it into tokens (timewords.py), read atoms (timegrammar.py), and here: say which clock belongs to which
date, which zone holds, what is no proposal, and compute the moments. A wrong time is worse than none: what can be read
in two ways is not sure and carries both readings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from raincheck.core.reading import clock as clocks
from raincheck.core.reading import zones as zone_table
from raincheck.core.reading.atom import Atom
from raincheck.core.reading.dates import Doubt, Meaning, WrittenDate, meaning
from raincheck.core.reading.normal import normalise
from raincheck.core.reading.timegrammar import Grammar
from raincheck.core.reading.timewords import TimeWords, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.reading.zones import Zone, ZoneTable

_REACH = 700  # characters over which a clock without a date belongs to the last date named
_MEMBERS = 10  # dates that may share a clock
_QUOTED = re.compile(r"^[ \t]*(?:>|\|[ \t]*>).*$", re.MULTILINE)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+|(?<!\w)\+\d[\d ()/.-]{5,24}\d", re.IGNORECASE
)
_GLUE = frozenset(
    ("or", "to", "on", "at", "label", "from", "between", "date_glue", "date_lead", "part", "hour", "after")
)
_SOFT = frozenset(',()[]-|·:;/•*@⋅=>"~→')
_OPTION = frozenset(";/")
_SENTENCE = frozenset(".!?")


class Role(StrEnum):
    """What a time is for its writer."""

    PROPOSAL = "proposal"  # a time offered, fixed or asked about
    DEADLINE = "deadline"  # "by Friday": the last moment for something
    HABIT = "habit"  # office hours, "Mondays", "Mon-Fri 9-17"
    FORMER = "former"  # the moved-from time of a reschedule
    ARRIVAL = "arrival"  # "please arrive at"
    PAST = "past"  # before the reference


Moment = datetime | date | time


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """One time that a text names: a moment or a range.

    A datetime is aware when the text names a zone, else it is the wall clock of `TimeContext.tz`. text is the given
    text from from_ to to. When not sure, alternatives holds every reading as (start, end), the likeliest first and
    equal to start and end; doubt says why.
    """

    start: Moment
    end: Moment | None
    kind: Literal["datetime", "date", "time"]
    text: str
    from_: int
    to: int
    zone: str | None = None
    sure: bool = True
    alternatives: tuple[tuple[Moment, Moment | None], ...] = ()
    doubt: Doubt | None = None
    role: Role = Role.PROPOSAL
    open_end: bool = False  # "after 3": a range without end
    between: bool = False  # "between 3 and 5": a range inside which something shorter lies
    date_from: int | None = None  # where the date stands; it may lie far from the clock, or serve several
    date_to: int | None = None
    clock_from: int | None = None
    clock_to: int | None = None


@dataclass(frozen=True, slots=True)
class TimeContext:
    """What the reader knows beside the text.

    reference is the mail's date, aware; tz (IANA, ±HH:MM) the zone of wall clocks without zone; date_order and region
    (two-letter country of the sender) decide 3/12/2026; words are those of the mail's language, then English.
    """

    reference: datetime
    tz: str
    words: TimeWords
    zones: ZoneTable
    lang: str | None = None
    date_order: Literal["DMY", "MDY"] | None = None
    region: str | None = None

    @property
    def now(self) -> datetime:
        """The reference as a wall clock in tz."""
        zone = zone_table.load_zone(self.tz)
        return (self.reference.astimezone(zone) if zone else self.reference).replace(tzinfo=None)


def find_times(text: str, context: TimeContext) -> tuple[TimeSpan, ...]:
    """The times that the text proposes, in reading order: no deadlines, office hours, quoted, old or past times."""
    return tuple(span for span in read_times(text, context) if span.role is Role.PROPOSAL)


def read_times(text: str, context: TimeContext) -> tuple[TimeSpan, ...]:
    """Every time of the text with its role, in reading order. Quoted lines and what follows "-- " are not read."""
    normal = normalise(text)
    folded = _masked(normal.text)
    grammar = Grammar(folded, tokens(folded), context.words, context.zones)
    found = _Composer(grammar, context).spans()
    placed = (
        replace(
            span,
            text=text[normal.offset(span.from_) : normal.offset(span.to)],
            from_=normal.offset(span.from_),
            to=normal.offset(span.to),
            date_from=None if span.date_from is None else normal.offset(span.date_from),
            date_to=None if span.date_to is None else normal.offset(span.date_to),
            clock_from=None if span.clock_from is None else normal.offset(span.clock_from),
            clock_to=None if span.clock_to is None else normal.offset(span.clock_to),
        )
        for span in found
    )
    return tuple(sorted(placed, key=lambda span: (span.from_, span.to)))


def _masked(text: str) -> str:
    """Quoted lines, the signature, links and telephone numbers struck out, every offset kept."""
    signature = _SIGNATURE.search(text)
    if signature:
        text = text[: signature.start()]
    if ">" in text:
        text = _QUOTED.sub(_strike, text)
    return _LINK.sub(_strike, text)


def _strike(match: re.Match[str]) -> str:
    return "_" * len(match[0])


# --- what stands between two atoms --------------------------------------------------------------------------------


@dataclass(slots=True)
class _Gap:
    """What stands between two atoms. tight: nothing but marks and small words."""

    tight: bool = True
    option: bool = False  # "or", "/", ";", ","
    comma: bool = False
    to: bool = False
    preposition: bool = False
    label: bool = False
    newline: bool = False
    sentence: bool = False
    paragraph: bool = False
    words: int = 0

    @property
    def together(self) -> bool:
        """On one line, in one sentence, with nothing between."""
        return self.tight and not self.sentence and not self.paragraph


@dataclass(slots=True)
class _Bound:
    """A clock with the dates it belongs to (indexes of atoms), and whether they stand beside it."""

    clock: int
    dates: tuple[int, ...] = ()
    beside: bool = False
    forward: bool = False


class _Composer:
    """Joins the atoms of one text to spans."""

    def __init__(self, grammar: Grammar, context: TimeContext) -> None:
        self.grammar = grammar
        self.context = context
        self.now = context.now
        self.today = self.now.date()
        cut = self._quoted_from()
        self.atoms = self._ends_joined([self._same_time_as_clock(a) for a in grammar.atoms() if a.first < cut])
        self.meanings: dict[int, Meaning] = {}
        self.written: dict[int, WrittenDate] = {}
        self.order = self._date_order()

    def _quoted_from(self) -> int:
        """The token from which an older mail is quoted ("... wrote:")."""
        for index in range(self.grammar.count):
            if "quote" in self.grammar.entry(index):
                while index > 0 and self.grammar.gap(index) not in ("\n", "¶"):
                    index -= 1
                return index
        return self.grammar.count

    def _ends_joined(self, atoms: list[Atom]) -> list[Atom]:
        """A clock labelled as an end ("Start: ... End: ...") becomes the end of the clock before it."""
        joined: list[Atom] = []
        for atom in atoms:
            lead = joined[-1] if joined and joined[-1].kind == "date" else atom
            if atom.kind == "clock" and atom.start is not None and self._labelled_end(lead.first):
                start = next((at for at in range(len(joined) - 1, -1, -1) if joined[at].kind == "clock"), None)
                if start is not None and joined[start].end is None and len(joined) - start <= 2:
                    zone = joined[start].zone or atom.zone
                    joined[start] = replace(joined[start], end=atom.start, last=atom.last, zone=zone)
                    del joined[start + 1 :]
                    continue
            joined.append(atom)
        return joined

    def _labelled_end(self, first: int) -> bool:
        at = first - 1 if self.grammar.low(first - 1) in (":", "\t", "|") else first
        return self.grammar.led_by(at, "ending") and (at < first or self.grammar.gap(first) == "\t")

    def _same_time_as_clock(self, atom: Atom) -> Atom:
        return replace(atom, kind="clock") if atom.kind == "same_time" else atom

    # --- dates ----------------------------------------------------------------------------------------------------

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
                week, week_at = self._weeks(atom), index
                continue
            if atom.kind == "next_day" and last is not None:
                last += timedelta(days=1)
                self.meanings[index] = Meaning((last,))
                continue
            if atom.kind != "date" or atom.date is None:
                continue
            written = self._ordered(atom.date)
            if self.grammar.entry(atom.first).keys() & {"weeks", "isoweek"}:
                week, week_at = self._weeks_of(written), index
            if written.bare_weekday:
                named = self._named_week(index, week, week_at)
                if named == "same" and last is not None and written.weekday is not None:
                    self.meanings[index] = Meaning((last + timedelta(days=written.weekday - last.weekday()),))
                    self.written[index] = replace(written, weeks=0)
                    continue
                if isinstance(named, int):
                    written = replace(written, weeks=named)
            found = meaning(written, self.today)
            if found is not None:
                self.written[index] = written
                self.meanings[index] = found
                last = found.days[0]

    def _ordered(self, written: WrittenDate) -> WrittenDate:
        if not written.swappable:
            return written
        order = self.order
        if order == "MDY":
            written = replace(written, day=written.month, month=written.day)
        return replace(written, swappable=order is None)

    def _weeks(self, atom: Atom) -> int | str:
        """A week as a number of weeks from this one; "same" for that of the date before."""
        return atom.weeks if atom.isoweek is None else self._weeks_of(WrittenDate(isoweek=atom.isoweek))

    def _weeks_of(self, written: WrittenDate) -> int:
        if written.isoweek is None:
            return written.weeks or 0
        found = meaning(WrittenDate(weekday=0, isoweek=written.isoweek), self.today)
        monday = self.today - timedelta(days=self.today.weekday())
        return (found.days[0] - monday).days // 7 if found else 0

    def _named_week(self, index: int, week: int | str | None, week_at: int) -> int | str | None:
        """The week of a bare weekday: named right behind it (or its list), or before it in the sentence."""
        at = index
        while at + 1 < min(len(self.atoms), index + _MEMBERS):
            gap = self._gap(self.atoms[at], self.atoms[at + 1])
            if not gap.together:
                break
            at += 1
            atom = self.atoms[at]
            if atom.kind == "week":
                return self._weeks(atom)
            if atom.kind == "date" and atom.date is not None:
                if atom.date.weeks is not None:
                    return atom.date.weeks
                if not atom.date.bare_weekday:
                    break
            elif atom.kind != "clock":
                break
        if week is not None and week_at >= 0:
            between = self._gap(self.atoms[week_at], self.atoms[index])
            if not between.sentence and not between.paragraph:
                return week
        return None

    # --- gaps -----------------------------------------------------------------------------------------------------

    def _gap(self, left: Atom, right: Atom) -> _Gap:
        grammar = self.grammar
        found = _Gap()
        index = left.last
        if right.first - index > 60:
            return _Gap(tight=False, words=right.first - index, sentence=True)
        while index < right.first:
            self._note_space(found, index)
            token = grammar.tokens[index]
            entry = grammar.entry(index)
            if token.kind == "mark" and "or" not in entry:
                self._note_mark(found, index)
            elif entry:
                found.option |= "or" in entry
                found.to |= "to" in entry
                found.preposition |= "date_lead" in entry or "on" in entry
                found.label |= "label" in entry
                if not entry.keys() & _GLUE:
                    found.tight = False
                    found.words += 1
            elif (
                token.kind == "number" and grammar.glued(index + 1) in (")", ".") and grammar.gap(index) in ("\n", "¶")
            ):
                pass  # numbering of a list
            else:
                found.tight = False
                found.words += 1
            index += grammar.length(index)
        if right.first < grammar.count:
            self._note_space(found, right.first)
        return found

    def _note_space(self, found: _Gap, index: int) -> None:
        space = self.grammar.gap(index)
        found.newline |= space in ("\n", "¶")
        found.paragraph |= space == "¶"

    def _note_mark(self, found: _Gap, index: int) -> None:
        mark = self.grammar.tokens[index].text
        if mark in _SENTENCE:
            if self.grammar.gap(index + 1) != "" and (mark != "." or len(self.grammar.low(index - 1)) > 2):
                found.sentence = True
        elif mark in _SOFT:
            found.option |= mark in _OPTION
            found.comma |= mark == ","
            found.to |= mark == "-"
        else:
            found.tight = False

    # --- which clock belongs to which date ------------------------------------------------------------------------

    def _bind(self) -> list[_Bound]:
        self.sequence = [
            index for index, atom in enumerate(self.atoms) if atom.kind in ("clock", "habit") or index in self.meanings
        ]
        bound = {index: _Bound(index) for index in self.sequence if self.atoms[index].kind == "clock"}
        self.groups = self._groups()
        for place, index in enumerate(self.sequence):
            if index in bound:
                self._bind_beside(place, bound)
        self._bind_lists(bound)
        self._bind_rest(bound)
        return list(bound.values())

    def _groups(self) -> dict[int, tuple[int, ...]]:
        """Dates that share a clock: "Mon/Tue", "Thursday or Friday"."""
        groups: dict[int, tuple[int, ...]] = {}
        current: list[int] = []
        self.ranges: dict[int, int] = {}
        for place, index in enumerate(self.sequence):
            if index not in self.meanings:
                current = []
                continue
            before = self.sequence[place - 1] if place else -1
            if current and before == current[-1]:
                gap = self._gap(self.atoms[before], self.atoms[index])
                between = self._led_between(before)
                if gap.together and ((gap.to and not gap.option) or (between and gap.option and not gap.comma)):
                    self.ranges[before] = index
                joined = gap.together and (gap.option or gap.comma) and not gap.newline and len(current) < _MEMBERS
                current = [*current, index] if joined else [index]
            else:
                current = [index]
            for member in current:
                groups[member] = tuple(current)
        return groups

    def _led_between(self, index: int) -> bool:
        """True for the first date of "between the 7th and 11th of December"."""
        first = self.atoms[index].first
        return any("between" in self.grammar.entry(first - back) for back in (1, 2) if first >= back)

    def _bind_beside(self, place: int, bound: dict[int, _Bound]) -> None:
        index = self.sequence[place]
        before = self.sequence[place - 1] if place else None
        after = self.sequence[place + 1] if place + 1 < len(self.sequence) else None
        back = (
            self._gap(self.atoms[before], self.atoms[index]) if before in self.meanings and before is not None else None
        )
        ahead = (
            self._gap(self.atoms[index], self.atoms[after]) if after in self.meanings and after is not None else None
        )
        backward = back is not None and back.together
        forward = (
            ahead is not None
            and ahead.together
            and (not ahead.newline or ahead.label or ahead.preposition or len(self.sequence) == 2)
            and not (ahead.option and not ahead.preposition)
            and not ahead.to
            and not self._has_clock(place + 1, lenient=ahead.preposition and not ahead.comma)
        )
        if backward and forward and back is not None and back.option and ahead is not None and not ahead.comma:
            backward = False
        column = self._column(index) if back is not None and back.newline else None
        if column is not None:
            bound[index] = _Bound(index, (column,))
        elif backward and before is not None:
            bound[index] = _Bound(index, self.groups[before], beside=True)
        elif forward and after is not None:
            bound[index] = _Bound(index, self.groups[after], beside=True, forward=True)

    def _has_clock(self, place: int, *, lenient: bool) -> bool:
        """True when the date at that place is followed by a clock of its own."""
        if lenient or place + 1 >= len(self.sequence):
            return False
        follower = self.sequence[place + 1]
        if self.atoms[follower].kind != "clock":
            return False
        gap = self._gap(self.atoms[self.sequence[place]], self.atoms[follower])
        return gap.together and not gap.option and not gap.newline

    def _bind_lists(self, bound: dict[int, _Bound]) -> None:
        """Clocks listed before one that has its date ahead: "10, 11 or 14:00 on Tuesday"."""
        for place in range(len(self.sequence) - 2, -1, -1):
            index, after = self.sequence[place], self.sequence[place + 1]
            if index in bound and after in bound and not bound[index].dates and bound[after].forward:
                gap = self._gap(self.atoms[index], self.atoms[after])
                if gap.together and not gap.newline:
                    bound[index] = _Bound(index, bound[after].dates, beside=True, forward=True)

    def _bind_rest(self, bound: dict[int, _Bound]) -> None:
        """Clocks without a date beside them: the column's date, the list's, or the last one named."""
        last: tuple[int, ...] = ()
        habit = False
        for place, index in enumerate(self.sequence):
            atom = self.atoms[index]
            if atom.kind == "habit":
                habit = True
            elif index in self.meanings:
                last, habit = self.groups[index], False
                if len(last) > 1 and not self._shares(place):
                    last = (index,)
            elif bound[index].dates:
                last = bound[index].dates
            elif not habit:
                column = self._column(index)
                if column is not None:
                    bound[index] = _Bound(index, (column,))
                elif last and self._within_reach(last[-1], index, place):
                    bound[index] = _Bound(index, last)

    def _shares(self, place: int) -> bool:
        return True

    def _within_reach(self, source: int, index: int, place: int) -> bool:
        grammar = self.grammar
        start = grammar.tokens[self.atoms[source].last - 1].end
        here = grammar.tokens[self.atoms[index].first].start
        if here - start > _REACH or (self.atoms[index].weak and not self._joined_to_previous(index, place)):
            return False
        return self._role(source, source) is not Role.DEADLINE

    def _joined_to_previous(self, index: int, place: int) -> bool:
        if not place:
            return False
        gap = self._gap(self.atoms[self.sequence[place - 1]], self.atoms[index])
        return gap.together or (not gap.paragraph and not gap.sentence)

    def _column(self, index: int) -> int | None:
        """The date that heads the table column of a clock: in the same cell of a line above with at least two."""
        atom = self.atoms[index]
        cell = self._cell(atom)
        if cell is None:
            return None
        line, column = cell
        heads: dict[int, dict[int, int]] = {}
        for other in self.meanings:
            if other < index and (place := self._cell(self.atoms[other])) is not None:
                heads.setdefault(place[0], {})[place[1]] = other
        if line in heads:
            return None
        above = [row for row in heads if row < line and len(heads[row]) > 1]
        return heads[max(above)].get(column) if above else None

    def _cell(self, atom: Atom) -> tuple[int, int] | None:
        """(line, column) of an atom, where its line has cells (tabs)."""
        text = self.grammar.text
        at = self.grammar.tokens[atom.first].start
        begin = text.rfind("\n", 0, at) + 1
        finish = text.find("\n", at)
        row = text[begin : finish if finish >= 0 else len(text)]
        if "\t" not in row:
            return None
        return begin, text.count("\t", begin, at)

    # --- roles ----------------------------------------------------------------------------------------------------

    def _role(self, first: int, last: int) -> Role:
        """What the words around a time make of it: those right before and behind it, and cues in its sentence."""
        grammar = self.grammar
        begin, end = self.atoms[first].first, self.atoms[last].last
        if self._deadline(begin, end):
            return Role.DEADLINE
        index = begin - 1
        steps = 0
        nearest = self._previous_end(first)
        role = Role.PROPOSAL
        while index >= 0 and steps < 40:
            entry = grammar.entry(index)
            if self._breaks(index + 1):
                break
            if "habit" in entry:
                return Role.HABIT
            if index >= nearest and steps < 12:
                if "former" in entry:
                    role = Role.FORMER
                elif "arrival" in entry and steps < 5:
                    role = Role.ARRIVAL
            index -= 1
            steps += 1
        if "former_after" in grammar.entry(end):
            return Role.FORMER
        for index in range(end, min(end + 12, grammar.count)):
            if self._breaks(index):
                break
            if "habit" in grammar.entry(index):
                return Role.HABIT
        return role

    def _previous_end(self, index: int) -> int:
        """Where the date or clock before that atom ends."""
        return next(
            (self.atoms[at].last for at in range(index - 1, -1, -1) if self.atoms[at].kind in ("date", "clock")), 0
        )

    def _breaks(self, index: int) -> bool:
        """True when a sentence or paragraph begins at that token."""
        grammar = self.grammar
        if grammar.gap(index) == "¶":
            return True
        before = grammar.low(index - 1)
        return before in _SENTENCE and before != "" and grammar.gap(index) != "" and len(grammar.low(index - 2)) > 2

    def _deadline(self, begin: int, end: int) -> bool:
        grammar = self.grammar
        if "deadline_after" in grammar.entry(end) or (
            grammar.low(end) == "," and "deadline_after" in grammar.entry(end + 1)
        ):
            return True
        at = begin
        for _ in range(5):
            if grammar.led_by(at, "between"):
                return False
            if grammar.led_by(at, "deadline"):
                return True
            before = at - 1
            if before < 0 or self._breaks(at):
                return False
            entry = grammar.entry(before)
            if not (
                grammar.low(before) in (":", ",", "(") or entry.keys() & {"on", "at", "date_glue", "modifier", "label"}
            ):
                return False
            at = before
        return False

    # --- zones ----------------------------------------------------------------------------------------------------

    def _zones(self) -> dict[int, Zone]:
        """The zone of each clock: its own; else the only one of the text; else the next in its sentence."""
        own = {index: atom.zone for index, atom in enumerate(self.atoms) if atom.zone is not None}
        distinct = {zone.names for zone in own.values()}
        result: dict[int, Zone] = {}
        following: tuple[int, Zone] | None = None
        for index in range(len(self.atoms) - 1, -1, -1):
            atom = self.atoms[index]
            if index in own:
                following = (index, own[index])
            if atom.kind != "clock":
                continue
            if index in own:
                result[index] = own[index]
            elif len(distinct) == 1:
                result[index] = next(iter(own.values()))
            elif following is not None:
                gap = self._gap(atom, self.atoms[following[0]])
                if not gap.sentence and not gap.paragraph:
                    result[index] = following[1]
        return {index: zone.for_region(self.context.region) for index, zone in result.items()}

    # --- spans ----------------------------------------------------------------------------------------------------

    def spans(self) -> Iterator[TimeSpan]:
        """All spans of the text."""
        self._resolve_dates()
        bound = self._bind()
        self._copy_same_times(bound)
        self.zones = self._zones()
        used: set[int] = set()
        merged: set[int] = set()
        for position, item in enumerate(bound):
            atom = self.atoms[item.clock]
            if item.clock in merged or atom.start is None:
                continue
            twin: int | None = None
            before = item
            for following in bound[position + 1 : position + 4]:
                again = self._twin(item, before, following)
                if again is None:
                    break
                twin = again if twin is None else twin
                before = following
                merged.add(again)
            used.update(item.dates)
            used.update(later for day in item.dates if (later := self.ranges.get(day)) is not None)
            yield from self._clock_spans(item, twin)
        for index in self.sequence:
            if index in self.meanings and index not in used and index not in self.ranges.values():
                span = self._date_span(index)
                if span is not None:
                    yield span

    def _copy_same_times(self, bound: Sequence[_Bound]) -> None:
        last: Atom | None = None
        for item in bound:
            atom = self.atoms[item.clock]
            if atom.start is None and last is not None:
                self.atoms[item.clock] = replace(
                    atom, start=last.start, end=last.end, part=last.part, open_end=last.open_end, zone=last.zone
                )
            elif atom.start is not None:
                last = atom

    def _twin(self, item: _Bound, before: _Bound, following: _Bound) -> int | None:
        """The next clock, when it is the same time in another zone: "3pm CET / 9am ET"."""
        if following.clock != before.clock + 1:
            return None
        here, there = self.atoms[item.clock], self.atoms[following.clock]
        if here.zone is None or there.zone is None or here.zone.names == there.zone.names or there.start is None:
            return None
        gap = self._gap(self.atoms[before.clock], there)
        if not gap.together or there.first - self.atoms[before.clock].last > 3:
            return None
        return following.clock

    def _clock_spans(self, item: _Bound, twin: int | None) -> Iterator[TimeSpan]:
        atom = self.atoms[item.clock]
        if not item.dates:
            if not atom.weak or self._alone(atom):
                span = self._time_span(item.clock)
                if span is not None:
                    yield span
            return
        for day in item.dates:
            span = self._datetime_span(item, day, twin)
            if span is not None:
                yield span

    def _alone(self, atom: Atom) -> bool:
        """True when nothing but a mark or a known word follows a bare number."""
        grammar = self.grammar
        return (
            atom.last >= grammar.count
            or grammar.tokens[atom.last].kind == "mark"
            or bool(grammar.entry(atom.last))
            or grammar.gap(atom.last) in ("\n", "¶")
        )

    def _readings(self, index: int, day: int | None) -> tuple[tuple[clocks.ClockReading, ...], Doubt | None]:
        atom = self.atoms[index]
        assert atom.start is not None
        part = atom.part or (self.atoms[day].part if day is not None else None) or self._part_between(index, day)
        return clocks.readings(atom.start, atom.end, part)

    def _part_between(self, index: int, day: int | None) -> str | None:
        if day is None or day != index - 1:
            return None
        for at in range(self.atoms[day].last, self.atoms[index].first):
            part = self.grammar.entry(at).get("part")
            if part is not None:
                return str(part)
        return None

    def _time_span(self, index: int) -> TimeSpan | None:
        readings, doubt = self._readings(index, None)
        pairs: list[tuple[Moment, Moment | None]] = [
            (clocks.to_time(r.start), None if r.end is None else clocks.to_time(r.end)) for r in readings
        ]
        role = self._role(index, index)
        atom = self.atoms[index]
        if self._before_habit(index):
            role = Role.HABIT
        zone = self.zones.get(index)
        begin, end = self._offsets(atom)
        return TimeSpan(
            start=pairs[0][0], end=pairs[0][1], kind="time", text="", from_=begin, to=end,
            zone=zone.name if zone else None, sure=doubt is None, alternatives=tuple(pairs) if doubt else (),
            doubt=doubt, role=role, open_end=atom.open_end, between=self._is_between(atom),
            clock_from=begin, clock_to=end,
        )  # fmt: skip

    def _before_habit(self, index: int) -> bool:
        before = next((at for at in range(index - 1, -1, -1) if self.atoms[at].kind in ("habit", "date")), None)
        return before is not None and self.atoms[before].kind == "habit"

    def _is_between(self, atom: Atom) -> bool:
        return atom.end is not None and self.grammar.led_by(atom.first, "between")

    def _offsets(self, *atoms: Atom) -> tuple[int, int]:
        found = self.grammar.tokens
        return min(found[a.first].start for a in atoms), max(found[a.last - 1].end for a in atoms)

    def _date_span(self, index: int) -> TimeSpan | None:
        found = self.meanings[index]
        last = self.ranges.get(index)
        role = self._role(index, index)
        finish = self.meanings[last].days[0] if last is not None else None
        if last is not None and self.written.get(index, WrittenDate()).bare_weekday:
            role = Role.HABIT
        days = found.days
        if days[0] < self.today and role is Role.PROPOSAL:
            if all(day < self.today for day in days):
                role = Role.PAST
            else:
                days = days[::-1]
        begin, end = self._offsets(self.atoms[index], *((self.atoms[last],) if last is not None else ()))
        if finish is not None and finish <= days[0]:
            return None
        return TimeSpan(
            start=days[0], end=finish, kind="date", text="", from_=begin, to=end, sure=found.doubt is None,
            alternatives=tuple((day, finish) for day in days) if found.doubt else (), doubt=found.doubt, role=role,
            date_from=begin, date_to=end,
        )  # fmt: skip

    def _datetime_span(self, item: _Bound, day: int, twin: int | None) -> TimeSpan | None:
        atom = self.atoms[item.clock]
        days, day_doubt = self._days(item.clock, day)
        readings, hour_doubt = self._readings(item.clock, day)
        zone = self.zones.get(item.clock)
        pairs, zone_doubt = self._moments(days, readings, zone)
        length = self._length_behind(item.clock)
        if length and atom.end is None:
            pairs = [(start, self._later(start, length)) for start, _ in pairs]
        doubt: Doubt | None = day_doubt or hour_doubt or zone_doubt
        if twin is not None and not self._same_instant(item, twin, day):
            doubt = doubt or "zone"
            pairs += self._moments(days, self._readings(twin, day)[0], self.zones.get(twin))[0]
        role = self._span_role(item, day, [start for start, _ in pairs])
        if role is Role.PROPOSAL and len(days) > 1 and not self._ahead(pairs[0][0]):
            pairs.sort(key=lambda pair: not self._ahead(pair[0]))
        whole = (
            [self.atoms[day], atom] if item.beside and len(item.dates) == 1 and abs(day - item.clock) <= 3 else [atom]
        )
        begin, end = self._offsets(*whole, *((self.atoms[twin],) if twin is not None else ()))
        date_from, date_to = self._offsets(self.atoms[day])
        clock_from, clock_to = self._offsets(atom)
        return TimeSpan(
            start=pairs[0][0], end=pairs[0][1], kind="datetime", text="", from_=begin, to=end,
            zone=zone.name if zone else None, sure=doubt is None,
            alternatives=tuple(dict.fromkeys(pairs)) if doubt else (),
            doubt=doubt, role=role, open_end=atom.open_end and pairs[0][1] is None, between=self._is_between(atom),
            date_from=date_from, date_to=date_to, clock_from=clock_from, clock_to=clock_to,
        )  # fmt: skip

    def _days(self, index: int, day: int) -> tuple[tuple[date, ...], Doubt | None]:
        """The days of a date; a bare weekday that is today means next week once its clock has passed."""
        found = self.meanings[day]
        written = self.written.get(day)
        if written is not None and written.bare_weekday and found.days == (self.today,):
            readings, _ = self._readings(index, day)
            zone = self.zones.get(index)
            pairs, _ = self._moments(found.days, readings, zone)
            if not self._ahead(pairs[0][0]):
                return (self.today + timedelta(weeks=1),), None
        return found.days, found.doubt

    def _moments(
        self, days: tuple[date, ...], readings: tuple[clocks.ClockReading, ...], zone: Zone | None
    ) -> tuple[list[tuple[Moment, Moment | None]], Doubt | None]:
        pairs: list[tuple[Moment, Moment | None]] = []
        doubt: Doubt | None = None
        for day in days:
            for reading in readings:
                start = datetime.combine(day, time()) + timedelta(minutes=reading.start)
                end = None if reading.end is None else datetime.combine(day, time()) + timedelta(minutes=reading.end)
                if zone is None:
                    pairs.append((start, end))
                    continue
                means = list(zone_table.readings(zone, start, self.context.reference.utcoffset()))
                if len({start.replace(tzinfo=tz).utcoffset() for tz in means}) > 1:
                    doubt = "zone"
                pairs += [(start.replace(tzinfo=tz), end and end.replace(tzinfo=tz)) for tz in means] or [(start, end)]
        return pairs, doubt

    def _later(self, start: Moment, minutes: int) -> Moment:
        assert isinstance(start, datetime)
        return start + timedelta(minutes=minutes)

    def _ahead(self, start: Moment) -> bool:
        assert isinstance(start, datetime)
        return start >= (self.context.reference if start.tzinfo else self.now)

    def _length_behind(self, index: int) -> int:
        """Minutes of "for 45 minutes" right behind a clock."""
        if index + 1 >= len(self.atoms) or self.atoms[index + 1].kind != "length":
            return 0
        length = self.atoms[index + 1]
        led = self.grammar.led_by(length.first, "for")
        gap = self._gap(self.atoms[index], length)
        return length.minutes if led and not gap.sentence and gap.words <= 3 else 0

    def _same_instant(self, item: _Bound, twin: int, day: int) -> bool:
        here = self._moments(
            self.meanings[day].days[:1], self._readings(item.clock, day)[0], self.zones.get(item.clock)
        )[0]
        there = self._moments(self.meanings[day].days[:1], self._readings(twin, day)[0], self.zones.get(twin))[0]
        starts = [(a[0], b[0]) for a in here for b in there]
        return any(
            isinstance(a, datetime) and isinstance(b, datetime) and (a - b).total_seconds() % 86400 == 0
            for a, b in starts
        )

    def _span_role(self, item: _Bound, day: int, starts: Sequence[Moment]) -> Role:
        if day in self.ranges:
            return Role.HABIT
        atom = self.atoms[item.clock]
        if day < item.clock and atom.end is None and self.grammar.led_by(atom.first, "deadline"):
            return Role.DEADLINE  # "Friday before noon" has no start
        role = Role.PROPOSAL
        if item.beside:
            first, last = sorted((day, item.clock))
            role = self._role(first, last)
            if role is Role.PROPOSAL and self.atoms[item.clock].kind == "clock" and item.forward:
                role = self._role(item.clock, last)
        else:
            role = self._role(item.clock, item.clock)
            if role is Role.PROPOSAL and self._role(day, day) in (Role.HABIT, Role.FORMER):
                role = self._role(day, day)
        if role is Role.PROPOSAL and not any(self._ahead(start) for start in starts):
            return Role.PAST
        return role
