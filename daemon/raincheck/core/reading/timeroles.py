"""What a time is for its writer, told by the words around it: a proposal, a deadline, office hours, the old time."""

from __future__ import annotations

import itertools

from raincheck.core.reading.timedates import DatedAtoms
from raincheck.core.reading.timespan import Role

_BEHIND = 12  # tokens behind a time that tell of it, and before it that make it an old one
_PARTS = frozenset((",", "(", ";", "-"))  # part a clause from the next
_SHORT_OF = 6  # tokens between "any day" and the day that it leaves out
_TELLING = ("habit", "former", "arrival")  # words that make a time of their sentence another than one proposed
_LABEL = 4  # tokens of "Old Interview Date:" behind its first word


class AtomsInRoles(DatedAtoms):
    """The atoms with the cues around them."""

    def _role(self, first: int, last: int, *, held: bool = False) -> Role:
        """What the words around a time make of it: those right before and behind it, and cues in its sentence. held:
        something is said to begin then, so that "by" is no last moment ("the interview holds by 10am on Tuesday")."""
        grammar = self.grammar
        begin, end = self.atoms[first].first, self.atoms[last].last
        if not held and self._deadline(begin, end):
            return Role.DEADLINE
        if self._any_day_but(begin):
            return Role.LEFT_OUT
        if grammar.led_by(begin, "denied") and not grammar.led_by(begin, "otherwise"):
            return Role.LEFT_OUT if first == last and self.atoms[first].kind == "date" else Role.HABIT
        if self.grammar.led_by(begin, "indefinite") and self._weekday_alone(first):
            return Role.HABIT  # "a Monday at 17:00"
        if self.grammar.led_by(begin, "former_before") or "former_after" in grammar.entry(end):
            return Role.FORMER
        if grammar.places.keys().isdisjoint(_TELLING):
            return Role.PROPOSAL
        index = begin - 1
        steps = 0
        nearest = begin if self._next_item(first) else self._previous_end(first)
        role = Role.PROPOSAL
        colon = newline = False
        while index >= 0 and steps < 40:
            entry = grammar.entry(index)
            if self._breaks(index + 1) or (colon and newline and grammar.low(index) == ":"):
                break  # "Old date:", left empty, above "New date: ..."
            colon |= grammar.low(index) == ":"
            newline |= colon and grammar.gap(index) == "\n"
            if "habit" in entry:
                return Role.HABIT
            if index >= nearest and steps < _BEHIND:
                if "renewed" in entry and role is Role.PROPOSAL:
                    nearest = begin  # "Old: New: Tuesday"
                elif "former" in entry and not (
                    self._heads_column(index)
                    or "as_planned" in grammar.entry(index - 1)
                    or self._in_name(index)
                    or self._of_any_kind(index, begin)
                ):
                    role = Role.FORMER
                elif "arrival" in entry and steps < 5:
                    role = Role.ARRIVAL
            index -= 1
            steps += 1
        apart = False
        for index in range(end, min(end + _BEHIND, grammar.count)):
            if self._breaks(index):
                break
            apart |= grammar.low(index) in _PARTS
            if "habit" in grammar.entry(index):
                return role if apart and self._has_own_hour(index, last) else Role.HABIT
        return role

    def _has_own_hour(self, index: int, last: int) -> bool:
        """True for hours that another clause tells, which speaks of no day: "Friday at 7pm, opening hours are until
        6"."""
        following = self.atoms[last + 1] if last + 1 < len(self.atoms) else None
        if self.atoms[last].end is not None or following is None or following.kind != "clock":
            return False
        return (
            following.last > index
            and following.first - index <= _BEHIND
            and not any(map(self._breaks, range(index, following.first)))
        )

    def _next_item(self, index: int) -> bool:
        """True for a time that begins its line as the one before it does: what stands behind that tells of that."""
        before = next((at for at in range(index - 1, -1, -1) if self.atoms[at].kind in ("date", "clock")), None)
        if (
            before is not None
            and before
            and self.atoms[before].kind == "clock"
            and self.atoms[before - 1].kind == "date"
        ):
            before -= 1
        return before is not None and self._begins_line(index) and self._begins_line(before)

    def _begins_line(self, index: int) -> bool:
        """True for a time that no word stands before in its line."""
        grammar, first = self.grammar, self.atoms[index].first
        while first > 0 and grammar.gap(first) not in ("\n", "¶") and grammar.tokens[first - 1].kind == "mark":
            first -= 1
        return first == 0 or grammar.gap(first) in ("\n", "¶")

    def _any_day_but(self, begin: int) -> bool:
        """True behind words that leave a day out of all: "any day except"."""
        grammar = self.grammar
        if not any(grammar.led_by(begin, sign) for sign in ("all_but", "denied")):
            return False
        before = range(begin - 1, max(begin - 1 - _SHORT_OF, -1), -1)
        near = itertools.takewhile(lambda at: not self._breaks(at + 1), before)
        return any("any_day" in grammar.entry(at) for at in near)

    def _left_out(self, index: int) -> bool:
        """True for a day that the words before or behind it leave out: "any day except Tuesday", "Wednesday not"."""
        grammar, atom = self.grammar, self.atoms[index]
        if grammar.led_by(atom.first, "denied") or self._any_day_but(atom.first):
            return not self._has_hours_left_out(index)
        behind = atom.last + max(grammar.length(atom.last), 1)
        denied = "denied_after" in grammar.entry(atom.last)  # "Wednesday not"
        return denied and (
            behind >= grammar.count or grammar.tokens[behind].kind == "mark" or "\n" in grammar.gap(behind)
        )

    def _has_hours_left_out(self, index: int) -> bool:
        """True for the day of "between 1 and 4, except Tuesday from 2 to 3": its hours are left out, not the day."""
        then = self.atoms[index + 1] if index + 1 < len(self.atoms) else None
        before = self.atoms[index - 1] if index else None
        if then is None or before is None or then.end is None or before.end is None:
            return False
        gap, ahead = self._gap(self.atoms[index], then), self._gap(before, self.atoms[index])
        return gap.together and not (gap.comma or gap.newline or ahead.sentence or ahead.paragraph)

    def _heads_column(self, index: int) -> bool:
        """True for a word that is the cell of a table's head: "Old | New"; it says nothing of the next row."""
        grammar = self.grammar
        return "\t" in (grammar.gap(index), grammar.gap(index + grammar.length(index)))

    def _of_any_kind(self, index: int, begin: int) -> bool:
        """True for "instead of many interviews, we hold one day:", which puts aside a kind of thing and no time."""
        grammar, then = self.grammar, index + self.grammar.length(index)
        between = range(then, begin)
        other = any(grammar.low(at) in (",", ":") or "verb" in grammar.entry(at) for at in between)
        return "any_kind" in grammar.entry(then) and other

    def _in_name(self, index: int) -> bool:
        """True for the "Old" of "the Old Corn Exchange": capitals make a name of it, unless a colon makes a label.
        As Context._in_name, which looks at the text again where its cues are weighed."""
        grammar, then = self.grammar, index + 1
        if "name_begin" not in grammar.entry(index) or then >= grammar.count or grammar.gap(then) != " ":
            return False
        capitals = all(grammar.tokens[at].text[:1].isupper() for at in (index, then))
        label = any(grammar.low(at) in (":", "|") for at in range(then, then + _LABEL))
        return capitals and not grammar.entry(then) and not label

    def _weekday_alone(self, index: int) -> bool:
        return index in self.written and self.written[index].bare_weekday

    def _previous_end(self, index: int) -> int:
        """Where the date or clock before that atom ends."""
        return next(
            (self.atoms[at].last for at in range(index - 1, -1, -1) if self.atoms[at].kind in ("date", "clock")), 0
        )
