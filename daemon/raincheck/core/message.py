"""Bytes -> Message: a received mail as a reader sees it, with its segments.

Framing is `mime`, text is `decode`, `html`, `plaintext`, cutting is `segments`; here they meet, and here is
decided which part is read and whether a mail was written by a machine.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from raincheck.core import mime
from raincheck.core.address import parse_addresses
from raincheck.core.decode import clean, decode_header, decode_text, one_line
from raincheck.core.html import MAX_TEXT, html_to_text, tidy
from raincheck.core.model import (
    Address,
    Automatic,
    CalendarPart,
    Link,
    Message,
    MessageRef,
    Segment,
    SegmentKind,
)
from raincheck.core.plaintext import split_links, target, unwrap
from raincheck.core.segments import SegmentWords, cut
from raincheck.core.subject import strip_prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_CALENDARS = 10
MAX_CALENDAR_BYTES = 1024 * 1024
MAX_FORWARDED = 5
MAX_LINKS = 200
MAX_HEADERS = 200
MAX_REFERENCES = 100

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,990}>")
_HTML_TAG = re.compile(r"<(?:html|body|div|p|br|table|span)\b[^>]{0,500}>", re.IGNORECASE)
_TOKEN = re.compile(r"\w+")
_URLS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
_OWN_MARK = "raincheck"  # X-Loop of the notes that raincheck writes to the person


@dataclass(slots=True)
class _Body:
    """The visible text of one or more parts."""

    text: str = ""
    links: tuple[Link, ...] = ()
    html: bool = False

    def __bool__(self) -> bool:
        return bool(self.text.strip())


def parse_message(raw: bytes, ref: MessageRef | None = None, words: SegmentWords | None = None) -> Message:
    """What a reader sees of a mail; anything that is one is read, cut and cleaned where it must be.

    Times keep the offset of their header. `words` are the phrases that betray quotes, signatures and footers.

    Raises:
        Unreadable: the bytes are no mail at all.
    """
    root, defects = mime.parse(raw)
    return _message(root, defects, ref, words or SegmentWords())


def _message(root: mime.Part, defects: tuple[str, ...], ref: MessageRef | None, words: SegmentWords) -> Message:
    from_ = next(iter(_addresses(root, "from")), None)
    to = _addresses(root, "to")
    subject = _first(root, "subject")[:1000]
    date, date_defect = _date(root)
    body = _body(root)
    answers = bool(_ids(root, "in-reply-to") or _ids(root, "references")) or strip_prefixes(subject) != subject
    segments = _segments(root, body, words, from_, to, subject, date, answers=answers)
    return Message(
        message_id=_message_id(root),
        date=date,
        from_=from_,
        subject=subject,
        segments=segments,
        sender=next(iter(_addresses(root, "sender")), None),
        reply_to=_addresses(root, "reply-to"),
        to=to,
        cc=_addresses(root, "cc"),
        in_reply_to=_ids(root, "in-reply-to"),
        references=_ids(root, "references"),
        links=body.links,
        calendar_parts=_calendars(root),
        content_language=_language(root),
        automatic=_automatic(root, from_),
        authentication_results=tuple(decode_header(value) for value in root.all("authentication-results"))[:20],
        headers=tuple((name, decode_header(value)[:1000]) for name, value in root.headers[:MAX_HEADERS]),
        html=body.html,
        defects=defects + date_defect,
        fingerprint=_fingerprint(root, from_, subject),
        ref=ref,
    )


# --- headers ------------------------------------------------------------------------------------------------------


def _first(root: mime.Part, name: str) -> str:
    return decode_header(root.header(name) or b"")


def _addresses(root: mime.Part, name: str) -> tuple[Address, ...]:
    value = b", ".join(root.all(name))
    return parse_addresses(one_line(decode_text(value, None))) if value else ()


def _message_id(root: mime.Part) -> str | None:
    value = _first(root, "message-id")
    found = _MESSAGE_ID.search(value)
    if found is not None:
        return found[0]
    bare = re.sub(r"[<>\s]", "", value)[:990]
    return f"<{bare}>" if bare else None


def _ids(root: mime.Part, name: str) -> tuple[str, ...]:
    """The message ids of a header; of too many the first and the newest (RFC 5322, 3.6.4)."""
    found = tuple(dict.fromkeys(_MESSAGE_ID.findall(" ".join(map(decode_header, root.all(name))))))
    return found if len(found) <= MAX_REFERENCES else found[:1] + found[1 - MAX_REFERENCES :]


def _date(root: mime.Part) -> tuple[datetime | None, tuple[str, ...]]:
    """The Date header, else the time at which the nearest server received the mail."""
    date = _moment(_first(root, "date"))
    if date is not None:
        return date, ()
    received = (_moment(decode_header(value).rpartition(";")[2]) for value in root.all("received"))
    date = next((moment for moment in received if moment is not None), None)
    return date, ("no usable Date header; the time of arrival was taken",) if date else ("no usable Date header",)


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.strip()[:100])
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)  # "-0000": UTC is all it says (RFC 5322, 3.3)
        offset = moment.utcoffset()
        moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    sane = 1980 <= moment.year <= 2200 and offset is not None and abs(offset.total_seconds()) <= 15 * 3600
    return moment if sane else None


def _language(root: mime.Part) -> str | None:
    value = _first(root, "content-language").strip().lower()
    return value[:2] if re.match(r"[a-z]{2}(?:$|[-_,; ])", value) else None


def _fingerprint(root: mime.Part, from_: Address | None, subject: str) -> str:
    sender = from_.addr_spec.lower() if from_ else _first(root, "from")
    identity = "\n".join((sender, _first(root, "date"), subject))
    return hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:32]


def _automatic(root: mime.Part, from_: Address | None) -> Automatic | None:
    """Why a mail needs no personal answer. A machine's mark alone ("auto-generated", List-Unsubscribe) is none:
    recruiting systems set it on true invitations."""
    if _OWN_MARK in _first(root, "x-loop").lower():
        return Automatic.OWN_NOTE
    writer = from_.local_part.lower() if from_ else ""
    returned = root.header("return-path")
    if (returned is not None and returned.strip() == b"<>") or writer in ("mailer-daemon", "postmaster"):
        return Automatic.BOUNCE
    if root.content_type == "multipart/report":
        return Automatic.BOUNCE
    precedence = _first(root, "precedence").lower()
    if _first(root, "auto-submitted").lower().startswith("auto-replied") or precedence == "auto_reply":
        return Automatic.AUTO_REPLY
    if any(root.header(name) is not None for name in ("x-autoreply", "x-autorespond", "x-autoreply-from")):
        return Automatic.AUTO_REPLY
    if root.header("list-id") is not None or _first(root, "list-post").strip().upper() not in ("", "NO"):
        return Automatic.LIST
    return Automatic.BULK if precedence in ("bulk", "list", "junk") else None


# --- text ---------------------------------------------------------------------------------------------------------


def _body(part: mime.Part) -> _Body:
    """The text of a part and all below it; of alternatives the one that says more."""
    kind = part.content_type
    if kind == "multipart/alternative":
        return _best([_body(child) for child in part.children])
    if part.children and kind.startswith("multipart/"):
        return _joined([_body(child) for child in part.children])
    if part.disposition == "attachment" or (
        kind not in ("text/plain", "text/html") and not kind.startswith("multipart/")
    ):
        return _Body()
    if part.filename and part.disposition != "inline":
        return _Body()
    text = part.text()
    if kind == "text/html" or (len(_HTML_TAG.findall(text[:20_000])) >= 3 and "</" in text):
        return _from_html(text)
    return _from_plain(text, part)


def _from_html(text: str) -> _Body:
    read = html_to_text(text)
    links = tuple(Link(one_line(link.text), target(one_line(link.href))) for link in read.links)
    return _Body(tidy(clean(read.text)), links, html=True)


def _from_plain(text: str, part: mime.Part) -> _Body:
    flowed = part.parameters.get("format", "").lower() == "flowed"
    delsp = part.parameters.get("delsp", "").lower() == "yes"
    lines, links = split_links(unwrap(clean(text[: 2 * MAX_TEXT]), flowed=flowed, delsp=delsp)[:MAX_TEXT])
    return _Body(lines, links)


def _joined(bodies: Iterable[_Body]) -> _Body:
    seen = [body for body in bodies if body]
    return _Body(
        "\n\n".join(body.text for body in seen)[:MAX_TEXT],
        _links(*(body.links for body in seen)),
        html=any(body.html for body in seen),
    )


def _best(bodies: list[_Body]) -> _Body:
    """The alternative that says more: text/plain unless it is a stub; the links of all."""
    plain = next((body for body in bodies if body and not body.html), None)
    html = next((body for body in bodies if body and body.html), None)
    if plain is None or html is None:
        return plain or html or _Body()
    best = html if _says_more(html.text, plain.text) else plain
    return replace(best, links=_links(html.links, plain.links))


def _says_more(html: str, plain: str) -> bool:
    """Whether the HTML holds numbers (dates, clocks) or much text that the plain text lacks."""
    shown, told = (set(_TOKEN.findall(_URLS.sub(" ", text).casefold())) for text in (html, plain))
    missing, extra = shown - told, told - shown
    numbers = {token for token in missing if any(map(str.isdigit, token))}
    if numbers and not {token for token in extra if any(map(str.isdigit, token))}:
        return True
    return len(missing) > max(8, len(shown) // 4) and len(missing) > len(extra)


def _links(*groups: Iterable[Link]) -> tuple[Link, ...]:
    """The links in order, each target once, with words where any of them has some."""
    found: dict[str, Link] = {}
    for link in (link for group in groups for link in group):
        if link.href not in found or not found[link.href].text:
            found[link.href] = link
    return tuple(found.values())[:MAX_LINKS]


def _segments(
    root: mime.Part,
    body: _Body,
    words: SegmentWords,
    from_: Address | None,
    to: tuple[Address, ...],
    subject: str,
    date: datetime | None,
    *,
    answers: bool,
) -> tuple[Segment, ...]:
    zone = (date.tzinfo if date else None) or UTC
    forwarded = words.is_forward(subject)
    segments = cut(
        tidy_lines(body.text),
        words,
        sender=from_,
        readers=to,
        forwarded=forwarded,
        answers=answers,
        zone=zone,
    )
    return segments + tuple(_passed_on(root, words))


def tidy_lines(text: str) -> str:
    """The text without trailing spaces; a signature's "-- " keeps its own line."""
    return re.sub(r"(?<![ \t])[ \t]+\n", "\n", text).strip("\n")


