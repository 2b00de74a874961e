"""format=flowed (RFC 3676): paragraphs as lines of at most 72 columns that any mail client joins again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")  # all but tab and line feed
WIDTH = 72  # columns of a flowed line (RFC 3676, 4.2: at most 78)
_LINE_OCTETS = 900  # RFC 5322, 2.1.1 allows 998
_SIGNATURE = "-- "


def flow(body: str, quote: str = "") -> str:
    """Body and quoted original as format=flowed lines of at most 72 columns where words allow it; ends in a line end.

    Lines of the body are literal; lines of the quote that begin with ">" are quoted lines.
    """
    lines = [piece for line in _lines(body) for piece in _flow_line(0, line)]
    if quote:
        lines.append("")
        for line in _lines(quote):
            depth, text = _depth(line)
            lines.extend(_flow_line(depth, text))
    return "\n".join(lines) + "\n"


def unflow(text: str) -> str:
    """The text that a format=flowed body says: one line a paragraph, quoted ones with as many ">" and a space."""
    out: list[str] = []
    open_depth: int | None = None  # of the paragraph that goes on in the next line
    for raw in text.replace("\r\n", "\n").removesuffix("\n").split("\n"):
        depth = len(raw) - len(raw.lstrip(">"))
        line = raw[depth:].removeprefix(" ")
        flowed = line.endswith(" ") and line != _SIGNATURE
        if open_depth == depth and line != _SIGNATURE:
            out[-1] += line
        else:
            out.append((">" * depth + " " + line).rstrip(" ") if depth and not flowed else _quoted(depth, line))
        open_depth = depth if flowed else None
    return "\n".join(out)


def _quoted(depth: int, line: str) -> str:
    return f"{'>' * depth} {line}" if depth else line


def _lines(text: str) -> list[str]:
    """Clean lines without trailing spaces; only the signature's dashes keep theirs (RFC 3676, 4.3)."""
    clean = CONTROL.sub("", text.replace("\r\n", "\n").replace("\t", "    "))
    return [line if line == _SIGNATURE else line.rstrip(" ") for line in clean.split("\n")]


def _depth(line: str) -> tuple[int, str]:
    depth = len(line) - len(line.lstrip(">"))
    return depth, line[depth:].removeprefix(" ") if depth else line


def _flow_line(depth: int, line: str) -> Iterator[str]:
    room = WIDTH - depth - 1
    while len(line) > room:
        cut = _break(line, room)
        if cut is None:
            break
        yield _stuffed(depth, line[:cut])
        line = line[cut:]
    yield _stuffed(depth, line)


def _break(line: str, room: int) -> int | None:
    """Where to cut: after the last space that fits, else after the first one, else (a monster of a word) anywhere."""
    at = line.rfind(" ", 1, room)
    if at < 0:
        at = line.find(" ", room)
    if at < 0 or at > _LINE_OCTETS // 4:
        return _LINE_OCTETS // 4 if len(line) > _LINE_OCTETS // 4 else None
    if line[: at + 1] == _SIGNATURE:  # would look like the dashes of a signature
        at = line.find(" ", at + 1)
    return at + 1 if 0 <= at < len(line) - 1 else None


def _stuffed(depth: int, line: str) -> str:
    if depth:
        return f"{'>' * depth} {line}" if line else ">" * depth
    return f" {line}" if line.startswith((" ", ">", "From ")) else line
