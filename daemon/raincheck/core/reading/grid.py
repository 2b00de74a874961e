"""Tables in plain text: drawn with strokes, or set in columns with spaces. Their cells get tabs as those of HTML have.

Every character keeps its place, so that what is found can be quoted from the mail as it stands.
"""

from __future__ import annotations

import re

_STROKES = re.compile(r"^[ \t]*\|(?:[^|\n]{0,80}\|){2,12}[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"\n[ \t]*[|+:]?[-=–—]{2,80}:?(?:[|+:]+[-=–—:]{2,80}){1,12}[|+]?[ \t]*(?=\n)")
_OPEN = re.compile(r"^[^|\n]{0,80}(?:\|[^|\n]{0,80}){2,12}$", re.MULTILINE)
_BARE = re.compile(
    r"(?:^[^|\n]{0,40}(?:\|[^|\n]{0,40}){2,12}(?:\n|\Z)){2,40}", re.MULTILINE
)  # no rule, no strokes at the ends
_COMMAS = re.compile(r"(?:^[^,\n]{0,24}(?:,(?! )[^,\n]{0,24}){2,12}(?:\n|\Z)){2,40}", re.MULTILINE)
_GAP = re.compile(r"(?<=\S)[ ]{2,60}(?=\S)")
_ROWS = 3  # lines that make columns
_CELLS = 3  # of each of them
_MAX_ROW = 200  # characters
_APART = " " * 2  # between columns at least
_EMPTY = " " * 4  # begins the head above the names of rows


def with_tabs(text: str) -> str:
    """The text with a tab at each border between the cells of its tables."""
    ruled = _RULE.sub(lambda rule: " " * len(rule[0]), text)
    if "|" in text:
        drawn = _STROKES.sub(_cells, ruled)
        drawn = _OPEN.sub(lambda row: row[0].replace("|", "\t"), drawn) if ruled != text else drawn
        ruled = _BARE.sub(_even, drawn)
    text = _COMMAS.sub(_even, ruled)
    if _APART not in text:
        return text  # most
    lines = text.split("\n")
    run: list[int] = []
    for number in range(len(lines) + 1):
        if number < len(lines) and _is_row(lines[number]):
            run.append(number)
            continue
        if len(run) >= _ROWS or len({len(_GAP.findall(lines[row])) for row in run}) == 1 < len(run):
            for row in run:
                lines[row] = _GAP.sub(lambda gap: "\t" + gap[0][1:], lines[row])
        run = []
    return "\n".join(lines)


def _even(rows: re.Match[str]) -> str:
    """The rows with a tab between their cells, where all have as many."""
    sign = "|" if "|" in rows[0] else ","
    if rows[0].lstrip().startswith("|") or len({row.count(sign) for row in rows[0].splitlines()}) > 1:
        return rows[0]
    return rows[0].replace(sign, "\t")


def _cells(row: re.Match[str]) -> str:
    """The row with a tab between its cells; the strokes at its ends are no border between two."""
    first, last = row[0].index("|"), row[0].rindex("|")
    inner = row[0][first + 1 : last].replace("|", "\t")
    return f"{row[0][:first]} {inner} {row[0][last + 1 :]}"


def _is_row(line: str) -> bool:
    if _APART not in line or len(line) > _MAX_ROW or "\t" in line:
        return False
    return len(_GAP.findall(line)) + line.startswith(_EMPTY) >= _CELLS - 1
