"""Tables that name times: which date heads the column of a clock, and in which cells a time is on offer."""

from __future__ import annotations

import bisect
import re
from functools import cached_property
from typing import TYPE_CHECKING

from raincheck.core.reading.timeroles import AtomsInRoles

if TYPE_CHECKING:
    from collections.abc import Container

    from raincheck.core.reading.atom import Atom

_ROWS = 40  # of a table
_WIDE = 400  # characters of blanks between its rows
_LEGEND = re.compile(r"(?<!\w)x\s{0,2}[=:–-]\s{0,2}([^\n.;)]{2,40})", re.IGNORECASE)
_MEANT = 3  # letters of a word of the legend
_FREE, _TAKEN, _CROSS, _OTHER = "free", "taken", "cross", "other"  # what a cell says; "" for nothing


def _state(cell: str, free: Container[str], taken: Container[str]) -> str:
    """What a cell says of a time."""
    if cell in free:
        return _FREE
    if cell in taken:
        return _TAKEN
    if cell in ("x", "[x]"):
        return _CROSS
    return _OTHER if cell.strip(" []☐□_") else ""


def offered(marks: frozenset[str]) -> str:
    """What the cells of a table say of the times that it offers, by all that they say."""
    return _FREE if _FREE in marks else _CROSS if _CROSS in marks else ""


