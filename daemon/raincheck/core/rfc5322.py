"""Reply ↔ bytes: how a letter lies in Drafts, and what of it leaves when it is sent (RFC 5322, 2045-2047, 3676, 6047).

The form is the one that survives every mail client: one text/plain part, 8bit, format=flowed, In-Reply-To and
References both there. Nothing that came from a mail can reach a header unseen: names and subjects are encoded by the
library or kept within printable ASCII, identifiers must look like identifiers.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address as HeaderAddress
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from email.utils import format_datetime, getaddresses
from typing import TYPE_CHECKING

from raincheck.core.flowed import CONTROL
from raincheck.core.flowed import flow as flow
from raincheck.core.flowed import unflow as unflow
from raincheck.core.html import html_to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from email.message import Message as Part

    from raincheck.core.model import Address, Reply

CASE_HEADER = "X-Raincheck-Case"
_FOLD = 72  # columns of a header line
_LONG_NAME = 450  # from here on a display name is encoded, so that no line grows beyond 998 octets
_MAX_REFERENCES = 30
_MAX_TEXT = 256 * 1024  # characters of a draft that are compared

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")


# --- letter to bytes ----------------------------------------------------------------------------------------------


def to_bytes(reply: Reply, *, message_id: str, date: datetime, headers: Mapping[str, str] | None = None) -> bytes:
    """The letter as a message with CRLF line ends. `headers` are further ones of our own, printable ASCII."""
    return text_message(
        from_=reply.from_,
        to=reply.to,
        cc=reply.cc,
        subject=reply.subject,
        body=reply.body,
        quote=reply.quote,
        in_reply_to=reply.in_reply_to,
        references=reply.references,
        message_id=message_id,
        date=date,
        headers=headers,
    )


def text_message(
    *,
    from_: Address,
    to: Iterable[Address],
    subject: str,
    body: str,
    message_id: str,
    date: datetime,
    cc: Iterable[Address] = (),
    quote: str = "",
    in_reply_to: str | None = None,
    references: Iterable[str] = (),
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A message of one text/plain part, 8bit and format=flowed, with CRLF line ends."""
    text = flow(body, quote)
    fields = [
        ("From", _mailboxes([from_])),
        ("To", _mailboxes(to)),
        ("Cc", _mailboxes(cc)),
        ("Subject", _unstructured(subject, "Subject")),
        ("Date", format_datetime(date)),
        ("Message-ID", _single_id(message_id)),
        ("In-Reply-To", "".join(message_ids(in_reply_to or "")[:1])),
        ("References", "\r\n ".join(_bounded(references))),
        *((_field_name(name), _plain_value(value)) for name, value in (headers or {}).items()),
        ("MIME-Version", "1.0"),
        ("Content-Type", 'text/plain; charset="utf-8"; format=flowed'),
        ("Content-Transfer-Encoding", "7bit" if text.isascii() else "8bit"),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields if value)
    return (head + "\r\n" + text.replace("\n", "\r\n")).encode()


def new_message_id(domain: str, token: str) -> str:
    """A Message-ID of random letters at a domain; it tells nothing else (no host, no time)."""
    return f"<{re.sub(r'[^A-Za-z0-9]', '', token)}@{re.sub(r'[^A-Za-z0-9.-]', '', domain) or 'localhost'}>"


