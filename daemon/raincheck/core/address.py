"""Address headers -> addresses (RFC 5322, 3.4), tolerant of what real mailers write and linear on what attackers do."""

from __future__ import annotations

import re

from raincheck.core.decode import decode_header, one_line
from raincheck.core.model import Address

MAX_ADDRESSES = 100
_MAX_LENGTH = 64 * 1024

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>]*>|[,;:()]|[^",;:()<]+|["<>]', re.DOTALL)
_ADDR_SPEC = re.compile(r"^(?:[^\s@<>()\[\]\\,;:\"]{1,64}|\"[^\"\\\r\n]{1,62}\")@[^\s@<>()\\,;:\"]{1,253}$")
_BARE = re.compile(r"(?:^|\s)([^\s@<>()\[\]\\,;:\"]{1,64}@[^\s@<>()\\,;:\"]{1,253})(?:\s|$)")


def parse_addresses(header: str) -> tuple[Address, ...]:
    """The mailboxes of an address header, at most `MAX_ADDRESSES`; what is no address is left out.

    Encoded words are decoded after the commas were read, so that a decoded name never makes a second address.
    An unquoted comma in a name ("Beck, Anna <anna@example.org>") is taken as part of the name.
    """
    found: list[Address] = []
    for name, comment, addr in _pieces(header[:_MAX_LENGTH]):
        if len(found) >= MAX_ADDRESSES:
            break
        display = decode_header(name).strip("\"' ") or decode_header(comment)
        if display.lower() == addr.lower():
            display = ""
        found.append(Address(display[:200], addr))
    return tuple(found)


def _pieces(header: str) -> list[tuple[str, str, str]]:
    """(phrase, comment, addr-spec) of each mailbox, as written."""
    pieces: list[tuple[str, str, str]] = []
    phrase: list[str] = []
    comment: list[str] = []
    angle = ""
    depth = 0

    def finish() -> bool:
        """Ends a mailbox at a comma; false when only the first half of "Beck, Anna" was seen."""
        nonlocal angle
        words = "".join(phrase)
        addr = angle or _bare(words)
        if addr and len(pieces) <= MAX_ADDRESSES:
            pieces.append((words if angle else "", "".join(comment), addr))
        elif not addr:
            return False
        phrase.clear()
        comment.clear()
        angle = ""
        return True

    for mark in _TOKEN.findall(header):
        if mark == "(":
            depth += 1
        elif mark == ")":
            depth = max(depth - 1, 0)
        elif depth:
            comment.append(mark)
        elif mark == ";" or (mark == "," and not finish()):
            if mark == ";":
                finish()
                phrase.clear()
            else:
                phrase.append(", ")
        elif mark == ":":
            if not angle:
                phrase.clear()  # the name of a group, or "mailto"
        elif mark.startswith("<") and len(mark) > 1:
            angle = _spec(mark[1:-1]) or angle
        elif mark.startswith('"') and len(mark) > 1:
            phrase.append(re.sub(r"\\(.)", r"\1", mark[1:-1]) if "@" not in mark or angle else mark)
        elif mark != ",":
            phrase.append(mark)
    finish()
    return pieces


def _spec(text: str) -> str:
    """A clean addr-spec, or ""; a source route is left out (RFC 5322, 4.4)."""
    addr = one_line(text).removeprefix("mailto:").strip("'\" ")
    if addr.startswith("@"):
        addr = addr.rpartition(":")[2]
    return addr if _ADDR_SPEC.match(addr) else ""


def _bare(words: str) -> str:
    if "@" not in words:
        return ""
    found = _BARE.findall(one_line(words))
    return found[0].strip("'") if found else ""
