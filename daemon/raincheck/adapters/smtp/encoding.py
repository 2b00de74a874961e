"""Fits a message to a server: which MAIL parameters it needs, and quoted-printable where 8 bits cannot pass."""

from __future__ import annotations

import quopri
import re
from email import message_from_bytes
from email.generator import BytesGenerator
from email.policy import compat32
from io import BytesIO
from typing import TYPE_CHECKING

from raincheck.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection
    from email.message import Message

    from raincheck.ports import Envelope

_LONGEST_LINE = 998  # RFC 5322, 2.1.1; some servers cut longer lines in two, in the middle of a character
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")


def fitted(message: bytes, envelope: Envelope, extensions: Collection[str]) -> tuple[bytes, list[str]]:
    """The message with CRLF line ends as this server can carry it, and the parameters of MAIL FROM.

    `extensions` are the EHLO keywords in lower case. Raises Refused where an address or a header field needs SMTPUTF8
    (RFC 6531) and the server lacks it: addresses cannot be encoded otherwise.
    """
    international = not (
        _header(message).isascii() and all(address.isascii() for address in (envelope.sender, *envelope.recipients))
    )
    if international and "smtputf8" not in extensions:
        raise Refused("an address or header field has letters outside ASCII, which this server cannot carry (SMTPUTF8)")
    too_long = any(len(line) > _LONGEST_LINE for line in message.splitlines())
    if too_long or not (message.isascii() or "8bitmime" in extensions):
        message = quoted_printable(message)
    message = re.sub(rb"\r?\n|\r", b"\r\n", message)
    parameters = ["SMTPUTF8"] if international else []
    parameters += [] if message.isascii() else ["BODY=8BITMIME"]
    parameters += [f"SIZE={len(message)}"] if "size" in extensions else []
    return message, parameters


def quoted_printable(message: bytes) -> bytes:
    """The same message with every 8-bit or over-long text part in quoted-printable (RFC 2045, 6.7).

    format=flowed (RFC 3676) goes: together with quoted-printable it loses spaces in some clients. The lines stay.
    """
    parsed = message_from_bytes(message, policy=compat32)
    for part in parsed.walk():
        if part.get("Content-Transfer-Encoding", "7bit").strip().lower() not in ("7bit", "8bit", "binary"):
            continue
        if part.is_multipart():
            del part["Content-Transfer-Encoding"]
        elif part.get_content_maintype() == "text":
            _encode_text(part)
    written = BytesIO()
    BytesGenerator(written, mangle_from_=False, policy=compat32.clone(max_line_length=None)).flatten(parsed)
    return written.getvalue()


def _encode_text(part: Message) -> None:
    payload = part.get_payload(decode=True)
    lines = (payload if isinstance(payload, bytes) else b"").replace(b"\r\n", b"\n").split(b"\n")
    if str(part.get_param("format", "")).lower() == "flowed":
        lines = [_fixed(line) for line in lines]
        part.del_param("format")
        part.del_param("delsp")
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(quopri.encodestring(b"\n".join(lines)).decode("ascii"))


def _fixed(line: bytes) -> bytes:
    """A line of format=flowed as one of format=fixed: unstuffed, without the space that says "goes on"."""
    line = line.removeprefix(b" ")
    return line if line == b"-- " else line.rstrip(b" ")


def _header(message: bytes) -> bytes:
    return _END_OF_HEADER.split(message, maxsplit=1)[0]