def _passed_on(root: mime.Part, words: SegmentWords) -> Iterable[Segment]:
    """The mails that came along whole (message/rfc822): what was newest in them was forwarded."""
    if root.content_type == "multipart/report":
        return
    inner = [part.children[0] for part in root.walk() if part.content_type == "message/rfc822" and part.children]
    for part in inner[:MAX_FORWARDED]:
        message = _message(part, (), None, words)
        for segment in message.segments:
            own = segment.kind is SegmentKind.NEWEST
            kind = SegmentKind.FORWARDED if own else segment.kind
            head = (
                (message.from_, message.date, message.subject)
                if own
                else (segment.from_, segment.date, segment.subject)
            )
            yield Segment(kind, segment.text, *head)


# --- calendar -----------------------------------------------------------------------------------------------------


def _calendars(root: mime.Part) -> tuple[CalendarPart, ...]:
    """The calendar objects of the mail and of mails passed on with it, each once."""
    found: dict[bytes, CalendarPart] = {}
    todo = [root]
    while todo and len(found) < MAX_CALENDARS:
        part = todo.pop()
        todo.extend(reversed(part.children))
        if not (part.content_type in ("text/calendar", "application/ics") or part.filename.lower().endswith(".ics")):
            continue
        data = part.content()[:MAX_CALENDAR_BYTES]
        method = re.sub(r"[^A-Z-]", "", part.parameters.get("method", "").upper())[:20]
        if data.strip():
            found.setdefault(data, CalendarPart(data, method or None, part.filename or None))
    return tuple(found.values())
