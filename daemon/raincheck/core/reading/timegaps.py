"""What stands between two atoms of a text: nothing but small words, a joiner, the end of a sentence ..."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.core.reading.atom import Atom
    from raincheck.core.reading.timegrammar import Grammar
    from raincheck.core.reading.timespan import TimeContext

_GLUE = frozenset(
    (
        "or",
        "to",
        "on",
        "at",
        "label",
        "from",
        "between",
        "date_glue",
        "date_lead",
        "part",
        "hour",
        "after",
        "weeks",
        "thereafter",
    )
)
_SOFT = frozenset(',()[]-|·:;/•*@⋅=>"~→')
_END_REACH = 20  # tokens between a begin and the end that has a label of its own
_UNTIL = 6  # words between "until" and the clock of what comes then
_PAIR = 3  # atoms before the end of a range of two dated clocks
_DASHED = 3 * 60  # minutes of a range of two dated clocks with a mere dash between
_MOVED = 14  # tokens from a word for moving to the old time of what is moved
_AS_PLANNED = 3  # words between "same time" and the clock that says which
_CLAUSE = 20  # tokens before a clock in which its day may stand
_TOLD = 8  # words between a begin and the end that a bracket tells
_HALF_DAY, _LEAD = 12 * 60, 30  # minutes
_OPTION = frozenset(";/")
SENTENCE = frozenset(".!?")


@dataclass(slots=True)
class Gap:
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
    semicolon: bool = False
    bracket: bool = False  # one that opens
    words: int = 0

    @property
    def together(self) -> bool:
        """On one line, in one sentence, with nothing between."""
        return self.tight and not self.sentence and not self.paragraph


class AtomView:
    """The atoms of one text and the gaps between them."""

    def __init__(self, grammar: Grammar, context: TimeContext) -> None:
        self.grammar = grammar
        self.context = context
        self.now = context.now
        self.today = self.now.date()
        cut = self._quoted_from()
        found = self._said_again([atom for atom in grammar.atoms() if atom.first < cut])
        self.atoms = self._ends_joined(self._turned([self._same_time_as_clock(atom) for atom in found]))

    def _offsets(self, *atoms: Atom) -> tuple[int, int]:
        """Where atoms stand together, in characters."""
        found = self.grammar.tokens
        return min(found[a.first].start for a in atoms), max(found[a.last - 1].end for a in atoms)

    def _quoted_from(self) -> int:
        """The token from which an older mail is quoted ("... wrote:")."""
        for index in self.grammar.places.get("quote", ()):
            if self._follows_a_line(index):
                while index > 0 and self.grammar.gap(index) not in ("\n", "¶"):
                    index -= 1
                return index
        return self.grammar.count

    def _follows_a_line(self, index: int) -> bool:
        """False in the first line: a platform that passes on what somebody "wrote:"."""
        return any(self.grammar.gap(at) in ("\n", "¶") for at in range(1, index + 1))

    def _said_again(self, atoms: list[Atom]) -> list[Atom]:
        """ "Same hour (14:30)" as one clock."""
        found: list[Atom] = []
        for atom in atoms:
            last = found[-1] if found else None
            if last is not None and last.kind == "same_time" and atom.kind == "clock":
                gap = self._gap(last, atom)  # perhaps "as planned" between
                near = gap.words <= _AS_PLANNED and not (gap.sentence or gap.paragraph or gap.option)
                if near and self._ends(atom):  # "keep the time until 2 free": no other time is meant
                    found[-1] = atom
                    continue
                if near:
                    found[-1] = replace(atom, first=last.first)
                    continue
            if last is not None and self._counts_or_ends(last) and self._names_day_again(last, atom):
                found[-1] = replace(atom, first=last.first, last=atom.last + 1)
                continue
            if last is not None and last.kind == "next_day" and self._counts_to(last, atom):
                found[-1] = atom
                continue
            if last is not None and last.kind == atom.kind == "clock" and self._there_for(last, atom):
                found[-1] = replace(atom, first=last.first)
                continue
            if last is not None and last.kind == atom.kind == "clock" and (end := self._denied_in_bracket(last, atom)):
                found[-1] = replace(last, again=end)
                continue
            vague = next((at for at in (-1, -2) if len(found) >= -at and found[at].vague), None)
            if vague == -2 and (self._gap(found[-2], found[-1]).option or self._gap(found[-2], found[-1]).comma):
                vague = None  # "Wednesday lunchtime, or Thursday (12:30)"
            if vague is not None and atom.kind == "clock" and self._explained(found[-1], atom):
                told = found[vague]
                found[vague] = replace(atom, first=told.first, last=told.last)  # "lunchtime on Friday (say 1pm)"
                continue
            found.append(atom)
        return found

    def _denied_in_bracket(self, last: Atom, atom: Atom) -> int:
        """The token behind the bracket that only says what is wrong: "11:30 (not 11:00)"; 0 for none."""
        grammar, opened = self.grammar, last.last
        if atom.end is not None:
            return 0  # "9 to 5 (not 12 to 1)": hours that are left out
        denied = grammar.low(opened) == "(" and "denied" in grammar.entry(opened + 1)
        closed = grammar.low(atom.last) == ")"
        alone = denied and closed and opened + 1 + grammar.length(opened + 1) == atom.first
        return atom.last + 1 if alone else 0

    def _counts_or_ends(self, atom: Atom) -> bool:
        """True for words that tell a day without its name: "the same day", "by the weekend", but not "before" it."""
        ends = atom.kind == "date" and "ends" in self.grammar.entry(atom.first)
        return atom.kind == "next_day" or (ends and not self.grammar.led_by(atom.first, "feast_before"))

    def _names_day_again(self, last: Atom, atom: Atom) -> bool:
        """True for the date in brackets that says which day is meant: "the same day (Mon 9th)", "by the weekend (9
        May)"."""
        if atom.kind != "date" or not atom.whole or atom.first - last.last != 1:
            return False
        return self.grammar.low(last.last) == "(" and self.grammar.low(atom.last) == ")"

    def _counts_to(self, last: Atom, atom: Atom) -> bool:
        """True for the date to which a count of days leads, which is one day and no range: "by one week, to Wednesday,
        10 November"."""
        if atom.kind != "date" or not atom.whole:
            return False
        gap = self._gap(last, atom)
        led = (gap.to or gap.preposition) and not gap.words
        return led and gap.together and not (gap.option or gap.newline or gap.bracket)

    def _ends(self, atom: Atom) -> bool:
        """True for a clock until which something lasts: "until 2", "until about 1 pm"."""
        grammar, first = self.grammar, atom.first
        while first and "approx" in grammar.entry(first - 1):
            first -= 1
        return grammar.led_by(first, "deadline") or (first < atom.first and grammar.led_by(first, "to"))

    def _there_for(self, last: Atom, atom: Atom) -> bool:
        """True for the begin behind the hour to be there: "9.30 for 10am"."""
        if last.start is None or atom.start is None or last.end is not None or last.vague:
            return False
        between = last.last + self.grammar.length(last.last) == atom.first  # one phrase and no more
        led = between and "for_begin" in self.grammar.entry(last.last) and self.grammar.gap(last.last) in (" ", "\n")
        ahead = (atom.start.minutes() - last.start.minutes()) % _HALF_DAY
        return led and 0 < ahead <= _LEAD

    def _explained(self, last: Atom, atom: Atom) -> bool:
        """True for a clock in brackets, or behind a comma, right behind what it explains."""
        between = [self.grammar.low(at) for at in range(last.last, atom.first)]
        comma = between[:1] == [","]
        at = last.last + comma
        said = bool(self.grammar.entry(at).keys() & {"at", "approx"}) and at + self.grammar.length(at) == atom.first
        led = said or (comma and at == atom.first)
        if led and (last.vague or comma) and atom.start is not None and 11 <= atom.start.hour <= 14:
            return True  # "tomorrow, lunchtime, 12.45", "mittags um 13 Uhr", "lunchtime on Friday, say 12.30"
        return between[:1] == ["("] and len(between) <= 3 and self.grammar.low(atom.last) == ")"

    def _ends_joined(self, atoms: list[Atom]) -> list[Atom]:
        """A clock labelled as an end ("Start: ... End: ...") becomes the end of the clock before it."""
        joined: list[Atom] = []
        for index, atom in enumerate(atoms):
            lead = joined[-1] if joined and joined[-1].kind == "date" else atom
            if (
                atom.kind == "clock"
                and atom.start
                and (self._labelled_end(joined, lead.first, atom) or self._until_then(joined, atom))
            ):
                start = next((at for at in range(len(joined) - 1, -1, -1) if joined[at].kind == "clock"), None)
                near = start is not None and atom.first - joined[start].last <= _END_REACH
                begin = joined[start].start if start is not None else None
                later = begin is None or begin.open or atom.start.open or atom.start.minutes() > begin.minutes()
                same = start is not None and not self._another_day(joined[max(start - 1, 0)], lead)
                same = same and start is not None and not self._of_hours(joined[start], lead.first)
                if start is not None and near and later and same and not joined[start].end and len(joined) - start <= 2:
                    zone = joined[start].zone or atom.zone
                    joined[start] = replace(joined[start], end=atom.start, last=atom.last, zone=zone)
                    del joined[start + 1 :]
                    continue
            if self._ends_in_bracket(joined, atom):
                joined[-1] = replace(joined[-1], end=atom.start, last=atom.last)
                continue
            if self._ends_dated(joined, atom) and not self._goes_on(atom, atoms[index + 1 : index + 2]):
                begin_at, zone = joined[-2], joined[-2].zone or atom.zone
                joined[-2:] = [replace(begin_at, end=atom.start, last=atom.last, zone=zone)]
                continue
            joined.append(atom)
        return joined

    def _another_day(self, first: Atom, last: Atom) -> bool:
        """True for two dates of different numbers: "10:00 on 3 December. Answer until: 29 November, 12:00"."""
        if first.date is None or last.date is None or first.date.day is None or last.date.day is None:
            return False
        return (first.date.day, first.date.month) != (last.date.day, last.date.month)

    def _of_hours(self, begin: Atom, end: int) -> bool:
        """True where the end alone is that of office hours: "at 14:00, opening hours are until 18:00"."""
        entry = self.grammar.entry
        if not any("habit" in entry(at) for at in range(begin.last, end)):
            return False
        before = range(begin.first - 1, max(begin.first - _END_REACH, -1), -1)
        return not any("habit" in entry(at) for at in takewhile(lambda at: not self._ends_clause(at), before))

    def _ends_in_bracket(self, joined: Sequence[Atom], atom: Atom) -> bool:
        """True for the end of "15.30 Interview before the Board (to 16.15)"."""
        if not joined or atom.kind != "clock" or atom.start is None or atom.end is not None:
            return False
        begin, grammar = joined[-1], self.grammar
        if begin.kind != "clock" or begin.start is None or begin.end is not None:
            return False
        bracket = "to" in grammar.entry(atom.first - 1) and grammar.low(atom.first - 2) == "("
        closed = grammar.low(atom.last) == ")"
        gap = self._gap(begin, atom)
        later = begin.start.open or atom.start.open or atom.start.minutes() > begin.start.minutes()
        return bracket and closed and later and not (gap.newline or gap.sentence) and gap.words <= _TOLD

    def _ends_dated(self, joined: Sequence[Atom], atom: Atom) -> bool:
        """True for the end of "27 May 10:00 - 27 May 10:30", which names its day again; not where that is moved."""
        if len(joined) < _PAIR or atom.kind != "clock" or atom.start is None or atom.end is not None:
            return False
        day, begin, again = joined[-_PAIR:]
        same = day.kind == again.kind == "date" and day.date == again.date
        if not same or begin.kind != "clock" or begin.start is None or begin.end is not None:
            return False
        gap = self._gap(begin, again)
        if not gap.to or gap.option or gap.newline or not gap.together or not self._gap(day, begin).together:
            return False
        if len(joined) > _PAIR and joined[-_PAIR - 1].kind == "clock" and self._gap(joined[-_PAIR - 1], day).to:
            return False  # the last of a row
        marks = {self.grammar.low(at) for at in range(begin.last, again.first)}
        length = atom.start.minutes() - begin.start.minutes()
        if not marks.isdisjoint((">", "→")) or (marks <= {"-"} and length > _DASHED):
            return False  # "27 May 10:00 -> 27 May 14:00", "27 May 10:00 - 27 May 16:00 is possible, too"
        later = begin.start.open or atom.start.open or length > 0
        return later and self._gap(again, atom).together and not self._after_move(day.first)

    def _goes_on(self, atom: Atom, following: Sequence[Atom]) -> bool:
        """True in a row of times with dashes between: "27 May 10:00 - 27 May 14:00 - 28 May 9:00"."""
        return any(other.kind == "date" and self._gap(atom, other).to for other in following)

    def _after_move(self, first: int) -> bool:
        """True behind a word for moving: "moved from ... to ..." is no range."""
        before = range(max(first - _MOVED, 0), first)
        return any(self.grammar.entry(at).keys() & {"moves", "former_before"} for at in before)

    def _turned(self, atoms: list[Atom]) -> list[Atom]:
        """Ranges told from their end: "Friday up to noon from 9.30", "until 12 starting at 9"."""
        joined: list[Atom] = []
        for atom in atoms:
            last = joined[-1] if joined else None
            if last is not None and last.kind == atom.kind == "clock" and self._turns(last, atom):
                assert atom.start is not None
                zone = last.zone or atom.zone
                joined[-1] = replace(
                    last, start=atom.start, end=last.start, last=atom.last, zone=zone, open_end=False, part=None
                )
                continue
            joined.append(atom)
        return joined

    def _turns(self, end: Atom, begin: Atom) -> bool:
        """True for an "until" right before a "from", with hours that fit."""
        grammar = self.grammar
        if end.start is None or begin.start is None or end.end is not None or begin.end is not None:
            return False
        until = grammar.led_by(end.first, "deadline") or "to" in grammar.entry(end.first - 1)
        led = grammar.led_by(begin.first, "from") or "from" in grammar.entry(begin.first - 2)
        gap = self._gap(end, begin)
        near = gap.words <= 1 and not (gap.sentence or gap.newline or gap.option or gap.comma)
        return until and led and near and begin.start.minutes() < end.start.minutes()

    def _near(self, left: Atom, right: Atom) -> bool:
        gap = self._gap(left, right)
        return gap.words <= 2 and not (gap.sentence or gap.newline)

    def _labelled_end(self, joined: Sequence[Atom], first: int, atom: Atom) -> bool:
        """True behind "End:"; directly behind another clock also without a colon ("... until 11:30")."""
        at = first - 1 if self.grammar.low(first - 1) in (":", "|") else first
        if not self.grammar.led_by(at, "ending"):
            return False
        labelled = at < first or self.grammar.gap(first) == "\t"
        return labelled or (bool(joined) and joined[-1].kind == "clock" and self._near(joined[-1], atom))

    def _until_then(self, joined: Sequence[Atom], atom: Atom) -> bool:
        """True for the end of "from 12:35 until the begin of our conference at 14:00"."""
        if not joined or joined[-1].kind != "clock" or not joined[-1].open_end or atom.end is not None:
            return False
        grammar, begin = self.grammar, joined[-1]
        gap = self._gap(begin, atom)
        until = bool(grammar.entry(begin.last).keys() & {"to", "deadline"}) and grammar.low(begin.last) != "-"
        return until and gap.words <= _UNTIL and not (gap.sentence or gap.paragraph or gap.comma or gap.option)

    def _same_time_as_clock(self, atom: Atom) -> Atom:
        return replace(atom, kind="clock") if atom.kind == "same_time" else atom

    def _gap(self, left: Atom, right: Atom) -> Gap:
        grammar = self.grammar
        found, vacant = Gap(), False
        index = left.told
        if right.first - index > 60:
            return Gap(tight=False, words=right.first - index, sentence=True)
        while index < right.first:
            self._note_space(found, index)
            token = grammar.tokens[index]
            entry = grammar.entry(index)
            found.semicolon |= token.text == ";"
            found.bracket |= token.text == "("
            if token.kind == "mark" and "or" not in entry:
                self._note_mark(found, index)
            elif entry:
                found.option |= "or" in entry
                found.to |= "to" in entry
                found.preposition |= "date_lead" in entry or "on" in entry
                found.label |= "label" in entry
                vacant |= "vacant" in entry
                if not ("vacant" in entry or entry.keys() & _GLUE):
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
        if vacant and self._is_vacant(left, right, found):
            found.preposition = True
        elif vacant:
            found.tight, found.words = False, found.words + 1
        return found

    def _is_vacant(self, left: Atom, right: Atom, gap: Gap) -> bool:
        """True for "I have 2:00 free tomorrow": the clock has no day before it, and the day no clock behind it."""
        if left.kind != "clock" or right.kind != "date" or gap.newline or gap.option or gap.bracket or gap.comma:
            return False
        grammar = self.grammar
        if grammar.low(right.last) == ":" or grammar.number(right.last) is not None:
            return False
        for index in range(left.first - 1, max(left.first - _CLAUSE, -1), -1):
            entry = grammar.entry(index)
            if "or" in entry or grammar.gap(index + 1) in ("\n", "¶") or self._ends_clause(index):
                return True
            if entry.keys() & {"weekday", "month", "day", "relative"}:
                return False
        return True

    def _breaks(self, index: int) -> bool:
        """True when a sentence or paragraph begins at that token."""
        grammar = self.grammar
        if grammar.gap(index) == "¶":
            return True
        return grammar.low(index - 1) in SENTENCE and self._ends_sentence(index - 1)

    def _ends_clause(self, index: int) -> bool:
        return self.grammar.low(index) in SENTENCE and self._ends_sentence(index)

    def _note_space(self, found: Gap, index: int) -> None:
        space = self.grammar.gap(index)
        found.newline |= space == "¶" or (space == "\n" and not self._wrapped(index))
        found.paragraph |= space == "¶"

    def _wrapped(self, index: int) -> bool:
        """True for a line that goes on in the next, which begins with that token: no list ends an item with "or"."""
        last = self.grammar.tokens[index - 1]
        return last.kind == "word" and "or" in self.grammar.entry(index - 1)

    def _ends_sentence(self, index: int) -> bool:
        """False for the stop of an abbreviation or of a number inside a sentence ("ca. 10")."""
        grammar = self.grammar
        if grammar.gap(index + 1) == "":
            return False
        if grammar.low(index) != "." or index + 1 >= grammar.count:
            return True
        following = grammar.tokens[index + 1]
        if grammar.tokens[index - 1].kind == "number":
            starts = following.kind == "word" and following.text[:1].isupper()
            return starts and not grammar.entry(index + 1).keys() & {"month", "weekday"}
        if "half" in grammar.entry(index - 1) and following.text[:1].isupper():
            return not grammar.entry(index + 1).keys() & {"month", "weekday"} and grammar.zone_after(index + 1) is None
        return len(grammar.low(index - 1)) > 2

    def _note_mark(self, found: Gap, index: int) -> None:
        mark = self.grammar.tokens[index].text
        if mark in SENTENCE:
            found.sentence |= self._ends_sentence(index)
        elif mark in _SOFT:
            found.option |= mark in _OPTION
            found.comma |= mark == ","
            found.to |= mark == "-"
        else:
            found.tight = False
