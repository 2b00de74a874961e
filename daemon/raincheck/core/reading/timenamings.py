"""One time that is named twice: "8am Pacific (5pm in Berlin)", "3pm / 9am ET", "3 PM, i.e. 9 AM ET"."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from raincheck.core.reading.timetables import TabledAtoms
from raincheck.core.reading.zones import load_zone

if TYPE_CHECKING:
    from raincheck.core.reading.atom import Atom

_ASIDE = 10  # tokens from a bracket to a clock in it
_EXPLAINED = 5  # words and a bracket between a clock and its second naming: "2 PM our time (8 PM CET)"
_CHANGED = (0, 2, 4)  # weeks ahead, in which summer time may have begun in one of two zones
_HALF_DAY = timedelta(hours=12)
_SIGNS = 2  # marks between two namings of a clock
_LETTERED = 3  # tokens between a clock and the letters of its zone


def in_two_zones(one: Atom, other: Atom) -> bool:
    """True where each of two clocks names a zone, and not the same."""
    return one.zone is not None and other.zone is not None and one.zone.names != other.zone.names


class NamedAtoms(TabledAtoms):
    """The atoms with the clocks that say another one again."""

    def _said_elsewhere(self) -> dict[int, int]:
        """The clocks that say the one before them again, in another zone or in brackets, with that one: they go with
        its day. The atoms of those learn how far all their namings reach."""
        self.retold: set[int] = set()  # clocks with a zone that say a bare one again
        again: dict[int, int] = {}
        for index in range(1, len(self.atoms)):
            before, atom = self.atoms[index - 1], self.atoms[index]
            if before.kind != "clock" or atom.kind != "clock" or before.start is None or atom.start is None:
                continue
            ended = self._told_twice(before, atom, self.atoms[index + 1] if index + 1 < len(self.atoms) else None)
            if ended:
                first = again.get(index - 1, index - 1)
                again[index] = first
                self.atoms[first] = replace(self.atoms[first], again=ended)
                if before.zone is None and atom.zone is not None:
                    self.retold.add(index)
        return again

    def _told_twice(self, before: Atom, atom: Atom, following: Atom | None) -> int:
        """The token behind "(16:00 in Berlin)" or "/ 16:00 CET" where that says the clock before it again, else 0."""
        grammar = self.grammar
        if self._in_own_bracket(atom) or self._explained_in_bracket(before, atom):
            ends = range(atom.last, min(atom.last + _LETTERED + 1, grammar.count))
            closed = next((at for at in ends if grammar.low(at) == ")"), None)
            alone = closed is not None and (following is None or following.first > closed)
            return closed + 1 if closed is not None and alone else 0
        between = range(before.last, atom.first)
        marked = 0 < len(between) <= _SIGNS and all(grammar.tokens[at].kind == "mark" for at in between)
        two = in_two_zones(before, atom) or self._fits_sender(before, atom)
        beside = marked and two and (grammar.low(before.last) == "/" or not self._gap(before, atom).newline)
        return atom.last if beside or self._renamed(before, atom) else 0

    def _explained_in_bracket(self, before: Atom, atom: Atom) -> bool:
        """True for "2 PM our time (8 PM CET)", "2 PM (for you 8 PM CET)": a few words, a bracket, and a zone in it."""
        between = [self.grammar.tokens[at] for at in range(before.last, atom.first)]
        opened = sum(token.text == "(" for token in between)
        if atom.zone is None or opened != 1 or not 1 < len(between) <= _EXPLAINED:
            return False
        return all(token.text == "(" or token.kind == "word" for token in between)

    def _renamed(self, before: Atom, atom: Atom) -> bool:
        """True for "3 PM, i.e. 10 AM ET": words that say that both are one, and a zone for the second alone."""
        between = range(before.last, atom.first)
        if before.zone is not None or atom.zone is None or not 0 < len(between) <= _EXPLAINED:
            return False
        return any("renames" in self.grammar.entry(at) for at in between)

    def _fits_sender(self, before: Atom, atom: Atom) -> bool:
        """True for "10am / 4pm CET" where that is one time if the first is the sender's."""
        here = load_zone(self.context.tz)
        there = load_zone(atom.zone.name) if atom.zone is not None else None
        if before.zone is not None or before.start is None or atom.start is None or here is None or there is None:
            return False
        apart = timedelta(minutes=atom.start.minutes() - before.start.minutes())
        for weeks in _CHANGED:
            then = self.context.reference + timedelta(weeks=weeks)
            ahead = then.astimezone(there).replace(tzinfo=None) - then.astimezone(here).replace(tzinfo=None)
            if ahead and (apart - ahead) % _HALF_DAY == timedelta(0):
                return True
        return False

    @cached_property
    def _clock_ends(self) -> frozenset[int]:
        return frozenset(atom.last for atom in self.atoms if atom.kind == "clock")

    def _in_own_bracket(self, atom: Atom) -> bool:
        """True for what says a clock again: "8am Pacific (5pm in Berlin)"."""
        return self.grammar.low(atom.first - 1) == "(" and atom.first - 1 in self._clock_ends

    def _aside(self, atom: Atom) -> bool:
        """True for a clock in brackets behind words of its own: "(I pick you up at 9:45)"."""
        words = 0
        if self._in_own_bracket(atom):
            return True
        for at in range(atom.first - 1, max(atom.first - _ASIDE, -1), -1):
            mark = self.grammar.low(at)
            if mark == "(":
                return words > 1
            if mark == ")" or self.grammar.gap(at + 1) == "¶":
                return False
            words += self.grammar.tokens[at].kind == "word" and not self.grammar.entry(at)
        return False
