"""Tables in plain text: drawn with strokes, or set in columns with spaces. Their cells get tabs as those of HTML have.

Every character keeps its place, so that what is found can be quoted from the mail as it stands.
"""

from __future__ import annotations

import re

_STROKES = re.compile(r"^[ \t]*\|(?:[^|\n]{0,80}\|){2,12}[ \t]*$", re.MULTILINE)
_GAP = re.compile(r"(?<=\S)[ ]{2,60}(?=\S)")
_ROWS = 3  # lines that make columns
_CELLS = 3  # of each of them
_MAX_ROW = 200  # characters


def with_tabs(text: str) -> str:
    """The text with a tab at each border between the cells of its tables."""
    text = _STROKES.sub(lambda row: row[0].replace("|", "\t"), text)
    lines = text.split("\n")
    run: list[int] = []
    for number in range(len(lines) + 1):
        if number < len(lines) and _is_row(lines[number]):
            run.append(number)
            continue
        if len(run) >= _ROWS:
            for row in run:
                lines[row] = _GAP.sub(lambda gap: "\t" + gap[0][1:], lines[row])
        run = []
    return "\n".join(lines)


def _is_row(line: str) -> bool:
    return len(line) <= _MAX_ROW and "\t" not in line and len(_GAP.findall(line)) >= _CELLS - 1
