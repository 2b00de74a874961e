"""Bytes -> the parts of a mail (RFC 2045, 2046, 5322), in bounded time and memory on anything.

A reader of its own for the framing alone: it cuts before anything is decoded or built, splits at boundaries with one
search a level, and keeps no part that nobody reads. Parameters of headers are read by `email.message`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import Message as HeaderReader
from typing import TYPE_CHECKING

from raincheck.core.decode import decode_header, decode_text, decode_transfer
from raincheck.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_RAW = 16 * 1024 * 1024
MAX_HEADER_BYTES = 64 * 1024
MAX_HEADER_VALUE = 8 * 1024
MAX_HEADERS = 500
MAX_PARTS = 200
MAX_DEPTH = 50
MAX_ENCODED = 1024 * 1024  # of one part that is decoded

_BLANK_LINE = re.compile(rb"\r\n\r\n|\n\n|\r\r(?!\n)|\n\r\n")
_FIELD = re.compile(rb"^([!-9;-~]{1,200})[ \t]*:(.*)$", re.DOTALL)
_FIELD_START = re.compile(rb"(?m)^[!-9;-~]{1,200}[ \t]*:")


@dataclass(slots=True)
class Part:
    """One entity: its headers (lower-case names, raw values in order) and either children or an encoded body."""

    headers: list[tuple[str, bytes]]
    body: bytes = b""
    content_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)  # of Content-Type, lower-case names
    disposition: str = ""
    filename: str = ""
    children: list[Part] = field(default_factory=list)

    def header(self, name: str) -> bytes | None:
        """The first raw value of a header, given in lower case."""
        return next((value for key, value in self.headers if key == name), None)

    def all(self, name: str) -> Iterator[bytes]:
        """Every raw value of a header, from the top."""
        return (value for key, value in self.headers if key == name)

    def content(self) -> bytes:
        """The decoded bytes, of at most `MAX_ENCODED` encoded ones."""
        encoding = decode_header(self.header("content-transfer-encoding") or b"").partition(";")[0]
        return decode_transfer(self.body[:MAX_ENCODED], encoding)

    def text(self) -> str:
        """The decoded text."""
        return decode_text(self.content(), self.parameters.get("charset"))

    def walk(self) -> Iterator[Part]:
        """This part and all below it, in reading order; forwarded messages are not entered."""
        todo = [self]
        while todo:
            part = todo.pop()
            yield part
            if part.content_type != "message/rfc822":
                todo.extend(reversed(part.children))


@dataclass(slots=True)
class _Budget:
    """What is left for one mail, however deep it is nested."""

    parts: int = MAX_PARTS
    defects: list[str] = field(default_factory=list)

    def tell(self, defect: str) -> None:
        if defect not in self.defects:
            self.defects.append(defect)


def parse(raw: bytes) -> tuple[Part, tuple[str, ...]]:
    """The tree of a mail, and what was cut from it, in words.

    Raises:
        Unreadable: the bytes hold no header line at all.
    """
    budget = _Budget()
    if len(raw) > MAX_RAW:
        budget.tell(f"only the first {MAX_RAW} bytes were read")
        raw = raw[:MAX_RAW]
    raw = raw.lstrip(b"\r\n \t\0")
    if raw.startswith((b"From ", b">From ")):
        raw = re.split(rb"\r\n|\n|\r", raw, maxsplit=1)[-1]  # the separator line of an mbox file
    if not raw:
        raise Unreadable("This is no mail: there is nothing in it.")
    if not _FIELD_START.match(raw):
        raise Unreadable("This is no mail: it does not begin with a header line such as “From: …” (RFC 5322, 2.2).")
    return _entity(raw, budget, depth=0, default="text/plain"), tuple(budget.defects)


def _entity(raw: bytes, budget: _Budget, depth: int, default: str) -> Part:
    head, body = _split(raw)
    part = Part(_headers(head, budget), body, default)
    _describe(part, default)
    if depth >= MAX_DEPTH:
        if part.content_type.startswith(("multipart/", "message/")):
            budget.tell(f"parts deeper than {MAX_DEPTH} levels were left out")
            part.body = b""
        return part
    if part.content_type.startswith("multipart/"):
        boundary = part.parameters.get("boundary", "")
        bodies = _bodies(body, boundary, budget)
        part.body = b"" if bodies else body
        inner = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        part.children = [_entity(item, budget, depth + 1, inner) for item in bodies]
    elif part.content_type == "message/rfc822":
        if budget.parts > 0:
            budget.parts -= 1
            part.children = [_entity(part.content().lstrip(b"\r\n"), budget, depth + 1, "text/plain")]
        part.body = b""
    return part


def _split(raw: bytes) -> tuple[bytes, bytes]:
    """Header and body; an entity without header begins with an empty line."""
    if raw[:1] == b"\n" or raw[:2] == b"\r\n":
        return b"", raw[2:] if raw[:1] == b"\r" else raw[1:]
    found = _BLANK_LINE.search(raw)
    return (raw, b"") if found is None else (raw[: found.start()], raw[found.end() :])


def _headers(head: bytes, budget: _Budget) -> list[tuple[str, bytes]]:
    """The header fields, unfolded, each and all together capped; lines that are none are left out."""
    if len(head) > 16 * MAX_HEADER_BYTES:
        budget.tell("the header was cut")
        head = head[: 16 * MAX_HEADER_BYTES]
    fields: list[list[bytes]] = []
    sizes: list[int] = []
    for line in head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            if fields and sizes[-1] < MAX_HEADER_VALUE:
                fields[-1].append(line)
                sizes[-1] += len(line)
        elif len(fields) < MAX_HEADERS:
            fields.append([line])
            sizes.append(len(line))
    headers: list[tuple[str, bytes]] = []
    left = MAX_HEADER_BYTES
    for lines in fields:
        found = _FIELD.match(b" ".join(lines))
        if found is None:
            continue
        value = found[2].strip()
        if len(value) > MAX_HEADER_VALUE or len(value) > left:
            budget.tell("the header was cut")
            value = value[: min(MAX_HEADER_VALUE, left)]
        left -= len(value)
        headers.append((found[1].decode("ascii").lower(), value))
    return headers


def _describe(part: Part, default: str) -> None:
    """Content-Type and Content-Disposition (RFC 2183, 2231), by the reader of the standard library."""
    reader = HeaderReader()
    for name in ("content-type", "content-disposition"):
        value = part.header(name)
        if value is not None:
            reader[name] = re.sub(r"[\r\n\0]", " ", decode_text(value[:2000], None))
    try:
        part.content_type = reader.get_content_type() if "content-type" in reader else default
        part.parameters = {key.lower(): _plain(value) for key, value in (reader.get_params() or [])[1:51]}
        part.disposition = reader.get_content_disposition() or ""
        part.filename = decode_header(reader.get_filename() or "")
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError):
        part.content_type = default


def _plain(value: str | tuple[str | None, str | None, str]) -> str:
    """A parameter's value; RFC 2231 makes a triple of it."""
    if isinstance(value, tuple):
        return decode_text(value[2].encode("latin-1", "replace"), value[0])
    return value


def _bodies(body: bytes, boundary: str, budget: _Budget) -> list[bytes]:
    """The raw entities between the boundary lines (RFC 2046, 5.1.1); a missing last line is no harm."""
    if not boundary:
        return []
    line = re.escape(boundary.strip()[:200].encode("utf-8", "surrogateescape"))
    pattern = re.compile(rb"(?:^|\r\n|\n|\r)--" + line + rb"(--)?[ \t]*(?=\r|\n|$)")
    bodies: list[bytes] = []
    start: int | None = None
    for found in pattern.finditer(body):
        if start is not None:
            bodies.append(_after_line(body[start : found.start()]))
            start = None
        if found[1]:
            break
        if budget.parts <= 0:
            budget.tell(f"parts after the first {MAX_PARTS} were left out")
            break
        budget.parts -= 1
        start = found.end()
    if start is not None:
        bodies.append(_after_line(body[start:]))
    return bodies


def _after_line(raw: bytes) -> bytes:
    """Without the line end of the boundary line itself."""
    if raw.startswith(b"\r\n"):
        return raw[2:]
    return raw[1:] if raw[:1] in (b"\n", b"\r") else raw
