"""Begin and end in two cells of a row, in a table without a head that would say so: "Tue 10 March | 10:00 | 10:45".

Two times in a row may as well be two to choose from. They are begin and end where every row has two, side by side and
each alone in its cell, where the second follows the first by as long as the talk takes, or in every row by as long, and
where nothing in the rows or above them tells otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.reading.context import Context, Stretch
    from raincheck.core.reading.offer import Time

_LONGEST = timedelta(hours=3)  # of a talk whose length nothing else tells
_ROWS = 2  # that show together what they are
_PAIR = 2  # times of a row


def ended_in_rows(context: Context, times: Sequence[Time], length: int | None) -> list[Time]:
    """The times, where those of a row that are begin and end are one; length: of the talk in minutes, if it is told."""
    ends: dict[int, Time] = {}  # id of a begin → its end
    for rows in _tables(context, times) if "\t" in context.text else ():
        if _begin_and_end(context, rows, length):
            ends |= {id(first): last for first, last in rows}
    gone = set(map(id, ends.values()))
    return [_joined(item, ends[id(item)]) if id(item) in ends else item for item in times if id(item) not in gone]


def _joined(first: Time, last: Time) -> Time:
    return replace(first, at=replace(first.at, end=last.at.end, has_end=True), end=last.start)


def _tables(context: Context, times: Sequence[Time]) -> Iterator[list[tuple[Time, Time]]]:
    """The tables in whose rows, from the first to the last, two times of one day stand side by side."""
    lines: dict[int, list[Time]] = {}
    for item in times:
        if item.at.has_clock:
            lines.setdefault(context.line_start(item.at), []).append(item)
    table: list[tuple[Time, Time]] = []
    whole, behind = True, -1
    for line, found in lines.items():
        if "\t" not in context.line(found[0].at):
            continue
        if line != behind:
            if table and whole:
                yield table
            table, whole = [], not context.is_row(line - 1)  # a row above without a clock is a head
        pair = _pair(context, line, found)
        whole = whole and pair is not None
        table += [pair] if pair is not None else []
        behind = context.text.find("\n", line) + 1
    if table and whole:
        yield table


def _pair(context: Context, line: int, found: Sequence[Time]) -> tuple[Time, Time] | None:
    """The two times of a row, where it has no others, names their day, and they stand alone in cells side by side."""
    if len(found) != _PAIR:
        return None
    first, last = found
    columns = [context.column(item.at.row) for item in found]
    alone = all(_fills(context, line, column, item.at) for item, column in zip(found, columns, strict=True))
    if not alone or columns[1] != columns[0] + 1 or first.at.has_end or last.at.has_end:
        return None
    if first.start is None or last.start is None or first.day != last.day or not first.start < last.start:
        return None
    named = first.at.named[0] if first.at.named is not None else first.at.start
    return (first, last) if line <= named and (first.at.has_date or first.at.named is not None) else None


def _fills(context: Context, line: int, column: int, at: Stretch) -> bool:
    """Whether a clock is all that stands in its cell."""
    cell = context.cell(line, column)
    return cell is not None and context.text[slice(*cell)].strip(" |\n") == context.text[at.row : at.end].strip()


def _begin_and_end(context: Context, rows: Sequence[tuple[Time, Time]], length: int | None) -> bool:
    """Whether the two times of each row of a table are begin and end."""
    lasting = {last.start - first.start for first, last in rows if first.start and last.start}
    if len(lasting) != 1 or context.says("starts_only"):
        return False
    if length is not None:
        return lasting == {timedelta(minutes=length)}
    begins = {first.start.time() for first, _ in rows if first.start}
    return len(rows) >= _ROWS and len(begins) > 1 and max(lasting) <= _LONGEST