def message_ids(value: str) -> tuple[str, ...]:
    """Every well-formed identifier of a Message-ID, In-Reply-To or References value, each once, in order."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(value)))


def _bounded(references: Iterable[str]) -> tuple[str, ...]:
    """At most 30 identifiers: the root of the thread and the latest ones (RFC 5537, 3.4.4 cuts the same way)."""
    ids = message_ids(" ".join(references))
    return ids if len(ids) <= _MAX_REFERENCES else (ids[0], *ids[-_MAX_REFERENCES + 1 :])


def _single_id(value: str) -> str:
    if not _MESSAGE_ID.fullmatch(value):
        raise ValueError("a Message-ID that is none")
    return value


def _plain_value(value: str) -> str:
    if not re.fullmatch(r"[ -~]{1,900}", value):
        raise ValueError("a header value of our own that is not printable ASCII")
    return value


def _field_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,60}", name):
        raise ValueError("a header name of our own that is none")
    return name


def _mailboxes(addresses: Iterable[Address]) -> str:
    return ",\r\n ".join(_mailbox(address) for address in addresses)


def _mailbox(address: Address) -> str:
    """One mailbox (RFC 5322, 3.4): the name quoted or encoded, so that nothing in it can become an address."""
    name = _one_line(address.display_name)
    if name.isascii() and "=?" not in name and len(name) <= _LONG_NAME:
        return str(HeaderAddress(name, addr_spec=address.addr_spec))
    return f"{_encoded_words(name, 'Cc')} <{HeaderAddress(addr_spec=address.addr_spec)}>"


def _unstructured(text: str, name: str) -> str:
    """A one-line text as an unstructured field (RFC 5322, 2.2.1), folded at spaces or encoded (RFC 2047)."""
    text = _one_line(text)
    if not text.isascii() or "=?" in text or max(map(len, text.split(" "))) > _FOLD:
        return _encoded_words(text, name)
    lines, current = [], f"{name}: "
    for word in text.split(" "):
        if len(current) + len(word) > _FOLD and current.strip():
            lines.append(current.rstrip(" "))
            current = ""
        current += word + " "
    lines.append(current.rstrip(" "))
    return "\r\n ".join(lines).removeprefix(f"{name}:").lstrip(" ")


def _encoded_words(text: str, name: str) -> str:
    return Header(text, "utf-8", header_name=name, maxlinelen=75).encode(linesep="\r\n")


def _one_line(text: str) -> str:
    return " ".join(CONTROL.sub(" ", text).split())


# --- what is in a draft -------------------------------------------------------------------------------------------


def digest(raw: bytes) -> str:
    """SHA-256 (hex) of what matters in a draft: From, To, Cc, Bcc, Subject, how the body is coded, and the body."""
    wanted = (b"from", b"to", b"cc", b"bcc", b"subject", b"content-type", b"content-transfer-encoding")
    fields, body = _split(raw)
    total = hashlib.sha256()
    for name, field in fields:
        if name in wanted:
            total.update(name + b":" + b" ".join(field.partition(b":")[2].split()) + b"\n")
    total.update(b"\n" + body)
    return total.hexdigest()


def visible_text(raw: bytes) -> str:
    """What the writer of a draft wrote: its text without the quoted original; "" when there is none to read."""
    try:
        message = BytesParser(policy=compat32).parsebytes(raw)
        part = _text_part(message)
    except (ValueError, LookupError, RecursionError, AttributeError, IndexError):
        return ""
    if part is None:
        return ""
    text = _decoded(part)[:_MAX_TEXT]
    if part.get_content_subtype() == "html":
        lines = html_to_text(text).text.split("\n")
    else:
        flowed = str(part.get_param("format", "")).lower() == "flowed"
        lines = (unflow(text) if flowed else text.replace("\r\n", "\n")).split("\n")
    return "\n".join(_unquoted(lines)).strip()


def _unquoted(lines: Iterable[str]) -> list[str]:
    """The lines without quoted ones, and without the line that introduces them ("On Monday, Dana wrote:")."""
    kept: list[str] = []
    inside = False
    for line in lines:
        if not line.startswith(">"):
            kept.append(line)
        elif not inside:
            while kept and not kept[-1].strip():
                kept.pop()
            if kept and kept[-1].rstrip().endswith(":"):
                kept.pop()
        inside = line.startswith(">")
    return kept


def similarity(ours: str, theirs: str) -> float:
    """The share of our sentences (0-1) that still stands in another text, whatever the line breaks; 0.0 for none."""
    sentences = {" ".join(s.split()) for s in re.split(r"(?<=[.!?:,])\s+|\n\s*\n", ours[:_MAX_TEXT])} - {""}
    rest = " ".join(theirs[:_MAX_TEXT].split())
    return sum(sentence in rest for sentence in sentences) / len(sentences) if sentences else 0.0


def _text_part(message: Part) -> Part | None:
    leaves = [part for part in message.walk() if not part.is_multipart() and not part.get_filename()]
    kinds = [part.get_content_type() for part in leaves]
    wanted = next((kind for kind in ("text/plain", "text/html") if kind in kinds), None)
    return leaves[kinds.index(wanted)] if wanted else None


def _decoded(part: Part) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data.decode(str(part.get_content_charset() or "utf-8"), "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


# --- what is sent -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An approved draft, ready to leave: the envelope's recipients, the message, and the copy for Sent (with Bcc)."""

    recipients: tuple[str, ...]
    raw: bytes
    filed: bytes


