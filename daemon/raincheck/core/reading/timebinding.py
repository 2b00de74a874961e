"""Which clock belongs to which date, and which zone holds for it: beside, in a list, in a table, said once before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from raincheck.core.reading.atom import Atom
from raincheck.core.reading.clock import Clock
from raincheck.core.reading.dates import WrittenDate
from raincheck.core.reading.timedates import MEMBERS
from raincheck.core.reading.timegaps import SENTENCE
from raincheck.core.reading.timenamings import NamedAtoms, in_two_zones
from raincheck.core.reading.timespan import Role
from raincheck.core.reading.timetables import offered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.core.reading.zones import Zone

_SHARED = 120  # words between several dates and the clock that holds for all
_MOVES = 4  # words from a word for moving to the talk that is moved: "push your second interview from"
_BACK = 3  # and from there to "from": "move your interview back from"
_FROM = 14  # from a word for moving to "from": "move your interview for the post of ... from"
_REFERRED = 30  # tokens from hours to the days of which the next sentence says that they have them
_AGAIN = 2  # words between two ranges of hours of the same days
_HOST = 5  # words between a clock and its date behind them: "10:30 with Ali on Monday"
_CLAUSE = 8  # words between a date and the clock of its clause
_BRACKET = 8  # words between a date and the clock in brackets behind it
_LETTERED = 3  # words between a clock and the letters of its zone
_INSTEAD = 3  # tokens between a date and "at the same time", one of which is "instead"
_NUMBERED = 2  # words and figures before the clock of a line: "Option 2:"
_EACH = 4  # words between two dates, or two clocks, of which each is that of the other "respectively"
_DENIAL = 4  # tokens back to the first word of "but not on the"
_REACH = 700  # characters over which a clock without a date belongs to the last date named


@dataclass(slots=True)
class Bound:
    """A clock with the dates it belongs to (indexes of atoms), and whether they stand beside it; gone: on none of the
    days of its table is it on offer."""

    clock: int
    dates: tuple[int, ...] = ()
    beside: bool = False
    forward: bool = False
    gone: bool = False


class BoundAtoms(NamedAtoms):
    """The atoms with every clock bound to its dates."""

    def _bind(self) -> list[Bound]:
        again = self._said_elsewhere()
        self.sequence = [
            index
            for index, atom in enumerate(self.atoms)
            if (atom.kind in ("clock", "habit") and index not in again)
            or (index in self.meanings and not self._is_contrast(index))
        ]
        bound = {index: Bound(index) for index in self.sequence if self.atoms[index].kind == "clock"}
        self.groups = self._groups()
        paired = self._paired() | self._respective()
        for place, index in enumerate(self.sequence):
            if index in paired:
                bound[index] = Bound(index, (paired[index],), beside=True, forward=True)
            elif index in bound:
                self._bind_beside(place, bound)
        self._bind_lists(bound)
        self._bind_rest(bound)
        for index in bound:
            if (day := self._ending_row(index)) is not None:
                bound[index] = Bound(index, (day,))
            if (days := self._below(index)) is not None:
                bound[index] = Bound(index, days, gone=not days)
        bound |= {index: replace(bound[first], clock=index, beside=False) for index, first in again.items()}
        return [bound[index] for index in sorted(bound)]

    def _paired(self) -> dict[int, int]:
        """The dates of clocks that stand before them, all in one way: "10:00 - Thu 3 Dec, 14:30 - Tue 8 Dec".

        Such a row begins with a clock and ends with a date, so none is left over.
        """
        paired: dict[int, int] = {}
        place = 0
        while place + 1 < len(self.sequence):
            run = self._run_of_pairs(place)
            if len(run) > 1:
                paired |= run
            place += 2 * len(run) or 1
        return paired

    def _respective(self) -> dict[int, int]:
        """The dates of clocks in "Tue 10 and Wed 11 March, 10:00 and 14:00 respectively", "das erste am 10. März, das
        zweite am 12. März, um 10 bzw. 14 Uhr": each has its own."""
        grammar = self.grammar
        marks = grammar.places.get("respectively", ())
        paired: dict[int, int] = {}
        for place in range(len(self.sequence)) if marks else ():
            days = self._alike(place, clock=False)
            clocks = self._alike(place + len(days), clock=True)
            if len(days) < 2 or len(days) != len(clocks) or (place and self.sequence[place - 1] in self.meanings):
                continue
            first, then = self.atoms[days[0]].last, self.atoms[clocks[0]].first
            last = self.atoms[clocks[-1]].last
            ahead, within = (any(at in range(*part) for at in marks) for part in ((first, then), (then, last)))
            apart = not all(self._gap(self.atoms[day], self.atoms[other]).together for day, other in pairwise(days))
            if (within and (ahead or apart)) or "respectively" in grammar.entry(last + (grammar.low(last) == ",")):
                paired |= dict(zip(clocks, days, strict=True))
        return paired

    def _alike(self, place: int, *, clock: bool) -> list[int]:
        """The clocks, or the dates, that stand one after the other from a place on, a few at most, with few words
        between."""
        found: list[int] = []
        for index in self.sequence[place : place + MEMBERS]:
            if (self.atoms[index].kind == "clock") is not clock:
                break
            gap = self._gap(self.atoms[found[-1]], self.atoms[index]) if found else None
            if gap is not None and (gap.sentence or gap.paragraph or gap.words > _EACH):
                break
            found.append(index)
        return found

    def _run_of_pairs(self, place: int) -> dict[int, int]:
        """The clocks and dates from a place on that make pairs; none where a date before the first may be its own."""
        sequence = self.sequence
        if place and sequence[place - 1] in self.meanings:
            gap = self._gap(self.atoms[sequence[place - 1]], self.atoms[sequence[place]])
            if gap.together and not gap.newline:
                return {}
        run: dict[int, int] = {}
        between: set[tuple[str, ...]] = set()
        for at in range(place, len(sequence) - 1, 2):
            clock, day = sequence[at], sequence[at + 1]
            if self.atoms[clock].kind != "clock" or day not in self.meanings:
                break
            gap = self._gap(self.atoms[clock], self.atoms[day])
            if not gap.together or gap.newline or gap.option:
                break
            joint = self._gap(self.atoms[sequence[at - 1]], self.atoms[clock]) if run else None
            if joint and not (joint.together or (joint.newline and joint.words <= _NUMBERED)):
                break
            signs = range(self.atoms[clock].told, self.atoms[day].first)
            between.add(tuple(self.grammar.low(sign) for sign in signs))
            if len(between) > 1:
                break
            run[clock] = day
        left = sequence[place + 2 * len(run)] if place + 2 * len(run) < len(sequence) else None
        if run and left is not None and self.atoms[left].kind == "clock":
            gap = self._gap(self.atoms[sequence[place + 2 * len(run) - 1]], self.atoms[left])
            return {} if gap.together and not gap.newline else run
        return run

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
                if (
                    gap.together
                    and not (self._moved(before) or self._names_again(before, index))
                    and not (gap.comma and self.grammar.led_by(self.atoms[before].first, "deadline"))
                    and ((gap.to and not gap.option and not gap.newline) or (between and gap.option and not gap.comma))
                ):
                    self.ranges[before] = index
                part = self.atoms[before].part
                joined = (
                    part in (None, self.atoms[index].part)
                    and gap.together
                    and (gap.option or gap.comma)
                    and not (gap.newline or gap.bracket or (gap.semicolon and gap.preposition))
                    and len(current) < MEMBERS
                    and not self._mirrored(place, current)
                )
                current = [*current, index] if joined else [index]
            else:
                current = [index]
            for member in current:
                groups[member] = tuple(current)
        return groups

    def _names_again(self, weekday: int, day: int) -> bool:
        """True for "Thursday - 26 February" of a Thursday: one day, no range."""
        written, again = self.written.get(weekday), self.written.get(day)
        if written is None or again is None or not written.bare_weekday or again.day is None:
            return False
        return again.weekday is None and self.meanings[day].days[0].weekday() == written.weekday

    def _mirrored(self, place: int, current: list[int]) -> bool:
        """True for "between 9 and 12 on Wednesday, or Thursday after 3pm": each date has a clock of its own."""
        first = self.sequence.index(current[0])
        before = self.sequence[first - 1] if first else None
        after = self.sequence[place + 1] if place + 1 < len(self.sequence) else None
        if before is None or after is None or {self.atoms[before].kind, self.atoms[after].kind} != {"clock"}:
            return False
        ahead = self._gap(self.atoms[before], self.atoms[current[0]])
        behind = self._gap(self.atoms[self.sequence[place]], self.atoms[after])
        if not (ahead.together and behind.together) or behind.option:
            return False
        return ahead.preposition and not (ahead.option or ahead.comma)

    def _moved(self, index: int) -> bool:
        """True for the first date of "push your interview from Wednesday 24th to the Friday": no range."""
        grammar, first = self.grammar, self.atoms[index].first
        if not grammar.led_by(first, "from"):
            return False
        behind = first - 1  # at "from"
        talk = behind
        for at in range(behind - 1, behind - _FROM - 1, -1):
            if at < 0 or grammar.tokens[at].kind != "word":
                return False
            if "moves" in grammar.entry(at):
                return at == behind - 1 or (talk < behind and talk - at <= _MOVES)
            close = behind - at <= _BACK or "moved_for" in grammar.entry(at + 1)
            if "moved_talk" in grammar.entry(at) and close:
                talk = min(talk, at)
        return False

    def _led_between(self, index: int) -> bool:
        """True for the first date of "between the 7th and 11th of December"."""
        first = self.atoms[index].first
        return any("between" in self.grammar.entry(first - back) for back in (1, 2) if first >= back)

    def _bind_beside(self, place: int, bound: dict[int, Bound]) -> None:
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
            and not ahead.semicolon
            and self.grammar.low(self.atoms[index].last) not in (")", ".")  # "between 13 and 16. Monday is full"
            and not self._has_clock(place + 1, lenient=ahead.preposition and not (ahead.comma or ahead.option))
            and not (ahead.comma and self._told_before(place))
            and not (after is not None and self._left_out(after))
        )
        forward = forward or (after is not None and self._alone_before(place, index, after))
        if backward and forward and back is not None and back.option and ahead is not None and not ahead.comma:
            backward = False
        if backward and back is not None and (back.option or back.comma) and self._leads_on(place, bound):
            backward = False
        if backward and forward and back is not None and back.newline and ahead is not None and not ahead.newline:
            backward = not self._taken(place, bound)
        if backward and back is not None and (back.option or back.comma) and self._told_ahead(place):
            bound[index] = Bound(index, self.groups[self.sequence[place + 1]], beside=True, forward=True)
            return
        if before is not None and before in self.meanings and self._bracketed(before, index):
            backward, forward = True, False
        column = self._column(index) if back is not None and back.newline else None
        if back is not None and back.newline and self._heads_row(index):
            bound[index] = self._in_row(index)
        elif column is not None:
            bound[index] = Bound(index, (column,))
        elif backward and before is not None:
            bound[index] = Bound(index, self.groups[before], beside=True)
        elif forward and after is not None:
            bound[index] = Bound(index, self.groups[after], beside=True, forward=True)

    def _taken(self, place: int, bound: dict[int, Bound]) -> bool:
        """True where the day before a clock is the one before it took: in lines of "10:00 on Friday 13 March"."""
        led = bound.get(self.sequence[place - 2]) if place > 1 else None
        return led is not None and led.forward and self.sequence[place - 1] in led.dates

    def _leads_on(self, place: int, bound: dict[int, Bound]) -> bool:
        """True for the 10 of "9 or 11 on March 10th, and 10 or 3pm on March 12th": dates stand behind their hours."""
        if place < 2 or not (led := bound.get(self.sequence[place - 2])) or not led.forward:
            return False
        for left, right in pairwise(self.sequence[place : place + MEMBERS]):
            gap = self._gap(self.atoms[left], self.atoms[right])
            if not gap.together or gap.newline:
                return False
            if right in self.meanings:
                return gap.preposition and not (gap.comma or gap.option)
        return False

    def _told_before(self, place: int) -> bool:
        """True for the clocks of "on Monday I have 9 or 3pm, on Tuesday all day": their clause has its day."""
        while place and self.atoms[self.sequence[place - 1]].kind == "clock":
            gap = self._gap(self.atoms[self.sequence[place - 1]], self.atoms[self.sequence[place]])
            if not (gap.together and gap.option) or gap.newline:
                return False
            place -= 1
        if not place or self.sequence[place - 1] not in self.meanings:
            return False
        gap = self._gap(self.atoms[self.sequence[place - 1]], self.atoms[self.sequence[place]])
        return not (gap.sentence or gap.newline or gap.comma or gap.option) and gap.words <= _CLAUSE

    def _told_ahead(self, place: int) -> bool:
        """True for the second clock of "9:30 with Zoe on Friday 4 December, or 10:30 with Ali on Monday 7 December"."""
        if place < 2 or place + 1 >= len(self.sequence):
            return False
        one, two = (self.sequence[at : at + 2] for at in (place - 2, place))
        return all(self._behind_words(*pair) for pair in (one, two))

    def _alone_before(self, place: int, clock: int, day: int) -> bool:
        """True for the clock that leads a sentence whose day stands behind its verb: "Would 14:00 suit you on Friday?";
        the day of the sentence before is another."""
        before = self._gap(self.atoms[self.sequence[place - 1]], self.atoms[clock]) if place else None
        begins = before is None or before.sentence or before.paragraph
        return begins and self._behind_words(clock, day) and not self._has_clock(place + 1, lenient=False)

    def _behind_words(self, clock: int, day: int) -> bool:
        """True where a day follows a clock behind a few words, led by a preposition of its own."""
        if self.atoms[clock].kind != "clock" or day not in self.meanings:
            return False
        gap = self._gap(self.atoms[clock], self.atoms[day])
        if gap.sentence or gap.newline or gap.comma or gap.option or not 0 < gap.words <= _HOST:
            return False
        return self.grammar.led_by(self.atoms[day].first, "on")

    def _bracketed(self, day: int, index: int) -> bool:
        """True for a clock in brackets behind its date: "the morning of the 28th (say a quarter past nine) or ..."."""
        grammar = self.grammar
        begin, end = self.atoms[day].last, self.atoms[index].first
        if end - begin > _BRACKET or grammar.low(self.atoms[index].last) != ")":
            return False
        inside = [
            grammar.low(at)
            for at in range(begin, end)
            if not (grammar.low(at) == "." and grammar.tokens[at - 1].kind == "number")  # "in der 3. Stunde"
        ]
        opens = inside[:1] == ["("] or inside[-1:] == ["("]
        return opens and not any(mark in SENTENCE or mark in (")", ",", ";") for mark in inside)

    def _has_clock(self, place: int, *, lenient: bool) -> bool:
        """True when the date at that place is followed by a clock of its own."""
        if lenient or place + 1 >= len(self.sequence):
            return False
        follower = self.sequence[place + 1]
        if self.atoms[follower].kind != "clock":
            return False
        gap = self._gap(self.atoms[self.sequence[place]], self.atoms[follower])
        return gap.together and not gap.option and not gap.newline

    def _bind_lists(self, bound: dict[int, Bound]) -> None:
        """Clocks listed before one that has its date ahead: "10, 11 or 14:00 on Tuesday", "9-10 and again 3-4"."""
        for place in range(len(self.sequence) - 2, -1, -1):
            index, after = self.sequence[place], self.sequence[place + 1]
            if index in bound and after in bound and not bound[index].dates and bound[after].forward:
                gap = self._gap(self.atoms[index], self.atoms[after])
                listed = self._again(index, after) or self._is_contrast(after)
                if listed or (gap.together and (gap.option or not gap.newline)):
                    bound[index] = Bound(index, bound[after].dates, beside=True, forward=True)

    def _is_contrast(self, index: int) -> bool:
        """True for the date of "on Wednesday 24 June, not Tuesday 23 June, at 2pm", and for the clock of "at 11:30 (not
        11:00) on Monday": it only says what is wrong, and what stands behind it belongs to the one before."""
        grammar, atom = self.grammar, self.atoms[index]
        near = range(atom.first - 1, max(atom.first - _DENIAL, 0), -1)
        said = next((at for at in near if "denied" in grammar.entry(at) and at + grammar.length(at) == atom.first), 0)
        if not said or not index or self.atoms[index - 1].kind != atom.kind:
            return False
        if (
            index > 1
            and self.atoms[index - 2].kind == "date"
            and self._gap(self.atoms[index - 2], self.atoms[index - 1]).to
        ):
            return False  # "Monday to Friday (not Wednesday)"
        then = self.atoms[index + 1] if index + 1 < len(self.atoms) else None
        if atom.kind == "date" and then is not None and then.kind == "clock":
            gap = self._gap(atom, then)
            if gap.together and not gap.comma:
                return False  # "on Wednesday, not on Tuesday at 2pm"
        return said - self.atoms[index - 1].last == 1 and grammar.low(said - 1) in (",", "(", "-")

    def _again(self, left: int, right: int) -> bool:
        """True for two ranges of hours of the same days: "10 to 11.30 and again from 3 to 4.30"."""
        if self.atoms[left].end is None or self.atoms[right].end is None:
            return False
        gap = self._gap(self.atoms[left], self.atoms[right])
        return gap.option and gap.words <= _AGAIN and not (gap.sentence or gap.newline)

    def _bind_rest(self, bound: dict[int, Bound]) -> None:
        """Clocks without a date beside them: the column's date, the list's, or the last one named."""
        last: tuple[int, ...] = ()
        habit = False
        for place, index in enumerate(self.sequence):
            atom = self.atoms[index]
            if atom.kind == "habit":
                habit = True
            elif index in self.meanings:
                if not last or not self._aside(atom):
                    last, habit = self.groups[index], False
            elif bound[index].dates:
                last = bound[index].dates
            elif not habit:
                if last and self._over(last[-1]) and self._gap(self.atoms[last[-1]], atom).sentence:
                    last = self._labelled_before(index) or last  # "Ignore my mail of yesterday. You can have 11:30"
                column = self._column(index)
                if self._heads_row(index):
                    bound[index] = self._in_row(index)
                elif column is not None:
                    bound[index] = Bound(index, (column,))
                elif self._headed_elsewhere(last, index):
                    bound[index] = Bound(index, (self._labelled_day,) if self._labelled_day is not None else ())
                elif not last and (ahead := self._ahead_of_days(place)):
                    last = ahead
                    bound[index] = Bound(index, ahead, beside=True, forward=True)
                elif last and self._within_reach(last[-1], index, place) and not self._on_other_days(last[-1], index):
                    bound[index] = Bound(index, self._sharing(last, index))

    def _over(self, day: int) -> bool:
        """True for a day before the one on which the mail was written."""
        return self.meanings[day].days[0] < self.today

    def _labelled_before(self, index: int) -> tuple[int, ...]:
        """The day that a label calls the date, above a clock; none where it is over."""
        day = self._labelled_day
        return () if day is None or day > index or self._over(day) else (day,)

    def _ahead_of_days(self, place: int) -> tuple[int, ...]:
        """The days behind hours to which their sentence refers: "I sit here from 9 to 11. In that window, ring me on
        Monday or Tuesday"."""
        following = self.sequence[place + 1] if place + 1 < len(self.sequence) else None
        if following is None or following not in self.meanings or self.atoms[self.sequence[place]].end is None:
            return ()
        between = range(self.atoms[self.sequence[place]].last, self.atoms[following].first)
        referred = len(between) <= _REFERRED and any("that_span" in self.grammar.entry(at) for at in between)
        return self.groups[following] if referred else ()

    def _on_other_days(self, day: int, clock: int) -> bool:
        """True for the clock of "Wednesday is not possible; on the other days from 9:00"."""
        between = range(self.atoms[day].last, self.atoms[clock].first)
        return any("other_days" in self.grammar.entry(at) for at in between)

    @cached_property
    def _labelled_day(self) -> int | None:
        """The only date that a label of its own line calls the date: "Date: Tuesday, 5 May"."""
        found = [
            index
            for index in self.meanings
            if self.grammar.low(self.atoms[index].first - 1) == ":"
            and self.grammar.led_by(self.atoms[index].first - 1, "label")
            and index not in self.ranges
        ]
        return found[0] if len(found) == 1 else None

    def _headed_elsewhere(self, last: tuple[int, ...], index: int) -> bool:
        """True for a row of a plan whose day is told below it, under a label of its own; an aside above it is none."""
        grammar, day = self.grammar, self._labelled_day
        if day is None or day < index or grammar.tokens[self.atoms[index].first].gap not in ("\n", "¶"):
            return False
        return not last or any(
            grammar.gap(at) == "¶" for at in range(self.atoms[last[-1]].last, self.atoms[index].first + 1)
        )

    def _sharing(self, days: tuple[int, ...], index: int) -> tuple[int, ...]:
        """The dates of a clock that is said to hold for all dates of the sentence before it ("in either case at 9")."""
        grammar = self.grammar
        span = range(self.atoms[days[-1]].last, self.atoms[index].first)
        if len(span) > _SHARED or not any("shared" in grammar.entry(at) for at in span):
            return days
        if days[-1] in self.ranges.values():
            return days  # "we are away from the 10th to the 18th, then any day from Monday to Wednesday, each from 10"
        first = self.atoms[days[0]].first
        while first > 0 and not self._breaks(first):
            first -= 1
        numbered = self.written.get(days[-1], WrittenDate()).day is not None
        alike = [
            at
            for at in self.meanings
            if first <= self.atoms[at].first <= self.atoms[days[-1]].first
            and not (numbered and at not in days and self._weekday_alone(at))  # "after the talk on Tuesday: 8.12., ..."
        ]
        return tuple(alike) or days

    def _within_reach(self, source: int, index: int, place: int) -> bool:
        grammar = self.grammar
        start = grammar.tokens[self.atoms[source].last - 1].end
        here = grammar.tokens[self.atoms[index].first].start
        if here - start > _REACH or (self.atoms[index].weak and not self._joined_to_previous(index, place)):
            return False
        still = self._still(source) and not self._hours_of(source, index)
        ends = source in self.ranges.values()  # "bis Mittwoch" behind "von Montag" is no last day
        return (ends or self._role(source, source) is not Role.DEADLINE) and not still

    def _hours_of(self, day: int, clock: int) -> bool:
        """True for a range right behind its day in a question: "Geht es heute noch zwischen 16 und 18 Uhr?"."""
        gap = self._gap(self.atoms[day], self.atoms[clock])
        if self.atoms[clock].end is None or day != clock - 1 or gap.sentence or gap.words > 1:
            return False
        grammar = self.grammar
        ends = (at for at in range(self.atoms[clock].last, grammar.count) if grammar.low(at) in SENTENCE)
        return grammar.low(next(ends, grammar.count)) == "?"

    def _still(self, index: int) -> bool:
        """True for "heute noch": the day until which something is asked, whatever else is said of it."""
        atom = self.atoms[index]
        return "still" in self.grammar.entry(atom.last) or self.grammar.led_by(atom.first, "still")

    def _joined_to_previous(self, index: int, place: int) -> bool:
        if not place:
            return False
        gap = self._gap(self.atoms[self.sequence[place - 1]], self.atoms[index])
        return gap.together or (not gap.paragraph and not gap.sentence)

    def _in_row(self, index: int) -> Bound:
        """A clock that heads a row, with the days of the columns in which it is on offer."""
        line, _ = self._cell(self.atoms[index]) or (0, 0)
        heads = self._heads(index)
        states = self._states(line)
        cells = {column: states[column] if column < len(states) else "" for column in heads}
        marks = self._marks(line)
        days = tuple(heads[column] for column, state in cells.items() if state == offered(marks))
        return Bound(index, days, gone=not days and bool(marks))

    def _zones(self) -> dict[int, Zone]:
        """The zone of each clock: its own; that of its column; else the only one of the text; else the next in its
        sentence."""
        columns = self._columns()
        heads = {index for row in columns for index in row[1].values()}
        own = {
            index: atom.zone
            for index, atom in enumerate(self.atoms)
            if atom.zone is not None
            and index not in heads
            and (atom.kind == "clock" or not atom.weak or self._beside_clock(index))
        }
        lent = {index: zone for index, zone in own.items() if index not in self.retold}  # not "9:00 (15:00 CET)"
        distinct = {zone.names for index, zone in lent.items() if not self._is_weak_clock(index)}
        converted = all(self._told_again(index) for index in lent)
        result: dict[int, Zone] = {}
        following: tuple[int, Zone] | None = None
        for index in range(len(self.atoms) - 1, -1, -1):
            atom = self.atoms[index]
            if index in lent:
                following = (index, own[index])
            if atom.kind != "clock":
                continue
            if index in own:
                result[index] = own[index]
            elif (head := self._head(atom, columns)) is not None:
                result[index] = head
            elif self._told_locally(atom):
                continue  # "10:00 GMT / 11:00 your time", "7:30 (local time)"
            elif converted and self._in_deadline(index):
                continue  # who converts each time for the reader answers for a last hour in the own zone
            elif len(distinct) == 1:
                result[index] = next(zone for zone in lent.values() if zone.names in distinct)
            elif following is not None:
                gap = self._gap(atom, self.atoms[following[0]])
                if not gap.sentence and not gap.paragraph:
                    result[index] = following[1]
        return {index: zone.for_region(self.context.region) for index, zone in result.items()}

    def _told_again(self, index: int) -> bool:
        """True for a clock behind which another says the same for somebody else: "3pm London (4pm Luxembourg)"."""
        then = index + 1
        if then >= len(self.atoms) or not self.atoms[index].kind == self.atoms[then].kind == "clock":
            return False
        gap = self._gap(self.atoms[index], self.atoms[then])
        return gap.words < _LETTERED and not (gap.option or gap.to or gap.newline or gap.sentence or gap.paragraph)

    def _told_locally(self, atom: Atom) -> bool:
        """True for a clock whose words, perhaps in a bracket, say that it is the reader's or that of the place."""
        behind = atom.last + (self.grammar.low(atom.last) == "(")
        return bool(self.grammar.entry(behind).keys() & {"your_time", "local_time"})

    def _is_weak_clock(self, index: int) -> bool:
        """True for a bare figure with a zone ("3 Central"), which may be a house: its zone is no other's."""
        return self.atoms[index].kind == "clock" and self.atoms[index].weak

    def _columns(self) -> list[tuple[int, dict[int, int]]]:
        """The rows of a table that head two columns or more with zones ("PST | CET | Who"): the token at which each
        begins, and the atoms of its zones by the number of their column."""
        rows: dict[int, dict[int, int]] = {}
        for index, atom in enumerate(self.atoms):
            if atom.kind == "zone":
                line, column = self.grammar.cell(atom.first)
                rows.setdefault(line, {})[column] = index
        return [(line, cells) for line, cells in rows.items() if len(cells) > 1]

    def _head(self, atom: Atom, columns: Sequence[tuple[int, dict[int, int]]]) -> Zone | None:
        """The zone that heads the column of a clock. Where the head has fewer cells than the rows ("London | Oslo"
        above "Mon 4 May | 9:00 | 10:00"), the zones go to the clocks of a row in their order."""
        if not columns:
            return None
        line, column = self.grammar.cell(atom.first)
        above = [
            cells
            for begin, cells in columns
            if begin < line and not any(self.grammar.gap(at) == "¶" for at in range(begin + 1, line + 1))
        ]
        place = self._cell(atom)
        if not above or place is None:
            return None
        clocks, heads = sorted(self._clock_rows.get(place[0], ())), above[-1]
        if len(clocks) == len(heads) and column in clocks:
            return self.atoms[heads[sorted(heads)[clocks.index(column)]]].zone
        return self.atoms[heads[column]].zone if column in heads else None

    def _beside_clock(self, index: int) -> bool:
        """True for the letters of a zone with a time near: "CT" alone is also a scan, "PT" also means part time."""
        grammar, atom = self.grammar, self.atoms[index]
        closed = (
            atom.last >= grammar.count or grammar.tokens[atom.last].kind == "mark" or "\n" in grammar.gap(atom.last)
        )
        pairs = [(at, at + 1) for at in (index - 1, index) if at >= 0 and at + 1 < len(self.atoms)]
        for left, right in pairs:
            other = self.atoms[left if right == index else right]
            gap = self._gap(self.atoms[left], self.atoms[right])
            apart = gap.sentence and (gap.words or not closed)
            if other.kind in ("clock", "date") and gap.words <= _LETTERED and not apart:
                return True
        return False

    def _copy_same_times(self, bound: Sequence[Bound]) -> None:
        if all(self.atoms[item.clock].start is not None for item in bound):
            return
        last, source = self._agreed(), len(self.atoms)
        timed = {day for item in bound for day in item.dates}
        told = {day: item.clock for item in bound if self.atoms[item.clock].start is not None for day in item.dates}
        for item in bound:
            atom = self.atoms[item.clock]
            if atom.start is None and any(told.get(day, -1) > item.clock for day in item.dates):
                continue  # "the same time the Wednesday after, 20th, at 11"
            likewise = atom.start is None and "likewise" in self.grammar.entry(atom.first)
            if likewise and any(day in self.meanings and day not in timed for day in range(source, item.clock)):
                continue  # "Monday at 10. Tuesday is full, likewise on Wednesday"
            at = "at" in self.grammar.entry(atom.first - 1)
            if atom.start is None and at and not (item.beside or self._put_instead(item)):
                continue  # "to be returned at the same time"
            if atom.start is None and last is not None:
                self.atoms[item.clock] = replace(
                    atom, start=last.start, end=last.end, part=last.part, open_end=last.open_end, zone=last.zone
                )
            elif atom.start is not None and not self._ends(atom) and not self._aside(atom):
                last = last if last is not None and self._said_for_reader(atom) else atom
                source = item.clock

    def _put_instead(self, item: Bound) -> bool:
        """True for "Wednesday instead, at the same time"."""
        first = self.atoms[item.clock].first
        between = range(self.atoms[max(item.dates)].last, first) if item.dates else range(0)
        return len(between) <= _INSTEAD and any("instead" in self.grammar.entry(at) for at in between)

    def _said_for_reader(self, atom: Atom) -> bool:
        """True for the second naming of a time: "10:15 ET, which should be 4:15 in the afternoon for you"."""
        return "your_time" in self.grammar.entry(atom.last)

    def _agreed(self) -> Atom | None:
        """The clock that was agreed before this text, for which it may say "same time"."""
        if self.context.agreed is None:
            return None
        start, end = (
            None if each is None else Clock(each.hour, each.minute, certain=True) for each in self.context.agreed
        )
        return Atom("clock", 0, 0, start=start, end=end)

    def _twin(self, item: Bound, before: Bound, following: Bound) -> int | None:
        """The next clock, when it is the same time in another zone: "3pm CET / 9am ET"."""
        if following.clock != before.clock + 1:
            return None
        if following.clock in self.retold:
            return following.clock
        here, there = self.atoms[item.clock], self.atoms[following.clock]
        if not in_two_zones(here, there) or there.start is None:
            return None
        gap = self._gap(self.atoms[before.clock], there)
        if not gap.together or there.first - self.atoms[before.clock].last > 3:
            return None
        return following.clock
