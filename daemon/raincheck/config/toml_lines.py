"""On which line each key of a TOML document stands. The document is known to be valid: tomllib has read it."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""
    (?P<skip>[ \t\r]+|\#[^\n]*)
  | (?P<newline>\n)
  | (?P<text>\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
  | (?P<mark>[\[\]{}=,.])
  | (?P<bare>[^\s\[\]{}=,.\#"']+)
    """,
    re.VERBOSE | re.DOTALL,
)


class _Tokens:
    """The document's tokens with one to look ahead, and the line of the current one."""

    def __init__(self, text: str) -> None:
        self._matches = (m for m in _TOKEN.finditer(text) if m.lastgroup != "skip")
        self.line = 1
        self._next_line = 1
        self.kind: str | None = None
        self.text = ""
        self.advance()

    def advance(self) -> None:
        found = next(self._matches, None)
        self.line = self._next_line
        self.kind, self.text = (found.lastgroup, found.group()) if found else (None, "")
        self._next_line += self.text.count("\n")

    def take(self, mark: str) -> bool:
        if self.kind == "mark" and self.text == mark:
            self.advance()
            return True
        return False

    def skip_newlines(self) -> None:
        while self.kind == "newline":
            self.advance()


def key_lines(text: str) -> dict[Path, int]:
    """The 1-based line of every table, key and array element, by its path, e.g. ("rule", 0, "when", "role")."""
    tokens = _Tokens(text)
    lines: dict[Path, int] = {}
    arrays: dict[Path, int] = {}
    table: Path = ()
    while tokens.kind is not None:
        if tokens.kind == "newline":
            tokens.advance()
            continue
        line = tokens.line
        if tokens.take("["):
            table = _header(tokens, arrays)
            for length in range(1, len(table) + 1):
                lines.setdefault(table[:length], line)
        else:
            lines.update(_pair(tokens, table))
    return lines


def _header(tokens: _Tokens, arrays: dict[Path, int]) -> Path:
    """[a.b] or [[a.b]], the first bracket taken; names on the way that are arrays of tables mean their last one."""
    is_array = tokens.take("[")
    path: Path = ()
    names = _key(tokens)
    for place, name in enumerate(names):
        path = (*path, name)
        if place == len(names) - 1 and is_array:
            arrays[path] = arrays.get(path, -1) + 1
        if path in arrays:
            path = (*path, arrays[path])
    while tokens.take("]"):
        pass
    return path


def _key(tokens: _Tokens) -> list[str]:
    names: list[str] = []
    while True:
        names.append(_name(tokens.text))
        tokens.advance()
        if not tokens.take("."):
            return names


def _name(token: str) -> str:
    if token[:1] in "\"'":
        return str(tomllib.loads(f"x = {token}")["x"])
    return token


def _pair(tokens: _Tokens, table: Path) -> Iterator[tuple[Path, int]]:
    line = tokens.line
    path = (*table, *_key(tokens))
    for length in range(len(table) + 1, len(path) + 1):
        yield path[:length], line
    tokens.take("=")
    yield from _value(tokens, path)


def _value(tokens: _Tokens, path: Path) -> Iterator[tuple[Path, int]]:
    if tokens.take("["):
        place = 0
        tokens.skip_newlines()
        while not tokens.take("]"):
            yield (*path, place), tokens.line
            yield from _value(tokens, (*path, place))
            place += 1
            tokens.skip_newlines()
            tokens.take(",")
            tokens.skip_newlines()
    elif tokens.take("{"):
        tokens.skip_newlines()
        while not tokens.take("}"):
            yield from _pair(tokens, path)
            tokens.take(",")
            tokens.skip_newlines()
    else:
        # a scalar: a string, or bare parts joined by dots (1.5) or a blank (2026-12-01 09:00)
        while tokens.kind in ("text", "bare") or (tokens.kind == "mark" and tokens.text == "."):
            tokens.advance()


def nearest_line(lines: dict[Path, int], path: Path) -> int | None:
    """The line of the path, or of the nearest table around it."""
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), None)