# What mail clients and raincheck itself leave in a draft for their own use; a recipient has no business with it.
_PRIVATE = (
    b"x-raincheck-", b"x-mozilla-", b"x-mutt-", b"x-evolution-", b"x-kmail-", b"x-claws-", b"x-sylpheed-", b"x-apple-",
    b"x-aerc-", b"x-gm-", b"x-enigmail-", b"x-draft-", b"x-k9mail-", b"x-balsa-", b"autocrypt-draft-", b"resent-",
)  # fmt: skip
_DROPPED = frozenset(
    (b"bcc", b"fcc", b"gcc", b"x-fcc", b"x-reply-uid", b"x-identity-key", b"x-account-key", b"user-agent", b"x-mailer",
     b"x-uidl", b"x-keywords", b"x-status", b"status", b"x-universally-unique-identifier", b"x-uniform-type-identifier",
     b"return-path", b"delivered-to", b"received", b"message-id", b"date", b"x-unsent")
)  # fmt: skip


def for_sending(raw: bytes, *, message_id: str, date: datetime) -> Outgoing:
    """What leaves after approval: the draft exactly as it stands, without private headers, under a new Message-ID.

    Bcc stays in the envelope and in the copy for Sent alone. The body is kept byte for byte.
    """
    fields, body = _split(raw)
    end = b"\r\n" if b"\r\n" in raw[:65536] else b"\n"
    kept = [field for name, field in fields if name not in _DROPPED and not name.startswith(_PRIVATE)]
    blind = [field for name, field in fields if name == b"bcc"]
    new = [f"Date: {format_datetime(date)}".encode() + end, f"Message-ID: {_single_id(message_id)}".encode() + end]
    return Outgoing(
        recipients=recipients(raw),
        raw=b"".join([*new, *kept]) + end + body,
        filed=b"".join([*new, *kept, *blind]) + end + body,
    )


def recipients(raw: bytes, names: Iterable[str] = ("To", "Cc", "Bcc")) -> tuple[str, ...]:
    """Every addr-spec of To, Cc and Bcc (or of the named fields), each once."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(_head(raw))
    values = [str(value) for name in names for value in headers.get_all(name, [])]
    return tuple(dict.fromkeys(address for _, address in getaddresses(values) if "@" in address))


def recipients_are_clear(raw: bytes) -> bool:
    """True when every entry of To, Cc and Bcc is an address: one that is dropped silently would be a broken promise."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(_head(raw))
    values = [str(value) for name in ("To", "Cc", "Bcc") for value in headers.get_all(name, [])]
    entries = [entry for entry in getaddresses(values) if entry != ("", "")]
    return bool(entries) and all("@" in address for _, address in entries)


def with_itip(raw: bytes, calendar: bytes, *, boundary: str, method: str = "REPLY") -> bytes:
    """The message with its calendar answer beside the text, as RFC 6047 (2.4, 4.2) wants it: multipart/alternative.

    Only for a message whose body is still the single text part that we wrote; `boundary` is random.
    """
    if not re.fullmatch(r"[A-Za-z0-9]{8,60}", boundary):
        raise ValueError("a boundary must be 8 to 60 letters and digits")
    fields, body = _split(raw)
    part = [field for name, field in fields if name.startswith(b"content-")]
    kept = [field for name, field in fields if not name.startswith(b"content-")]
    mark = boundary.encode()
    text = calendar.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return b"".join(
        [
            *kept,
            b'Content-Type: multipart/alternative; boundary="' + mark + b'"\r\n\r\n',
            b"--" + mark + b"\r\n" + b"".join(part) + b"\r\n" + body + b"\r\n",
            b"--" + mark + b"\r\nContent-Type: text/calendar; method=" + method.encode() + b'; charset="UTF-8"\r\n',
            b"Content-Transfer-Encoding: " + (b"7bit" if text.isascii() else b"8bit") + b"\r\n\r\n",
            text + b"\r\n--" + mark + b"--\r\n",
        ]
    )


def _head(raw: bytes) -> bytes:
    end = re.search(rb"\r?\n\r?\n", raw)
    return raw[: end.end()] if end else raw


def _split(raw: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Header fields (name in lower case, the whole field with its folds and line ends) and the body."""
    head = _head(raw)
    fields: list[tuple[bytes, bytes]] = []
    for line in head.splitlines(keepends=True):
        if line[:1] in b" \t" and fields and line.strip():
            fields[-1] = (fields[-1][0], fields[-1][1] + line)
        elif b":" in line:
            fields.append((line.partition(b":")[0].strip().lower(), line))
    return fields, raw[len(head) :]