class TabledAtoms(AtomsInRoles):
    """The atoms in the rows and columns of their tables; cells are parted by tabs."""

    def _column(self, index: int) -> int | None:
        """The date that heads the table column of a clock: in the same cell of a line above with at least two."""
        cell = self._cell(self.atoms[index])
        return None if cell is None else self._heads(index).get(cell[1])

    def _heads(self, index: int) -> dict[int, int]:
        """Column → date, of the line above a clock that heads its table: the nearest with at least two dates."""
        cell = self._cell(self.atoms[index])
        if cell is None:
            return {}
        lines, heads = self._dated_rows
        if cell[0] in heads:
            return {}
        at = bisect.bisect_left(lines, cell[0]) - 1
        if at < 0:
            return {}
        found = heads[lines[at]]
        corner = 0 in found and self._cells(lines[at]) + 1 == self._cells(cell[0]) and self._cornered(lines[at])
        return {column + corner: day for column, day in found.items()}

    @cached_property
    def _dated_rows(self) -> tuple[list[int], dict[int, dict[int, int]]]:
        """The lines whose cells hold dates: where those with at least two begin, and column → date of each."""
        heads: dict[int, dict[int, int]] = {}
        for index in self.meanings:
            if (place := self._cell(self.atoms[index])) is not None:
                heads.setdefault(place[0], {})[place[1]] = index
        return sorted(line for line in heads if len(heads[line]) > 1), heads

    @cached_property
    def _clock_rows(self) -> dict[int, set[int]]:
        """The columns of each line that hold clocks."""
        found: dict[int, set[int]] = {}
        for atom in self.atoms:
            if atom.kind == "clock" and (place := self._cell(atom)) is not None:
                found.setdefault(place[0], set()).add(place[1])
        return found

    def _cornered(self, head: int) -> bool:
        """True where the head of a table lacks the empty cell above the names of its rows: these are all clocks with
        none beside them, or all words with clocks up to the last column. Else the last column has no head."""
        if head not in self._corners:
            text, width = self.grammar.text, self._cells(head) + 1
            columns: set[int] = set()
            named = True
            line = text.find("\n", head) + 1
            while line and self._cells(line) > 1:
                columns |= self._clock_rows.get(line, set())
                named = named and text[line : line + 1] not in ("\t", "")
                line = text.find("\n", line) + 1
            worded = 0 not in columns and width - 1 in columns
            self._corners[head] = named and (columns == {0} or worded)
        return self._corners[head]

    @cached_property
    def _corners(self) -> dict[int, bool]:
        return {}

    def _cells(self, line: int) -> int:
        """The number of cells of the line that begins there."""
        text = self.grammar.text
        finish = text.find("\n", line)
        return text.count("\t", line, finish if finish >= 0 else len(text)) + 1

    def _ending_row(self, index: int) -> int | None:
        """The date in the last of the cells of a row that begins with clocks, as in the row above or below:
        "10:00 | 10:45 | Tue 10 March"; None elsewhere."""
        place = self._cell(self.atoms[index])
        if place is None or len(self._clock_rows.get(place[0], ())) <= 1:
            return None
        line, days = place[0], self._dated_rows[1].get(place[0], {})
        column = next(iter(days), -1)
        if len(days) != 1 or column <= max(self._clock_rows[line]):
            return None
        beside = (self._line_above(line), self._line_below(line))
        alike = any(near is not None and self._dated_rows[1].get(near, {}).keys() == {column} for near in beside)
        return days[column] if alike else None

    def _heads_row(self, index: int) -> bool:
        """True for a clock in the first cell of a row, where days head the other columns."""
        cell = self._cell(self.atoms[index])
        return cell is not None and cell[1] == 0 and bool(heads := self._heads(index)) and 0 not in heads

    def _below(self, index: int) -> tuple[int, ...] | None:
        """The days of the rows below a clock in the head of a table that offer it; None where it heads no such table:
        "| | 10:00 | 11:00 |", above "| Tue 10 March | yes | no |"."""
        place = self._cell(self.atoms[index])
        if place is None or place[0] in self._dated_rows[1] or len(self._clock_rows.get(place[0], ())) <= 1:
            return None
        rows = self._rows_below(place[0])
        width = self._cells(place[0])
        marks = self._marks(place[0])
        if not rows or not marks:
            return None
        days = []
        for line, day in rows:
            states = self._states(line)
            column = place[1] + (len(states) == width + 1 and 0 in self._clock_rows[place[0]])
            state = states[column] if column < len(states) else ""
            if state == offered(marks):
                days.append(day)
        return tuple(days)

    def _rows_below(self, head: int) -> list[tuple[int, int]]:
        """The rows below the head of a table that each begin with a day and name no clock, with that day."""
        rows: list[tuple[int, int]] = []
        line = self._line_below(head)
        while line and len(rows) < _ROWS and self._cells(line) > 1:
            days = self._dated_rows[1].get(line, {})
            if set(days) != {0} or line in self._clock_rows:
                break
            rows.append((line, days[0]))
            line = self._line_below(line)
        return rows

    def _line_below(self, line: int) -> int:
        """Where the next line with words begins; 0 at the end."""
        text = self.grammar.text
        finish = text.find("\n", line)
        while finish >= 0 and not text[finish + 1 : (behind := text.find("\n", finish + 1))].strip() and behind >= 0:
            finish = behind
        return finish + 1

    def _line_above(self, line: int) -> int | None:
        """Where the line with words before a line begins; None where there is none."""
        finish = len(self.grammar.text[max(line - _WIDE, 0) : line].rstrip()) + max(line - _WIDE, 0)
        return self.grammar.text.rfind("\n", 0, finish) + 1 if line and finish else None

    def _states(self, line: int) -> list[str]:
        """What each cell of a line says of a time: free, taken, a cross, nothing, or something else."""
        text, words = self.grammar.text, self.context.words
        finish = text.find("\n", line)
        cells = text[line : finish if finish >= 0 else len(text)].lower().split("\t")
        return [_state(cell.strip(" .!*"), words.free, words.taken) for cell in cells]

    def _marks(self, line: int) -> frozenset[str]:
        """The states of the cells behind the first of the rows of a table around a line, and what its cross means."""
        if line not in self._tables:
            lines = self._table(line)
            found = {state for row in lines for state in self._states(row)[1:]} & {_FREE, _TAKEN, _CROSS}
            if _CROSS in found and self._crossed_out:
                found = found - {_CROSS} | {_TAKEN}
            self._tables |= dict.fromkeys(lines, frozenset(found))
        return self._tables.get(line, frozenset())

    def _table(self, line: int) -> list[int]:
        """Where the rows of the table around a line begin."""
        first = line
        while (above := self._line_above(first)) is not None and "\t" in self.grammar.text[above:first]:
            first = above
        lines = [first]
        while (below := self._line_below(lines[-1])) and self._cells(below) > 1:
            lines.append(below)
        return lines

    @cached_property
    def _tables(self) -> dict[int, frozenset[str]]:
        return {}

    @cached_property
    def _crossed_out(self) -> bool:
        """True where the text says that a cross is for what is gone: "X = bereits vergeben"."""
        legend = _LEGEND.search(self.grammar.text)
        words = legend[1].lower() if legend is not None else ""
        return any(word in words for word in self.context.words.taken if word.isalpha() and len(word) >= _MEANT)

    def _cell(self, atom: Atom) -> tuple[int, int] | None:
        """(line, column) of an atom, where its line has cells (tabs)."""
        text = self.grammar.text
        at = self.grammar.tokens[atom.first].start
        begin = text.rfind("\n", 0, at) + 1
        finish = text.find("\n", at)
        row = text[begin : finish if finish >= 0 else len(text)]
        if "\t" not in row:  # a row whose other cells are empty
            above = text[text.rfind("\n", 0, begin - 1) + 1 : begin] if begin else ""
            return (begin, 0) if "\t" in above and not text[begin:at].strip() else None
        return begin, text.count("\t", begin, at)
